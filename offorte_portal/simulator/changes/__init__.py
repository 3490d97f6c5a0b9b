"""Changes of an account: each method is one act of a person, through the API or on Offorte's own screens."""

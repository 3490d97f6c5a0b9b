"""Items of an account as the API shows them, in the chosen vintage."""

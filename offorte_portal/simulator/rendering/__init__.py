"""What the API shows of an account's items, in the vintage that is switched on."""

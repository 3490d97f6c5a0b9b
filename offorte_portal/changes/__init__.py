"""The change feed: a line for each kind of object that a transaction changes, and the followers that read them."""

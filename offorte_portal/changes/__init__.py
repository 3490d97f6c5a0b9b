"""The change feed: what was news to the portal, one line a transaction, and the followers that work with it."""

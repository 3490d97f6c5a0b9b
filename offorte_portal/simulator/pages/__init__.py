"""Pages for people: sign-in and consent, the prospect's viewer, an index."""

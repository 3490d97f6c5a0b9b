"""What happened to proposals: entries for the feed, and notifications of them.

Offorte tells of one happening in several ways: an event, a log entry, a comment, a mail, a status. `collect` makes
entries from the mirror, `note` from an event; both look for an existing entry before they add one.
"""

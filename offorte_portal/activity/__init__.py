"""What happened to proposals, for the feed, and who is told of it.

Offorte tells of one happening in several ways: an event, a line of the log, a comment, a mail, a status. `collect`
makes entries of what the mirror holds, `note` of an event; both look for the entry that is there before they add one.
"""

"""Offorte's events: stored as received, applied to the mirror, and confirmed by asking Offorte.

`address` is where Offorte posts, and `inbox` stores what it posts. The worker empties the queue: `draining` takes the
stored events, `reading` parses them with the table in `effects`, `applying` applies them to the mirror, and
`confirming` asks Offorte once for each object that events were about. `registration` keeps our webhook at Offorte
working.
"""

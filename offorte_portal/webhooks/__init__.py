"""Offorte's events: stored as they come, applied to the mirror, confirmed by asking.

`address` is where Offorte posts, `inbox` keeps what it posts. The worker empties the queue: `draining` takes the stored
events, `reading` understands them by the table in `effects`, `applying` brings them into the mirror, `confirming` asks
Offorte once for each object that events were about. `registration` keeps our webhook at Offorte alive.
"""

"""From Offorte's payloads to rows: what the apps' files declare, the engine applies.

`resource` says what a mirrored thing is; apps declare theirs in their `mirror`; `registry` lists them in the order in
which they are read. `engine` applies list items and single objects, `children` the parts of
a proposal's details, `table` writes them.
"""

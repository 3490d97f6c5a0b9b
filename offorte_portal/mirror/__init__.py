"""Turns Offorte's payloads into rows: apps declare what is mirrored, and the engine applies it.

`resource` has the classes of the declarations, which each app makes in its `mirror` module; `registry` lists them in
the order in which they are read. `engine` applies list items and single objects, `children` the parts of a proposal's
details, and `table` writes the rows. `parts` reads what `children` wrote.
"""

"""The search palette (Ctrl+K): what it finds and what it does.

`finding` puts the results together: records (`records`), pages, and commands (`commands`), which rooms announce in
their `additions` and some of which are the kit's own (`own`). What commands are about is the page that the palette was
opened on (`page`). Results are never cached: another person, or the same one with other permissions, may find
something else.
"""

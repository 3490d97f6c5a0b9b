"""The menu of a list's filters: a few at once, the others under More, and none that says the same as another."""

from collections.abc import Iterable
from dataclasses import replace

from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter

# What is shown at once; a list with no more filters has no More.
MOST = 8


def build_menu(filters: Iterable[MirrorFilter]) -> list[FilterControl]:
    """Return the controls: those shown at once, then those under More. What could not be read is always there."""
    filters = list(filters)
    names = {spec.name for spec in filters}
    offered = [spec for spec in filters if spec.errors or (spec.is_offered and spec.within not in names)]
    if len(offered) <= MOST:
        return [spec.control() for spec in offered]
    first = [spec for spec in offered if spec.is_prominent or spec.errors]
    more = [replace(spec.control(), is_more=True) for spec in offered if spec not in first]
    return [*(spec.control() for spec in first), *more]

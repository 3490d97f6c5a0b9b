"""Filters of lists: readable addresses, chips that remove filters, and no error page for a bad value.

A value that can't be read finds nothing, so that a slip never widens a list that somebody acts on; the filter says so
beside its chip and its control. To declare a filter, subclass one of the kinds; `name` is its parameter in the address.
"""

from offorte_portal.adminkit.filters.base import Chip, FilterControl, MirrorFilter
from offorte_portal.adminkit.filters.choices import ChoicesFilter, ColumnFilter, RemovedFilter, YesNoFilter
from offorte_portal.adminkit.filters.ranges import DatesFilter, RangeFilter
from offorte_portal.adminkit.filters.related import CompanyFilter, RelatedFilter
from offorte_portal.adminkit.filters.text import ColumnTextFilter, JobFilter, TextFilter

__all__ = [
    "Chip",
    "ChoicesFilter",
    "ColumnFilter",
    "ColumnTextFilter",
    "CompanyFilter",
    "DatesFilter",
    "FilterControl",
    "JobFilter",
    "MirrorFilter",
    "RangeFilter",
    "RelatedFilter",
    "RemovedFilter",
    "TextFilter",
    "YesNoFilter",
]

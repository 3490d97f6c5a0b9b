"""The kinds of records that the rows of a file can become."""

from collections.abc import Mapping

from offorte_portal.files.imports.kinds.companies import Companies
from offorte_portal.files.imports.kinds.kind import Kind, Values
from offorte_portal.files.imports.kinds.people import People
from offorte_portal.files.imports.kinds.products import Products
from offorte_portal.files.imports.kinds.statuses import Statuses
from offorte_portal.files.models import Upload

KINDS: Mapping[str, type[Kind]] = {
    Upload.Kind.COMPANIES: Companies,
    Upload.Kind.PEOPLE: People,
    Upload.Kind.PRODUCTS: Products,
    Upload.Kind.STATUSES: Statuses,
}

__all__ = ["KINDS", "Companies", "Kind", "People", "Products", "Statuses", "Values"]

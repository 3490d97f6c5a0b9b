"""Offorte's lists: their paths, their buckets, and how their last page is recognised."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from offorte_portal.api.codes import Code
from offorte_portal.api.decode import decode_int
from offorte_portal.api.errors import MalformedAnswer
from offorte_portal.text.reason import Reason

Json = dict[str, Any]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class List:
    """One of Offorte's lists; with `{bucket}` in its path it is read in parts, as products are by directory."""

    name: str
    path: str

    @property
    def has_buckets(self) -> bool:
        """Whether a bucket is needed to read it."""
        return "{bucket}" in self.path

    def path_of(self, bucket: str | int | None) -> str:
        """Return the path below the account. Raises ValueError where a bucket is missing or not accepted."""
        if self.has_buckets == (bucket is None):
            raise ValueError(f"the list {self.name} {'needs a' if self.has_buckets else 'has no'} bucket")
        return self.path.format(bucket=quote(str(bucket), safe=""))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `is_last` says that no further page needs to be requested.

    `items` all have an id. `rejected` holds what is wrong with each item that was left out, without its content.
    """

    number: int
    items: list[Json]
    requested_at: datetime
    is_last: bool
    rejected: list[Reason] = field(default_factory=list)

    @property
    def ids(self) -> frozenset[int]:
        """The ids on the page, by which a repeated page is recognised."""
        return frozenset(read_id(item) or 0 for item in self.items)


COMPANIES = List("companies", "/companies")
PEOPLE = List("people", "/companies/{bucket}/people/")
USERS = List("users", "/account/users/")
AUTOMATION_SETS = List("automation_sets", "/automations/sets")
PROPOSAL_TEMPLATES = List("proposal_templates", "/favorites/proposals/")
DESIGN_TEMPLATES = List("design_templates", "/settings/design-templates/")
EMAIL_TEMPLATES = List("email_templates", "/settings/email-templates/")
TEXT_TEMPLATES = List("text_templates", "/settings/text-templates/")
VAT_GROUPS = List("vat_groups", "/settings/vat-groups/")
DIRECTORIES = List("directories", "/products/directories")
PRODUCTS = List("products", "/products/{bucket}/")
PROPOSALS = List("proposals", "/proposals/{bucket}")
WEBHOOKS = List("webhooks", "/webhooks/")

# The buckets of PROPOSALS (reference, "List all proposals").
PROPOSAL_STATUSES = ("edit", "open", "won", "lost", "closed")

LISTS = {
    each.name: each
    for each in (
        COMPANIES,
        PEOPLE,
        USERS,
        AUTOMATION_SETS,
        PROPOSAL_TEMPLATES,
        DESIGN_TEMPLATES,
        EMAIL_TEMPLATES,
        TEXT_TEMPLATES,
        VAT_GROUPS,
        DIRECTORIES,
        PRODUCTS,
        PROPOSALS,
        WEBHOOKS,
    )
}


def read_page(data: object, *, number: int, requested_at: datetime, previous: frozenset[int] | None) -> Page:
    """Make a page from a response; `previous` are the ids of the page before it, None where they are not known.

    A page that is short or repeats the one before it is the last; a repeated page has no items. A second page in a row
    without readable items counts as repeated too, as such pages could go on for ever.
    Raises MalformedAnswer for a response that is not a list.
    """
    entries = unwrap_list(data)
    items: list[Json] = []
    rejected: list[Reason] = []
    for position, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            rejected.append(Reason(Code.ITEM_NOT_AN_OBJECT, {"position": position, "page": number}))
        elif read_id(entry) is None:
            rejected.append(Reason(Code.ITEM_WITHOUT_ID, {"position": position, "page": number}))
        else:
            items.append(entry)
    page = Page(number, items, requested_at, len(entries) < PAGE_SIZE, rejected)
    if page.ids == previous:
        return Page(number, [], requested_at, is_last=True)
    return page


def unwrap_list(data: object) -> list[object]:
    """Return the list that a response is or holds, [] for null. Raises MalformedAnswer unless it has exactly one."""
    if isinstance(data, list):
        return data
    if data is None:
        return []
    if isinstance(data, dict):
        # PHP writes a list with holes as an object with numeric keys.
        if all(name.isdecimal() for name in data):
            return list(data.values())
        wrapped = [value for value in data.values() if isinstance(value, list)]
        if len(wrapped) == 1:
            return wrapped[0]
    raise MalformedAnswer(Code.NOT_A_LIST)


def read_id(item: Json, names: Iterable[str] = ("id",)) -> int | None:
    """Return the first of the named ids that is present and readable; None where there is none."""
    for name in names:
        try:
            number = decode_int(item.get(name))
        except ValueError:
            continue
        if number is not None:
            return number
    return None

"""Offorte's lists: where they are, in which buckets they come, and where they end."""

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
    """A list of Offorte's; one with `{bucket}` in its path comes in parts, as products do by directory."""

    name: str
    path: str

    @property
    def has_buckets(self) -> bool:
        """Whether a bucket is needed to read it."""
        return "{bucket}" in self.path

    def path_of(self, bucket: str | int | None) -> str:
        """The path below the account; ValueError where a bucket is missing or not wanted."""
        if self.has_buckets == (bucket is None):
            raise ValueError(f"the list {self.name} {'needs a' if self.has_buckets else 'has no'} bucket")
        return self.path.format(bucket=quote(str(bucket), safe=""))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `is_last` says that no further one need be asked for.

    `items` all have an id. `rejected` says of each one that was left out what was wrong with it, without its content.
    """

    number: int
    items: list[Json]
    requested_at: datetime
    is_last: bool
    rejected: list[Reason] = field(default_factory=list)

    @property
    def ids(self) -> frozenset[int]:
        """The ids on the page, by which a page that comes again is known."""
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
    """Make a page from an answer; `previous` are the ids of the page before it, None where they are not known.

    A page that is short or repeats the one before it is the last; a repeated page has no items. Pages full of
    unreadable items are taken as repeated too, for they could go on for ever.
    Raises MalformedAnswer for an answer that is no list.
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
    """Find the list in an answer: the answer itself, nothing for null, or the one list that an object wraps."""
    if isinstance(data, list):
        return data
    if data is None:
        return []
    if isinstance(data, dict):
        # PHP writes a list with holes as an object with numbers for names.
        if all(name.isdecimal() for name in data):
            return list(data.values())
        wrapped = [value for value in data.values() if isinstance(value, list)]
        if len(wrapped) == 1:
            return wrapped[0]
    raise MalformedAnswer(Code.NOT_A_LIST)


def read_id(item: Json, names: Iterable[str] = ("id",)) -> int | None:
    """Read the first of the named ids that is there and readable."""
    for name in names:
        try:
            number = decode_int(item.get(name))
        except ValueError:
            continue
        if number is not None:
            return number
    return None

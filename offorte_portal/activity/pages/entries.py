"""The feed: its scope, filters and page, and a hash by which an open page knows that it has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.activity.folding import only_newest
from offorte_portal.activity.models import Activity
from offorte_portal.activity.pages.filters import FILTERS, SellerFilter
from offorte_portal.activity.pages.words import FeedItem, show
from offorte_portal.activity.reading import may_settle
from offorte_portal.activity.telling import tell
from offorte_portal.activity.words import Story
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.filters import Chip, FilterControl, JobFilter
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff.identity import identify
from offorte_portal.staff.scope import MINE, TEAM, default_scope

PER_PAGE = 50
# The columns of an entry that may change while a page shows it.
SHOWN = ("pk", "happened_at", "person", "times", "read_at", "proposal__status", "proposal__price_total")


@dataclass(frozen=True)
class Tab:
    """A tab of the feed."""

    label: str
    url: str
    is_active: bool


class Feed:
    """One page of the feed, as the address asks for it; a parameter that can't be read is left out."""

    def __init__(self, request: StaffRequest) -> None:
        self.request = request
        self.user = request.user
        parameters = {name: request.GET.getlist(name) for name in request.GET}
        # The filters belong to no ModelAdmin.
        self.filters = [kind(request, parameters, Activity, cast(Any, None)) for kind in FILTERS]
        self.before = read_cursor(request.GET.get("before", ""))

    @cached_property
    def scope(self) -> str:
        """Whose proposals: everybody's with a filter by seller, else what the address asks for, else the default."""
        if any(isinstance(each, SellerFilter) and each.is_active for each in self.filters):
            return TEAM
        given = self.request.GET.get("of", "")
        return given if given in {MINE, TEAM} else default_scope(self.user)

    @cached_property
    def account(self) -> int | None:
        """The account of the page, None for all; from the address if it is there, else from the session."""
        if "account" in self.request.GET:
            given = self.request.GET["account"]
            return int(given) if given.isdecimal() and len(given) < 18 else None
        chosen = selected(self.request)
        return chosen.pk if chosen else None

    @property
    def is_first(self) -> bool:
        """Whether this is the newest page, which refreshes itself."""
        return self.before is None

    def _among(self) -> QuerySet[Activity]:
        """Return the entries of all pages, each by itself."""
        found = entries_of(self.user, self.scope, self.account)
        for each in self.filters:
            found = each.queryset(self.request, found)
        return found

    @property
    def is_folded(self) -> bool:
        """Whether the entries of one job are one line: not where the page is about one job."""
        return not any(isinstance(each, JobFilter) and each.is_active for each in self.filters)

    def _find(self) -> QuerySet[Activity]:
        found = self._among()
        if self.is_folded:
            found = only_newest(found, self._among())
        if self.before:
            at, pk = self.before
            found = found.filter(Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=pk), happened_at__lte=at)
        return found

    @cached_property
    def _entries(self) -> list[Activity]:
        """The page's entries, and one more if there is an older page."""
        return list(with_proposals(self._find())[: PER_PAGE + 1])

    @cached_property
    def lines(self) -> list[FeedItem]:
        """The page's entries as it shows them."""
        among = self._among() if self.is_folded else None
        stories = tell(self._entries[:PER_PAGE], among, is_mine=self.scope == MINE)
        return [self._show(story) for story in stories]

    def _show(self, story: Story) -> FeedItem:
        entry = story.entry
        members = self.url(before=None, job=str(entry.job_id), kind=entry.kind) if story.is_folded else ""
        return show(story, self.user, members, may_settle=entry.is_unread and may_settle(self.user, entry))

    @property
    def mark(self) -> str:
        """A hash of what the page shows and may change."""
        shown = attrgetter(*(name.replace("__", ".") for name in SHOWN))
        return make_mark(shown(line.entry) for line in self.lines)

    def read_mark(self) -> str:
        """Return the hash of the page as it would be now. One query."""
        return make_mark(self._find().values_list(*SHOWN)[:PER_PAGE])

    @property
    def latest_url(self) -> str:
        """The address that tells whether the page has changed; it depends on no session and no default."""
        kept = self.url(of=self.scope, account=str(self.account or ""), seen=self.mark)
        return reverse("activity_latest") + kept

    @property
    def here(self) -> str:
        """The page's own address, to come back to."""
        return self.url(account=None)

    @property
    def older_url(self) -> str:
        """The address of the next older entries; empty if there are none."""
        if len(self._entries) <= PER_PAGE:
            return ""
        last = self._entries[PER_PAGE - 1]
        return self.url(before=f"{last.happened_at.isoformat()},{last.pk}")

    @property
    def newest_url(self) -> str:
        """The address of the newest entries."""
        return self.url(before=None)

    @property
    def shows_account(self) -> bool:
        """Whether entries show their account."""
        return self.account is None and len(available(self.request)) > 1

    @property
    def shows_owner(self) -> bool:
        """Whether entries show the owner of the proposal."""
        return self.scope == TEAM

    @property
    def chips(self) -> list[Chip]:
        """The active filters."""
        return [chip for each in self.filters for chip in each.chips(self)]  # type: ignore[arg-type]

    @property
    def controls(self) -> list[FilterControl]:
        """All filters, for the menu."""
        return [each.control() for each in self.filters]

    @property
    def tabs(self) -> list[Tab]:
        """One tab for one's own proposals, one for everybody's."""
        labels = {MINE: _("Mine"), TEAM: _("Team")}
        return [
            Tab(label, self.url(of=scope, before=None, owner=None), scope == self.scope)
            for scope, label in labels.items()
        ]

    def url(self, **changes: str | None) -> str:
        """Return this page's address with changed parameters; None removes one."""
        kept = {name: self.request.GET.getlist(name) for name in self.request.GET if name not in {"seen", *changes}}
        kept |= {name: [value] for name, value in changes.items() if value is not None}
        return "?" + urlencode(kept, doseq=True)

    def get_query_string(self, new_params: dict[str, Any]) -> str:
        """Return the address without these parameters and without `before`, as chips ask for it."""
        return self.url(**dict.fromkeys(["before", *new_params]))


def entries_of(user: User, scope: str, account: int | None) -> QuerySet[Activity]:
    """Return the entries of the person's proposals, or of everybody's, in one account or all; newest first."""
    entries = Activity.objects.order_by("-happened_at", "-pk")
    if scope == MINE:
        entries = entries.filter(identify(user).condition)
    return entries.filter(connection=account) if account else entries


def with_proposals(entries: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return the entries along with the columns of their proposals that the feed shows."""
    return entries.select_related("proposal", "connection").only(
        *(field.name for field in Activity._meta.concrete_fields),
        *(f"proposal__{name}" for name in PROPOSAL_COLUMNS),
        "connection__account",
        "connection__label",
    )


PROPOSAL_COLUMNS = (
    "name", "number", "remote_id", "status", "company_name", "price_total", "price_total_display", "owner_key",
    "owner_name", "removed_at",
)  # fmt: skip


def make_mark(shown: Iterable[tuple[Any, ...]]) -> str:
    """Return a hash of what a page shows, and of today's date."""
    text = "\n".join(map(repr, [timezone.localdate(ports.now()), *shown]))
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """Return the moment and key of the last entry of the page before; None if they can't be read."""
    moment, _comma, key = text.replace("\x00", "").rpartition(",")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or timezone.is_naive(at) or not key.isdecimal() or len(key) > 18:
        return None
    return at, int(key)

"""One page for the work that goes on in the background: bulk jobs, changes, exports and syncs.

People who look after an account have a list of each in their navigation (`oversees`). For everybody else one entry
stands for all of them, with a badge while something of theirs runs, has failed or needs their decision. Rooms announce
in their `navigation` what of theirs belongs here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from offorte_portal import ports
from offorte_portal.adminkit import badges, navigation
from offorte_portal.adminkit.records import list_url, may_see, record_url
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.staff.preferences import keep_failures_seen, read_failures_seen

# Rows of a section; its list has the others.
SHOWN = 8
# A failure counts for a week, unless the person says earlier that they have seen it.
COUNTED = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One kind of work, given by its model, as the columns of its admin show it.

    `own` narrows the rows to those of a person and an account (None for all). `runs` is the condition for work that has
    not ended or needs a decision; `failed` takes the moment since when failures count.
    """

    model: str
    title: StrOrPromise
    columns: Sequence[str]
    own: Callable[[QuerySet[Any], User, Connection | None], QuerySet[Any]]
    runs: Q
    failed: Callable[[datetime], Q]

    @property
    def entity(self) -> type[Model]:
        """The model itself."""
        return apps.get_model(self.model)

    def pressing(self, rows: QuerySet[Any], user: User) -> QuerySet[Any]:
        """Return the rows that the badge counts."""
        return rows.filter(self.runs | self.failed(count_since(user)))


_sections: list[Section] = []
_counts: list[navigation.Count] = []


def announce(section: Section) -> None:
    """Give the page a section, and let the badge count its rows."""

    def find(user: User, account: Connection | None) -> QuerySet[Any]:
        return section.pressing(section.own(section.entity._default_manager.all(), user, account), user)

    _sections.append(section)
    _counts.append(badges.announce(f"background {section.model}", find))


def count_pressing(request: HttpRequest) -> int:
    """Return how many pieces of the person's work run, have failed or need a decision."""
    return sum(count(request) for count in _counts)


def is_used_by(user: navigation.Person) -> bool:
    """Return whether the person sees work here, and has no lists of all of it."""
    return not navigation.oversees(user) and any(may_see(cast(User, user), section.entity) for section in _sections)


navigation.register(
    navigation.Group.SETTINGS,
    navigation.Entry(
        title=gettext_lazy("Background tasks"),
        url_name="background",
        icon="list-checks",
        position=30,
        shown_to=is_used_by,
        count=count_pressing,
    ),
)


def count_since(user: User) -> datetime:
    """Return the moment since when failures count for the person."""
    week_ago = ports.now() - COUNTED
    return max(read_failures_seen(user) or week_ago, week_ago)


@dataclass(frozen=True)
class Row:
    url: str
    cells: list[SafeString | str]
    is_pressing: bool
    has_failed: bool


@dataclass(frozen=True)
class Shown:
    title: StrOrPromise
    url: str
    rows: list[Row]


@staff_view()
def show_background(request: StaffRequest) -> HttpResponse:
    """Show the person's running, failed and latest work, one section for each kind that they may see."""
    account = read_scope(request).account
    sections = [_show(request, one, account) for one in _sections if may_see(request.user, one.entity)]
    rows = [row for section in sections for row in section.rows]
    context = {
        **admin.site.each_context(request),
        "title": _("Background tasks"),
        "sections": [section for section in sections if section.rows],
        "has_failures": any(row.has_failed for row in rows),
    }
    return render(request, "adminkit/background.html", context)


@staff_view(methods=["POST"])
def mark_seen(request: StaffRequest) -> HttpResponse:
    """Count no longer what has failed up to now; what runs or needs a decision still counts."""
    keep_failures_seen(request.user, ports.now())
    badges.forget(request)
    return redirect("background")


def _show(request: StaffRequest, section: Section, account: Connection | None) -> Shown:
    user, model_admin = request.user, cast(Any, admin.site.get_model_admin(section.entity))
    own = section.own(model_admin.get_page_queryset(request), user, account).order_by("-pk")
    pressing = list(section.pressing(own, user)[:SHOWN])
    keys = {row.pk for row in pressing}
    failed = set(own.filter(section.failed(count_since(user)), pk__in=keys).values_list("pk", flat=True))
    rows = pressing + [row for row in own[:SHOWN] if row.pk not in keys][: SHOWN - len(pressing)]
    if prepare := getattr(model_admin, "prepare_rows", None):
        prepare(request, rows)
    found = [
        Row(
            record_url(user, row),
            [getattr(model_admin, name)(row) for name in section.columns],
            is_pressing=row.pk in keys,
            has_failed=row.pk in failed,
        )
        for row in rows
    ]
    return Shown(section.title, list_url(user, section.entity), found)

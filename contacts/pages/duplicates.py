"""The page of duplicate companies, which leads to merging or dismissing them. It reads only the mirror."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import scores
from contacts.duplicate_groups import Group, duplicate_groups
from contacts.models import Company
from contacts.scores import Difference
from offorte_portal.adminkit import records
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import registry
from offorte_portal.tracking import dismissals
from offorte_portal.tracking.models import DismissedPair

GROUPS_A_PAGE = 25
PAIRS_A_PAGE = 50
MERGE = "companies.merge"
CHANGE = "contacts.change_company"
SIGNS: dict[str, str | Promise] = {
    "vat_number": gettext_lazy("the same VAT number"),
    "coc_number": gettext_lazy("the same chamber of commerce number"),
    "email": gettext_lazy("the same e-mail address"),
    "domain": gettext_lazy("the same domain"),
    "name": gettext_lazy("the same name"),
}
DIFFERENCES: dict[Difference, str | Promise] = {
    Difference.VAT: gettext_lazy("different VAT numbers"),
    Difference.COC: gettext_lazy("different chamber of commerce numbers"),
    Difference.DOMAIN: gettext_lazy("different domains"),
    Difference.ZIPCODE: gettext_lazy("different zip codes"),
}


@dataclass(frozen=True)
class Duplicates:
    """Companies of one account that may be the same, each with a description, and how likely that is and why."""

    connection: Connection
    companies: list[tuple[Company, str]]
    why: str
    against: str
    strength: str
    pill: str


@staff_view("contacts.view_company", methods=None)
def duplicates(request: StaffRequest) -> HttpResponse:
    """Show groups of companies that may be the same, the most likely first, or the pairs that were dismissed."""
    user = request.user
    chosen = selected(request)
    connections = [chosen] if chosen else available(request)
    pairs = dismissals.shown([connection.pk for connection in connections])
    is_dismissed = request.GET.get("show") == "dismissed"
    number = request.GET.get("page")
    page: Page[Any] = (
        Paginator(pairs, PAIRS_A_PAGE).get_page(number)
        if is_dismissed
        else Paginator(find_groups(connections), GROUPS_A_PAGE).get_page(number)
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Duplicate companies"),
        "freshness": read_freshness(request),
        "page": page,
        "is_dismissed": is_dismissed,
        "groups": [] if is_dismissed else read_groups(list(page.object_list)),
        "pairs": list(page.object_list) if is_dismissed else [],
        "dismissed_count": pairs.count(),
        "list_url": records.list_url(user, Company),
        "merge": MERGE if user.has_perm(registry.find(MERGE).permission) else "",
        "may_dismiss": user.has_perm(CHANGE),
        "has_accounts": len(connections) > 1,
    }
    return render(request, "contacts/duplicates.html", context)


def find_groups(connections: list[Connection]) -> list[tuple[Connection, Group]]:
    """Return the groups of these accounts, the most likely first."""
    found = [
        (connection, group)
        for connection in connections
        for group in duplicate_groups(connection.pk, dismissals.dismissed(connection.pk))
    ]
    return sorted(found, key=lambda each: -each[1].points)


@staff_view(CHANGE, methods=["POST"])
def dismiss(request: StaffRequest) -> HttpResponse:
    """Keep that the ticked companies are different, so that they are no longer shown as duplicates."""
    keys = [int(key) for key in request.POST.getlist("_selected_action")[: dismissals.MOST + 1] if _is_key(key)]
    if dismissals.dismiss(keys, request.user):
        messages.success(
            request, _("We won’t show these companies as duplicates again. You can undo this under “Dismissed”.")
        )
    else:
        messages.error(request, _("Nothing was dismissed. Tick at least two companies of the same group."))
    return redirect("duplicates")


@staff_view(CHANGE, methods=["POST"])
def restore(request: StaffRequest) -> HttpResponse:
    """Show a dismissed pair as duplicates again, as far as they still look the same."""
    key = request.POST.get("pair", "")
    if _is_key(key) and DismissedPair.objects.filter(pk=int(key)).delete()[0]:
        messages.success(request, _("These companies can be shown as duplicates again."))
    else:
        messages.info(request, _("This pair isn’t dismissed any more."))
    return redirect("duplicates")


def read_groups(groups: list[tuple[Connection, Group]]) -> list[Duplicates]:
    """Return these groups with their companies and each company's number of proposals and people; one query."""
    keys = [key for _connection, group in groups for key in group.keys]
    present = Q(proposals__removed_at__isnull=True), Q(people__removed_at__isnull=True)
    counted = Company.objects.defer("payload", "search_text").annotate(
        proposal_number=Count("proposals", filter=present[0], distinct=True),
        people_number=Count("people", filter=present[1], distinct=True),
    )
    rows = counted.in_bulk(keys)
    return [
        Duplicates(
            connection,
            [(rows[key], tell(rows[key])) for key in group.keys if key in rows],
            ", ".join(str(SIGNS[sign]) for sign in group.signs),
            ", ".join(str(DIFFERENCES[name]) for name in group.against),
            *describe_strength(group.points),
        )
        for connection, group in groups
    ]


def describe_strength(points: int) -> tuple[str, str]:
    """Return how likely it is that they are the same, in words, and the pill that shows it."""
    if points >= scores.SURE:
        return _("Very likely"), "good"
    return (_("Likely"), "info") if points >= scores.LIKELY else (_("Possible"), "closed")


def tell(company: Company) -> str:
    """Return the details that set the company apart from others with the same name."""
    place = " ".join(filter(None, [company.zipcode, company.city]))
    return " · ".join(filter(None, [place, company.email, company.vat_number, company.coc_number]))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19

"""The page of duplicate companies, which leads to merging them. It reads only the mirror."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.duplicate_groups import Group, duplicate_groups
from contacts.models import Company
from offorte_portal.adminkit import records
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import registry

GROUPS_A_PAGE = 25
MERGE = "companies.merge"
SIGNS: dict[str, str | Promise] = {
    "vat_number": gettext_lazy("the same VAT number"),
    "coc_number": gettext_lazy("the same chamber of commerce number"),
    "email": gettext_lazy("the same e-mail address"),
    "domain": gettext_lazy("the same domain"),
    "name": gettext_lazy("the same name"),
}


@dataclass(frozen=True)
class Duplicates:
    """Companies of one account that may be the same, each with a description, and why they match."""

    connection: Connection
    companies: list[tuple[Company, str]]
    why: str


@staff_view("contacts.view_company", methods=None)
def duplicates(request: StaffRequest) -> HttpResponse:
    """Show groups of companies that may be the same, the most reliable matches first."""
    user = request.user
    chosen = selected(request)
    connections = [chosen] if chosen else available(request)
    groups = [(connection, group) for connection in connections for group in duplicate_groups(connection.pk)]
    page = Paginator(groups, GROUPS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Duplicate companies"),
        "freshness": read_freshness(request),
        "page": page,
        "groups": read_groups(list(page.object_list)),
        "list_url": records.list_url(user, Company),
        "merge": MERGE if user.has_perm(registry.find(MERGE).permission) else "",
        "has_accounts": len(connections) > 1,
    }
    return render(request, "jobs/duplicates.html", context)


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
        )
        for connection, group in groups
    ]


def tell(company: Company) -> str:
    """Return the details that set the company apart from others with the same name."""
    return " · ".join(filter(None, [company.city, company.email, company.vat_number, company.coc_number]))

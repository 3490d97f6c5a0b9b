"""The print view of a proposal: a page without navigation that reads only the mirror."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from offorte_portal.adminkit import records
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.money import format_amount, format_money
from offorte_portal.adminkit.pricing import Sum, add_tables, show_tables
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.adminkit.timeline import CLIENT
from offorte_portal.mirror.parts import read_parts
from proposals.languages import language_of
from proposals.models import Comment, Proposal

PARTS = ("price_tables__rows", "receivers")


@staff_view()
def print_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the proposal for printing, in its own language, with its comments if the URL has `comments=yes`."""
    model_admin = admin.site.get_model_admin(Proposal)
    proposal = model_admin.get_object(request, str(pk))
    if not model_admin.has_view_permission(request, proposal):
        raise PermissionDenied
    if proposal is None:
        raise Http404
    with_comments = request.GET.get("comments") == "yes"
    reader = get_language()
    with override(language_of(proposal)):
        context = print_context(request, proposal, with_comments=with_comments)
        return render(request, "proposals/print.html", context | {"reader_language": reader})


@dataclass(frozen=True)
class Said:
    """A comment in print."""

    who: str
    when: str
    text: str
    is_client: bool


def print_context(request: HttpRequest, proposal: Proposal, *, with_comments: bool) -> dict[str, Any]:
    """Return the context of `proposals/print.html`; at most five queries."""
    read_parts(proposal, *PARTS)
    tables = show_tables(proposal.price_tables.all(), proposal.price_total_display)
    return {
        "proposal": proposal,
        "address": _address(request, proposal),
        "receivers": list(proposal.receivers.all()),
        "facts": _facts(proposal),
        "tables": tables,
        "sums": list(_sums(proposal)),
        "comments": _comments(proposal.comments.all()) if with_comments else [],
        "with_comments": with_comments,
        "is_read": proposal.details_as_of is not None,
        "read_at": records.format_moment(proposal.details_as_of or proposal.as_of),
        "file_title": " ".join(part for part in (proposal.number, str(proposal)) if part),
    }


def _sums(proposal: Proposal) -> Iterator[Sum]:
    """Yield the sums of several tables together, and Offorte's own total where it differs."""
    tables, display = list(proposal.price_tables.all()), proposal.price_total_display
    sums = add_tables(tables)
    if sums and len(tables) > 1:
        yield Sum("net", _("Total excl. VAT"), format_money(sums.net, display))
        yield Sum("vat", _("VAT"), format_amount(sums.total - sums.net))
        yield Sum("total", _("Total incl. VAT"), format_money(sums.total, display))
    if proposal.price_total is not None and not (sums and proposal.price_total in sums):
        yield Sum("total", _("Total in Offorte"), format_money(proposal.price_total, display))


def _address(request: HttpRequest, proposal: Proposal) -> list[str]:
    """Return the lines of the company's address; only its name for users who may not see companies."""
    company = proposal.company
    if company is None or not request.user.has_perm("contacts.view_company"):
        return [str(company) if company else proposal.company_name]
    place = " ".join(part for part in (company.zipcode, company.city) if part)
    numbers = ((_("VAT number"), company.vat_number), (_("Chamber of commerce"), company.coc_number))
    numbered = [f"{label} {number}" for label, number in numbers if number]
    return [line for line in (str(company), company.street, place, company.country, *numbered) if line]


def _facts(proposal: Proposal) -> list[Fact]:
    owner = str(proposal.owner) if proposal.owner else proposal.owner_name
    values = [
        (_("Number"), proposal.number),
        (_("Date"), proposal.remote_created_at),
        (_("Status"), proposal.get_status_display()),
        (_("Contact"), owner),
        (_("E-mail"), proposal.owner_email),
    ]
    return [fact(label, value) for label, value in values if value]


def _comments(comments: Sequence[Comment] | Any) -> list[Said]:
    return [
        Said(
            who=f"{comment.firstname} {comment.lastname}".strip() or comment.email,
            when=records.format_moment(comment.commented_at) if comment.commented_at else "",
            text=sanitise(escape(comment.comment.strip())),
            is_client=comment.type == CLIENT,
        )
        for comment in comments
    ]

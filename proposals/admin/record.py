"""What a proposal's page shows besides its own columns. It reads only the mirror, without a request to Offorte."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offorte_portal.adminkit import records
from offorte_portal.adminkit.additions import more_details, more_facts
from offorte_portal.adminkit.columns import days_since
from offorte_portal.adminkit.pricing import show_tables
from offorte_portal.adminkit.records import Fact, fact, field_facts, record_link
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.timeline import count_viewers, read_timeline
from offorte_portal.mirror.parts import read_parts
from proposals.admin import recipients
from proposals.admin.summary import summarise
from proposals.models import Proposal

RELATED = ("connection", "company", "owner", "design_template", "text_template")
PARTS = ("price_tables__rows", "comments", "log_entries", "emails")
# The events that a page shows at once; earlier ones are folded.
RECENT = 8


def proposal_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """Return the context of `admin/proposals/proposal/change_form.html`; two queries for what is the proposal's own."""
    read_parts(proposal, *PARTS, recipients.prefetch())
    is_read = proposal.details_as_of is not None
    # A proposal that is removed or hidden at Offorte can't be read again.
    is_there = proposal.removed_at is None and not proposal.is_hidden
    events, shown = read_timeline(proposal), recipients.show_recipients(request, proposal)
    return {
        **records.shared_context(request, proposal),
        "freshness": records.record_freshness(request, proposal, proposal.details_as_of, is_details=True),
        "summary": summarise(request, proposal),
        "statuses": Proposal.Status,
        "tables": show_tables(proposal.price_tables.all(), proposal.price_total_display),
        "events": events[:RECENT],
        "earlier_events": events[RECENT:],
        "viewer_count": count_viewers(proposal.log_entries.all()),
        "details": _details(request, proposal),
        "views": _views(proposal),
        "recipients": shown,
        "may_copy_links": any(recipient.viewer_link for recipient in shown),
        "is_read": is_read,
        "is_awaited": not is_read and is_there and proposal.connection.is_connected,
        "can_refresh": is_there and proposal.connection.is_connected,
    }


def _details(request: HttpRequest, proposal: Proposal) -> list[Fact]:
    """Return the proposal's facts, without dates and templates that Offorte has not sent: its API of 2018 has none."""
    user = request.user
    company = record_link(user, proposal.company) if proposal.company else proposal.company_name or None
    facts = [fact(_("Company"), company)]
    owner = str(proposal.owner) if proposal.owner else proposal.owner_name
    if owner:
        facts.append(fact(_("Owner"), format_html('{} <span dir="auto">{}</span>', portal.avatar(owner), owner)))
    facts.append(fact(_("Account"), record_link(user, proposal.connection)))
    facts += field_facts(proposal, "number")
    templates = (proposal.design_template, proposal.text_template)
    if names := [record_link(user, template) for template in templates if template]:
        facts.append(fact(_("Template"), records.join_lines(names)))
    facts += field_facts(proposal, "type", "language")
    if proposal.status == Proposal.Status.OPEN and proposal.remote_created_at:
        facts.append(fact(_("Open for"), days_since(proposal.remote_created_at)))
    if sent := [email.version_nr for email in proposal.emails.all() if email.version_nr is not None]:
        facts.append(fact(_("Version sent"), max(sent)))
    optional = ("pages_total", "remote_created_at", "remote_modified_at", "won_at")
    facts += field_facts(proposal, *(name for name in optional if getattr(proposal, name) is not None))
    return [*facts, *more_details(user, proposal), *field_facts(proposal, "remote_id")]


def _views(proposal: Proposal) -> list[Fact]:
    seen: str | None = None
    if proposal.viewed_at:
        seen = portal.ago(proposal.viewed_at)
    elif proposal.view_count == 0:
        seen = _("not seen")
    viewers = count_viewers(proposal.log_entries.all()) if proposal.details_as_of else None
    return [
        *field_facts(proposal, "view_count", "pdf_count"),
        fact(pgettext("who looked", "People"), viewers),
        fact(_("Last seen"), seen),
        *more_facts(proposal),
    ]

"""The strip on top of a proposal's page: its totals, who looked at it last, and what other rooms add."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal.adminkit.additions import more_summary
from offorte_portal.adminkit.pricing import add_tables
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.mirror.history import Entry, read_history
from proposals.models import Proposal

# Offorte's dates may leave the seconds out.
SAME_MOMENT = timedelta(seconds=61)


def summarise(request: HttpRequest, proposal: Proposal) -> list[Fact]:
    """Return the facts of the strip; the proposal's parts should be prefetched."""
    return [*_totals(proposal), _last_seen(proposal), *more_summary(request, proposal)]


def _totals(proposal: Proposal) -> Iterator[Fact]:
    """Yield the sums of the price tables without and with VAT, and the value in Offorte if it is another one."""
    amount, display = proposal.price_total, proposal.price_total_display
    sums = add_tables(proposal.price_tables.all())
    if sums:
        yield fact(_("Total excl. VAT"), portal.money(sums.net, display))
        yield fact(_("Total incl. VAT"), portal.money(sums.total, display))
    if amount is not None and not (sums and amount in sums):
        shown = portal.money(amount, display)
        note = "" if sums else format_html(' <span class="second small">{}</span>', _("VAT unknown"))
        yield fact(_("Total in Offorte"), format_html("{}{}", shown, note))
    elif not sums:
        yield fact(_("Total"), None)


def _last_seen(proposal: Proposal) -> Fact:
    """Return when the prospect looked last, and who, if Offorte's log was read since then."""
    label, seen = _("Last seen"), proposal.viewed_at
    last = _last_view(proposal)
    if last and last.at and (seen is None or last.at > seen - SAME_MOMENT):
        if not last.person:
            return fact(label, portal.ago(last.at))
        person = format_html("<bdi>{}</bdi>", last.person)
        return fact(label, format_html(_("{ago}, by {person}"), ago=portal.ago(last.at), person=person))
    if seen is None and proposal.view_count == 0:
        return fact(label, _("not seen"))
    return fact(label, None if seen is None else portal.ago(seen))


def _last_view(proposal: Proposal) -> Entry | None:
    views = [entry for entry in read_history(proposal.log_entries.all()) if entry.is_view and entry.at]
    return views[-1] if views else None

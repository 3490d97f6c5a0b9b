"""Why proposals were lost, on their pages, in their list and as its filters."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.filters import ChoicesFilter
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.adminkit.records import Fact, Person, fact, record_url
from offorte_portal.staff.access import may_act
from offorte_portal.text.keys import sort_key
from offorte_portal.tracking import losses, reasons
from offorte_portal.tracking.models import Loss
from offorte_portal.tracking.why_fields import OTHER
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
NONE = "none"
# Comes after every other character.
LAST = "\U0010ffff"


def explain(user: Person, proposal: Proposal) -> list[Fact]:
    """Return why the proposal was lost, by whom that was said and when, with a link to say it."""
    if proposal.status != Proposal.Status.LOST:
        return []
    loss = losses.current([proposal]).get(proposal.pk)
    link = SafeString("")
    if proposal.removed_at is None and may_act(cast(User, user), CHANGE, proposal):
        query = urlencode({"next": record_url(user, proposal)})
        url = f"{reverse('proposal_lost', args=[proposal.pk])}?{query}"
        text = _("Edit") if loss else _("Add the reason")
        link = format_html('<a class="button button-small" href="{}" data-dialog>{}</a>', url, text)
    if loss is None:
        given = format_html('<span class="unknown">{}</span> {}', _("No reason given"), link)
        return [fact(_("Lost because"), given)]
    said = format_html(
        '<span dir="auto">{}</span> <span class="muted">{}</span> {}', losses.describe(loss), name_author(loss), link
    )
    return [fact(_("Lost because"), said)]


def name_author(loss: Loss) -> str:
    """Return who gave the reason and when, as the end of a line."""
    day = date_format(timezone.localtime(loss.at), "SHORT_DATE_FORMAT")
    if loss.by is None:
        return f"· {day}"
    return "· " + _("by %(name)s, %(day)s") % {"name": loss.by.get_full_name() or loss.by.username, "day": day}


def show_reason(proposal: Proposal) -> SafeString:
    """Return the reason; nothing for a proposal that is not lost."""
    loss = losses.loaded(proposal)
    if loss is None:
        return columns.unknown() if proposal.status == Proposal.Status.LOST else columns.nothing()
    return columns.text(str(loss))


def show_competitor(proposal: Proposal) -> SafeString:
    loss = losses.loaded(proposal)
    return columns.text(loss.competitor) if loss and loss.competitor else columns.nothing()


class LostReasonFilter(ChoicesFilter):
    """Lost proposals by the reason from the list; by another reason, or without one."""

    title = gettext_lazy("Lost reason")
    name = "lost_reason"
    is_multiple = True

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return the list's reasons, archived ones last."""
        names = [(str(reason.pk), str(reason)) for reason in reasons.known()]
        return [*names, (OTHER, gettext_lazy("Other")), (NONE, gettext_lazy("No reason given"))]

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if values == [NONE]:
            return self._unexplained(queryset)
        keys = [int(value) for value in values if value not in {OTHER, NONE}]
        found = losses.counting().filter(reason__in=keys)
        if OTHER in values:
            found = losses.counting().filter(reason=None) | found
        given = losses.among(queryset, found)
        return given | self._unexplained(queryset) if NONE in values else given

    @staticmethod
    def _unexplained(queryset: QuerySet[Any]) -> QuerySet[Any]:
        given = losses.counting().filter(proposal=OuterRef("pk"))
        return queryset.filter(~Exists(given), status=Proposal.Status.LOST)


class CompetitorFilter(TextFilter):
    """Proposals that were lost to a competitor whose name begins with the text."""

    title = gettext_lazy("Competitor")
    name = "competitor"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        key = sort_key(text)
        found = losses.counting().filter(competitor_key__gte=key, competitor_key__lt=key + LAST)
        return losses.among(queryset, found.exclude(competitor_key=""))

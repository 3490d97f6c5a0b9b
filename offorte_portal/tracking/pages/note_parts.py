"""Team notes in the list of proposals: the newest one as a column, and a filter."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.filters import YesNoFilter
from offorte_portal.adminkit.templatetags.portal import ago
from offorte_portal.tracking import notes
from offorte_portal.tracking.models import Note
from proposals.models import Proposal


def show_latest(proposal: Proposal) -> SafeString:
    """Return the newest note and how long ago it was written; a dash where there is none."""
    note = notes.latest(proposal)
    if note is None:
        return columns.nothing()
    return format_html('{}<span class="cell-sub">{}</span>', columns.text(note.text), ago(note.created_at))


class NotesFilter(YesNoFilter):
    """Proposals with team notes, or without any."""

    title = gettext_lazy("Has notes")
    name = "has_notes"
    permission = notes.VIEW

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if values == ["yes"]:
            return queryset.filter(pk__in=Note.objects.filter(proposal__isnull=False).values("proposal"))
        return queryset.filter(~Exists(Note.objects.filter(proposal=OuterRef("pk"))))

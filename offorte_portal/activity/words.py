"""Entries as sentences (`writes/sentences.py`), for the feed, the bell and mails."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from offorte_portal.activity.happenings import Kind
from offorte_portal.activity.models import Activity
from offorte_portal.staff.scope import MINE, TEAM
from offorte_portal.writes import sentences


@dataclass(frozen=True)
class Story:
    """An entry as it is told to one reader.

    `count` is how many proposals the line stands for, `is_own` that they are the reader's, and `reason` why they were
    lost, in the reader's language.
    """

    entry: Activity
    count: int = 1
    is_own: bool = False
    reason: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether it stands for several proposals of one job."""
        return self.count > 1 and self.entry.kind in sentences.OF_ALL and bool(self.entry.person)

    @property
    def sentence(self) -> str:
        """What happened, with the placeholders `person`, `proposal`, `count` and `reason`."""
        text = self._sentence()
        return _("%(sentence)s: %(reason)s") % {"sentence": text, "reason": "%(reason)s"} if self.reason else text

    def _sentence(self) -> str:
        entry = self.entry
        is_undo = entry.is_undo and entry.kind in sentences.TAKEN_BACK
        if self.is_folded and is_undo:
            return str((sentences.TAKEN_BACK_OF_YOURS if self.is_own else sentences.TAKEN_BACK_OF_ALL)[entry.kind])
        if self.is_folded:
            return str((sentences.OF_YOURS if self.is_own else sentences.OF_ALL)[entry.kind])
        if not entry.person:
            return str(sentences.NOBODY[entry.kind])
        if entry.kind == Kind.WON and entry.is_client:
            return str(sentences.ACCEPTED)
        return str((sentences.TAKEN_BACK if is_undo else sentences.SOMEBODY)[entry.kind])

    @property
    def headline(self) -> str:
        """What happened as plain text: "Chuck de Vries viewed Verbouwing kantoor"."""
        return self.sentence % {
            "person": self.entry.person,
            "proposal": str(self.entry.proposal),
            "count": number_format(self.count, use_l10n=True, force_grouping=True),
            "reason": self.reason,
        }

    @property
    def members(self) -> str:
        """The address in the portal of the feed with each entry that it stands for; empty for a single one."""
        whose = MINE if self.is_own else TEAM
        query = urlencode({"of": whose, "job": self.entry.job_id or 0, "kind": self.entry.kind})
        return f"{reverse('activity')}?{query}" if self.is_folded else ""

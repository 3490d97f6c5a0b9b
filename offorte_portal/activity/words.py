"""Entries as sentences, for the feed and for mails."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.activity.happenings import Kind
from offorte_portal.activity.models import Activity
from offorte_portal.staff.scope import MINE, TEAM

SOMEBODY: dict[str, str | Promise] = {
    Kind.CREATED: gettext_lazy("%(person)s created %(proposal)s"),
    Kind.SENT: gettext_lazy("%(person)s sent %(proposal)s"),
    Kind.VIEWED: gettext_lazy("%(person)s viewed %(proposal)s"),
    Kind.PDF: gettext_lazy("%(person)s opened the PDF of %(proposal)s"),
    Kind.COMMENTED: gettext_lazy("%(person)s asked a question about %(proposal)s"),
    Kind.ANSWERED: gettext_lazy("%(person)s answered a question about %(proposal)s"),
    Kind.CHOSE: gettext_lazy("%(person)s changed the options of %(proposal)s"),
    Kind.SIGNED: gettext_lazy("%(person)s signed %(proposal)s"),
    Kind.WON: gettext_lazy("%(person)s marked %(proposal)s as won"),
    Kind.LOST: gettext_lazy("%(person)s marked %(proposal)s as lost"),
    Kind.CLOSED: gettext_lazy("%(person)s closed %(proposal)s"),
    Kind.REOPENED: gettext_lazy("%(person)s reopened %(proposal)s"),
}
# For entries without a person.
NOBODY: dict[str, str | Promise] = {
    Kind.CREATED: gettext_lazy("%(proposal)s was created"),
    Kind.SENT: gettext_lazy("%(proposal)s was sent"),
    Kind.VIEWED: gettext_lazy("%(proposal)s was viewed"),
    Kind.PDF: gettext_lazy("The PDF of %(proposal)s was opened"),
    Kind.COMMENTED: gettext_lazy("%(proposal)s has a new question"),
    Kind.ANSWERED: gettext_lazy("%(proposal)s has a new answer"),
    Kind.CHOSE: gettext_lazy("The options of %(proposal)s were changed"),
    Kind.SIGNED: gettext_lazy("%(proposal)s was signed"),
    Kind.WON: gettext_lazy("%(proposal)s was won"),
    Kind.LOST: gettext_lazy("%(proposal)s was lost"),
    Kind.CLOSED: gettext_lazy("%(proposal)s was closed"),
    Kind.REOPENED: gettext_lazy("%(proposal)s was reopened"),
}


# For several proposals that one bulk job changed: the reader's own, and everybody's.
OF_YOURS: dict[str, str | Promise] = {
    Kind.CREATED: gettext_lazy("%(person)s created %(count)s proposals for you"),
    Kind.SENT: gettext_lazy("%(person)s sent %(count)s of your proposals"),
    Kind.WON: gettext_lazy("%(person)s marked %(count)s of your proposals as won"),
    Kind.LOST: gettext_lazy("%(person)s marked %(count)s of your proposals as lost"),
    Kind.CLOSED: gettext_lazy("%(person)s closed %(count)s of your proposals"),
    Kind.REOPENED: gettext_lazy("%(person)s reopened %(count)s of your proposals"),
}
OF_ALL: dict[str, str | Promise] = {
    Kind.CREATED: gettext_lazy("%(person)s created %(count)s proposals"),
    Kind.SENT: gettext_lazy("%(person)s sent %(count)s proposals"),
    Kind.WON: gettext_lazy("%(person)s marked %(count)s proposals as won"),
    Kind.LOST: gettext_lazy("%(person)s marked %(count)s proposals as lost"),
    Kind.CLOSED: gettext_lazy("%(person)s closed %(count)s proposals"),
    Kind.REOPENED: gettext_lazy("%(person)s reopened %(count)s proposals"),
}


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
        return self.count > 1 and self.entry.kind in OF_ALL and bool(self.entry.person)

    @property
    def sentence(self) -> str:
        """What happened, with the placeholders `person`, `proposal`, `count` and `reason`."""
        text = self._sentence()
        return _("%(sentence)s: %(reason)s") % {"sentence": text, "reason": "%(reason)s"} if self.reason else text

    def _sentence(self) -> str:
        entry = self.entry
        if self.is_folded and entry.is_undo and entry.kind == Kind.REOPENED:
            if self.is_own:
                return _("%(person)s undid the decision on %(count)s of your proposals")
            return _("%(person)s undid the decision on %(count)s proposals")
        if self.is_folded:
            return str((OF_YOURS if self.is_own else OF_ALL)[entry.kind])
        if not entry.person:
            return str(NOBODY[entry.kind])
        if entry.kind == Kind.WON and entry.is_client:
            return _("%(person)s accepted %(proposal)s")
        if entry.kind == Kind.REOPENED and entry.is_undo:
            return _("%(person)s undid the decision on %(proposal)s")
        return str(SOMEBODY[entry.kind])

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

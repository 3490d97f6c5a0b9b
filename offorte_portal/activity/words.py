"""Entries as sentences, for the feed and for mails."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.activity.happenings import Kind
from offorte_portal.activity.models import Activity

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


def sentence(entry: Activity) -> str:
    """Return what happened with the placeholder `%(proposal)s`, and `%(person)s` if the person is known."""
    if not entry.person:
        return str(NOBODY[entry.kind])
    if entry.kind == Kind.WON and entry.is_client:
        return _("%(person)s accepted %(proposal)s")
    return str(SOMEBODY[entry.kind])


def headline(entry: Activity) -> str:
    """Return what happened as plain text: "Chuck de Vries viewed Verbouwing kantoor"."""
    return sentence(entry) % {"person": entry.person, "proposal": str(entry.proposal)}

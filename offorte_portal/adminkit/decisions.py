"""Who gave a proposal its status, and when, for a person who was about to give it one as well."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

Status = Proposal.Status
# An account, Offorte's id of a proposal, and a status.
Key = tuple[int, int, str]
BY_SOMEONE = {
    Status.EDIT: gettext_lazy("%(name)s moved it back to edit %(ago)s."),
    Status.OPEN: gettext_lazy("%(name)s marked it as open %(ago)s."),
    Status.WON: gettext_lazy("%(name)s marked it as won %(ago)s."),
    Status.LOST: gettext_lazy("%(name)s marked it as lost %(ago)s."),
    Status.CLOSED: gettext_lazy("%(name)s marked it as closed %(ago)s."),
}
BY_READER = {
    Status.EDIT: gettext_lazy("You moved it back to edit %(ago)s."),
    Status.OPEN: gettext_lazy("You marked it as open %(ago)s."),
    Status.WON: gettext_lazy("You marked it as won %(ago)s."),
    Status.LOST: gettext_lazy("You marked it as lost %(ago)s."),
    Status.CLOSED: gettext_lazy("You marked it as closed %(ago)s."),
}
IN_OFFORTE = {
    Status.EDIT: gettext_lazy("In Offorte, it’s back in edit."),
    Status.OPEN: gettext_lazy("In Offorte, it’s open."),
    Status.WON: gettext_lazy("In Offorte, it’s marked as won."),
    Status.LOST: gettext_lazy("In Offorte, it’s marked as lost."),
    Status.CLOSED: gettext_lazy("In Offorte, it’s marked as closed."),
}


def tell_decision(proposal: Proposal, status: str, reader: User) -> str:
    """Return the sentence who gave the proposal this status and when; Offorte itself does not say who did."""
    key = (proposal.connection_id, proposal.remote_id, status)
    return describe(find_decisions([key]).get(key), status, reader)


def find_decisions(keys: Collection[Key]) -> dict[Key, Operation]:
    """Return the last change by the portal that gave each of these proposals its status. One query."""
    done = Operation.objects.filter(
        connection__in={account for account, _remote_id, _status in keys},
        target="proposals",
        remote_id__in={remote_id for _account, remote_id, _status in keys},
        verb=Operation.Verb.CHANGE,
        state=Operation.State.DONE,
        draft__has_key="status",
    )
    columns = ("connection_id", "remote_id", "draft", "requested_by_id", "requested_by_name", "finished_at")
    return dict(_by_key(done.order_by("pk").only(*columns)))


def _by_key(operations: Iterable[Operation]) -> Iterable[tuple[Key, Operation]]:
    for operation in operations:
        yield (operation.connection_id, operation.remote_id or 0, str(operation.draft["status"])), operation


def describe(decision: Operation | None, status: str, reader: User) -> str:
    """Return the sentence about a decision; where there is none, that it was made in Offorte."""
    if status not in Status.values:
        return ""
    if decision is None or decision.finished_at is None:
        return str(IN_OFFORTE[Status(status)])
    if decision.requested_by_id == reader.pk:
        return str(BY_READER[Status(status)]) % {"ago": naturaltime(decision.finished_at)}
    return write(Status(status), decision.requested_by_name, decision.finished_at)


def write(status: Proposal.Status, name: str, at: datetime) -> str:
    """Return the sentence that a colleague gave a proposal this status at this moment."""
    return str(BY_SOMEONE[status]) % {"name": name or _("Someone"), "ago": naturaltime(at)}

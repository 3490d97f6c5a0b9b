"""The links with which an answered send was told who opens the proposal where.

They differ from those in the details, are told once, and are as good as passwords: they are kept with the receivers
only, whose details a later reading replaces without touching them.
"""

from typing import Any

from offorte_portal.mirror.items import listed, remote_id_of
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, Receiver
from proposals.models.timeline import is_web_address


def keep_links(operation: Operation, answer: dict[str, Any]) -> None:
    """Keep the links of an answer, whose receivers are known from now on; new passwords void all earlier links."""
    told = [who for who in listed(answer.get("receivers")) if isinstance(who, dict)]
    rows = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0)
    proposal = rows.first()
    if proposal is None:
        return
    if operation.draft.get("password_reset"):
        forget_links(operation)
    for position, who in enumerate(told):
        remote_id, link = remote_id_of(who), who.get("proposal_link")
        if remote_id is None or not isinstance(link, str) or not is_web_address(link):
            continue
        names = {name: value for name in ("fullname", "email") if isinstance(value := who.get(name), str)}
        Receiver.objects.update_or_create(
            proposal=proposal,
            remote_id=remote_id,
            defaults={"sent_link": link},
            create_defaults={"sent_link": link, "position": position, **names},
        )


def forget_links(operation: Operation) -> None:
    """Forget the links of earlier sends of the proposal."""
    of_proposal = {"proposal__connection_id": operation.connection_id, "proposal__remote_id": operation.remote_id}
    Receiver.objects.filter(**of_proposal).exclude(sent_link="").update(sent_link="")

"""The links to a proposal that the answer to a send holds, one for each receiver.

They differ from the links in the details, are given once, and give access like passwords. So they are kept only with
the receivers, and reading the details again does not touch them.
"""

from typing import Any

from offorte_portal.mirror.items import listed, remote_id_of
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, Receiver
from proposals.models.timeline import is_web_address


def keep_links(operation: Operation, answer: dict[str, Any]) -> None:
    """Store the links of an answer with its receivers, which are added if new; new passwords void earlier links."""
    receivers = [who for who in listed(answer.get("receivers")) if isinstance(who, dict)]
    rows = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0)
    proposal = rows.first()
    if proposal is None:
        return
    if operation.draft.get("password_reset"):
        forget_links(operation)
    for position, who in enumerate(receivers):
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
    """Remove the links of earlier sends of the proposal."""
    of_proposal = {"proposal__connection_id": operation.connection_id, "proposal__remote_id": operation.remote_id}
    Receiver.objects.filter(**of_proposal).exclude(sent_link="").update(sent_link="")

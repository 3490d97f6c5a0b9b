"""The message that a seller sent last, offered again for the next proposal in the same language."""

import re

from django.contrib.auth.models import User

from offorte_portal.text.languages import spoken
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# The number of a person's latest sends that are searched.
LATEST = 50
NAME = "{proposal_name}"


def find_last_message(user: User, language: str, name: str = NAME) -> str:
    """Return the message with which the person last sent a proposal in this language; "" for none.

    The name of that proposal is replaced by `name`. A message with secrets in it is not offered again.
    """
    sends = Operation.objects.filter(
        requested_by=user, target="proposals", verb=Operation.Verb.SEND, state=Operation.State.DONE
    )
    latest = list(sends.order_by("-pk").only("connection", "remote_id", "draft", "sealed")[:LATEST])
    rows = Proposal.objects.filter(
        connection__in={operation.connection_id for operation in latest},
        remote_id__in={operation.remote_id for operation in latest},
    )
    known = {
        (row.connection_id, row.remote_id): row for row in rows.only("connection", "remote_id", "name", "language")
    }
    for operation in latest:
        proposal = known.get((operation.connection_id, operation.remote_id or 0))
        message = str(operation.draft.get("send_message") or "")
        if proposal and message and not operation.sealed and spoken(proposal.language) == language:
            return _renamed(message, proposal.name, name)
    return ""


def _renamed(message: str, before: str, after: str) -> str:
    text = message.replace(NAME, after)
    if not before.strip():
        return text
    return re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", lambda _match: after, text)

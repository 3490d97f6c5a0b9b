"""The message that a seller sent last, offered again for the next proposal in the same language."""

import re
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from offorte_portal.text.languages import spoken
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# The number of a person's latest sends that are searched.
LATEST = 50
NAME = "{proposal_name}"


class LastMessage(NamedTuple):
    """A message that a person sent before, and when."""

    text: str
    sent_at: datetime | None

    def label(self, typed: str | None = None) -> str:
        """Return where the text comes from; "" if the person has typed another."""
        if typed is not None and typed.replace("\r\n", "\n") != self.text:
            return ""
        if self.sent_at is None:
            return _("Your last message.")
        date = date_format(timezone.localtime(self.sent_at), "DATE_FORMAT")
        return _("Your last message, sent on %(date)s.") % {"date": date}


def find_last_message(user: User, language: str, name: str = NAME) -> LastMessage | None:
    """Return the message with which the person last sent a proposal in this language; None if there is none.

    The name of that proposal is replaced by `name`. A message with secrets in it is not offered again.
    """
    sends = Operation.objects.filter(
        requested_by=user, target="proposals", verb=Operation.Verb.SEND, state=Operation.State.DONE
    )
    latest = list(sends.order_by("-pk").only("connection", "remote_id", "draft", "sealed", "sent_at")[:LATEST])
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
            return LastMessage(_renamed(message, proposal.name, name), operation.sent_at)
    return None


def _renamed(message: str, before: str, after: str) -> str:
    text = message.replace(NAME, after)
    if not before.strip():
        return text
    return re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", lambda _match: after, text)

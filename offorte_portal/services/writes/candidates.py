"""Looking at Offorte for what a create or a send may have left there although its answer was lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from offorte_portal.api.client import Page
from offorte_portal.api.errors import MalformedAnswer, NotFound
from offorte_portal.api.lists import read_id
from offorte_portal.api.payloads import EmailPayload, LogEntryPayload
from offorte_portal.mirror.children import find
from offorte_portal.models import Operation
from offorte_portal.services.writes import keeping
from offorte_portal.services.writes.asking import fold
from offorte_portal.services.writes.conflicts import is_same
from offorte_portal.services.writes.lines import Line
from offorte_portal.services.writes.reasons import CANT_LOOK
from offorte_portal.services.writes.targets import Target, Verb, address_of, target_of

Json = dict[str, Any]

# Offorte prints minutes, and its clock is not ours.
TOLERANCE = timedelta(minutes=5)
# Of a list in which a thing is looked for; a longer one is a person's business.
MOST_PAGES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something at Offorte that an operation may have made; `is_exact` where all that was asked is there as asked.

    `facts` holds what Offorte tells, by the names of the reference. Of a send it is a mail, or the proposal itself
    where that was sent without one.
    """

    remote_id: int
    label: str
    facts: Json = field(default_factory=dict)
    is_exact: bool = False


def can_look(operation: Operation) -> bool:
    """Whether there is anything to look for it by."""
    return operation.verb == Verb.SEND or bool(operation.draft.get(target_of(operation).name))


def find_candidates(line: Line, operation: Operation) -> list[Candidate]:
    """What might be it: nothing that was there before or that another operation made. Raises any OfforteError."""
    if operation.verb == Verb.SEND:
        return find_sendings(line, operation)
    target = target_of(operation)
    name = str(operation.draft.get(target.name) or "")
    items = {}
    for page in pages(target.find(line.client, address_of(operation), name)):
        items.update(
            {read_id(item) or 0: item for item in page.items if fold(str(item.get(target.name))) == fold(name)}
        )
    ours = taken_ids(operation, list(items))
    return [
        Candidate(remote_id, str(item.get(target.name)), item, is_exact(target, operation, item))
        for remote_id, item in sorted(items.items())
        if remote_id not in ours and remote_id not in operation.known_ids
    ]


def pages(found: Iterator[Page]) -> Iterator[Page]:
    """The pages of a list; none where what it lies in is gone, for then nothing was made in it.

    Raises MalformedAnswer where it is too long to be looked through.
    """
    try:
        for number, page in enumerate(found, start=1):
            if number > MOST_PAGES:
                raise MalformedAnswer(CANT_LOOK)
            yield page
    except NotFound:
        return


def taken_ids(operation: Operation, remote_ids: list[int]) -> set[int]:
    """Of these things, those that other operations have made."""
    others = Operation.objects.filter(
        connection_id=operation.connection_id,
        target=operation.target,
        verb=Verb.CREATE,
        remote_id__in=remote_ids,
    ).exclude(pk=operation.pk)
    return {remote_id for remote_id in others.values_list("remote_id", flat=True) if remote_id is not None}


def is_exact(target: Target, operation: Operation, item: Json) -> bool:
    """Whether all that was asked and that Offorte tells in its list is there as asked."""
    read = target.resource.payload.read
    there, asked = read(item).values, read(keeping.written(operation, {})).values
    names = {target.columns.get(name, name) for name in operation.draft} & there.keys() & asked.keys()
    return all(is_same(there[name], asked[name]) for name in names)


def find_sendings(line: Line, operation: Operation) -> list[Candidate]:
    """The mails of a proposal since it was sent; where the person mails it, whether the history says it was sent."""
    details = line.client.get_proposal(operation.remote_id or 0)
    keeping.apply(operation, details.data, details.requested_at, is_read=True)
    since = (operation.sent_at or operation.created_at) - TOLERANCE
    if operation.draft.get("send_method") == "self":
        itself = Candidate(operation.remote_id or 0, operation.label, details.data, is_exact=True)
        return [itself] if is_in_history(details.data, since) else []
    mails = {read_id(mail) or 0: mail for mail in keeping.listed(details.data.get("emails"))}
    found = []
    for remote_id, mail in mails.items():
        values = EmailPayload.read(mail).values
        sent_at = values.get("sent_at")
        if remote_id not in operation.known_ids and (sent_at is None or sent_at >= since):
            found.append(Candidate(remote_id, values.get("message") or "", mail, is_exact=sent_at is not None))
    return found


def is_in_history(details: Json, since: datetime) -> bool:
    """Whether the history of a proposal says that it was sent since then."""
    entries = (LogEntryPayload.read(entry).values for entry in keeping.listed(find(details, ("logs", "history"))))
    sendings = (entry for entry in entries if "send" in (entry.get("action") or "").lower())
    return any(entry["logged_at"] >= since for entry in sendings if entry.get("logged_at"))

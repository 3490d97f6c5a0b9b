"""Looks at Offorte for what an operation may have made although its answer was lost."""

import html
import re
from collections.abc import Iterator
from typing import Any

from offorte_portal.api.client import Page
from offorte_portal.api.errors import MalformedAnswer, NotFound
from offorte_portal.api.lists import read_id
from offorte_portal.writes import keeping
from offorte_portal.writes.asking import fold
from offorte_portal.writes.exactness import is_exact
from offorte_portal.writes.findings import Candidate, Findings
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.sealing import conceal
from offorte_portal.writes.sent_mails import examine_send
from offorte_portal.writes.sessions import Session
from offorte_portal.writes.targets import Verb, address_of, target_of

Json = dict[str, Any]

# Pages of a list that are searched at most; for a longer list a person decides.
MOST_PAGES = 40
# If more objects than this have the name, none of them is read in full.
MOST_READ = 5


def can_look(operation: Operation) -> bool:
    """Return whether there is anything to look for it by."""
    return operation.verb == Verb.SEND or bool(operation.draft.get(target_of(operation).name))


def examine(session: Session, operation: Operation) -> Findings:
    """Return what Offorte holds that may be the result, and what that means. Raises any OfforteError."""
    if operation.verb == Verb.SEND:
        details = session.client.get_proposal(operation.remote_id or 0)
        keeping.apply(operation, details.data, details.requested_at, is_read=True)
        return examine_send(operation, details)
    return examine_creation(operation, find_candidates(session, operation))


def examine_creation(operation: Operation, candidates: list[Candidate]) -> Findings:
    """Return which candidate a create has made. If Offorte answered without an id, a single candidate is the one."""
    exact = [candidate for candidate in candidates if candidate.is_exact]
    was_answered = operation.answer is not None
    if len(exact) == 1 or (was_answered and len(candidates) == 1):
        return Findings(candidates, found=(exact or candidates)[0])
    if len(candidates) > 1:
        return Findings(candidates, reason=WriteReason.SEVERAL())
    if candidates:
        return Findings(
            candidates,
            reason=WriteReason.UNSURE() if is_alike(operation, candidates[0].facts) else WriteReason.UNLIKE(),
        )
    return Findings()


def is_alike(operation: Operation, facts: Json) -> bool:
    """Return whether no value that Offorte gives differs from the draft, so that only missing ones are unsure."""
    return all(facts.get(name, value) == value for name, value in operation.draft.items())


def find_candidates(session: Session, operation: Operation) -> list[Candidate]:
    """Return what a create may have made, without what was known before or what other operations made."""
    target = target_of(operation)
    name = str(conceal(operation.target, operation.draft).get(target.name) or "")
    items = {}
    for page in pages(target.find(session.client, address_of(operation), search_word(name))):
        items.update(
            {read_id(item) or 0: item for item in page.items if fold(str(item.get(target.name))) == fold(name)}
        )
    passed = taken_ids(operation, list(items)) | set(operation.known_ids)
    found = sorted((remote_id, item) for remote_id, item in items.items() if remote_id not in passed)
    return [make_candidate(session, operation, *each, is_read=len(found) <= MOST_READ) for each in found]


def make_candidate(session: Session, operation: Operation, remote_id: int, item: Json, *, is_read: bool) -> Candidate:
    """Return a candidate of that name; a proposal is read in full if `is_read`, since the list lacks its content."""
    facts = item
    if operation.target == "proposals" and is_read:
        facts = item | session.client.get_proposal(remote_id).data
    name = str(item.get(target_of(operation).name))
    return Candidate(remote_id, name, item, is_exact=is_exact(operation, facts))


def search_word(name: str) -> str:
    """Return the search text for a name: its longest word if Offorte may have changed spaces or escaped characters."""
    is_plain = name == " ".join(name.split()) and html.escape(name) == html.unescape(name) == name
    return name if is_plain else max(re.findall(r"\w+", name), key=len, default=name)


def pages(found: Iterator[Page]) -> Iterator[Page]:
    """Yield the pages of a list; none if its parent is gone, because then nothing was made in it.

    Raises MalformedAnswer if the list is too long to be searched.
    """
    try:
        for number, page in enumerate(found, start=1):
            if number > MOST_PAGES:
                raise MalformedAnswer(WriteReason.CANT_LOOK())
            yield page
    except NotFound:
        return


def taken_ids(operation: Operation, remote_ids: list[int]) -> set[int]:
    """Return those of these ids that other creates have made."""
    others = Operation.objects.filter(
        connection_id=operation.connection_id,
        target=operation.target,
        verb=Verb.CREATE,
        remote_id__in=remote_ids,
    ).exclude(pk=operation.pk)
    return {remote_id for remote_id in others.values_list("remote_id", flat=True) if remote_id is not None}

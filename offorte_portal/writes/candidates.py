"""Looking at Offorte for what an operation may have left there although its answer was lost."""

import html
import re
from collections.abc import Iterator
from typing import Any

from offorte_portal.api.client import Page
from offorte_portal.api.errors import MalformedAnswer, NotFound
from offorte_portal.api.lists import read_id
from offorte_portal.writes import keeping
from offorte_portal.writes.asking import fold
from offorte_portal.writes.findings import Candidate, Findings
from offorte_portal.writes.likeness import is_exact
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.sealing import conceal
from offorte_portal.writes.sent_mails import examine_send
from offorte_portal.writes.sessions import Session
from offorte_portal.writes.targets import Verb, address_of, target_of

Json = dict[str, Any]

# Of a list in which a thing is looked for; a longer one is a person's business.
MOST_PAGES = 40
# Of things of one name, so many are looked at closely.
MOST_READ = 5


def can_look(operation: Operation) -> bool:
    """Whether there is anything to look for it by."""
    return operation.verb == Verb.SEND or bool(operation.draft.get(target_of(operation).name))


def examine(session: Session, operation: Operation) -> Findings:
    """What Offorte holds that might be it, and what that means. Raises any OfforteError."""
    if operation.verb == Verb.SEND:
        details = session.client.get_proposal(operation.remote_id or 0)
        keeping.apply(operation, details.data, details.requested_at, is_read=True)
        return examine_send(operation, details)
    return examine_creation(operation, find_candidates(session, operation))


def examine_creation(operation: Operation, candidates: list[Candidate]) -> Findings:
    """Which of these a create has made. Offorte said that it was done where an answer came without an id."""
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
    """Whether nothing that Offorte tells is other than asked, so that only what it leaves out makes it unsure."""
    return all(facts.get(name, value) == value for name, value in operation.draft.items())


def find_candidates(session: Session, operation: Operation) -> list[Candidate]:
    """What a create might have made: nothing that was there before or that another operation made."""
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
    """Something of that name; a proposal is read in full, for the list does not tell what is in it."""
    facts = item
    if operation.target == "proposals" and is_read:
        facts = item | session.client.get_proposal(remote_id).data
    name = str(item.get(target_of(operation).name))
    return Candidate(remote_id, name, item, is_exact=is_exact(operation, facts))


def search_word(name: str) -> str:
    """What to search a name by: the longest word of one in which Offorte may have changed spaces or escaped signs."""
    is_plain = name == " ".join(name.split()) and html.escape(name) == html.unescape(name) == name
    return name if is_plain else max(re.findall(r"\w+", name), key=len, default=name)


def pages(found: Iterator[Page]) -> Iterator[Page]:
    """The pages of a list; none where what it lies in is gone, for then nothing was made in it.

    Raises MalformedAnswer where it is too long to be looked through.
    """
    try:
        for number, page in enumerate(found, start=1):
            if number > MOST_PAGES:
                raise MalformedAnswer(WriteReason.CANT_LOOK())
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

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
    if not candidates:
        return Findings()
    # If no value that Offorte gives differs from the draft, only missing ones are unsure.
    facts = candidates[0].facts
    is_alike = all(facts.get(name, value) == value for name, value in operation.draft.items())
    return Findings(candidates, reason=WriteReason.UNSURE() if is_alike else WriteReason.UNLIKE())


def find_candidates(session: Session, operation: Operation) -> list[Candidate]:
    """Return what a create may have made, without what was known before or what other operations made.

    Proposals are read in full if they are few, since the list lacks their content.
    """
    target = target_of(operation)
    name = str(conceal(operation.target, operation.draft).get(target.name) or "")
    items = {}
    for page in pages(target.find(session.client, address_of(operation), search_word(name))):
        items.update(
            {read_id(item) or 0: item for item in page.items if fold(str(item.get(target.name))) == fold(name)}
        )
    others = Operation.objects.filter(
        connection_id=operation.connection_id,
        target=operation.target,
        verb=Verb.CREATE,
        remote_id__in=list(items),
    ).exclude(pk=operation.pk)
    passed = {*others.values_list("remote_id", flat=True), *operation.known_ids}
    found = sorted((remote_id, item) for remote_id, item in items.items() if remote_id not in passed)
    candidates = []
    for remote_id, item in found:
        facts = item
        if operation.target == "proposals" and len(found) <= MOST_READ:
            facts = item | session.client.get_proposal(remote_id).data
        label = str(item.get(target.name))
        candidates.append(Candidate(remote_id, label, item, is_exact=is_exact(operation, facts)))
    return candidates


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

"""Matches again what nobody has decided on, in background tasks, when companies and people in the mirror change.

1. `follow` (`followers.py`) hears from syncs, events and writes which companies and people of an account changed. Where
   anybody's match is still open, it queues one task for all of them.
2. `match_changed` compares the open matches with the changed rows only. A match whose proposed row changed is compared
   with the whole account. People of companies that got another match are compared with that company's people.
3. `match_all` compares everything: after a first sync, or where more than MOST_CHANGED changed at once.

Both work in slices of SLICE_SECONDS and queue the rest. A task that is lost is made up for by `match_each_day`.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from contacts.models import Person
from offorte_portal import ports
from offorte_portal.other_systems import matching
from offorte_portal.other_systems.matching import KINDS, MODELS, Directory, make_directory, propose_one, read_directory
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.ports import queueing

SLICE_SECONDS = 20.0
# If more rows than this change at once, everything is compared.
MOST_CHANGED = 500
# Open matches that are read at once.
CHUNK = 500
Kind = PartyMatch.Kind


def find_open(connection_id: int) -> QuerySet[PartyMatch]:
    """Return the matches that nobody has decided on, of the systems whose customers may be in this account."""
    looks_there = Q(source__target=connection_id) | Q(source__target__isnull=True)
    return matching.undecided(PartyMatch.objects.filter(looks_there))


def request(connection_id: int, companies: Collection[int], people: Collection[int]) -> None:
    """Queue a task that matches with these companies and people, by their Offorte ids, if any match is open."""
    if not find_open(connection_id).exists():
        return
    if len(companies) + len(people) > MOST_CHANGED:
        request_all(connection_id)
        return
    name = f"Match with changes of account {connection_id}"
    queueing.queue(match_changed, connection_id, sorted(companies), sorted(people), name=name)


def request_all(connection_id: int) -> None:
    """Queue a task for each system whose customers may be in this account."""
    for pk in sorted(set(find_open(connection_id).values_list("source", flat=True).order_by())):
        queueing.queue(match_all, pk, name=f"Match system {pk}")


def match_each_day() -> None:
    """Queue a task for each system with open matches."""
    found = matching.undecided(PartyMatch.objects.all()).values_list("source", flat=True).order_by().distinct()
    for pk in sorted(found):
        queueing.queue(match_all, pk, name=f"Match system {pk}")


def match_all(source_id: int, kind: str = Kind.COMPANY, after: int = 0) -> None:
    """Match all open customers and people of a system, from the primary key `after` of this kind on. Run as a task."""
    source, until = Source.objects.filter(pk=source_id).first(), ports.monotonic() + SLICE_SECONDS
    if source is None:
        return
    for each in KINDS[KINDS.index(Kind(kind)) :]:
        found = matching.undecided(source.matches.all()).filter(kind=each)
        directory: Directory | None = None
        while chunk := _read_chunk(found, after):
            directory = directory or read_directory(source, each)
            for match in chunk:
                propose_one(match, directory)
            after = chunk[-1].pk
            if ports.monotonic() > until:
                queueing.queue(match_all, source_id, each.value, after, name=f"Match system {source_id}")
                return
        after = 0


def match_changed(
    connection_id: int, companies: list[int], people: list[int], kind: str = Kind.COMPANY, after: int = 0
) -> None:
    """Match with these companies and people of an account, from the primary key `after` on. Run as a task."""
    until = ports.monotonic() + SLICE_SECONDS
    for each in KINDS[KINDS.index(Kind(kind)) :]:
        changed = set(people if each == Kind.PERSON else companies)
        rows = MODELS[each].objects.present().filter(connection=connection_id, remote_id__in=changed)
        comparison = _Comparison(connection_id, changed, make_directory(each, rows))
        found = find_open(connection_id).filter(kind=each)
        while changed and (chunk := _read_chunk(found, after)):
            moved = comparison.compare(chunk)
            people = sorted({*people, *_find_people(connection_id, moved)})
            after = chunk[-1].pk
            if ports.monotonic() > until:
                name = f"Match with changes of account {connection_id}"
                queueing.queue(match_changed, connection_id, companies, people, each.value, after, name=name)
                return
        after = 0


class _Comparison:
    """Compares open matches with the rows that changed, and with the whole account where their own row did."""

    def __init__(self, connection_id: int, changed: set[int], directory: Directory) -> None:
        self._connection_id, self._changed, self._directory = connection_id, changed, directory
        self._whole: dict[int, Directory] = {}

    def compare(self, matches: list[PartyMatch]) -> list[PartyMatch]:
        """Propose what is found; return the matches that now have another proposal than before."""
        before = {match.pk: match.remote_id for match in matches}
        for match in matches:
            if match.connection_id == self._connection_id and match.remote_id in self._changed:
                if match.source_id not in self._whole:
                    self._whole[match.source_id] = read_directory(match.source, match.kind)
                propose_one(match, self._whole[match.source_id])
            elif self._directory.rows:
                propose_one(match, self._directory, only_better=True)
        now = PartyMatch.objects.filter(pk__in=before)
        return [match for match in now if match.remote_id != before[match.pk]]


def _read_chunk(found: QuerySet[PartyMatch], after: int) -> list[PartyMatch]:
    return list(found.filter(pk__gt=after).select_related("company", "source").order_by("pk")[:CHUNK])


def _find_people(connection_id: int, companies: list[PartyMatch]) -> list[int]:
    """Return the Offorte ids of the people of these matches' companies."""
    remote_ids = [match.remote_id for match in companies if match.kind == Kind.COMPANY and match.remote_id]
    people = Person.objects.present().filter(connection=connection_id, company_remote_id__in=remote_ids)
    return list(people.values_list("remote_id", flat=True)) if remote_ids else []

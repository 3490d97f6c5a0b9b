"""Matches customers of other systems with those in Offorte: proposes them with a confidence, for people to confirm."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from contacts.models import Company, Person
from contacts.signs import vat_key
from offorte_portal.other_systems.marks import company_marks, person_marks
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.text.letters import fold

# Companies come first, as people are looked for within the matches of their companies.
KINDS = (PartyMatch.Kind.COMPANY, PartyMatch.Kind.PERSON)
# What is looked for, by kind: the model, the columns of it that are read, and the marks of a row or of details.
MODELS: dict[str, Any] = {PartyMatch.Kind.COMPANY: Company, PartyMatch.Kind.PERSON: Person}
COLUMNS: dict[str, tuple[str, ...]] = {
    PartyMatch.Kind.COMPANY: (
        "pk", "connection_id", "remote_id", "name", "vat_number", "coc_number", "email", "internet", "zipcode",
    ),
    PartyMatch.Kind.PERSON: ("pk", "connection_id", "remote_id", "fullname", "email", "company_remote_id"),
}  # fmt: skip
MARKS = {PartyMatch.Kind.COMPANY.value: company_marks, PartyMatch.Kind.PERSON.value: person_marks}
# The least confidence, in percent, at which a match is proposed.
LEAST = 50
# The confidence, in percent, of one mark that agrees; each further one adds EACH_MORE, up to MOST.
WEIGHTS = {"vat_number": 95, "coc_number": 94, "email": 85, "domain": 72, "name": 70, "fullname": 70}
EACH_MORE, MOST = 5, 99
# Subtracted where both have a VAT number and these differ, which outweighs a name that agrees; or where people share an
# address and no part of their names.
CONTRADICTION = 45


@dataclass(frozen=True)
class Candidate:
    """A company or person of Offorte that may be the match; `evidence` names the marks that agree."""

    row: Company | Person
    confidence: int
    evidence: list[str]


@dataclass
class Directory:
    """Rows of Offorte's mirror, indexed by their marks."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    by_mark: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))


def propose(source: Source) -> int:
    """Propose matches for all customers and people that nobody has decided on; return how many have one."""
    found = 0
    for kind in KINDS:
        directory = read_directory(source, kind)
        for match in undecided(source.matches.all()).filter(kind=kind).select_related("company").order_by("pk"):
            found += propose_one(match, directory)
    return found


def undecided(matches: QuerySet[PartyMatch]) -> QuerySet[PartyMatch]:
    """Return the matches that nobody has decided on, without those that the portal is creating in Offorte."""
    return matches.filter(state__in=[PartyMatch.State.OPEN, PartyMatch.State.PROPOSED], created_with__isnull=True)


def propose_one(match: PartyMatch, directory: Directory, *, only_better: bool = False) -> bool:
    """Propose the best candidate with a confidence of at least LEAST; return whether there is one.

    With `only_better`, for a directory of some rows only, a proposal stays unless the candidate's confidence is higher.
    """
    best = next((candidate for candidate in rank(match, directory) if candidate[1] >= LEAST), None)
    if only_better and (best is None or best[1] <= match.confidence):
        return False
    if best is None:
        values: tuple[Any, ...] = (PartyMatch.State.OPEN, None, None, 0, [])
    else:
        row = directory.rows[best[0]]
        values = (PartyMatch.State.PROPOSED, row["connection_id"], row["remote_id"], best[1], best[2])
    names = ("state", "connection_id", "remote_id", "confidence", "evidence")
    if tuple(getattr(match, name) for name in names) != values:
        current = PartyMatch.objects.filter(pk=match.pk, decided_at__isnull=True)
        current.update(**dict(zip(names, values, strict=True)))
    return best is not None


def read_directory(source: Source, kind: str) -> Directory:
    """Return the companies or people of the account that quotes are copied to; of all accounts where none is chosen."""
    rows = MODELS[kind].objects.present()
    return make_directory(kind, rows.filter(connection=source.target_id) if source.target_id else rows)


def make_directory(kind: str, rows: QuerySet[Any]) -> Directory:
    """Return a directory of these companies or people."""
    directory = Directory()
    for row in rows.values(*COLUMNS[kind]):
        directory.rows[row["pk"]] = row
        for mark in MARKS[kind](row).items():
            directory.by_mark[mark].add(row["pk"])
    return directory


def rank(match: PartyMatch, directory: Directory) -> list[tuple[int, int, list[str]]]:
    """Return (key, confidence, marks that agree) of the candidates, the best first."""
    marks = MARKS[match.kind](match.details)
    agreements: dict[int, list[str]] = defaultdict(list)
    for mark in marks.items():
        for pk in directory.by_mark.get(mark, ()):
            agreements[pk].append(mark[0])
    ranked = [
        (pk, confidence, agreed)
        for pk, agreed in agreements.items()
        if (confidence := _judge(match, marks, directory.rows[pk], agreed)) > 0
    ]
    return sorted(ranked, key=lambda candidate: (-candidate[1], candidate[0]))


def _judge(match: PartyMatch, marks: dict[str, str], row: dict[str, Any], agreed: list[str]) -> int:
    weights = [WEIGHTS[name] for name in agreed if name in WEIGHTS]
    if not weights:
        return 0
    confidence = min(MOST, max(weights) + EACH_MORE * (len(agreed) - 1))
    if match.kind == PartyMatch.Kind.PERSON:
        company = match.company
        is_same = bool(company and company.remote_id and company.remote_id == row["company_remote_id"])
        if is_same:
            agreed.append("company")
        is_named_alike = "fullname" in agreed or _share_word(match.name, row["fullname"])
        if "email" in agreed and not is_named_alike:
            # Colleagues may share an address.
            confidence -= CONTRADICTION
        # A name alone does not identify a person.
        return min(MOST, confidence + EACH_MORE) if is_same else confidence - (0 if "email" in agreed else 40)
    theirs = vat_key(row.get("vat_number") or "")
    if theirs and marks.get("vat_number", theirs) != theirs:
        confidence -= CONTRADICTION
    return confidence


def _share_word(name: str, other: str) -> bool:
    """Return whether names have a word in common, or one of them is not known."""
    words = set(fold(name).split())
    return not words or not other or not words.isdisjoint(fold(other).split())


def candidates(match: PartyMatch, limit: int = 8) -> list[Candidate]:
    """Return the best candidates, best first, for a person to choose from."""
    ranked = rank(match, read_directory(match.source, match.kind))[:limit]
    rows = MODELS[match.kind].objects.in_bulk([pk for pk, _, _ in ranked])
    return [Candidate(rows[pk], confidence, evidence) for pk, confidence, evidence in ranked if pk in rows]


def matched_row(match: PartyMatch) -> Company | Person | None:
    """Return the company or person of Offorte that is proposed or confirmed; None where the mirror has none."""
    if match.remote_id is None:
        return None
    rows = MODELS[match.kind].objects.filter(connection=match.connection_id, remote_id=match.remote_id)
    found: Company | Person | None = rows.first()
    return found


def matched_rows(matches: Collection[PartyMatch]) -> dict[tuple[str, int | None, int | None], Company | Person]:
    """Return the companies and people of Offorte that are proposed or confirmed for some matches.

    The key is the kind of the match, the account and the Offorte id.
    """
    found: dict[tuple[str, int | None, int | None], Company | Person] = {}
    for kind in KINDS:
        wanted = [match for match in matches if match.kind == kind and match.remote_id is not None]
        accounts, ids = {match.connection_id for match in wanted}, {match.remote_id for match in wanted}
        rows = MODELS[kind].objects.filter(connection__in=accounts, remote_id__in=ids).defer("payload", "search_text")
        found |= {(kind.value, row.connection_id, row.remote_id): row for row in rows} if wanted else {}
    return found

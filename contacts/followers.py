"""Team notes move along when companies are merged or people are moved to another company.

Offorte can do neither, so the portal creates people at the company that stays, and deletes those that they were. Once
Offorte has deleted a company or a person, their notes go

1. of a company, to the one that it was merged into;
2. of a person, to whoever has the same e-mail address at that company, or else to the company itself.

Notes about records that were deleted in any other way stay with those.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from contacts.actions.moves import address
from contacts.mirror import COMPANIES, PEOPLE
from contacts.models import Company, Person
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.tracking import notes
from offorte_portal.tracking.models import Note
from offorte_portal.writes.models import Operation

# The bulk actions that make one record out of another, and their option with the key of the company that stays.
INTO = {"companies.merge": "survivor", "people.move": "company"}
GONE = Q(company__removed_at__isnull=False) | Q(person__removed_at__isnull=False)
AT_ONCE = 500


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Move the notes about records that Offorte has deleted."""
    gone: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        gone[change.kind] |= {each[0] for each in change.objects_changed if each[1] == Change.What.REMOVED}
    about = Q(company__remote_id__in=gone[COMPANIES.name]) | Q(person__remote_id__in=gone[PEOPLE.name])
    if connection_id is not None and any(gone.values()):
        move_along(Note.objects.filter(about, GONE, connection_id=connection_id))


def rebuild(connection_id: int, position: int) -> int | None:
    """Look at the next notes after a primary key whose record Offorte has deleted."""
    rows = Note.objects.filter(GONE, connection_id=connection_id, pk__gt=position).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    move_along(Note.objects.filter(pk__in=keys))
    return keys[-1] if len(keys) == AT_ONCE else None


def move_along(found: QuerySet[Note]) -> None:
    """Move all notes of the records that these notes are about, where another record took their place."""
    rows = {note.company or note.person for note in found.select_related("company", "person")}
    for row in rows:
        if row and (successor := find_successor(row)):
            notes.move(notes.about(row), successor)


def find_successor(row: Company | Person) -> Company | Person | None:
    """Return the record that took the place of a deleted one; None if none did."""
    target = COMPANIES.name if isinstance(row, Company) else PEOPLE.name
    deletions = Operation.objects.filter(
        connection_id=row.connection_id,
        target=target,
        remote_id=row.remote_id,
        verb=Operation.Verb.DELETE,
        job__job__action__in=INTO,
    )
    last = deletions.order_by("-pk").values_list("job__job__action", "job__job__options").first()
    if last is None:
        return None
    action, options = last
    company = Company.objects.filter(pk=options[INTO[action]], connection_id=row.connection_id).first()
    if company is None or isinstance(row, Company):
        return company
    people = Person.objects.present().filter(company=company).order_by("pk")
    same = (person for person in people if address(person) and address(person) == address(row))
    return next(same, company)


register(Follower(name="notes", kinds=[COMPANIES.name, PEOPLE.name], follow=follow, rebuild=rebuild))

"""People's decisions about who the customers of other systems are in Offorte."""

from django.contrib.auth.models import User

from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.other_systems.matching import propose_one, read_directory
from offorte_portal.other_systems.models import PartyMatch
from offorte_portal.writes.models import Operation

# Proposed matches of at least this confidence, in percent, can be confirmed together.
CERTAIN = 90
# The evidence of a match that was created in Offorte by the portal.
MADE_HERE = "made"


def confirm(match: PartyMatch, row: Company | Person, *, by: User) -> None:
    """Record that a customer or person is this one in Offorte."""
    _decide(match, PartyMatch.State.CONFIRMED, by, connection_id=row.connection_id, remote_id=row.remote_id)


def mark_new(match: PartyMatch, *, by: User) -> None:
    """Record that Offorte does not have the customer or person yet."""
    _decide(match, PartyMatch.State.NEW, by, connection_id=None, remote_id=None)


def reopen(match: PartyMatch) -> None:
    """Withdraw the decision and look for a match again."""
    PartyMatch.objects.filter(pk=match.pk).update(
        state=PartyMatch.State.OPEN, connection=None, remote_id=None, decided_by=None, decided_at=None, confidence=0
    )
    match.refresh_from_db()
    propose_one(match, read_directory(match.source, match.kind))
    match.refresh_from_db()


def confirm_certain(kind: str, *, by: User, least: int = CERTAIN) -> int:
    """Confirm all proposed matches of companies or of people with at least this confidence; return their number."""
    proposed = PartyMatch.objects.filter(kind=kind, state=PartyMatch.State.PROPOSED, confidence__gte=least)
    return proposed.update(state=PartyMatch.State.CONFIRMED, decided_by=by, decided_at=ports.now())


def settle_made() -> int:
    """Confirm the matches whose customer or person has now been created in Offorte; return their number."""
    made = PartyMatch.objects.filter(
        created_with__state=Operation.State.DONE, created_with__remote_id__isnull=False, remote_id__isnull=True
    )
    settled = 0
    for match in made.select_related("created_with"):
        if (operation := match.created_with) is not None:
            settled += PartyMatch.objects.filter(pk=match.pk, remote_id__isnull=True).update(
                state=PartyMatch.State.CONFIRMED,
                connection=operation.connection_id,
                remote_id=operation.remote_id,
                confidence=100,
                evidence=[MADE_HERE],
                decided_by=operation.requested_by_id,
                decided_at=operation.finished_at,
            )
    return settled


def _decide(match: PartyMatch, state: PartyMatch.State, by: User, **who: int | None) -> None:
    PartyMatch.objects.filter(pk=match.pk).update(state=state, decided_by=by, decided_at=ports.now(), **who)
    match.refresh_from_db()

"""What follows from changes in the mirror: customers of other systems are matched again, lost copies explained."""

from collections.abc import Sequence

from contacts.mirror import COMPANIES, PEOPLE
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.other_systems import lost_copies, rematching
from proposals.mirror import PROPOSALS


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Have what changed matched by a task."""
    if connection_id is None:
        return
    changed: dict[str, set[int]] = {COMPANIES.name: set(), PEOPLE.name: set()}
    for change in changes:
        changed[change.kind].update(change.remote_ids)
    rematching.request(connection_id, changed[COMPANIES.name], changed[PEOPLE.name])


def rebuild(connection_id: int, position: int) -> None:
    """Have everything matched by tasks, which keep their own position."""
    rematching.request_all(connection_id)


register(Follower(name="other_systems", kinds=[COMPANIES.name, PEOPLE.name], follow=follow, rebuild=rebuild))
register(Follower(name="lost_copies", kinds=[PROPOSALS.name], follow=lost_copies.follow, rebuild=lost_copies.rebuild))

"""Adds the imported quote that a proposal was copied from to the proposal's page."""

from django.db.models import Exists, OuterRef

from offorte_portal.adminkit.additions import Additions, register
from offorte_portal.other_systems.pages.quote_page import describe_copied
from offorte_portal.writes.models import Operation


def find_creations() -> dict[str, Exists]:
    """Return whether the portal created the proposal: only then it may be a copy."""
    ours = Operation.objects.filter(
        connection=OuterRef("connection"),
        target="proposals",
        remote_id=OuterRef("remote_id"),
        verb=Operation.Verb.CREATE,
    )
    return {"was_created_here": Exists(ours)}


register("proposals.proposal", Additions(details=describe_copied, annotations=find_creations))

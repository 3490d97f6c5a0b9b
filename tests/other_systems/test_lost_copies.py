"""A copy of a lost quote that is lost in Offorte too keeps the reason of the other system."""

import pytest

from offorte_portal.changes import following
from offorte_portal.changes.recording import read_again
from offorte_portal.other_systems.lost_copies import explain
from offorte_portal.other_systems.models import Source
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import make_proposal, make_staff
from tests.support.quotes import make_quote, make_source

pytestmark = pytest.mark.django_db


def copy(lost_reason: str, status: str = "lost") -> Proposal:
    """A proposal that was copied from a quote that was lost for this reason."""
    proposal = make_proposal(status=status)
    operation = Operation.objects.create(
        connection=proposal.connection, target="proposals", verb="create", state="done", remote_id=proposal.remote_id
    )
    source = Source.objects.filter(label="Cirrus").first() or make_source()
    make_quote(source, status="lost", lost_reason=lost_reason, created_with=operation)
    return proposal


def why(proposal: Proposal) -> str:
    loss = losses.current([proposal]).get(proposal.pk)
    return losses.describe(loss) if loss else ""


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("too EXPENSIVE", "Too expensive"),
        ("Te duur", "Too expensive"),
        ("Moved abroad", "Cirrus: Moved abroad"),
        ("", ""),
    ],
)
def test_the_reason_is_found_by_name_or_kept_as_words(theirs: str, ours: str) -> None:
    proposal = copy(theirs)
    explain(proposal.connection_id, {proposal.remote_id})
    explain(proposal.connection_id)
    assert why(proposal) == ours
    assert Loss.objects.count() == bool(ours)


def test_a_copy_that_is_not_lost_and_one_that_a_person_explained_stay() -> None:
    still_open, explained = copy("Te duur", "open"), copy("Te duur")
    losses.explain(explained, Why(words="Verhuisd"), by=make_staff("sanne"))
    for proposal in (still_open, explained):
        explain(proposal.connection_id, {proposal.remote_id})
    assert (why(still_open), why(explained)) == ("", "Verhuisd")


def test_it_follows_the_mirror() -> None:
    proposal = copy("Te duur")
    read_again(proposal.connection_id)
    following.sweep()
    assert why(proposal) == "Too expensive"

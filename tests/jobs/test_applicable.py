"""Which actions take one record, before anything is asked about them."""

import pytest
from django.utils import timezone

from offorte_portal.jobs import registry
from offorte_portal.jobs.action import Choice
from offorte_portal.jobs.selection import check_rows, find_applicable
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", Proposal.Status.values)
def test_it_decides_as_the_confirm_page_does(status: str) -> None:
    user, row = make_staff(), make_proposal(status=status)
    actions = registry.actions_for(Proposal, user)
    fixed = [action for action in actions if action.is_fixed]
    assert {action.name.rpartition("_")[2] for action in fixed} == set(Proposal.Status.values)
    taken = [action for action in fixed if not check_rows(action, [row.pk], Choice(action.clean({}), user))[0].reason]
    found = find_applicable(actions, row, user)
    assert [action for action in found if action.is_fixed] == taken
    assert len(taken) == len(fixed) - 1, "but for the status that it has"
    assert [action for action in found if not action.is_fixed] == [action for action in actions if not action.is_fixed]


def test_a_record_on_its_way_out_is_taken_by_what_reads_alone() -> None:
    user, row = make_staff(), make_proposal()
    actions = registry.actions_for(Proposal, user)
    Operation.objects.create(connection=row.connection, target="proposals", remote_id=row.remote_id, verb="delete")
    assert [action.name for action in find_applicable(actions, row, user)] == ["proposals.refresh"]
    Operation.objects.all().delete()
    Proposal.objects.filter(pk=row.pk).update(is_hidden=True)
    assert find_applicable(actions, row, user) == []
    Proposal.objects.filter(pk=row.pk).update(is_hidden=False, removed_at=timezone.now())
    assert find_applicable(actions, row, user) == []
    row.delete()
    assert find_applicable(actions, row, user) == []

"""Proposals with a reason to call, and the lists they are on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal, Receiver
from tests.support.factories import make_proposal

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def mine(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=True, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def team(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=False, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def open_proposal(**fields: Any) -> Proposal:
    known: dict[str, Any] = {"owner_email": "Sanne@example.com", "price_total": Decimal("10.5")}
    proposal = make_proposal(**(known | fields))
    stats.refresh([proposal.pk])
    return proposal


def unseen(days: int = 6, **fields: Any) -> Proposal:
    return open_proposal(view_count=0, remote_created_at=timezone.now() - days * DAY, **fields)


def silent(days: int = 12, **fields: Any) -> Proposal:
    return open_proposal(view_count=2, viewed_at=timezone.now() - days * DAY, **fields)


def ask(proposal: Proposal, **fields: Any) -> Activity:
    number = Activity.objects.count()
    known = {"kind": "commented", "happened_at": timezone.now() - 26 * MINUTE, "key": f"comment:{number}"}
    return Activity.objects.create(
        connection=proposal.connection, proposal=proposal, owner_key=proposal.owner_key, **(known | fields)
    )


def follow_up(proposal: Proposal, to: User, **fields: Any) -> FollowUp:
    known = {"due_at": timezone.now() - MINUTE, "assigned_to": to, "created_by": to}
    return FollowUp.objects.create(connection=proposal.connection, proposal=proposal, **(known | fields))


def receive(proposal: Proposal, *people: tuple[str, str]) -> None:
    for position, (name, email) in enumerate(people):
        Receiver.objects.create(
            proposal=proposal, remote_id=position + 1, position=position, fullname=name, email=email
        )

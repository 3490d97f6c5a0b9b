"""A proposal whose details were read, and short ways to let something happen to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from offorte_portal.activity import collection
from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, Comment, LogEntry, Proposal, SentEmail
from tests.support.factories import link, make_connection, make_proposal

OWNER = "sanne@example.com"


class Story:
    """What Offorte tells of one proposal, minute by minute: `at` counts the minutes from its beginning."""

    def __init__(self, proposal: Proposal, begin: datetime) -> None:
        self.proposal = proposal
        self.begin = begin

    def at(self, minutes: float) -> datetime:
        return self.begin + timedelta(minutes=minutes)

    def log(self, action: str, minutes: float, person: str = "Chuck de Vries", side: str = "client") -> None:
        position = self.proposal.log_entries.count()
        LogEntry.objects.create(
            proposal=self.proposal,
            position=position,
            logged_at=self.at(minutes),
            person=person,
            action=f"proposal: {action}",
            type=side,
        )

    def comment(self, minutes: float, number: int = 1, **columns: Any) -> None:
        defaults = {"comment": "Kan het ook in eiken?", "type": "client", "firstname": "Chuck", "lastname": "de Vries"}
        Comment.objects.create(
            proposal=self.proposal,
            remote_id=number,
            position=number,
            commented_at=self.at(minutes),
            **(defaults | columns),
        )

    def mail(self, minutes: float, number: int = 1, **columns: Any) -> None:
        defaults: dict[str, Any] = {"sent_by": "Sanne Jansen", "receivers": [{"fullname": "Chuck de Vries"}]}
        SentEmail.objects.create(
            proposal=self.proposal, remote_id=number, position=number, sent_at=self.at(minutes), **(defaults | columns)
        )

    def change(self, **columns: Any) -> None:
        Proposal.objects.filter(pk=self.proposal.pk).update(**columns)

    def note(self, name: str, minutes: float, status: str = "") -> None:
        collection.note(
            connection_id=self.proposal.connection_id,
            name=name,
            remote_id=self.proposal.remote_id,
            happened_at=self.at(minutes),
            status=status,
        )

    def operate(self, minutes: float, by: User | None, **given: Any) -> Operation:
        """Let the portal change the proposal; what is no column of an operation is the draft."""
        columns = {field.name for field in Operation._meta.fields}
        draft = {name: value for name, value in given.items() if name not in columns}
        defaults: dict[str, Any] = {
            "verb": Operation.Verb.CHANGE,
            "state": Operation.State.DONE,
            "sent_at": self.at(minutes),
            "requested_by": by,
            "requested_by_name": str(by or ""),
        }
        return Operation.objects.create(
            connection=self.proposal.connection,
            target="proposals",
            remote_id=self.proposal.remote_id,
            draft=draft,
            **(defaults | {name: value for name, value in given.items() if name in columns}),
        )

    def undo(self, minutes: float, by: User | None, operation: Operation, **given: Any) -> Operation:
        """Let the portal undo an operation."""
        Operation.objects.filter(pk=operation.pk).update(state=Operation.State.UNDONE)
        return self.operate(minutes, by, undoes=operation, before=operation.draft, **(operation.before | given))

    def collect(self) -> list[str]:
        collection.collect(self.proposal.pk)
        return self.told

    @property
    def entries(self) -> list[Activity]:
        return list(Activity.objects.filter(proposal=self.proposal).order_by("happened_at", "id"))

    @property
    def told(self) -> list[str]:
        """The kinds of the entries, oldest first."""
        return [entry.kind for entry in self.entries]


@pytest.fixture
def connection(db: None) -> Connection:
    return make_connection("bouw")


@pytest.fixture
def story(connection: Connection) -> Story:
    """An open proposal of Sanne's, an hour of whose time is told; nothing was collected yet."""
    now = timezone.now().replace(second=0, microsecond=0)
    proposal = make_proposal(
        connection, owner_email=OWNER, owner_name="Sanne Jansen", as_of=now, details_as_of=now, details_fingerprint="x"
    )
    return Story(proposal, now - timedelta(hours=1))


@pytest.fixture
def known(story: Story) -> Story:
    """The same, but looked at before: from now on it is news."""
    collection.collect(story.proposal.pk)
    return story


@pytest.fixture
def make_seller(db: None) -> Callable[..., User]:
    """Makes people who may see proposals and nothing else."""

    def make(email: str = OWNER, owner: AccountUser | None = None, **columns: Any) -> User:
        user = User.objects.create_user(email.partition("@")[0], email, is_staff=True, **columns)
        link(user, account_user=owner)
        user.user_permissions.add(Permission.objects.get(codename="view_proposal"))
        return user

    return make


@pytest.fixture
def sanne(make_seller: Callable[..., User]) -> User:
    """The owner of the proposal."""
    return make_seller()

"""Asks Offorte for the objects that events were about: once for each object, however many events came.

A person is confirmed by the company's details, which hold all of its people; only a person who is not among them is
asked for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from contacts.mirror import COMPANIES, PEOPLE
from contacts.models import Person
from offorte_portal import ports
from offorte_portal.api.client import Client, Fetched
from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.changes.recording import Source, recording
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.items import listed, remote_id_of
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.resource import Json, Resource
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reasons import EventReason
from proposals.mirror import PROPOSALS, STATUSES
from proposals.models import Proposal

# An object is confirmed after this long at most, even if events of it keep coming.
LONGEST_WAIT = timedelta(seconds=30)
# How many waiting events are read to find what to ask for next, and how many pages to find a proposal by its name.
MOST_EVENTS = 2_000
MOST_PAGES = 3


class Waiting(NamedTuple):
    """An applied event that waits for its object's confirmation."""

    pk: int
    resource: str
    remote_id: int
    parent_remote_id: int | None
    applied_at: datetime
    needs_list_item: bool

    @property
    def key(self) -> tuple[str, int]:
        """The object to ask for: a person's company, or else the object itself."""
        if self.resource == PEOPLE.name and self.parent_remote_id is not None:
            return COMPANIES.name, self.parent_remote_id
        return self.resource, self.remote_id

    @property
    def person(self) -> int | None:
        """The id of the person that the event is about; None if it is not about one."""
        return self.remote_id if self.resource == PEOPLE.name else None


@dataclass
class Subject:
    """One object to ask for, and the events that wait for it."""

    connection_id: int
    resource: Resource
    remote_id: int
    events: list[Waiting] = field(default_factory=list)

    def settle(self, result: Reason, events: Iterable[Waiting] | None = None) -> None:
        """Record the result, by default on all of the events."""
        keys = [event.pk for event in (self.events if events is None else events)]
        now = ports.now()
        WebhookEvent.objects.filter(pk__in=keys, state=WebhookEvent.State.APPLIED).update(
            state=WebhookEvent.State.DONE, result=result, error=None, retry_at=None, finished_at=now
        )


def find_next(connection_id: int, *, settle: float) -> Subject | None:
    """Return the object to confirm next, or None; one with an event in the last `settle` seconds is left alone."""
    now = ports.now()
    groups: dict[tuple[str, int], list[Waiting]] = defaultdict(list)
    for event in waiting(connection_id, now):
        groups[event.key].append(event)
    quiet = now - timedelta(seconds=settle)
    for (name, remote_id), events in groups.items():
        moments = [event.applied_at for event in events]
        if max(moments) <= quiet or min(moments) <= now - LONGEST_WAIT:
            return Subject(connection_id, RESOURCES[name], remote_id, events)
    return None


def waiting(connection_id: int, now: datetime) -> list[Waiting]:
    """Return the account's events that are due to be confirmed, the oldest first."""
    rows = WebhookEvent.objects.filter(connection_id=connection_id, state=WebhookEvent.State.APPLIED)
    due = rows.exclude(retry_at__gt=now).order_by("id").values_list(*Waiting._fields)
    return [Waiting(*row) for row in due[:MOST_EVENTS]]


def confirm(client: Client, subject: Subject) -> None:
    """Ask for the object and keep the answer. Raises any OfforteError that says nothing about the object itself."""
    if subject.resource is COMPANIES:
        confirm_company(client, subject)
    elif subject.resource is PEOPLE:
        # There is no other way to ask for a person without its company.
        connection = WebhookEvent.objects.select_related("connection").get(pk=subject.events[0].pk).connection
        run.request(connection, trigger=SyncRun.Trigger.SCHEDULE, only=[COMPANIES.name])
        subject.settle(EventReason.UNRESOLVED())
    elif subject.resource is PROPOSALS:
        confirm_proposal(client, subject)
    else:
        subject.settle(ask(client, subject.connection_id, subject.resource, subject.remote_id)[0])


def confirm_company(client: Client, subject: Subject) -> None:
    """Ask for a company, then for those of its people that events were about and that are not in it."""
    result, company = ask(client, subject.connection_id, COMPANIES, subject.remote_id)
    there = {remote_id_of(person) for person in listed((company or {}).get("people"))}
    missing = {event.person for event in subject.events if event.person is not None} - there
    subject.settle(result, [event for event in subject.events if event.person not in missing])
    for person in sorted(missing):
        events = [event for event in subject.events if event.person == person]
        rows = Person.objects.filter(connection_id=subject.connection_id, remote_id=person).present()
        home = rows.values_list("company_remote_id", flat=True).first()
        if home not in {None, subject.remote_id}:
            # The person has moved: confirm it with its current company.
            WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(parent_remote_id=home)
        elif result == EventReason.REMOVED():
            subject.settle(EventReason.REMOVED(), events)  # Removed along with the company.
        else:
            subject.settle(ask(client, subject.connection_id, PEOPLE, person, parent=subject.remote_id)[0], events)


def confirm_proposal(client: Client, subject: Subject) -> None:
    """Ask for a proposal, and for its list item if an event or the answer shows that its version may have changed."""
    if any(event.needs_list_item for event in subject.events):
        read_list_item(client, subject)
    rows = Proposal.objects.filter(connection_id=subject.connection_id, remote_id=subject.remote_id)
    held = rows.values_list("payload", flat=True).first() or {}
    result, details = ask(client, subject.connection_id, PROPOSALS, subject.remote_id)
    if details and "content" in held and tells_of_list_item(held, details):
        read_list_item(client, subject)
    subject.settle(result)


def tells_of_list_item(held: Json, told: Json) -> bool:
    """Return whether a proposal's company or version may have changed; its details give the id of neither."""
    return any(told.get(key) and told[key] != held.get(key) for key in ("company", "content"))


def ask(
    client: Client, connection_id: int, resource: Resource, remote_id: int, *, parent: int = 0
) -> tuple[Reason, Json | None]:
    """Ask for one object and apply the answer to the mirror; return the result, and the object if it is there."""
    try:
        fetched = fetch(client, resource, remote_id, parent)
    except NotFound as error:
        with recording(connection_id, Source.EVENT):
            as_of = _newest(connection_id, resource, remote_id, error.requested_at or ports.now())
            mark_removed(connection_id, resource, [remote_id], as_of=as_of)
        return EventReason.REMOVED(), None
    except Hidden as error:
        with recording(connection_id, Source.EVENT):
            as_of = _newest(connection_id, resource, remote_id, error.requested_at or ports.now())
            mark_hidden(connection_id, resource, remote_id, as_of=as_of)
        return EventReason.HIDDEN(), None
    with recording(connection_id, Source.EVENT):
        as_of = _newest(connection_id, resource, remote_id, fetched.requested_at)
        details_for = ""
        if resource is PROPOSALS:
            rows = Proposal.objects.filter(connection_id=connection_id, remote_id=remote_id)
            details_for = rows.values_list("fingerprint", flat=True).first() or ""
        apply_object(connection_id, resource, remote_id, fetched.data, as_of=as_of, details_for=details_for)
    return EventReason.CONFIRMED(), fetched.data


def fetch(client: Client, resource: Resource, remote_id: int, parent: int) -> Fetched:
    """Send the request for one object. Raises any OfforteError."""
    if resource is COMPANIES:
        return client.get_company(remote_id)
    if resource is PEOPLE:
        return client.get_person(parent, remote_id)
    return client.get_proposal(remote_id)


def read_list_item(client: Client, subject: Subject) -> None:
    """Find a proposal in Offorte's list by its name, because only the list has the ids of its company and its version.

    A proposal without a name can't be searched for: the newest pages of its status are read.
    """
    row = Proposal.objects.filter(connection_id=subject.connection_id, remote_id=subject.remote_id).first()
    if row is None:
        return
    query = row.name if row.name.strip() else None
    status = row.status if row.status in STATUSES else STATUSES[0]
    for number in range(1, MOST_PAGES + 1):
        try:
            page = client.fetch_page(PROPOSALS.name, number, bucket=status, query=query)
        except NotFound:
            return
        items = [item for item in page.items if remote_id_of(item) == subject.remote_id]
        if items:
            bucket = str(items[0].get("status") or status)
            as_of = max(page.requested_at, row.as_of)
            with recording(subject.connection_id, Source.EVENT):
                apply_list(subject.connection_id, PROPOSALS, items, as_of=as_of, bucket=bucket)
        if items or page.is_last:
            return


def _newest(connection_id: int, resource: Resource, remote_id: int, at: datetime) -> datetime:
    """Return the moment for an answer of now, which is never before what the mirror held when it was asked."""
    rows = resource.model._default_manager.filter(connection_id=connection_id, remote_id=remote_id)
    known = rows.values_list("as_of", flat=True).first()
    return max(known, at) if known else at

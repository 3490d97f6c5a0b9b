"""Making entries and notifications from what the mirror holds, and from events."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from offorte_portal import ports
from offorte_portal.activity import notifying
from offorte_portal.activity.happenings import VISIT, Happening, Kind, attribute, read_happenings
from offorte_portal.activity.merging import CHANGED_COLUMNS, Entries, status_of
from offorte_portal.activity.models import Activity, ActivityState
from offorte_portal.writes.attribution import NOT_DONE, Deed, find_operations, read_deeds
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

EVENTS = {
    "proposal_created": Kind.CREATED,
    "proposal_send": Kind.SENT,
    "proposal_viewed": Kind.VIEWED,
    "proposal_comment_received": Kind.COMMENTED,
    "proposal_won": Kind.WON,
    "proposal_lost": Kind.LOST,
}
# A question older than this counts as read when the portal first looks at its proposal.
NEWS = timedelta(hours=24)


def note(*, connection_id: int, name: str, remote_id: int, happened_at: datetime, status: str = "") -> None:
    """Take in an event of a proposal, after it was applied; `status` is the one in the event, if any.

    An event that comes again, late or out of order changes nothing.
    """
    found = Proposal.objects.filter(connection_id=connection_id, remote_id=remote_id).values_list("pk", "status")
    proposal = found.first()
    if proposal is None:
        return
    pk, known_status = proposal
    kind = EVENTS.get(name)
    if kind == Kind.LOST and (status or known_status) == Proposal.Status.CLOSED:
        kind = Kind.CLOSED
    at = min(happened_at, ports.now())
    collect(pk, Happening(kind, at, is_client=kind in {Kind.VIEWED, Kind.COMMENTED}) if kind else None)


@transaction.atomic
def collect(proposal_id: int, event: Happening | None = None) -> None:
    """Make entries from what the mirror holds of a proposal and from an event, and notify people of new ones.

    The first time, people are notified of the event only. Calling it again changes nothing.
    """
    # Two processes must not add the same entry. Applying details takes this lock first as well.
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("activity_state")
    proposal = rows.defer("payload", "search_text").get(pk=proposal_id)
    state: ActivityState | None = getattr(proposal, "activity_state", None)
    entries = Entries(proposal, list(proposal.activities.all()))
    deeds = read_deeds(find_operations(proposal.connection_id, proposal.remote_id))
    _take_back(entries, deeds)
    happenings = read_happenings(proposal, state.status if state else None, deeds)
    entries.named = {each.deed.operation_id: each.named for each in happenings if each.deed and each.named}
    for happening in happenings:
        entries.take(happening)
    if event and (told := _attribute(event, deeds, entries)):
        entries.take(told)
    _settle_questions(entries, is_first=state is None)
    if entries.new:
        Activity.objects.bulk_create(entries.new)
    if entries.changed:
        Activity.objects.bulk_update(entries.changed.values(), [*CHANGED_COLUMNS, "read_at"])
    _remember(proposal, state, entries)
    news = entries.new
    if state is None:
        news = [
            entry
            for entry in news
            if event and status_of(entry.kind) == status_of(event.kind) and abs(entry.happened_at - event.at) < VISIT
        ]
    notifying.tell(proposal, news)


def _take_back(entries: Entries, deeds: Sequence[Deed]) -> None:
    """Remove the entries of what was undone, and take our name off those of what was not done after all."""
    known = {entry.operation_id for entry in entries.known if entry.operation_id}
    if not known:
        return
    if missing := known - {deed.operation_id for deed in deeds}:
        failed = Operation.objects.filter(pk__in=missing, state__in=NOT_DONE)
        entries.forget(set(failed.values_list("pk", flat=True)))
    gone = entries.take_back({deed.operation_id for deed in deeds if deed.is_undone})
    if gone:
        notifying.take_back(gone)
        Activity.objects.filter(pk__in=[entry.pk for entry in gone]).delete()


def _attribute(event: Happening, deeds: Sequence[Deed], entries: Entries) -> Happening | None:
    """Return an event as the deed of ours that it tells of, if no entry is about that yet; None if it was undone."""
    known = {entry.operation_id for entry in entries.known}
    open_ones = [deed for deed in deeds if deed.operation_id not in known]
    happening = attribute([event], open_ones)[0]
    return None if happening.deed and happening.deed.is_undone else happening


def _settle_questions(entries: Entries, *, is_first: bool) -> None:
    """Mark as read the questions that have been answered, and on the first look those that are old.

    A question that arrives late after that, say after a gap in Offorte's events, still waits for an answer.
    """
    answered_at = max((entry.happened_at for entry in entries.known if entry.kind == Kind.ANSWERED), default=None)
    for entry in entries.known:
        if not entry.is_unread:
            continue
        if answered_at and entry.happened_at <= answered_at:
            entry.read_at = answered_at
        elif is_first and not entry.pk and entry.happened_at < ports.now() - NEWS:
            entry.read_at = ports.now()
        if entry.pk and entry.read_at:
            entries.changed[entry.pk] = entry


def _remember(proposal: Proposal, state: ActivityState | None, entries: Entries) -> None:
    """Store what the next call compares with; nothing until the details were read."""
    if proposal.details_as_of is None:
        return
    status = state.status if state and entries.is_unsure else proposal.status
    known = {"status": status, "owner_key": proposal.owner_key}
    if state is None:
        ActivityState.objects.create(proposal=proposal, **known)
    elif (state.status, state.owner_key) != (status, proposal.owner_key):
        ActivityState.objects.filter(pk=state.pk).update(**known)
        proposal.activities.exclude(owner_key=proposal.owner_key).update(owner_key=proposal.owner_key)

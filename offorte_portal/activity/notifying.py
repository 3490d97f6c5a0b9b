"""Notifying people of new entries: once of each, and one by one only up to a limit after a gap."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import F

from offorte_portal import ports
from offorte_portal.activity.happenings import Kind
from offorte_portal.activity.models import Activity, Notification, NotificationChoice
from offorte_portal.activity.preferences import Channel, Event, Scope, default
from offorte_portal.staff.identity import find_staff, identify
from proposals.models import AccountUser, Proposal

PERMISSION = "proposals.view_proposal"
EVENTS: dict[str, Event] = {
    Kind.COMMENTED: Event.COMMENTED,
    Kind.VIEWED: Event.VIEWED,
    Kind.SIGNED: Event.WON,
    Kind.WON: Event.WON,
    Kind.LOST: Event.LOST,
    Kind.CLOSED: Event.LOST,
}
# An entry that is older when the portal first hears of it is shown in the feed only.
NEWS = timedelta(hours=24)
# Up to `MOST` in `MINUTES` get a notification each; more are counted in one.
MOST = 10
MINUTES = timedelta(minutes=10)


def tell(proposal: Proposal, entries: Sequence[Activity]) -> None:
    """Notify people of these new entries of the proposal, through the channels that they have chosen."""
    since = ports.now() - NEWS
    news = [entry for entry in entries if entry.kind in EVENTS and entry.happened_at >= since]
    if not news:
        return
    channels = _read_channels(proposal, {EVENTS[entry.kind] for entry in news})
    keys = {pk for (pk, _event), channel in channels.items() if channel != Channel.OFF}
    for user in User.objects.filter(pk__in=keys, is_active=True, is_staff=True):
        if not user.has_perm(PERMISSION):
            continue
        deliveries = []
        for entry in news:
            channel = channels.get((user.pk, EVENTS[entry.kind]), Channel.OFF)
            if channel != Channel.OFF and not _is_own_doing(user, entry):
                deliveries.append((entry, channel == Channel.MAIL))
        if deliveries:
            _write(user, deliveries)


def _read_channels(proposal: Proposal, events: Collection[Event]) -> dict[tuple[int, Event], str]:
    """Return {(person, event): channel} for the people who may care about these events of this proposal."""
    owner = find_staff([proposal.connection_id]).get((proposal.connection_id, proposal.owner_key))
    channels = {(owner, event): default(event, Scope.OWN) for event in events} if owner else {}
    chosen = NotificationChoice.objects.filter(event__in=events).values_list("user_id", "event", "scope", "channel")
    for pk, event, scope, channel in chosen:
        if scope == (Scope.OWN if pk == owner else Scope.TEAM):
            channels[pk, Event(event)] = channel
    return channels


def take_back(entries: Collection[Activity]) -> None:
    """Let the notifications of entries that are about to go stand for others of the same job; the rest go with them."""
    gone = [entry.pk for entry in entries]
    for row in Notification.objects.filter(activity__in=gone).exclude(fold="").select_related("activity"):
        if row.activity is None:
            continue
        same = Activity.objects.filter(job_id=row.activity.job_id, kind=row.activity.kind).exclude(pk__in=gone)
        if row.fold.endswith(Scope.OWN):
            same = same.filter(connection=row.activity.connection_id, owner_key=row.activity.owner_key)
        taken = Notification.objects.filter(user=row.user_id, activity__isnull=False)
        other = same.exclude(pk__in=taken.values("activity")).order_by("-happened_at", "-pk").first()
        if other is not None:
            Notification.objects.filter(pk=row.pk).update(activity=other)


def _is_own_doing(user: User, entry: Activity) -> bool:
    """Return whether the person did this themselves, in the portal or in Offorte, so that it is no news to them."""
    if entry.is_client:
        return False
    if entry.operation_id is not None:
        return entry.by_id == user.pk
    return bool(entry.person) and entry.person == _name_at_offorte(user, entry.connection_id)


def _name_at_offorte(user: User, connection_id: int) -> str:
    remote_id = identify(user).offorte_users.get(connection_id)
    found = AccountUser.objects.filter(connection=connection_id, remote_id=remote_id or 0)
    return next((f"{each.firstname} {each.lastname}".strip() for each in found.only("firstname", "lastname")), "")


def _fold(user: User, entry: Activity, by_mail: bool) -> bool:
    """Count the entry in the notification of its job, which is news again; return False if there is none yet."""
    fold = _fold_of(user, entry)
    if not fold:
        return False
    changes = {"read_at": None} | ({"wants_mail": True} if by_mail else {})
    return bool(Notification.objects.filter(user=user, fold=fold).update(**changes))


def _fold_of(user: User, entry: Activity) -> str:
    """Return what entries of one job have in common that one notification to this person stands for."""
    if entry.job_id is None:
        return ""
    is_own = (entry.connection_id, entry.owner_key) in identify(user).keys
    return f"{entry.job_id}:{entry.kind}:{Scope.OWN if is_own else Scope.TEAM}"


def _write(user: User, deliveries: list[tuple[Activity, bool]]) -> None:
    deliveries = [each for each in deliveries if not _fold(user, *each)]
    recent = Notification.objects.filter(user=user, created_at__gte=ports.now() - MINUTES, activity__isnull=False)
    room = max(MOST - recent[:MOST].count(), 0)
    rows = [
        Notification(user=user, activity=entry, wants_mail=by_mail, fold=_fold_of(user, entry))
        for entry, by_mail in deliveries[:room]
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    beyond = deliveries[room:]
    if not beyond:
        return
    # The others are counted in a notification that stands for many; a new one if that was read or mailed.
    wants_mail = any(by_mail for _entry, by_mail in beyond)
    open_one = Notification.objects.filter(
        user=user, activity__isnull=True, export__isnull=True, read_at__isnull=True, mailed_at__isnull=True
    ).first()
    if open_one is None:
        Notification.objects.create(user=user, count=len(beyond), wants_mail=wants_mail)
        return
    changes = {"count": F("count") + len(beyond)} | ({"wants_mail": True} if wants_mail else {})
    Notification.objects.filter(pk=open_one.pk).update(**changes)

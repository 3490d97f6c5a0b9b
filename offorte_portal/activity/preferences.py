"""How people want to be notified of activity."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import transaction

from offorte_portal.activity.models import NotificationChoice

Event = NotificationChoice.Event
Scope = NotificationChoice.Scope
Channel = NotificationChoice.Channel

# For one's own proposals; off for those of others. A question waits for an answer, so it is mailed.
DEFAULTS = {
    Event.COMMENTED: Channel.MAIL,
    Event.VIEWED: Channel.PORTAL,
    Event.WON: Channel.PORTAL,
    Event.LOST: Channel.PORTAL,
}

Choices = dict[tuple[str, str], str]
"""(event, scope) -> channel."""


def default(event: str, scope: str) -> str:
    """Return the channel of a person who has chosen none."""
    return DEFAULTS[Event(event)] if scope == Scope.OWN else Channel.OFF


def read_choices(user: User) -> Choices:
    """Return a person's channel for each event and scope."""
    rows = NotificationChoice.objects.filter(user=user).values_list("event", "scope", "channel")
    chosen = {(event, scope): channel for event, scope, channel in rows}
    return {(event, scope): chosen.get((event, scope)) or default(event, scope) for event, scope in every()}


def save_choices(user: User, choices: Choices) -> None:
    with transaction.atomic():
        for (event, scope), channel in choices.items():
            NotificationChoice.objects.update_or_create(
                user=user, event=event, scope=scope, defaults={"channel": channel}
            )


def every() -> Iterator[tuple[str, str]]:
    """Yield each event with each scope."""
    return ((event.value, scope.value) for event in Event for scope in Scope)

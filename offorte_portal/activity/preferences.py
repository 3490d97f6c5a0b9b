"""How people want to be told of what happens."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import transaction

from offorte_portal.activity.models import NotificationChoice

Event = NotificationChoice.Event
Scope = NotificationChoice.Scope
Channel = NotificationChoice.Channel

# A question waits for an answer, so it goes by mail. Of the proposals of others only who asks for it is told.
DEFAULTS = {
    Event.COMMENTED: Channel.MAIL,
    Event.VIEWED: Channel.PORTAL,
    Event.WON: Channel.PORTAL,
    Event.LOST: Channel.PORTAL,
}

Choices = dict[tuple[str, str], str]
"""(event, scope) -> channel."""


def default(event: str, scope: str) -> str:
    """The channel of who has chosen nothing."""
    return DEFAULTS[Event(event)] if scope == Scope.OWN else Channel.OFF


def read_choices(user: User) -> Choices:
    """A person's channel for each event and scope."""
    rows = NotificationChoice.objects.filter(user=user).values_list("event", "scope", "channel")
    chosen = {(event, scope): channel for event, scope, channel in rows}
    return {(event, scope): chosen.get((event, scope)) or default(event, scope) for event, scope in every()}


def save_choices(user: User, choices: Choices) -> None:
    """Keep what a person has chosen."""
    with transaction.atomic():
        for (event, scope), channel in choices.items():
            NotificationChoice.objects.update_or_create(
                user=user, event=event, scope=scope, defaults={"channel": channel}
            )


def every() -> Iterator[tuple[str, str]]:
    """Each event with each scope."""
    return ((event.value, scope.value) for event in Event for scope in Scope)

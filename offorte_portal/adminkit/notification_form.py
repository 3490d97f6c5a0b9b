"""The form in which people choose what they are told of, and how."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms import BoundField

from offorte_portal.activity.preferences import Channel, Event, Scope, every, read_choices, save_choices


class NotificationForm(forms.Form):
    """A choice for each event and whose proposals it is about."""

    def __init__(self, user: User, data: Any = None) -> None:
        known = {_name(*one): channel for one, channel in read_choices(user).items()}
        super().__init__(data, initial=known)
        self.user = user
        for event, scope in every():
            self.fields[_name(event, scope)] = forms.ChoiceField(label=Scope(scope).label, choices=Channel.choices)

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each event in words, with a field for each scope."""
        for event in Event:
            yield str(event.label), [self[_name(event.value, scope.value)] for scope in Scope]

    def scopes(self) -> list[str]:
        """The scopes in words."""
        return [str(scope.label) for scope in Scope]

    def save(self) -> None:
        """Keep what was chosen."""
        save_choices(self.user, {one: self.cleaned_data[_name(*one)] for one in every()})


def _name(event: str, scope: str) -> str:
    return f"{event}_{scope}"

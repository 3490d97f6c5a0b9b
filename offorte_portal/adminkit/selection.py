"""What a person ticked in a list, on its way to the page that asks what to do with it: signed, and small.

Rows that were ticked are carried by their keys; "select all" is the list's own address, and becomes keys when they
are needed. Nothing is stored before the job is started, so that an abandoned page leaves nothing behind.
"""

import copy
from dataclasses import dataclass
from typing import Any, Self, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Model
from django.http import HttpRequest, QueryDict

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.changelist import MirrorChangeList

SALT = "offorte_portal.selection"
# A page that was opened longer ago is not confirmed any more.
LONGEST = 24 * 60 * 60
# More rows are no selection but a project: at 30 requests a minute these take eleven hours.
MOST_ROWS = 20_000


class TooManyError(Exception):
    """More rows were selected than one job takes."""


class OutdatedError(Exception):
    """The selection was made too long ago, by somebody else, or was tampered with."""


@dataclass(frozen=True)
class Chosen:
    """The rows as they are at this moment: their keys in the list's order, and the accounts that they belong to."""

    keys: list[int]
    connections: frozenset[int]


@dataclass(frozen=True)
class Selection:
    """Rows of one list that one person selected; `keys` None means all that the list's address `query` finds."""

    model: type[Model]
    keys: list[int] | None
    query: str
    account: int | None

    @classmethod
    def of(cls, request: HttpRequest, model: type[Model], keys: list[int] | None) -> Self:
        """What the person ticked in the list that `request` is about."""
        account = accounts.selected(request)
        return cls(model, keys, request.GET.urlencode(), account.pk if account else None)

    def sign(self, user: User) -> str:
        """The selection as text that only this person can use."""
        held = {"m": self.model._meta.label_lower, "u": user.pk, "q": self.query, "a": self.account}
        if self.keys is not None:
            held["k"] = self.keys
        return signing.dumps(held, salt=SALT, compress=True)

    @classmethod
    def load(cls, text: str, model: type[Model], user: User) -> Self:
        """The selection that `sign` wrote; raises OutdatedError where it did not, or too long ago."""
        try:
            held: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LONGEST)
        except signing.BadSignature as error:
            raise OutdatedError from error
        if held["m"] != model._meta.label_lower or held["u"] != user.pk:
            raise OutdatedError
        return cls(model, held.get("k"), held["q"], held["a"])

    def read(self, request: HttpRequest) -> Chosen:
        """The rows now. Raises TooManyError."""
        changelist = self.open_list(request)
        found = changelist.queryset
        if self.keys is not None:
            found = changelist.model_admin.get_queryset(request).filter(pk__in=self.keys)
        rows = list(found.values_list("pk", "connection_id")[: MOST_ROWS + 1])
        if len(rows) > MOST_ROWS:
            raise TooManyError
        return Chosen([pk for pk, _ in rows], frozenset(connection for _, connection in rows))

    def open_list(self, request: HttpRequest) -> MirrorChangeList:
        """The list as the person had it before them, whatever account they look at in the meantime."""
        inner = copy.copy(request)
        inner.method = "GET"
        inner.GET = QueryDict(self.query)
        inner.session = {accounts.SESSION_KEY: self.account}  # type: ignore[assignment]  # is only read
        model_admin = admin.site.get_model_admin(self.model)
        return cast(MirrorChangeList, model_admin.get_changelist_instance(inner))

"""The rows that a person selected in a list, passed on to the page of a bulk action as a short signed text.

Selected rows are passed on by their keys; "select all" is passed on as the list's own parameters, from which the keys
are read when they are needed. Nothing is stored before the job is started, so an abandoned page leaves nothing behind.
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
# Seconds after which a selection is outdated.
LONGEST = 24 * 60 * 60
# A limit to what one job takes on: at 30 requests a minute, these rows take eleven hours.
MOST_ROWS = 20_000


class TooManyError(Exception):
    """More rows were selected than one job takes."""


class OutdatedError(Exception):
    """The selection was made too long ago, by somebody else or for another list, or was tampered with."""


@dataclass(frozen=True)
class Chosen:
    """The rows at this moment: their keys, and the accounts that they belong to."""

    keys: list[int]
    connections: frozenset[int]


@dataclass(frozen=True)
class Selection:
    """Rows of a list that a person selected; without `keys`, all rows that the list's parameters `query` find."""

    model: type[Model]
    keys: list[int] | None
    query: str
    account: int | None

    @classmethod
    def of(cls, request: HttpRequest, model: type[Model], keys: list[int] | None) -> Self:
        """Return the selection of these keys, or of all rows, in the list that `request` shows."""
        account = accounts.selected(request)
        return cls(model, keys, request.GET.urlencode(), account.pk if account else None)

    def sign(self, user: User) -> str:
        """Return the selection as text that only this person can use."""
        held = {"m": self.model._meta.label_lower, "u": user.pk, "q": self.query, "a": self.account}
        if self.keys is not None:
            held["k"] = self.keys
        return signing.dumps(held, salt=SALT, compress=True)

    @classmethod
    def load(cls, text: str, model: type[Model], user: User) -> Self:
        """Read the selection that `sign` wrote. Raises OutdatedError."""
        try:
            held: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LONGEST)
        except signing.BadSignature as error:
            raise OutdatedError from error
        if held["m"] != model._meta.label_lower or held["u"] != user.pk:
            raise OutdatedError
        return cls(model, held.get("k"), held["q"], held["a"])

    def read(self, request: HttpRequest) -> Chosen:
        """Return the rows at this moment. Raises TooManyError."""
        changelist = self.open_list(request)
        found = changelist.queryset
        if self.keys is not None:
            found = changelist.model_admin.get_queryset(request).filter(pk__in=self.keys)
        rows = list(found.values_list("pk", "connection_id")[: MOST_ROWS + 1])
        if len(rows) > MOST_ROWS:
            raise TooManyError
        return Chosen([pk for pk, _ in rows], frozenset(connection for _, connection in rows))

    def open_list(self, request: HttpRequest) -> MirrorChangeList:
        """Open the list as the person saw it, whatever account they have chosen since."""
        inner = copy.copy(request)
        inner.method = "GET"
        inner.GET = QueryDict(self.query)
        inner.session = {accounts.SESSION_KEY: self.account}  # type: ignore[assignment]  # only read
        model_admin = admin.site.get_model_admin(self.model)
        return cast(MirrorChangeList, model_admin.get_changelist_instance(inner))

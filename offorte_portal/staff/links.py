"""Links staff to Offorte users: matched by address, decided by an administrator, recorded in the security log."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.staff import security_log
from offorte_portal.staff.identity import ADDRESS
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.staff.rights import PERMISSION, may_manage
from offorte_portal.staff.security_log import Kind
from proposals.models import AccountUser


class TakenError(Exception):
    """Somebody else was linked to that Offorte user first."""


@dataclass(frozen=True)
class Match:
    """A member of staff and the Offorte user with the same address."""

    user: User
    offorte_user: AccountUser

    @property
    def key(self) -> str:
        """The value of the match in forms."""
        return f"{self.user.pk}:{self.offorte_user.pk}"


def find_matches(users: Iterable[User]) -> list[Match]:
    """Return the users with the only Offorte user of an account with their address, where neither is linked yet.

    A match has no effect until an administrator turns it into a link. Takes two queries.
    """
    people = {user.email.lower(): user for user in users if user.email}
    present = AccountUser.objects.present().annotate(address=ADDRESS).filter(address__in=people)
    links = list(OfforteUserLink.objects.values_list("connection_id", "remote_id", "user_id"))
    taken = {(account, remote_id) for account, remote_id, _ in links}
    linked = {(account, user) for account, _, user in links}
    by_account: dict[tuple[int, str], list[AccountUser]] = {}
    for found in present.select_related("connection").defer("payload").order_by("connection", "pk"):
        by_account.setdefault((found.connection_id, found.address), []).append(found)
    return [
        Match(people[address], found[0])
        for (account, address), found in by_account.items()
        if len(found) == 1
        and (account, people[address].pk) not in linked
        and (account, found[0].remote_id) not in taken
    ]


def link(user: User, offorte_user: AccountUser, *, by: User, request: HttpRequest | None = None) -> bool:
    """Link the person to this Offorte user, in place of their link in that account; return False if that is the link.

    Raises PermissionDenied where `by` is not an administrator or the person has more rights; TakenError.
    """
    _require(by, user)
    account = offorte_user.connection
    try:
        with transaction.atomic():
            before = OfforteUserLink.objects.select_for_update().filter(user=user, connection=account).first()
            if before and before.remote_id == offorte_user.remote_id:
                return False
            _end(before, by, request)
            made = OfforteUserLink.objects.create(
                user=user, connection=account, remote_id=offorte_user.remote_id, name=str(offorte_user)[:200],
                linked_by=by, linked_at=ports.now(),
            )  # fmt: skip
            _record(Kind.OFFORTE_USER_LINKED, made, by, request)
    except IntegrityError as error:
        raise TakenError(str(offorte_user)) from error
    return True


def unlink(user: User, account: Connection, *, by: User, request: HttpRequest | None = None) -> OfforteUserLink | None:
    """Remove the person's link in this account; return it, None where there was none. Raises PermissionDenied."""
    _require(by, user)
    with transaction.atomic():
        before = OfforteUserLink.objects.select_for_update().filter(user=user, connection=account).first()
        _end(before, by, request)
    return before


def link_all(matches: Collection[Match], *, by: User, request: HttpRequest | None = None) -> list[Match]:
    """Link these matches; return those that were linked. Skips those that somebody else was linked to meanwhile."""
    made = []
    for match in matches:
        try:
            is_new = link(match.user, match.offorte_user, by=by, request=request)
        except TakenError:
            continue
        if is_new:
            made.append(match)
    return made


def _require(by: User, user: User) -> None:
    if not by.has_perm(PERMISSION) or not may_manage(by, user):
        raise PermissionDenied


def _end(link: OfforteUserLink | None, by: User, request: HttpRequest | None) -> None:
    if link is not None:
        link.delete()
        _record(Kind.OFFORTE_USER_UNLINKED, link, by, request)


def _record(kind: Kind, link: OfforteUserLink, by: User, request: HttpRequest | None) -> None:
    details: dict[str, Any] = {"offorte_user": link.remote_id, "offorte_name": link.name}
    security_log.record(kind, by=by, about=link.user, request=request, connection=link.connection, **details)

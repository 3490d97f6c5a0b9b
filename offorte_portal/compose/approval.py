"""Sends that a manager has to approve: above an amount, or above a discount."""

import uuid
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.compose.totals import PricedRow, Totals, Vat, add_up, discount_part
from offorte_portal.staff.access import OTHERS, owns
from proposals.models import PriceRow, Proposal

PERMISSION = "compose.approve_proposal"
State = Approval.State


class Figures(NamedTuple):
    """What a manager decides about; None for what is unknown."""

    value: Decimal | None
    discount: Decimal | None


class Reason(NamedTuple):
    """A limit that a proposal exceeds; `figure` is None if it is unknown and might exceed it."""

    rule: str
    limit: Decimal
    figure: Decimal | None


def read_settings() -> ApprovalSettings:
    """Return the limits; without any if nobody has set them."""
    return ApprovalSettings.objects.first() or ApprovalSettings()


def find_figures(proposal: Proposal) -> Figures:
    """Return the value and the discount, None for both if the details were never read.

    The value is the higher of the pipeline value and the prices, as lowering the former doesn't lower the latter.
    """
    if proposal.details_as_of is None:
        return Figures(None, None)
    tables: list[Totals] = []
    for table in proposal.price_tables.prefetch_related("rows"):
        vat = Vat.HIDDEN if table.is_vat_hidden else Vat.WITHIN if table.rows_include_vat else Vat.ON_TOP
        tables.append(add_up((_line(row) for row in table.rows.all()), vat))
    values = [proposal.price_total, sum((table.net for table in tables), Decimal(0)) if tables else None]
    known = [value for value in values if value is not None]
    return Figures(max(known) if known else None, discount_part(tables))


def _line(row: PriceRow) -> PricedRow:
    """Return a row as it is added up; for a discount Offorte returns what was taken off."""
    is_discount = row.type == PriceRow.Type.DISCOUNT
    if is_discount and row.subtotal is not None:
        return PricedRow(row.type, discount=abs(row.subtotal), is_amount=True)
    zero = Decimal(0)
    off = row.discount or zero
    return PricedRow(
        row.type or PriceRow.Type.PRICE,
        row.count if row.count is not None else Decimal(1),
        row.price or zero,
        row.vat_percentage or zero,
        off,
        # Offorte's older answers don't say: a percentage, as in the reference's example, if it is at most 100.
        row.discount_type == "amount" or (not row.discount_type and off > 100),
        counts=not row.userinput_optional or row.userinput_optional_checked is not False,
    )


def has_rules() -> bool:
    """Return whether any send needs a manager."""
    rules = read_settings()
    return rules.amount_above is not None or rules.discount_above is not None


def find_reasons(proposal: Proposal) -> list[Reason]:
    """Return the limits that the proposal exceeds; without any, nobody has to approve it."""
    rules = read_settings()
    if rules.amount_above is None and rules.discount_above is None:
        return []
    figures = find_figures(proposal)
    limits = (("amount", rules.amount_above, figures.value), ("discount", rules.discount_above, figures.discount))
    return [
        Reason(rule, limit, figure)
        for rule, limit, figure in limits
        if limit is not None and (figure is None or figure > limit)
    ]


def find_waiting(proposal: Proposal) -> Approval | None:
    """Return the request about this proposal that nobody has decided about."""
    return Approval.objects.filter(proposal=proposal, state=State.WAITING).select_related("requested_by").first()


def visible(user: User) -> QuerySet[Approval]:
    """Return the requests that the person may see: their own, or everybody's if they may approve."""
    found = Approval.objects.filter(proposal__removed_at__isnull=True)
    if not user.has_perm(PERMISSION):
        found = found.filter(requested_by=user)
    return found.select_related("proposal__connection", "proposal__company", "requested_by", "decided_by")


def may_decide(user: User, request: Approval) -> bool:
    """Return whether the person may decide; nobody decides about their own requests."""
    may_see = user.has_perm(OTHERS) or owns(user, request.proposal)
    return user.has_perm(PERMISSION) and may_see and request.requested_by_id != user.pk


def ask(proposal: Proposal, order: dict[str, object], *, key: uuid.UUID, by: User) -> Approval:
    """Create the request to approve a send, under the proposal's lock; the same key twice is one request."""
    figures = find_figures(proposal)
    asked = {"proposal": proposal, "order": order, "requested_by": by}
    return Approval.objects.get_or_create(key=key, defaults={**asked, **figures._asdict()})[0]


def close(request: Approval, state: str, *, by: User, note: str = "") -> bool:
    """End a waiting request; return False if it was ended elsewhere."""
    waiting = Approval.objects.filter(pk=request.pk, state=State.WAITING)
    with transaction.atomic():
        return bool(waiting.update(state=state, decided_by=by, decided_at=ports.now(), note=note))


def count_waiting(user: User) -> int:
    """Return the number of waiting requests of others, 0 if the person may not approve."""
    if not user.has_perm(PERMISSION):
        return 0
    return visible(user).filter(state=State.WAITING).exclude(Q(requested_by=user)).count()

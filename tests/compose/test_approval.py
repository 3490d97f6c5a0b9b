"""Approval: what needs it, who may give it, and what happens then."""

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from contacts.models import Person
from offorte_portal.compose import approval, sending
from offorte_portal.compose.approval import Figures
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.compose.sending import NotSentError, Order
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import PriceRow, Proposal
from tests.support.factories import make_proposal
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db
State = Approval.State
FIGURES = Figures(Decimal("900.0000"), Decimal("10.00"))


def set_rules(amount: str | None = None, discount: str | None = None) -> None:
    limits = [None if text is None else Decimal(text) for text in (amount, discount)]
    ApprovalSettings.objects.update_or_create(
        pk=1, defaults=dict(zip(("amount_above", "discount_above"), limits, strict=True))
    )


def ask(proposal: Proposal, person: Person, by: User, key: uuid.UUID | None = None) -> Approval:
    order = Order([person.remote_id], send_message="Dag")
    seen = sending.find_marks(proposal)
    return sending.request_approval(proposal, order, seen=seen, key=key or uuid.uuid4(), by=by)


@pytest.mark.parametrize(
    ("amount", "discount", "expected"),
    [
        (None, None, []),
        ("900", None, []),
        ("899.99", None, ["amount"]),
        (None, "10", []),
        (None, "9.99", ["discount"]),
        ("0", "0", ["amount", "discount"]),
    ],
)
def test_above_a_limit_it_takes_approval(
    proposal: Proposal, amount: str | None, discount: str | None, expected: list[str]
) -> None:
    set_rules(amount, discount)
    assert [reason.rule for reason in approval.find_reasons(proposal)] == expected
    assert approval.find_figures(proposal) == FIGURES


def test_a_lower_pipeline_value_does_not_lower_the_prices(proposal: Proposal) -> None:
    Proposal.objects.update(price_total=1)
    proposal.refresh_from_db()
    assert approval.find_figures(proposal).value == 900
    proposal.price_total = Decimal(5000)
    assert approval.find_figures(proposal).value == 5000


def test_what_is_not_known_counts_as_above() -> None:
    set_rules("100", "5")
    reasons = approval.find_reasons(make_proposal(price_total=1))
    assert [(reason.rule, reason.figure) for reason in reasons] == [("amount", None), ("discount", None)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"discount": 50, "discount_type": "percentage"}, "55.00"),
        ({"discount": 500, "discount_type": "amount"}, "55.00"),
        ({"discount": 50, "discount_type": ""}, "55.00"),
        ({"discount": 500, "discount_type": ""}, "55.00"),
        ({"userinput_optional": True, "userinput_optional_checked": False}, "0.00"),
        ({"userinput_optional": True, "userinput_optional_checked": True}, "10.00"),
        ({"price": None}, "0.00"),
        ({"count": None}, "20.00"),
    ],
)
def test_discounts_of_rows_count_too(proposal: Proposal, fields: dict[str, object], expected: str) -> None:
    prices = PriceRow.objects.filter(table__proposal=proposal, type="price")
    prices.update(**fields)
    discounts = PriceRow.objects.filter(table__proposal=proposal, type="discount")
    # What was taken off is known where Offorte told it; without it, it is worked out.
    is_told = fields == {"count": None}
    discounts.update(subtotal=-100 if is_told else None, discount_type="percentage")
    assert approval.find_figures(proposal).discount == Decimal(expected)


def test_a_seller_can_not_send_past_it_and_a_manager_can(
    simulator: Simulator, proposal: Proposal, person: Person, seller: User, manager: User
) -> None:
    set_rules("100")
    order, seen = Order([person.remote_id], send_message="Dag"), sending.find_marks(proposal)
    with pytest.raises(NotSentError, match="approval_needed"):
        sending.order_send(proposal, order, seen=seen, key=uuid.uuid4(), by=seller)
    assert not Operation.objects.exists()
    done = sending.perform(sending.order_send(proposal, order, seen=seen, key=uuid.uuid4(), by=manager))
    assert done.state == Operation.State.DONE
    assert len(simulator.sent_mails) == 1


def test_what_is_approved_goes_out_as_it_was_asked_for(
    simulator: Simulator, proposal: Proposal, person: Person, seller: User, manager: User
) -> None:
    set_rules("100")
    key = uuid.uuid4()
    request = ask(proposal, person, seller, key)
    assert ask(proposal, person, seller, key) == request
    assert (request.value, request.discount) == FIGURES
    assert approval.find_waiting(proposal) == request
    assert approval.count_waiting(manager) == 1
    assert approval.count_waiting(seller) == 0
    done = sending.perform(sending.approve(request, figures=FIGURES, by=manager, note="Mooi"))
    assert (done.state, done.requested_by) == (Operation.State.DONE, seller)
    assert [mail.message for mail in simulator.sent_mails] == ["Dag"]
    request.refresh_from_db()
    assert (request.state, request.decided_by, request.note, request.operation) == (
        State.APPROVED,
        manager,
        "Mooi",
        done,
    )
    with pytest.raises(NotSentError, match="decided_meanwhile"):
        sending.approve(request, figures=FIGURES, by=manager)
    assert len(simulator.sent_mails) == 1


def test_one_request_waits_at_a_time(proposal: Proposal, person: Person, seller: User) -> None:
    ask(proposal, person, seller)
    with pytest.raises(NotSentError):
        ask(proposal, person, seller)
    assert Approval.objects.count() == 1


def test_what_changed_since_the_manager_looked_is_not_approved(
    proposal: Proposal, person: Person, seller: User, manager: User
) -> None:
    request = ask(proposal, person, seller)
    Proposal.objects.update(price_total=9000)
    with pytest.raises(NotSentError, match="changed_meanwhile"):
        sending.approve(request, figures=FIGURES, by=manager)
    request.refresh_from_db()
    assert request.state == State.WAITING
    assert not Operation.objects.exists()


def test_what_was_sent_since_it_was_asked_for_is_not_sent_again(
    simulator: Simulator, proposal: Proposal, person: Person, seller: User, manager: User
) -> None:
    request = ask(proposal, person, seller)
    order = Order([person.remote_id], send_message="Eerst")
    sending.perform(
        sending.order_send(proposal, order, seen=sending.find_marks(proposal), key=uuid.uuid4(), by=manager)
    )
    proposal.refresh_from_db()
    with pytest.raises(NotSentError, match="sent_meanwhile"):
        sending.approve(request, figures=approval.find_figures(proposal), by=manager)
    request.refresh_from_db()
    assert request.state == State.WAITING
    assert len(simulator.sent_mails) == 1


def test_a_request_ends_once(proposal: Proposal, person: Person, seller: User, manager: User) -> None:
    request = ask(proposal, person, seller)
    assert approval.close(request, State.REFUSED, by=manager, note="Te veel korting")
    assert not approval.close(request, State.WITHDRAWN, by=seller)
    request.refresh_from_db()
    assert (request.state, request.note) == (State.REFUSED, "Te veel korting")


def test_who_sees_and_decides(proposal: Proposal, person: Person, seller: User, manager: User) -> None:
    request = ask(proposal, person, seller)
    other = member("Seller", "pim")
    assert list(approval.visible(seller)) == [request] == list(approval.visible(manager))
    assert not approval.visible(other).exists()
    assert approval.may_decide(manager, request)
    assert not approval.may_decide(seller, request)
    own = ask_for_own(proposal, person, manager, request)
    assert not approval.may_decide(manager, own), "nobody decides about their own"


def ask_for_own(proposal: Proposal, person: Person, by: User, earlier: Approval) -> Approval:
    approval.close(earlier, State.WITHDRAWN, by=by)
    return ask(proposal, person, by)

"""Copying quotes to Offorte: whom for, with which rows, and never twice."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems import deciding
from offorte_portal.other_systems.copy_plan import Choice, Decided, Loss, plan
from offorte_portal.other_systems.copying import start
from offorte_portal.other_systems.matching import matched_row
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.other_systems.price_tables import find_tables
from offorte_portal.other_systems.reasons import CopyReason
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, Proposal
from tests.other_systems.conftest import choose, run_import
from tests.support.factories import link, make_account_user, make_staff

pytestmark = pytest.mark.django_db


def begin(source: Source, choice: Choice, staff: User, count: int = 3, key: uuid.UUID | None = None) -> Job:
    pks = list(source.quotes.order_by("pk").values_list("pk", flat=True)[:count])
    return start(pks, choice, by=staff, key=key or uuid.uuid4())


def finish(account: Connection) -> None:
    for _ in range(30):
        draining.drain(account.pk)
        ending.finish_ended()
        if not Operation.objects.filter(state__in=Operation.PENDING).exists():
            return
    raise AssertionError(list(Operation.objects.values_list("target", "state", "reason")))


def test_companies_people_and_proposals_are_made_in_their_order(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    remote = simulator.account("bouw")
    before = len(remote.companies), len(remote.proposals)
    job = begin(source, choose(account), staff, count=8)
    finish(account)
    job.refresh_from_db()
    assert (job.state, job.size) == (Job.State.DONE, 8)
    assert len(remote.companies) == before[0] + 6, "eight quotes of six customers"
    assert len(remote.proposals) == before[1] + 8
    for quote in source.quotes.filter(created_with__isnull=False).select_related("created_with", "company"):
        operation = quote.created_with
        assert operation is not None
        record = remote.proposals[operation.remote_id or 0]
        assert (record["name"], record["price_total_original"]) == (quote.title, quote.total)
        company = remote.companies[record["company_id"]]
        assert quote.company is not None
        assert (company["name"], company["vat_number"]) == (quote.company_name, quote.company.details["vat_number"])
        people = [remote.people[key] for key in record["contacts"]]
        assert [person["fullname"] for person in people] == [person.name for person in quote.people.all()]
        assert {person["company_id"] for person in people} <= {record["company_id"]}
        assert record["status"] == "edit"
    assert Company.objects.filter(name="Schilders De Wit B.V.").exists()
    assert deciding.settle_made() == PartyMatch.objects.filter(created_with__isnull=False).count() > 6
    for match in PartyMatch.objects.filter(created_with__isnull=False):
        assert (match.state, match.confidence) == ("confirmed", 100)
        assert matched_row(match) is not None
    assert deciding.settle_made() == 0


def test_never_twice(source: Source, account: Connection, staff: User, simulator: Simulator) -> None:
    key = uuid.uuid4()
    job = begin(source, choose(account), staff, key=key)
    assert begin(source, choose(account), staff, key=key) == job
    second = begin(source, choose(account), staff)
    assert {one.reason for one in second.operations.all()} == {CopyReason.UNDER_WAY()}
    finish(account)
    third = begin(source, choose(account), staff)
    assert {(one.state, one.reason) for one in third.operations.all()} == {("skipped", CopyReason.MADE())}
    finish(account)
    names = [record["name"] for record in simulator.account("bouw").proposals.values()]
    titles = list(source.quotes.order_by("pk").values_list("title", flat=True)[:3])
    assert [names.count(title) for title in titles] == [1, 1, 1]


def test_what_was_refused_goes_out_again_as_the_same_operation(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    job = begin(source, choose(account, price_table="no-such-table"), staff)
    finish(account)
    rejected = job.operations.filter(target="proposals")
    assert {one.state for one in rejected} == {Operation.State.REJECTED}
    companies = len(simulator.account("bouw").companies)
    again = begin(source, choose(account), staff)
    assert set(again.operations.filter(target="proposals")) == set(Operation.objects.filter(target="proposals"))
    finish(account)
    assert {one.state for one in again.operations.filter(target="proposals")} == {Operation.State.DONE}
    assert len(simulator.account("bouw").companies) == companies, "customers that were made are not made again"
    assert not job.operations.filter(target="proposals").exists()


def test_a_confirmed_company_and_a_person_of_the_same_address(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    quote = source.quotes.filter(people__isnull=False).order_by("pk").first()
    assert quote is not None
    assert quote.company is not None
    person = Person.objects.exclude(email="").exclude(company=None).first()
    assert person is not None
    assert person.company is not None
    deciding.confirm(quote.company, person.company, by=staff)
    match = quote.people.get()
    match.name, match.details = f" {person.fullname.upper()}", match.details | {"email": person.email.upper()}
    match.save()
    start([quote.pk], choose(account, makes_unknown_customers=False), by=staff, key=uuid.uuid4())
    finish(account)
    assert not Operation.objects.exclude(target="proposals").exists()
    quote.refresh_from_db()
    assert quote.created_with is not None
    record = simulator.account("bouw").proposals[quote.created_with.remote_id or 0]
    assert (record["company_id"], record["contacts"]) == (person.company.remote_id, [person.remote_id])


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        ({"has_blocking_notes": True}, {}, CopyReason.BLOCKED()),
        ({"company": None}, {}, CopyReason.NOBODY()),
        ({"currency": "SEK"}, {}, CopyReason.OTHER_CURRENCY()),
        ({"currency": "SEK"}, {"takes_other_currencies": True}, None),
        ({"missing_since": "2026-01-01T00:00:00Z"}, {}, CopyReason.GONE()),
        ({}, {"makes_unknown_customers": False}, CopyReason.UNDECIDED()),
        ({}, {}, None),
    ],
)
def test_what_is_left_out_and_why(
    change: dict[str, Any], options: dict[str, Any], reason: Reason | None, source: Source, account: Connection
) -> None:
    quote = source.quotes.order_by("pk").first()
    assert quote is not None
    ImportedQuote.objects.filter(pk=quote.pk).update(**change)
    (planned,) = plan([ImportedQuote.objects.get(pk=quote.pk)], choose(account, **options), by=make_staff())
    assert planned.skip_reason == reason
    assert bool(planned.rows) is not bool(reason)


def test_customers_who_cant_be_made_or_are_elsewhere(source: Source, account: Connection, staff: User) -> None:
    quote = source.quotes.order_by("pk").first()
    assert quote is not None
    assert quote.company is not None
    elsewhere = Connection.objects.create(account="elders", client_id="x")

    def reason(**fields: Any) -> Reason | None:
        PartyMatch.objects.filter(quotes=quote).update(**fields)
        return plan([ImportedQuote.objects.get(pk=quote.pk)], choose(account), by=staff)[0].skip_reason

    assert reason(name="") == CopyReason.NAMELESS()
    assert reason(name="A", state="proposed", remote_id=1) == CopyReason.UNDECIDED()
    assert reason(state="confirmed", connection=elsewhere) == CopyReason.OTHER_ACCOUNT()
    assert reason(state="confirmed", connection=account) is None


def test_an_owner_is_found_by_the_address(
    account: Connection, add_source: Callable[..., Source], other: SourceSimulator, simulator: Simulator
) -> None:
    user_id, user = next(iter(simulator.account("bouw").users.items()))
    for quote in other.cirrus.quotes:
        quote["user"] = quote["user"] | {"email": user["email"].upper()}
    source = add_source("cirrus", target=account)
    run_import(source)
    choice = choose(account, takes_other_currencies=True, owner_id=None)

    def owners(by: User) -> set[int | None]:
        return {one.owner_id for one in plan(list(source.quotes.all()), choice, by=by)}

    assert owners(make_staff()) == {user_id}
    # Somebody who may not choose makes them in their own name.
    seller = make_staff(is_superuser=False)
    assert owners(seller) == {None}
    own = link(seller, account_user=AccountUser.objects.exclude(remote_id=user_id).order_by("pk")[0])
    assert owners(User.objects.get(pk=seller.pk)) == {own.remote_id}
    make_account_user(account, email=user["email"])
    assert owners(make_staff()) == {None}, "an address that two share is nobody's"


def test_reference_date_and_text_are_headings_of_the_proposal(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    quote = source.quotes.order_by("pk")[0]
    kept = {"reference": "PO <7>", "valid_until": "2027-01-31", "introduction": "Dear Anna,\n\nTwo coats.\nNo rush."}
    source.quotes.filter(pk=quote.pk).update(**kept)
    Proposal.objects.update(language="en_US")
    start([quote.pk], choose(account), by=staff, key=uuid.uuid4())
    finish(account)
    quote.refresh_from_db()
    assert quote.created_with is not None
    proposal = Proposal.objects.get(remote_id=quote.created_with.remote_id or 0)
    rows = list(proposal.price_tables.get(key="pricetable1").rows.values_list("type", "content"))
    assert rows[:2] == [
        ("title", "<p>Reference: PO &lt;7&gt; · Valid until 31 Jan 2027</p>"),
        ("title", "<p>Dear Anna,</p><p>Two coats.<br>No rush.</p>"),
    ]
    assert {type for type, _ in rows[2:]} == {"price"}
    assert proposal.price_total == quote.total


def test_what_is_kept_and_what_is_lost_is_known_before(source: Source, account: Connection, staff: User) -> None:
    quote = source.quotes.exclude(people=None).order_by("pk")[0]
    bare = {"reference": "", "introduction": "", "valid_until": None}

    def planned(*, keeps_texts: bool = True, **fields: Any) -> tuple[int, set[Loss]]:
        source.quotes.filter(pk=quote.pk).update(**(bare | fields))
        (one,) = plan([ImportedQuote.objects.get(pk=quote.pk)], choose(account, keeps_texts=keeps_texts), by=staff)
        return len(one.titles), set(one.losses)

    assert planned() == (0, set())
    assert planned(reference="R") == (1, set())
    assert planned(valid_until="2027-01-31", introduction="x") == (2, {Loss.VALID_UNTIL})
    assert planned(introduction="x", keeps_texts=False) == (0, {Loss.TEXTS})
    documents = [{"key": "1", "name": "a.pdf"}]
    assert planned(documents=documents, internal_note="x") == (0, {Loss.DOCUMENTS, Loss.INTERNAL_NOTE})
    quote.people.update(details={})
    quote.rows.update(article="A-1")
    assert planned(documents=[], internal_note="") == (0, {Loss.PEOPLE, Loss.ARTICLES})


@pytest.mark.parametrize(
    ("fields", "decided"),
    [
        ({"status": "won"}, Decided.ACCEPTED),
        ({"status": "open", "accepted_at": "2026-01-01T00:00:00Z"}, Decided.ACCEPTED),
        ({"status": "lost"}, Decided.LOST),
        ({"status": "closed"}, Decided.CLOSED),
        ({"status": "open", "valid_until": "2025-01-01"}, Decided.EXPIRED),
        ({"status": "open", "valid_until": "2999-01-01"}, None),
        ({"status": "edit"}, None),
    ],
)
def test_what_was_decided_is_known_before(
    fields: dict[str, Any], decided: Decided | None, source: Source, account: Connection, staff: User
) -> None:
    quote = source.quotes.order_by("pk")[0]
    source.quotes.filter(pk=quote.pk).update(**({"valid_until": None, "accepted_at": None} | fields))
    (planned,) = plan([ImportedQuote.objects.get(pk=quote.pk)], choose(account), by=staff)
    assert planned.decided == decided


def test_price_tables_are_known_from_what_was_created_and_refused(
    source: Source, account: Connection, staff: User, simulator: Simulator
) -> None:
    remote = simulator.account("bouw")
    with_options = next(key for key, one in remote.proposal_templates.items() if "opties" in one["tables"])
    found = find_tables(account, with_options)
    assert (found.of_template, found.refused) == ((), frozenset())
    assert found.offered == list(found.of_account)
    assert "pricetable1" in found.offered
    begin(source, choose(account, price_table="wrong", proposal_template_id=with_options), staff, count=1)
    finish(account)
    found = find_tables(account, with_options)
    assert found.is_refused("wrong")
    assert not found.is_missing("wrong")
    assert not find_tables(account, None).is_refused("wrong")
    begin(source, choose(account, price_table="opties", proposal_template_id=with_options), staff, count=1)
    finish(account)
    found = find_tables(account, with_options)
    assert set(found.of_template) == {"pricetable1", "opties"}
    assert (found.is_missing("eenmalig"), found.is_missing("opties")) == (True, False)
    assert find_tables(account, None).of_template == ()

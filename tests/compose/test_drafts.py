"""Drafts: whose they are, saved without overwriting anybody, made into one proposal."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from contacts.models import Company
from offorte_portal.api.errors import Rejected
from offorte_portal.compose import drafts
from offorte_portal.compose.drafts import SavedMeanwhileError
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes import performing
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.compose.drafting import columns, make_draft, price_row
from tests.support.factories import make_connection, make_staff
from tests.support.forms import Mirror, writes_of

pytestmark = pytest.mark.django_db
State = Operation.State


def member(role: str, name: str) -> User:
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return user


def save(draft: Draft, by: User, **changes: Any) -> Draft:
    version = changes.pop("version", draft.version)
    key = changes.pop("key", None) or uuid.uuid4()
    return drafts.save(draft, columns(draft, **changes), version=version, key=key, by=by)


def test_sellers_see_their_own_and_shared_drafts_managers_all() -> None:
    connection = make_connection()
    sanne, pim, boss = member("Seller", "sanne"), member("Seller", "pim"), member("Manager", "boss")
    mine, shared = make_draft(connection, sanne), make_draft(connection, pim, is_shared=True)
    theirs = make_draft(connection, pim)
    assert set(drafts.visible(sanne)) == {mine, shared}
    assert set(drafts.visible(boss)) == {mine, shared, theirs}
    assert not drafts.visible(member("Viewer", "vera")).exists()


def test_an_older_form_does_not_overwrite_a_later_save() -> None:
    sanne, pim = make_staff("sanne"), make_staff("pim")
    draft = make_draft(make_connection(), sanne)
    save(draft, pim, name="Van Pim")
    with pytest.raises(SavedMeanwhileError):
        save(draft, sanne, name="Van Sanne")
    draft.refresh_from_db()
    assert (draft.name, draft.version, draft.saved_by) == ("Van Pim", 2, pim)


def test_the_same_form_sent_twice_is_one_save() -> None:
    sanne = make_staff("sanne")
    draft, key = make_draft(make_connection(), sanne), uuid.uuid4()
    save(draft, sanne, name="Een", key=key)
    assert save(draft, sanne, name="Een", key=key, version=1).name == "Een"


def test_the_same_form_begins_one_draft_and_none_once_created() -> None:
    sanne, connection, key = make_staff("sanne"), make_connection(), uuid.uuid4()
    first = drafts.begin(Draft(connection=connection, name="Een"), key=key, by=sanne)
    again = drafts.begin(Draft(connection=connection, name="Twee"), key=key, by=sanne)
    assert (again.pk, again.name) == (first.pk, "Twee")
    operation = Operation.objects.create(connection=connection, verb="create", target="proposals", state=State.DONE)
    Draft.objects.update(operation=operation)
    with pytest.raises(SavedMeanwhileError):
        drafts.begin(Draft(connection=connection, name="Drie"), key=key, by=sanne)
    assert Draft.objects.get().name == "Twee"
    assert not drafts.unfinished(Draft.objects.all()).exists()
    assert not drafts.delete(first)


def test_a_draft_is_thrown_away() -> None:
    draft = make_draft(make_connection(), make_staff())
    assert drafts.delete(draft)
    assert not Draft.objects.exists()


@pytest.fixture
def connection(mirror: Mirror) -> Connection:
    return mirror("companies")


@pytest.fixture
def draft(connection: Connection) -> Draft:
    company = Company.objects.order_by("pk")[0]
    return make_draft(connection, make_staff("sanne"), price_row(), company_remote_id=company.remote_id)


def ask(draft: Draft) -> Operation:
    draft.refresh_from_db()
    return performing.perform(drafts.ask_for(draft, by=draft.created_by))


def test_a_draft_becomes_one_proposal_however_often_asked(simulator: Simulator, draft: Draft) -> None:
    done = ask(draft)
    assert done.state == State.DONE
    assert ask(draft).pk == done.pk
    assert len(writes_of(simulator)) == 1
    assert done.remote_id is not None
    proposal = Proposal.objects.get(remote_id=done.remote_id)
    assert (proposal.name, proposal.price_total) == ("Dak", Decimal(25))
    assert proposal.price_tables.get().rows.get().content == "<p>Balk</p>"


def test_what_was_refused_goes_out_again_as_the_same_write(
    simulator: Simulator, draft: Draft, connection: Connection
) -> None:
    save(draft, draft.created_by, name="Dak", company_remote_id=999_999)
    refused = ask(draft)
    assert (refused.state, refused.field_errors) == (State.REJECTED, {"company_id": ["does not exist"]})
    assert drafts.is_open(Draft.objects.get())
    draft.refresh_from_db()
    save(draft, draft.created_by, company_remote_id=Company.objects.order_by("pk")[0].remote_id, name="Nu goed")
    done = ask(draft)
    assert (done.pk, done.state, done.label) == (refused.pk, State.DONE, "Nu goed")
    assert len(simulator.account("bouw").proposals) == len(Proposal.objects.all()) + 14


def test_a_draft_that_waits_is_not_changed_any_more(simulator: Simulator, draft: Draft) -> None:
    operation = drafts.ask_for(draft, by=draft.created_by)
    assert operation.state == State.WAITING
    draft.refresh_from_db()
    with pytest.raises(SavedMeanwhileError):
        save(draft, draft.created_by, name="Anders")
    assert drafts.ask_for(draft, by=draft.created_by) == operation


def test_what_was_saved_since_it_was_checked_is_not_created(draft: Draft) -> None:
    save(draft, draft.created_by, name="Anders")
    with pytest.raises(SavedMeanwhileError):
        drafts.ask_for(draft, by=draft.created_by)
    assert not Operation.objects.exists()


def test_what_the_reference_does_not_know_is_not_kept(draft: Draft) -> None:
    draft = save(
        draft, draft.created_by, tables=[{"id": "t", "rows": [{"type": "discount", "text": "x", "discount": "x"}]}]
    )
    with pytest.raises(Rejected) as refusal:
        drafts.ask_for(draft, by=draft.created_by)
    assert list(refusal.value.field_errors) == ["content.pricetables.0.rows.0.discount.discount"]
    assert not Operation.objects.exists()

"""The audit log: who asked what, what was there before, what Offorte said; for whose eyes, and as CSV."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.text.reason import Reason
from offorte_portal.writes import asking
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.support.bulk import make_member, sign_in, start_job
from tests.support.factories import make_account_user, make_company, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State
LIST = "/writes/operation/"


@pytest.fixture
def account() -> Connection:
    caches["local"].clear()
    return make_connection(label="De Vries")


@pytest.fixture
def manager(account: Connection) -> User:
    return make_member("Manager", "mia")


@pytest.fixture
def client(manager: User) -> Client:
    return sign_in(manager)


def ask(by: User, **options: Any) -> Operation:
    """A change of a company that waits to be sent, unless said otherwise; `state` and the like are set afterwards."""
    names = {"connection", "verb", "target", "draft", "remote_id", "before", "label", "job"}
    asked = {name: value for name, value in options.items() if name in names}
    asked = {"connection": Connection.objects.first(), "verb": "change", "target": "companies", **asked}
    if asked["verb"] == "change" and "remote_id" not in asked:
        asked["remote_id"] = make_company(name="De Vries").remote_id
    asked.setdefault("draft", {"city": "Breda"} if asked["verb"] == "change" else {})
    operation = asking.request(by=by, **asked)
    left = {name: value for name, value in options.items() if name not in names}
    if left:
        Operation.objects.filter(pk=operation.pk).update(**left)
        operation.refresh_from_db()
    return operation


def path(operation: Operation) -> str:
    return f"{LIST}{operation.pk}/change/"


def show(client: Client, operation: Operation) -> str:
    response = client.get(path(operation))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def listed(client: Client, query: str = "") -> set[int]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return {int(pk) for pk in re.findall(r"/operation/(\d+)/change/", response.content.decode())}


def test_a_write_s_page_tells_what_was_asked_and_what_was_there(client: Client, manager: User) -> None:
    operation = ask(manager, draft={"city": "Breda", "fax": ""}, before={"city": "Tilburg"}, label="De Vries")
    html = show(client, operation)
    for text in ("Change company", "De Vries", "City", "Tilburg", "<b>Breda</b>", "Fax", "empty", "Mia", "Waiting"):
        assert text in html
    assert "Don’t send this" in html
    assert "Retry" not in html


def test_a_write_s_page_leads_back_to_the_change_log(client: Client, manager: User) -> None:
    assert f'<a href="{LIST}">Change log</a>' in show(client, ask(manager))


def test_ids_are_told_by_name(client: Client, manager: User) -> None:
    old, new = (
        make_account_user(firstname="Sanne", lastname="Oud"),
        make_account_user(firstname="Piet", lastname="Nieuw"),
    )
    proposal = make_proposal(name="Dak", owner_email=manager.email)
    operation = ask(
        manager,
        target="proposals",
        remote_id=proposal.remote_id,
        draft={"account_user_id": new.remote_id, "company_contacts": [99], "price_total": "12.5", "status": "won"},
        before={"account_user_id": old.remote_id, "status": "open"},
    )
    html = show(client, operation)
    for text in ("Sanne Oud", "Piet Nieuw", "#99", "€\u00a012.50".replace("\u00a0", " "), "Won", "Open"):
        assert text in html.replace("\u00a0", " ")


def test_what_offorte_said_is_shown(client: Client, manager: User) -> None:
    operation = ask(
        manager,
        state=State.REJECTED,
        reason=Reason(Code.REJECTED),
        field_errors={"city": ["This city is unknown."]},
        answer={"error": "<b>no</b>"},
        finished_at=timezone.now(),
        sent_at=timezone.now(),
        attempts=2,
    )
    html = show(client, operation)
    for text in ("This city is unknown.", "Offorte did not accept this.", "&lt;b&gt;no&lt;/b&gt;", "attempt 2"):
        assert text in html
    assert "Retry" in html


def test_what_offorte_held_instead_stands_beside_it(client: Client, manager: User) -> None:
    operation = ask(
        manager,
        before={"city": "Tilburg"},
        state=State.SKIPPED,
        conflicts={"city": "Utrecht"},
        reason=WriteReason.CHANGED_MEANWHILE(),
    )
    html = show(client, operation)
    assert "Value in Offorte" in html
    assert "Utrecht" in html


def test_creations_deletions_and_what_they_wait_for(client: Client, manager: User) -> None:
    created = ask(manager, verb="create", draft={"name": "Nieuw BV"}, label="Nieuw BV")
    company = make_company(name="Weg BV")
    deleted = ask(manager, verb="delete", remote_id=company.remote_id, before={"name": "Weg BV"}, label="Weg BV")
    Operation.objects.filter(pk=deleted.pk).update(after=created)
    assert "Create company" in show(client, created)
    html = show(client, deleted)
    for text in ("Delete company", "Follows", "Weg BV"):
        assert text in html
    bare = ask(manager, verb="delete", remote_id=make_company().remote_id, before={})
    assert "This request has no fields." in show(client, bare)
    waits = ask(manager)
    Operation.objects.filter(pk=waits.pk).update(draft={"company_id": {"operation": created.pk}})
    assert f"the result of change {created.pk}" in show(client, waits)


def test_a_change_that_is_done_can_be_undone(client: Client, manager: User) -> None:
    done = {"state": State.DONE, "finished_at": timezone.now(), "sent_at": timezone.now()}
    html = show(client, ask(manager, before={"city": "Tilburg"}, **done))
    assert "/undo/" in html
    html = show(client, ask(manager, before={}, **done))
    assert "Can’t be undone." in html
    assert "/undo/" not in html


def test_of_an_unknown_outcome_a_person_decides(client: Client, manager: User) -> None:
    html = show(client, ask(manager, verb="create", draft={"name": "Nieuw BV"}, state=State.UNKNOWN))
    assert "Check Offorte now" in html
    assert "We don’t know whether Offorte did this." in html


def test_a_seller_sees_what_they_asked_for_only(account: Connection, manager: User) -> None:
    seller = make_member("Seller", "sam")
    own, other = ask(seller), ask(manager)
    client = sign_in(seller)
    assert listed(client) == {own.pk}
    assert client.get(path(other)).status_code == 302
    assert client.get(path(own)).status_code == 200
    assert str(other.pk) not in export(client)[1].split(",")[0]
    assert listed(sign_in(manager)) == {own.pk, other.pk}
    assert sign_in(make_member("Viewer", "vic")).get(LIST).status_code == 403


def export(client: Client, query: str = "") -> list[str]:
    response: Any = client.post(f"{LIST}{query}", {"export": "csv:all"})
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode().splitlines()


def test_the_log_is_filtered_and_exported(client: Client, manager: User) -> None:
    piet = make_staff("piet")
    waiting = ask(manager, label="Dakdekker")
    failed = ask(piet, state=State.FAILED, reason=Reason(Code.GONE))
    created = ask(manager, verb="create", draft={"name": "Nieuw"}, label="=Nieuw")
    job = start_job(manager, "proposals.mark_won", [make_proposal()])
    of_job = job.operations.get()
    for query, expected in (
        ("?state=failed", {failed.pk}),
        (f"?by={piet.pk}", {failed.pk}),
        ("?target=proposals", {of_job.pk}),
        ("?verb=create", {created.pk}),
        (f"?job={job.pk}", {of_job.pk}),
        (f"?job=%23{job.pk}", {of_job.pk}),
        ("?q=dakdekker", {waiting.pk}),
        ("?asked_to=2001-01-01", set()),
        ("?asked=today", {waiting.pk, failed.pk, created.pk, of_job.pk}),
    ):
        assert listed(client, query) == expected, query
        assert len(export(client, query)) == len(expected) + 1, query
    assert "'=Nieuw" in export(client, "?verb=create")[1]
    assert "This item was deleted in Offorte." in export(client, "?state=failed")[1]
    assert listed(client, "?job=x") == set(), "a wrong number must not widen the list"


def test_the_log_of_one_account(client: Client, manager: User, account: Connection) -> None:
    zuid = make_connection(label="Zuid")
    here = ask(manager)
    there = ask(manager, connection=zuid, remote_id=make_company(zuid).remote_id)
    assert listed(client) == {here.pk, there.pk}
    assert "Zuid" in client.get(LIST).content.decode()
    client.post("/account/", {"account": str(zuid.pk)})
    assert listed(client) == {there.pk}


def test_writes_can_not_be_made_changed_or_deleted_by_forms(client: Client, manager: User) -> None:
    operation = ask(manager)
    for part in ("add/", f"{operation.pk}/delete/"):
        assert client.get(LIST + part).status_code == 403
    assert client.post(path(operation), {"state": "done"}).status_code == 403


def test_the_portal_itself_may_have_asked(client: Client, manager: User) -> None:
    operation = ask(manager, requested_by=None, requested_by_name="")
    assert "the portal" in show(client, operation)
    gone = ask(manager, requested_by=None, requested_by_name="Piet Weg")
    assert "Piet Weg" in show(client, gone)


def test_the_list_shows_values_before_and_after(client: Client, manager: User) -> None:
    old = make_account_user(firstname="Sanne", lastname="Oud")
    new = make_account_user(firstname="Piet", lastname="Nieuw")
    ask(
        manager,
        target="proposals",
        remote_id=make_proposal(name="Dak").remote_id,
        draft={"status": "lost", "account_user_id": new.remote_id, "name": "Dakkapel " * 20, "price_total": "12.5"},
        before={"status": "open", "account_user_id": old.remote_id, "name": "<b>Dak</b>"},
        label="Dak",
    )
    html = " ".join(client.get(LIST).content.decode().split())
    for text in ("Sanne Oud", "Piet Nieuw", "&lt;b&gt;Dak&lt;/b&gt;", "Open", "Lost", "and 1 more", "…"):
        assert text in html
    assert "Dakkapel " * 6 not in html


def test_changes_are_found_by_field(client: Client, manager: User) -> None:
    city = ask(manager, draft={"city": "Breda"}).pk
    both = ask(manager, draft={"city": "Breda", "phone": "1"}).pk
    phone = ask(manager, draft={"phone": "2"}).pk
    caches["local"].clear()
    assert listed(client, "?field=city") == {city, both}
    assert listed(client, "?field=phone") == {both, phone}
    assert listed(client, "?field=nonsense") == set()


def test_a_row_leads_to_its_record(client: Client, manager: User) -> None:
    proposal = make_proposal(name="Dak")
    operation = ask(manager, target="proposals", remote_id=proposal.remote_id, draft={"status": "lost"})
    url = f"/writes/{operation.pk}/record/"
    assert url in client.get(LIST).content.decode()
    assert client.get(url).headers["Location"] == f"/proposals/proposal/{proposal.pk}/change/"
    proposal.delete()
    assert client.get(url).headers["Location"] == path(operation)


def test_nobody_comes_to_a_record_by_a_change_that_they_may_not_see(account: Connection, manager: User) -> None:
    operation = ask(manager)
    other = sign_in(make_member("Seller", "sam"))
    assert other.get(f"/writes/{operation.pk}/record/").status_code in {403, 404}


def test_the_list_takes_few_queries(manager: User, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    client = sign_in(make_staff())
    user, company = make_account_user(), make_company()
    for _number in range(10):
        draft = {"account_user_id": user.remote_id, "company_id": company.remote_id, "status": "won"}
        ask(manager, target="proposals", remote_id=make_proposal().remote_id, draft=draft)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        client.get(LIST)


def test_the_list_says_where_the_changes_of_the_portal_s_own_data_are(client: Client) -> None:
    assert "Follow-ups, team notes and lost reasons stay in the portal" in client.get(LIST).content.decode()

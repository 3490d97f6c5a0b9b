"""Team notes on the pages of records: reading, writing, editing, pinning and deleting."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from offorte_portal import ports
from offorte_portal.tracking import notes
from offorte_portal.tracking.models import TEXT_LENGTH, Note
from offorte_portal.tracking.pages import note_cards
from tests.support.factories import make_company, make_person, make_proposal, make_staff
from tests.support.fixtures import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MAKERS: dict[str, Callable[..., Any]] = {
    "proposals": make_proposal,
    "companies": make_company,
    "people": make_person,
}


@pytest.fixture
def someone(client: Client, someone: User) -> User:
    client.force_login(someone)
    return someone


def page_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def card(client: Client, row: Any) -> Any:
    panels = client.get(page_of(row)).context["record_panels"]
    return next(panel.context for panel in panels if panel.template == "tracking/_notes_card.html")


def state_in(html: str) -> str:
    found = re.search(r'name="form_state" value="([^"]+)"', html)
    assert found
    return found[1]


def add(client: Client, row: Any, text: str, **fields: str) -> Any:
    new = card(client, row)["new"]
    return client.post(new.url, {"form_state": new.form_state, "text": text} | fields)


def write(row: Any, text: str, by: User | None, **fields: Any) -> Note:
    note = notes.add(row, text, by=by, key=uuid.uuid4())  # type: ignore[arg-type]
    Note.objects.filter(pk=note.pk).update(**fields)
    return note


@pytest.mark.parametrize("kind", MAKERS)
def test_one_is_written_on_the_page_of_every_kind_of_record(client: Client, someone: User, kind: str) -> None:
    row = MAKERS[kind]()
    response = add(client, row, "Bel na tien uur.\r\n<b>Niet</b> mailen")
    assert response["Location"] == f"{page_of(row)}#notes"
    assert response.cookies["saved_form"].value == f"note:{kind}:{row.pk}:{someone.pk}"
    note = Note.objects.get()
    assert (note.subject, note.text, note.author) == (row, "Bel na tien uur.\n<b>Niet</b> mailen", someone)
    html = client.get(page_of(row)).content.decode()
    assert "&lt;b&gt;Niet&lt;/b&gt; mailen" in html
    assert "Sanne" in html


def test_the_same_form_twice_is_one_note(client: Client, someone: User) -> None:
    new = card(client, make_proposal())["new"]
    for text in ("een", "twee"):
        client.post(new.url, {"form_state": new.form_state, "text": text})
    assert [note.text for note in Note.objects.all()] == ["een"]


@pytest.mark.parametrize(
    ("text", "error"),
    [("  \n", "Write your note first."), ("x" * (TEXT_LENGTH + 1), "at most 4000 characters"), ("a\0b", "Null")],
    ids=["empty", "long", "null"],
)
def test_a_wrong_text_comes_back_with_what_is_wrong(client: Client, someone: User, text: str, error: str) -> None:
    page = add(client, make_company(), text)
    assert page.status_code == 200
    [said] = page.context["new"].form.errors["text"]
    assert error in said
    assert text.strip() in page.content.decode()
    assert not Note.objects.exists()


def test_line_breaks_count_once(client: Client, someone: User) -> None:
    add(client, make_company(), "x\r\n" * (TEXT_LENGTH // 2 - 1) + "yy")
    assert len(Note.objects.get().text) == TEXT_LENGTH


@pytest.mark.parametrize("state", ["", "nonsense"])
def test_a_form_without_its_state_keeps_the_text(client: Client, someone: User, state: str) -> None:
    page = add(client, make_company(), "Bel na tien uur", form_state=state)
    assert "no longer valid" in page.context["new"].form.errors["text"][0]
    assert "Bel na tien uur" in page.content.decode()
    assert not Note.objects.exists()
    again = {"form_state": page.context["new"].form_state, "text": "Bel na tien uur"}
    client.post(page.context["new"].url, again)
    assert Note.objects.exists()


def test_a_form_of_one_record_writes_about_no_other(client: Client, someone: User) -> None:
    first, second = make_company(), make_company()
    state = card(client, first)["new"].form_state
    page = client.post(card(client, second)["new"].url, {"form_state": state, "text": "x"})
    assert page.status_code == 200
    assert not Note.objects.exists()


def test_five_are_shown_the_rest_is_folded_and_all_have_a_page(
    client: Client, someone: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_cards, "SHOWN", 7)
    company = make_company()
    for number in range(7):
        write(company, f"n{number}", someone)
    shown = card(client, company)
    assert [each.note.text for each in shown["recent"]] == ["n6", "n5", "n4", "n3", "n2"]
    assert [each.note.text for each in shown["earlier"]] == ["n1", "n0"]
    assert not shown["all_url"]
    write(company, "n7", someone)
    assert card(client, company)["all_url"] == f"/notes/companies/{company.pk}/"
    page = client.get(f"/notes/companies/{company.pk}/")
    assert [each.note.text for each in page.context["notes"]][-1] == "n0"


def test_the_card_takes_one_query(client: Client, someone: User, django_assert_num_queries: Any) -> None:
    company = make_company()
    for _ in range(3):
        note = write(company, "x", make_staff())
        notes.edit(note, "y", by=make_staff(), version=1)
    response = client.get(page_of(company))
    someone.get_all_permissions()
    response.wsgi_request.user = someone
    with django_assert_num_queries(1):
        panel = note_cards.show_card(response.wsgi_request, company)
        assert panel
        assert all(str(shown.note.author) and str(shown.note.edited_by) for shown in panel.context["recent"])


def test_ones_own_note_is_edited(client: Client, someone: User) -> None:
    row = make_proposal()
    note = write(row, "een", someone)
    page = client.get(f"/notes/{note.pk}/")
    data = {"form_state": state_in(page.content.decode()), "text": "twee"}
    response = client.post(f"/notes/{note.pk}/", data)
    assert response["Location"] == f"{page_of(row)}#notes"
    assert client.post(f"/notes/{note.pk}/", data)["Location"] == response["Location"], "it is saved already"
    note.refresh_from_db()
    assert (note.text, note.version, note.edited_by) == ("twee", 2, someone)
    assert "edited" in client.get(page_of(row)).content.decode()


def test_two_who_edit_at_once_are_told_and_lose_nothing(client: Client, someone: User) -> None:
    note = write(make_proposal(), "een", someone)
    state = state_in(client.get(f"/notes/{note.pk}/").content.decode())
    notes.edit(note, "van de baas", by=make_staff("boss", first_name="Boss"), version=1)
    page = client.post(f"/notes/{note.pk}/", {"form_state": state, "text": "van mij"})
    assert "changed while you were writing" in page.context["form"].errors["text"][0]
    html = page.content.decode()
    assert "van mij" in html
    assert "van de baas" in html
    assert "Changed by Boss" in html
    note.refresh_from_db()
    assert note.text == "van de baas"
    client.post(f"/notes/{note.pk}/", {"form_state": state_in(html), "text": "van ons"})
    note.refresh_from_db()
    assert note.text == "van ons"


def test_the_text_for_a_note_that_was_deleted_meanwhile_can_be_copied(client: Client, someone: User) -> None:
    note = write(make_proposal(), "een", someone)
    state = state_in(client.get(f"/notes/{note.pk}/").content.decode())
    key = note.pk
    note.delete()
    page = client.post(f"/notes/{key}/", {"form_state": state, "text": "van mij"})
    assert page.status_code == 404
    assert "deleted in the meantime" in page.context["form"].errors["text"][0]
    assert "van mij" in page.content.decode()
    assert client.get(f"/notes/{key}/").status_code == 404


def test_a_note_is_deleted_after_a_question(client: Client, someone: User) -> None:
    row = make_person()
    note = write(row, "een", someone)
    page = client.get(f"/notes/{note.pk}/delete/")
    assert "een" in page.content.decode()
    assert Note.objects.exists()
    assert client.post(f"/notes/{note.pk}/delete/")["Location"] == f"{page_of(row)}#notes"
    assert not Note.objects.exists()


def test_a_note_is_pinned_and_unpinned(client: Client, someone: User) -> None:
    note = write(make_company(), "een", someone)
    for value, is_pinned in (("1", True), ("1", True), ("0", False)):
        client.post(f"/notes/{note.pk}/pin/", {"pin": value})
        note.refresh_from_db()
        assert note.is_pinned == is_pinned
    assert client.get(f"/notes/{note.pk}/pin/").status_code == 405


def test_sellers_leave_the_notes_of_others_alone(client: Client, someone: User) -> None:
    note = write(make_proposal(), "van Pim", make_staff("pim"))
    assert not card(client, note.proposal)["recent"][0].may_change
    data = {"form_state": card(client, note.proposal)["new"].form_state, "text": "van mij", "pin": "1"}
    for path in ("", "delete/", "pin/"):
        assert client.post(f"/notes/{note.pk}/{path}", data).status_code == 403, path
    assert client.get(f"/notes/{note.pk}/").status_code == 403
    note.refresh_from_db()
    assert (note.text, note.is_pinned) == ("van Pim", False)


def test_managers_change_the_notes_of_others(client: Client) -> None:
    note = write(make_proposal(), "van Pim", make_staff("pim"))
    client.force_login(member("Manager", "boss"))
    assert card(client, note.proposal)["recent"][0].may_change
    client.post(f"/notes/{note.pk}/pin/", {"pin": "1"})
    note.refresh_from_db()
    assert note.is_pinned
    client.post(f"/notes/{note.pk}/delete/")
    assert not Note.objects.exists()


def test_viewers_read_and_write_nothing(client: Client) -> None:
    vera = member("Viewer", "vera")
    client.force_login(vera)
    company = make_company()
    note = write(company, "Bel na tien uur", vera)
    shown = card(client, company)
    assert shown["new"] is None
    assert not shown["recent"][0].may_change
    assert client.get(f"/notes/companies/{company.pk}/").status_code == 200
    assert client.post(f"/notes/companies/{company.pk}/", {"text": "x"}).status_code == 403
    assert client.post(f"/notes/{note.pk}/delete/").status_code == 403
    assert Note.objects.count() == 1


def test_who_may_not_see_a_record_sees_and_changes_no_note_about_it(client: Client) -> None:
    user = make_staff("part", is_superuser=False)
    codenames = ["view_note", "add_note", "change_note", "view_company"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    person, company = make_person(), make_company()
    note = write(person, "geheim", user)
    assert client.get(f"/notes/companies/{company.pk}/").status_code == 200
    for path in (f"people/{person.pk}/", f"people/{person.pk + 99}/", f"{note.pk}/", f"{note.pk}/delete/"):
        assert client.get(f"/notes/{path}").status_code == 403, path
        assert client.post(f"/notes/{path}", {"text": "x"}).status_code == 403, path
    assert client.post(f"/notes/{note.pk}/pin/", {"pin": "1"}).status_code == 403
    assert Note.objects.get().text == "geheim"


def test_records_that_are_gone_get_no_new_notes(client: Client, someone: User) -> None:
    company = make_company(removed_at=ports.now())
    write(company, "van vroeger", someone)
    shown = card(client, company)
    assert [each.note.text for each in shown["recent"]] == ["van vroeger"]
    assert shown["new"] is None
    assert client.post(f"/notes/companies/{company.pk}/", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["nothing/1/", "companies/0/", "999999999999/", f"companies/{'9' * 40}/"])
def test_what_is_not_there_is_not_found(client: Client, someone: User, path: str) -> None:
    assert client.get(f"/notes/{path}").status_code == 404


def test_what_was_typed_is_kept_when_the_session_ends(someone: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    company = make_company()
    page = strict.post(f"/notes/companies/{company.pk}/", {"form_state": "x", "text": "Bel na tien uur"})
    assert page.status_code == 403
    assert "What you typed is kept in this browser" in page.content.decode()

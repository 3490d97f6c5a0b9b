"""Team notes: about exactly one record, kept once, and gone with it."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from offorte_portal.mirror.wiping import remove_mirror
from offorte_portal.tracking import notes
from offorte_portal.tracking.models import Note
from offorte_portal.tracking.notes import Subject
from proposals.models import Proposal
from tests.support.factories import make_company, make_connection, make_person, make_proposal, make_staff
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def pim() -> User:
    return make_staff("pim", first_name="Pim")


def write(row: Subject, text: str, by: User | None = None, **fields: Any) -> Note:
    note = notes.add(row, text, by=by or make_staff(), key=uuid.uuid4())
    Note.objects.filter(pk=note.pk).update(**fields)
    return note


def texts(row: Subject) -> list[str]:
    return [note.text for note in notes.about(row)]


def test_pinned_ones_come_first_and_newer_ones_before_older(pim: User) -> None:
    company = make_company()
    for text in ("oud", "belangrijk", "nieuw"):
        write(company, text, pim, is_pinned=text == "belangrijk")
    write(make_person(company=company), "van een ander")
    assert texts(company) == ["belangrijk", "nieuw", "oud"]


def test_a_form_that_is_sent_twice_is_one_note(pim: User) -> None:
    key, proposal = uuid.uuid4(), make_proposal()
    first, second = (notes.add(proposal, "Bel na tien uur", by=pim, key=key) for _ in range(2))
    assert first == second
    assert (first.connection, first.author, first.subject) == (proposal.connection, pim, proposal)
    assert texts(proposal) == ["Bel na tien uur"]


@pytest.mark.parametrize("about", [(), ("proposal", "company"), ("company", "person")])
def test_a_note_is_about_exactly_one_record(about: tuple[str, ...]) -> None:
    rows = {"proposal": make_proposal(), "company": make_company(), "person": make_person()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(connection=make_connection(), text="x", **{name: rows[name] for name in about})


def test_an_edit_counts_only_for_the_text_that_was_opened(pim: User) -> None:
    note = write(make_proposal(), "een", pim)
    other = make_staff("other")
    assert notes.edit(note, "twee", by=pim, version=1)
    assert not notes.edit(note, "drie", by=other, version=1), "it has another text by now"
    note.refresh_from_db()
    assert (note.text, note.edited_by, note.version) == ("twee", pim, 2)
    note.delete()
    assert not notes.edit(Note(pk=note.pk or 0), "vier", by=pim, version=2)


def test_people_change_their_own_and_managers_all() -> None:
    seller, other = member("Seller", "sanne"), member("Seller", "pim")
    note = write(make_proposal(), "x", seller)
    assert notes.may_change(seller, note)
    assert not notes.may_change(other, note)
    assert notes.may_change(member("Manager", "boss"), note)
    assert not notes.may_change(member("Viewer", "vera"), write(make_proposal(), "y", None))


def test_a_note_outlives_its_author_and_not_its_record(pim: User) -> None:
    proposal = make_proposal()
    note = write(proposal, "x", pim)
    pim.delete()
    note.refresh_from_db()
    assert note.author is None
    proposal.delete()
    assert not Note.objects.exists()


def test_notes_go_when_an_account_is_deleted_and_stay_while_it_is_synced() -> None:
    gone, kept = make_connection("gone", state="disconnected"), make_connection("kept")
    for account in (gone, kept):
        for row in (make_proposal(account), make_company(account), make_person(account)):
            write(row, account.account)
    remove_mirror(gone.pk)
    assert set(Note.objects.values_list("text", flat=True)) == {"kept"}


def test_the_newest_note_is_read_with_many_proposals_at_once(pim: User, django_assert_num_queries: Any) -> None:
    rows = [make_proposal(name=str(number)) for number in range(3)]
    write(rows[0], "oud", pim, is_pinned=True)
    write(rows[0], "nieuw", pim)
    write(rows[1], "enige", pim)
    with django_assert_num_queries(2):
        found = Proposal.objects.order_by("pk").prefetch_related(notes.prefetch_latest())
        latest = [notes.latest(row) for row in found]
    assert [note.text if note else None for note in latest] == ["nieuw", "enige", None]


def test_notes_move_to_another_record_with_all_that_they_are(pim: User) -> None:
    first, second = make_company(), make_company()
    note = write(first, "x", pim, is_pinned=True)
    assert notes.move(Note.objects.filter(company=first), second) == 1
    moved = Note.objects.get()
    assert (moved.pk, moved.subject, moved.author, moved.is_pinned) == (note.pk, second, pim, True)

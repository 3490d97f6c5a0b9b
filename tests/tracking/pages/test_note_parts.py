"""Team notes in the list of proposals and in exported files."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from offorte_portal.files.exports import asking, parts, rights, running, sheets
from offorte_portal.tracking import notes
from offorte_portal.tracking.notes import Subject
from proposals.models import Proposal
from tests.support.factories import make_company, make_proposal, make_staff

pytestmark = pytest.mark.django_db

LIST = "/proposals/proposal/"


@pytest.fixture
def noted(sanne: User) -> list[Proposal]:
    """With two notes, with one, and without; a company has one, too."""
    rows = [make_proposal(name=f"{number}") for number in range(3)]
    about: list[tuple[Subject, str]] = [
        (rows[0], "oud"),
        (rows[0], "Bel na tien uur"),
        (rows[1], "Wacht op akkoord"),
        (make_company(), "x"),
    ]
    for row, text in about:
        notes.add(row, text, by=sanne, key=uuid.uuid4())
    return rows


@pytest.mark.parametrize(("value", "found"), [("yes", ["0", "1"]), ("no", ["2"]), ("", ["0", "1", "2"])])
def test_the_list_is_filtered_by_whether_there_are_any(
    client: Client, noted: list[Proposal], value: str, found: list[str]
) -> None:
    page = client.get(LIST, {"has_notes": value} if value else {})
    assert sorted(row.name for row in page.context["cl"].result_list) == found
    assert [chip.text for chip in page.context["chips"]] == ([f"Has notes: {value}"] if value else [])


def test_the_column_shows_the_newest_with_one_query_more(
    client: Client, noted: list[Proposal], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    url = f"{LIST}?columns=title,last_note&o=title"
    client.get(url)
    with django_assert_max_num_queries(9):
        html = client.get(url).content.decode()
    assert "Bel na tien uur" in html
    assert "Wacht op akkoord" in html
    assert "oud" not in html


def test_files_have_the_newest_and_its_date(
    noted: list[Proposal], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    sheet = sheets.find("proposals.proposal")
    assert sheet
    columns = sheet.choose(["name", "last_note", "last_note_at"])
    with django_assert_max_num_queries(2):
        cells = list(sheet.read([row.pk for row in noted], columns))
    assert [row[:2] for row in cells] == [["0", "Bel na tien uur"], ["1", "Wacht op akkoord"], ["2", None]]
    assert [row[2] is None for row in cells] == [False, False, True]


def test_who_may_not_see_notes_reads_none_in_lists_and_files(noted: list[Proposal]) -> None:
    user = make_staff("part", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename="view_proposal"))
    client = Client()
    client.force_login(user)
    page = client.get(f"{LIST}?columns=title,last_note&has_notes=yes")
    assert "Bel na tien uur" not in page.content.decode()
    assert len(page.context["cl"].result_list) == 3
    assert not page.context["chips"]
    assert "has_notes" not in [control.name for control in page.context["filter_menu"]]
    for what in ("csv:shown", "csv:all"):
        answer: Any = client.post(f"{LIST}?columns=title,last_note", {"export": what})
        text = b"".join(answer.streaming_content).decode()
        assert len(text.splitlines()) == 4
        assert "Wacht op akkoord" not in text
        assert "note" not in text.splitlines()[0]


def test_a_file_asked_for_before_a_right_was_lost_has_no_notes_and_is_not_handed_out_with_them(
    noted: list[Proposal],
) -> None:
    user = make_staff("part", is_superuser=False)
    codenames = ["view_proposal", "view_note"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    sheet = sheets.SHEETS["proposals.proposal"]
    made, waiting = (
        asking.ask(asking.Wish(sheet, "csv", ["number", "last_note"]), [row.pk for row in noted], user)
        for _time in range(2)
    )
    running.advance(made.pk)
    made.refresh_from_db()
    assert "Bel na tien uur" in b"".join(parts.read_file(made)).decode()
    assert rights.may_download(made, User.objects.get(pk=user.pk))
    user.user_permissions.set(Permission.objects.filter(codename="view_proposal"))
    assert not rights.may_download(made, User.objects.get(pk=user.pk))
    running.advance(waiting.pk)
    waiting.refresh_from_db()
    assert "Bel na tien uur" not in b"".join(parts.read_file(waiting)).decode()

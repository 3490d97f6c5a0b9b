"""Team notes in the list of proposals and in exported files."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.files.exports import sheets
from offorte_portal.tracking import notes
from offorte_portal.tracking.notes import Subject
from proposals.models import Proposal
from tests.support.factories import make_company, make_proposal

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

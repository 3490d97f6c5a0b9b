"""Cells: safe HTML, and what is unknown never looks like nought."""

from datetime import timedelta

from django.utils import timezone, translation

from offorte_portal.adminkit import columns


def test_two_lines_hold_what_there_is() -> None:
    assert columns.two_lines("A", ["", None]) == '<span class="cell-title">A</span>'
    assert columns.two_lines("<A>", ["1", None, "B&B"]) == (
        '<span class="cell-title">&lt;A&gt;</span><span class="cell-sub">1 · B&amp;B</span>'
    )


def test_nought_is_a_number_and_unknown_is_not() -> None:
    assert ">0<" in columns.number(0)
    assert "Unknown" in columns.number(None)
    assert "0" not in columns.number(None)


def test_numbers_are_grouped_as_the_reader_groups_them() -> None:
    with translation.override("nl"):
        assert "12.345" in columns.number(12_345)


def test_days_since() -> None:
    assert columns.days_since(timezone.now()) == "0 days"
    assert columns.days_since(timezone.now() - timedelta(days=1)) == "1 day"
    assert columns.days_since(timezone.now() + timedelta(days=3)) == "0 days"
    assert "Unknown" in columns.days_since(None)


def test_text_that_is_missing_is_a_dash() -> None:
    assert columns.text("<a>") == '<span class="cell-text" dir="auto" title="&lt;a&gt;">&lt;a&gt;</span>'
    assert "—" in columns.text("")


def test_a_pill_names_its_colour_and_says_its_status() -> None:
    assert columns.pill("won", "<Won>") == '<span class="pill pill-won">&lt;Won&gt;</span>'

"""Dates are written in one form in each language: the day first, 24 hours, never as in the United States."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format

from offorte_portal.adminkit.reports import write_period
from offorte_portal.text.months import Period

MOMENT = datetime(2026, 11, 1, 14, 5)  # noqa: DTZ001
DAYS = ("DATE_FORMAT", "SHORT_DATE_FORMAT")
MOMENTS = ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")


@pytest.mark.parametrize(("language", "day"), [("en", "1 Nov 2026"), ("nl", "1 nov 2026"), ("en-gb", "1 Nov 2026")])
def test_each_language_has_one_form(language: str, day: str) -> None:
    with translation.override(language):
        assert {date_format(MOMENT, name) for name in DAYS} == {day}
        assert {date_format(MOMENT, name) for name in MOMENTS} == {f"{day}, 14:05"}
        assert date_format(MOMENT, "TIME_FORMAT") == "14:05"
        assert Template("{{ moment }}").render(Context({"moment": MOMENT.date()})) == day
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize(
    ("language", "forms"), [("en", ("Nov", "1 Nov", "Nov 2026")), ("nl", ("nov", "1 nov", "nov 2026"))]
)
def test_short_months_have_a_capital_in_english_only(language: str, forms: tuple[str, ...]) -> None:
    names = ("SHORT_MONTH_FORMAT", "SHORT_MONTH_DAY_FORMAT", "SHORT_YEAR_MONTH_FORMAT")
    with translation.override(language):
        assert tuple(date_format(MOMENT, name) for name in names) == forms
        assert write_period(Period(date(2026, 10, 1), date(2026, 11, 1))).endswith(f"– {forms[-1]}")


def test_numbers_stay_as_django_writes_them() -> None:
    for language, number in (("en", "1,234.50"), ("nl", "1.234,50")):
        with translation.override(language):
            assert number_format(1234.5, 2, use_l10n=True, force_grouping=True) == number


def test_no_page_has_a_form_of_its_own() -> None:
    localised = "SHORT_DATE|DATE|TIME_|YEAR_MONTH|MONTH_DAY"
    own = re.compile(
        rf"""\|(?:date|time):"(?!{localised}|c")[^"]*"|strftime\(["'](?!%Y-%m-%d)|date_format\(.*["'](?:\w )*M[" ]"""
    )
    roots = [
        Path(settings.BASE_DIR) / name for name in ("templates", "offorte_portal", "contacts", "catalog", "proposals")
    ]
    pages = [path for root in roots for kind in ("*.html", "*.txt", "*.py") for path in root.rglob(kind)]
    found = {path.name: own.findall(path.read_text()) for path in pages if "simulator" not in path.parts}
    assert {name: forms for name, forms in found.items() if forms} == {}

"""Lines of totals are told from companies that are called like one."""

import pytest

from offorte_portal.files.imports.totals import is_total


@pytest.mark.parametrize(
    "cells",
    [
        ["Totaal: 2", ""], ["Totaal", "", "€ 1.234,50"], ["", "", "Totaal", "12", "1.234,-"], ["Summe", "12,50 €"],
        ["Total", "(1,234.50)"], ["Subtotaal:", "3"], ["Grand total", "10"], ["Eindtotaal", "1.000,00"],
        ["Aantal relaties: 12"], ["12 records"], ["Gesamtsumme", "5"], ["TOTAAL 5"], ["Number of rows", "5"],
        ["Totaal aantal klanten: 7"], ["Totaal (5)"],
    ],
)  # fmt: skip
def test_what_is_a_total(cells: list[str]) -> None:
    assert is_total(cells, is_last=False)


@pytest.mark.parametrize(
    "cells",
    [
        ["Total", "Den Haag"], ["TotalEnergies", "1"], ["Totaal Bouw BV", "12"], ["Total"], ["Som", ""], ["", ""],
        ["Totaal Techniek 2000"], ["Aantal", "Ede"], ["Summa BV", "5"], ["12", "13"], ["Total" * 20, "1"],
        ["Record 12"],
    ],
)  # fmt: skip
def test_what_is_none(cells: list[str]) -> None:
    assert not is_total(cells, is_last=False)


def test_a_bare_word_is_one_in_the_last_row() -> None:
    assert is_total(["Totaal"], is_last=True)

"""Numbers as people write them, as they are dialled."""

import pytest

from offorte_portal.text.phones import dialled


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 12345678", "+31612345678"),
        ("06 – 12 34 56 78", "+31612345678"),
        ("(076) 123 45 67", "+31761234567"),
        ("+31 (0)76 123 45 67", "+31761234567"),
        ("0031 76 1234567", "+31761234567"),
        ("076-1234567 / 06-12345678", "+31761234567"),
        ("076-1234567 toestel 12", "+31761234567"),
        ("vraag naar Jan: 06-12345678", "+31612345678"),
        ("+32 3 123 45 67", "+3231234567"),
        ("0800 0123", "08000123"),
        ("0900-1234", "09001234"),
        ("14 076", "14076"),
        ("geen", ""),
        ("", ""),
    ],
)
def test_the_first_number_is_dialled_from_anywhere_if_it_can_be(text: str, number: str) -> None:
    assert dialled(text) == number


def test_the_country_of_the_address_counts() -> None:
    assert dialled("03 123 45 67", "België") == "+3231234567"

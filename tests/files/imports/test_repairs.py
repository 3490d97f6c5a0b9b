"""Zeros that a spreadsheet dropped are found, and values that only leave out a part of what is there."""

import pytest

from offorte_portal.files.imports.shortening import is_shortened
from offorte_portal.files.imports.zeros import find_lost_zeros


@pytest.mark.parametrize(
    ("values", "repaired"),
    [
        ({"coc_number": "1234567"}, {"coc_number": "01234567"}),
        ({"coc_number": "12345678"}, {}),
        ({"coc_number": "1234567", "country": "Deutschland"}, {}),
        ({"coc_number": "123456749", "country": "België"}, {"coc_number": "0123456749"}),
        ({"phone": "612345678"}, {"phone": "0612345678"}),
        ({"mobile": "612345678", "country": "the Netherlands"}, {"mobile": "0612345678"}),
        ({"phone": "761234567"}, {"phone": "0761234567"}),
        ({"phone": "31612345678"}, {"phone": "+31612345678"}),
        ({"phone": "0612345678"}, {}),
        ({"phone": "06-12345678"}, {}),
        ({"phone": "1400"}, {}),
        ({"phone": "15123456789", "country": "DE"}, {"phone": "015123456789"}),
        ({"zipcode": "1067", "country": "Duitsland"}, {"zipcode": "01067"}),
        ({"zipcode": "1067", "country": "Nederland"}, {}),
        ({"zipcode": "1067"}, {}),
        ({"zipcode": "80331", "country": "DE"}, {}),
    ],
)
def test_lost_zeros(values: dict[str, str], repaired: dict[str, str]) -> None:
    assert dict(find_lost_zeros(values)) == repaired


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Sanne van der Berg", "Sanne Berg"), ("1e Oosterparkstraat 12-III", "1e Oosterparkstraat"),
        ("Sanne", "S."), ("01234567", "1234567"), ("https://www.zon.example/", "zon.example"), ("1011 AB", "1011"),
        ("Bakkerij De Zon B.V.", "Bakkerij De Zon"), ("+31 6 12345678", "612345678"), ("Café Zon", "Cafe"),
        ("B.V.", "BV"),
    ],
)  # fmt: skip
def test_what_is_only_shorter(old: str, new: str) -> None:
    assert is_shortened(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Sanne", "Anne"), ("Breda", "Ede"), ("Sanne Berg", "Sanne van der Berg"), ("", "x"), ("breda", "Breda"),
        ("Sanne de Wit", "Sanne Wit-de Boer"), ("12", "21"), (None, "x"), ("Dijk 12", "Dijk 2"), ("x", ""),
    ],
)  # fmt: skip
def test_what_is_not(old: str, new: str) -> None:
    assert not is_shortened(old, new)

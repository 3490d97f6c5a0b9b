"""Countries are known by their codes and by their names in four languages."""

import pytest

from offorte_portal.text.countries import country_code, country_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL", "NL"), ("nld", "NL"), ("Nederland", "NL"), ("the Netherlands", "NL"), ("NETHERLANDS", "NL"),
        ("Niederlande", "NL"), ("Pays-Bas", "NL"), ("Les Pays-Bas", "NL"), ("Holland", "NL"), ("België", "BE"),
        ("Belgie", "BE"), ("Belgique", "BE"), ("Deutschland", "DE"), ("Allemagne", "DE"), ("D", "DE"), ("UK", "GB"),
        ("U.S.A.", "US"), ("Verenigd Koninkrijk", "GB"), ("Österreich", "AT"), ("Oesterreich", "AT"), ("USA", "US"),
        ("Zeeland", None), ("XX", None), ("", None), ("a" * 5000, None), ("DEU", "DE"), ("États-Unis", "US"),
    ],
)  # fmt: skip
def test_what_is_which_country(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("NL", "nl", "Nederland"), ("NL", "en-gb", "the Netherlands"), ("DE", "de", "Deutschland"), ("BE", "", "Belgium")],
)
def test_names_by_language(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name

"""The fold of letters, the keys made of it, and the spellings that are stored and searched."""

import pytest

from offorte_portal.text import keys, phones
from offorte_portal.text.countries import country_code
from offorte_portal.text.letters import fold, fold_german, fold_nordic, romanise
from offorte_portal.text.spellings import MOST_READINGS, read, spell


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café  De\tZwaan", "cafe de zwaan"),
        ("cafe\u0301", "cafe"),
        ("Straße STRASSE", "strasse strasse"),
        ("İstanbul ISIK ışık", "istanbul isik isik"),
        ("Łódź, Dvořák, Æther, Œuvre, Ørsted", "lodz, dvorak, aether, oeuvre, orsted"),
        ("d’Arc ’t ʼn ´s", "d'arc 't 'n 's"),
        ("ﬁlm № ５", "film no 5"),
        ("a\u200bb\u00adc\ud800d\x00e", "abcd e"),
        ("Ελλάδα 東京", "ελλάδα 東京"),
        ("Jansen &amp; M&uuml;ller R&D", "jansen & muller r&d"),
        ("", ""),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_german_and_other_scripts_have_a_form_of_their_own() -> None:
    assert fold_german("Mu\u0308ller Ångström") == "mueller angstroem"
    assert fold_nordic("Ångström Ørsted") == "aangstroem oersted"
    assert romanise("Ελλάδα") == "ellada"


def test_a_dutch_reader_finds_names_in_order() -> None:
    names = ["Zwaan", "Łódź", "élan", "Özgür", "Ober", "'t Hof", "IJssel", "Lama", "Lyon", "Elf", "«Tabak»", "Eland"]
    ordered = ["élan", "Eland", "Elf", "IJssel", "Lama", "Łódź", "Lyon", "Ober", "Özgür", "'t Hof", "«Tabak»", "Zwaan"]
    assert sorted(names, key=keys.sort_key) == ordered
    assert keys.sort_key("***") == "***"
    assert len(keys.sort_key("ß" * 500)) == keys.SORTED_CHARACTERS


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Bakkerij De Zon B.V.", "bakkerij de zon", True),
        ("Müller", "Muller", True),
        ("Müller", "Mueller", True),
        ("Muller", "Mueller", False),
        ("Jansen & Zn.", "Jansen en Zn", True),
        ("Müller GmbH & Co. KG", "Mueller GmbH", True),
        ("BV", "B.V.", True),
        ("BV", "NV", False),
        ("De Zon", "De Maan", False),
        ("Jansen &amp; M&uuml;ller", "Jansen & Mueller", True),
    ],
)
def test_names_of_companies_are_compared(one: str, other: str, is_same: bool) -> None:
    assert keys.is_same_company_name(one, other) is is_same
    if is_same:
        assert keys.near_company_key(one) == keys.near_company_key(other)


@pytest.mark.parametrize(
    ("phone", "country", "forms"),
    [
        ("+31 (0)76 123 45 67", "", ["0761234567", "31761234567"]),
        ("0031761234567", "", ["0761234567", "31761234567"]),
        ("02 123 45 67", "België", ["021234567", "3221234567"]),
        ("030 1234567", "Deutschland", ["0301234567", "49301234567"]),
        ("06-12345678 of 076-1234567", "", ["0612345678", "31612345678", "0761234567", "31761234567"]),
        ("06 12345678 (privé)", "", ["0612345678", "31612345678"]),
        ("toestel 12", "", ["12"]),
        ("geen", "", []),
        ("", "", []),
    ],
)
def test_phone_numbers_have_a_form_for_home_and_abroad(phone: str, country: str, forms: list[str]) -> None:
    assert phones.phone_forms(phone, country) == forms


def test_countries_are_known_by_code_and_name() -> None:
    names = ["Nederland", "the Netherlands", "NL", "Niederlande", "Pays-Bas", "holland"]
    assert {country_code(name) for name in names} == {"NL"}
    names = ["türkiye", "Turkije", "be", "Polska", "Elders", ""]
    assert [country_code(name) for name in names] == ["TR", "TR", "BE", "PL", None, None]


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("Bakkerij De Zon", ["bakkerij de zon"]),
        ("De Zon B.V.", ["de zon b v", "de zon bv"]),
        ("Müller", ["muller", "mueller"]),
        ("1091 GV", ["1091 gv", "1091gv"]),
        ("12-AB-34", ["12 ab 34", "12ab34"]),
        ("&", ["&"]),
        ("  ", []),
    ],
)
def test_a_text_is_stored_in_its_spellings(text: str, spellings: list[str]) -> None:
    assert spell(text) == spellings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Berg, Sanne", [["berg", "sanne"]]),
        ("jan@x-y.nl", [["jan@x-y.nl"]]),
        ("1091 gv", [["1091", "gv"], ["1091gv"]]),
        ("0031 76 12", [["0031", "76", "12"], ["317612"], ["00317612"]]),
        ("jan 06 12345678", [["jan", "06", "12345678"], ["jan", "612345678"], ["jan0612345678"]]),
        ("!?", []),
    ],
)
def test_a_search_tries_several_readings(text: str, readings: list[list[str]]) -> None:
    assert read(text) == readings
    assert len(read("Ä-1 ö.2 ü/3 +31 (0)76 1234567 ελ")) == MOST_READINGS

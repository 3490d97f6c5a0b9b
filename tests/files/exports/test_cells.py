"""Cells of a CSV that hold what begins a cell elsewhere: no formula begins there, and each is read back unchanged."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from offorte_portal.files.exports.cells import remove_guards, write_cell
from offorte_portal.files.imports.parsing import unguard


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "; ", ';"', "\n", "\r\n"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_formula_begins_behind_a_separator(separator: str, sign: str) -> None:
    text = f"Zon{separator}{sign}1+cmd|' /C calc'!A0"
    written = str(write_cell(text))
    place = 3 + len(separator.rstrip(' "'))
    assert written == f"{text[:place]}'{text[place:]}"
    assert unguard(written) == text


@pytest.mark.parametrize(
    "text",
    [
        "Kantoor, +31 76 123 45 67",
        "+31 76 123 45 67; +31 6 12345678",
        "+31 76 123 45 67 / +31 6 12345678",
        "+31\u00a076\u202f123 45 67",
        "+31 (0)76-123 45 67",
        "€ 25,- per stuk",
        "€ 1.500,-",
        "a@b.example, c@d.example",
        "Inclusief:\n- verf\n- hout van eik",
        "2026-01, A-1",
        "1,5 - 2,5",
    ],
)
def test_what_can_not_be_calculated_stays_as_it_is(text: str) -> None:
    assert write_cell(text) == text == unguard(text)


@pytest.mark.parametrize("text", ["=A1", "'=A1", "''-", "a;'=1", "x,''+1", "'+31 76 123 45 67", "\n=1\n=2"])
def test_apostrophes_of_one_s_own_come_back(text: str) -> None:
    assert unguard(str(write_cell(text))) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "\n=1", " =1", "\u00a0=1", "＝1", "\u200b=1", "\ufeff=1", "\x00=1", "\u202e=1", "\xad\u2060 =1", "﹦1", "﹢1",
        "−1+1", "+31761234567 / +31612345678", "+31-76-1234567", "+1+1",
    ],
)  # fmt: skip
def test_what_could_be_calculated_is_escaped(text: str) -> None:
    assert write_cell(text) == f"'{text}"
    assert remove_guards(f"'{text}") == text


@example("\r'=")
@given(st.text(st.sampled_from("=+-@;,|\t\r\n'\" 1a＝.\u200b−"), max_size=12))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert remove_guards(str(write_cell(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000 + "=",
        " " * 200_000,
        "'" * 200_000,
        "\x1f" * 200_000,
        "\u200b" * 200_000,
        "a,-" + "a " * 100_000 + "1",
    ],
)
def test_long_text_is_written_in_no_time(text: str) -> None:
    began = time.process_time()
    remove_guards(str(write_cell(text)))
    assert time.process_time() - began < 1

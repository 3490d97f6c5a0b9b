"""The language of screens: no word of the old idiom is left in a text, in English or in Dutch.

The English texts are the keys of the catalogue. What templates and scripts write without it is checked as well.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/nl/LC_MESSAGES/django.po"
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
SCRIPTS = sorted(path for path in ROOT.glob("*/**/static/**/*.js") if ".venv" not in path.parts)

# Each with what to say instead.
FORBIDDEN_ENGLISH = {
    r"anew|nought|naught|aught|of late|whilst|hitherto|thereof|therein|whereof|thereby|forthwith": "a word of today",
    r"whoever|whomever|whosoever|whatsoever": "anyone who",
    r"nobody|for who\b|to who\b|of whom|who(?= may not be)": "nobody else: no one, or say who can",
    r"such": "like, this, these",
    r"want of|for lack of|as good as|so many|as it were": "without, almost, this many",
    r"told|tells|telling|is said\b|says it": "shows, we'll let you know",
    r"thrown? away|throws away": "Discard",
    r"forgotten": "what happened to it",
    r"made of|made anew|recreat\w*|re-creat\w*": "Copy to Offorte",
    r"oddit(?:y|ies)": "Warning",
    r"in doubt|doubtful": "Outcome unknown",
    r"source customers?|party|parties": "customer",
    r"show anew|looks? after": "Refresh, manage",
}
FORBIDDEN_DUTCH = {
    r"u|uw": "je, jouw",
    r"gelieve|derhalve|teneinde|dient te|alsmede|middels|indien|reeds|wederom|desgewenst": "a word of today",
    r"van elders|elders gemaakt": "geïmporteerd",
    r"in twijfel|twijfelgeval\w*": "uitkomst onbekend",
    r"oneffenhe(?:id|den)|eigenaardighe(?:id|den)|bijzonderhe(?:id|den)": "let op",
    r"nagemaakt|namaken": "gekopieerd naar Offorte",
    r"vertelt|verteld": "toont, meldt",
    r"tweestapsverificatie|twee-factor-authenticatie|tweefactorauthenticatie": "tweede factor",
    r"beveiligingssleutels?": "passkey",
    r"e-mail adres|emailadres|e-mail-adres": "e-mailadres",
    r"kvk nummer|kvknummer": "kvk-nummer",
    r"BTW": "btw",
}


def find(text: str, words: dict[str, str]) -> Iterator[str]:
    for word, instead in words.items():
        for match in re.finditer(rf"(?<![\w-])(?:{word})(?![\w-])", text, 0 if word.isupper() else re.IGNORECASE):
            if match[0] != "u" or not text[: match.start()].endswith("(hours)d "):
                yield f"“{match[0]}” ({instead}) in: {text}"


def texts() -> Iterator[tuple[str, str]]:
    for entry in polib.pofile(str(CATALOGUE)):
        if not entry.obsolete:
            yield entry.msgid, entry.msgstr
            for plural in entry.msgstr_plural.values():
                yield entry.msgid_plural, plural


def test_no_english_text_has_a_word_of_the_old_idiom() -> None:
    found = [fault for english, _ in texts() for fault in find(english, FORBIDDEN_ENGLISH)]
    assert sorted(set(found)) == []


def test_no_dutch_text_has_a_word_that_nobody_uses() -> None:
    found = [fault for _, dutch in texts() for fault in find(dutch, FORBIDDEN_DUTCH)]
    assert sorted(set(found)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_writes_one_by_itself(path: Path) -> None:
    plain = re.sub(
        r"\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>",
        " ",
        path.read_text(),
        flags=re.DOTALL,
    )
    assert [*find(" ".join(plain.split()), FORBIDDEN_ENGLISH)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_writes_one_by_itself(path: Path) -> None:
    quoted = re.findall(r"\"([^\"\n]*)\"|`([^`]*)`", path.read_text())
    assert [fault for pair in quoted for text in pair for fault in find(text, FORBIDDEN_ENGLISH)] == []


def test_the_check_finds_what_it_forbids() -> None:
    assert [*find("Nothing tells.", FORBIDDEN_ENGLISH)]
    assert [*find("Show it anew", FORBIDDEN_ENGLISH)]
    assert [*find("Neem contact op met uw beheerder", FORBIDDEN_DUTCH)]
    assert not [*find("Proposals such-and-such", {"such": ""})]
    assert not [*find("Stuur opnieuw", FORBIDDEN_DUTCH)]

"""Keys of names: one to sort by, one by which the same name is recognised."""

import re

from offorte_portal.text.letters import fold, fold_german, fold_nordic

SORTED_CHARACTERS = 80  # PostgreSQL allows no index entry above 2,700 bytes
COC_DIGITS = 8
# What people write or leave out, with or without dots. Some stand in front, too: "V.O.F. De Zon".
LEGAL_FORMS = frozenset({
    "bv", "nv", "vof", "cv", "vzw", "bvba", "cvba", "srl", "sprl", "sa", "sas", "sarl", "gmbh", "ag", "kg", "ohg", "ug",
    "gbr", "ek", "ltd", "llc", "llp", "inc", "plc", "corp", "limited", "sro", "spzoo", "as", "ab", "oy", "aps", "sti",
})  # fmt: skip
_FIRST = frozenset({"bv", "nv", "vof", "cv", "vzw"})
_LONG_FORMS = (("gmbh co kg", "gmbh"), ("sp z oo", "spzoo"), ("s r o", "sro"))
_AND = frozenset({"en", "and", "und", "et"})
_CLOSED = re.compile(r"[.'&]")
_PUNCTUATION = re.compile(r"[^\w\s]|_")
# What German spelling adds to a letter: "ue" for "ü", "aa" for "å".
_GERMAN_E, _DOUBLED = re.compile("([aou])e+"), re.compile("a+")
_START = re.compile(r"^[\W_]+")


def sort_key(text: str) -> str:
    """Return what a Dutch reader sorts a text by: no accents, case or quotes, and nothing before the first letter."""
    folded = fold(text).replace("'", "").replace('"', "")
    return (_START.sub("", folded) or folded)[:SORTED_CHARACTERS]


def full_coc_number(number: object) -> object:
    """Return a Dutch chamber of commerce number with the leading zero that spreadsheets drop; others unchanged."""
    if isinstance(number, str) and (digits := compact(number)).isdecimal() and len(digits) == COC_DIGITS - 1:
        return digits.zfill(COC_DIGITS)
    return number


def number_key(number: str) -> str:
    """Return what the ways to write a number have in common, short enough for an index."""
    return compact(number)[:SORTED_CHARACTERS]


def match_key(name: str) -> str:
    """Return what two spellings of one name have in common: its base letters and digits. "ue" is never "ü"."""
    folded = fold(name)
    return _letters(folded) or folded


def company_key(name: str) -> str:
    """Return the match key of a company's name without its legal form, unless it has nothing else."""
    return match_key(without_legal_form(name))[:SORTED_CHARACTERS]


def is_same_company_name(one: str, other: str) -> bool:
    """Return whether two names differ in spelling and legal form only; "Mueller" is "Müller", but not "Muller"."""
    return any(company_key(way(one)) == company_key(way(other)) for way in (fold, fold_german, fold_nordic))


def near_company_key(name: str) -> str:
    """Return a key that all spellings of a company's name share, and some other names: see `is_same_company_name`."""
    return _DOUBLED.sub("a", _GERMAN_E.sub(r"\1", company_key(name)))


def without_legal_form(name: str) -> str:
    """Return the folded words of a name without punctuation, and without the legal form before or after them."""
    folded = _PUNCTUATION.sub(" ", _CLOSED.sub("", fold(name)))
    words = [word for word in folded.split() if word not in _AND] or folded.split()
    text = " ".join(words)
    for form, joined in _LONG_FORMS:
        text = text.removesuffix(f" {form}") + f" {joined}" if text.endswith(f" {form}") else text
    words = text.split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] in _FIRST:
        words.pop(0)
    return " ".join(words)


def compact(number: str) -> str:
    """Return the letters and digits of a number that people write in several ways, in lower case."""
    return _letters(fold(number))


def _letters(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))

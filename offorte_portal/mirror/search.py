"""The search of rows: every word must occur in a row's `search_text`, in any order and anywhere within a word.

A text is tried in several readings (`text/spellings.py`); a row that holds all words of any of them is a hit. Words of
three characters or more are found by trigrams (`mirror/search_index.py`), shorter ones at the start of a name or a
number, and next to the words beside which they were typed ("de" of "Jan de Vries"). A single number also finds the row
with that Offorte id. Everything that people type is plain text: there is no query language.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeVar

from django.db import connection as database
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from offorte_portal.text.keys import SORTED_CHARACTERS, sort_key
from offorte_portal.text.spellings import read, spell_lines

Found = TypeVar("Found", bound=QuerySet[Any])
Row = TypeVar("Row", bound=Model)
Words = list[str]

TRIGRAM = 3
# Longer words, or more of them, are not a serious search, and would be slow.
WORD_CHARACTERS = SORTED_CHARACTERS
WORDS = 10
TEXT_CHARACTERS = WORD_CHARACTERS * WORDS
ID_DIGITS = 18  # more are no 64-bit number
PREFIXES = ("name_key", "number_key", "title_key")
# Above every character that text can hold.
LAST_CHARACTER = "\U0010ffff"


def is_indexed(model: type[Model]) -> bool:
    """Return whether the model is mirrored and has a search index."""
    return {"search_text", "payload"} <= _columns(model)


def apply(queryset: Found, text: str) -> Found:
    """Return the rows that contain every word; all rows for a blank text, none for one of punctuation."""
    readings = read_words(text)
    if not readings:
        return queryset.none() if text.strip() else queryset
    model = queryset.model
    long = [words for words in readings if all(len(word) >= TRIGRAM for word in words)]
    found = _holds(model, long) | _has_number(model, readings)
    for words in readings:
        if words not in long:
            found |= _holds_with_short(model, words)
    return queryset.filter(found)


def scan(queryset: Found, text: str) -> Found:
    """Return the same rows as `apply`, by reading row after row: faster where most rows are hits."""
    readings = read_words(text)
    if not readings:
        return queryset.none() if text.strip() else queryset
    found = _has_number(queryset.model, readings)
    for words in readings:
        reading = Q()
        for place, word in enumerate(words):
            holds = Q(search_text__contains=word)
            if len(word) < TRIGRAM and _columns(queryset.model) & set(PREFIXES):
                holds = _starts_with(queryset.model, word)
                for pair in _pairs(words, place):
                    holds |= Q(search_text__contains=pair)
            reading &= holds
        found |= reading
    return queryset.filter(found)


def sift(queryset: Found, columns: Sequence[str], text: str) -> Found:
    """Return the rows of a small table whose columns hold every word, in any spelling; all for a blank text."""
    readings = read_words(text)
    if not readings:
        return queryset.none() if text.strip() else queryset
    rows = queryset.values_list("pk", *columns)
    return queryset.filter(pk__in=[pk for pk, *values in rows if is_in("\n".join(filter(None, values)), text)])


def is_in(value: str, text: str) -> bool:
    """Return whether a text holds every word that is searched for, in any spelling."""
    stored = spell_lines(value)
    return any(all(word in stored for word in words) for words in read_words(text))


def containing(queryset: Found, spelling: str) -> Found:
    """Return the rows that contain this one spelling, of three characters or more, as it is stored."""
    return queryset.filter(_holds(queryset.model, [[spelling]]))


def offer(queryset: "QuerySet[Row]", text: str, most: int) -> list[Row]:
    """Return rows to choose from: those whose name begins with the text, then those that contain its words."""
    if not read_words(text):
        return []
    start = sort_key(text)
    begin = queryset.filter(name_key__gte=start, name_key__lt=start + LAST_CHARACTER)
    found = [*begin.order_by("name_key")[:most], *apply(queryset, text).order_by("name_key")[:most]]
    return list({row.pk: row for row in found}.values())[:most]


def read_words(text: str) -> list[Words]:
    """Return the word lists to search for, of bounded length; none of a text without letters and digits."""
    readings = ([word[:WORD_CHARACTERS] for word in words] for words in read(text[:TEXT_CHARACTERS]))
    return [list(dict.fromkeys(words))[:WORDS] for words in readings]


def _holds_with_short(model: type[Model], words: Words) -> Q:
    found = Q()
    for place, word in enumerate(words):
        if len(word) < TRIGRAM:
            found &= _starts_with(model, word) | _holds(model, [[pair] for pair in _pairs(words, place)])
    long = [word for word in words if len(word) >= TRIGRAM]
    return found & _holds(model, [long]) if long else found


def _pairs(words: Words, place: int) -> Words:
    """Return the phrases of a word with the word before it and with the word after it."""
    neighbours = words[max(place - 1, 0) : place + 2]
    return [" ".join(pair) for pair in pairwise(neighbours)]


def _starts_with(model: type[Model], word: str) -> Q:
    found = Q(pk__in=[])
    for column in PREFIXES:
        if column in _columns(model):
            found |= Q(**{f"{column}__gte": word, f"{column}__lt": word + LAST_CHARACTER})
    return found


def _has_number(model: type[Model], readings: list[Words]) -> Q:
    """Match the row with this Offorte id, where only a number is searched for."""
    words = readings[0]
    if "remote_id" in _columns(model) and len(words) == 1 and words[0].isdecimal() and len(words[0]) <= ID_DIGITS:
        return Q(remote_id=int(words[0]))
    return Q(pk__in=[])


def _holds(model: type[Model], readings: list[Words]) -> Q:
    """Match the rows that hold every word of any reading. Words have three characters or more."""
    if not readings:
        return Q(pk__in=[])
    if database.vendor != "sqlite":
        found = Q(pk__in=[])
        for words in readings:
            found |= Q(*(Q(search_text__contains=word) for word in words))
        return found
    # The keys from SQLite's FTS5 table; quoted strings are phrases, whatever is in them.
    table = f"{model._meta.db_table}_search"
    quoted = ([f'"{word.replace(chr(34), chr(34) * 2)}"' for word in words] for words in readings)
    match = " OR ".join(f"({' AND '.join(phrases)})" for phrases in quoted)
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608 - a model's own name
    return Q(pk__in=RawSQL(sql, [match]))  # noqa: S611


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}

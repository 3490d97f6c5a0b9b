"""The search of lists: every word must occur in a row's `search_text`, in any order and anywhere within a word.

Words of three characters or more are found by trigrams (`mirror/search_index.py`), shorter ones at the start of a name
or a number, and next to the words beside which they were typed ("de" of "Jan de Vries"). A single number also finds the
row with that Offorte id. Everything that people type is plain text: there is no query language.
"""

from itertools import pairwise
from typing import Any, TypeVar

from django.db import connection as database
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from offorte_portal.mirror.models.sorting import SORTED_CHARACTERS

Found = TypeVar("Found", bound=QuerySet[Any])

TRIGRAM = 3
# Longer words, or more of them, are not a serious search, and would be slow.
WORD_CHARACTERS = SORTED_CHARACTERS
WORDS = 10
ID_DIGITS = 18  # more are no 64-bit number
PREFIXES = ("name_key", "number_key")
# Above every character that text can hold.
LAST_CHARACTER = "\U0010ffff"


def is_indexed(model: type[Model]) -> bool:
    """Return whether the model has a `search_text` of its own."""
    return "search_text" in _columns(model)


def apply(queryset: Found, text: str) -> Found:
    """Return the rows that contain every word; all rows when there are no words."""
    words = split_words(text)
    for place, word in enumerate(words):
        if len(word) < TRIGRAM:
            found = _starts_with(queryset.model, word) | _has_number(words)
            for pair in _pairs(words, place):
                found |= _holds(queryset.model, [pair])
            queryset = queryset.filter(found)
    long = [word for word in words if len(word) >= TRIGRAM]
    if long:
        queryset = queryset.filter(_holds(queryset.model, long) | _has_number(words))
    return queryset


def scan(queryset: Found, text: str) -> Found:
    """Return the same rows as `apply`, by reading row after row: faster where most rows are hits."""
    words = split_words(text)
    for place, word in enumerate(words):
        if len(word) < TRIGRAM:
            found = _starts_with(queryset.model, word)
            for pair in _pairs(words, place):
                found |= Q(search_text__contains=pair)
        else:
            found = Q(search_text__contains=word)
        queryset = queryset.filter(found | _has_number(words))
    return queryset


def split_words(text: str) -> list[str]:
    """Return the words to search for, each once, in lower case as in `search_text`."""
    words = text.replace("\x00", " ").lower().split()
    return list(dict.fromkeys(word[:WORD_CHARACTERS] for word in words))[:WORDS]


def _pairs(words: list[str], place: int) -> list[str]:
    """Return the phrases of a word with the word before it and with the word after it."""
    neighbours = words[max(place - 1, 0) : place + 2]
    return [" ".join(pair) for pair in pairwise(neighbours)]


def _starts_with(model: type[Model], word: str) -> Q:
    found = Q(pk__in=[])
    for column in PREFIXES:
        if column in _columns(model):
            found |= Q(**{f"{column}__gte": word, f"{column}__lt": word + LAST_CHARACTER})
    return found


def _has_number(words: list[str]) -> Q:
    """Match the row with this Offorte id, where only a number is searched for."""
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= ID_DIGITS:
        return Q(remote_id=int(words[0]))
    return Q(pk__in=[])


def _holds(model: type[Model], words: list[str]) -> Q:
    if database.vendor != "sqlite":
        return Q(*(Q(search_text__contains=word) for word in words))
    # The keys from SQLite's FTS5 table; quoted strings are phrases, whatever is in them.
    table = f"{model._meta.db_table}_search"
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in words)
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608 - a model's own name
    return Q(pk__in=RawSQL(sql, [phrases]))  # noqa: S611


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}

"""The search of lists: every word must occur in a row's `search_text`, in any order and anywhere within a word.

Words of three characters and more are found by trigrams (`mirror/search_index.py`), shorter ones at the start of a name
or a number and next to the word that they were typed beside ("de" of "Jan de Vries"); a number also finds the row with
that Offorte id. Whatever people type is text: there is no query language to trip over.
"""

from itertools import pairwise
from typing import Any, TypeVar

from django.db import connection as database
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from offorte_portal.mirror.models.sorting import SORTED_CHARACTERS

Found = TypeVar("Found", bound=QuerySet[Any])

TRIGRAM = 3
# What is longer or more is not a search, and would cost.
WORD_CHARACTERS = SORTED_CHARACTERS
WORDS = 10
ID_DIGITS = 18  # more are no 64-bit number
PREFIXES = ("name_key", "number_key")
# Above every character that text can hold.
LAST_CHARACTER = "\U0010ffff"


def is_indexed(model: type[Model]) -> bool:
    """Whether the model has a text of its own that is searched."""
    return "search_text" in _columns(model)


def apply(queryset: Found, text: str) -> Found:
    """The rows in which every word is found; all rows when there is none."""
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
    """What `apply` finds, by reading row after row: the faster way where most rows are hits."""
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
    """The words to look for, in lower case as `search_text` has them, each once."""
    words = text.replace("\x00", " ").lower().split()
    return list(dict.fromkeys(word[:WORD_CHARACTERS] for word in words))[:WORDS]


def _pairs(words: list[str], place: int) -> list[str]:
    """A word together with the one before it and the one after it, as they stand in a text."""
    neighbours = words[max(place - 1, 0) : place + 2]
    return [" ".join(pair) for pair in pairwise(neighbours)]


def _starts_with(model: type[Model], word: str) -> Q:
    found = Q(pk__in=[])
    for column in PREFIXES:
        if column in _columns(model):
            found |= Q(**{f"{column}__gte": word, f"{column}__lt": word + LAST_CHARACTER})
    return found


def _has_number(words: list[str]) -> Q:
    """The row with this Offorte id, where a number is all that is searched for."""
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= ID_DIGITS:
        return Q(remote_id=int(words[0]))
    return Q(pk__in=[])


def _holds(model: type[Model], words: list[str]) -> Q:
    if database.vendor == "sqlite":
        return Q(pk__in=_match(model, words))
    return Q(*(Q(search_text__contains=word) for word in words))


def _match(model: type[Model], words: list[str]) -> RawSQL:
    """The keys that SQLite's shadow table finds; a quoted string is a phrase to FTS5, whatever is in it."""
    table = f"{model._meta.db_table}_search"
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in words)
    return RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [phrases])  # noqa: S608, S611 - a model's own name


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}

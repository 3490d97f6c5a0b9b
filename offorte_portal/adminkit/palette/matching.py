"""Which titles people mean: every word that they type begins a word of it, or is in it from three letters on.

A title counts in every language of the portal, whichever the person reads it in.
"""

import re
from collections.abc import Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from offorte_portal.text.letters import fold

Words = list[str]
# Fewer letters are in almost any title.
INSIDE = 3


def split(text: str) -> Words:
    """Return the folded words of a text, without punctuation."""
    return re.findall(r"\w+", fold(text))


def spell(title: str | Promise) -> list[Words]:
    """Return the words of a title in each language."""
    if not isinstance(title, Promise):
        return [split(title)]
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(split(str(title)))
    return found


def fits(words: Words, spellings: Sequence[Words]) -> bool:
    """Return whether each of the words is in one of the spellings; no words are in none."""
    parts = [part for spelling in spellings for part in spelling]
    found = (any(part.startswith(word) or (len(word) >= INSIDE and word in part) for part in parts) for word in words)
    return bool(words) and all(found)


def is_whole(words: Words, spellings: Sequence[Words]) -> bool:
    """Return whether each of the words is a whole word of the spellings."""
    return bool(words) and {part for spelling in spellings for part in spelling}.issuperset(words)


def is_title(words: Words, spellings: Sequence[Words]) -> bool:
    """Return whether the words are a spelling, or two of its first words or more, the last of which may be cut off."""
    text = " ".join(words)
    titles = [" ".join(spelling) for spelling in spellings]
    return bool(words) and any(text == title or (len(words) > 1 and title.startswith(text)) for title in titles)

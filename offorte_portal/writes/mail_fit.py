"""Whether a mail that Offorte holds is one that the portal asked for: by its words, and by who received it.

Offorte may give a message back with its placeholders or filled in, as text or HTML, with other line breaks or with
`\\n` written out (reference: Proposals, Get proposal details and Send proposal). Anything else is not the same message.
"""

import html
import re
import unicodedata
from collections.abc import Collection

_PLACEHOLDER = re.compile(r"(?:\{[a-z0-9_]+\})+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\r\\n|\\[nrt]")
# What a placeholder stands for is a name, an amount or a date.
LONGEST_VALUE = 80
# With fewer characters around its placeholders a message can't be told from another that was filled in.
FEWEST_CHARACTERS = 20


def is_same_message(asked: str, told: str) -> bool:
    """Whether these are the same words, white space aside; a placeholder fits what Offorte may have filled in."""
    return any(_fits(one, other) for one in _forms(asked) for other in _forms(told))


def is_same_audience(chosen: Collection[str] | None, earlier: Collection[str], told: Collection[str]) -> bool:
    """Whether a mail went to whom it was to: all who are chosen, and at most those besides who had received it earlier.

    `chosen` is None where the portal did not choose them: then it has to be the earlier ones exactly. Addresses are
    compared in any case.
    """
    expected, before, received = fold_addresses(chosen or ()), fold_addresses(earlier), fold_addresses(told)
    if not received:
        return False
    return received == before if chosen is None else expected <= received <= expected | before


def fold_addresses(addresses: Collection[str]) -> set[str]:
    """E-mail addresses in lower case, without empty ones."""
    return {address.strip().casefold() for address in addresses if address.strip()}


def _forms(text: str) -> set[str]:
    """The text as it is, and what it says if it is HTML."""
    plain = _ESCAPED.sub(" ", text)
    return {_squeeze(plain), _squeeze(html.unescape(_TAG.sub(" ", plain)))}


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _fits(asked: str, told: str) -> bool:
    if asked == told:
        return bool(asked)
    first, *others = _PLACEHOLDER.split(asked)
    if not others or len(first) + sum(map(len, others)) < FEWEST_CHARACTERS or not told.startswith(first):
        return False
    at = len(first)
    for part in others[:-1]:
        found = told.find(part, at, at + LONGEST_VALUE + len(part))
        if found < 0:
            return False
        at = found + len(part)
    return told.endswith(others[-1]) and 0 <= len(told) - len(others[-1]) - at <= LONGEST_VALUE

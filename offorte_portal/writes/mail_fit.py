"""Compares a mail that Offorte holds with one that the portal asked for, by its message and its receivers.

Offorte may return a message with its placeholders or filled in, as text or HTML, with other line breaks or with `\\n`
written out (reference: Proposals, Get proposal details and Send proposal). Anything else is not the same message.
"""

import html
import re
import unicodedata
from collections.abc import Collection

_PLACEHOLDER = re.compile(r"(?:\{[a-z0-9_]+\})+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\r\\n|\\[nrt]")
# At most this many characters replace a placeholder, which stands for a name, an amount or a date.
LONGEST_VALUE = 80
# A message with fewer characters around its placeholders can't be distinguished from another one.
FEWEST_CHARACTERS = 20


def is_same_message(asked: str, told: str) -> bool:
    """Return whether the texts are the same except for white space; a placeholder matches what Offorte filled in."""
    return any(_fits(form, other) for form in _forms(asked) for other in _forms(told))


def is_same_audience(chosen: Collection[str] | None, earlier: Collection[str], told: Collection[str]) -> bool:
    """Return whether a mail went to all chosen receivers, and beyond those at most to earlier receivers.

    `chosen` is None if the portal did not choose them: then it has to be exactly the earlier receivers. Addresses are
    compared without regard to case.
    """
    expected, before, received = fold_addresses(chosen or ()), fold_addresses(earlier), fold_addresses(told)
    if not received:
        return False
    return received == before if chosen is None else expected <= received <= expected | before


def fold_addresses(addresses: Collection[str]) -> set[str]:
    """Return e-mail addresses in lower case, without empty ones."""
    return {address.strip().casefold() for address in addresses if address.strip()}


def _forms(text: str) -> set[str]:
    """Return the text as it is, and with its HTML tags and escapes resolved, both without white space."""
    plain = _ESCAPED.sub(" ", text)
    return {_squeeze(plain), _squeeze(html.unescape(_TAG.sub(" ", plain)))}


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _fits(asked: str, received: str) -> bool:
    if asked == received:
        return bool(asked)
    first, *others = _PLACEHOLDER.split(asked)
    if not others or len(first) + sum(map(len, others)) < FEWEST_CHARACTERS or not received.startswith(first):
        return False
    at = len(first)
    for part in others[:-1]:
        found = received.find(part, at, at + LONGEST_VALUE + len(part))
        if found < 0:
            return False
        at = found + len(part)
    return received.endswith(others[-1]) and 0 <= len(received) - len(others[-1]) - at <= LONGEST_VALUE

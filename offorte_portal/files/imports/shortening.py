"""Tells new values from those that only leave out a part of what is there: "Sanne Berg" for "Sanne van der Berg"."""

from collections.abc import Iterable, Iterator

from offorte_portal.files.imports.headings import spelled


def is_shortened(old: object, new: object) -> bool:
    """Return whether a new text has nothing that the old one has not, and less: fewer words, or a part of them."""
    if not (isinstance(old, str) and isinstance(new, str)) or not old or not new:
        return False
    before, after = spelled(old), spelled(new)
    whole, part = "".join(before), "".join(after)
    if whole == part:
        return len(new) < len(old)
    return _has_in_order(iter(before), after) or whole.startswith(part) or (part.isdecimal() and whole.endswith(part))


def _has_in_order(words: Iterator[str], wanted: Iterable[str]) -> bool:
    return all(word in words for word in wanted)

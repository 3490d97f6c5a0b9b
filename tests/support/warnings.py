"""Warnings of the mirror, as tests write them."""

from collections.abc import Iterable

from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.text.reason import Reason


def read(warnings: Iterable[Reason]) -> list[str]:
    """The texts of warnings, and of those about an omitted key the key alone."""
    return [
        f"omitted:{warning.values['key']}" if warning.code == MirrorReason.OMITTED else put_into_words(warning)
        for warning in warnings
    ]

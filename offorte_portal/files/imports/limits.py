"""Limits on the memory and the time that reading a file may take, whatever its format and content."""

import time
from sys import getsizeof

from offorte_portal.files.imports.table import TableError
from offorte_portal.files.reasons import ImportReason

# Bytes of all texts in memory, and the number of different texts that are stored only once.
MOST_HELD, MOST_KNOWN = 64 * 1024 * 1024, 20_000
# Characters of all cells together, repeated texts included: some 3,000 in each of 10,000 rows.
MOST_TEXT = 32 * 1024 * 1024
# Bytes of all rows as they are stored.
MOST_STORED = 48 * 1024 * 1024
# Seconds of processor time that a file may take, and the extra time for each thousand values in it. The extra time is
# limited by the bytes that were read, so that neither a small file that repeats values nor an inflated one earns much.
SECONDS, SECONDS_A_THOUSAND = 1.2, 0.02
SMALL, SECONDS_A_SMALL_BYTE, SECONDS_A_BYTE = 200_000, 2.5e-6, 1e-5
# The extra time that bytes without values allow at most. With SECONDS, a file without a table takes at most 2 seconds.
MOST_CREDIT = 0.4


class Keeper:
    """Stores repeated texts once, and counts the memory that texts take: some fifty bytes for even a short one."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._left, self._text_left = MOST_HELD, MOST_TEXT

    def keep(self, text: str) -> str:
        """Return the text, or the equal one that is stored. Raises TableError where all take too much memory."""
        known = self._known.get(text)
        if known is not None:
            return known
        self._left -= getsizeof(text)
        if self._left < 0:
            raise too_large()
        if len(self._known) < MOST_KNOWN:
            self._known[text] = text
        return text

    def count(self, characters: int) -> None:
        """Count the characters of cells, repeated texts included. Raises TableError where there are too many."""
        self._text_left -= characters
        if self._text_left < 0:
            raise too_large()


class Deadline:
    """The processor time by which a file has to be read; values that are found in it extend the deadline."""

    def __init__(self) -> None:
        self._until = time.thread_time() + SECONDS
        self._fed, self._credit = 0, 0.0

    def feed(self, size: int) -> None:
        """Record that `size` more bytes of the file were read, counted as they are packed in it."""
        small = max(0, min(size, SMALL - self._fed))
        self._fed += size
        credit = self._credit + small * SECONDS_A_SMALL_BYTE + (size - small) * SECONDS_A_BYTE
        self._credit = min(credit, MOST_CREDIT)

    def earn(self, values: int) -> None:
        """Extend the deadline for values that were found in the bytes that were read."""
        earned = min(values * SECONDS_A_THOUSAND / 1000, self._credit)
        self._credit -= earned
        self._until += earned

    def check(self) -> None:
        """Raise TableError once the deadline has passed."""
        if time.thread_time() > self._until:
            raise TableError(ImportReason.TOO_SLOW())


def too_large() -> TableError:
    return TableError(ImportReason.TABLE_TOO_LARGE())

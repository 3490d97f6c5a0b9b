"""What one file may take of memory and time, whatever kind it is and whatever is in it."""

import time
from sys import getsizeof

from offorte_portal.files.imports.table import TableError
from offorte_portal.files.reasons import ImportReason

# Bytes of all texts in memory, and how many different ones are known again.
MOST_HELD, MOST_KNOWN = 64 * 1024 * 1024, 20_000
# Characters of all cells together, a text counted in each cell that holds it: some 3,000 in each of 10,000 rows.
MOST_TEXT = 32 * 1024 * 1024
# Bytes of all rows as they are stored.
MOST_STORED = 48 * 1024 * 1024
# Seconds of computing that a file may take, and more for each thousand values that it yields: as far as the bytes that
# they came from can hold them. So neither a small file earns much, whatever it repeats, nor one that was made large.
SECONDS, SECONDS_A_THOUSAND = 1.2, 0.02
SMALL, SECONDS_A_SMALL_BYTE, SECONDS_A_BYTE = 200_000, 2.5e-6, 1e-5
# What bytes without values give at most: with SECONDS less than the 2 seconds that a file without a table may take.
MOST_CREDIT = 0.4


class Keeper:
    """Hold a text that is often in a file once, and count what texts take in memory: a short one takes fifty bytes."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._left, self._text_left = MOST_HELD, MOST_TEXT

    def keep(self, text: str) -> str:
        """Return the text. Raises TableError where all of them are too much."""
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
        """Count the texts of cells, also those held once. Raises TableError where all of them are too much."""
        self._text_left -= characters
        if self._text_left < 0:
            raise too_large()


class Deadline:
    """When a file has to be read, in seconds of computing; the values in it move the deadline."""

    def __init__(self) -> None:
        self._until = time.thread_time() + SECONDS
        self._fed, self._credit = 0, 0.0

    def feed(self, size: int) -> None:
        """Note that so many more bytes of the file, packed as they are in it, were read."""
        small = max(0, min(size, SMALL - self._fed))
        self._fed += size
        credit = self._credit + small * SECONDS_A_SMALL_BYTE + (size - small) * SECONDS_A_BYTE
        self._credit = min(credit, MOST_CREDIT)

    def earn(self, values: int) -> None:
        """Note that so many values were found in the bytes that were read."""
        earned = min(values * SECONDS_A_THOUSAND / 1000, self._credit)
        self._credit -= earned
        self._until += earned

    def check(self) -> None:
        """Raise TableError where the file takes too long."""
        if time.thread_time() > self._until:
            raise TableError(ImportReason.TOO_SLOW())


def too_large() -> TableError:
    """The refusal of a table with too much text."""
    return TableError(ImportReason.TABLE_TOO_LARGE())

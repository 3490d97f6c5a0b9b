"""Reads the package of a workbook (Office Open XML): a zip file of XML parts, read in chunks and within limits.

A file of 200 kB can unpack to gigabytes, and a little XML can take a lot of time. So only the parts that are needed are
unpacked, the unpacked bytes are counted, no part is held in memory, no XML may declare a document type, and there is a
deadline.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Protocol
from xml.parsers import expat

from offorte_portal.files.imports.limits import Deadline, Keeper
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.reasons import ImportReason

# Bytes of all parts together, unpacked; an ordinary workbook of 10 MB has far fewer.
MOST_UNPACKED = 100 * 1024 * 1024
# Bytes of the list of parts, some 60 for each part: the only thing that is read as a whole.
LARGEST_READ = 256 * 1024
# Bytes of one tag, attributes included: the parser passes it on only when it is complete.
LONGEST_TAG = 256 * 1024
DEEPEST = 64
CHUNK = 64 * 1024
# Names of elements and attributes in one part, because the parser keeps each: a workbook has some hundreds.
MOST_NAMES = 2_000

_OLD = b"\xd0\xcf\x11\xe0"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
)


class Handler(Protocol):
    """Receives the elements of a part, by their names as they are written."""

    # Set by `Package.parse`; a handler has it pass on text while it needs any.
    parser: Any
    # Set by a handler that needs no more of the part.
    is_done: bool

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the beginning of an element."""

    def end(self, name: str) -> None:
        """Handle the end of an element."""


class _Packed(io.BytesIO):
    """The bytes of the package; `taken` counts those that were read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes. Raises TableError for more than a list of parts may have."""
        if size is not None and size > LARGEST_READ:
            raise TableError(ImportReason.WORKBOOK_TOO_LARGE())
        piece = super().read(size)
        self.taken += len(piece)
        return piece


class Package:
    """A workbook's parts. Opening and parsing them raises TableError."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(_OLD):
            is_protected = "EncryptedPackage".encode("utf-16-le") in content
            raise TableError(ImportReason.WORKBOOK_PROTECTED() if is_protected else ImportReason.OLD_WORKBOOK())
        self._left = MOST_UNPACKED
        self.keeper, self.deadline = Keeper(), Deadline()
        self._packed = _Packed(content)
        try:
            self._archive = zipfile.ZipFile(self._packed)
            self._parts = {part.filename.lstrip("/").lower(): part for part in self._archive.infolist()}
        except _ZIP_ERRORS:
            raise unreadable() from None

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def parse(self, name: str, handler: Handler, largest: int = MOST_UNPACKED) -> bool:
        """Pass a part's elements to a handler; return False where it stopped at `largest` bytes. Raises TableError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        depth = 0

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise unreadable()
            handler.start(element, attributes)

        def end(element: str) -> None:
            nonlocal depth
            depth -= 1
            handler.end(element)

        handler.parser, handler.is_done = parser, False
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = _refuse_declaration
        return self._feed(name, parser, handler, largest)

    def _feed(self, name: str, parser: expat.XMLParserType, handler: Handler, largest: int) -> bool:
        fed = 0
        try:
            for chunk in self._read(name):
                fed += len(chunk)
                parser.Parse(chunk)
                if handler.is_done:
                    return True
                if fed > largest:
                    return False
                if len(parser.intern) > MOST_NAMES or fed - parser.CurrentByteIndex > LONGEST_TAG + CHUNK:
                    raise unreadable()
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):  # the last two: an encoding that expat can't read
            raise unreadable() from None
        return True

    def _read(self, name: str) -> Iterator[bytes]:
        part = self._parts.get(name.lower())
        if part is None or part.compress_type not in _METHODS or part.flag_bits & 1:
            raise unreadable()
        try:
            with self._archive.open(part) as file:
                taken = self._packed.taken
                while chunk := file.read(CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise TableError(ImportReason.WORKBOOK_TOO_LARGE())
                    self.deadline.check()
                    self.deadline.feed(self._packed.taken - taken)
                    taken = self._packed.taken
                    yield chunk
        except _ZIP_ERRORS:
            raise unreadable() from None


def unreadable() -> TableError:
    """Return the error for a file that is not an Excel workbook, or is damaged."""
    return TableError(ImportReason.NO_WORKBOOK())


def _refuse_declaration(*_declaration: object) -> None:
    """Raise TableError: no workbook declares a document type or entities, only attacks do."""
    raise unreadable()

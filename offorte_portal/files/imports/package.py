"""The package that a workbook is (Office Open XML): a zip of XML parts, read piece by piece within bounds.

A file of 200 kB can unpack to gigabytes, and small XML can cost much. So only the parts that are asked for are
unpacked, what comes out is counted, no part is held in memory, no XML declares anything, and the time is watched.
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

# Bytes of all parts together, unpacked; an honest workbook of 10 MB is far below.
MOST_UNPACKED = 100 * 1024 * 1024
# Bytes of the list of parts, at some 60 a part: the one thing that is read whole.
LARGEST_READ = 256 * 1024
# Bytes of one tag, attributes included: XML hands it out only when it is whole.
LONGEST_TAG = 256 * 1024
DEEPEST = 64
CHUNK = 64 * 1024
# Names of elements and attributes in one part, for XML keeps each: a workbook has some hundreds.
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
    """What is told of a part's elements, by their names as they are written."""

    # Set by `Package.parse`; a handler asks it for text while it wants any.
    parser: Any
    # Set by a handler that needs no more of the part.
    is_done: bool

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


class _Packed(io.BytesIO):
    """The bytes of the package; `taken` counts those that were read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some. Raises TableError where so many are asked for that the list of parts is endless."""
        if size is not None and size > LARGEST_READ:
            raise _too_large()
        piece = super().read(size)
        self.taken += len(piece)
        return piece


class Package:
    """A workbook's parts. Every method raises TableError."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(_OLD):
            raise _old_format(content)
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
        """Tell a handler of a part's elements; False where more than `largest` bytes of it were left unread."""
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
                if len(parser.intern) > MOST_NAMES:
                    raise unreadable()
                if fed - parser.CurrentByteIndex > LONGEST_TAG + CHUNK:
                    raise unreadable()
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):  # the last two: an encoding that expat can't take
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
                        raise _too_large()
                    self.deadline.check()
                    self.deadline.feed(self._packed.taken - taken)
                    taken = self._packed.taken
                    yield chunk
        except _ZIP_ERRORS:
            raise unreadable() from None


def unreadable() -> TableError:
    """The refusal of a file that is no Excel workbook, or a damaged one."""
    return TableError(ImportReason.NO_WORKBOOK())


def _too_large() -> TableError:
    return TableError(ImportReason.WORKBOOK_TOO_LARGE())


def _old_format(content: bytes) -> TableError:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return TableError(ImportReason.WORKBOOK_PROTECTED())
    return TableError(ImportReason.OLD_WORKBOOK())


def _refuse_declaration(*_told: object) -> None:
    """No workbook declares entities: only an attack does."""
    raise unreadable()

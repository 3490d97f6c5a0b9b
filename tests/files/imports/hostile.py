"""Small files that cost much: workbooks whose parts are large, deep, false or endless, and CSV of one line."""

import io
import struct
import zipfile
from base64 import b64encode
from collections.abc import Callable
from itertools import repeat
from random import Random
from typing import Any

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROWS = (
    '<row r="1"><c r="A1" t="str"><v>Naam</v></c><c r="B1" t="str"><v>Plaats</v></c></row>'
    '<row r="2"><c r="A2" t="str"><v>Zon</v></c><c r="B2" t="str"><v>Breda</v></c></row>'
)
TABLE = [["Zon", "Breda"]]
Pieces = tuple[str, int]


def workbook(
    *,
    rows: str | list[Pieces] = ROWS,
    after: str | list[Pieces] = "",
    names: str | list[Pieces] = "",
    styles: str | list[Pieces] = "",
    texts: str | list[Pieces] = "",
    parts: dict[str, Any] | None = None,
) -> bytes:
    """A workbook; a long text is given as pieces that are repeated, so that a test need not hold it."""
    relation = f'<Relationship Id="%s" Type="{OFFICE}/%s" Target="%s"/>'
    relations = relation % ("r1", "worksheet", "worksheets/sheet1.xml")
    relations += relation % ("r2", "styles", "styles.xml") + relation % ("r3", "sharedStrings", "sharedStrings.xml")
    sheets = '<sheets><sheet name="Klanten" sheetId="1" r:id="r1"/></sheets>'
    written: dict[str, str | list[Pieces]] = {
        "xl/workbook.xml": around("workbook", [(sheets, 1), *pieces(names)]),
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/styles.xml": around("styleSheet", styles),
        "xl/sharedStrings.xml": around("sst", texts),
        "xl/worksheets/sheet1.xml": around(
            "worksheet", [("<sheetData>", 1), *pieces(rows), ("</sheetData>", 1), *pieces(after)]
        ),
    }
    return zipped(written | (parts or {}))


def pieces(text: str | list[Pieces]) -> list[Pieces]:
    return [(text, 1)] if isinstance(text, str) else text


def around(element: str, text: str | list[Pieces]) -> list[Pieces]:
    return [(f'<{element} xmlns="{MAIN}" xmlns:r="{OFFICE}">', 1), *pieces(text), (f"</{element}>", 1)]


def zipped(parts: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            with target.open(name, "w", force_zip64=True) as part:
                if isinstance(text, bytes):
                    part.write(text)
                    continue
                for piece, count in pieces(text):
                    batch = min(count, 10_000)
                    for _ in repeat(None, count // batch if batch else 0):
                        part.write(piece.encode() * batch)
                    part.write(piece.encode() * (count % batch if batch else 0))
    return file.getvalue()


def many_parts() -> bytes:
    return zipped({f"xl/media/{number}": "" for number in range(60_000)})


def doctored(old: bytes, new: bytes) -> bytes:
    """A workbook whose zip says something else."""
    return workbook().replace(old, new)


def method(number: int) -> bytes:
    """A workbook whose parts are said to be packed in another way."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(file, "w", number) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return file.getvalue()


def within(element: str, piece: str, count: int) -> list[Pieces]:
    """An element that holds something many times."""
    return [(f"<{element}>", 1), (piece, count), (f"</{element}>", 1)]


def listed(element: str, piece: str, count: int) -> bytes:
    """A workbook whose list of sheets holds something many times."""
    return workbook(parts={"xl/workbook.xml": around("workbook", within(element, piece, count))})


def row_of_names(number: int) -> str:
    """A row with attributes that no other has."""
    return "<row " + " ".join(f"{letter}{number}=''" for letter in "abcdefg") + "/>"


def short_cells(number: int) -> bytes:
    """A line of many short cells that no other line has."""
    return b",".join(b"%x" % (number * 190 + place) for place in range(190))


def rows_of(cell: str, cells: int, rows: int) -> list[Pieces]:
    """ROWS, and rows of one cell many times."""
    return [(ROWS, 1), ("<row>" + cell * cells + "</row>", rows)]


def noise(size: int) -> str:
    """Letters and digits that can't be packed well."""
    return b64encode(Random(1).randbytes(size)).decode()[:size]


def padded(place: str) -> bytes:
    """A workbook that is large by what is no cell, and has many cells that are the same."""
    cells = rows_of("<c><v>1.5</v></c>", 190, 9_000)
    if place == "part":
        return workbook(rows=cells, parts={"xl/media/image1.png": Random(1).randbytes(9_000_000)})
    letters = noise(9_000_000)
    padding = "".join(f"<x a='{letters[start : start + 200_000]}'/>" for start in range(0, 9_000_000, 200_000))
    return workbook(rows=[(padding, 1), *cells] if place == "begin" else cells, after=padding if place == "end" else "")


def large_directory(*, is_zip64: bool) -> bytes:
    """A zip that says of its list of parts, which is endless, that it is short."""
    count = 130_000
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
    listed = b"".join(entry + b"%05x" % number for number in range(count))
    few, end = count & 0xFFFF, "<4s4H2LH"
    if not is_zip64:
        # What looks like the beginning of an end within the end hides the size.
        return b"PK\x03\x04" + listed + struct.pack(end, b"PK\5\6", 0x4B50, 0x0605, few, few, len(listed), 4, 0)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(listed), 4)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + len(listed), 1)
    return b"PK\x03\x04" + listed + large + where + struct.pack(end, b"PK\5\6", 0, 0, 1, 1, 100, 4, 0)


def one_record() -> bytes:
    """CSV of one row with millions of cells, which is many lines by the line ends in its cells."""
    line = ",".join(["ab", "cd"] * 170_000)
    return ("Naam,Plaats\n" + f'{line},"\n",' * 10)[: 10 * 1024 * 1024].encode()


LONG = "<si><t xml:space='preserve'>" + "a" * 131_000 + "</t></si>"
LATER: list[Pieces] = [('<cellXfs><xf numFmtId="14"/></cellXfs>', 1)]
RELATIONS = {"xl/_rels/workbook.xml.rels": within("Relationships", "<Relationship Id='a'/>", 3_000_000)}
TEN_SHEETS = {"xl/workbook.xml": around("workbook", within("sheets", "<sheet name='a' r:id='r1'/>", 10))}
MANY_ATTRIBUTES = " ".join(f"a{number}='1'" for number in range(200_000))
# Each either gives the table of ROWS, or is refused.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "styles of cells": lambda: workbook(styles=within("cellXfs", "<xf/>", 4_500_000)),
    "fonts before the styles": lambda: workbook(styles=within("fonts", "<font/>", 4_500_000) + LATER),
    "number formats": lambda: workbook(styles=within("numFmts", "<numFmt numFmtId='9'/>", 3_000_000)),
    "empty shared texts": lambda: workbook(texts=[("<si/>", 7_000_000)]),
    "shared texts": lambda: workbook(texts=[("<si><t>abcdefghij</t></si>", 3_000_000)]),
    "one shared text of many runs": lambda: workbook(texts=within("si", "<r><t>abc</t></r>", 3_000_000)),
    "one long shared text": lambda: workbook(texts=[("<si><t>", 1), ("a", 90_000_000), ("</t></si>", 1)]),
    "defined names": lambda: workbook(names=within("definedNames", "<definedName name='a'/>", 1_500_000)),
    "views before the sheets": lambda: listed("bookViews", "<workbookView/>", 4_000_000),
    "relations": lambda: workbook(parts=RELATIONS),
    "sheets": lambda: listed("sheets", "<sheet name='a' r:id='r1'/>", 2_000_000),
    "a row of a million cells": lambda: workbook(rows=[(ROWS, 1), *within("row", "<c/>", 1_000_000)]),
    "a row of a million values": lambda: workbook(rows=within("row", "<c><v>1</v></c>", 1_000_000)),
    "rows of empty cells": lambda: workbook(rows=[(ROWS, 1), ("<row>" + "<c/>" * 10_000 + "</row>", 500)]),
    "rows without cells": lambda: workbook(rows=[(ROWS, 1), ("<row/>", 5_000_000)]),
    "rows with one value": lambda: workbook(rows=[(ROWS, 1), ("<row><c><v>1</v></c></row>", 2_000_000)]),
    "one text in every cell": lambda: workbook(
        texts="<si><t>abc</t></si>", rows=[(ROWS, 1), ("<row>" + "<c t='s'><v>0</v></c>" * 195 + "</row>", 9_000)]
    ),
    "numbers in every cell": lambda: workbook(rows=[(ROWS, 1), ("<row>" + "<c><v>1.5</v></c>" * 60 + "</row>", 9_000)]),
    "names of attributes": lambda: workbook(rows="".join(map(row_of_names, range(150_000)))),
    "blanks": lambda: workbook(after=[(" ", 90_000_000)]),
    "blanks within a cell": lambda: workbook(rows=[("<row><c><v>", 1), (" ", 90_000_000), ("</v></c></row>", 1)]),
    "ten sheets of blanks": lambda: workbook(rows="", after=[(" ", 15_000_000)], parts=TEN_SHEETS),
    "a comment": lambda: workbook(after=[("<!--", 1), ("a", 90_000_000), ("-->", 1)]),
    "an attribute": lambda: workbook(rows=[("<row r='", 1), ("1", 90_000_000), ("'/>", 1)]),
    "many attributes": lambda: workbook(rows=f"<row {MANY_ATTRIBUTES}/>"),
    "depth": lambda: workbook(rows=[("<row>", 10_000_000)]),
    "merged cells": lambda: workbook(after=within("mergeCells", "<mergeCell ref='A1:B1'/>", 3_000_000)),
    "entities": lambda: workbook(
        parts={"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'}
    ),
    "an outside entity": lambda: workbook(
        parts={"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si>&a;</si></sst>'}
    ),
    "a number of many digits": lambda: workbook(rows=f"<row><c><v>{'9' * 120_000}</v></c></row>"),
    "a number beyond all": lambda: workbook(rows="<row><c><v>1e999999</v></c></row>"),
    "a format beyond all": lambda: workbook(rows=ROWS, styles=f"<cellXfs><xf numFmtId='{'9' * 100_000}'/></cellXfs>"),
    "many parts": many_parts,
    "parts packed with lzma": lambda: method(zipfile.ZIP_LZMA),
    "parts packed with bzip2": lambda: method(zipfile.ZIP_BZIP2),
    "a false size": lambda: doctored(b"PK\x05\x06", b"PK\x05\x07"),
    "a part that is missing": lambda: doctored(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet2.xml"),
    "numbers of 309 digits": lambda: workbook(rows=rows_of("<c><v>1e308</v></c>", 30, 9_000)),
    "numbers of 4,300 digits": lambda: workbook(rows=rows_of(f"<c><v>{'9' * 4300}</v></c>", 40, 2_000)),
    "numbers with noughts": lambda: workbook(
        styles=f"<numFmts><numFmt numFmtId='9' formatCode='{'0' * 255}'/></numFmts>"
        "<cellXfs><xf numFmtId='9'/></cellXfs>",
        rows=rows_of("<c s='0'><v>1</v></c>", 60, 9_000),
    ),
    "long texts in cells": lambda: workbook(rows=rows_of(f"<c t='str'><v>{'a' * 20_000}</v></c>", 1, 4_500)),
    "one long text in many cells": lambda: workbook(texts=LONG, rows=rows_of("<c t='s'><v>0</v></c>", 390, 20)),
    "blanks in many cells": lambda: workbook(
        texts=LONG.replace("a" * 131_000, " " * 131_000), rows=rows_of("<c t='s'><v>0</v></c>", 60, 9_000)
    ),
    "a part that is padding": lambda: padded("part"),
    "padding before the rows": lambda: padded("begin"),
    "padding behind the rows": lambda: padded("end"),
    "a directory that looks short": lambda: large_directory(is_zip64=False),
    "a directory of another kind": lambda: large_directory(is_zip64=True),
    "csv of one record": one_record,
    "csv of one line": lambda: b"," * (10 * 1024 * 1024),
    "csv of quotation marks": lambda: b'"' * (10 * 1024 * 1024),
    "csv of many columns": lambda: b"Naam,Plaats\n" + b"," * 900_000 + b"\n" + b"," * 900_000,
    "csv of short cells": lambda: b"\n".join(map(short_cells, range(8_500))),
    "csv of an emoji": lambda: "😀,a\n".encode() + b"abc,def\n" * 1_200_000,
    "csv of quoted line ends": lambda: b"Naam,Plaats\n" + b'"\n",' * 2_000_000,
    "csv of line ends": lambda: b"\n" * (10 * 1024 * 1024),
    "csv of one open quotation": lambda: b'Naam,"Plaats\n' + b"a\n" * 5_000_000,
}  # fmt: skip

"""Small files of other formats that cost much: OpenDocument, web pages and business cards."""

from collections.abc import Callable

from tests.files.imports.hostile import Pieces, pieces, zipped

HEAD = "<office:body><office:spreadsheet><table:table>"
NAMES = ("Naam", "Plaats")


def cells(*texts: str) -> str:
    return "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)


def row(inner: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


ROWS = row(cells("Naam", "Plaats")) + row(cells("Zon", "Breda"))


def opendocument(rows: str | list[Pieces], before: str | list[Pieces] = "", declared: str = "") -> bytes:
    """An OpenDocument spreadsheet whose namespaces are not declared, which no reader here needs."""
    end = "</table:table></office:spreadsheet></office:body></office:document-content>"
    content = [(f"{declared}<office:document-content>", 1), *pieces(before), (HEAD, 1), *pieces(rows), (end, 1)]
    return zipped({"content.xml": [piece for piece in content if piece[0]]})


def page(rows: str, before: str = "") -> bytes:
    table = "<tr><td>Naam<td>Plaats<tr><td>Zon<td>Breda"
    return f"<html>{before}<table>{table}{rows}</table>".encode()[:LARGEST]


def cards(lines: str) -> bytes:
    return f"BEGIN:VCARD\nFN:Zon\n{lines}\nEND:VCARD\n".encode()[:LARGEST]


LARGEST = 10 * 1024 * 1024
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REPEATED = 'table:number-columns-repeated="16384"'
MANY = 'table:number-rows-repeated="999999999"'
FULL = f"<table:table-cell {REPEATED}><text:p>abc</text:p></table:table-cell>"
OTHERS: dict[str, Callable[[], bytes]] = {
    "ods: empty cells repeated": lambda: opendocument([(ROWS, 1), (row(f"<table:table-cell {REPEATED}/>"), 900_000)]),
    "ods: a row of values repeated": lambda: opendocument(ROWS + row(cells("a", "b"), MANY)),
    "ods: rows of values repeated": lambda: opendocument([(ROWS, 1), (row(cells("a", "b"), MANY), 100_000)]),
    "ods: values repeated in rows repeated": lambda: opendocument(ROWS + row(FULL * 100, MANY)),
    "ods: values repeated in many rows": lambda: opendocument([(ROWS, 1), (row(FULL), 150_000)]),
    "ods: empty rows repeated": lambda: opendocument([(ROWS, 1), (row("", MANY), 150_000)]),
    "ods: blanks repeated": lambda: opendocument(
        [(ROWS, 1), (row(cells('<text:s text:c="999999999"/>' * 100, "b")), 5_000)]
    ),
    "ods: columns repeated": lambda: opendocument(
        ROWS, "<table:table-column table:visibility='collapse' table:number-columns-repeated='999999999'/>"
    ),
    "ods: styles": lambda: opendocument(ROWS, [("<style:style style:name='a'/>", 3_000_000)]),
    "ods: hidden styles": lambda: opendocument(
        ROWS, [("<style:style style:name='a'><style:table-properties table:display='false'/></style:style>", 900_000)]
    ),
    "ods: one long text": lambda: opendocument([("<table:table-row><table:table-cell><text:p>", 1), ("a", 90_000_000)]),
    "ods: many paragraphs": lambda: opendocument(
        [("<table:table-row><table:table-cell>", 1), ("<text:p>a</text:p>", 4_000_000)]
    ),
    "ods: depth": lambda: opendocument([("<text:span>", 9_000_000)]),
    "ods: comments on a cell": lambda: opendocument(
        [("<table:table-row><table:table-cell>", 1), ("<office:annotation>a</office:annotation>", 2_000_000)]
    ),
    "ods: entities": lambda: opendocument(row(cells("&b;", "a")), declared=ENTITIES),
    "ods: sheets": lambda: opendocument([("</table:table><table:table>", 3_000_000)]),
    "ods: long numbers": lambda: opendocument(
        ROWS + row(f"<table:table-cell office:value-type='float' office:value='{'9' * 100_000}'/>")
    ),
    "ods: other numbers": lambda: opendocument(
        [(ROWS, 1), (row("<table:table-cell office:value-type='float' office:value='1e308'/>" * 30), 9_000)]
    ),
    "page: tables in tables": lambda: page("<tr><td><table>" * 700_000),
    "page: tables": lambda: page("</table><table><tr><td>a" * 400_000),
    "page: rows": lambda: page("<tr>" * 2_600_000),
    "page: cells": lambda: page("<tr>" + "<td>a" * 2_000_000),
    "page: wide cells": lambda: page("<tr><td colspan=999999 rowspan=999999>a" * 250_000),
    "page: cells that reach down": lambda: page("<tr><td colspan=400 rowspan=9999>" + "<tr><td>a" * 1_000_000),
    "page: one open tag": lambda: page("<td " * 2_600_000),
    "page: one open comment": lambda: page("<!--" + "-" * 10_000_000),
    "page: comments": lambda: page("<!-->" * 2_000_000),
    "page: styles": lambda: page("", "<style></style>" * 690_000),
    "page: open style": lambda: page("", "<style>" * 1_400_000),
    "page: quotes": lambda: page("<tr><td a='" + '"' * 10_000_000),
    "page: less-than signs": lambda: page("<tr><td>" + "<" * 10_000_000),
    "page: one long cell": lambda: page("<tr><td>" + "a" * 10_000_000),
    "page: blanks": lambda: page("<tr><td>" + " " * 10_000_000),
    "page: blanks between tags": lambda: page("<tr><td>" + " <b>" * 2_500_000),
    "page: entities": lambda: page("<tr><td>" + "&amp;" * 2_000_000),
    "page: spans in tags": lambda: page(("<td " + "colspan=1 " * 6_000 + ">") * 160),
    "page: hidden columns": lambda: page("", "<table>" + "<col span=999999 style='display:none'>" * 250_000),
    "page: letters": lambda: page("<tr><td>" + "😀" * 2_600_000),
    "cards: many": lambda: b"BEGIN:VCARD\nFN:a\nEND:VCARD\n" * 360_000,
    "cards: without an end": lambda: b"BEGIN:VCARD\n" * 870_000,
    "cards: numbers": lambda: cards("TEL:1\n" * 1_700_000),
    "cards: folded lines": lambda: cards("NOTE:a\n" + " a\n" * 3_400_000),
    "cards: a folded picture": lambda: cards("PHOTO;ENCODING=b:a\n" + f" {'a' * 74}\n" * 136_000),
    "cards: a long line": lambda: cards("NOTE:" + "a" * 10_000_000),
    "cards: colons": lambda: cards(('NOTE;A=":' + ":" * 120_000 + "\n") * 80),
    "cards: semicolons": lambda: cards(("N:" + ";" * 130_000 + "\n") * 75),
    "cards: parameters": lambda: cards(("TEL;" + "A=B;" * 30_000 + ":1\n") * 80),
    "cards: quoted": lambda: cards(("NOTE;ENCODING=QUOTED-PRINTABLE:" + "=41" * 40_000 + "\n") * 80),
    "cards: soft ends": lambda: cards("NOTE;ENCODING=QUOTED-PRINTABLE:a=\n" + "a=\n" * 3_400_000),
    "cards: empty lines": lambda: cards("\n" * 10_000_000),
    "cards: properties": lambda: cards("".join(f"X-{number}:a\n" for number in range(900_000))),
}

"""OpenDocument spreadsheets, business cards, and web pages that are called Excel files, are read as tables."""

import io
import zipfile

import pytest

from offorte_portal.files.imports.guessing import guess, is_heading
from offorte_portal.files.imports.mapping import parse_row
from offorte_portal.files.imports.reading import read_table, take
from offorte_portal.files.imports.table import Table, TableError
from offorte_portal.runs.reasons import put_into_words

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)


def opendocument(sheets: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet with these sheets."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr(
            "content.xml",
            f'<office:document-content {SPACES} xmlns:xlink="x" xmlns:calcext="c"><office:automatic-styles>{styles}'
            f"</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return file.getvalue()


def cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def sheet(*rows: str, attributes: str = 'table:name="Klanten"') -> str:
    return f"<table:table {attributes}>{''.join(rows)}</table:table>"


HEADER = row(cell("Naam"), cell("Plaats"))


def cells_of(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


def test_values_of_an_opendocument() -> None:
    values = row(
        cell("Zon"),
        cell("12,50", 'office:value-type="currency" office:value="12.5"'),
        cell("21%", 'office:value-type="percentage" office:value="0.21"'),
        cell("31-12-26", 'office:value-type="date" office:value-date="x" office:date-value="2026-12-31T00:00:00"'),
        cell("WAAR", 'office:value-type="boolean" office:boolean-value="true"'),
        cell("01234567", 'office:value-type="float" office:value="1234567"'),
        cell("1.234.567", 'office:value-type="float" office:value="1234567"'),
        cell('a<text:s text:c="2"/>b</text:p><text:p>c<text:line-break/>d'),
    )
    table = read_table(opendocument(sheet(row(*(cell(name) for name in "abcdefgh")), values)))
    assert cells_of(table) == [["Zon", "12.5", "21%", "2026-12-31", "true", "01234567", "1234567", "a  b\nc\nd"]]


def test_what_an_opendocument_hides_or_repeats() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    table = read_table(
        opendocument(
            sheet(row(cell("Kladblok")), attributes='table:name="Geheim" table:style-name="ta1"')
            + sheet(
                columns,
                HEADER,
                row(cell("Zon"), cell("Breda"), empty),
                row(cell("Weg"), cell("Ede"), attributes='table:visibility="filter"'),
                row(empty, attributes='table:number-rows-repeated="3"'),
                row(cell("Dubbel", 'table:number-columns-repeated="2"'), attributes='table:number-rows-repeated="2"'),
                row(empty, attributes='table:number-rows-repeated="1048570"'),
            )
            + sheet(row(cell("x"))),
            '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>',
        )
    )
    assert cells_of(table) == [["Zon", "Breda"], ["Weg", "Ede"], ["Dubbel", "Dubbel"], ["Dubbel", "Dubbel"]]
    assert [(row.number, row.mark) for row in table.rows] == [(2, ""), (3, "hidden"), (7, ""), (8, "")]
    assert table.column_marks == {"Plaats": "hidden"}
    assert "Only the sheet “Klanten” was read" in put_into_words(table.notes[0])


def test_comments_are_no_text_of_a_cell_and_links_are_addresses() -> None:
    comment = "<office:annotation><text:p>Let op</text:p></office:annotation>"
    link = '<text:a xlink:href="mailto:a@zon.example">Mail ons</text:a>'
    body = row(f"<table:table-cell>{comment}<text:p>Zon</text:p></table:table-cell>", cell(link))
    table = read_table(opendocument(sheet(row(cell("Naam"), cell("E-mail")), body)))
    assert cells_of(table) == [["Zon", "mailto:a@zon.example"]]


def test_an_error_in_an_opendocument_is_a_problem_of_its_row() -> None:
    body = row(cell("Zon"), cell("#N/A", 'table:formula="of:=NA()" office:value-type="string"'))
    table = read_table(opendocument(sheet(HEADER, body)))
    assert "#N/A" in put_into_words(table.rows[0].problem)


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">
<style>td { color: red } <!-- <table> --></style></head><body>
<table><tr><td>Menu</td></tr></table>
<!-- <table><tr><td>a</td></tr></table> -->
<table border=1><tr><th>Naam</th><th>Plaats</th><TH>E-mail</TH>
<tr><td>Caf&eacute; &amp; Zon<td colspan=1>Den
 Haag<br>Centrum</td><td><a href="mailto:a@zon.example">mail</a></td></tr>
<tr style='display: none'><td>Weg</td><td>Ede</td><td></td></tr>
<tr><td rowspan="2">Twee</td><td>Ede</td></tr><tr><td>Epe</td></tr>
</table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_page_called_excel_is_read(encoding: str) -> None:
    table = read_table(take(io.BytesIO(PAGE.encode(encoding)), "klanten.xls"))
    assert table.header == ["Naam", "Plaats", "E-mail"]
    assert cells_of(table) == [
        ["Café & Zon", "Den Haag\nCentrum", "mailto:a@zon.example"],
        ["Weg", "Ede", ""],
        ["Twee", "Ede", ""],
        ["", "Epe", ""],
    ]
    assert [row.mark for row in table.rows] == ["", "hidden", "", ""]
    assert "largest one was read" in put_into_words(table.notes[0])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><body><p>Session expired</p></body></html>", "as a table"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", ".mht"),
        (b'<?xml version="1.0"?><a><b>1</b></a>', "as a table"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "old Excel file (.xls). Save it as an Excel workbook (.xlsx).",
        ),
    ],
)
def test_what_is_none_is_named(content: bytes, why: str) -> None:
    with pytest.raises(TableError) as refused:
        read_table(take(io.BytesIO(content), "klanten.xls"))
    assert why in put_into_words(refused.value.reason)


OUTLOOK = """BEGIN:VCARD\r
VERSION:2.1\r
N;LANGUAGE=nl;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Vri=E8s;Zo=EB;de;Mevr.\r
FN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Zo=EB de Vri=E8s\r
ORG:Bakkerij De Zon BV;Inkoop\r
TEL;WORK;VOICE:076-1234567\r
TEL;CELL;VOICE:06-12345678\r
ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;Steenweg 1=0D=0A=\r
2e etage;Breda;;4811 AA;Nederland\r
EMAIL;PREF;INTERNET:zoe@zon.example\r
PHOTO;TYPE=JPEG;ENCODING=BASE64:\r
 /9j/4AAQSkZJRgABAQEAYABgAAD\r
 /2wBDAAgGBgcGBQgHBwcJCQgKDBQ\r
\r
END:VCARD\r
"""
APPLE = """BEGIN:VCARD
VERSION:3.0
N:Berg;Sanne;van der;;
FN:Sanne van der Berg
ORG:Fietsen\\, Oost;
item1.EMAIL;type=INTERNET;type=HOME:sanne@thuis.example
EMAIL;type=INTERNET;type=WORK;type=pref:sanne@oost.example
TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:06 1111 2222
item2.ADR;type=WORK;type=pref:;;1e Oosterparkstraat 12-III;Amsterdam;;1091 G
 V;Netherlands
item2.X-ABADR:nl
item3.URL;type=pref:https://www.linkedin.com/in/sanne
NOTE:Belt graag\\nna vieren
X-IMAGETYPE:PHOTO
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:Dak en Goot
ORG:Dak en Goot;
TEL;type=MAIN:030-1234567
X-ABShowAs:COMPANY
END:VCARD
"""
FOURTH = """BEGIN:VCARD
VERSION:4.0
FN:Bram Veld
N:Veld;Bram;in 't;;
EMAIL;PREF=1:bram@zon.example
TEL;VALUE=uri;TYPE="voice,work":tel:+31-76-7654321
ORG:Bakkerij De Zon BV
END:VCARD
"""


def people(content: bytes) -> list[dict[str, object]]:
    """The values of each card as a person."""
    table = read_table(content, is_heading("people"))
    columns = guess("people", table.header)
    return [parse_row("people", table.header, columns, row.cells).values for row in table.rows]


def test_cards_of_outlook() -> None:
    assert people(OUTLOOK.encode()) == [
        {
            "fullname": "Zoë de Vriès", "firstname": "Zoë", "lastname": "de Vriès", "salutation": "Mevr.",
            "company": "Bakkerij De Zon BV", "phone": "076-1234567", "mobile": "06-12345678", "zipcode": "4811 AA",
            "street": "Steenweg 1, 2e etage", "city": "Breda", "country": "the Netherlands", "email": "zoe@zon.example",
        }
    ]  # fmt: skip
    assert "PHOTO" in put_into_words(read_table(OUTLOOK.encode()).notes[0])


def test_cards_of_apple() -> None:
    first, second = people(APPLE.encode())
    assert first == {
        "fullname": "Sanne van der Berg", "firstname": "Sanne", "lastname": "van der Berg", "company": "Fietsen, Oost",
        "email": "sanne@oost.example", "mobile": "06 1111 2222", "street": "1e Oosterparkstraat 12-III",
        "city": "Amsterdam", "zipcode": "1091 GV", "country": "the Netherlands",
        "linkedin": "https://www.linkedin.com/in/sanne",
    }  # fmt: skip
    assert second == {"company": "Dak en Goot", "phone": "030-1234567"}
    table = read_table(APPLE.encode())
    assert table.rows[0].cells[table.header.index("Notes")] == "Belt graag\nna vieren"
    assert [row.number for row in table.rows] == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_cards_of_the_fourth_version(encoding: str) -> None:
    assert people(FOURTH.encode(encoding)) == [
        {
            "fullname": "Bram Veld", "firstname": "Bram", "lastname": "in 't Veld", "email": "bram@zon.example",
            "phone": "+31-76-7654321", "company": "Bakkerij De Zon BV",
        }
    ]  # fmt: skip

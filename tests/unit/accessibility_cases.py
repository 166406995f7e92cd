"""A good workbook, and what is done to it: two mutants for each accessibility rule, seeds of hidden content.

Does not belong here: tests.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as SheetTable

from reports.documents import Column, Dataset, Sheet, Table, Workbook
from reports.workbook import render_xlsx

PUBLISHER = "Wealdmarsh County Council"
AS_OF = date(2026, 11, 23)
Change = Callable[[Any], None]
Parts = dict[str, bytes]

_COLUMNS = (
    Column("supplier", "Supplier", "text", "Who was paid."),
    Column("paid", "Amount paid", "pence", "Pounds without VAT."),
    Column("day", "Payment date", "date", "The day of payment."),
    Column("status", "Status", "text", "Where the contract stands."),
)


def good_workbook(*, blanks: bool = True) -> bytes:
    """A workbook that breaks no rule: cover, one table with a note and a blank cell, columns, notes."""
    rows = tuple(
        (f"Supplier {n} Limited", 120_050 * n, date(2026, 7, n), None if blanks and n == 3 else "Open")
        for n in range(1, 9)
    )
    table = Table("payments_made", "Payments made", _COLUMNS, rows)
    intro = (f"Source: {PUBLISHER}. Notes are on the Notes sheet.", "Amounts are in pounds [note 1].")
    sheet = Sheet("Payments", "Payments made, July 2026", intro, table)
    cover = (("Publisher", f"{PUBLISHER}, County Hall."), ("Licence", "Open Government Licence v3.0."))
    book = Workbook("Payments, July 2026", PUBLISHER, cover, (sheet,), ("Amounts are net of VAT.",))
    return render_xlsx(Dataset("payments", table, workbook=book), as_of=AS_OF)


def changed(content: bytes, change: Change) -> bytes:
    """The workbook after a change made with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, change: Callable[[Parts], None]) -> bytes:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    before = dict(parts)
    change(parts)
    assert parts != before, "the change changed nothing"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def part(name: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """A change of the first place in a part where a pattern is found."""

    def change(parts: Parts) -> None:
        text, count = re.subn(old, new, parts[name].decode(), count=1, flags=re.DOTALL)
        assert count == 1, f"{old} is not in {name}"
        parts[name] = text.encode()

    return lambda content: repacked(content, change)


def adding(extra: Parts, *changes: tuple[str, str, str]) -> Callable[[bytes], bytes]:
    """A change that adds parts, and changes others."""

    def change(parts: Parts) -> None:
        parts.update(extra)

    def apply(content: bytes) -> bytes:
        content = repacked(content, change)
        for name, old, new in changes:
            content = part(name, old, new)(content)
        return content

    return apply


def on(name: str, change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """A change of one sheet, made with openpyxl."""
    return lambda content: changed(content, lambda book: change(book[name]))


def book_wide(change: Change) -> Callable[[bytes], bytes]:
    """A change of a workbook, made with openpyxl."""
    return lambda content: changed(content, change)


def setting(sheet: str, cell: str, value: object) -> Callable[[bytes], bytes]:
    """A change of one value."""
    return on(sheet, lambda page: page.__setitem__(cell, value))


def styling(sheet: str, cell: str, **styles: object) -> Callable[[bytes], bytes]:
    """A change of how one cell looks."""

    def change(page: Any) -> None:
        for name, value in styles.items():
            setattr(page[cell], name, value)

    return on(sheet, change)


def _blank_cells(page: Any, ref: str) -> None:
    for row in page[ref]:
        for cell in row:
            cell.value = None


def font(**given: object) -> Font:
    return Font(**{"name": "Arial", "sz": 11, "color": "FF0B0C0C", **given})


def _table_moved(page: Any) -> None:
    page.move_range("A6:D14", cols=1)
    page.tables["payments_made"].ref = "B6:E14"


def _second_table(page: Any) -> None:
    for offset, row in enumerate((("Name", "Value"), ("Ash", 1), ("Oak", 2))):
        for column, value in enumerate(row, start=1):
            page.cell(17 + offset, column, value).font = font()
    page.add_table(SheetTable(displayName="other_payments", ref="A17:B19", tableColumns=[]))
    page.tables["other_payments"]._initialise_columns()
    for column, value in zip(page.tables["other_payments"].tableColumns, ("Name", "Value"), strict=True):
        column.name = value
    page.tables["other_payments"].autoFilter = None


def _rich(page: Any) -> None:
    page["A2"] = CellRichText(
        "This sheet contains one table.", TextBlock(InlineFont(vertAlign="superscript"), "1")
    )


P, SHEET, STYLES, TABLE = "Payments", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/tables/table1.xml"
_FILL = PatternFill("solid", fgColor="FFFFF2CC")
_DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor>'
    "<xdr:from><xdr:col>{col}</xdr:col><xdr:row>{row}</xdr:row></xdr:from>"
    "<xdr:to><xdr:col>{to_col}</xdr:col><xdr:row>{to_row}</xdr:row></xdr:to>{what}"
    "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" '
    'Target="../tables/table1.xml"/></Relationships>'
)
_DRAWN = (
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
    'Target="../drawings/drawing1.xml"/>'
)


def drawing(what: str, row: int = 30, col: int = 9) -> Callable[[bytes], bytes]:
    """A change that puts a drawing on the sheet of payments, by default beyond its cells."""
    text = _DRAWING.format(what=what, row=row, col=col, to_row=row + 3, to_col=col + 2)
    extra = {
        "xl/drawings/drawing1.xml": text.encode(),
        "xl/worksheets/_rels/sheet2.xml.rels": _RELS.format(_DRAWN).encode(),
    }
    return adding(extra, (SHEET, "<tableParts", '<drawing r:id="rId9"/><tableParts'))


TEXT_BOX = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>Look here</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
PICTURE = '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Picture 1" descr="{}"/></xdr:nvPicPr></xdr:pic>'

LONG = (
    "This sentence goes on and on, "
    + "with one clause after the other that nobody asked for, " * 5
    + "to its end."
)
MUTANTS: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("AC-001", "no mark-up", on(P, lambda page: page.tables.clear())),
    ("AC-001", "second block", on(P, lambda page: [page.cell(r, c, 1) for r in (18, 19, 20) for c in (1, 2)])),
    ("AC-002", "Table1", part(TABLE, 'displayName="payments_made"', 'displayName="Table1"')),
    ("AC-002", "Table_2", part(TABLE, 'displayName="payments_made"', 'displayName="Table_2"')),
    ("AC-003", "merged data", on(P, lambda page: page.merge_cells("A9:A10"))),
    ("AC-003", "merged title", on("Cover", lambda page: page.merge_cells("A1:D1"))),
    ("AC-004", "blank row", on(P, lambda page: _blank_cells(page, "A9:D9"))),
    ("AC-004", "blank column", on(P, lambda page: _blank_cells(page, "D6:D14"))),
    ("AC-005", "empty heading", setting(P, "B6", None)),
    ("AC-005", "heading twice", setting(P, "B6", "Supplier")),
    ("AC-006", "cut off", styling(P, "A9", value="A supplier with a very long name that nobody will be able to read here", alignment=Alignment(wrap_text=False))),
    ("AC-006", "low row", on(P, lambda page: (page.__setitem__("A9", "Many words in a cell. " * 12), setattr(page.row_dimensions[9], "height", 15)))),
    ("AC-007", "frozen", on(P, lambda page: setattr(page, "freeze_panes", "A7"))),
    ("AC-007", "filter", part(TABLE, "<tableColumns", '<autoFilter ref="A6:D14"/><tableColumns')),
    ("AC-008", "no sentence", on(P, lambda page: page.__setitem__("A5", "All amounts are final."))),
    ("AC-008", "blank amount, no sentence", on(P, lambda page: (page.__setitem__("A5", "All is final."), page.__setitem__("B9", None)))),
    ("AC-009", "hidden row", on(P, lambda page: setattr(page.row_dimensions[9], "hidden", True))),
    ("AC-009", "hidden column", on(P, lambda page: setattr(page.column_dimensions["C"], "hidden", True))),
    ("AC-010", "narrow", on(P, lambda page: setattr(page.column_dimensions["D"], "width", 2))),
    ("AC-010", "wide", on(P, lambda page: setattr(page.column_dimensions["D"], "width", 180))),
    ("AC-011", "asterisk", setting(P, "A1", "Payments made, July 2026*")),
    ("AC-011", "superscript", on(P, _rich)),
    ("AC-012", "[1]", setting(P, "A4", "Amounts are in pounds [note 1] and rounded [1].")),
    ("AC-012", "(see note 1)", setting(P, "A4", "Amounts are in pounds [note 1] and rounded (see note 1).")),
    ("AC-013", "in data", setting(P, "A9", "Supplier 3 Limited [note 1]")),
    ("AC-013", "number in data", setting(P, "D9", "Open [1]")),
    ("AC-014", "unresolved", setting(P, "A4", "Amounts are in pounds [note 1] and final [note 2].")),
    ("AC-014", "no notes sheet", book_wide(lambda book: book.remove(book["Notes"]))),
    ("AC-015", "long sentence", setting(P, "A4", f"Amounts are in pounds [note 1]. {LONG}")),
    ("AC-015", "officialese", setting("Cover", "A3", "The aforementioned council shall utilise this.")),
    ("AC-016", "here", on("Cover", lambda page: page.__setitem__(_link_cell(page), "Click here"))),
    ("AC-016", "leads nowhere", on("Cover", lambda page: setattr(page[_link_cell(page)].hyperlink, "location", "'Gone'!A1"))),
    ("AC-017", "serif", styling(P, "A9", font=font(name="Times New Roman"))),
    ("AC-017", "small italics", styling(P, "A3", font=font(sz=8, i=True))),
    ("AC-018", "no title", setting(P, "A1", None)),
    ("AC-018", "no style", on(P, lambda page: (setattr(page["A1"], "style", "Normal"), setattr(page["A1"], "font", font(b=True))))),
    ("AC-019", "dash", setting(P, "D9", "-")),
    ("AC-019", "own shorthand", setting(P, "D9", "[zz]")),
    ("AC-020", "footer", on(P, lambda page: setattr(page.oddFooter.center, "text", "Page 1"))),
    ("AC-020", "text box", drawing(TEXT_BOX)),
    ("AC-021", "rule of dashes", setting(P, "A5", "----------")),
    ("AC-021", "thick border", styling(P, "A9", border=Border(bottom=Side(style="thick")))),
    ("AC-022", "fill", styling(P, "A9", fill=_FILL)),
    ("AC-022", "striped style", part(TABLE, "<tableStyleInfo ", '<tableStyleInfo name="TableStyleMedium2" ')),
    ("AC-023", "coloured blank", styling(P, "D9", value=None, fill=_FILL)),
    ("AC-023", "colour scale", on(P, lambda page: page.conditional_formatting.add("B7:B14", ColorScaleRule("min", None, "FFFF0000", "max", None, "FF00FF00")))),
    ("AC-024", "grey", styling(P, "A9", font=font(color="FFAAAAAA"))),
    ("AC-024", "yellow by format", styling(P, "B9", number_format="[Yellow]#,##0.00")),
    ("AC-025", "picture", adding({"xl/media/image1.png": b"\x89PNG"})),
    ("AC-025", "chart", adding({"xl/charts/chart1.xml": b"<chartSpace/>"})),
    ("AC-026", "macros", adding({"xl/vbaProject.bin": b"\xd0\xcf"})),
    ("AC-026", "macro sheet", adding({"xl/macrosheets/sheet1.xml": b"<macrosheet/>"})),
    ("AC-027", "Sheet1", book_wide(lambda book: setattr(book[P], "title", "Sheet1"))),
    ("AC-027", "too long", part("xl/workbook.xml", 'name="Payments"', 'name="Payments of July to September 2026"')),
    ("AC-028", "new sheet", book_wide(lambda book: book.create_sheet("Annex"))),
    ("AC-028", "only spaces", book_wide(lambda book: book.create_sheet("Annex").__setitem__("A1", "  "))),
    ("AC-029", "no count", setting(P, "A2", "Payments of the month.")),
    ("AC-029", "no source", setting(P, "A3", "Notes are on the Notes sheet.")),
    ("AC-030", "moved", on(P, _table_moved)),
    ("AC-030", "block in C", on(P, lambda page: [page.cell(r, c, 1) for r in (18, 19, 20) for c in (3, 4)])),
    ("AC-031", "below", setting(P, "A16", "End of the table")),
    ("AC-031", "beside", setting(P, "F9", "Look at this")),
    ("AC-032", "two tables", on(P, lambda page: (_second_table(page), page.__setitem__("A2", "Tables of payments.")))),
    ("AC-032", "wrong count", on(P, _second_table)),
    ("AC-033", "word twice", setting(P, "A4", "Amounts are in in pounds [note 1].")),
    ("AC-033", "misspelt", setting("Cover", "A3", "Published by the goverment.")),
    ("AC-034", "spoken order", on(P, lambda page: setattr(page.sheet_view, "rightToLeft", True))),
    ("AC-034", "no alternative text", part(TABLE, "<extLst>.*</extLst>", "")),
    ("AC-035", "no language", part("docProps/core.xml", "<dc:language>.*?</dc:language>", "")),
    ("AC-035", "no title", part("docProps/core.xml", "<dc:title>.*?</dc:title>", "")),
    ("AC-036", "second sheet", book_wide(lambda book: setattr(book, "active", 1))),
    ("AC-036", "cursor in B5", on("Cover", lambda page: [(setattr(s, "activeCell", "B5"), setattr(s, "sqref", "B5")) for s in page.sheet_view.selection])),
]  # fmt: skip


def _link_cell(page: Any) -> str:
    return next(cell.coordinate for row in page.iter_rows() for cell in row if cell.hyperlink)


def _comment(page: Any) -> None:
    page["A9"].comment = Comment("Ask Jo about this", "Jo Field")


def _hiding_format(page: Any) -> None:
    page.conditional_formatting.add("B7:B14", CellIsRule("greaterThan", ["0"], font=Font(color="FFFFFFFF")))


def _validation(page: Any) -> None:
    rule = DataValidation(type="list", formula1='"Jo Field,Sam Marsh"')
    rule.add("D7:D14")
    page.add_data_validation(rule)


def _grouped(page: Any) -> None:
    page.row_dimensions.group(9, 10, hidden=False)


def _with_sheet(state: str) -> Callable[[bytes], bytes]:
    def change(book: Any) -> None:
        page = book.create_sheet("People")
        page["A1"] = "Jo Field"
        page.sheet_state = state

    return book_wide(change)


def _with_comment(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as file:
        file.comment = b"Jo Field"
    return stream.getvalue()


def _with_unlisted(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as file:
        file.writestr("people.txt", "Jo Field")
        file.writestr("more.txt", "Jo Field")
        file.filelist.pop()
        file.NameToInfo.pop("more.txt")
        file.filelist.pop()
    return stream.getvalue()


_NAME = '<definedName name="people" hidden="1">Payments!$A$7</definedName>'
_CACHE = b'<pivotCacheRecords><r><s v="Jo Field"/></r></pivotCacheRecords>'
_OUTSIDE = '<Relationship Id="rId8" Type="http://x/externalLinkPath" Target="file:///C:/Users/jo/pay.xlsx" TargetMode="External"/>'

CONCEALED: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("HC-001", "hidden sheet", _with_sheet("hidden")),
    ("HC-001", "hidden window", part("xl/workbook.xml", "<workbookView ", '<workbookView visibility="hidden" ')),
    ("HC-002", "very hidden sheet", _with_sheet("veryHidden")),
    ("HC-003", "hidden row", on(P, lambda page: setattr(page.row_dimensions[9], "hidden", True))),
    ("HC-004", "hidden column", on(P, lambda page: setattr(page.column_dimensions["B"], "hidden", True))),
    ("HC-005", "row without height", on(P, lambda page: setattr(page.row_dimensions[9], "height", 0.5))),
    ("HC-006", "white text", styling(P, "D9", value="Jo Field", font=font(color="FFFFFFFF"))),
    ("HC-006", "text in the colour of its fill", styling(P, "D9", value="Jo", font=font(color="FFFFF2CC"), fill=_FILL)),
    ("HC-007", "format ;;;", styling(P, "B9", number_format=";;;")),
    ("HC-007", "format of text ;;;", styling(P, "D8", number_format=";;;")),
    ("HC-008", "comment", on(P, _comment)),
    ("HC-009", "threaded comment", adding({"xl/threadedComments/threadedComment1.xml": b"<ThreadedComments/>"})),
    ("HC-009", "list of people", adding({"xl/persons/person.xml": b'<personList><person displayName="Jo"/></personList>'})),
    ("HC-010", "who saved it", part("docProps/core.xml", "<cp:lastModifiedBy>.*?<", "<cp:lastModifiedBy>Jo Field<")),
    ("HC-010", "manager", part("docProps/app.xml", "<Company>", "<Manager>Jo Field</Manager><Company>")),
    ("HC-011", "custom properties", adding({"docProps/custom.xml": b"<Properties><property name='Case'/></Properties>"})),
    ("HC-012", "external link", adding({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})),
    ("HC-012", "path of a file", part("xl/_rels/workbook.xml.rels", "</Relationships>", _OUTSIDE + "</Relationships>")),
    ("HC-013", "connection", adding({"xl/connections.xml": b"<connections/>"})),
    ("HC-014", "hidden name", part("xl/workbook.xml", "</definedNames>", _NAME + "</definedNames>")),
    ("HC-014", "name with a value", part("xl/workbook.xml", "</definedNames>", '<definedName name="rate">"Jo Field"</definedName></definedNames>')),
    ("HC-015", "list of values", on(P, _validation)),
    ("HC-016", "custom XML", adding({"customXml/item1.xml": b"<people><p>Jo Field</p></people>"})),
    ("HC-017", "embedded file", adding({"xl/embeddings/Microsoft_Word_Document.docx": b"PK"})),
    ("HC-018", "pivot cache", adding({"xl/pivotCache/pivotCacheRecords1.xml": _CACHE})),
    ("HC-019", "filter", part(SHEET, "</sheetData>", '</sheetData><autoFilter ref="A6:D14"><filterColumn colId="0"/></autoFilter>')),
    ("HC-019", "filter in a table", part(TABLE, "<tableColumns", '<autoFilter ref="A6:D14"><filterColumn colId="0"/></autoFilter><tableColumns')),
    ("HC-020", "group of rows", on(P, _grouped)),
    ("HC-021", "print area", on(P, lambda page: setattr(page, "print_area", "A1:C14"))),
    ("HC-022", "tiny text", styling(P, "A9", font=font(sz=1))),
    ("HC-023", "text behind a picture", drawing(PICTURE.format("A map."), row=8, col=0)),
    ("HC-023", "hidden picture", drawing(PICTURE.format("A map.").replace("<xdr:cNvPr", '<xdr:cNvPr hidden="1"'))),
    ("HC-024", "macros", adding({"xl/vbaProject.bin": b"\xd0\xcf"})),
    ("HC-025", "history of changes", adding({"xl/revisions/revisionHeaders.xml": b"<headers/>"})),
    ("HC-025", "list of users", adding({"xl/userNames.xml": b"<users/>"})),
    ("HC-026", "custom view", part("xl/workbook.xml", "<calcPr", '<customWorkbookViews><customWorkbookView name="Jo" guid="{0F0E0D0C-0B0A-0908-0706-050403020100}" windowWidth="9" windowHeight="9" activeSheetId="1"/></customWorkbookViews><calcPr')),
    ("HC-027", "footer", on(P, lambda page: setattr(page.oddFooter.left, "text", "Jo Field, 23 November"))),
    ("HC-027", "header of first page", on(P, lambda page: setattr(page.firstHeader.left, "text", "Jo Field"))),
    ("HC-028", "alternative text", drawing(PICTURE.format("Jo Field, 07700 900123, jo@wealdmarsh.example"))),
    ("HC-028", "tip on a link", on("Cover", lambda page: setattr(page[_link_cell(page)].hyperlink, "tooltip", "Jo Field"))),
    ("HC-029", "white by condition", on(P, _hiding_format)),
    ("HC-030", "far below", setting(P, "A900", "Jo Field")),
    ("HC-030", "far right", setting(P, "XFD1", "Jo Field")),
    ("HC-031", "printer settings", adding({"xl/printerSettings/printerSettings1.bin": b"\x00"})),
    ("HC-031", "preview picture", adding({"docProps/thumbnail.jpeg": b"\xff\xd8"})),
    ("HC-031", "sheet that is not listed", adding({"xl/worksheets/sheet9.xml": b"<worksheet><sheetData/></worksheet>"})),
    ("HC-032", "scenarios", part(SHEET, "</sheetData>", '</sheetData><scenarios><scenario name="Jo" user="Jo"/></scenarios>')),
    ("HC-033", "copy of a chart's data", adding({"xl/charts/chart1.xml": b'<chartSpace><pt idx="0"><v>Jo</v></pt></chartSpace>'})),
    ("HC-034", "text left over", part("xl/sharedStrings.xml", "</sst>", "<si><t>Jo Field</t></si></sst>")),
    ("HC-036", "value under merged cells", part(SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A9:B9"/></mergeCells>')),
    ("HC-037", "remark in the XML", part(SHEET, "<sheetData>", "<!-- Jo Field --><sheetData>")),
    ("HC-037", "remark on the archive", _with_comment),
    ("HC-037", "part that is not listed", _with_unlisted),
    ("HC-035", "formula", setting(P, "B9", "=1+1")),
]  # fmt: skip


def _nested(page: Any) -> None:
    page.add_table(SheetTable(displayName="inner_payments", ref="A6:B9"))


def _hiding_number_format(page: Any) -> None:
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
    page.conditional_formatting.add("B7:B14", FormatRule(type="expression", dxf=style, formula=["TRUE"]))


def linked(text: str, target: str) -> Callable[[bytes], bytes]:
    def change(page: Any) -> None:
        page["A3"].hyperlink = target
        page["A3"].value = text

    return on("Cover", change)


_MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_SHEET_TYPE = r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml"
_CONTROL = b'<xml xmlns:x="urn:x"><shape><x:ClientData ObjectType="Checkbox"/></shape></xml>'
_SPARKS = (
    '<extLst><ext uri="x"><sparklineGroups><sparklineGroup/></sparklineGroups></ext></extLst></worksheet>'
)

FURTHER: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("AC-003", "centred over cells", styling(P, "A9", alignment=Alignment(horizontal="centerContinuous"))),
    ("AC-003", "table in a table", on(P, _nested)),
    ("AC-005", "no row of headings", part(TABLE, 'ref="A6:D14"', 'ref="A6:D14" headerRowCount="0"')),
    ("AC-005", "two rows of headings", part(TABLE, 'ref="A6:D14"', 'ref="A6:D14" headerRowCount="2"')),
    ("AC-005", "heading that the mark-up lacks", part(TABLE, 'name="Amount paid"', 'name="Sum"')),
    ("AC-007", "filter of a sheet", part(SHEET, "</sheetData>", '</sheetData><autoFilter ref="A6:D14"/>')),
    ("AC-014", "notes in no table", on("Notes", lambda page: page.tables.clear())),
    ("AC-014", "note without a reference", setting(P, "A4", "Amounts are in pounds.")),
    ("AC-016", "address as words", linked("https://www.wealdmarsh.example/a", "https://www.wealdmarsh.example/a")),
    ("AC-016", "address without a link", setting("Cover", "A3", "https://www.wealdmarsh.example/a")),
    ("AC-016", "link without words", part(SHEET, "<pageMargins", '<hyperlinks><hyperlink ref="A40" location="Payments!A1"/></hyperlinks><pageMargins')),
    ("AC-016", "link into a disk", linked("The source file", "file:///C:/Users/jo/pay.xlsx")),
    ("AC-017", "capitals", setting("Cover", "A3", "PUBLISHED BY WEALDMARSH")),
    ("AC-018", "style that is not there", part(STYLES, 'xfId="1"', 'xfId="99"')),
    ("AC-019", "error", setting(P, "D9", "#REF!")),
    ("AC-019", "n/a", setting(P, "D9", "n/a")),
    ("AC-019", "shorthand that nothing explains", setting(P, "D9", "[c]")),
    ("AC-020", "control", adding({"xl/drawings/vmlDrawing1.vml": _CONTROL})),
    ("AC-021", "border around nothing", styling(P, "F20", border=Border(bottom=Side(style="thin")))),
    ("AC-022", "filled column", on(P, lambda page: setattr(page.column_dimensions["H"], "fill", _FILL))),
    ("AC-023", "colour by condition", on(P, _hiding_format)),
    ("AC-023", "one red amount", styling(P, "B9", font=font(color="FFB00000"))),
    ("AC-025", "small charts", part(SHEET, "</worksheet>", _SPARKS)),
    ("AC-026", "declared macros", part("[Content_Types].xml", _SHEET_TYPE, _MACRO_TYPE)),
    ("AC-027", "name twice", part("xl/workbook.xml", 'name="Notes"', 'name="columns"')),
    ("AC-029", "no word on notes", setting(P, "A3", f"Source: {PUBLISHER}.")),
    ("AC-033", "space before a stop", setting("Cover", "A3", "Published by the council .")),
    ("AC-036", "two sheets selected", part(SHEET, "<sheetView ", '<sheetView tabSelected="1" ')),
    ("HC-003", "rows hidden by default", part(SHEET, "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" ')),
    ("HC-005", "narrow column", on(P, lambda page: setattr(page.column_dimensions["C"], "width", 0.5))),
    ("HC-005", "low rows by default", part(SHEET, 'defaultRowHeight="15"', 'defaultRowHeight="1"')),
    ("HC-006", "white of the theme", styling(P, "A9", font=font(color=Color(theme=0)))),
    ("HC-006", "white of the palette", styling(P, "A9", font=font(color=Color(indexed=1)))),
    ("HC-006", "black with a tint", styling(P, "A9", font=font(color=Color(theme=1, tint=0.98)))),
    ("HC-007", "zeros not shown", on(P, lambda page: (page.__setitem__("B9", 0), setattr(page.sheet_view, "showZeros", False)))),
    ("HC-010", "remarks", part("docProps/core.xml", "<dc:creator>", "<dc:description>Ask Jo</dc:description><dc:creator>")),
    ("HC-012", "link into a disk", linked("The source file", "file:///C:/Users/jo/pay.xlsx")),
    ("HC-019", "filtered sheet", part(SHEET, "<sheetPr>", '<sheetPr filterMode="1">')),
    ("HC-020", "group of columns", on(P, lambda page: page.column_dimensions.group("B", "C"))),
    ("HC-022", "shrunk to fit", styling(P, "A9", value="Jo Field " * 20, alignment=Alignment(shrink_to_fit=True))),
    ("HC-025", "who reserved it", part("xl/workbook.xml", "<workbookPr ", '<fileSharing userName="Jo"/><workbookPr ')),
    ("HC-029", "format ;;; by condition", on(P, _hiding_number_format)),
    ("HC-032", "extension", part(SHEET, "</worksheet>", _SPARKS)),
    ("HC-034", "reading", part("xl/sharedStrings.xml", "<si><t>Publisher</t>", '<si><t>Publisher</t><rPh sb="0" eb="1"><t>Jo</t></rPh>')),
]  # fmt: skip

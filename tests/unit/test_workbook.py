"""Workbooks: which are kept shut and under which rule, and what the cells of a sound one say."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.cells.values import ErrorCell
from kcc_etl.intake.workbooks.book import Book, Limits
from kcc_etl.intake.workbooks.cell_styles import shown_as
from kcc_etl.intake.workbooks.cell_values import UNCALCULATED
from kcc_etl.intake.workbooks.workbook import open_book
from tests.unit.intake_files import sheet_bytes, workbook_bytes

SIMPLE = [["a", "b"], [1, "x"], [2.5, None]]


def _change(
    data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """The same package with parts changed, left out or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def _in_sheet(old: bytes, new: bytes) -> bytes:
    return _change(
        sheet_bytes(SIMPLE), lambda name, part: part.replace(old, new) if "sheet1" in name else part
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
STREAM = "EncryptedPackage".encode("utf-16-le")
# A directory entry of [MS-CFB] 2.6.1: a name of 64 bytes, its length with the closing zero, the kind stream.
ENCRYPTED = OLE + STREAM.ljust(64, b"\x00") + bytes((len(STREAM) + 2, 0, 2))


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def _far_cell() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.active["XFD1048576"] = "stray"
    return workbook_bytes(book)


RETURN_LIMITS = Limits(rows=20_000)


def _rows(book: Book) -> list[list[object]]:
    """The rows that hold something, without the cells that hold nothing."""
    return [list(cells.values()) for cells in book.rows.values()]


def _overlapping() -> bytes:
    """Two entries of the directory that share the bytes of one part."""
    data = bytearray(_zip({"[Content_Types].xml": b"<x/>", "a.xml": b"<x/>"}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 42 : second + 46] = (1).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "rule", "words"),
    [
        (b"", "IN-001", "empty"),
        (ENCRYPTED, "IN-022", "password protected"),
        (OLE, "IN-001", r"old Excel workbook \(.xls\)"),
        (OLE + STREAM, "IN-001", r"old Excel workbook \(.xls\)"),  # a cell may say so too
        (b"%PDF-1.7", "IN-001", "PDF"),
        (b"<html><table>", "IN-001", "web page"),
        (b"a,b\n1,2\n", "IN-001", "not an Excel workbook"),
        (_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "IN-001", "OpenDocument"),
        (_zip({"a.txt": b"x"}), "IN-001", "zip file and not"),
        (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b""}), "IN-001", "xlsb"),
        (_zip({"[Content_Types].xml": b"<x/>", "../evil": b""}), "IN-010", "outside itself"),
        (_zip({"[Content_Types].xml": b"<x/>", "..\\evil": b""}), "IN-010", "outside itself"),
        (_zip({"[Content_Types].xml": b"<x/>", "/etc/x": b""}), "IN-010", "outside itself"),
        (_zip({"[Content_Types].xml": b"<x/>", "a/A.xml": b"", "a/a.xml": b""}), "IN-010", "same part twice"),
        (_zip({f"{n}.xml": b"<x/>" for n in range(1001)}), "IN-010", "1,001 parts"),
        (_overlapping(), "IN-010", "overlapping"),
        (_zip({"[Content_Types].xml": b"<x/>"}), "IN-001", "damaged"),
        (sheet_bytes(SIMPLE)[:-200], "IN-001", "no complete zip"),
        (
            _change(sheet_bytes(SIMPLE), lambda n, p: p, {"xl/b.xml": b" " * 3_000_000}),
            "IN-010",
            "expands to",
        ),
        (_in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "IN-011", "not accepted"),
        (
            _change(sheet_bytes(SIMPLE), lambda n, p: p, {"xl/e.bin": "<!DOCTYPE x><x/>".encode("utf-16")}),
            "IN-011",
            "not accepted",
        ),
        (
            _change(sheet_bytes(SIMPLE), lambda n, p: None if "sheet1" in n else p),
            "IN-001",
            "cannot be read",
        ),
        (_in_sheet(b"</sheetData>", b""), "IN-001", "well-formed"),
        (_in_sheet(b"<v>2.5</v>", b"<v>2.5x</v>"), "IN-001", "cell A3 of sheet .* a number that is none"),
        (_far_cell(), "IN-012", "XFD1048576"),
        (sheet_bytes([["a"], *([n] for n in range(20_000))]), "IN-012", "A20001"),
        (sheet_bytes([["a"] * 201]), "IN-012", "GS1"),
        *(
            (_change(sheet_bytes(SIMPLE), lambda n, p: p, {part: b"x"}), "IN-013", words)
            for part, words in (
                ("xl/vbaProject.bin", "macros"),
                ("xl/macrosheets/sheet1.xml", "macros"),
                ("xl/activeX/activeX1.bin", "ActiveX"),
                ("xl/embeddings/oleObject1.bin", "embedded files"),
            )
        ),
    ],
)
def test_what_is_no_safe_sound_workbook_is_kept_shut_in_plain_words(
    data: bytes, rule: str, words: str
) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        open_book(data, None, RETURN_LIMITS)
    assert caught.value.rule_id == rule
    assert caught.value.remedy
    assert not any(word in str(caught.value) for word in ("Traceback", "Error", "openpyxl", "0x"))


def test_values_come_with_their_types() -> None:
    day = datetime(2026, 4, 1)
    book = open_book(sheet_bytes([["t", 1, 2.5, True, day, None, "  ", "00123", 2**40]]))
    assert book.row(1, 9) == ("t", 1, 2.5, True, day, None, None, "00123", 2**40)
    assert [type(cell) for cell in book.row(1, 4)] == [str, int, float, bool]
    assert book.cell(2, 0) is None


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    data = _in_sheet(b'ref="A1:B3"', b'ref="A1"')
    assert b'ref="A1"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert _rows(open_book(data)) == [["a", "b"], [1, "x"], [2.5]]


def test_rows_and_cells_without_an_address_stand_after_the_one_before() -> None:
    def strip(name: str, part: bytes) -> bytes:
        return re.sub(rb' r="[A-Z]*[0-9]+"', b"", part) if "sheet1" in name else part

    data = _change(sheet_bytes(SIMPLE), strip)
    assert b' r="' not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert open_book(data).rows == open_book(sheet_bytes(SIMPLE)).rows


def test_blanks_before_the_first_value_keep_every_address_true() -> None:
    book = openpyxl.Workbook()
    book.active["C4"], book.active["E6"] = "x", 1
    assert open_book(workbook_bytes(book)).rows == {4: {2: "x"}, 6: {4: 1}}


def test_styled_but_empty_rows_and_rows_of_spaces_hold_nothing() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([None, "  "])
    book.active.append(["\u200b", "2"])
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    read = open_book(workbook_bytes(book))
    assert read.rows == {1: {0: "a", 1: "b"}, 3: {1: "2"}}
    assert read.rows_from(2, range(2)) == 1


def test_broken_and_uncalculated_formulas_are_errors_and_not_blanks() -> None:
    book = openpyxl.Workbook()
    book.active.append(["=1+1", "#REF!", "#N/A"])
    book.active["B1"].data_type = "e"
    book.active["C1"].data_type = "s"
    read = open_book(workbook_bytes(book))
    assert read.row(1, 3) == (ErrorCell(UNCALCULATED), ErrorCell("#REF!"), ErrorCell("#N/A"))
    assert read.rows_from(1, [1]) == 1


@pytest.mark.parametrize(
    ("value", "style", "said"),
    [
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12.5%"),
        (50, '0" %"', 50),
        (123456, "00000000", "00123456"),  # a company number as Excel shows it
        (1.5, "[h]:mm", "1 day, 12:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (46113, "dd/mm/yyyy", datetime(2026, 4, 1)),
        (46113, "[$-809]d mmmm yyyy;@", datetime(2026, 4, 1)),
        (46113.5, "General", 46113.5),
        (-1, "dd/mm/yyyy", -1),
        (1, "dd/mm/yyyy", datetime(1900, 1, 1)),
        (59, "dd/mm/yyyy", datetime(1900, 2, 28)),
        (60, "dd/mm/yyyy", "1900-02-29"),  # Excel's leap year that was none
        (61, "dd/mm/yyyy", datetime(1900, 3, 1)),
        (1234.5, '#,##0.00" days"', 1234.5),
        (1234.5, "[$€-2] #,##0.00", "€1234.5"),
        (55, '#,##0 "USD"', "USD 55"),
        (55, "[$£-809]#,##0.00", 55),
    ],
)
def test_a_number_says_what_it_shows(value: float, style: str, said: object) -> None:
    book = openpyxl.Workbook()
    book.active["A1"].number_format = style
    book.active["A1"] = value
    book.active["A1"].number_format = style
    assert open_book(workbook_bytes(book)).cell(1, 0) == said


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", "plain"),
        ("0.00E+00", "plain"),
        ("[Red]0.00", "plain"),
        ("_-* #,##0.00_-", "plain"),
        ("[$£-809]#,##0.00", "plain"),
        ("yyyy\\-mm", "date"),
        ("h:mm AM/PM", "date"),
        ("[mm]:ss", "elapsed"),
        ("0000", "zeros"),
        ("0.0%;-0.0%", "percent"),
        ("[$€-2] #,##0.00", "currency"),
        ("[$$-409]#,##0.00_);[Red]\\([$$-409]#,##0.00\\)", "currency"),
        ("_-[$CHF-807]* #,##0.00_-", "currency"),
        ('"$"#,##0', "currency"),
        ('#,##0.00\\ "EUR"', "currency"),
        ('"EUR"0.00', "currency"),
        ("#,##0.00\\ \\€", "currency"),
        ("$#,##0", "currency"),
        ("£#,##0.00;[$€-2]#,##0.00", "currency"),
        ("_-* #,##0.00\\ _€_-;-* #,##0.00\\ _€_-", "plain"),
        ("[$-809]#,##0.00", "plain"),
        ("[$GBP] #,##0.00", "plain"),
        ("[$£-en-GB]#,##0.00", "plain"),
        ('"£"#,##0;[Red]-"£"#,##0', "plain"),
        ('_-"£"* #,##0.00_-', "plain"),
        ('#,##0" days"', "plain"),
        ("[$-F800]dddd, mmmm dd, yyyy", "date"),
    ],
)
def test_how_a_number_format_shows(code: str, shown: str) -> None:
    assert shown_as(code)[0] == shown


def test_dates_of_1904_and_dates_in_words_are_the_days_they_are() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = datetime(2026, 4, 1)
    read = open_book(workbook_bytes(book))
    assert (read.facts.date1904, read.cell(1, 0)) == (True, datetime(2026, 4, 1))
    iso = _in_sheet(b'<c r="A2" t="n"><v>1</v>', b'<c r="A2" t="d"><v>2026-04-01T09:30:00Z</v>')
    assert open_book(iso).cell(2, 0) == datetime(2026, 4, 1, 9, 30)


def test_texts_come_whole_in_every_form_a_workbook_keeps_them() -> None:
    cells = (
        b'<c r="A2" t="inlineStr"><is><r><t>Rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></is></c>'
        b'<c r="B2" t="str"><v>from a formula</v></c>'
        b'<c r="C2" t="inlineStr"><is><t>a_x000D_b &amp; <![CDATA[<c>]]></t></is></c>'
        b'<c r="D2" t="inlineStr"><is><t>_xD83D__xDE00_ _xD83D_</t></is></c><c r="E2" t="b"><v>1</v></c>'
    )
    data = _change(
        sheet_bytes([["a"]]), lambda n, p: p.replace(b"</row>", b"</row><row r='2'>" + cells + b"</row>")
    )
    assert _rows(open_book(data))[1] == [
        "Rich text",
        "from a formula",
        "a\rb & <c>",
        "\U0001f600 \ufffd",
        True,
    ]


def test_parts_are_found_by_absolute_paths_and_names_in_any_case() -> None:
    old = sheet_bytes(SIMPLE)
    for target in (b"/XL/Worksheets/SHEET1.xml", b"worksheets/Sheet1.xml", b"../xl/./worksheets/sheet1.xml"):
        changed = _change(old, lambda n, p, t=target: p.replace(b"/xl/worksheets/sheet1.xml", t))  # type: ignore[misc]
        assert changed != old
        assert _rows(open_book(changed)) == _rows(open_book(old))


def test_the_first_visible_sheet_is_read_and_hidden_ones_with_data_are_named() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hidden"
    book.active.append(["no"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Seen").append(["yes"])
    book.create_sheet("Empty").sheet_state = "hidden"
    deep = book.create_sheet("Deep")
    deep.append([1])
    deep.sheet_state = "veryHidden"
    read = open_book(workbook_bytes(book))
    assert read.sheet == "Seen"
    assert [(sheet.name, sheet.state, sheet.rows) for sheet in read.facts.other_sheets] == [
        ("Hidden", "hidden", [(1, {0: "no"})]),
        ("Deep", "veryHidden", [(1, {0: "1"})]),
    ]
    assert open_book(workbook_bytes(book), "Nowhere").sheet is None
    assert open_book(workbook_bytes(book), "Deep").rows == {1: {0: 1}}


def test_a_second_library_writes_what_the_reader_reads(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(2026, 10, 5)})
        page = book.add_worksheet("Données")
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, [1.5, "£ & <x>"])
        page.write_formula(2, 0, "=1+1", None, 2)
    read = open_book(path.read_bytes())
    assert (read.sheet, _rows(read)) == ("Données", [["a", "b"], [1.5, "£ & <x>"], [2]])
    assert read.saved_at == datetime(2026, 10, 5)
    assert [(f.row, f.column, f.text) for f in read.facts.formulas] == [(3, 0, "1+1")]


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        # A cell given twice, once with and once without a value.
        (b'<c r="A3" t="n"><v>2.5</v></c>', b'<c r="A3" t="n"><v>2.5</v></c><c r="A3" t="n"></c>', 3),
        (b'<c r="A3" t="n"><v>2.5</v></c>', b'<c r="A3"><v>2</v></c><c r="A3"><v>3</v></c>', 3),
        # A value that belongs to another language: a library that looks at names alone sees it.
        (b'<c r="A3" t="n"><v>2.5</v></c>', b'<c r="A3"><v xmlns="urn:x">2</v></c>', 3),
        (b'<row r="3"', b'<row r="2"', 2),
        (b'<row r="3"', b'<row r="1"', 1),
    ],
)
def test_a_sheet_whose_two_readings_differ_is_kept_shut(old: bytes, new: bytes, row: int) -> None:
    data = _in_sheet(old, new)
    data = _change(data, lambda n, p: p.replace(b'r="A3"', b'r="A%d"' % row))
    with pytest.raises(SourceError, match=f"Row {row} of .* reads differently each time") as caught:
        open_book(data)
    assert caught.value.rule_id == "IN-001"


def test_rows_out_of_order_are_put_in_order() -> None:
    data = _in_sheet(b'<row r="2"', b'<row r="9"')
    read = open_book(_change(data, lambda n, p: re.sub(rb'r="([AB])2"', rb'r="\g<1>9"', p)))
    assert list(read.rows) == [1, 3, 9]
    assert read.rows_from(1, range(2)) == 3

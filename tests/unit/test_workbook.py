"""Workbooks: what is refused before it is opened, and what the cells of a sound one say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.values import ErrorCell
from kcc_etl.intake.workbook import UNCALCULATED, read_first_sheet, read_sheet
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


def _encrypted_ole() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (_encrypted_ole(), "password protected"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, r"old Excel workbook \(.xls\)"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "web page"),
        (b"a,b\n1,2\n", "not an Excel workbook"),
        (_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        (_zip({"a.txt": b"x"}), "zip file and not"),
        (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b""}), "xlsb"),
        (_zip({"[Content_Types].xml": b"<x/>", "../evil": b""}), "outside itself"),
        (_zip({"[Content_Types].xml": b"<x/>", "xl/A.xml": b"<x/>", "xl/a.xml": b"<x/>"}), "same part twice"),
        (_zip({f"{n}.xml": b"<x/>" for n in range(1001)}), "1,001 parts"),
        (_zip({"[Content_Types].xml": b"<x/>"}), "damaged"),
        (sheet_bytes(SIMPLE)[:-200], "no complete zip"),
        (_change(sheet_bytes(SIMPLE), lambda n, p: p, {"xl/big.xml": b" " * 3_000_000}), "expands to"),
        (_in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "not accepted"),
        (
            _change(sheet_bytes(SIMPLE), lambda n, p: p, {"xl/e.xml": "<!DOCTYPE x><x/>".encode("utf-16")}),
            "not accepted",
        ),
        (_change(sheet_bytes(SIMPLE), lambda n, p: None if "sheet1" in n else p), "cannot be read"),
        (_in_sheet(b"</sheetData>", b""), "well-formed"),
        (_far_cell(), "XFD1048576"),
        (sheet_bytes([["a"], *([n] for n in range(20_000))]), "A20001"),
        (sheet_bytes([["a"] * 201]), "GS1"),
    ],
)
def test_what_is_no_safe_sound_workbook_is_refused_in_plain_words(data: bytes, words: str) -> None:
    with pytest.raises(SourceUnreadableError, match=words) as caught:
        read_first_sheet(data)
    assert not any(word in str(caught.value) for word in ("Traceback", "Error", "openpyxl", "0x"))


def test_values_come_with_their_types() -> None:
    day = datetime(2026, 4, 1)
    sheet = read_sheet(sheet_bytes([["t", 1, 2.5, True, day, None, "  "]]))
    assert sheet is not None
    assert [sheet.cells.get((1, c)) for c in range(6)] == ["t", 1, 2.5, True, day, None]


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    data = _in_sheet(b'ref="A1:B3"', b'ref="A1"')
    assert b'ref="A1"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert [record.cells for record in read_first_sheet(data).records] == [(1, "x"), (2.5, None)]


def test_rows_and_cells_without_an_address_stand_after_the_one_before() -> None:
    def strip(name: str, part: bytes) -> bytes:
        if "sheet1" not in name:
            return part
        for text in (
            b' r="1"',
            b' r="2"',
            b' r="3"',
            b' r="A1"',
            b' r="B1"',
            b' r="A2"',
            b' r="B2"',
            b' r="A3"',
        ):
            part = part.replace(text, b"")
        return part

    grid = read_first_sheet(_change(sheet_bytes(SIMPLE), strip))
    assert [record.cells for record in grid.records] == [(1, "x"), (2.5, None)]


def test_styled_but_empty_rows_and_rows_of_spaces_never_arrive() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([None, "  "])
    book.active.append(["1", "2"])
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    grid = read_first_sheet(workbook_bytes(book))
    assert [record.number for record in grid.records] == [3]
    assert grid.arrived == 1


def test_broken_and_uncalculated_formulas_are_errors_and_not_blanks() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["=1+1", "#REF!"])
    book.active["B2"].data_type = "e"
    sheet = read_sheet(workbook_bytes(book))
    assert sheet is not None
    assert sheet.cells[2, 0] == ErrorCell(UNCALCULATED)
    assert sheet.cells[2, 1] == ErrorCell("#REF!")


def test_a_cell_shown_as_a_percentage_says_what_it_shows() -> None:
    book = openpyxl.Workbook()
    for column, (value, style) in enumerate([(0.5, "0%"), (0.125, "0.0%"), (50, '0" %"')], 1):
        cell = book.active.cell(1, column, value)
        cell.number_format = style
    sheet = read_sheet(workbook_bytes(book))
    assert sheet is not None
    assert [sheet.cells[1, c] for c in range(3)] == ["50%", "12.5%", 50]


def test_the_first_visible_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hidden"
    book.active.append(["no"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Seen").append(["yes"])
    assert read_first_sheet(workbook_bytes(book)).sheet == "Seen"


def test_a_second_library_writes_what_the_reader_reads(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Données")
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, [1.5, "£ & <x>"])
        page.write_formula(2, 0, "=1+1", None, 2)
    grid = read_first_sheet(path.read_bytes())
    assert (grid.sheet, [r.cells for r in grid.records]) == ("Données", [(1.5, "£ & <x>"), (2, None)])


def test_a_sheet_whose_two_readings_differ_is_refused() -> None:
    # A cell given twice: the library keeps the last, the count by the XML sees a value at both.
    data = _in_sheet(b'<c r="A3" t="n"><v>2.5</v></c>', b'<c r="A3" t="n"><v>2.5</v></c><c r="A3" t="n"></c>')
    with pytest.raises(SourceUnreadableError, match="Row 3"):
        read_first_sheet(data)

"""Workbooks: the accessibility checklist of the Analysis Function as far as a machine can check it.

Numbers in the names of rules are the items of the checklist.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from kcc_etl.domain.money import round_half_up
from reports.documents import Column, Dataset, Sheet, Table, Workbook
from reports.transparency import (
    contracts_register,
    payments_over_30k,
    social_value_performance,
    spend_over_500,
)
from reports.workbook import render_xlsx
from tests.tools import needs
from tests.unit import report_frames as given

EDITION = given.edition()
DATASETS = {
    "payments-over-30k": payments_over_30k(given.over_30k(), EDITION),
    "contracts-register": contracts_register(given.register(), EDITION),
    "social-value-performance": social_value_performance(given.as_published(given.performance()), EDITION),
}
EMPTY = payments_over_30k(given.empty_frames()["out_payments__quarterly_over_30k"], EDITION)
FILES = {name: render_xlsx(dataset, as_of=given.AS_OF) for name, dataset in DATASETS.items()}
FILES["empty"] = render_xlsx(EMPTY, as_of=given.AS_OF)


@pytest.fixture(params=FILES)
def content(request) -> bytes:
    return FILES[request.param]


def book_of(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_rule_1_2_30_31_32_each_sheet_has_one_named_table_in_column_a_and_nothing_below(content):
    for sheet in book_of(content).worksheets[1:]:
        tables = list(sheet.tables.values())
        assert len(tables) == (0 if sheet["A2"].value.startswith("This sheet contains no table") else 1)
        for table in tables:
            first_column, first_row, last_column, last_row = range_boundaries(table.ref)
            assert first_column == 1
            assert (last_row, last_column) == (sheet.max_row, sheet.max_column)
            assert not re.fullmatch(r"Table\d*", table.displayName)
            assert all(sheet.cell(row, 1).value for row in range(1, first_row))


def test_rule_3_7_9_20_22_25_26_no_merges_filters_freezes_hidden_parts_headers_fills_images_or_macros(
    content,
):
    for sheet in book_of(content).worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not sheet.oddHeader.center.text
        assert not sheet.oddFooter.center.text
    parts = parts_of(content)
    assert not any(re.search(r"media|drawing|vba|comment|external", name) for name in parts)
    assert "autoFilter" not in "".join(
        text for name, text in parts.items() if "/tables/" in name or "/worksheets/" in name
    )
    assert parts["xl/styles.xml"].count("<fill>") == 2  # none and grey 12.5%, which every file has


def test_rule_4_5_8_headings_are_filled_and_unique_and_blank_cells_are_explained(content):
    for sheet in book_of(content).worksheets[1:]:
        for table in sheet.tables.values():
            header, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
            assert all(header)
            assert len({text.casefold() for text in header}) == len(header)
            assert all(any(value is not None for value in row) for row in rows)
            told = [sheet.cell(n, 1).value for n in range(1, sheet.max_row)]
            blank = any(value is None for row in rows for value in row)
            assert (
                "Blank cells mean that the council holds no value, or that none applies." in told
            ) == blank


def test_rule_6_10_17_24_text_is_wrapped_upright_dark_sans_serif_of_11_points_or_more(content):
    for sheet in book_of(content).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                assert cell.font.name == "Arial"
                assert cell.font.sz >= 11
                assert not cell.font.i
                assert cell.font.color.rgb in ("FF0B0C0C", "FF1A5FB4")
        for table in sheet.tables.values():
            texts = [c for row in sheet[table.ref] for c in row if isinstance(c.value, str)]
            assert all(cell.alignment.wrap_text for cell in texts)
            widths = [d.width for d in sheet.column_dimensions.values()]
            assert all(8 <= width <= 71 for width in widths)


def test_rule_12_13_14_every_note_marker_resolves_and_none_stands_in_a_data_cell(content):
    book = book_of(content)
    notes = {row[0].value for row in book["Notes"][book["Notes"].tables["notes"].ref][1:]}
    markers = set()
    for sheet in book.worksheets[1:]:
        first = min((range_boundaries(t.ref)[1] for t in sheet.tables.values()), default=sheet.max_row + 1)
        for row in sheet.iter_rows():
            for cell in row:
                found = re.findall(r"\[(note \d+)\]", str(cell.value))
                assert not found or cell.row < first
                markers |= set(found)
    assert markers == notes


def test_rule_18_29_titles_stand_in_a1_in_a_heading_style_with_the_source_below(content):
    for place, sheet in enumerate(book_of(content).worksheets):
        assert sheet["A1"].style == "Heading 1"
        if place:
            assert sheet["A2"].value.startswith("This sheet contains")
            assert sheet["A3"].value.startswith("Source: Wealdmarsh County Council.")
        else:
            assert {c.value for c in sheet["A"] if c.style == "Heading 2"} >= {
                "Publisher",
                "Period",
                "Contents",
            }


def test_rule_27_28_35_36_sheets_are_named_and_the_document_says_title_author_and_language(content):
    book = book_of(content)
    assert book.sheetnames[0] == "Cover"
    assert book.sheetnames[2:] == ["Columns", "Notes"]
    assert all(sheet.max_row > 1 for sheet in book.worksheets)
    assert book.properties.title == book["Cover"]["A1"].value
    assert book.properties.creator == "Wealdmarsh County Council"
    assert book.properties.language == "en-GB"
    assert book.properties.created == datetime(2026, 11, 23)
    assert book.active.title == "Cover"
    assert all(sheet.sheet_view.selection[0].activeCell == "A1" for sheet in book.worksheets)


def test_no_cell_is_a_formula_an_error_or_an_outside_link(content):
    for sheet in book_of(content).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type not in ("f", "e")
                assert cell.hyperlink is None or cell.hyperlink.location.endswith("!A1")
    assert "http" not in "".join(
        text for name, text in parts_of(content).items() if name.endswith("sheet1.xml.rels")
    )


@pytest.mark.parametrize("name", DATASETS)
def test_every_value_is_read_back_as_it_was_given(name):
    dataset = DATASETS[name]
    sheet = book_of(FILES[name]).worksheets[1]
    (table,) = sheet.tables.values()
    header, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    assert header == [column.title for column in dataset.table.columns]
    assert len(rows) == len(dataset.table.rows)
    for found, given_row in zip(rows, dataset.table.rows, strict=True):
        for value, expected, column in zip(found, given_row, dataset.table.columns, strict=True):
            assert _plain(value, column.kind) == _shown(expected, column.kind), column.name


def _plain(value, kind):
    if value is None:
        return None
    if kind == "pence":
        return Fraction(str(value)) * 100
    if kind == "quantity":
        return Fraction(str(value))
    return value.date() if kind == "date" else value


def _shown(value, kind):
    if value == "" or value is None:
        return None
    return Fraction(round_half_up(value, 2)) if kind == "quantity" else value


def test_amounts_and_dates_are_real_numbers_and_dates_with_a_format():
    sheet = book_of(FILES["payments-over-30k"])["Payments"]
    last = sheet.max_row
    assert sheet.cell(last, 13).number_format == "#,##0.00"
    assert isinstance(sheet.cell(last, 13).value, float)
    assert sheet.cell(last, 14).number_format == "yyyy-mm-dd"
    assert isinstance(sheet.cell(last, 14).value, datetime)


def test_an_empty_period_gives_a_valid_workbook_that_says_so():
    sheet = book_of(FILES["empty"])["Payments"]
    assert sheet["A2"].value == "This sheet contains no table, because there are no rows for this period."
    assert not sheet.tables


def test_the_assumption_banner_stands_on_the_cover_until_parameters_are_approved():
    def cover(approved: bool) -> list[str]:
        dataset = payments_over_30k(given.over_30k(), given.edition(approved=approved))
        return [cell.value for cell in book_of(render_xlsx(dataset, as_of=given.AS_OF))["Cover"]["A"]]

    assert any("are assumptions" in text for text in cover(False))
    assert not any("are assumptions" in text for text in cover(True))
    assert any("Parameter version a1b2c3d4e5f6" in text for text in cover(True))


def test_the_same_workbook_gives_the_same_bytes_and_another_date_other_ones():
    dataset = DATASETS["contracts-register"]
    assert render_xlsx(dataset, as_of=given.AS_OF) == FILES["contracts-register"]
    assert render_xlsx(dataset, as_of=date(2026, 11, 24)) != FILES["contracts-register"]


def test_a_dataset_without_a_workbook_is_refused():
    bare = replace(spend_over_500(given.spend(), EDITION), workbook=None)
    with pytest.raises(ValueError, match="no workbook"):
        render_xlsx(bare, as_of=given.AS_OF)


def test_text_as_long_as_a_cell_is_written_whole_and_longer_text_says_it_was_shortened():
    columns = (Column("a", "A", "text", "Text."),)
    table = Table("t", "T", columns, (("x" * 32_767,), ("y" * 40_000,)))
    book = Workbook("T", "Council", (), (Sheet("S", "T", (), table),))
    sheet = book_of(render_xlsx(Dataset("t", table, workbook=book), as_of=given.AS_OF))["S"]
    assert sheet.cell(sheet.max_row - 1, 1).value == "x" * 32_767
    assert sheet.cell(sheet.max_row, 1).value.endswith("[shortened]")


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", FILES)
def test_libreoffice_opens_the_workbook_and_reads_the_same_cells(name, tmp_path):
    # 76 is UTF-8; the second true saves cells as shown; -1 writes each sheet to a file of its own.
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    _convert(FILES[name], name, options, tmp_path)
    dataset = DATASETS.get(name, EMPTY)
    sheet = dataset.workbook.sheets[0]
    text = (tmp_path / f"{name}-{sheet.name}.csv").read_bytes().decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][0] == sheet.title
    found = rows[len(rows) - len(dataset.table.rows) :]
    for cells, expected in zip(found, dataset.table.rows, strict=True):
        for cell, value, column in zip(cells, expected, dataset.table.columns, strict=True):
            assert cell == _as_shown(value, column, dataset.uk_dates), column.name


@pytest.mark.libreoffice
def test_libreoffice_prints_true_and_false_as_words(tmp_path):
    """Without a format of its own LibreOffice prints the first of two such columns as 1 and 0."""
    first, between, last = (
        Column(name, name, kind, "x")
        for name, kind in zip("abc", ("boolean", "text", "boolean"), strict=True)
    )
    table = Table("t", "T", (first, between, last), ((True, "x", True), (False, "x", False)))
    book = Workbook("T", "Council", (), (Sheet("S", "T", (), table),))
    content = render_xlsx(Dataset("t", table, workbook=book), as_of=given.AS_OF)
    _convert(content, "book", "pdf", tmp_path)
    command = [needs("pdftotext"), "-layout", str(tmp_path / "book.pdf"), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
    rows = [line.split() for line in printed.splitlines()]
    assert ["TRUE", "x", "TRUE"] in rows
    assert ["FALSE", "x", "FALSE"] in rows


def _convert(content: bytes, name: str, into: str, folder) -> None:
    (folder / f"{name}.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [profile, "--headless", "--convert-to", into, "--outdir", str(folder), f"{name}.xlsx"]
    subprocess.run([needs("soffice"), *words], cwd=folder, check=True, capture_output=True, timeout=600)


def _as_shown(value, column, uk_dates) -> str:
    if value is None:
        return ""
    if column.kind == "pence":
        return f"{'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02d}"
    if column.kind == "quantity":
        return f"{round_half_up(value, 2):,f}"
    if column.kind == "date":
        return f"{value:%d/%m/%Y}" if uk_dates else value.isoformat()
    return str(value).upper() if column.kind == "boolean" else str(value)

"""What the facts of a workbook mean: each hazard at its cell, its rule, and the fate of its row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from kcc_etl.intake.headings.mapping import title_mapping
from kcc_etl.intake.parsed import Parsed
from tests.unit.intake_files import LANDED_ON, fate, parse_bytes, return_bytes, workbook_bytes

HEADINGS = ("Payment reference", "Supplier name", "Payment date", "Net amount (£)", "Note")
WITHOUT_NOTES = replace(title_mapping("payments"), ignore=frozenset({"note"}))
DAY = datetime(2026, 4, 1)
Change = Callable[[Any], None]


def _ledger(change: Change, rows: int = 3, day: datetime = DAY) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for n in range(1, rows + 1):
        book.active.append([f"P{n}", "Example Ltd", day + timedelta(days=n), 100 + n, "x"])
    change(book)
    return workbook_bytes(book)


def _stored(data: bytes, results: dict[str, str]) -> bytes:
    """The workbook with stored results for its formulas, which openpyxl does not write."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            for cell, result in results.items():
                part = re.sub(rf'(<c r="{cell}".*?</f>)<v ?/?>(</v>)?', rf"\1<v>{result}</v>", part, count=1)
            new.writestr(name, part)
    return stream.getvalue()


def _payments(tmp_path: Path, data: bytes, name: str = "ledger.xlsx") -> Parsed:
    return parse_bytes(tmp_path, data, "payments", name, mapping=WITHOUT_NOTES)


def _set(cell: str, value: object) -> Change:
    def change(book: Any) -> None:
        book.active[cell] = value

    return change


def _hide_row(number: int) -> Change:
    def change(book: Any) -> None:
        book.active.row_dimensions[number].hidden = True

    return change


def _hide_column(letter: str) -> Change:
    def change(book: Any) -> None:
        book.active.column_dimensions[letter].hidden = True

    return change


def _merge(cells: str) -> Change:
    def change(book: Any) -> None:
        book.active.merge_cells(cells)

    return change


def _empty_merge(book: Any) -> None:
    book.active["F1"] = "Invoice received"
    book.active.merge_cells("F2:F3")


def _write(cell: str, *, paper: str = "", ink: str = "FFFFFFFF") -> Change:
    def change(book: Any) -> None:
        book.active[cell].font = Font(color=ink)
        if paper:
            book.active[cell].fill = PatternFill("solid", fgColor=paper)

    return change


def _hidden_sheet(state: str, *values: object) -> Change:
    def change(book: Any) -> None:
        page = book.create_sheet("Old figures")
        page.append(list(values))
        page.sheet_state = state

    return change


OUTSIDE = [
    ("='[Budget.xlsx]Q1'!A1", r"another workbook, '\[Budget.xlsx\]'"),
    ("=[1]Budget!A1*2", "another workbook"),
    ("=cmd|'/c calc'!A1", "the program 'cmd'"),
    ('=WEBSERVICE("http://example.org")', "the function WEBSERVICE"),
]


@pytest.mark.parametrize(("formula", "source"), OUTSIDE)
def test_a_value_from_outside_is_flagged_at_its_cell_and_taken(
    tmp_path: Path, formula: str, source: str
) -> None:
    data = _stored(_ledger(_set("D3", formula)), {"D3": "102"})
    parsed = _payments(tmp_path, data)
    assert fate(parsed) == ("accepted", 3, 3, [], ["IN-014", "IN-016"])
    (finding,) = [f for f in parsed.findings if f.rule_id == "IN-014"]
    assert (finding.cell, finding.column_title) == ("D3", "Net amount (£)")
    assert re.search(source, finding.found)
    assert list(parsed.rows["amount_ex_vat_pence"]) == [10100, 10200, 10300]


@pytest.mark.parametrize("formula", ["=Ledger[2026]", '="[1]a!b"', "=B2", "=Ledger[[#This Row],[Net]]"])
def test_a_formula_that_stays_inside_is_no_link(tmp_path: Path, formula: str) -> None:
    parsed = _payments(tmp_path, _stored(_ledger(_set("D3", formula)), {"D3": "102"}))
    assert fate(parsed)[4] == ["IN-016"]


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/connections.xml", b"<connections/>", "a data connection"),
        ("xl/queryTables/queryTable1.xml", b"<queryTable/>", "a web or database query"),
        ("customXml/item1.xml", b"<DataMashup>x</DataMashup>", "a Power Query"),
        ("customXml/item1.xml", b"<labels/>", ""),
    ],
)
def test_a_data_connection_is_flagged_once(tmp_path: Path, part: str, content: bytes, words: str) -> None:
    stream = io.BytesIO(_ledger(lambda _: None))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr(part, content)
    parsed = _payments(tmp_path, stream.getvalue())
    assert fate(parsed) == ("accepted", 3, 3, [], ["IN-014"] if words else [])
    assert all(words in finding.found for finding in parsed.findings)


def test_a_link_that_the_formulas_number_is_named_without_its_folders(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(["P1", "Example Ltd", DAY, "=[1]Budget!A1", ""])
    data = io.BytesIO(_stored(workbook_bytes(book), {"D2": "5"}))
    space = "http://schemas.openxmlformats.org"
    stream = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "xl/workbook.xml":
                ns = f"{space}/officeDocument/2006/relationships"
                part = part.replace(
                    "</sheets>",
                    "</sheets><externalReferences>"
                    f"<externalReference xmlns:r='{ns}' r:id='x1'/></externalReferences>",
                )
            if name == "xl/_rels/workbook.xml.rels":
                kind = f"{space}/officeDocument/2006/relationships/externalLink"
                link = f"<Relationship Id='x1' Type='{kind}' Target='externalLinks/externalLink1.xml'/>"
                part = part.replace("</Relationships>", link + "</Relationships>")
            new.writestr(name, part)
        new.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        new.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            f"<Relationships xmlns='{space}/package/2006/relationships'><Relationship Id='r1' Type='x/path' "
            "Target='file:///C:\\Users\\jo.bloggs\\Budget.xlsx' TargetMode='External'/></Relationships>",
        )
    (finding,) = [f for f in _payments(tmp_path, stream.getvalue()).findings if f.rule_id == "IN-014"]
    assert "'[Budget.xlsx]'" in finding.found
    assert "bloggs" not in str(finding)


def test_formulas_are_noted_once_a_column_that_is_read(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for row in (2, 3, 4):
            book.active[f"D{row}"] = f"=100+{row}-1"
            book.active[f"H{row}"] = "=1+1"

    parsed = _payments(tmp_path, _stored(_ledger(change), {"D2": "101", "D3": "102", "D4": "103", "H2": "9"}))
    assert fate(parsed) == ("accepted", 3, 3, [], ["IN-016", "IN-050"])
    assert parsed.findings[0].cell == "D2"
    assert "2 more cells" in parsed.findings[0].found


def test_a_formula_without_a_result_is_a_fault_of_its_cell(tmp_path: Path) -> None:
    parsed = _payments(tmp_path, _ledger(_set("D3", "=SUM(D2:D2)")))
    assert fate(parsed) == ("accepted", 3, 2, ["SP-001"], ["SP-001"])
    assert "not been calculated" in parsed.findings[0].found


@pytest.mark.parametrize(
    ("formula", "stored", "held"),
    [("=1+2", "9999", True), ("=1+2", "3", False), ("=D2+1", "102", False), ("=SUM(D2:D2)", "9999", True)],
)
def test_a_stored_total_that_is_wrong_holds_its_row(
    tmp_path: Path, formula: str, stored: str, held: bool
) -> None:
    parsed = _payments(tmp_path, _stored(_ledger(_set("D3", formula)), {"D3": stored}))
    if not held:
        assert fate(parsed) == ("accepted", 3, 3, [], ["IN-016"])
        return
    assert fate(parsed) == ("accepted", 3, 2, ["IN-017"], ["IN-016", "IN-017"])
    (finding,) = [f for f in parsed.findings if f.rule_id == "IN-017"]
    assert (finding.cell, finding.source_row, finding.subject) == ("D3", 3, "P2")
    assert "9999" in finding.found


def test_a_totals_row_whose_total_is_wrong_waits_for_a_person(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active.append(["Total", None, None, "=SUM(D2:D4)"])

    for stored, rule, fates in (("306", "IN-005", {"excluded"}), ("9999", "IN-017", {"quarantined"})):
        parsed = _payments(tmp_path, _stored(_ledger(change), {"D5": stored}))
        assert fate(parsed) == ("accepted", 4, 3, [rule], sorted(["IN-016", rule]))
        assert set(parsed.set_aside["fate"]) == fates


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_hide_column("E"), "column E"),
        (_write("D3"), "'102' in the colour of its background"),
        (_write("D3", paper="FFFFFFFF"), "'102' in the colour of its background"),
        (_hidden_sheet("hidden", 1), "sheet 'Old figures' is hidden"),
        (_hidden_sheet("veryHidden", "x"), "sheet 'Old figures', which only a program can show,"),
        (_hidden_sheet("hidden"), ""),
        (_hide_column("J"), ""),
        (_write("D3", paper="FF000080"), ""),  # white on dark blue can be read
        (_write("D3", ink="FF000000"), ""),
        (_write("J3"), ""),
    ],
)
def test_what_is_hidden_and_holds_data_is_flagged(tmp_path: Path, change: Change, words: str) -> None:
    parsed = _payments(tmp_path, _ledger(change))
    assert fate(parsed) == ("accepted", 3, 3, [], ["IN-018"] if words else [])
    assert all(words in finding.found for finding in parsed.findings)


def _hide_rows(*numbers: int) -> Change:
    return lambda book: [_hide_row(number)(book) for number in numbers] and None


@pytest.mark.parametrize(
    ("change", "rules", "found", "cells"),
    [
        (_hide_rows(3), ["IN-019"], ["row 3 is hidden and holds data"], [""]),
        (_hide_rows(2, 3), ["IN-019"] * 2, ["rows 2 to 3 are hidden and hold data"], [""]),
        (_hide_column("B"), ["IN-019"] * 3, ["column B is hidden and holds data"], ["B2"]),
        (_hide_column("D"), ["IN-019"] * 3, ["column D is hidden and holds data"], ["D2"]),
        (_hide_rows(1), [], [], []),
        (_hide_rows(9), [], [], []),
        (_merge("B3:B4"), ["IN-021", "IN-021", "SP-012"], ["the cells B3:B4 are merged"], ["B3"]),
        (_merge("D2:E2"), ["IN-021"], ["the cells D2:E2 are merged"], ["D2"]),
        (_merge("G2:H3"), [], [], []),
        (_merge("D7:D9"), [], [], []),
        (_empty_merge, [], [], []),
    ],
)
def test_hidden_and_merged_rows_are_held(
    tmp_path: Path, change: Change, rules: list[str], found: list[str], cells: list[str]
) -> None:
    parsed = _payments(tmp_path, _ledger(change))
    held = [rule for rule in rules if rule.startswith("IN")]
    assert (len(parsed.rows), list(parsed.set_aside["rule_id"])) == (3 - len(held), held)
    told = [f for f in parsed.findings if f.rule_id in {"IN-019", "IN-021"}]
    assert [f.found for f in told] == found
    assert [f.cell for f in told] == cells


def test_a_hidden_row_of_a_return_is_held(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(return_bytes([("M01", "E07000110", 1, 100, "Yes", "E")] * 2)))
    _hide_row(17)(book)
    parsed = parse_bytes(tmp_path, workbook_bytes(book), "returns", "r.xlsx")
    assert fate(parsed) == ("accepted", 2, 1, ["IN-019"], ["IN-019"])
    assert parsed.findings[0].subject == "WM-2026-001"


MAC = timedelta(days=1462)


@pytest.mark.parametrize(
    ("day", "name", "rows", "shifted"),
    [
        (DAY + MAC, "ledger.xlsx", 3, "late"),  # dates after the day the file landed
        (DAY - MAC, "spend-2026-04.xlsx", 3, "early"),  # the name says 2026
        (DAY - MAC, "spend 2025-26.xlsx", 3, "early"),
        (DAY - MAC, "spend-2022-04.xlsx", 3, ""),  # an old ledger
        (DAY - MAC, "spend 2022 to 2026.xlsx", 3, ""),
        (DAY - MAC, "ledger.xlsx", 3, ""),
        (DAY + MAC, "ledger.xlsx", 2, ""),  # too few to tell
        (DAY, "ledger.xlsx", 3, ""),
        (DAY + timedelta(days=400), "ledger.xlsx", 3, ""),  # a year too late is some other fault
    ],
)
def test_dates_that_all_lie_four_years_and_a_day_out_hold_the_file(
    tmp_path: Path, day: datetime, name: str, rows: int, shifted: str
) -> None:
    parsed = _payments(tmp_path, _ledger(lambda _: None, rows, day), name)
    assert parsed.receipt["rule_id"] == ("IN-020" if shifted else "")
    assert parsed.receipt["fate"] == ("quarantined" if shifted else "accepted")
    if shifted:
        assert shifted in parsed.findings[0].found
        assert (DAY.date() + timedelta(days=1)).isoformat() in parsed.findings[0].expected


def test_dates_that_the_1904_flag_puts_right_are_right(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    parsed = _payments(tmp_path, _ledger(change))
    assert fate(parsed) == ("accepted", 3, 3, [], [])
    assert parsed.rows["paid_on"][0].date() == date(2026, 4, 2)
    assert date(2026, 4, 2) < LANDED_ON


def test_many_cells_from_outside_make_fifty_findings_a_column(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for row in range(2, 202):
            book.active[f"D{row}"] = "=[1]A!A1"

    results = {f"D{row}": "1" for row in range(2, 202)}
    parsed = _payments(tmp_path, _stored(_ledger(change, rows=200), results))
    told = [f for f in parsed.findings if f.rule_id == "IN-014"]
    assert len(told) == 50
    assert "150 more cells" in told[-1].found

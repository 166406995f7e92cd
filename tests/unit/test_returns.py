"""Return workbooks: what every fault in a cell becomes, and that every line has one fate."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kcc_etl.intake.personal import personal_data_in
from kcc_etl.schema import return_form as form
from tests.unit.intake_files import ONE_LINE, fate, parse_bytes, return_bytes

NAME = "WM-2026-001.xlsx"


def _line(**changes: object) -> tuple[object, ...]:
    names = ("measure", "district", "quantity", "share", "additional", "evidence")
    assert set(changes) <= set(names)
    return tuple(changes.get(name, value) for name, value in zip(names, ONE_LINE, strict=True))


def test_a_clean_return_gives_its_lines_with_the_answers_above(tmp_path: Path) -> None:
    parsed = parse_bytes(
        tmp_path, return_bytes([_line(), _line(measure="M02", district="Swale")]), "returns", NAME
    )
    assert fate(parsed) == ("accepted", 2, 2, [], [])
    row = parsed.rows.iloc[1]
    assert (row["source_sheet"], row["source_row"], row["measure_code"], row["district"]) == (
        "Return",
        14,
        "M02",
        "E07000113",
    )
    assert (row["contract_ref"], row["supplier_name"], row["period"]) == (
        "WM-2026-001",
        "Example Gritters Ltd",
        "2026-27-Q2",
    )
    assert (row["claimed"], row["attribution_pct"]) == (Fraction(25, 2), Fraction(100))
    assert bool(row["is_confirmed"]) is True
    assert bool(row["is_nil"]) is False
    assert row["received_on"].date() == date(2026, 10, 20)
    letters = dict(zip(parsed.columns["field_name"], parsed.columns["column_letter"], strict=True))
    assert letters["claimed"] == "E"
    assert letters["period"] == "B"


@pytest.mark.parametrize(
    ("changes", "rule", "cell"),
    [
        ({"quantity": "12 hours"}, "RT-003", "E13"),
        ({"quantity": -1}, "RT-003", "E13"),
        ({"quantity": None}, "RT-003", "E13"),
        ({"quantity": "#REF!"}, "RT-006", "E13"),
        ({"quantity": "=1+1"}, "RT-006", "E13"),
        ({"district": "Medway"}, "RT-005", "D13"),
        ({"district": None}, "RT-005", "D13"),
        ({"share": 101}, "RT-013", "F13"),
        ({"share": -1}, "RT-013", "F13"),
        ({"share": None}, "RT-013", "F13"),
        ({"share": "most"}, "RT-013", "F13"),
        ({"evidence": "ask jo@example.org"}, "RT-007", "H13"),
        ({"evidence": "QQ 12 34 56 C is no valid number, AB123456C is"}, "RT-007", "H13"),
        ({"district": "ME14 1XQ"}, "RT-007", "D13"),
        ({"measure": None}, "RT-019", "A13"),
    ],
)
def test_a_bad_cell_holds_its_line_back_under_its_rule(
    tmp_path: Path, changes: dict[str, object], rule: str, cell: str
) -> None:
    data = return_bytes([_line(**changes), _line(measure="M02")])
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("accepted", 2, 1, [rule], [rule])
    finding = parsed.findings[0]
    assert (finding.cell, finding.source_row, finding.subject) == (cell, 13, "WM-2026-001")
    assert finding.column_title == form.COLUMNS[cell[0]][0]


def test_personal_data_is_never_repeated_in_the_message(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([_line(evidence="jo@example.org")]), "returns", NAME)
    assert "jo@" not in str(parsed.findings[0])
    assert "jo@" not in parsed.set_aside["reason"][0]


def test_all_bad_cells_of_a_line_are_found_and_the_line_is_held_once(tmp_path: Path) -> None:
    parsed = parse_bytes(
        tmp_path, return_bytes([_line(quantity="x", share=101, district="?")]), "returns", NAME
    )
    assert fate(parsed) == ("accepted", 1, 0, ["RT-003"], ["RT-003", "RT-005", "RT-013"])


@pytest.mark.parametrize(
    ("row", "answer", "rule"),
    [
        (form.PERIOD_ROW, "Q2", "RT-002"),
        (form.PERIOD_ROW, None, "RT-002"),
        (form.PERIOD_ROW, "2026-27-H1", "RT-002"),
        (form.PERIOD_ROW, "2026-27-Q3", "RT-002"),  # not over when it landed
        (form.CONTRACT_REF_ROW, "#REF!", "RT-006"),
        (form.CONTRACT_REF_ROW, "ring jo@example.org", "RT-007"),
    ],
)
def test_a_fault_above_the_lines_is_found_once_and_holds_every_line(
    tmp_path: Path, row: int, answer: object, rule: str
) -> None:
    data = return_bytes([_line(), _line(measure="M02")], answers={row: answer})
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("accepted", 2, 0, [rule, rule], [rule])
    assert parsed.findings[0].cell == f"B{row}"


def test_a_quarter_counts_from_the_day_after_it_ended(tmp_path: Path) -> None:
    data = return_bytes()
    assert fate(parse_bytes(tmp_path, data, "returns", NAME, landed_on=date(2026, 10, 1)))[2] == 1
    assert fate(parse_bytes(tmp_path, data, "returns", NAME, landed_on=date(2026, 9, 30)))[2] == 0


def test_a_nil_return_is_one_row_where_the_nil_answer_stands(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([], answers={form.NIL_ROW: "Yes"}), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 1, [], [])
    row = parsed.rows.iloc[0]
    assert row["source_row"] == form.NIL_ROW
    assert bool(row["is_nil"]) is True
    assert row["measure_code"] != row["measure_code"]


def test_a_nil_return_with_a_bad_period_is_held_back(tmp_path: Path) -> None:
    answers = {form.NIL_ROW: "Yes", form.PERIOD_ROW: "last"}
    parsed = parse_bytes(tmp_path, return_bytes([], answers=answers), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 0, ["RT-002"], ["RT-002"])
    assert parsed.set_aside["source_row"][0] == form.NIL_ROW


def test_a_nil_return_with_lines_arrives_as_its_lines(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, return_bytes(answers={form.NIL_ROW: "Yes"}), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 1, [], [])
    assert bool(parsed.rows["is_nil"][0]) is True


def test_lines_that_we_filled_in_and_the_supplier_left_alone_do_not_arrive(tmp_path: Path) -> None:
    untouched = ("M03", None, None, None, None, None)
    assert fate(parse_bytes(tmp_path, return_bytes([_line(), untouched]), "returns", NAME))[1] == 1


@pytest.mark.parametrize("row", [form.NIL_ROW, form.CONFIRM_SCOPE_ROW, form.CONFIRM_COMMITMENT_ROW])
def test_a_yes_or_no_that_is_neither_is_flagged_and_counts_as_empty(tmp_path: Path, row: int) -> None:
    parsed = parse_bytes(tmp_path, return_bytes(answers={row: "perhaps"}), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 1, [], ["RT-018"])


def test_a_percentage_cell_is_read_as_it_shows(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([_line(share="80%")]), "returns", NAME)
    assert parsed.rows["attribution_pct"][0] == 80


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (return_bytes(sheet="Sheet1"), "RT-014"),
        (return_bytes(answers={form.VERSION_ROW: "kcc-return-0"}), "RT-014"),
        (return_bytes(answers={form.VERSION_ROW: None}), "RT-014"),
        (return_bytes(headings={"E": "Attribution %", "F": "Quantity"}), "IN-002"),
        (b"", "IN-001"),
        (b"contract,measure\n", "IN-001"),
    ],
)
def test_a_file_that_is_no_return_of_ours_is_refused_whole(tmp_path: Path, data: bytes, rule: str) -> None:
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("refused", 0, 0, [], [rule])
    assert parsed.receipt["rule_id"] == rule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("photo 12, timesheet 3", ""),
        ("EV-2026-0012", ""),
        ("WM/Q2/H1 3AB", ""),
        ("see a.b@council.gov.uk", "an e-mail address"),
        ("ME14 1XQ", "a postcode"),
        ("flat 2, ct12eh", "a postcode"),
        ("EC1A 1BB", "a postcode"),
        ("ab 12 34 56 c", "a National Insurance number"),
        ("PO 123456", ""),
        ("invoice 12345678", ""),
        ("E07000110", ""),
    ],
)
def test_signs_of_personal_data(text: str, words: str) -> None:
    assert personal_data_in(text) == words

"""Return workbooks: what every fault in a cell becomes, and that every line has one fate."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from kcc_etl.domain.personal import personal_data_in
from kcc_etl.schema import return_form as form
from tests.unit.intake_files import ONE_LINE, fate, parse_bytes, return_bytes, workbook_bytes

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
        17,
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
        ({"quantity": "12 hours"}, "RT-003", "E16"),
        ({"quantity": -1}, "RT-003", "E16"),
        ({"quantity": None}, "RT-003", "E16"),
        ({"quantity": "#REF!"}, "RT-006", "E16"),
        ({"quantity": "=1+1"}, "RT-006", "E16"),
        ({"district": "Medway"}, "RT-005", "D16"),
        ({"district": None}, "RT-005", "D16"),
        ({"share": 101}, "RT-013", "F16"),
        ({"share": -1}, "RT-013", "F16"),
        ({"share": None}, "RT-013", "F16"),
        ({"share": "most"}, "RT-013", "F16"),
        ({"evidence": "ask jo@example.org"}, "RT-007", "H16"),
        ({"evidence": "QQ 12 34 56 C is no valid number, AB123456C is"}, "RT-007", "H16"),
        ({"district": "ME14 1XQ"}, "RT-007", "D16"),
        ({"measure": None}, "RT-019", "A16"),
    ],
)
def test_a_bad_cell_holds_its_line_back_under_its_rule(
    tmp_path: Path, changes: dict[str, object], rule: str, cell: str
) -> None:
    data = return_bytes([_line(**changes), _line(measure="M02")])
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("accepted", 2, 1, [rule], [rule])
    finding = parsed.findings[0]
    assert (finding.cell, finding.source_row, finding.subject) == (cell, 16, "WM-2026-001")
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
        (form.PERIOD_ROW, "2027-28", "RT-002"),  # no quarter of it is over
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


@pytest.mark.parametrize(("landed_on", "rows"), [(date(2026, 6, 30), 0), (date(2026, 7, 1), 1)])
def test_a_year_is_read_once_a_quarter_of_it_has_ended(tmp_path: Path, landed_on: date, rows: int) -> None:
    data = return_bytes(answers={form.PERIOD_ROW: "2026-27"})
    parsed = parse_bytes(tmp_path, data, "returns", NAME, landed_on=landed_on)
    assert len(parsed.rows) == rows
    assert list(parsed.rows["period"]) == ["2026-27"] * rows


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (["log 2026-05-01", "log 2026-08-01", "log 2027-01-09"], ""),  # all quarters of the year
        (["log 2025-05-01", "log 2025-08-01", "log 2026-01-09"], "3 of 3 dates fall in 2025-26"),
        (["log 2027-04-02", "log 2027-04-09", "log 2027-04-12"], ""),  # written up
        (["see Q1 2025-26", "see Q2 2025-26", "see Q3 2025-26"], "this is the 2026-27 return"),
    ],
)
def test_the_dates_of_a_years_return_lie_in_its_year(tmp_path: Path, evidence: list[str], says: str) -> None:
    lines = [_line(measure=f"M{place:02}", evidence=said) for place, said in enumerate(evidence)]
    data = return_bytes(lines, answers={form.PERIOD_ROW: "2026-27"})
    parsed = parse_bytes(tmp_path, data, "returns", NAME, landed_on=date(2027, 4, 20))
    assert [finding.rule_id for finding in parsed.findings] == (["RT-020"] if says else [])
    assert says in "".join(finding.found for finding in parsed.findings)


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
        (return_bytes(headings={"E": "Amount"}), "IN-002"),
        (return_bytes(headings={"B": "Quantity"}), "IN-002"),
        (b"", "IN-001"),
        (b"contract,measure\n", "IN-001"),
    ],
)
def test_a_file_that_is_no_return_of_ours_is_refused_whole(tmp_path: Path, data: bytes, rule: str) -> None:
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("quarantined", 0, 0, [], [rule])
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


def _changed(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], object], data: bytes) -> bytes:
    """The return after somebody changed its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book[form.SHEET])
    return workbook_bytes(book)


def _swapped(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
    for row in range(form.HEADER_ROW, form.FIRST_LINE_ROW + 1):
        page[f"E{row}"].value, page[f"F{row}"].value = page[f"F{row}"].value, page[f"E{row}"].value


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (lambda page: page.insert_rows(1, 2), "E18"),
        (lambda page: page.insert_rows(14), "E17"),
        (lambda page: page.insert_cols(3), "F16"),
        (_swapped, "F16"),
    ],
)
def test_answers_and_lines_are_found_by_their_labels_wherever_they_were_moved(
    tmp_path: Path, change: Callable[..., object], cell: str
) -> None:
    data = _changed(change, return_bytes([_line(quantity="x")]))
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 0, ["RT-003"], ["RT-003"])
    assert [(finding.rule_id, finding.cell) for finding in parsed.findings] == [("RT-003", cell)]
    assert (parsed.receipt["contract_ref"], parsed.receipt["period"]) == ("WM-2026-001", "2026-27-Q2")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (return_bytes(headings={"E": "Amount"}), "no column 'Quantity' in row 15"),
        (return_bytes(headings={"B": "quantity"}), "'Quantity' in cells B15 and E15"),
        (_changed(lambda page: page.__setitem__("A14", "Period"), return_bytes()), "Cells A10 and A14 both hold 'Period'"),
        (return_bytes(answers={form.VERSION_ROW: "kcc-return-0"}), "template version 'kcc-return-0' in cell B6"),
        (return_bytes(answers={form.VERSION_ROW: None}), "no template version in cell B6, though its headings are ours"),
        (return_bytes(answers={form.VERSION_ROW: "#REF!"}), "a broken formula for its template version in cell B6"),
    ],
)  # fmt: skip
def test_a_return_held_whole_says_where_and_is_known_by_its_receipt(
    tmp_path: Path, data: bytes, says: str
) -> None:
    parsed = parse_bytes(tmp_path, data, "returns", NAME)
    assert says in parsed.findings[0].found
    assert parsed.findings[0].remedy
    assert (parsed.receipt["fate"], parsed.receipt["contract_ref"], parsed.receipt["period"]) == (
        "quarantined",
        "WM-2026-001",
        "2026-27-Q2",
    )


@pytest.mark.parametrize(
    ("answers", "receipt"),
    [
        ({form.PERIOD_ROW: "last summer"}, ("WM-2026-001", None)),
        ({form.PERIOD_ROW: "2026-27-H1"}, ("WM-2026-001", None)),
        ({form.PERIOD_ROW: "2026-27"}, ("WM-2026-001", "2026-27")),
        ({form.CONTRACT_REF_ROW: None}, (None, "2026-27-Q2")),
        ({form.CONTRACT_REF_ROW: "#REF!"}, (None, "2026-27-Q2")),
        ({form.CONTRACT_REF_ROW: "ask jo@example.org"}, (None, "2026-27-Q2")),
    ],
)
def test_a_receipt_names_no_contract_and_no_quarter_that_cannot_be_read(
    tmp_path: Path, answers: dict[int, object], receipt: tuple[object, object]
) -> None:
    parsed = parse_bytes(tmp_path, return_bytes(answers=answers), "returns", NAME)
    assert (parsed.receipt["contract_ref"], parsed.receipt["period"]) == receipt


def test_a_column_of_their_own_is_noted_and_not_read(tmp_path: Path) -> None:
    def add(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["J15"], page["J16"] = "Our notes", 99

    parsed = parse_bytes(tmp_path, _changed(add, return_bytes()), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 1, [], ["RT-024"])
    finding = parsed.findings[0]
    assert (finding.cell, finding.column_title, finding.severity) == ("J15", "Our notes", "information")


def test_what_stands_in_every_cell_of_a_held_line_is_kept(tmp_path: Path) -> None:
    data = _changed(lambda page: page.__setitem__("K16", "margin"), return_bytes([_line(quantity="x")]))
    (row,) = parse_bytes(tmp_path, data, "returns", NAME).set_aside["row_json"]
    kept = json.loads(row)
    assert (kept["Quantity"], kept["(K)"], kept["Contract reference"]) == ("x", "margin", "WM-2026-001")


@pytest.mark.parametrize(("share", "says"), [(0.8, "80 if 80% is meant"), ("0.125", "12.5 if 12.5%")])
def test_a_share_of_one_is_no_percentage(tmp_path: Path, share: object, says: str) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([_line(share=share)]), "returns", NAME)
    assert fate(parsed) == ("accepted", 1, 0, ["RT-013"], ["RT-013"])
    assert says in parsed.findings[0].expected


@pytest.mark.parametrize(("share", "value"), [("0.8%", Fraction(4, 5)), (1, 1), (0, 0), ("80 %", 80)])
def test_a_percentage_below_one_with_its_sign_counts(tmp_path: Path, share: object, value: object) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([_line(share=share)]), "returns", NAME)
    assert parsed.rows["attribution_pct"][0] == value


SPRING = ("timesheets of 3 April 2026", "photo 12/05/2026", "log 2026-06-30", datetime(2026, 5, 2))


@pytest.mark.parametrize(
    ("evidence", "name", "says"),
    [
        (SPRING, NAME, "4 of 4 dates fall in April–June 2026; this is the July–September 2026 return"),
        ([*SPRING, "log 2026-07-01"], NAME, "4 of 5 dates fall in April–June 2026"),
        (["May 2026", "12/05/2026"], "WM-2026-001 2026-27-Q1.xlsx", "3 of 3 dates fall in April–June 2026"),
        (["see Q1 2026/27"] * 2, "Q1-2026-27 return (Q1 2026-27).xlsx", "3 of 3 dates"),
        (["see Q1 2026/27"], "Q1-2026-27 return (Q1 2026-27).xlsx", ""),
        (SPRING[:3], "2026-27-Q2/WM-2026-001.xlsx", "3 of 3 dates"),  # the folder only repeats what is stated
        (["5 May 2025", "6 June 2025", "7 June 2025"], NAME, "April–June 2025"),
        ([*SPRING[:2], "log 2026-07-01", "log 2026-08-01"], NAME, ""),  # half and half
        (["12/05/2026", "3 June 2026"], NAME, ""),  # two are no pattern
        (["audit of 12/05/2026"] * 5, NAME, ""),  # one document, named five times
        (["report of 5 October 2026", "certificate 2026-10-09", "log 12/10/2026"], NAME, ""),  # written up
        (["EV-2026-05-001", "EV-2026-05-002", "ref 2026/05/003"], NAME, ""),  # numbers of documents
        ([], "WM-2026-001 2026-27-Q1.xlsx", ""),
    ],
)
def test_a_return_whose_dates_speak_of_another_quarter_is_held_whole(
    tmp_path: Path, evidence: list[object], name: str, says: str
) -> None:
    lines = [_line(measure=f"M{place:02}", evidence=said) for place, said in enumerate(evidence or ["EV-1"])]
    parsed = parse_bytes(tmp_path, return_bytes(lines), "returns", name)
    held = ["RT-020"] if says else []
    assert fate(parsed) == (
        "accepted",
        len(lines),
        0 if says else len(lines),
        held * len(lines),
        held,
    )
    if says:
        assert says in parsed.findings[0].found
        assert (parsed.findings[0].cell, parsed.findings[0].column_title) == ("B10", "Period")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantity": "12 hours"}, "the number alone, such as 12"),
        ({"district": "Medway"}, "a Kent district such as Maidstone"),
        ({"share": 101}, "a percentage from 0 to 100"),
        ({"additional": "perhaps"}, "Yes or No"),
    ],
)
def test_a_message_says_what_would_be_right(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    parsed = parse_bytes(tmp_path, return_bytes([_line(**changes)]), "returns", NAME)
    assert says in str(parsed.findings[0])
    assert str(parsed.findings[0]).startswith(f"{parsed.findings[0].rule_id} {NAME}, sheet 'Return', cell ")


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (form.FIRST_LINE_ROW, [form.FIRST_LINE_ROW]),
        (form.PERIOD_ROW, [form.FIRST_LINE_ROW, form.FIRST_LINE_ROW + 1]),
    ],
)
def test_a_hidden_row_holds_its_line_and_a_hidden_answer_the_whole_return(
    tmp_path: Path, row: int, held: list[int]
) -> None:
    def hide(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.row_dimensions[row].hidden = True

    parsed = parse_bytes(
        tmp_path, _changed(hide, return_bytes([_line(), _line(measure="M02")])), "returns", NAME
    )
    assert fate(parsed) == ("accepted", 2, 2 - len(held), ["IN-019"] * len(held), ["IN-019"])
    assert list(parsed.set_aside["source_row"]) == held
    assert str(parsed.findings[0]).startswith(f"IN-019 {NAME}, sheet 'Return', row {row}")

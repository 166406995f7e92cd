"""The return workbook as it goes out: what a supplier sees, and what comes back of it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kcc_etl.domain.periods import parse_period
from kcc_etl.intake.parsed import FileIdentity, Parsed
from kcc_etl.intake.reader import parse
from kcc_etl.parameters.load import load_parameters
from kcc_etl.returns.issue import file_name
from kcc_etl.schema import return_form as layout
from reports.accessibility.check import check_workbook, faults
from reports.return_book import render_return
from reports.return_told import ASSUMED_TARGETS, Quote, ReturnForm, printed_lines
from tests.tools import needs

PUBLISHER = "Sample County Council"
CLOSED = date(2026, 9, 30)
MEASURES = [load_parameters(None).measure_of[code] for code in ("S1", "S5", "C3", "E4")]
WHY = "£950,000.00 of works in band B3 / £3m per output x 1.2 = 0.38 outputs; the target is 10 hours."
FORM = ReturnForm(
    contract_ref="KSW-0017",
    contract_title="Surface dressing, east",
    supplier="Example Roads Ltd",
    period=parse_period("2026-27-Q2"),
    lines=printed_lines(MEASURES),
    due_on=CLOSED,
    send_by=date(2026, 10, 30),
    quotes=tuple(Quote(measure, Fraction(10), Fraction(60, 11), WHY) for measure in MEASURES),
    stamp="Targets were worked out with parameters 0123456789ab.",
    notes=(ASSUMED_TARGETS,),
)
FORMULAS = ("=1+1", "+cmd|'/c calc'!A1", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x.example","y")')
LONG = "A title that goes on " * 400


def issued(form: ReturnForm = FORM) -> bytes:
    return render_return(form, publisher=PUBLISHER, created=CLOSED)


def filled_in(
    content: bytes, lines: Mapping[int, Sequence[object]], answers: Sequence[str] = ("No", "Yes", "Yes")
) -> bytes:
    """The workbook as a supplier saves it: answers to the questions, and lines by their place from 0."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[layout.SHEET]
    rows = (layout.NIL_ROW, layout.CONFIRM_SCOPE_ROW, layout.CONFIRM_COMMITMENT_ROW)
    for row, answer in zip(rows, answers, strict=True):
        page[f"{layout.ANSWER_COLUMN}{row}"] = answer
    for place, values in lines.items():
        for letter, value in zip(layout.ANSWERED_COLUMNS, values, strict=True):
            page[f"{letter}{layout.FIRST_LINE_ROW + place}"] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def taken_in(content: bytes, folder: Path) -> Parsed:
    path = folder / "KSW-0017-2026-27-Q2.xlsx"
    path.write_bytes(content)
    return parse(path, kind="returns", file=FileIdentity("0" * 64, "returns", path.name, date(2026, 10, 20)))


def told(parsed: Parsed) -> list[tuple[object, ...]]:
    names = ("measure_code", "district", "claimed", "attribution_pct", "is_additional", "evidence_ref")
    return [tuple(row[name] for name in names) for row in parsed.accepted]


def sheet(content: bytes, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def words(page: Worksheet) -> list[str]:
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


LINES: dict[int, Sequence[object]] = {
    0: ("Maidstone", 2, 100, "Yes", "EV-1"),
    1: ("County-wide", 1.5, 80, "No", "EV-2"),
    4: ("Not known", 0, 0, "Yes", None),
    9: ("Swale", 97.25, None, "Yes", "=1+1 is no formula".lstrip("=")),
}
CLAIMS = [
    ("S1", "E07000110", Fraction(2), Fraction(100), True, "EV-1"),
    ("S1", "county", Fraction(3, 2), Fraction(80), False, "EV-2"),
    ("S5", "unknown", Fraction(0), Fraction(0), True, None),
    ("E4", "E07000113", Fraction(389, 4), None, True, "1+1 is no formula"),
]


def test_what_a_supplier_enters_is_what_intake_takes_in(tmp_path: Path):
    parsed = taken_in(filled_in(issued(), LINES), tmp_path)

    assert (parsed.receipt["fate"], parsed.findings) == ("accepted", [])
    assert told(parsed) == CLAIMS
    row = parsed.accepted[0]
    assert (row["contract_ref"], row["period"], row["supplier_name"]) == (
        "KSW-0017",
        "2026-27-Q2",
        "Example Roads Ltd",
    )
    assert row["is_confirmed"]


@pytest.mark.long
def test_what_libreoffice_saves_is_taken_in_all_the_same(tmp_path: Path):
    office = needs("soffice")
    path, out = tmp_path / "return.xlsx", tmp_path / "saved"
    path.write_bytes(filled_in(issued(), LINES))
    subprocess.run(
        [
            office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path,
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip

    parsed = taken_in((out / "return.xlsx").read_bytes(), tmp_path)

    assert (parsed.receipt["fate"], [str(found) for found in parsed.findings]) == ("accepted", [])
    assert told(parsed) == CLAIMS


def test_a_measure_can_be_claimed_for_more_districts_below_the_printed_lines(tmp_path: Path):
    below = len(FORM.lines)
    content = filled_in(issued(), {below: ("Dover", 3, 100, "Yes", "EV-9")})
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[layout.SHEET]
    assert not page.column_dimensions["A"].protection.locked
    page[f"A{layout.FIRST_LINE_ROW + below}"] = "S5"
    stream = io.BytesIO()
    book.save(stream)

    parsed = taken_in(stream.getvalue(), tmp_path)

    assert told(parsed) == [("S5", "E07000108", Fraction(3), Fraction(100), True, "EV-9")]
    assert parsed.findings == []


def test_an_untouched_return_is_not_nil_and_holds_nothing(tmp_path: Path):
    parsed = taken_in(issued(), tmp_path)

    assert parsed.accepted == []
    assert parsed.receipt["rows_arrived"] == 0  # so that it does not count as a return that came
    assert [found.rule_id for found in parsed.findings] == ["IN-039"]


def test_a_nil_return_is_nil(tmp_path: Path):
    parsed = taken_in(filled_in(issued(), {}, ("Yes", "Yes", "Yes")), tmp_path)

    assert [row["is_nil"] for row in parsed.accepted] == [True]
    assert parsed.findings == []


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        replace(FORM, quotes=(), notes=(), stamp=""),
        replace(FORM, period=parse_period("2026-27")),
        replace(FORM, contract_title=LONG, supplier="Very Long Name " * 20 + "Ltd"),
        *(replace(FORM, contract_title=f"Title {text}", supplier=f"{text} Ltd") for text in FORMULAS),
        replace(FORM, quotes=(Quote(MEASURES[0], None, Fraction(0), WHY * 8),)),
    ],
    ids=lambda form: f"{len(form.quotes)} {form.supplier[:12]} {form.period.id}",
)
def test_every_form_is_accessible_and_hides_nothing(form: ReturnForm):
    assert [str(found) for found in faults(check_workbook(issued(form), publisher=PUBLISHER))] == []


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str, tmp_path: Path):
    form = replace(
        FORM,
        contract_ref=text,
        contract_title=text,
        supplier=text,
        quotes=tuple(replace(quote, explanation=text) for quote in FORM.quotes),
    )
    book = openpyxl.load_workbook(io.BytesIO(issued(form)))
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}

    assert "f" not in kinds
    assert book[layout.SHEET][f"B{layout.SUPPLIER_ROW}"].value == text


def test_a_target_is_quoted_with_its_explanation_and_counting_rules():
    content = issued()
    targets, counting = (
        words(sheet(content, name)) for name in (layout.TARGETS_SHEET, layout.COUNTING_SHEET)
    )

    assert targets.count(WHY) == len(MEASURES)
    assert "5.45" in targets  # 60/11, rounded half up
    assert "Due by 30 September 2026" in targets
    assert any("0123456789ab" in text for text in targets)
    assert ASSUMED_TARGETS in targets
    for measure in MEASURES:
        assert measure.who_counts in counting
        assert measure.evidence in counting


def test_nothing_is_said_of_assumptions_when_the_parameters_are_approved():
    content = issued(replace(FORM, notes=()))

    assert not any(ASSUMED_TARGETS in words(page) for page in openpyxl.load_workbook(io.BytesIO(content)))


def test_only_what_is_to_be_answered_can_be_written_in_and_no_password_is_needed():
    page = sheet(issued(), layout.SHEET)
    first = layout.FIRST_LINE_ROW

    assert page.protection.sheet
    assert page.protection.password is None
    assert {letter for letter in "ABCDEFGH" if not page[f"{letter}{first}"].protection.locked} == set(
        layout.ANSWERED_COLUMNS
    )
    open_answers = {row for row in layout.LABELS if not page[f"B{row}"].protection.locked}
    assert open_answers == {layout.NIL_ROW, layout.CONFIRM_SCOPE_ROW, layout.CONFIRM_COMMITMENT_ROW}


def test_a_percentage_is_asked_for_no_attribution(tmp_path: Path):
    page = sheet(issued(), layout.SHEET)
    (line,) = [
        row for row in range(layout.FIRST_LINE_ROW, layout.LAST_LINE_ROW) if page[f"A{row}"].value == "E4"
    ]
    cells = {row: page[f"F{row}"] for row in (line - 1, line)}

    assert [cell.protection.locked for cell in cells.values()] == [False, True]
    assert page[f"B{line}"].value.endswith("(no attribution)")
    assert any("per cent has none" in text for text in words(sheet(issued(), layout.GUIDANCE_SHEET)))

    below = len(FORM.lines)
    lines = {0: ("Dover", 1, None, "Yes", "EV"), below: ("Dover", 90, None, "Yes", "EV-9")}
    book = openpyxl.load_workbook(io.BytesIO(filled_in(issued(), lines)))
    book[layout.SHEET][f"A{layout.FIRST_LINE_ROW + below}"] = "E4"
    stream = io.BytesIO()
    book.save(stream)
    parsed = taken_in(stream.getvalue(), tmp_path)

    assert told(parsed) == [("E4", "E07000108", Fraction(90), None, True, "EV-9")]
    assert [(found.rule_id, found.cell) for found in parsed.findings] == [("RT-013", "F16")]


def test_the_lists_offer_what_intake_understands(tmp_path: Path):
    content = issued()
    book = openpyxl.load_workbook(io.BytesIO(content))
    lists = {}
    for rule in book[layout.SHEET].data_validations.dataValidation:
        if rule.type == "list":
            name, cells = rule.formula1.lstrip("=").split("!")
            found = book[name.strip("'")][cells.replace("$", "")]
            lists[str(rule.sqref).split(":")[0].split()[0]] = [cell.value for (cell,) in found]

    districts = lists[f"D{layout.FIRST_LINE_ROW}"]
    assert len(districts) == 14
    assert lists[f"G{layout.FIRST_LINE_ROW}"] == ["Yes", "No"]
    assert lists[f"A{layout.FIRST_LINE_ROW + len(FORM.lines)}"] == ["S1", "S5", "C3", "E4"]
    lines = {place: (name, 1, 100, "Yes", f"EV-{place}") for place, name in enumerate(districts[:10])}
    assert taken_in(filled_in(content, lines), tmp_path).findings == []


def test_the_same_form_gives_the_same_bytes():
    assert issued() == issued()


def test_a_form_without_a_line_is_refused():
    with pytest.raises(ValueError, match="no line to fill in"):
        replace(FORM, lines=())


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("KSW-0017", "KSW-0017-2026-27-Q2.xlsx"),
        ("KCC/2026/17", "KCC-2026-17-"),
        ("../../etc/passwd", "etc-passwd-"),
        ('a<b>:"|?*\\c', "a-b-c-"),
        ("ksw-0017", "ksw-0017-"),
        ("日本", "contract-"),
        ("X" * 300, "X" * 40 + "-"),
        ("CON", "CON-2026-27-Q2.xlsx"),
        (".", "contract-"),
    ],
)
def test_a_file_name_is_short_and_safe(reference: str, name: str):
    made = file_name(reference, "2026-27-Q2")

    assert made.startswith(name)
    assert made.endswith("-2026-27-Q2.xlsx")
    assert len(made) <= 70
    assert not set(made) & set('<>:"/\\|?*\n')


def test_no_two_references_share_a_file_name():
    references = ["A/1", "A-1", "a-1", "A 1", "A_1", "A.1", "Ä-1", "A-1 "]

    assert len({file_name(one, "2026-27-Q2").casefold() for one in references}) == len(references)

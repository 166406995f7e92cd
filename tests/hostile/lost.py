"""Hazards 7, 9, 17 and 18 where a reader of tables looks past data: other sheets, columns, rows above, the foot.

Does not belong here: single cells (`cells`), headings and encodings (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.hostile import bases
from tests.hostile.bases import as_csv
from tests.hostile.cases import Case, held
from tests.hostile.cells import second_sheet
from tests.hostile.kit import SHEET, edited, error, inline, number, sheet_xml, unpack, with_cells


def _register_and(state: str, rows: Sequence[Sequence[str]]) -> bytes:
    return second_sheet(bases.register_xlsx(), state, sheet_xml(rows))


def _same_rows_again() -> bytes:
    """The return with a copy of its sheet, as a spreadsheet makes one for the next quarter."""
    data = bases.return_file()
    copied = unpack(data)[SHEET].decode().partition("<sheetData>")[2].partition("</sheetData>")[0]
    return second_sheet(data, "visible", copied)


def _wide(title: str, values: Sequence[str]) -> bytes:
    """The ledger with one more column at its right."""
    rows = bases.ledger_rows()
    more = [title, *values, *[""] * 6][: len(rows)]
    return as_csv([[*row, text] for row, text in zip(rows, more, strict=True)])


def _above(*rows: Sequence[str], base: Sequence[Sequence[str]] = ()) -> bytes:
    return as_csv([*rows, *(base or bases.ledger_rows())])


def _record(n: int) -> list[str]:
    return [f"P-9{n}", f"Early Bird {n} Ltd", "", "Repairs", f"{n}00.25", "", f"{13 + n}/07/2026"]


def _with_foot(*rows: Sequence[str]) -> bytes:
    return as_csv([*bases.ledger_rows(), *rows])


def _side_by_side() -> bytes:
    rows = [*bases.ledger_rows(3), *[[""] * 7] * 2]
    beside = [["Ref", "Payee", "Paid", "Day"], *([f"X{n}", "Beside Ltd", f"{n}5.50", "14/07/2026"] for n in range(1, 6))]  # fmt: skip
    return as_csv([[*row, "", *more] for row, more in zip(rows[:4], beside, strict=False)])


def hazard_7() -> list[Case]:
    """The total at the foot."""
    wrong = ["Total", "", "", "", "9,999.00", "", ""]
    right = ["Total", "", "", "", "3600.21", "", ""]
    return [_csv(case) for case in (
        Case(7, "total at the foot that is wrong", "payments", lambda: _with_foot(wrong), rows=(6, 0, 1), findings=("IN-005 A8", "IN-038 E8"), says=("£9,999.00", "£3,600.21")),
        Case(7, "total at the foot that is right", "payments", lambda: _with_foot(right), rows=(6, 0, 1), findings=("IN-005",)),
        Case(7, "sub-total inside and total at the foot", "payments", lambda: _with_foot(["Sub-total", "", "", "", "1.00", "", ""], _record(1), ["Grand total", "", "", "", "3700.46", "", ""]), rows=(7, 0, 2), findings=("IN-005",)),
        Case(7, "total of the last group at the foot", "payments", lambda: _with_foot(right, _record(1), ["Total", "", "", "", "100.25", "", ""]), rows=(7, 0, 2), findings=("IN-005",)),
        Case(7, "wrong total above a footer", "payments", lambda: _with_foot(wrong, [], ["End of report"]), rows=(6, 0, 3), findings=("IN-038 E8",)),
    )]  # fmt: skip


def hazard_9() -> list[Case]:
    """Sheets beside the one that is read."""
    register = bases.register_rows(3)
    lookup = [["Code", "Meaning"], ["E07000105", "Ashford"]]
    reports = [["Spend by month"], ["Month", "Net"], ["July", "3600.21"]]
    return [
        *held(9, "IN-024", "register",
              ("second sheet under the same headings", lambda: _register_and("visible", register)),
              ("hidden sheet under the same headings", lambda: _register_and("hidden", register)),
              ("titles above the table of the second sheet", lambda: _register_and("visible", [["Contracts of the east"], [], *register])),
              ("second sheet that goes on without a heading", lambda: _register_and("visible", register[1:])), says="'Notes'"),
        *held(9, "IN-024", "returns", ("sheet of the return copied", _same_rows_again), says="'Notes'"),
        *[Case(9, name, "register", lambda rows=rows: _register_and("visible", rows), rows=(6, 0, 0), findings=("IN-025",), says=("'Notes'",))
          for name, rows in (("sheet of codes", lookup), ("sheet of sums", reports), ("headings alone on a second sheet", register[:1]))],
        Case(9, "sheet of notes beside a return", "returns", lambda: second_sheet(bases.return_file(), "visible", sheet_xml(lookup)), rows=(5, 0, 0), findings=("IN-025",)),
        Case(9, "second sheet that holds nothing", "register", lambda: _register_and("visible", []), rows=(6, 0, 0)),
    ]  # fmt: skip


def hazard_17() -> list[Case]:
    """A form without anything in it."""
    heading = bases.ledger_rows()[:1]
    return [
        _csv(Case(17, "headings and nothing else", "payments", lambda: as_csv(heading), findings=("IN-039",))),
        _csv(Case(17, "headings and a total of nothing", "payments", lambda: as_csv([*heading, ["Total", "", "", "", "0.00", "", ""]]), rows=(0, 0, 1), findings=("IN-039",))),
        Case(17, "package without a release", "notices", lambda: b'{"releases": []}', findings=("IN-039",)),
        Case(17, "return without a line that is not nil", "returns", lambda: bases.return_file(lines=0), findings=("IN-039",)),
    ]  # fmt: skip


def hazard_18() -> list[Case]:
    """Columns that are no field, and rows above the heading."""
    amounts = ["1.25", "2.50", "7.75", "4.00", "5.10", "6.00"]
    titles = [
        ["Spend over £500"],
        ["Period:", "", "", "", "", "", "01/07/2026"],
        ["Total", "", "", "", "3600.21"],
        [],
    ]
    unmapped = with_cells(
        bases.register_xlsx(),
        {"H1": inline("Notes"), "H2": inline("x"), "H3": error("#REF!"), "J5": number(5)},
    )
    blank = edited(
        bases.register_xlsx(),
        SHEET,
        ("</sheetData>", '<row r="40"><c r="K40"><v>9</v></c></row></sheetData>'),
    )
    return [
        _csv(Case(18, "column nobody asked for", "payments", lambda: _wide("Cost centre", ["C1"]), rows=(6, 0, 0), findings=("IN-050 H1",), says=("'Cost centre'",))),
        _csv(Case(18, "amounts without a heading", "payments", lambda: _wide("", amounts), rows=(6, 0, 0), findings=("IN-050 H1", "IN-051 H1"))),
        _csv(Case(18, "days without a heading", "payments", lambda: _wide("", ["14/07/2026"] * 6), rows=(6, 0, 0), findings=("IN-051 H1",))),
        _csv(Case(18, "numbers of rows without a heading", "payments", lambda: _wide("", list("123456")), rows=(6, 0, 0), findings=("IN-050 H1",))),
        _csv(Case(18, "second table beside the first", "payments", _side_by_side, rows=(3, 0, 0), findings=("IN-050 I1",), says=("'Ref'", "'Paid'"))),
        Case(18, "broken formula in a column nobody reads", "register", lambda: unmapped, rows=(6, 0, 0), findings=("IN-050 H1",), says=("error in H3", "J (no heading)")),
        Case(18, "one number far from the table", "register", lambda: blank, rows=(6, 1, 0), findings=("IN-050 K1", "CR-001", "CR-003", "CR-004", "CR-009")),
        _csv(Case(18, "records above the heading", "payments", lambda: _above(_record(1), _record(2)), rows=(6, 2, 0), findings=("IN-037 E1",))),
        _csv(Case(18, "titles, a period and a total above the heading", "payments", lambda: _above(*titles), rows=(6, 0, 4), findings=("IN-035 A1",))),
        _csv(Case(18, "another heading and its record above the heading", "payments", lambda: _above(["Ref", "Payee", "", "", "Net", "", "Day"], _record(1)), rows=(6, 1, 1), findings=("IN-035 A1", "IN-037 E2"))),
        _csv(Case(18, "amount alone above the heading", "payments", lambda: _above(["", "", "", "", "55.00"]), rows=(6, 1, 0), findings=("IN-037 E1",))),
    ]  # fmt: skip


def _csv(case: Case) -> Case:
    return Case(**{**case.__dict__, "file": "ledger.csv"})


def cases() -> list[Case]:
    """All of them."""
    return [*hazard_7(), *hazard_9(), *hazard_17(), *hazard_18()]

"""What single cells of a return say: each answer and each cell of a line to its value or its fault.

Does not belong here: where the cells stand (`returns.layout`), what a fault does to a row (`returns`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.domain.periods import latest_complete_quarter, parse_period
from kcc_etl.domain.personal import personal_data_in
from kcc_etl.domain.places import clean_district
from kcc_etl.intake.cells.explain import expected
from kcc_etl.intake.cells.values import (
    Cell,
    ErrorCell,
    Unreadable,
    as_arrived,
    read_boolean,
    read_number,
    read_text,
)
from kcc_etl.intake.parsed import NOTHING

Value = str | bool | date | Fraction | None

_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class AnswerFault:
    """One fault of one cell of a return; `expected` is empty where the rule's own sentence says it."""

    rule_id: str
    found: str
    expected: str = ""


Judged = tuple[Value, AnswerFault | None]


def answer_fault(name: str, cell: Cell, landed_on: date) -> AnswerFault | None:
    """What is wrong with an answer above the lines. Rules RT-002, RT-006, RT-007, RT-018."""
    if isinstance(cell, ErrorCell):
        return AnswerFault("RT-006", cell.code)
    personal = personal_data_in(as_arrived(cell)) if name != "supplier_name" else ""
    if personal:
        return AnswerFault("RT-007", personal)
    if name == "period":
        return _period_fault(cell, landed_on)
    if name in {"is_nil", "is_confirmed"} and isinstance(read_boolean(cell), Unreadable):
        return AnswerFault("RT-018", as_arrived(cell))
    return None


def read_line_cell(name: str, cell: Cell) -> Judged:
    """The value of one cell of a line, or its fault: RT-003, RT-005 to RT-007, RT-013, RT-018, RT-019."""
    if isinstance(cell, ErrorCell):
        return None, AnswerFault("RT-006", cell.code)
    personal = personal_data_in(cell) if isinstance(cell, str) else ""
    if personal:
        return None, AnswerFault("RT-007", personal)
    return LINE_READERS[name](cell)


def _period_fault(cell: Cell, landed_on: date) -> AnswerFault | None:
    """A year needs only a quarter that has ended: the contract may end in it, which is judged when joined."""
    text = as_arrived(cell).strip()
    latest = latest_complete_quarter(landed_on)
    wanted = (
        f"a financial quarter that had ended by the day it landed, such as {latest.id}, or the financial "
        f"year, such as {latest.year}, where one return a year is asked for"
    )
    try:
        period = parse_period(text)
    except ValueError:
        return AnswerFault("RT-002", text or NOTHING, wanted)
    if period.kind == "half":
        return AnswerFault("RT-002", f"{text}, which is no quarter", wanted)
    if period.quarters[0].end >= landed_on:
        return AnswerFault("RT-002", f"{text}, which had not ended on {landed_on.isoformat()}", wanted)
    return None


def _measure(cell: Cell) -> Judged:
    code = read_text(cell)
    if code is None or isinstance(code, Unreadable):
        return None, AnswerFault("RT-019", NOTHING)
    return code, None


def _district(cell: Cell) -> Judged:
    code = clean_district(as_arrived(cell))
    if code:
        return code, None
    wanted = "a Kent district such as Maidstone or E07000110, county or unknown"
    return None, AnswerFault("RT-005", as_arrived(cell) or NOTHING, wanted)


def _claimed(cell: Cell) -> Judged:
    number = read_number(cell)
    if isinstance(number, Fraction) and number >= 0:
        return number, None
    return None, AnswerFault("RT-003", as_arrived(cell) or NOTHING, expected(cell, "exact"))


def _attribution(cell: Cell) -> Judged:
    """A share below one without a per cent sign, such as 0.8, may mean four fifths and is no answer."""
    number = read_number(cell, percent=True)
    if isinstance(number, Fraction) and 0 <= number <= _HUNDRED:
        if number == 0 or number >= 1 or as_arrived(cell).strip().endswith("%"):
            return number, None
        percent = f"{float(number * 100):g}"
        told = f"a percentage from 0 to 100: {percent} if {percent}% is meant"
        return None, AnswerFault("RT-013", as_arrived(cell), told)
    return None, AnswerFault("RT-013", as_arrived(cell) or NOTHING, "a percentage from 0 to 100, such as 80")


def _yes_or_no(cell: Cell) -> Judged:
    answer = read_boolean(cell)
    if isinstance(answer, Unreadable):
        return None, AnswerFault("RT-018", as_arrived(cell), "Yes or No")
    return answer, None


def _evidence(cell: Cell) -> Judged:
    words = read_text(cell)
    return (None if isinstance(words, Unreadable) else words), None


LINE_READERS: dict[str, Callable[[Cell], Judged]] = {
    "measure_code": _measure,
    "district": _district,
    "claimed": _claimed,
    "attribution_pct": _attribution,
    "is_additional": _yes_or_no,
    "evidence_ref": _evidence,
}

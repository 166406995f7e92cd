"""Return workbooks: the answers above the lines and one row a line, with the faults that cells show.

Does not belong here: the form's layout (`kcc_etl.schema.return_form`), whether the contract is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.places import clean_district
from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.grid import column_index
from kcc_etl.intake.mapping import fold_heading
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.personal import personal_data_in
from kcc_etl.intake.values import (
    Cell,
    ErrorCell,
    Unreadable,
    as_arrived,
    is_empty,
    read_boolean,
    read_number,
    read_text,
)
from kcc_etl.intake.workbook import SheetCells, read_sheet
from kcc_etl.schema import return_form as form
from kcc_etl.schema.rules import RULES

Value = str | bool | date | Fraction | None

_UNKNOWN_VERSION = "RT-014"
_HUNDRED = Fraction(100)
_LETTER_OF = {field: letter for letter, (_, field) in form.COLUMNS.items() if field}
_WIDTH = len(form.COLUMNS)
_ANSWERS = {
    form.CONTRACT_REF_ROW: "contract_ref",
    form.SUPPLIER_ROW: "supplier_name",
    form.PERIOD_ROW: "period",
    form.NIL_ROW: "is_nil",
    form.CONFIRM_SCOPE_ROW: "is_confirmed",
    form.CONFIRM_COMMITMENT_ROW: "is_confirmed",
}


@dataclass(frozen=True)
class _Fault:
    rule_id: str
    found: str


def read_return(data: bytes, desk: Desk) -> Parsed:
    """The lines of a return workbook; a nil return without lines is one row, in the row of the nil answer.

    A return on an unknown template is refused under RT-014. A fault in an answer above the lines is one
    finding and holds every line back. Raises SourceUnreadableError and SourceLayoutError.
    """
    sheet = read_sheet(data, form.SHEET)
    if sheet is None:
        return desk.refuse(_UNKNOWN_VERSION, f"The workbook has no sheet '{form.SHEET}'")
    version = read_text(sheet.cells.get((form.VERSION_ROW, 1)))
    if version not in form.KNOWN_TEMPLATE_VERSIONS:
        found = (
            "no template version" if version is None else f"template version '{as_arrived_version(version)}'"
        )
        known = ", ".join(form.KNOWN_TEMPLATE_VERSIONS)
        return desk.refuse(_UNKNOWN_VERSION, f"The workbook has {found} in cell B{form.VERSION_ROW}", known)
    _check_headings(sheet)
    return _ReturnReader(sheet, desk, str(version)).read()


def as_arrived_version(version: str | Unreadable) -> str:
    """The version as a person would see it."""
    return "a broken formula" if isinstance(version, Unreadable) else version


class _ReturnReader:
    """Reads one return."""

    def __init__(self, sheet: SheetCells, desk: Desk, version: str) -> None:
        self._sheet, self._desk, self._version = sheet, desk, version
        self._subject = ""
        desk.sheet = sheet.name
        for row, name in _ANSWERS.items():
            if row != form.CONFIRM_COMMITMENT_ROW:
                desk.name_column(name, form.LABELS[row], form.ANSWER_COLUMN)
        desk.name_column("template_version", form.LABELS[form.VERSION_ROW], form.ANSWER_COLUMN)
        for letter, (title, name) in form.COLUMNS.items():
            if name:
                desk.name_column(name, title, letter)

    def read(self) -> Parsed:
        self._subject = self._words(form.CONTRACT_REF_ROW) or ""
        holding = self._judge_answers()
        header = self._header()
        lines = self._lines()
        for row in lines:
            self._read_line(row, header, holding)
        if not lines and header["is_nil"] is True:
            self._settle(form.NIL_ROW, header, [], holding)
        answered = range(column_index(form.ANSWERED_COLUMNS[0]), column_index(form.ANSWERED_COLUMNS[-1]) + 1)
        arrived = self._sheet.scan.rows_from(form.FIRST_LINE_ROW, answered)
        return self._desk.finish(arrived or (1 if header["is_nil"] is True else 0))

    def _lines(self) -> list[int]:
        answered = {column_index(letter) for letter in form.ANSWERED_COLUMNS}
        return sorted(
            {
                row
                for (row, column), cell in self._sheet.cells.items()
                if row >= form.FIRST_LINE_ROW and column in answered and not is_empty(cell)
            }
        )

    def _header(self) -> dict[str, Value]:
        confirmed = [self._yes(row) for row in (form.CONFIRM_SCOPE_ROW, form.CONFIRM_COMMITMENT_ROW)]
        return {
            "contract_ref": self._words(form.CONTRACT_REF_ROW),
            "supplier_name": self._words(form.SUPPLIER_ROW),
            "period": self._words(form.PERIOD_ROW),
            "template_version": self._version,
            "is_nil": self._yes(form.NIL_ROW),
            "is_confirmed": all(confirmed),
            "received_on": self._desk.file.landed_on,
        }

    def _judge_answers(self) -> list[_Fault]:
        """The faults of the answers above the lines that hold the whole return back, each found once."""
        holding: list[_Fault] = []
        for row, name in _ANSWERS.items():
            cell = self._answer(row)
            fault = self._answer_fault(row, name, cell)
            if fault is None:
                continue
            self._find(fault, row, f"{form.ANSWER_COLUMN}{row}", form.LABELS[row])
            if RULES[fault.rule_id].effect == "quarantine":
                holding.append(fault)
        return holding

    def _answer_fault(self, row: int, name: str, cell: Cell) -> _Fault | None:
        if isinstance(cell, ErrorCell):
            return _Fault("RT-006", cell.code)
        personal = personal_data_in(as_arrived(cell)) if name != "supplier_name" else ""
        if personal:
            return _Fault("RT-007", personal)
        if name == "period":
            return _period_fault(cell, self._desk.file.landed_on)
        if name in {"is_nil", "is_confirmed"} and isinstance(read_boolean(cell), Unreadable):
            return _Fault("RT-018", as_arrived(cell))
        return None

    def _read_line(self, row: int, header: dict[str, Value], holding: list[_Fault]) -> None:
        values: dict[str, Value] = {}
        faults: list[_Fault] = []
        for name, read in _LINE_READERS.items():
            letter = _LETTER_OF[name]
            cell = self._sheet.cells.get((row, column_index(letter)))
            value, fault = _read_line_cell(cell, read)
            values[name] = value
            if fault is not None:
                self._find(fault, row, f"{letter}{row}", form.COLUMNS[letter][0])
                faults.append(fault)
        self._settle(row, {**header, **values}, faults, holding)

    def _settle(self, row: int, values: dict[str, Value], own: list[_Fault], holding: list[_Fault]) -> None:
        faults = [fault for fault in [*own, *holding] if RULES[fault.rule_id].effect == "quarantine"]
        if not faults:
            self._desk.accept(row, values)
            return
        first = min(faults, key=lambda fault: fault.rule_id)
        reason = "; ".join(f"{RULES[fault.rule_id].text} Found {fault.found}" for fault in faults)
        self._desk.put_aside(row, first.rule_id, reason, self._row_as_arrived(row))

    def _row_as_arrived(self, row: int) -> dict[str, object]:
        answers = {form.LABELS[r]: as_arrived(self._answer(r)) for r in _ANSWERS}
        if row < form.FIRST_LINE_ROW:
            return dict(answers)
        titles = [title for title, _ in form.COLUMNS.values()]
        return {**answers, **dict(zip(titles, map(as_arrived, self._sheet.row(row, _WIDTH)), strict=True))}

    def _find(self, fault: _Fault, row: int, cell: str, title: str) -> None:
        self._desk.find(
            fault.rule_id,
            found=fault.found,
            row_number=row,
            cell=cell,
            column_title=title,
            subject=self._subject,
        )

    def _answer(self, row: int) -> Cell:
        return self._sheet.cells.get((row, column_index(form.ANSWER_COLUMN)))

    def _words(self, row: int) -> str | None:
        words = read_text(self._answer(row))
        return None if isinstance(words, Unreadable) else words

    def _yes(self, row: int) -> bool:
        return read_boolean(self._answer(row)) is True


def _check_headings(sheet: SheetCells) -> None:
    """The lines stand under the headings we issued. Raises SourceLayoutError naming each that does not."""
    found = sheet.row(form.HEADER_ROW, _WIDTH)
    wrong = [
        f"{letter}{form.HEADER_ROW} holds '{as_arrived(cell)}' and not '{title}'"
        for (letter, (title, _)), cell in zip(form.COLUMNS.items(), found, strict=True)
        if fold_heading(as_arrived(cell)) != fold_heading(title)
    ]
    if wrong:
        raise SourceLayoutError(
            "The headings of the lines were changed: " + "; ".join(wrong),
            expected="the headings of the workbook that was sent out",
            remedy="Copy the figures into the workbook that was sent out",
        )


def _period_fault(cell: Cell, landed_on: date) -> _Fault | None:
    text = as_arrived(cell).strip()
    try:
        period = parse_period(text)
    except ValueError:
        return _Fault("RT-002", text or NOTHING)
    if period.kind != "quarter":
        return _Fault("RT-002", f"{text}, which is no quarter")
    if period.end >= landed_on:
        return _Fault("RT-002", f"{text}, which had not ended on {landed_on.isoformat()}")
    return None


def _read_line_cell(
    cell: Cell, read: Callable[[Cell], tuple[Value, _Fault | None]]
) -> tuple[Value, _Fault | None]:
    if isinstance(cell, ErrorCell):
        return None, _Fault("RT-006", cell.code)
    personal = personal_data_in(cell) if isinstance(cell, str) else ""
    if personal:
        return None, _Fault("RT-007", personal)
    return read(cell)


def _measure(cell: Cell) -> tuple[Value, _Fault | None]:
    code = read_text(cell)
    return (None, _Fault("RT-019", NOTHING)) if code is None or isinstance(code, Unreadable) else (code, None)


def _district(cell: Cell) -> tuple[Value, _Fault | None]:
    code = clean_district(as_arrived(cell))
    return (code, None) if code else (None, _Fault("RT-005", as_arrived(cell) or NOTHING))


def _claimed(cell: Cell) -> tuple[Value, _Fault | None]:
    number = read_number(cell)
    if isinstance(number, Fraction) and number >= 0:
        return number, None
    return None, _Fault("RT-003", as_arrived(cell) or NOTHING)


def _attribution(cell: Cell) -> tuple[Value, _Fault | None]:
    number = read_number(cell, percent=True)
    if isinstance(number, Fraction) and 0 <= number <= _HUNDRED:
        return number, None
    return None, _Fault("RT-013", as_arrived(cell) or NOTHING)


def _yes_or_no(cell: Cell) -> tuple[Value, _Fault | None]:
    answer = read_boolean(cell)
    return (None, _Fault("RT-018", as_arrived(cell))) if isinstance(answer, Unreadable) else (answer, None)


def _evidence(cell: Cell) -> tuple[Value, _Fault | None]:
    words = read_text(cell)
    return (None if isinstance(words, Unreadable) else words), None


_LINE_READERS: dict[str, Callable[[Cell], tuple[Value, _Fault | None]]] = {
    "measure_code": _measure,
    "district": _district,
    "claimed": _claimed,
    "attribution_pct": _attribution,
    "is_additional": _yes_or_no,
    "evidence_ref": _evidence,
}

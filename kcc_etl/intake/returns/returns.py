"""Return workbooks: the answers above the lines and one row a line, with the faults that cells show.

Does not belong here: the form we issue (`kcc_etl.schema.return_form`), where things stand in a workbook
(`returns.layout`), single cells (`returns.cells`), whether the contract is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from kcc_etl.domain.findings import shorten
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.personal import personal_data_in
from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.cells.grid import Held, column_index, column_letter
from kcc_etl.intake.cells.values import Cell, Unreadable, as_arrived, is_empty, read_boolean, read_text
from kcc_etl.intake.parsed import Desk, Parsed
from kcc_etl.intake.returns.cells import LINE_READERS, AnswerFault, Value, answer_fault, read_line_cell
from kcc_etl.intake.returns.dates import period_at_odds
from kcc_etl.intake.returns.layout import (
    ReturnLayout,
    answer_rows,
    has_our_headings,
    is_return,
    layout_of,
)
from kcc_etl.intake.workbooks.book import Book
from kcc_etl.intake.workbooks.faults import InputRange, judge_book
from kcc_etl.intake.workbooks.other_sheets import judge_other_sheets
from kcc_etl.schema import return_form as form
from kcc_etl.schema.rules import RULES

_UNKNOWN_VERSION = "RT-014"
_ANSWER_PLACE = column_index(form.ANSWER_COLUMN)
_ANSWERS = {
    form.CONTRACT_REF_ROW: "contract_ref",
    form.SUPPLIER_ROW: "supplier_name",
    form.PERIOD_ROW: "period",
    form.NIL_ROW: "is_nil",
    form.CONFIRM_SCOPE_ROW: "is_confirmed",
    form.CONFIRM_COMMITMENT_ROW: "is_confirmed",
}


def read_return(book: Book, desk: Desk) -> Parsed:
    """The lines of a return workbook; a nil return without lines is one row, in the row of the nil answer.

    A return on an unknown template is quarantined whole under RT-014; contract and quarter stand in its
    receipt all the same. A fault in an answer above the lines is one finding and holds every line back.
    Raises SourceLayoutError for labels and headings that are missing or given twice.
    """
    if book.sheet is None:
        return desk.refuse(_UNKNOWN_VERSION, f"The workbook has no sheet '{form.SHEET}'")
    try:
        answers = answer_rows(book)
    except SourceLayoutError:
        _note_whose(book, {row: row for row in form.LABELS}, desk)
        raise
    _note_whose(book, answers, desk)
    version = read_text(book.cell(answers[form.VERSION_ROW], _ANSWER_PLACE))
    if version not in form.KNOWN_TEMPLATE_VERSIONS:
        known = ", ".join(form.KNOWN_TEMPLATE_VERSIONS)
        return desk.refuse(_UNKNOWN_VERSION, _strange_version(book, version, answers), known)
    judge_other_sheets(book, desk, is_return, form.SHEETS_BESIDE, desk.contract_ref or "")
    return _ReturnReader(book, layout_of(book, answers), desk, str(version)).read()


def _note_whose(book: Book, answers: dict[int, int], desk: Desk) -> None:
    """Put the contract and the period of the return into its receipt, as far as they can be read."""
    reference = read_text(book.cell(answers[form.CONTRACT_REF_ROW], _ANSWER_PLACE))
    if isinstance(reference, str) and not personal_data_in(reference):
        desk.contract_ref = reference
    try:
        period = parse_period(as_arrived(book.cell(answers[form.PERIOD_ROW], _ANSWER_PLACE)))
    except ValueError:
        return
    desk.period = None if period.kind == "half" else period.id


def _strange_version(book: Book, version: str | Unreadable | None, answers: dict[int, int]) -> str:
    cell = f"cell {form.ANSWER_COLUMN}{answers[form.VERSION_ROW]}"
    if isinstance(version, Unreadable):
        return f"The workbook has a broken formula for its template version in {cell}"
    if version is not None:
        return f"The workbook has template version '{version}' in {cell}"
    headings = ", though its headings are ours" if has_our_headings(book) else ""
    return f"The workbook has no template version in {cell}{headings}"


class _ReturnReader:
    """Reads one return."""

    def __init__(self, book: Book, layout: ReturnLayout, desk: Desk, version: str) -> None:
        self._book, self._layout, self._desk, self._version = book, layout, desk, version
        self._subject = ""
        self._percentages: set[str] = set()
        desk.sheet = book.sheet or ""
        for row, name in _ANSWERS.items():
            if row not in form.CONFIRM_ROWS:
                desk.name_column(name, form.LABELS[row], form.ANSWER_COLUMN)
        desk.name_column("is_confirmed", self._questions_not_confirmed(), form.ANSWER_COLUMN)
        desk.name_column("template_version", form.LABELS[form.VERSION_ROW], form.ANSWER_COLUMN)
        for name, place in sorted(layout.columns.items(), key=lambda item: item[1]):
            desk.name_column(name, layout.titles[place], column_letter(place))

    def read(self) -> Parsed:
        self._subject = self._words(form.CONTRACT_REF_ROW) or ""
        held = judge_book(self._book, self._desk, self._input_range())
        self._note_extra_columns()
        lines, self._percentages = self._lines(), self._percentages_printed()
        above = [row for row in held if row < self._layout.first_line_row]
        holding = [*self._judge_answers(), *self._judge_dates(lines), *self._told(held, above)]
        header = self._header()
        for row in lines:
            self._read_line(row, header, [*holding, *self._told(held, [row])])
        if not lines and header["is_nil"] is True:
            self._settle(self._layout.answers[form.NIL_ROW], header, [], holding)
        elif not lines:
            self._desk.find_empty("no line is filled in, and the return is not said to be nil")
        arrived = self._book.rows_from(self._layout.first_line_row, self._layout.answered_columns)
        return self._desk.finish(arrived or (1 if header["is_nil"] is True else 0))

    def _input_range(self) -> InputRange:
        period = parse_period(self._desk.period) if self._desk.period else None
        return InputRange(
            first_row=self._layout.first_line_row,
            columns={place: self._layout.titles[place] for place in self._layout.columns.values()},
            answers={
                (self._layout.answers[issued], _ANSWER_PLACE): form.LABELS[issued] for issued in _ANSWERS
            },
            period=(period.start, period.end) if period else None,
            subject=self._subject,
        )

    def _told(self, held: Mapping[int, Sequence[Held]], rows: Iterable[int]) -> list[AnswerFault]:
        """What holds these rows besides their values, found once."""
        faults = []
        for row in rows:
            for one in held.get(row, ()):
                one.tell(self._desk, row, self._subject)
                faults.append(AnswerFault(one.rule_id, one.found))
        return faults

    def _lines(self) -> list[int]:
        """The rows of which a supplier has filled in something."""
        places = self._layout.answered_columns
        return [
            row
            for row in sorted(self._book.rows)
            if row >= self._layout.first_line_row
            and any(not is_empty(self._book.cell(row, place)) for place in places)
        ]

    def _code(self, row: int) -> str:
        return as_arrived(self._book.cell(row, self._layout.columns["measure_code"])).strip()

    def _percentages_printed(self) -> set[str]:
        """The measures printed with the unit per cent; these have no attribution."""
        words = (form.PERCENT, form.PERCENT_IN_WORDS)
        place = self._layout.unit_place
        return {
            self._code(row)
            for row in self._book.rows
            if row >= self._layout.first_line_row
            and place is not None
            and as_arrived(self._book.cell(row, place)).strip() in words
        }

    def _header(self) -> dict[str, Value]:
        confirmed = [self._yes(row) for row in form.CONFIRM_ROWS]
        saved_at = self._book.saved_at
        return {
            "contract_ref": self._words(form.CONTRACT_REF_ROW),
            "supplier_name": self._words(form.SUPPLIER_ROW),
            "period": self._words(form.PERIOD_ROW),
            "template_version": self._version,
            "is_nil": self._yes(form.NIL_ROW),
            "is_confirmed": all(confirmed),
            "received_on": self._desk.file.landed_on,
            "saved_at": saved_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if saved_at else None,
        }

    def _questions_not_confirmed(self) -> str:
        """The questions not answered with Yes, so that a finding is about their cells; else the first."""
        said = [form.LABELS[row] for row in form.CONFIRM_ROWS if not self._yes(row)]
        return " and ".join(said) or form.LABELS[form.CONFIRM_SCOPE_ROW]

    def _judge_answers(self) -> list[AnswerFault]:
        """The faults of the answers above the lines that hold the whole return back, each found once."""
        holding: list[AnswerFault] = []
        for issued, name in _ANSWERS.items():
            fault = answer_fault(name, self._answer(issued), self._desk.file.landed_on)
            if fault is None:
                continue
            self._find(fault, self._layout.answers[issued], _ANSWER_PLACE, form.LABELS[issued])
            if RULES[fault.rule_id].effect == "quarantine":
                holding.append(fault)
        return holding

    def _judge_dates(self, lines: list[int]) -> list[AnswerFault]:
        """RT-020: the dates in the evidence and in notes speak of another period than the one stated."""
        if self._desk.period is None:
            return []
        places = (self._layout.columns["evidence_ref"], *self._layout.extra)
        cells = (self._book.cell(row, place) for row in lines for place in places)
        said = period_at_odds(parse_period(self._desk.period), cells, self._desk.file.file_name)
        if not said:
            return []
        fault = AnswerFault("RT-020", said)
        row = self._layout.answers[form.PERIOD_ROW]
        self._find(fault, row, _ANSWER_PLACE, form.LABELS[form.PERIOD_ROW])
        return [fault]

    def _note_extra_columns(self) -> None:
        """RT-024: columns that the form does not have are not read; one finding names them."""
        extra = self._layout.extra
        if not extra:
            return
        titles = ", ".join(f"'{self._layout.titles[place]}'" for place in extra)
        row = self._layout.heading_row
        self._find(AnswerFault("RT-024", titles), row, extra[0], self._layout.titles[extra[0]])

    def _read_line(self, row: int, header: dict[str, Value], holding: list[AnswerFault]) -> None:
        values: dict[str, Value] = {}
        faults: list[AnswerFault] = []
        for name in LINE_READERS:
            place = self._layout.columns[name]
            cell = self._book.cell(row, place)
            if name == "attribution_pct" and is_empty(cell) and self._code(row) in self._percentages:
                values[name] = None
                continue
            values[name], fault = read_line_cell(name, cell)
            if fault is not None:
                self._find(fault, row, place, self._layout.titles[place])
                faults.append(fault)
        self._settle(row, {**header, **values}, faults, holding)

    def _settle(
        self, row: int, values: dict[str, Value], own: list[AnswerFault], holding: list[AnswerFault]
    ) -> None:
        faults = [fault for fault in [*own, *holding] if RULES[fault.rule_id].effect == "quarantine"]
        if not faults:
            self._desk.accept(row, values)
            return
        first = min(faults, key=lambda fault: fault.rule_id)
        reason = "; ".join(f"{RULES[fault.rule_id].text} Found {fault.found}" for fault in faults)
        self._desk.put_aside(row, first.rule_id, reason, self._row_as_arrived(row))

    def _row_as_arrived(self, row: int) -> dict[str, object]:
        answers = {form.LABELS[issued]: as_arrived(self._answer(issued)) for issued in _ANSWERS}
        if row < self._layout.first_line_row:
            return dict(answers)
        cells: dict[str, object] = dict(answers)
        for place, cell in sorted(self._book.rows.get(row, {}).items()):
            title = self._layout.titles.get(place, "")
            if not title or title in cells:
                title = f"{title} ({column_letter(place)})".strip()
            cells[title] = as_arrived(cell)
        return cells

    def _find(self, fault: AnswerFault, row: int, place: int, title: str) -> None:
        self._desk.find(
            fault.rule_id,
            found=shorten(fault.found),
            expected=fault.expected,
            row_number=row,
            cell=f"{column_letter(place)}{row}",
            column_title=title,
            subject=self._subject,
        )

    def _answer(self, issued: int) -> Cell:
        return self._book.cell(self._layout.answers[issued], _ANSWER_PLACE)

    def _words(self, issued: int) -> str | None:
        words = read_text(self._answer(issued))
        return None if isinstance(words, Unreadable) else words

    def _yes(self, issued: int) -> bool:
        return read_boolean(self._answer(issued)) is True

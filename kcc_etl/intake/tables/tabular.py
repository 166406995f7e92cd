"""Registers, payments and decisions: a grid of cells to typed rows, with the faults that single cells show.

Does not belong here: opening files, faults that need a second row or table (`kcc_etl.domain.core`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from kcc_etl.domain.findings import shorten
from kcc_etl.intake.cells.explain import EXPECTED, expected
from kcc_etl.intake.cells.grid import Grid, Held, Record, column_letter
from kcc_etl.intake.cells.typed import Value, read_typed
from kcc_etl.intake.cells.values import (
    Cell,
    Unreadable,
    as_arrived,
    bare,
    is_empty,
    read_pence,
    with_whole_year,
)
from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading, match
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.tables.above import is_record_above, note_records, note_titles
from kcc_etl.intake.tables.decision_cells import decision_faults
from kcc_etl.intake.tables.foot import Sums, note_foot
from kcc_etl.intake.tables.footers import is_footer, is_heading_again, is_totals_row, is_totals_word
from kcc_etl.intake.tables.notes import (
    note_date_orders,
    note_encoding,
    note_garbled_text,
    note_unmapped,
)
from kcc_etl.intake.tables.row_rules import KEYS, NOT_YET, RULE_OF_TYPE, RULE_WHEN_MISSING, CellFault
from kcc_etl.intake.tables.supplier_cells import read_supplier_cells
from kcc_etl.intake.tables.word_cells import read_word_cells
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND, ROW_DIGEST, Table


def read_table(grid: Grid, desk: Desk, mapping: HeaderMapping) -> Parsed:
    """The rows of a register, ledger or decisions log; every bad cell of a row is reported.

    A row with faults is quarantined once, under the first of its rules by id. Raises SourceLayoutError when
    the headings do not give what the table needs.
    """
    headings = [as_arrived(cell) for cell in grid.heading.cells]
    desk.headings = tuple(heading.strip() for heading in headings)
    note_encoding(grid, desk, headings)
    reader = _TableReader(grid, headings, match(headings, mapping), mapping, desk)
    note_unmapped(grid, desk, headings, mapping, reader.width)
    reader.put_aside_above(grid)
    for record in grid.records:
        reader.sort(record)
    reader.note_foot()
    if not desk.rows and all(row["fate"] == "excluded" for row in desk.aside):
        desk.find_empty(f"a heading in row {grid.heading.number} and no record below it")
    return desk.finish(grid.arrived)


class _TableReader:
    """Sorts the records of one grid."""

    def __init__(
        self, grid: Grid, headings: list[str], places: Mapping[str, int], mapping: HeaderMapping, desk: Desk
    ) -> None:
        self._desk, self._mapping, self._places = desk, mapping, places
        self._headings = headings
        self._titles = [fold_heading(heading) for heading in headings]
        self.width = _width(grid, headings)
        self._kind = desk.kind
        self._table: Table = RAW_TABLE_OF_KIND[desk.kind]
        self._fields = self._table.landed_fields
        self._above = Sums()
        desk.sheet = grid.sheet
        for name, place in sorted(places.items(), key=lambda item: item[1]):
            desk.name_column(name, headings[place].strip(), column_letter(place))
        self._held = grid.judge(desk, {place: headings[place].strip() for place in places.values()})
        note_garbled_text(grid, desk, headings, places)
        orders = note_date_orders(grid, desk, headings, places)
        self._untrusted = {name: order for name, order in orders.items() if order.untrusted}

    def put_aside_above(self, grid: Grid) -> None:
        """Set aside what stands above the heading: titles of the report, blank rows, and records."""
        required = self._table.required
        titles: list[Record] = []
        records: list[Record] = []
        for record in grid.above:
            if all(is_empty(cell) for cell in record.cells):
                self._put_aside(record, "IN-004", "The row is blank", None)
            elif is_record_above(record, self._places, required):
                records.append(record)
                pence = self._pence(record)
                self._desk.pence_arrived += pence or 0
                self._put_aside(record, "IN-037", "The row is filled like a record above the heading", pence)
            else:
                titles.append(record)
                self._put_aside(record, "IN-035", "The row stands above the heading", None)
        note_titles(titles, grid.heading, self._desk)
        note_records(records, grid.heading, self._desk, self._places, required)

    def note_foot(self) -> None:
        """Compare the total at the foot with the rows, where there is one."""
        place = self._places.get(self._table.money)
        if place is not None:
            note_foot(self._above, self._desk, place, self._headings[place].strip())

    def sort(self, record: Record) -> None:
        """Accept a record, or set it aside with its reason."""
        filled = [place for place, cell in enumerate(record.cells) if not is_empty(cell)]
        if not filled:
            self._put_aside(record, "IN-004", "The row is blank", None)
            return
        pence = self._pence(record)
        self._desk.pence_arrived += pence or 0
        reason = self._no_record(record, filled, pence)
        if reason:
            self._settle_no_record(record, filled[0], reason, pence)
            return
        self._above.add(pence)
        if filled[-1] >= self.width:
            self._find_surplus(record, filled[-1])
            self._put_aside(record, "IN-036", "The row has more cells than the heading", pence)
            return
        self._judge(record, pence)

    def _settle_no_record(self, record: Record, first: int, reason: str, pence: int | None) -> None:
        """Leave the row out; one whose stored total is wrong waits for a person instead."""
        wrong = [one for one in self._held.get(record.number, ()) if one.rule_id == "IN-017"]
        if not wrong:
            self._find_no_record(record, first)
            self._put_aside(record, "IN-005", reason, pence)
            return
        self._above.foot = None
        for one in wrong:
            one.tell(self._desk, record.number)
        self._put_aside(record, wrong[0].rule_id, "; ".join(one.found for one in wrong), pence)

    def _no_record(self, record: Record, filled: list[int], pence: int | None) -> str:
        """Why the row is no record, or nothing when it may be one."""
        if is_heading_again(record.cells, self._titles):
            return "The row repeats the heading"
        if is_footer([record.cells[place] for place in filled]):
            return "The row is the footer of a report"
        if self._is_totals(record, filled) or self._is_bare_total(filled, pence):
            self._above.close(record, pence)
            return "The row is a total"
        return ""

    def _judge(self, record: Record, pence: int | None) -> None:
        values: dict[str, Value] = {}
        faults: list[CellFault] = []
        to_come = self._to_come(record)
        for field in self._fields:
            cell = None if field.name in to_come else self._cell(record, field.name)
            value = read_typed(cell, field.type)
            if isinstance(value, Unreadable):
                rule_id = RULE_OF_TYPE[self._kind][field.type]
                faults.append(CellFault(rule_id, field.name, as_arrived(cell), expected(cell, field.type)))
                value = None
            elif field.name in self._untrusted and record.number in self._untrusted[field.name].untrusted:
                faults.append(self._untrusted_date(field.name, cell))
            values[field.name] = value
        faults += read_word_cells(self._kind, values)
        faults += read_supplier_cells(self._kind, values)
        told = {fault.field_name for fault in faults if RULES[fault.rule_id].effect == "quarantine"} | to_come
        for name, rule_id in RULE_WHEN_MISSING[self._kind].items():
            if values[name] is None and name not in told:
                faults.append(CellFault(rule_id, name, NOTHING, _wanted(name, rule_id)))
                told.add(name)
        if self._kind == "decisions":
            faults += [fault for fault in decision_faults(values) if fault.field_name not in told]
        for fault in faults:
            self._find(record, fault, values)
        held = self._held.get(record.number, ())
        for one in held:
            one.tell(self._desk, record.number, str(values[KEYS[self._kind]] or ""))
        holding = sorted(fault.rule_id for fault in faults if RULES[fault.rule_id].effect == "quarantine")
        holding = sorted([*holding, *(one.rule_id for one in held)])
        if holding:
            self._put_aside(record, holding[0], self._reason(faults, held), pence)
        else:
            self._desk.accept(record.number, {**values, ROW_DIGEST: self._digest(record)})

    def _to_come(self, record: Record) -> set[str]:
        """Fields of which the row says that what they tell has not happened yet."""
        words = NOT_YET.get(self._kind, {})
        return {
            name
            for name, word in words.items()
            if bare(as_arrived(self._cell(record, name))).casefold() == word
        }

    def _untrusted_date(self, field_name: str, cell: Cell) -> CellFault:
        """IN-031: a date that may be another day, because its column holds dates in two orders."""
        if self._untrusted[field_name].is_mixed:
            said = "the day before the month in every cell; this column also holds dates month first"
        else:
            said = "real dates in every cell; a spreadsheet set to American dates has turned day and month"
        return CellFault("IN-031", field_name, as_arrived(cell), said)

    def _cell(self, record: Record, field_name: str) -> Cell:
        if field_name in self._mapping.constants:
            return self._mapping.constants[field_name]
        place = self._places.get(field_name, len(record.cells))
        cell = record.cells[place] if place < len(record.cells) else None
        if self._mapping.two_digit_years and FIELDS[field_name].type == "date":
            return with_whole_year(cell)
        if field_name in self._mapping.values and cell is not None and not isinstance(cell, bool):
            return self._mapping.translate(field_name, as_arrived(cell))
        return cell

    def _pence(self, record: Record) -> int | None:
        if not self._table.money:
            return None
        pence = read_pence(self._cell(record, self._table.money))
        return None if isinstance(pence, Unreadable) else pence

    def _is_totals(self, record: Record, filled: list[int]) -> bool:
        """A total says so in its first cell, and has neither a key of its own nor a date."""
        first = filled[0]
        if not is_totals_word(record.cells[first]) and not is_totals_row([record.cells[p] for p in filled]):
            return False
        key = self._places.get(KEYS[self._kind])
        if key is not None and key != first and not is_empty(self._cell(record, KEYS[self._kind])):
            return False
        dates = (field.name for field in self._fields if field.type == "date")
        return all(is_empty(self._cell(record, name)) for name in dates)

    def _is_bare_total(self, filled: list[int], pence: int | None) -> bool:
        """A row with nothing but an amount, which is the sum of those above, is a total without a name."""
        alone = filled == [self._places.get(self._table.money)]
        return alone and self._above.rows > 1 and pence == self._above.pence

    def _digest(self, record: Record) -> str | None:
        """SHA-256 of the whole row as it arrived, cells that no field takes included, where it is kept."""
        if ROW_DIGEST not in self._table.columns:
            return None
        return sha256("\x1f".join(as_arrived(cell) for cell in record.cells).encode()).hexdigest()

    def _find(self, record: Record, fault: CellFault, values: Mapping[str, Value]) -> None:
        place = self._places.get(fault.field_name)
        self._desk.find(
            fault.rule_id,
            found=shorten(fault.found),
            expected=fault.expected,
            row_number=record.number,
            cell="" if place is None else f"{column_letter(place)}{record.number}",
            column_title=FIELDS[fault.field_name].title if place is None else self._headings[place].strip(),
            subject=str(values[KEYS[self._kind]] or ""),
        )

    def _find_no_record(self, record: Record, first: int) -> None:
        self._desk.find(
            "IN-005",
            found=shorten(as_arrived(record.cells[first])),
            row_number=record.number,
            cell=f"{column_letter(first)}{record.number}",
            column_title=self._headings[first].strip() if first < len(self._headings) else "",
        )

    def _find_surplus(self, record: Record, last: int) -> None:
        self._desk.find(
            "IN-036",
            found=shorten(as_arrived(record.cells[last])),
            expected=f"{self.width} cells at most, as many as the heading has",
            row_number=record.number,
            cell=f"{column_letter(last)}{record.number}",
        )

    def _reason(self, faults: list[CellFault], held: Sequence[Held]) -> str:
        reasons = [
            f"{FIELDS[fault.field_name].title}: found {fault.found or NOTHING}"
            for fault in faults
            if RULES[fault.rule_id].effect == "quarantine"
        ]
        return "; ".join([*reasons, *(one.found for one in held)])

    def _put_aside(self, record: Record, rule_id: str, reason: str, pence: int | None) -> None:
        cells: dict[str, object] = {}
        for place, cell in enumerate(record.cells):
            title = self._headings[place].strip() if place < len(self._headings) else ""
            if title in cells or not title:
                title = f"{title} ({column_letter(place)})".strip()
            cells[title] = as_arrived(cell)
        self._desk.put_aside(record.number, rule_id, reason, cells, pence)


def _width(grid: Grid, headings: Sequence[str]) -> int:
    """The columns a record may fill: up to the last with a title, or with something in most of the rows.

    A sheet has room for notes in the margin, so its width binds nobody.
    """
    if not grid.width_binds:
        return max((len(record.cells) for record in grid.records), default=0)
    named = max((place for place, title in enumerate(headings, 1) if bare(title)), default=0)
    wide = [record for record in grid.records if any(not is_empty(cell) for cell in record.cells[named:])]
    filled = sum(any(not is_empty(cell) for cell in record.cells) for record in grid.records)
    return max(named, len(headings)) if 2 * len(wide) > filled else named


def _wanted(field_name: str, rule_id: str) -> str:
    """What should stand in a cell that is empty: an example, or the sentence of the rule."""
    kind = FIELDS[field_name].type
    return EXPECTED[kind] if kind in {"pence", "date"} else RULES[rule_id].text

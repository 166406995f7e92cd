"""Registers, payments and decisions: a grid of cells to typed rows, with the faults that single cells show.

Does not belong here: opening files, faults that need a second row or table (`kcc_etl.domain.core`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256

from kcc_etl.domain.identifiers import clean_company_number
from kcc_etl.intake.grid import Grid, Record, column_letter
from kcc_etl.intake.mapping import HeaderMapping, match
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.values import (
    Cell,
    Unreadable,
    as_arrived,
    bare,
    is_empty,
    read_boolean,
    read_date,
    read_integer,
    read_number,
    read_pence,
    read_text,
)
from kcc_etl.schema.fields import FIELDS, FieldType
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND, ROW_DIGEST, Table

Value = str | int | bool | date | Fraction | None

_TOTALS = frozenset({"total", "totals", "grand total"})
_KEYS = {"register": "contract_ref", "payments": "payment_ref", "decisions": "decision_id"}
_SUBJECTS = {"register": "contract_ref", "payments": "payment_ref", "decisions": "decision_id"}

_RULE_OF_TYPE: dict[str, dict[FieldType, str]] = {
    "register": {
        "pence": "CR-003",
        "date": "CR-004",
        "boolean": "CR-020",
        "integer": "CR-020",
        "exact": "CR-020",
        "text": "CR-020",
    },
    "payments": {
        "pence": "SP-001",
        "date": "SP-002",
        "boolean": "SP-016",
        "integer": "SP-016",
        "exact": "SP-016",
        "text": "SP-016",
    },
    "decisions": {
        "pence": "DC-002",
        "date": "DC-001",
        "boolean": "DC-002",
        "integer": "DC-002",
        "exact": "DC-002",
        "text": "DC-001",
    },
}
"""Which rule an unreadable cell breaks, by the type of its field."""

_RULE_WHEN_MISSING: dict[str, dict[str, str]] = {
    "register": {
        "contract_ref": "CR-001",
        "supplier_name": "CR-009",
        "value_ex_vat_pence": "CR-003",
        "start_on": "CR-004",
        "end_on": "CR-004",
    },
    "payments": {"supplier_name": "SP-012", "amount_ex_vat_pence": "SP-001", "paid_on": "SP-002"},
    "decisions": {
        "decision_id": "DC-001",
        "role": "DC-001",
        "reason_code": "DC-001",
        "decided_on": "DC-001",
        "decision_kind": "DC-002",
    },
}
"""Which rule an empty cell breaks; any other field may be empty."""

_EXPECTED: dict[FieldType, str] = {
    "pence": "an amount of money such as 1250.00",
    "date": "a date such as 2026-11-23 or 23/11/2026",
    "boolean": "Yes or No",
    "integer": "a whole number",
    "exact": "a number of zero or more",
    "text": "words, not a broken formula",
}
_COMPANY_RULE = {"register": "CR-008", "payments": "SP-017"}
_DECISION_KINDS = ("commitment", "override", "verification", "clearance")
_WITHOUT_QUANTITY = "clearance"


@dataclass(frozen=True)
class _Fault:
    rule_id: str
    field_name: str
    found: str
    expected: str


@dataclass
class _Above:
    """The records above the one at hand, totals and blank rows left out: how many, and their pence."""

    rows: int = 0
    pence: int = 0

    def add(self, pence: int | None) -> None:
        self.rows += 1
        self.pence += pence or 0


def read_table(grid: Grid, desk: Desk, mapping: HeaderMapping) -> Parsed:
    """The rows of a register, ledger or decisions log; every bad cell of a row is reported.

    A row with faults is quarantined once, under the first of its rules by id. Raises SourceLayoutError when
    the headings do not give what the table needs.
    """
    headings = [as_arrived(cell) for cell in grid.heading.cells]
    reader = _TableReader(grid, headings, match(headings, mapping), mapping, desk)
    for record in grid.records:
        reader.sort(record)
    return desk.finish(grid.arrived)


class _TableReader:
    """Sorts the records of one grid."""

    def __init__(
        self, grid: Grid, headings: list[str], places: Mapping[str, int], mapping: HeaderMapping, desk: Desk
    ) -> None:
        self._desk, self._mapping, self._places = desk, mapping, places
        self._headings = headings
        self._width_binds = grid.width_binds
        self._kind = desk.kind
        self._table: Table = RAW_TABLE_OF_KIND[desk.kind]
        self._above = _Above()
        desk.sheet = grid.sheet
        for name, place in sorted(places.items(), key=lambda item: item[1]):
            desk.name_column(name, headings[place].strip(), column_letter(place))

    def sort(self, record: Record) -> None:
        """Accept a record, or set it aside with its reason."""
        filled = [place for place, cell in enumerate(record.cells) if not is_empty(cell)]
        if not filled:
            self._put_aside(record, "IN-004", "The row is blank", None)
            return
        pence = self._pence(record)
        self._desk.pence_arrived += pence or 0
        if self._is_totals(record, filled[0]) or self._is_bare_total(filled, pence):
            self._find_totals(record, filled[0])
            self._put_aside(record, "IN-005", "The row is a total", pence)
            return
        self._above.add(pence)
        if self._width_binds and filled[-1] >= len(self._headings):
            self._find_surplus(record, filled[-1])
            self._put_aside(record, "IN-002", "The row has more cells than the heading", pence)
            return
        self._judge(record, pence)

    def _judge(self, record: Record, pence: int | None) -> None:
        values: dict[str, Value] = {}
        faults: list[_Fault] = []
        for field in self._table.landed_fields:
            cell = self._cell(record, field.name)
            value = _read(cell, field.type)
            if isinstance(value, Unreadable):
                rule_id = _RULE_OF_TYPE[self._kind][field.type]
                faults.append(_Fault(rule_id, field.name, as_arrived(cell), _EXPECTED[field.type]))
                value = None
            values[field.name] = value
        self._clean_company_number(values, faults)
        told = {fault.field_name for fault in faults if RULES[fault.rule_id].effect == "quarantine"}
        for name, rule_id in _RULE_WHEN_MISSING[self._kind].items():
            if values[name] is None and name not in told:
                faults.append(_Fault(rule_id, name, NOTHING, RULES[rule_id].text))
                told.add(name)
        if self._kind == "decisions":
            faults += [fault for fault in _decision_faults(values) if fault.field_name not in told]
        for fault in faults:
            self._find(record, fault, values)
        holding = sorted(fault.rule_id for fault in faults if RULES[fault.rule_id].effect == "quarantine")
        if holding:
            self._put_aside(record, holding[0], self._reason(faults), pence)
        else:
            self._desk.accept(record.number, {**values, ROW_DIGEST: self._digest(record)})

    def _clean_company_number(self, values: dict[str, Value], faults: list[_Fault]) -> None:
        rule_id = _COMPANY_RULE.get(self._kind)
        text = values.get("supplier_company_number")
        if rule_id is None or not isinstance(text, str):
            return
        number, repaired = clean_company_number(text)
        values["supplier_company_number"] = number
        if number is None:
            expected = "a company number of eight characters; this one counts as empty"
            faults.append(_Fault(rule_id, "supplier_company_number", text, expected))
        elif repaired:
            faults.append(_Fault(rule_id, "supplier_company_number", text, f"{number}, as it is counted now"))

    def _cell(self, record: Record, field_name: str) -> Cell:
        if field_name in self._mapping.constants:
            return self._mapping.constants[field_name]
        place = self._places.get(field_name, len(record.cells))
        cell = record.cells[place] if place < len(record.cells) else None
        if field_name in self._mapping.values and cell is not None and not isinstance(cell, bool):
            return self._mapping.translate(field_name, as_arrived(cell))
        return cell

    def _pence(self, record: Record) -> int | None:
        if not self._table.money:
            return None
        pence = read_pence(self._cell(record, self._table.money))
        return None if isinstance(pence, Unreadable) else pence

    def _is_totals(self, record: Record, first: int) -> bool:
        """A total says so in its first cell, and has neither a key of its own nor a date."""
        word = bare(as_arrived(record.cells[first])).rstrip(":").strip().casefold()
        if word not in _TOTALS:
            return False
        key = self._places.get(_KEYS[self._kind])
        if key is not None and key != first and not is_empty(self._cell(record, _KEYS[self._kind])):
            return False
        dates = (field.name for field in self._table.landed_fields if field.type == "date")
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

    def _find(self, record: Record, fault: _Fault, values: Mapping[str, Value]) -> None:
        place = self._places.get(fault.field_name)
        self._desk.find(
            fault.rule_id,
            found=fault.found,
            expected=fault.expected,
            row_number=record.number,
            cell="" if place is None else f"{column_letter(place)}{record.number}",
            column_title=FIELDS[fault.field_name].title if place is None else self._headings[place].strip(),
            subject=str(values[_SUBJECTS[self._kind]] or ""),
        )

    def _find_totals(self, record: Record, first: int) -> None:
        self._desk.find(
            "IN-005",
            found=as_arrived(record.cells[first]),
            row_number=record.number,
            cell=f"{column_letter(first)}{record.number}",
            column_title=self._headings[first].strip() if first < len(self._headings) else "",
        )

    def _find_surplus(self, record: Record, last: int) -> None:
        self._desk.find(
            "IN-002",
            found=as_arrived(record.cells[last]),
            expected=f"{len(self._headings)} cells, as many as the heading has",
            row_number=record.number,
            cell=f"{column_letter(last)}{record.number}",
        )

    def _reason(self, faults: list[_Fault]) -> str:
        return "; ".join(
            f"{FIELDS[fault.field_name].title}: found {fault.found or NOTHING}"
            for fault in faults
            if RULES[fault.rule_id].effect == "quarantine"
        )

    def _put_aside(self, record: Record, rule_id: str, reason: str, pence: int | None) -> None:
        cells: dict[str, object] = {}
        for place, cell in enumerate(record.cells):
            title = self._headings[place].strip() if place < len(self._headings) else ""
            if title in cells or not title:
                title = f"{title} ({column_letter(place)})".strip()
            cells[title] = as_arrived(cell)
        self._desk.put_aside(record.number, rule_id, reason, cells, pence)


def _read(cell: Cell, kind: FieldType) -> Value | Unreadable:
    if kind == "pence":
        return read_pence(cell)
    if kind == "date":
        return read_date(cell)
    if kind == "boolean":
        return read_boolean(cell)
    if kind == "integer":
        return read_integer(cell)
    return read_number(cell) if kind == "exact" else read_text(cell)


def _decision_faults(values: dict[str, Value]) -> list[_Fault]:
    """The kind is one of the list, and its quantity is zero or more where the kind needs one. Rule DC-002."""
    kind = str(values["decision_kind"] or "").casefold()
    if kind not in _DECISION_KINDS:
        expected = ", ".join(_DECISION_KINDS[:-1]) + " or " + _DECISION_KINDS[-1]
        return [_Fault("DC-002", "decision_kind", str(values["decision_kind"] or NOTHING), expected)]
    values["decision_kind"] = kind
    quantity = values["quantity"]
    if kind == _WITHOUT_QUANTITY or (isinstance(quantity, Fraction) and quantity >= 0):
        return []
    return [_Fault("DC-002", "quantity", NOTHING if quantity is None else str(quantity), _EXPECTED["exact"])]

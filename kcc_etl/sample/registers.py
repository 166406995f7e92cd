"""The two contract registers: the main system as CSV, the works contracts of a second system as XLSX.

Does not belong here: which contracts there are (`portfolio`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kcc_etl.sample.contracts import REGISTER_FIELDS, Contract, register_cells
from kcc_etl.sample.notice_faults import disputed_facts
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.sheets import Cell, Line, Plant, PlantedFault, Style, write_csv, write_xlsx
from kcc_etl.sample.world import REFERENCE_PREFIX

SOURCE = "registers"
MAIN = "contracts-register.csv"
HIGHWAYS = "highways-register.xlsx"
HIGHWAYS_SHEET = "Works contracts"

# The second system opens with the works and keeps the council's reference further back.
_HIGHWAYS_FIRST = (
    "contract_title",
    "supplier_name",
    "contract_ref",
    "start_on",
    "end_on",
    "value_ex_vat_pence",
)
HIGHWAYS_FIELDS = (
    *_HIGHWAYS_FIRST,
    *(name for name in reversed(REGISTER_FIELDS) if name not in _HIGHWAYS_FIRST),
)

UNANSWERED_PLACE = 8
"""Which contract in scope has a question left open."""

UNIDENTIFIED_PLACE = 5
"""Under which contract of section 70 the supplier's identifier is missing."""

_LOST_ZERO, _LOST_ZERO_AS_NUMBER, _HUNDREDFOLD = "<text>", "<number>", "<times 100>"

Planned = tuple[str, str, str, dict[str, Cell]]
"""A fault to plant: rule, kind, field, and the cells that make it."""

_LATER = date(2024, 10, 8)
_NUMBER, _VALUE = "supplier_company_number", "value_ex_vat_pence"
_FAULTS: tuple[Planned, ...] = (
    ("CR-006", "default value", _VALUE, {_VALUE: 100, "value_inc_vat_pence": 120}),
    ("CR-007", "starts before the award", "start_on", {"awarded_on": date(2024, 10, 1), "signed_on": _LATER}),
    ("CR-008", "zero lost at the front", _NUMBER, {_NUMBER: _LOST_ZERO}),
    ("CR-010", "category left empty", "procurement_category", {"procurement_category": None}),
    ("CR-012", "unknown framework", "parent_ref", {"agreement_kind": "call-off", "parent_ref": "KSW-FW-77"}),
    ("CR-008", "number typed as a number", _NUMBER, {_NUMBER: _LOST_ZERO_AS_NUMBER}),
    ("CR-013", "district of another county", "district", {"district": "E06000035"}),
    ("CR-014", "pounds typed as pence", "value_inc_vat_pence", {"value_inc_vat_pence": _HUNDREDFOLD}),
    ("CR-015", "size not known", "supplier_size", {"supplier_size": "unknown"}),
    ("CR-007", "starts before the award", "start_on", {"awarded_on": date(2024, 9, 3), "signed_on": _LATER}),
    ("CR-012", "call-off without its framework", "parent_ref", {"agreement_kind": "call-off"}),
    ("CR-013", "place that is no district", "district", {"district": "Nowhere-on-Sea"}),
    ("CR-015", "size left empty", "supplier_size", {"supplier_size": None}),
    ("CR-020", "words for a score", "risk_market", {"risk_market": "rather high"}),
)  # fmt: skip
"""Faults that leave a row in the register."""

_HELD_MAIN: tuple[Planned, ...] = (
    ("CR-001", "no reference", "contract_ref", {"contract_ref": None}),
    ("CR-002", "reference used twice", "contract_ref", {"contract_ref": f"{REFERENCE_PREFIX}-0021"}),
    ("CR-003", "value in words", "value_ex_vat_pence", {"value_ex_vat_pence": "TBC"}),
    ("CR-004", "day that does not exist", "start_on", {"start_on": "31/02/2026"}),
    ("CR-005", "ends before it starts", "end_on", {"end_on": date(2024, 6, 1)}),
    ("CR-009", "no supplier", "supplier_name", {"supplier_name": None}),
    ("CR-004", "words for a date", "end_on", {"end_on": "ongoing"}),
    ("CR-021", "misspelt category", "procurement_category", {"procurement_category": "Servcies"}),
)
_HELD_HIGHWAYS: tuple[Planned, ...] = (
    ("CR-003", "value in words", "value_ex_vat_pence", {"value_ex_vat_pence": "see schedule"}),
    ("CR-005", "ends before it starts", "end_on", {"end_on": date(2024, 9, 1)}),
)


def write_registers(folder: Path, portfolio: Portfolio) -> list[PlantedFault]:
    """Write both registers; returns the faults planted in them."""
    folder.mkdir(parents=True)
    lines = _flagged(portfolio)
    main = [line for line in lines if line.cells["procurement_category"] != "works"]
    works = [line for line in lines if line.cells["procurement_category"] == "works"]
    spare = [register_cells(c) for c in portfolio.spare]
    main[40:40] = [Line({})]
    main = _spread(main, _held(spare[0], 8001, _HELD_MAIN))
    works = _spread(works, _held(spare[1], 8101, _HELD_HIGHWAYS))
    works = [*works, _total(works)]
    return [
        *write_csv(folder / MAIN, SOURCE, REGISTER_FIELDS, main, Style()),
        *write_xlsx(folder / HIGHWAYS, SOURCE, HIGHWAYS_SHEET, HIGHWAYS_FIELDS, works),
    ]


def _flagged(portfolio: Portfolio) -> list[Line]:
    """Every contract as a line, the spare ones each with a fault that leaves the row in the register."""
    spare = {c.reference: place for place, c in enumerate(portfolio.spare)}
    unanswered = portfolio.in_scope[UNANSWERED_PLACE].reference
    unidentified = portfolio.section_70[UNIDENTIFIED_PLACE][0].reference
    disputed = disputed_facts(portfolio)
    lines = []
    for contract in portfolio.contracts:
        line = Line(register_cells(contract))
        if contract.reference in spare:
            line = _fault_of(spare[contract.reference], contract, line)
        elif contract.reference == unanswered:
            line = line.planted(
                Plant("CR-011", "question not answered", "risk_criticality"), {"risk_criticality": None}
            )
        elif contract.reference == unidentified:
            line.cells["supplier_ppon"] = None
        if contract.reference in disputed:
            line = line.planted(disputed[contract.reference], {})
        lines.append(line)
    return lines


def _fault_of(place: int, contract: Contract, line: Line) -> Line:
    if place >= len(_FAULTS):
        return line
    rule, kind, field, cells = _FAULTS[place]
    number = f"999{contract.number:04d}"
    computed: dict[str, Cell] = {
        _LOST_ZERO: number,
        _LOST_ZERO_AS_NUMBER: int(number),
        _HUNDREDFOLD: contract.gross_pence * 100,
    }
    written = {name: computed.get(str(cell), cell) for name, cell in cells.items()}
    return line.planted(Plant(rule, kind, field), written)


def _held(base: dict[str, Cell], first: int, plan: tuple[Planned, ...]) -> list[Line]:
    """Rows that must not count; nothing else refers to them."""
    lines = []
    for place, (rule, kind, name, cells) in enumerate(plan):
        line = Line({**base, "contract_ref": f"{REFERENCE_PREFIX}-{first + place:04d}"})
        lines.append(line.planted(Plant(rule, kind, name), cells))
    return lines


def _total(lines: list[Line]) -> Line:
    total = sum(v for line in lines if isinstance(v := line.cells["value_ex_vat_pence"], int))
    cells: dict[str, Cell] = {"contract_title": "Total", "value_ex_vat_pence": total}
    return Line(cells, [Plant("IN-005", "totals row", "contract_title")])


def _spread(lines: list[Line], more: list[Line]) -> list[Line]:
    """The lines with further ones strewn among them, never before the row that a repeat repeats."""
    result = list(lines)
    step = max(len(lines) // (len(more) + 1), 1)
    for place, line in enumerate(more, start=1):
        result.insert(place * step + place, line)
    return result

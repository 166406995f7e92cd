"""Faults planted in the payment ledgers, each in a line or a file of its own.

Does not belong here: clean lines (`payments`).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from kcc_etl.sample.payments import LEDGER_FIELDS, PERIODS, SOURCE, Ledger
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.registers import UNIDENTIFIED_PLACE
from kcc_etl.sample.sheets import Cell, Line, Plant, PlantedFault, Style, write_csv
from kcc_etl.sample.world import Supplier

_NOW, _BEFORE, _OLD = PERIODS[-1], PERIODS[-2], "2024-25-Q4"
_THRESHOLD_PENCE = 3_000_000


def plant_payment_faults(ledgers: dict[str, Ledger], portfolio: Portfolio) -> None:
    """Plant the faults of lines. A line of its own for each, so that none hides another."""
    supplier, other = _two_suppliers(portfolio)
    loser = next(s for s in portfolio.suppliers if s.company_number and s.number % 7 == 0)
    _plant_unreadable(ledgers, supplier, loser)
    _plant_inconsistent(ledgers, supplier)
    _plant_against_register(ledgers, portfolio, other)
    _plant_repeats(ledgers, supplier)
    _plant_unidentified(ledgers[_NOW], portfolio)
    _plant_total(ledgers[_BEFORE])


def write_refused_files(folder: Path, ledgers: dict[str, Ledger]) -> list[PlantedFault]:
    """Write payment files that must be refused whole; returns their faults."""
    lines = [Line(dict(line.cells)) for line in ledgers[_NOW].lines[:12]]
    for place, line in enumerate(lines):
        line.cells["payment_ref"] = f"PX-{place:05d}"
    columns = [name for name in LEDGER_FIELDS if name != "paid_on"]
    write_csv(folder / "cards-2026-27-Q2.csv", SOURCE, columns, lines, Style())
    twice = ["supplier_name", "paid_on", "amount_ex_vat_pence", "amount_ex_vat_pence", "purpose"]
    write_csv(folder / "grants-2026-27-Q2.csv", SOURCE, twice, lines, Style())
    (folder / "late-2026-27-Q2.csv").write_bytes(b"")
    return [
        PlantedFault(
            SOURCE, "cards-2026-27-Q2.csv", "file", "required column missing", "IN-002", "no Payment date"
        ),
        PlantedFault(
            SOURCE, "grants-2026-27-Q2.csv", "file", "title given twice", "IN-002", "Net amount (£) twice"
        ),
        PlantedFault(SOURCE, "late-2026-27-Q2.csv", "file", "empty file", "IN-001", "no bytes"),
    ]


def _two_suppliers(portfolio: Portfolio) -> tuple[Supplier, Supplier]:
    known = [s for s in portfolio.suppliers if s.company_number and not s.is_vcse]
    return known[10], known[30]


def _fresh(
    ledger: Ledger, supplier: Supplier, at: int, net: int = 123_400, *, day: int = 40, contract_ref: str = ""
) -> Line:
    """A further clean line of the ledger at a place of its own."""
    paid = ledger.period.start + timedelta(days=day)
    ledger.invoice(supplier, net, paid, cells={"contract_ref": contract_ref or None})
    line = ledger.lines.pop()
    ledger.lines.insert(at, line)
    return line


def _alter(line: Line, rule: str, kind: str, name: str, cells: dict[str, Cell] | None = None) -> None:
    line.cells.update(cells or {})
    line.plants.append(Plant(rule, kind, name))


def _plant_unreadable(ledgers: dict[str, Ledger], supplier: Supplier, loser: Supplier) -> None:
    """Cells that cannot be read, each in the quarter and with the words given."""
    plan: tuple[tuple[str, int, str, str, str, Cell], ...] = (
        (_NOW, 101, "SP-001", "words for an amount", "amount_ex_vat_pence", "see invoice"),
        (_OLD, 202, "SP-001", "words for an amount", "amount_ex_vat_pence", "pending"),
        (_BEFORE, 303, "SP-002", "no payment date", "paid_on", None),
        (_NOW, 404, "SP-002", "day that does not exist", "invoice_received_on", "32/07/2026"),
        (_NOW, 450, "SP-016", "neither yes nor no", "is_vcse_grant", "perhaps"),
        (_NOW, 505, "SP-012", "no payee", "supplier_name", None),
    )
    for period, at, rule, kind, name, cell in plan:
        _alter(_fresh(ledgers[period], supplier, at), rule, kind, name, {name: cell})
    lost: dict[str, Cell] = {"supplier_company_number": f"999{loser.number:04d}"}
    line = _fresh(ledgers[_NOW], loser, 470)
    _alter(line, "SP-017", "zero lost at the front", "supplier_company_number", lost)


def _plant_inconsistent(ledgers: dict[str, Ledger], supplier: Supplier) -> None:
    now, before = ledgers[_NOW], ledgers[_BEFORE]
    gross, net, received = "amount_inc_vat_pence", "amount_ex_vat_pence", "invoice_received_on"
    line = _fresh(now, supplier, 606, 200_000)
    _alter(line, "SP-003", "gross does not add up", gross, {gross: 240_900})
    line = _fresh(before, supplier, 707, 75_000)
    _alter(line, "SP-003", "VAT left out of the gross", gross, {gross: 75_000})
    line = _fresh(now, supplier, 808)
    _alter(line, "SP-007", "paid in the future", "paid_on", {"paid_on": date(2027, 8, 14)})
    late = now.period.start + timedelta(days=52)
    _alter(_fresh(now, supplier, 909), "SP-008", "received after it was paid", received, {received: late})
    _alter(_fresh(now, supplier, 1010), "SP-009", "credit note above zero", net, {"is_credit_note": True})
    line = _fresh(before, supplier, 1111, -45_600)
    _alter(line, "SP-009", "payment below zero", net, {"is_credit_note": False})


def _plant_against_register(ledgers: dict[str, Ledger], portfolio: Portfolio, other: Supplier) -> None:
    now = ledgers[_NOW]
    _alter(_fresh(now, other, 1212, contract_ref="KSW-9999"), "SP-005", "unknown contract", "contract_ref")
    theirs = next(c for c in portfolio.in_scope if c.sector == "goods" and c.supplier != other)
    line = _fresh(now, other, 1313, contract_ref=theirs.reference)
    _alter(line, "SP-006", "paid to another supplier", "supplier_name")
    small = portfolio.spare[-1]
    line = _fresh(now, small.supplier, 1414, small.value_pence * 2, contract_ref=small.reference)
    _alter(line, "SP-011", "paid twice the value", "amount_ex_vat_pence")
    ended = next(c for c in portfolio.contracts if c.end_on < date(2025, 6, 1) and c.supplier.company_number)
    line = _fresh(now, ended.supplier, 1515, 25_000, contract_ref=ended.reference)
    _alter(line, "SP-015", "paid long after the end", "paid_on")


def _plant_repeats(ledgers: dict[str, Ledger], supplier: Supplier) -> None:
    now, before = ledgers[_NOW], ledgers[_BEFORE]
    first = _fresh(before, supplier, 1616, 312_300)
    again = Line(dict(first.cells), [Plant("SP-004", "line of the quarter before", "payment_ref")])
    now.lines.insert(1616, again)
    first = _fresh(now, supplier, 1717, 87_650)
    now.lines.insert(1800, Line(dict(first.cells), [Plant("SP-004", "line given twice", "payment_ref")]))
    first = _fresh(now, supplier, 1818, 412_345)
    second = _fresh(now, supplier, 1919, 412_345, day=61)
    same: dict[str, Cell] = {"invoice_ref": first.cells["invoice_ref"]}
    _alter(second, "SP-010", "invoice paid twice", "invoice_ref", same)


def _plant_unidentified(ledger: Ledger, portfolio: Portfolio) -> None:
    """Payments whose contract lacks the supplier's identifier; the register holds the fault."""
    reference = portfolio.section_70[UNIDENTIFIED_PLACE][0].reference
    for line in ledger.lines:
        gross = line.cells.get("amount_inc_vat_pence")
        paid_under = line.cells.get("contract_ref") == reference
        if paid_under and isinstance(gross, int) and gross > _THRESHOLD_PENCE:
            _alter(line, "PB-002", "no supplier identifier", "")


def _plant_total(ledger: Ledger) -> None:
    amounts = [line.cells.get("amount_ex_vat_pence") for line in ledger.lines]
    total = sum(amount for amount in amounts if isinstance(amount, int))
    cells: dict[str, Cell] = {"supplier_name": "Total", "amount_ex_vat_pence": total}
    ledger.lines.append(Line(cells, [Plant("IN-005", "totals row", "supplier_name")]))

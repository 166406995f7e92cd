"""Invoices that take long: late, in parts, disputed, unpaid, and one whose day of receipt nobody wrote down.

Does not belong here: the ordinary ledger (`payments`), faults (`payment_faults`).
"""

from __future__ import annotations

from datetime import date, timedelta

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.payments import Ledger
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.sheets import Cell

UNPAID = "unpaid"

_ABOVE_EVERY_THRESHOLD_PENCE = 600_000_000
_LATE = ((date(2026, 5, 15), 61), (date(2026, 5, 6), 75), (date(2026, 6, 3), 98))
"""Days of receipt, and days from it to the payment."""
_UNPAID = (date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 24))


def add_slow_payments(ledger: Ledger, portfolio: Portfolio) -> None:
    """Add invoices of the half-year to its last ledger: two public contracts, nothing over £30,000."""
    one, other = [contract for contract in portfolio.contracts if _is_public(contract)][:2]
    for received, days in _LATE:
        _add(ledger, one, 84_000 + days, received, received + timedelta(days=days))
    received = date(2026, 6, 22)
    for net, days in ((60_000, 20), (40_000, 45)):
        _add(ledger, other, net, received, received + timedelta(days=days), invoice_ref="INV-IN-PARTS")
    for place, received in enumerate(_UNPAID):
        _add(ledger, other, 31_000 + place, received, None)
    _add(ledger, other, 52_500, date(2026, 8, 3), None, disputed_on=date(2026, 8, 10))
    _add(ledger, one, 47_700, None, date(2026, 9, 8))


def _is_public(contract: Contract) -> bool:
    """Whether it is a public contract under the Act beyond doubt, which ran all through the half-year."""
    runs = contract.start_on < date(2026, 3, 1) and contract.end_on > date(2026, 12, 31)
    is_kind = contract.kind == "contract" and contract.regime == "pa23" and not contract.is_school
    return runs and is_kind and contract.value_pence > _ABOVE_EVERY_THRESHOLD_PENCE


def _add(
    ledger: Ledger, contract: Contract, net: int, received: date | None, paid_on: date | None, **cells: Cell
) -> None:
    due = received + timedelta(days=14) if received else None
    days: dict[str, Cell] = {
        "contract_ref": contract.reference,
        "department": contract.department,
        "invoice_received_on": received,
        "due_on": due,
        "disputed_on": None,
        "dispute_closed_on": None,
        "paid_on": paid_on or UNPAID,
    }
    ledger.invoice(contract.supplier, net, paid_on or ledger.period.end, cells={**days, **cells})

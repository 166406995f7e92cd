"""Eight quarters of the payment ledger: contract payments, other invoices, people, grants, cards, credits.

Does not belong here: planted faults (`payment_faults`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from kcc_etl.asset_keys import RAW_PAYMENT
from kcc_etl.domain.periods import Period, parse_period, quarter_ids
from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.dice import Dice
from kcc_etl.sample.portfolio import Portfolio, SectionSeventy
from kcc_etl.sample.sheets import Cell, Line, PlantedFault, Style, letter_of, write_csv
from kcc_etl.sample.world import DEPARTMENTS, Supplier, make_supplier
from kcc_etl.schema.tables import TABLES

Cells = Mapping[str, Cell]
_NO_CELLS: Cells = {}

SOURCE = "payments"
PERIODS = quarter_ids("2024-25-Q3", "2026-27-Q2")
LEDGER_FIELDS = tuple(item.name for item in TABLES[RAW_PAYMENT].landed_fields)
LINES_A_QUARTER = 2_480

# Habits of export of the ledger system over the years; none changes a value. cp1252 is told all the same.
STYLES = {
    "2024-25-Q4": Style(encoding="cp1252", dates="%d/%m/%Y", pounds=True),
    "2025-26-Q2": Style(delimiter=";"),
    "2025-26-Q4": Style(encoding="utf-8-sig", dates="%d/%m/%Y"),
}

_PEOPLE_PURPOSES = (
    "Foster care allowance",
    "Direct payment for care",
    "Settlement",
    "Client expenses",
    "Adoption allowance",
)
_PURPOSES = {
    "works": "Highway maintenance",
    "care": "Care services",
    "services": "Premises services",
    "goods": "Equipment and materials",
    "it": "ICT services",
    "consultancy": "Professional fees",
}
# The card statement gives no number for the last one, which is therefore not named in public.
_MERCHANTS = (
    ("Nowhere Stationers Imaginary Ltd", "99008001"),
    ("Pretend Rail Tickets Ltd", "99008002"),
    ("Make-Believe Books Ltd", "99008003"),
    ("Invented Hotels plc", None),
)
SOLE_TRADERS = tuple(
    make_supplier(900 + n, ("services", "works")[n % 2], "micro", is_sole_trader=True) for n in range(8)
)

BOUNDARY_NETS = ((2_500_000, 500_000), (2_500_001, 500_000), (2_499_999, 500_000))
"""Net and VAT in pence: gross exactly £30,000.00, £30,000.01 and £29,999.99."""


@dataclass
class Ledger:
    """The lines of one quarter in the making, and the numbers used so far."""

    period: Period
    dice: Dice
    lines: list[Line] = field(default_factory=list)

    @property
    def compact(self) -> str:
        """The period without its punctuation, for references."""
        return self.period.id[2:4] + self.period.id[5:7] + self.period.id[8:]

    def pay(
        self, payee: str, net: int, paid_on: date, *, vat_percent: int = 20, cells: Cells = _NO_CELLS
    ) -> Line:
        """Add a line; amounts in pence, VAT rounded half up."""
        vat = (abs(net) * vat_percent + 50) // 100 * (1 if net >= 0 else -1)
        number = len(self.lines) + 1
        base: dict[str, Cell] = {
            "payment_ref": f"P{self.compact}-{number:05d}",
            "supplier_name": payee,
            "department": self.dice.pick(DEPARTMENTS),
            "ledger_code": f"{4000 + self.dice.whole(0, 399)}",
            "amount_ex_vat_pence": net,
            "vat_pence": vat,
            "irrecoverable_vat_pence": 0,
            "amount_inc_vat_pence": net + vat,
            "paid_on": paid_on,
            "is_credit_note": net < 0,
            "card_transaction": "None",
            "is_vcse_grant": False,
        }
        line = Line({**base, **cells})
        self.lines.append(line)
        return line

    def invoice(
        self, supplier: Supplier, net: int, paid_on: date, *, vat_percent: int = 20, cells: Cells = _NO_CELLS
    ) -> Line:
        """Add an invoice of a supplier, received days before it is paid, sometimes disputed."""
        age = self.dice.whole(4, 44)
        received = paid_on - timedelta(days=age)
        disputed = age > 30 and self.dice.happens(25)
        facts: dict[str, Cell] = {
            "invoice_ref": f"INV-{self.compact}-{len(self.lines) + 1:05d}",
            "supplier_ledger_id": supplier.ledger_id,
            "supplier_company_number": supplier.company_number,
            "supplier_charity_number": supplier.charity_number,
            "payee_kind": "organisation" if supplier.ppon else None,
            "purpose": _PURPOSES[supplier.sector],
            "invoice_received_on": received,
            "due_on": received + timedelta(days=30),
            "disputed_on": received + timedelta(days=5) if disputed else None,
            "dispute_closed_on": paid_on - timedelta(days=2) if disputed else None,
        }
        facts.update(cells)
        return self.pay(supplier.name, net, paid_on, vat_percent=vat_percent, cells=facts)

    def day(self) -> date:
        """A day of the quarter."""
        return self.dice.day(self.period.start, self.period.end)


def file_name(period: str) -> str:
    """The name of the ledger file of a quarter."""
    return f"ledger-{period}.csv"


def build_ledgers(portfolio: Portfolio) -> dict[str, Ledger]:
    """The clean ledgers by quarter."""
    return {period: _quarter(parse_period(period), portfolio) for period in PERIODS}


def write_ledgers(folder: Path, ledgers: dict[str, Ledger]) -> list[PlantedFault]:
    """Write one file a quarter; returns the faults planted in them."""
    faults = []
    for period, ledger in ledgers.items():
        style = STYLES.get(period, Style())
        columns = LEDGER_FIELDS if style.delimiter == "," else tuple(reversed(LEDGER_FIELDS))
        faults += write_csv(folder / file_name(period), SOURCE, columns, ledger.lines, style)
        if style.encoding == "cp1252":
            place = f"{letter_of(columns.index('amount_ex_vat_pence') + 1)}1"
            kind = "text that is not UTF-8"
            faults.append(PlantedFault(SOURCE, file_name(period), place, kind, "IN-033", "Net amount (£)"))
    return faults


def _quarter(period: Period, portfolio: Portfolio) -> Ledger:
    ledger = Ledger(period, Dice(f"payments {period.id}"))
    special = {contract.reference for contract, _ in portfolio.section_70}
    for contract in portfolio.contracts:
        if contract.kind != "framework" and not contract.is_spare and contract.reference not in special:
            _contract_lines(ledger, contract)
    if period.id == PERIODS[-1]:
        for contract, plan in portfolio.section_70:
            _section_70_lines(ledger, contract, plan)
    _people(ledger)
    _grants(ledger, portfolio)
    _cards(ledger)
    suppliers = [s for s in portfolio.suppliers if s.ppon]
    while len(ledger.lines) < LINES_A_QUARTER:
        _other_invoice(ledger, suppliers)
    ledger.lines[60:60] = [Line({})]
    return ledger


def _contract_lines(ledger: Ledger, contract: Contract) -> None:
    """Payments of one quarter under a contract; over the whole term at most 85% of its value."""
    first = max(ledger.period.start, contract.start_on + timedelta(days=20))
    last = min(ledger.period.end, contract.end_on + timedelta(days=45))
    if first >= last:
        return
    quarters = max((contract.end_on - contract.start_on).days // 91, 1) + 1
    budget = contract.value_pence * 85 // 100 // quarters
    count = ledger.dice.whole(3, 8)
    for _ in range(count):
        net = budget // count * ledger.dice.whole(50, 100) // 100
        rate = 0 if contract.regime == "exempt" or contract.sector == "care" else 20
        cells: dict[str, Cell] = {"contract_ref": contract.reference, "department": contract.department}
        if contract.regime == "exempt" and ledger.dice.happens(30):
            cells["purpose"] = "Insurance"
        ledger.invoice(
            contract.supplier, max(net, 900), ledger.dice.day(first, last), vat_percent=rate, cells=cells
        )
    if ledger.dice.happens(20):
        credit = -(budget // count * ledger.dice.whole(2, 9) // 100 + 500)
        cells = {"contract_ref": contract.reference, "department": contract.department}
        ledger.invoice(contract.supplier, credit, last, cells=cells)


def _section_70_lines(ledger: Ledger, contract: Contract, plan: SectionSeventy) -> None:
    """Payments from July to September 2026 under contracts let after the law on them began to bind."""
    cells: Cells = {"contract_ref": contract.reference, "department": contract.department}
    rate = 0 if contract.regime == "exempt" else 20
    first = contract.start_on + timedelta(days=25)
    if plan.at_threshold:
        for place, (net, vat) in enumerate(BOUNDARY_NETS):
            line = ledger.invoice(contract.supplier, net, first + timedelta(days=10 * place), cells=cells)
            line.cells.update(vat_pence=vat, amount_inc_vat_pence=net + vat)
    large = max(min(contract.value_pence // 12, 41_000_000), 3_100_000)
    for amount in (large, large // 2, 1_850_000, 240_000):
        day = ledger.dice.day(first, ledger.period.end)
        ledger.invoice(contract.supplier, amount, day, vat_percent=rate, cells=cells)
    ledger.invoice(contract.supplier, -3_200_000, ledger.period.end, vat_percent=rate, cells=cells)


def _people(ledger: Ledger) -> None:
    """Payments to people, who must never be named; every name is plainly invented."""
    for _ in range(320):
        number = ledger.dice.whole(1, 400)
        purpose = _PEOPLE_PURPOSES[number % len(_PEOPLE_PURPOSES)]
        kind = "individual" if number % 11 else None
        net = ledger.dice.whole(8_000, 240_000)
        ledger.pay(
            f"Person {number:04d} Fictitious",
            net,
            ledger.day(),
            vat_percent=0,
            cells={
                "supplier_ledger_id": f"V{500000 + number}",
                "payee_kind": kind,
                "purpose": purpose,
                "department": DEPARTMENTS[number % 2],
            },
        )


def _grants(ledger: Ledger, portfolio: Portfolio) -> None:
    charities = [s for s in portfolio.suppliers if s.is_vcse]
    for _ in range(40):
        charity = ledger.dice.pick(charities)
        cells: Cells = {"purpose": "Grant to a voluntary body", "is_vcse_grant": True}
        net = ledger.dice.whole(20_000, 2_500_000)
        ledger.invoice(charity, net, ledger.day(), vat_percent=0, cells=cells)


def _cards(ledger: Ledger) -> None:
    for place in range(180):
        merchant, number = _MERCHANTS[place % len(_MERCHANTS)]
        cells: Cells = {
            "purpose": "Card purchase",
            "card_transaction": "GPC" if place % 9 else "CCC",
            "supplier_company_number": number,
        }
        net = ledger.dice.whole(199, 62_000)
        ledger.pay(merchant, net, ledger.day(), cells=cells)


def _other_invoice(ledger: Ledger, suppliers: list[Supplier]) -> None:
    """An invoice that names no contract, of any size, now and then with VAT that cannot be recovered."""
    dice = ledger.dice
    supplier = dice.pick(SOLE_TRADERS) if dice.happens(6) else dice.pick(suppliers)
    size = dice.pick((40_000, 90_000, 250_000, 1_200_000, 4_800_000))
    line = ledger.invoice(
        supplier, dice.whole(1_500, size), ledger.day(), vat_percent=dice.pick((20, 20, 20, 5, 0))
    )
    if dice.happens(3):
        line.cells["irrecoverable_vat_pence"] = line.cells["vat_pence"]
    if dice.happens(2):
        net, vat = -dice.whole(600, 90_000), 0
        line.cells.update(
            amount_ex_vat_pence=net, vat_pence=vat, amount_inc_vat_pence=net, is_credit_note=True
        )
        line.cells["irrecoverable_vat_pence"] = 0

"""Defects of payment ledgers: cells, lines against the register and one another, months.

Does not belong here: planting them in number (`harness`).
"""

from __future__ import annotations

from datetime import date, timedelta

from kcc_etl.sample.dice import Dice
from kcc_etl.sample.payments import PERIODS, Ledger
from kcc_etl.sample.sheets import Cell, Line, Plant
from tests.mutants.world import MONTHS, NEXT_MONTH, Planted, World, suppliers_of

_NET, _VAT, _GROSS = "amount_ex_vat_pence", "vat_pence", "amount_inc_vat_pence"
_NOW = PERIODS[-1]

CELLS: tuple[tuple[str, str, dict[str, Cell]], ...] = (
    ("SP-001", "words for an amount", {_NET: "see invoice"}),
    ("SP-002", "no payment date", {"paid_on": None}),
    ("SP-002", "day that does not exist", {"invoice_received_on": "32/07/2026"}),
    ("SP-005", "unknown contract", {"contract_ref": "KSW-9999"}),
    ("SP-007", "paid in the future", {"paid_on": date(2027, 8, 14)}),
    ("SP-012", "no payee", {"supplier_name": None}),
    ("SP-016", "neither yes nor no", {"is_vcse_grant": "perhaps"}),
    ("SP-017", "zero lost at the front", {"supplier_company_number": "9990007"}),
    ("SP-020", "payee of no kind", {"payee_kind": "company maybe"}),
    ("SP-036", "received in 1900", {"invoice_received_on": date(1900, 1, 1)}),
    ("SU-004", "charity number of no register", {"supplier_charity_number": "12"}),
)  # fmt: skip
"""Cells of an invoice without a contract: rule, kind, what is written instead."""


def plant_cells(world: World, dice: Dice, times: int) -> None:
    """Each kind of defect so many times, in invoices anywhere in the eight ledgers."""
    invoices = _invoices(world)
    for rule, kind, cells in CELLS:
        for _ in range(times):
            _spoil(world.line(dice, invoices), rule, kind, cells)
    for _ in range(times):
        line = world.line(dice, invoices)
        _spoil(line, "SP-003", "gross that does not add up", {_GROSS: _pence(line, _GROSS) + 900})
        line = world.line(dice, invoices)
        net = _pence(line, _NET)
        _spoil(line, "SP-030", "VAT of a quarter", {_VAT: net // 4 + 200, _GROSS: net + net // 4 + 200})
        line = world.line(dice, invoices)
        _spoil(
            line,
            "SP-008",
            "received after it was paid",
            {"invoice_received_on": _day(line) + timedelta(days=9)},
        )
        _spoil(world.line(dice, invoices), "SP-009", "credit note above zero", {"is_credit_note": True})
        line = world.line(dice, invoices)
        _spoil(
            line,
            "SP-035",
            "year ten too early",
            {"paid_on": _before(line, "paid_on"), "invoice_received_on": None},
        )
        line = world.line(dice, _own(world.ledgers[_NOW]))  # its file is UTF-8
        name = str(line.cells["supplier_name"]).replace("a", "\u0430", 1).replace("e", "\u0435", 1)
        _spoil(line, "SU-005", "letter of another alphabet", {"supplier_name": name})


def plant_lines(world: World, dice: Dice, times: int) -> None:
    """Lines that are there twice, or once too often, or under the wrong contract."""
    now, before = world.ledgers[_NOW], world.ledgers[PERIODS[-2]]
    payees = suppliers_of(world)
    for place in range(times):
        first = world.line(dice, [line for line in _invoices(world) if _pence(line, _NET) > 30_000])
        _append(now, first, "SP-004", "line of another quarter", {})
        first = world.line(dice, _own(now))
        _append(now, first, "SP-004", "line given twice", {})
        first = world.line(dice, _own(now))
        second: dict[str, Cell] = {"payment_ref": f"PX-{place}", "paid_on": _day(first) + timedelta(days=1)}
        _append(now, first, "SP-010", "invoice paid twice", second)
        first = world.line(dice, _own(before))
        net, vat = _pence(first, _NET) + 1_700, _pence(first, _VAT)
        _append(now, first, "SP-018", "payment told otherwise", {_NET: net, _GROSS: net + vat})
        payee = payees[place % len(payees)]
        line = now.invoice(payee, -41_700 - place, date(2026, 8, 3))
        _spoil(line, "SP-009", "payment below zero", {"is_credit_note": False})
        line = now.invoice(payee, -51_700 - place, date(2026, 8, 3))
        name: dict[str, Cell] = {
            "supplier_name": f"Zigzag Unheard {place} Ltd", "supplier_company_number": None, "supplier_ledger_id": None,
        }  # fmt: skip
        _spoil(line, "SP-034", "credit of a payee who was never paid", name)
        _slip(world, dice, now)


def plant_against_register(world: World, dice: Dice, times: int) -> None:
    """Payments that the contract they name does not bear."""
    now = world.ledgers[_NOW]
    payees = suppliers_of(world)
    quiet = [c for c in world.more if _is_untouched(world, c.reference)]
    frameworks = [c for c in world.portfolio.contracts if c.kind == "framework" and c.regime == "pa23"]
    for place in range(times):
        contract, other, big = quiet[3 * place : 3 * place + 3]
        stranger = next(s for s in payees[place:] if s != contract.supplier)
        line = now.invoice(stranger, 22_300, date(2026, 8, 4), cells={"contract_ref": contract.reference})
        line.plants.append(Plant("SP-006", "paid to another supplier"))
        cells: dict[str, Cell] = {"contract_ref": other.reference}
        early = world.ledgers["2024-25-Q3"].invoice(other.supplier, 9_900, date(2024, 10, 7), cells=cells)
        _move(world, other.reference, date(2025, 6, 2))
        early.plants.append(Plant("SP-032", "paid before the contract began"))
        cells = {"contract_ref": big.reference}
        line = now.invoice(big.supplier, big.value_pence * 2, date(2026, 8, 5), cells=cells)
        line.plants.append(Plant("SP-011", "paid beyond the value"))
    for framework in frameworks[:times]:
        cells = {"contract_ref": framework.reference}
        line = now.invoice(framework.supplier, 33_300, date(2026, 8, 6), cells=cells)
        line.plants.append(Plant("SP-031", "paid under a framework"))
    ended = [
        c for c in world.portfolio.contracts if c.end_on < date(2025, 6, 1) and c.supplier.company_number
    ]
    for contract in ended[:times]:
        line = now.invoice(
            contract.supplier, 1_500, date(2026, 8, 7), cells={"contract_ref": contract.reference}
        )
        line.plants.append(Plant("SP-015", "paid long after the end"))


def plant_months(world: World) -> None:
    """A month missing in the middle or last, thin, or in pence, in small ledgers; one sent again anew."""
    for source, files in world.small.items():
        what, number = source.split("-")
        month = MONTHS[2 + int(number)]
        name = f"{source}-{month}.csv"
        if what == "gap":
            del files[name]
            after = MONTHS[3 + int(number)]
            world.planted.append(Planted("month that is missing", "SP-040", subject=f"{source} {after}"))
        elif what == "end":
            for last in (MONTHS[-1], NEXT_MONTH):
                files.pop(f"{source}-{last}.csv", None)
            world.planted.append(Planted("last month missing", "PB-024", subject=f"{source} {MONTHS[-1]}"))
        elif what == "thin":
            del files[name][12:]
            world.planted.append(Planted("month with few lines", "SP-041", subject=f"{source} {month}"))
        else:
            for line in files[name]:
                for cell in (_NET, _GROSS):
                    line.cells[cell] = _pence(line, cell) * 100
            world.planted.append(Planted("month in pence", "SP-042", subject=f"{source} {month}"))
    for source in ("pence-1", "pence-2"):
        del world.small[source][f"{source}-{MONTHS[0]}.csv"][7:9]
        world.planted.append(
            Planted("lines that vanished from a ledger", "SP-045", f"{source}-{MONTHS[0]}.csv")
        )
    for source in ("thin-1", "thin-2"):
        lines = world.small[source][f"{source}-{MONTHS[1]}.csv"]
        numbers = [
            {**line.cells, "payment_ref": f"N{n}", "invoice_ref": f"N{n}"} for n, line in enumerate(lines)
        ]
        name = f"{source}-{MONTHS[1]}b.csv"
        world.small[source][name] = [Line(dict(cells)) for cells in numbers]
        world.small[source][name][0].plants.append(Plant("SP-037", "month sent again with new numbers"))


def plant_over_time(world: World) -> None:
    """Payments of the first night that stand under another number in the second, or are worth a tenth."""
    for source in ("pence-1", "pence-2"):
        replaced, cut = world.small[source][f"{source}-{MONTHS[0]}.csv"][3:5]
        subject = str(replaced.cells["payment_ref"])
        anew: dict[str, Cell] = {"payment_ref": f"{subject}-X", "invoice_ref": f"{subject}-X"}
        replaced.cells.update({**anew, _NET: 100, _GROSS: 100})
        world.planted.append(Planted("payment replaced under a new number", "SP-050", subject=subject))
        cut.cells.update({cell: _pence(cut, cell) // 10 for cell in (_NET, _GROSS)})
        subject = str(cut.cells["payment_ref"])
        world.planted.append(Planted("amount of a payment cut to a tenth", "SP-050", subject=subject))


def _slip(world: World, dice: Dice, ledger: Ledger) -> None:
    """A payment in pence typed as pounds: a hundred times the same payee's other, and far above the rest."""
    odd = [line for line in _own(ledger) if _pence(line, _NET) % 100 and _pence(line, _NET) > 100_000]
    first = world.line(dice, odd)
    net = _pence(first, _NET) * 100
    number = f"PS-{len(ledger.lines)}"
    cells: dict[str, Cell] = {"payment_ref": number, "invoice_ref": number, _NET: net, _VAT: 0, _GROSS: net}
    _append(ledger, first, "SP-033", "pence typed as pounds", {**cells, "irrecoverable_vat_pence": 0})


def _move(world: World, reference: str, start: date) -> None:
    line = world.contracts[reference]
    line.cells.update(start_on=start, signed_on=start - timedelta(days=9))


def _append(ledger: Ledger, first: Line, rule: str, kind: str, cells: dict[str, Cell]) -> None:
    ledger.lines.append(Line({**first.cells, **cells}, [Plant(rule, kind)]))


def _invoices(world: World) -> list[Line]:
    return [line for ledger in world.ledgers.values() for line in _own(ledger)]


def _own(ledger: Ledger) -> list[Line]:
    """Invoices of companies that name no contract and were never touched."""
    return [
        line
        for line in ledger.lines
        if line.cells.get("invoice_ref")
        and not line.cells.get("contract_ref")
        and not line.plants
        and line.cells.get("supplier_company_number")
        and not line.cells.get("is_vcse_grant")
        and line.cells["supplier_name"].count("a")  # type: ignore[union-attr]  # a payee is a text
        and _pence(line, _NET) > 2_000
    ]


def _spoil(line: Line, rule: str, kind: str, cells: dict[str, Cell]) -> None:
    line.cells.update(cells)
    line.plants.append(Plant(rule, kind))


def _pence(line: Line, name: str) -> int:
    value = line.cells[name]
    return value if isinstance(value, int) else 0


def _day(line: Line) -> date:
    value = line.cells["paid_on"]
    assert isinstance(value, date)
    return value


def _before(line: Line, name: str) -> date:
    value = line.cells[name]
    assert isinstance(value, date)
    return value.replace(year=value.year - 10, day=min(value.day, 28))


def _is_untouched(world: World, reference: str) -> bool:
    line = world.contracts.get(reference)
    return line is not None and id(line) not in world.taken

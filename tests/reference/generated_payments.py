"""Contracts and ledgers out of a seed, near every edge of sections 69 and 70, as records and as tables.

Does not belong here: either implementation, assertions.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.reference.payments_again import Record

FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)
EDGES = (20_772_000, 21_490_400, 66_354_000, 519_300_000, 537_260_900)
LARGE = 3_000_000
"""Pence including VAT above which section 70 publishes a payment."""


def contracts(dice: Random, number: int) -> dict[str, Record]:
    frames = {
        f"F-{regime}": _contract(dice, f"F-{regime}", kind="framework", regime=regime)
        for regime in ("pa23", "pcr2015")
    }
    return frames | {ref: _contract(dice, ref) for ref in (f"C{place:05}" for place in range(number))}


def _contract(dice: Random, ref: str, kind: str = "", regime: str = "") -> Record:
    kind = kind or dice.choice(["contract"] * 12 + ["call-off"] * 4 + ["framework", "concession"])
    near = dice.choice(EDGES) + dice.choice([-1, 0, 1])
    gross = dice.choice([near, near, dice.randrange(20_000_000, 900_000_000), None])
    edge = dice.choice([date(2025, 2, 24), date(2026, 1, 1), date(2026, 4, 1)])
    return {
        "contract_ref": ref,
        "agreement_kind": kind,
        "regime": regime or dice.choice(["pa23"] * 20 + ["pcr2015", "psr", "exempt", None]),
        "procurement_category": dice.choice(["goods", "services", "services"] * 4 + ["works", None]),
        "is_light_touch": dice.choice([True, False, False, None]),
        "is_school_contract": dice.choice([True] + [False] * 12 + [None]),
        "parent_ref": dice.choice(["F-pa23", "F-pcr2015", None]) if kind == "call-off" else None,
        "procurement_commenced_on": dice.choice(
            [
                edge + timedelta(days=dice.choice([-1, 0, 1])),
                date(2026, 5, 1),
                date(2026, 5, 1),
                date(2025, 6, 1),
            ]
            + [None] * (dice.random() < 0.2)
        ),
        "value_inc_vat_pence": gross,
        "value_ex_vat_pence": dice.choice([near, None]) if gross is None else gross * 5 // 6,
        "supplier_name": "Example Ltd",
        "supplier_key": "GB-COH-00000001",
    }


def changes(dice: Random, register: dict[str, Record]) -> list[Record]:
    """A change of value of some contracts, over an edge or not, which the register shows already or not yet."""
    found = []
    for ref, contract in register.items():
        shown, gross = contract["value_ex_vat_pence"], contract["value_inc_vat_pence"]
        if not shown or not gross or dice.random() < 0.2:
            continue
        other = dice.choice([*EDGES, gross * 2, gross // 2]) * 5 // 6 + dice.choice([-1, 0, 1])
        before, after = dice.choice([(shown, other), (other, shown)])
        found.append(
            {
                "decision_id": f"D-{ref}",
                "decision_kind": "value change",
                "subject": ref,
                "decided_on": date(2026, 3, 1),
                "effective_on": date(2026, 3, 1),
                "original_value_pence": before,
                "value_before_pence": before,
                "value_after_pence": after,
            }
        )
    return found


def ledger(dice: Random, refs: list[str], number: int) -> list[Record]:
    """So many lines in two files; the first says what is unpaid on its last day, the second tells what came after.

    Then come some of two invoices under one payment, of which neither has a number.
    """
    found: list[Record] = []
    while len(found) < number:
        found += _invoice(dice, refs, len(found))
    found = found[:number]
    for _ in range(number // 50):
        found += _with_another(dice, _invoice(dice, refs, len(found)))
    return found


def _with_another(dice: Random, lines: list[Record]) -> list[Record]:
    """An invoice and another under the same payments, neither with a number; now and then of the same days."""
    unnumbered = [{**line, "invoice_ref": dice.choice([None, "n/a"])} for line in lines]
    later, day = timedelta(days=dice.choice([0, 1, 24])), timedelta(days=dice.choice([0, 1]))
    moved = {"invoice_received_on": later, "due_on": day}
    other = [
        {**line, **{name: line[name] and line[name] + by for name, by in moved.items()}}
        for line in unnumbered
    ]
    return unnumbered + other


def _invoice(dice: Random, refs: list[str], place: int) -> list[Record]:
    """The lines of an invoice: paid in parts, each in one line or several, of one contract or several."""
    received = dice.choice([FIRST, LAST, LAST - timedelta(days=29), date(2026, 6, 15)])
    received += timedelta(days=dice.choice([dice.randrange(-2, 3), dice.randrange(-95, 90)]))
    due = dice.choice([None, received + timedelta(days=dice.choice([-3, 0, 1, 14, 30]))])
    opened = dice.choice([None] * 6 + [received + timedelta(days=dice.choice([0, 5, 28, 29, 30, 31, 58]))])
    shared = {
        "contract_ref": dice.choice([dice.choice(refs)] * 20 + [None, "C-unknown"]),
        "invoice_ref": dice.choice([f"I{place}"] * 8 + [None, "n/a"]),
        "supplier_ledger_id": dice.choice([f"V{dice.randrange(50)}"] * 15 + [None]),
        "supplier_name": dice.choice(["Example Ltd", "Other Ltd"]),
        "supplier_key": "GB-COH-00000001",
        "purpose": "Services",
        "invoice_received_on": dice.choice([received] * 15 + [None]),
        "due_on": due,
        "disputed_on": opened,
        "dispute_closed_on": opened and dice.choice([None, opened + timedelta(days=dice.randrange(60))]),
    }
    lines = []
    for part in range(dice.choice([1, 1, 1, 1, 2, 3])):
        age = dice.choice(
            [-1, 0, 1, 28, 29, 30, 31, 59, 60, 61, dice.randrange(0, 120), dice.randrange(0, 45)]
        )
        paid = _day(dice, received + timedelta(days=age))
        paid["payment_ref"] = dice.choice([f"P{place}-{part}"] * 9 + [None, "n/a"])
        for gross in _split(dice):
            kind = dice.choice(["organisation"] * 12 + ["individual"])
            line = {**shared, **_money(dice, gross), **paid, "payee_kind": kind}
            if dice.random() < 0.04:
                line["contract_ref"] = dice.choice(refs)
            lines.append(line)
    return lines


def _split(dice: Random) -> list[int]:
    """A payment near every edge, whole or over two or three ledger lines, now and then less a credit."""
    total = dice.choice(
        [LARGE, LARGE + 1, LARGE - 1, dice.randrange(1, 9_000_000), dice.randrange(1, 200_000)]
    )
    cuts = sorted(dice.randrange(total + 1) for _ in range(dice.choice([0, 0, 0, 1, 1, 2])))
    lines = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
    if dice.random() < 0.04:
        credit = dice.randrange(1, 100_000)
        lines = [lines[0] + dice.choice([0, credit]), *lines[1:], -credit]
    return lines


def _day(dice: Random, paid: date) -> Record:
    """Paid in the half-year or before is in the first file; later, in the second, or unpaid in the first."""
    if paid <= LAST:
        return {"paid_on": paid, "source_sha256": "first"}
    if dice.random() < 0.6:
        return {"paid_on": paid, "source_sha256": "second"}
    return {"paid_on": None, "source_sha256": "first"}


def _money(dice: Random, gross: int) -> Record:
    """One line; of some only two amounts are given, or the net alone."""
    credit = gross < 0 or dice.random() < 0.01
    if credit and gross > 0 and dice.random() < 0.8:
        gross = -gross
    net = gross * 5 // 6
    how: dict[str, Any] = {"amount_inc_vat_pence": gross, "vat_pence": gross - net}
    given = dice.random()
    if given < 0.2:
        how["amount_inc_vat_pence"] = None
    if given < 0.05:
        how["vat_pence"] = None
    marks = [True] if credit and gross > 0 else [credit, None]
    return {"amount_ex_vat_pence": net, **how, "is_credit_note": dice.choice(marks)}

"""The payments compliance notice and section 70 a second time, with a pocket calendar, from the pages of the law.

Does not belong here: anything of `kcc_etl`; figures stand here as the Act and the regulations have them. What the
law leaves open is read as shipped: disputed invoices count in the average, the bands and what became payable; days
run on through a dispute; a sum becomes payable on the first of the 30 days; shares are of numbers. A payment is of an
invoice, each contract's share of it by itself, less the credits in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Record = dict[str, Any]
DAY = timedelta(days=1)


def threshold(contract: Record) -> int | None:
    """Schedule 1: pence with VAT; the goods and works figures fell on New Year's Day 2026."""
    began: date | None = contract["procurement_commenced_on"]
    if began is None or began < date(2025, 2, 24):
        return None
    if contract["is_light_touch"]:
        return 663_540_00
    older = began < date(2026, 1, 1)
    if contract["procurement_category"] in ("goods", "services"):
        return 214_904_00 if older else 207_720_00
    if contract["procurement_category"] == "works":
        return 5_372_609_00 if older else 5_193_000_00
    return None


def is_public(contract: Record, register: dict[str, Record], changes: Sequence[Record] = ()) -> bool:
    """Sections 3, 69(6) and 70(4): under the Act, at the threshold, no framework, concession or school.

    At award, or after the change that makes it so (section 74(1)); VAT keeps its share of the value.
    """
    if contract["regime"] != "pa23" or contract["is_school_contract"]:
        return False
    if contract["agreement_kind"] not in ("contract", "call-off"):
        return False
    parent = register.get(contract["parent_ref"] or "")
    if parent is not None and parent["regime"] != "pa23":
        return False
    net, gross = contract["value_ex_vat_pence"], contract["value_inc_vat_pence"]
    values = [net if gross is None else gross]
    for change in changes:
        if change["subject"] == contract["contract_ref"]:
            worth = change["value_before_pence"], change["value_after_pence"]
            values = [(2 * pence * gross + net) // (2 * net) for pence in worth]
    limit = threshold(contract)
    return limit is not None and any(value is not None and value >= limit for value in values)


def with_vat(line: Record) -> int:
    """Section 123(2)."""
    if line["amount_inc_vat_pence"] is not None:
        return int(line["amount_inc_vat_pence"])
    return int(line["amount_ex_vat_pence"]) + int(line["vat_pence"] or 0)


def number_of(line: Record, place: int) -> tuple[str, ...]:
    """What says that two lines are of one invoice: its number, else the payment's on its day, else nothing."""
    if line["invoice_ref"] not in (None, "", "n/a"):
        return "invoice", line["invoice_ref"]
    if line["payment_ref"] not in (None, "", "n/a"):
        return "payment", line["payment_ref"], str(line["paid_on"])
    return "line", str(place)


def payee_of(line: Record) -> str:
    """The ledger's number of who is paid, or the name."""
    return str(line["supplier_ledger_id"] or line["supplier_name"])


def section_70(
    lines: list[Record],
    register: dict[str, Record],
    first: date,
    last: date,
    changes: Sequence[Record] = (),
) -> list[tuple[Any, ...]]:
    """Regulation 38A: of each payment its number, value net of VAT and day, and whether its payee is named."""
    payments: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line["paid_on"] is None or not first <= line["paid_on"] <= last:
            continue
        if line["is_credit_note"] and with_vat(line) > 0:
            continue
        same = line["contract_ref"], payee_of(line), line["paid_on"], number_of(line, place)
        payments[same].append(line)
    found = []
    for (ref, _, day, _), mine in payments.items():
        contract = register.get(ref or "")
        began = contract and contract["procurement_commenced_on"]
        if contract is None or not began or began < date(2026, 4, 1):
            continue
        if not is_public(contract, register, changes):
            continue
        if sum(with_vat(line) for line in mine) > 30_000_00:
            net = sum(line["amount_ex_vat_pence"] for line in mine)
            named = all(line["payee_kind"] == "organisation" for line in mine)
            found.append((mine[0]["payment_ref"] or "", net, day, named))
    return sorted(found)


@dataclass
class Sheet:
    """What is written down for a half-year."""

    days: list[int] = field(default_factory=list)
    standing: list[bool] = field(default_factory=list)
    payable: int = 0
    unpaid: int = 0
    payable_pence: int = 0
    unpaid_pence: int = 0
    no_receipt: int = 0
    paid_first: int = 0

    def figures(self) -> dict[str, Fraction]:
        """The figures of regulation 38(2)(c), (ca) and (d); percentages are of a hundred."""
        number = len(self.days)
        return {
            "mean_days": Fraction(sum(self.days), number),
            "pct_1_30": Fraction(100 * sum(n <= 30 for n in self.days), number),
            "pct_31_60": Fraction(100 * sum(30 < n <= 60 for n in self.days), number),
            "pct_61_plus": Fraction(100 * sum(n > 60 for n in self.days), number),
            "pct_s68_compliant": Fraction(100 * sum(self.standing), len(self.standing)),
            "pct_payable_unpaid": Fraction(100 * self.unpaid, self.payable),
        }


def compliance(lines: list[Record], register: dict[str, Record], first: date, last: date) -> Sheet:
    """Section 69 for the days from `first` to `last`; lines without a payment day are not paid yet."""
    invoices: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for place, line in enumerate(lines):
        contract = register.get(line["contract_ref"] or "")
        if contract is None or not is_public(contract, register):
            continue
        if line["is_credit_note"] or with_vat(line) <= 0:
            continue
        number = number_of(line, place)
        if number[0] != "invoice":
            number = *number, str(line["invoice_received_on"]), str(line["due_on"])
        invoices[line["contract_ref"], payee_of(line), *number].append(line)
    drawn = last_day_of_files(lines)
    sheet = Sheet()
    for mine in invoices.values():
        enter(sheet, mine, drawn, first, last)
    return sheet


def last_day_of_files(lines: list[Record]) -> dict[str, date]:
    """Up to which day each ledger goes."""
    days: dict[str, date] = {}
    for line in lines:
        day = line["paid_on"] or line["invoice_received_on"]
        if day and day > days.get(line["source_sha256"], date.min):
            days[line["source_sha256"]] = day
    return days


def enter(sheet: Sheet, mine: list[Record], drawn: dict[str, date], first: date, last: date) -> None:
    """One invoice, all its lines."""
    payments: dict[date, int] = defaultdict(int)
    owed = 0
    for line in mine:
        if line["paid_on"]:
            payments[line["paid_on"]] += with_vat(line)
    for line in mine:
        if not line["paid_on"]:
            owed += with_vat(line)
            listed_in = line["source_sha256"]
    if owed:
        owed = max(
            0, owed - sum(pence for day, pence in payments.items() if day > drawn.get(listed_in, date.min))
        )
    if not payments and not owed:
        return
    received = min(
        (line["invoice_received_on"] for line in mine if line["invoice_received_on"]), default=None
    )
    due = min((line["due_on"] for line in mine if line["due_on"]), default=None)
    opened = min((line["disputed_on"] for line in mine if line["disputed_on"]), default=None)
    in_half = any(first <= day <= last for day in payments)
    if received is None:
        due_now = due is not None and first <= due <= last
        sheet.no_receipt += in_half or due_now or (due is None and owed > 0)
        return
    if any(day < received for day in payments):
        sheet.paid_first += in_half
        return
    paid_and_payable(sheet, payments, owed, received, due, first, last)
    in_accordance(sheet, payments, owed, received, due, opened, first, last)


def paid_and_payable(
    sheet: Sheet,
    payments: dict[date, int],
    owed: int,
    received: date,
    due: date | None,
    first: date,
    last: date,
) -> None:
    """Regulation 38(2)(c) and (d)."""
    for day in payments:
        if first <= day <= last:
            count = 0
            while received + count * DAY < day:  # day 1 is the day after the invoice day
                count += 1
            sheet.days.append(count)
    became = due if due and due > received else received
    if first <= became <= last:
        sums = [(pence, day <= last) for day, pence in payments.items()] + ([(owed, False)] if owed else [])
        sheet.payable += len(sums)
        sheet.payable_pence += sum(pence for pence, _ in sums)
        sheet.unpaid += sum(not was for _, was in sums)
        sheet.unpaid_pence += sum(pence for pence, was in sums if not was)


def in_accordance(
    sheet: Sheet, payments: dict[date, int], owed: int, received: date, due: date | None, opened: date | None,
    first: date, last: date,
) -> None:  # fmt: skip
    """Regulation 38(2)(ca): the 30 days of section 68(2) beginning with the later day are marked off one by one."""
    marked = due if due and due > received else received
    for _ in range(29):
        marked += DAY
    whole = not owed
    on = max(payments) if payments else None
    still_open_then = opened is not None and (owed > 0 or (on is not None and on >= opened))
    if opened is not None and still_open_then and opened <= last and opened <= marked:
        return
    if whole and on is not None and on <= marked:
        if first <= on <= last:
            sheet.standing.append(True)
    elif first <= marked <= last:
        sheet.standing.append(False)

"""Which ledger lines are one invoice and one payment: the one key that sections 69 and 70 go by.

Does not belong here: which payments a publication holds (`publication`, `compliance_invoices`), lines that
stand twice (`repeats`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pandas as pd

from kcc_etl.domain.names import fold_name
from kcc_etl.domain.redaction import tell_apart
from kcc_etl.parameters.duties import Section70Reading

PLACE = ["source_name", "source_file", "source_sheet", "source_row"]
_APART = "\x1f"


def gross_pence(payments: pd.DataFrame) -> pd.Series:
    """Amount including VAT in pence: as the ledger states it, else net plus VAT, else the net amount.

    The net amount is a floor: a payment over the threshold net is over it gross whatever the VAT.
    """
    net = payments["amount_ex_vat_pence"]
    return payments["amount_inc_vat_pence"].fillna(net + payments["vat_pence"]).fillna(net)


def are_credits(payments: pd.DataFrame) -> pd.Series:
    """Whether each line is a credit: marked as one, or not above zero including VAT."""
    marked = payments["is_credit_note"].fillna(False)
    return (marked | (gross_pence(payments) <= 0).fillna(False)).astype(bool)


def payees_of(lines: pd.DataFrame) -> pd.Series:
    """Who is paid, so far as the ledger tells payees apart: its number of the payee, else the folded name."""
    names = lines["supplier_name"].fillna("").map(fold_name)
    return lines["supplier_ledger_id"].fillna(names)


def references_of(lines: pd.DataFrame, first: Literal["invoice", "payment number"] = "invoice") -> pd.Series:
    """What lines of one invoice of a payee have alike, as a text; on one day they are one payment of it.

    The number of the invoice; without one, that of the payment on its day. A line with neither is by itself.
    `first` says which of the two numbers goes before the other.
    """
    texts = lines[["source_name", "source_file", "source_sheet"]].fillna("")
    by_itself = "line" + _APART + _joined(texts) + _APART + lines["source_row"].astype("str")
    days = lines["paid_on"].astype("str").fillna("")
    of_payment = _joined(lines[["source_name", "payment_ref"]].fillna("")) + _APART + days
    numbers = {
        "payment number": ("payment_ref", "payment" + _APART + of_payment),
        "invoice": ("invoice_ref", "invoice" + _APART + lines["invoice_ref"].fillna("")),
    }
    found = by_itself
    for name in sorted(numbers, key=lambda each: each == first):
        column, reference = numbers[name]
        found = reference.where(tell_apart(lines[column]), found)
    return found


def payment_numbers(lines: pd.DataFrame, reading: Section70Reading, *, whole: bool = False) -> pd.Series:
    """A number for each line, the same for the lines of one payment: payee, reference, day and contract.

    `whole` leaves the contract out of it. Source: `section_70_reading` in duties.toml.
    """
    same = pd.DataFrame(
        {
            "day": lines["paid_on"],
            "payee": payees_of(lines),
            "reference": references_of(lines, reading.one_payment),
            "contract": "" if whole else lines["contract_ref"],
        },
        index=lines.index,
    )
    return same.groupby(list(same), dropna=False, sort=False).ngroup()


def as_payments(lines: pd.DataFrame, reading: Section70Reading) -> pd.DataFrame:
    """One row a payment under a contract, on the index of its first ledger line in order of place.

    The row is that line with the sums of all its lines, in pence: net, and including VAT what section 70
    tests. Several payments are not added together. What comes to nothing or less is no payment, nor is a line
    marked as a credit whose amount is above zero.
    Source: PA23 s.70(1), s.123(2); readings in `section_70_reading`.
    """
    ordered = lines.sort_values(PLACE, kind="stable")
    unfit = are_credits(ordered)
    if reading.credits == "taken off":
        unfit &= (gross_pence(ordered) > 0).fillna(False).astype(bool)
    ordered = ordered[~unfit]
    gross, mine = gross_pence(ordered), payment_numbers(ordered, reading)
    share = gross.groupby(mine).transform("sum")
    tested = share
    if reading.several_contracts == "whole payment":
        tested = gross.groupby(payment_numbers(ordered, reading, whole=True)).transform("sum")
    net = ordered["amount_ex_vat_pence"].groupby(mine).transform("sum")
    summed = ordered.assign(amount_ex_vat_pence=net, amount_inc_vat_pence=tested)
    return summed[(~mine.duplicated() & (share > 0)).astype(bool)]


def other_readings(reading: Section70Reading) -> tuple[Section70Reading, ...]:
    """The readings that differ from one in a single point."""
    by_invoice, shares = reading.one_payment == "invoice", reading.several_contracts == "each share"
    return (
        replace(reading, one_payment="payment number" if by_invoice else "invoice"),
        replace(reading, several_contracts="whole payment" if shares else "each share"),
        replace(reading, credits="left out" if reading.credits == "taken off" else "taken off"),
    )


def _joined(texts: pd.DataFrame) -> pd.Series:
    first, *others = (texts[name].astype("str") for name in texts)
    for other in others:
        first = first + _APART + other
    return first

"""Whether the payments compliance notice adds up, and whether the ledger and register say enough for it.

Does not belong here: how the figures are made (`kcc_etl.domain`).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, of_whole, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_scope import UNKNOWN
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.one_payment import gross_pence
from kcc_etl.domain.payments_compliance import NO_RECEIPT, PAID_FIRST, window_of
from kcc_etl.domain.periods import parse_period

_BANDS = ("pct_1_30", "pct_31_60", "pct_61_plus")
_MOST = 20
"""One in so many invoices may lack its days."""
_SHOWN = 5


def notice_adds_up(inputs: Inputs) -> Outcome:
    """PB-030: the bands add up to the payments, and each figure is its part divided by its whole.

    One verdict; figures are worked out anew from part and whole. Source: PR24 reg 38(2)(c)-(d).
    """
    notice = inputs.frames[keys.OUT_COMPLIANCE]
    columns = ["form_field", "form_value", "part_count", "whole_count"]
    told = {name: cells for name, *cells in rows(notice, columns)}
    if "mean_days" not in told or pd.isna(told["mean_days"][2]):
        return of_whole(None, "", "no payment of the half-year counts")
    decimals = inputs.parameters.duties.payments_compliance_reading.decimals
    wrong = [
        f"{name} reads {value}, {part} of {whole}"
        for name, (value, part, whole) in told.items()
        if pd.notna(part) and str(value) != _worked_out(int(part), int(whole), decimals, name != "mean_days")
    ]
    payments = int(told["mean_days"][2])
    in_bands = sum(int(told[name][1]) for name in _BANDS)
    if in_bands != payments or str(told["payments_made"][0]) != str(payments):
        wrong.append(
            f"{in_bands} payments in the bands, {told['payments_made'][0]} made, {payments} averaged"
        )
    return of_whole(not wrong, "; ".join(wrong))


def _worked_out(part: int, whole: int, decimals: int, is_share: bool) -> str:
    with localcontext(prec=60):
        exact = Decimal(part * (100 if is_share else 1)) / Decimal(whole)
        return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def evidence_is_whole(inputs: Inputs) -> Outcome:
    """PB-031: the evidence has every payment of the half-year under a named contract, to the penny.

    One verdict. Source: PA23 s.69.
    """
    evidence, payments = inputs.frames[keys.OUT_COMPLIANCE_INVOICE], inputs.frames[keys.CORE_PAYMENT]
    period = inputs.periods.get(keys.OUT_COMPLIANCE_INVOICE) or next(iter(evidence["period"].dropna()), "")
    first = inputs.parameters.duties.payments_compliance_reading.first_period_from
    window = window_of(parse_period(period), first) if period else None
    if window is None:
        return of_whole(
            None if evidence.empty else False, "rows of no half-year", "nothing is reported on yet"
        )
    start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
    due = payments[payments["contract_ref"].notna() & payments["paid_on"].between(start, end)]
    there = evidence[evidence["paid_on"].between(start, end)]
    sums = int(there["amount_inc_vat_pence"].sum()), int(gross_pence(due).sum())
    refs = set(there["contract_ref"]), set(due["contract_ref"])
    found = f"{pounds_display(sums[0])} in the evidence, {pounds_display(sums[1])} in the ledgers"
    return of_whole(sums[0] == sums[1] and refs[0] == refs[1], found)


def invoices_have_their_days(inputs: Inputs) -> Outcome:
    """PB-032: at most one in twenty invoices lacks its day of receipt, or was paid before it.

    One verdict. Source: PR24 reg 38(3).
    """
    evidence = inputs.frames[keys.OUT_COMPLIANCE_INVOICE].drop_duplicates("invoice_place")
    reasons = evidence["left_out_reason"]
    without = int(reasons.isin([NO_RECEIPT, PAID_FIRST]).sum())
    reached = without + int(reasons.isna().sum())
    if not reached:
        return of_whole(None, "", "there is no invoice under a public contract")
    return of_whole(without * _MOST <= reached, f"{without:,} of {reached:,} invoices")


def contracts_are_decided(inputs: Inputs) -> Outcome:
    """PB-033: the register says of every contract whether the notice is about its invoices.

    One verdict, which names contracts. Source: PA23 s.69.
    """
    evidence = inputs.frames[keys.OUT_COMPLIANCE_INVOICE]
    if evidence.empty:
        return of_whole(None, "", "there is no invoice under a contract")
    open_ones = evidence[evidence["left_out_reason"].str.startswith(UNKNOWN).fillna(False).astype(bool)]
    refs = sorted(set(open_ones["contract_ref"]))
    shown = ", ".join(refs[:_SHOWN]) + (f" and {len(refs) - _SHOWN} more" if len(refs) > _SHOWN else "")
    return of_whole(not refs, f"{open_ones['invoice_place'].nunique():,} invoices of {shown}")


JUDGES: dict[str, Judge] = {
    "PB-030": notice_adds_up,
    "PB-031": evidence_is_whole,
    "PB-032": invoices_have_their_days,
    "PB-033": contracts_are_decided,
}

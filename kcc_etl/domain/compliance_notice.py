"""The payments compliance notice (UK17): its fields in the order of regulation 38(2), with part and whole.

Does not belong here: how one invoice is judged (`payments_compliance`), who approved it
(`compliance_approval`), files (`reports`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_approval import approval_of, figures_digest
from kcc_etl.domain.compliance_invoices import NO_PAYMENT, why_unlisted
from kcc_etl.domain.compliance_scope import UNKNOWN
from kcc_etl.domain.money import pounds_text, round_half_up
from kcc_etl.domain.payments_compliance import (
    BANDS,
    IN_TIME,
    NO_RECEIPT,
    PAID_FIRST,
    Window,
    ends_a_half,
    ratio,
    window_of,
)
from kcc_etl.domain.periods import Period
from kcc_etl.domain.publication import PayingAuthority
from kcc_etl.parameters.duties import PaymentsComplianceReading
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import conform, from_rows

NOT_REQUIRED = "no payment was made and no sum became payable, so no notice is required (PA23 s.69(1))"
NO_PAYMENTS = "no payment that counts was made in the period"
NO_INVOICE = "no invoice was or should have been paid by section 68(2) in the period"
NOTHING_PAYABLE = "no sum became payable in the period"


@dataclass(frozen=True)
class Field:
    """One field of the notice: `part` of `whole` where it is a share or an average; why it is blank."""

    reference: str
    name: str
    title: str
    value: str | None
    why_blank: str = ""
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True)
class Inputs:
    """What a notice is made of: evidence, ledger as it counts and as it arrived, decisions, the payer."""

    evidence: pd.DataFrame
    payments: pd.DataFrame
    raw: pd.DataFrame
    decisions: pd.DataFrame
    payer: PayingAuthority


def compliance_notice(period: Period, given: Inputs, parameters: Parameters) -> pd.DataFrame:
    """The notice of the half-year in which a period ends, up to its end: one row a field, in their order.

    A figure that is not known is blank and says why; it is never 0. Shares are exact in `part_count` and
    `whole_count` and rounded half up once, in `form_value`. Empty before reporting began.
    Source: PA23 s.69; PR24 reg 38(2).
    """
    reading = parameters.duties.payments_compliance_reading
    window = window_of(period, reading.first_period_from)
    if window is None:
        return conform(from_rows([], keys.OUT_COMPLIANCE), keys.OUT_COMPLIANCE)
    figures = [*_heads(given.payer, window), *_figures(given, window, reading)]
    counts = list(_counts(given, window))
    approval = list(_approval(given, window, [*figures, *counts]))
    fields = [*figures, *approval, *counts, _status(period, [*figures, *approval])]
    rows = [_row(place, one, period, window) for place, one in enumerate(fields, start=1)]
    return conform(from_rows(rows, keys.OUT_COMPLIANCE), keys.OUT_COMPLIANCE)


def _row(place: int, one: Field, period: Period, window: Window) -> dict[str, Any]:
    return {
        "period": period.id,
        "reporting_half": window.half,
        "form_place": place,
        "regulation_ref": one.reference or None,
        "form_field": one.name,
        "form_title": one.title,
        "form_value": one.value or None,
        "part_count": one.part,
        "whole_count": one.whole,
        "blank_reason": one.why_blank or None,
    }


def _heads(payer: PayingAuthority, window: Window) -> Iterator[Field]:
    ref = "38(2)(a)"
    yield Field(ref, "authority_name", "Contracting authority", payer.name)
    yield Field(ref, "authority_address", "Postal address", payer.address)
    yield Field(ref, "authority_email", "Email address", payer.email)
    yield Field(ref, "authority_id", "Identifier on the platform", payer.identifier)
    yield Field("38(2)(b)", "period_start", "First day of the reporting period", window.start.isoformat())
    yield Field("38(2)(b)", "period_end", "Last day of the reporting period", window.end.isoformat())


def _figures(given: Inputs, window: Window, reading: PaymentsComplianceReading) -> Iterator[Field]:
    counted = given.evidence[given.evidence["left_out_reason"].isna()]
    nil = NOT_REQUIRED if _is_nil(given.evidence) else ""
    timed = counted[counted["is_in_days"].fillna(False).astype(bool)]
    paid, days = len(timed), int(timed["days_to_pay"].sum())
    why = nil or NO_PAYMENTS
    yield _share(
        "38(2)(c)(i)", "mean_days", "Average number of days taken to pay", days, paid, why, reading, 1
    )
    for ref, name, band in zip(
        ("aa", "bb", "cc"), ("pct_1_30", "pct_31_60", "pct_61_plus"), BANDS, strict=True
    ):
        number = int((timed["day_band"] == band).sum())
        title = f"Percentage of payments made on day {band}"
        yield _share(f"38(2)(c)(ii)({ref})", name, title, number, paid, why, reading)
    standing = counted["s68_standing"]
    in_time, whole = int((standing == IN_TIME).sum()), int(standing.notna().sum())
    title = "Percentage of invoices paid in accordance with section 68(2)"
    yield _share("38(2)(ca)", "pct_s68_compliant", title, in_time, whole, nil or NO_INVOICE, reading)
    yield _unpaid(counted, given.raw, window, reading, nil)


def _unpaid(
    counted: pd.DataFrame, raw: pd.DataFrame, window: Window, reading: PaymentsComplianceReading, nil: str
) -> Field:
    """The share of what became payable and was not paid in the period; unknown unless unpaid is listed."""
    payable = counted[counted["is_payable"].fillna(False).astype(bool)]
    unpaid = payable[payable["is_unpaid"].fillna(False).astype(bool)]
    part, whole = len(unpaid), len(payable)
    if reading.unpaid_by == "value":
        part, whole = _pence(unpaid), _pence(payable)
    title = "Percentage of sums that became payable in the period and were not paid in it"
    unknown = nil or why_unlisted(raw, window, reading)
    if unknown:
        return Field("38(2)(d)", "pct_payable_unpaid", title, None, unknown)
    return _share("38(2)(d)", "pct_payable_unpaid", title, part, whole, NOTHING_PAYABLE, reading)


def _counts(given: Inputs, window: Window) -> Iterator[Field]:
    """What stands behind the figures, and what was left out of them; other information, reg 38(6)."""
    evidence = given.evidence
    counted = evidence[evidence["left_out_reason"].isna()]
    payable = counted[counted["is_payable"].fillna(False).astype(bool)]
    unpaid = payable[payable["is_unpaid"].fillna(False).astype(bool)]
    timed = counted["is_in_days"].fillna(False)
    yield _count("payments_made", "Payments that the average and the bands are of", int(timed.sum()))
    yield _count(
        "invoices_s68",
        "Invoices that were or should have been paid by section 68(2)",
        int(counted["s68_standing"].notna().sum()),
    )
    yield _count("sums_payable", "Sums known to have become payable", len(payable))
    yield _count("sums_unpaid", "Of these, known not to have been paid in the period", len(unpaid))
    yield _count(
        "value_payable", "Value of the sums known to have become payable (£)", pounds_text(_pence(payable))
    )
    yield _count("value_unpaid", "Value of those not paid in the period (£)", pounds_text(_pence(unpaid)))
    yield _count(
        "invoices_disputed",
        "Invoices disputed before they were paid",
        _invoices(counted[counted["is_disputed"].fillna(False).astype(bool)]),
    )
    for name, title, reason in _LEFT_OUT:
        told = evidence["left_out_reason"].str.startswith(reason).fillna(False).astype(bool)
        yield _count(name, title, _invoices(evidence[told]))
    paid = given.payments["paid_on"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    bare = paid & given.payments["contract_ref"].isna()
    yield _count(
        "lines_without_contract", "Ledger lines of the period that name no contract", int(bare.sum())
    )


_LEFT_OUT = (
    ("invoices_no_receipt", "Left out: invoices without a day of receipt", NO_RECEIPT),
    ("invoices_dates_wrong", "Left out: invoices paid before they were received", PAID_FIRST),
    ("credits", "Left out: credits under public contracts", NO_PAYMENT),
    ("invoices_undecided", "Left out: invoices whose contract may or may not be a public one", UNKNOWN),
)


def _approval(given: Inputs, window: Window, figures: list[Field]) -> Iterator[Field]:
    digest = figures_digest((one.name, one.value) for one in figures)
    found, why = approval_of(given.decisions, window.half, digest)
    ref = "38(2)(e)"
    said = f"I approve this payments compliance notice. {found.on.isoformat()}" if found else None
    name, job_title = (found.name, found.job_title) if found else (None, None)
    yield Field(ref, "approval_statement", "Statement of the director responsible for finances", said, why)
    yield Field(ref, "approver_name", "Name of the director", name, why)
    yield Field(ref, "approver_job_title", "Job title of the director", job_title, why)
    yield Field("", "figures_digest", "Number of these figures, which an approval names", digest)


def _status(period: Period, fields: list[Field]) -> Field:
    """draft, approved, to date (the half-year is not over), or not required."""
    told = {one.name: one for one in fields}
    status = "approved" if told["approver_name"].value else "draft"
    if told["mean_days"].why_blank == NOT_REQUIRED:
        status = "not required"
    return Field("", "status", "Status", status if ends_a_half(period) else "to date")


def _share(
    ref: str,
    name: str,
    title: str,
    part: int,
    whole: int,
    why_blank: str,
    reading: PaymentsComplianceReading,
    times: int = 100,
) -> Field:
    share = ratio(part, whole)
    if share is None:
        return Field(ref, name, title, None, why_blank)
    return Field(ref, name, title, f"{round_half_up(share * times, reading.decimals):f}", "", part, whole)


def _count(name: str, title: str, number: int | str) -> Field:
    return Field("", name, title, str(number))


def _pence(rows: pd.DataFrame) -> int:
    return int(rows["amount_inc_vat_pence"].sum())


def _invoices(rows: pd.DataFrame) -> int:
    return int(rows["invoice_place"].nunique())


def _is_nil(evidence: pd.DataFrame) -> bool:
    """Whether nothing under a public contract was paid or payable; an undated invoice is not nothing."""
    reasons = evidence["left_out_reason"]
    return not (reasons.isna() | reasons.isin([NO_RECEIPT, PAID_FIRST])).any()

"""Invoices out of ledger lines: what was paid of each and when, what is unpaid, which the notice is about.

Does not belong here: how long an invoice took and the figures (`payments_compliance`), which contracts are
reached (`compliance_scope`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kcc_etl.domain.compliance_scope import NOT_IN_REGISTER, why_outside
from kcc_etl.domain.core import amounts_disagree
from kcc_etl.domain.one_payment import PLACE, are_credits, gross_pence, payees_of, references_of
from kcc_etl.domain.payments_compliance import Invoice, Judged, Part, Window, judge
from kcc_etl.domain.redaction import tell_apart
from kcc_etl.parameters.duties import PaymentsComplianceReading
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.tables import LOCATOR

NO_PAYMENT = "it is a credit, which is no payment"
NOT_LISTED = "not known: no ledger lists invoices that are not paid yet"
_LISTING_DAYS = 31
"""How long before the end of the period a list of unpaid invoices may have been drawn."""

_DAYS = ("invoice_received_on", "due_on", "disputed_on", "dispute_closed_on")
_COLUMNS = (*LOCATOR, "contract_ref", "invoice_ref", *_DAYS, "paid_on")

Line = Mapping[str, Any]
Number = tuple[str, ...]


@dataclass(frozen=True)
class OfHalf:
    """One invoice of a half-year: the first ledger line of each of its payments, and what became of it.

    `why_out` says why the notice is not about it; empty when it is.
    """

    invoice: Invoice
    lines: tuple[Line, ...]
    judged: Judged
    why_out: str = ""


def unpaid_lines(raw: pd.DataFrame) -> pd.DataFrame:
    """Ledger lines that the source calls unpaid, as they arrived, without those whose amounts disagree."""
    return raw[raw["paid_on"].isna() & ~amounts_disagree(raw)]


def why_unlisted(raw: pd.DataFrame, window: Window, reading: PaymentsComplianceReading) -> str:
    """Why the ledgers do not tell what is unpaid; empty when they list it about the end of the window."""
    if reading.unpaid_invoices == "listed":
        return ""
    files = unpaid_lines(raw)["source_sha256"].unique()
    if reading.unpaid_invoices == "not listed" or not len(files):
        return NOT_LISTED
    days = raw.loc[raw["source_sha256"].isin(files), ["paid_on", "invoice_received_on"]].max(axis=1)
    latest = days[days <= pd.Timestamp(window.end)].max()
    if pd.notna(latest) and latest.date() >= window.end - timedelta(days=_LISTING_DAYS):
        return ""
    reach = "" if pd.isna(latest) else f", only up to {latest.date()}"
    return f"not known: no ledger lists the unpaid invoices of the end of the period{reach}"


def invoices_of(
    payments: pd.DataFrame,
    unpaid: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    window: Window,
) -> Iterator[OfHalf]:
    """The invoices under named contracts that anything happened to in the window, credits by themselves.

    Lines of one invoice paid on one day are one payment of it; lines of several invoices under one payment
    number are a payment of each. Which lines are one invoice: `references_of`, and without an invoice number
    the days of receipt and due. Amounts include VAT. In order of place.
    """
    reasons = why_outside(contracts, decisions, parameters)
    for number, lines in _by_number(payments, unpaid).items():
        why_out = reasons.get(number[0], NOT_IN_REGISTER)
        for line in (line for line in lines if line["credit"]):
            if window.holds(line["paid_on"]):
                yield OfHalf(_invoice([line]), (line,), Judged(()), why_out or NO_PAYMENT)
        sums = [line for line in lines if not line["credit"]]
        judged = judge(invoice, window, parameters.law) if sums and (invoice := _invoice(sums)) else None
        if judged and judged.touches:
            yield OfHalf(invoice, _first_lines(sums), judged, why_out)


def _by_number(payments: pd.DataFrame, unpaid: pd.DataFrame) -> dict[Number, list[Line]]:
    """Lines by contract, payee and invoice, what is still unpaid after those that were paid."""
    found: dict[Number, list[Line]] = {}
    for line in _lines(payments):
        found.setdefault(line["number"], []).append(line)
    listed: dict[Number, list[Line]] = {}
    for line in _lines(unpaid):
        listed.setdefault(line["number"], []).append(line)
    as_of = _listed_on(payments, unpaid)
    for number, lines in listed.items():
        found.setdefault(number, []).extend(_still_unpaid(lines, found.get(number, ()), as_of))
    return found


def _listed_on(payments: pd.DataFrame, unpaid: pd.DataFrame) -> dict[str, date]:
    """By file, the day up to which it tells what is unpaid: its latest payment or receipt of an invoice."""
    days: dict[str, date] = {}
    for frame, name in ((payments, "paid_on"), (unpaid, "invoice_received_on")):
        for file, day in frame.groupby("source_sha256")[name].max().dropna().items():
            days[str(file)] = max(day.date(), days.get(str(file), day.date()))
    return days


def _still_unpaid(lines: Sequence[Line], paid: Iterable[Line], as_of: Mapping[str, date]) -> Iterator[Line]:
    """The lines of the newest file that lists an invoice, less what was paid after that file was drawn."""
    day, file = max((as_of.get(line["source_sha256"], date.min), line["source_sha256"]) for line in lines)
    since = sum(line["pence"] for line in paid if line["paid_on"] > day and not line["credit"])
    for line in lines:
        if line["source_sha256"] == file and not line["credit"]:
            left = line["pence"] - since
            since = max(-left, 0)
            if left > 0:
                yield {**line, "pence": left}


def _lines(frame: pd.DataFrame) -> Iterator[Line]:
    named = frame[frame["contract_ref"].notna()].sort_values(PLACE, kind="stable")
    columns: dict[str, Sequence[Any]] = {name: _plain(named[name]) for name in _COLUMNS}
    columns["pence"] = [int(pence) for pence in gross_pence(named)]
    columns["credit"] = are_credits(named).tolist()
    told = named["contract_ref"], payees_of(named), references_of(named), *_own_days(named)
    columns["number"] = [*zip(*told, strict=True)]
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def _own_days(named: pd.DataFrame) -> Iterator[pd.Series]:
    """Days of receipt and due where no invoice number tells lines apart: a payment may be of several."""
    numbered = tell_apart(named["invoice_ref"])
    for name in _DAYS[:2]:
        yield named[name].astype("str").fillna("").mask(numbered, "")


def _plain(values: pd.Series) -> list[Any]:
    if values.dtype.kind == "M":
        return [None if pd.isna(day) else day.date() for day in values]
    return [None if pd.isna(value) else value for value in values]


def _invoice(lines: Sequence[Line]) -> Invoice:
    """One invoice; of several days its lines give the earliest, of several ends of a dispute the latest."""
    paid: dict[date | None, int] = {}
    for line in lines:
        paid[line["paid_on"]] = paid.get(line["paid_on"], 0) + line["pence"]
    parts = tuple(Part(day, paid[day]) for day in _in_order(paid))
    received, due, opened = (_one(min, lines, name) for name in _DAYS[:3])
    return Invoice(received, due, opened, _one(max, lines, _DAYS[3]), parts)


def _first_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    first: dict[date | None, Line] = {}
    for line in lines:
        first.setdefault(line["paid_on"], line)
    return tuple(first[day] for day in _in_order(first))


def _in_order(days: Iterable[date | None]) -> list[date | None]:
    return sorted(days, key=lambda day: day or date.max)


def _one(choose: Callable[[list[date]], date], lines: Sequence[Line], name: str) -> date | None:
    days = [line[name] for line in lines if line[name] is not None]
    return choose(days) if days else None

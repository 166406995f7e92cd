"""The evidence behind the payments compliance notice: one row a payment of an invoice, with its days.

Does not belong here: which invoices there are (`compliance_invoices`), how they are judged
(`payments_compliance`), the notice itself (`compliance_notice`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_invoices import OfHalf, invoices_of, unpaid_lines
from kcc_etl.domain.payments_compliance import Window, window_of
from kcc_etl.domain.periods import Period
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import conform, empty, from_rows
from kcc_etl.schema.tables import LOCATOR


def compliance_evidence(
    period: Period,
    payments: pd.DataFrame,
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Every payment, and every unpaid sum, of the half-year in which a period ends, up to its end.

    One row a payment of one invoice under a named contract, or what is unpaid of it; pence including VAT;
    those that the notice is not about with the reason. `raw` are the ledger lines as they arrived, of which
    those count that the ledger calls unpaid. No payee is named. Source: PA23 ss.68, 69; PR24 reg 38.
    """
    table = keys.OUT_COMPLIANCE_INVOICE
    window = window_of(period, parameters.duties.payments_compliance_reading.first_period_from)
    if window is None:
        return empty(table)
    found = invoices_of(payments, unpaid_lines(raw), contracts, decisions, parameters, window)
    rows = [row for place, one in enumerate(found, start=1) for row in _rows(one, place, period, window)]
    return conform(from_rows(rows, table), table)


def _rows(one: OfHalf, place: int, period: Period, window: Window) -> Iterator[dict[str, Any]]:
    invoice, judged = one.invoice, one.judged
    left_out = one.why_out or judged.left_out
    shared = {
        "period": period.id,
        "reporting_half": window.half,
        "invoice_place": place,
        "invoice_received_on": invoice.received_on,
        "due_on": invoice.due_on,
        "disputed_on": invoice.disputed_on,
        "dispute_closed_on": invoice.dispute_closed_on,
        "payable_on": judged.payable_on,
        "last_lawful_on": judged.last_lawful_on,
        "is_disputed": judged.disputed,
        "left_out_reason": left_out or None,
    }
    for number, (part, line) in enumerate(zip(invoice.parts, one.lines, strict=True), start=1):
        own = {name: line[name] for name in (*LOCATOR, "contract_ref", "invoice_ref")}
        row = {**shared, **own, "paid_on": part.paid_on, "amount_inc_vat_pence": part.pence}
        if not left_out:
            how = judged.parts[number - 1]
            is_last = number == len(invoice.parts)
            row |= {
                "days_to_pay": how.days,
                "day_band": how.band or None,
                "is_in_days": how.counts,
                "is_payable": how.payable,
                "is_unpaid": how.unpaid,
                "s68_standing": (judged.standing or None) if is_last else None,
            }
        yield row

"""Rules on what is about to be published, worked out anew and not by the code that selected it.

Does not belong here: the selection and the redaction themselves (`kcc_etl.domain`).
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.schema.fields import FIELDS

_LINE = ["source_sha256", "source_file", "source_row"]
_IDENTIFIERS = ["ocid", "contract_id", "supplier_ppon"]


def payment_belongs_in_the_section_70_list(inputs: Inputs) -> Outcome:
    """PB-001: every published section 70 payment is over £30,000 including VAT and paid in the quarter.

    Pence; the threshold is a statutory parameter, and a payment of exactly £30,000 is not over it.
    Source: Procurement Act 2023 s.70, s.123(2).
    """
    payments = inputs.frames[keys.OUT_OVER_30K]
    gross, paid = payments["amount_inc_vat_pence"], payments["paid_on"]
    over = (gross > inputs.parameters.statutory.section_70.above_pence).fillna(False).astype(bool)
    bounds = [_bounds(period) for period in payments["period"]]
    inside = [
        bool(period.start <= day.date() <= period.end) if isinstance(day, pd.Timestamp) else False
        for day, period in zip(paid, bounds, strict=True)
    ]
    days = paid.dt.strftime("%Y-%m-%d").fillna("no date")
    found = [
        f"{'no amount' if pd.isna(amount) else pounds_display(int(amount))} paid {day}, listed in {period}"
        for amount, day, period in zip(gross, days, payments["period"], strict=True)
    ]
    everywhere = pd.Series(True, index=payments.index)
    return Outcome(
        judged(over & pd.Series(inside, index=payments.index, dtype=bool), everywhere),
        found=pd.Series(found, index=payments.index, dtype=object),
    )


@cache
def _bounds(period: str) -> Period:
    return parse_period(period)


def payment_carries_its_identifiers(inputs: Inputs) -> Outcome:
    """PB-002: a section 70 payment carries the procurement, contract and supplier identifiers.

    One outcome a payment; the finding names every identifier that is missing.
    Source: PR24 reg 38A(2)-(3).
    """
    identifiers = inputs.frames[keys.OUT_OVER_30K][_IDENTIFIERS]
    missing = identifiers.isna()
    found = [
        "no " + ", no ".join(FIELDS[n].title for n, gone in zip(_IDENTIFIERS, row, strict=True) if gone)
        for row in missing.to_numpy()
    ]
    fine = ~missing.any(axis=1)
    return Outcome(
        judged(fine, pd.Series(True, index=fine.index)),
        found=pd.Series(found, index=fine.index, dtype=object),
        field=missing.idxmax(axis=1),
    )


def payee_may_be_named(inputs: Inputs) -> Outcome:
    """PB-003: a payee published by name is an organisation on good evidence or cleared by a decision.

    Evidence is a company or charity number beside the name, an organisation's key of the payment line it came
    from, or a clearance of its ledger number. A line of the ledger that cannot be found again is no evidence,
    and one that the ledger books to an individual speaks against. Applies to payees published by name.
    Source: UK GDPR; Transparency Code 2015 paragraph 20.
    """
    spend = inputs.frames[keys.OUT_SPEND]
    payments, decisions = inputs.frames[keys.CORE_PAYMENT], inputs.frames[keys.CORE_DECISION]
    cleared = decisions.loc[decisions["decision_kind"] == "clearance", "subject"].dropna()
    organisation = payments["supplier_key"].str.startswith("GB-").fillna(False).astype(bool)
    good = organisation | (
        payments["supplier_ledger_id"].isin(cleared) & payments["supplier_ledger_id"].notna()
    )
    bad = payments["payee_kind"].str.casefold().eq("individual")
    lines = pd.MultiIndex.from_frame(spend[_LINE])
    numbered = spend["supplier_company_number"].notna() | spend["supplier_charity_number"].notna()
    evident = numbered | lines.isin(_lines(payments[good]))
    return Outcome(
        judged(
            evident & ~lines.isin(_lines(payments[bad])),
            spend["payee"].notna() & (spend["payee"] != REDACTED),
        ),
        reason="no payee is published by name",
    )


def _lines(payments: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(payments[_LINE])


JUDGES: dict[str, Judge] = {
    "PB-001": payment_belongs_in_the_section_70_list,
    "PB-002": payment_carries_its_identifiers,
    "PB-003": payee_may_be_named,
}

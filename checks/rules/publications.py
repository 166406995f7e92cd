"""Rules on the rows about to be published, worked out anew and not by the code that selected them.

Does not belong here: whether all rows are there (`wholeness`), selection and redaction (`kcc_etl.domain`).
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from checks.rules.payments_made import payments_made
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.redaction import NAME_TEXTS
from kcc_etl.schema.fields import FIELDS

_NOT_IN_REGISTER = f"{FIELDS['supplier_ppon'].title} in the register"
_LINE = ["source_sha256", "source_file", "source_row"]
_IDENTIFIERS = ["ocid", "contract_id", "supplier_id"]


def payment_belongs_in_the_section_70_list(inputs: Inputs) -> Outcome:
    """PB-001: every published section 70 payment is over £30,000 including VAT and paid in the quarter.

    Pence; the threshold is a statutory parameter, and a payment of exactly £30,000 is not over it.
    Source: Procurement Act 2023 s.70, s.123(2).
    """
    payments = inputs.frames[keys.OUT_OVER_30K]
    gross, paid = payments["amount_inc_vat_pence"], payments["paid_on"]
    over = (gross > inputs.parameters.statutory.section_70.above_pence).fillna(False).astype(bool)
    inside = [
        isinstance(day, pd.Timestamp) and isinstance(period, str) and _is_in(period, day)
        for day, period in zip(paid, payments["period"], strict=True)
    ]
    days = paid.dt.strftime("%Y-%m-%d").fillna("no date")
    found = [
        f"{'no amount' if pd.isna(amount) else pounds_display(int(amount))} paid {day}, listed in {period}"
        for amount, day, period in zip(gross, days, payments["period"].fillna("no quarter"), strict=True)
    ]
    everywhere = pd.Series(True, index=payments.index)
    return Outcome(
        judged(over & pd.Series(inside, index=payments.index, dtype=bool), everywhere),
        found=pd.Series(found, index=payments.index, dtype=object),
    )


def _is_in(period: str, day: pd.Timestamp) -> bool:
    return bool(_bounds(period).start <= day.date() <= _bounds(period).end)


@cache
def _bounds(period: str) -> Period:
    return parse_period(period)


def payment_carries_its_identifiers(inputs: Inputs) -> Outcome:
    """PB-002: a section 70 payment carries the procurement, contract and supplier identifiers.

    So does its contract in the register: where that has no identifier of its supplier, what is published is
    a notice's, or a number of another register. One outcome a payment; the finding names every identifier
    that is missing. Source: PR24 reg 38A(2)-(3).
    """
    published = inputs.frames[keys.OUT_OVER_30K]
    missing = published[_IDENTIFIERS].isna()
    missing["supplier_ppon"] = _lines(published).isin(_lines(_without_identifier(inputs)))
    missing["supplier_ppon"] &= ~missing["supplier_id"]
    words = [FIELDS[name].title for name in _IDENTIFIERS] + [_NOT_IN_REGISTER]
    found = [
        "no " + ", no ".join(word for word, gone in zip(words, row, strict=True) if gone)
        for row in missing.to_numpy()
    ]
    fine = ~missing.any(axis=1)
    return Outcome(
        judged(fine, pd.Series(True, index=fine.index)),
        found=pd.Series(found, index=fine.index, dtype=object),
        field=missing.idxmax(axis=1),
    )


def _without_identifier(inputs: Inputs) -> pd.DataFrame:
    """The ledger lines whose contract has no identifier of its supplier in the register."""
    contracts, payments = inputs.frames[keys.CORE_CONTRACT], inputs.frames[keys.CORE_PAYMENT]
    bare = contracts.loc[contracts["supplier_ppon"].isna(), "contract_ref"]
    return payments[payments["contract_ref"].isin(bare)]


def payee_may_be_named(inputs: Inputs) -> Outcome:
    """PB-003: a payee of the spend file published by name is an organisation on good evidence or cleared.

    Evidence is a company or charity number beside the name, an organisation's key of the payment line it came
    from, or a clearance of its ledger number. A line of the ledger that cannot be found again is no evidence,
    and one that the ledger books to an individual speaks against. A redacted payee carries no number.
    Source: UK GDPR; Transparency Code 2015 paragraph 20.
    """
    spend = inputs.frames[keys.OUT_SPEND]
    good, bad = _evidence_of_lines(spend, inputs)
    numbers = spend[["supplier_company_number", "supplier_charity_number"]]
    return _named_or_bare(spend["payee"], (good | numbers.notna().any(axis=1)) & ~bad, numbers)


def section_70_payee_may_be_named(inputs: Inputs) -> Outcome:
    """PB-004: a payee of the section 70 file published by name is an organisation or cleared.

    Evidence is that of every payment line it came from, as in PB-003; the identifier beside the name is
    none. A redacted payee carries no identifier. Source: UK GDPR; PA23 s.94.
    """
    published, payments = inputs.frames[keys.OUT_OVER_30K], inputs.frames[keys.CORE_PAYMENT]
    good, bad = _evidence_of_lines(published, inputs)
    paid = payments[payments["contract_ref"].notna() & payments["paid_on"].isin(published["paid_on"])]
    sound, unsound = _evidence_of_lines(paid, inputs)
    doubtful = set(paid.index[~sound | unsound])
    made = payments_made(paid, inputs.parameters.duties.section_70_reading)
    mixed = _lines(paid.loc[[one.lines[0] for one in made if doubtful.intersection(one.lines)]])
    bad |= _lines(published).isin(mixed)
    return _named_or_bare(published["supplier_name"], good & ~bad, published[["supplier_id"]])


def supplier_of_the_register_may_be_named(inputs: Inputs) -> Outcome:
    """PB-005: a supplier of the contracts register published by name is an organisation on good evidence.

    Evidence is an organisation's key of the contract. A redacted supplier carries no number.
    Source: UK GDPR; Transparency Code 2015 paragraph 20.
    """
    published = inputs.frames[keys.OUT_REGISTER]
    numbers = published[["supplier_company_number", "supplier_charity_number", "supplier_ppon"]]
    return _named_or_bare(published["payee"], _of_an_organisation(published, inputs), numbers)


def supplier_of_performance_may_be_named(inputs: Inputs) -> Outcome:
    """PB-006: a supplier of the performance file published by name is an organisation on good evidence.

    Evidence is an organisation's key of the contract. Source: UK GDPR.
    """
    published = inputs.frames[keys.OUT_PERFORMANCE]
    return _named_or_bare(published["supplier_name"], _of_an_organisation(published, inputs))


def supplier_of_an_assessment_may_be_named(inputs: Inputs) -> Outcome:
    """PB-061: a supplier of the assessments published by name is an organisation on good evidence.

    Evidence is an organisation's key of the contract. A redacted supplier carries no number. Source: UK GDPR.
    """
    published = inputs.frames[keys.OUT_ASSESSMENT]
    good = _of_an_organisation(published, inputs)
    return _named_or_bare(published["payee"], good, published[["supplier_id"]])


def payee_of_card_may_be_named(inputs: Inputs) -> Outcome:
    """PB-041: a payee of a card transaction published by name is an organisation on good evidence or cleared.

    Evidence is that of the payment line it came from, as in PB-003. A redacted payee carries no number.
    Source: UK GDPR; Transparency Code 2015 paragraph 20.
    """
    published = inputs.frames[keys.OUT_CARD]
    good, bad = _evidence_of_lines(published, inputs)
    numbers = published[["supplier_company_number", "supplier_charity_number"]]
    return _named_or_bare(published["payee"], good & ~bad, numbers)


def payee_of_grant_may_be_named(inputs: Inputs) -> Outcome:
    """PB-043: a payee of a grant published by name is an organisation on good evidence or cleared.

    Evidence is that of the payment line it came from, as in PB-003. A redacted payee carries no number.
    Source: UK GDPR; Transparency Code 2015 paragraph 20.
    """
    published = inputs.frames[keys.OUT_GRANT]
    good, bad = _evidence_of_lines(published, inputs)
    return _named_or_bare(published["payee"], good & ~bad, published[["registration_number"]])


def _named_or_bare(names: pd.Series, may_be_named: pd.Series, numbers: pd.DataFrame | None = None) -> Outcome:
    """Of each row published by name whether it may be; a redacted row that still carries a number may not."""
    redacted = names.isin(NAME_TEXTS).fillna(False).astype(bool)
    numbered = pd.Series(False, index=names.index) if numbers is None else numbers.notna().any(axis=1)
    named = names.notna() & ~redacted
    return Outcome(
        judged(may_be_named & ~redacted, named | (redacted & numbered)),
        reason="nobody is published by name",
    )


def _evidence_of_lines(published: pd.DataFrame, inputs: Inputs) -> tuple[pd.Series, pd.Series]:
    """Of each row, whether its ledger line shows an organisation or a clearance, and an individual."""
    payments = inputs.frames[keys.CORE_PAYMENT]
    decisions = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    cleared = decisions.loc[decisions["decision_kind"] == "clearance", "subject"].dropna()
    ledger_id = payments["supplier_ledger_id"]
    good = _is_organisation(payments) | (ledger_id.isin(cleared) & ledger_id.notna())
    bad = payments["payee_kind"].notna() & (payments["payee_kind"] != "organisation").fillna(False)
    lines = _lines(published)
    return (
        pd.Series(lines.isin(_lines(payments[good])), index=published.index),
        pd.Series(lines.isin(_lines(payments[bad])), index=published.index),
    )


def _of_an_organisation(published: pd.DataFrame, inputs: Inputs) -> pd.Series:
    contracts = inputs.frames[keys.CORE_CONTRACT]
    return published["contract_ref"].isin(contracts.loc[_is_organisation(contracts), "contract_ref"])


def _is_organisation(rows: pd.DataFrame) -> pd.Series:
    return rows["supplier_key"].str.startswith("GB-").fillna(False).astype(bool)


def _lines(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[_LINE])


JUDGES: dict[str, Judge] = {
    "PB-001": payment_belongs_in_the_section_70_list,
    "PB-002": payment_carries_its_identifiers,
    "PB-003": payee_may_be_named,
    "PB-004": section_70_payee_may_be_named,
    "PB-005": supplier_of_the_register_may_be_named,
    "PB-006": supplier_of_performance_may_be_named,
    "PB-041": payee_of_card_may_be_named,
    "PB-061": supplier_of_an_assessment_may_be_named,
    "PB-043": payee_of_grant_may_be_named,
}

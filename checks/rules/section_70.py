"""Whether the register and the ledger say enough to apply section 70.

Does not belong here: the selection of the payments it reaches (`kcc_etl.domain.publication`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.domain.publication import gross_pence, outside_section_70, section_70_contracts
from kcc_etl.domain.thresholds import Answer, value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.schema.fields import FIELDS

_REACHED, _OUT = "reached", "out"
_NO_START = "the contract has no day its procurement commenced"
_NO_CONTRACT_GROSS = "the contract has no value including VAT; its net value is just below the threshold"
_NO_PAYMENT_GROSS = "the payment has no VAT; its net amount is just below £30,000"
_WORDS = ("regime", "agreement_kind", "procurement_category")
_LOWEST = "services"
"""The type of contract whose threshold none is below; taken for one of unknown type."""
_KNOWN_BY = ["awarded_on", "signed_on", "start_on"]
_VALUES = ("value_ex_vat_pence", "value_inc_vat_pence")
_FACTS = ["contract_ref", "procurement_commenced_on", "is_light_touch", *_KNOWN_BY, *_WORDS, *_VALUES]


def section_70_can_be_decided(inputs: Inputs) -> Outcome:
    """SP-019: whether section 70 reaches a payment over £30,000 can be decided.

    At fault is a payment since section 70 began, over £30,000 with the VAT it has or may have, under a
    contract that section 70 may reach: its regime, kind or category is not given, its procurement has no
    day of commencement, or its net value is below the threshold and with VAT at 20% is not. So is one
    that may be over £30,000 only with its VAT.
    Source: Procurement Act 2023 s.3, s.70; Value Added Tax Act 1994 s.2.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    law = inputs.parameters.statutory
    gross = gross_pence(payments)
    limit = law.section_70.above_pence
    no_gross = payments["amount_inc_vat_pence"].isna() & payments["vat_pence"].isna()
    over = (gross > limit).fillna(False).astype(bool)
    percent = 100 + inputs.parameters.duties.net_value_reading.vat_percent
    perhaps = (no_gross & (gross * percent // 100 > limit)).fillna(False).astype(bool)
    since = payments["paid_on"] >= pd.Timestamp(law.section_70.commenced_from)
    large = payments.loc[(over | perhaps) & since, "contract_ref"]
    standing = large.map(_standings(inputs)).astype(object).fillna(_OUT)
    standing = standing[standing != _OUT]
    fine = over[standing.index] & (standing == _REACHED)
    found = standing[~fine].replace(_REACHED, _NO_PAYMENT_GROSS)
    return Outcome(fine.astype("boolean").reindex(payments.index), found=found)


def _standings(inputs: Inputs) -> dict[str, str]:
    """Of each contract: reached, out, or what the register lacks to say."""
    contracts = inputs.frames[keys.CORE_CONTRACT].drop_duplicates("contract_ref")
    law = inputs.parameters.law
    reached = section_70_contracts(contracts, inputs.parameters)
    kind, regime = contracts["agreement_kind"], contracts["regime"]
    awarded = kind.isin(["contract", "call-off"]) | kind.isna()
    may = awarded & ((regime == "pa23").fillna(False) | regime.isna()) & ~outside_section_70(contracts)
    facts = contracts[_FACTS].to_dict("records")
    return {
        str(fact["contract_ref"]): _REACHED if there else _lacks(fact, law) if possible else _OUT
        for fact, there, possible in zip(facts, reached, may, strict=True)
    }


def _lacks(contract: Mapping[Hashable, object], law: Law) -> str:
    """What the register lacks to tell whether a contract under the Act is reached; `out` when it is not."""
    began, started = law.statutory.section_70.commenced_from, _day(contract["procurement_commenced_on"])
    known = [day for day in (_day(contract[name]) for name in _KNOWN_BY) if day]
    if (started and started < began) or (not started and any(day < began for day in known)):
        return _OUT
    light = contract["is_light_touch"] is True
    category = contract["procurement_category"]
    kind = "light_touch" if light else category if isinstance(category, str) else _LOWEST
    threshold = law.statutory.threshold_inc_vat_pence(kind, started or began)
    if threshold is None or _reaches(contract, threshold, law) in ("no", "unknown"):
        return _OUT
    words = _WORDS[: -1 if light else None]
    lacking = [FIELDS[name].title.lower() for name in words if not isinstance(contract[name], str)]
    if lacking:
        return f"the contract has no {' and no '.join(lacking)}"
    return _NO_CONTRACT_GROSS if started else _NO_START


def _reaches(contract: Mapping[Hashable, object], threshold: int, law: Law) -> Answer:
    gross, net = contract["value_inc_vat_pence"], contract["value_ex_vat_pence"]
    return value_reaches(gross, net, threshold, law.rules.net_value_reading.vat_percent)


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, pd.Timestamp) else None


JUDGES: dict[str, Judge] = {"SP-019": section_70_can_be_decided}

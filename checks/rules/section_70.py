"""Whether the register and the ledger say enough to apply section 70.

Does not belong here: the selection of the payments it reaches (`kcc_etl.domain.publication`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.one_payment import are_credits, as_payments, gross_pence, payees_of
from kcc_etl.domain.publication import outside_section_70, section_70_contracts
from kcc_etl.domain.redaction import tell_apart
from kcc_etl.domain.thresholds import Answer, value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.frames import empty

_REACHED, _OUT = "reached", "out"
_NO_START = "the contract has no day its procurement commenced"
_NO_CONTRACT_GROSS = "the contract has no value including VAT; its net value is just below the threshold"
_NO_PAYMENT_GROSS = "the payment, or a line of it, has no VAT; with VAT it may be over £30,000"
_NO_FRAMEWORK = "the call-off names no framework"
_NO_LAW = "has no regime"
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
    day of commencement, its net value is below the threshold and with VAT at 20% is not, or it is a call-off
    whose framework, or the law of that, is not known. So is one that may be over £30,000 only with its VAT.
    One verdict a payment, on the first of its lines. Source: Procurement Act 2023 s.3, s.70(4); Value Added
    Tax Act 1994 s.2. The value of a contract is the register's of today.
    """
    payments, law = inputs.frames[keys.CORE_PAYMENT], inputs.parameters.statutory
    lines = payments[_since(payments, law)]
    least, most = (_tested(lines, inputs, sign) for sign in (-1, 1))
    over = least["amount_inc_vat_pence"] > law.section_70.above_pence
    large = most.loc[most["amount_inc_vat_pence"] > law.section_70.above_pence, "contract_ref"]
    standing = large.map(_standings(inputs)).astype(object).fillna(_OUT)
    standing = standing[standing != _OUT]
    fine = over.reindex(standing.index, fill_value=False).fillna(False).astype(bool) & (standing == _REACHED)
    found = standing[~fine].replace(_REACHED, _NO_PAYMENT_GROSS)
    return Outcome(fine.astype("boolean").reindex(payments.index), found=found)


def payments_have_a_number(inputs: Inputs) -> Outcome:
    """SP-049: lines that together come to over £30,000 have a number that tells whether they are one payment.

    Judged are lines of one payee, day and contract that section 70 reaches, none over £30,000 by itself; at
    fault is the first that has neither an invoice nor a payment number. Source: Procurement Act 2023 s.70(1).
    """
    payments, law = inputs.frames[keys.CORE_PAYMENT], inputs.parameters.statutory
    reached = {ref for ref, told in _standings(inputs).items() if told == _REACHED}
    lines = payments[_since(payments, law) & payments["contract_ref"].isin(reached) & ~are_credits(payments)]
    paid = as_payments(lines, inputs.parameters.duties.section_70_reading)
    gross, limit = paid["amount_inc_vat_pence"], law.section_70.above_pence
    small, gross = paid[gross <= limit], gross[gross <= limit]
    alike = small.groupby(["contract_ref", payees_of(small), "paid_on"], sort=False).ngroup()
    together = gross.groupby(alike).transform("sum")
    bare = ~(tell_apart(small["invoice_ref"]) | tell_apart(small["payment_ref"]))
    first = bare & ~alike.where(bare).duplicated()
    fine = judged(~bare, (together > limit) & (first | ~bare))
    found = together[first].map(lambda pence: f"{pounds_display(int(pence))} on one day").astype(object)
    return Outcome(fine.reindex(payments.index), found=found)


def _since(payments: pd.DataFrame, law: Statutory) -> pd.Series:
    began = pd.Timestamp(law.section_70.commenced_from)
    return (payments["paid_on"] >= began).fillna(False).astype(bool)


def _tested(lines: pd.DataFrame, inputs: Inputs, sign: int) -> pd.DataFrame:
    """The payments with what is tested: at most, or at least, where VAT is not given and may be 20%."""
    net = lines["amount_ex_vat_pence"]
    percent = 100 + inputs.parameters.duties.net_value_reading.vat_percent
    no_gross = lines["amount_inc_vat_pence"].isna() & lines["vat_pence"].isna() & (net * sign > 0)
    gross = gross_pence(lines).mask(no_gross.fillna(False).astype(bool), net * percent // 100)
    return as_payments(lines.assign(amount_inc_vat_pence=gross), inputs.parameters.duties.section_70_reading)


def _standings(inputs: Inputs) -> dict[str, str]:
    """Of each contract: reached, out, or what the register lacks to say."""
    contracts = inputs.frames[keys.CORE_CONTRACT].drop_duplicates("contract_ref")
    law = inputs.parameters.law
    # Payments are judged before decisions are made of them: the value is the register's.
    reached = section_70_contracts(contracts, empty(keys.CORE_DECISION), inputs.parameters)
    kind, regime = contracts["agreement_kind"], contracts["regime"]
    awarded = kind.isin(["contract", "call-off"]) | kind.isna()
    unknown = _unknown_frameworks(contracts)
    lawless = [ref for ref, told in unknown.items() if told.endswith(_NO_LAW)]
    outside = outside_section_70(contracts) & ~contracts["contract_ref"].isin(lawless)
    may = awarded & ((regime == "pa23").fillna(False) | regime.isna()) & ~outside
    facts = contracts[_FACTS].to_dict("records")
    found = {}
    for fact, there, possible in zip(facts, reached, may, strict=True):
        ref = str(fact["contract_ref"])
        told = _REACHED if there else _lacks(fact, law) if possible else _OUT
        found[ref] = unknown[ref] if told != _OUT and ref in unknown else told
    return found


def _unknown_frameworks(contracts: pd.DataFrame) -> dict[str, str]:
    """Call-offs of which the register does not tell the law of their framework, and what it lacks."""
    regimes = dict(rows(contracts, ["contract_ref", "regime"]))
    call_offs = contracts[(contracts["agreement_kind"] == "call-off").fillna(False).astype(bool)]
    found = {}
    for ref, parent in rows(call_offs, ["contract_ref", "parent_ref"]):
        if not isinstance(parent, str):
            found[ref] = _NO_FRAMEWORK
        elif parent not in regimes:
            found[ref] = f"the call-off's framework {parent} is not in the register"
        elif not isinstance(regimes[parent], str):
            found[ref] = f"the call-off's framework {parent} {_NO_LAW}"
    return found


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


JUDGES: dict[str, Judge] = {"SP-019": section_70_can_be_decided, "SP-049": payments_have_a_number}

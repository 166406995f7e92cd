"""Which rows each publication holds, by the law's tests.

Does not belong here: who may be named (`redaction`), headings and file formats (`reports`), the thresholds
themselves (`kcc_etl.parameters`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.expenditure import cpv_of_contract, expenditure, spent_pence
from kcc_etl.domain.identifiers import read_ppon
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.periods import Period
from kcc_etl.domain.redaction import publishable_payees, publishable_suppliers, supplier_reasons
from kcc_etl.domain.reviewed import (
    publishable_descriptions,
    publishable_purposes,
    publishable_titles,
    without_redacted_names,
)
from kcc_etl.domain.thresholds import threshold_of, value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import conform
from kcc_etl.schema.tables import TABLES

_OF_THRESHOLD = [
    "procurement_commenced_on", "procurement_category", "is_light_touch", "value_inc_vat_pence",
    "value_ex_vat_pence",
]  # fmt: skip


@dataclass(frozen=True)
class PayingAuthority:
    """The authority that pays: name, postal address, email, and its identifier on the platform (PPON)."""

    name: str
    address: str
    email: str
    identifier: str


def select_over_30k(
    payments: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    period: Period,
    payer: PayingAuthority,
) -> pd.DataFrame:
    """Payments of the quarter that section 70 of the Procurement Act 2023 requires to be published.

    One row a payment, in order of date and reference; pence. A payment is in when its amount including VAT
    is over the threshold, no payments added together, and its contract is a public contract in scope
    (`section_70_contracts`). Credit notes are no payments. The value published is net of VAT. The supplier is
    the one paid; the contract's identifier of its supplier stands only beside that supplier's own name.
    Source: PA23 s.70, s.123(2); PR24 reg 38A, item 12 of 38A(2); SI 2025/1316 reg 2(2); SI 2026/360 reg 6.
    """
    in_scope = contracts[section_70_contracts(contracts, parameters)]
    named = publishable_payees(payments, decisions, parameters.redaction)
    joined = _in_period(named, period).merge(
        in_scope[["contract_ref", "ocid", "contract_id", "supplier_ppon", "supplier_key", "supplier_name"]],
        on="contract_ref",
        how="inner",
        suffixes=("", "_of_contract"),
    )
    joined["supplier_ppon"] = _as_shown(joined["supplier_ppon"].where(_paid_its_supplier(joined), None))
    joined["amount_inc_vat_pence"] = gross_pence(joined)
    over = joined["amount_inc_vat_pence"] > parameters.statutory.section_70.above_pence
    is_credit = joined["is_credit_note"].fillna(False)
    chosen = joined[(over & ~is_credit).astype(bool)].assign(
        period=period.id,
        payer_name=payer.name,
        payer_address=payer.address,
        payer_email=payer.email,
        payer_id=_shown(payer.identifier),
        publisher_name=None,
        publisher_address=None,
        publisher_email=None,
        publisher_id=None,
    )
    chosen["supplier_name"] = chosen["payee"]
    return _sorted(chosen, keys.OUT_OVER_30K, ["paid_on", "payment_ref", "source_file", "source_row"])


def _paid_its_supplier(joined: pd.DataFrame) -> pd.Series:
    """Whether the payee is published by name and is the supplier of the contract, by key or folded name."""
    same_key = (joined["supplier_key"] == joined["supplier_key_of_contract"]).fillna(False)
    folded = joined["supplier_name"].map(fold_name)
    same_name = (folded == joined["supplier_name_of_contract"].map(fold_name)) & (folded != "")
    return ((same_key | same_name) & joined["payee_reason"].isna()).astype(bool)


def gross_pence(payments: pd.DataFrame) -> pd.Series:
    """Amount including VAT in pence: as the ledger states it, else net plus VAT, else the net amount.

    The net amount is a floor: a payment over the threshold net is over it gross whatever the VAT.
    """
    net = payments["amount_ex_vat_pence"]
    return payments["amount_inc_vat_pence"].fillna(net + payments["vat_pence"]).fillna(net)


def section_70_contracts(contracts: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Whether section 70 reaches payments under each contract.

    In: public contracts (`public_contracts`) whose procurement commenced on or after the first day of
    section 70. Light touch contracts are in.
    """
    started = contracts["procurement_commenced_on"]
    commenced = (started >= pd.Timestamp(parameters.statutory.section_70.commenced_from)).fillna(False)
    return (commenced & public_contracts(contracts, parameters)).astype(bool)


def public_contracts(contracts: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Whether each contract is a public contract that is paid under and that sections 69 and 70 may reach.

    In: awarded under PA23, at or above the threshold of its type (value including VAT; where the register
    gives none, the net value as a floor). Out: frameworks themselves, concessions, school contracts, and
    call-offs from frameworks made before the Act. Source: PA23 s.3, s.69(6), s.70(4); SI 2025/1316 reg 2.
    """
    facts = contracts[_OF_THRESHOLD].to_dict("records")
    public = pd.Series(
        [_is_public(fact, parameters.law) for fact in facts], index=contracts.index, dtype=bool
    )
    kind = contracts["agreement_kind"].isin(["contract", "call-off"])
    awarded = kind & (contracts["regime"] == "pa23").fillna(False)
    return (public & awarded & ~outside_section_70(contracts)).astype(bool)


def _is_public(contract: Mapping[Hashable, object], law: Law) -> bool:
    threshold = threshold_of(contract, law.statutory)
    if threshold is None:
        return False
    gross, net = contract["value_inc_vat_pence"], contract["value_ex_vat_pence"]
    return value_reaches(gross, net, threshold, law.rules.net_value_reading.vat_percent) == "yes"


def outside_section_70(contracts: pd.DataFrame) -> pd.Series:
    """Whether a contract is a school's or a call-off from a framework made before the Act: PA23 s.70(4)."""
    older = contracts.loc[contracts["regime"] != "pa23", "contract_ref"]
    from_older_framework = contracts["parent_ref"].isin(older) & contracts["parent_ref"].notna()
    school = contracts["is_school_contract"].fillna(False)
    return (school | from_older_framework).astype(bool)


def select_spend(
    payments: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Expenditure of the period over the publication floor, credits over the floor included; pence ex VAT.

    One row a ledger line, payee redacted unless publishable. The floor is tested with the VAT that the
    council cannot recover. What is expenditure: `expenditure`.
    Source: Transparency Code 2015; LGA guidance v1.3.
    """
    law = parameters.statutory
    named = publishable_payees(payments, decisions, parameters.redaction)
    paid = expenditure(named, contracts, parameters.duties.spend_exclusions, period)
    over = spent_pence(paid).abs() > law.transparency_code.spend_above_pence
    chosen = paid[over.fillna(False).astype(bool)].assign(period=period.id)
    chosen = chosen.assign(cpv_code=cpv_of_contract(chosen, contracts))
    purpose = publishable_purposes(chosen, payments, decisions, parameters.redaction.texts)
    chosen["purpose"] = without_redacted_names(purpose, chosen)
    named_payee = chosen["payee_reason"].isna()
    for number in ("supplier_company_number", "supplier_charity_number"):
        chosen[number] = chosen[number].where(named_payee, None)
    return _sorted(chosen, keys.OUT_SPEND, ["paid_on", "department", "source_file", "source_row"])


def select_register(
    contracts: pd.DataFrame,
    notices: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Contracts in place in the period whose value is over the publication floor; pence ex VAT.

    One row a contract. The floor is tested with the VAT that the council cannot recover. `notices` are those
    whose words may be repeated in a description.
    Source: Transparency Code 2015.
    """
    in_place = (contracts["start_on"] <= pd.Timestamp(period.end)) & (
        contracts["end_on"] >= pd.Timestamp(period.start)
    )
    value = contracts["value_ex_vat_pence"] + contracts["irrecoverable_vat_pence"].fillna(0)
    over = (value > parameters.statutory.transparency_code.contract_above_pence).fillna(False)
    chosen = contracts[(in_place & over).astype(bool)]
    rules = parameters.redaction
    chosen = chosen.assign(
        period=period.id,
        payee=publishable_suppliers(chosen, decisions, rules),
        payee_reason=supplier_reasons(chosen, decisions, rules),
        contract_title=publishable_titles(chosen["contract_title"], decisions, rules.texts),
        contract_description=publishable_descriptions(chosen, notices, decisions, rules.texts),
    )
    for text in ("contract_title", "contract_description"):
        chosen[text] = without_redacted_names(chosen[text], chosen)
    named = chosen["payee_reason"].isna()
    for number in ("supplier_company_number", "supplier_charity_number", "supplier_ppon"):
        chosen[number] = chosen[number].where(named, None)
    chosen["supplier_ppon"] = _as_shown(chosen["supplier_ppon"])
    return _sorted(chosen, keys.OUT_REGISTER, ["contract_ref"])


def _as_shown(ppons: pd.Series) -> pd.Series:
    return ppons.map(_shown, na_action="ignore")


def _shown(identifier: str) -> str:
    """An identifier of the platform with its scheme, as the platform shows it; any other as it is."""
    number = read_ppon(identifier).number
    return f"GB-PPON-{number}" if number else identifier


def _in_period(payments: pd.DataFrame, period: Period) -> pd.DataFrame:
    paid = payments["paid_on"]
    return payments[((paid >= pd.Timestamp(period.start)) & (paid <= pd.Timestamp(period.end))).astype(bool)]


def _sorted(chosen: pd.DataFrame, table: str, order: list[str]) -> pd.DataFrame:
    return conform(chosen.sort_values(order, kind="stable"), TABLES[table])

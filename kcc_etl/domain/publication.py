"""Which rows each publication holds, by the law's tests.

Does not belong here: who may be named (`redaction`), headings and file formats (`reports`), the thresholds
themselves (`kcc_etl.parameters`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.as_it_stands import contracts_as_they_stand
from kcc_etl.domain.duties.awarded import contracts_as_awarded
from kcc_etl.domain.expenditure import cpv_of_contract, expenditure, spent_pence
from kcc_etl.domain.hidden_names import hidden_names
from kcc_etl.domain.one_payment import as_payments, payment_numbers
from kcc_etl.domain.paid_identifiers import identifiers_of_paid, shown_identifier
from kcc_etl.domain.periods import Period
from kcc_etl.domain.redaction import (
    named_together,
    publishable_payees,
    publishable_suppliers,
    supplier_reasons,
)
from kcc_etl.domain.reviewed import (
    publishable_contract_titles,
    publishable_descriptions,
    publishable_purposes,
    without_redacted_names,
)
from kcc_etl.domain.thresholds import threshold_of, value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.model import Parameters
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema.frames import conform
from kcc_etl.schema.tables import TABLES

_OF_THRESHOLD = [
    "procurement_commenced_on", "procurement_category", "is_light_touch", "value_inc_vat_pence",
    "value_ex_vat_pence",
]  # fmt: skip


@dataclass(frozen=True)
class PayingAuthority:
    """The authority that pays: name, postal address, email, and its identifier on the platform (PPON).

    `publisher` is the one that publishes its contract details notices, if that is another.
    """

    name: str
    address: str
    email: str
    identifier: str
    publisher: PayingAuthority | None = None


def select_over_30k(
    payments: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    suppliers: pd.DataFrame,
    parameters: Parameters,
    period: Period,
    payer: PayingAuthority,
) -> pd.DataFrame:
    """Payments of the quarter that section 70 of the Procurement Act 2023 requires to be published.

    One row a payment, however many ledger lines it stands in (`as_payments`), in order of date and reference;
    pence. A payment is in when its amount including VAT is over the threshold, no payments added together,
    and its contract is a public contract in scope (`section_70_contracts`). Credit notes are no payments. The
    value published is net of VAT. The supplier is the one paid, and not named if it may not be in one of the
    lines. Its identifier is the register's, else that of the contract's own notice (`suppliers` are those of
    notices), else its company or charity number (`identifiers_of_paid`).
    Source: PA23 s.70, s.123(2); PR24 reg 38A, item 12 of 38A(2); SI 2025/1316 reg 2(2); SI 2026/360 reg 6.
    """
    in_scope = contracts[section_70_contracts(contracts, decisions, parameters)]
    reading = parameters.duties.section_70_reading
    lines = _in_period(publishable_payees(payments, decisions, parameters.redaction), period)
    paid = as_payments(named_together(lines, payment_numbers(lines, reading)), reading)
    over = paid["amount_inc_vat_pence"] > parameters.statutory.section_70.above_pence
    chosen = paid[over.fillna(False).astype(bool)].merge(
        in_scope[["contract_ref", "ocid", "contract_id", "supplier_ppon", "supplier_key", "supplier_name"]],
        on="contract_ref",
        how="inner",
        suffixes=("", "_of_contract"),
    )
    chosen["supplier_id"] = identifiers_of_paid(chosen, suppliers)
    chosen = chosen.assign(period=period.id, **_of("payer", payer), **_of("publisher", payer.publisher))
    chosen["supplier_name"] = chosen["payee"]
    return _sorted(chosen, keys.OUT_OVER_30K, ["paid_on", "payment_ref", "source_file", "source_row"])


def _of(role: str, authority: PayingAuthority | None) -> dict[str, str | None]:
    """The four columns of an authority, empty where there is none. Source: PR24 reg 38A(2)(a)-(b)."""
    return {
        f"{role}_name": authority.name if authority else None,
        f"{role}_address": authority.address if authority else None,
        f"{role}_email": authority.email if authority else None,
        f"{role}_id": shown_identifier(authority.identifier) if authority else None,
    }


def section_70_contracts(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> pd.Series:
    """Whether section 70 reaches payments under each contract.

    In: public contracts (`public_or_converted`) whose procurement commenced on or after the first day of
    section 70. Light touch contracts are in.
    """
    started = contracts["procurement_commenced_on"]
    commenced = (started >= pd.Timestamp(parameters.statutory.section_70.commenced_from)).fillna(False)
    return (commenced & public_or_converted(contracts, decisions, parameters)).astype(bool)


def public_or_converted(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> pd.Series:
    """Whether each contract was a public contract at award, or its changes have made it one (s.74(1)).

    One that was stays one when its value falls. One that a change makes a public contract counts from its
    first payment on (duties.toml, section_70_reading). Source: PA23 s.3, s.74(1), Schedule 3.
    """
    awarded = public_contracts(contracts_as_awarded(contracts, decisions), parameters)
    return awarded | public_contracts(contracts_as_they_stand(contracts, decisions), parameters)


def public_contracts(contracts: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Whether each contract is, by the value given, a public contract that sections 69 and 70 may reach.

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
    hidden = hidden_names(contracts, payments, decisions, parameters.redaction)
    chosen["purpose"] = without_redacted_names(purpose, hidden, chosen)
    named_payee = chosen["payee_reason"].isna()
    for number in ("supplier_company_number", "supplier_charity_number"):
        chosen[number] = chosen[number].where(named_payee, None)
    return _sorted(chosen, keys.OUT_SPEND, ["paid_on", "department", "source_file", "source_row"])


def select_register(
    contracts: pd.DataFrame,
    notices: pd.DataFrame,
    decisions: pd.DataFrame,
    payments: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Contracts in place in the period whose value is over the publication floor; pence ex VAT.

    One row a contract, as it stands after the changes that are decided (`contracts_as_they_stand`). The floor
    is tested with the VAT that the council cannot recover. `notices` are those whose words may be repeated in
    a description; no text names a payee of the `payments` who may be a person.
    Source: Transparency Code 2015.
    """
    contracts = contracts_as_they_stand(contracts, decisions)
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
        contract_title=publishable_contract_titles(chosen, notices, decisions, rules.texts),
        contract_description=publishable_descriptions(chosen, notices, decisions, rules.texts),
    )
    hidden = hidden_names(contracts, payments, decisions, rules)
    for text in ("contract_title", "contract_description"):
        chosen[text] = without_redacted_names(chosen[text], hidden, chosen)
    named = chosen["payee_reason"].isna()
    for number in ("supplier_company_number", "supplier_charity_number", "supplier_ppon"):
        chosen[number] = chosen[number].where(named, None)
    chosen["supplier_ppon"] = chosen["supplier_ppon"].map(shown_identifier, na_action="ignore")
    return _sorted(chosen, keys.OUT_REGISTER, ["contract_ref"])


def publishable_contracts(
    contracts: pd.DataFrame, payments: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules
) -> pd.DataFrame:
    """The contracts with supplier and title as every publication that refers to them has them."""
    titles = publishable_contract_titles(contracts, None, decisions, rules.texts)
    own = contracts.assign(payee_reason=supplier_reasons(contracts, decisions, rules))
    hidden = hidden_names(contracts, payments, decisions, rules)
    return contracts.assign(
        supplier_name=publishable_suppliers(contracts, decisions, rules),
        contract_title=without_redacted_names(titles, hidden, own),
    )


def _in_period(payments: pd.DataFrame, period: Period) -> pd.DataFrame:
    paid = payments["paid_on"]
    return payments[((paid >= pd.Timestamp(period.start)) & (paid <= pd.Timestamp(period.end))).astype(bool)]


def _sorted(chosen: pd.DataFrame, table: str, order: list[str]) -> pd.DataFrame:
    return conform(chosen.sort_values(order, kind="stable"), TABLES[table])

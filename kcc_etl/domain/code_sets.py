"""The sets of the Transparency Code beside spend and register: card transactions, grants, tenders.

Does not belong here: who may be named (`redaction`), what is expenditure, headings (`reports`).
"""

from __future__ import annotations

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.as_it_stands import contracts_as_they_stand
from kcc_etl.domain.counted_changes import with_changed_ends
from kcc_etl.domain.expenditure import cpv_of_contract, expenditure
from kcc_etl.domain.hidden_names import hidden_names, unnamed_by_procurement
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.redaction import publishable_payees
from kcc_etl.domain.reviewed import (
    publishable_contract_titles,
    publishable_descriptions,
    publishable_purposes,
    publishable_titles,
    without_redacted_names,
)
from kcc_etl.parameters.model import Parameters
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema.frames import conform
from kcc_etl.schema.tables import LOCATOR, TABLES

PROCUREMENT_CARD = "GPC"
PUBLISHED_TENDER = "Published invitation to tender"
_NUMBERS = ["supplier_company_number", "supplier_charity_number"]
_LINE = ["paid_on", "department", "source_file", "source_sheet", "source_row"]
_OF_CONTRACT = ("contract_description", "start_on", "end_on")


def select_card(
    payments: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Every transaction of the period on a Government Procurement Card, of any value, refunds included.

    One row a ledger line; pence ex VAT; payee redacted unless publishable. Other cards are not in it: the
    Code recommends them only. What is no expenditure is left out as from the spend file.
    Source: Transparency Code 2015; LGA guidance v1.3, Government Procurement Card transactions.
    """
    named = _named(payments, decisions, parameters.redaction)
    lines = expenditure(named, contracts, parameters.duties.spend_exclusions, period)
    chosen = lines[(lines["card_transaction"] == PROCUREMENT_CARD).fillna(False).astype(bool)]
    purpose = publishable_purposes(chosen, payments, decisions, parameters.redaction.texts)
    hidden = hidden_names(contracts, payments, decisions, parameters.redaction)
    purpose = without_redacted_names(purpose, hidden, chosen)
    chosen = chosen.assign(period=period.id, cpv_code=cpv_of_contract(chosen, contracts), purpose=purpose)
    return _sorted(chosen, keys.OUT_CARD, _LINE)


def select_grants(
    payments: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Grants to voluntary, community and social enterprises, from 1 April to the last day of the period.

    One row a ledger line that is a grant, of any value, what is paid back included; pence ex VAT. The set is
    of a financial year: the pack of its last quarter, or of the year, holds it whole. The day of the award
    and the time the grant is for are those of the agreement in the register as it stands, where the line
    names one; the ledger gives neither.
    Source: Transparency Code 2015; LGA guidance v1.3, Grants to VCSE organisations.
    """
    year = Period(period.id, period.kind, parse_period(period.year).start, period.end)
    named = _named(payments, decisions, parameters.redaction)
    lines = expenditure(named, contracts, parameters.duties.spend_exclusions, year)
    chosen = lines[lines["is_vcse_grant"].fillna(False).astype(bool)]
    agreement = contracts_as_they_stand(contracts, decisions).drop_duplicates("contract_ref")
    agreement = agreement.set_index("contract_ref")[["awarded_on", "start_on", "end_on"]]
    of_line = agreement.reindex(chosen["contract_ref"])
    purpose = publishable_purposes(chosen, payments, decisions, parameters.redaction.texts)
    hidden = hidden_names(contracts, payments, decisions, parameters.redaction)
    charity, company = chosen["supplier_charity_number"], chosen["supplier_company_number"]
    chosen = chosen.assign(
        period=period.id,
        awarded_on=of_line["awarded_on"].array,
        grant_period=_spans(of_line["start_on"], of_line["end_on"]).array,
        registration_number=charity.where(charity.notna(), company),
        purpose=without_redacted_names(purpose, hidden, chosen),
    )
    return _sorted(chosen, keys.OUT_GRANT, _LINE)


def select_tenders(
    notices: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    payments: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """Invitations to tender of the period that are not shown to be worth the floor or less; pence.

    One row a procurement: its first tender notice came out in the period, and its latest by the period's last
    day is what is published. A procurement that the register calls a published invitation to tender, and no
    notice tells of, stands by the day it began. The days are those of the notice, else of the contract as
    changed. The floor is tested without VAT; with it where the notice
    gives no other value. An invitation without a value may be for a framework, and is published. No text
    names a payee of the `payments` who may be a person.
    Source: Transparency Code 2015; LGA guidance v1.3, Invitation to tender and to quote.
    """
    floor = parameters.statutory.transparency_code.contract_above_pence
    texts = parameters.redaction.texts
    contracts = with_changed_ends(contracts, decisions).assign(
        contract_title=publishable_contract_titles(contracts, notices, decisions, texts),
        contract_description=publishable_descriptions(contracts, notices, decisions, texts),
    )
    told = notices[is_invitation(notices)]
    begun = told.groupby("ocid", sort=False)["published_on"].transform("min")
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    ours = told[(begun >= first) & (told["published_on"] <= last)]
    latest = ours.sort_values(["published_on", "release_id"], kind="stable").drop_duplicates(
        "ocid", keep="last"
    )
    by_notice = _with_register(latest, contracts)
    by_notice["contract_ref"] = (
        by_notice["tender_ref"].fillna(by_notice["contract_ref"]).fillna(by_notice["ocid"])
    )
    started = contracts["procurement_commenced_on"].between(first, last)
    published = contracts["process_type"] == PUBLISHED_TENDER
    school = contracts["is_school_contract"].fillna(False)
    elsewhere = started & published & ~school & ~contracts["ocid"].isin(told["ocid"].dropna())
    by_register = contracts[elsewhere.fillna(False).astype(bool)].assign(release_id=None, published_on=None)
    found = pd.concat(
        [conform(part.assign(period=period.id), keys.OUT_TENDER) for part in (by_notice, by_register)]
    )
    net, gross = (
        found[name].where(found[name] > 0) for name in ("value_ex_vat_pence", "value_inc_vat_pence")
    )
    value = net.fillna(gross)
    chosen = found[(value.isna() | (value > floor)).astype(bool)]
    hidden = hidden_names(contracts, payments, decisions, parameters.redaction)
    own = unnamed_by_procurement(chosen, contracts, decisions, parameters.redaction)
    chosen = chosen.assign(
        **{
            name: without_redacted_names(publishable_titles(chosen[name], decisions, texts), hidden, own)
            for name in ("contract_title", "contract_description")
        }
    )
    return _sorted(chosen, keys.OUT_TENDER, ["contract_ref", *LOCATOR[1:4]])


def is_invitation(notices: pd.DataFrame) -> pd.Series:
    """Whether each notice invites to tender: UK4, or of older shapes a release tagged as tender."""
    tags = notices["release_tags"].fillna("").str.split("|")
    tagged = tags.map(lambda names: "tender" in names or "tenderUpdate" in names).astype(bool)
    return ((notices["notice_type"] == "UK4") | (notices["notice_type"].isna() & tagged)).astype(bool)


def _with_register(notices: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """The notices with what the register knows of their procurements; several answers separated by `|`."""
    known = contracts[contracts["ocid"].isin(notices["ocid"])].sort_values("contract_ref", kind="stable")
    told = known.groupby("ocid")
    found = notices.drop(columns=["contract_ref", "department", "review_on"], errors="ignore")
    for name in ("contract_ref", "department"):
        texts = {ocid: _joined(of_one) for ocid, of_one in told[name]}
        found[name] = pd.Series([texts.get(ocid) for ocid in found["ocid"]], index=found.index, dtype="str")
    found["review_on"] = told["review_on"].min().reindex(found["ocid"]).array
    for name in _OF_CONTRACT:
        of_first = told[name].first().reindex(found["ocid"])
        found[name] = found[name].fillna(pd.Series(of_first.array, index=found.index))
    return found


def _joined(texts: pd.Series) -> str | None:
    return "|".join(dict.fromkeys(texts.dropna())) or None


def _named(payments: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules) -> pd.DataFrame:
    """The lines with their payees as published; a payee that is redacted takes its numbers along."""
    told = publishable_payees(payments, decisions, rules)
    is_named = told["payee_reason"].isna()
    return told.assign(**{name: told[name].where(is_named, None) for name in _NUMBERS})


def _spans(start: pd.Series, end: pd.Series) -> pd.Series:
    text: pd.Series = start.dt.strftime("%d/%m/%Y") + " to " + end.dt.strftime("%d/%m/%Y")
    return text.where(start.notna() & end.notna(), None)


def _sorted(chosen: pd.DataFrame, table: str, order: list[str]) -> pd.DataFrame:
    return conform(chosen.sort_values(order, kind="stable"), TABLES[table])

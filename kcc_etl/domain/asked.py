"""A contract of the register as far as proportion goes: value as awarded, type, answers, term.

Does not belong here: what policy makes of it (`proportion`, `choice`), frames of targets (`targets`).

Band and weighting are not opened again by a change of the contract, so values are those before any recorded
change, of the contract itself and of the call-offs that count with it. Source: section 8.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.assumptions import has_options
from kcc_etl.domain.changes import Change, original_end, original_pence
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import round_half_up
from kcc_etl.domain.periods import quarters_in
from kcc_etl.domain.proportion import class_of
from kcc_etl.domain.scope import outside_scope
from kcc_etl.domain.thresholds import is_below_threshold
from kcc_etl.parameters.classes import ClassName
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.quantities import ContractType
from kcc_etl.parameters.statutory import Statutory

RISK_QUESTIONS = ("risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding")
COMPLEXITY_QUESTIONS = (
    "complexity_sites", "complexity_subcontracting", "complexity_labour", "complexity_term",
    "complexity_innovation",
)  # fmt: skip

Row = Mapping[str, Any]
Changes = Mapping[str, Sequence[Change]]
"""The recorded changes of each contract, by its reference."""


def judged_contracts(
    contracts: pd.DataFrame, parameters: Parameters, changes: Changes
) -> Iterator[tuple[Row, Policy]]:
    """The contracts that policy reaches, each with the edition in force and its aggregated value.

    The edition is that of the day the procurement commenced; a contract without that day has none.
    """
    dated = contracts[contracts["procurement_commenced_on"].notna()]
    return _reached(dated, contracts, parameters, changes)


def undated_contracts(
    contracts: pd.DataFrame, parameters: Parameters, changes: Changes
) -> Iterator[tuple[Row, Policy]]:
    """The contracts in scope that may have begun under an edition and do not say when. Source: rule TG-008.

    Each comes with the edition of the day that speaks for it: the earlier of award and signature, the start
    where neither is known. A contract awarded before the first edition had begun before it.
    """
    without = contracts[contracts["procurement_commenced_on"].isna()]
    return _reached(without, contracts, parameters, changes)


def asked_of(
    contract: Row,
    policy: Policy,
    law: Statutory,
    changes: Sequence[Change] = (),
    as_of: date | None = None,
) -> Asked:
    """The contract for `proportion_of`; `contract` has its aggregated value in `aggregated_pence`."""
    vcse = contract["supplier_is_vcse"]
    whole, counted = _values(contract, changes)
    awarded = [contract[name].date() for name in ("awarded_on", "signed_on") if pd.notna(contract[name])]
    spend = contract["supply_spend_ex_vat_pence"]
    return Asked(
        value_ex_vat_pence=whole,
        kind=contract_type(contract, policy),
        service_group=_text(contract["service_group"]),
        supplier_size=_text(contract["supplier_size"]),
        supplier_is_vcse=bool(pd.notna(vcse) and vcse),
        risk_answers=_answers(contract, RISK_QUESTIONS),
        complexity_answers=_answers(contract, COMPLEXITY_QUESTIONS),
        start_on=_day(contract["start_on"]),
        last_on=original_end(_day(contract["end_on"]), changes),
        measures=measures_named(contract["sv_measures"]),
        aggregated_pence=int(contract["aggregated_pence"]),
        counted_pence=counted,
        is_awarded=bool(awarded) and (as_of is None or min(awarded) <= as_of),
        as_of=as_of,
        may_have_kent_quota=may_have_kent_quota(contract, law),
        supply_spend_pence=None if pd.isna(spend) or spend < 0 else int(spend),
    )


def risk_class(contract: Row, policy: Policy) -> ClassName:
    """The class of the contract's five answers on risk. Source: section 8.2."""
    return class_of(_answers(contract, RISK_QUESTIONS), policy)


def may_have_kent_quota(contract: Row, law: Statutory) -> bool:
    """Whether the council may set a share of supply spend for Kent firms in a contract.

    It may only below the threshold and where the contract is reserved to the area; otherwise only the
    bidder's own commitment counts. Source: SI 2026/94; social-value policy parameters, section 8.4; TG-005.
    """
    reserved = contract["is_reserved"]
    return is_below_threshold(contract, law) and bool(pd.notna(reserved) and reserved)


def contract_type(contract: Row, policy: Policy) -> ContractType:
    """The type whose divisor applies: care and light touch first, then works and goods, else services."""
    light = contract["is_light_touch"]
    if (pd.notna(light) and bool(light)) or _text(
        contract["service_group"]
    ) in policy.divisors.light_touch_service_groups:
        return "light_touch"
    types: dict[str, ContractType] = {"works": "works", "goods": "goods"}
    return types.get(_text(contract["procurement_category"]), "services")


def measures_named(text: object) -> tuple[str, ...]:
    """The measure codes of a cell such as `S1|C1`, in their order."""
    return tuple(code.strip() for code in text.split("|") if code.strip()) if isinstance(text, str) else ()


def _reached(
    wanted: pd.DataFrame, contracts: pd.DataFrame, parameters: Parameters, changes: Changes
) -> Iterator[tuple[Row, Policy]]:
    """The wanted contracts that have a value and are in the scope of the edition of their day."""
    valued = wanted[wanted["value_ex_vat_pence"].notna()]
    if valued.empty:
        return
    totals = _aggregated(contracts, parameters, changes)
    for record in valued.to_dict("records"):
        contract = {str(key): value for key, value in record.items()}
        day = _day_of_edition(contract)
        policy = parameters.in_force(day) if day is not None else None
        if policy is None or outside_scope(contract, policy):
            continue
        together = contract["agreement_kind"] in policy.aggregation.agreement_kinds
        total = totals.get((contract["agreement_kind"], contract["parent_ref"]), 0) if together else 0
        yield {**contract, "aggregated_pence": total}, policy


def _aggregated(
    contracts: pd.DataFrame, parameters: Parameters, changes: Changes
) -> dict[tuple[str, str], int]:
    """Value as awarded of all agreements of one kind under one framework, in pence excluding VAT."""
    kinds = {kind for policy in parameters.policies for kind in policy.aggregation.agreement_kinds}
    counts = contracts["agreement_kind"].isin(kinds) & contracts["value_ex_vat_pence"].notna()
    under = contracts[counts & contracts["parent_ref"].notna()]
    totals: dict[tuple[str, str], int] = {}
    for record in under.to_dict("records"):
        contract = {str(key): value for key, value in record.items()}
        place = (contract["agreement_kind"], contract["parent_ref"])
        totals[place] = totals.get(place, 0) + awarded_pence(contract, changes)
    return totals


def awarded_pence(contract: Mapping[Any, Any], changes: Changes) -> int:
    """Whole-life value with options before any recorded change, in pence excluding VAT."""
    own = changes.get(str(contract["contract_ref"]), ())
    original = original_pence(own)
    if original is None:
        return int(contract["value_ex_vat_pence"])
    if any(pd.isna(contract[name]) for name in ("start_on", "end_on", "value_ex_vat_pence")):
        return original
    return _values(contract, own)[0]


def _values(contract: Row, changes: Sequence[Change]) -> tuple[int, Fraction]:
    """Whole-life value with options, in whole pence, and the part without them, exact.

    Options count from the day they are taken up, as a recorded extension. Without a value of their own they
    are taken to have the share of the value that they have of the time.
    """
    value, original = int(contract["value_ex_vat_pence"]), original_pence(changes)
    end = original_end(_day(contract["end_on"]), changes)
    options = contract["options_value_ex_vat_pence"]
    if pd.notna(options):
        core = Fraction(max(value - int(options), 0)) if original is None else Fraction(original)
        return (value if original is None else original + int(options)), core
    start = _day(contract["start_on"])
    last = _day(contract["max_end_on"]) if has_options(contract, end) else end
    share = quarters_in(start, end) / quarters_in(start, last) if start <= end else Fraction(1)
    if original is None:
        return value, value * share
    return int(round_half_up(original / share)), Fraction(original)


def _day_of_edition(contract: Row) -> date | None:
    """The day the procurement commenced, else the first day that is known to be no earlier."""
    if pd.notna(contract["procurement_commenced_on"]):
        return _day(contract["procurement_commenced_on"])
    days = [contract[name] for name in ("awarded_on", "signed_on") if pd.notna(contract[name])]
    days = days or [contract["start_on"]]
    return None if pd.isna(min(days)) else _day(min(days))


def _answers(contract: Row, questions: tuple[str, ...]) -> tuple[int | None, ...]:
    """The answers; one outside 1 to 3 is no answer (rule CR-011)."""
    given = (contract[question] for question in questions)
    return tuple(int(answer) if pd.notna(answer) and 1 <= answer <= 3 else None for answer in given)


def _text(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)

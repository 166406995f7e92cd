"""Targets of every contract: what policy asks, what an officer agreed, what the supplier promised.

Does not belong here: the arithmetic of one contract (`proportion`), what is due by when (`delivery`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.assumptions import COMMITMENT, SEPARATOR, assumptions_of, has_options
from kcc_etl.domain.changes import Change, changes_by_contract, original_end, original_pence
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.money import number_display, round_half_up
from kcc_etl.domain.overrides import overrides_by_target, standing
from kcc_etl.domain.periods import quarters_in
from kcc_etl.domain.proportion import (
    Asked,
    Proportion,
    Quantity,
    band_of,
    opening,
    proportion_of,
    quantities,
    score_of,
)
from kcc_etl.domain.scope import outside_scope
from kcc_etl.domain.thresholds import is_below_threshold
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.quantities import ContractType
from kcc_etl.schema import frames

RISK_QUESTIONS = ("risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding")
COMPLEXITY_QUESTIONS = (
    "complexity_sites", "complexity_subcontracting", "complexity_labour", "complexity_term",
    "complexity_innovation",
)  # fmt: skip

Row = Mapping[str, Any]
Subject = tuple[str, str]
"""A contract reference and a measure code."""


def compute_targets(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters, as_of: date | None = None
) -> pd.DataFrame:
    """The targets of the contracts, one row a contract and measure, in the order of both.

    The edition of the policy is that in force on the day the procurement commenced; a contract from before
    the first edition has no targets. `target` is exact and rounded once; `original` is the target or an
    override that counts; `agreed` is what it has become by `as_of` through changes of the contract, through
    all of them without a day; `committed` is the supplier's promise, missing when none is recorded.
    Source: social-value policy parameters, sections 8.1 to 8.6 and 8.8.
    """
    overrides = overrides_by_target(decisions)
    promises = {
        place: rows[-1]["quantity"]
        for place, rows in decided(decisions, "commitment", ("subject", "measure_code")).items()
    }
    changes = changes_by_contract(decisions)
    made: list[dict[str, Any]] = []
    for contract, policy in _in_scope(contracts, parameters):
        ref = str(contract["contract_ref"])
        proportion = proportion_of(_asked(contract, policy, changes.get(ref, ()), as_of), policy)
        barred = kent_quota_barred(contract, policy, parameters)
        for quantity in quantities(proportion, policy, parameters):
            subject = (ref, quantity.measure.code)
            row = _row(subject, proportion, quantity, promises.get(subject), policy)
            row |= _assumed(contract, quantity, row, changes.get(ref, ()))
            override = standing(overrides.get(subject, ()), row["target"], policy, barred)
            row["original"] = row["target"] if override is None else override.quantity
            row["override_id"] = None if override is None else override.decision_id
            made.append({**row, "parameter_version": parameters.version})
    plans = Plans(contracts, decisions, parameters)
    for row in made:
        row["agreed"] = plans.of(row).whole(as_of)
    frame = frames.from_rows(made, keys.OUT_TARGET)
    return frame.sort_values(["contract_ref", "measure_code"], kind="stable", ignore_index=True)


def contracts_asked(contracts: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """References of the contracts that policy asks for targets: in its scope and in a band that asks."""
    return tuple(ref for ref, band in contract_bands(contracts, parameters).items() if band.mode != "none")


def contract_bands(contracts: pd.DataFrame, parameters: Parameters) -> dict[str, Band]:
    """The band of every contract that policy reaches, by its reference."""
    return {
        str(contract["contract_ref"]): band_of(_asked(contract, policy), policy)
        for contract, policy in _in_scope(contracts, parameters)
    }


def kent_quota_barred(contract: Row, policy: Policy, parameters: Parameters) -> frozenset[str]:
    """The measure of spend with Kent firms, where the council may not set a quota of its own.

    It may only below the threshold and where the contract is reserved to the area; otherwise only the
    bidder's own commitment counts. Source: SI 2026/94; social-value policy parameters, section 8.4; TG-005.
    """
    reserved = contract["is_reserved"]
    may = is_below_threshold(contract, parameters.statutory) and pd.notna(reserved) and bool(reserved)
    return frozenset() if may else frozenset({policy.kent_supply.measure})


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


def _in_scope(contracts: pd.DataFrame, parameters: Parameters) -> Iterator[tuple[Row, Policy]]:
    """The contracts that policy reaches, each with the edition in force and its aggregated value."""
    dated = contracts[contracts["procurement_commenced_on"].notna() & contracts["value_ex_vat_pence"].notna()]
    if dated.empty:
        return
    totals = _aggregated(contracts)
    for record in dated.to_dict("records"):
        contract = {str(key): value for key, value in record.items()}
        policy = parameters.in_force(contract["procurement_commenced_on"].date())
        if policy is None or outside_scope(contract, policy):
            continue
        together = contract["agreement_kind"] in policy.aggregation.agreement_kinds
        total = totals.get((contract["agreement_kind"], contract["parent_ref"]), 0) if together else 0
        yield {**contract, "aggregated_pence": total}, policy


def _aggregated(contracts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Value of all agreements of one kind under one framework, in pence excluding VAT."""
    under = contracts[contracts["parent_ref"].notna() & contracts["value_ex_vat_pence"].notna()]
    totals: dict[tuple[str, str], int] = {}
    for kind, parent, pence in under[["agreement_kind", "parent_ref", "value_ex_vat_pence"]].itertuples(
        index=False
    ):
        totals[(kind, parent)] = totals.get((kind, parent), 0) + int(pence)
    return totals


def _asked(contract: Row, policy: Policy, changes: Sequence[Change] = (), as_of: date | None = None) -> Asked:
    vcse = contract["supplier_is_vcse"]
    whole, counted = _values(contract, changes)
    awarded = [contract[name].date() for name in ("awarded_on", "signed_on") if pd.notna(contract[name])]
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
    )


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


def _answers(contract: Row, questions: tuple[str, ...]) -> tuple[int | None, ...]:
    """The answers; one outside 1 to 3 is no answer (rule CR-011)."""
    given = (contract[question] for question in questions)
    return tuple(int(answer) if pd.notna(answer) and 1 <= answer <= 3 else None for answer in given)


def _row(
    subject: Subject, made: Proportion, quantity: Quantity, committed: Fraction | None, policy: Policy
) -> dict[str, Any]:
    target = quantity.quantity
    if quantity.committed:
        target = Fraction(0) if committed is None else committed
    return {
        "contract_ref": subject[0],
        "measure_code": subject[1],
        "measure_title": quantity.measure.title,
        "unit": quantity.measure.unit,
        "band": made.band.code,
        "mode": made.band.mode,
        "risk_class": made.risk,
        "complexity_class": made.complexity,
        **_factors(made, quantity, policy),
        "is_commitment": quantity.committed,
        "target": target,
        "committed": committed,
        "explanation": _explanation(made, quantity, target, committed),
    }


def _factors(made: Proportion, quantity: Quantity, policy: Policy) -> dict[str, Any]:
    """The inputs of a calculated target and each factor of it; empty where nothing is calculated."""
    if quantity.unrounded is None:
        return {"counted_value": made.counted_pence / 100, "basis": "|".join(quantity.sections)}
    by_hours = quantity.measure.computed == "hours"
    return {
        "contract_type": made.asked.kind,
        "counted_value": made.counted_pence / 100,
        "risk_score": score_of(made.asked.risk_answers, policy),
        "complexity_score": score_of(made.asked.complexity_answers, policy),
        "rate": policy.hours.per_million_a_year / made.years if by_hours else 1 / made.divisor,
        "complexity_factor": made.complexity_factor,
        "risk_factor": made.risk_factor,
        "relief": made.relief,
        "relief_reason": made.relief_reason,
        "unrounded": quantity.unrounded,
        "basis": "|".join(quantity.sections),
    }


def _assumed(contract: Row, quantity: Quantity, row: Row, changes: Sequence[Change]) -> dict[str, str | None]:
    end = original_end(_day(contract["end_on"]), changes)
    has_measures = bool(measures_named(contract["sv_measures"]))
    questions = (*RISK_QUESTIONS, *COMPLEXITY_QUESTIONS)
    found = [*assumptions_of(contract, questions, end, has_measures=has_measures)]
    if quantity.committed and row["committed"] is None:
        found.append(COMMITMENT)
    return {"assumed": SEPARATOR.join(found) or None}


def _explanation(made: Proportion, quantity: Quantity, target: Fraction, committed: Fraction | None) -> str:
    """One plain sentence with every factor, the sum before rounding, and the target."""
    amount = _amount(target, quantity.measure.unit)
    if not quantity.committed:
        end = f"the target is {amount}"
    elif committed is None:
        end = "the supplier's own commitment is the target, and none is recorded"
    else:
        end = f"the target is the supplier's own commitment of {amount}"
    # A sum goes on from the value; anything else is a clause of its own.
    link = " " if quantity.way.startswith(("/", "over ")) else ": "
    return f"{opening(made)}{link}{quantity.way}; {end}."


def _amount(quantity: Fraction, unit: str) -> str:
    number = number_display(quantity, 6)
    return {"£": f"£{number}", "%": f"{number}%"}.get(unit, f"{number} {unit}")


def _text(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)

"""Targets of every contract: what policy asks, what an officer agreed, what the supplier promised.

Does not belong here: the arithmetic of one contract (`proportion`), what is due by when (`delivery`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.money import number_display
from kcc_etl.domain.proportion import (
    Asked,
    Proportion,
    Quantity,
    band_of,
    opening,
    proportion_of,
    quantities,
)
from kcc_etl.parameters.model import ContractType, Parameters, Policy
from kcc_etl.schema import frames

RISK_QUESTIONS = ("risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding")
COMPLEXITY_QUESTIONS = (
    "complexity_sites", "complexity_subcontracting", "complexity_labour", "complexity_term",
    "complexity_innovation",
)  # fmt: skip

Row = Mapping[str, Any]
Subject = tuple[str, str]
"""A contract reference and a measure code."""


def compute_targets(contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The targets of the contracts, one row a contract and measure, in the order of both.

    The edition of the policy is that in force on the day the procurement commenced; a contract from before
    the first edition has no targets. `target` is exact and rounded once; `agreed` is the target or an
    override that counts; `committed` is the supplier's promise, missing when none is recorded.
    Source: social-value policy parameters, sections 8.1 to 8.5 and 8.8.
    """
    about = ("subject", "measure_code")
    overrides = decided(decisions, "override", about)
    promises = {
        place: rows[-1]["quantity"] for place, rows in decided(decisions, "commitment", about).items()
    }
    made: list[dict[str, object]] = []
    for contract, policy in _in_scope(contracts, parameters):
        proportion = proportion_of(_asked(contract, policy), policy)
        for quantity in quantities(proportion, policy, parameters):
            subject = (str(contract["contract_ref"]), quantity.measure.code)
            row = _row(subject, proportion, quantity, promises.get(subject))
            row["agreed"] = agreed_quantity(row["target"], overrides.get(subject, ()), policy)
            made.append({**row, "parameter_version": parameters.version})
    frame = frames.from_rows(made, keys.OUT_TARGET)
    return frame.sort_values(["contract_ref", "measure_code"], kind="stable", ignore_index=True)


def contracts_asked(contracts: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """References of the contracts that policy asks for targets: in its scope and in a band that asks."""
    return tuple(
        str(contract["contract_ref"])
        for contract, policy in _in_scope(contracts, parameters)
        if band_of(_asked(contract, policy), policy).mode != "none"
    )


def override_counts(role: object, quantity: Fraction, target: Fraction, policy: Policy) -> bool:
    """Whether an officer of this role may set a target to this quantity.

    A category lead within the limit either way, the head of procurement and the chief procurement officer
    to any quantity, nobody else. Source: social-value policy parameters, section 8.8; rule DC-004.
    """
    plain = " ".join(str(role).casefold().replace("_", " ").replace("-", " ").split())
    if plain in (name.casefold() for name in policy.overrides.roles_without_limit):
        return True
    within = plain in (name.casefold() for name in policy.overrides.roles_within_limit)
    return within and abs(quantity - target) <= target * policy.overrides.limit_pct / 100


def agreed_quantity(target: Fraction, overrides: list[Row] | tuple[Row, ...], policy: Policy) -> Fraction:
    """The target, or the last override that counts; `overrides` come in the order they were decided."""
    counting = [
        row["quantity"] for row in overrides if override_counts(row["role"], row["quantity"], target, policy)
    ]
    return counting[-1] if counting else target


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
        if policy is None or not _carries_targets(contract, policy):
            continue
        together = contract["agreement_kind"] in policy.aggregation.agreement_kinds
        total = totals.get((contract["agreement_kind"], contract["parent_ref"]), 0) if together else 0
        yield {**contract, "aggregated_pence": total}, policy


def _carries_targets(contract: Row, policy: Policy) -> bool:
    school = contract["is_school_contract"]
    return (
        _text(contract["agreement_kind"]) not in policy.scope.agreement_kinds_without_targets
        and _text(contract["regime"]) not in policy.scope.regimes_without_targets
        and (policy.scope.school_contracts_have_targets or not (pd.notna(school) and bool(school)))
        and pd.notna(contract["start_on"])
        and pd.notna(contract["end_on"])
    )


def _aggregated(contracts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Value of all agreements of one kind under one framework, in pence excluding VAT."""
    under = contracts[contracts["parent_ref"].notna() & contracts["value_ex_vat_pence"].notna()]
    totals: dict[tuple[str, str], int] = {}
    for kind, parent, pence in under[["agreement_kind", "parent_ref", "value_ex_vat_pence"]].itertuples(
        index=False
    ):
        totals[(kind, parent)] = totals.get((kind, parent), 0) + int(pence)
    return totals


def _asked(contract: Row, policy: Policy) -> Asked:
    vcse, latest = contract["supplier_is_vcse"], contract["max_end_on"]
    last_days = [_day(contract["end_on"]), *([_day(latest)] if pd.notna(latest) else [])]
    return Asked(
        value_ex_vat_pence=int(contract["value_ex_vat_pence"]),
        kind=contract_type(contract, policy),
        service_group=_text(contract["service_group"]),
        supplier_size=_text(contract["supplier_size"]),
        supplier_is_vcse=bool(pd.notna(vcse) and vcse),
        risk_answers=_answers(contract, RISK_QUESTIONS),
        complexity_answers=_answers(contract, COMPLEXITY_QUESTIONS),
        start_on=_day(contract["start_on"]),
        last_on=max(last_days),
        measures=measures_named(contract["sv_measures"]),
        aggregated_pence=int(contract["aggregated_pence"]),
    )


def _answers(contract: Row, questions: tuple[str, ...]) -> tuple[int | None, ...]:
    """The answers; one outside 1 to 3 is no answer (rule CR-011)."""
    given = (contract[question] for question in questions)
    return tuple(int(answer) if pd.notna(answer) and 1 <= answer <= 3 else None for answer in given)


def _row(
    subject: Subject, made: Proportion, quantity: Quantity, committed: Fraction | None
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
        "target": target,
        "committed": committed,
        "explanation": _explanation(made, quantity, target, committed),
    }


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

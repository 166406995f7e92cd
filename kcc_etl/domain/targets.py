"""Targets of every contract: what policy asks, what an officer agreed, what the supplier promised.

Does not belong here: the arithmetic of one contract (`proportion`), what is due by when (`delivery`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import (
    COMPLEXITY_QUESTIONS,
    RISK_QUESTIONS,
    Changes,
    asked_of,
    judged_contracts,
    may_have_kent_quota,
    undated_contracts,
)
from kcc_etl.domain.assumptions import (
    COMMITMENT,
    SEPARATOR,
    SUPPLY_SPEND,
    SUPPLY_SPEND_NOTHING,
    assumptions_of,
    default_measure_added,
)
from kcc_etl.domain.banding import Placing, placing_of
from kcc_etl.domain.changes import Change, original_end
from kcc_etl.domain.commitments import Promised
from kcc_etl.domain.committed import Quantity
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import number_display, quantity_display
from kcc_etl.domain.overrides import overrides_by_target, standing
from kcc_etl.domain.proportion import (
    Proportion,
    choices,
    opening,
    proportion_of,
    quantities,
    score_of,
)
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames

Row = Mapping[str, Any]
Subject = tuple[str, str]
"""A contract reference and a measure code."""

_OWN = "the supplier's own commitment"


def compute_targets(
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    as_of: date | None = None,
    payments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The targets of the contracts, one row a contract and measure, in the order of both.

    The edition of the policy is that in force on the day the procurement commenced; a contract from before
    the first edition has no targets. `target` is exact and rounded once; `original` is the target or an
    override that counts; `agreed` is what it has become by `as_of` through changes of the contract and new
    commitments, through all of them without a day, or what the `payments` make of it where no spend is
    guaranteed; `committed` is the supplier's promise as it stands then, missing when none counts.
    Source: social-value policy parameters, sections 8.1 to 8.6 and 8.8.
    """
    overrides = overrides_by_target(decisions)
    plans = Plans(contracts, decisions, parameters, payments)
    changes = changes_that_count(contracts, decisions)
    made: list[dict[str, Any]] = []
    for contract, policy in judged_contracts(contracts, parameters, changes):
        ref = str(contract["contract_ref"])
        proportion = proportion_of(_asked(contract, policy, parameters, changes, as_of), policy)
        barred = kent_quota_barred(contract, policy, parameters)
        for quantity in quantities(proportion, policy, parameters):
            subject = (ref, quantity.measure.code)
            promised = plans.promised.get(subject, Promised())
            row = _row(subject, proportion, quantity, promised.original, policy, parameters.version)
            row["committed"] = promised.on(as_of)
            if promised.original is not None and row["committed"] != promised.original:
                row["explanation"] = row["explanation"].replace(_OWN, f"{_OWN} at first,", 1)
            row |= _assumed(contract, quantity, row, changes.get(ref, ()))
            override = standing(overrides.get(subject, ()), row["target"], policy, barred)
            row["original"] = row["target"] if override is None else override.quantity
            row["override_id"] = None if override is None else override.decision_id
            made.append(row)
    for row in made:
        plan = plans.of(row)
        row["agreed"] = plan.agreed(as_of)
        if plan.by_invoice is not None:
            rate = number_display(plan.by_invoice.per_million, 4)
            row["explanation"] += (
                f" Spend is not guaranteed: agreed and due are {rate} for each £1m invoiced, excluding VAT."
            )
    frame = frames.from_rows(made, keys.OUT_TARGET)
    return frame.sort_values(["contract_ref", "measure_code"], kind="stable", ignore_index=True)


def contracts_asked(contracts: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """References of the contracts that policy asks for targets: in its scope and in a band that asks."""
    return tuple(ref for ref, band in contract_bands(contracts, parameters).items() if band.mode != "none")


def contract_bands(
    contracts: pd.DataFrame, parameters: Parameters, decisions: pd.DataFrame | None = None
) -> dict[str, Band]:
    """The band of every contract that policy reaches, by its reference.

    With `decisions` it is the band of the value before the changes that they record.
    """
    return {ref: place.band for ref, place in contract_placings(contracts, parameters, decisions).items()}


def contract_placings(
    contracts: pd.DataFrame, parameters: Parameters, decisions: pd.DataFrame | None = None
) -> dict[str, Placing]:
    """What `contract_bands` gives, with the steps that led to each band."""
    changes = {} if decisions is None else changes_that_count(contracts, decisions)
    return {
        str(contract["contract_ref"]): placing_of(_asked(contract, policy, parameters, changes), policy)
        for contract, policy in judged_contracts(contracts, parameters, changes)
    }


def contracts_undated(contracts: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """References of contracts that would be asked for targets if the register said when they began.

    Their procurement may have commenced under an edition of the policy. Source: rule TG-008.
    """
    return tuple(
        str(contract["contract_ref"])
        for contract, policy in undated_contracts(contracts, parameters, {})
        if placing_of(_asked(contract, policy, parameters, {}), policy).band.mode != "none"
    )


def measures_added(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> dict[str, frozenset[str]]:
    """The measures that policy asks of each contract in a required band, chosen or not, by its reference.

    The band is that of the value before the changes that `decisions` record, as it is for the targets.
    """
    changes = changes_that_count(contracts, decisions)
    found = {}
    for contract, policy in judged_contracts(contracts, parameters, changes):
        made = proportion_of(_asked(contract, policy, parameters, changes), policy)
        if made.band.mode == "required":
            asked = choices(made, policy, parameters)
            found[str(contract["contract_ref"])] = frozenset(choice.measure.code for choice in asked)
    return found


def kent_quota_barred(contract: Row, policy: Policy, parameters: Parameters) -> frozenset[str]:
    """The measure of spend with Kent firms, where the council may not set a quota of its own. Rule TG-005."""
    may = may_have_kent_quota(contract, parameters.statutory)
    return frozenset() if may else frozenset({policy.kent_supply.measure})


def _asked(
    contract: Row, policy: Policy, parameters: Parameters, changes: Changes, as_of: date | None = None
) -> Asked:
    own = changes.get(str(contract["contract_ref"]), ())
    return asked_of(contract, policy, parameters.statutory, own, as_of)


def _row(
    subject: Subject,
    made: Proportion,
    quantity: Quantity,
    committed: Fraction | None,
    policy: Policy,
    version: str,
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
        "class_label": policy.label_of(made.band, made.risk),
        **_factors(made, quantity, policy),
        "is_commitment": quantity.committed,
        "target": target,
        "committed": committed,
        "explanation": _explanation(made, quantity, target, committed, version),
        "parameter_version": version,
    }


def _factors(made: Proportion, quantity: Quantity, policy: Policy) -> dict[str, Any]:
    """The inputs of a calculated target and each factor of it; empty where nothing is calculated."""
    common = {"counted_value": made.counted_pence / 100, "basis": "|".join(quantity.sections)}
    if quantity.unrounded is None or quantity.measure.computed == "committed":
        return {**common, "unrounded": quantity.unrounded}
    by_hours = quantity.measure.computed == "hours"
    return {
        **common,
        "contract_type": made.asked.kind,
        "risk_score": score_of(made.asked.risk_answers, policy),
        "complexity_score": score_of(made.asked.complexity_answers, policy),
        "rate": policy.hours.per_million_a_year / made.years if by_hours else 1 / made.divisor,
        "complexity_factor": made.complexity_factor,
        "risk_factor": made.risk_factor,
        "relief": made.relief,
        "relief_reason": made.relief_reason,
        "unrounded": quantity.unrounded,
    }


def _assumed(contract: Row, quantity: Quantity, row: Row, changes: Sequence[Change]) -> dict[str, str | None]:
    end = original_end(contract["end_on"].date(), changes)
    found = [*assumptions_of(contract, (*RISK_QUESTIONS, *COMPLEXITY_QUESTIONS), end)]
    if quantity.default_measure:
        found.append(default_measure_added(quantity.default_measure))
    if quantity.lacks_spend:
        found.append(SUPPLY_SPEND)
    if quantity.spend_is_nothing:
        found.append(SUPPLY_SPEND_NOTHING)
    if quantity.committed and row["committed"] is None and not quantity.is_baseline:
        found.append(COMMITMENT)
    return {"assumed": SEPARATOR.join(found) or None}


def _explanation(
    made: Proportion, quantity: Quantity, target: Fraction, committed: Fraction | None, version: str
) -> str:
    """One plain sentence with every factor, the sum before rounding, the target; then notes and the basis."""
    amount = quantity_display(target, quantity.measure.unit, 6)
    if not quantity.committed:
        end = f"the target is {amount}"
    elif committed is None and quantity.is_baseline:
        end = "nothing is asked for until it is over"
    elif committed is None:
        end = "the supplier's own commitment is the target, and none is recorded"
    else:
        end = f"the target is {_OWN} of {amount}"
    # A sum goes on from the value; anything else is a clause of its own.
    link = " " if quantity.way.startswith(("/", "over ")) else ": "
    sentence = f"{opening(made)}{link}{quantity.way}; {end}."
    sections = f"section{'s' if len(quantity.sections) > 1 else ''} {', '.join(quantity.sections)}"
    return " ".join(filter(None, (sentence, quantity.note, f"Parameters {version}, {sections}.")))

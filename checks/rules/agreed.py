"""Rules on what else moves an agreed target: new commitments, later milestones, several overrides of one day.

Does not belong here: authority and reasons of overrides (`decisions`), changes of contracts (`changes`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from checks.rules.editions import edition_by_contract
from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import MILESTONE
from kcc_etl.domain.commitments import COMMITMENT, promised_by_target
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import overrides_by_target
from kcc_etl.domain.versions import staged_plans


def new_commitment_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-020: a commitment decided after the start of the contract that replaces another needs authority.

    One outcome a decision. Applies to commitments known on the day spoken about; the contract's own needs
    none. Source: social-value policy parameters, section 8.8.
    """
    return _of_commitments(inputs, "authority", "quantity")


def new_commitment_lies_in_the_term(inputs: Inputs) -> Outcome:
    """DC-021: a commitment that replaces another takes effect while the contract runs.

    One outcome a decision, applies as DC-020 does. Source: the same, section 8.6.
    """
    return _of_commitments(inputs, "term", "effective_on")


def later_milestones_are_within_authority(inputs: Inputs) -> Outcome:
    """DC-026: milestones decided after the start of the contract need authority, and a contract that runs.

    One outcome a decision. Applies to milestones known on the day spoken about of targets that they can move.
    A role with a limit may move what is due at the end of any quarter by so many percent of the target either
    way, and all decisions of one day about a target stand or fall together. Source: the same, section 8.8.
    """
    contracts, targets = inputs.frames[keys.CORE_CONTRACT], inputs.frames[keys.OUT_TARGET]
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    plans = staged_plans(contracts, targets, known, inputs.parameters)
    judged = [
        (number, (ref, code))
        for number, kind, ref, code in rows(
            known, ["decision_id", "decision_kind", "subject", "measure_code"]
        )
        if kind == MILESTONE and (ref, code) in plans
    ]
    said = {number: plans[place].not_counted.get(number, "") for number, place in judged}
    return _answer(inputs, said, "quantity", "no decision plans a target by milestones")


def one_override_of_a_day_stands(inputs: Inputs) -> Outcome:
    """DC-022: of overrides of one target that count and were made on one day, the last number stands.

    One outcome a decision. Applies to overrides that stand, and to those of their day that would otherwise.
    Source: the same, section 8.8.
    """
    decisions, targets = inputs.frames[keys.CORE_DECISION], inputs.frames[keys.OUT_TARGET]
    known = decisions_known(decisions, inputs.as_of)
    made = overrides_by_target(known)
    days = dict(rows(known, ["decision_id", "decided_on"]))
    editions = edition_by_contract(inputs)
    said: dict[str, str] = {}
    for ref, code, target, number in rows(targets, ["contract_ref", "measure_code", "target", "override_id"]):
        edition = editions.get(ref)
        if not isinstance(number, str) or edition is None:
            continue
        of_day = [one for one in made.get((ref, code), ()) if days[one.decision_id] == days.get(number)]
        quantities = {one.decision_id: one.quantity for one in of_day if one.counts(target, edition)}
        for other, quantity in quantities.items():
            stands = f"{number} of the same day stands, with {number_display(quantities[number])}"
            said[other] = "" if other == number else f"{number_display(quantity)}; {stands}"
    return _answer(inputs, said, "quantity", "no override stands")


def _of_commitments(inputs: Inputs, about: str, field: str) -> Outcome:
    contracts = inputs.frames[keys.CORE_CONTRACT]
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    changes = changes_that_count(contracts, known)
    found = promised_by_target(contracts, known, inputs.parameters, changes)
    faults = {
        number: fault.found
        for promised in found.values()
        for number, fault in promised.faults.items()
        if fault.about == about
    }
    judged = [
        number
        for number, kind, *place in rows(known, ["decision_id", "decision_kind", "subject", "measure_code"])
        if kind == COMMITMENT and tuple(place) in found
    ]
    said = {number: faults.get(number, "") for number in judged}
    return _answer(inputs, said, field, "no decision is a commitment")


def _answer(inputs: Inputs, said: Mapping[str, str], field: str, reason: str) -> Outcome:
    """One outcome a decision: what is `said` of it, nothing where it is fine, missing where not judged."""
    decisions = inputs.frames[keys.CORE_DECISION]
    numbers = [number for (number,) in rows(decisions, ["decision_id"])]
    ok = [not said[number] if number in said else None for number in numbers]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series([said.get(number, "") for number in numbers], index=decisions.index, dtype=object),
        field=pd.Series(field, index=decisions.index, dtype=object),
        reason=reason,
    )


JUDGES: dict[str, Judge] = {
    "DC-020": new_commitment_is_within_authority,
    "DC-021": new_commitment_lies_in_the_term,
    "DC-022": one_override_of_a_day_stands,
    "DC-026": later_milestones_are_within_authority,
}

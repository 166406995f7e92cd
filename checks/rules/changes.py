"""Rules on recorded changes of contracts, and on verifications of what nobody claimed.

Does not belong here: which changes count (`kcc_etl.domain.counted_changes`); other decisions (`decisions`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import EARLY_END, EXTENSION, VALUE_CHANGE
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.counted_changes import after_the_early_end, changes_that_count, faults_of_changes
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.verified import verifications

_OF_VALUE, _OF_TERM = (VALUE_CHANGE, EXTENSION), (VALUE_CHANGE, EXTENSION, EARLY_END)


def change_names_the_value_of_the_register(inputs: Inputs) -> Outcome:
    """DC-016: the original value of a change is that of the register, before the changes or after any.

    One outcome a decision. Applies to changes of value and extensions known on the day spoken about.
    Source: social-value policy parameters, section 8.6.
    """
    return _of_changes(inputs, "value", _OF_VALUE)


def change_lies_in_the_term(inputs: Inputs) -> Outcome:
    """DC-017: an extension begins the day after the end, an early end names it, a change lies in the term.

    One outcome a decision. Applies to changes known on the day spoken about. Source: the same.
    """
    return _of_changes(inputs, "term", _OF_TERM)


def change_is_of_a_running_contract(inputs: Inputs) -> Outcome:
    """DC-018: no change takes effect after the contract has ended early; one outcome a decision.

    Applies to changes that count by the rules before. Source: the same.
    """
    counting = changes_that_count(*_known(inputs))
    over = {
        number: end for changes in counting.values() for number, end in after_the_early_end(changes).items()
    }
    numbers = {change.decision_id for changes in counting.values() for change in changes}
    found = {number: f"the contract ends early on {end}" for number, end in over.items()}
    return _answer(inputs, {number: found.get(number, "") for number in numbers}, "effective_on", _NO_CHANGE)


def verification_is_of_a_claim(inputs: Inputs) -> Outcome:
    """DC-019: a verification is about a quarter for which its measure was claimed; one outcome a decision.

    Applies to the verifications that stand on the day spoken about; where one return a year is asked for, a
    year stands for the quarter that its return counts in. Source: the same, section 8.7.
    """
    claims = Claimed(inputs.frames[keys.CORE_CLAIM], inputs.parameters.measure_of)
    claimed = claims.by_quarter(inputs.as_of)
    contracts, known = _known(inputs)
    standing = verifications(known, contracts, inputs.frames[keys.CORE_CLAIM], inputs.parameters)
    found = {}
    for place, decision in standing.items():
        ref, code, period = place
        found[decision["decision_id"]] = "" if place in claimed else _unclaimed(ref, code, period, inputs)
    return _answer(inputs, found, "period", "no decision verifies a claim")


def _unclaimed(ref: str, code: str, period: str, inputs: Inputs) -> str:
    if not is_quarter(period):
        return f"{period}; {ref} owes a return every quarter, so it takes a quarter such as 2026-27-Q2"
    if parse_period(period).end > inputs.as_of:
        return f"{period}, which has not ended"
    return f"{period}, for which {ref} has no claim of {code}"


_NO_CHANGE = "no decision changes a contract"


def _known(inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    decisions = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    return inputs.frames[keys.CORE_CONTRACT], decisions


def _of_changes(inputs: Inputs, about: str, kinds: tuple[str, ...]) -> Outcome:
    contracts, decisions = _known(inputs)
    faults = {
        number: fault
        for number, fault in faults_of_changes(contracts, decisions).items()
        if fault.about == about
    }
    judged = decisions.loc[decisions["decision_kind"].isin(kinds), "decision_id"]
    said = {number: faults[number].found if number in faults else "" for number in judged}
    fields = {number: fault.field for number, fault in faults.items()}
    return _answer(inputs, said, "effective_on", _NO_CHANGE, fields)


def _answer(
    inputs: Inputs, said: Mapping[str, str], field: str, reason: str, fields: Mapping[str, str] | None = None
) -> Outcome:
    """One outcome a decision: what is `said` of it, nothing where it is fine, missing where not judged."""
    decisions = inputs.frames[keys.CORE_DECISION]
    numbers = [number for (number,) in rows(decisions, ["decision_id"])]
    ok = [not said[number] if number in said else None for number in numbers]
    names = [(fields or {}).get(number, field) for number in numbers]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series([said.get(number, "") for number in numbers], index=decisions.index, dtype=object),
        field=pd.Series(names, index=decisions.index, dtype=object),
        reason=reason,
    )


JUDGES: dict[str, Judge] = {
    "DC-016": change_names_the_value_of_the_register,
    "DC-017": change_lies_in_the_term,
    "DC-018": change_is_of_a_running_contract,
    "DC-019": verification_is_of_a_claim,
}

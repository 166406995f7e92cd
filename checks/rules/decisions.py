"""Rules on officers' decisions.

Does not belong here: applying a decision to a target (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pandas as pd

from checks.rules.editions import edition_by_contract
from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import MILESTONE
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.commitments import COMMITMENT
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.money import number_display, percent_display
from kcc_etl.domain.overrides import OVERRIDE, Override, overrides_by_target
from kcc_etl.domain.verified import VERIFICATION, verifications
from kcc_etl.parameters.model import Policy


def override_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-004: an override stays within the authority of the role that made it, or one that may approves it.

    One outcome a decision. Applies to overrides of a measure that has a calculated target: a role with a
    limit may move it by so many percent either way, a role without one by any amount, no other role at all.
    Approvals count that were made by the day spoken about. Source: social-value policy parameters,
    section 8.8.
    """

    def judge(one: Override, target: Fraction, edition: Policy) -> tuple[bool, str]:
        found = f"{number_display(one.quantity)} for {_change(one.quantity, target)}, by {one.role}"
        return one.has_authority(target, edition), found

    return _of_overrides(inputs, judge, "quantity")


def override_gives_a_reason_of_the_policy(inputs: Inputs) -> Outcome:
    """DC-009: an override gives one of the policy's reasons; one outcome a decision.

    Applies to overrides of a measure that has a calculated target. Source: the same, section 8.8.
    """
    return _of_overrides(
        inputs, lambda one, _, edition: (one.has_reason(edition), one.reason_code), "reason_code"
    )


def override_is_about_what_is_asked(inputs: Inputs) -> Outcome:
    """DC-010: what is promised, set, planned or verified is of a measure that the contract is asked for.

    One outcome a decision; applies to commitments, overrides, milestones and verifications. Source: the same,
    section 8.8.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    asked = set(rows(inputs.frames[keys.OUT_TARGET], ["contract_ref", "measure_code"]))
    about = list(rows(decisions, ["subject", "measure_code"]))
    fine = pd.Series([pair in asked for pair in about], index=decisions.index)
    found = [f"{code} of {ref}, which has no target for it" for ref, code in about]
    return Outcome(
        judged(fine, decisions["decision_kind"].isin([COMMITMENT, OVERRIDE, MILESTONE, VERIFICATION])),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series("measure_code", index=decisions.index, dtype=object),
        reason="no decision is about a measure",
    )


def _of_overrides(
    inputs: Inputs, judge: Callable[[Override, Fraction, Policy], tuple[bool, str]], field: str
) -> Outcome:
    """What a rule makes of every override of a measure that has a calculated target."""
    decisions = inputs.frames[keys.CORE_DECISION]
    asked = rows(inputs.frames[keys.OUT_TARGET], ["contract_ref", "measure_code", "target"])
    targets = {(ref, code): target for ref, code, target in asked}
    editions = edition_by_contract(inputs)
    judgements: dict[str, tuple[bool, str]] = {}
    for place, overrides in overrides_by_target(decisions_known(decisions, inputs.as_of)).items():
        target, edition = targets.get(place), editions.get(place[0])
        if target is not None and edition is not None:
            judgements |= {one.decision_id: judge(one, target, edition) for one in overrides}
    numbers = decisions["decision_id"]
    ok = [judgements[number][0] if number in judgements else None for number in numbers]
    found = [judgements[number][1] if number in judgements else "" for number in numbers]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series(field, index=decisions.index, dtype=object),
        reason="no decision overrides a calculated target",
    )


def _change(quantity: Fraction, target: Fraction) -> str:
    was = f"a target of {number_display(target)}"
    if not target:
        return was
    more = "more" if quantity >= target else "less"
    return f"{was} ({percent_display(abs(quantity - target) / target)} {more})"


def verification_is_at_most_the_claim(inputs: Inputs) -> Outcome:
    """DC-007: a verification is at most what was claimed for its contract, measure and quarter.

    One outcome a decision, on its quantity. Applies to the verification that stands on the day spoken about,
    where something was claimed, be it zero. Source: social-value policy parameters, section 8.7.
    """
    decisions, claims = inputs.frames[keys.CORE_DECISION], inputs.frames[keys.CORE_CLAIM]
    known = decisions_known(decisions, inputs.as_of)
    standing = verifications(known, inputs.frames[keys.CORE_CONTRACT], claims, inputs.parameters)
    claimed = Claimed(claims, inputs.parameters.measure_of).by_quarter(inputs.as_of)
    judgements: dict[str, tuple[bool, str]] = {}
    for place, decision in standing.items():
        if place in claimed:
            quantity, claim = decision["quantity"], claimed[place]
            said = f"{number_display(quantity)} verified of {number_display(claim)} claimed for {place[2]}"
            judgements[decision["decision_id"]] = quantity <= claim, said
    numbers = decisions["decision_id"]
    ok = [judgements[number][0] if number in judgements else None for number in numbers]
    found = [judgements[number][1] if number in judgements else "" for number in numbers]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series("quantity", index=decisions.index, dtype=object),
        reason="no decision verifies a claim",
    )


def decision_is_of_the_past(inputs: Inputs) -> Outcome:
    """DC-034: no decision is dated after the day spoken about; one outcome a decision, whatever its kind.

    Source: only what was decided by the day the figures speak about counts (`decisions_known`).
    """
    days = inputs.frames[keys.CORE_DECISION]["decided_on"]
    return Outcome(judged(days <= pd.Timestamp(inputs.as_of), days.notna()))


JUDGES: dict[str, Judge] = {
    "DC-004": override_is_within_authority,
    "DC-009": override_gives_a_reason_of_the_policy,
    "DC-010": override_is_about_what_is_asked,
    "DC-007": verification_is_at_most_the_claim,
    "DC-034": decision_is_of_the_past,
}

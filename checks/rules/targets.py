"""Rules on targets and outcomes: arithmetic that would be wrong, defaults, the law's limits, milestones.

Does not belong here: the arithmetic (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from checks.rules.editions import edition_by_contract
from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.assumptions import COMMITMENT, SEPARATOR, TOLD_ELSEWHERE
from kcc_etl.domain.changes import MILESTONE, end_as_changed, original_end
from kcc_etl.domain.commitments import COMMITMENT as COMMITTED_ANEW
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import OVERRIDE
from kcc_etl.domain.planned import is_level
from kcc_etl.domain.targets import contracts_asked, contracts_undated, kent_quota_barred
from kcc_etl.domain.versions import staged_plans


def target_is_not_negative(inputs: Inputs) -> Outcome:
    """TG-001: no target is negative. Source: social-value policy parameters, section 8.3."""
    target = inputs.frames[keys.OUT_TARGET]["target"]
    return Outcome(judged(_series([v is None or v >= 0 for v in target], target), target.notna()))


def due_is_within_agreed(inputs: Inputs) -> Outcome:
    """TG-002: what is due is never more than what was agreed. Source: the same, section 8.6."""
    figures = inputs.frames[keys.OUT_PERFORMANCE]
    return _at_most(figures["due"], figures["agreed"], "due", "agreed")


def verified_is_within_claimed(inputs: Inputs) -> Outcome:
    """TG-003: what is verified is never more than what is claimed; nothing claimed is zero.

    Source: social-value policy parameters, section 8.7.
    """
    figures = inputs.frames[keys.OUT_PERFORMANCE]
    claimed = _series([Fraction(0) if v is None else v for v in figures["claimed"]], figures["claimed"])
    return _at_most(figures["verified"], claimed, "verified", "claimed")


def target_rests_on_what_is_said(inputs: Inputs) -> Outcome:
    """TG-004: a target rests on what register and decisions say, not on defaults.

    One outcome a target; what is taken for granted of the whole contract is told on its first target only,
    and what a rule on the register tells already, there. Source: the same, sections 8.2 to 8.6.
    """
    targets = inputs.frames[keys.OUT_TARGET]
    told: dict[str, set[str]] = {}
    left = []
    for ref, assumed in rows(targets, ["contract_ref", "assumed"]):
        before = told.setdefault(ref, set(TOLD_ELSEWHERE))
        all_of_it = assumed.split(SEPARATOR) if isinstance(assumed, str) else []
        left.append([one for one in all_of_it if one not in before])
        before.update(one for one in all_of_it if one != COMMITMENT)
    found = [SEPARATOR.join(assumptions) for assumptions in left]
    fine = [not assumptions for assumptions in left]
    return Outcome(
        pd.Series(fine, index=targets.index, dtype="boolean"), found=_series(found, targets["target"])
    )


def kent_quota_is_lawful(inputs: Inputs) -> Outcome:
    """TG-005: a quota of spend with Kent firms is set only below the threshold, in a reserved contract.

    One outcome a decision; applies to overrides of the measure of spend with Kent firms. Source: SI 2026/94.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    contracts = inputs.frames[keys.CORE_CONTRACT].to_dict("records")
    by_ref = {contract["contract_ref"]: contract for contract in contracts}
    editions = edition_by_contract(inputs)
    ok: list[bool | None] = []
    for kind, ref, code in rows(decisions, ["decision_kind", "subject", "measure_code"]):
        edition, contract = editions.get(ref), by_ref.get(ref)
        if kind != OVERRIDE or edition is None or contract is None or code != edition.kent_supply.measure:
            ok.append(None)
        else:
            named = {str(name): value for name, value in contract.items()}
            ok.append(not kent_quota_barred(named, edition, inputs.parameters))
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        field=pd.Series("measure_code", index=decisions.index, dtype=object),
        reason="no decision sets a quota of spend with Kent firms",
    )


def milestones_make_the_target(inputs: Inputs) -> Outcome:
    """TG-006: the milestones of a target that count lie in its contract and add up to it.

    One outcome a target that has such milestones, on its first version; where they were decided after the
    contract began, the term and target are those of that day. Source: the same, section 8.6.
    """
    versions, targets = inputs.frames[keys.OUT_TARGET_VERSION], inputs.frames[keys.OUT_TARGET]
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    changes = changes_that_count(inputs.frames[keys.CORE_CONTRACT], known)
    plans = staged_plans(inputs.frames[keys.CORE_CONTRACT], targets, known, inputs.parameters)
    contracts = rows(inputs.frames[keys.CORE_CONTRACT], ["contract_ref", "start_on", "end_on"])
    terms = {ref: (start, end) for ref, start, end in contracts}
    ok: list[bool | None] = []
    found = []
    for ref, code, number in rows(versions, ["contract_ref", "measure_code", "version"]):
        plan = plans.get((ref, code))
        start, end = terms.get(ref, (pd.NaT, pd.NaT))
        if number != 1 or plan is None or not plan.milestones or pd.isna(start) or pd.isna(end):
            ok.append(None)
            found.append("")
            continue
        is_later = any(one.kind == MILESTONE for one in plan.versions)
        last = (end_as_changed if is_later else original_end)(end.date(), changes.get(ref, ()))
        days, total = sorted(plan.milestones), sum(plan.milestones.values(), Fraction(0))
        ok.append(start.date() <= days[0] and days[-1] <= last and total == plan.staged)
        found.append(
            f"{number_display(total)} from {days[0]} to {days[-1]}, for a target of "
            f"{number_display(plan.staged)} from {start.date()} to {last}"
        )
    return Outcome(
        pd.Series(ok, index=versions.index, dtype="boolean"),
        found=pd.Series(found, index=versions.index, dtype=object),
        reason="no target has milestones",
    )


def change_takes_nothing_back(inputs: Inputs) -> Outcome:
    """TG-007: what was due before a change is never more than the target after it. Source: same, 8.6.

    Does not apply where the supplier commits to another level, which takes the place of the one before.
    """
    versions = inputs.frames[keys.OUT_TARGET_VERSION]
    measures = inputs.parameters.measure_of
    columns = ["version_kind", "measure_code", "due_before"]
    adding_up = [
        None if kind == COMMITTED_ANEW and code in measures and is_level(measures[code]) else before
        for kind, code, before in rows(versions, columns)
    ]
    due = _series(adding_up, versions["due_before"])
    return _at_most(due, versions["agreed"], "due before", "agreed")


def _at_most(low: pd.Series, high: pd.Series, low_name: str, high_name: str) -> Outcome:
    pairs = list(zip(low, high, strict=True))
    fine = [a is None or b is None or a <= b for a, b in pairs]
    found = [
        "" if a is None or b is None else f"{number_display(a)} {low_name}, {number_display(b)} {high_name}"
        for a, b in pairs
    ]
    return Outcome(judged(_series(fine, low), low.notna() & high.notna()), found=_series(found, low))


def _series(values: Sequence[object], like: pd.Series) -> pd.Series:
    return pd.Series(values, index=like.index, dtype=object)


def beginning_is_known(inputs: Inputs) -> Outcome:
    """TG-008: a contract that may have begun under the policy says when its procurement began.

    Applies to contracts in scope and in a band that asks, whose beginning, award or signature, or start where
    neither is known, is on or after the first edition; without a beginning they get no target.
    Source: social-value policy parameters, section 8.1.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    undated = contracts["contract_ref"].isin(contracts_undated(contracts, inputs.parameters))
    asked = contracts["contract_ref"].isin(contracts_asked(contracts, inputs.parameters))
    found = [_known_days(*days) for days in rows(contracts, ["awarded_on", "signed_on", "start_on"])]
    return Outcome(
        judged(~undated, undated | asked),
        found=_series(found, contracts["contract_ref"]),
        reason="no contract may have begun under the policy",
    )


def _known_days(*days: object) -> str:
    names = ("awarded", "signed", "starts")
    known = [
        f"{name} {day:%Y-%m-%d}"
        for name, day in zip(names, days, strict=True)
        if isinstance(day, pd.Timestamp) and not pd.isna(day)
    ]
    return ", ".join(["no day", *known])


JUDGES: dict[str, Judge] = {
    "TG-001": target_is_not_negative,
    "TG-002": due_is_within_agreed,
    "TG-003": verified_is_within_claimed,
    "TG-004": target_rests_on_what_is_said,
    "TG-005": kent_quota_is_lawful,
    "TG-006": milestones_make_the_target,
    "TG-007": change_takes_nothing_back,
    "TG-008": beginning_is_known,
}

"""What an officer should know of a decision, by the tables of the last night: what will not count, and why.

Does not belong here: reading and writing the decision (`decide`), the rules that tell of it later (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain import changes
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.counted_changes import after_the_early_end, changes_that_count, faults_of_changes
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import APPROVAL, OVERRIDE, may_set
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.ratings import RATING
from kcc_etl.domain.waivers import Row
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import open_warehouse

_VERIFICATION, _COMMITMENT = "verification", "commitment"
_OF_CONTRACTS = (_COMMITMENT, OVERRIDE, _VERIFICATION, RATING, *changes.KINDS)
_OF_MEASURES = (_COMMITMENT, OVERRIDE, _VERIFICATION, changes.MILESTONE)


@dataclass(frozen=True)
class _World:
    """The tables of the last night, with the decisions of the command's own file among the others."""

    contracts: pd.DataFrame
    decisions: pd.DataFrame
    targets: pd.DataFrame
    ratings: pd.DataFrame
    claims: pd.DataFrame
    parameters: Parameters
    today: date

    def target(self, ref: object, code: object) -> Fraction | None:
        """The calculated target of a contract and measure."""
        about = (self.targets["contract_ref"] == ref) & (self.targets["measure_code"] == code)
        return Fraction(self.targets.loc[about, "target"].iloc[0]) if about.any() else None

    def edition(self, ref: object) -> Policy:
        """The edition of the policy that the contract is under, else the newest."""
        of_contract = self.contracts["contract_ref"] == ref
        days = self.contracts.loc[of_contract, "procurement_commenced_on"].dropna()
        found = self.parameters.in_force(days.iloc[0].date()) if len(days) else None
        return found or self.parameters.policy


def notes_on(
    taken: Sequence[dict[str, object]], settings: Settings, parameters: Parameters, today: date
) -> tuple[str, ...]:
    """What to know of the last of the decisions `taken` by the night from the command's file.

    Raises UsageError when it is about a contract or an override that is not there.
    """
    decision = taken[-1]
    world = _world(taken, settings, parameters, today)
    notes = [*_of_day(decision, world)]
    if world.contracts.empty:
        return (*notes, "No register has been taken in yet, so the subject could not be checked.")
    _refuse_unknown(decision, world)
    told = {
        RATING: _of_rating, APPROVAL: _of_approval, _VERIFICATION: _of_verification,
        changes.VALUE_CHANGE: _of_change, changes.EXTENSION: _of_change, changes.EARLY_END: _of_change,
    }  # fmt: skip
    kind = decision["decision_kind"]
    if kind in _OF_MEASURES:
        notes += _of_measure(decision, world)
    if kind in told:
        notes += told[str(kind)](decision, world)
    return tuple(notes)


def _world(
    taken: Sequence[dict[str, object]], settings: Settings, parameters: Parameters, today: date
) -> _World:
    store = open_warehouse(settings.warehouse_url)
    try:
        names = (
            keys.CORE_CONTRACT,
            keys.CORE_DECISION,
            keys.OUT_TARGET,
            keys.OUT_RATING,
            keys.CORE_CLAIM,
        )
        contracts, before, targets, ratings, claims = map(store.read, names)
    finally:
        store.engine.dispose()
    ours = frames.from_rows(list(taken), keys.CORE_DECISION)
    others = before[~before["decision_id"].isin(ours["decision_id"])]
    decisions = pd.concat([others, ours], ignore_index=True) if len(others) else ours
    return _World(contracts, decisions, targets, ratings, claims, parameters, today)


def _refuse_unknown(decision: Row, world: _World) -> None:
    kind, subject = decision["decision_kind"], decision["subject"]
    if kind in _OF_CONTRACTS and subject not in set(world.contracts["contract_ref"]):
        raise UsageError(f"There is no contract {subject} in the register", remedy="Check the reference")
    if kind == APPROVAL and _override(subject, world) is None:
        raise UsageError(f"There is no override {subject}", remedy="Give the number of the override")


def _override(number: object, world: _World) -> Row | None:
    about = (world.decisions["decision_kind"] == OVERRIDE) & (world.decisions["decision_id"] == number)
    found: Sequence[Row] = world.decisions[about].to_dict("records")
    return found[0] if found else None


def _of_day(decision: Row, world: _World) -> Iterator[str]:
    day = decision["decided_on"]
    if isinstance(day, date) and day > world.today:
        yield f"The decision counts from {day}, a day that is still to come."


def _of_rating(decision: Row, world: _World) -> Iterator[str]:
    about = [decision[name] for name in ("subject", "measure_code", "period")]
    proposed = world.ratings[["contract_ref", "measure_code", "period"]].to_numpy().tolist()
    if about in proposed or about[-1] not in set(world.ratings["period"]):
        return
    subject, measure, period = about
    yield f"No rating is proposed for {subject} {measure} in {period}: the decision confirms nothing."


def _of_measure(decision: Row, world: _World) -> Iterator[str]:
    kind, subject, code = (decision[name] for name in ("decision_kind", "subject", "measure_code"))
    target = world.target(subject, code)
    if target is None:
        yield f"{subject} has no target for {code}: the {kind} sets nothing."
    elif kind == OVERRIDE:
        policy = world.edition(subject)
        if not may_set(decision["role"], decision["quantity"], target, policy):
            allowed = " or ".join(policy.overrides.roles_without_limit)
            yield (
                f"The role may not set the target of {number_display(target, 4)} so: the override does "
                f"not count until approved, by "
                f"`kcc-etl decide approval {decision['decision_id']}` of a {allowed}."
            )


def _of_approval(decision: Row, world: _World) -> Iterator[str]:
    override = _override(decision["subject"], world)
    if override is None:
        return
    target, policy = (
        world.target(override["subject"], override["measure_code"]),
        world.edition(override["subject"]),
    )
    if target is not None and not may_set(decision["role"], override["quantity"], target, policy):
        allowed = " or ".join(policy.overrides.roles_without_limit)
        yield (
            f"The role may not set the target of {number_display(target, 4)} so either: the approval does "
            f"not make the override {decision['subject']} count; one of a {allowed} would."
        )


def _of_change(decision: Row, world: _World) -> Iterator[str]:
    number, subject = decision["decision_id"], decision["subject"]
    same = world.decisions[world.decisions["subject"] == subject]
    fault = faults_of_changes(world.contracts, same).get(str(number))
    if fault is not None:
        yield f"The {decision['decision_kind']} will not count: {fault.found}. Correct it in a new decision."
    counting = changes_that_count(world.contracts, same).get(str(subject), ())
    for late, end in after_the_early_end(counting).items():
        yield f"The contract ended early on {end}: the change {late} moves nothing."


def _of_verification(decision: Row, world: _World) -> Iterator[str]:
    subject, code, period = (str(decision[name]) for name in ("subject", "measure_code", "period"))
    if not is_quarter(period):
        yield f"{period} is no financial quarter such as 2026-27-Q2: the verification counts for nothing."
        return
    if parse_period(period).end > world.today:
        yield f"{period} has not ended: the verification counts for nothing until something is claimed."
        return
    claims = Claimed(world.claims, world.parameters.measure_of).by_quarter(world.today)
    if len(world.claims) and (subject, code, period) not in claims:
        yield f"Nothing is claimed of {code} by {subject} for {period}: the verification counts for nothing."

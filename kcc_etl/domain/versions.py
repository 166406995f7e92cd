"""Versions of every target: the first, and one for each change of its contract; what is due under each.

Does not belong here: which changes there were (`changes`), the profile (`profile`), claims (`delivery`).

Changes of value and term move targets that are computed and add up. A supplier's own commitment moves by a
new commitment alone, and a level or percentage does not grow because a contract is longer or dearer. An early
end freezes all of them at what is due by then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import (
    EARLY_END,
    EXTENSION,
    VALUE_CHANGE,
    Change,
    milestones_by_target,
    original_end,
)
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.domain.overrides import OVERRIDE
from kcc_etl.domain.profile import Profile, after_baseline, by_milestones, even, level
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames

Row = Mapping[Any, Any]
Target = tuple[str, str]
"""A contract reference and a measure code."""


_READ = ["contract_ref", "start_on", "end_on", "procurement_commenced_on", "spend_is_guaranteed"]


@dataclass(frozen=True)
class Version:
    """A target as it stands from a day on: why, by which decision, and the profile it falls due in."""

    kind: str
    effective_on: date
    decision_id: str | None
    profile: Profile
    sentence: str


@dataclass(frozen=True)
class Plan:
    """The versions of one target in order; where no spend is guaranteed, the target per penny invoiced."""

    versions: tuple[Version, ...]
    per_penny: Fraction | None = None
    invoiced: Invoiced | None = None

    def agreed(self, as_at: date) -> Fraction:
        """The target as it stands on a day: of the version in force, or of what is invoiced by then."""
        if self.per_penny is not None:
            return self.per_penny * (self.invoiced.by(as_at) if self.invoiced else 0)
        return self._in_force(as_at).profile.total

    def whole(self, as_at: date | None) -> Fraction:
        """The target over the whole contract as it stands on a day, after every change without one.

        Where no spend is guaranteed it is what the estimated value would bring.
        """
        version = self.versions[-1] if as_at is None else self._in_force(as_at)
        return version.profile.total

    def due(self, as_at: date) -> Fraction:
        """What is due by the end of a day; what is invoiced is due at once."""
        if self.per_penny is not None:
            return self.agreed(as_at)
        return self._in_force(as_at).profile.due(as_at)

    def _in_force(self, as_at: date) -> Version:
        if len(self.versions) == 1:
            return self.versions[0]
        begun = [version for version in self.versions if version.effective_on <= as_at]
        return begun[-1] if begun else self.versions[0]


class Invoiced:
    """Value invoiced to a contract by each day, pence excluding VAT: payments that count, less credits."""

    def __init__(self, payments: Sequence[tuple[date, int]]) -> None:
        self._days = []
        self._sums = [0]
        for day, pence in sorted(payments):
            self._days.append(day)
            self._sums.append(self._sums[-1] + pence)

    def by(self, as_at: date) -> int:
        """The sum by the end of a day; credits never take it below nothing."""
        return max(self._sums[bisect_right(self._days, as_at)], 0)


class Plans:
    """The plan of every target, from the contracts, the decisions known and, for spend, the payments.

    Raises KeyError for a target of a contract that is not among the contracts.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        decisions: pd.DataFrame,
        parameters: Parameters,
        payments: pd.DataFrame | None = None,
    ) -> None:
        self._contracts = {str(row["contract_ref"]): row for row in contracts[_READ].to_dict("records")}
        self._changes = changes_that_count(contracts, decisions)
        self._milestones = milestones_by_target(decisions)
        self._parameters = parameters
        self._invoiced = _invoiced(payments) if payments is not None else {}

    def of(self, target: Row) -> Plan:
        """The plan of a target, a row of the table of targets."""
        ref, code = str(target["contract_ref"]), str(target["measure_code"])
        contract = self._contracts[ref]
        measure = self._parameters.measure_of[code]
        changes = self._changes.get(ref, ())
        versions = (
            *self._first(target, contract, measure, changes),
            *self._further(target, contract, measure, changes),
        )
        guaranteed = contract["spend_is_guaranteed"]
        value = target["counted_value"]
        if moves(target, measure) and pd.notna(guaranteed) and not guaranteed and value:
            return Plan(versions, target["original"] / (value * 100), self._invoiced.get(ref))
        return Plan(versions)

    def _first(
        self, target: Row, contract: Row, measure: Measure, changes: Sequence[Change]
    ) -> list[Version]:
        """The calculated target, and the override that stands in its place."""
        start = contract["start_on"].date()
        made: list[tuple[Fraction, str, str | None, str]] = [
            (target["target"], "calculated", None, str(target["explanation"]))
        ]
        if isinstance(target["override_id"], str):
            amounts = number_display(target["original"], 4), number_display(target["target"], 4)
            sentence = "An officer set the target to {} in place of {} calculated.".format(*amounts)
            made.append((target["original"], OVERRIDE, target["override_id"], sentence))
        return [
            Version(kind, start, decision, self._profile(quantity, target, contract, measure, changes), text)
            for quantity, kind, decision, text in made
        ]

    def _profile(
        self, quantity: Fraction, target: Row, contract: Row, measure: Measure, changes: Sequence[Change]
    ) -> Profile:
        start = contract["start_on"].date()
        end = original_end(contract["end_on"].date(), changes)
        if is_level(measure):
            return level(quantity, start, end, self._edition(contract).profile.mobilisation_quarters)
        given = self._milestones.get((str(target["contract_ref"]), measure.code))
        if given:
            return by_milestones(quantity, start, end, given)
        if measure.code == self._edition(contract).carbon.measure:
            return after_baseline(quantity, start, end)
        return even(quantity, start, end, self._edition(contract).profile.mobilisation_quarters)

    def _further(
        self, target: Row, contract: Row, measure: Measure, changes: Sequence[Change]
    ) -> list[Version]:
        profile = self._profile(target["original"], target, contract, measure, changes)
        found: list[Version] = []
        for change in changes:
            changed = _after(change, profile, target["original"], is_moved=moves(target, measure))
            if changed is not None:
                sentence = _sentence(change, profile, changed)
                found.append(Version(change.kind, change.effective_on, change.decision_id, changed, sentence))
                profile = changed
            if change.kind == EARLY_END:
                break
        return found

    def _edition(self, contract: Row) -> Policy:
        commenced = contract["procurement_commenced_on"]
        found: Policy | None = self._parameters.in_force(commenced.date()) if pd.notna(commenced) else None
        return found or self._parameters.policy


def moves(target: Row, measure: Measure) -> bool:
    """Whether changes of value and term move a target: it is calculated, and its measure adds up."""
    return not bool(target["is_commitment"]) and measure.computed != "fixed" and not is_level(measure)


def is_level(measure: Measure) -> bool:
    """Whether a measure is a level, of which the latest stands and which is never added up."""
    return measure.counting == "level"


def compute_versions(
    targets: pd.DataFrame, contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """Every version of every target, one row a version, numbered from 1 in the order they take effect.

    Source: social-value policy parameters, section 8.6: every change writes a new target version.
    """
    plans = Plans(contracts, decisions, parameters)
    rows: list[dict[str, object]] = []
    for target in targets.to_dict("records"):
        for number, version in enumerate(plans.of(target).versions, start=1):
            day_before = version.effective_on - timedelta(days=1)
            rows.append(
                {
                    **{name: target[name] for name in ("contract_ref", "measure_code", "unit")},
                    "version": number,
                    "version_kind": version.kind,
                    "effective_on": version.effective_on,
                    "decision_id": version.decision_id,
                    "agreed": version.profile.total,
                    "due_before": version.profile.due(day_before),
                    "explanation": version.sentence,
                    "parameter_version": target["parameter_version"],
                }
            )
    return frames.from_rows(rows, keys.OUT_TARGET_VERSION)


def _after(change: Change, profile: Profile, original: Fraction, *, is_moved: bool) -> Profile | None:
    """The profile after a change; None where the change does not move the target."""
    if change.kind == EARLY_END:
        return profile.ended(change.effective_on)
    if not is_moved:
        return None
    if change.kind == VALUE_CHANGE:
        return profile.valued_anew(change.effective_on, change.ratio)
    last = change.new_end_on or change.effective_on
    return profile.extended(change.effective_on, last, original * change.share)


def _sentence(change: Change, before: Profile, after: Profile) -> str:
    day = f"{change.effective_on.day} {change.effective_on:%B} {change.effective_on.year}"
    due = before.due(change.effective_on - timedelta(days=1))
    total = number_display(after.total, 4)
    if change.kind == EARLY_END:
        return f"The contract ended early on {day}; the target is frozen at the {total} due by then."
    old, new = pounds_display(change.before_pence), pounds_display(change.after_pence)
    if change.kind == EXTENSION:
        more = number_display(after.total - before.total, 4)
        value = pounds_display(change.after_pence - change.before_pence)
        base = pounds_display(change.original_pence or 0)
        return (
            f"The contract is extended from {day}, for {value} on an original {base}: "
            f"{number_display(before.total, 4)} + {more} = {total}."
        )
    left = number_display(before.total - due, 4)
    return (
        f"The value still to come changes on {day} from {old} to {new}: {number_display(due, 4)} due before "
        f"+ {left} x {new} / {old} = {total}."
    )


def _invoiced(payments: pd.DataFrame) -> dict[str, Invoiced]:
    columns = ["contract_ref", "paid_on", "amount_ex_vat_pence"]
    lines: dict[str, list[tuple[date, int]]] = {}
    for ref, day, pence in payments[columns].dropna().itertuples(index=False):
        lines.setdefault(str(ref), []).append((day.date(), int(pence)))
    return {ref: Invoiced(found) for ref, found in lines.items()}

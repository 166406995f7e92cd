"""What suppliers promised: the contract's commitment, those that replace it, those that do not count.

Does not belong here: what a new commitment does to a target (`versions`), measures that are only promised
(`committed`).

The first commitment that is recorded is the contract's, whenever it was written down, as is the last that was
decided by the day the contract starts. One decided later changes what a target rests on, as an override does:
it counts by a role that may set a target so, or once such a role has approved it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from kcc_etl.domain.changes import end_as_changed
from kcc_etl.domain.counted_changes import Changes
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import approvals_by_number, may_set
from kcc_etl.parameters.model import Parameters, Policy

COMMITMENT = "commitment"

Row = Mapping[Any, Any]
Target = tuple[str, str]
"""A contract reference and a measure code."""

_READ = ["contract_ref", "start_on", "end_on", "procurement_commenced_on"]


@dataclass(frozen=True)
class Commitment:
    """A quantity that the supplier promised in place of another, from the day `effective_on`."""

    decision_id: str
    quantity: Fraction
    decided_on: date
    effective_on: date


@dataclass(frozen=True)
class NotCounted:
    """Why a commitment does not count: for want of authority, or of time in the contract's term."""

    about: Literal["authority", "term"]
    found: str


@dataclass(frozen=True)
class Promised:
    """The commitments of one target: the contract's own, those that replace it in order, and the others."""

    original: Fraction | None = None
    later: tuple[Commitment, ...] = ()
    faults: Mapping[str, NotCounted] = field(default_factory=dict)

    def on(self, day: date | None) -> Fraction | None:
        """What is promised on a day, after every commitment without one; None while nothing is."""
        begun = [one.quantity for one in self.later if day is None or one.effective_on <= day]
        return begun[-1] if begun else self.original


def promised_by_target(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters, changes: Changes
) -> dict[Target, Promised]:
    """What was promised of each measure of the contracts. Source: section 8.8; rules DC-020 and DC-021.

    A later commitment takes effect on the day it names, else on the day it was decided. Limits of authority
    are those of overrides in the edition of the contract, measured from the commitment that it replaces.
    """
    recorded = decided(decisions, COMMITMENT, ("subject", "measure_code"))
    shown = contracts.loc[contracts["contract_ref"].isin({ref for ref, _ in recorded}), _READ]
    rows = {str(row["contract_ref"]): row for row in shown.to_dict("records")}
    approvals = approvals_by_number(decisions)
    found: dict[Target, Promised] = {}
    for (ref, code), entered in recorded.items():
        row = rows.get(str(ref))
        if row is None or pd.isna(row["start_on"]) or pd.isna(row["end_on"]):
            continue
        last = end_as_changed(row["end_on"].date(), changes.get(str(ref), ()))
        log = _Entered(row["start_on"].date(), last, _edition(row, parameters))
        for one in entered:
            log.take(one, (str(one["role"]), *approvals.get(str(one["decision_id"]), ())))
        found[str(ref), str(code)] = log.all()
    return found


class _Entered:
    """The commitments of one target, taken one after the other in the order they were decided."""

    def __init__(self, first: date, last: date, policy: Policy) -> None:
        self._first, self._last, self._policy = first, last, policy
        self._original: Fraction | None = None
        self._standing: Fraction | None = None
        self._later: dict[date, Commitment] = {}
        self._faults: dict[str, NotCounted] = {}

    def take(self, row: Row, roles: Sequence[str]) -> None:
        """Take one that was made or approved by these roles. One that repeats what stands changes nothing."""
        number, quantity, decided_on = str(row["decision_id"]), row["quantity"], row["decided_on"].date()
        if quantity == self._standing:
            return
        is_of_contract = self._standing is None or decided_on <= self._first
        on = self._effective_on(row, decided_on, is_of_contract=is_of_contract)
        if not is_of_contract and not self._may_replace(quantity, roles):
            before = number_display(self._standing or Fraction(0))
            found = f"{number_display(quantity)} in place of {before} committed, by {row['role']}"
            self._faults[number] = NotCounted("authority", found)
        elif on > self._last:
            found = f"{on}; the contract runs from {self._first} to {self._last}"
            self._faults[number] = NotCounted("term", found)
        else:
            self._standing = quantity
            if is_of_contract and on == self._first:
                self._original = quantity
            else:
                self._later[on] = Commitment(number, quantity, decided_on, on)

    def all(self) -> Promised:
        """What was promised after all of them."""
        return Promised(self._original, tuple(self._later[day] for day in sorted(self._later)), self._faults)

    def _effective_on(self, row: Row, decided_on: date, *, is_of_contract: bool) -> date:
        if pd.notna(row["effective_on"]):
            return max(row["effective_on"].date(), self._first)
        return self._first if is_of_contract else decided_on

    def _may_replace(self, quantity: Fraction, roles: Sequence[str]) -> bool:
        before = self._standing or Fraction(0)
        return any(may_set(role, quantity, before, self._policy) for role in roles)


def _edition(contract: Row, parameters: Parameters) -> Policy:
    commenced = contract["procurement_commenced_on"]
    found: Policy | None = parameters.in_force(commenced.date()) if pd.notna(commenced) else None
    return found or parameters.policy

"""Milestones that officers have recorded: those of the contract, and those decided later, and by whom.

Does not belong here: the profile that milestones make (`planned`), whether later ones count (`unfolded`).

Those decided by the day the contract starts are the profile it begins with. Later ones plan anew what is
still to come, from the day they are decided: what was due before has been told to committee and supplier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.changes import MILESTONE
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.overrides import approvals_by_number, may_set
from kcc_etl.parameters.model import Policy

Target = tuple[str, str]
"""A contract reference and a measure code."""


@dataclass(frozen=True)
class Milestones:
    """Milestones of one day of decision: what falls due on which day, and the roles of each decision.

    A later one about the same day takes the place of the one before; a quantity of nothing withdraws it.
    """

    decided_on: date
    quantities: Mapping[date, Fraction]
    roles: Mapping[str, tuple[str, ...]]

    @property
    def effective_on(self) -> date:
        """The first day on which something else may be due than before."""
        return self.decided_on

    @property
    def decision_id(self) -> str:
        """The last decision of the day."""
        return list(self.roles)[-1]

    def lacking(self, moved: Fraction, total: Fraction, policy: Policy) -> tuple[str, ...]:
        """The decisions that no role has made or approved which may move so much of a target. Section 8.8."""
        return tuple(
            number
            for number, roles in self.roles.items()
            if not any(may_set(role, total + moved, total, policy) for role in roles)
        )


@dataclass(frozen=True)
class Staged:
    """The milestones of one target: by the start of the contract, and later ones in order."""

    original: Mapping[date, Fraction] = field(default_factory=dict)
    later: tuple[Milestones, ...] = ()


def staged_by_target(contracts: pd.DataFrame, decisions: pd.DataFrame) -> dict[Target, Staged]:
    """The milestones of each contract and measure. Source: social-value policy parameters, section 8.6."""
    starts = {str(ref): day for ref, day in contracts[["contract_ref", "start_on"]].itertuples(index=False)}
    approvals = approvals_by_number(decisions)
    found: dict[Target, Staged] = {}
    dated = decisions[decisions["effective_on"].notna()]
    for (ref, code), entered in decided(dated, MILESTONE, ("subject", "measure_code")).items():
        start = starts.get(str(ref))
        if start is not None and pd.notna(start):
            found[str(ref), str(code)] = _staged(entered, start.date(), approvals)
    return found


def _staged(
    entered: list[Mapping[Any, Any]], start: date, approvals: Mapping[str, tuple[str, ...]]
) -> Staged:
    original: dict[date, Fraction] = {}
    later: dict[date, Milestones] = {}
    for row in entered:
        number, decided_on, day = (
            str(row["decision_id"]),
            row["decided_on"].date(),
            row["effective_on"].date(),
        )
        if decided_on <= start:
            original[day] = row["quantity"]
            continue
        so_far = later.get(decided_on, Milestones(decided_on, {}, {}))
        roles = (str(row["role"]), *approvals.get(number, ()))
        later[decided_on] = replace(
            so_far,
            quantities={**so_far.quantities, day: row["quantity"]},
            roles={**so_far.roles, number: roles},
        )
    return Staged(original, tuple(later[day] for day in sorted(later)))

"""How targets fall due, are reported on, rated and changed: profile, returns, ratings, overrides.

Does not belong here: what sets a target (`model`), the arithmetic with these figures (`kcc_etl.domain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from kcc_etl.parameters.base import Amount, FilledText, Floor, Limits, Percent, Sourced


@dataclass(frozen=True)
class Profile(Sourced):
    """How a target falls due over the contract."""

    mobilisation_quarters: Annotated[int, Limits(least=0, most=4)]


@dataclass(frozen=True)
class Returns(Sourced):
    """When returns are due, when suppliers are reminded, and what follows from absence or excess."""

    due_days: Annotated[int, Limits(least=1, most=366)]
    reminder_days: tuple[Floor, ...]
    missing_in_a_row_forces_red: Annotated[int, Limits(least=1, most=8)]
    over_claim_pct: Annotated[Fraction, Limits(above=0)]


@dataclass(frozen=True)
class EscalationStep:
    """Who is told of a return that is so many days late."""

    days_late: Amount
    role: FilledText


@dataclass(frozen=True)
class Escalation(Sourced):
    """The steps of escalation, soonest first."""

    step: tuple[EscalationStep, ...]


@dataclass(frozen=True)
class DeliveryPlan(Sourced):
    """Weeks from award: for the plan, for its review after that, and for the whole."""

    due_weeks: Amount
    review_weeks: Amount
    total_weeks: Amount


@dataclass(frozen=True)
class Rating(Sourced):
    """The floor under which a measure is Red, as a percentage of what is due."""

    floor_pct: Annotated[Fraction, Limits(above=0, most=100)]


@dataclass(frozen=True)
class PerformanceRating(Sourced):
    """The least verified of due, in per cent, for each rating of section 71; less than all is inadequate."""

    good_from_pct: Annotated[Fraction, Limits(above=0)]
    approaching_from_pct: Annotated[Fraction, Limits(above=0)]
    requires_improvement_from_pct: Annotated[Fraction, Limits(above=0)]


@dataclass(frozen=True)
class SmallNumbers(Sourced):
    """Counts of people, both ends included, that no published split shows."""

    suppress_from: Floor
    suppress_to: Floor

    def hides(self, count: Fraction) -> bool:
        """Whether a count of people is too small to be shown in a published split."""
        return self.suppress_from - 1 < count < self.suppress_to + 1  # parts of a person are as small


@dataclass(frozen=True)
class Overrides(Sourced):
    """Who may propose another target, who may set one, and by how much."""

    roles_proposing: tuple[str, ...]
    roles_within_limit: tuple[str, ...]
    limit_pct: Percent
    roles_without_limit: tuple[str, ...]
    reason_codes: tuple[str, ...]

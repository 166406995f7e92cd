"""A contract with all that was decided and returned about it, as the second implementation sees it.

Does not belong here: how one comes about (`generated`, `returned`), either implementation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.asks import Facts
from tests.reference.courses import Change, Step, Steps, last_day, standing
from tests.reference.numbers import in_order
from tests.reference.outcomes import Line, Verified
from tests.reference.overrides import Override
from tests.reference.promises import Promise, Promises, counting


@dataclass(frozen=True)
class Case:
    """A contract with all that was decided and returned about it."""

    facts: Facts
    guaranteed: bool | None
    changes: list[tuple[date, str, Change]] = field(default_factory=list)
    invoices: list[tuple[date, int]] = field(default_factory=list)
    shown: tuple[int, date] | None = None
    """Value and last day in the register: as they were, or brought up to date after a change."""
    promised: dict[str, list[Promise]] = field(default_factory=dict)
    overrides: dict[str, list[Override]] = field(default_factory=dict)
    lines: dict[str, list[tuple[str, Line]]] = field(default_factory=dict)
    checks: dict[str, list[Verified]] = field(default_factory=dict)
    nil: list[date] = field(default_factory=list)
    milestones: dict[str, list[Step]] = field(default_factory=dict)
    as_year: set[date] = field(default_factory=set)
    """First days of the quarters whose return states the whole financial year."""

    @property
    def supplier(self) -> str:
        """Three contracts after one another have one supplier."""
        return f"U-{int(self.facts.ref[2:]) // 3}"

    def promises(self, code: str) -> Promises:
        """What counts of the promises of one measure."""
        last = last_day(self.facts.last, standing(self.changes))
        return counting(self.promised.get(code, ()), self.facts.first, last)

    def first_steps(self, code: str) -> Steps:
        """The milestones that were decided by the start of the contract; of one day the last decision stands."""
        made = sorted(self.milestones.get(code, ()), key=lambda step: (step.day, in_order(step.number)))
        return {step.on: step.quantity for step in made if step.day <= self.facts.first}

    @property
    def own(self) -> dict[str, Fraction | None]:
        """What was promised of each measure at first."""
        return {code: self.promises(code).own for code in self.promised}

    @property
    def came(self) -> set[date]:
        """First days of the quarters of which a return came."""
        return {*self.nil, *(line.quarter for lines in self.lines.values() for _, line in lines)}

"""Measures: what is counted, in which unit, who counts once, what stands behind a claim.

Does not belong here: quantities of a contract (`kcc_etl.domain`), values in pounds (`proxies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from kcc_etl.parameters.base import FilledText, Limits, Sourced

PEOPLE = ("people", "FTE")
"""Units of measures that count people."""


@dataclass(frozen=True)
class Measure:
    """One measure: what it counts, in which unit, how it is counted and how its target is set.

    `who_counts` says who or what counts and how often; of that, `counted_once` and `not_together_with` are
    what can be enforced by evidence. `one_person` is how much of the unit one person can make up in a
    quarter, of a measure whose unit is people's time. `evidence` says what stands behind a claim, `priority`
    and `ppn002_outcome` what of the council's and the government's aims it serves (empty where nothing is
    named).
    """

    code: FilledText
    title: FilledText
    unit: FilledText
    theme: Literal["jobs", "skills", "economy", "community", "environment"]
    counting: Literal["flow", "level"]
    computed: Literal["outputs", "hours", "fixed", "committed"]
    ppn002_outcome: str
    who_counts: FilledText
    evidence: FilledText
    priority: str
    fixed_quantity: Annotated[Fraction | None, Limits(above=0)] = None
    one_person: Annotated[Fraction | None, Limits(above=0)] = None
    counted_once: bool = False
    not_together_with: tuple[FilledText, ...] = ()

    @property
    def counts_people(self) -> bool:
        """Whether the measure counts people or their time, so that a small number could be made out."""
        return self.unit in PEOPLE or self.one_person is not None

    @property
    def adds_up_time(self) -> bool:
        """Whether one person makes up more of a quantity to date with every quarter."""
        return self.one_person is not None and self.counting == "flow"

    def people(self, quantity: Fraction) -> Fraction:
        """How many people, in one quarter, a quantity of a measure that counts people is of at least."""
        return quantity / (self.one_person or 1)

    @property
    def is_employment(self) -> bool:
        """Whether the measure counts as employment and skills."""
        return self.theme in ("jobs", "skills")


@dataclass(frozen=True)
class Measures(Sourced):
    """The measures of the house, in their own order."""

    measure: tuple[Measure, ...]


@dataclass(frozen=True)
class MeasureFile:
    """The file of measures."""

    measures: Measures

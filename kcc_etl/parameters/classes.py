"""Classes of risk and complexity: how answers make them, what they multiply by, what they are called.

Does not belong here: the questions themselves (`questions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from kcc_etl.parameters.base import FilledText, Limits, Multiplier, Percent, Sourced

ClassName = Literal["low", "medium", "high"]
CLASSES = ("low", "medium", "high")


@dataclass(frozen=True)
class Scoring(Sourced):
    """Classes of the sum of five answers, each 1 to 3."""

    low_to: Annotated[int, Limits(least=5, most=14)]
    medium_to: Annotated[int, Limits(least=5, most=14)]
    missing_answer: Annotated[int, Limits(least=1, most=3)]

    def class_of(self, total: int) -> ClassName:
        """The class of a sum of five answers."""
        if total <= self.low_to:
            return "low"
        return "medium" if total <= self.medium_to else "high"


@dataclass(frozen=True)
class ClassFactors(Sourced):
    """A multiplier for each class."""

    low: Multiplier
    medium: Multiplier
    high: Multiplier

    def of(self, name: ClassName) -> Fraction:
        """The multiplier of a class."""
        return {"low": self.low, "medium": self.medium, "high": self.high}[name]


@dataclass(frozen=True)
class AssuranceLevel:
    """How closely contracts of a risk class are looked at."""

    risk: ClassName
    returns: Literal["yearly", "quarterly"]
    evidence_sample_pct: Percent


@dataclass(frozen=True)
class Assurance(Sourced):
    """Assurance by risk class."""

    level: tuple[AssuranceLevel, ...]

    def of(self, risk: ClassName) -> AssuranceLevel:
        """The level of a risk class."""
        return next(level for level in self.level if level.risk == risk)


@dataclass(frozen=True)
class ClassLabels(Sourced):
    """What reports call a contract of high or low value and of high or low risk."""

    high_value_from_band: str
    high_risk: ClassName
    low_value_low_risk: FilledText
    high_value_low_risk: FilledText
    low_value_high_risk: FilledText
    high_value_high_risk: FilledText

    def of(self, *, high_value: bool, risk: ClassName) -> str:
        """The label of a contract; `high_value` is whether its band reaches `high_value_from_band`."""
        if CLASSES.index(risk) >= CLASSES.index(self.high_risk):
            return self.high_value_high_risk if high_value else self.low_value_high_risk
        return self.high_value_low_risk if high_value else self.low_value_low_risk

"""The questions about risk and complexity that an officer answers for each contract, in their words.

Does not belong here: classes of the answers and what they do to a target (`model`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kcc_etl.parameters.base import FilledText, Sourced

RiskColumn = Literal["risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding"]
ComplexityColumn = Literal[
    "complexity_sites",
    "complexity_subcontracting",
    "complexity_labour",
    "complexity_term",
    "complexity_innovation",
]


@dataclass(frozen=True)
class Answers:
    """The words of one question and of its answers 1 (low), 2 (medium) and 3 (high)."""

    asks: FilledText
    low: FilledText
    medium: FilledText
    high: FilledText


@dataclass(frozen=True)
class RiskQuestion(Answers):
    """A question about risk; `column` is the field of the register that holds the answer."""

    column: RiskColumn


@dataclass(frozen=True)
class ComplexityQuestion(Answers):
    """A question about complexity; `column` is the field of the register that holds the answer."""

    column: ComplexityColumn


@dataclass(frozen=True)
class Questions(Sourced):
    """The five questions about risk and the five about complexity."""

    risk: tuple[RiskQuestion, ...]
    complexity: tuple[ComplexityQuestion, ...]

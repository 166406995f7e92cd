"""What every parameter table has in common: where it comes from, and limits on its figures.

Does not belong here: the tables themselves (`model`, `statutory`), reading files (`load`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

Status = Literal["law", "policy", "assumption"]


@dataclass(frozen=True)
class Limits:
    """What a figure may be: `least` or more, more than `above`, at most `most`; `filled` text is given."""

    least: int | None = None
    above: int | None = None
    most: int | None = None
    filled: bool = False


FilledText = Annotated[str, Limits(filled=True)]
Multiplier = Annotated[Fraction, Limits(above=0, most=5)]
ReliefFactor = Annotated[Fraction, Limits(above=0, most=1)]
Percent = Annotated[Fraction, Limits(least=0, most=100)]
Amount = Annotated[int, Limits(least=1)]
Percentage = Annotated[int, Limits(least=1, most=100)]
Floor = Annotated[int, Limits(least=0)]


@dataclass(frozen=True)
class Sourced:
    """One table of parameters: where it comes from, what it is, who approved it, from when it holds."""

    source: FilledText
    status: Status
    approved_by: str
    effective_from: date

"""What a target comes to: values of one output, units, hours, light activity, relief.

Does not belong here: the arithmetic with them (`kcc_etl.domain.proportion`), bands and classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from kcc_etl.parameters.base import Limits, ReliefFactor, Sourced

ContractType = Literal["services", "works", "light_touch", "goods"]


@dataclass(frozen=True)
class Divisors(Sourced):
    """Millions of pounds that bring one employment output, by type of contract."""

    services: Annotated[Fraction, Limits(above=0)]
    works: Annotated[Fraction, Limits(above=0)]
    light_touch: Annotated[Fraction, Limits(above=0)]
    goods: Annotated[Fraction, Limits(above=0)]
    light_touch_service_groups: tuple[str, ...]

    def of(self, kind: ContractType) -> Fraction:
        """The divisor of a type of contract."""
        kinds = {"services": self.services, "works": self.works, "light_touch": self.light_touch}
        return kinds.get(kind, self.goods)


@dataclass(frozen=True)
class Outputs(Sourced):
    """What one employment output is in each employment measure, and when there is none."""

    sharing: Literal["equal"]
    nothing_below: Annotated[Fraction, Limits(above=0, most=1)]
    units_per_output: dict[str, Annotated[Fraction, Limits(above=0)]]


@dataclass(frozen=True)
class LightActivity(Sourced):
    """What takes the place of a headcount target that comes to nothing."""

    measure: str
    quantity: Annotated[Fraction, Limits(above=0)]
    from_band: str


@dataclass(frozen=True)
class DefaultMeasure(Sourced):
    """The measure asked for where measures are required and none is chosen, by type of contract."""

    services: str
    works: str
    light_touch: str
    goods: str

    def of(self, kind: ContractType) -> str:
        """The code of the measure for a type of contract."""
        kinds = {"services": self.services, "works": self.works, "light_touch": self.light_touch}
        return kinds.get(kind, self.goods)


@dataclass(frozen=True)
class Hours(Sourced):
    """Hours over the whole contract for each million pounds of average annual value."""

    per_million_a_year: Annotated[Fraction, Limits(above=0)]
    from_band: str


@dataclass(frozen=True)
class Carbon(Sourced):
    """From which band the carbon measure is called for."""

    measure: str
    from_band: str


@dataclass(frozen=True)
class Stretch(Sourced):
    """Person-weeks for each million pounds of works, shown beside the target, never asked for."""

    works_weeks_per_million: Annotated[Fraction, Limits(above=0)]


@dataclass(frozen=True)
class Relief(Sourced):
    """Factors by size and kind of supplier; the lowest single one counts. Stage `off` gives none."""

    stage: Literal["published_rule", "at_award", "off"]
    large: ReliefFactor
    medium: ReliefFactor
    small: ReliefFactor
    micro: ReliefFactor
    unknown: ReliefFactor
    vcse: ReliefFactor
    small_measures_fewer: Annotated[int, Limits(least=0, most=9)]
    vcse_measures_fewer: Annotated[int, Limits(least=0, most=9)]
    micro_max_measures: Annotated[int, Limits(least=1, most=20)]

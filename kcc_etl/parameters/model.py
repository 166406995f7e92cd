"""Parameters as values: what policy and law set, with where each figure comes from.

Does not belong here: reading files (`load`), arithmetic with the figures (`kcc_etl.domain`).

A field's name is the key of the TOML file, its type the type the file must give: `int` a whole number,
`Fraction` a decimal in quotes. `Limits` states what a figure may be; the loader holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from kcc_etl.parameters.base import FilledText, Limits, Multiplier, Percent, Sourced
from kcc_etl.parameters.outcodes import Outcodes
from kcc_etl.parameters.statutory import Statutory

ClassName = Literal["low", "medium", "high"]
ContractType = Literal["services", "works", "light_touch", "goods"]
CLASSES = ("low", "medium", "high")


@dataclass(frozen=True)
class About(Sourced):
    """The edition of the policy as a whole; `effective_from` is when it begins to hold."""

    title: FilledText
    note: str


@dataclass(frozen=True)
class Scope(Sourced):
    """Which contracts carry no targets at all."""

    agreement_kinds_without_targets: tuple[str, ...]
    regimes_without_targets: tuple[str, ...]
    school_contracts_have_targets: bool


@dataclass(frozen=True)
class Band:
    """Value from `from_pence` to under `below_pence` (open at the top when None) and what it asks for."""

    code: FilledText
    from_pence: Annotated[int, Limits(least=0)]
    mode: Literal["none", "voluntary", "required"]
    max_measures: Annotated[int, Limits(least=0, most=20)]
    min_employment: Annotated[int, Limits(least=0, most=20)]
    weighting_pct: Percent
    plan: FilledText
    below_pence: Annotated[int | None, Limits(least=1)] = None


@dataclass(frozen=True)
class Bands(Sourced):
    """The bands, lowest first, without gap or overlap."""

    band: tuple[Band, ...]

    def __iter__(self) -> Iterator[Band]:
        return iter(self.band)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the bands, lowest first."""
        return tuple(band.code for band in self.band)

    def of(self, pence: int) -> Band:
        """The band of a value in pence excluding VAT; the lower bound belongs to the band."""
        return [band for band in self.band if band.from_pence <= max(pence, 0)][-1]

    def reaches(self, band: Band, code: str) -> bool:
        """Whether a band is the one named or above it."""
        return self.codes.index(band.code) >= self.codes.index(code)


@dataclass(frozen=True)
class MoveDown(Sourced):
    """Service groups that are treated some bands lower."""

    service_groups: tuple[str, ...]
    bands: Annotated[int, Limits(least=0, most=9)]


@dataclass(frozen=True)
class Floor:
    """The least band from a cumulative value on."""

    from_pence: Annotated[int, Limits(least=1)]
    band: FilledText


@dataclass(frozen=True)
class Aggregation(Sourced):
    """Least bands of the call-offs under one agreement, by their cumulative value."""

    agreement_kinds: tuple[str, ...]
    floor: tuple[Floor, ...]


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
    large: Multiplier
    medium: Multiplier
    small: Multiplier
    micro: Multiplier
    unknown: Multiplier
    vcse: Multiplier
    small_measures_fewer: Annotated[int, Limits(least=0, most=9)]
    vcse_measures_fewer: Annotated[int, Limits(least=0, most=9)]
    micro_max_measures: Annotated[int, Limits(least=1, most=20)]


@dataclass(frozen=True)
class Profile(Sourced):
    """How a target falls due over the contract."""

    mobilisation_quarters: Annotated[int, Limits(least=0, most=4)]


@dataclass(frozen=True)
class Returns(Sourced):
    """When returns are due and what follows from their absence or excess."""

    due_days: Annotated[int, Limits(least=1, most=366)]
    missing_in_a_row_forces_red: Annotated[int, Limits(least=1, most=8)]
    over_claim_pct: Annotated[Fraction, Limits(above=0)]


@dataclass(frozen=True)
class Rating(Sourced):
    """The floor under which a measure is Red, as a percentage of what is due."""

    floor_pct: Annotated[Fraction, Limits(above=0, most=100)]


@dataclass(frozen=True)
class Overrides(Sourced):
    """Who may set a target to another value, and by how much."""

    roles_within_limit: tuple[str, ...]
    limit_pct: Percent
    roles_without_limit: tuple[str, ...]
    reason_codes: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One edition of the policy: everything that sets and rates targets."""

    about: About
    scope: Scope
    bands: Bands
    move_down: MoveDown
    aggregation: Aggregation
    scoring: Scoring
    complexity: ClassFactors
    risk: ClassFactors
    assurance: Assurance
    divisors: Divisors
    outputs: Outputs
    light_activity: LightActivity
    default_measure: DefaultMeasure
    hours: Hours
    carbon: Carbon
    stretch: Stretch
    relief: Relief
    profile: Profile
    returns: Returns
    rating: Rating
    overrides: Overrides

    @property
    def effective_from(self) -> date:
        """The first day the edition holds; it holds for procurements that commenced on or after it."""
        return self.about.effective_from


@dataclass(frozen=True)
class Measure:
    """One measure: what it counts, in which unit, how it is counted and how its target is set."""

    code: FilledText
    title: FilledText
    unit: FilledText
    theme: Literal["jobs", "skills", "economy", "community", "environment"]
    counting: Literal["flow", "level"]
    computed: Literal["outputs", "hours", "fixed", "committed"]
    ppn002_outcome: str
    fixed_quantity: Annotated[Fraction | None, Limits(above=0)] = None

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


@dataclass(frozen=True)
class Parameters:
    """Everything in force for one run: the editions of the policy, the measures, the law, where outcodes lie.

    `version` is the first 12 characters of the hash of the content of all files.
    """

    policies: tuple[Policy, ...]
    measure_table: Measures
    statutory: Statutory
    outcodes: Outcodes
    version: str

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the order of the file."""
        return self.measure_table.measure

    @cached_property
    def measure_of(self) -> Mapping[str, Measure]:
        """The measures by their code."""
        return {measure.code: measure for measure in self.measures}

    @property
    def policy(self) -> Policy:
        """The newest edition of the policy; which edition holds for a contract is `in_force`."""
        return self.policies[-1]

    @property
    def tables(self) -> tuple[Sourced, ...]:
        """Every sourced table of every file."""
        files: tuple[object, ...] = (*self.policies, self.statutory)
        tables = [table for file in files for table in vars(file).values() if isinstance(table, Sourced)]
        return (*tables, self.measure_table)

    @property
    def is_approved(self) -> bool:
        """Whether nothing in force is an assumption any more."""
        return all(table.status != "assumption" for table in self.tables)

    def in_force(self, day: date) -> Policy | None:
        """The edition of the policy in force on a day; None before the first."""
        begun = [policy for policy in self.policies if policy.effective_from <= day]
        return begun[-1] if begun else None

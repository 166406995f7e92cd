"""Parameters as values: what policy and law set, with where each figure comes from.

Does not belong here: reading files (`load`), arithmetic with the figures (`kcc_etl.domain`).

A field's name is the key of the TOML file, its type the type the file must give: `int` a whole number,
`Fraction` a decimal in quotes. `Limits` states what a figure may be; the loader holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kcc_etl.parameters.authority import Authority
from kcc_etl.parameters.bands import Aggregation, Band, Bands, MoveDown
from kcc_etl.parameters.base import FilledText, Sourced
from kcc_etl.parameters.classes import Assurance, ClassFactors, ClassLabels, ClassName, Scoring
from kcc_etl.parameters.duties import DutyRules, Law
from kcc_etl.parameters.materiality import Materiality
from kcc_etl.parameters.measures import Measure, Measures
from kcc_etl.parameters.monitoring import (
    DeliveryPlan,
    Escalation,
    Overrides,
    PerformanceRating,
    Profile,
    Rating,
    Returns,
    SmallNumbers,
)
from kcc_etl.parameters.outcodes import Outcodes
from kcc_etl.parameters.proxies import Proxies
from kcc_etl.parameters.quantities import (
    Carbon,
    DefaultMeasure,
    Divisors,
    Hours,
    LightActivity,
    Outputs,
    Relief,
    Stretch,
)
from kcc_etl.parameters.questions import Questions
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.parameters.sign_off import SignOff
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.parameters.supply import (
    ApprenticeShare,
    KentSupply,
    PromptPayment,
    ProxyCheck,
    SupplyBenchmark,
)
from kcc_etl.parameters.waivers import Waivers


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
class Policy:
    """One edition of the policy: everything that sets and rates targets."""

    about: About
    scope: Scope
    bands: Bands
    move_down: MoveDown
    aggregation: Aggregation
    questions: Questions
    scoring: Scoring
    complexity: ClassFactors
    risk: ClassFactors
    assurance: Assurance
    class_labels: ClassLabels
    divisors: Divisors
    outputs: Outputs
    light_activity: LightActivity
    default_measure: DefaultMeasure
    hours: Hours
    carbon: Carbon
    stretch: Stretch
    apprentice_share: ApprenticeShare
    kent_supply: KentSupply
    supply_benchmark: SupplyBenchmark
    prompt_payment: PromptPayment
    proxy_check: ProxyCheck
    relief: Relief
    profile: Profile
    returns: Returns
    escalation: Escalation
    delivery_plan: DeliveryPlan
    rating: Rating
    performance_rating: PerformanceRating
    small_numbers: SmallNumbers
    overrides: Overrides

    @property
    def effective_from(self) -> date:
        """The first day the edition holds; it holds for procurements that commenced on or after it."""
        return self.about.effective_from

    def label_of(self, band: Band, risk: ClassName) -> str:
        """What reports call a contract of a band and a class of risk. Source: section 8.2."""
        high = self.bands.reaches(band, self.class_labels.high_value_from_band)
        return self.class_labels.of(high_value=high, risk=risk)


@dataclass(frozen=True)
class Parameters:
    """Everything in force for one run: the editions of the policy, the measures, the law, where outcodes lie.

    `version` is the first 12 characters of the hash of the content of all files; `edition_versions` are those
    of the single editions, in their order. `proxies` are the council's own £ values, if it has any.
    """

    policies: tuple[Policy, ...]
    measure_table: Measures
    statutory: Statutory
    duties: DutyRules
    redaction: RedactionRules
    outcodes: Outcodes
    materiality: Materiality
    proxies: Proxies | None
    authority: Authority
    waivers: Waivers
    sign_off: SignOff
    version: str
    edition_versions: tuple[str, ...]

    @cached_property
    def law(self) -> Law:
        """What duties follow: the figures of the law, and how what it leaves open is read."""
        return Law(self.statutory, self.duties)

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
        return self._tables_of(self.policies)

    def is_approved(self, as_of: date, commenced: Iterable[date] | None = None) -> bool:
        """Whether nothing in force on a day is an assumption any more.

        In force are the law, the measures and the rest, the edition of the day, and those that judge the
        procurements that `commenced` on the days given; every edition begun by then when none are given.
        """
        return all(table.status != "assumption" for table in self.tables_in_force(as_of, commenced))

    def tables_in_force(self, as_of: date, commenced: Iterable[date] | None = None) -> tuple[Sourced, ...]:
        """The sourced tables that figures of a day rest on; `commenced` as for `is_approved`."""
        if commenced is None:
            return self._tables_of([p for p in self.policies if p.effective_from <= as_of])
        judging = {edition.effective_from for day in (as_of, *commenced) if (edition := self.in_force(day))}
        return self._tables_of([p for p in self.policies if p.effective_from in judging])

    def in_force(self, day: date) -> Policy | None:
        """The edition of the policy in force on a day; None before the first."""
        begun = [policy for policy in self.policies if policy.effective_from <= day]
        return begun[-1] if begun else None

    def version_of(self, policy: Policy) -> str:
        """The version of one edition, by the content of its file."""
        days = [edition.effective_from for edition in self.policies]
        return self.edition_versions[days.index(policy.effective_from)]

    def _tables_of(self, editions: Iterable[Policy]) -> tuple[Sourced, ...]:
        files: tuple[object, ...] = (*editions, self.statutory, self.duties, self.redaction)
        tables = [table for file in files for table in vars(file).values() if isinstance(table, Sourced)]
        own = (self.proxies,) if self.proxies else ()
        beside = (self.measure_table, self.outcodes, self.materiality)
        deciding = (self.authority, self.waivers, self.sign_off)
        return (*tables, *beside, *deciding, *own)

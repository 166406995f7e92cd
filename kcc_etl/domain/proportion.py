"""Proportion: what policy asks of one contract, from its band, risk, complexity and relief. Exact.

Does not belong here: frames and officers' decisions (`targets`), what is due when (`delivery`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.domain.money import number_display, pounds_display, round_half_up, split_exactly
from kcc_etl.domain.periods import quarters_in
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.classes import ClassName
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.quantities import ContractType

PENCE_PER_MILLION = 100_000_000
_OUTPUTS = ("8.1", "8.2", "8.3", "8.5")
_HOURS = ("8.1", "8.2", "8.4", "8.5")
MIN_YEARS = Fraction(1)
"""A contract of less than a year has its whole value as annual value."""


@dataclass(frozen=True)
class Asked:
    """The contract as far as proportion goes. Pence excluding VAT; answers 1 to 3, None when not given.

    `value_ex_vat_pence` is the whole-life value including options and sets the band; `counted_pence` is the
    part without options that sets quantities, all of it when None; the term to `last_on` is that part's.
    """

    value_ex_vat_pence: int
    kind: ContractType
    service_group: str
    supplier_size: str
    supplier_is_vcse: bool
    risk_answers: tuple[int | None, ...]
    complexity_answers: tuple[int | None, ...]
    start_on: date
    last_on: date
    measures: tuple[str, ...]
    aggregated_pence: int = 0
    counted_pence: Fraction | None = None
    is_awarded: bool = True


@dataclass(frozen=True)
class Proportion:
    """Band, classes and relief of one contract, and the exact numbers that follow from them."""

    asked: Asked
    band: Band
    risk: ClassName
    complexity: ClassName
    risk_factor: Fraction
    complexity_factor: Fraction
    relief: Fraction
    relief_reason: str
    max_measures: int
    divisor: Fraction

    @property
    def factors(self) -> Fraction:
        """Complexity, risk and relief multiplied."""
        return self.complexity_factor * self.risk_factor * self.relief

    @property
    def counted_pence(self) -> Fraction:
        """The value that quantities follow: without options that are not taken up. Source: section 8.6."""
        counted = self.asked.counted_pence
        return Fraction(self.asked.value_ex_vat_pence) if counted is None else counted

    @property
    def outputs(self) -> Fraction:
        """Employment outputs before rounding. Source: social-value policy parameters, section 8.3."""
        return self.counted_pence / PENCE_PER_MILLION / self.divisor * self.factors

    @property
    def years(self) -> Fraction:
        """Length in years, a quarter of a year to each financial quarter; at least one."""
        return max(quarters_in(self.asked.start_on, self.asked.last_on) / 4, MIN_YEARS)

    def hours(self, policy: Policy) -> Fraction:
        """Hours over the whole contract before rounding. Source: same, section 8.4."""
        annual = self.counted_pence / PENCE_PER_MILLION / self.years
        return annual * policy.hours.per_million_a_year * self.factors

    def stretch_weeks(self, policy: Policy) -> Fraction:
        """Person-weeks shown beside the target of works, never asked for. Source: same, section 8.3."""
        value = self.counted_pence / PENCE_PER_MILLION
        return value * policy.stretch.works_weeks_per_million if self.asked.kind == "works" else Fraction(0)


@dataclass(frozen=True)
class Quantity:
    """What policy asks for in one measure, rounded once, and how: `way` ends the sentence of explanation.

    A `committed` quantity is not computed: the supplier's own commitment stands in its place. `unrounded` is
    the sum before rounding, outputs or hours of all measures together; None where nothing is summed.
    `sections` are those of the policy parameters that the way follows.
    """

    measure: Measure
    quantity: Fraction
    way: str
    committed: bool = False
    unrounded: Fraction | None = None
    sections: tuple[str, ...] = ()


def band_of(asked: Asked, policy: Policy) -> Band:
    """The band of the contract: by value, lifted by aggregation, then moved down by service group.

    Source: social-value policy parameters, section 8.1. Consultancy and IT move down even when call-offs
    under one agreement have lifted them, because the move-down is about the trade, not about the size.
    """
    codes = policy.bands.codes
    place = codes.index(policy.bands.of(asked.value_ex_vat_pence).code)
    for floor in policy.aggregation.floor:
        if asked.aggregated_pence >= floor.from_pence:
            place = max(place, codes.index(floor.band))
    if asked.service_group in policy.move_down.service_groups:
        place = max(place - policy.move_down.bands, 0)
    return policy.bands.band[place]


def class_of(answers: Sequence[int | None], policy: Policy) -> ClassName:
    """The class of five answers; one that is missing counts as the parameters say. Source: section 8.2."""
    return policy.scoring.class_of(score_of(answers, policy))


def score_of(answers: Sequence[int | None], policy: Policy) -> int:
    """The sum of five answers; one that is missing counts as the parameters say. Source: section 8.2."""
    missing = policy.scoring.missing_answer
    return sum(missing if answer is None else answer for answer in answers)


def relief_of(asked: Asked, policy: Policy) -> tuple[Fraction, str]:
    """The lowest single relief factor and its ground; factors do not stack. Source: section 8.5.

    At the stage `at_award` a contract that is not awarded has none yet, so that every bidder is asked alike.
    """
    relief = policy.relief
    if relief.stage == "off":
        return Fraction(1), "relief is off"
    if relief.stage == "at_award" and not asked.is_awarded:
        return Fraction(1), "relief comes with the award"
    sizes = {
        "micro": relief.micro,
        "small": relief.small,
        "medium": relief.medium,
        "sme": relief.medium,
        "large": relief.large,
    }
    size = asked.supplier_size if asked.supplier_size in sizes else "unknown"
    factor, reason = sizes.get(size, relief.unknown), f"{size} supplier"
    if size == "sme":
        reason = "small or medium-sized supplier, counted as medium"
    if size == "unknown":
        reason = "supplier of unknown size"
    if asked.supplier_is_vcse and relief.vcse < factor:
        return relief.vcse, "VCSE supplier"
    return factor, reason


def max_measures_of(asked: Asked, band: Band, policy: Policy) -> int:
    """How many measures may be asked for: the band's number less relief, at least one. Source: 8.5."""
    relief, most = policy.relief, band.max_measures
    waits = relief.stage == "at_award" and not asked.is_awarded
    if relief.stage == "off" or waits or most == 0:
        return most
    limits = [most]
    if asked.supplier_size == "micro":
        limits.append(relief.micro_max_measures)
    if asked.supplier_size == "small":
        limits.append(max(most - relief.small_measures_fewer, 1))
    if asked.supplier_is_vcse:
        limits.append(max(most - relief.vcse_measures_fewer, 1))
    return min(limits)


def proportion_of(asked: Asked, policy: Policy) -> Proportion:
    """Everything policy makes of one contract before any measure is looked at."""
    band = band_of(asked, policy)
    risk = class_of(asked.risk_answers, policy)
    complexity = class_of(asked.complexity_answers, policy)
    relief, reason = relief_of(asked, policy)
    return Proportion(
        asked=asked,
        band=band,
        risk=risk,
        complexity=complexity,
        risk_factor=policy.risk.of(risk),
        complexity_factor=policy.complexity.of(complexity),
        relief=relief,
        relief_reason=reason,
        max_measures=max_measures_of(asked, band, policy),
        divisor=policy.divisors.of(asked.kind),
    )


def chosen_measures(made: Proportion, policy: Policy, parameters: Parameters) -> tuple[Measure, ...]:
    """The measures asked for, in the order they were named, no more than the band and relief allow.

    Where the list is cut, its first employment and skills measure keeps a place, because the band asks for
    one. Where none is named: nothing of a voluntary band, the default measure of a required one.
    Codes that are no measure are left out. Source: policy parameters, sections 8.1, 8.5.
    """
    named = tuple(dict.fromkeys(code for code in made.asked.measures if code in parameters.measure_of))
    if not named and made.band.mode == "required":
        named = (policy.default_measure.of(made.asked.kind),)
    measures = [parameters.measure_of[code] for code in named]
    kept = measures[: made.max_measures]
    employment = [measure for measure in measures if measure.is_employment]
    wanted = min(made.band.min_employment, len(kept))
    if wanted and employment and not any(measure.is_employment for measure in kept):
        kept = [*kept[:-1], employment[0]]
    return tuple(kept)


def quantities(made: Proportion, policy: Policy, parameters: Parameters) -> tuple[Quantity, ...]:
    """What policy asks of one contract, one quantity a measure, each rounded once, half up."""
    measures = chosen_measures(made, policy, parameters)
    by_outputs = [measure for measure in measures if measure.computed == "outputs"]
    by_hours = [measure for measure in measures if measure.computed == "hours"]
    ready = {
        **{found.measure.code: found for found in _employment(made, by_outputs, policy, parameters)},
        **{found.measure.code: found for found in _hours(made, by_hours, policy)},
    }
    for measure in measures:
        if measure.computed == "fixed":
            fixed = measure.fixed_quantity or Fraction(0)
            way = f"{measure.code} is fixed for every contract"
            ready[measure.code] = Quantity(measure, fixed, way, sections=("8.4",))
        elif measure.computed == "committed":
            way = f"{measure.code} is never computed"
            ready[measure.code] = Quantity(measure, Fraction(0), way, committed=True, sections=("8.4",))
    return tuple(ready.values())


def _employment(
    made: Proportion, measures: Sequence[Measure], policy: Policy, parameters: Parameters
) -> list[Quantity]:
    """Whole outputs shared equally among the employment measures, or the light activity in their place."""
    if not measures:
        return []
    total = f"{_sum(made, made.outputs)} outputs"
    if made.outputs < policy.outputs.nothing_below:
        light = policy.light_activity
        why = f"{total}, under {number_display(policy.outputs.nothing_below)}, so no headcount is asked for"
        if policy.bands.reaches(made.band, light.from_band):
            activity, way = parameters.measure_of[light.measure], f"{why} but a light activity"
            return [Quantity(activity, light.quantity, way, unrounded=made.outputs, sections=_OUTPUTS)]
        return [Quantity(measure, Fraction(0), why, True, made.outputs, _OUTPUTS) for measure in measures]
    whole = int(round_half_up(made.outputs))
    shares = split_exactly(whole, [1] * len(measures))
    found = []
    for measure, share in zip(measures, shares, strict=True):
        units = policy.outputs.units_per_output[measure.code]
        part = f", of which {share} for {measure.code}" if len(measures) > 1 else ""
        way = f"{total}, rounded to {whole}{part}, at {number_display(units)} {measure.unit} each"
        found.append(Quantity(measure, share * units, way, unrounded=made.outputs, sections=_OUTPUTS))
    return found


def _hours(made: Proportion, measures: Sequence[Measure], policy: Policy) -> list[Quantity]:
    """Whole hours shared equally among the hours measures, from the band that asks for them."""
    if not measures:
        return []
    if not policy.bands.reaches(made.band, policy.hours.from_band):
        way = f"hours are asked for from band {policy.hours.from_band} on"
        return [
            Quantity(measure, Fraction(0), way, committed=True, sections=("8.4",)) for measure in measures
        ]
    exact = made.hours(policy)
    whole = int(round_half_up(exact))
    found = []
    for measure, share in zip(measures, split_exactly(whole, [1] * len(measures)), strict=True):
        part = f", of which {share} for {measure.code}" if len(measures) > 1 else ""
        rate = number_display(policy.hours.per_million_a_year)
        way = f"over {number_display(made.years, 4)} years at {rate} hours per £1m a year"
        way += f" x {_factors(made)} = {number_display(exact, 6)} hours, rounded to {whole}{part}"
        found.append(Quantity(measure, Fraction(share), way, unrounded=exact, sections=_HOURS))
    return found


def _factors(made: Proportion) -> str:
    return (
        f"{number_display(made.complexity_factor)} ({made.complexity} complexity) x "
        f"{number_display(made.risk_factor)} ({made.risk} risk) x "
        f"{number_display(made.relief)} ({made.relief_reason})"
    )


def _sum(made: Proportion, outputs: Fraction) -> str:
    return f"/ £{number_display(made.divisor)}m per output x {_factors(made)} = {number_display(outputs, 6)}"


def opening(made: Proportion) -> str:
    """How every explanation begins: value, kind of contract, band."""
    kind = made.asked.kind.replace("_", " ")
    whole = pounds_display(made.asked.value_ex_vat_pence)
    counted = made.counted_pence
    if counted == made.asked.value_ex_vat_pence:
        return f"{whole} of {kind} in band {made.band.code}"
    return f"£{number_display(counted / 100)} without options, of {whole} of {kind} in band {made.band.code}"

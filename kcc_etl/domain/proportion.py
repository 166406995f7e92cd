"""Proportion: what policy asks of one contract, from its band, risk, complexity and relief. Exact.

Does not belong here: frames and officers' decisions (`targets`), what is due when (`delivery`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kcc_etl.domain.banding import Placing, placing_of
from kcc_etl.domain.choice import Choice, choices_of
from kcc_etl.domain.committed import Quantity, committed_quantity
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import (
    number_display,
    pounds_display,
    quantity_display,
    round_half_up,
    split_exactly,
)
from kcc_etl.domain.periods import years_in
from kcc_etl.domain.relief import most_measures, relief_of
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.classes import ClassName
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy

PENCE_PER_MILLION = 100_000_000
_OUTPUTS = ("8.1", "8.2", "8.3", "8.5")
_HOURS = ("8.1", "8.2", "8.4", "8.5")
MIN_YEARS = Fraction(1)
"""A contract of less than a year has its whole value as annual value."""


@dataclass(frozen=True)
class Proportion:
    """Band, classes and relief of one contract, and the exact numbers that follow from them."""

    asked: Asked
    placing: Placing
    risk: ClassName
    complexity: ClassName
    risk_factor: Fraction
    complexity_factor: Fraction
    relief: Fraction
    relief_reason: str
    max_measures: int
    divisor: Fraction

    @property
    def band(self) -> Band:
        """The band that it is in."""
        return self.placing.band

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
        """Length in calendar years, days left over by their share of the next; at least one."""
        return max(years_in(self.asked.start_on, self.asked.last_on), MIN_YEARS)

    def hours(self, policy: Policy) -> Fraction:
        """Hours over the whole contract before rounding. Source: same, section 8.4."""
        annual = self.counted_pence / PENCE_PER_MILLION / self.years
        return annual * policy.hours.per_million_a_year * self.factors

    def stretch_weeks(self, policy: Policy) -> Fraction:
        """Person-weeks shown beside the target of works, never asked for. Source: same, section 8.3."""
        value = self.counted_pence / PENCE_PER_MILLION
        return value * policy.stretch.works_weeks_per_million if self.asked.kind == "works" else Fraction(0)


def class_of(answers: Sequence[int | None], policy: Policy) -> ClassName:
    """The class of five answers; one that is missing counts as the parameters say. Source: section 8.2."""
    return policy.scoring.class_of(score_of(answers, policy))


def score_of(answers: Sequence[int | None], policy: Policy) -> int:
    """The sum of five answers; one that is missing counts as the parameters say. Source: section 8.2."""
    missing = policy.scoring.missing_answer
    return sum(missing if answer is None else answer for answer in answers)


def proportion_of(asked: Asked, policy: Policy) -> Proportion:
    """Everything policy makes of one contract before any measure is looked at."""
    placing = placing_of(asked, policy)
    risk = class_of(asked.risk_answers, policy)
    complexity = class_of(asked.complexity_answers, policy)
    size, vcse, awarded = asked.supplier_size, asked.supplier_is_vcse, asked.is_awarded
    relief, reason = relief_of(size, policy.relief, is_vcse=vcse, is_awarded=awarded)
    return Proportion(
        asked=asked,
        placing=placing,
        risk=risk,
        complexity=complexity,
        risk_factor=policy.risk.of(risk),
        complexity_factor=policy.complexity.of(complexity),
        relief=relief,
        relief_reason=reason,
        max_measures=most_measures(size, placing.band, policy.relief, is_vcse=vcse, is_awarded=awarded),
        divisor=policy.divisors.of(asked.kind),
    )


def choices(made: Proportion, policy: Policy, parameters: Parameters) -> tuple[Choice, ...]:
    """The measures that the contract is asked for, those that policy adds included."""
    asked = made.asked
    return choices_of(asked.measures, asked.kind, made.band, made.max_measures, policy, parameters)


def quantities(made: Proportion, policy: Policy, parameters: Parameters) -> tuple[Quantity, ...]:
    """What policy asks of one contract, one quantity a measure, each rounded once, half up."""
    chosen = choices(made, policy, parameters)
    by_outputs = [choice for choice in chosen if choice.measure.computed == "outputs"]
    by_hours = [choice for choice in chosen if choice.measure.computed == "hours"]
    ready = {
        **{found.measure.code: found for found in _employment(made, by_outputs, policy, parameters)},
        **{found.measure.code: found for found in _hours(made, by_hours, policy)},
    }
    for choice in chosen:
        measure = choice.measure
        if measure.computed == "fixed":
            fixed = measure.fixed_quantity or Fraction(0)
            way = f"{measure.code} is fixed for every contract"
            ready[measure.code] = Quantity(measure, fixed, way, sections=("8.4",), note=choice.note)
        elif measure.computed == "committed":
            ready[measure.code] = committed_quantity(made.asked, choice, policy)
    return tuple(ready.values())


def _employment(
    made: Proportion, chosen: Sequence[Choice], policy: Policy, parameters: Parameters
) -> list[Quantity]:
    """Whole outputs shared equally among the employment measures, or the light activity in their place.

    What cannot be shared equally goes one each to the first named.
    """
    if not chosen:
        return []
    total, exact = f"{_sum(made, made.outputs)} outputs", made.outputs
    note = _sentences(*(choice.note for choice in chosen), _stretch(made, policy))
    default = next((choice.measure.code for choice in chosen if choice.is_default), "")
    if made.outputs < policy.outputs.nothing_below:
        light = policy.light_activity
        way = f"{total}, under {number_display(policy.outputs.nothing_below)}, so no headcount is asked for"
        if not policy.bands.reaches(made.band, light.from_band):
            return [Quantity(c.measure, Fraction(0), way, True, exact, _OUTPUTS, note) for c in chosen]
        activity, way = parameters.measure_of[light.measure], f"{way} but a light activity"
        return [Quantity(activity, light.quantity, way, False, exact, _OUTPUTS, note, default)]
    whole = int(round_half_up(made.outputs))
    found = []
    for choice, share in zip(chosen, split_exactly(whole, [1] * len(chosen)), strict=True):
        measure = choice.measure
        units = policy.outputs.units_per_output[measure.code]
        part = f", of which {share:,} for {measure.code}" if len(chosen) > 1 else ""
        way = f"{total}, rounded to {whole:,}{part}{_each(units, measure)}"
        default = measure.code if choice.is_default else ""
        note = _sentences(choice.note, _stretch(made, policy))
        found.append(Quantity(measure, share * units, way, False, exact, _OUTPUTS, note, default))
    return found


def _each(units: Fraction, measure: Measure) -> str:
    """What one output is; nothing is said where it is one."""
    return "" if units == 1 else f", at {quantity_display(units, measure.unit)} each"


def _hours(made: Proportion, chosen: Sequence[Choice], policy: Policy) -> list[Quantity]:
    """Whole hours shared equally among the hours measures, from the band that asks for them."""
    if not chosen:
        return []
    if not policy.bands.reaches(made.band, policy.hours.from_band):
        way = f"hours are asked for from band {policy.hours.from_band} on"
        return [Quantity(c.measure, Fraction(0), way, True, None, ("8.4",), c.note) for c in chosen]
    exact, rate = made.hours(policy), number_display(policy.hours.per_million_a_year)
    each = f"£{number_display(made.counted_pence / 100 / made.years)}"
    whole = int(round_half_up(exact))
    found = []
    for choice, share in zip(chosen, split_exactly(whole, [1] * len(chosen)), strict=True):
        part = f", of which {share:,} for {choice.measure.code}" if len(chosen) > 1 else ""
        way = f"over {length_display(made.years)}, {each} a year on average: {rate} hours over the whole "
        way += f"contract for each £1m of that x {_factors(made)} = {number_display(exact, 6)} hours, "
        way += f"rounded to {whole:,}{part}"
        found.append(Quantity(choice.measure, Fraction(share), way, False, exact, _HOURS, choice.note))
    return found


def length_display(years: Fraction) -> str:
    """A length for a reader: `1 year`, `2.5 years`."""
    return f"{number_display(years, 4)} year{'' if years == 1 else 's'}"


def _stretch(made: Proportion, policy: Policy) -> str:
    """The stretch line of works, shown beside the target. Source: same, section 8.3."""
    if made.asked.kind != "works":
        return ""
    weeks = number_display(made.stretch_weeks(policy))
    each = number_display(policy.stretch.works_weeks_per_million)
    return f"Shown beside it and never asked for: {weeks} person-weeks of work, {each} for each £1m."


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _factors(made: Proportion) -> str:
    return (
        f"{number_display(made.complexity_factor)} ({made.complexity} complexity) x "
        f"{number_display(made.risk_factor)} ({made.risk} risk) x "
        f"{number_display(made.relief)} ({made.relief_reason})"
    )


def _sum(made: Proportion, outputs: Fraction) -> str:
    return f"/ £{number_display(made.divisor)}m per output x {_factors(made)} = {number_display(outputs, 6)}"


def opening(made: Proportion) -> str:
    """How every explanation begins: value, kind of contract, band and what moved it."""
    band = f"band {made.placing}"
    kind = made.asked.kind.replace("_", " ")
    whole = pounds_display(made.asked.value_ex_vat_pence)
    counted = made.counted_pence
    if counted == made.asked.value_ex_vat_pence:
        return f"{whole} of {kind} in {band}"
    return f"£{number_display(counted / 100)} without options, of {whole} of {kind} in {band}"

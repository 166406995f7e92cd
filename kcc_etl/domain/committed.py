"""Measures that are promised rather than computed: commitments, the baseline, spend with Kent firms.

Does not belong here: employment outputs and hours (`proportion`), which commitment is recorded (`targets`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kcc_etl.domain.choice import Choice
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import number_display, pounds_display, round_half_up
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Policy


@dataclass(frozen=True)
class Quantity:
    """What policy asks for in one measure, rounded once, and how: `way` ends the sentence of explanation.

    A `committed` quantity is not computed: the supplier's own commitment stands in its place. `unrounded` is
    the sum before rounding, outputs or hours of all measures together, or pounds; None where nothing is
    summed. `sections` are those of the policy parameters that the way follows; `note` has further sentences;
    `default_measure` is the measure that stands in for one that was not chosen. A baseline is set before
    anything is promised.
    """

    measure: Measure
    quantity: Fraction
    way: str
    committed: bool = False
    unrounded: Fraction | None = None
    sections: tuple[str, ...] = ()
    note: str = ""
    default_measure: str = ""
    is_baseline: bool = False
    lacks_spend: bool = False
    spend_is_nothing: bool = False


def committed_quantity(asked: Asked, choice: Choice, policy: Policy) -> Quantity:
    """A measure whose target is the supplier's own commitment, but for the share that the law lets be set.

    Source: social-value policy parameters, section 8.4; SI 2026/94.
    """
    measure, sections = choice.measure, ("8.4",)
    if measure.code == policy.kent_supply.measure and asked.may_have_kent_quota:
        return _kent_supply(asked, choice, policy)
    way = f"{measure.code} is never computed"
    if measure.code == policy.kent_supply.measure:
        way = "a share for firms of the county may be set only below the threshold and in a reserved contract"
    elif measure.code == policy.carbon.measure and asked.is_first_year:
        last = asked.first_year_to
        year = f"the first year of the contract, to {last.day} {last:%B %Y}"
        way = f"{year}, sets the baseline of {measure.code}"
        return Quantity(measure, Fraction(0), way, True, None, sections, choice.note, is_baseline=True)
    return Quantity(measure, Fraction(0), way, True, None, sections, choice.note)


def _kent_supply(asked: Asked, choice: Choice, policy: Policy) -> Quantity:
    """The share of the expected supply spend, in pounds, rounded once to the penny, half up."""
    measure, spend = choice.measure, asked.supply_spend_pence
    where = "below the threshold and reserved to the area"
    if spend is None:
        way = f"{where}, but the supply spend that is expected is not known"
        return Quantity(measure, Fraction(0), way, True, None, ("8.4",), choice.note, lacks_spend=True)
    share = policy.kent_supply.reserved_below_threshold_pct
    exact = spend * share / 10_000
    rounded = Fraction(round_half_up(exact, 2))
    way = f"{where}: {number_display(share)}% of {pounds_display(spend)} expected supply spend"
    return Quantity(measure, rounded, way, False, exact, ("8.4",), choice.note, spend_is_nothing=spend == 0)

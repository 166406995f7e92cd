"""The worked figures of §8.3 and §8.6 of the policy research, by both implementations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from kcc_etl.domain import profile
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.proportion import proportion_of, quantities
from kcc_etl.parameters.load import load_parameters
from tests.reference import asks, courses
from tests.reference.asks import Facts

PARAMETERS = load_parameters()
POLICY = PARAMETERS.policy
FIRST, LAST = date(2026, 4, 1), date(2029, 3, 31)
ANSWERS = {"low": (1, 1, 1, 1, 1), "med": (2, 2, 2, 2, 2), "high": (3, 3, 3, 3, 3)}

# What one implementation makes of a contract: band, outputs, quantity of each measure, stretch weeks.
Made = tuple[str, Fraction, dict[str, Fraction], Fraction]


def by_the_program(facts: Facts) -> Made:
    made = proportion_of(
        Asked(
            value_ex_vat_pence=facts.value,
            kind="light_touch" if facts.kind == "care" else facts.kind,
            service_group=facts.trade,
            supplier_size=facts.size,
            supplier_is_vcse=facts.vcse,
            risk_answers=facts.risk,
            complexity_answers=facts.complexity,
            start_on=facts.first,
            last_on=facts.last,
            measures=facts.wanted,
        ),
        POLICY,
    )
    found = {
        one.measure.code: one.quantity for one in quantities(made, POLICY, PARAMETERS) if not one.committed
    }
    return made.band.code, made.outputs, found, made.stretch_weeks(POLICY)


def by_the_reference(facts: Facts) -> Made:
    band = asks.BANDS[asks.band_of(facts.value, facts.trade)][0]
    found = {code: quantity for code, quantity in asks.computed(facts).items() if quantity is not None}
    return band, asks.outputs(facts), found, asks.stretch_weeks(facts)


def facts(pounds: int, kind: str, size: str, complexity: str, risk: str, trade: str = "other") -> Facts:
    return Facts(
        ref="K-1", value=100 * pounds, options=None, gross=None, kind=kind, light=kind == "care", reserved=None,
        trade=trade, size=size, vcse=False, risk=ANSWERS[risk], complexity=ANSWERS[complexity],
        first=FIRST, last=LAST, latest=LAST, wanted=("S1",),
    )  # fmt: skip


@pytest.mark.parametrize("make", [by_the_program, by_the_reference])
@pytest.mark.parametrize(
    ("contract", "band", "outputs", "target", "stretch"),
    [
        (facts(150_000, "services", "small", "low", "low"), "B2", "0.060", {"S5": 10}, 0),
        (facts(150_000, "services", "small", "low", "low", "it"), "B1", "0.060", {}, 0),
        (facts(1_200_000, "services", "large", "med", "low"), "B4", "1.200", {"S1": 1}, 0),
        (facts(600_000, "services", "medium", "med", "med"), "B3", "0.405", {"S5": 10}, 0),
        (facts(8_000_000, "works", "large", "high", "med"), "B5", "2.880", {"S1": 3}, 416),
        (facts(30_000_000, "care", "large", "med", "med"), "B5", "13.500", {"S1": 14}, 0),
        (facts(120_000_000, "works", "large", "high", "high"), "B5", "36.000", {"S1": 36}, 6240),
    ],
    ids=[
        "IT support",
        "IT support moved down",
        "cleaning",
        "grounds",
        "school build",
        "homecare",
        "highways",
    ],
)
def test_outputs_of_section_8_3(
    make: Callable[[Facts], Made],
    contract: Facts,
    band: str,
    outputs: str,
    target: dict[str, int],
    stretch: int,
) -> None:
    assert make(contract) == (band, Fraction(outputs), target, stretch)


# Target 12 over 12 quarters, the first 0; after quarter 6 the remaining value goes from £3.0m to £4.5m.
AFTER = date(2027, 9, 30)


def test_the_change_of_section_8_6_by_the_program() -> None:
    even = profile.even(Fraction(12), FIRST, LAST)
    changed = even.valued_anew(AFTER + timedelta(days=1), Fraction(450_000_000, 300_000_000))

    assert even.due(AFTER) == Fraction(60, 11)
    assert changed.total == changed.due(LAST) == Fraction(168, 11)


def test_the_change_of_section_8_6_by_the_reference() -> None:
    even = courses.evenly(Fraction(12), FIRST, LAST)
    changed = courses.revalued(even, AFTER, 300_000_000, 450_000_000)

    assert courses.due(even, AFTER) == Fraction(60, 11)
    assert courses.whole(changed) == courses.due(changed, LAST) == Fraction(168, 11)


def test_the_printed_decimals_of_section_8_6_are_those_fractions() -> None:
    assert (round(float(Fraction(60, 11)), 4), round(float(Fraction(168, 11)), 4)) == (5.4545, 15.2727)

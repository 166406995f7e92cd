"""What must hold of the arithmetic whatever the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from kcc_etl.domain.money import parse_pounds, pounds_display, pounds_text, round_half_up, split_exactly
from kcc_etl.domain.periods import parse_period, quarter_of, quarters_between, quarters_in
from kcc_etl.domain.profile import even
from kcc_etl.domain.proportion import Asked, band_of, proportion_of, quantities
from kcc_etl.parameters.load import load_parameters

PARAMETERS = load_parameters()
POLICY = PARAMETERS.policy
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))
AGREED = st.fractions(0, 10_000, max_denominator=1000)
ANSWERS = st.tuples(*[st.sampled_from([1, 2, 3, None])] * 5)
CODES = st.lists(st.sampled_from([measure.code for measure in PARAMETERS.measures]), max_size=8).map(tuple)


@st.composite
def terms(draw):
    start = draw(DAYS)
    return start, start + timedelta(days=draw(st.integers(0, 3000)))


@st.composite
def contracts(draw):
    start, end = draw(terms())
    return Asked(
        value_ex_vat_pence=draw(st.integers(0, 20_000_000_000)),
        kind=draw(st.sampled_from(["services", "works", "light_touch", "goods"])),
        service_group=draw(st.sampled_from(["other", "it", "consultancy", "care"])),
        supplier_size=draw(st.sampled_from(["micro", "small", "medium", "large", "unknown", ""])),
        supplier_is_vcse=draw(st.booleans()),
        risk_answers=draw(ANSWERS),
        complexity_answers=draw(ANSWERS),
        start_on=start,
        last_on=end,
        measures=draw(CODES),
        aggregated_pence=draw(st.integers(0, 20_000_000)),
    )


@given(AGREED, terms(), DAYS, DAYS)
def test_due_never_falls_as_time_goes_on(agreed, term, one, other):
    early, late = sorted((one, other))
    assert 0 <= even(agreed, *term).due(early) <= even(agreed, *term).due(late) <= agreed


@given(AGREED, terms())
def test_due_is_the_whole_at_the_end_and_nothing_in_the_first_quarter(agreed, term):
    start, end = term
    assert even(agreed, start, end).due(end) == agreed
    first = quarter_of(start)
    if first.end < end:
        assert even(agreed, start, end).due(first.end) == 0
        assert agreed == 0 or even(agreed, start, end).due(first.end + timedelta(days=1)) > 0
    else:
        assert even(agreed, start, end).due(end - timedelta(days=1)) == 0


@given(AGREED, terms())
def test_the_quarters_of_a_contract_add_up_to_the_agreed_target(agreed, term):
    ends = [term[0] - timedelta(days=1), *(quarter.end for quarter in quarters_between(*term))]
    due = [even(agreed, *term).due(day) for day in ends]
    assert sum(b - a for a, b in pairwise(due)) == agreed


@given(contracts())
def test_targets_are_never_negative_and_no_more_than_the_band_allows(asked):
    made = proportion_of(asked, POLICY)
    found = quantities(made, POLICY, PARAMETERS)
    assert all(quantity.quantity >= 0 for quantity in found)
    assert len(found) <= made.max_measures <= made.band.max_measures
    assert len({quantity.measure.code for quantity in found}) == len(found)
    assert made.band.mode != "none" or not found


@given(contracts(), st.integers(0, 20_000_000_000))
def test_outputs_never_fall_when_the_value_rises(asked, more):
    larger = proportion_of(replace(asked, value_ex_vat_pence=asked.value_ex_vat_pence + more), POLICY)
    made = proportion_of(asked, POLICY)
    assert larger.outputs >= made.outputs
    assert larger.hours(POLICY) >= made.hours(POLICY)
    assert larger.max_measures >= made.max_measures


@given(contracts(), st.integers(0, 20_000_000_000), st.sampled_from(["J1", "S1", "S2", "S4"]))
def test_the_target_of_one_measure_never_falls_when_the_value_rises(asked, more, code):
    asked = replace(asked, measures=(code,))
    larger = replace(asked, value_ex_vat_pence=asked.value_ex_vat_pence + more)
    before, after = (
        {q.measure.code: q.quantity for q in quantities(proportion_of(one, POLICY), POLICY, PARAMETERS)}
        for one in (asked, larger)
    )
    assert after.get(code, 0) >= before.get(code, 0)


@given(
    contracts(), st.integers(2_000_000_000, 20_000_000_000), st.permutations(["J1", "S1", "S2", "S4", "S5"])
)
def test_the_shares_of_employment_measures_add_up_to_the_rounded_outputs(asked, pence, codes):
    # From £20m on there is at least one output whatever the type, classes and relief.
    made = proportion_of(replace(asked, value_ex_vat_pence=pence, measures=tuple(codes)), POLICY)
    found = quantities(made, POLICY, PARAMETERS)
    shares = [q.quantity / POLICY.outputs.units_per_output[q.measure.code] for q in found]
    assert sum(shares) == int(round_half_up(made.outputs))
    assert max(shares) - min(shares) <= 1


@given(st.integers(-(10**15), 10**15), st.lists(st.fractions(0, 100), min_size=1, max_size=12))
def test_shares_add_up_exactly_and_are_within_one_of_their_ideal(total, weights):
    assume(sum(weights) > 0)
    shares = split_exactly(total, weights)
    assert sum(shares) == total
    assert all(abs(s - total * w / sum(weights)) < 1 for s, w in zip(shares, weights, strict=True))


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 5))
def test_rounding_agrees_with_decimal_half_up(value, places):
    assert round_half_up(Fraction(value), places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_an_amount_survives_being_written_and_read(pence):
    assert parse_pounds(pounds_text(pence)) == parse_pounds(pounds_display(pence)) == pence


@given(terms(), st.integers(0, 3000))
def test_lengths_in_quarters_add_up(term, days):
    start, end = term
    middle = min(start + timedelta(days=days), end)
    assert quarters_in(start, middle) + quarters_in(middle + timedelta(days=1), end) == quarters_in(
        start, end
    )


@given(DAYS)
def test_a_day_lies_in_its_quarter_half_and_year(day):
    quarter = quarter_of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter in parse_period(quarter.year).quarters


@given(contracts())
def test_relief_is_one_single_factor_and_never_a_product(asked):
    made = proportion_of(asked, POLICY)
    relief = POLICY.relief
    sizes = {"micro": relief.micro, "small": relief.small, "medium": relief.medium, "large": relief.large}
    own = sizes.get(asked.supplier_size, relief.unknown)
    assert made.relief == (min(own, relief.vcse) if asked.supplier_is_vcse else own)


@given(contracts(), st.sampled_from(POLICY.bands.band))
def test_a_band_begins_at_its_own_penny(asked, band):
    plain = replace(asked, service_group="other", aggregated_pence=0)
    codes = [
        band_of(replace(plain, value_ex_vat_pence=pence), POLICY).code
        for pence in (max(band.from_pence - 1, 0), band.from_pence, band.from_pence + 1)
    ]
    before = POLICY.bands.codes[max(POLICY.bands.codes.index(band.code) - 1, 0)]
    assert codes == [before, band.code, band.code]

"""What must hold of the arithmetic whatever the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from kcc_etl.domain.banding import placing_of
from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import parse_pounds, pounds_display, pounds_text, round_half_up, split_exactly
from kcc_etl.domain.periods import parse_period, quarter_of, quarters_between, quarters_in
from kcc_etl.domain.profile import even
from kcc_etl.domain.proportion import choices, proportion_of, quantities
from kcc_etl.parameters.load import load_parameters

PARAMETERS = load_parameters()
POLICY = PARAMETERS.policy
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))
AGREED = st.fractions(0, 10_000, max_denominator=1000)
ANSWERS = st.tuples(*[st.sampled_from([1, 2, 3, None])] * 5)
CODES = st.lists(st.sampled_from([measure.code for measure in PARAMETERS.measures]), max_size=8).map(tuple)


FIVE_MILLION = Asked(
    value_ex_vat_pence=500_000_000, kind="services", service_group="other", supplier_size="large",
    supplier_is_vcse=False, risk_answers=(1,) * 5, complexity_answers=(2,) * 5, start_on=date(2026, 4, 1),
    last_on=date(2029, 3, 31), measures=("S1", "J1", "S2", "S4", "S5", "E4"),
)  # fmt: skip


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
        may_have_kent_quota=draw(st.booleans()),
        supply_spend_pence=draw(st.none() | st.integers(0, 20_000_000_000)),
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


@given(contracts())
def test_a_required_band_has_its_employment_measures_and_from_its_band_on_carbon(asked):
    made = proportion_of(asked, POLICY)
    asked_for = [choice.measure for choice in choices(made, POLICY, PARAMETERS)]
    codes = [measure.code for measure in asked_for]
    named = [code for code in dict.fromkeys(asked.measures) if code in codes]
    added = [code for code in codes if code not in named]
    assert len(codes) == len(set(codes)) <= made.max_measures
    if made.band.mode != "required":
        assert not added
        return
    least = min(made.band.min_employment, made.max_measures)
    assert sum(measure.is_employment for measure in asked_for) >= least
    assert set(added) <= {"G1", POLICY.default_measure.of(asked.kind)}
    carbon = POLICY.bands.reaches(made.band, "B4") and made.max_measures > 1
    assert ("G1" in codes) >= carbon
    assert "G1" not in added or carbon


@given(contracts(), st.integers(0, 20_000_000_000))
def test_no_measure_is_lost_when_the_value_rises_from_one_required_band_to_another(asked, more):
    made = proportion_of(asked, POLICY)
    larger = proportion_of(replace(asked, value_ex_vat_pence=asked.value_ex_vat_pence + more), POLICY)
    before, after = (
        {choice.measure.code for choice in choices(one, POLICY, PARAMETERS)} for one in (made, larger)
    )
    assert made.band.mode != "required" or before <= after


@given(contracts(), st.integers(0, 20_000_000_000))
def test_the_share_of_supply_spend_is_within_it_and_never_falls_when_it_rises(asked, more):
    asked = replace(asked, measures=("E1", "S1"), service_group="other", value_ex_vat_pence=60_000_000)
    asked = replace(asked, supplier_size="large", supplier_is_vcse=False)
    before, after = (
        {q.measure.code: q for q in quantities(proportion_of(one, POLICY), POLICY, PARAMETERS)}["E1"]
        for one in (asked, replace(asked, supply_spend_pence=(asked.supply_spend_pence or 0) + more))
    )
    spend = asked.supply_spend_pence
    assert before.committed == (spend is None or not asked.may_have_kent_quota)
    assert after.committed == (not asked.may_have_kent_quota)
    assert 0 <= before.quantity <= after.quantity
    assert before.committed or abs(before.quantity - Fraction(spend * 60, 10_000)) <= Fraction(1, 200)


@given(contracts(), st.integers(0, 20_000_000_000))
def test_outputs_never_fall_when_the_value_rises(asked, more):
    larger = proportion_of(replace(asked, value_ex_vat_pence=asked.value_ex_vat_pence + more), POLICY)
    made = proportion_of(asked, POLICY)
    assert larger.outputs >= made.outputs
    assert larger.hours(POLICY) >= made.hours(POLICY)
    assert larger.max_measures >= made.max_measures


@given(contracts(), st.integers(0, 20_000_000_000), st.sampled_from(["J1", "S1", "S2", "S4"]))
def test_the_target_of_the_only_measure_named_never_falls_when_the_value_rises(asked, more, code):
    asked = replace(asked, measures=(code,))
    larger = replace(asked, value_ex_vat_pence=asked.value_ex_vat_pence + more)
    before, after = (
        {q.measure.code: q.quantity for q in quantities(proportion_of(one, POLICY), POLICY, PARAMETERS)}
        for one in (asked, larger)
    )
    assert after.get(code, 0) >= before.get(code, 0)


def in_outputs(asked):
    """The employment measures asked for, each in outputs; none where a light activity takes their place."""
    made = proportion_of(asked, POLICY)
    found = quantities(made, POLICY, PARAMETERS) if made.outputs >= POLICY.outputs.nothing_below else ()
    units = POLICY.outputs.units_per_output
    return {q.measure.code: q.quantity / units[q.measure.code] for q in found if q.measure.code in units}


EDGES = st.sampled_from([band.from_pence for band in POLICY.bands.band if band.from_pence])


@given(contracts(), st.integers(0, 20_000_000_000) | EDGES.map(lambda edge: edge - 1), st.integers(1, 10**9))
@example(FIVE_MILLION, 499_999_999, 1)
def test_outputs_in_all_never_fall_and_one_measure_falls_only_where_another_joins(asked, pence, more):
    before, after = (in_outputs(replace(asked, value_ex_vat_pence=value)) for value in (pence, pence + more))
    assert sum(after.values()) >= sum(before.values())
    assert set(after) >= set(before)
    if any(after[code] < outputs for code, outputs in before.items()):
        assert set(after) > set(before)


@given(
    contracts(), st.integers(2_000_000_000, 20_000_000_000), st.permutations(["J1", "S1", "S2", "S4", "S5"])
)
def test_the_shares_of_employment_measures_add_up_to_the_rounded_outputs(asked, pence, codes):
    # From £20m on there is at least one output whatever the type, classes and relief.
    made = proportion_of(replace(asked, value_ex_vat_pence=pence, measures=tuple(codes)), POLICY)
    found = [q for q in quantities(made, POLICY, PARAMETERS) if q.measure.computed == "outputs"]
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
        placing_of(replace(plain, value_ex_vat_pence=pence), POLICY).band.code
        for pence in (max(band.from_pence - 1, 0), band.from_pence, band.from_pence + 1)
    ]
    before = POLICY.bands.codes[max(POLICY.bands.codes.index(band.code) - 1, 0)]
    assert codes == [before, band.code, band.code]

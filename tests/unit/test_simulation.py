"""What other parameters would make of today's contracts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.simulation import MeasureEffect, editions_tried, simulate, suppliers
from kcc_etl.parameters.load import load_parameters, parameters_of, shipped_texts
from kcc_etl.schema import frames
from tests.unit.test_targets import contract, decision

TODAY = load_parameters()
AS_OF = date(2026, 11, 23)
POLICY = "policy-2026.toml"
CARBON = MeasureEffect("G1", "tCO2e", Fraction(0), Fraction(0))
"""What band B4 asks for as well: a baseline in the first year."""


def tomorrow(*changes, begins="", name=POLICY):
    texts = shipped_texts()
    text = texts[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    if begins:
        return parameters_of({**texts, "policy-2028.toml": text.replace("2026-01-01", begins)})
    return parameters_of({**texts, name: text})


def effects(*contracts, after, decisions=(), today=TODAY):
    rows = [{"supplier_key": f"S-{place}", **row} for place, row in enumerate(contracts)]
    return simulate(
        frames.from_rows(rows, keys.CORE_CONTRACT),
        frames.from_rows(list(decisions), keys.CORE_DECISION),
        today,
        after,
        AS_OF,
    )


def test_the_same_parameters_change_nothing():
    (effect,) = effects(contract(), after=TODAY)

    assert not effect.changes
    assert (effect.band_today, effect.band_steps, effect.way) == ("B4", 0, "same")
    assert effect.measures == (CARBON, MeasureEffect("S1", "people", Fraction(1), Fraction(1)))


def test_half_the_divisor_asks_for_twice_as_much_and_leaves_the_band():
    (effect,) = effects(contract(), after=tomorrow(('services = "1"', 'services = "0.5"')))

    assert effect.measures == (CARBON, MeasureEffect("S1", "people", Fraction(1), Fraction(2)))
    assert (effect.way, effect.band_steps, effect.changes) == ("more", 0, True)


def test_a_moved_edge_moves_the_band_and_the_number_of_measures():
    rows = (contract(value_ex_vat_pence=80_000_000, sv_measures="S1|C1|E2|G2", contract_ref="KC-2"),)
    lower = tomorrow(
        ("below_pence = 100000000\n", "below_pence = 75000000\n"),
        ("from_pence = 100000000\n", "from_pence = 75000000\n"),
    )

    (effect,) = effects(*rows, after=lower)

    assert (effect.band_today, effect.band_tomorrow, effect.band_steps) == ("B3", "B4", 1)
    assert [(m.code, m.way) for m in effect.measures] == [
        ("C1", "same"),
        ("E2", "same"),
        ("G1", "more"),  # in the place of G2, for band B4 asks for it
        ("S1", "same"),
    ]
    assert effect.measures[2].today is None
    # Low risk: one return a year. Three lines of five cells and three answers; then four lines.
    assert (effect.cells_today, effect.cells_tomorrow) == (18, 23)


@pytest.mark.parametrize(("answer", "returns"), [(1, 1), (2, 4), (3, 4)])
def test_the_burden_follows_the_returns_that_policy_asks_of_the_risk(answer, returns):
    risky = dict.fromkeys(
        ("risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding"), answer
    )

    (effect,) = effects(contract(**risky), after=TODAY)

    assert effect.cells_today == returns * (2 * 5 + 3)


def test_small_firms_and_charities_are_counted_once_each():
    rows = (
        contract(
            contract_ref="KC-1", supplier_key="A", supplier_size="small", value_ex_vat_pence=400_000_000
        ),
        contract(
            contract_ref="KC-2", supplier_key="A", supplier_size="small", value_ex_vat_pence=400_000_000
        ),
        contract(
            contract_ref="KC-3", supplier_key="B", supplier_size="large", value_ex_vat_pence=400_000_000
        ),
        contract(
            contract_ref="KC-4",
            supplier_key="C",
            supplier_size="small",
            supplier_is_vcse=True,
            value_ex_vat_pence=400_000_000,
        ),
        contract(contract_ref="KC-5", supplier_key="D", supplier_size="", value_ex_vat_pence=400_000_000),
    )

    found = effects(*rows, after=tomorrow(('small = "0.50"', 'small = "0.25"')))

    assert [(e.ref, e.supplier_class, e.way) for e in found] == [
        ("KC-1", "small", "less"), ("KC-2", "small", "less"), ("KC-3", "large", "same"),
        ("KC-4", "VCSE", "less"), ("KC-5", "unknown", "same"),
    ]  # fmt: skip
    assert suppliers(found, ("small", "micro"), "less") == 1
    assert suppliers(found, ("VCSE",), "less") == 1
    assert suppliers(found, ("small", "micro", "large")) == 2


def test_an_edition_to_come_is_tried_on_the_contracts_of_today():
    (effect,) = effects(
        contract(), after=tomorrow(('services = "1"', 'services = "0.5"'), begins="2028-04-01")
    )

    assert effect.way == "more"


def test_contracts_that_no_edition_judges_today_stay_out_and_those_out_of_scope_come_in():
    rows = (
        contract(contract_ref="KC-1", procurement_commenced_on=date(2025, 6, 1)),
        contract(contract_ref="KC-2", is_school_contract=True),
    )

    (effect,) = effects(*rows, after=tomorrow(("targets = false", "targets = true")))

    assert (effect.ref, effect.band_today, effect.band_tomorrow, effect.way) == ("KC-2", None, "B4", "more")
    assert effect.band_steps > 0


def test_other_measures_alone_leave_each_contract_with_its_edition():
    def edition(parameters_text, begins):
        return parameters_text.replace("2026-01-01", begins)

    text = shipped_texts()[POLICY]
    two = {
        **shipped_texts(),
        "policy-2027.toml": edition(text.replace('services = "1"', 'services = "0.5"'), "2026-06-01"),
    }
    today = parameters_of(two)
    measures = two["measures.toml"].replace('fixed_quantity = "100"', 'fixed_quantity = "95"')
    rows = (contract(sv_measures="S1|E4"),)

    (effect,) = effects(*rows, after=parameters_of({**two, "measures.toml": measures}), today=today)

    assert [(m.code, m.today, m.tomorrow) for m in effect.measures] == [
        ("E4", 100, 95), ("G1", 0, 0), ("S1", 1, 1),
    ]  # fmt: skip


def test_a_commitment_stands_on_both_sides_and_an_override_on_neither():
    rows = (contract(sv_measures="C3|S1", value_ex_vat_pence=120_000_000),)
    given = (decision("D-1", "commitment", 5000, measure="C3"), decision("D-2", "override", 1, measure="S1"))

    (effect,) = effects(*rows, after=tomorrow(('services = "1"', 'services = "0.25"')), decisions=given)

    assert [(m.code, m.today, m.tomorrow) for m in effect.measures] == [
        ("C3", 5000, 5000), ("G1", 0, 0), ("S1", 1, 5),
    ]  # fmt: skip


def test_a_light_activity_in_place_of_a_headcount_is_some_of_both():
    (effect,) = effects(contract(), after=tomorrow(('services = "1"', 'services = "10"')))

    assert [(m.code, m.way) for m in effect.measures] == [
        ("G1", "same"), ("S1", "less"), ("S5", "more"),
    ]  # fmt: skip
    assert effect.way == "mixed"


@pytest.mark.parametrize("judged_today", [True, False])
def test_a_draft_dated_before_the_newest_edition_is_what_is_tried(judged_today):
    """The edition that is new, whatever its day, and with it the contracts that it would judge besides."""
    commenced = date(2026, 2, 1) if judged_today else date(2025, 7, 1)
    rows = (
        contract(procurement_commenced_on=commenced),
        contract(contract_ref="KC-9", procurement_commenced_on=date(2025, 5, 31)),
    )
    after = tomorrow(('services = "1"', 'services = "0.1"'), begins="2025-06-01")

    (effect,) = effects(*rows, after=after)

    assert effect.changes
    assert (effect.ref, effect.way, effect.is_judged_today) == ("KC-1", "more", judged_today)
    assert (effect.band_today, effect.band_tomorrow) == ("B4" if judged_today else None, "B4")
    assert editions_tried(TODAY, after) == (after.policies[0],)


def test_a_draft_between_two_editions_in_force_is_what_is_tried():
    text = shipped_texts()[POLICY]
    two = {**shipped_texts(), "policy-2028.toml": text.replace("2026-01-01", "2028-01-01")}
    new = text.replace("2026-01-01", "2027-01-01").replace('services = "1"', 'services = "0.5"')
    today, after = parameters_of(two), parameters_of({**two, "policy-2027.toml": new})

    (effect,) = effects(contract(), after=after, today=today)

    assert [(m.code, m.today, m.tomorrow) for m in effect.measures] == [("G1", 0, 0), ("S1", 1, 2)]
    assert [edition.effective_from for edition in editions_tried(today, after)] == [date(2027, 1, 1)]


def test_of_several_new_editions_the_newest_is_tried_and_is_named_first():
    text = shipped_texts()[POLICY]
    texts = {
        **shipped_texts(),
        "policy-2025.toml": text.replace("2026-01-01", "2025-01-01").replace(
            'services = "1"', 'services = "2"'
        ),
        "policy-2027.toml": text.replace("2026-01-01", "2027-01-01").replace(
            'services = "1"', 'services = "0.5"'
        ),
    }
    after = parameters_of(texts)

    (effect,) = effects(contract(), after=after)

    assert [(m.code, m.today, m.tomorrow) for m in effect.measures] == [("G1", 0, 0), ("S1", 1, 2)]
    days = [edition.effective_from for edition in editions_tried(TODAY, after)]
    assert days == [date(2027, 1, 1), date(2025, 1, 1)]
    assert editions_tried(TODAY, TODAY) == ()

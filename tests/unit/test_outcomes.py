"""Outcomes by district, claims held because they stand on two contracts, ratings proposed by section 71."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.delivery import compute_performance, counted_claims
from kcc_etl.domain.outcomes import compute_outcomes, propose_ratings, proposed_rating
from kcc_etl.domain.periods import parse_period
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
H1, Q2 = parse_period("2026-27-H1"), parse_period("2026-27-Q2")


def contract(ref="KC-1", **given):
    row = {
        "contract_ref": ref, "supplier_key": "GB-COH:01234567", "regime": "pa23", "agreement_kind": "contract",
        "is_light_touch": False, "value_inc_vat_pence": 500_000_001, "start_on": date(2026, 1, 1),
        "end_on": date(2027, 3, 31), "procurement_commenced_on": date(2026, 1, 5),
    }  # fmt: skip
    return {**row, **given}


def claim(claimed, district="county", code="S1", ref="KC-1", period="2026-27-Q2", **given):
    row = {
        "contract_ref": ref, "period": period, "measure_code": code, "district": district, "is_nil": False,
        "claimed": claimed, "attribution_pct": 100, "is_additional": True, "evidence_ref": "EV-1",
    }  # fmt: skip
    return {**row, **given}


def verify(quantity, code="S1", ref="KC-1", period="2026-27-Q2"):
    return {
        "decision_id": f"D-{ref}-{code}", "decision_kind": "verification", "subject": ref, "measure_code": code,
        "period": period, "quantity": quantity, "role": "contract manager", "decided_on": date(2026, 11, 2),
    }  # fmt: skip


def frame(table, rows):
    return frames.from_rows(list(rows), table) if rows else frames.empty(table)


def outcomes(claims, decisions=(), period=Q2, contracts=None):
    found = compute_outcomes(
        period,
        frame(keys.CORE_CONTRACT, contracts or [contract()]),
        frame(keys.CORE_CLAIM, claims),
        frame(keys.CORE_DECISION, decisions),
        PARAMETERS,
    )
    columns = ["period", "measure_code", "district", "claimed", "evidenced", "verified"]
    return found[columns].to_numpy().tolist()


def test_every_district_has_its_own_figures_and_what_was_verified_is_shared_as_it_was_claimed():
    claims = [
        claim(4, "E07000105"), claim(2, "E07000106", evidence_ref=None), claim(1, "E07000105", attribution_pct=50),
        claim(9, "unknown", is_additional=False),
    ]  # fmt: skip
    assert outcomes(claims, [verify(Fraction(13, 4))]) == [
        ["2026-27-Q2", "S1", "E07000105", Fraction(9, 2), Fraction(9, 2), Fraction(9, 4)],
        ["2026-27-Q2", "S1", "E07000106", 2, 0, 1],
        ["2026-27-Q2", "S1", "unknown", 0, 0, 0],
    ]


def test_districts_add_up_to_what_the_contract_is_said_to_have_delivered():
    claims = [claim(Fraction(1, 3), "E07000105"), claim(Fraction(5, 7), "E07000106")]
    found = outcomes(claims, [verify(1)])
    assert sum(row[-1] for row in found) == 1
    assert sum(row[3] for row in found) == Fraction(22, 21)


def test_a_level_of_two_quarters_stays_two_levels():
    claims = [claim(5, code="J2", period="2026-27-Q1"), claim(3, code="J2"), claim(2, "E07000105", code="J2")]
    found = outcomes(claims, [verify(4, code="J2")], period=H1)
    assert [(row[0], row[2], row[3], row[5]) for row in found] == [
        ("2026-27-Q1", "county", 5, 0), ("2026-27-Q2", "E07000105", 2, 2), ("2026-27-Q2", "county", 3, 3),
    ]  # fmt: skip


def test_nothing_claimed_gives_no_rows():
    assert outcomes([]) == []
    nil = claim(None, None, code=None, is_nil=True)
    assert outcomes([nil]) == []


# Source: section 8.7: same measure, supplier, period, quantity on two contracts: hold both.
def test_a_quantity_on_two_contracts_is_held_until_an_officer_verifies_it():
    two = [contract(), contract("KC-2")]
    claims = [
        claim(4),
        claim(4, ref="KC-2"),
        claim(3, code="J1"),
        claim(100, code="E4"),
        claim(100, code="E4", ref="KC-2"),
    ]
    register, lines = frame(keys.CORE_CONTRACT, two), frame(keys.CORE_CLAIM, claims)

    def counted(*decisions):
        kept = counted_claims(lines, register, frame(keys.CORE_DECISION, decisions), PARAMETERS)
        return kept[["contract_ref", "measure_code"]].to_numpy().tolist()

    others = [["KC-1", "J1"], ["KC-1", "E4"], ["KC-2", "E4"]]
    assert counted() == others
    assert counted(verify(4, ref="KC-2")) == [["KC-2", "S1"], *others]
    register["supplier_key"] = ["GB-COH:01234567", "GB-COH:07654321"]
    assert len(counted()) == 5
    target = {
        "contract_ref": "KC-1", "measure_code": "S1", "target": 8, "original": 8, "agreed": 8,
        "counted_value": 100, "explanation": "said", "is_commitment": False,
    }  # fmt: skip
    targets = frame(keys.OUT_TARGET, [target])
    same = frame(keys.CORE_CONTRACT, two)
    made = compute_performance(Q2, same, targets, lines, frame(keys.CORE_DECISION, []), PARAMETERS)
    assert made[["claimed", "verified", "status", "return_status"]].to_numpy().tolist() == [
        [0, 0, "Red", "received"]
    ]


# Source: section 8.7: good 100%+; approaching 90 to under 100; requires improvement 70 to under 90; under 70.
@pytest.mark.parametrize(
    ("due", "verified", "rating"),
    [
        (10, 10, "good"), (10, 11, "good"), (1000, 999, "approaching target"), (10, 9, "approaching target"),
        (1000, 899, "requires improvement"), (10, 7, "requires improvement"), (1000, 699, "inadequate"),
        (10, 0, "inadequate"), (0, 0, "other"), (0, 3, "other"),
    ],
)  # fmt: skip
def test_the_proposed_rating_has_the_words_of_the_law(due, verified, rating):
    assert proposed_rating(Fraction(due), Fraction(verified), PARAMETERS.policy) == rating


def ratings(indicators=3, ambiguous=False, **given):
    place = {"ocid": "o-1", "contract_id": "1", "award_id": "1", "first_release_id": "r-1"}
    performance = {
        "period": "2026-27-Q2",
        "contract_ref": "KC-1",
        "measure_code": "S1",
        "due": 10,
        "verified": 9,
    }
    found = propose_ratings(
        frame(keys.OUT_PERFORMANCE, [performance]),
        frame(keys.CORE_CONTRACT, [contract(**given)]),
        frame(keys.CORE_REGISTER_NOTICE, [{"contract_ref": "KC-1", "is_ambiguous": ambiguous, **place}]),
        frame(keys.CORE_NOTICED, [{"kpi_count": indicators, **place}]),
        PARAMETERS,
    )
    return found[["kpi_count", "proposed_rating"]].to_numpy().tolist()


def test_a_rating_is_proposed_where_the_contract_has_statutory_indicators():
    assert ratings() == [[3, "approaching target"]]


@pytest.mark.parametrize(
    "given",
    [
        {"indicators": 0}, {"indicators": None}, {"ambiguous": True}, {"is_light_touch": True},
        {"value_inc_vat_pence": 500_000_000}, {"value_inc_vat_pence": None}, {"agreement_kind": "framework"},
        {"agreement_kind": "concession"}, {"regime": "pcr2015"}, {"procurement_commenced_on": None},
    ],
)  # fmt: skip
def test_no_rating_is_proposed_where_the_law_asks_for_none(given):
    assert ratings(**given) == []

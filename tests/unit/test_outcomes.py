"""Outcomes by district, claims held because they stand twice, FTE-years, over-claims, ratings by section 71."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.delivery import Delivery, counted_claims
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.indicators import indicators_by_contract
from kcc_etl.domain.lateness import Lateness, late_returns
from kcc_etl.domain.outcomes import compute_outcomes
from kcc_etl.domain.overrides import Overridden, overridden
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.ratings import propose_ratings, proposed_rating
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
H1, Q2 = parse_period("2026-27-H1"), parse_period("2026-27-Q2")


def contract(ref="KC-1", **given):
    row = {
        "contract_ref": ref, "supplier_key": "GB-COH:01234567", "regime": "pa23", "agreement_kind": "contract",
        "procurement_category": "services", "is_light_touch": False, "value_inc_vat_pence": 500_000_001,
        "start_on": date(2026, 1, 1),
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
        claim(9, "E07000105", "S5", attribution_pct=50), claim(2, "E07000106", "S5", evidence_ref=None),
        claim(9, "unknown", "S5", is_additional=False),
    ]  # fmt: skip
    assert outcomes(claims, [verify(Fraction(13, 4), "S5")]) == [
        ["2026-27-Q2", "S5", "E07000105", Fraction(9, 2), Fraction(9, 2), Fraction(9, 4)],
        ["2026-27-Q2", "S5", "E07000106", 2, 0, 1],
        ["2026-27-Q2", "S5", "unknown", 0, 0, 0],
    ]


def test_districts_add_up_to_what_the_contract_is_said_to_have_delivered():
    claims = [claim(Fraction(1, 3), "E07000105"), claim(Fraction(5, 7), "E07000106", evidence_ref="EV-2")]
    found = outcomes(claims, [verify(1)])
    assert sum(row[-1] for row in found) == 1
    assert sum(row[3] for row in found) == Fraction(22, 21)


def test_a_level_of_two_quarters_stays_two_levels():
    claims = [claim(5, code="J2", period="2026-27-Q1"), claim(3, code="J2"), claim(2, "E07000105", code="J2")]
    found = outcomes(claims, [verify(4, code="J2")], period=H1)
    assert [(row[0], row[2], row[3], row[5]) for row in found] == [
        ("2026-27-Q1", "county", 5, 0), ("2026-27-Q2", "E07000105", 2, Fraction(8, 5)),
        ("2026-27-Q2", "county", 3, Fraction(12, 5)),
    ]  # fmt: skip


def test_a_percentage_is_verified_in_each_district_up_to_its_claim():
    found = outcomes([claim(90, code="E4"), claim(70, "E07000105", code="E4")], [verify(80, code="E4")])
    assert [(row[2], row[5]) for row in found] == [("E07000105", 70), ("county", 80)]


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
    made = Delivery(same, targets, lines, frame(keys.CORE_DECISION, []), PARAMETERS).at(Q2)
    assert made[["claimed", "verified", "status", "return_status"]].to_numpy().tolist() == [
        [0, 0, "Red", "received"]
    ]


def counted(claims, *decisions):
    """Measure, quarter and district of the claims that are not held."""
    kept = counted_claims(
        frame(keys.CORE_CLAIM, claims),
        frame(keys.CORE_CONTRACT, [contract(), contract("KC-2", supplier_key="GB-COH:07654321")]),
        frame(keys.CORE_DECISION, decisions),
        PARAMETERS,
    )
    return [tuple(row) for row in kept[["measure_code", "period", "district"]].to_numpy().tolist()]


Q1, LATE = "2026-27-Q1", "2026-27-Q3"


# Source: section 3.4: local and disadvantaged may be one person, two disadvantages may not; a job start counts in
# its first twelve months; the counting rules of measures.toml: "once", "not under C1 as well".
@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ([claim(1), claim(1, period=LATE)], [("S1", LATE, "county")]),
        ([claim(1, period=LATE), claim(1)], [("S1", LATE, "county")]),
        ([claim(1, code="J1"), claim(1, "unknown", code="J1")], []),
        ([claim(1, code="S4"), claim(1, code="S4", period=Q1, evidence_ref=" ev-1")], [("S4", "2026-27-Q2", "county")]),
        ([claim(1, period=p) for p in (Q1, "2026-27-Q2", LATE)],
         [("S1", "2026-27-Q2", "county"), ("S1", LATE, "county")]),
        ([claim(1), claim(1, period=LATE, evidence_ref="EV-2")], []),
        ([claim(1, evidence_ref=""), claim(1, period=LATE, evidence_ref="")], []),
        ([claim(1, evidence_ref=None), claim(1, period=LATE, evidence_ref=None)], []),
        ([claim(1), claim(1, ref="KC-2", period=LATE)], []),
        ([claim(1), claim(1, code="J1")], []),
        ([claim(1, code="J1"), claim(1, code="J2")], []),
        ([claim(1, code="S2"), claim(1, code="S2", period=LATE)], []),
        ([claim(1, is_additional=False), claim(1, period=LATE)], []),
        ([claim(0), claim(1, period=LATE)], []),
        ([claim(2, code="C1"), claim(3, code="C2")], [("C2", "2026-27-Q2", "county")]),
        ([claim(2, code="C1", period=LATE), claim(3, code="C2")], [("C1", LATE, "county")]),
        ([claim(2, code="C1"), claim(3, code="C2", evidence_ref="EV-2")], []),
        ([claim(2, code="C1"), claim(3, code="C1", period=LATE)], []),
    ],
)  # fmt: skip
def test_evidence_given_again_is_held(lines, held):
    every = [(line["measure_code"], line["period"], line["district"]) for line in lines]
    assert sorted(set(every) - set(counted(lines))) == sorted(held)
    assert sorted(set(every) - set(counted(lines[::-1]))) == sorted(held), "whatever the order of arrival"


def test_evidence_given_again_counts_once_an_officer_has_verified_its_quarter():
    lines = [claim(1), claim(1, period=LATE)]
    assert len(counted(lines, verify(1))) == 1
    assert len(counted(lines, verify(1, period=LATE))) == 2


BEGUN = date(2026, 4, 1)


def lateness(arrivals, begun=BEGUN, **given):
    """What is late of returns of KC-1 for the second quarter, by the day each landed, in a ledger begun before."""
    base = {
        "source_name": "returns",
        "kind": "returns",
        "fate": "accepted",
        "contract_ref": "KC-1",
        "period": Q2.id,
    }
    receipts = [{**base, "source_sha256": str(n), **more} for n, (_, more) in enumerate(arrivals)]
    days = [("first", begun), *((str(n), day) for n, (day, _) in enumerate(arrivals))]
    ledger = [{"source_sha256": sha, "landed_on": day} for sha, day in days]
    terms = ReturnTerms(frame(keys.CORE_CONTRACT, [contract(**given)]), PARAMETERS)
    return late_returns(frame("receipt", receipts), frame("ledger", ledger), terms, Q2)


# Source: section 8.7: due 30 days after the quarter; section 8.9: late and missing are told apart.
@pytest.mark.parametrize(
    ("landed", "given", "late"),
    [
        (date(2026, 10, 30), {}, frozenset()),
        (date(2026, 10, 31), {}, frozenset({"KC-1"})),
        (date(2026, 10, 31), {"period": Q1}, frozenset()),
        (date(2026, 10, 31), {"contract_ref": "KC-9"}, frozenset()),
        (date(2026, 10, 31), {"contract_ref": None}, frozenset()),
    ],
)
def test_a_return_is_late_from_the_day_after_its_last(landed, given, late):
    assert lateness([(landed, given)]) == Lateness(late)


def test_a_return_that_nobody_asked_for_is_not_late():
    assert lateness([(date(2026, 12, 31), {})], start_on=date(2026, 9, 1)) == Lateness()


@pytest.mark.parametrize(
    ("arrivals", "expected"),
    [
        # A correction does not make a return late, and the first arrival counts even if it was refused.
        ([(date(2026, 10, 30), {"fate": "refused"}), (date(2026, 12, 1), {})], Lateness()),
        ([(date(2026, 12, 1), {}), (date(2026, 11, 1), {})], Lateness(frozenset({"KC-1"}))),
        ([(date(2026, 4, 1), {})], Lateness()),
        ([(BEGUN, {})], Lateness()),
        ([(date(2026, 12, 1), {"period": "2026-27"})], Lateness()),
        ([], Lateness()),
    ],
)
def test_the_first_arrival_says_whether_a_return_is_late(arrivals, expected):
    assert lateness(arrivals) == expected


def test_of_the_first_files_nobody_knows_when_they_came():
    late_start = date(2026, 11, 23)
    assert lateness([(late_start, {})], begun=late_start) == Lateness(unknown=frozenset({"KC-1"}))


def test_the_overrides_that_count_are_told_with_what_they_replace():
    common = {
        "measure_code": "S1",
        "unit": "people",
        "target": 4,
        "explanation": "said",
        "is_commitment": False,
    }
    targets = [
        {**common, "contract_ref": "KC-2", "override_id": "D-2", "original": 3},
        {**common, "contract_ref": "KC-1", "override_id": "D-1", "original": 6},
        {**common, "contract_ref": "KC-3", "original": 4},
    ]
    log = [
        {"decision_id": "D-1", "reason_code": " Data error "},
        {"decision_id": "D-2", "reason_code": "cost pressure"},
    ]
    found = overridden(frame(keys.OUT_TARGET, targets), frame(keys.CORE_DECISION, log))
    assert found == [
        Overridden("KC-1", "S1", "people", "Data error", Fraction(4), Fraction(6)),
        Overridden("KC-2", "S1", "people", "cost pressure", Fraction(4), Fraction(3)),
    ]


def performed(claims, *decisions, code="J2", target=8, period=H1):
    asked = {
        "contract_ref": "KC-1", "measure_code": code, "target": target, "original": target, "agreed": target,
        "unit": PARAMETERS.measure_of[code].unit, "counted_value": 100, "explanation": "said", "is_commitment": False,
    }  # fmt: skip
    made = Delivery(
        frame(keys.CORE_CONTRACT, [contract()]),
        frame(keys.OUT_TARGET, [asked]),
        frame(keys.CORE_CLAIM, claims),
        frame(keys.CORE_DECISION, decisions),
        PARAMETERS,
    ).at(period)
    return made.iloc[0]


# Source: section 3.4: 10 full-time and 5 half-time people for two years are 12.5 x 2 = 25 FTE-years.
def test_the_worked_figure_of_fte_years():
    quarters = [f"{year}-Q{n}" for year in ("2026-27", "2027-28") for n in (1, 2, 3, 4)]
    row = performed(
        [claim(Fraction(25, 2), code="J2", period=quarter) for quarter in quarters],
        period=parse_period("2027-28-Q4"),
    )
    assert (row["claimed"], row["claimed_fte_years"], row["verified_fte_years"]) == (Fraction(25, 2), 25, 0)


@pytest.mark.parametrize(
    ("claims", "decisions", "level", "years"),
    [
        ([], [], (0, 0), (0, 0)),
        ([claim(5, code="J2", period="2025-26-Q4"), claim(3, code="J2")], [], (3, 0), (2, 0)),
        ([claim(5, code="J2", period=Q1), claim(3, code="J2")], [verify(9, "J2", period=Q1)],
         (3, 0), (2, Fraction(5, 4))),
        ([claim(5, code="J2", period=Q1), claim(7, code="J2", period=LATE)], [], (0, 0), (Fraction(5, 4), 0)),
        ([claim(Fraction(1, 3), "unknown", "J2"), claim(1, code="J2", attribution_pct=50)], [verify(1, "J2")],
         (Fraction(5, 6), Fraction(5, 6)), (Fraction(5, 24), Fraction(5, 24))),
    ],
)  # fmt: skip
def test_fte_years_stand_beside_the_latest_level(claims, decisions, level, years):
    row = performed(claims, *decisions)
    assert (row["claimed"], row["verified"]) == level
    assert (row["claimed_fte_years"], row["verified_fte_years"]) == years


@pytest.mark.parametrize("code", ["S1", "E4"])
def test_what_is_no_staff_in_post_has_no_fte_years(code):
    row = performed([claim(3, code=code)], code=code)
    assert (row["claimed_fte_years"], row["verified_fte_years"]) == (None, None)


# Source: section 8.7: claimed above 150% of due needs review. Due of 8 at the end of 2026-27-H1 is 4: from April
# to the end of the year are four quarters, two of them over.
@pytest.mark.parametrize(
    ("claims", "decisions", "state"),
    [
        ([claim(6)], [], None),
        ([claim(Fraction(601, 100))], [], "awaits review"),
        ([claim(7)], [verify(7)], "reviewed"),
        ([claim(7)], [verify(0)], "reviewed"),
        ([claim(3, period=Q1), claim(4, evidence_ref="EV-2")], [verify(3, period=Q1)], "awaits review"),
        ([claim(3, period=Q1), claim(4, evidence_ref="EV-2")], [verify(4)], "reviewed"),
        ([claim(7, period=Q1), claim(0, evidence_ref="EV-2")], [verify(7, period=Q1)], "reviewed"),
        ([claim(7)], [verify(7, code="J1")], "awaits review"),
        ([claim(7)], [{**verify(7), "subject": "KC-2"}], "awaits review"),
        ([], [verify(7)], None),
    ],
)  # fmt: skip
def test_an_over_claim_waits_until_the_latest_quarter_claimed_is_verified(claims, decisions, state):
    row = performed(claims, *decisions, code="S1")
    assert row["due"] == 4
    found = row["over_claim"]
    assert (found if isinstance(found, str) else None) == state


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


S1_TITLE = PARAMETERS.measure_of["S1"].title


def kpi(number, title, **more):
    return {"release_id": "r-1", "contract_place": 1, "kpi_id": number, "kpi_title": title, **more}


OWN_AND_MEASURE = (kpi("1", "Work done on time"), kpi("2", S1_TITLE))


def ratings(
    indicators=OWN_AND_MEASURE,
    ambiguous=False,
    decisions=(),
    columns=("kpi_count", "proposed_rating"),
    period="2026-27-Q2",
    performance=True,
    **given,
):
    """The ratings of a contract whose notice sets an indicator of its own and, by its title, a measure."""
    place = {"ocid": "o-1", "contract_id": "1", "award_id": "1", "first_release_id": "r-1"}
    performed = {
        "period": period,
        "contract_ref": "KC-1",
        "measure_code": "S1",
        "due": 10,
        "due_by_return": 10,
        "verified": 9,
    }
    set_by = indicators_by_contract(
        frame(keys.CORE_REGISTER_NOTICE, [{"contract_ref": "KC-1", "is_ambiguous": ambiguous, **place}]),
        frame(keys.CORE_NOTICED, [{"release_id": "r-1", "contract_place": 1, **place}]),
        frame(keys.CORE_NOTICE_KPI, indicators),
    )
    found = propose_ratings(
        period,
        frame(keys.OUT_PERFORMANCE, [performed] if performance else []),
        frame(keys.CORE_CONTRACT, [contract(**given)]),
        set_by,
        frame(keys.CORE_DECISION, decisions),
        PARAMETERS,
    )
    return plain(found[list(columns)])


def shown(*columns, **given):
    return [tuple(row.values()) for row in ratings(columns=columns, **given)]


@pytest.mark.parametrize("period", ["2026-27-H1", "2026-27"])
def test_a_half_or_a_year_has_no_rating_of_its_own(period):
    assert ratings(period=period) == []


# Source: Procurement Act 2023 s.52(1): indicators are those set before the contract; a measure beside them is none.
@pytest.mark.parametrize(
    ("case", "given", "expected"),
    [
        ("of the notice's own indicator none is proposed; of a measure by its title one is", {}, [("1", None, None), ("2", "S1", "approaching target")]),
        ("a measure by its code", {"indicators": [kpi("1", " s1 ")]}, [("1", "S1", "approaching target")]),
        ("a measure that the notice does not set", {"indicators": [kpi("1", "Work done on time")]}, [("1", None, None)]),
        ("a measure that nothing is known of", {"performance": False}, [("1", None, None), ("2", "S1", None)]),
        ("an indicator without a number bears its place", {"indicators": [kpi(None, "A"), kpi(None, "B")]}, [("1", None, None), ("2", None, None)]),
        ("two of one number", {"indicators": [kpi("7", "A"), kpi("7", "B")]}, [("7", None, None), ("7-2", None, None)]),
        ("two of one number, and one that bears what would tell them apart", {"indicators": [kpi("7", "A"), kpi("7-3", "B"), kpi("7", "C")]}, [("7", None, None), ("7-3", None, None), ("7-3-3", None, None)]),
        ("an assessment that the notice gives sets none", {"indicators": [kpi("1", "A"), kpi("2", "B", rating="met")]}, [("1", None, None)]),
    ],
)  # fmt: skip
def test_the_indicators_of_a_contract_are_those_its_details_notice_sets(case, given, expected):
    assert shown("kpi_id", "measure_code", "proposed_rating", **given) == expected, case


def test_a_contract_without_a_target_of_policy_has_its_indicators_all_the_same():
    assert shown("kpi_count", performance=False) == [(2,), (2,)]


@pytest.mark.parametrize(
    "given",
    [
        {"indicators": []}, {"ambiguous": True}, {"is_light_touch": True},
        {"value_inc_vat_pence": 500_000_000}, {"value_inc_vat_pence": None}, {"agreement_kind": "framework"},
        {"agreement_kind": "concession"}, {"regime": "pcr2015"}, {"procurement_commenced_on": None},
        {"start_on": date(2026, 10, 1)}, {"end_on": date(2026, 6, 30)}, {"is_school_contract": True},
        {"procurement_category": "works", "value_inc_vat_pence": 519_299_999},
        {"value_inc_vat_pence": None, "value_ex_vat_pence": 500_000_000},
    ],
)  # fmt: skip
def test_no_indicator_is_rated_where_the_law_asks_for_none(given):
    assert ratings(**given) == []


@pytest.mark.parametrize(
    "given",
    [
        {"value_inc_vat_pence": 500_000_001}, {"agreement_kind": "call-off"}, {"is_light_touch": None},
        {"start_on": date(2026, 9, 30)}, {"end_on": date(2026, 7, 1)}, {"end_on": None},
        {"procurement_category": "works", "value_inc_vat_pence": 519_300_000},
        {"value_inc_vat_pence": None, "value_ex_vat_pence": 500_000_001},
    ],
)  # fmt: skip
def test_the_indicators_of_a_contract_that_runs_in_the_quarter_are_rated(given):
    assert len(ratings(**given)) == 2


def confirm(word, number="D-1", day=2, **given):
    row = {
        "decision_id": number, "decision_kind": "rating", "subject": "KC-1", "measure_code": "S1", "other_subject": None,
        "period": "2026-27-Q2", "confirmed_rating": word, "role": f"role of {number}", "decided_on": date(2026, 11, day),
    }  # fmt: skip
    return {**row, **given}


def named(name, word="good", number="D-1", day=2, **given):
    return confirm(word, number, day, other_subject=name, **{"measure_code": None, **given})


CONFIRMED = ("proposed_rating", "confirmed_rating", "confirmed_by", "decision_id")


@pytest.mark.parametrize(
    ("case", "decisions", "expected"),
    [
        ("by number", [named("1")], [("1", None, "good"), ("2", "S1", None)]),
        ("by title, however it is written", [named(" work DONE on time")], [("1", None, "good"), ("2", "S1", None)]),
        ("by the measure that it is", [confirm("good")], [("1", None, None), ("2", "S1", "good")]),
        ("a measure that is none of them", [confirm("good", measure_code="J1")], [("1", None, None), ("2", "S1", None)]),
        ("a name that is none of them", [named("Tidiness", measure_code="S1")], [("1", None, None), ("2", "S1", None)]),
        ("the decision says which measure it is", [named("1", measure_code="J1")], [("1", "J1", "good"), ("2", "S1", None)]),
        ("and so for every quarter", [named("1", measure_code="J1", period="2026-27-Q1")], [("1", "J1", None), ("2", "S1", None)]),
        ("the last that says so stands", [named("1", measure_code="J1"), named("1", "other", "D-2", 3, measure_code="C1")], [("1", "C1", "other"), ("2", "S1", None)]),
        ("by title after by number", [named("1"), named("Work done on time", "inadequate", "D-2", 3)], [("1", None, "inadequate"), ("2", "S1", None)]),
    ],
)  # fmt: skip
def test_a_decision_rates_the_indicator_that_it_names(case, decisions, expected):
    assert shown("kpi_id", "measure_code", "confirmed_rating", decisions=decisions) == expected, case


# Source: Procurement Act 2023 s.71 and section 8.7: an officer confirms before publish; a later decision corrects.
@pytest.mark.parametrize(
    ("decisions", "word", "number"),
    [
        ([confirm("approaching target")], "approaching target", "D-1"),
        ([confirm("inadequate"), confirm("other", "D-2", day=3)], "other", "D-2"),
        ([confirm("inadequate", day=3), confirm("other", "D-2")], "inadequate", "D-1"),
        ([confirm("inadequate"), confirm("good", "D-2"), confirm("other", "D-0")], "good", "D-2"),
        ([confirm("inadequate"), confirm("splendid", "D-2", day=3)], "inadequate", "D-1"),
    ],
)
def test_the_last_confirmation_of_a_rating_stands_whatever_the_order_of_the_log(decisions, word, number):
    expected = ("approaching target", word, f"role of {number}", number)
    assert shown(*CONFIRMED, decisions=decisions)[1] == expected
    assert shown(*CONFIRMED, decisions=decisions[::-1])[1] == expected


@pytest.mark.parametrize(
    "decisions",
    [
        [], [confirm("splendid")], [confirm(None)], [confirm("good", period="2026-27-Q1")],
        [confirm("good", measure_code="J1")], [confirm("good", subject="KC-2")],
        [confirm("good", decision_kind="verification")],
    ],
)  # fmt: skip
def test_a_rating_that_nobody_confirmed_has_no_confirmed_word(decisions):
    assert shown("confirmed_rating", decisions=decisions) == [(None,), (None,)]

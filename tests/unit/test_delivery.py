"""What is due, delivered and rated; which returns are missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import Delivery, rating
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.profile import even, level
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
POLICY = PARAMETERS.policy
Q1, Q2, Q3 = (parse_period(f"2026-27-Q{n}") for n in (1, 2, 3))
START, END = date(2026, 4, 1), date(2029, 3, 31)


# Source: social-value-policy.md section 8.6: target 12 over 12 quarters, first 0; after quarter 6 due 5.4545.
@pytest.mark.parametrize(
    ("as_at", "due"),
    [
        (date(2026, 3, 31), 0), (date(2026, 4, 1), 0), (date(2026, 6, 30), 0),
        (date(2026, 7, 1), Fraction(12, 11 * 92)),
        (date(2026, 9, 30), Fraction(12, 11)), (date(2026, 12, 31), Fraction(24, 11)),
        (date(2027, 9, 30), Fraction(60, 11)), (date(2029, 3, 30), 12 - Fraction(12, 11 * 90)),
        (END, 12), (date(2035, 1, 1), 12),
    ],
)  # fmt: skip
def test_due_is_nothing_in_the_first_quarter_and_equal_shares_after_it(as_at, due):
    assert even(Fraction(12), START, END).due(as_at) == due


def test_a_part_quarter_counts_by_its_days():
    # Start 15 May: the first quarter is the rest of Q1. End 15 November: 46 of the 92 days of Q3.
    term = (date(2026, 5, 15), date(2026, 11, 15))
    assert even(Fraction(9), *term).due(date(2026, 6, 30)) == 0
    assert even(Fraction(9), *term).due(date(2026, 9, 30)) == 6
    assert even(Fraction(9), *term).due(date(2026, 11, 15)) == 9


def test_a_contract_that_ends_inside_its_first_quarter_has_all_due_at_its_end():
    term = (date(2026, 4, 10), date(2026, 6, 20))
    assert even(Fraction(3), *term).due(date(2026, 6, 19)) == 0
    assert even(Fraction(3), *term).due(date(2026, 6, 20)) == 3


def test_a_level_is_due_whole_once_mobilised():
    assert level(Fraction(5), START, END).due(date(2026, 6, 30)) == 0
    assert level(Fraction(5), START, END).due(date(2026, 7, 1)) == 5
    assert level(Fraction(5), START, END).due(date(2030, 1, 1)) == 5


# Source: section 8.7: Green at what is due, Amber at 80% of it, Red below, Grey when nothing is due.
@pytest.mark.parametrize(
    ("due", "verified", "missing", "status"),
    [
        (0, 0, 0, "Grey"), (0, 5, 0, "Grey"), (0, 0, 2, "Grey"), (10, 10, 0, "Green"), (10, 12, 1, "Green"),
        (10, Fraction(999, 100), 0, "Amber"), (10, 8, 0, "Amber"), (10, Fraction(799, 100), 0, "Red"),
        (10, 0, 0, "Red"), (10, 10, 2, "Red"), (10, 8, 3, "Red"),
    ],
)  # fmt: skip
def test_the_rating_is_the_councils_rule(due, verified, missing, status):
    assert rating(Fraction(due), Fraction(verified), missing, POLICY) == status


def contracts(**given):
    row = {
        "contract_ref": "KC-1", "contract_title": "Cleaning", "department": "GET", "supplier_name": "Acme",
        "start_on": START, "end_on": END, "procurement_commenced_on": date(2026, 1, 5),
    }  # fmt: skip
    return frames.from_rows([{**row, **given}], keys.CORE_CONTRACT)


def targets(code="S1", agreed=11):
    measure = PARAMETERS.measure_of[code]
    row = {
        "contract_ref": "KC-1", "measure_code": code, "measure_title": measure.title, "unit": measure.unit,
        "band": "B4", "target": Fraction(agreed), "original": Fraction(agreed), "agreed": Fraction(agreed),
        "counted_value": Fraction(1_000_000), "explanation": "said", "is_commitment": False,
    }  # fmt: skip
    return frames.from_rows([row], keys.OUT_TARGET)


def claim(period, claimed=None, code="S1", **given):
    row = {
        "contract_ref": "KC-1", "period": period, "measure_code": code, "district": "county",
        "is_nil": claimed is None,
        "claimed": claimed, "evidence_ref": f"EV-{period}-{claimed}", "is_additional": True, "attribution_pct": 100,
    }  # fmt: skip
    if claimed is None:
        row.update(measure_code=None, district=None, attribution_pct=None)
    return {**row, **given}


def verify(period, quantity, code="S1", number="D1", day=date(2026, 11, 1)):
    return {
        "decision_id": number, "decision_kind": "verification", "subject": "KC-1", "measure_code": code,
        "period": period, "quantity": quantity, "role": "contract manager", "decided_on": day,
    }  # fmt: skip


def performance(period, claims=(), decisions=(), target=None, contract=None, **more):
    frame = Delivery(
        contracts() if contract is None else contract,
        targets() if target is None else target,
        frames.from_rows(list(claims), keys.CORE_CLAIM),
        frames.from_rows(list(decisions), keys.CORE_DECISION),
        PARAMETERS,
        **more,
    ).at(period)
    return frame.to_dict("records")


def figures(row):
    return row["claimed"], row["evidenced"], row["verified"]


def test_claims_count_to_date_by_attribution_unless_not_additional():
    claims = [
        claim("2026-27-Q2", 4),
        claim("2026-27-Q2", 2, district="E07000105", attribution_pct=50, evidence_ref=None),
        claim("2026-27-Q2", 9, district="E07000106", is_additional=False),
        claim("2026-27-Q3", 1, is_additional=None, attribution_pct=None),
        claim("2026-27-Q4", 7),
    ]
    assert figures(performance(Q2, claims)[0]) == (5, 4, 0)
    assert figures(performance(Q3, claims)[0]) == (6, 5, 0)


def test_what_is_verified_counts_up_to_the_claim_of_its_own_quarter():
    claims = [claim("2026-27-Q2", 2), claim("2026-27-Q3", 5)]
    decisions = [
        verify("2026-27-Q2", 4),
        verify("2026-27-Q3", 1, number="D2"),
        verify("2026-27-Q1", 3, number="D3"),
    ]
    assert figures(performance(Q3, claims, decisions)[0]) == (7, 7, 3)
    assert figures(performance(Q2, claims, decisions)[0]) == (2, 2, 2)


def test_the_last_verification_stands_and_never_adds_to_the_one_it_corrects():
    claims = [claim("2026-27-Q2", 9)]
    first = verify("2026-27-Q2", 5, number="D9", day=date(2026, 11, 1))
    later = verify("2026-27-Q2", 2, number="D1", day=date(2026, 11, 2))
    assert figures(performance(Q2, claims, [later, first])[0]) == (9, 9, 2)
    same_day = verify("2026-27-Q2", 3, number="D2", day=date(2026, 11, 2))
    assert figures(performance(Q2, claims, [same_day, later, first])[0]) == (9, 9, 3)


def test_what_is_verified_of_one_contract_reviews_no_other():
    lines = [claim("2026-27-Q2", 9), claim("2026-27-Q2", 0, contract_ref="KC-2")]
    claims = frames.from_rows(lines, keys.CORE_CLAIM)
    seen = {("KC-1", "S1", "2026-27-Q2"): {"quantity": Fraction(1, 3)}}
    found = Claimed(claims, PARAMETERS.measure_of, seen).to_date(["KC-1", "KC-2", "KC-3"], ["S1"] * 3, Q2.end)
    assert (found.claimed, found.verified) == ([9, 0, 0], [Fraction(1, 3), 0, 0])
    assert found.is_reviewed == [True, False, False]


def test_a_decision_counts_from_the_day_it_was_made():
    made = frames.from_rows([verify("2026-27-Q2", 5, day=date(2026, 11, 2))], keys.CORE_DECISION)
    assert len(decisions_known(made, date(2026, 11, 2))) == 1
    assert decisions_known(made, date(2026, 11, 1)).empty
    assert decisions_known(frames.empty(keys.CORE_DECISION), date(2026, 11, 1)).empty


def test_a_row_says_what_is_due_and_how_it_stands():
    (row,) = performance(Q2, [claim("2026-27-Q2", 1)], [verify("2026-27-Q2", 1)])
    assert (row["due"], row["status"], row["return_status"]) == (1, "Green", "received")
    assert (row["period"], row["contract_title"], row["department"]) == ("2026-27-Q2", "Cleaning", "GET")
    (row,) = performance(Q1)
    assert (row["due"], row["status"], row["return_status"]) == (0, "Grey", "not due")


def test_a_level_is_that_of_the_latest_quarter_and_never_a_sum():
    claims = [
        claim("2026-27-Q2", 5, "J2"),
        claim("2026-27-Q3", 3, "J2"),
        claim("2026-27-Q3", 1, "J2", district="E07000105"),
    ]
    decisions = [verify("2026-27-Q2", 5, "J2"), verify("2026-27-Q3", 4, "J2", "D2")]
    (row,) = performance(Q3, claims, decisions, targets("J2", 4))
    assert (row["due"], *figures(row), row["status"]) == (4, 4, 4, 4, "Green")


# Source: section 8.7: no return counts as zero verified and stays in the denominator, and so does a nil one.
@pytest.mark.parametrize("code", ["E4", "J2"])
@pytest.mark.parametrize(
    ("later", "verified", "status"),
    [
        ([], 0, "Red"), ([claim("2026-27-Q3")], 0, "Red"),
        ([claim("2026-27-Q3", 9, "S1")], 0, "Red"),
        ([claim("2026-27-Q3", 80, ...)], 80, "Amber"), ([claim("2026-27-Q3", 0, ...)], 0, "Red"),
    ],
    ids=["missing", "nil", "of another measure", "told", "told as nothing"],
)  # fmt: skip
def test_a_level_that_the_last_return_asked_for_does_not_tell_is_nothing(code, later, verified, status):
    claims = [
        claim("2026-27-Q2", 96, code),
        *({**one, "measure_code": code} if one["measure_code"] is ... else one for one in later),
    ]
    decisions = [verify("2026-27-Q2", 96, code), verify("2026-27-Q3", 96, code, "D2")]
    (row,) = performance(Q3, claims, decisions, targets(code, 96))
    assert (*figures(row), row["status"]) == (verified, verified, verified, status)
    (row,) = performance(Q2, claims, decisions, targets(code, 96))
    assert (*figures(row), row["status"]) == (96, 96, 96, "Green")


def test_a_level_told_after_the_last_quarter_asked_for_stands():
    short = contracts(end_on=date(2026, 9, 30))
    claims = [claim("2026-27-Q2", 90, "E4"), claim("2026-27-Q3", 96, "E4")]
    told = [verify("2026-27-Q2", 90, "E4"), verify("2026-27-Q3", 96, "E4", "D2")]
    for known, quarter, level_told in ((claims, Q3, 96), (claims[:1], Q3, 90), (claims[:1], Q2, 90)):
        (row,) = performance(quarter, known, told, targets("E4", 96), short)
        assert figures(row) == (level_told,) * 3


def test_a_percentage_has_no_attribution():
    # 70% at 100 and 90% at 50: the lowest is 70, not 45.
    claims = [
        claim("2026-27-Q2", 70, "E4"),
        claim("2026-27-Q2", 90, "E4", district="E07000105", attribution_pct=50),
    ]
    (row,) = performance(Q2, claims, [verify("2026-27-Q2", 100, "E4")], targets("E4", 100))
    assert figures(row) == (70, 70, 70)


def test_percentages_of_districts_are_not_added():
    claims = [claim("2026-27-Q2", 98, "E4"), claim("2026-27-Q2", 90, "E4", district="E07000105")]
    (row,) = performance(Q2, claims, [verify("2026-27-Q2", 100, "E4")], targets("E4", 100))
    assert (row["due"], *figures(row), row["status"]) == (100, 90, 90, 90, "Amber")


def test_two_missing_returns_in_a_row_force_red_and_a_return_ends_the_row():
    early = [claim("2026-27-Q2", 9)]
    seen = [verify("2026-27-Q2", 9)]
    q4 = parse_period("2026-27-Q4")
    assert [performance(p, early, seen)[0]["status"] for p in (Q2, Q3, q4)] == ["Green", "Green", "Red"]
    late = [*early, claim("2026-27-Q4")]
    assert [performance(p, late, seen)[0][k] for p in (q4,) for k in ("status", "return_status")] == [
        "Green",
        "nil",
    ]


@pytest.mark.parametrize(
    ("claims", "refused", "as_of", "status"),
    [
        ([claim("2026-27-Q2", 1)], None, None, "received"), ([claim("2026-27-Q2")], None, None, "nil"),
        ([], None, None, "missing"), ([], [("KC-1", "2026-27-Q2")], None, "refused"),
        ([], None, date(2026, 10, 30), "not due"), ([], None, date(2026, 10, 31), "missing"),
    ],
)  # fmt: skip
def test_a_return_is_received_nil_missing_refused_or_not_yet_due(claims, refused, as_of, status):
    refused = None if refused is None else pd.DataFrame(refused, columns=["contract_ref", "period"])
    (row,) = performance(Q2, claims, refused_returns=refused, as_of=as_of)
    assert row["return_status"] == status


def missing(period, claims=(), contract=None, parameters=PARAMETERS):
    """Contracts with the quarters of the period whose return is missing."""
    book = ReturnBook(
        contracts() if contract is None else contract,
        frames.from_rows(list(claims), keys.CORE_CLAIM),
        parameters,
    )
    periods = [period] if isinstance(period, Period) else period
    quarters = [quarter for one in periods for quarter in one.quarters]
    return [("KC-1", quarter.id) for quarter in quarters if book.account("KC-1", quarter).status == "missing"]


def test_a_return_is_owed_for_every_quarter_after_mobilisation_while_the_contract_runs():
    assert missing(parse_period("2026-27")) == [
        ("KC-1", q) for q in ("2026-27-Q2", "2026-27-Q3", "2026-27-Q4")
    ]
    assert missing(Q1) == []
    assert missing([Q1, Q2], [claim("2026-27-Q2", 1)]) == []
    ended = contracts(end_on=date(2026, 10, 1))
    assert missing(parse_period("2026-27"), contract=ended) == [
        ("KC-1", "2026-27-Q2"),
        ("KC-1", "2026-27-Q3"),
    ]
    short = contracts(end_on=date(2026, 6, 20))
    assert missing(parse_period("2026-27"), contract=short) == [("KC-1", "2026-27-Q1")]


def test_a_contract_that_has_not_started_is_not_shown_and_one_that_ended_is():
    assert performance(Q2, contract=contracts(start_on=date(2026, 10, 1))) == []
    (row,) = performance(Q3, contract=contracts(end_on=date(2026, 8, 1)))
    assert (row["due"], row["return_status"]) == (11, "not due")


def test_a_half_year_shows_the_worst_of_its_returns():
    (row,) = performance(parse_period("2026-27-H2"), [claim("2026-27-Q3", 1)])
    assert (row["due"], row["return_status"]) == (3, "missing")

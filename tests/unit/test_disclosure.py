"""The tables of outcomes as they may be published.

Does not belong here: which counts have to be left out (`test_small_counts`).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.disclosure import Disclosure, disclose_districts, quarters_of
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.places import DISTRICTS
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
Q1, Q2, H1 = (parse_period(f"2026-27-{part}") for part in ("Q1", "Q2", "H1"))


def line(ref, claimed, verified=None, code="S1", period="2026-27-Q2", due=3, status="Green", **given):
    verified = claimed if verified is None else verified
    counts = {"claimed": claimed, "evidenced": claimed, "verified": verified}
    row = {"period": period, "contract_ref": ref, "measure_code": code, "unit": "people", "status": status}
    return {**row, "due": due, "due_by_return": due, **counts, **given}


def performance(*rows):
    return frames.from_rows(list(rows), keys.OUT_PERFORMANCE)


def contracts(*rows):
    refs = sorted({row["contract_ref"] for row in rows})
    return frames.from_rows(
        [{"contract_ref": ref, "procurement_commenced_on": date(2026, 1, 5)} for ref in refs],
        keys.CORE_CONTRACT,
    )


def published(*rows, before=()):
    frame = performance(*rows)
    quarters = [performance(*before), frame] if before else [frame]
    made = Disclosure(quarters, contracts(*before, *rows), PARAMETERS)
    return made.performance(frame).set_index(["contract_ref", "measure_code"])


def test_small_counts_of_people_are_left_out_and_the_row_says_so():
    shown = published(line("K-1", 2), line("K-2", 9), line("K-3", 30))

    for ref in ("K-1", "K-2"):
        row = shown.loc[ref, "S1"]
        assert (row["claimed"], row["evidenced"], row["verified"], row["not_shown"]) == (
            None,
            None,
            None,
            "counts",
        )
        assert (row["due"], row["status"]) == (3, "Green")
    assert shown.loc["K-3", "S1"]["verified"] == 30
    assert shown.loc["K-3", "S1"].isna()["not_shown"]


def test_pounds_and_hours_are_never_left_out():
    shown = published(line("K-1", 2, code="C1", unit="hours"), line("K-1", 3, code="C3", unit="£"))

    assert shown["verified"].tolist() == [2, 3]


def test_part_of_a_person_is_as_small_as_a_person():
    shown = published(line("K-1", Fraction(1, 2)), line("K-2", Fraction(9, 2)), line("K-3", 5))

    assert shown["claimed"].tolist() == [None, None, 5]


def test_a_sum_that_would_tell_of_one_contract_is_left_out():
    assert published(line("K-1", 2)).loc["K-1", "S1"]["not_shown"] == "counts, sum"


def test_growth_since_the_last_quarter_is_not_given_away():
    before = [line("K-1", 7, period="2026-27-Q1"), line("K-2", 20, period="2026-27-Q1")]
    shown = published(line("K-1", 9), line("K-2", 20), before=before)

    assert shown["claimed"].tolist() == [None, None]


def test_a_status_that_allows_one_count_alone_is_left_out():
    shown = published(line("K-1", 4, due=5, status="Amber"), line("K-2", 9))

    assert shown.loc["K-1", "S1"]["not_shown"] == "counts, status"
    assert shown.loc["K-1", "S1"].isna()["status"]


def test_red_for_want_of_returns_tells_nothing_and_stays():
    shown = published(line("K-1", 4, due=2, status="Red", return_status="missing"), line("K-2", 9))

    assert shown.loc["K-1", "S1"]["status"] == "Red"


def test_years_of_staff_in_post_are_left_out_for_good_once_a_quarter_was():
    def staff(count, period, years):
        given = {"code": "J2", "unit": "FTE", "claimed_fte_years": years, "verified_fte_years": years}
        return line("K-1", count, period=period, **given), line("K-2", 40, period=period, **given)

    shown = published(*staff(12, "2026-27-Q2", 4), before=staff(4, "2026-27-Q1", 1))

    assert shown["claimed"].tolist() == [12, 40]
    assert shown["claimed_fte_years"].tolist() == [None, None]


def test_a_gap_in_the_quarters_is_refused():
    quarters = [performance(line("K-1", 9, period=period)) for period in ("2025-26-Q4", "2026-27-Q2")]
    with pytest.raises(ValueError, match="2026-27-Q2 does not follow 2025-26-Q4"):
        Disclosure(quarters, contracts(line("K-1", 9)), PARAMETERS)


def outcome(district, count, code="S1", ref="K-1", period="2026-27-Q2"):
    row = {"period": period, "contract_ref": ref, "measure_code": code, "district": district}
    return {**row, "claimed": Fraction(count), "evidenced": Fraction(count), "verified": Fraction(count)}


def districts(outcomes, *rows, period=Q2):
    made = Disclosure([performance(*rows)], contracts(*rows), PARAMETERS)
    frame = disclose_districts(period, frames.from_rows(outcomes, keys.OUT_OUTCOME), made, PARAMETERS)
    return frame.set_index(["period", "measure_code", "district"])


def test_a_small_count_in_a_district_takes_another_with_it_and_every_district_is_listed():
    ashford, dover, swale = "E07000105", "E07000108", "E07000113"
    shown = districts(
        [outcome(ashford, 3), outcome(dover, 6, ref="K-2"), outcome(swale, 21)],
        line("K-1", 24),
        line("K-2", 6),
    ).loc[Q2.id, "S1"]

    assert set(shown.index) == set(DISTRICTS)
    assert set(shown.index[shown["not_shown"] == "counts"]) == {ashford, dover}
    assert shown.loc[swale]["verified"] == 21
    assert shown.loc["E07000106"]["verified"] == 0


def test_no_district_is_shown_where_the_sum_over_contracts_is_left_out():
    shown = districts([outcome("E07000105", 4)], line("K-1", 4)).loc[Q2.id, "S1"]

    assert set(shown["not_shown"]) == {"counts, sum"}


def test_contracts_of_a_district_are_added_up_and_percentages_are_not():
    shown = districts(
        [outcome("county", 4, "C1"), outcome("county", 5, "C1", "K-2"), outcome("county", 60, "E4")],
        line("K-1", 9, code="C1", unit="hours"),
    )

    assert shown["verified"].to_dict() == {(Q2.id, "C1", "county"): 9}


def test_the_quarters_begin_with_the_first_claim():
    claims = frames.from_rows([{"contract_ref": "K-1", "period": "2026-27-Q1"}], keys.CORE_CLAIM)

    assert quarters_of(claims, Q2) == (Q1, Q2)
    assert quarters_of(claims, H1) == (Q1, Q2)
    assert quarters_of(claims.iloc[:0], H1) == (Q2,)

"""The tables of outcomes as they may be published.

Does not belong here: which counts have to be left out (`test_small_counts`).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.disclosure import Disclosure, disclose_districts, quarters_of
from kcc_etl.domain.money import number_display
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.places import DISTRICTS
from kcc_etl.domain.seen_counts import Seen, SeenBefore
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
COUNTED = dict.fromkeys(("claimed", "evidenced", "verified"), 600)
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


@pytest.mark.parametrize(
    ("code", "unit", "fewest"),
    [("S1", "people", 5), ("S2", "weeks", 65), ("S3", "weeks", 65), ("S5", "hours", 5)],
)
def test_a_count_of_peoples_time_is_small_while_fewer_than_five_could_make_it_up(
    code: str, unit: str, fewest: int
):
    """Parameters of measures: a quarter has 13 weeks; an hour of one who attends."""

    def shown(count):
        rows = [line(ref, quantity, code=code, unit=unit) for ref, quantity in (("K-1", count), ("K-2", 900))]
        return published(*rows)["claimed"].tolist()

    assert shown(fewest) == [fewest, 900]
    assert shown(fewest - Fraction(1, 100)) == [None, None]


def test_growth_of_peoples_time_by_fewer_than_five_is_not_given_away():
    rows = [
        line("K-1", 100, period="2026-27-Q1", code="S2"),
        line("K-2", 900, period="2026-27-Q1", code="S2"),
    ]
    shown = [
        published(line("K-1", weeks, code="S2"), line("K-2", 900, code="S2"), before=rows)["claimed"].tolist()
        for weeks in (164, 165)
    ]

    assert shown == [[None, None], [165, 900]]


@pytest.mark.parametrize(
    ("weeks", "shown"),
    [
        ([13, 26, 39, 52, 65], [None] * 5),  # one apprentice, all the while
        ([65, 129, 195, 259, 325], [65, None, 195, None, 325]),
        ([65, 130, 194, 260, 324], [65, 130, None, 260, None]),  # five, and a week short of five
        ([400, 465, 529, 594, 724], [400, 465, None, None, 724]),  # growth since what was last shown
    ],
)
def test_time_to_date_is_small_while_fewer_than_five_could_make_it_up_in_all_its_quarters(
    weeks: list[int], shown: list[int | None]
):
    """Issue 6: what one person does in a quarter, for as many quarters as have counted."""
    periods = ["2025-26-Q2", "2025-26-Q3", "2025-26-Q4", "2026-27-Q1", "2026-27-Q2"]
    rows = [
        [
            line("K-1", count, code="S2", period=period),
            *(line(ref, 2000 * place, code="S2", period=period) for ref in ("K-2", "K-3")),
        ]
        for place, (count, period) in enumerate(zip(weeks, periods, strict=True), 1)
    ]
    frames_of = [performance(*lines) for lines in rows]
    made = Disclosure(frames_of, contracts(*rows[0]), PARAMETERS)

    assert [made.performance(frame)["claimed"].iloc[0] for frame in frames_of] == shown


def test_a_correction_of_peoples_time_may_be_of_any_of_its_quarters():
    def again(weeks):
        before = [line(ref, 300, code="S2", period="2026-27-Q1") for ref in ("K-1", "K-2")]
        rows = [line("K-1", weeks, code="S2"), line("K-2", 600, code="S2")]
        version = Disclosure(
            [performance(*before), performance(rows[0] | COUNTED, rows[1])],
            contracts(*rows),
            PARAMETERS,
        ).performance(performance(rows[0] | COUNTED, rows[1]))
        arrivals = (("K-1", "2026-27-Q2", date(2026, 11, 1)),)
        made = Disclosure(
            [performance(*before), performance(*rows)],
            contracts(*rows),
            PARAMETERS,
            SeenBefore((seen(version),), arrivals),
        )
        return made.performance(performance(*rows))["claimed"].tolist()

    assert [again(weeks) for weeks in (729, 730)] == [[None, 600], [730, 600]]


def test_a_small_count_of_peoples_time_in_a_district_takes_another_with_it():
    ashford, dover = "E07000105", "E07000108"
    rows = [outcome(ashford, 13, "S2"), outcome(dover, 130, "S2"), outcome("county", 900, "S2")]
    shown = districts(rows, line("K-1", 1043, code="S2")).loc[Q2.id, "S2"]

    assert set(shown.index[shown["not_shown"] == "counts"]) == {ashford, dover}


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


def seen(frame, period="2026-27-Q2", known_on=date(2026, 10, 20), area=None):
    """A published version of tables, as its files hold it."""
    told = [
        cells(row)
        for part in ([frame, area] if area is not None else [frame])
        for row in part.to_dict("records")
    ]
    return Seen(
        parse_period(period),
        known_on,
        [row for row in told if "contract_ref" in row],
        [row for row in told if "district" in row],
    )


def cells(row):
    counts = {
        name: "" if row[name] is None else number_display(row[name])
        for name in ("claimed", "evidenced", "verified")
    }
    return {**row, **counts, "not_shown": row["not_shown"] if isinstance(row["not_shown"], str) else ""}


def shown_after(version, *rows, arrivals=()):
    """What is published of rows once a version of the quarter was."""
    frame = performance(*rows)
    made = Disclosure([frame], contracts(*rows), PARAMETERS, SeenBefore((version,), arrivals))
    return made.performance(frame).set_index("contract_ref")


FIRST = [line("K-1", 3), line("K-2", 10), line("K-3", 20), line("K-4", 30)]


def version_of(*rows, **given):
    return seen(
        Disclosure([performance(*rows)], contracts(*rows), PARAMETERS).performance(performance(*rows)),
        **given,
    )


def test_what_was_not_corrected_is_shown_as_it_was():
    """Issue 6: the same figures published again change nothing."""
    again = shown_after(version_of(*FIRST), *FIRST)

    assert again["claimed"].tolist() == [None, None, 20, 30]
    assert set(again["not_shown"].dropna()) == {"counts"}


@pytest.mark.parametrize(
    ("late", "shown"),
    [
        # K-2 stood beside the small count of K-1 and stays left out; the sum would tell of both.
        ({"K-3": 25}, [None, None, 25, 30]),
        ({"K-3": 24}, [None, None, None, 30]),  # four more than a version showed
        ({"K-3": 19}, [None, None, None, 30]),
        ({"K-1": 60}, [None, None, 20, 30]),  # left out by a version, whatever it is now
        ({"K-2": 60, "K-4": 31}, [None, None, 20, None]),
    ],
)
def test_a_correction_gives_nothing_away_of_what_a_version_left_out(late, shown):
    """Issue 6: no cell can be worked out from totals or from what was published before."""
    rows = [line(row["contract_ref"], late.get(row["contract_ref"], row["claimed"])) for row in FIRST]
    arrivals = tuple((ref, "2026-27-Q2", date(2026, 11, 1)) for ref in late)
    again = shown_after(version_of(*FIRST), *rows, arrivals=arrivals)

    assert again["claimed"].tolist() == shown
    assert all("sum" in told for told in again["not_shown"].dropna())
    assert again.loc[again["claimed"].isna(), "status"].isna().all()


def test_a_correction_of_what_is_left_out_is_known_by_the_day_it_came_in():
    """The version's files do not show it."""
    arrivals = [(("K-1", "2026-27-Q2", date(2026, 10, day)),) for day in (20, 21)]
    told = [shown_after(version_of(*FIRST), *FIRST, arrivals=days)["not_shown"].dropna() for days in arrivals]

    assert [any("sum" in words for words in rows) for rows in told] == [False, True]


def test_of_a_version_that_cannot_be_read_every_count_is_in_doubt():
    unread = Seen(Q2, date(2026, 10, 20), None, None)

    assert shown_after(unread, *FIRST)["claimed"].tolist() == [None] * 4


def test_the_pack_of_a_half_is_a_version_of_its_last_quarter():
    whole = version_of(*FIRST, period="2026-27-H1")
    rows = [*FIRST[:2], line("K-3", 22), FIRST[3]]

    assert shown_after(whole, *rows)["claimed"].tolist() == [None, None, None, 30]


def test_a_district_that_was_corrected_takes_all_with_it():
    rows, outcomes = [line("K-1", 40)], [outcome("E07000105", 30), outcome("E07000108", 10)]
    made = Disclosure([performance(*rows)], contracts(*rows), PARAMETERS)
    area = disclose_districts(Q2, frames.from_rows(outcomes, keys.OUT_OUTCOME), made, PARAMETERS)
    version = seen(made.performance(performance(*rows)), area=area)
    before = SeenBefore((version,))
    again = Disclosure([performance(*rows)], contracts(*rows), PARAMETERS, before)
    moved = [outcome("E07000105", 29), outcome("E07000108", 11)]
    told = [
        disclose_districts(Q2, frames.from_rows(rows_of, keys.OUT_OUTCOME), again, PARAMETERS)["not_shown"]
        for rows_of in (outcomes, moved)
    ]

    assert [set(one.dropna()) for one in told] == [set(), {"counts, sum"}]


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

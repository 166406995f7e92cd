"""Duties of the council against legal cases, by half-year, quarter and financial year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.council import HELD_IN, Activity, duties_of_council
from kcc_etl.domain.duties.duty import Done, Duty
from kcc_etl.domain.duties.facts import Attested, Pack
from kcc_etl.domain.periods import parse_period
from tests.unit.duty_cases import day, notice
from tests.unit.test_duties import LAW, ruled

PAID = frozenset(
    {day("2026-02-01"), day("2026-05-01"), day("2026-08-01"), day("2026-10-01"), day("2026-12-01")}
)
BUSY = Activity(under_contracts=PAID, over_30k=PAID)
IDLE = Activity()


def published(kind: str, on: str) -> Activity:
    return replace(BUSY, published=(notice(kind, on),))


def attested(kind: str, period: str, on: str) -> Activity:
    return replace(BUSY, attested=(Attested(kind, period, Done("decision D1", day(on))),))


def packed(kind: str, on: str, pack: str = "2026-27-Q2", *more: tuple[str, str]) -> Activity:
    """Final packs that hold the table of a duty, of periods and days."""
    tables = frozenset({HELD_IN[kind]})
    packs = [Pack(parse_period(period), 1, day(of), tables) for period, of in ((pack, on), *more)]
    return replace(BUSY, packs=tuple(packs))


QUARTERS = (("2025-26-Q2", "2025-10-20"), ("2025-26-Q3", "2026-01-20"), ("2025-26-Q4", "2026-04-30"))

# Kind, period, activity, day, state, last lawful day.
CASES = [
    # s.69(1), (3): half-years to 31 March and 30 September, 30 days beginning with the last day
    (d.COMPLIANCE, "2025-26-H2", BUSY, "2026-04-29", "open", "2026-04-29"),
    (d.COMPLIANCE, "2025-26-H2", BUSY, "2026-04-30", "overdue", "2026-04-29"),
    (d.COMPLIANCE, "2026-27-H1", BUSY, "2026-09-29", "to come", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", BUSY, "2026-09-30", "open", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", BUSY, "2026-10-29", "open", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", BUSY, "2026-10-30", "overdue", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", published("UK17", "2026-10-29"), "2026-11-23", "done on time", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", published("UK17", "2026-10-30"), "2026-11-23", "done late", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", published("UK17", "2026-09-29"), "2026-11-23", "overdue", "2026-10-29"),
    (d.COMPLIANCE, "2025-26-H2", published("UK17", "2026-09-29"), "2026-11-23", "done late", "2026-04-29"),
    (d.COMPLIANCE, "2026-27-H2", BUSY, "2026-11-23", "to come", "2027-04-29"),
    (d.COMPLIANCE, "2026-27-H1", IDLE, "2026-09-30", "open", "2026-10-29"),  # a payment may still be made today
    (d.COMPLIANCE, "2026-27-H1", IDLE, "2026-10-01", "not needed", ""),
    (d.COMPLIANCE, "2026-27-H2", IDLE, "2026-11-23", "to come", "2027-04-29"),
    (d.COMPLIANCE, "2025-26-H2", Activity(under_contracts=frozenset({day("2025-12-31")})), "2026-04-01", "not needed", ""),
    (d.COMPLIANCE, "2025-26-H2", Activity(under_contracts=frozenset({day("2026-01-01")})), "2026-04-01", "open", "2026-04-29"),
    (d.COMPLIANCE, "2026-27-H1", packed(d.COMPLIANCE, "2026-10-29"), "2026-11-23", "done on time", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", packed(d.COMPLIANCE, "2026-10-30", "2026-27-H1"), "2026-11-23", "done late", "2026-10-29"),
    (d.COMPLIANCE, "2026-27-H1", packed(d.COMPLIANCE, "2026-10-29", "2026-27-Q1"), "2026-11-23", "overdue", "2026-10-29"),
    # s.70(1)-(2), (5): calendar quarters from that of 1 April 2026
    (d.SECTION_70, "2026-27-Q1", BUSY, "2026-07-29", "open", "2026-07-29"),
    (d.SECTION_70, "2026-27-Q1", BUSY, "2026-07-30", "overdue", "2026-07-29"),
    (d.SECTION_70, "2026-27-Q2", BUSY, "2026-10-29", "open", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", BUSY, "2026-10-30", "overdue", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q3", BUSY, "2026-12-30", "to come", "2027-01-29"),
    (d.SECTION_70, "2026-27-Q3", BUSY, "2026-12-31", "open", "2027-01-29"),
    (d.SECTION_70, "2026-27-Q4", BUSY, "2027-01-01", "to come", "2027-04-29"),
    (d.SECTION_70, "2026-27-Q2", published("UK8", "2026-10-29"), "2026-11-23", "done on time", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", published("UK8", "2026-10-30"), "2026-11-23", "done late", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", attested(d.SECTION_70, "2026-27-Q2", "2026-10-20"), "2026-11-23", "done on time", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", attested(d.SECTION_70, "2026-27-Q1", "2026-10-20"), "2026-11-23", "overdue", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", IDLE, "2026-11-23", "not needed", ""),
    (d.SECTION_70, "2026-27-Q2", Activity(over_30k=frozenset({day("2026-07-01")})), "2026-11-23", "overdue", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", Activity(over_30k=frozenset({day("2026-10-01")})), "2026-11-23", "not needed", ""),
    (d.SECTION_70, "2026-27-Q2", packed(d.SECTION_70, "2026-10-29"), "2026-11-23", "done on time", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q2", packed(d.SECTION_70, "2026-10-30"), "2026-11-23", "done late", "2026-10-29"),
    (d.SECTION_70, "2026-27-Q1", packed(d.SECTION_70, "2026-10-29"), "2026-11-23", "overdue", "2026-07-29"),
    (d.SECTION_70, "2026-27-Q2", packed(d.COMPLIANCE, "2026-10-29"), "2026-11-23", "overdue", "2026-10-29"),
    # s.93: 56 days beginning with 1 April
    (d.PIPELINE, "2026-27", BUSY, "2026-04-01", "open", "2026-05-26"),
    (d.PIPELINE, "2026-27", BUSY, "2026-05-26", "open", "2026-05-26"),
    (d.PIPELINE, "2026-27", BUSY, "2026-05-27", "overdue", "2026-05-26"),
    (d.PIPELINE, "2025-26", BUSY, "2026-05-27", "overdue", "2025-05-26"),
    (d.PIPELINE, "2026-27", published("UK1", "2026-05-26"), "2026-11-23", "done on time", "2026-05-26"),
    (d.PIPELINE, "2026-27", published("UK1", "2026-05-27"), "2026-11-23", "done late", "2026-05-26"),
    (d.PIPELINE, "2026-27", published("UK1", "2026-04-01"), "2026-11-23", "done on time", "2026-05-26"),
    (d.PIPELINE, "2026-27", published("UK1", "2026-03-31"), "2026-11-23", "overdue", "2026-05-26"),
    (d.PIPELINE, "2025-26", published("UK1", "2026-03-31"), "2026-11-23", "done late", "2025-05-26"),
    (d.PIPELINE, "2027-28", BUSY, "2027-04-01", "open", "2027-05-26"),
    (d.PIPELINE, "2027-28", BUSY, "2027-05-26", "open", "2027-05-26"),
    (d.PIPELINE, "2026-27", attested(d.PIPELINE, "2026-27", "2026-05-20"), "2026-11-23", "done on time", "2026-05-26"),
    # The Code: within one month of the quarter
    *[
        (kind, period, activity, on, state, last)
        for kind in (d.SPEND, d.CARD, d.TENDERS, d.REGISTER)
        for period, activity, on, state, last in (
            ("2026-27-Q2", BUSY, "2026-09-30", "to come", "2026-10-31"),
            ("2026-27-Q2", BUSY, "2026-10-01", "open", "2026-10-31"),
            ("2026-27-Q2", BUSY, "2026-10-31", "open", "2026-10-31"),
            ("2026-27-Q2", BUSY, "2026-11-01", "overdue", "2026-10-31"),
            ("2026-27-Q3", BUSY, "2027-01-31", "open", "2027-01-31"),
            ("2026-27-Q3", BUSY, "2027-02-01", "overdue", "2027-01-31"),
            ("2026-27-Q4", BUSY, "2027-04-30", "open", "2027-04-30"),
            ("2026-27-Q1", BUSY, "2026-07-31", "open", "2026-07-31"),
            ("2026-27-Q1", BUSY, "2026-08-01", "overdue", "2026-07-31"),
            ("2026-27-Q2", attested(kind, "2026-27-Q2", "2026-10-31"), "2026-11-23", "done on time", "2026-10-31"),
            ("2026-27-Q2", attested(kind, "2026-27-Q2", "2026-11-01"), "2026-11-23", "done late", "2026-10-31"),
            ("2026-27-Q2", IDLE, "2026-11-23", "overdue", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-10-31"), "2026-11-23", "done on time", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-11-01"), "2026-11-23", "done late", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-10-31", "2026-27-H1"), "2026-11-23", "done on time", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-10-31", "2026-27-Q1"), "2026-11-23", "overdue", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-09-30"), "2026-11-23", "done on time", "2026-10-31"),
            ("2026-27-Q2", packed(kind, "2026-09-29"), "2026-11-23", "overdue", "2026-10-31"),
        )
    ],
    (d.GRANTS, "2025-26", BUSY, "2026-03-31", "to come", "2026-04-30"),
    (d.GRANTS, "2025-26", BUSY, "2026-04-01", "open", "2026-04-30"),
    (d.GRANTS, "2025-26", BUSY, "2026-04-30", "open", "2026-04-30"),
    (d.GRANTS, "2025-26", BUSY, "2026-05-01", "overdue", "2026-04-30"),
    (d.GRANTS, "2024-25", BUSY, "2025-04-30", "open", "2025-04-30"),
    (d.GRANTS, "2024-25", BUSY, "2025-05-01", "overdue", "2025-04-30"),
    (d.GRANTS, "2026-27", BUSY, "2026-11-23", "to come", "2027-04-30"),
    (d.GRANTS, "2026-27", BUSY, "2027-04-01", "open", "2027-04-30"),
    (d.GRANTS, "2025-26", attested(d.GRANTS, "2025-26", "2026-04-30"), "2026-11-23", "done on time", "2026-04-30"),
    (d.GRANTS, "2025-26", attested(d.GRANTS, "2025-26", "2026-05-01"), "2026-11-23", "done late", "2026-04-30"),
    (d.GRANTS, "2025-26", attested(d.GRANTS, "2024-25", "2026-04-30"), "2026-11-23", "overdue", "2026-04-30"),
    (d.GRANTS, "2025-26", IDLE, "2026-11-23", "overdue", "2026-04-30"),
    (d.GRANTS, "2025-26", packed(d.GRANTS, "2026-04-30", "2025-26"), "2026-11-23", "done on time", "2026-04-30"),
    (d.GRANTS, "2025-26", packed(d.GRANTS, "2025-07-20", "2025-26-Q1", *QUARTERS), "2026-11-23", "done on time", "2026-04-30"),
    (d.GRANTS, "2025-26", packed(d.GRANTS, "2026-05-01", "2025-26-Q1", *QUARTERS), "2026-11-23", "done late", "2026-04-30"),
    (d.GRANTS, "2025-26", packed(d.GRANTS, "2025-07-20", "2024-25-Q1", *QUARTERS), "2026-11-23", "overdue", "2026-04-30"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "period", "activity", "on", "state", "last"), CASES)
def test_a_legal_case(kind, period, activity, on, state, last):
    found = [x for x in duties_of_council(activity, LAW, day(on)) if (x.kind, x.occasion) == (kind, period)]
    assert [(x.state, str(x.last_on or "")) for x in found] == [(state, last)]


def test_every_duty_of_the_council_has_a_dozen_cases():
    assert {kind: sum(case[0] == kind for case in CASES) >= 12 for kind in d.COUNCIL_KINDS} == dict.fromkeys(
        d.COUNCIL_KINDS, True
    )


def test_no_period_before_the_law_or_after_the_day_is_listed():
    found = duties_of_council(BUSY, LAW, day("2026-11-23"))
    assert [x.occasion for x in found if x.kind == d.COMPLIANCE] == ["2025-26-H2", "2026-27-H1", "2026-27-H2"]
    assert [x.occasion for x in found if x.kind == d.SECTION_70] == ["2026-27-Q1", "2026-27-Q2", "2026-27-Q3"]
    assert [x.occasion for x in found if x.kind == d.PIPELINE] == ["2025-26", "2026-27"]
    assert next(x.occasion for x in found if x.kind == d.SPEND) == "2024-25-Q4"


def test_the_first_half_year_is_in_doubt_and_moves_with_its_reading():
    found = duties_of_council(BUSY, LAW, day("2026-04-01"))
    assert "payments_compliance_reading" in " ".join(found[0].doubts)
    earlier = ruled("payments_compliance_reading", first_period_from=date(2025, 10, 1))
    only_old = Activity(under_contracts=frozenset({day("2025-10-01")}))
    assert duties_of_council(only_old, earlier, day("2026-04-01"))[0].state == "open"
    assert duties_of_council(only_old, LAW, day("2026-04-01"))[0].state == "not needed"


def test_without_payments_read_nothing_is_ruled_out():
    found = duties_of_council(Activity(payments_read=False), LAW, day("2026-11-23"))
    assert {x.state for x in found if x.kind == d.SECTION_70} == {"cannot be told"}
    assert all("no payments have been read" in x.doubts for x in found if x.kind == d.SECTION_70)


def test_payments_under_contracts_in_doubt_are_named():
    paid = frozenset({day("2026-07-01")})
    unsure = Activity(over_30k=paid, unsure=paid)
    [found] = [
        x
        for x in duties_of_council(unsure, LAW, day("2026-11-23"))
        if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2")
    ]
    assert "in doubt" in " ".join(found.doubts)


def of_period(activity: Activity, kind: str) -> Duty:
    found = duties_of_council(activity, LAW, day("2026-11-23"))
    return next(x for x in found if (x.kind, x.occasion) == (kind, "2026-27-Q2"))


def test_a_final_pack_is_named_with_its_day_and_does_not_stand_for_the_platform():
    found = of_period(packed(d.SECTION_70, "2026-10-20"), d.SECTION_70)
    assert found.done == Done("publication 2026-27-Q2 version 1", day("2026-10-20"))
    assert "central digital platform" in " ".join(found.doubts)
    told = replace(packed(d.SECTION_70, "2026-10-20"), published=(notice("UK8", "2026-10-25"),))
    assert of_period(told, d.SECTION_70).done == Done("UK8 000001-2026", day("2026-10-25"))
    assert of_period(told, d.SECTION_70).doubts == ()
    assert of_period(packed(d.SPEND, "2026-10-20"), d.SPEND).doubts == ()


def test_the_first_of_several_versions_does_a_duty():
    twice = packed(d.SPEND, "2026-11-02", "2026-27-Q2", ("2026-27-Q2", "2026-10-31"))
    assert (of_period(twice, d.SPEND).state, of_period(twice, d.CARD).state) == ("done on time", "overdue")


def test_a_council_that_expects_to_pay_less_needs_no_pipeline():
    law = ruled("pipeline_reading", expects_to_pay_over=False)
    assert {x.state for x in duties_of_council(BUSY, law, day("2026-11-23")) if x.kind == d.PIPELINE} == {
        "not needed"
    }

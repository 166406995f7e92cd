"""Duties on contracts against the tables of legal cases, and what doubts they name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.contract import duties_of
from kcc_etl.domain.duties.duty import Asked, Done, Duty, stand
from kcc_etl.domain.duties.facts import Facts, Failure, Modification
from kcc_etl.domain.duties.measured import share_display
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.load import load_parameters
from tests.unit.duty_cases import (
    AS_OF,
    BIG,
    CASES,
    GROSS_ALONE,
    LIGHT,
    PLAIN,
    SMALL,
    UNTOLD_AWARD,
    M,
    at_award,
    changed,
    contract,
    day,
    ends,
    failed,
    moved,
    notice,
    signed,
    told,
    word,
)

LAW = load_parameters().law


def of_kind(facts: Facts, kind: str, law: Law = LAW, as_of: date = AS_OF) -> list[Duty]:
    return [duty for duty in duties_of(facts, law, as_of) if duty.kind == kind]


def only(facts: Facts, kind: str, law: Law = LAW, as_of: date = AS_OF) -> Duty:
    [found] = of_kind(facts, kind, law, as_of)
    return found


def ruled(table: str, **settings: object) -> Law:
    """The law with other settings of one table of readings."""
    rules = LAW.rules
    return replace(LAW, rules=replace(rules, **{table: replace(getattr(rules, table), **settings)}))


def lawful(table: str, **settings: object) -> Law:
    """The law with other figures in one of its own tables."""
    law = LAW.statutory
    return replace(LAW, statutory=replace(law, **{table: replace(getattr(law, table), **settings)}))


@pytest.mark.parametrize(
    ("kind", "paragraph", "differs", "state", "last"),
    [(kind, *case) for kind, cases in CASES.items() for case in cases],
    ids=[f"{kind}: {case[0]}" for kind, cases in CASES.items() for case in cases],
)
def test_a_legal_case(kind, paragraph, differs, state, last):
    found = of_kind(contract(**differs), kind)
    if not state:
        assert found == []
        return
    assert [(x.state, str(x.last_on or "")) for x in found] == [(state, last)]
    assert found[0].ground
    assert found[0].source
    left = (found[0].last_on - AS_OF).days if found[0].last_on else None
    assert found[0].days_left == (left if state in ("open", "to come") else None)
    assert (found[0].late_by or 0) > 0 if state in ("overdue", "done late") else found[0].late_by is None


def test_every_duty_on_contracts_has_a_dozen_cases():
    assert {kind: len(cases) >= 12 for kind, cases in CASES.items()} == dict.fromkeys(CASES, True)
    assert {*CASES, d.ASSESSMENT} == set(d.CONTRACT_KINDS)


KPI = {"value_inc_vat_pence": 5 * M + 1, "kpis": 3, "commenced_on": day("2025-03-01")}


def rated(on: str, **more):
    return notice("UK9", on, assesses=True, **more)


# Paragraph, what differs, and for each assessment: occasion, state, first and last day.
ASSESSMENTS = [
    ("s.71(2) first year runs", KPI, ["1 open 2026-09-01 2027-08-31"]),
    ("s.71(2) last day today", KPI | signed("2025-11-24"), ["1 open 2026-01-01 2026-11-23"]),
    ("s.71(2) last day yesterday", KPI | signed("2025-11-23"), ["1 overdue 2026-01-01 2026-11-22", "2 open 2026-11-23 2027-11-22"]),
    ("s.71(2) done on the last day", KPI | signed("2025-11-23") | {"published": (rated("2026-11-22"),)}, ["1 done on time 2026-01-01 2026-11-22", "2 open 2026-11-23 2027-11-22"]),
    ("s.71(2) done a day late counts for the next", KPI | signed("2025-11-23") | {"published": (rated("2026-11-23", observed_from=day("2025-11-23")),)}, ["1 done late 2026-01-01 2026-11-22", "2 done on time 2026-11-23 2027-11-22"]),
    ("s.71(2) of the second year only", KPI | signed("2025-11-23") | {"published": (rated("2026-11-23", observed_from=day("2026-11-23")),)}, ["1 overdue 2026-01-01 2026-11-22", "2 done on time 2026-11-23 2027-11-22"]),
    ("SI 2025/1316: a year that ended before", KPI | signed("2025-02-24") | {"commenced_on": day("2025-02-24")}, ["1 overdue 2026-01-01 2026-02-23", "2 open 2026-02-24 2027-02-23"]),
    ("s.71(2) published before s.71 began", KPI | signed("2025-11-24") | {"published": (rated("2025-12-31"),)}, ["1 open 2026-01-01 2026-11-23"]),
    ("s.52(1) exactly £5m", KPI | {"value_inc_vat_pence": 5 * M}, [" not needed None None"]),
    ("s.52(6)(d) light touch", KPI | LIGHT, [" not needed None None"]),
    ("s.52(6)(a) framework", KPI | {"kind": "framework"}, [" not needed None None"]),
    ("s.52(6)(c) concession", KPI | {"kind": "concession", "value_inc_vat_pence": 6 * M}, [" not needed None None"]),
    ("s.52(2) explained", KPI | {"kpis": 0, "no_kpi_reason": True}, [" not needed None None"]),
    ("call-off is caught", KPI | {"kind": "call-off", "framework_regime": "pa23"}, ["1 open 2026-09-01 2027-08-31"]),
    ("on termination, in place of the year", KPI | ends("2026-11-01"), ["on termination open 2026-11-01 2026-11-30"]),
    ("on termination, done", KPI | ends("2026-11-01") | {"published": (rated("2026-11-20"),)}, ["on termination done on time 2026-11-01 2026-11-30"]),
    ("on termination, after a year", KPI | signed("2025-10-01") | ends("2026-10-24"), ["1 overdue 2026-01-01 2026-09-30", "on termination overdue 2026-10-24 2026-11-22"]),
    ("on termination, on the last day of the year", KPI | signed("2025-11-24") | ends("2026-11-23"), ["on termination open 2026-11-23 2026-12-22"]),
    ("observed the last day of the year", KPI | signed("2025-11-23") | {"published": (rated("2026-11-23", observed_from=day("2026-11-22")),)}, ["1 done late 2026-01-01 2026-11-22", "2 done on time 2026-11-23 2027-11-22"]),
    ("ended before s.71", KPI | signed("2025-04-01") | ends("2025-12-31"), [" not needed None None"]),
    ("ended on the first day of s.71", KPI | signed("2025-04-01") | ends("2026-01-01"), ["on termination overdue 2026-01-01 2026-01-30"]),
    ("on termination, last day today", KPI | ends("2026-10-25"), ["on termination open 2026-10-25 2026-11-23"]),
    ("on termination, last day yesterday", KPI | ends("2026-10-24"), ["on termination overdue 2026-10-24 2026-11-22"]),
    ("on termination, done a day late", KPI | ends("2026-10-01") | {"published": (rated("2026-10-31"),)}, ["on termination done late 2026-10-01 2026-10-30"]),
    ("on termination, done the day before it", KPI | ends("2026-10-24") | {"published": (rated("2026-10-23"),)}, ["on termination overdue 2026-10-24 2026-11-22"]),
    ("s.52(1) net, VAT may lift it over £5m", KPI | {"value_inc_vat_pence": None, "value_ex_vat_pence": 416_666_668}, ["1 open 2026-09-01 2027-08-31"]),
    ("s.52(1) net, VAT cannot lift it", KPI | {"value_inc_vat_pence": None, "value_ex_vat_pence": 416_666_667}, [" not needed None None"]),
    ("s.52(1) exactly £5m at award, more today", KPI | at_award(416_666_667, 5 * M), [" not needed None None"]),
    ("s.52(1) a penny more at award, less today", KPI | {"value_inc_vat_pence": M} | at_award(416_666_668, 5 * M + 1), ["1 open 2026-09-01 2027-08-31"]),
    ("a failure is no assessment", KPI | {"published": (notice("UK9", "2026-10-01", fails=True),)}, ["1 open 2026-09-01 2027-08-31"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraph", "differs", "expected"), ASSESSMENTS, ids=[case[0] for case in ASSESSMENTS]
)
def test_assessments(paragraph, differs, expected):
    found = of_kind(contract(**differs), d.ASSESSMENT)
    shown = [f"{x.occasion} {x.state} {x.first_on} {x.last_on}" for x in found if x.state != "to come"]
    assert shown == expected


def test_an_assessment_by_the_anniversary_has_a_day_more():
    facts = contract(**KPI | signed("2025-11-23"))
    later = ruled("assessment_reading", due_by="anniversary")
    assert of_kind(facts, d.ASSESSMENT)[0].state == "overdue"
    assert of_kind(facts, d.ASSESSMENT, later)[0].last_on == AS_OF
    assert "assessment_reading.due_by" in " ".join(of_kind(facts, d.ASSESSMENT, later)[0].doubts)


def test_assessments_counted_from_commencement_start_with_2026():
    facts = contract(**KPI | signed("2025-11-23"))
    law = ruled("assessment_reading", counted_from="commencement")
    assert of_kind(facts, d.ASSESSMENT, law)[0].last_on == day("2026-12-31")


def test_a_year_that_ended_before_the_section_began_is_not_listed():
    facts = contract(**KPI | signed("2025-11-23"))
    on_its_day, a_day_later = (
        lawful("assessment", effective_from=day(on)) for on in ("2026-11-22", "2026-11-23")
    )
    assert of_kind(facts, d.ASSESSMENT, on_its_day)[0].occasion == "1"
    assert of_kind(facts, d.ASSESSMENT, a_day_later)[0].occasion == "2"


def test_the_term_counts_both_its_first_and_its_last_day():
    exactly = Modification("D2", day("2026-11-24"), 0, day("2028-09-09"), day("2028-11-22"))  # 74 of 740 days
    assert only(contract(**ends("2028-09-09"), modifications=(exactly,)), d.CHANGE).state == "not needed"


def test_a_change_that_exceeds_one_limit_of_two_is_in_doubt():
    facts = contract(**changed(8_000_001))
    assert "change_reading.notify_if" in " ".join(only(facts, d.CHANGE).doubts)
    assert only(facts, d.CHANGE, ruled("change_reading", notify_if="both")).state == "not needed"
    both = contract(**changed(8_000_001, ends="2028-11-13"))
    assert only(both, d.CHANGE, ruled("change_reading", notify_if="both")).state == "open"
    assert "change_reading.notify_if" not in " ".join(only(both, d.CHANGE).doubts)


@pytest.mark.parametrize(
    ("change", "whole", "told"),
    [
        (8_000_000, 80_000_000, "10.0%"), (8_000_001, 80_000_000, "10.000001%"), (7_999_999, 80_000_000, "9.999999%"),
        (-8_000_001, 80_000_000, "10.000001%"), (80_400, 800_000, "10.1%"), (79_600, 800_000, "9.95%"),
        (0, 800_000, "0%"), (0, None, "0%"), (1, None, "a share not known"), (1, 0, "a share not known"),
        (12, 800_000, "0.0%"), (1_000_000_000_001, 10_000_000_000_000, "10.00000000001%"),
    ],
)  # fmt: skip
def test_a_share_shows_on_which_side_of_the_limit_it_is(change, whole, told):
    assert share_display(change, whole, 10) == told


def test_a_change_of_a_penny_too_much_does_not_read_as_one_of_the_limit():
    more, exactly = (only(contract(**changed(by)), d.CHANGE).ground for by in (8_000_001, 8_000_000))
    assert "value by 10.000001% of 10% allowed" in more
    assert "value by 10.0% of 10% allowed" in exactly


def two_changes(first: int, second: int) -> Facts:
    changes = (
        Modification("D2", day("2026-11-24"), first),
        Modification("D3", day("2026-12-24"), second),
    )
    return contract(modifications=changes, **at_award(80_000_000))


def test_small_changes_are_added_until_one_needs_a_notice():
    facts = two_changes(4_000_000, 4_000_001)
    assert [x.state for x in of_kind(facts, d.CHANGE)] == ["not needed", "open"]
    assert "change_reading.added_together" in " ".join(of_kind(facts, d.CHANGE)[1].doubts)
    assert [x.state for x in of_kind(two_changes(4_000_000, 4_000_000), d.CHANGE)] == ["not needed"] * 2
    alone = ruled("change_reading", added_together=False)
    assert [x.state for x in of_kind(facts, d.CHANGE, alone)] == ["not needed"] * 2


def longer_twice(first: str, second: str) -> Facts:
    """Two extensions of a contract of 731 days to 31 August 2028, of which 73 may be added."""
    middle = day(first) + timedelta(days=1)
    changes = (
        Modification("D2", day("2028-09-01"), 0, day("2028-08-31"), day(first)),
        Modification("D3", middle, 0, day(first), day(second)),
    )
    return contract(modifications=changes, **at_award(80_000_000))


def works_twice(second: int) -> Facts:
    changes = (
        Modification("D2", day("2026-11-24"), 6_000_000),
        Modification("D3", day("2026-12-24"), second),
    )
    return contract(category="works", modifications=changes, **at_award(80_000_000, 6 * M))


@pytest.mark.parametrize(
    ("paragraph", "facts", "states"),
    [
        ("s.75(4) 36 and 37 days", longer_twice("2028-10-06", "2028-11-12"), ["not needed", "not needed"]),
        ("s.75(4) 36 and 38 days", longer_twice("2028-10-06", "2028-11-13"), ["not needed", "to come"]),
        ("s.75(4) works, 15% in two steps", works_twice(6_000_000), ["not needed", "not needed"]),
        ("s.75(4) works, a penny more", works_twice(6_000_001), ["not needed", "to come"]),
        ("s.75(4) the second takes the first back", two_changes(8_000_000, -8_000_000), ["not needed", "not needed"]),
        ("s.75(4) less and less", two_changes(-4_000_000, -4_000_001), ["not needed", "to come"]),
        ("s.75(4) less and less, exactly", two_changes(-4_000_000, -4_000_000), ["not needed", "not needed"]),
    ],
)  # fmt: skip
def test_changes_are_added_up(paragraph, facts, states):
    found = of_kind(facts, d.CHANGE)
    assert [x.state.replace("open", "to come") for x in found] == states, paragraph


def test_a_change_that_makes_a_contract_public_is_named_with_its_day_and_doubts():
    ended = contract(**SMALL | moved(14_810_000, on="2026-10-01") | ends("2026-10-24"))
    assert only(ended, d.TERMINATION).state == "overdue"
    assert "against £207,720.00, by the change of 2026-10-01 (s.74(1))" in only(ended, d.TERMINATION).ground
    assert only(ended, d.ASSESSMENT).state == only(ended, d.RECORDS).state == "not needed"
    again = contract(**SMALL | moved(14_810_000, 1_731_000, on="2026-11-24"))
    assert {x.occasion: x.state for x in of_kind(again, d.CHANGE)} == {"D2": "open", "D3": "not needed"}
    more = contract(**SMALL | moved(14_810_000, 1_731_001, on="2026-11-24"))
    assert {x.occasion: x.state for x in of_kind(more, d.CHANGE)} == {"D2": "open", "D3": "open"}


def test_what_converts_only_with_vat_is_in_doubt():
    net = {"value_inc_vat_pence": None, "value_ex_vat_pence": 2_500_000}
    found = only(contract(**net | moved(14_810_000)), d.CHANGE)
    assert (found.state, "net_value_reading" in " ".join(found.doubts)) == ("open", True)


def test_what_only_the_vat_of_a_change_lifts_over_a_limit_is_in_doubt():
    """The VAT of a value of which only the gross is known may be any share of it."""
    for by, in_doubt in ((4_166_668, True), (5_000_001, False)):
        found = only(contract(**GROSS_ALONE | moved(by)), d.CHANGED_COPY)
        assert any("that of its changes decides about £5,000,000.00" in x for x in found.doubts) is in_doubt
    below = {"value_inc_vat_pence": 20_000_000, "value_ex_vat_pence": None}
    for by, state in ((643_333, "open"), (643_332, "not needed")):
        assert only(contract(**below | moved(by)), d.CHANGE).state == state


def test_poor_performance_of_before_the_section_began_is_in_doubt_and_a_breach_is_not():
    old = {**signed("2025-10-01"), "commenced_on": day("2025-06-01")}
    told_of = {
        kind: only(contract(**old, **failed("2025-12-31", kind)), d.BREACH)
        for kind in ("breach", "poor performance")
    }
    assert (
        told_of["breach"].ground
        == "of 2025-12-31, before s.71 came into force on 2026-01-01 (SI 2025/1316 reg 2)"
    )
    assert told_of["breach"].doubts == ()
    assert "went on after s.71 began" in told_of["poor performance"].doubts[0]


def test_what_nobody_recorded_is_not_overdue_and_says_so():
    found = only(PLAIN, d.SOCIAL_VALUE)
    assert (found.state, found.late_by, found.days_left) == ("cannot be told", None, None)
    assert "nothing is published of it" in found.doubts[0]


def test_a_contract_that_may_be_one_of_user_choice_names_the_decision_that_tells():
    found = only(contract(**UNTOLD_AWARD | signed("2026-07-26")), d.DETAILS)
    assert "a decision `direct award` says on which ground it was" in found.doubts[0]
    assert only(contract(**UNTOLD_AWARD), d.TERMINATION).doubts == ()


def test_after_a_notified_change_the_count_begins_again_from_the_new_value():
    # £900,000 after the first: the second may be £90,000
    exactly, more = (of_kind(two_changes(10_000_000, second), d.CHANGE) for second in (9_000_000, 9_000_001))
    assert {x.occasion: x.state for x in exactly} == {"D2": "open", "D3": "not needed"}
    assert {x.occasion: x.state for x in more} == {"D2": "open", "D3": "open"}


def test_an_extension_that_the_contract_provides_for_changes_the_term_and_is_in_doubt():
    facts = contract(**changed(40_000_000, ends="2029-08-31"), max_end_on=day("2030-08-31"))
    found = only(facts, d.CHANGE)
    assert (found.state, "change_reading.planned_extension" in " ".join(found.doubts)) == ("open", True)
    free = ruled("change_reading", planned_extension="does not count")
    assert only(facts, d.CHANGE, free).state == "not needed"


def test_a_change_that_only_its_notice_tells_of_is_judged_by_its_day():
    late = contract(
        published=(notice("UK10", "2026-11-02", change_kind="made", changed_on=day("2026-11-01")),)
    )
    found = only(late, d.CHANGE)
    assert (found.state, found.late_by) == ("done late", 1)
    assert "no decision records this change" in found.doubts


def test_each_notice_does_one_change():
    changes = (
        Modification("D2", day("2026-10-01"), 9_000_000),
        Modification("D3", day("2026-11-01"), 20_000_000),
    )
    notices = (notice("UK10", "2026-09-20", "A"), notice("UK10", "2026-11-05", "B"))
    found = of_kind(contract(modifications=changes, published=notices), d.CHANGE)
    assert [(x.occasion, x.done.by, x.state) for x in found] == [
        ("D2", "UK10 A", "done on time"),
        ("D3", "UK10 B", "done late"),
    ]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2026-10-01"], {"D9": ("UK10 N0", "done on time"), "D10": ("UK10 N0", "done on time")}),
        (["2026-10-01"] * 2, {"D9": ("UK10 N0", "done on time"), "D10": ("UK10 N1", "done on time")}),
        (["2026-10-02"], {"D9": ("UK10 N0", "done on time"), "D10": ("", "overdue")}),
    ],
)
def test_a_notice_that_gives_the_day_of_two_changes_does_both(days, told):
    """PA23 s.75(1); of one day the lower number comes first, D9 before D10."""
    on = day("2026-10-01")
    changes = (Modification("D10", on, 20_000_000), Modification("D9", on, 9_000_000))
    notices = [notice("UK10", "2026-09-20", f"N{n}", changed_on=day(one)) for n, one in enumerate(days)]
    found = of_kind(contract(modifications=changes, published=tuple(notices)), d.CHANGE)
    assert {x.occasion: (x.done.by if x.done else "", x.state) for x in found} == told


def test_a_notice_of_a_failure_is_that_of_the_lower_number_of_one_day():
    failures = tuple(Failure(number, "breach", day("2026-10-25")) for number in ("D10", "D9"))
    found = of_kind(contract(failures=failures, **told("UK9", "2026-11-01", fails=True)), d.BREACH)
    assert {x.occasion: x.state for x in found} == {"D9": "done on time", "D10": "open"}


def test_a_breach_told_only_by_a_notice_is_done_by_it():
    facts = contract(**told("UK9", "2026-11-01", fails=True, failed_on=day("2026-10-02")))
    assert (only(facts, d.BREACH).state, only(facts, d.BREACH).late_by) == ("done late", 1)


def test_a_notice_of_an_earlier_failure_does_not_do_the_duty_of_a_later_one():
    facts = contract(
        failures=(Failure("D1", "breach", day("2026-10-25")),), **told("UK9", "2026-10-24", fails=True)
    )
    found = {x.occasion: x.state for x in of_kind(facts, d.BREACH)}
    assert found == {"D1": "open", "000001-2026": "done"}


def test_publication_on_the_day_itself_counts_or_not_as_set():
    facts = contract(**LIGHT | told("UK6", "2026-09-01"))
    assert "same_day_reading.same_day_counts" in " ".join(only(facts, d.AWARD).doubts)
    strict = only(facts, d.AWARD, ruled("same_day_reading", same_day_counts=False))
    assert (strict.state, strict.last_on, strict.late_by) == ("done late", day("2026-08-31"), 1)


def test_a_net_value_that_vat_may_lift_is_in_doubt_and_settled_by_the_reading():
    facts = contract(value_inc_vat_pence=None, value_ex_vat_pence=17_310_000)  # £207,720 with VAT
    found = only(facts, d.DETAILS)
    assert (found.state, "net_value_reading" in " ".join(found.doubts)) == ("overdue", True)
    assert of_kind(facts, d.DETAILS, ruled("net_value_reading", reaches_when_unsure=False)) == []
    penny = contract(value_inc_vat_pence=None, value_ex_vat_pence=17_309_999)
    assert of_kind(penny, d.DETAILS) == []


def test_a_day_of_commencement_not_known_matters_only_between_two_thresholds():
    between = contract(commenced_on=None, value_inc_vat_pence=21_000_000)
    assert "the threshold changed" in " ".join(only(between, d.DETAILS).doubts)
    assert only(contract(commenced_on=None), d.DETAILS).doubts == ()


def test_a_kind_not_known_matters_only_between_services_and_works():
    assert "goods, services or works" in " ".join(only(contract(category=None), d.DETAILS).doubts)
    assert only(contract(category=None, value_inc_vat_pence=6 * M), d.DETAILS).doubts == ()


def test_what_the_notice_says_of_the_threshold_is_taken_where_the_kind_is_not_known():
    assert of_kind(contract(category=None, stated_above=False), d.DETAILS) == []
    contradicted = only(contract(stated_above=False), d.DETAILS)
    assert (contradicted.state, contradicted.doubts) == (
        "overdue",
        ("the notice says that it is below the threshold",),
    )


def test_a_contract_without_a_value_has_duties_that_cannot_be_told():
    found = duties_of(contract(value_inc_vat_pence=None, value_ex_vat_pence=None), LAW, AS_OF)
    assert {x.state for x in found} == {"cannot be told"}
    assert {x.ground for x in found} == {"its value is not known"}


def test_an_award_alone_is_no_contract_entered_into():
    facts = contract(signed_on=None, is_awarded_only=True, **told("UK6", "2026-08-19"))
    assert only(facts, d.AWARD).state == "done"
    for kind in (d.DETAILS, d.TERMINATION, d.RECORDS):
        assert only(facts, kind).state == "cannot be told"
    assert "whether it was entered into" in " ".join(only(facts, d.DETAILS).doubts)


def test_a_contract_that_a_notice_says_has_ended_was_entered_into():
    facts = contract(
        signed_on=None, is_awarded_only=True, ended_on=day("2026-10-01"), **told("UK11", "2026-10-31")
    )
    assert (only(facts, d.TERMINATION).state, only(facts, d.TERMINATION).late_by) == ("done late", 1)


def test_a_procurement_that_ended_without_a_contract_has_no_duties():
    facts = contract(is_abandoned=True, value_inc_vat_pence=None, value_ex_vat_pence=None)
    assert {x.state for x in duties_of(facts, LAW, AS_OF)} == {"not needed"}


def test_a_contract_without_a_value_that_has_notices_of_public_contracts_is_one():
    facts = contract(
        value_inc_vat_pence=None, value_ex_vat_pence=None, **ends("2026-10-01") | told("UK11", "2026-10-30")
    )
    assert (only(facts, d.TERMINATION).state, only(facts, d.DETAILS).state) == ("done on time", "overdue")
    assert only(facts, d.COPY).state == only(facts, d.ASSESSMENT).state == "cannot be told"
    assert "it has notices that public contracts have" in " ".join(only(facts, d.TERMINATION).doubts)


def test_without_a_value_it_cannot_be_told_whether_a_copy_of_the_change_is_due():
    facts = contract(value_inc_vat_pence=None, value_ex_vat_pence=None, stated_above=True)
    moved = replace(facts, modifications=(Modification("D2", day("2026-11-24"), 9_000_000),))
    assert (only(moved, d.CHANGE).state, only(moved, d.CHANGED_COPY).state) == ("open", "cannot be told")


def test_a_contract_without_a_signature_goes_by_its_first_day_and_says_so():
    found = only(contract(signed_on=None), d.DETAILS)
    assert (found.last_on, len(found.doubts)) == (day("2026-09-30"), 1)


def test_a_notice_before_the_contract_is_named():
    found = only(contract(**told("UK7", "2026-08-31")), d.DETAILS)
    assert (found.state, len(found.doubts)) == ("done on time", 1)


def test_a_termination_that_an_extension_may_have_put_off_is_in_doubt():
    found = only(contract(**ends("2026-10-24"), max_end_on=day("2027-10-24")), d.TERMINATION)
    assert (found.state, "may have been extended" in " ".join(found.doubts)) == ("overdue", True)


def test_records_are_kept_no_longer_than_the_years():
    facts = contract(**signed("2025-02-24"), commenced_on=day("2025-02-24"))
    assert only(facts, d.RECORDS, as_of=day("2028-02-23")).state == "open"
    assert only(facts, d.RECORDS, as_of=day("2028-02-24")).state == "not needed"


def test_a_duty_done_all_the_same_is_not_needed_and_names_its_notice():
    found = only(contract(regime="pcr2015", **told("UK7", "2026-09-10")), d.DETAILS)
    assert (found.state, found.done.by) == ("not needed", "UK7 000001-2026")


def test_duties_with_a_last_day_before_the_history_are_not_listed():
    law = ruled("history", listed_from=day("2026-10-01"))
    assert of_kind(PLAIN, d.DETAILS, law) == []
    assert len(of_kind(PLAIN, d.DETAILS, ruled("history", listed_from=day("2026-09-30")))) == 1


def test_the_kpis_that_were_not_set_are_named():
    silent = contract(**KPI | {"kpis": None} | told("UK7", "2026-09-02"))
    assert "sets no indicators" in " ".join(of_kind(silent, d.ASSESSMENT)[0].doubts)
    assert "no details notice" in " ".join(of_kind(contract(**KPI | {"kpis": None}), d.ASSESSMENT)[0].doubts)


def test_an_officers_word_does_a_duty_of_its_occasion_only():
    facts = contract(**KPI | signed("2025-11-23") | word(d.ASSESSMENT, "2026-11-01", "1"))
    assert [x.state for x in of_kind(facts, d.ASSESSMENT)][:2] == ["done on time", "open"]


DAYS = st.dates(date(2025, 2, 24), date(2029, 12, 31))


@given(first=DAYS, length=st.integers(0, 200), done=st.none() | DAYS, as_of=DAYS)
def test_a_duty_stands_in_one_state_and_its_days_agree_with_it(first, length, done, as_of):
    last = first + timedelta(days=length)
    found = stand(Asked("k", "s", "g", "l", first, last), Done("n", done) if done else None, as_of)
    if found.state in ("done late", "overdue"):
        assert last + timedelta(days=found.late_by) == (done or as_of)
        assert found.late_by > 0
    elif found.state in ("open", "to come"):
        assert as_of + timedelta(days=found.days_left) == last
        assert (found.state == "to come") == (as_of < first)
    else:
        assert done <= last


@given(value=st.integers(1, 2 * BIG["value_inc_vat_pence"]), light=st.booleans(), entered=DAYS, as_of=DAYS)
def test_every_contract_has_one_details_duty_and_every_duty_a_source(value, light, entered, as_of):
    facts = contract(
        value_inc_vat_pence=value, is_light_touch=light, commenced_on=entered, **signed(str(entered))
    )
    found = duties_of(facts, LAW, as_of)
    assert sum(x.kind in (d.DETAILS, d.DETAILS_BELOW) for x in found) == 1
    assert len({x.key for x in found}) == len(found)
    assert all(x.source and x.ground for x in found)

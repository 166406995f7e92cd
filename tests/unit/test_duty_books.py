"""Duties out of the tables: which facts and notices are whose, and what is reconciled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.books import facts_of
from kcc_etl.domain.duties.duty import Duty
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.tables import Books
from kcc_etl.domain.duties.worked_out import as_rows, contract_duties, council_duties
from kcc_etl.schema.frames import empty, from_rows
from tests.unit.duty_cases import AS_OF
from tests.unit.test_duties import LAW

LANDED = {"source_sha256": "s", "source_file": "f", "source_row": 2, "source_name": "src"}
TABLES = {
    "contracts": keys.CORE_CONTRACT,
    "links": keys.CORE_REGISTER_NOTICE,
    "noticed": keys.CORE_NOTICED,
    "notices": keys.CORE_NOTICE,
    "kpis": keys.CORE_NOTICE_KPI,
    "changes": keys.CORE_NOTICE_CHANGE,
    "failures": keys.CORE_NOTICE_FAILURE,
    "decisions": keys.CORE_DECISION,
    "payments": keys.CORE_PAYMENT,
    "ledger": keys.RAW_PAYMENT,
    "disagreements": keys.CORE_DISAGREEMENT,
}
Rows = list[dict[str, Any]]


def books(**rows: Rows) -> Books:
    frames: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        given = [{**LANDED, **row} for row in rows.get(name, [])]
        frames[name] = from_rows(given, table) if given else empty(table)
    return Books(**frames)


def ours(ref: str = "C-1", **more: Any) -> dict[str, Any]:
    plain = {
        "agreement_kind": "contract", "procurement_category": "services", "regime": "pa23", "is_light_touch": False,
        "is_school_contract": False, "value_inc_vat_pence": 100_000_000, "value_ex_vat_pence": 83_333_333,
        "procurement_commenced_on": "2026-04-01", "signed_on": "2026-09-01", "start_on": "2026-09-01",
        "end_on": "2028-08-31", "process_type": "Published invitation to tender",
    }  # fmt: skip
    return {"contract_ref": ref, **plain, **more}


def theirs(**more: Any) -> dict[str, Any]:
    told = {
        "ocid": "o-1", "contract_id": "1", "award_id": "1", "first_release_id": "n-1", "release_id": "n-1",
        "contract_place": 1, "notice_type": "UK7", "published_on": "2026-09-30", "regime": "pa23",
        "is_light_touch": False, "above_threshold": True, "value_inc_vat_pence": 100_000_000, "signed_on": "2026-09-01",
        "start_on": "2026-09-01", "end_on": "2028-08-31", "supplier_release_id": "n-1",
    }  # fmt: skip
    return {**told, **more}


def link(ref: str = "C-1", **more: Any) -> dict[str, Any]:
    return {
        "contract_ref": ref,
        "ocid": "o-1",
        "contract_id": "1",
        "award_id": "1",
        "first_release_id": "n-1",
        "release_id": "n-1",
        "is_ambiguous": False,
        **more,
    }


def release(number: str, kind: str, on: str, **more: Any) -> dict[str, Any]:
    told = {
        "ocid": "o-1",
        "contract_id": "1",
        "award_id": "1",
        "contract_place": 1,
        "procurement_category": "services",
    }
    return {"release_id": number, "notice_type": kind, "published_on": on, **told, **more}


DETAILS = release("n-1", "UK7", "2026-09-30")
AWARD = release("n-0", "UK6", "2026-08-19", contract_id=None)


def decision(number: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "decision_id": number,
        "decision_kind": kind,
        "subject": "C-1",
        "decided_on": "2026-10-01",
        **more,
    }


def of_kind(found: tuple[Duty, ...], kind: str) -> list[Duty]:
    return [duty for duty in found if duty.kind == kind]


def only(kind: str, **rows: Rows) -> Duty:
    [found] = of_kind(contract_duties(books(**rows), LAW, AS_OF), kind)
    return found


LINKED: dict[str, Rows] = {
    "contracts": [ours()],
    "links": [link()],
    "noticed": [theirs()],
    "notices": [AWARD, DETAILS],
}


def test_a_register_contract_is_done_by_the_notices_of_the_contract_it_is():
    assert (only(d.DETAILS, **LINKED).state, only(d.DETAILS, **LINKED).done.by) == ("done on time", "UK7 n-1")
    assert only(d.AWARD, **LINKED).done.by == "UK6 n-0"
    assert {duty.subject for duty in contract_duties(books(**LINKED), LAW, AS_OF)} == {"C-1"}


def test_what_no_notice_read_could_show_cannot_be_told():
    alone = only(d.DETAILS, contracts=[ours()])
    assert (alone.state, alone.late_by) == ("cannot be told", None)
    assert "no public notices have been read" in alone.doubts

    def first_read(on: str) -> Duty:
        return only(d.DETAILS, contracts=[ours()], notices=[release("x", "UK7", on, ocid="o-9")])

    assert (first_read("2026-09-30").state, first_read("2026-09-30").late_by) == ("overdue", 54)
    assert first_read("2026-10-01").state == "cannot be told"
    assert "notices before 2026-10-01 have not been read" in first_read("2026-10-01").doubts
    still_open = only(d.DETAILS, contracts=[ours(signed_on="2026-11-20", start_on="2026-11-20")])
    assert (still_open.state, still_open.days_left) == ("open", 26)


def test_a_contract_without_a_notice_is_overdue():
    others = [release("x-1", "UK7", day, ocid="o-9") for day in ("2026-01-01", "2026-11-20")]
    covered = only(d.DETAILS, contracts=[ours()], notices=others)
    assert (covered.state, covered.doubts) == ("overdue", ())


def test_notices_that_do_not_reach_over_the_days_of_a_duty_leave_it_in_doubt():
    late = only(d.DETAILS, contracts=[ours()], notices=[release("x", "UK7", "2026-09-02", ocid="o-9")])
    assert late.doubts == (
        "notices before 2026-09-02 have not been read",
        "the latest notice read is of 2026-09-02",
    )


def test_notices_from_the_first_day_of_a_duty_on_leave_no_doubt_about_its_start():
    notices = [release("x", "UK7", on, ocid="o-9") for on in ("2026-09-01", "2026-09-30")]
    assert only(d.DETAILS, contracts=[ours()], notices=notices).doubts == ()
    late = [release("x", "UK7", on, ocid="o-9") for on in ("2026-09-02", "2026-09-29")]
    assert len(only(d.DETAILS, contracts=[ours()], notices=late).doubts) == 2


def test_a_contract_that_only_notices_tell_of_has_its_duties_and_says_so():
    found = contract_duties(books(noticed=[theirs()], notices=[AWARD, DETAILS]), LAW, AS_OF)
    [details] = of_kind(found, d.DETAILS)
    assert (details.subject, details.state) == ("o-1 1 n-1", "done on time")
    assert "the register does not hold it: only its notices tell of it" in details.doubts
    assert not any("framework" in doubt for doubt in details.doubts)


def test_only_notices_that_would_mark_a_framework_leave_no_doubt_that_it_is_none():
    ended = release("n-9", "UK11", "2026-10-01")
    rows: dict[str, Rows] = {"noticed": [theirs(notice_type="UK11", release_id="n-9")], "notices": [ended]}
    doubt = "no notice read would say that it is a framework; a contract is taken"
    assert doubt in only(d.TERMINATION, **rows).doubts
    assert doubt not in only(d.TERMINATION, **rows | {"notices": [DETAILS, ended]}).doubts


def test_what_a_notice_marks_decides_the_duties_of_a_contract_the_register_does_not_hold():
    large = theirs(value_inc_vat_pence=600_000_000)

    def assessment(kind: str | None) -> str:
        marked = {**DETAILS, "agreement_kind": kind}
        return of_kind(contract_duties(books(noticed=[large], notices=[marked]), LAW, AS_OF), d.ASSESSMENT)[
            0
        ].ground

    assert "twelve months" in assessment(None)
    assert "twelve months" in assessment("call-off")
    assert assessment("framework") == "no indicators have to be set for a framework (s.52(6))"
    assert assessment("concession") == "no indicators have to be set for a concession contract (s.52(6))"


def test_below_the_threshold_of_concessions_nothing_is_needed_of_a_concession():
    small = theirs(value_inc_vat_pence=20_000_000, above_threshold=False)
    marked = {**DETAILS, "agreement_kind": "concession"}
    found = only(d.DETAILS, noticed=[small], notices=[marked])
    assert (found.state, "concession below the threshold" in found.ground) == ("not needed", True)


def test_a_register_that_gives_another_kind_than_its_notice_is_in_doubt():
    marked = {**DETAILS, "agreement_kind": "framework"}
    doubt = "its notice says that it is a framework, the register a contract"
    assert doubt in only(d.DETAILS, **LINKED | {"notices": [AWARD, marked]}).doubts
    same = ours(agreement_kind="framework")
    assert doubt not in only(d.DETAILS, **LINKED | {"contracts": [same], "notices": [AWARD, marked]}).doubts


def test_a_match_that_is_not_clear_does_no_duty_and_is_named():
    rows = LINKED | {"links": [link(is_ambiguous=True)]}
    found = only(d.DETAILS, **rows)
    assert (found.state, found.done) == ("overdue", None)
    assert "several notices fit it: a person has to say which is its own" in found.doubts


def test_a_notice_after_the_day_does_not_count_yet():
    found = of_kind(contract_duties(books(**LINKED), LAW, date(2026, 9, 29)), d.DETAILS)
    assert [(x.state, x.days_left) for x in found] == [("open", 1)]


def test_two_contracts_of_one_number_keep_their_own_notices():
    second = theirs(
        first_release_id="n-2", release_id="n-2", supplier_release_id="n-2", published_on="2026-10-10"
    )
    notices = [DETAILS, release("n-2", "UK7", "2026-10-10")]
    found = contract_duties(books(noticed=[theirs(), second], notices=notices), LAW, AS_OF)
    assert [x.done.by for x in of_kind(found, d.DETAILS)] == ["UK7 n-1", "UK7 n-2"]


def test_the_award_notice_is_that_of_its_own_award():
    other = release("n-9", "UK6", "2026-08-01", contract_id=None, award_id="2")
    assert only(d.AWARD, **LINKED | {"notices": [other, AWARD, DETAILS]}).done.by == "UK6 n-0"


def test_an_abandoned_procurement_and_an_award_alone_ask_for_no_details():
    gone = theirs(notice_type="UK12", contract_id="1", value_inc_vat_pence=None, above_threshold=None)
    assert only(d.DETAILS, noticed=[gone]).state == "not needed"
    award = theirs(notice_type="UK6", contract_id=None, signed_on=None)
    assert only(d.DETAILS, noticed=[award]).state == "cannot be told"


def test_indicators_ratings_and_reasons_come_from_the_notices():
    big = {"value_inc_vat_pence": 500_000_001}
    rows = LINKED | {"contracts": [ours(**big)], "noticed": [theirs(kpi_count=3, **big)]}
    assert of_kind(contract_duties(books(**rows), LAW, AS_OF), d.ASSESSMENT)[0].state == "open"
    nine = release("n-3", "UK9", "2026-11-01")
    rating = {
        "release_id": "n-3",
        "contract_place": 1,
        "part_number": 1,
        "rating": "met",
        "observed_from_on": "2026-09-01",
    }
    rated = rows | {"notices": [DETAILS, nine], "kpis": [rating]}
    assert of_kind(contract_duties(books(**rated), LAW, AS_OF), d.ASSESSMENT)[0].done.by == "UK9 n-3"
    unrated = rated | {"kpis": [{**rating, "rating": None}]}
    assert of_kind(contract_duties(books(**unrated), LAW, AS_OF), d.ASSESSMENT)[0].done is None
    reason = rows | {"noticed": [theirs(**big)], "notices": [{**DETAILS, "no_kpi_reason": "why"}]}
    assert only(d.ASSESSMENT, **reason).state == "not needed"


def test_a_failure_in_a_notice_is_a_breach_told():
    nine = release("n-3", "UK9", "2026-11-01")
    failure = {
        "release_id": "n-3",
        "contract_place": 1,
        "part_number": 1,
        "failure_id": "1",
        "decided_on": "2026-10-03",
    }
    found = only(d.BREACH, **LINKED | {"notices": [DETAILS, nine], "failures": [failure]})
    assert (found.state, str(found.last_on)) == ("done on time", "2026-11-01")


def test_changes_come_from_decisions_and_their_notices_from_the_parts():
    change = decision(
        "D-1",
        "value change",
        effective_on="2026-11-10",
        value_before_pence=50_000_000,
        value_after_pence=70_000_000,
        original_value_pence=83_333_333,
    )
    rows = LINKED | {"decisions": [change]}
    assert (only(d.CHANGE, **rows).occasion, only(d.CHANGE, **rows).state) == ("D-1", "overdue")
    ten = release("n-4", "UK10", "2026-11-09")
    part = {
        "release_id": "n-4",
        "contract_place": 1,
        "part_number": 1,
        "change_kind": "intended",
        "changed_on": "2026-11-10",
    }
    told = rows | {"notices": [DETAILS, ten], "changes": [part]}
    assert (only(d.CHANGE, **told).state, only(d.CHANGE, **told).done.by) == ("done on time", "UK10 n-4")
    corrected = told | {"changes": [{**part, "change_kind": "correction"}]}
    assert only(d.CHANGE, **corrected).done.by == "UK10 n-4"


def test_a_correction_of_a_notice_gives_no_day_of_a_change():
    ten = release("n-4", "UK10", "2026-11-09")
    part = {
        "release_id": "n-4",
        "contract_place": 1,
        "part_number": 1,
        "change_kind": "correction",
        "changed_on": "2026-11-01",
    }
    found = only(d.CHANGE, **LINKED | {"notices": [DETAILS, ten], "changes": [part]})
    assert (found.state, found.last_on) == ("done", None)


def test_an_extension_gives_the_new_end_and_an_early_end_the_day_it_ended():
    longer = decision(
        "D-1",
        "extension",
        effective_on="2028-09-01",
        new_end_on="2029-08-31",
        value_before_pence=83_333_333,
        value_after_pence=90_000_000,
    )
    assert str(only(d.TERMINATION, **LINKED | {"decisions": [longer]}).first_on) == "2029-08-31"
    shorter = decision("D-2", "early end", old_end_on="2028-08-31", new_end_on="2026-10-24")
    assert only(d.TERMINATION, **LINKED | {"decisions": [shorter]}).state == "overdue"


def test_a_decision_says_that_a_copy_was_published_or_a_breach_there_was():
    value = {"value_inc_vat_pence": 500_000_001}
    big = LINKED | {"contracts": [ours(**value)], "noticed": [theirs(**value)]}
    done = decision("D-1", "duty done", other_subject=d.COPY, effective_on="2026-10-15")
    assert only(d.COPY, **big | {"decisions": [done]}).done.by == "decision D-1"
    breach = decision("D-2", "breach", effective_on="2026-10-20")
    assert only(d.BREACH, **LINKED | {"decisions": [breach]}).state == "overdue"
    ended = decision("D-2", "breach", effective_on="2026-10-20", reason_code="termination")
    assert only(d.BREACH, **LINKED | {"decisions": [ended]}).state == "not needed"
    novation = decision("D-3", "novation", effective_on="2026-12-01")
    assert only(d.CHANGE, **LINKED | {"decisions": [novation]}).state == "open"


def larger(before: int, after: int, on: str = "2026-10-10", original: int = 40_000_000, number: str = "D-1"):
    values = {"value_before_pence": before, "value_after_pence": after, "original_value_pence": original}
    return decision(number, "value change", effective_on=on, **values)


def at_award(contract: dict[str, Any], *decisions: dict[str, Any], **notice: Any) -> Facts:
    rows = LINKED if notice else {"notices": [DETAILS]}
    told = {"noticed": [theirs(**notice)]} if notice else {}
    [found] = facts_of(books(**rows | told | {"contracts": [contract], "decisions": list(decisions)}), AS_OF)
    return found.as_awarded


@pytest.mark.parametrize("shown", [40_000_000, 43_000_000, 45_000_000])
def test_the_value_at_award_is_the_same_whatever_changes_the_register_shows(shown):
    steps = (larger(30_000_000, 33_000_000), larger(20_000_000, 22_000_000, "2026-11-10", number="D-2"))
    row = ours(value_ex_vat_pence=shown, value_inc_vat_pence=shown * 6 // 5)
    found = at_award(row, *steps)
    assert (found.value_ex_vat_pence, found.value_inc_vat_pence) == (40_000_000, 48_000_000)
    # 7.5% of £400,000, then 12.5% with it; the second would stay within 10% of the £450,000 shown
    changes = [
        x
        for x in contract_duties(books(contracts=[row], decisions=list(steps)), LAW, AS_OF)
        if x.kind == d.CHANGE
    ]
    assert [(x.occasion, x.state, x.ground.split("; ")[0]) for x in changes] == [
        ("D-1", "not needed", "value by 7.5% of 10% allowed, term by 0% of 10%"),
        (
            "D-2",
            "cannot be told",
            "before the change of 2026-11-10: value by 12.5% of 10% allowed, term by 0% of 10%",
        ),
    ]


def test_a_contract_that_only_its_changes_lift_over_a_limit_was_below_it_at_award():
    grown = larger(400_000_000, 430_000_000, original=400_000_000)
    shown = ours(value_ex_vat_pence=430_000_000, value_inc_vat_pence=516_000_000)
    assert only(d.COPY, contracts=[shown], decisions=[grown]).state == "not needed"
    assert only(d.COPY, contracts=[shown]).state == "open"
    below = larger(17_000_000, 18_000_000, original=17_000_000)
    today = ours(value_ex_vat_pence=18_000_000, value_inc_vat_pence=21_600_000)
    found = contract_duties(books(contracts=[today], decisions=[below]), LAW, AS_OF)
    assert [x.kind for x in found if x.kind in (d.DETAILS, d.DETAILS_BELOW)] == [d.DETAILS_BELOW]


def test_options_are_in_the_value_at_award():
    row = ours(
        options_value_ex_vat_pence=10_000_000, value_ex_vat_pence=50_000_000, value_inc_vat_pence=60_000_000
    )
    found = at_award(row, larger(40_000_000, 41_000_000))
    assert (found.value_ex_vat_pence, found.value_inc_vat_pence) == (50_000_000, 60_000_000)


def test_the_value_at_award_is_that_of_its_notice():
    row = ours(value_ex_vat_pence=45_000_000, value_inc_vat_pence=54_000_000)
    step = larger(30_000_000, 35_000_000)
    both = at_award(row, step, value_inc_vat_pence=48_000_001, value_ex_vat_pence=40_000_001)
    assert (both.value_ex_vat_pence, both.value_inc_vat_pence, both.doubts) == (40_000_001, 48_000_001, ())
    net = at_award(row, step, value_inc_vat_pence=None, value_ex_vat_pence=40_000_000)
    assert (net.value_ex_vat_pence, net.value_inc_vat_pence) == (40_000_000, 48_000_000)
    nothing = at_award(row, value_inc_vat_pence=100, value_ex_vat_pence=None)
    assert nothing.value_inc_vat_pence == 54_000_000


@pytest.mark.parametrize(
    ("shown", "latest", "options", "state", "at_award"),
    [
        ("2026-10-31", None, None, "overdue", 50_000_000),
        ("2026-12-15", None, None, "overdue", 50_000_000),
        ("2026-12-15", "2026-12-15", None, "overdue", 50_000_000),
        ("2026-12-15", "2026-12-15", 7_200_000, "not needed", 57_200_000),
        ("2026-12-15", "2026-12-16", None, "not needed", 53_830_921),
        ("2026-10-31", "2026-12-15", None, "not needed", 53_747_640),
    ],
)
def test_an_extension_is_planned_only_where_the_latest_end_does_not_follow_the_end_shown(
    shown: str, latest: str | None, options: int | None, state: str, at_award: int
):
    """PA23 s.75, Schedule 3 para 1: 45 days, less than 8% of the term, and 14.4% of the value, more."""
    more = decision(
        "D-1", "extension", effective_on="2026-11-01", new_end_on="2026-12-15", original_value_pence=50_000_000,
        value_before_pence=0, value_after_pence=7_200_000,
    )  # fmt: skip
    row = ours(
        signed_on="2025-03-15", start_on="2025-03-15", end_on=shown, max_end_on=latest,
        options_value_ex_vat_pence=options, value_ex_vat_pence=57_200_000, value_inc_vat_pence=68_640_000,
        procurement_commenced_on="2025-03-01",
    )  # fmt: skip
    read = [release("x", "UK7", on, ocid="o-9") for on in ("2025-01-01", "2026-11-20")]
    rows = {"contracts": [row], "decisions": [more], "notices": read}
    [found] = facts_of(books(**rows), AS_OF)
    assert (only(d.CHANGE, **rows).state, found.as_awarded.value_ex_vat_pence) == (state, at_award)
    assert any("provides for the extension" in x for x in only(d.CHANGE, **rows).doubts) == (
        (shown, latest, options) == ("2026-12-15", "2026-12-15", None)
    )


def test_a_notice_that_gives_another_value_than_register_and_decisions_is_in_doubt():
    row = ours(value_ex_vat_pence=50_000_000, value_inc_vat_pence=60_000_000)
    near, far = (
        at_award(row, value_inc_vat_pence=p, value_ex_vat_pence=None) for p in (60_600_000, 60_600_001)
    )
    assert near.doubts == ()
    assert far.doubts == (
        "its notice gives £606,000.01 at award, register and decisions £600,000.00; the notice is taken",
    )


def test_a_change_that_does_not_fit_its_contract_moves_no_value_and_is_in_doubt():
    slip = larger(30_000_000, 35_000_000, original=400)
    found = at_award(ours(), slip)
    assert found.value_inc_vat_pence == 100_000_000
    assert "DC-016" in found.modifications[0].doubts[0]
    assert "DC-016" in " ".join(only(d.CHANGE, contracts=[ours()], decisions=[slip]).doubts)


def test_a_decision_says_on_which_ground_a_contract_was_awarded_directly():
    row = ours(is_light_touch=True, process_type=None, signed_on="2026-06-01", start_on="2026-06-01")
    seen = [release("x", "UK7", on, ocid="o-9") for on in ("2026-01-01", "2026-11-20")]

    def states(*decisions: dict[str, Any]) -> list[str]:
        found = contract_duties(books(contracts=[row], notices=seen, decisions=list(decisions)), LAW, AS_OF)
        return [x.state for x in found if x.kind in (d.AWARD, d.DETAILS)]

    choice = decision("D-1", "direct award", reason_code="User choice")
    other = decision("D-2", "direct award", reason_code="single supplier")
    assert states() == ["cannot be told", "cannot be told"]
    assert states(choice) == ["not needed", "not needed"]
    assert states(choice, other) == ["overdue", "overdue"]


def test_the_method_in_its_notice_says_whether_a_contract_was_competed():
    told = {
        "open": (True, True),
        "selective": (True, None),
        "direct": (False, False),
        "limited": (False, False),
        None: (None, None),
    }
    for method, expected in told.items():
        rows = LINKED | {"notices": [AWARD, {**DETAILS, "procurement_method": method}]}
        [ours_too] = facts_of(books(**rows | {"contracts": [ours(process_type=None)]}), AS_OF)
        [theirs_alone] = facts_of(books(noticed=[theirs()], notices=rows["notices"]), AS_OF)
        for found in (ours_too, theirs_alone):
            assert (found.is_competed, found.is_advertised) == expected
    quoted = LINKED | {"contracts": [ours(process_type="Invitation to quote")]}
    [found] = facts_of(books(**quoted), AS_OF)
    assert (found.is_competed, found.is_advertised) == (True, False)


def test_a_details_notice_with_the_contract_among_its_documents_does_the_copy():
    value = {"value_inc_vat_pence": 500_000_001}
    rows = LINKED | {"contracts": [ours(**value)], "noticed": [theirs(**value)]}
    assert only(d.COPY, **rows).state == "open"
    held = rows | {"notices": [AWARD, {**DETAILS, "has_contract_copy": True}]}
    assert (only(d.COPY, **held).state, only(d.COPY, **held).done.by) == ("done on time", "UK7 n-1")
    for on, state in (("2026-11-29", "done on time"), ("2026-11-30", "done late")):
        late = {**DETAILS, "published_on": on, "has_contract_copy": True}
        told = rows | {"notices": [AWARD, late], "noticed": [theirs(published_on=on, **value)]}
        found = contract_duties(books(**told), LAW, date(2026, 12, 1))
        assert [x.state for x in found if x.kind == d.COPY] == [state]


def test_a_copy_that_no_notice_read_could_show_cannot_be_told():
    value = {"value_inc_vat_pence": 500_000_001, "signed_on": "2026-03-01", "start_on": "2026-03-01"}
    old = {"contracts": [ours(procurement_commenced_on="2026-01-05", **value)]}
    assert only(d.COPY, **old).state == "cannot be told"
    seen = [release("x", "UK7", on, ocid="o-9") for on in ("2026-01-01", "2026-11-20")]
    assert only(d.COPY, **old, notices=seen).state == "overdue"


def test_a_call_off_goes_by_the_regime_of_its_framework():
    frame = ours("F-1", agreement_kind="framework", regime="pcr2015")
    found = contract_duties(
        books(contracts=[frame, ours(agreement_kind="call-off", parent_ref="F-1")]), LAW, AS_OF
    )
    assert {x.state for x in found if x.subject == "C-1"} == {"not needed"}


def test_what_was_published_and_disagrees_is_named_beside_its_notice():
    fact = {
        "contract_ref": "C-1",
        "release_id": "n-1",
        "field_name": "value_inc_vat_pence",
        "is_within_tolerance": False,
    }
    found = only(d.DETAILS, **LINKED | {"disagreements": [fact]})
    assert found.disagrees_on == ("value_inc_vat_pence",)
    assert only(d.AWARD, **LINKED | {"disagreements": [fact]}).disagrees_on == ()
    near = LINKED | {"disagreements": [{**fact, "is_within_tolerance": True}]}
    assert only(d.DETAILS, **near).disagrees_on == ()


def paid(pence: int, on: str, **more: Any) -> dict[str, Any]:
    return {
        "payment_ref": on,
        "contract_ref": "C-1",
        "amount_inc_vat_pence": pence,
        "amount_ex_vat_pence": pence,
        "paid_on": on,
        **more,
    }


def section_70(row: dict[str, Any], **contract: Any) -> str:
    found = council_duties(books(contracts=[ours(**contract)], payments=[row]), LAW, AS_OF)
    return next(x.state for x in found if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2"))


def compliance(row: dict[str, Any], **contract: Any) -> str:
    read = [release("x", "UK7", "2026-09-01", ocid="o-9")]
    found = council_duties(books(contracts=[ours(**contract)], payments=[row], notices=read), LAW, AS_OF)
    return next(x.state for x in found if (x.kind, x.occasion) == (d.COMPLIANCE, "2026-27-H1"))


def test_payments_over_30k_under_public_contracts_set_section_70_off():
    over, exactly = paid(3_000_001, "2026-07-01"), paid(3_000_000, "2026-07-01")
    assert (section_70(over), section_70(exactly)) == ("overdue", "not needed")
    assert section_70(over, is_light_touch=True) == "overdue"
    assert section_70(over, procurement_commenced_on="2026-03-31") == "not needed"
    assert section_70(over, agreement_kind="concession", value_inc_vat_pence=600_000_000) == "not needed"
    assert section_70(over, agreement_kind="framework") == "not needed"
    assert section_70(over, is_school_contract=True) == "not needed"
    assert section_70(over, regime="pcr2015") == "not needed"
    assert section_70(over, value_inc_vat_pence=20_771_999) == "not needed"
    assert section_70({**over, "is_credit_note": True}) == "not needed"
    assert section_70(paid(-3_000_001, "2026-07-01")) == "not needed"
    assert section_70(paid(3_000_001, "2026-10-01")) == "not needed"


@pytest.mark.parametrize(
    ("shown", "awarded", "then", "state"),
    [
        (10_000_000, 17_310_000, 10_000_000, "overdue"),
        (10_000_000, 17_309_999, 10_000_000, "not needed"),
        (10_000_000, 10_000_000, 17_310_000, "overdue"),
        (17_310_000, 10_000_000, 17_310_000, "overdue"),
        (10_000_000, 10_000_000, 17_309_999, "not needed"),
    ],
)
def test_section_70_reaches_what_was_public_at_award_or_is_by_a_change(shown, awarded, then, state):
    """PA23 s.3, s.74(1): as the list of payments has it (test_section_70_cases)."""
    change = larger(awarded, then, "2026-10-01", original=awarded)
    row = ours(value_ex_vat_pence=shown, value_inc_vat_pence=shown * 6 // 5)
    over = paid(3_000_001, "2026-07-01")
    found = council_duties(books(contracts=[row], payments=[over], decisions=[change]), LAW, AS_OF)
    assert {x.state for x in found if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2")} == {state}


def test_the_lines_of_one_payment_set_section_70_off_together():
    """PA23 s.70(1): a payment over two ledger lines is one; two payments are not added together."""
    half = paid(1_500_000, "2026-07-01", invoice_ref="I-1")
    for more, state in ((1_500_001, "overdue"), (1_500_000, "not needed")):
        other = paid(more, "2026-07-01", invoice_ref="I-1")
        found = council_duties(books(contracts=[ours()], payments=[half, other]), LAW, AS_OF)
        told = {x.state for x in found if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2")}
        assert told == {state}
    apart = [half, paid(1_500_001, "2026-07-01", invoice_ref="I-2")]
    found = council_duties(books(contracts=[ours()], payments=apart), LAW, AS_OF)
    assert {x.state for x in found if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2")} == {"not needed"}


@pytest.mark.parametrize(
    ("lines", "state", "is_in_doubt"),
    [
        ([paid(3_000_001, "2026-07-01")], "overdue", False),
        ([paid(3_000_002, "2026-07-01"), paid(-1, "2026-07-01")], "overdue", False),
        ([paid(3_000_001, "2026-07-01"), paid(-1, "2026-07-01")], "not needed", True),
        ([paid(1_500_000, "2026-07-01"), paid(1_500_001, "2026-07-01", contract_ref="C-2")], "not needed", True),
        ([paid(1_500_000, "2026-07-01"), paid(1_500_000, "2026-07-01", contract_ref="C-2")], "not needed", False),
    ],
)  # fmt: skip
def test_what_hangs_on_the_reading_of_one_payment_is_a_doubt(
    lines: Rows, state: str, is_in_doubt: bool
) -> None:
    numbered = [{**one, "invoice_ref": "I-1"} for one in lines]
    found = council_duties(books(contracts=[ours(), ours("C-2")], payments=numbered), LAW, AS_OF)
    (duty,) = (x for x in found if (x.kind, x.occasion) == (d.SECTION_70, "2026-27-Q2"))
    assert (duty.state, "section_70_reading" in " ".join(duty.doubts)) == (state, is_in_doubt)


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ({"invoice_received_on": "2026-09-30"}, "overdue"),
        ({"invoice_received_on": "2026-04-01"}, "overdue"),
        ({"invoice_received_on": "2026-10-01"}, "not needed"),
        ({"invoice_received_on": "2026-03-31"}, "not needed"),
        ({"invoice_received_on": "2026-03-31", "due_on": "2026-04-01"}, "overdue"),
        ({"invoice_received_on": "2026-10-01", "due_on": "2026-09-30"}, "not needed"),
        ({"invoice_received_on": "2026-09-30", "contract_ref": None}, "not needed"),
        ({"invoice_received_on": "2026-09-30", "amount_inc_vat_pence": -1}, "not needed"),
    ],
)
def test_a_sum_that_became_payable_and_is_unpaid_sets_section_69_off(line: dict[str, Any], state: str):
    """PA23 s.69(1)(b): nothing was paid in the half-year, and one invoice is listed as unpaid."""
    read = [release("x", "UK7", "2026-09-01", ocid="o-9")]
    unpaid = {**paid(1, "2026-01-02"), "paid_on": None, **line}
    found = council_duties(books(contracts=[ours()], ledger=[unpaid], notices=read), LAW, AS_OF)
    assert {x.state for x in found if (x.kind, x.occasion) == (d.COMPLIANCE, "2026-27-H1")} == {state}


def test_any_payment_or_sum_payable_under_a_public_contract_sets_section_69_off():
    assert compliance(paid(1, "2026-09-30")) == "overdue"
    assert compliance(paid(1, "2026-10-01")) == "not needed"
    assert compliance(paid(1, "2026-10-01", due_on="2026-09-30")) == "overdue"
    assert compliance(paid(1, "2026-09-30"), procurement_commenced_on="2025-02-24") == "overdue"
    assert compliance(paid(1, "2026-09-30"), procurement_commenced_on="2025-02-23") == "not needed"
    assert compliance(paid(1, "2026-09-30"), is_light_touch=True) == "overdue"
    assert (
        compliance(paid(1, "2026-09-30"), agreement_kind="concession", value_inc_vat_pence=600_000_000)
        == "not needed"
    )


def test_the_notices_and_decisions_of_the_council_do_its_duties():
    row = release("n-7", "UK17", "2026-10-29", contract_id=None, award_id=None)
    pack = decision(
        "D-1",
        "duty done",
        subject="council",
        other_subject=d.SPEND,
        period="2026-27-Q2",
        effective_on="2026-10-31",
    )
    found = council_duties(
        books(contracts=[ours()], payments=[paid(1, "2026-09-30")], notices=[row], decisions=[pack]),
        LAW,
        AS_OF,
    )
    states = {(x.kind, x.occasion): x.state for x in found}
    assert states[d.COMPLIANCE, "2026-27-H1"] == "done on time"
    assert states[d.SPEND, "2026-27-Q2"] == "done on time"
    assert states[d.CARD, "2026-27-Q2"] == "overdue"


def test_rows_hold_every_fact_of_a_duty():
    [row] = as_rows([only(d.DETAILS, **LINKED)])
    assert (row["subject"], row["duty_state"], row["done_by"], str(row["last_on"])) == (
        "C-1",
        "done on time",
        "UK7 n-1",
        "2026-09-30",
    )
    assert row["doubts"] is None


def test_empty_tables_give_no_duty_on_contracts():
    assert contract_duties(books(), LAW, AS_OF) == ()


@pytest.mark.parametrize(
    ("decided_on", "in_doubt"), [("2026-11-09", True), ("2026-11-10", False), ("2026-11-11", False)]
)
def test_a_change_decided_before_it_takes_effect_may_be_signed_before_too(decided_on: str, in_doubt: bool):
    """PA23 s.75(1): the notice is due before the contract is modified, whose day no decision gives."""
    values = {"value_before_pence": 50_000_000, "value_after_pence": 70_000_000}
    change = decision("D-1", "value change", effective_on="2026-11-10", decided_on=decided_on, **values)
    found = only(d.CHANGE, **LINKED | {"decisions": [change]})
    assert any("before the contract is modified" in doubt for doubt in found.doubts) is in_doubt
    assert f"{found.last_on}" == "2026-11-10"

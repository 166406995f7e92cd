"""Duties out of the tables: which facts and notices are whose, and what is reconciled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.duty import Duty
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
    rows = LINKED | {"contracts": [ours(**big)], "noticed": [theirs(kpi_count=3)]}
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
    reason = LINKED | {"contracts": [ours(**big)], "notices": [{**DETAILS, "no_kpi_reason": "why"}]}
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
    big = LINKED | {"contracts": [ours(value_inc_vat_pence=500_000_001)]}
    done = decision("D-1", "duty done", other_subject=d.COPY, effective_on="2026-10-15")
    assert only(d.COPY, **big | {"decisions": [done]}).done.by == "decision D-1"
    breach = decision("D-2", "breach", effective_on="2026-10-20")
    assert only(d.BREACH, **LINKED | {"decisions": [breach]}).state == "overdue"
    ended = decision("D-2", "breach", effective_on="2026-10-20", reason_code="termination")
    assert only(d.BREACH, **LINKED | {"decisions": [ended]}).state == "not needed"
    novation = decision("D-3", "novation", effective_on="2026-12-01")
    assert only(d.CHANGE, **LINKED | {"decisions": [novation]}).state == "open"


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

"""UK17 case by case: both clocks, bands, disputes, the edges of a half-year, and what cannot be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_approval import Waiting, approval_of, waiting_notice
from kcc_etl.domain.compliance_evidence import compliance_evidence
from kcc_etl.domain.compliance_invoices import NO_PAYMENT, NOT_LISTED
from kcc_etl.domain.compliance_notice import NO_PAYMENTS, NOT_REQUIRED, Inputs, compliance_notice
from kcc_etl.domain.compliance_scope import why_outside
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.payments_compliance import (
    IN_TIME,
    NO_RECEIPT,
    NOT_IN_TIME,
    PAID_FIRST,
    Invoice,
    Judged,
    Part,
    Window,
    ends_a_half,
    judge,
    window_of,
)
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from reports.compliance import payments_compliance, payments_compliance_invoices
from reports.datasets import ends_of_halves
from reports.delimited import render_csv
from tests.unit.intake_files import parse_bytes
from tests.unit.report_frames import edition

PARAMETERS = load_parameters()
LAW = PARAMETERS.law
FIRST = LAW.rules.payments_compliance_reading.first_period_from
H1 = Window("2026-27-H1", date(2026, 4, 1), date(2026, 9, 30))
RECEIVED = date(2026, 6, 1)
PAYER = PayingAuthority("Example Council", "1 Nowhere Street", "a@example.org", "GB-PPON-PBCD-1234-FGHJ")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def judged(
    received: str | None,
    *paid: str | None,
    due: str | None = None,
    opened: str | None = None,
    closed: str | None = None,
    **reading: Any,
) -> Judged:
    parts = tuple(Part(day(one), 12_000) for one in paid)
    settings = replace(LAW.rules.payments_compliance_reading, **reading)
    law = replace(LAW, rules=replace(LAW.rules, payments_compliance_reading=settings))
    return judge(Invoice(day(received), day(due), day(opened), day(closed), parts), H1, law)


def told(found: Judged) -> tuple[Any, ...]:
    """Days and band of each payment that counts, the standing by s.68(2), payable and unpaid sums."""
    days = [(one.days, one.band[:2].strip()) for one in found.parts if one.counts]
    return (
        days,
        found.standing,
        sum(one.payable for one in found.parts),
        sum(one.unpaid for one in found.parts),
    )


CLOCKS = [
    ("38(2)(c)(ii): day 1 is the day after receipt", ("2026-06-01", "2026-06-02"), ([(1, "1")], IN_TIME, 1, 0)),
    ("38(2)(c): paid on the day of receipt is day 0, first band", ("2026-06-01", "2026-06-01"), ([(0, "1")], IN_TIME, 1, 0)),
    ("s.68(2): day 30 of the term is receipt + 29", ("2026-06-01", "2026-06-30"), ([(29, "1")], IN_TIME, 1, 0)),
    ("38(2)(c)(ii)(aa) and (ca): receipt + 30 is day 30, and late", ("2026-06-01", "2026-07-01"), ([(30, "1")], NOT_IN_TIME, 1, 0)),
    ("38(2)(c)(ii)(bb): day 31", ("2026-06-01", "2026-07-02"), ([(31, "31")], NOT_IN_TIME, 1, 0)),
    ("38(2)(c)(ii)(bb): day 60", ("2026-06-01", "2026-07-31"), ([(60, "31")], NOT_IN_TIME, 1, 0)),
    ("38(2)(c)(ii)(cc): day 61", ("2026-06-01", "2026-08-01"), ([(61, "61")], NOT_IN_TIME, 1, 0)),
    ("38(2)(d): never paid", ("2026-06-01", None), ([], NOT_IN_TIME, 1, 1)),
    ("38(2)(d): paid on the last day of the period", ("2026-09-01", "2026-09-30"), ([(29, "1")], IN_TIME, 1, 0)),
    ("38(2)(d): paid the day after; counts by s.68(2) where it should have been paid", ("2026-09-01", "2026-10-01"), ([], NOT_IN_TIME, 1, 1)),
    ("38(2)(ca): last lawful day is the last of the period", ("2026-09-01", None), ([], NOT_IN_TIME, 1, 1)),
    ("38(2)(ca): last lawful day is the first of the next", ("2026-09-02", None), ([], "", 1, 1)),
    ("38(2)(ca): paid in time in the next period counts there", ("2026-09-02", "2026-10-01"), ([], "", 1, 1)),
    ("38(2)(ca): paid in time in this period, though its term ends in the next", ("2026-09-20", "2026-09-30"), ([(10, "1")], IN_TIME, 1, 0)),
    ("38(2)(ca): was paid in time before the period", ("2026-03-20", "2026-03-31"), ([], "", 0, 0)),
    ("38(2)(c): paid on the first day, received before", ("2026-03-20", "2026-04-01"), ([(12, "1")], IN_TIME, 0, 0)),
    ("38(2)(ca): its term had ended the day before the period", ("2026-03-02", "2026-04-02"), ([(31, "31")], "", 0, 0)),
    ("38(2)(ca): its term ends on the first day of the period", ("2026-03-03", "2026-04-02"), ([(30, "1")], NOT_IN_TIME, 0, 0)),
    ("38(2)(d): received on the last day", ("2026-09-30", "2026-10-05"), ([], "", 1, 1)),
    ("38(2)(d): received on the day after", ("2026-10-01", "2026-10-05"), ([], "", 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("paragraph", "given", "expected"), CLOCKS)
def test_the_clocks_of_the_law(
    paragraph: str, given: tuple[str, str | None], expected: tuple[Any, ...]
) -> None:
    assert told(judged(*given)) == expected, paragraph


DUE_LATER = [
    ("s.68(2): due later, paid on due + 29", "2026-07-13", "2026-06-14", ([(42, "31")], IN_TIME, 1, 0)),
    ("s.68(2): due later, paid on due + 30", "2026-07-14", "2026-06-14", ([(43, "31")], NOT_IN_TIME, 1, 0)),
    ("s.68(2): due before receipt, receipt + 29", "2026-06-30", "2026-05-20", ([(29, "1")], IN_TIME, 1, 0)),
    ("s.68(2): due before receipt, receipt + 30", "2026-07-01", "2026-05-20", ([(30, "1")], NOT_IN_TIME, 1, 0)),
    ("38(2)(d): due on the last day of the period", None, "2026-09-30", ([], "", 1, 1)),
    ("38(2)(d): due on the day after", None, "2026-10-01", ([], "", 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("paragraph", "paid", "due", "expected"), DUE_LATER)
def test_a_due_date_later_than_receipt_moves_the_term_and_not_the_bands(
    paragraph: str, paid: str | None, due: str, expected: tuple[Any, ...]
) -> None:
    assert told(judged("2026-06-01", paid, due=due)) == expected, paragraph


DISPUTES = [
    ("s.68(3): disputed by the last lawful day, out of (ca)", ("2026-06-01", "2026-08-01"), ("2026-06-30", "2026-07-20"), {}, ([(61, "61")], "", 1, 0)),
    ("s.68(2): a dispute opened a day later mends nothing", ("2026-06-01", "2026-08-01"), ("2026-07-01", "2026-07-20"), {}, ([(61, "61")], NOT_IN_TIME, 1, 0)),
    ("s.68(3): disputed after it was paid, no dispute", ("2026-06-01", "2026-06-10"), ("2026-06-11", None), {}, ([(9, "1")], IN_TIME, 1, 0)),
    ("s.68(3): disputed on the day it was paid, out of (ca)", ("2026-06-01", "2026-06-10"), ("2026-06-10", None), {}, ([(9, "1")], "", 1, 0)),
    ("s.68(3): disputed on the last day of the period", ("2026-09-01", None), ("2026-09-30", None), {}, ([], "", 1, 1)),
    ("s.68(3): disputed on the day after it", ("2026-09-01", None), ("2026-10-01", None), {}, ([], NOT_IN_TIME, 1, 1)),
    ("start again: paid on the day it closed is day 0", ("2026-06-01", "2026-07-20"), ("2026-06-05", "2026-07-20"), {"after_dispute": "start again"}, ([(0, "1")], "", 1, 0)),
    ("s.68(3): paid in time though disputed is out of (ca) all the same", ("2026-06-01", "2026-06-20"), ("2026-06-05", "2026-06-10"), {}, ([(19, "1")], "", 1, 0)),
    ("disputed, still open: counts in (d) unless the setting says otherwise", ("2026-06-01", None), ("2026-06-05", None), {}, ([], "", 1, 1)),
    ("disputed = do not count: out of (c) and (d)", ("2026-06-01", "2026-08-01"), ("2026-06-05", "2026-07-20"), {"disputed": "do not count"}, ([], "", 0, 0)),
    ("after_dispute = start again: day 1 is the day after it closed", ("2026-06-01", "2026-08-01"), ("2026-06-05", "2026-07-20"), {"after_dispute": "start again"}, ([(12, "1")], "", 1, 0)),
    ("start again: an open dispute, nothing became payable", ("2026-06-01", None), ("2026-06-05", None), {"after_dispute": "start again"}, ([], "", 0, 0)),
    ("start again: paid before it closed, from receipt", ("2026-06-01", "2026-06-20"), ("2026-06-05", "2026-06-25"), {"after_dispute": "start again"}, ([(19, "1")], "", 1, 0)),
    ("start again: closed on 1 October, payable in the next period", ("2026-06-01", None), ("2026-06-05", "2026-10-01"), {"after_dispute": "start again"}, ([], "", 0, 0)),
    ("a dispute opened after the period is not known in it", ("2026-08-31", None), ("2026-10-01", None), {}, ([], NOT_IN_TIME, 1, 1)),
    ("payable_on = last day: 30 September", ("2026-09-01", None), (None, None), {"payable_on": "last day"}, ([], NOT_IN_TIME, 1, 1)),
    ("payable_on = last day: 1 October", ("2026-09-02", None), (None, None), {"payable_on": "last day"}, ([], "", 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("paragraph", "given", "dispute", "reading", "expected"), DISPUTES)
def test_disputes_and_the_readings_of_what_the_law_leaves_open(
    paragraph: str,
    given: tuple[str, str | None],
    dispute: tuple[str | None, str | None],
    reading: dict[str, str],
    expected: tuple[Any, ...],
) -> None:
    assert told(judged(*given, opened=dispute[0], closed=dispute[1], **reading)) == expected, paragraph


def test_an_invoice_is_paid_when_all_of_it_is() -> None:
    in_parts = judged("2026-06-01", "2026-06-10", "2026-06-30")
    assert told(in_parts) == ([(9, "1"), (29, "1")], IN_TIME, 2, 0)
    assert told(judged("2026-06-01", "2026-06-10", "2026-07-01"))[1] == NOT_IN_TIME
    assert told(judged("2026-06-01", "2026-06-10", None)) == ([(9, "1")], NOT_IN_TIME, 2, 1)


@pytest.mark.parametrize(
    ("received", "paid", "due", "left_out", "touches"),
    [
        (None, "2026-04-01", None, NO_RECEIPT, True),
        (None, "2026-10-01", None, NO_RECEIPT, False),
        (None, None, "2026-09-30", NO_RECEIPT, True),
        (None, None, "2026-10-01", NO_RECEIPT, False),
        (None, None, None, NO_RECEIPT, True),
        ("2026-06-02", "2026-06-01", None, PAID_FIRST, True),
        ("2026-06-01", "2026-06-01", None, "", True),
    ],
)
def test_what_has_no_sound_dates_counts_nowhere_and_is_told(
    received: str | None, paid: str | None, due: str | None, left_out: str, touches: bool
) -> None:
    found = judged(received, paid, due=due)
    assert (found.left_out, found.touches) == (left_out, touches)
    if left_out:
        assert told(found) == ([], "", 0, 0)


@pytest.mark.parametrize(
    ("period", "expected", "ends"),
    [
        ("2026-27-Q1", ("2026-27-H1", "2026-04-01", "2026-06-30"), False),
        ("2026-27-Q2", ("2026-27-H1", "2026-04-01", "2026-09-30"), True),
        ("2026-27-H1", ("2026-27-H1", "2026-04-01", "2026-09-30"), True),
        ("2026-27-Q3", ("2026-27-H2", "2026-10-01", "2026-12-31"), False),
        ("2026-27-Q4", ("2026-27-H2", "2026-10-01", "2027-03-31"), True),
        ("2026-27", ("2026-27-H2", "2026-10-01", "2027-03-31"), True),
        ("2025-26-Q4", ("2025-26-H2", "2026-01-01", "2026-03-31"), True),
        ("2025-26-Q3", None, False),
    ],
)
def test_the_half_year_of_a_period(period: str, expected: tuple[str, str, str] | None, ends: bool) -> None:
    window = window_of(parse_period(period), FIRST)
    assert (window and (window.half, str(window.start), str(window.end))) == expected
    assert ends_a_half(parse_period(period)) is ends


DAYS = st.dates(date(2026, 1, 1), date(2027, 3, 31))


@given(received=DAYS, after=st.integers(0, 200), due=st.none() | DAYS, opened=st.none() | DAYS)
def test_every_invoice_counts_by_section_68_in_one_period_at_most(
    received: date, after: int, due: date | None, opened: date | None
) -> None:
    invoice = Invoice(received, due, opened, None, (Part(received + timedelta(days=after), 1),))
    halves = [
        window_of(parse_period(name), FIRST)
        for name in ("2025-26-H2", "2026-27-H1", "2026-27-H2", "2027-28-H1")
    ]
    found = [judge(invoice, window, LAW) for window in halves if window]
    standings = [one.standing for one in found if one.standing]
    assert len(standings) <= 1
    assert sum(one.parts[0].counts for one in found) <= 1
    assert sum(one.parts[0].payable for one in found) <= 1


CONTRACT = {
    "contract_ref": "C-1", "agreement_kind": "contract", "regime": "pa23", "procurement_category": "services",
    "procurement_commenced_on": "2025-06-02", "value_inc_vat_pence": 21_490_400, "supplier_key": "GB-COH-1",
}  # fmt: skip
LINE = {
    "source_sha256": "a", "source_name": "ledger", "source_file": "a.csv", "contract_ref": "C-1",
    "supplier_name": "Example Ltd", "supplier_ledger_id": "V1", "amount_ex_vat_pence": 10_000,
    "amount_inc_vat_pence": 12_000, "vat_pence": 2_000, "invoice_received_on": "2026-06-01", "is_credit_note": False,
}  # fmt: skip


def lines(table: str, *changes: dict[str, Any]) -> pd.DataFrame:
    rows = [
        {**LINE, "source_row": n, "invoice_ref": f"I-{n}", "paid_on": "2026-06-30", **change}
        for n, change in enumerate(changes, 2)
    ]
    return from_rows(rows, table)


def made(
    *paid: dict[str, Any],
    unpaid: tuple[dict[str, Any], ...] = (),
    contracts: tuple[dict[str, Any], ...] = ({},),
    decisions: tuple[dict[str, Any], ...] = (),
    period: str = "2026-27-Q2",
    parameters: Any = PARAMETERS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Evidence and notice of a ledger."""
    payments = lines(keys.CORE_PAYMENT, *paid)
    raw = lines(
        keys.RAW_PAYMENT,
        *paid,
        *({"paid_on": None, "source_row": 900 + n, **one} for n, one in enumerate(unpaid)),
    )
    register = from_rows([{**CONTRACT, **change} for change in contracts], keys.CORE_CONTRACT)
    known = from_rows(list(decisions), keys.CORE_DECISION)
    evidence = compliance_evidence(parse_period(period), payments, raw, register, known, parameters)
    given = Inputs(evidence, payments, raw, known, PAYER)
    return evidence, compliance_notice(parse_period(period), given, parameters)


def values(notice: pd.DataFrame) -> dict[str, str | None]:
    return {
        row["form_field"]: row["form_value"] if pd.notna(row["form_value"]) else None
        for row in notice.to_dict("records")
    }


def blanks(notice: pd.DataFrame) -> dict[str, str]:
    told = notice[notice["blank_reason"].notna()]
    return dict(zip(told["form_field"], told["blank_reason"], strict=True))


CONTRACTS = [
    ("s.3: at the threshold of its day, £214,904.00", {}, ""),
    ("s.3: a penny below", {"value_inc_vat_pence": 21_490_399}, "its contract is below the threshold"),
    ("s.3: at the threshold from 1 January 2026, £207,720", {"procurement_commenced_on": "2026-01-01", "value_inc_vat_pence": 20_772_000}, ""),
    ("s.3: the same a day earlier", {"procurement_commenced_on": "2025-12-31", "value_inc_vat_pence": 20_772_000}, "its contract is below the threshold"),
    ("s.69: light touch is in", {"is_light_touch": True, "value_inc_vat_pence": 66_354_000}, ""),
    ("s.69: light touch, a penny below", {"is_light_touch": True, "value_inc_vat_pence": 66_353_999}, "its contract is below the threshold"),
    ("s.69: a call-off is in", {"agreement_kind": "call-off"}, ""),
    ("s.69(6): concession", {"agreement_kind": "concession"}, "its contract is a concession"),
    ("a framework carries no payment", {"agreement_kind": "framework"}, "its contract is a framework"),
    ("s.69(6): school", {"is_school_contract": True}, "its contract is a school's"),
    ("SI 2025/1316 reg 2(1): legacy", {"regime": "pcr2015"}, "its contract was awarded under pcr2015, not under the Procurement Act"),
    ("PR24 reg 43: health", {"regime": "psr"}, "its contract was awarded under psr, not under the Procurement Act"),
    ("call-off from an older framework", {"parent_ref": "F-1"}, "its contract is a call-off from an older framework"),
    ("regime not known", {"regime": None}, "cannot be told: its contract has no regime"),
    ("commencement not known", {"procurement_commenced_on": None}, "cannot be told: its contract has no day the procurement commenced"),
    ("s.123(2): net value alone reaches it", {"value_inc_vat_pence": None, "value_ex_vat_pence": 21_490_400}, ""),
    ("s.123(2): net value with VAT may reach it", {"value_inc_vat_pence": None, "value_ex_vat_pence": 17_908_667}, "cannot be told: its contract has no value including VAT; without VAT it is just below the threshold"),
    ("s.123(2): net value with VAT cannot", {"value_inc_vat_pence": None, "value_ex_vat_pence": 17_908_666}, "its contract is below the threshold"),
]  # fmt: skip


SMALL, LARGE = 12_500_000, 25_000_000
AWARDED = [
    (SMALL, LARGE, SMALL, ""),
    (LARGE, LARGE, SMALL, ""),
    (LARGE, SMALL, LARGE, ""),
    (SMALL, SMALL, LARGE, ""),
    (SMALL, SMALL, SMALL + 1, "its contract is below the threshold"),
]


@pytest.fixture(scope="module")
def reasons() -> dict[str, str]:
    older = {"contract_ref": "F-1", "regime": "pcr2015", "agreement_kind": "framework"}
    rows = [CONTRACT | change | {"contract_ref": text} for text, change, _ in CONTRACTS]
    return why_outside(from_rows([*rows, older], keys.CORE_CONTRACT), empty(keys.CORE_DECISION), PARAMETERS)


@pytest.mark.parametrize(("paragraph", "change", "reason"), CONTRACTS)
def test_which_contracts_the_notice_is_about(
    reasons: dict[str, str], paragraph: str, change: dict[str, Any], reason: str
) -> None:
    assert reasons[paragraph] == reason


@pytest.mark.parametrize(("shown", "awarded", "then", "reason"), AWARDED)
def test_the_notice_is_about_contracts_that_were_public_at_award_or_are_by_a_change(
    shown: int, awarded: int, then: int, reason: str
) -> None:
    """PA23 s.3, s.74(1): pence excluding VAT in the register, at award and after the change; £214,904 with VAT."""
    change = {
        "decision_id": "D-1", "decision_kind": "value change", "subject": "C-1", "decided_on": "2026-07-01",
        "effective_on": "2026-07-01", "original_value_pence": awarded, "value_before_pence": awarded,
        "value_after_pence": then,
    }  # fmt: skip
    register = [{**CONTRACT, "value_ex_vat_pence": shown, "value_inc_vat_pence": shown * 6 // 5}]
    known = from_rows([change], keys.CORE_DECISION)
    assert why_outside(from_rows(register, keys.CORE_CONTRACT), known, PARAMETERS)["C-1"] == reason


def test_an_invoice_whose_contract_is_out_or_unknown_says_so() -> None:
    evidence, notice = made(
        {}, {"contract_ref": "C-2"}, {"contract_ref": None}, contracts=({"regime": "psr"},)
    )
    assert list(evidence["left_out_reason"]) == [
        "its contract was awarded under psr, not under the Procurement Act",
        "its contract is not in the register",
    ]
    assert values(notice)["lines_without_contract"] == "1"


def test_the_notice_in_the_order_of_the_regulation() -> None:
    _, notice = made(
        {},
        {"paid_on": "2026-07-01"},
        {"paid_on": "2026-08-01"},
        unpaid=({"invoice_received_on": "2026-09-15"},),
    )
    assert list(notice["form_field"][:16]) == [
        "authority_name", "authority_address", "authority_email", "authority_id", "period_start", "period_end",
        "mean_days", "pct_1_30", "pct_31_60", "pct_61_plus", "pct_s68_compliant", "pct_payable_unpaid",
        "approval_statement", "approver_name", "approver_job_title", "figures_digest",
    ]  # fmt: skip
    told = values(notice)
    assert [told[name] for name in notice["form_field"][4:12]] == [
        "2026-04-01", "2026-09-30", "40.00", "66.67", "0.00", "33.33", "33.33", "25.00",
    ]  # fmt: skip
    assert (told["status"], told["sums_unpaid"], told["value_unpaid"]) == ("draft", "1", "120.00")
    assert Fraction(120, 3) == Fraction(int(notice["part_count"][6]), int(notice["whole_count"][6]))


def test_a_figure_that_is_not_known_is_blank_and_says_why() -> None:
    _, notice = made({})
    assert values(notice)["pct_payable_unpaid"] is None
    assert blanks(notice)["pct_payable_unpaid"] == NOT_LISTED
    old = {"invoice_received_on": "2026-04-02", "source_sha256": "b"}
    assert "only up to 2026-04-02" in blanks(made({}, unpaid=(old,))[1])["pct_payable_unpaid"]


@pytest.mark.parametrize(
    ("drawn", "reading", "value"),
    [
        ("2026-08-30", {}, "100.00"),
        ("2026-08-29", {}, None),
        ("2026-08-29", {"unpaid_invoices": "listed"}, "100.00"),
        ("2026-08-30", {"unpaid_invoices": "not listed"}, None),
    ],
)
def test_a_list_of_what_is_unpaid_is_of_the_last_month_of_the_period(
    drawn: str, reading: dict[str, Any], value: str | None
) -> None:
    rules = PARAMETERS.duties
    other = replace(rules.payments_compliance_reading, **reading)
    parameters = replace(PARAMETERS, duties=replace(rules, payments_compliance_reading=other))
    _, notice = made(unpaid=({"invoice_received_on": drawn},), parameters=parameters)
    assert values(notice)["pct_payable_unpaid"] == value


def test_without_a_payment_no_notice_is_required() -> None:
    _, notice = made({"paid_on": "2026-03-31", "invoice_received_on": "2026-03-02"})
    assert values(notice)["status"] == "not required"
    assert {blanks(notice)[name] for name in ("mean_days", "pct_61_plus", "pct_payable_unpaid")} == {
        NOT_REQUIRED
    }
    undated = made({"invoice_received_on": None})[1]
    assert (values(undated)["status"], values(undated)["invoices_no_receipt"]) == ("draft", "1")
    assert made({"paid_on": "2025-12-31"}, period="2025-26-Q3")[1].empty


@pytest.mark.parametrize(
    ("received", "due", "standing", "payable"),
    [
        ("2026-09-30", None, (0, 0), 1),
        ("2026-04-01", None, (0, 1), 1),
        ("2026-03-31", "2026-04-01", (0, 1), 1),
        ("2026-09-01", None, (0, 1), 1),
        ("2026-09-02", None, (0, 0), 1),
        ("2026-03-31", None, (0, 1), 0),
        ("2026-03-03", None, (0, 1), 0),
    ],
)
def test_a_half_year_with_nothing_but_unpaid_sums_has_its_notice(
    received: str, due: str | None, standing: tuple[int, int], payable: int
) -> None:
    """s.69(1): a sum became payable, or should have been paid by s.68(2), and none was paid."""
    drawn = {"invoice_received_on": "2026-09-30", "contract_ref": None}
    line = {"invoice_received_on": received, "due_on": due}
    evidence, notice = made(unpaid=(line, drawn))
    assert len(evidence) == 1
    assert evidence["left_out_reason"].isna().all()
    told = values(notice)
    assert (told["status"], told["mean_days"], blanks(notice)["mean_days"]) == ("draft", None, NO_PAYMENTS)
    assert (told["sums_payable"], told["sums_unpaid"]) == (str(payable), str(payable))
    assert told["pct_payable_unpaid"] == ("100.00" if payable else None)
    counted = notice.set_index("form_field").loc["pct_s68_compliant", ["part_count", "whole_count"]]
    assert tuple(0 if pd.isna(number) else int(number) for number in counted) == standing


def test_what_was_payable_and_overdue_before_the_half_year_is_that_ones() -> None:
    """38(2)(d): it did not become payable in this period; (ca): it should have been paid in the one before."""
    evidence, notice = made(unpaid=({"invoice_received_on": "2026-03-02"},))
    assert evidence.empty
    assert values(notice)["status"] == "not required"


def test_lines_without_an_invoice_number_are_one_invoice_by_their_payment_number() -> None:
    lines_of_one = ({"invoice_ref": None, "payment_ref": "P1"}, {"invoice_ref": None, "payment_ref": "P1"})
    other_day = {"invoice_ref": None, "payment_ref": "P1", "paid_on": "2026-06-29"}
    other_payee = {"invoice_ref": None, "payment_ref": "P1", "supplier_ledger_id": "V2"}
    evidence, notice = made(*lines_of_one, other_day, other_payee)
    assert list(evidence["amount_inc_vat_pence"]) == [24_000, 12_000, 12_000]
    assert (values(notice)["payments_made"], values(notice)["invoices_s68"]) == ("3", "3")


def test_part_payments_payment_runs_and_credits() -> None:
    evidence, notice = made(
        {"invoice_ref": "A", "paid_on": "2026-06-10", "payment_ref": "P1"},
        {"invoice_ref": "B", "paid_on": "2026-06-10", "payment_ref": "P1"},
        {"invoice_ref": "A", "paid_on": "2026-07-01"},
        {"invoice_ref": "A", "paid_on": "2026-07-01", "ledger_code": "split by cost centre"},
        {"invoice_ref": "A", "amount_inc_vat_pence": -500, "is_credit_note": True},
        {"invoice_ref": None},
        {"invoice_ref": None},
        {"amount_ex_vat_pence": 0, "amount_inc_vat_pence": 0, "vat_pence": 0},
    )
    counted = evidence[evidence["left_out_reason"].isna()]
    assert list(counted["amount_inc_vat_pence"]) == [12_000, 24_000, 12_000, 12_000, 12_000]
    assert list(counted["invoice_place"].unique()) == [2, 3, 4, 5]
    assert list(evidence["left_out_reason"].dropna()) == [NO_PAYMENT, NO_PAYMENT]
    told = values(notice)
    assert (told["payments_made"], told["invoices_s68"], told["pct_s68_compliant"]) == ("5", "4", "75.00")
    assert (told["credits"], told["lines_without_contract"]) == ("2", "0")


@pytest.mark.parametrize(
    ("later", "left"),
    [
        (None, 12_000),
        ({"paid_on": "2026-10-09", "source_sha256": "b"}, 0),
        ({"paid_on": "2026-10-09", "source_sha256": "b", "amount_inc_vat_pence": 5_000}, 7_000),
        ({"paid_on": "2026-09-30", "amount_inc_vat_pence": 5_000}, 12_000),
    ],
)
def test_what_was_paid_since_the_list_was_drawn_is_no_longer_unpaid(
    later: dict[str, Any] | None, left: int
) -> None:
    unpaid = {"invoice_ref": "U", "invoice_received_on": "2026-09-01"}
    last = {"paid_on": "2026-09-30", "invoice_received_on": "2026-09-10"}
    evidence, _ = made(last, *([{**unpaid, **later}] if later else []), unpaid=(unpaid,))
    assert evidence.loc[evidence["paid_on"].isna(), "amount_inc_vat_pence"].sum() == left
    unpaid_at_the_end = evidence[evidence["is_unpaid"].fillna(False).astype(bool)]
    assert unpaid_at_the_end["amount_inc_vat_pence"].sum() == 12_000 if left in (0, 7_000) else left


# Two lines of payment B1 of 5 July, received 1 and 25 June where the case says nothing else: days, percentage in time.
APART = [
    ("each has its invoice number", ({"invoice_ref": "A"}, {"invoice_ref": "B"}), [10, 34], "50.00"),
    ("no invoice number, received on different days", ({}, {}), [10, 34], "50.00"),
    ("a text that stands for no number", ({"invoice_ref": "n/a"}, {"invoice_ref": "n/a"}), [10, 34], "50.00"),
    ("no invoice number, due on different days", ({"due_on": "2026-07-01"}, {"due_on": "2026-07-02", "invoice_received_on": "2026-06-01"}), [34, 34], "100.00"),
    ("no invoice number, the same days: one invoice", ({}, {"invoice_received_on": "2026-06-01"}), [34], "0.00"),
    ("one invoice number, received on different days: one invoice", ({"invoice_ref": "A"}, {"invoice_ref": "A"}), [34], "0.00"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "given", "days", "in_time"), APART, ids=[case[0] for case in APART])
def test_invoices_of_one_payment_without_numbers_are_told_apart_by_their_days(
    case: str, given: tuple[dict[str, Any], ...], days: list[int], in_time: str
) -> None:
    both = {"invoice_ref": None, "payment_ref": "B1", "paid_on": "2026-07-05"}
    received = ("2026-06-01", "2026-06-25")
    rows = [{**both, "invoice_received_on": day, **one} for day, one in zip(received, given, strict=True)]
    evidence, notice = made(*rows)
    assert sorted(evidence["days_to_pay"]) == days
    assert values(notice)["pct_s68_compliant"] == in_time


def test_a_credit_that_is_not_settled_takes_nothing_from_what_is_unpaid() -> None:
    credit = {"amount_ex_vat_pence": -20_000, "amount_inc_vat_pence": -24_000, "vat_pence": -4_000}
    unpaid = ({"invoice_ref": "U", **credit}, {"invoice_ref": "U"})
    evidence, _ = made({}, unpaid=unpaid)
    assert list(evidence.loc[evidence["paid_on"].isna(), "amount_inc_vat_pence"]) == [12_000]


def test_the_share_unpaid_by_value_when_the_setting_says_so() -> None:
    rules = PARAMETERS.duties
    reading = replace(rules.payments_compliance_reading, unpaid_by="value")
    by_value = replace(PARAMETERS, duties=replace(rules, payments_compliance_reading=reading))
    unpaid = ({"invoice_received_on": "2026-09-15", "amount_inc_vat_pence": 36_000, "vat_pence": 26_000},)
    assert values(made({}, unpaid=unpaid)[1])["pct_payable_unpaid"] == "50.00"
    assert values(made({}, unpaid=unpaid, parameters=by_value)[1])["pct_payable_unpaid"] == "75.00"


def test_an_approval_is_of_these_figures_and_no_others() -> None:
    digest = values(made({})[1])["figures_digest"]
    decision: dict[str, Any] = {
        "decision_id": "D1", "decision_kind": "compliance approval", "subject": str(digest)[:12].upper(),
        "period": "2026-27-H1", "other_subject": "Jo Example", "role": "Director of Finance",
        "decided_on": "2026-10-20",
    }  # fmt: skip
    told = values(made({}, decisions=(decision,))[1])
    assert (told["status"], told["approver_name"], told["approver_job_title"]) == (
        "approved", "Jo Example", "Director of Finance",
    )  # fmt: skip
    assert told["figures_digest"] == digest
    other = made({}, {}, decisions=(decision,))[1]
    assert values(other)["status"] == "draft"
    assert "other figures" in blanks(other)["approver_name"]
    assert waiting_notice(other) == Waiting(str(values(other)["figures_digest"]), "2026-27-H1")
    assert waiting_notice(made({}, decisions=(decision,))[1]) is None
    assert approval_of(from_rows([decision], keys.CORE_DECISION), "2026-27-H2", str(digest))[0] is None


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ({}, True),
        ({"expires_on": "2026-11-23"}, True),
        ({"expires_on": "2026-11-22"}, False),
        ({"effective_on": "2026-11-23"}, True),
        ({"effective_on": "2026-11-24"}, False),
    ],
)
def test_an_approval_counts_until_it_expires(cells: dict[str, str], holds: bool) -> None:
    decision = {
        "decision_id": "D1", "decision_kind": "compliance approval", "subject": "5e717cd39d01",
        "period": "2026-27-H1", "other_subject": "Jo Example", "role": "Director of Finance",
        "decided_on": "2026-10-20", **cells,
    }  # fmt: skip
    known = decisions_known(from_rows([decision], keys.CORE_DECISION), date(2026, 11, 23))
    assert (approval_of(known, "2026-27-H1", "5e717cd39d01abcd")[0] is not None) == holds


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"Subject": "5e717cd3"}, ["Subject"]),
        ({"Period": "2026-27-Q2"}, ["Period"]),
        ({"Period": ""}, ["Period"]),
        ({"Other subject": ""}, ["Other subject"]),
    ],
)
def test_an_approval_names_figures_half_year_and_director(
    tmp_path: Path, change: dict[str, str], fields: list[str]
) -> None:
    row = {
        "Decision number": "D1", "Decision kind": "Compliance approval", "Subject": "5e717cd39d01",
        "Period": "2026-27-H1", "Other subject": "Jo Example", "Role": "Director of Finance",
        "Reason": "figures approved", "Decided on": "2026-10-20",
    }  # fmt: skip
    text = ",".join(row) + "\n" + ",".join((row | change).values()) + "\n"
    parsed = parse_bytes(tmp_path, text.encode(), "decisions")
    assert [one.column_title for one in parsed.findings] == fields
    assert {one.rule_id for one in parsed.findings} <= {"DC-002"}


def test_the_datasets_hold_the_form_in_order_and_name_no_payee_and_no_invoice() -> None:
    evidence, notice = made({"invoice_ref": "SECRET-1"}, {"paid_on": "2026-08-01"})
    form = payments_compliance(notice.sort_values("form_field"), edition())
    assert [row[1] for row in form.table.rows] == list(notice["form_field"])
    assert form.workbook is not None
    assert form.workbook.sheets[0].intro[0].startswith("Status: draft.")
    behind = payments_compliance_invoices(evidence.iloc[::-1], edition())
    assert [row[0] for row in behind.table.rows] == [1, 2]
    told = render_csv(behind).decode()
    assert "SECRET-1" not in told
    assert LINE["supplier_name"] not in told
    assert (
        "C-1,2026-06-01,,2026-06-01,2026-06-30,False,2026-06-30,120.00,29,1 to 30,True,paid in time" in told
    )


def test_the_notice_is_in_the_packs_that_end_a_half_year() -> None:
    names = ("2026-27-Q1", "2026-27-Q2", "2026-27-H1", "2026-27-Q3", "2026-27-Q4", "2026-27-H2", "2026-27")
    ends = [name for name in names if ends_of_halves(parse_period(name))]
    assert ends == ["2026-27-Q2", "2026-27-H1", "2026-27-Q4", "2026-27-H2"]

"""Card transactions, grants, invitations to tender, and what is expenditure: each case with its paragraph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from checks.rules.code_sets import JUDGES
from checks.rules.outcome import Inputs
from checks.rules.wholeness import spend_is_whole
from kcc_etl import asset_keys as keys
from kcc_etl.domain.code_sets import select_card, select_grants, select_tenders
from kcc_etl.domain.core import assign_supplier_keys
from kcc_etl.domain.expenditure import is_no_expenditure
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import select_register, select_spend
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.domain.spend_shares import compute_shares
from kcc_etl.parameters.duties import NoExpenditure
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from reports import lga
from reports.blanks import blank_columns, blank_note, with_reasons
from reports.code_sets import invitations_to_tender, vcse_grants
from reports.documents import Column, Table
from reports.transparency import contracts_register
from tests.unit import report_frames as given

PARAMETERS = load_parameters()
Q2 = parse_period("2026-27-Q2")
NO_DECISIONS = empty(keys.CORE_DECISION)
NO_PAYMENTS = empty(keys.CORE_PAYMENT)
CONTRACT = {
    "contract_ref": "C1",
    "contract_title": "Gritting",
    "contract_description": "Salt on roads",
    "department": "Highways",
    "supplier_name": "Fenmoor Ltd",
    "supplier_company_number": "99000001",
    "agreement_kind": "contract",
    "process_type": "Published invitation to tender",
    "value_ex_vat_pence": 9_000_00,
    "procurement_commenced_on": date(2026, 7, 1),
    "awarded_on": date(2026, 3, 2),
    "start_on": date(2026, 4, 1),
    "end_on": date(2027, 3, 31),
    "source_sha256": "c",
    "source_name": "register",
    "source_file": "register.csv",
}
LINE = {
    "source_sha256": "p",
    "source_name": "ledger",
    "source_file": "ledger.csv",
    "supplier_name": "Fenmoor Ltd",
    "supplier_company_number": "99000001",
    "amount_ex_vat_pence": 10_00,
    "paid_on": date(2026, 8, 1),
    "purpose": "Grounds maintenance",
    "department": "Highways",
}
NOTICE = {
    "source_sha256": "n",
    "source_name": "notices",
    "source_file": "notices.json",
    "release_id": "000001-2026",
    "ocid": "ocds-h6vhtk-000001",
    "notice_type": "UK4",
    "release_tags": "tender",
    "published_on": date(2026, 8, 1),
    "tender_ref": "T1",
    "contract_title": "Gritting",
    "contract_description": "Salt on roads",
    "value_ex_vat_pence": 60_000_00,
    "start_on": date(2027, 4, 1),
    "end_on": date(2028, 3, 31),
}


def register(*changes):
    rows = [{**CONTRACT, "source_row": n, **change} for n, change in enumerate(changes, start=2)]
    frame = from_rows(rows, keys.CORE_CONTRACT) if rows else empty(keys.CORE_CONTRACT)
    return frame.assign(supplier_key=assign_supplier_keys(frame, frame))


def ledger(*changes, contracts=None):
    rows = [{**LINE, "source_row": n, **change} for n, change in enumerate(changes, start=2)]
    frame = from_rows(rows, keys.CORE_PAYMENT)
    return frame.assign(
        supplier_key=assign_supplier_keys(frame, register() if contracts is None else contracts)
    )


def notices(*changes):
    rows = [{**NOTICE, "source_row": n, **change} for n, change in enumerate(changes, start=2)]
    return from_rows(rows, keys.CORE_NOTICE)


def spend(*changes, contracts=None, period=Q2):
    contracts = register() if contracts is None else contracts
    return select_spend(ledger(*changes, contracts=contracts), contracts, NO_DECISIONS, PARAMETERS, period)


def card(*changes, contracts=None, period=Q2):
    contracts = register() if contracts is None else contracts
    lines = ledger(*({"card_transaction": "GPC", **change} for change in changes), contracts=contracts)
    return select_card(lines, contracts, NO_DECISIONS, PARAMETERS, period)


def grants(*changes, contracts=None, period=Q2):
    contracts = register() if contracts is None else contracts
    lines = ledger(*({"is_vcse_grant": True, **change} for change in changes), contracts=contracts)
    return select_grants(lines, contracts, NO_DECISIONS, PARAMETERS, period)


def tenders(*changes, contracts=None, period=Q2):
    frame = notices(*changes) if changes else empty(keys.CORE_NOTICE)
    contracts = register() if contracts is None else contracts
    return select_tenders(frame, contracts, NO_DECISIONS, NO_PAYMENTS, PARAMETERS, period)


def lines_of(cases):
    return [case[0] for case in cases]


def against(cases, found):
    """The cases that came out otherwise than they should; the n-th stands in row n + 2 of its file."""
    there = set(found["source_row"])
    return [case for n, case in enumerate(cases, start=2) if (n in there) != case[1]]


SPEND_CASES = [
    ({"amount_ex_vat_pence": 500_00}, False, "Code: exceeding £500"),
    ({"amount_ex_vat_pence": 500_01}, True, "Code: exceeding £500"),
    ({"amount_ex_vat_pence": -500_00}, False, "guidance: credit notes over £500"),
    ({"amount_ex_vat_pence": -500_01}, True, "guidance: credit notes over £500"),
    (
        {"amount_ex_vat_pence": 499_99, "irrecoverable_vat_pence": 1},
        False,
        "Code: net of recoverable VAT: £500.00",
    ),
    ({"amount_ex_vat_pence": 499_99, "irrecoverable_vat_pence": 2}, True, "Code: net of recoverable VAT"),
    ({"amount_ex_vat_pence": -499_99, "irrecoverable_vat_pence": -2}, True, "the credit of it"),
    ({"amount_ex_vat_pence": 499_99, "vat_pence": 100_00}, False, "VAT that is recovered is no spend"),
    ({"amount_ex_vat_pence": 600_00, "paid_on": date(2026, 6, 30)}, False, "the quarter before"),
    ({"amount_ex_vat_pence": 600_00, "paid_on": date(2026, 7, 1)}, True, "first day"),
    ({"amount_ex_vat_pence": 600_00, "paid_on": date(2026, 9, 30)}, True, "last day"),
    ({"amount_ex_vat_pence": 600_00, "paid_on": date(2026, 10, 1)}, False, "the quarter after"),
]


def test_spend_is_over_500_pounds_without_the_vat_that_is_recovered():
    assert against(SPEND_CASES, spend(*lines_of(SPEND_CASES))) == []


EXPENDITURE_CASES = [
    ({"purpose": "Salary payment July"}, False, "guidance: salary payments to staff"),
    ({"purpose": "SALARIES, AND WAGES"}, False, "guidance: salary payments to staff"),
    ({"purpose": "Severance-payment"}, False, "guidance: severance payments"),
    ({"purpose": "Car salary sacrifice"}, True, "a firm's leases"),
    ({"purpose": "Salary payment recharge, secondee"}, True, "guidance: payments for secondees"),
    ({"purpose": "Pension contributions"}, False, "guidance: pension contributions"),
    ({"purpose": "Service charge of pension contributions"}, True, "guidance: service charge element"),
    ({"purpose": "National Insurance contributions"}, False, "guidance: NIC"),
    ({"purpose": "PAYE month 5", "supplier_name": "HM Revenue & Customs"}, False, "guidance: HMRC, PAYE"),
    ({"purpose": "VAT", "supplier_name": "HMRC"}, False, "guidance: HMRC, VAT"),
    ({"purpose": "VAT advice"}, True, "of a firm that is not HMRC"),
    ({"purpose": "Stamp duty", "supplier_name": "HMRC"}, True, "guidance: other public sector bodies"),
    ({"purpose": "Vatican exhibition", "supplier_name": "HMRC"}, True, "whole words only"),
    ({"purpose": "Treasury deposit"}, False, "guidance: financing and investment"),
    ({"purpose": "Loan principal"}, False, "guidance: financing of debt"),
    ({"purpose": "Rent"}, True, "guidance: rent and business rates"),
    ({"purpose": "Legal settlement"}, True, "guidance: redacted and not excluded"),
    ({"purpose": "Foster care allowance"}, True, "redacted and not excluded"),
    ({"purpose": None}, True, "nothing says it is none"),
    ({"contract_ref": "S1"}, False, "guidance: not schools"),
    ({"contract_ref": "C1"}, True, "a contract of the council"),
]


def test_what_is_expenditure_by_the_code():
    contracts = register({}, {"contract_ref": "S1", "is_school_contract": True})
    lines = lines_of(EXPENDITURE_CASES)
    large = [{"amount_ex_vat_pence": 600_00, **line} for line in lines]

    assert against(EXPENDITURE_CASES, spend(*large, contracts=contracts)) == []
    assert against(EXPENDITURE_CASES, card(*lines, contracts=contracts)) == []


def test_a_ledger_code_that_the_council_lists_is_left_out_whatever_its_purpose():
    kind = NoExpenditure("salaries", (), (), (), ("4100",))
    listed = replace(PARAMETERS.duties.spend_exclusions, kind=(kind,))
    lines = ledger({"ledger_code": "4100"}, {"ledger_code": "4101"}, {"ledger_code": None})

    assert is_no_expenditure(lines, listed).tolist() == [True, False, False]


REGISTER_CASES = [
    ({"value_ex_vat_pence": 5_000_00}, False, "Code: value greater than £5,000"),
    ({"value_ex_vat_pence": 5_000_01}, True, "Code: value greater than £5,000"),
    ({"value_ex_vat_pence": 4_999_99, "irrecoverable_vat_pence": 1}, False, "guidance note 10"),
    ({"value_ex_vat_pence": 4_999_99, "irrecoverable_vat_pence": 2}, True, "guidance note 10"),
]


def test_the_register_is_over_5000_pounds_with_the_vat_that_is_lost():
    rows = [{**line, "contract_ref": str(n)} for n, line in enumerate(lines_of(REGISTER_CASES), start=2)]
    found = select_register(register(*rows), notices(), NO_DECISIONS, NO_PAYMENTS, PARAMETERS, Q2)

    assert against(REGISTER_CASES, found.assign(source_row=found["contract_ref"].astype(int))) == []


CARD_CASES = [
    ({"amount_ex_vat_pence": 1}, True, "Code: every transaction, any value"),
    ({"amount_ex_vat_pence": 0}, True, "any value"),
    ({"amount_ex_vat_pence": -1}, True, "a refund"),
    ({"amount_ex_vat_pence": 500_00}, True, "at the floor of the spend file"),
    ({"amount_ex_vat_pence": 500_01}, True, "above the floor of the spend file"),
    ({"card_transaction": "CCC"}, False, "guidance: other cards are recommended only"),
    ({"card_transaction": "None"}, False, "no card"),
    ({"card_transaction": None}, False, "not said to be by card"),
    ({"paid_on": date(2026, 6, 30)}, False, "the quarter before"),
    ({"paid_on": date(2026, 7, 1)}, True, "first day"),
    ({"paid_on": date(2026, 9, 30)}, True, "last day"),
    ({"paid_on": date(2026, 10, 1)}, False, "the quarter after"),
    ({"paid_on": None}, False, "no day"),
]


def test_every_procurement_card_transaction_of_the_period_is_published():
    assert against(CARD_CASES, card(*lines_of(CARD_CASES))) == []


@pytest.mark.parametrize(
    ("period", "days"),
    [("2026-27-Q2", 1), ("2026-27-H1", 3), ("2026-27-H2", 1), ("2026-27", 4), ("2025-26", 1)],
)
def test_any_period_takes_the_days_it_has(period, days):
    paid = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 30), date(2027, 3, 31)]

    assert len(card(*({"paid_on": day} for day in paid), period=parse_period(period))) == days


@pytest.mark.parametrize(
    ("line", "payee"),
    [
        ({}, "Fenmoor Ltd"),
        ({"supplier_company_number": None}, REDACTED),
        ({"payee_kind": "individual"}, REDACTED),
        ({"purpose": "Adoption support"}, REDACTED),
    ],
)
def test_a_payee_of_a_card_or_a_grant_is_named_only_on_good_evidence(line, payee):
    for frame, number in ((card(line), "supplier_company_number"), (grants(line), "registration_number")):
        assert frame["payee"].tolist() == [payee]
        assert frame[number].isna().tolist() == [payee == REDACTED]
        assert frame["amount_ex_vat_pence"].tolist() == [10_00]


GRANT_CASES = [
    ({}, "2026-27-Q2", True, "Code: all grants"),
    ({"amount_ex_vat_pence": 1}, "2026-27-Q2", True, "guidance: less than £500 too"),
    ({"amount_ex_vat_pence": -10_00}, "2026-27-Q2", True, "what was paid back"),
    ({"is_vcse_grant": False}, "2026-27-Q2", False, "no grant"),
    ({"is_vcse_grant": None}, "2026-27-Q2", False, "not said to be a grant"),
    ({"paid_on": date(2026, 3, 31)}, "2026-27-Q2", False, "the financial year before"),
    ({"paid_on": date(2026, 4, 1)}, "2026-27-Q2", True, "first day of the year"),
    ({"paid_on": date(2026, 9, 30)}, "2026-27-Q2", True, "last day of the quarter"),
    ({"paid_on": date(2026, 10, 1)}, "2026-27-Q2", False, "after the quarter"),
    ({"paid_on": date(2026, 4, 1)}, "2026-27-Q4", True, "the last quarter holds the year"),
    ({"paid_on": date(2027, 3, 31)}, "2026-27-Q4", True, "last day of the year"),
    ({"paid_on": date(2027, 4, 1)}, "2026-27-Q4", False, "the year after"),
    ({"paid_on": date(2026, 4, 1)}, "2026-27-H2", True, "a half tells of its year"),
    ({"paid_on": date(2027, 3, 31)}, "2026-27", True, "the year"),
    ({"contract_ref": "S1"}, "2026-27-Q2", False, "a grant of a school"),
]


def test_grants_to_voluntary_bodies_are_of_the_financial_year():
    contracts = register({}, {"contract_ref": "S1", "is_school_contract": True})
    for period in {case[1] for case in GRANT_CASES}:
        cases = [(line, published, why) for line, of, published, why in GRANT_CASES if of == period]
        found = grants(*lines_of(cases), contracts=contracts, period=parse_period(period))
        assert against(cases, found) == [], period


def test_what_a_grant_is_for_is_that_of_its_agreement_and_empty_without_one():
    found = grants(
        {"contract_ref": "C1"}, {"contract_ref": None}, {"contract_ref": "C9"}, contracts=register({})
    )

    assert found["grant_period"].fillna("").tolist() == ["01/04/2026 to 31/03/2027", "", ""]
    assert found["awarded_on"].notna().tolist() == [True, False, False]


def test_the_number_of_a_grant_is_that_of_the_charity_before_the_company():
    found = grants({"supplier_charity_number": "9990001"}, {})

    assert found["registration_number"].tolist() == ["9990001", "99000001"]


TENDER_CASES = [
    ({"value_ex_vat_pence": 5_000_00}, False, "Code: value exceeding £5,000"),
    ({"value_ex_vat_pence": 5_000_01}, True, "Code: value exceeding £5,000"),
    ({"value_ex_vat_pence": 5_000_00, "value_inc_vat_pence": 6_000_00}, False, "tested without VAT"),
    ({"value_ex_vat_pence": None, "value_inc_vat_pence": 5_000_00}, False, "at most that without VAT"),
    ({"value_ex_vat_pence": None, "value_inc_vat_pence": 5_000_01}, True, "not shown to be less"),
    ({"value_ex_vat_pence": None}, True, "guidance: frameworks may have no initial value"),
    ({"value_ex_vat_pence": 0, "value_inc_vat_pence": 0}, True, "nothing stated"),
    ({"value_ex_vat_pence": 0, "value_inc_vat_pence": 4_000_00}, False, "the gross value is stated"),
    ({"published_on": date(2026, 6, 30)}, False, "the quarter before"),
    ({"published_on": date(2026, 7, 1)}, True, "first day"),
    ({"published_on": date(2026, 9, 30)}, True, "last day"),
    ({"published_on": date(2026, 10, 1)}, False, "the quarter after"),
    ({"published_on": None}, False, "no day"),
    ({"notice_type": "UK3"}, False, "a planned procurement invites nobody"),
    ({"notice_type": "UK7"}, False, "a contract"),
    ({"notice_type": None}, True, "an older shape, tagged as tender"),
    ({"notice_type": None, "release_tags": "planning"}, False, "an older shape that invites nobody"),
    ({"notice_type": None, "release_tags": "tenderUpdate"}, True, "an older shape, put right"),
]


def test_invitations_to_tender_over_5000_pounds_are_published():
    told = [{"ocid": f"o-{n}", **notice} for n, notice in enumerate(lines_of(TENDER_CASES))]

    assert against(TENDER_CASES, tenders(*told)) == []


def test_an_invitation_counts_when_it_first_came_out_and_as_it_last_stood():
    first = {"published_on": date(2026, 6, 30)}
    second = {"release_id": "000002-2026", "contract_title": "Gritting and snow"}
    third = {"release_id": "000003-2026", "published_on": date(2026, 10, 1), "contract_title": "Later"}

    assert len(tenders(first, second)) == 0
    assert tenders({}, second, third)["contract_title"].tolist() == ["Gritting and snow"]
    assert len(tenders(first, second, period=parse_period("2026-27-H1"))) == 1


def test_an_invitation_has_department_and_review_from_the_register_once_it_is_there():
    ours = {"ocid": NOTICE["ocid"], "review_on": date(2027, 9, 1)}
    contracts = register({**ours, "contract_ref": "C2", "department": "Fleet"}, ours)
    (row,) = tenders({"start_on": None}, contracts=contracts).to_dict("records")

    assert (row["contract_ref"], row["department"], row["review_on"].date()) == (
        "T1",
        "Highways|Fleet",
        date(2027, 9, 1),
    )
    assert row["start_on"].date() == date(2026, 4, 1)
    assert tenders({"tender_ref": None}, contracts=contracts)["contract_ref"].tolist() == ["C1|C2"]
    assert tenders({"tender_ref": None})["contract_ref"].tolist() == [NOTICE["ocid"]]


PUBLISHED_CASES = [
    ({}, True, "published, and no notice tells of it"),
    ({"process_type": "Invitation to quote"}, False, "Code: quotes are recommended only"),
    ({"process_type": None}, False, "not said to be published"),
    ({"value_ex_vat_pence": 5_000_00}, False, "at the floor"),
    ({"value_ex_vat_pence": 5_000_01}, True, "over the floor"),
    ({"procurement_commenced_on": date(2026, 6, 30)}, False, "the quarter before"),
    ({"procurement_commenced_on": date(2026, 9, 30)}, True, "last day"),
    ({"procurement_commenced_on": date(2026, 10, 1)}, False, "the quarter after"),
    ({"procurement_commenced_on": None}, False, "no day"),
    ({"is_school_contract": True}, False, "a school's"),
    ({"ocid": "ocds-other"}, True, "of another procurement than the notices"),
    ({"ocid": NOTICE["ocid"]}, False, "a notice of another quarter tells of it"),
]


def test_the_register_gives_the_invitations_that_no_notice_tells_of():
    rows = [{"contract_ref": f"C{n}", **line} for n, line in enumerate(lines_of(PUBLISHED_CASES))]
    found = tenders({"published_on": date(2026, 5, 1)}, contracts=register(*rows))

    assert against(PUBLISHED_CASES, found) == []


PURPOSES = ("Grounds", "PAYE", "Salary payment", "Net pay recharge", "Foster care", "Loan interest", None)
LINES = st.fixed_dictionaries(
    {
        "amount_ex_vat_pence": st.sampled_from([1, -1, 499_99, 500_00, 500_01, -500_01, 7_000_00]),
        "irrecoverable_vat_pence": st.sampled_from([None, 0, 1, 2]),
        "paid_on": st.sampled_from(
            [date(2026, 4, 1), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)]
        ),
        "purpose": st.sampled_from(PURPOSES),
        "supplier_name": st.sampled_from(["Fenmoor Ltd", "HMRC", "J. Bloggs"]),
        "supplier_company_number": st.sampled_from([None, "99000001", "99000002"]),
        "payee_kind": st.sampled_from([None, "organisation", "individual"]),
        "card_transaction": st.sampled_from([None, "GPC", "CCC", "None"]),
        "is_vcse_grant": st.sampled_from([None, True, False]),
        "contract_ref": st.sampled_from([None, "C1", "S1"]),
    }
)
INVITATIONS = st.fixed_dictionaries(
    {
        "ocid": st.sampled_from(["o-1", "o-2", "o-3"]),
        "release_id": st.sampled_from(["1", "2", "3", "4", "5"]),
        "notice_type": st.sampled_from(["UK4", "UK7", None]),
        "published_on": st.sampled_from([date(2026, 6, 30), date(2026, 7, 1), date(2026, 10, 1)]),
        "value_ex_vat_pence": st.sampled_from([None, 0, 5_000_00, 5_000_01]),
        "value_inc_vat_pence": st.sampled_from([None, 0, 5_000_00, 5_000_01]),
    }
)


@settings(max_examples=8, deadline=None)
@for_all(
    st.lists(LINES, min_size=1, max_size=12),
    st.lists(INVITATIONS, min_size=1, max_size=6, unique_by=lambda one: one["release_id"]),
)
def test_the_rules_work_out_the_same_sets_in_another_way(lines, invitations):
    contracts = register(
        {"ocid": "o-1"}, {"contract_ref": "S1", "is_school_contract": True}, {"contract_ref": "C2"}
    )
    payments, told = ledger(*lines, contracts=contracts), notices(*invitations)
    who = [{"supplier_key": "GB-COH:99000001", "sme_pa23": "yes", "sme_code": "no", "vcse": "yes"}]
    suppliers = from_rows(who, keys.CORE_SUPPLIER)
    given_all = (payments, contracts, NO_DECISIONS, PARAMETERS, Q2)
    frames = {
        keys.CORE_PAYMENT: payments,
        keys.CORE_CONTRACT: contracts,
        keys.CORE_NOTICE: told,
        keys.CORE_SUPPLIER: suppliers,
        keys.OUT_SPEND: select_spend(*given_all),
        keys.OUT_CARD: select_card(*given_all),
        keys.OUT_GRANT: select_grants(*given_all),
        keys.OUT_TENDER: select_tenders(told, contracts, NO_DECISIONS, NO_PAYMENTS, PARAMETERS, Q2),
        keys.OUT_SHARE: compute_shares(payments, suppliers, contracts, PARAMETERS, Q2),
    }
    inputs = Inputs(frames, date(2026, 11, 23), PARAMETERS, dict.fromkeys(frames, Q2.id))

    for judge in (spend_is_whole, *(JUDGES[rule] for rule in ("PB-040", "PB-042", "PB-044", "PB-046"))):
        outcome = judge(inputs)
        assert outcome.ok.tolist() == [True], (judge.__name__, outcome.found)


def test_a_column_that_is_empty_in_every_row_says_why():
    columns = tuple(Column(name, name, "text", f"About {name}.") for name in ("a", "b", "c", "d"))
    table = with_reasons(
        Table("t", "T", columns, ((None, None, "x", None), ("", None, None, None))), {"b": "why b", "d": ""}
    )

    assert [column.description for column in table.columns] == [
        "About a. Empty in every row: no register, ledger or notice that the council took in gives it.",
        "About b. Empty in every row: why b.",
        "About c.",
        "About d.",
    ]
    assert blank_note(table).startswith("Empty in every row: a, b, d. ")
    assert blank_columns(Table("t", "T", columns, ())) == ()


def test_the_workbooks_say_which_columns_are_empty_and_why():
    review = given.register().assign(review_on=None)
    edition = given.edition()
    for dataset, heading, why in (
        (contracts_register(review, edition), "ReviewDate", "no register"),
        (invitations_to_tender(given.tenders(), edition), "ReviewDate", "a notice gives none"),
        (
            vcse_grants(given.grants().assign(awarded_on=None), edition),
            "award_date",
            "the ledger does not say",
        ),
    ):
        (column,) = [one for one in dataset.table.columns if one.name == heading]
        assert f"Empty in every row: {why}" in column.description
        assert dataset.workbook is not None
        assert any(f"{heading}, " in note or f"{heading}." in note for note in dataset.workbook.notes), (
            heading
        )


def test_every_column_that_is_never_filled_says_why():
    never = {
        h: about
        for layout in (lga.CONTRACTS, lga.SPEND)
        for h, _, source, about in layout
        if callable(source)
    }
    unread = {
        h: why for layout in (lga.CONTRACTS, lga.SPEND) for h, _, source, why in layout if source is lga.never
    }

    assert never["ContactName"].startswith("Never published")
    assert all(never.values())
    assert not any("recorded" in why or "the council" in why for why in unread.values())

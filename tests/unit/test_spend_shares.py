"""Shares of spend with small firms, voluntary bodies and Kent: what counts, bounds, and how they are told."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.spend_shares import CATEGORIES, compute_shares
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from reports.documents import Heading, PaperTable, Paragraph
from reports.shares import METHOD, shares_section, spend_shares
from tests.unit import report_frames as given

PARAMETERS = load_parameters()
Q2 = parse_period("2026-27-Q2")
ANSWERS = {"sme_pa23": "yes", "sme_code": "yes", "vcse": "no", "in_kent": "unknown"}
SCHOOL = from_rows([{"contract_ref": "S1", "is_school_contract": True}], keys.CORE_CONTRACT)


def line(key="GB-COH:1", pence=1_000, **more):
    return {"supplier_key": key, "amount_ex_vat_pence": pence, "paid_on": date(2026, 8, 1), **more}


def supplier(key="GB-COH:1", **more):
    return {"supplier_key": key, **ANSWERS, **more}


def shares(lines, suppliers=(), period=Q2):
    payments = from_rows(list(lines), keys.CORE_PAYMENT) if lines else empty(keys.CORE_PAYMENT)
    known = from_rows(list(suppliers), keys.CORE_SUPPLIER) if suppliers else empty(keys.CORE_SUPPLIER)
    found = compute_shares(payments, known, SCHOOL, PARAMETERS, period)
    return {row["share_category"]: row for row in found.to_dict("records")}


COUNTED = [
    (line(), 1_000, "a payment"),
    (line(pence=1), 1, "of any value"),
    (line(pence=-400), -400, "a credit"),
    (line(card_transaction="GPC"), 1_000, "by procurement card"),
    (line(card_transaction="CCC"), 1_000, "by another card"),
    (line(vat_pence=200, amount_inc_vat_pence=1_200), 1_000, "without VAT that is recovered"),
    (line(irrecoverable_vat_pence=200), 1_200, "with VAT that is not"),
    (line(is_vcse_grant=True), 0, "a grant buys nothing"),
    (line(is_vcse_grant=False), 1_000, "said to be no grant"),
    (line(payee_kind="individual"), 0, "a person"),
    (line(payee_kind="organisation"), 1_000, "an organisation"),
    (line(purpose="Foster care allowance"), 0, "about a person"),
    (line(purpose="Pension contributions"), 0, "no expenditure"),
    (line(contract_ref="S1"), 0, "a school's"),
    (line(contract_ref="C1"), 1_000, "under a contract"),
    (line(paid_on=date(2026, 6, 30)), 0, "the day before the quarter"),
    (line(paid_on=date(2026, 7, 1)), 1_000, "its first day"),
    (line(paid_on=date(2026, 9, 30)), 1_000, "its last day"),
    (line(paid_on=date(2026, 10, 1)), 0, "the day after"),
    (line(paid_on=None), 0, "no day"),
    (line(pence=None), 0, "no amount"),
]


def test_what_counts_as_direct_spend():
    base = line(key="GB-COH:9", pence=1_000_000)
    told = [
        (shares([base, one])["SME by the Act"]["spend_pence"] - 1_000_000, why) for one, _, why in COUNTED
    ]

    assert told == [(pence, why) for _, pence, why in COUNTED]


def test_any_period_takes_the_days_it_has():
    days = (date(2026, 4, 1), date(2026, 9, 30), date(2027, 3, 31))
    lines = [line(paid_on=day) for day in days]
    totals = [
        shares(lines, period=parse_period(period))["VCSE"]["spend_pence"]
        for period in ("2026-27-Q1", "2026-27-H1", "2026-27")
    ]

    assert totals == [1_000, 2_000, 3_000]


def test_each_category_has_its_own_answer_and_what_nobody_says_stays_unknown():
    found = shares([line(), line("GB-COH:2", 3_000)], [supplier(), supplier("GB-COH:2", sme_pa23="no")])
    told = {
        name: (
            row["spend_with_pence"], row["spend_without_pence"], row["spend_unknown_pence"],
            row["share_at_least"], row["share_at_most"], row["suppliers_count"], row["suppliers_unknown_count"],
        )
        for name, row in found.items()
    }  # fmt: skip

    assert told == {
        "SME by the Act": (1_000, 3_000, 0, Fraction(1, 4), Fraction(1, 4), 1, 0),
        "SME by the Code": (4_000, 0, 0, Fraction(1), Fraction(1), 2, 0),
        "VCSE": (0, 4_000, 0, Fraction(0), Fraction(0), 0, 0),
        "Kent": (0, 0, 4_000, Fraction(0), Fraction(1), 0, 2),
    }


@pytest.mark.parametrize("lines", [[], [line(pence=-100)], [line(), line("GB-COH:2", -1_000)]])
def test_there_is_no_share_where_nothing_was_spent_on_balance(lines):
    found = shares(lines, [supplier()])

    assert {(row["share_at_least"], row["share_at_most"]) for row in found.values()} == {(None, None)}
    assert len(found) == len(CATEGORIES)


def test_a_payee_that_no_source_knows_is_unknown():
    found = shares([line(), line("name:nobody", 500), line(None, 250)], [supplier()])["SME by the Act"]

    assert (found["spend_unknown_pence"], found["suppliers_unknown_count"]) == (750, 2)
    assert (found["share_at_least"], found["share_at_most"]) == (Fraction(1_000, 1_750), Fraction(1))


@settings(max_examples=25, deadline=None)
@for_all(
    st.lists(
        st.tuples(st.integers(-500, 2_000), st.sampled_from(["yes", "no", "unknown"])), min_size=1, max_size=5
    )
)
def test_however_the_unknown_ones_turn_out_the_share_lies_between_its_bounds(told):
    lines = [line(f"GB-COH:{n}", pence) for n, (pence, _) in enumerate(told)]
    who = [supplier(f"GB-COH:{n}", sme_pa23=answer) for n, (_, answer) in enumerate(told)]
    row = shares(lines, who)["SME by the Act"]
    parts = row["spend_with_pence"] + row["spend_without_pence"] + row["spend_unknown_pence"]
    assert parts == row["spend_pence"] == sum(pence for pence, _ in told)
    if row["spend_pence"] <= 0:
        return
    choices = [("yes", "no") if answer == "unknown" else (answer,) for _, answer in told]
    possible = [
        Fraction(
            sum(pence for (pence, _), answer in zip(told, turned, strict=True) if answer == "yes"),
            row["spend_pence"],
        )
        for turned in itertools.product(*choices)
    ]
    assert (row["share_at_least"], row["share_at_most"]) == (min(possible), max(possible))


def test_the_dataset_has_the_method_in_its_notes_and_shares_in_per_cent():
    dataset = spend_shares(given.shares(), given.edition())

    assert dataset.workbook is not None
    assert dataset.workbook.notes == METHOD
    assert dataset.table.values("share_at_most_percent") == [
        Fraction(100, 3), Fraction(50), Fraction(100, 3), Fraction(100, 3),
    ]  # fmt: skip


def test_the_committee_reads_shares_and_bounds_in_one_short_section():
    heading, words, table = shares_section(given.shares())
    assert isinstance(heading, Heading)
    assert isinstance(words, Paragraph)
    assert isinstance(table, PaperTable)

    assert "£300,000" in words.text
    assert [row[3] for row in table.rows] == ["33.3%", "33.3% to 50.0%", "33.3%", "33.3%"]
    assert shares_section(empty(keys.OUT_SHARE)) == []


def test_the_committee_is_told_where_there_is_no_share():
    frame = given.shares().assign(share_at_least=None, share_at_most=None)
    (_, _, table) = shares_section(frame)
    assert isinstance(table, PaperTable)

    assert {row[3] for row in table.rows} == {"none"}

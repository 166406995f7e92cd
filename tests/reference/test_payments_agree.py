"""The payments compliance notice and section 70 against the second implementation, to the last penny and day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd
import pytest

from checks.rules.payments_made import payments_made
from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_evidence import compliance_evidence
from kcc_etl.domain.compliance_notice import Inputs, compliance_notice
from kcc_etl.domain.one_payment import as_payments
from kcc_etl.domain.payments_compliance import NO_RECEIPT, PAID_FIRST
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority, select_over_30k
from kcc_etl.domain.redaction import NAME_TEXTS
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from tests.reference import generated_payments, payments_again
from tests.reference.payments_again import Record

PARAMETERS = load_parameters()
PAYER = PayingAuthority("Example Council", "1 Nowhere Street", "a@example.org", "GB-PPON-PBCD-1234-FGHJ")
LEDGERS = [(1_000, 200, 69), pytest.param((100_000, 10_000, 70), marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=LEDGERS, ids=lambda sizes: f"{sizes[0]} payments")
def told(request: pytest.FixtureRequest) -> tuple[list[Record], dict[str, Record]]:
    lines, contracts, seed = request.param
    dice = Random(seed)
    register = generated_payments.contracts(dice, contracts)
    return generated_payments.ledger(dice, [*register], lines), register


def tables(
    lines: list[Record], register: dict[str, Record]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rows = [
        {**line, "source_name": "ledger", "source_file": f"{line['source_sha256']}.csv", "source_row": place}
        for place, line in enumerate(lines, start=2)
    ]
    paid = from_rows([row for row in rows if row["paid_on"]], keys.CORE_PAYMENT)
    return paid, from_rows(rows, keys.RAW_PAYMENT), from_rows([*register.values()], keys.CORE_CONTRACT)


def test_every_figure_of_the_notice_agrees(told: tuple[list[Record], dict[str, Record]]) -> None:
    lines, register = told
    expected = payments_again.compliance(lines, register, generated_payments.FIRST, generated_payments.LAST)
    paid, raw, contracts = tables(lines, register)
    period = parse_period("2026-27-H1")
    evidence = compliance_evidence(period, paid, raw, contracts, empty(keys.CORE_DECISION), PARAMETERS)
    counted = evidence[evidence["left_out_reason"].isna()]
    assert Counter(counted.loc[counted["is_in_days"].astype(bool), "days_to_pay"]) == Counter(expected.days)
    standing = counted["s68_standing"].dropna()
    assert Counter(standing == "paid in time") == Counter(expected.standing)
    assert min(Counter(expected.standing).values()) > len(lines) // 100, "both are there in number"
    reasons = evidence.drop_duplicates("invoice_place")["left_out_reason"].value_counts()
    assert (reasons[NO_RECEIPT], reasons[PAID_FIRST]) == (expected.no_receipt, expected.paid_first)
    given = Inputs(evidence, paid, raw, empty(keys.CORE_DECISION), PAYER)
    notice = compliance_notice(period, given, PARAMETERS).set_index("form_field")
    for name, figure in expected.figures().items():
        part, whole = notice.loc[name, ["part_count", "whole_count"]]
        assert Fraction(int(part), int(whole)) * (1 if name == "mean_days" else 100) == figure, name
        assert Decimal(notice.loc[name, "form_value"]) == _half_up(figure), name
    pounds = [Decimal(notice.loc[name, "form_value"]) * 100 for name in ("value_payable", "value_unpaid")]
    assert pounds == [expected.payable_pence, expected.unpaid_pence]


def test_a_half_year_with_nothing_but_unpaid_sums_agrees(
    told: tuple[list[Record], dict[str, Record]],
) -> None:
    lines, register = told
    unpaid = [line for line in lines if line["paid_on"] is None]
    expected = payments_again.compliance(unpaid, register, generated_payments.FIRST, generated_payments.LAST)
    paid, raw, contracts = tables(unpaid, register)
    period = parse_period("2026-27-H1")
    evidence = compliance_evidence(period, paid, raw, contracts, empty(keys.CORE_DECISION), PARAMETERS)
    given = Inputs(evidence, paid, raw, empty(keys.CORE_DECISION), PAYER)
    notice = compliance_notice(period, given, PARAMETERS).set_index("form_field")["form_value"]
    assert (expected.days, expected.unpaid, expected.standing.count(True)) == ([], expected.payable, 0)
    names = ["status", "sums_payable", "sums_unpaid", "invoices_s68", "invoices_no_receipt"]
    counts = [expected.payable, expected.unpaid, len(expected.standing), expected.no_receipt]
    assert list(notice[names]) == ["draft", *map(str, counts)]
    assert min(counts) > 0
    assert notice["pct_payable_unpaid"] == "100.00"
    assert Decimal(str(notice["value_unpaid"])) * 100 == expected.unpaid_pence


READINGS = [
    {"one_payment": number, "several_contracts": share, "credits": credit}
    for number in ("invoice", "payment number")
    for share in ("each share", "whole payment")
    for credit in ("taken off", "left out")
]


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: ", ".join(reading.values()))
def test_the_check_puts_lines_together_as_the_publication_does(reading: dict[str, Any]) -> None:
    """PB-022 works its payments out anew; by each reading of what the law leaves open both come to the same."""
    dice = Random(71)
    register = generated_payments.contracts(dice, 200)
    paid, _, _ = tables(generated_payments.ledger(dice, [*register], 1_000), register)
    rules = replace(PARAMETERS.duties.section_70_reading, **reading)
    paid["contract_ref"] = paid["contract_ref"].fillna("")
    published = as_payments(paid, rules)
    refs, net, tested = (
        published[name].tolist() for name in ("contract_ref", "amount_ex_vat_pence", "amount_inc_vat_pence")
    )
    made = payments_made(paid, rules)
    assert sorted(zip(refs, net, tested, strict=True)) == sorted(
        (m.contract_ref, m.net, m.tested) for m in made
    )


def _half_up(figure: Fraction) -> Decimal:
    return Decimal(int(figure * 100 + Fraction(1, 2))) / 100


@pytest.mark.parametrize("quarter", ["2026-27-Q1", "2026-27-Q2"])
def test_every_payment_over_30k_agrees(told: tuple[list[Record], dict[str, Record]], quarter: str) -> None:
    lines, register = told
    first, last = {
        "2026-27-Q1": (date(2026, 4, 1), date(2026, 6, 30)),
        "2026-27-Q2": (date(2026, 7, 1), date(2026, 9, 30)),
    }[quarter]
    changes = generated_payments.changes(Random(72), register)
    expected = payments_again.section_70(lines, register, first, last, changes)
    assert expected != payments_again.section_70(lines, register, first, last), "changes tell"
    paid, _, contracts = tables(lines, register)
    known = from_rows(changes, keys.CORE_DECISION), empty(keys.CORE_NOTICE_SUPPLIER)
    found = select_over_30k(paid, contracts, *known, PARAMETERS, parse_period(quarter), PAYER)
    is_named = ~found["supplier_name"].isin(NAME_TEXTS)
    columns = (
        found["payment_ref"].fillna(""),
        found["amount_ex_vat_pence"],
        found["paid_on"].dt.date,
        is_named,
    )
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == expected
    assert len(expected) > len(lines) // 400
    assert {named for *_, named in expected} == {True, False}
    alone = {(line["payment_ref"], line["amount_ex_vat_pence"]) for line in lines}
    assert sum((ref, net) not in alone for ref, net, *_ in expected) > len(expected) // 10, (
        "lines put together"
    )

"""Section 70 case by case, each with its paragraph; a penny and a day on both sides of every edge.

A case is the ledger lines of one contract, the contract, and the values published of it, net and in pence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority, select_over_30k
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows

PARAMETERS = load_parameters()
SUPPLIERS = keys.CORE_NOTICE_SUPPLIER
PAYER = PayingAuthority("Example Council", "1 Nowhere Street", "a@example.org", "GB-PPON-PBCD-1234-FGHJ")
CONTRACT = {
    "contract_ref": "C-1", "supplier_name": "Example Ltd", "agreement_kind": "contract", "regime": "pa23",
    "procurement_category": "services", "procurement_commenced_on": "2026-04-01", "value_inc_vat_pence": 20_772_000,
}  # fmt: skip
PAYMENT: dict[str, Any] = {
    "source_sha256": "a", "source_name": "l", "source_file": "f", "supplier_name": "Example Ltd",
    "supplier_ledger_id": "V1", "paid_on": "2026-09-30", "amount_ex_vat_pence": 2_500_001, "vat_pence": 500_000,
    "amount_inc_vat_pence": 3_000_001,
}  # fmt: skip
EXACTLY = {"amount_ex_vat_pence": 2_500_000, "amount_inc_vat_pence": 3_000_000}
OLDER = {"contract_ref": "F-1", "regime": "pcr2015", "agreement_kind": "framework"}
OF_THE_ACT = {**OLDER, "contract_ref": "F-2", "regime": "pa23"}

# What one line is published as, if at all: reg 38A(2) asks for the value net of VAT.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("s.70(1), s.123(2): £30,000.01 with VAT", {}, {}, True),
    ("s.70(1): £30,000.00 with VAT", EXACTLY, {}, False),
    ("s.123(2): gross not stated, net and VAT come to £30,000.01", {"amount_inc_vat_pence": None}, {}, True),
    ("s.123(2): VAT not stated either, £25,000.01 net is not over", {"amount_inc_vat_pence": None, "vat_pence": None}, {}, False),
    ("s.123(2): VAT not stated, £30,000.01 net is over whatever the VAT", {"amount_ex_vat_pence": 3_000_001, "amount_inc_vat_pence": None, "vat_pence": None}, {}, True),
    ("s.70(2), (5): first day of the quarter", {"paid_on": "2026-07-01"}, {}, True),
    ("s.70(2), (5): the day before", {"paid_on": "2026-06-30"}, {}, False),
    ("s.70(2), (5): the day after the quarter", {"paid_on": "2026-10-01"}, {}, False),
    ("SI 2025/1316 reg 2(2): commenced on 31 March 2026", {}, {"procurement_commenced_on": "2026-03-31"}, False),
    ("SI 2026/360 reg 6: day of commencement not known", {}, {"procurement_commenced_on": None}, False),
    ("s.3: a penny below the threshold", {}, {"value_inc_vat_pence": 20_771_999}, False),
    ("s.3: net value alone reaches the threshold", {}, {"value_inc_vat_pence": None, "value_ex_vat_pence": 20_772_000}, True),
    ("s.3: net value alone, a penny below", {}, {"value_inc_vat_pence": None, "value_ex_vat_pence": 20_771_999}, False),
    ("s.70: light touch is in, at £663,540", {}, {"is_light_touch": True, "value_inc_vat_pence": 66_354_000}, True),
    ("s.70: light touch, a penny below", {}, {"is_light_touch": True, "value_inc_vat_pence": 66_353_999}, False),
    ("Sch 1: works, at £5,193,000", {}, {"procurement_category": "works", "value_inc_vat_pence": 519_300_000}, True),
    ("Sch 1: works, a penny below", {}, {"procurement_category": "works", "value_inc_vat_pence": 519_299_999}, False),
    ("s.70(4): concession", {}, {"agreement_kind": "concession", "value_inc_vat_pence": 900_000_000}, False),
    ("s.70(4): school contract", {}, {"is_school_contract": True}, False),
    ("a framework carries no payment", {}, {"agreement_kind": "framework"}, False),
    ("call-off from a framework under the Act", {}, {"agreement_kind": "call-off", "parent_ref": "F-2"}, True),
    ("call-off from an older framework", {}, {"agreement_kind": "call-off", "parent_ref": "F-1"}, False),
    ("call-off under the Act from a framework not known: in, and named by SP-019", {}, {"agreement_kind": "call-off", "parent_ref": "F-9"}, True),
    ("SI 2025/1316 reg 2: legacy contract", {}, {"regime": "pcr2015"}, False),
    ("PR24 reg 43: health", {}, {"regime": "psr"}, False),
    ("a credit is no payment", {"amount_ex_vat_pence": -2_500_001, "vat_pence": -500_000, "amount_inc_vat_pence": -3_000_001, "is_credit_note": True}, {}, False),
    ("marked as a credit, its amount is above zero (SP-009): no payment", {"is_credit_note": True}, {}, False),
    ("no contract is named", {"contract_ref": None}, {}, False),
]  # fmt: skip


def line(gross: int, **more: Any) -> dict[str, Any]:
    """A line of invoice I-1 without VAT, so that net and gross are one."""
    amounts = {"amount_ex_vat_pence": gross, "vat_pence": 0, "amount_inc_vat_pence": gross}
    return {"invoice_ref": "I-1", **amounts, **more}


HALF, MORE = line(1_500_000), line(1_500_001)
CREDIT = {"is_credit_note": True}
BY_NUMBER = {"invoice_ref": None, "payment_ref": "P-9"}
BARE = {"invoice_ref": None, "payment_ref": None}

# Several lines of the quarter, and what is published of them.
SPLIT: list[tuple[str, list[dict[str, Any]], list[int]]] = [
    ("s.70(1): £30,000.00 over two lines of an invoice", [HALF, HALF], []),
    ("s.70(1): £30,000.01 over two lines of an invoice", [HALF, MORE], [3_000_001]),
    ("s.70(1): the same over two cost centres and files", [HALF, {**MORE, "source_file": "g", "department": "B"}], [3_000_001]),
    ("s.70(1): £30,000.01 over three lines", [line(1_000_000), line(1_000_000), line(1_000_001)], [3_000_001]),
    ("s.70(1): over two days it is two payments", [HALF, {**MORE, "paid_on": "2026-09-29"}], []),
    ("s.70(2): its other line was paid the day before the quarter", [{**HALF, "paid_on": "2026-07-01"}, {**MORE, "paid_on": "2026-06-30"}], []),
    ("s.70(1): two invoices on a day are two payments, not added", [HALF, {**MORE, "invoice_ref": "I-2"}], []),
    ("s.70(1): two invoices under one payment number are a payment of each", [{**HALF, "payment_ref": "P"}, {**MORE, "invoice_ref": "I-2", "payment_ref": "P"}], []),
    ("s.70(1): without invoice numbers, lines of one payment number are one payment", [HALF | BY_NUMBER, MORE | BY_NUMBER], [3_000_001]),
    ("s.70(1): the number of the payment says nothing on another day", [HALF | BY_NUMBER, MORE | BY_NUMBER | {"paid_on": "2026-09-29"}], []),
    ("s.70(1): lines without any number are payments of their own", [HALF | BARE, MORE | BARE], []),
    ("s.70(1): words for no number are none", [{**HALF, "invoice_ref": "n/a"}, {**MORE, "invoice_ref": "n/a"}], []),
    ("s.70(1): a line without a number is over by itself", [HALF | BARE, line(3_000_001, **BARE)], [3_000_001]),
    ("reg 38A(2): one invoice number of two payees", [HALF, {**MORE, "supplier_ledger_id": "V2"}], []),
    ("reg 38A(2): payees told apart by name alone", [{**HALF, "supplier_ledger_id": None}, {**MORE, "supplier_ledger_id": None, "supplier_name": "EXAMPLE LIMITED"}], [3_000_001]),
    ("s.70(1): shares of two contracts, each at £30,000.00", [line(3_000_000), line(3_000_000, contract_ref="C-2")], []),
    ("s.70(1): shares of two contracts, one over", [line(3_000_001), line(3_000_000, contract_ref="C-2")], [3_000_001]),
    ("s.70(1): shares of two contracts, both over", [line(3_000_001), line(3_000_002, contract_ref="C-2")], [3_000_001, 3_000_002]),
    ("s.70(1): the share that names no contract", [line(1_500_001), line(9_000_000, contract_ref=None)], []),
    ("a credit in the payment is taken off it: £30,000.00 is left", [line(3_000_001), line(-1, **CREDIT)], []),
    ("a credit in the payment is taken off it: £30,000.01 is left", [line(3_000_002), line(-1, **CREDIT)], [3_000_001]),
    ("a retention, no credit note, is taken off too", [line(3_100_000), line(-100_000)], []),
    ("reversed on its day: no payment was made", [line(3_000_001), line(-3_000_001, **CREDIT)], []),
    ("a credit of another day is no part of the payment", [line(3_000_001), line(-1, paid_on="2026-09-29", **CREDIT)], [3_000_001]),
    ("a credit with a number of its own is no part of the payment", [line(3_000_001), line(-1, invoice_ref="CN-1", **CREDIT)], [3_000_001]),
    ("s.123(2): VAT of one line is not stated: £30,000.00 at least", [HALF, {**HALF, "vat_pence": None, "amount_inc_vat_pence": None}], []),
    ("s.123(2): VAT of one line is not stated: £30,000.01 at least", [HALF, {**MORE, "vat_pence": None, "amount_inc_vat_pence": None}], [3_000_001]),
    ("reg 38A(2)(e): net of the VAT of both lines", [line(1_500_000, amount_ex_vat_pence=1_250_000, vat_pence=250_000), MORE], [2_750_001]),
]  # fmt: skip


def selected(
    payments: Sequence[Mapping[str, Any]],
    register: Sequence[Mapping[str, Any]],
    payer: PayingAuthority = PAYER,
    reading: Mapping[str, Any] | None = None,
    noticed: Sequence[Mapping[str, Any]] = (),
    decided: Sequence[Mapping[str, Any]] = (),
) -> pd.DataFrame:
    rules = PARAMETERS.duties
    read = replace(rules, section_70_reading=replace(rules.section_70_reading, **(reading or {})))
    lines = [{**PAYMENT, "source_row": number, **row} for number, row in enumerate(payments, 2)]
    return select_over_30k(
        from_rows(lines, keys.CORE_PAYMENT),
        from_rows([{**OLDER}, {**OF_THE_ACT}, *map(dict, register)], keys.CORE_CONTRACT),
        from_rows([dict(one) for one in decided], keys.CORE_DECISION),
        from_rows([dict(one) for one in noticed], SUPPLIERS) if noticed else empty(SUPPLIERS),
        replace(PARAMETERS, duties=read),
        parse_period("2026-27-Q2"),
        payer,
    )


def published_of(
    cases: Sequence[Sequence[Mapping[str, Any]]], reading: Mapping[str, Any] | None = None
) -> list[list[int]]:
    """The values published of the lines of each case, each under contracts of its own: C-1, and C-2 if it says so."""
    lines: list[dict[str, Any]] = []
    for number, case in enumerate(cases):
        for one in case:
            ref, ledger_id = one.get("contract_ref", "C-1"), one.get("supplier_ledger_id", "V1")
            lines.append(
                {
                    **one,
                    "contract_ref": ref and f"{ref} {number}",
                    "supplier_ledger_id": ledger_id and f"{ledger_id} {number}",
                }
            )
    refs = [(f"C-{place} {number}", str(number)) for number in range(len(cases)) for place in (1, 2)]
    register = [{**CONTRACT, "contract_ref": ref, "ocid": ocid} for ref, ocid in refs]
    found = selected(lines, register, reading=reading)
    return [sorted(found.loc[found["ocid"] == str(n), "amount_ex_vat_pence"]) for n in range(len(cases))]


@pytest.fixture(scope="module")
def published() -> dict[str, int]:
    """The net values published of the quarter from July to September 2026, in pence, by number of the case."""
    payments: list[dict[str, Any]] = []
    register: list[dict[str, Any]] = []
    for number, (_, payment, contract, _) in enumerate(CASES):
        own = {"payment_ref": f"P-{number}", "contract_ref": f"C-{number}"}
        payments.append(own | payment)
        register.append(CONTRACT | {"contract_ref": f"C-{number}"} | contract)
    found = selected(payments, register)
    return dict(zip(found["payment_ref"], found["amount_ex_vat_pence"], strict=True))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_what_section_70_publishes(published: dict[str, int], number: int) -> None:
    _, payment, _, is_published = CASES[number]
    net = (PAYMENT | payment)["amount_ex_vat_pence"]
    assert published.get(f"P-{number}") == (net if is_published else None)


@pytest.fixture(scope="module")
def of_split() -> list[tuple[list[int], list[int]]]:
    """What is published of each case of several lines, in their order and the other way round."""
    cases = [lines for _, lines, _ in SPLIT]
    return list(zip(published_of(cases), published_of([case[::-1] for case in cases]), strict=True))


@pytest.mark.parametrize("number", range(len(SPLIT)), ids=[case[0] for case in SPLIT])
def test_the_ledger_lines_of_one_payment_are_tested_and_published_as_one(
    of_split: list[tuple[list[int], list[int]]], number: int
) -> None:
    expected = SPLIT[number][2]
    assert of_split[number] == (expected, expected)


AT_AWARD: list[tuple[str, int, int, int, bool]] = [
    (
        "s.3: awarded at £207,720 with VAT, lowered, register not yet",
        17_310_000,
        17_310_000,
        10_000_000,
        True,
    ),
    ("s.3: awarded at £207,720 with VAT, lowered, register too", 10_000_000, 17_310_000, 10_000_000, True),
    ("s.3: awarded a penny below, lowered", 10_000_000, 17_309_999, 10_000_000, False),
    ("s.74(1): raised to £207,720 with VAT, register not yet", 10_000_000, 10_000_000, 17_310_000, True),
    ("s.74(1): raised to £207,720 with VAT, register too", 17_310_000, 10_000_000, 17_310_000, True),
    ("s.74(1): raised to a penny below", 17_309_999, 10_000_000, 17_309_999, False),
]


def test_a_contract_is_public_by_its_value_at_award_or_by_a_change() -> None:
    """Pence excluding VAT that the register shows, at award, and after the change that is decided."""
    lines, register, decided = [], [], []
    for number, (_, shown, awarded, then, _) in enumerate(AT_AWARD):
        ref = f"C-{number}"
        values = {"value_ex_vat_pence": shown, "value_inc_vat_pence": shown * 6 // 5}
        lines.append({"contract_ref": ref, "payment_ref": ref})
        register.append({**CONTRACT, "contract_ref": ref, **values})
        decided.append({
            "decision_id": f"D-{number}", "decision_kind": "value change", "subject": ref, "decided_on": "2026-08-01",
            "effective_on": "2026-08-01", "original_value_pence": awarded, "value_before_pence": awarded,
            "value_after_pence": then,
        })  # fmt: skip
    found = set(selected(lines, register, decided=decided)["payment_ref"])
    told = [(text, f"C-{number}" in found) for number, (text, *_) in enumerate(AT_AWARD)]
    assert told == [(text, is_in) for text, *_, is_in in AT_AWARD]


def test_what_the_law_leaves_open_is_a_setting() -> None:
    runs = [{**HALF, "payment_ref": "P"}, {**MORE, "invoice_ref": "I-2", "payment_ref": "P"}]
    just = [line(2_000_000), line(1_000_000, contract_ref="C-2")]
    over = [line(2_000_000), line(1_000_001, contract_ref="C-2")]
    bare = [line(1), line(3_000_000, contract_ref=None)]
    less = [line(3_000_001), line(-100, **CREDIT)]
    nothing = [line(3_000_001), line(100, contract_ref="C-2"), line(-100, contract_ref="C-2")]
    shares = [1_000_001, 2_000_000]
    one = [3_000_001]
    cases = [runs, [HALF, MORE], just, over, bare, less, nothing]
    assert published_of(cases) == [[], one, [], [], [], [], one]
    assert published_of(cases, {"one_payment": "payment number"}) == [one, one, [], [], [], [], one]
    assert published_of(cases, {"several_contracts": "whole payment"}) == [[], one, [], shares, [1], [], one]
    assert published_of(cases, {"credits": "left out"}) == [[], one, [], [], [], one, one]


def test_who_may_not_be_named_in_one_line_is_not_named_in_the_payment() -> None:
    """UK GDPR: one line that is about a person redacts the whole payment, and takes the identifier along."""
    person, care = {"payee_kind": "individual"}, {"purpose": "Foster care allowance"}
    about: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
        ({}, {"purpose": "Refuse"}, None),
        ({}, person, "individual"),
        ({}, care, "purpose"),
        (care, person, "individual"),
    ]
    known = {"supplier_key": "GB-COH-1"}
    lines: list[dict[str, Any]] = []
    for number, (one, other, _) in enumerate(about):
        lines += [{**HALF, **known, "contract_ref": f"C-{number}", **one}]
        lines += [{**MORE, **known, "contract_ref": f"C-{number}", **other}]
    refs = [{"contract_ref": f"C-{number}", "contract_id": str(number)} for number in range(len(about))]
    register = [{**CONTRACT, **known, "supplier_ppon": "PFFF-1111-FFFF", **ref} for ref in refs]
    for given in (lines, lines[::-1]):
        found = selected(given, register).sort_values("contract_id")
        told = found.astype(object).where(found.notna(), None)
        assert told["payee_reason"].tolist() == [reason for *_, reason in about]
        assert told["supplier_name"].tolist() == ["Example Ltd", REDACTED, REDACTED, REDACTED]
        assert told["supplier_id"].tolist() == ["GB-PPON-PFFF-1111-FFFF", None, None, None]


def test_another_authority_that_published_the_contract_details_is_named_beside_the_payer() -> None:
    """PR24 reg 38A(2)(b): the same four facts, if different."""
    columns = ["publisher_name", "publisher_address", "publisher_email", "publisher_id"]
    lines = [{"contract_ref": "C-1"}]
    assert selected(lines, [CONTRACT])[columns].isna().all(axis=None)
    other = PayingAuthority("Other Council", "2 Street", "b@example.org", "pbcd-9999-fghj")
    found = selected(lines, [CONTRACT], replace(PAYER, publisher=other))
    assert found[columns].to_numpy().tolist() == [["Other Council", "2 Street", "b@example.org", "GB-PPON-PBCD-9999-FGHJ"]]  # fmt: skip
    assert found["payer_id"].tolist() == ["GB-PPON-PBCD-1234-FGHJ"]


NAMED = {"supplier_key": "GB-COH:99000001", "supplier_name": "Example Ltd"}
PROCURED = {"ocid": "ocds-x-1", "contract_id": "1"}
OF_NOTICE = {**PROCURED, "release_id": "000001-2026", "published_on": "2026-06-27"}
THEIRS = {**OF_NOTICE, "supplier_key": "GB-PPON:PAAA-1111-AAAA", "supplier_name": "EXAMPLE LIMITED"}
NOTICED = {**THEIRS, "supplier_ppon": "PAAA-1111-AAAA"}
LATER = {"release_id": "000002-2026", "published_on": "2026-06-28"}
OWN = "GB-COH-99000001"
BY_NOTICE = "GB-PPON-PAAA-1111-AAAA"

# What the payee, the register and the notices of the contract say, and the identifier that is published.
IDENTIFIED: list[tuple[str, dict[str, Any], dict[str, Any], list[dict[str, Any]], str | None]] = [
    ("reg 38A(2): the register's goes before the notice's", {}, {"supplier_ppon": "PFFF-1111-FFFF"}, [NOTICED], "GB-PPON-PFFF-1111-FFFF"),
    ("reg 38A(3): the register has none and the contract's notice has it", {}, {}, [NOTICED], BY_NOTICE),
    ("the supplier of the notice by key, under another name", {}, {}, [{**NOTICED, "supplier_key": "GB-COH:99000001", "supplier_name": "Trading name"}], BY_NOTICE),
    ("the second supplier of the contract is paid, and the notice names both", {"supplier_key": "GB-COH:99000002", "supplier_name": "Partner"}, {"supplier_ppon": "PFFF-1111-FFFF"}, [{**NOTICED, "supplier_name": "Partner Ltd"}], BY_NOTICE),
    ("reg 8: neither has one, and the company number is known", {}, {}, [], OWN),
    ("reg 8: the notice names the supplier without one", {}, {}, [THEIRS], OWN),
    ("reg 8: a charity number", {"supplier_key": "GB-CHC:9990001"}, {}, [], "GB-CHC-9990001"),
    ("the notice names another firm", {}, {}, [{**NOTICED, "supplier_name": "Other Ltd"}], OWN),
    ("another firm of the same name, by its company number", {}, {}, [{**NOTICED, "supplier_company_number": "99000002"}], OWN),
    ("the same firm, by its company number too", {}, {}, [{**NOTICED, "supplier_company_number": "99000001"}], BY_NOTICE),
    ("the contract's supplier is another firm of the same name, by its company number", {"supplier_key": "GB-COH:99000077"}, {"supplier_ppon": "PFFF-1111-FFFF"}, [], "GB-COH-99000077"),
    ("the notice's supplier is another firm of the same name, by its key", {}, {}, [{**NOTICED, "supplier_key": "GB-COH:99000002"}], OWN),
    ("the contract's supplier has the name and a number of another register", {"supplier_key": "GB-CHC:9990001"}, {"supplier_ppon": "PFFF-1111-FFFF"}, [], "GB-PPON-PFFF-1111-FFFF"),
    ("another contract of the procurement", {}, {}, [{**NOTICED, "contract_id": "2"}], OWN),
    ("another procurement", {}, {}, [{**NOTICED, "ocid": "ocds-x-2"}], OWN),
    ("neither the register nor the notice numbers the contract", {}, {"contract_id": None}, [{**NOTICED, "contract_id": None}], OWN),
    ("a later notice gives another", {}, {}, [{**NOTICED, **LATER, "supplier_ppon": "PBBB-1111-BBBB"}, NOTICED], "GB-PPON-PBBB-1111-BBBB"),
    ("a later notice gives none", {}, {}, [NOTICED, {**THEIRS, **LATER}], BY_NOTICE),
    ("one notice gives the name two", {}, {}, [NOTICED, {**NOTICED, "supplier_ppon": "PBBB-1111-BBBB"}], OWN),
    ("a payee who is redacted has none", {"payee_kind": "individual"}, {"supplier_ppon": "PFFF-1111-FFFF"}, [NOTICED], None),
]  # fmt: skip


@pytest.fixture(scope="module")
def identified() -> list[dict[str, str]]:
    """The identifier published by number of the case, notices in the order given and the other way round."""
    payments: list[dict[str, Any]] = []
    register: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    for number, (_, paid, contract, noticed, _) in enumerate(IDENTIFIED):
        ref = {"contract_ref": f"C-{number}"}
        payments.append({**NAMED, "payment_ref": str(number), **paid, **ref})
        register.append({**CONTRACT, **NAMED, **PROCURED, **contract, **ref})
        register[-1]["ocid"] += f" {number}"
        notices += [{**one, "ocid": f"{one['ocid']} {number}"} for one in noticed]
    both = [selected(payments, register, noticed=given) for given in (notices, notices[::-1])]
    return [dict(zip(one["payment_ref"], one["supplier_id"], strict=True)) for one in both]


@pytest.mark.parametrize("number", range(len(IDENTIFIED)), ids=[case[0] for case in IDENTIFIED])
def test_the_supplier_paid_is_identified_wherever_the_council_knows_it(
    identified: list[dict[str, str]], number: int
) -> None:
    found = [one[str(number)] for one in identified]
    assert [one if isinstance(one, str) else None for one in found] == [IDENTIFIED[number][-1]] * 2

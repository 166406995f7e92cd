"""Section 70 case by case, each with its paragraph; a penny and a day on both sides of every edge."""

from __future__ import annotations

from typing import Any

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority, select_over_30k
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows

PAYER = PayingAuthority("Example Council", "1 Nowhere Street", "a@example.org", "GB-PPON-PBCD-1234-FGHJ")
CONTRACT = {
    "contract_ref": "C-1", "supplier_name": "Example Ltd", "agreement_kind": "contract", "regime": "pa23", "procurement_category": "services",
    "procurement_commenced_on": "2026-04-01", "value_inc_vat_pence": 20_772_000,
}  # fmt: skip
PAYMENT = {
    "contract_ref": "C-1", "payment_ref": "P-1", "paid_on": "2026-09-30", "amount_ex_vat_pence": 2_500_001,
    "vat_pence": 500_000, "amount_inc_vat_pence": 3_000_001,
}  # fmt: skip
EXACTLY = {"amount_ex_vat_pence": 2_500_000, "amount_inc_vat_pence": 3_000_000}
OLDER = {"contract_ref": "F-1", "regime": "pcr2015", "agreement_kind": "framework"}
OF_THE_ACT = {**OLDER, "regime": "pa23"}

CASES = [
    ("s.70(1), s.123(2): £30,000.01 with VAT", {}, {}, True),
    ("s.70(1): £30,000.00 with VAT", EXACTLY, {}, False),
    ("s.70(1): two payments of £30,000.00 on a day, the first", {**EXACTLY, "contract_ref": "C-0"}, {}, False),
    ("s.70(1): two payments of £30,000.00 on a day, the second", {**EXACTLY, "contract_ref": "C-0"}, {}, False),
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
    ("SI 2025/1316 reg 2: legacy contract", {}, {"regime": "pcr2015"}, False),
    ("PR24 reg 43: health", {}, {"regime": "psr"}, False),
    ("a credit is no payment", {"amount_ex_vat_pence": -2_500_001, "vat_pence": -500_000, "amount_inc_vat_pence": -3_000_001, "is_credit_note": True}, {}, False),
    ("no contract is named", {"contract_ref": None}, {}, False),
]  # fmt: skip


@pytest.fixture(scope="module")
def published() -> dict[str, int]:
    """The net values published of the quarter from July to September 2026, in pence, by number of the case."""
    place = {"source_sha256": "a", "source_name": "l", "source_file": "f", "supplier_name": "Example Ltd"}
    payments: list[dict[str, Any]] = []
    register: list[dict[str, Any]] = [OLDER, {**OF_THE_ACT, "contract_ref": "F-2"}]
    for number, (_, payment, contract, _) in enumerate(CASES):
        own = {**place, "source_row": number, "payment_ref": f"P-{number}", "contract_ref": f"C-{number}"}
        payments.append({**PAYMENT, **own, **payment})
        register.append({**CONTRACT, "contract_ref": f"C-{number}", **contract})
    found = select_over_30k(
        from_rows(payments, keys.CORE_PAYMENT),
        from_rows(register, keys.CORE_CONTRACT),
        empty(keys.CORE_DECISION),
        load_parameters(),
        parse_period("2026-27-Q2"),
        PAYER,
    )
    return dict(zip(found["payment_ref"], found["amount_ex_vat_pence"], strict=True))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_what_section_70_publishes(published: dict[str, int], number: int) -> None:
    _, payment, _, is_published = CASES[number]
    net = (PAYMENT | payment)["amount_ex_vat_pence"]  # reg 38A(2): the value is net of VAT
    assert published.get(f"P-{number}") == (net if is_published else None)


def test_payments_are_not_added_together(published: dict[str, int]) -> None:
    alike = [n for n, case in enumerate(CASES) if case[0].startswith("s.70(1): two payments of")]
    assert len(alike) == 2
    assert not published.keys() & {f"P-{number}" for number in alike}

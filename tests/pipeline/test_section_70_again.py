"""Section 70 worked out a second time, in plain Python from the statute's words; shares no code with the program.

It reads the warehouse with the standard library's sqlite3 and knows the law's figures by itself:
Procurement Act 2023 s.3, s.70, s.123(2); SI 2025/1316 reg 2(2); SI 2026/360 reg 6; PPN 023 for 2026.
"""

from __future__ import annotations

import csv
import sqlite3
from decimal import Decimal

from tests.pipeline.support import County

THRESHOLDS_2026 = {"goods": 20772000, "services": 20772000, "works": 519300000}
LIGHT_TOUCH_2026 = 66354000


def reaches(contract, frameworks) -> bool:
    if contract["regime"] != "pa23" or contract["is_school_contract"]:
        return False
    if contract["agreement_kind"] in ("framework", "concession"):
        return False
    if not contract["procurement_commenced_on"] or contract["procurement_commenced_on"] < "2026-04-01":
        return False
    parent = frameworks.get(contract["parent_ref"])
    if parent is not None and parent["regime"] != "pa23":
        return False
    light = contract["is_light_touch"]
    limit = LIGHT_TOUCH_2026 if light else THRESHOLDS_2026[contract["procurement_category"]]
    return contract["value_inc_vat_pence"] is not None and contract["value_inc_vat_pence"] >= limit


def admitted(county: County) -> list[tuple[str, str, str, str]]:
    connection = sqlite3.connect(county.warehouse)
    connection.row_factory = sqlite3.Row
    contracts = {
        c["contract_ref"]: c for c in connection.execute("select * from core_register__entity_contract")
    }
    chosen = []
    for payment in connection.execute("select * from core_payments__event_payment"):
        contract = contracts.get(payment["contract_ref"])
        if contract is None or not reaches(contract, contracts):
            continue
        if not "2026-07-01" <= payment["paid_on"][:10] <= "2026-09-30":
            continue
        if payment["amount_inc_vat_pence"] <= 3000000:
            continue
        net = f"{Decimal(payment['amount_ex_vat_pence']) / 100:.2f}"
        chosen.append((contract["ocid"], contract["contract_id"], payment["paid_on"][:10], net))
    return sorted(chosen)


def test_the_section_70_file_holds_exactly_the_payments_that_the_law_admits(county: County):
    with (county.pack / "payments-over-30k.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    published = sorted(
        (r["procurement_id"], r["contract_id"], r["payment_date"], r["value_net_vat"]) for r in rows
    )

    assert published == admitted(county)
    assert len(published) >= 10, "the sample has payments to publish"


def test_the_second_implementation_can_disagree(county: County):
    """Without the date test it admits more: the comparison above would have shown it."""
    connection = sqlite3.connect(county.warehouse)
    late = "select count(*) from core_register__entity_contract where procurement_commenced_on = '2026-03-31'"

    assert connection.execute(late).fetchone()[0] >= 1

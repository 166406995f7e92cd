"""The preview of a table in the UI, which has no login: what tells rows apart, and nothing personal."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from assets.materialize import PREVIEW_COLUMNS, PREVIEW_ROWS, preview
from kcc_etl import asset_keys as keys
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES


def shown(table: str, *rows: dict[str, object]) -> list[dict[str, object]]:
    made = preview(from_rows(list(rows), table), TABLES[table])
    return [dict(record.data) for record in made.records]


def test_the_key_comes_first_then_figures_that_vary():
    rows = [{"contract_ref": f"C-{n}", "department": "Roads", "value_ex_vat_pence": n * 100} for n in (1, 2)]
    first = list(shown(keys.CORE_CONTRACT, *rows)[0].items())

    assert first[:2] == [("Contract reference", "C-1"), ("Value ex VAT (£)", "1.00")]


def test_a_column_that_never_varies_gives_way():
    same = {"payer_name": "Council", "payer_address": "1 Square", "period": "2026-27-Q2"}
    rows = [
        {
            **same,
            "contract_id": f"K{n}",
            "payment_ref": f"P{n}",
            "paid_on": date(2026, 7, n),
            "ocid": f"o{n}",
            "amount_ex_vat_pence": n,
            "amount_inc_vat_pence": n + 1,
        }
        for n in (1, 2)
    ]

    assert set(list(shown(keys.OUT_OVER_30K, *rows)[0])[:6]) == {
        "Net amount (£)",
        "Gross amount (£)",
        "Procurement identifier (OCID)",
        "Contract identifier",
        "Payment date",
        "Payment reference",
    }


@pytest.mark.parametrize("name", ["supplier_name", "supplier_key", "supplier_postcode"])
def test_what_may_name_a_person_is_left_out(name: str):
    rows = [{"contract_ref": f"C-{n}", name: f"name:jo bloggs {n}"} for n in (1, 2)]

    assert "jo bloggs" not in str(shown(keys.CORE_CONTRACT, *rows))


def test_a_quantity_is_written_as_a_decimal():
    rows = [{"contract_ref": f"C-{n}", "claimed": Fraction(507, n)} for n in (2, 3)]

    assert [record["Claimed"] for record in shown(keys.CORE_CLAIM, *rows)] == ["253.5", "169"]


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_has_a_preview_even_when_it_is_empty(name: str):
    made = preview(empty(name), TABLES[name])

    assert made.records == []
    assert 0 < len(made.schema.columns) <= PREVIEW_COLUMNS


def test_the_preview_is_short_and_answers_yes_or_no():
    rows = [{"contract_ref": f"C-{n}", "is_light_touch": bool(n % 2)} for n in range(PREVIEW_ROWS + 5)]
    told = shown(keys.CORE_CONTRACT, *rows)

    assert len(told) == PREVIEW_ROWS
    assert {record["Light touch"] for record in told} == {"Yes", "No"}

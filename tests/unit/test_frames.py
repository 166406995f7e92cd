"""Frames take the dictionary's types, whatever object columns the readers hand over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.schema.frames import DTYPES, conform, empty, from_rows
from kcc_etl.schema.tables import TABLES


@pytest.mark.parametrize("table", list(TABLES))
def test_an_empty_table_has_every_column_with_its_type(table: str) -> None:
    frame = empty(table)
    assert list(frame.columns) == list(TABLES[table].columns)
    assert [str(kind) for kind in frame.dtypes] == [DTYPES[field.type] for field in TABLES[table].fields]


@pytest.mark.parametrize("table", list(TABLES))
def test_a_row_of_nothing_is_missing_in_every_column_with_the_same_types(table: str) -> None:
    frame = from_rows([{}, {}], table)
    assert frame.isna().all(axis=None)
    pd.testing.assert_series_equal(frame.dtypes, empty(table).dtypes)


def test_columns_come_in_the_order_of_the_dictionary_and_others_are_dropped() -> None:
    row = {"row_count": 2, "note": "x", "table_version": "v", "table_name": "ledger"}
    assert list(from_rows([row], "table_version").columns) == list(TABLES["table_version"].columns)


def test_a_missing_column_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        conform(pd.DataFrame({"table_name": ["ledger"]}), "table_version")


def test_money_next_to_missing_money_stays_an_integer() -> None:
    pence = 9_007_199_254_740_993  # 2**53 + 1, which a float cannot hold
    frame = from_rows([{"amount_ex_vat_pence": pence}, {}], keys.RAW_PAYMENT)
    assert frame["amount_ex_vat_pence"].dtype == "Int64"
    assert frame["amount_ex_vat_pence"][0] == pence


def test_half_a_penny_is_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        from_rows([{"amount_ex_vat_pence": 0.5}], keys.RAW_PAYMENT)


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (Fraction(60, 11), Fraction(60, 11)),
        ("60/11", Fraction(60, 11)),
        (Decimal("0.1"), Fraction(1, 10)),
        (7, Fraction(7)),
        (None, None),
    ],
)
def test_exact_quantities_stay_exact(given: object, exact: Fraction | None) -> None:
    assert from_rows([{"claimed": given}], keys.RAW_CLAIM)["claimed"].tolist() == [exact]


def test_an_empty_text_and_a_missing_text_differ() -> None:
    frame = from_rows([{"source_sheet": ""}, {"source_sheet": None}], keys.RAW_CLAIM)
    assert frame["source_sheet"].isna().tolist() == [False, True]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(2026, 11, 23), date(9999, 12, 31)])
def test_any_day_of_the_calendar_is_a_date(day: date) -> None:
    frame = from_rows([{"paid_on": day}, {}], keys.RAW_PAYMENT)
    assert frame["paid_on"][0].date() == day
    assert frame["paid_on"].dtype == "datetime64[us]"


def test_conforming_twice_changes_nothing() -> None:
    once = from_rows(
        [{"claimed": "1/3", "is_nil": True, "source_row": 13, "received_on": date(2026, 10, 5)}, {}],
        keys.RAW_CLAIM,
    )
    pd.testing.assert_frame_equal(conform(once, keys.RAW_CLAIM), once)


def test_the_frame_that_is_conformed_is_left_alone() -> None:
    given = pd.DataFrame(
        {
            "table_name": ["b", "a"],
            "table_version": ["", ""],
            "row_count": ["1", "2"],
            "period": ["", ""],
            "made_on": ["", ""],
        },
        index=[7, 3],
    )
    before = given.copy(deep=True)
    conform(given, "table_version")
    pd.testing.assert_frame_equal(given, before)

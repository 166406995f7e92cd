"""Releases that count, their parts, and each contract by its latest notices."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.domain.notices import Notices, build_notices
from kcc_etl.schema.frames import empty, from_rows

NO_COLUMNS = empty("file_column")
US = "GB-PPON-PABC-1234-DEFG"


def release(number: str, *contracts: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = [{"contract_place": place, **contract} for place, contract in enumerate(contracts, 1)]
    row = {
        "source_sha256": "s", "source_file": "a.json", "source_name": "src", "source_row": 1,
        "row_digest": number, "release_id": number, "ocid": "o-1", "notice_type": "UK7",
        "published_on": "2026-08-01", "buyer_id": US, "release_tags": "award|contract",
    }  # fmt: skip
    return {**row, "contracts_json": json.dumps(told), **more}


def deal(number: str = "1", supplier: str = "Acme Ltd", **more: Any) -> dict[str, Any]:
    named = dict.fromkeys(("supplier_company_number", "supplier_charity_number", "supplier_ppon"))
    suppliers = [{**named, "supplier_name": supplier}] if supplier else []
    return {"contract_id": number, "award_id": number, "suppliers": suppliers, **more}


def built(*releases: dict[str, Any]) -> Notices:
    return build_notices(from_rows(list(releases), keys.RAW_NOTICE), NO_COLUMNS)


def noticed(*releases: dict[str, Any]) -> list[dict[str, Any]]:
    notices = built(*releases)
    frame = build_noticed_contracts(notices.core.rows, notices.parts)
    return [dict(row) for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]


def aside(notices: Notices) -> list[tuple[str, str, str]]:
    held = notices.core.set_aside
    return sorted(zip(held["source_file"], held["fate"], held["rule_id"], strict=True))


def test_a_notice_gives_a_row_for_each_contract_and_a_gross_only_value_stays_gross_only() -> None:
    notices = built(
        release("1", deal("1", "A", value_inc_vat_pence=120), deal("2", value_ex_vat_pence=5)),
        release("2", contract_title="Gritting", source_row=2),
    )
    rows = notices.core.rows
    assert rows[["release_id", "contract_place"]].values.tolist() == [["1", 1], ["1", 2], ["2", 1]]
    assert rows["value_inc_vat_pence"].tolist() == [120, pd.NA, pd.NA]
    assert rows["value_ex_vat_pence"].tolist() == [pd.NA, 5, pd.NA]
    assert rows["supplier_name"].tolist()[:2] == ["A", "Acme Ltd"]
    assert rows["contract_title"].tolist()[2] == "Gritting"


def test_the_same_release_counts_once_and_another_content_is_told() -> None:
    notices = built(
        release("1", row_digest="x"),
        release("1", row_digest="x", source_file="b.json"),
        release("1", row_digest="w", source_file="c.json"),
        release("1", row_digest="a", source_file="d.json", published_on="2026-08-02"),
    )
    assert notices.core.rows["source_file"].tolist() == ["d.json"]
    assert aside(notices) == [
        ("a.json", "quarantined", "NT-009"),
        ("b.json", "quarantined", "NT-009"),
        ("c.json", "quarantined", "NT-009"),
    ]
    assert aside(built(release("1"), release("1", source_file="b.json"))) == [
        ("b.json", "excluded", "NT-002")
    ]


@pytest.mark.parametrize("files", [("a.json", "b.json"), ("b.json", "a.json")])
def test_which_of_two_contents_of_a_day_counts_does_not_hang_on_file_names(files: tuple[str, str]) -> None:
    one, other = files
    notices = built(
        release("1", row_digest="x", buyer_name="X", source_file=one),
        release("1", row_digest="y", buyer_name="Y", source_file=other),
    )
    assert notices.core.rows["buyer_name"].tolist() == ["Y"]


def test_a_release_without_a_buyer_counts_where_its_procurement_is_ours() -> None:
    performance = {"notice_type": "UK9", "buyer_id": None}
    notices = built(
        release("2", deal(supplier="", kpis=[{"kpi_id": "1", "rating": "met"}]), **performance),
        release("1", deal()),
        release("3", deal(), ocid="o-9", **performance, source_file="z.json"),
    )
    assert aside(notices) == [("z.json", "excluded", "NT-003")]
    kpis = notices.parts[keys.CORE_NOTICE_KPI]
    assert kpis[["release_id", "contract_id", "kpi_id", "rating"]].values.tolist() == [["2", "1", "1", "met"]]


@given(st.permutations(range(7)))
@settings(max_examples=6, deadline=None)
def test_whatever_the_order_of_arrival_the_tables_are_the_same(order: list[int]) -> None:
    releases = [
        release("1", deal()), release("1", deal(), source_file="b.json"),
        release("1", deal(), row_digest="other", source_file="c.json"),
        release("2", deal(), notice_type="UK11", buyer_id=None, source_row=2),
        release("3", deal(), ocid="o-2", buyer_id=None, source_row=3),
        release("4", deal(), release_tags="contractUpdate", published_on="2026-09-01", source_row=4),
        release("5", deal(supplier="Other"), source_row=5),
    ]  # fmt: skip
    first, again = built(*releases), built(*(releases[place] for place in order))
    pd.testing.assert_frame_equal(first.core.rows, again.core.rows)
    assert aside(first) == aside(again)
    assert len(first.core.rows["release_id"].unique()) + len(first.core.set_aside) == len(releases)
    pd.testing.assert_frame_equal(
        build_noticed_contracts(first.core.rows, first.parts),
        build_noticed_contracts(again.core.rows, again.parts),
    )


def test_a_supplier_row_carries_every_identifier_and_our_key() -> None:
    numbers = {"supplier_company_number": "01234567", "supplier_ppon": "PQMB-7761-LBYT"}
    supplier = {"supplier_name": "Acme", "supplier_charity_number": None, **numbers, "supplier_scale": "sme"}
    part = built(release("1", {"contract_id": "1", "suppliers": [supplier]})).parts[keys.CORE_NOTICE_SUPPLIER]
    (row,) = part.to_dict("records")
    assert (row["supplier_key"], row["supplier_ppon"], row["supplier_scale"], row["part_number"]) == (
        "GB-COH:01234567", "PQMB-7761-LBYT", "sme", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("second", "contracts"),
    [
        ({"release_tags": "awardUpdate|contractUpdate"}, 1),
        ({}, 1),
        ({"contracts_json": json.dumps([{"contract_place": 1, **deal(supplier="Another plc")}])}, 2),
        ({"contracts_json": json.dumps([{"contract_place": 1, **deal(signed_on="2026-07-02")}])}, 2),
        ({"ocid": "o-2"}, 2),
    ],
    ids=["an update", "the same once more", "another supplier", "another signature", "another procurement"],
)
def test_the_same_numbers_are_one_contract_or_two(second: dict[str, Any], contracts: int) -> None:
    rows = noticed(
        release("1", deal(signed_on="2026-07-01", value_inc_vat_pence=1)),
        release("2", deal(signed_on="2026-07-01", value_inc_vat_pence=2), published_on="2026-08-02") | second,
    )
    assert len(rows) == contracts
    assert {row["first_release_id"] for row in rows} == ({"1"} if contracts == 1 else {"1", "2"})


def test_two_contracts_with_one_number_in_one_release_are_two() -> None:
    rows = noticed(release("1", deal(supplier=""), deal(supplier="")))
    assert [row["contract_place"] for row in rows] == [1, 2]


def test_an_award_becomes_the_contract_that_names_it() -> None:
    award = {**deal(), "contract_id": None}
    assert [
        row["contract_id"] for row in noticed(release("1", award, notice_type="UK6"), release("2", deal()))
    ] == ["1"]
    other = {**award, **deal(supplier="Another plc"), "contract_id": None}
    rows = noticed(release("1", other, notice_type="UK6"), release("2", deal()))
    assert [row["contract_id"] for row in rows] == ["1", None]


def test_later_notices_add_the_change_the_assessment_and_the_end() -> None:
    change = {"change_kind": "made", "rationale": "More"}
    rows = noticed(
        release("1", deal(value_inc_vat_pence=100, start_on="2026-01-01", end_on="2027-01-01")),
        release(
            "2", deal(supplier="", changes=[change], value_inc_vat_pence=150, start_on="2026-08-05"),
            notice_type="UK10", published_on="2026-08-05",
        ),
        release("3", deal(kpis=[{"kpi_id": "1"}]), notice_type="UK9", published_on="2026-08-06"),
        release(
            "4", deal(ends=[{"end_scope": "contract", "ended_on": "2026-08-07", "end_classes": "other"}]),
            notice_type="UK11", published_on="2026-08-09",
        ),
    )  # fmt: skip
    (row,) = rows
    assert (row["value_inc_vat_pence"], row["changed_value_inc_vat_pence"], row["change_kind"]) == (
        100,
        150,
        "made",
    )
    assert [str(row[day].date()) for day in ("start_on", "end_on", "assessed_on", "ended_on")] == [
        "2026-01-01", "2027-01-01", "2026-08-06", "2026-08-07",
    ]  # fmt: skip
    assert (row["release_id"], row["change_release_id"], row["end_release_id"]) == ("1", "2", "4")


@pytest.mark.parametrize(
    ("supplier", "change", "latest", "former"),
    [
        ("Newcomer Ltd", {}, ["Newcomer Ltd", "2"], "Acme Ltd"),
        ("", {"suppliers_added": "Newcomer Ltd", "suppliers_removed": "Acme Ltd"}, ["Newcomer Ltd", "2"], "Acme Ltd"),
        ("Acme Ltd", {"suppliers_added": "Newcomer Ltd", "suppliers_removed": "ACME LIMITED"},
         ["Newcomer Ltd", "2"], "Acme Ltd"),
        ("", {"suppliers_added": "Newcomer Ltd"}, ["Acme Ltd; Newcomer Ltd", "2"], None),
        ("", {"suppliers_removed": "Acme Ltd"}, ["Acme Ltd", "1"], None),
        ("Acme Limited", {}, ["Acme Ltd", "1"], None),
        ("", {}, ["Acme Ltd", "1"], None),
        ("Newcomer Ltd", {"change_kind": "intended"}, ["Acme Ltd", "1"], None),
    ],
)  # fmt: skip
def test_a_change_that_was_made_gives_the_contract_its_latest_suppliers(
    supplier: str, change: dict[str, Any], latest: list[str], former: str | None
) -> None:
    moved = deal(supplier=supplier, changes=[{"change_kind": "made", "rationale": "Moved", **change}])
    (row,) = noticed(
        release("1", deal(supplier="Acme Ltd")),
        release("2", moved, notice_type="UK10", published_on="2026-08-05"),
    )
    assert [row["supplier_name"], row["supplier_release_id"]] == latest
    assert row["former_supplier_name"] == former
    assert row["former_supplier_keys"] == (former and "name:acme")
    assert ("name:newcomer" in row["supplier_keys"]) == ("Newcomer" in latest[0])


def test_details_that_are_younger_than_a_change_name_the_suppliers() -> None:
    moved = deal(supplier="Newcomer Ltd", changes=[{"change_kind": "made", "rationale": "Moved"}])
    (row,) = noticed(
        release("1", deal(supplier="Acme Ltd")),
        release("2", moved, notice_type="UK10", published_on="2026-08-05"),
        release("3", deal(supplier="Acme Ltd"), published_on="2026-09-01"),
    )
    assert (row["supplier_name"], row["former_supplier_name"]) == ("Acme Ltd", None)


def test_a_later_notice_whose_numbers_several_bear_belongs_to_none() -> None:
    ends = [{"end_scope": "contract", "ended_on": "2026-08-07"}]
    end = release("3", deal(supplier="", ends=ends), notice_type="UK11", published_on="2026-09-01")
    rows = noticed(release("1", deal()), release("2", deal(supplier="Another plc")), end)
    assert [row["ended_on"] for row in rows] == [None, None]
    (alone,) = noticed(end)
    assert (str(alone["ended_on"].date()), alone["notice_type"]) == ("2026-08-07", "UK11")


def test_nothing_in_gives_nothing_out() -> None:
    notices = build_notices(empty(keys.RAW_NOTICE), NO_COLUMNS)
    assert (len(notices.core.rows), len(notices.core.set_aside)) == (0, 0)
    assert {len(part) for part in notices.parts.values()} == {0}
    assert len(build_noticed_contracts(notices.core.rows, notices.parts)) == 0

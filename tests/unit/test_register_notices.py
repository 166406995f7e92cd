"""Register and notices: which contract is which, and what the two disagree on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.register_notices import Joined, join_register_and_notices
from kcc_etl.schema.frames import empty, from_rows

LANDED = {"source_sha256": "s", "source_file": "r.csv", "source_row": 2, "source_name": "src"}


def ours(ref: str = "C-1", **more: Any) -> dict[str, Any]:
    return {**LANDED, "contract_ref": ref, "supplier_name": "Acme Ltd", **more}


def theirs(ocid: str = "o-1", number: str | None = "1", **more: Any) -> dict[str, Any]:
    told = {
        "release_id": "n-1",
        "first_release_id": "n-1",
        "supplier_keys": "name:acme",
        "supplier_name": "Acme",
    }
    return {"ocid": ocid, "contract_id": number, **told, **more}


def joined(register: list[dict[str, Any]], noticed: list[dict[str, Any]]) -> Joined:
    return join_register_and_notices(
        from_rows(register, keys.CORE_CONTRACT), from_rows(noticed, keys.CORE_NOTICED)
    )


def matches(result: Joined) -> list[tuple[str, str, str, bool]]:
    columns = ["contract_ref", "first_release_id", "matched_by", "is_ambiguous"]
    return [tuple(row) for row in result.matches[columns].itertuples(index=False, name=None)]


def facts(result: Joined) -> list[tuple[str, str, str, bool]]:
    columns = ["field_name", "register_value", "notice_value", "is_within_tolerance"]
    return [tuple(row) for row in result.disagreements[columns].itertuples(index=False, name=None)]


START = {"start_on": "2026-04-01"}
PRICED = {"value_inc_vat_pence": 1_200_000}

JOINS = {
    "OCID and contract identifier": (ours(ocid="o-1", contract_id="1"), theirs(), "OCID and contract identifier"),
    "OCID alone, both unique": (ours(ocid="o-1"), theirs(), "OCID"),
    "OCID alone, other identifier": (ours(ocid="o-1", contract_id="9"), theirs(), "OCID"),
    "local reference": (ours("KCC 12"), theirs(tender_ref="kcc12"), "contract reference"),
    "value, date, supplier": (ours(**START, **PRICED), theirs(**START, **PRICED), "value, date and supplier"),
    "value within 1%": (
        ours(**START, **PRICED), theirs(**START, value_inc_vat_pence=1_211_000), "value, date and supplier",
    ),
    "net against gross": (
        ours(**START, value_ex_vat_pence=1_000_000), theirs(**START, **PRICED), "value, date and supplier",
    ),
    "value too far": (ours(**START, **PRICED), theirs(**START, value_inc_vat_pence=1_220_000), None),
    "another day": (ours(**START, **PRICED), theirs(start_on="2026-04-02", **PRICED), None),
    "another supplier": (ours(**START, **PRICED), theirs(**START, **PRICED, supplier_keys="name:b"), None),
    "another OCID is no match by reference": (ours("K", ocid="o-2"), theirs(tender_ref="K"), None),
    "defaults are no value": (
        ours(**START, value_inc_vat_pence=100), theirs(**START, value_inc_vat_pence=100), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JOINS)
def test_what_joins_a_contract_and_its_notice(case: str) -> None:
    register, notice, by = JOINS[case]
    assert [row[2:] for row in matches(joined([register], [notice]))] == ([(by, False)] if by else [])


def test_the_supplier_then_the_value_decide_among_several() -> None:
    register = [ours(ocid="o-1", supplier_name="B", value_inc_vat_pence=500_000)]
    lots = [
        theirs("o-1", "1", first_release_id="a", supplier_keys="name:a", value_inc_vat_pence=500_000),
        theirs("o-1", "2", first_release_id="b", supplier_keys="name:b", value_inc_vat_pence=900_000),
    ]
    assert matches(joined(register, lots)) == [("C-1", "b", "OCID", False)]
    for lot in lots:
        lot["supplier_keys"] = "name:b"
    assert matches(joined(register, lots)) == [("C-1", "a", "OCID", False)]


def test_an_unclear_match_lists_every_candidate_and_compares_nothing() -> None:
    lots = [theirs("o-1", number, first_release_id=number, start_on="2026-01-01") for number in ("1", "2")]
    result = joined([ours(ocid="o-1", **START)], lots)
    assert matches(result) == [("C-1", "1", "OCID", True), ("C-1", "2", "OCID", True)]
    assert facts(result) == []
    assert result.matches["compared_fields"].isna().all()


FACTS = {
    "the same": (START | PRICED, START | PRICED, []),
    "start": (START, {"start_on": "2026-05-01"}, [("start_on", "2026-04-01", "2026-05-01", False)]),
    "trifling value": (
        PRICED, {"value_inc_vat_pence": 1_212_000},
        [("value_inc_vat_pence", "£12,000.00", "£12,120.00", True)],
    ),
    "value": (
        PRICED, {"value_inc_vat_pence": 1_212_001},
        [("value_inc_vat_pence", "£12,000.00", "£12,120.01", False)],
    ),
    "default in the notice": (PRICED, {"value_inc_vat_pence": 0}, []),
    "net against gross": ({"value_ex_vat_pence": 1_000_000}, {"value_inc_vat_pence": 1_200_000}, []),
    "net against too much": (
        {"value_ex_vat_pence": 1_000_000}, {"value_inc_vat_pence": 1_300_000},
        [("value_ex_vat_pence", "£10,000.00", "£13,000.00 including VAT", False)],
    ),
    "supplier": (
        {"supplier_company_number": "01234567"},
        {"supplier_keys": "GB-COH:07654321|name:b", "supplier_name": "B"},
        [("supplier_name", "Acme Ltd", "B", False)],
    ),
    "supplier by one identifier": (
        {"supplier_company_number": "01234567"}, {"supplier_keys": "GB-COH:01234567|name:b"}, [],
    ),
    "regime": ({"regime": "pcr2015"}, {"regime": "pa23"}, [("regime", "pcr2015", "pa23", False)]),
    "health under the directive": ({"regime": "psr"}, {"regime": "pcr2015"}, []),
    "light touch": ({"is_light_touch": False}, {"is_light_touch": True}, [("is_light_touch", "No", "Yes", False)]),
    "identifier": ({"contract_id": "9"}, {}, [("contract_id", "9", "1", False)]),
    "ended": (
        {"end_on": "2027-01-01"}, {"ended_on": "2026-08-01"}, [("ended_on", "2027-01-01", "2026-08-01", False)],
    ),
    "ended and the register knows": (
        {"end_on": "2026-08-01"}, {"ended_on": "2026-08-01", "end_on": "2027-01-01"}, [],
    ),
    "a change that was made": (
        PRICED, {**PRICED, "changed_value_inc_vat_pence": 1_500_000, "change_kind": "made"},
        [("changed_value_inc_vat_pence", "£12,000.00", "£15,000.00", False)],
    ),
    "a change that the register has": (
        {"value_inc_vat_pence": 1_500_000},
        {**PRICED, "changed_value_inc_vat_pence": 1_500_000, "change_kind": "made"}, [],
    ),
    "an intended change": (
        PRICED, {**PRICED, "changed_value_inc_vat_pence": 1_500_000, "change_kind": "intended"}, [],
    ),
    "an intended change that the register has": (
        {"value_inc_vat_pence": 1_500_000},
        {**PRICED, "changed_value_inc_vat_pence": 1_500_000, "change_kind": "intended"}, [],
    ),
    "a changed end": (
        {"end_on": "2027-01-01"},
        {"end_on": "2027-01-01", "changed_end_on": "2028-01-01", "change_kind": "made"},
        [("changed_end_on", "2027-01-01", "2028-01-01", False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FACTS)
def test_every_fact_that_both_give_is_compared(case: str) -> None:
    register, notice, expected = FACTS[case]
    result = joined([ours(ocid="o-1", **register)], [theirs(**notice)])
    assert matches(result) != []
    assert facts(result) == expected
    compared = set(str(result.matches["compared_fields"][0]).split("|"))
    assert {fact[0] for fact in expected} <= compared


def test_a_disagreement_names_the_notice_that_says_so_and_the_row_of_the_register() -> None:
    notice = theirs(ended_on="2026-08-01", end_release_id="n-9")
    (row,) = joined([ours(ocid="o-1", end_on="2027-01-01")], [notice]).disagreements.to_dict("records")
    assert (row["release_id"], row["source_file"], row["source_row"]) == ("n-9", "r.csv", 2)


def test_a_register_is_held_against_the_latest_supplier_and_found_by_the_former() -> None:
    moved = {
        "supplier_keys": "name:bee", "supplier_name": "Bee", "supplier_release_id": "n-2",
        "former_supplier_keys": "name:acme", "former_supplier_name": "Acme",
        "value_inc_vat_pence": 500_000, "start_on": "2026-04-01",
    }  # fmt: skip
    worth = {"value_inc_vat_pence": 500_000, "start_on": "2026-04-01"}
    result = joined([ours(**worth)], [theirs(**moved)])
    assert [match[2] for match in matches(result)] == ["value, date and supplier"]
    (row,) = result.disagreements.to_dict("records")
    assert (row["field_name"], row["notice_value"], row["release_id"]) == ("supplier_name", "Bee", "n-2")
    assert joined([ours(supplier_name="Bee", **worth)], [theirs(**moved)]).disagreements.empty


few = st.sampled_from
registers = st.lists(
    st.fixed_dictionaries({
        "ocid": few([None, "o-1", "o-2"]), "contract_id": few([None, "1", "2"]),
        "supplier_name": few(["Acme", "Bee"]), "value_inc_vat_pence": few([None, 1_000_000, 2_000_000]),
        "start_on": few([None, "2026-04-01"]),
    }),
    max_size=6,
)  # fmt: skip
notices = st.lists(
    st.fixed_dictionaries({
        "ocid": few(["o-1", "o-2", "o-3"]), "number": few([None, "1", "2"]),
        "supplier_keys": few(["name:acme", "name:bee", None]), "tender_ref": few([None, "C-0", "C-1"]),
        "value_inc_vat_pence": few([None, 1_000_000, 2_000_000]), "start_on": few([None, "2026-04-01"]),
    }),
    max_size=6,
)  # fmt: skip


@given(registers, notices, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_nobody_is_matched_twice_nothing_is_guessed_and_order_does_not_matter(
    given_register: list[dict[str, Any]], given_notices: list[dict[str, Any]], chance: Any
) -> None:
    register = [ours(f"C-{place}", **row) for place, row in enumerate(given_register)]
    noticed = [
        theirs(**row, first_release_id=f"n-{place}", release_id=f"n-{place}")
        for place, row in enumerate(given_notices)
    ]
    result = joined(register, noticed)
    told = matches(result)
    clear = [row for row in told if not row[3]]
    for side in (0, 1):
        assert len({row[side] for row in clear}) == len(clear)
        assert not {row[side] for row in clear} & {row[side] for row in told if row[3]}
    assert len(set(told)) == len(told)
    known = {(row["contract_ref"], row["first_release_id"]) for row in result.matches.to_dict("records")}
    for row in clear:
        ocids = {r["ocid"] for r in register if r["contract_ref"] == row[0]} - {None}
        assert not ocids or ocids == {n["ocid"] for n in noticed if n["first_release_id"] == row[1]}
    shuffled, mixed = list(register), list(noticed)
    chance.shuffle(shuffled)
    chance.shuffle(mixed)
    again = joined(shuffled, mixed)
    pd.testing.assert_frame_equal(result.matches, again.matches)
    pd.testing.assert_frame_equal(result.disagreements, again.disagreements)
    assert {(row[0], row[1]) for row in told} == known


def test_empty_sides_join_to_nothing() -> None:
    result = join_register_and_notices(empty(keys.CORE_CONTRACT), empty(keys.CORE_NOTICED))
    assert (len(result.matches), len(result.disagreements)) == (0, 0)

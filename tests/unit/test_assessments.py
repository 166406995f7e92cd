"""Assessments of indicators that may be published: which, whose numbers, and who may be named."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.assessments import confirmed_assessments
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.hidden_names import HiddenNames
from kcc_etl.domain.redaction import REDACTED, WITHHELD
from kcc_etl.domain.reviewed import NOT_REVIEWED
from kcc_etl.schema.frames import empty, from_rows
from tests.unit.ocds_reading import AS_OF, RULES

PERIOD = "2026-27-Q2"
PLACE = {"ocid": "o-9", "contract_id": "7", "award_id": "1", "first_release_id": "n-1"}


def rated(ref: str = "C-1", word: str | None = "good", **more: Any) -> dict[str, Any]:
    about = {"period": PERIOD, "contract_ref": ref, "kpi_id": "3", "kpi_title": "Jobs", "kpi_description": "3 a year",
             "measure_code": "E1", "proposed_rating": "inadequate"}  # fmt: skip
    return {**about, "confirmed_rating": word, "confirmed_on": AS_OF, "decision_id": "D-1", **more}


def ours(ref: str = "C-1", **more: Any) -> dict[str, Any]:
    named = {
        "supplier_key": "GB-COH:01234567",
        "supplier_name": "Acme Ltd",
        "supplier_ppon": "GB-PPON-PABC-1234-DEFG",
    }
    return {
        "contract_ref": ref,
        "contract_title": "Roads",
        "ocid": "o-1",
        "contract_id": "1",
        **named,
        **more,
    }


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return from_rows(rows, table) if rows else empty(table)


def published(
    ratings: list[dict[str, Any]],
    contracts: list[dict[str, Any]],
    links: list[dict[str, Any]] | None = None,
    decisions: list[dict[str, Any]] | None = None,
    performance: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    found = confirmed_assessments(
        frame(keys.OUT_RATING, ratings),
        frame(keys.CORE_CONTRACT, contracts),
        frame(keys.CORE_REGISTER_NOTICE, links or []),
        frame(keys.CORE_NOTICED, [PLACE]),
        frame(keys.CORE_DECISION, decisions or []),
        RULES,
        frame(keys.OUT_DISCLOSED, performance or []),
        HiddenNames(),
    )
    return plain(found)


def test_only_what_an_officer_confirmed_is_published_and_in_the_officers_words():
    found = published([rated(), rated("C-2", None)], [ours(), ours("C-2")])

    assert [(row["contract_ref"], row["confirmed_rating"]) for row in found] == [("C-1", "good")]
    assert [found[0][name] for name in ("kpi_id", "kpi_title", "kpi_description", "measure_code")] == [
        "3", "Jobs", "3 a year", "E1",
    ]  # fmt: skip


def test_an_indicator_that_is_no_measure_is_published_as_the_officer_rated_it():
    [row] = published([rated(measure_code=None, proposed_rating=None)], [ours()])

    assert (row["kpi_id"], row["measure_code"], row["confirmed_rating"]) == ("3", None, "good")


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ({}, "GB-PPON-PABC-1234-DEFG"),
        ({"supplier_ppon": "PABC-1234-DEFG"}, "GB-PPON-PABC-1234-DEFG"),
        ({"supplier_ppon": None, "supplier_company_number": "01234567"}, "GB-COH-01234567"),
        ({"supplier_ppon": None, "supplier_charity_number": "1234567"}, "GB-CHC-1234567"),
        ({"supplier_ppon": None, "supplier_charity_number": "SC012345"}, "GB-SC-SC012345"),
        ({"supplier_ppon": None, "supplier_charity_number": "NIC101234"}, "GB-NIC-101234"),
        ({"supplier_ppon": None}, None),
    ],
)
def test_the_identifier_of_a_supplier_bears_its_scheme(numbers, shown):
    """PR24 reg 39(4), reg 8."""
    [row] = published([rated()], [ours(**numbers)])

    assert row["supplier_id"] == shown


def test_a_title_that_names_a_person_or_repeats_a_redacted_name_is_not_published():
    seems = rated(kpi_title="Visits by Mrs Janey Doe")
    repeats = rated("C-2", kpi_description="what Zed Bloggs & Sons delivers")
    hidden = ours("C-2", supplier_key="name:zed", supplier_name="Zed Bloggs & Sons")
    found = published([seems, repeats], [ours(), hidden])

    assert (found[0]["kpi_title"], found[1]["kpi_description"]) == (NOT_REVIEWED, NOT_REVIEWED)


def test_the_rating_of_a_count_of_people_that_is_left_out_is_not_published():
    shown = [
        {"contract_ref": "C-1", "measure_code": "E1", "not_shown": "counts, sum"},
        {"contract_ref": "C-2", "measure_code": "E1", "not_shown": None},
    ]
    found = published([rated(), rated("C-2")], [ours(), ours("C-2")], performance=shown)

    assert [row["contract_ref"] for row in found] == ["C-2"]


def test_the_period_assessed_is_the_quarter_that_was_rated():
    [row] = published([rated(period="2025-26-Q4")], [ours()])

    assert (str(row["observed_from_on"]), str(row["observed_to_on"])) == ("2026-01-01", "2026-03-31")


def test_numbers_are_the_registers_else_those_of_the_notice_that_is_surely_its_own():
    bare = ours(ocid=None, contract_id=None)
    sure = {"contract_ref": "C-1", "is_ambiguous": False, **PLACE}
    of = {
        "register": published([rated()], [ours()], [sure]),
        "notice": published([rated()], [bare], [sure]),
        "ambiguous": published([rated()], [bare], [{**sure, "is_ambiguous": True}]),
        "none": published([rated()], [bare]),
    }

    assert {name: (row["ocid"], row["contract_id"]) for name, [row] in of.items()} == {
        "register": ("o-1", "1"), "notice": ("o-9", "7"), "ambiguous": (None, None), "none": (None, None),
    }  # fmt: skip


def test_a_supplier_that_may_be_a_person_is_redacted_with_its_number():
    [row] = published([rated()], [ours(supplier_key="name:jo", supplier_name="Jo Bloggs")])

    assert (row["payee"], row["supplier_id"]) == (REDACTED, None)


def test_a_supplier_that_is_withheld_is_not_named():
    withheld = {
        "decision_id": "D-9", "decision_kind": "withholding", "subject": "C-1", "role": "monitoring officer",
        "reason_code": "national security", "decided_on": AS_OF,
    }  # fmt: skip
    [row] = published([rated()], [ours()], decisions=[withheld])

    assert (row["payee"], row["supplier_id"]) == (WITHHELD, None)


def test_no_rating_makes_an_empty_table():
    assert published([], [ours()]) == []

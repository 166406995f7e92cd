"""Drafts of notices and the release package, as a night leaves them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import openpyxl

from kcc_etl.domain.redaction import REDACTED
from reports.drafts import WORKBOOK
from reports.ocds import OCDS_FILE
from tests.pipeline.support import County


def rows(county: County, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{county.warehouse}?mode=ro", uri=True) as warehouse:
        return warehouse.execute(query).fetchall()


def test_a_draft_stands_for_every_notice_that_is_due_and_a_release_where_there_is_an_ocid(county):
    due = rows(
        county,
        "select duty_kind, subject, occasion from out_duties__entity_duty where duty_state in "
        "('open', 'overdue') and substr(duty_kind, 1, 3) in ('UK7', 'UK9') "
        "or duty_state in ('open', 'overdue') and substr(duty_kind, 1, 4) in ('UK10', 'UK11')",
    )
    folder = county.data / "drafts" / "notices"
    book = openpyxl.load_workbook(folder / WORKBOOK, read_only=True)
    listed = [row[:5] for row in book["Drafts"].iter_rows(values_only=True) if str(row[0])[:2] == "UK"]
    numbered = dict(rows(county, "select contract_ref, ocid from core_register__entity_contract"))

    assert len(listed) == len(due) > 0
    assert {(row[3], row[4] or "") for row in listed} == {
        (subject, occasion or "") for _, subject, occasion in due
    }
    expected = [subject for _, subject, _ in due if numbered.get(subject, "in its notices")]
    assert len(list(folder.glob("*.json"))) == len(expected) > 0


def test_the_package_refers_to_the_ocids_that_there_are_and_names_no_person(county):
    package = json.loads((county.pack / OCDS_FILE).read_bytes())
    known = {ocid for (ocid,) in rows(county, "select ocid from core_notices__event_contract")}
    known |= {ocid for (ocid,) in rows(county, "select ocid from core_register__entity_contract")}
    people = [name for (name,) in rows(
        county, "select supplier_name from core_register__entity_contract where supplier_key like 'name:%'"
    )]  # fmt: skip

    numbers = [(release["ocid"], release["id"]) for release in package["releases"]]
    assert len(set(numbers)) == len(numbers)
    assert {ocid for ocid, _ in numbers} <= known
    parties = [p for release in package["releases"] for p in release["parties"] if "supplier" in p["roles"]]
    named = {party["name"] for party in parties} - {REDACTED}
    assert named
    assert not named & set(people)
    assert all("identifier" in party for party in parties if party["name"] != REDACTED)

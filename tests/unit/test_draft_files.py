"""The files of notice drafts: a workbook for the officer, and releases that our own notice reader reads."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import openpyxl

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.draft import Draft, Due
from kcc_etl.domain.drafts.known import Known
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.redaction import REDACTED
from reports.drafts import WORKBOOK, draft_files, put_drafts
from reports.ocds_drafts import draft_name, draft_package
from reports.ocds_parts import supplier_parties
from tests.unit import draft_cases as c
from tests.unit.duty_cases import AS_OF
from tests.unit.ocds_reading import Council, read
from tests.unit.test_drafts import LAW, drafted

KPIS = tuple(
    {"kpi_id": str(n), "kpi_title": f"Indicator {n}", "kpi_description": "95%", "frequency_months": n}
    for n in (1, 2, 3, 4)
)


def one(kind: str, facts: dict[str, Any], **more: Any) -> tuple[Draft, Known]:
    known = c.known(facts, **more)
    [draft] = [draft for draft in drafted(known) if draft.due.kind == kind][:1]
    return draft, known


def written(kind: str, facts: dict[str, Any], **more: Any) -> bytes:
    draft, known = one(kind, facts, **more)
    content = draft_package(draft, known, Council(), LAW, AS_OF)
    assert content is not None
    return content


def test_a_details_notice_is_read_back_with_its_indicators_days_and_money():
    notice = read(written(d.DETAILS, c.BIG | c.signed("2026-11-20"), kpis=KPIS))
    [contract] = plain(notice.books.notices)

    assert (contract["notice_type"], contract["ocid"], contract["contract_id"]) == (
        "UK7", "ocds-zz9zz9-000001", "1",
    )  # fmt: skip
    facts = c.known(c.BIG | c.signed("2026-11-20")).facts
    for name in ("signed_on", "start_on", "end_on", "value_ex_vat_pence", "value_inc_vat_pence"):
        assert contract[name] == getattr(facts, name), name
    names = ("kpi_id", "kpi_title", "kpi_description", "frequency_months")
    assert notice.rows(keys.CORE_NOTICE_KPI, *names) == [tuple(kpi[n] for n in names) for kpi in KPIS]
    assert contract["supplier_name"] == "Green Things Ltd"


def test_a_performance_notice_is_read_back_with_its_ratings_and_period():
    ratings = (
        c.rating("1", "inadequate"),
        c.rating("2", None),
        c.rating("3", "other"),
        c.rating("S1", "good"),
    )
    notice = read(written(d.ASSESSMENT, c._ASSESSED, kpis=KPIS, ratings=ratings))

    names = ("kpi_id", "kpi_title", "kpi_description", "rating", "observed_from_on", "observed_to_on")
    period = c.day("2026-07-01"), c.day("2026-09-30")
    assert notice.rows(keys.CORE_NOTICE_KPI, *names) == [
        ("1", "Indicator 1", "95%", "significantlyBelow", *period),
        ("3", "Indicator 3", "95%", "other", *period),
    ]


def test_a_change_notice_is_read_back_with_its_day_value_and_end():
    value = read(written(d.CHANGE, c.changed(8_000_001)))
    term = read(written(d.CHANGE, c.changed(ends="2028-11-13")))

    names = ("change_kind", "changed_on", "value_ex_vat_pence", "end_on")
    on = c.day("2026-11-24")
    assert value.rows(keys.CORE_NOTICE_CHANGE, *names) == [("intended", on, 88_000_001, None)]
    assert term.rows(keys.CORE_NOTICE_CHANGE, *names) == [("intended", on, None, c.day("2028-11-13"))]


def test_a_termination_notice_is_read_back_with_its_day_and_ground():
    facts = c.ends("2026-11-20") | c.failed("breach", "2026-11-20", ended=True)
    notice = read(written(d.TERMINATION, facts))

    names = ("contract_status", "end_classes", "ended_on")
    assert notice.rows(keys.CORE_NOTICE_END, *names) == [
        ("terminated", "breachOfContract", c.day("2026-11-20"))
    ]
    assert notice.rows(keys.CORE_NOTICE_FAILURE, "failure_id", "decided_on") == [("D7", c.day("2026-11-20"))]


def test_a_pipeline_notice_names_no_supplier_and_the_day_its_notice_is_expected():
    [release] = json.loads(written(d.PIPELINE, c.planned()))["releases"]

    assert [party["roles"] for party in release["parties"]] == [["buyer"]]
    assert release["tender"]["communication"] == {"futureNoticeDate": "2027-01-11T00:00:00+00:00"}
    assert release["tender"]["value"] == {"amountGross": 2000000.01, "currency": "GBP"}
    assert release["planning"]["documents"][0]["noticeType"] == "UK1"


def test_a_procurement_without_an_identifier_gets_none_and_no_release():
    draft, known = one(d.DETAILS, c.signed("2026-11-20"), register={"ocid": None})

    assert draft_package(draft, known, Council(), LAW, AS_OF) is None
    assert list(draft_files([draft], {"C1": known}, Council(), LAW, AS_OF, [draft.due])) == [WORKBOOK]


def test_the_name_of_a_draft_is_a_safe_file_name():
    draft, _ = one(d.DETAILS, c.signed("2026-11-20"))

    assert draft_name(draft) == "draft-UK7-C1"
    assert draft_name(replace(draft, contract="../é 1/2", occasion="x")) == "draft-UK7-..---1-2-x"


def test_the_workbook_lists_every_draft_and_every_field_of_each():
    pairs = [one(d.DETAILS, c.signed("2026-11-20")), one(d.CHANGE, c.changed(8_000_001))]
    drafts = [draft for draft, _ in pairs]
    files = draft_files(drafts, {"C1": pairs[0][1]}, Council(), LAW, AS_OF, [draft.due for draft in drafts])
    book = openpyxl.load_workbook(io.BytesIO(files[WORKBOOK]))

    assert [n for n in book.sheetnames if n in ("Drafts", "UK7", "UK10", "UK9")] == ["Drafts", "UK7", "UK10"]
    for sheet, rows in (("Drafts", 2), ("UK7", len(drafts[0].fields)), ("UK10", len(drafts[1].fields))):
        [table] = book[sheet].tables.values()
        assert len(book[sheet][table.ref]) == rows + 1
    assert files == draft_files(
        drafts, {"C1": pairs[0][1]}, Council(), LAW, AS_OF, [draft.due for draft in drafts]
    )


def test_a_field_that_looks_like_a_formula_stays_text():
    draft, known = one(d.DETAILS, c.signed("2026-11-20"), register={"contract_title": '=HYPERLINK("x")'})
    book = openpyxl.load_workbook(
        io.BytesIO(draft_files([draft], {"C1": known}, Council(), LAW, AS_OF, [draft.due])[WORKBOOK])
    )

    cells = [cell for row in book["UK7"].iter_rows() for cell in row if cell.value == '=HYPERLINK("x")']
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_workbook_without_drafts_says_so():
    files = draft_files([], {}, Council(), LAW, AS_OF, [])

    assert "Drafts" in openpyxl.load_workbook(io.BytesIO(files[WORKBOOK])).sheetnames


def cover_of(drafts: list[Draft], duties: list[Due]) -> dict[str, str]:
    """What the cover says of each type of notice."""
    content = draft_files(
        drafts, {one.contract: c.known({}) for one in drafts}, Council(), LAW, AS_OF, duties
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content[WORKBOOK])).worksheets[0]
    texts = [str(cell) for (cell, *_) in sheet.iter_rows(values_only=True) if cell]
    heads = ("UK1 ", "UK7 ", "UK9 ", "UK10 ", "UK11 ")
    return {text.split()[0]: texts[n + 1] for n, text in enumerate(texts) if text.startswith(heads)}


def due(kind: str, state: str, subject: str = "C1") -> Due:
    return Due(kind, subject, "2026-27", state, "because", "PA23", None, None, "")


def test_the_cover_says_how_many_drafts_there_are_of_each_type_and_why_none():
    draft, _ = one(d.DETAILS, c.signed("2026-11-20"), register={"ocid": None})
    ended = [due(d.TERMINATION, "to come"), due(d.TERMINATION, "not needed"), due(d.TERMINATION, "to come")]
    told = cover_of(
        [draft, draft], [draft.due, due(d.PIPELINE, "overdue", "council"), *ended, due(d.CHANGE, "open", "X")]
    )

    assert list(told) == ["UK1", "UK7", "UK9", "UK10", "UK11"]
    assert told["UK1"].startswith(
        "No draft: the notice is overdue, and the register has no contract over £2,000,000"
    )
    assert told["UK7"] == "2 drafts."
    assert told["UK9"] == "No draft: no contract of the register or the notices calls for one."
    assert told["UK10"] == "No draft: 1 duty to be done now, of contracts that the register does not hold."
    assert told["UK11"] == "No draft: nothing is to be filed now (3 duties: 1 not needed, 2 to come)."
    assert cover_of([], [due(d.PIPELINE, "to come")])["UK1"].endswith("filed now (1 duty: 1 to come).")


class TestPutDrafts:
    def test_the_folder_holds_the_new_drafts_and_no_old_one(self, tmp_path):
        folder = tmp_path / "drafts" / "notices"

        assert put_drafts(folder, {"a.json": b"1", "b.json": b"2"})
        assert put_drafts(folder, {"b.json": b"3"})
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"b.json": b"3"}
        assert [path.name for path in folder.parent.iterdir()] == ["notices"]

    def test_the_same_drafts_are_left_alone(self, tmp_path):
        folder = tmp_path / "notices"
        put_drafts(folder, {"a.json": b"1"})
        before = (folder / "a.json").stat().st_ino

        assert not put_drafts(folder, {"a.json": b"1"})
        assert (folder / "a.json").stat().st_ino == before

    def test_a_crash_between_the_two_renames_loses_nothing(self, tmp_path):
        folder = tmp_path / "notices"
        put_drafts(folder, {"a.json": b"1"})
        folder.rename(tmp_path / ".notices.aside")
        (tmp_path / ".notices.part").mkdir()

        assert not put_drafts(folder, {"a.json": b"1"})
        assert [path.name for path in tmp_path.iterdir()] == ["notices"]

    def test_a_crash_before_the_old_ones_were_deleted_leaves_the_new(self, tmp_path):
        folder = tmp_path / "notices"
        put_drafts(folder, {"a.json": b"2"})
        (tmp_path / ".notices.aside").mkdir()

        assert not put_drafts(folder, {"a.json": b"2"})
        assert [path.name for path in tmp_path.iterdir()] == ["notices"]


def test_the_address_of_a_supplier_stands_in_the_draft_and_in_no_published_party():
    firm = {
        "supplier_name": "A Ltd",
        "supplier_company_number": "01234567",
        "supplier_address": "1 High Street",
    }
    draft = json.loads(written(d.ASSESSMENT, c._ASSESSED, kpis=KPIS, suppliers=(firm,)))

    [party] = [p for p in draft["releases"][0]["parties"] if "supplier" in p["roles"]]
    assert party["address"] == {"streetAddress": "1 High Street"}
    assert "address" not in supplier_parties([firm])[0]
    assert "address" not in supplier_parties([{**firm, "supplier_name": REDACTED}], with_address=True)[0]

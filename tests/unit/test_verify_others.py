"""The verifier on files of other councils: encodings, ragged rows, old workbooks, metadata in other words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kcc_etl.exceptions import UsageError
from reports.accessibility.check import faults
from reports.verify import verify
from reports.verify_files import Verdict
from reports.verify_metadata import described_columns, metadata_hits, typed
from tests.unit import accessibility_cases as cases


def judged(folder: Path, name: str, content: bytes) -> Verdict:
    (folder / name).write_bytes(content)
    (verdict,) = verify(folder / name)
    return verdict


def places(verdict: Verdict) -> set[tuple[str, str]]:
    return {(finding.rule_id, finding.cell) for finding in faults(verdict.findings)}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Name,Note\r\nCafé Ltd,jo.bloggs@example.org\r\n".encode("cp1252"), {("CS-001", "A2"), ("PK-008", "B2")}),
        ("Name,Note\r\nA Ltd,jo.bloggs@example.org\r\n".encode("utf-16"), {("CS-001", ""), ("PK-008", "B2")}),
        (b"\xef\xbb\xbfName,Note\r\nA Ltd,Mrs J Bloggs\r\n", {("CS-001", "A1"), ("PK-009", "B2")}),
        (b"Name,Note\r\nA Ltd,x,jo.bloggs@example.org\r\n", {("CS-004", "A2"), ("PK-008", "C2")}),
        (b"Name,Note\r\nA Ltd\r\nMrs J Bloggs,x\r\n", {("CS-004", "A2"), ("PK-009", "A3")}),
        (b'Name,Note\r\nMrs J Bloggs,x\r\nA Ltd,"x\r\n', {("CS-002", "A3"), ("PK-009", "A2")}),
    ],
    ids=["Windows-1252", "UTF-16", "byte order mark", "long row", "short row", "open quotation"],
)  # fmt: skip
def test_personal_data_is_seen_in_a_file_whose_columns_cannot_be_judged(content, expected, tmp_path):
    verdict = judged(tmp_path, "spend.csv", content)

    assert places(verdict) >= expected
    assert verdict.unchecked == ["spend.csv: its columns, types and sums could not be judged."]


def test_a_workbook_with_macros_is_judged_as_the_workbook_it_is(tmp_path):
    assert not faults(judged(tmp_path, "pay.xlsm", cases.good_workbook()).findings)
    macros = next(change for rule, what, change in cases.MUTANTS if (rule, what) == ("AC-026", "macros"))
    assert ("AC-026", "") in places(judged(tmp_path, "pay.xlsm", macros(cases.good_workbook())))


def test_a_workbook_of_the_strict_form_is_told_as_such(tmp_path):
    strict = cases.part("xl/workbook.xml", "<workbook ", '<workbook conformance="strict" ')
    (finding,) = judged(tmp_path, "pay.xlsx", strict(cases.good_workbook())).findings

    assert (finding.rule_id, "Strict Open XML" in finding.found) == ("IN-001", True)
    assert "Save As" in finding.remedy


def test_an_old_workbook_is_not_judged_and_the_remedy_is_told(tmp_path):
    from kcc_etl.cli import app

    assert judged(tmp_path, "pay.xls", b"\xd0\xcf").unchecked == [
        "pay.xls: files of the kind .xls are not judged; save it as .xlsx."
    ]
    said = CliRunner().invoke(app, ["verify", str(tmp_path / "pay.xls")])
    assert isinstance(said.exception, UsageError)
    assert "save an old workbook (.xls) as .xlsx first" in said.exception.remedy


@pytest.mark.parametrize(
    ("column", "name", "titles"),
    [
        ({"titles": "Amount"}, "Amount", ["Amount"]),
        ({"titles": ["Amount", "Net"], "name": "net"}, "net", ["Amount", "Net"]),
        ({"titles": {"en": "Amount", "cy": ["Swm", "Cyfanswm"]}}, "Amount", ["Amount", "Swm", "Cyfanswm"]),
        ({"name": "net"}, "net", ["net"]),
        ({}, "_col.1", ["_col.1"]),
    ],
)
def test_titles_may_be_told_in_each_way_of_the_standard(column, name, titles):
    (described,) = described_columns({"tableSchema": {"columns": [column]}})
    assert (described["name"], described["titles"]) == (name, titles)


@pytest.mark.parametrize(
    "metadata",
    [None, [], {}, {"tables": []}, {"tableSchema": "x.json"}, {"tableSchema": {"columns": [1]}}],
)
def test_metadata_that_describe_no_columns_are_no_error(metadata, tmp_path):
    assert described_columns(metadata) == []
    (tmp_path / "spend.csv-metadata.json").write_text(json.dumps(metadata))
    verdict = judged(tmp_path, "spend.csv", b"a,b\r\n1,2\r\n")
    assert (verdict.findings, len(verdict.unchecked)) == ([], 1)


def test_a_heading_must_be_a_title_and_not_a_part_of_one():
    columns = described_columns({"tableSchema": {"columns": [{"titles": "Amount"}]}})
    assert not list(metadata_hits(columns, (), [["Amount"], ["1"]]))
    assert list(metadata_hits(columns, (), [["Amo"], ["1"]]))


@pytest.mark.parametrize(
    ("datatype", "text"),
    [({"base": "date", "format": "d MMM yyyy"}, "3 Aug 2026"), ({"base": "decimal", "format": "#,##0.00"}, "1,250.00")],
)  # fmt: skip
def test_a_format_that_is_not_ours_is_not_judged(datatype, text):
    assert typed(text, {"datatype": datatype}) == text
    with pytest.raises(ValueError, match=r"no number|does not match"):
        typed(text, {"datatype": datatype["base"]})

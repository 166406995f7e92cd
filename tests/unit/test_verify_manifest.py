"""The verifier: what a manifest and a package claim, figures shown as others, what is too large or far away."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kcc_etl.cli import app
from kcc_etl.domain.periods import parse_period
from kcc_etl.exceptions import UsageError
from reports.accessibility import number_formats
from reports.accessibility.check import faults
from reports.datasets import PUBLISHED
from reports.manifest import figures_digest
from reports.verify import verify
from reports.verify_json import ocds_hits
from tests.unit import accessibility_cases as cases
from tests.unit.test_verify import DATASETS, EDITION, FILES, pack_in, rules

SIGNED = {"role": "r", "reason": "r", "decision_id": "1", "decided_on": "2026-11-23"}
RELEASE = {"ocid": "ocds-1", "id": "1", "date": "2026-11-23", "tag": ["award"], "initiationType": "tender"}
PACKAGE = {
    "uri": "u",
    "version": "1.1",
    "publishedDate": "d",
    "publisher": {"name": "n"},
    "releases": [RELEASE],
}


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("PK-022", {"figures": "0" * 64}),
        ("PK-022", {"period": "2026-27-Q1"}),
        ("PK-022", {"period": "soon"}),
        ("PK-017", {"status": "final"}),
        ("PK-017", {"status": "final", "sign_off": {**SIGNED, "decision_id": ""}}),
        ("PK-017", {"status": "draft", "sign_off": SIGNED}),
        ("PK-017", {"status": "other"}),
        ("PK-015", {"status": "final", "sign_off": SIGNED}),
        ("PK-019", {"releases": {"contracts": 1}}),
        ("PK-008", {"inputs": [{"file": "jo.bloggs@example.org.csv"}]}),
    ],
)
def test_a_manifest_that_says_another_thing_than_its_files_is_told(rule, changed, tmp_path):
    assert rule in rules(pack_in(tmp_path / "pack", **changed))


def test_figures_changed_alike_in_every_format_are_not_those_that_were_signed_off(tmp_path):
    figures = figures_digest(EDITION.period, {n[:-4]: c for n, c in FILES.items() if n.endswith(".csv")})
    changed = {
        n: c.replace(b"Ashford Verges", b"Ashford Hedges") for n, c in FILES.items() if n.endswith("csv")
    }

    assert "PK-022" in rules(pack_in(tmp_path / "pack", {**FILES, **changed}, figures=figures))


def test_every_dataset_of_the_period_is_asked_for(tmp_path):
    found = [f for verdict in verify(pack_in(tmp_path / "pack")) for f in verdict.findings]
    missing = [f.found for f in found if f.rule_id == "PK-018"]

    assert len(missing) == sum(one.applies(parse_period(EDITION.period)) for one in PUBLISHED) - len(DATASETS)
    assert "no vcse-grants.csv, which is published for 2026-27-Q2" in missing


@pytest.mark.parametrize(
    ("package", "counted", "words"),
    [
        (PACKAGE, 1, None),
        (PACKAGE, None, None),
        (PACKAGE, 2, "1 releases, where the manifest counts 2"),
        ({}, None, "without uri, version, publishedDate, publisher, releases"),
        ([], None, "no release package"),
        ({**PACKAGE, "releases": [{**RELEASE, "ocid": ""}]}, 1, "the release '1' without ocid"),
        ({**PACKAGE, "releases": [3]}, 1, "without ocid, id"),
    ],
)
def test_an_ocds_package_has_what_it_must(package, counted, words):
    found = [hit.found for hit in ocds_hits(package, counted)]
    assert found == [] if words is None else words in found[0]


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("PK-008", "data.json", '"keyword": [', '"keyword": ["AB123456C", '),
        (
            "PK-008",
            "spend-over-500.csv-metadata.json",
            '"dc:title": "',
            '"dc:title": "jo.bloggs@example.org ',
        ),
        ("PK-015", "data.json", '"non-public"', '"public"'),
        ("PK-012", "index.html", "<main", "<!-- x --><main"),
        ("PK-012", "index.html", "</main>", '<p style="display: none">x</p></main>'),
        ("PK-012", "index.html", "</main>", "<p hidden>x</p></main>"),
        ("PK-012", "index.html", "<head>", '<head><meta http-equiv="refresh" content="0; url=x">'),
        ("PK-012", "index.html", "<style>", "<style>@import 'https://x.example/x.css';"),
        ("PK-012", "index.html", "<style>", "<style>p{visibility:hidden}"),
        ("PK-008", "index.html", "</main>", "<p>jo.blog<b>gs@exam</b>ple.org</p></main>"),
        ("PK-008", "index.html", "</main>", '<p title="AB 12 34 56 C">x</p></main>'),
        ("PK-008", "index.html", "</main>", "<!-- jo.bloggs@example.org --></main>"),
    ],
)
def test_what_no_reader_sees_is_looked_at(rule, name, old, new, tmp_path):
    changed = FILES[name].decode().replace(old, new, 1).encode()
    assert changed != FILES[name]
    assert rule in rules(pack_in(tmp_path / "pack", {**FILES, name: changed}))


@pytest.mark.parametrize(
    ("section", "expected"),
    [("0.00", False), ("#,##0.00", False), ('"£"#,##0', False), ("General", False), ("# ?/16", False),
     ('0.0" m2"', False), ('"99,999.00"', True), ("#,##0.00,", True), ("0,,", True), ("0,.0", True),
     ('#,##0"000"', True), ("\\7", True), ("5", True)],
)  # fmt: skip
def test_a_number_format_that_shows_another_figure(section, expected):
    assert number_formats.shows_another(section) is expected


@pytest.mark.parametrize(
    ("section", "day", "expected"),
    [("yyyy-mm-dd", 4, False), ("d mmm yy", 4, False), ("mmm yyyy", 1, False), ("mmm yyyy", 2, True),
     ("yyyy", 4, True), ("dd/mm", 4, True), ("General", 4, False)],
)  # fmt: skip
def test_a_format_that_shows_a_part_of_a_day(section, day, expected):
    assert number_formats.shows_part(section, date(2026, 8, day)) is expected


@pytest.mark.parametrize(
    ("shown", "kind", "held", "expected"),
    [("37,500.00", "currency", "37500.0", True), ("£37,500", "currency", "37500.49", True),
     ("37,501", "currency", "37500.49", False), ("99,999.00", "currency", "37500.0", False),
     ("-1.5", "float", "-1.5", True), ("12.5%", "percentage", "0.125", True), ("", "float", "1", False),
     ("3 August 2026", "date", "2026-08-03", True), ("03/08/2026", "date", "2026-08-03", True),
     ("2026-08-04", "date", "2026-08-03", False), ("anything", "string", "", True)],
)  # fmt: skip
def test_an_ods_cell_shows_the_value_it_holds(shown, kind, held, expected):
    assert number_formats.is_shown(shown, kind, held) is expected


def test_a_far_cell_is_named_and_the_findings_of_its_file_are_kept(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(cases.good_workbook()))
    book.worksheets[0]["XFD1048576"] = "far"
    changed = io.BytesIO()
    book.save(changed)
    (tmp_path / "a.xlsx").write_bytes(changed.getvalue() + b"more")
    found = {f.rule_id: f.found for verdict in verify(tmp_path) for f in faults(verdict.findings)}

    assert "XFD1048576" in found["PK-003"]
    assert {"HC-030", "HC-037"} <= set(found)


def test_what_is_known_of_a_file_is_told_before_the_step_that_could_end_the_process(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(cases.good_workbook())
    begun = []
    whole = list(verify(tmp_path, before=begun.append))

    assert [(verdict.name, verdict.is_whole) for verdict in begun] == [("a.xlsx", False)]
    assert all(verdict.is_whole for verdict in whole)


def test_what_is_too_large_is_told_to_be_split(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.verify_files.MOST_BYTES", 9)
    (tmp_path / "a.csv").write_bytes(b"a,b\r\n1,2\r\n")

    found = [(f.rule_id, "Split it" in f.remedy) for verdict in verify(tmp_path) for f in verdict.findings]
    assert found == [("PK-021", True)]


def test_many_faults_of_a_kind_are_counted_and_names_cannot_move_the_cursor(tmp_path):
    (tmp_path / "b\x1b[2J\n.pdf").write_bytes(b"x")
    (tmp_path / "c.html").write_bytes(b"<table><th>" * 60)
    verdicts = list(verify(tmp_path))

    assert all(words.isprintable() for verdict in verdicts for words in verdict.unchecked)
    assert "<U+001B>" in " ".join(words for verdict in verdicts for words in verdict.unchecked)
    assert max(len(verdict.findings) for verdict in verdicts) <= 21


def test_nothing_to_judge_is_wrong_usage(tmp_path):
    (tmp_path / "empty" / "below").mkdir(parents=True)
    (tmp_path / "h.pdf").write_bytes(b"%PDF")
    for path in (tmp_path / "empty", tmp_path / "h.pdf", Path("/dev/null")):
        said = CliRunner().invoke(app, ["verify", str(path)])
        assert isinstance(said.exception, UsageError) or said.exit_code == 2, path

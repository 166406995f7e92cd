"""The sample night: every planted fault found, nothing else reported, and a second night that does nothing."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from kcc_etl.domain.periods import parse_period
from reports.datasets import PUBLISHED
from reports.page_check import page_faults
from tests.pipeline.support import PERIOD, County, said


def files_of(county: County) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(county.pack.iterdir())}


def found_by(county: County) -> Counter[tuple[str, str, str]]:
    """(rule, file, place) of every finding that is a fault."""
    query = "select rule_id, source_file, cell, source_row, subject from finding"
    found: Counter[tuple[str, str, str]] = Counter()
    with closing(sqlite3.connect(county.warehouse)) as connection:
        for rule, file, cell, row, subject in connection.execute(query):
            found[(rule, file or "", cell or (f"row {row}" if row else subject or "file"))] += 1
    return found


def test_every_planted_fault_is_found_by_its_rule_and_nothing_else_is_reported(county: County):
    listed = json.loads((county.data / "inbox" / "planted-faults.json").read_text())["faults"]
    planted = Counter((fault["rule"], fault["file"], fault["place"]) for fault in listed)
    found = found_by(county)

    assert planted - found == Counter(), "planted and not found"
    assert found - planted == Counter(), "found and not planted"
    assert len({fault["kind"] for fault in listed}) >= 20


def test_the_run_says_what_arrived_and_answers_that_something_needs_attention(county: County):
    assert county.first.code == 1, county.first.err
    assert "Traceback" not in county.first.out + county.first.err
    for word in ("arrived", "accepted", "quarantined", "excluded", "Draft: ", "Needs attention"):
        assert word in county.first.out
    assert "not judged" not in county.first.out, "every rule was judged by this run, on what stands now"
    assert "Source " not in county.first.out, "every source is on its newest version"


def test_a_second_night_lands_and_reads_nothing_writes_the_same_bytes_and_all_adds_up(copy_of_county: County):
    before = files_of(copy_of_county)
    told = json.loads(said("run", "--config", copy_of_county.config, "--json").out)

    assert (told["files_landed"], told["files_read"], told["changed"]) == (0, 0, False)
    assert (told["checks"]["not_judged"], told["findings_of_earlier_runs"]) == ({}, {})
    assert files_of(copy_of_county) == before
    for line in told["fates"]:
        for what in ("rows", "pence"):
            parts = [line[f"{what}_{fate}"] for fate in ("accepted", "quarantined", "excluded")]
            assert line[f"{what}_arrived"] is None or line[f"{what}_arrived"] == sum(parts), line["kind"]
    stated = [(source["status"], source["landed_on"], source["age_days"]) for source in told["sources"]]
    assert stated == [("current", "2026-11-23", 0)] * 6


def test_the_pack_holds_what_was_promised_and_the_manifest_is_true_of_it(county: County):
    manifest = json.loads((county.pack / "manifest.json").read_text())
    stated = {name: file["sha256"] for name, file in manifest["files"].items()}

    beside = {
        "changes.csv", "committee-report.docx", "data-quality.html", "data.json", "index.html",
        "ocds-releases.json", "sources.csv", "changes.csv-metadata.json", "sources.csv-metadata.json",
    }  # fmt: skip
    names = [one.name for one in PUBLISHED if one.applies(parse_period(PERIOD))]
    endings = ("csv", "csv-metadata.json", "xlsx", "ods")
    of_datasets = {f"{name}.{ending}" for name in names for ending in endings}
    assert beside | of_datasets == set(stated)
    assert (manifest["status"], manifest["version"], manifest["sign_off"]) == ("draft", 1, None)
    actual = files_of(county)
    assert {**stated, "manifest.json": actual["manifest.json"]} == actual


def test_the_pages_on_quality_are_sound_and_agree_with_the_findings(county: County):
    report = (county.data / "quality" / "report.html").read_bytes()
    for page in (report, (county.data / "quality" / "rules.html").read_bytes(),
                 (county.pack / "data-quality.html").read_bytes()):  # fmt: skip
        assert page_faults(page) == []
    listed = (county.data / "findings.csv").read_text(encoding="utf-8").splitlines()[1:]
    tasks = re.findall(r"<h3[^>]*>[^<:]+: ([\d,]+) faults?</h3>", report.decode())

    assert f">{len(listed)} findings in" in report.decode()
    assert sum(map(int, tasks)) == sum(not line.startswith("information,") for line in listed)
    assert b"could not be judged" not in report


@pytest.mark.long
def test_a_run_that_knows_of_less_leaves_what_is_live(copy_of_county: County):
    """Nothing had landed by then; of another day it is tried on what is published, in `test_publishing`."""
    told = looks_back(copy_of_county, "--known-at", "2026-11-22")

    assert told["drafted"] is None
    assert any("CR-016" in reason for reason in told["refused"])


def looks_back(county: County, *option: str) -> dict[str, Any]:
    """A run with a warehouse and drafts of its own: the live tables and pack stay to the byte. What it told."""
    pack, tables = files_of(county), live_versions(county)
    told: dict[str, Any] = json.loads(said("run", "--config", county.config, *option, "--json").out)

    assert files_of(county) == pack
    assert live_versions(county) == tables
    assert told["files_landed"] == 0
    return told


def live_versions(county: County) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(county.warehouse)) as connection:
        return connection.execute("select table_name, table_version from table_version order by 1").fetchall()

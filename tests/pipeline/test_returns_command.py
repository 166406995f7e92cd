"""`kcc-etl returns` on the county that does not exist, as an officer runs it."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kcc_etl.schema import return_form as layout
from reports.accessibility.check import check_workbook, faults
from tests.pipeline.support import PERIOD, County, said
from tests.pipeline.test_policy_on_the_sample import contracts_with_targets


@pytest.fixture(scope="module")
def issued(county: County, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The workbooks of the sample's quarter, and what the command said of them."""
    folder = tmp_path_factory.mktemp("issued")
    told = said("returns", "issue", PERIOD, "--config", county.config, "--to", folder, "--json")
    assert (told.code, told.err) == (0, "")
    return folder, json.loads(told.out)


def standing(county: County, period: str = PERIOD) -> dict[str, Any]:
    return json.loads(said("returns", "status", period, "--config", county.config, "--json").out)


def test_every_contract_that_owes_a_return_has_its_workbook(county: County, issued):
    folder, document = issued
    status = standing(county)
    owing = {one["contract_ref"] for one in status["contracts"] if one["is_owed"]}

    assert {one["contract_ref"] for one in document["files"]} == owing
    assert {one["file"] for one in document["files"]} == {path.name for path in folder.iterdir()}
    assert set(contracts_with_targets(county)) == {one["contract_ref"] for one in status["contracts"]}


def test_a_workbook_quotes_what_explain_says_and_hides_nothing(county: County, issued):
    folder, document = issued
    for one in document["files"][:3]:
        content = (folder / one["file"]).read_bytes()
        assert [str(found) for found in faults(check_workbook(content))] == []
        told = said("policy", "explain", one["contract_ref"], "--config", county.config, "--json")
        page = openpyxl.load_workbook(folder / one["file"])[layout.TARGETS_SHEET]
        quoted = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
        targets = json.loads(told.out)["targets"]
        assert targets
        for target in targets:
            assert target["explanation"] in quoted
            assert target["parameter_version"] in quoted


def test_twice_in_a_row_changes_nothing_and_an_edited_file_is_left(county: County, issued, tmp_path: Path):
    folder, document = issued
    again = tmp_path / "again"
    again.mkdir()
    for path in folder.iterdir():
        os.link(path, again / path.name)
    edited, gone = (one["file"] for one in document["files"][:2])
    (again / edited).unlink()
    (again / edited).write_bytes(b"an officer's own")
    (again / gone).unlink()
    (again / ".aside-killed.tmp").write_bytes(b"half of a workb")

    left = said("returns", "issue", PERIOD, "--config", county.config, "--to", again, "--json")
    outcomes = {one["file"]: one["outcome"] for one in json.loads(left.out)["files"]}

    assert left.code == 1
    assert Counter(outcomes.values()) == {
        "unchanged": len(outcomes) - 2, "written": 1, "left as it is": 1,
    }  # fmt: skip
    assert outcomes[edited] == "left as it is"
    assert (again / edited).read_bytes() == b"an officer's own"
    assert {path.name for path in again.iterdir()} == set(outcomes)

    replaced = said(
        "returns", "issue", PERIOD, "--config", county.config, "--to", again, "--replace", "--json"
    )

    assert replaced.code == 0
    assert (again / edited).read_bytes() == (folder / edited).read_bytes()


def test_the_status_counts_what_the_night_counted(county: County):
    status = standing(county)
    told = said("returns", "status", PERIOD, "--config", county.config)
    lines = told.out.splitlines()

    assert sum(status["counts"].values()) == len(status["contracts"])
    assert told.code == (1 if status["counts"]["missing"] else 0)
    assert status["counts"]["missing"] > 0  # the sample has some on purpose
    assert len([line for line in lines if line.count("\t") == 5]) == len(status["contracts"])
    for one in status["contracts"]:
        assert bool(one["files"]) == (one["state"] in {"received", "nil", "refused"}), one
        assert one["is_owed"] == (one["send_by"] is not None)
    assert any(held for one in status["contracts"] for came in one["files"] for held in came["held_by"])


def test_a_quarter_that_is_under_way_is_awaited(county: County):
    told = said("returns", "status", "2026-27-Q3", "--config", county.config, "--json")
    counts = json.loads(told.out)["counts"]

    assert told.code == 0
    assert counts["missing"] == 0
    assert counts["awaited"] > 0


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("2026-27-Q4", "after 2026-11-23"),
        ("2026-27-H1", "is no quarter"),
        ("2026-27", "is no quarter"),
        ("autumn", "is no quarter"),
    ],
)
@pytest.mark.parametrize("command", ["issue", "status"])
def test_a_wrong_period_is_a_wrong_usage(county: County, command: str, period: str, says: str):
    told = said("returns", command, period, "--config", county.config)

    assert (told.code, told.out) == (2, "")
    assert says in told.err


def test_before_the_first_night_it_says_what_to_do(county: County, tmp_path: Path):
    (tmp_path / "kcc_etl.toml").write_bytes(county.config.read_bytes())

    told = said("returns", "issue", PERIOD, "--config", tmp_path / "kcc_etl.toml")

    assert told.code == 2
    assert "Run `kcc-etl run` first" in told.err
    assert not (tmp_path / "data" / "returns").exists()


def test_a_folder_that_cannot_be_made_is_named(county: County, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    told = said("returns", "issue", PERIOD, "--config", county.config, "--to", tmp_path / "file")

    assert told.code == 2
    assert "--to" in told.err


@pytest.mark.long
def test_what_comes_back_is_in_the_next_night(copy_of_county: County):
    county = copy_of_county
    told = said("returns", "issue", PERIOD, "--config", county.config, "--json")
    document = json.loads(told.out)
    missing = next(one["contract_ref"] for one in standing(county)["contracts"] if one["state"] == "missing")
    file = next(one["file"] for one in document["files"] if one["contract_ref"] == missing)
    book = openpyxl.load_workbook(Path(document["folder"]) / file)
    page = book[layout.SHEET]
    for row, answer in (
        (layout.NIL_ROW, "No"),
        (layout.CONFIRM_SCOPE_ROW, "Yes"),
        (layout.CONFIRM_COMMITMENT_ROW, "Yes"),
    ):
        page[f"B{row}"] = answer
    for letter, value in zip(layout.ANSWERED_COLUMNS, ("County-wide", 1, 100, "Yes", "EV-77"), strict=True):
        page[f"{letter}{layout.FIRST_LINE_ROW}"] = value
    book.save(county.data / "inbox" / "returns" / file)

    said("run", "--config", county.config)
    found = {one["contract_ref"]: one for one in standing(county)["contracts"]}[missing]

    assert found["state"] == "received"
    assert [came["file"] for came in found["files"]] == [file]

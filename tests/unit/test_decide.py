"""`kcc-etl decide`: what it writes, what it refuses, and that the night takes what it wrote."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.decide import FILE, record, write_template
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.parsed import FileIdentity
from kcc_etl.intake.reader import parse
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from kcc_etl.settings import Settings, load_settings
from kcc_etl.warehouse.store import open_warehouse

TODAY = date(2026, 11, 23)
SETTINGS = """as_of = 2026-11-23
[authority]
name = "Example Council"
address = "Hall"
email = "a@example.org"
ids = ["GB-PPON-X"]
[[sources]]
name = "decisions"
kind = "decisions"
path = "inbox"
"""
OVERRIDE = {
    "decision_kind": "override", "subject": "C-1", "measure_code": "S1", "quantity": "5",
    "role": "category lead", "reason_code": "market capacity",
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    path = tmp_path / "kcc_etl.toml"
    path.write_text(SETTINGS)
    settings = load_settings(path)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    store = open_warehouse(settings.warehouse_url)
    store.replace(keys.CORE_CONTRACT, frames.from_rows([{"contract_ref": "C-1"}], keys.CORE_CONTRACT))
    asked = {"contract_ref": "C-1", "measure_code": "S1", "target": 4}
    store.replace(keys.OUT_TARGET, frames.from_rows([asked], keys.OUT_TARGET))
    store.engine.dispose()
    return settings


def taken_in(path: Path) -> list[list[object]]:
    parsed = parse(path, kind="decisions", file=FileIdentity("0" * 64, "decisions", path.name, TODAY))
    assert not parsed.findings
    return parsed.rows[["decision_id", "decision_kind", "subject"]].to_numpy().tolist()


def test_decisions_are_numbered_dated_and_taken_in(house: Settings) -> None:
    first, second = (record(house, OVERRIDE, TODAY) for _ in range(2))
    assert (first.notes, second.cells["decided_on"]) == ((), "2026-11-23")
    assert taken_in(first.path) == [["K-2026-0001", "override", "C-1"], ["K-2026-0002", "override", "C-1"]]
    assert [path.name for path in first.path.parent.iterdir()] == [FILE]


def test_an_override_beyond_the_role_is_recorded_and_says_who_may_approve_it(house: Settings) -> None:
    beyond = record(house, {**OVERRIDE, "quantity": "9"}, TODAY)
    (note,) = beyond.notes
    assert "does not count until approved" in note
    assert "kcc-etl decide approval K-2026-0001" in note
    approval = {
        "decision_kind": "approval",
        "subject": "K-2026-0001",
        "role": "head of procurement",
        "reason_code": "seen",
    }
    assert record(house, approval, TODAY).notes == ()


def test_a_change_of_value_is_taken_in(house: Settings) -> None:
    change = {
        "decision_kind": "value change", "subject": "C-1", "role": "contract manager",
        "reason_code": "variation", "effective_on": "2027-10-01", "original_value_pence": "12,000,000.00",
        "value_before_pence": "3000000", "value_after_pence": "4500000",
    }  # fmt: skip
    assert taken_in(record(house, change, TODAY).path) == [["K-2026-0001", "value change", "C-1"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": "mayor"}, "Policy knows no role 'mayor'"),
        ({"reason_code": "as agreed"}, "no reason for an override"),
        ({"quantity": "plenty"}, "Quantity: found plenty"),
        ({"quantity": ""}, "Quantity"),
        ({"decision_kind": "wish"}, "Decision kind: found wish"),
        ({"subject": "C-9"}, "no contract C-9"),
        ({"decided_on": "soon"}, "Decided on: found soon"),
        ({"measure_code": ""}, "Measure: found"),
        ({"decision_kind": "approval", "subject": "D-9"}, "no override D-9"),
        ({"decision_kind": "extension"}, "Takes effect on"),
        (
            {"decision_kind": "early end", "old_end_on": "2027-01-01", "new_end_on": "2027-01-02"},
            "End date before: found 2027-01-01",
        ),
    ],
)
def test_what_the_night_would_not_take_is_refused_and_nothing_written(house: Settings, given, said) -> None:
    with pytest.raises(UsageError) as caught:
        record(house, {name: cell for name, cell in {**OVERRIDE, **given}.items() if cell}, TODAY)
    assert said in str(caught.value)
    assert not (house.folder / "inbox" / FILE).exists()


def test_a_number_is_used_once_and_a_file_of_other_headings_is_left_alone(house: Settings) -> None:
    record(house, {**OVERRIDE, "decision_id": "D-1"}, TODAY)
    with pytest.raises(UsageError, match="D-1 already"):
        record(house, {**OVERRIDE, "decision_id": "D-1"}, TODAY)
    (house.folder / "inbox" / FILE).write_text("Something,else\r\n")
    with pytest.raises(UsageError, match="headings"):
        record(house, OVERRIDE, TODAY)
    assert (house.folder / "inbox" / FILE).read_text() == "Something,else\n"


def test_the_template_has_lists_and_is_taken_in_as_it_is_filled(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    write_template(path, load_parameters())
    book = openpyxl.load_workbook(path)
    sheet = book["Decisions"]
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    titles = {cell.value: cell.column_letter for cell in sheet[1]}
    assert set(lists) == {titles[name] for name in ("Decision kind", "Measure", "Role", "Reason")}
    assert [cell.value for cell in book["Lists"]["C"] if cell.value][1:] == [
        "contract manager", "category lead", "head of procurement", "chief procurement officer",
    ]  # fmt: skip
    filled = {
        "Decision number": "D-1", "Decision kind": "override", "Subject": "C-1", "Measure": "S1",
        "Quantity": 5, "Role": "category lead", "Reason": "data error", "Decided on": date(2026, 11, 2),
    }  # fmt: skip
    for title, value in filled.items():
        sheet[f"{titles[title]}2"] = value
    book.save(path)
    assert taken_in(path) == [["D-1", "override", "C-1"]]
    with pytest.raises(UsageError, match="there already"):
        write_template(path, load_parameters())

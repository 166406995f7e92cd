"""The duties that a night leaves: files for officers, a table that the command shows again, lines in box and digest."""

from __future__ import annotations

import csv
import io
import json

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.duty import KINDS
from kcc_etl.warehouse.store import open_warehouse
from reports.accessibility.check import check_workbook, faults
from tests.pipeline.support import County, said


def test_a_night_leaves_the_duties_in_table_workbook_csv_calendar_box_and_digest(county: County) -> None:
    folder = county.folder / "data"
    store = open_warehouse(f"sqlite:///{folder / 'warehouse.sqlite3'}")
    duties = store.read(keys.OUT_DUTY)
    contracts = store.read(keys.CORE_CONTRACT)
    store.engine.dispose()
    assert set(contracts["contract_ref"]) < set(duties["subject"])
    assert set(duties["duty_kind"]) <= set(KINDS)
    assert not duties.duplicated(["subject", "duty_kind", "occasion"]).any()

    rows = list(csv.DictReader(io.StringIO((folder / "duties" / "duties.csv").read_text("utf-8-sig"))))
    assert len(rows) == len(duties)
    calendar = (folder / "duties" / "duties.ics").read_bytes()
    undone = duties["duty_state"].isin(["overdue", "open", "to come"]) & duties["last_on"].notna()
    assert calendar.count(b"BEGIN:VEVENT\r\n") == (undone & (duties["duty_kind"] != "records kept")).sum()
    book = (folder / "duties" / "duties.xlsx").read_bytes()
    assert [str(fault) for fault in faults(check_workbook(book, "duties.xlsx"))] == []

    overdue = int((duties["duty_state"] == "overdue").sum())
    assert json.loads((folder / "digest.json").read_text())["duties"]["overdue"] == overdue
    assert f"Duties overdue: {overdue} (" in county.first.out
    assert "Duties due within 30 days: " in county.first.out


def test_the_command_shows_what_the_night_worked_out(county: County) -> None:
    settings = county.folder / "kcc_etl.toml"
    shown = said("duties", "--config", settings, "--json")
    assert shown.code == 1
    told = json.loads(shown.out)
    digest = json.loads((county.folder / "data" / "digest.json").read_text())
    assert told["overdue"] == digest["duties"]["overdue"]
    assert told["due_within"] == digest["duties"]["due_within_30_days"]

"""Feeds through the intake of a night: rows in the warehouse, and no fault of a feed takes one away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets.landed import Intake, take_in
from kcc_etl import asset_keys as keys
from kcc_etl.resources import house_resources
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import Warehouse
from tests.feeds.platform import Platform, altered, hang_up, made_up, recorded_releases, status
from tests.feeds.support import TUESDAY
from tests.feeds.test_faults import LOGIN

HEAD = "Payment reference,Supplier name,Payment date,Net amount (£)\r\n"


def ledger(rows: int) -> bytes:
    lines = [f"P{number},Acme Ltd,2026-08-10,{number}.00" for number in range(1, rows + 1)]
    return (HEAD + "\r\n".join(lines) + "\r\n").encode()


class House:
    """A settings file with one source, and nights on days that follow each other."""

    def __init__(self, folder: Path, kind: str, source: str) -> None:
        self.config = folder / "kcc_etl.toml"
        self.kind, self.source, self.day = kind, source, TUESDAY

    def night(self) -> Intake:
        self.config.write_text(
            f'as_of = {self.day}\n[authority]\nname = "A"\naddress = "B"\nemail = "c@d.example"\n'
            f'ids = ["GB-PPON-PAAA-0000-AAAA"]\n[[sources]]\nname = "feed"\nkind = "{self.kind}"\n{self.source}\n',
            encoding="utf-8",
        )
        resources = house_resources(str(self.config))
        self.warehouse: Warehouse = resources.warehouse.open()
        self.day += timedelta(days=1)
        return take_in(self.kind, load_settings(self.config), self.warehouse, resources.dates)

    def rows(self, table: str) -> int:
        return len(self.warehouse.read(table))

    def found(self) -> list[str]:
        return sorted(self.warehouse.read("finding")["rule_id"])


@pytest.fixture
def spend(tmp_path: Path, platform: Platform) -> House:
    """A snapshot at an address, ten lines of which came on the first night."""
    platform.pages["/spend.csv"] = ledger(10)
    feed = f'mode = "snapshot"\nfeed = {{ type = "url", url = "{platform.url}/spend.csv" }}'
    house = House(tmp_path, "payments", feed)
    house.night()
    assert house.rows(keys.RAW_PAYMENT) == 10
    return house


def test_the_recorded_day_becomes_rows_and_a_second_night_reads_nothing(
    tmp_path: Path, platform: Platform
) -> None:
    platform.releases, platform.page_size = recorded_releases(), 100
    source = f'feed = {{ type = "find-a-tender", since = 2026-08-10, address = "{platform.address}" }}'
    house = House(tmp_path, "notices", source)

    first = house.night()

    assert (first.landed, first.parsed, first.in_force) == (7, 7, 7)
    assert house.warehouse.read("receipt")["rows_arrived"].sum() == 459
    house.day = TUESDAY
    again = house.night()
    assert (again.landed, again.parsed, len(platform.requests)) == (0, 0, 7)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda site: site.fail(altered(lambda body: LOGIN)), "FD-002"),
        (lambda site: site.pages.update({"/spend.csv": ledger(7)}), "IN-042"),
        pytest.param(lambda site: site.fail(hang_up), "FD-001", marks=pytest.mark.long),
        pytest.param(lambda site: site.fail(status(404)), "FD-001", marks=pytest.mark.long),
        pytest.param(lambda site: site.fail(altered(lambda body: b"")), "FD-003", marks=pytest.mark.long),
        pytest.param(lambda site: site.pages.update({"/spend.csv": HEAD.encode()}), "IN-042", marks=pytest.mark.long),
        pytest.param(lambda site: site.pages.update({"/spend.csv": ledger(10).replace(b"Supplier name", b"Payee")}), "IN-041", marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_a_fault_of_a_file_at_an_address_keeps_the_last_good_version(
    spoil: Callable[[Platform], object], found: str, spend: House, platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("kcc_etl.intake.feeds.asking.BACK_OFF", (0.0, 0.0, 0.0))
    spoil(platform)
    spend.night()
    assert spend.rows(keys.RAW_PAYMENT) == 10
    assert found in spend.found()
    (state,) = spend.warehouse.read("source_state").to_dict("records")
    assert (state["version_landed_on"], state["age_days"]) == (pd.Timestamp(TUESDAY), 1)
    assert state["reason"]

    platform.mend()
    platform.pages["/spend.csv"] = ledger(11)
    spend.night()
    assert spend.rows(keys.RAW_PAYMENT) == 11
    assert spend.found() == []


@pytest.mark.long
def test_a_query_that_loses_rows_keeps_the_last_good_version(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "erp.db") as erp:
        erp.execute("CREATE TABLE spend (ref text, payee text, paid date, amount numeric)")
        lines = [(f"P{n}", "Acme Ltd", "2026-08-10", n) for n in range(1, 11)]
        erp.executemany("INSERT INTO spend VALUES (?, ?, ?, ?)", lines)
    question = (
        "SELECT ref AS 'Payment reference', payee AS 'Supplier name', paid AS 'Payment date', "
        "amount AS 'Net amount (£)' FROM spend ORDER BY ref"
    )
    feed = (
        f'mode = "snapshot"\nfeed = {{ type = "sql", database = "sqlite:///erp.db", query = "{question}" }}'
    )
    house = House(tmp_path, "payments", feed)
    house.night()
    assert house.rows(keys.RAW_PAYMENT) == 10
    for where, found in (("> 3", "IN-042"), ("> 0", "FD-003"), ("IS NULL OR 1", "FD-001")):
        with sqlite3.connect(tmp_path / "erp.db") as erp:
            erp.execute(
                "DROP TABLE spend" if found == "FD-001" else f"DELETE FROM spend WHERE amount {where}"
            )
        house.night()
        assert house.rows(keys.RAW_PAYMENT) == 10
        assert found in house.found()


def test_a_feed_of_notices_that_fails_takes_no_notice_away(tmp_path: Path, platform: Platform) -> None:
    source = f'feed = {{ type = "find-a-tender", since = 2026-08-10, address = "{platform.address}" }}'
    platform.releases = made_up("2026-08-10", 4)
    house = House(tmp_path, "notices", source)
    house.night()
    platform.fail(status(403))
    house.night()
    (state,) = house.warehouse.read("source_state").to_dict("records")
    assert (state["version_landed_on"], state["age_days"]) == (pd.Timestamp("2026-08-11"), 1)
    assert house.warehouse.read("receipt")["rows_arrived"].sum() == 4
    assert "FD-001" in house.found()

"""Feeds through the intake of a night: rows in the warehouse, and no fault of a feed takes one away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from tests.feeds.platform import Platform, altered, half_a_body, hang_up, made_up, recorded_releases, status
from tests.feeds.support import TUESDAY
from tests.feeds.taken_in import HEAD, House, ledger
from tests.feeds.test_faults import LOGIN
from tests.unit.county import decisions


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


FAULTS: tuple[tuple[Callable[[Platform], object], str], ...] = (
    (lambda site: site.fail(altered(lambda body: LOGIN)), "FD-002"),
    (lambda site: site.pages.update({"/spend.csv": ledger(7)}), "IN-042"),
    (lambda site: site.fail(hang_up), "FD-001"),
    (lambda site: site.fail(status(500)), "FD-001"),
    (lambda site: site.fail(status(404)), "FD-001"),
    (lambda site: site.fail(half_a_body), "FD-002"),
    (lambda site: site.fail(altered(lambda body: b"")), "FD-003"),
    (lambda site: site.pages.update({"/spend.csv": HEAD.encode()}), "IN-042"),
    (lambda site: site.pages.update({"/spend.csv": renamed(ledger(10))}), "IN-041"),
)  # fmt: skip
"""What the site does, night by night, and the rule that says so."""


def renamed(table: bytes) -> bytes:
    return table.replace(b"Supplier name", b"Payee")


def test_whatever_a_site_does_the_last_good_version_stays_and_its_age_is_told(
    spend: House, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kcc_etl.intake.feeds.asking.BACK_OFF", (0.0, 0.0, 0.0))
    for nights, (spoil, rule_id) in enumerate(FAULTS, start=1):
        platform.mend()
        platform.pages["/spend.csv"] = ledger(10)
        spoil(platform)
        spend.night()

        assert spend.rows(keys.RAW_PAYMENT) == 10, rule_id
        assert {rule_id, "IN-043"} <= set(spend.found())
        for aged in spend.warehouse.read("finding", {"rule_id": ["IN-043"]})["found"]:
            assert aged.endswith(f"2026-08-11, {nights} day{'s' if nights > 1 else ''} old")
        (state,) = spend.warehouse.read("source_state").to_dict("records")
        assert (state["source_status"], state["version_landed_on"], state["age_days"]) == (
            "last good version", pd.Timestamp(TUESDAY), nights,
        )  # fmt: skip
        assert state["reason"]
    platform.mend()
    platform.pages["/spend.csv"] = ledger(11)
    spend.night()
    assert spend.rows(keys.RAW_PAYMENT) == 11
    assert spend.found() == []


@pytest.mark.parametrize(("rows", "held"), [(8, False), (7, True)])
def test_a_version_counts_with_four_fifths_of_the_rows(
    rows: int, held: bool, spend: House, platform: Platform
) -> None:
    platform.pages["/spend.csv"] = ledger(rows)
    spend.night()
    assert spend.rows(keys.RAW_PAYMENT) == (10 if held else rows)


def test_a_version_with_few_rows_counts_once_an_officer_accepts_the_file(
    spend: House, platform: Platform
) -> None:
    platform.pages["/spend.csv"] = ledger(7)
    spend.night()
    (held,) = spend.warehouse.read("receipt", {"rule_id": ["IN-042"]})["source_sha256"]
    (spend.config.parent / "decisions").mkdir()
    (spend.config.parent / "decisions" / "d.csv").write_text(
        decisions(("accepted file", held[:12]), on="2026-08-11")
    )
    spend.source += '\n[[sources]]\nname = "decisions"\nkind = "decisions"\npath = "decisions"'

    spend.night("decisions")
    spend.night()

    assert spend.rows(keys.RAW_PAYMENT) == 7
    assert "IN-043" not in spend.found()


def test_a_look_back_asks_nobody(spend: House, platform: Platform) -> None:
    platform.requests.clear()
    assert spend.night(known_at=TUESDAY.isoformat()).in_force == 1
    assert platform.requests == []


def test_a_fault_of_the_program_in_a_feed_stops_no_other_source(
    spend: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (spend.config.parent / "more").mkdir()
    (spend.config.parent / "more" / "m.csv").write_bytes(ledger(2).replace(b"\nP", b"\nQ"))
    spend.source += '\n[[sources]]\nname = "more"\nkind = "payments"\npath = "more"'

    def failing(*_: object, **__: object) -> object:
        raise KeyError("x")

    monkeypatch.setattr("assets.fetched.fetch", failing)
    spend.night()
    assert spend.rows(keys.RAW_PAYMENT) == 12
    findings = spend.warehouse.read("finding")
    told = dict(zip(findings["rule_id"], findings["found"], strict=True))
    assert set(told) == {"FD-001", "IN-043"}
    assert "a fault of this program (KeyError" in told["FD-001"]


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

"""A run that looks back: what it takes from the live warehouse, and what it works out for its own dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.landed import Intake, take_in
from kcc_etl.resources import house_resources
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import Warehouse
from tests.unit.county import County, register

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """A register that came on Monday, and on Tuesday with other headings, so that Monday's stays in use."""
    made = County(
        tmp_path,
        '[[sources]]\nname = "contracts"\nkind = "register"\npath = "registers"\nmode = "snapshot"\n',
    )
    made.put("registers/r.csv", register(10))
    made.night(MONDAY, "register")
    made.put("registers/r.csv", register(10).replace("Supplier name", "Vendor"))
    made.night(TUESDAY, "register")
    yield made
    made.warehouse.engine.dispose()


def look_back(county: County, known_at: date) -> tuple[Intake, Warehouse]:
    resources = house_resources(str(county.folder / "kcc_etl.toml"), known_at=str(known_at))
    own = resources.warehouse.open()
    return take_in("register", load_settings(county.folder / "kcc_etl.toml"), own, resources.dates), own


def state(warehouse: Warehouse) -> tuple[str, date, int]:
    (row,) = warehouse.read("source_state").to_dict("records")
    return row["source_status"], row["version_landed_on"].date(), row["age_days"]


def test_each_warehouse_says_how_its_sources_stood_on_its_own_day(county: County) -> None:
    county.night(WEDNESDAY, "register")
    intake, own = look_back(county, MONDAY)
    assert state(own) == ("current", MONDAY, 0)
    assert intake.in_force == 1
    intake, own = look_back(county, TUESDAY)
    assert state(own) == ("last good version", MONDAY, 1)
    assert state(county.warehouse) == ("last good version", MONDAY, 2)


def test_what_the_live_nights_read_is_not_read_again_to_be_compared(county: County) -> None:
    county.night(WEDNESDAY, "register")
    intake, own = look_back(county, TUESDAY)
    assert len(county.warehouse.read("reading")) == 2
    pd.testing.assert_frame_equal(own.read("reading"), county.warehouse.read("reading"))
    assert intake.parsed == 1, "the rows of the version in force"
    assert look_back(county, TUESDAY)[0].parsed == 0


def test_a_rebuild_knows_the_ledger_as_it_stands_now_and_keeps_what_it_read_itself(county: County) -> None:
    county.night(WEDNESDAY, "register")
    _, own = look_back(county, MONDAY)
    before = own.read("reading")
    county.put("registers/r.csv", register(11))
    county.night(WEDNESDAY, "register")
    intake, own = look_back(county, MONDAY)
    pd.testing.assert_frame_equal(own.read("ledger"), county.warehouse.read("ledger"))
    pd.testing.assert_frame_equal(own.read("reading"), before)
    assert (intake.parsed, state(own)) == (0, ("current", MONDAY, 0))
    assert len(own.read("raw_register__entity_contract")) == 10

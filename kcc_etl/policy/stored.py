"""The warehouse as the last night left it, for commands that look and change nothing.

Does not belong here: computing anything, showing anything.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from kcc_etl import asset_keys as keys
from kcc_etl.exceptions import UsageError
from kcc_etl.resources import House
from kcc_etl.warehouse.store import Warehouse, open_warehouse


def stored(house: House) -> Warehouse:
    """The warehouse of the dates that the house has: the live one, or that of a run that looked back.

    Raises UsageError when no run has computed targets for these dates.
    """
    settings = house.house.settings()
    url, again = settings.warehouse_url, "kcc-etl run"
    if house.dates.looks_back():
        as_of, known_at = house.dates.as_of(), house.dates.known_at()
        url = f"sqlite:///{settings.rebuilt_folder(as_of, known_at) / 'warehouse.sqlite3'}"
        again = f"kcc-etl run --as-of {as_of} --known-at {known_at}"
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise _not_computed(again)
    warehouse = open_warehouse(url)
    if not warehouse.version(keys.OUT_TARGET):
        raise _not_computed(again)
    return warehouse


def _not_computed(again: str) -> UsageError:
    return UsageError(
        "No targets have been computed yet for these dates",
        expected="a warehouse that a run has filled",
        remedy=f"Run `{again}` first",
    )

"""Stage 1: files land and are read, row by row, with the place of every cell.

Does not belong here: joining files, judging what they say.
"""

from __future__ import annotations

import dagster as dg

from assets.landed import take_in
from assets.materialize import Result, describe, materialized, source_table
from kcc_etl import asset_keys as keys
from kcc_etl.resources import RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

_FILE_KINDS = {
    "register": {"csv", "excel"},
    "notices": {"json"},
    "payments": {"csv"},
    "returns": {"excel"},
    "decisions": {"csv"},
}


def _raw_asset(kind: str) -> dg.AssetsDefinition:
    table = RAW_TABLE_OF_KIND[kind].name

    # Decisions first: one of them may say that a file counts although it changed.
    @dg.asset(**describe(table, _FILE_KINDS[kind]), deps=[] if kind == "decisions" else [keys.RAW_DECISION])
    def raw(house: SettingsResource, dates: RunDatesResource, warehouse: WarehouseResource) -> Result:
        store = warehouse.open()
        intake = take_in(kind, house.settings(), store, dates)
        counts = {
            "files_landed": intake.landed,
            "files_parsed": intake.parsed,
            "files_in_force": intake.in_force,
            "sources": source_table(intake.states),
        }
        return materialized(table, store.read(table), store.version(table), counts)

    return raw


RAW_ASSETS = [_raw_asset(kind) for kind in RAW_TABLE_OF_KIND]

"""Stage 2, public notices: their contracts and parts, and what joins them with the register.

Does not belong here: deciding which releases count or which contract is which (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.stored import held_out, made_on, put
from kcc_etl import asset_keys as keys
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.domain.notices import build_notices
from kcc_etl.domain.register_notices import join_register_and_notices
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.warehouse.store import Warehouse

_KINDS = {"pandas", "sqlite"}
_PARTS = (
    keys.CORE_NOTICE_SUPPLIER,
    keys.CORE_NOTICE_KPI,
    keys.CORE_NOTICE_CHANGE,
    keys.CORE_NOTICE_END,
    keys.CORE_NOTICE_FAILURE,
)
_OF_NOTICES = (keys.CORE_NOTICE, *_PARTS, keys.CORE_NOTICED)


_SIDES = (keys.CORE_CONTRACT, keys.CORE_NOTICED, keys.CORE_SUPPLIER_IDENTIFIER)
_JOINED = (keys.CORE_REGISTER_NOTICE, keys.CORE_DISAGREEMENT)


def _specs(tables: Sequence[str]) -> list[dg.AssetSpec]:
    return [dg.AssetSpec(**describe(table, _KINDS), deps=MADE_FROM[table]) for table in tables]


def _shown(table: str, version: str, store: Warehouse, extra: dict[str, int] | None = None) -> Result:
    return materialized(table, store.read(table), version, extra)._replace(asset_key=dg.AssetKey([table]))


@dg.multi_asset(specs=_specs(_OF_NOTICES))
def core_notices(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Iterator[Result]:
    """Contracts in public notices, their parts, and each contract by its latest notices."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = {table: made_on(table, store, parameters, as_of) for table in _OF_NOTICES}
    notices = build_notices(store.read(keys.RAW_NOTICE), store.read("file_column"))
    noticed = build_noticed_contracts(notices.core.rows, notices.parts)
    parts = {table: notices.parts[table] for table in _PARTS}
    with store.transaction():
        versions = {keys.CORE_NOTICE: put("notices", notices.core, store, basis[keys.CORE_NOTICE])}
        for table, frame in {**parts, keys.CORE_NOTICED: noticed}.items():
            versions[table] = store.replace(table, frame, basis=basis[table])
    for table, version in versions.items():
        yield _shown(table, version, store, held_out(notices.core) if table == keys.CORE_NOTICE else None)


@dg.multi_asset(specs=_specs(_JOINED))
def core_register_and_notices(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Iterator[Result]:
    """Which register contract is which noticed contract, and where the two disagree."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = {table: made_on(table, store, parameters, as_of) for table in _JOINED}
    joined = join_register_and_notices(*(store.read(name) for name in _SIDES))
    frames = dict(zip(_JOINED, (joined.matches, joined.disagreements), strict=True))
    with store.transaction():
        versions = {table: store.replace(table, frame, basis=basis[table]) for table, frame in frames.items()}
    for table, version in versions.items():
        yield _shown(table, version, store)


NOTICE_ASSETS = [core_notices, core_register_and_notices]

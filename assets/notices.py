"""Stage 2, public notices: their contracts and parts, and what joins them with the register.

Does not belong here: deciding which releases count or which contract is which (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.stored import held_out, put
from kcc_etl import asset_keys as keys
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.domain.notices import build_notices
from kcc_etl.domain.register_notices import join_register_and_notices
from kcc_etl.resources import WarehouseResource
from kcc_etl.warehouse.store import Warehouse

_KINDS = {"pandas", "sqlite"}
_PARTS = (
    keys.CORE_NOTICE_SUPPLIER,
    keys.CORE_NOTICE_KPI,
    keys.CORE_NOTICE_CHANGE,
    keys.CORE_NOTICE_END,
    keys.CORE_NOTICE_FAILURE,
)


def _specs(tables: Sequence[str], deps: Sequence[str]) -> list[dg.AssetSpec]:
    return [dg.AssetSpec(**describe(table, _KINDS), deps=list(deps)) for table in tables]


def _shown(table: str, version: str, store: Warehouse, extra: dict[str, int] | None = None) -> Result:
    return materialized(table, store.read(table), version, extra)._replace(asset_key=dg.AssetKey([table]))


@dg.multi_asset(specs=_specs([keys.CORE_NOTICE, *_PARTS, keys.CORE_NOTICED], [keys.RAW_NOTICE]))
def core_notices(warehouse: WarehouseResource) -> Iterator[Result]:
    """Contracts in public notices, their parts, and each contract by its latest notices."""
    store = warehouse.open()
    notices = build_notices(store.read(keys.RAW_NOTICE), store.read("file_column"))
    noticed = build_noticed_contracts(notices.core.rows, notices.parts)
    with store.transaction():
        versions = {keys.CORE_NOTICE: put("notices", notices.core, store)}
        versions |= {table: store.replace(table, notices.parts[table]) for table in _PARTS}
        versions[keys.CORE_NOTICED] = store.replace(keys.CORE_NOTICED, noticed)
    for table, version in versions.items():
        yield _shown(table, version, store, held_out(notices.core) if table == keys.CORE_NOTICE else None)


@dg.multi_asset(
    specs=_specs(
        [keys.CORE_REGISTER_NOTICE, keys.CORE_DISAGREEMENT],
        [keys.CORE_CONTRACT, keys.CORE_NOTICED, keys.CORE_SUPPLIER_IDENTIFIER],
    )
)
def core_register_and_notices(warehouse: WarehouseResource) -> Iterator[Result]:
    """Which register contract is which noticed contract, and where the two disagree."""
    store = warehouse.open()
    sides = (keys.CORE_CONTRACT, keys.CORE_NOTICED, keys.CORE_SUPPLIER_IDENTIFIER)
    joined = join_register_and_notices(*(store.read(name) for name in sides))
    with store.transaction():
        versions = {
            keys.CORE_REGISTER_NOTICE: store.replace(keys.CORE_REGISTER_NOTICE, joined.matches),
            keys.CORE_DISAGREEMENT: store.replace(keys.CORE_DISAGREEMENT, joined.disagreements),
        }
    for table, version in versions.items():
        yield _shown(table, version, store)


NOTICE_ASSETS = [core_notices, core_register_and_notices]

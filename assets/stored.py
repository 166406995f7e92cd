"""Putting a table in place: the basis it is made on; a core table with what it holds out and what was found.

Does not belong here: making either (`kcc_etl.domain`), what the UI shows (`assets.materialize`).
"""

from __future__ import annotations

from datetime import date

from kcc_etl.basis import basis_of
from kcc_etl.domain.findings import findings_frame
from kcc_etl.domain.holding import Core
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND
from kcc_etl.warehouse.store import Warehouse


def made_on(table: str, store: Warehouse, parameters: Parameters, as_of: date) -> str:
    """The basis of a table about to be made. Ask before reading what it is made from: then a table that is
    written meanwhile makes the basis an old one, and never passes for one that was read.
    """
    return basis_of(as_of, parameters).made_from(table, store.versions(MADE_FROM[table]))


def put(kind: str, core: Core, store: Warehouse, basis: str) -> str:
    """Replace the core table of a kind, its rows set aside and its findings; returns the table's version.

    Call it inside a transaction.
    """
    version = store.replace(CORE_TABLE_OF_KIND[kind].name, core.rows, basis=basis)
    store.replace_where("set_aside", core.set_aside, {"stage": "core", "kind": kind})
    of_these = {"stage": "core", "table_name": RAW_TABLE_OF_KIND[kind].name}
    store.replace_where("finding", findings_frame(core.findings), of_these)
    return version


def held_out(core: Core) -> dict[str, int]:
    """How many rows were held out, by fate, as the UI shows it."""
    fates = core.set_aside["fate"].value_counts().to_dict()
    return {f"rows_{fate}": int(fates.get(fate, 0)) for fate in ("quarantined", "excluded")}

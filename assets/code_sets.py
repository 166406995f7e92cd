"""Stage 3: the further sets of the Transparency Code, and the shares of spend.

Does not belong here: which rows a set holds (`kcc_etl.domain`), headings and formats (`reports`).
"""

from collections.abc import Callable

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.code_sets import select_card, select_grants, select_tenders
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.spend_shares import compute_shares
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM

Selection = Callable[..., pd.DataFrame]
"""Given the frames of MADE_FROM in order, and by name `parameters` and `period`."""


def _figures(name: str, table: str, doc: str, select: Selection) -> dg.AssetsDefinition:
    """The asset of a table that a selection makes from the tables of MADE_FROM, in their order."""

    def out_figures(
        context: dg.AssetExecutionContext,
        warehouse: WarehouseResource,
        policy: PolicyResource,
        dates: RunDatesResource,
    ) -> Result:
        store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
        basis = made_on(table, store, parameters, as_of)
        frames = [
            decisions_known(store.read(one), as_of) if one == keys.CORE_DECISION else store.read(one)
            for one in MADE_FROM[table]
        ]
        period = period_of(context, dates)
        frame = select(*frames, parameters=parameters, period=period)
        return materialized(table, frame, store.replace(table, frame, period.id, basis))

    out_figures.__name__, out_figures.__doc__ = name, doc
    made = dg.asset(**describe(table, {"pandas", "sqlite"}), deps=MADE_FROM[table], partitions_def=PERIODS)
    return made(out_figures)


CODE_SET_ASSETS = [
    _figures(
        "out_card",
        keys.OUT_CARD,
        "Every transaction on a Government Procurement Card.",
        select_card,
    ),
    _figures(
        "out_grants",
        keys.OUT_GRANT,
        "Grants to voluntary bodies of the financial year.",
        select_grants,
    ),
    _figures(
        "out_shares",
        keys.OUT_SHARE,
        "Shares of spend.",
        compute_shares,
    ),
    _figures(
        "out_tenders",
        keys.OUT_TENDER,
        "Invitations to tender over the publication floor.",
        select_tenders,
    ),
]

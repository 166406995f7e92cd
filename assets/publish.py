"""Stage 4: the pack of a quarter, through the gate.

Does not belong here: the gate's judgement (`kcc_etl.gate`), the files (`reports`).
"""

from pathlib import Path
from typing import Any

import dagster as dg

from assets.materialize import OWNERS, Result
from assets.partitions import QUARTERS, period_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.fates import account
from kcc_etl.gate import require_open
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse
from reports.manifest import PackInput, ParameterStamp
from reports.pack import PackResult, build_pack

_FIGURES = (keys.OUT_OVER_30K, keys.OUT_SPEND, keys.OUT_REGISTER, keys.OUT_PERFORMANCE)


@dg.asset(
    key=dg.AssetKey([keys.PUB_PACK]),
    deps=list(keys.PACK_INPUTS),
    partitions_def=QUARTERS,
    group_name=keys.GROUPS["pub"],
    description=(
        "The publication pack of the quarter: built aside, read again, and switched in whole. The asset asks "
        "the gate itself, whichever way it is launched, and publishes nothing while a blocking rule is red."
    ),
    kinds={"csv", "excel", "word"},
    owners=OWNERS,
    tags={"layer": "pub", "publication": "yes", "contains_personal_data": "no"},
    # Last of all: every check of this run has been judged when the gate is asked. Where an executor ignores
    # priorities, the gate finds no verdict and refuses.
    op_tags={"dagster/priority": "-1"},
)
def pub_pack(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    house: SettingsResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """The pack of one quarter."""
    period = period_of(context, dates).id
    store = warehouse.open()
    with store.transaction():  # what the gate judged is what is published
        tables = keys.PACK_INPUTS
        require_open(period, tables, store.versions(tables), store.read("verdict"), store.periods(tables))
        pack = _publish(period, store, house, policy, dates)
    metadata: dict[str, Any] = {
        "folder": str(pack.folder),
        "changed": not pack.unchanged,
        "files": ", ".join(pack.files),
    }
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(pack.content_hash[:16]))


def _publish(
    period: str, store: Warehouse, house: SettingsResource, policy: PolicyResource, dates: RunDatesResource
) -> PackResult:
    settings, parameters = house.settings(), policy.parameters()
    receipts = store.read("receipt")
    cores = {kind: store.read(table.name) for kind, table in CORE_TABLE_OF_KIND.items()}
    is_approved = rests_on_approved(store.read(keys.CORE_CONTRACT), parameters, dates.as_of())
    status = "policy" if is_approved else "assumption"
    columns = ["source_name", "source_file", "kind", "source_sha256", "rows_arrived"]
    return build_pack(
        _folder(settings, dates),
        period=period,
        as_of=dates.as_of(),
        known_at=dates.known_at(),
        authority=settings.authority,
        frames={name: store.read(name) for name in _FIGURES},
        fates=account(receipts, store.read("set_aside"), cores),
        findings_count=len(store.read("finding")),
        inputs=[PackInput(*row) for row in zip(*(receipts[name].tolist() for name in columns), strict=True)],
        parameters=ParameterStamp(parameters.version, status, is_approved),
        measures=parameters.measures,
    )


def _folder(settings: Settings, dates: RunDatesResource) -> Path:
    """A run that looks back never touches what is published."""
    if dates.looks_back():
        return settings.rebuilt_folder(dates.as_of(), dates.known_at()) / "publications"
    return settings.publications_folder


PUB_ASSETS = [pub_pack]

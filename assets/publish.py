"""Stage 4: the pack of a quarter, through the gate.

Does not belong here: the gate's judgement (`kcc_etl.gate`), the files (`reports`).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg

from assets.materialize import OWNERS, Result
from assets.partitions import QUARTERS, period_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import accepted_files
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.checked import checks_of, run_tags
from kcc_etl.domain.counted_changes import with_changed_ends
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.lateness import late_returns
from kcc_etl.domain.overrides import overridden
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.targets import contracts_undated
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.gate import ask, case_of, require_open
from kcc_etl.held import held_verdicts
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from kcc_etl.settings import AuthoritySettings
from kcc_etl.warehouse.store import Warehouse
from reports.datasets import FIGURES
from reports.manifest import PackInput, ParameterStamp
from reports.pack import PackResult, build_pack
from reports.quality_figures import quality

_PUBLISHED = (*FIGURES, keys.OUT_TARGET, keys.OUT_TARGET_VERSION)


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
    """The pack of one quarter.

    A refusal fails the step, so that the run is red wherever it was launched: what was asked for, a
    publication, was not made, and nothing else that Dagster shows would say so.
    """
    period = period_of(context, dates).id
    told = _told(house, policy, dates)
    store = warehouse.open()
    with store.transaction():  # what the gate judged is what is published
        # Read again from the rows themselves: a version does not tell of a change made by hand.
        case = case_of(store, period, told.as_of, told.parameters)
        answer = ask(replace(case, altered=store.altered(_PUBLISHED)))
        checks = checks_of(held_verdicts(store, told.as_of, told.parameters))
        if answer.reasons:
            context.instance.add_run_tags(context.run.run_id, run_tags(checks, "refused"))
        require_open(period, answer)
        pack = _publish(period, store, told, answer.waivers)
    context.instance.add_run_tags(context.run.run_id, run_tags(checks, "published", answer.waivers))
    metadata: dict[str, Any] = {
        "folder": str(pack.folder),
        "changed": not pack.unchanged,
        "files": ", ".join(pack.files),
        "checks": str(checks),
        "waivers": " ".join(map(str, answer.waivers)) or "none",
    }
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(pack.content_hash[:16]))


class _Told(NamedTuple):
    """What the run was told, read once: what the gate is asked about is what is published."""

    parameters: Parameters
    as_of: date
    known_at: date
    authority: AuthoritySettings
    folder: Path


def _told(house: SettingsResource, policy: PolicyResource, dates: RunDatesResource) -> _Told:
    settings, as_of, known_at = house.settings(), dates.as_of(), dates.known_at()
    folder = settings.publications_folder
    if dates.looks_back():  # it never touches what is published
        folder = settings.rebuilt_folder(as_of, known_at) / "publications"
    return _Told(policy.parameters(), as_of, known_at, settings.authority, folder)


def _publish(period: str, store: Warehouse, told: _Told, waivers: tuple[WaiverUsed, ...]) -> PackResult:
    parameters, as_of = told.parameters, told.as_of
    receipts = store.read("receipt")
    cores = {kind: store.read(table.name) for kind, table in CORE_TABLE_OF_KIND.items()}
    is_approved = rests_on_approved(cores["register"], parameters, as_of)
    known = decisions_known(cores["decisions"], as_of)
    terms = ReturnTerms(with_changed_ends(cores["register"], known), parameters)
    status = "policy" if is_approved else "assumption"
    columns = ["source_name", "source_file", "kind", "source_sha256", "rows_arrived"]
    return build_pack(
        told.folder,
        period=period,
        as_of=as_of,
        known_at=told.known_at,
        authority=told.authority,
        frames={name: store.read(name) for name in FIGURES},
        quality=quality(
            receipts=receipts,
            set_aside=store.read("set_aside"),
            cores=cores,
            findings=store.read("finding"),
            verdicts=held_verdicts(store, as_of, parameters),
            accepted=accepted_files(cores["decisions"], as_of, parameters.waivers),
        ),
        inputs=[PackInput(*row) for row in zip(*(receipts[name].tolist() for name in columns), strict=True)],
        parameters=ParameterStamp(parameters.version, status, is_approved),
        measures=parameters.measures,
        waivers=waivers,
        undated_contracts=len(contracts_undated(cores["register"], parameters)),
        overrides=overridden(store.read(keys.OUT_TARGET), cores["decisions"]),
        lateness=late_returns(receipts, store.read("ledger"), terms, parse_period(period)),
    )


PUB_ASSETS = [pub_pack]

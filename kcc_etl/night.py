"""One night: execute the Dagster job, then say what happened from what the warehouse holds.

Does not belong here: printing (`kcc_etl.console`), the command's options (`kcc_etl.cli`), the work itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pandas as pd

from assets.partitions import FIRST_QUARTER, LAST_QUARTER, QUARTERS
from kcc_etl import asset_keys as keys
from kcc_etl import exceptions
from kcc_etl.dagster_home import LAUNCHED_HERE, close_dead_runs, instance
from kcc_etl.definitions import build_defs
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.fates import account
from kcc_etl.domain.periods import latest_complete_quarter, parse_period
from kcc_etl.exceptions import KccEtlError, UsageError
from kcc_etl.gate import ask
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.intake.landing.landing import require_mappings, require_sources
from kcc_etl.parameters.load import load_parameters
from kcc_etl.resources import House, house_resources, turn
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, KINDS
from kcc_etl.settings import Settings, load_settings
from reports.findings import findings_csv


@dataclass(frozen=True)
class SourceStanding:
    """Through which file a source speaks, its age in days on the day known at, and why if not the newest.

    `file`, `landed_on` and `age_days` are None where no version is in use; `rule_id` is empty for none.
    """

    name: str
    kind: str
    status: str
    file: str | None
    landed_on: date | None
    age_days: int | None
    rule_id: str
    reason: str


@dataclass(frozen=True)
class Night:
    """What a night came to: `failures` in sentences, `refused` the gate's reasons, `findings` the table.

    `sources` are all sources, by kind and name.
    """

    period: str
    as_of: date
    known_at: date
    run_id: str
    landed: int
    parsed: int
    fates: pd.DataFrame
    findings: pd.DataFrame
    findings_file: Path
    sources: tuple[SourceStanding, ...]
    published: Path | None
    changed: bool
    looked_back: bool = False
    refused: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    failure_code: int = 0
    approved: bool = False
    parameter_version: str = ""

    @property
    def exit_code(self) -> int:
        """0 done; 1 something needs attention; 2 wrong usage or settings; 3 a source is out of reach."""
        if self.failure_code:
            return self.failure_code
        if (self.findings["rule_id"] == "FD-001").any():
            return 3
        attention = self.findings["severity"].isin(["critical", "warning"]).any()
        return 1 if self.refused or self.failures or attention else 0


def run_night(config: Path, *, as_of: str = "", known_at: str = "", period: str = "") -> Night:
    """Execute the job `nightly` for one quarter, the latest complete one unless named.

    Raises SettingsError, ParameterError, UsageError (RunUnderWayError while another run is at work) or
    WarehouseError before anything is done when the run cannot start, and RunHistoryError at any time; what
    else goes wrong later is told in the Night.
    """
    settings = load_settings(config)
    resources = house_resources(str(config), as_of=as_of, known_at=known_at, in_turn=True)
    dates = resources.dates
    quarter = _quarter(period, dates.as_of())
    parameters = load_parameters(settings.parameters_folder)
    _require_inputs(settings)
    with turn(settings, wait=False), instance(settings) as dagster_instance:
        store = resources.warehouse.open()
        close_dead_runs(dagster_instance, settings.dagster_home)
        result = _execute(resources, dagster_instance, quarter)
        failures, said, code = _failures(result)
        cores = {kind: store.read(table.name) for kind, table in CORE_TABLE_OF_KIND.items()}
        versions = store.versions(keys.PACK_INPUTS)
        held = store.periods(keys.PACK_INPUTS)
        refused = ask(keys.PACK_INPUTS, versions, store.read("verdict"), period=quarter, periods=held)
        pack = _metadata(result, keys.PUB_PACK)
        findings = store.read("finding")
        back = dates.looks_back()
        folder = settings.rebuilt_folder(dates.as_of(), dates.known_at()) if back else settings.data_folder
        findings_file = folder / "findings.csv"
        write_atomically(findings_file, findings_csv(findings))
        return Night(
            period=quarter,
            as_of=dates.as_of(),
            known_at=dates.known_at(),
            run_id=result.run_id,
            landed=_total(result, "files_landed"),
            parsed=_total(result, "files_parsed"),
            fates=account(store.read("receipt"), store.read("set_aside"), cores),
            findings=findings,
            findings_file=findings_file,
            sources=_standings(store.read("source_state"), dates.known_at()),
            published=Path(str(pack["folder"])) if pack else None,
            changed=bool(pack.get("changed")),
            looked_back=back,
            refused=tuple(refused or said),  # the gate, asked again, gives its reasons one by one
            failures=tuple(failures),
            failure_code=code,
            approved=rests_on_approved(store.read(keys.CORE_CONTRACT), parameters, dates.as_of()),
            parameter_version=parameters.version,
        )


def _require_inputs(settings: Settings) -> None:
    """Raise SettingsError for sources and saved mappings that are not there, before anything is done.

    A mapping that is there but cannot be used is a finding on its own source: the last good one stays.
    """
    sources = settings.landing_sources()
    require_sources(sources, settings.landing_folder)
    require_mappings(sources)


def _standings(states: pd.DataFrame, known_at: date) -> tuple[SourceStanding, ...]:
    """The table `source_state`, ages counted again: a night that failed early left the table as it was."""
    plain = states.astype(object).where(states.notna(), None)
    found = []
    for row in plain.to_dict("records"):
        day = row["version_landed_on"]
        landed_on = day.date() if day is not None else None
        found.append(
            SourceStanding(
                name=row["source_name"],
                kind=row["kind"],
                status=row["source_status"],
                file=row["source_file"],
                landed_on=landed_on,
                age_days=(known_at - landed_on).days if landed_on else None,
                rule_id=row["rule_id"] or "",
                reason=row["reason"] or "",
            )
        )
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), each.name)))


def _quarter(period: str, as_of: date) -> str:
    period = period or latest_complete_quarter(as_of).id
    try:
        chosen = parse_period(period)
    except ValueError as error:
        raise UsageError(str(error), expected="a financial quarter such as 2026-27-Q2") from error
    if chosen.kind != "quarter":
        raise UsageError(f"{period} is a {chosen.kind}", expected="a financial quarter such as 2026-27-Q2")
    if period not in QUARTERS.get_partition_keys():
        raise UsageError(
            f"{period} is not a quarter of this program", expected=f"{FIRST_QUARTER} to {LAST_QUARTER}"
        )
    if chosen.end > as_of:
        raise UsageError(
            f"{period} runs to {chosen.end} and the figures speak about {as_of}",
            expected=f"{latest_complete_quarter(as_of).id} or earlier",
        )
    return period


def _execute(
    resources: House, dagster_instance: dg.DagsterInstance, quarter: str
) -> dg.ExecuteInProcessResult:
    job = build_defs(resources._asdict()).resolve_job_def("nightly")
    return job.execute_in_process(
        instance=dagster_instance,
        partition_key=quarter,
        raise_on_error=False,
        tags=LAUNCHED_HERE,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )


def _failures(result: dg.ExecuteInProcessResult) -> tuple[list[str], list[str], int]:
    """What failed and what refused to publish, in sentences, and the exit code that the failures call for."""
    failed: list[str] = []
    refused: list[str] = []
    code = 0
    for event in result.all_events:
        if not event.is_step_failure or event.step_failure_data.error is None:
            continue
        error = event.step_failure_data.error
        while error.cause is not None:
            error = error.cause
        kind = vars(exceptions).get(error.cls_name or "")
        message = error.message.strip().split(": ", 1)[-1]
        if kind is exceptions.PublicationRefusedError:
            refused.append(message)
        elif isinstance(kind, type) and issubclass(kind, KccEtlError):
            failed.append(message)
            code = max(code, kind.exit_code)
        else:
            failed.append(
                f"{error.cls_name} in {event.step_key}; see run {result.run_id[:8]} in `kcc-etl ui`"
            )
            code = max(code, 2)
    return failed, refused, code


def _metadata(result: dg.ExecuteInProcessResult, table: str) -> dict[str, object]:
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey([table]):
            return {name: value.value for name, value in event.materialization.metadata.items()}
    return {}


def _total(result: dg.ExecuteInProcessResult, name: str) -> int:
    values = [event.materialization.metadata.get(name) for event in result.get_asset_materialization_events()]
    return sum(int(str(value.value)) for value in values if value is not None)

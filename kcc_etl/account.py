"""The account of a night, from what Dagster and the warehouse hold of it, and the files that give it.

Does not belong here: executing a night (`kcc_etl.night`), printing (`kcc_etl.console`), the work itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.basis import basis_of
from kcc_etl.domain.accepted_files import accepted_files
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.checked import SEVERITIES, Checks, Status, checks_of, of_earlier, run_tags
from kcc_etl.domain.duties.agenda import SOON_DAYS, Agenda, agenda_of
from kcc_etl.domain.fates import account
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.gate import ask, case_of
from kcc_etl.held import held_verdicts
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import House
from kcc_etl.run_outcome import RunOutcome
from kcc_etl.schema.frames import empty
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, KINDS
from kcc_etl.warehouse.store import Warehouse
from reports.findings import findings_csv
from reports.quality_figures import quality
from reports.quality_files import REPORT_FILE, write_quality
from reports.quality_report import NightFacts

DIGEST = "digest.json"
QUALITY_FOLDER = "quality"


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

    `sources` are all sources, by kind and name; `verdicts` those that this run gave and that hold. `figures`
    is the digest of the draft, `told` what differs from the version published before; `duties` those of the
    day, None where this run did not work them out.
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
    drafted: Path | None
    changed: bool
    figures: str = ""
    told: str = ""
    duties: Agenda | None = None
    looked_back: bool = False
    refused: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    failure_code: int = 0
    approved: bool = False
    parameter_version: str = ""
    checks: Checks = field(default_factory=Checks)
    waivers: tuple[WaiverUsed, ...] = ()
    quality_report: Path = Path()
    verdicts: pd.DataFrame = field(default_factory=lambda: empty("verdict"))

    @property
    def status(self) -> Status:
        """Whether the draft was written, and if not, whether the gate refused or something failed."""
        if self.drafted is not None:
            return "drafted"
        return "refused" if self.refused and not self.failures else "failed"

    @property
    def exit_code(self) -> int:
        """0 done; 1 something needs attention; 2 wrong usage or settings; 3 a source is out of reach.

        A check that failed, or could not run, needs attention, on whatever table it is.
        """
        if self.failure_code:
            return self.failure_code
        if (self.findings["rule_id"] == "FD-001").any():
            return 3
        grave = self.findings["severity"].isin(["critical", "warning"]).any()
        attention = self.refused or self.failures or self.checks.need_attention or grave
        return 1 if attention else 0


def night_of(run: RunOutcome, quarter: str, resources: House) -> Night:
    """What the night of a run came to, so far or at its end; call it in the turn of the run."""
    house, dates, store = resources.house.settings(), resources.dates, resources.warehouse.open()
    parameters, as_of, known_at = resources.policy.parameters(), dates.as_of(), dates.known_at()
    folder = house.told_folder(as_of, known_at, looks_back=dates.looks_back())
    answer = ask(case_of(store, quarter, as_of, parameters))
    held = held_verdicts(store, as_of, parameters)
    # The same inputs judged by an earlier run: what this one did not reach it cannot vouch for.
    verdicts = held[held["table_name"].isin(run.judged)]
    return Night(
        period=quarter,
        as_of=as_of,
        known_at=known_at,
        run_id=run.run_id,
        landed=run.landed,
        parsed=run.parsed,
        fates=account(store.read("receipt"), store.read("set_aside"), _cores(store)),
        findings=store.read("finding"),
        verdicts=verdicts,
        findings_file=folder / "findings.csv",
        quality_report=folder / QUALITY_FOLDER / REPORT_FILE,
        sources=_standings(store.read("source_state"), known_at),
        drafted=Path(str(run.pack["folder"])) if run.pack else None,
        changed=bool(run.pack.get("changed")),
        figures=str(run.pack.get("figures", "")),
        told=str(run.pack.get("told", "")),
        duties=_duties(store, parameters, as_of),
        looked_back=dates.looks_back(),
        refused=answer.reasons or run.refused,  # the gate, asked again, gives its reasons one by one
        failures=run.failures,
        failure_code=run.code,
        approved=rests_on_approved(store.read(keys.CORE_CONTRACT), parameters, as_of),
        parameter_version=parameters.version,
        checks=checks_of(verdicts),
        waivers=answer.waivers if run.pack else (),
    )


def tell(night: Night, resources: House) -> dict[str, str]:
    """Write findings, quality report and digest of a night; returns what its run says of itself in tags."""
    settings, store = resources.house.settings(), resources.warehouse.open()
    facts = NightFacts(
        period=night.period,
        as_of=night.as_of,
        known_at=night.known_at,
        author=settings.authority.name,
        drafted=night.drafted is not None,
        refused=night.refused,
        waived=tuple(map(str, night.waivers)),
        failures=night.failures,
    )
    cores = _cores(store)
    figures = quality(
        receipts=store.read("receipt"),
        set_aside=store.read("set_aside"),
        cores=cores,
        findings=night.findings,
        verdicts=night.verdicts,
        accepted=accepted_files(cores["decisions"], night.as_of, resources.policy.parameters().waivers),
    )
    write_atomically(night.findings_file, findings_csv(night.findings))
    write_quality(night.quality_report.parent, figures, facts, record=settings.data_folder / QUALITY_FOLDER)
    digest = document_json(night_document(night))
    write_atomically(night.findings_file.with_name(DIGEST), digest.encode())
    return run_tags(night.checks, night.status, night.waivers)


def document_json(document: dict[str, object]) -> str:
    """A document as JSON with a line end; days are written 2026-11-23."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"


def night_document(night: Night) -> dict[str, object]:
    """The night for another program: what `--json` prints, and `digest.json` keeps of the last one."""
    earlier = of_earlier(night.findings, night.verdicts)
    findings, before = night.findings[~earlier], night.findings[earlier]
    return {
        "status": night.status,
        "exit_code": night.exit_code,
        "period": night.period,
        "as_of": night.as_of,
        "known_at": night.known_at,
        "run_id": night.run_id,
        "files_landed": night.landed,
        "files_read": night.parsed,
        "sources": [asdict(source) for source in night.sources],
        "fates": json.loads(night.fates.to_json(orient="records")),
        "checks": asdict(night.checks),
        "findings": findings["rule_id"].value_counts().sort_index().to_dict(),
        "findings_by_severity": {name: int((findings["severity"] == name).sum()) for name in SEVERITIES},
        "findings_of_earlier_runs": before["rule_id"].value_counts().sort_index().to_dict(),
        "findings_file": str(night.findings_file),
        "quality_report": str(night.quality_report),
        "drafted": str(night.drafted) if night.drafted else None,
        "changed": night.changed,
        "figures": night.figures or None,
        "since_published": night.told or None,
        "refused": list(night.refused),
        "duties": night.duties.numbers(SOON_DAYS) if night.duties else None,
        "waivers": [asdict(waiver) for waiver in night.waivers],
        "failures": list(night.failures),
        "parameter_version": night.parameter_version,
        "parameters_approved": night.approved,
    }


def _duties(store: Warehouse, parameters: Parameters, as_of: date) -> Agenda | None:
    """The duties of the day; None where the table was made of something else than what is there now."""
    table = keys.OUT_DUTY
    basis = basis_of(as_of, parameters).made_from(table, store.versions(MADE_FROM[table]))
    if store.bases([table]).get(table) != basis:
        return None
    return agenda_of(*(store.read(name) for name in (table, keys.CORE_CONTRACT, keys.CORE_NOTICED)))


def _cores(store: Warehouse) -> dict[str, pd.DataFrame]:
    return {kind: store.read(table.name) for kind, table in CORE_TABLE_OF_KIND.items()}


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

"""One period published by an officer: figured and judged again, through the gate, where it is signed off.

Does not belong here: taking files in (`kcc_etl.night`), printing (`kcc_etl.console`), the gate itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from kcc_etl.domain.checked import Checks, Status, checks_of, run_tags
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.gate import ask, case_of
from kcc_etl.held import held_verdicts
from kcc_etl.launched import at_work, chosen_period, launch
from kcc_etl.parameters.load import load_parameters
from kcc_etl.resources import house_resources
from kcc_etl.settings import load_settings


@dataclass(frozen=True)
class Publication:
    """What publishing a period came to: where it stands, or why not, and what failed.

    `figures` is the digest of what was published, `told` what differs from the version before.
    """

    period: str
    run_id: str
    published: Path | None
    changed: bool
    refused: tuple[str, ...]
    failures: tuple[str, ...]
    failure_code: int
    checks: Checks
    waivers: tuple[WaiverUsed, ...]
    figures: str = ""
    told: str = ""

    @property
    def status(self) -> Status:
        """Whether it was published, and if not, whether it was refused or something failed."""
        if self.published is not None:
            return "published"
        return "refused" if self.refused and not self.failures else "failed"

    @property
    def exit_code(self) -> int:
        """0 published; 1 refused; else what the failure calls for. Findings are the night's to tell of."""
        return self.failure_code or (0 if self.status == "published" else 1)


def publish_period(config: Path, period: str) -> Publication:
    """Execute the job `quarterly` for a period, on what the last night took in, for a final version.

    Raises as `run_night` does before anything is done; what goes wrong later is told in the Publication.
    """
    settings = load_settings(config)
    resources = house_resources(str(config), in_turn=True)
    as_of = resources.dates.as_of()
    chosen = chosen_period(period, as_of)
    parameters = load_parameters(settings.parameters_folder)
    with at_work(settings) as dagster_instance:
        store = resources.warehouse.open()
        run = launch("quarterly", resources, dagster_instance, chosen, final=True)
        answer = ask(case_of(store, chosen, as_of, parameters))
        publication = Publication(
            period=chosen,
            run_id=run.run_id,
            published=Path(str(run.pack["folder"])) if run.pack else None,
            changed=bool(run.pack.get("changed")),
            refused=answer.reasons or run.refused,  # the gate, asked again, gives its reasons one by one
            failures=run.failures,
            failure_code=run.code,
            checks=checks_of(held_verdicts(store, as_of, parameters)),
            waivers=answer.waivers if run.pack else (),
            figures=str(run.pack.get("figures", "")),
            told=str(run.pack.get("told", "")),
        )
        tags = run_tags(publication.checks, publication.status, publication.waivers)
        dagster_instance.add_run_tags(run.run_id, tags)
        return publication


def publication_document(publication: Publication) -> dict[str, object]:
    """The publication for another program."""
    told = asdict(publication)
    del told["failure_code"]
    return {"status": publication.status, "exit_code": publication.exit_code, **told}

"""What Dagster's record says of a run: what failed, what refused to publish, what was taken in and published.

Does not belong here: launching (`kcc_etl.launched`), what the warehouse says of a night (`kcc_etl.account`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import dagster as dg

from kcc_etl import asset_keys as keys
from kcc_etl import exceptions
from kcc_etl.exceptions import KccEtlError
from kcc_etl.schema.tables import TABLES

Metadata = Mapping[str, object]


@dataclass(frozen=True)
class RunOutcome:
    """A run, ended or so far: `failures` and `refused` in sentences, `code` the exit code they call for.

    `pack` is what Dagster was told of the publication, empty when none was made; `is_told` says whether the
    run has left its account; `judged` are the tables whose rules it has judged.
    """

    run_id: str
    failures: tuple[str, ...]
    refused: tuple[str, ...]
    code: int
    pack: Metadata
    landed: int
    parsed: int
    is_told: bool
    judged: frozenset[str] = frozenset()


def outcome_of(dagster_instance: dg.DagsterInstance, run_id: str) -> RunOutcome:
    """What the record says of a run, however it was launched."""
    wanted = {
        dg.DagsterEventType.STEP_FAILURE,
        dg.DagsterEventType.STEP_SUCCESS,
        dg.DagsterEventType.ASSET_MATERIALIZATION,
    }
    logged = dagster_instance.all_logs(run_id, of_type=wanted)
    events = [entry.dagster_event for entry in logged if entry.dagster_event is not None]
    failures, refused, code = _failures(run_id, events)
    made = _made(events)
    return RunOutcome(
        run_id=run_id,
        failures=tuple(failures),
        refused=tuple(refused),
        code=code,
        pack=made.get(keys.PUB_PACK, {}),
        landed=_total(made, "files_landed"),
        parsed=_total(made, "files_parsed"),
        is_told=keys.PUB_NIGHT in made,
        judged=_judged(events),
    )


def _failures(run_id: str, events: Iterable[dg.DagsterEvent]) -> tuple[list[str], list[str], int]:
    """What failed and what refused to publish, in sentences, and the exit code that the failures call for."""
    failed: list[str] = []
    refused: list[str] = []
    code = 0
    for event in events:
        if not event.is_step_failure or event.step_failure_data.error is None:
            continue
        error = event.step_failure_data.error
        kind = vars(exceptions).get(error.cls_name or "")
        while error.cause is not None and kind is None:  # not beneath ours, which names place and remedy
            error = error.cause
            kind = vars(exceptions).get(error.cls_name or "")
        message = error.message.strip().split(": ", 1)[-1]
        if isinstance(kind, type) and issubclass(kind, exceptions.PublicationRefusedError):
            refused.append(message)
        elif isinstance(kind, type) and issubclass(kind, KccEtlError):
            failed.append(message)
            code = max(code, kind.exit_code)
        else:
            failed.append(f"{error.cls_name} in {event.step_key}; see run {run_id[:8]} in `kcc-etl ui`")
            code = max(code, 2)
    return list(dict.fromkeys(failed)), refused, code  # one fault may fail many steps


def _made(events: Iterable[dg.DagsterEvent]) -> dict[str, Metadata]:
    """What Dagster was told of each asset that was made."""
    made = [
        event.step_materialization_data.materialization for event in events if event.is_step_materialization
    ]
    return {
        one.asset_key.to_user_string(): {name: value.value for name, value in one.metadata.items()}
        for one in made
    }


def _judged(events: Iterable[dg.DagsterEvent]) -> frozenset[str]:
    steps = {event.step_key for event in events if event.is_step_success}
    return frozenset(table for table in TABLES if keys.check_step(table) in steps)


def _total(made: Mapping[str, Metadata], name: str) -> int:
    return sum(int(str(told[name])) for told in made.values() if name in told)

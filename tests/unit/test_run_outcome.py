"""What Dagster's record of a run is told as: each fault once, with the exit code that it calls for."""

from __future__ import annotations

import dagster as dg

from kcc_etl.exceptions import CheckError
from kcc_etl.run_outcome import outcome_of


@dg.op
def one_table() -> None:
    raise CheckError("contracts.json is not JSON", expected="JSON", remedy="Correct it")


@dg.op
def another_table() -> None:
    raise CheckError("contracts.json is not JSON", expected="JSON", remedy="Correct it")


@dg.op
def a_third() -> None:
    raise KeyError("x")


@dg.job
def night() -> None:
    one_table()
    another_table()
    a_third()


def test_a_fault_that_fails_many_steps_is_told_once():
    with dg.DagsterInstance.ephemeral() as record:
        run = night.execute_in_process(instance=record, raise_on_error=False)
        told = outcome_of(record, run.run_id)

    ours, another = sorted(told.failures, key=lambda failure: "KeyError" in failure)
    assert "contracts.json is not JSON" in ours
    assert another.startswith("KeyError in a_third")
    assert (told.refused, told.code) == ((), 2)

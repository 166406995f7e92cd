"""No way of launching a publication gets round the gate; a waiver opens what it names and nothing else."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.dagster_home import environment, instance
from kcc_etl.definitions import build_defs
from kcc_etl.resources import house_resources, open_warehouse
from kcc_etl.settings import load_settings
from tests.pipeline.servers import Server, free_port, serving
from tests.pipeline.support import PERIOD, County, kcc_etl, said

PACK = dg.AssetKey([keys.PUB_PACK])
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
ACCOUNT = ("digest.json", "findings.csv", "quality/report.html", "quality/findings.xlsx")
LEDGER = 'name = "ledger"\nkind = "payments"\npath = "data/inbox/payments"'


@contextmanager
def dagster_of(county: County) -> Iterator[dg.DagsterInstance]:
    with instance(load_settings(county.config)) as made:
        yield made


def by_asset(county: County) -> dg.ExecuteInProcessResult:
    """Materialise the pack alone, as by the button of one asset."""
    defs = build_defs(house_resources(str(county.config))._asdict())
    with dagster_of(county) as made:
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=made,
            asset_selection=[PACK],
            partition_key=PERIOD,
            raise_on_error=False,
            run_config=QUIET,
        )


def by_checks(county: County) -> dg.ExecuteInProcessResult:
    """Judge every table as it stands, and make none."""
    job = dg.define_asset_job("all_checks", selection=dg.AssetSelection.all_asset_checks())
    defs = build_defs(house_resources(str(county.config))._asdict())
    with dagster_of(county) as made:
        return (
            dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
            .resolve_job_def("all_checks")
            .execute_in_process(instance=made, raise_on_error=False, run_config=QUIET)
        )


def tags_of(county: County, run_id: str) -> dict[str, str]:
    with dagster_of(county) as made:
        run = made.get_run_by_id(run_id)
        assert run is not None
        return {key: value for key, value in run.tags.items() if key.startswith("kcc_etl/")}


def why(result: dg.ExecuteInProcessResult) -> str:
    """The innermost reason of the step that failed."""
    (event,) = [event for event in result.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    assert error is not None
    while error.cause is not None:
        error = error.cause
    return error.message


def _other_payments(county: County) -> None:
    store = open_warehouse(load_settings(county.config).warehouse_url)
    store.replace(keys.CORE_PAYMENT, store.read(keys.CORE_PAYMENT).head(100))
    store.engine.dispose()


def _more_claimed(county: County) -> None:
    store = open_warehouse(load_settings(county.config).warehouse_url)
    claims = store.read(keys.CORE_CLAIM)
    claims["claimed"] = [None if claimed is None else claimed * 3 for claimed in claims["claimed"]]
    store.replace(keys.CORE_CLAIM, claims)
    store.engine.dispose()


def _by_hand(county: County) -> None:
    with closing(sqlite3.connect(county.warehouse)) as connection, connection:
        connection.execute(f"update {keys.OUT_REGISTER} set contract_title = 'Another'")


def _verdicts_by_hand(county: County) -> None:
    with closing(sqlite3.connect(county.warehouse)) as connection, connection:
        connection.execute("update verdict set reason = 'nothing to see' where rule_id = 'SP-013'")


def _no_verdicts(county: County) -> None:
    store = open_warehouse(load_settings(county.config).warehouse_url)
    store.replace("verdict", store.read("verdict").head(0))
    store.engine.dispose()


def _other_parameters(county: County) -> None:
    shipped = Path(sys.modules["kcc_etl"].__path__[0]) / "parameters" / "policy-2026.toml"
    (county.folder / "own").mkdir()
    text = shipped.read_text("utf-8").replace('title = "', 'title = "Our ')
    (county.folder / "own" / "policy-2026.toml").write_text(text, "utf-8")
    settings = county.config.read_text()
    county.config.write_text(settings.replace('parameters = ""', 'parameters = "own"'))


def _another_day(county: County) -> None:
    settings = county.config.read_text()
    county.config.write_text(settings.replace("as_of = 2026-11-23", "as_of = 2026-11-24"))


# What is done to a county that was judged and published, and what the gate says to publishing alone.
CHANGED: dict[str, tuple[Callable[[County], None], str]] = {
    "the payments are others": (_other_payments, "SP-013 has not been judged on this version of Payments"),
    "a table was changed by hand": (_by_hand, "was changed by other means than this program"),
    "the verdicts were changed by hand": (_verdicts_by_hand, "The table Verdicts was changed by other means"),
    "the verdicts are gone": (_no_verdicts, "CR-016 has not been judged on this version of Contracts"),
    "the parameters are others": (
        _other_parameters,
        "CR-016 has not been judged on these inputs of Contracts",
    ),
    "a day has passed": (_another_day, "CR-016 has not been judged on these inputs of Contracts"),
}


def test_publishing_alone_is_refused_on_a_later_day(copy_of_county: County) -> None:
    _assert_publishing_alone_is_refused(copy_of_county, "a day has passed")


# The same, once every table has been judged again as it stands: all rules pass, and the gate still says this.
STALE: dict[str, tuple[Callable[[County], None], str]] = {
    "the payments are others": (
        _other_payments,
        "stand now: Payments, Decisions, Suppliers; run `kcc-etl run`",
    ),
    "the claims are others": (_more_claimed, "stand now: Claims; run `kcc-etl run`"),
    "a table was changed by hand": (_by_hand, "was changed by other means than this program"),
    "the parameters are others": (_other_parameters, "stand now: Supplier identifiers, Contracts, "),
    "a day has passed": (_another_day, "Made for another day, from other parameters"),
}


@pytest.mark.long
@pytest.mark.parametrize("what", sorted(STALE))
def test_judging_again_does_not_publish_what_was_made_from_something_else(
    copy_of_county: County, what: str
) -> None:
    county = copy_of_county
    shutil.rmtree(county.data / "drafts")
    change, reason = STALE[what]
    change(county)

    assert by_checks(county).success
    result = by_asset(county)

    assert not result.success
    assert reason in why(result)
    assert "has not been judged" not in why(result)
    assert not county.pack.exists()


@pytest.mark.long
def test_on_a_later_day_a_quarter_is_figured_from_what_the_last_night_took_in(
    copy_of_county: County,
) -> None:
    """The gate is open: all that is missing is what persons have to say, the approval of the notice first."""
    _another_day(copy_of_county)
    told = said("publish", PERIOD, "--config", copy_of_county.config)
    assert told.code == 1
    assert "compliance approval" in " ".join(told.out.split())
    assert json.loads((copy_of_county.pack / "manifest.json").read_text("utf-8"))["as_of"] == "2026-11-24"


@pytest.mark.long
def test_publishing_alone_is_done_again_while_nothing_has_changed(copy_of_county: County) -> None:
    assert by_asset(copy_of_county).success


@pytest.mark.long
@pytest.mark.parametrize("what", sorted(set(CHANGED) - {"a day has passed"}))
def test_publishing_alone_is_refused_on_other_inputs_too(copy_of_county: County, what: str) -> None:
    _assert_publishing_alone_is_refused(copy_of_county, what)


def _assert_publishing_alone_is_refused(county: County, what: str) -> None:
    shutil.rmtree(county.data / "drafts")
    change, reason = CHANGED[what]
    change(county)

    result = by_asset(county)

    assert not result.success
    assert reason in why(result)
    assert not county.pack.exists()
    tags = tags_of(county, result.run_id)
    assert (tags["kcc_etl/status"], tags["kcc_etl/published"]) == ("refused", "no")


# ---------------------------------------------------------------- eight ways to launch

OF_PERIOD = [{"key": "dagster/partition", "value": PERIOD}]
GO = "go"
SENSOR = f"""
from pathlib import Path
import dagster as dg
from kcc_etl.definitions import build_defs

@dg.sensor(target=dg.AssetSelection.assets("{keys.PUB_PACK}"), minimum_interval_seconds=5,
           default_status=dg.DefaultSensorStatus.RUNNING)
def the_sensor():
    if not Path(__file__).with_name("{GO}").exists():
        return dg.SkipReason("not yet")
    return dg.RunRequest(run_key="once", partition_key="{PERIOD}")

defs = dg.Definitions.merge(build_defs(), dg.Definitions(sensors=[the_sensor]))
"""
RUNS = """{ runsOrError { ... on Runs { results {
  runId status jobName parentRunId tags { key value }
} } } }"""
REPOSITORIES = (
    """{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"""
)
LAUNCH = """mutation ($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
} }"""
BACKFILL = """mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
} }"""
AGAIN = """mutation ($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
} }"""
TICK = """mutation ($schedule: ScheduleSelector!, $at: Float!) {
  scheduleDryRun(selectorData: $schedule, timestamp: $at) { __typename ... on DryRunInstigationTick {
    evaluationResult { error { message } runRequests { tags { key value } } }
  } }
}"""
FINISHED = {"SUCCESS", "FAILURE", "CANCELED"}


class Ui:
    """A real webserver and daemon on a county, driven as the UI drives it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        (node,) = server.ask(REPOSITORIES)["repositoriesOrError"]["nodes"]
        self._where = {"repositoryName": node["name"], "repositoryLocationName": node["location"]["name"]}

    def tick(self, schedule: str) -> list[dict[str, str]]:
        """The tags of the run that a schedule asks for, as the code of the project works them out."""
        at = {"schedule": {**self._where, "scheduleName": schedule}, "at": time.time()}
        told = self._server.ask(TICK, **at)["scheduleDryRun"]["evaluationResult"]
        assert told["error"] is None, told
        (request,) = told["runRequests"]
        return request["tags"]

    def launch(self, job: str, tags: list[dict[str, str]] = OF_PERIOD, **selection: object) -> str:
        params = {
            "selector": {**self._where, "pipelineName": job, **selection},
            "mode": "default",
            "runConfigData": "{}",
            "executionMetadata": {"tags": tags},
        }
        answer = self._server.ask(LAUNCH, params=params)["launchPipelineExecution"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return answer["run"]["runId"]

    def backfill(self) -> str:
        params = {"assetSelection": [{"path": PACK.path}], "partitionNames": [PERIOD]}
        answer = self._server.ask(BACKFILL, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return answer["backfillId"]

    def again(self, run_id: str) -> str:
        params = {"parentRunId": run_id, "strategy": "FROM_FAILURE"}
        answer = self._server.ask(AGAIN, params=params)["launchRunReexecution"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return answer["run"]["runId"]

    def ended(self, wanted: Callable[[dict[str, str], str], bool], seconds: int = 240) -> dict[str, str]:
        """The tags of the run that is wanted, by its tags and id, and its status, once it has ended."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            for run in self._server.ask(RUNS)["runsOrError"]["results"]:
                tags = {tag["key"]: tag["value"] for tag in run["tags"]}
                if wanted(tags, run["runId"]) and run["status"] in FINISHED:
                    return {**tags, "status": run["status"]}
            time.sleep(1)
        raise AssertionError("the run did not end")


@pytest.fixture
def red(copy_of_county: County) -> County:
    """A county whose ledger is empty since its last night, with nothing published and no account of any night."""
    made = copy_of_county
    for name in ("drafts", "quality"):
        shutil.rmtree(made.data / name)
    for name in ACCOUNT:
        (made.data / name).unlink(missing_ok=True)
    settings = made.config.read_text()
    assert LEDGER in settings
    (made.folder / "nothing").mkdir()
    empty = LEDGER.replace("ledger", "new-ledger").replace("data/inbox/payments", "nothing")
    made.config.write_text(settings.replace(LEDGER, empty))
    return made


@pytest.mark.long
def test_while_the_gate_is_red_none_of_eight_ways_publishes(red: County, tmp_path: Path) -> None:
    refused: dict[str, str] = {}

    def note(way: str, tags: dict[str, str]) -> None:
        refused[way] = tags["kcc_etl/status"]
        assert not red.pack.exists(), way
        assert not red.published.parent.exists(), way

    (tmp_path / "with_sensor.py").write_text(SENSOR, encoding="utf-8")
    port = free_port()
    address = ["-h", "127.0.0.1", "-p", str(port)]
    command = [sys.executable, "-m", "dagster", "dev", "-f", "with_sensor.py", *address]
    given = environment(red.config, load_settings(red.config))
    with serving(command, port, tmp_path, **given) as server:
        ui = Ui(server)
        night = ui.launch("nightly", ui.tick("nightly_schedule"))
        note("schedule", ui.ended(lambda _, run: run == night))
        _assert_the_account_is_of(night, red)

        (tmp_path / GO).touch()
        backfill = ui.backfill()
        pressed = ui.launch("__ASSET_JOB", assetSelection=[{"path": PACK.path}], assetCheckSelection=[])
        asked = ui.launch("quarterly")
        note("UI", ui.ended(lambda _, run: run == pressed))
        note("GraphQL", ui.ended(lambda _, run: run == asked))
        again = ui.again(asked)
        note("re-execution from failure", ui.ended(lambda _, run: run == again))
        note("backfill", ui.ended(lambda tags, _: tags.get("dagster/backfill") == backfill))
        note("sensor", ui.ended(lambda tags, _: tags.get("dagster/sensor_name") == "the_sensor"))

    note("asset", tags_of(red, by_asset(red).run_id))
    published = kcc_etl("publish", PERIOD, "--config", red.config, "--json")
    assert published.code == 1, published.err
    assert published.out, published.err
    note("command", tags_of(red, json.loads(published.out)["run_id"]))

    assert len(refused) == 8
    assert set(refused.values()) == {"refused"}
    _assert_the_account_is_of(night, red)


def _assert_the_account_is_of(run_id: str, county: County) -> None:
    """The files that tell of a night are there, and tell of this one."""
    assert all((county.data / name).is_file() for name in ACCOUNT)
    digest = json.loads((county.data / "digest.json").read_text("utf-8"))
    assert (digest["run_id"], digest["status"], digest["drafted"]) == (run_id, "refused", None)
    assert digest["checks"]["failed"]["critical"] >= 2
    assert {reason.split()[0] for reason in digest["refused"]} == {"SP-013", "PB-007"}
    assert "SP-013" in (county.data / "findings.csv").read_text("utf-8")
    assert "SP-013" in (county.data / "quality" / "report.html").read_text("utf-8")


@pytest.mark.long
def test_a_waiver_opens_exactly_what_it_names(red: County) -> None:
    county = red

    def waive(rule_id: str) -> None:
        done = said(
            "decide", "waiver", rule_id, "--period", PERIOD, "--role", "monitoring officer",
            "--reason", "checked by hand against the source", "--expires-on", "2026-12-31",
            "--config", county.config,
        )  # fmt: skip
        assert done.code == 0, done.err

    waive("SP-013")
    one = said("run", "--config", county.config, "--quiet")
    assert (one.code, one.out, one.err) == (1, "", "")
    digest = json.loads((county.data / "digest.json").read_text("utf-8"))
    assert [reason.split()[0] for reason in digest["refused"]] == ["PB-007"]
    assert tags_of(county, digest["run_id"])["kcc_etl/status"] == "refused"
    assert not county.pack.exists()

    waive("PB-007")
    both = json.loads(said("run", "--config", county.config, "--json").out)
    assert both["refused"] == []
    assert both["exit_code"] == 1, "a waived failure is a failure"
    manifest = json.loads((county.pack / "manifest.json").read_text("utf-8"))
    assert [(used["rule_id"], used["findings"]) for used in manifest["waivers"]] == [
        ("PB-007", 1),
        ("SP-013", 1),
    ]
    assert tags_of(county, str(both["run_id"]))["kcc_etl/status"] == "drafted under a waiver"
    assert by_asset(county).success, "the waivers hold whichever way it is launched"

    other_quarter = said("publish", "2026-27-Q1", "--config", county.config)
    assert other_quarter.code == 1
    assert "Not published: SP-013 failed on Payments" in other_quarter.out
    assert not (county.data / "drafts" / "2026-27-Q1").exists()
    assert not county.published.parent.exists()

"""Loading the definitions: complete, quick to say what is wrong, and without side effects."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import dagster as dg

from kcc_etl import asset_keys
from kcc_etl.definitions import build_defs
from kcc_etl.gate import QUARTERLY
from kcc_etl.resources import house_resources
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.schema.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
GRAMMAR = re.compile(r"^(raw|core|out|pub)_[a-z]+(_[a-z]+)*__(entity|event|assn|quarterly)_[a-z0-9_]+$")

SETTINGS = """
as_of = 2026-10-01

[authority]
name = "Council"
address = "1 Street"
email = "a@example.org"
ids = ["GB-PPON-PABC-1234-DEFG"]

[[sources]]
name = "source"
kind = "register"
path = "inbox"
"""
SPY = """
import builtins, datetime, socket, sys, time
import pandas, dagster, sqlalchemy  # the libraries' own imports are not ours
opened = []
real_open = builtins.open
def spy(file, *a, **k):
    opened.append(str(file)); return real_open(file, *a, **k)
def no(*a, **k): raise AssertionError("the definitions reached for the network")
socket.socket.connect = no
sys.path.insert(0, {root!r})
import importlib.metadata, psycopg, msgspec, pydantic
builtins.open = spy
class NoClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None): raise AssertionError("the definitions read the clock")
datetime.datetime = NoClock
import kcc_etl.definitions as d
d.build_defs()
heavy = [m for m in ("great_expectations", "openpyxl", "docx", "matplotlib") if m in sys.modules]
ours = [f for f in opened if not f.endswith((".py", ".pyc")) and "site-packages" not in f and "zoneinfo" not in f]
print("heavy", heavy, "opened", ours)
"""


def test_loading_imports_nothing_heavy_and_touches_no_network_disk_or_clock(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SPY.format(root=str(ROOT))],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip

    assert done.stdout.strip() == "heavy [] opened []", done.stdout + done.stderr[-2000:]


def test_the_definitions_can_be_loaded_whole():
    dg.Definitions.validate_loadable(build_defs())


def test_every_asset_is_named_by_the_grammar_described_owned_and_grouped():
    graph = build_defs().resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        name = key.to_user_string()
        assert GRAMMAR.match(name), name
        assert node.description, name
        assert node.group_name in asset_keys.GROUPS.values(), name
        assert node.owners, name
        assert node.kinds, name
        if name in TABLES:
            assert [c.name for c in node.metadata["dagster/column_schema"].columns] == list(
                TABLES[name].columns
            )


def test_the_partitions_are_our_periods_and_the_schedule_is_at_a_quarter_past_three_in_london():
    defs = build_defs()
    partitions = defs.resolve_job_def("nightly").partitions_def
    assert partitions is not None
    assert {"2024-25-Q3", "2026-27-Q2"} <= set(partitions.get_partition_keys())
    schedule = defs.resolve_schedule_def("nightly_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 3 * * *", "Europe/London")


def test_a_tick_of_the_schedule_asks_for_one_night_of_the_latest_quarter_that_has_ended(tmp_path: Path):
    settings = tmp_path / "kcc_etl.toml"
    settings.write_text(SETTINGS)
    defs = build_defs()
    schedule = defs.resolve_schedule_def("nightly_schedule")
    given = {"dates": house_resources(str(settings)).dates}
    whole = defs.get_repository_def()
    with dg.build_schedule_context(resources=given, repository_def=whole) as context:
        (asked,) = schedule.evaluate_tick(context).run_requests

    assert schedule.job_name == "nightly"
    assert asked.partition_key == "2026-27-Q2"


def test_a_table_is_declared_to_be_made_from_what_its_asset_depends_on():
    """The gate holds a table to what it was made from; an input that is not declared could change unseen."""
    graph = build_defs().resolve_asset_graph()
    made = {key for key in graph.get_all_asset_keys() if key.to_user_string().startswith(("core_", "out_"))}
    depends = {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in made
    }
    assert {table: set(names) for table, names in MADE_FROM.items()} == depends
    seen: set[str] = set()
    for table, names in MADE_FROM.items():
        assert not set(names) & (set(MADE_FROM) - seen), f"{table} stands before what it is made from"
        seen.add(table)


def test_the_gate_knows_which_tables_hold_one_quarter_at_a_time():
    graph = build_defs().resolve_asset_graph()
    outs = (key for key in graph.get_all_asset_keys() if key.to_user_string().startswith("out_"))
    assert {key.to_user_string() for key in outs if graph.get(key).is_partitioned} == set(QUARTERLY)


def test_the_account_of_a_night_is_its_last_step_and_waits_for_none():
    """A step that waited for another would be left out when that one failed or refused."""
    defs = build_defs()
    nodes = {node.name: node for node in defs.resolve_job_def("nightly").nodes}
    priority = {name: int(node.tags.get("dagster/priority", "0")) for name, node in nodes.items()}
    account, pack = asset_keys.PUB_NIGHT, asset_keys.PUB_PACK
    others = [number for name, number in priority.items() if name != account]
    assert priority[account] < priority[pack] == min(others)
    assert not defs.resolve_asset_graph().get(dg.AssetKey([account])).parent_keys
    assert account not in {node.name for node in defs.resolve_job_def("quarterly").nodes}


def test_an_asset_holds_a_table_of_its_own_name():
    names = {key.to_user_string() for key in build_defs().resolve_asset_graph().get_all_asset_keys()}
    tables = {name for name in TABLES if "__" in name}

    assert tables <= names

"""The dry run: what each source answers and how old it is, the right exit code, and nothing written at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kcc_etl.cli import app
from kcc_etl.doctor import Examination, examine
from kcc_etl.intake.landing.landing import enter, ledger_rows
from kcc_etl.schema.frames import empty
from kcc_etl.warehouse.store import open_warehouse
from tests.feeds.platform import Platform, altered, hang_up, status
from tests.feeds.support import MONDAY, FakeClock, client
from tests.feeds.test_download_and_query import CSV
from tests.feeds.test_faults import LOGIN

TODAY = date(2026, 8, 14)


@pytest.fixture
def config(tmp_path: Path, platform: Platform) -> Path:
    """A folder, a feed of notices, a file at an address and a database, all of them there."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "r.csv").write_bytes(b"a,b\r\n1,2\r\n")
    platform.pages["/spend.csv"] = CSV
    with sqlite3.connect(tmp_path / "erp.db") as erp:
        erp.execute("CREATE TABLE spend (ref text, amount real)")
        erp.execute("INSERT INTO spend VALUES ('1', 2.5)")
    path = tmp_path / "kcc_etl.toml"
    path.write_text(
        f"""
as_of = {TODAY}
[authority]
name = "A"
address = "B"
email = "c@d.example"
ids = ["GB-PPON-PAAA-0000-AAAA"]
[[sources]]
name = "register"
kind = "register"
path = "inbox"
[[sources]]
name = "fts"
kind = "notices"
feed = {{ type = "find-a-tender", since = {MONDAY}, address = "{platform.address}" }}
[[sources]]
name = "spend"
kind = "payments"
feed = {{ type = "url", url = "{platform.url}/spend.csv?key=${{SPEND_KEY}}" }}
[[sources]]
name = "erp"
kind = "payments"
feed = {{ type = "sql", database = "sqlite:///erp.db", query = "SELECT ref, amount FROM spend ORDER BY ref" }}
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEND_KEY", "xyzzy")


def examined(config: Path) -> Examination:
    return examine(config, today=TODAY, clock=FakeClock(), client=client())


def states(examination: Examination) -> dict[str, str]:
    return {sight.name: sight.state for sight in examination.sights if sight.area == "source"}


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
    }


def land_one(folder: Path, day: date) -> None:
    warehouse = open_warehouse(f"sqlite:///{folder / 'data' / 'warehouse.sqlite3'}")
    name = "2026-08-10T00/0001-last.json"
    file = enter("fts", "notices", name, b'{"releases":[]}', folder / "data/landing", empty("ledger"), day)
    assert file
    with warehouse.transaction():
        warehouse.add("ledger", ledger_rows([file]))
    warehouse.engine.dispose()


def test_everything_answers_and_nothing_is_written(config: Path, platform: Platform) -> None:
    land_one(config.parent, date(2026, 8, 11))
    before = everything(config.parent)

    examination = examined(config)

    assert states(examination) == dict.fromkeys(("register", "fts", "spend", "erp"), "well")
    assert {sight.name: sight.last_good for sight in examination.sights if sight.area == "source"} == {
        "register": "nothing yet", "fts": "2026-08-11, 3 days", "spend": "nothing yet", "erp": "nothing yet"
    }  # fmt: skip
    said = {sight.name: sight.said for sight in examination.sights}
    assert said["register"] == f"1 file(s) at {config.parent / 'inbox'}"
    assert said["fts"].endswith("answers with a release package; 15 window(s) to ask for")
    assert said["spend"].endswith(f"answers with {len(CSV)} bytes")
    assert said["erp"] == "the database answers with 2 column(s)"
    assert said["warehouse"] == "answers, 1 landed file(s) in the ledger"
    assert everything(config.parent) == before
    assert [request.params.get("limit") for request in platform.requests] == ["1", None]
    assert examination.exit_code == 1, "the shipped parameters are assumptions"


def test_before_the_first_night_nothing_is_made(config: Path) -> None:
    examination = examined(config)
    assert "not made yet" in {sight.name: sight.said for sight in examination.sights}["warehouse"]
    assert not (config.parent / "data").exists()


def _no_folder(config: Path, _: Platform) -> None:
    (config.parent / "inbox" / "r.csv").unlink()
    (config.parent / "inbox").rmdir()


def _in_settings(old: str, new: str) -> Callable[[Path, Platform], None]:
    def change(config: Path, _: Platform) -> None:
        text = config.read_text()
        assert old in text
        config.write_text(text.replace(old, new))

    return change


@pytest.mark.parametrize(
    ("spoil", "name", "state", "said", "code"),
    [
        (_no_folder, "register", "out of reach", "is not there or cannot be read", 3),
        (lambda config, _: (config.parent / "inbox/r.csv").unlink(), "register", "attention", "0 file(s)", 1),
        (lambda _, platform: platform.fail(hang_up), "fts", "out of reach", "broke off the connection", 3),
        (lambda _, platform: platform.fail(status(429, retry_after="120"), 1), "fts", "out of reach", "we ask too often", 3),
        (lambda _, platform: platform.fail(status(503), 2), "spend", "out of reach", "status 503", 3),
        (lambda _, platform: platform.fail(altered(lambda body: LOGIN)), "fts", "attention", "perhaps a login page", 1),
        (lambda _, platform: platform.fail(altered(lambda body: b"")), "spend", "attention", "an empty file", 1),
        (_in_settings("FROM spend", "FROM spent"), "erp", "out of reach", "no such table: spent", 3),
        (_in_settings("FROM spend", "FROM spend WHERE 1 = 0"), "erp", "attention", "the query gives no row", 1),
        (_in_settings(" ORDER BY ref", ""), "erp", "well", "without ORDER BY the same rows may land twice", 1),
        (_in_settings("SPEND_KEY", "NOT_SET_ANYWHERE"), "spend", "out of reach", "NOT_SET_ANYWHERE is not set", 3),
        (_in_settings('path = "inbox"', 'path = "."'), "register", "wrong", "holds the landing folder", 2),
        (_in_settings('path = "inbox"', 'path = "inbox"\nmapping = "no.toml"'), "register", "attention", "no.toml", 1),
    ],
)  # fmt: skip
def test_what_is_not_well_is_told(
    spoil: Callable[[Path, Platform], object], name: str, state: str, said: str, code: int,
    config: Path, platform: Platform,
) -> None:  # fmt: skip
    spoil(config, platform)
    examination = examined(config)
    (sight,) = [sight for sight in examination.sights if sight.name == name]
    assert (sight.state, examination.exit_code) == (state, code)
    assert said in sight.said
    assert "xyzzy" not in str(examination)


@pytest.mark.parametrize(
    ("old", "new", "area", "said"),
    [
        ('kind = "register"', 'kind = "registers"', "settings", "sources.0.kind"),
        ("[authority]", 'warehouse = "nonsense"\n[authority]', "warehouse", "no database URL"),
        ("[authority]", 'warehouse = "postgresql://joe:xyzzy@127.0.0.1:9/x"\n[authority]', "warehouse", "does not answer"),
        ("[authority]", 'parameters = "no"\n[authority]', "parameters", "no"),
    ],
)  # fmt: skip
def test_settings_warehouse_and_parameters_are_looked_at(
    old: str, new: str, area: str, said: str, config: Path
) -> None:
    config.write_text(config.read_text().replace(old, new, 1))
    examination = examined(config)
    (sight,) = [sight for sight in examination.sights if sight.area == area]
    assert said in sight.said
    assert sight.state in ("wrong", "out of reach")
    assert "xyzzy" not in str(examination)


def test_the_command_speaks_plainly_in_a_pipe_and_in_json(config: Path, platform: Platform) -> None:
    plain = CliRunner().invoke(app, ["doctor", "--config", str(config)])
    assert plain.exit_code == 1
    lines = [line.split("\t") for line in plain.output.splitlines()]
    assert [line[:3] for line in lines if line[1:2] == ["source"]] == [
        ["well", "source", name] for name in ("register", "fts", "spend", "erp")
    ]
    assert lines[-1] == ["Something needs attention."]

    platform.fail(status(404), *range(1, 100))
    told = CliRunner().invoke(app, ["doctor", "--config", str(config), "--json"])
    content = json.loads(told.output)
    assert told.exit_code == content["exit_code"] == 3
    assert {sight["name"]: sight["state"] for sight in content["sights"]}["fts"] == "out of reach"
    assert CliRunner().invoke(app, ["doctor", "--config", str(config), "--quiet"]).output == ""

"""A secret of a feed, followed through a night: in no message, log, table or ledger, and in no file of the data."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kcc_etl import asset_keys as keys
from kcc_etl.doctor import examine
from kcc_etl.doctor_view import examination_json
from tests.feeds.platform import Platform, altered, half_a_body, hang_up, made_up, status
from tests.feeds.support import TUESDAY, FakeClock, client
from tests.feeds.taken_in import House, ledger

SECRET = "open sesame/7"
FORMS = (b"open sesame/7", b"open%20sesame%2F7", b"open+sesame%2F7", b"open sesame%2F7")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_KEY", SECRET)


def assert_kept(house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    for table in ("ledger", "finding", "receipt", "reading", "source_state", "file_column", "set_aside"):
        _assert_clean(house.warehouse.read(table).to_csv().encode(), table)
    examination = examine(house.config, today=TUESDAY, clock=FakeClock(), client=client())
    _assert_clean(examination_json(examination).encode(), "doctor")
    _assert_clean(caplog.text.encode(), "log")
    _assert_clean("".join(capsys.readouterr()).encode(), "terminal")
    house.warehouse.engine.dispose()
    for path in house.config.parent.rglob("*"):
        if path.is_file():
            _assert_clean(path.read_bytes(), str(path))


def _assert_clean(data: bytes, where: str) -> None:
    for form in FORMS:
        assert form not in data, where


@pytest.mark.parametrize(
    "spoil",
    [
        lambda site: None,
        lambda site: site.fail(hang_up),
        lambda site: site.fail(half_a_body),
        lambda site: site.fail(status(401)),
        lambda site: site.fail(status(500)),
        lambda site: site.fail(status(302, location="/moved?key=open%20sesame%2F7")),
        lambda site: site.fail(status(302, location="http://localhost:9/x?key=open%20sesame%2F7")),
        lambda site: site.fail(altered(lambda body: b"<html>")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["query", "credentials", "path"])
def test_of_an_address(
    place: str, spoil: Callable[[Platform], object], tmp_path: Path, platform: Platform,
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("kcc_etl.intake.feeds.asking.BACK_OFF", (0.0, 0.0, 0.0))
    caplog.set_level(logging.INFO)
    address = {
        "query": f"{platform.url}/spend.csv?key=${{FEED_KEY}}",
        "credentials": f"{platform.url.replace('://', '://joe:${FEED_KEY}@')}/spend.csv",
        "path": f"{platform.url}/${{FEED_KEY}}/spend.csv",
    }[place]
    platform.releases = made_up("2026-08-10", 4)
    platform.pages = {"/spend.csv": ledger(3), "/open%20sesame%2F7/spend.csv": ledger(3)}
    house = House(tmp_path, "payments", f'feed = {{ type = "url", url = "{address}" }}')
    house.night()
    spoil(platform)
    house.night()
    assert house.rows(keys.RAW_PAYMENT) == 3
    assert_kept(house, caplog, capsys)


@pytest.mark.parametrize("part", ["username", "password", "database"])
def test_of_a_database(
    part: str, tmp_path: Path, postgresql_url: str,
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    url = sa.make_url(postgresql_url).set(**{part: "PLACE"}).render_as_string(hide_password=False)
    database = url.replace("PLACE", "${FEED_KEY}")
    query = f'feed = {{ type = "sql", database = "{database}", query = "SELECT 1 AS one" }}'
    house = House(tmp_path, "payments", query)
    house.night()
    assert part == "password" or house.found() == ["FD-001"]
    assert_kept(house, caplog, capsys)

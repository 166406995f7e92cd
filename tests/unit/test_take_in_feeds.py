"""A register that is fetched: whatever the server does, the last good version stays, and its age is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import assets.landed
from kcc_etl.intake.landing.landing import landed_from_ledger
from tests.unit.county import County, register

MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)


class _Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Server:
    """Answers every request with `status` and `body`; `cut` ends the body before its announced length."""

    def __init__(self) -> None:
        self.status, self.body, self.cut, self.kind = 200, b"", 0, "text/csv"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(outer.status)
                self.send_header("Content-Type", outer.kind)
                self.send_header("Content-Length", str(len(outer.body) + outer.cut))
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def county(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    monkeypatch.setattr(assets.landed, "SYSTEM_CLOCK", _Clock())
    url = f"http://127.0.0.1:{server.http.server_port}/register.csv"
    feed = f'feed = {{ type = "url", url = "{url}" }}'
    made = County(tmp_path, f'[[sources]]\nname = "fetched"\nkind = "register"\nmode = "snapshot"\n{feed}\n')
    server.body = register(10).encode()
    made.night(MONDAY, "register")
    assert made.states()["fetched"] == ("current", MONDAY, 0, "")
    assert len(made.raw("register", "contract_ref")) == 10
    yield made
    made.warehouse.engine.dispose()


FAULTS = (
    (500, b"oops", 0, "FD-001"),
    (200, b"<!doctype html><html>Sign in</html>", 0, "FD-002"),
    (200, b"", 0, "FD-003"),
    (200, register(5).encode(), 10, "FD-002"),
    (200, register(7).encode(), 0, "IN-042"),
    (200, register(10).replace("Supplier name", "Vendor").encode(), 0, "IN-041"),
)
"""What the server does, night by night: status, body, bytes lacking at its end; and the rule that says so."""


def test_the_last_good_version_stays_and_its_age_is_told_night_after_night(
    county: County, server: Server
) -> None:
    for nights, (status, body, cut, rule_id) in enumerate(FAULTS, start=1):
        server.status, server.body, server.cut = status, body, cut
        county.night(MONDAY + timedelta(days=nights), "register")

        assert len(county.raw("register", "contract_ref")) == 10, body
        assert rule_id in {rule for rule, _, _ in county.findings()}, body
        aged = [found for rule, _, found in county.findings() if rule == "IN-043"]
        assert len(aged) == 1, body
        assert aged[0].endswith(f"2026-11-23, {nights} day{'s' if nights > 1 else ''} old")
        assert county.states()["fetched"][:3] == ("last good version", MONDAY, nights)
    server.status, server.body, server.cut = 200, register(12).encode(), 0
    last = MONDAY + timedelta(days=len(FAULTS) + 1)
    county.night(last, "register")
    assert county.findings() == []
    assert county.states()["fetched"] == ("current", last, 0, "")


def test_a_server_that_is_gone_is_a_finding_and_a_look_back_asks_nobody(
    county: County, server: Server
) -> None:
    server.http.shutdown()
    server.http.server_close()
    county.night(WEDNESDAY, "register", known_at=MONDAY, into=f"sqlite:///{county.folder}/back.db")
    county.night(WEDNESDAY, "register")
    assert {rule for rule, _, _ in county.findings()} == {"FD-001", "IN-043"}
    landed = landed_from_ledger(county.warehouse.read("ledger"), county.folder / "data" / "landing")
    assert [file.kind for file in landed] == ["register"]


def test_a_fault_of_the_program_in_a_feed_stops_nobody(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.sources += '[[sources]]\nname = "other"\nkind = "register"\npath = "registers"\n'
    county.put("registers/o.csv", register(1, first=99))

    def failing(*_: object, **__: object) -> object:
        raise KeyError("x")

    monkeypatch.setattr(assets.landed, "fetch", failing)
    county.night(WEDNESDAY, "register")
    assert len(county.raw("register", "contract_ref")) == 11
    told = {rule: found for rule, _, found in county.findings()}
    assert set(told) == {"FD-001", "IN-043"}
    assert "a fault of this program (KeyError" in told["FD-001"]

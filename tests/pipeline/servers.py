"""A Dagster UI in processes of its own, on this machine only, stopped with all its children."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pipeline.support import ROOT

START_SECONDS = 300
_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Server:
    """A running UI."""

    url: str
    log: Path

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """The answer to a GraphQL query or mutation."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})
        with _LOOPBACK.open(request, timeout=60) as answer:
            told = json.load(answer)
            assert "errors" not in told, told["errors"]
            return told["data"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, folder: Path, **environment: str) -> Iterator[Server]:
    """The command in a process group of its own, once it answers; killed as a group, whatever happens."""
    log = folder / "server.log"
    given = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    given |= {"DAGSTER_DISABLE_TELEMETRY": "true", "PYTHONPATH": str(ROOT), **environment}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=given, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(process, url, log)
        yield Server(url, log)
    finally:
        _stop(process)


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        with suppress(OSError), _LOOPBACK.open(f"{url}/server_info", timeout=5) as answer:
            json.load(answer)
            return
        time.sleep(0.2)
    raise AssertionError(f"no answer from {url} in {START_SECONDS} seconds:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end, then make it; children that outlive their parent are of the same group."""
    for how, seconds in ((signal.SIGINT, 10), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        if _has_ended(process, seconds):
            return


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        process.poll()
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False

"""A real process, killed while it waits for a page: the next one asks for exactly the pages that are missing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.feeds.feed_driver import landed, night
from tests.feeds.platform import Platform, recorded_releases, serving
from tests.feeds.support import TUESDAY

ROOT = Path(__file__).resolve().parents[2]
PAGES = 7

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


@pytest.mark.parametrize(
    "number", [4, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, PAGES + 1) if n != 4)]
)
def test_a_killed_night_costs_no_page_and_repeats_none(number: int, tmp_path: Path) -> None:
    releases = recorded_releases()
    with serving(Platform(releases)) as platform:
        _kill_at(number, platform, tmp_path)
        held = {file.file_name: file.sha256 for file in landed(tmp_path)}
        assert len(held) == number - 1
        asked = [tuple(params.items()) for params in platform.asked]

        resumed = night(tmp_path, platform.address, TUESDAY)

        assert resumed.findings == []
        assert not held.keys() & {file.file_name for file in resumed.new}
        again = [tuple(params.items()) for params in platform.asked][number:]
        assert len(again) == len(resumed.new) == PAGES - len(held)
        assert set(asked) & set(again) == {asked[-1]}, "only the page it was killed at is asked for again"
        assert night(tmp_path, platform.address, TUESDAY).new == []
        assert len(platform.requests) == PAGES + 1

    pages = [json.loads(file.path.read_bytes())["releases"] for file in landed(tmp_path)]
    ids = sorted(release["id"] for page in pages for release in page)
    assert ids == sorted(json.loads(raw)["id"] for _, raw in releases)


def _kill_at(number: int, platform: Platform, folder: Path) -> None:
    """Start a night and kill it while the platform holds back the answer to a request."""
    reached, go = threading.Event(), threading.Event()

    def hold(handler, body: bytes) -> None:
        reached.set()
        go.wait(30)
        handler.close_connection = True

    platform.fail(hold, number)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.feeds.feed_driver", folder, platform.address, TUESDAY.isoformat()],
        cwd=ROOT,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )
    try:
        assert reached.wait(60)
    finally:
        process.kill()
        go.set()
    assert process.wait(30) == -signal.SIGKILL
    platform.mend()

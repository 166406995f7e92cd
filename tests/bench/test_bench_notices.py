"""200 MB of notices to rows and tables, against bare parsing and against flatten-tool. Printed, never asserted.

Run with `make bench`. The pages are the recorded day of the live service, repeated under new numbers. Each
way has a process of its own; what it imports does not count.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest

from tests.bench import notices_driver as driver
from tests.tools import needs_data

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
SIZE = 200 * 1024 * 1024


class Package(msgspec.Struct):
    releases: list[msgspec.Raw]


def pages(recorded: Path) -> Iterator[bytes]:
    """Pages of the recorded day under ever new release numbers, 200 MB in all."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(recorded.glob("page-*.json"))]
    written = turn = 0
    while written < SIZE:
        for text in texts:
            # No bare parser reads the number 1e9999, which the live service sends.
            page = text.replace('-2026"', f'-2026-{turn}"').replace("1e9999", "1").encode()
            yield page
            written += len(page)
        turn += 1


def write(recorded: Path, folder: Path) -> int:
    """The pages, all of them as one package, and the authorities in them; gives the number of releases."""
    authorities: set[str] = set()
    releases: list[bytes] = []
    for number, page in enumerate(pages(recorded)):
        (folder / f"page-{number:04d}.json").write_bytes(page)
        releases += [bytes(release) for release in msgspec.json.decode(page, type=Package).releases]
        buyers = (release.get("buyer", {}) for release in json.loads(page)["releases"])
        authorities |= {buyer["id"] for buyer in buyers if buyer.get("id")}
    (folder / driver.AUTHORITIES).write_text(json.dumps(sorted(authorities)))
    whole = b'{"uri":"x","version":"1.1","releases":[' + b",".join(releases) + b"]}"
    (folder / driver.WHOLE).write_bytes(whole)
    return len(releases)


def measured(way: str, folder: Path) -> dict[str, Any]:
    """What one way of reading takes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.notices_driver", way, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_200_mb_of_notices(tmp_path: Path) -> None:
    for library in ("orjson", "flattentool"):
        pytest.importorskip(library, reason="the dependency group `bench` is not installed")
    releases = write(needs_data("ocds/find-a-tender-2026-08/backfill/2026-08-10"), tmp_path)
    table = pd.DataFrame({way: measured(way, tmp_path) for way in driver.WAYS}).T
    peer = table.loc["flatten-tool, CSV", "processor seconds"]
    table["flatten-tool works longer by"] = (peer / table["processor seconds"]).round(1)
    print(f"\n{SIZE / 1024**2:.0f} MB, {releases:,} releases")
    print(table.convert_dtypes().round(2).to_string())

    assert 0 < table.loc["rows, one council's", "read"] < table.loc["rows, every release ours", "read"]

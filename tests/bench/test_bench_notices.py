"""200 MB of notices to tables, against bare parsing and against flatten-tool. Printed, never asserted.

Run with `make bench`. The pages are the recorded day of the live service, repeated under new numbers; every
buyer counts as the authority, so that every release is read in full.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import orjson
import pandas as pd
import pytest

from kcc_etl.intake.notices.releases import read_releases
from kcc_etl.intake.parsed import Desk, FileIdentity
from tests.tools import needs_data

pytestmark = pytest.mark.bench

SIZE = 200 * 1024 * 1024


def pages(folder: Path) -> Iterator[bytes]:
    """Pages of the recorded day under ever new release numbers, 200 MB in all."""
    recorded = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("page-*.json"))]
    written = turn = 0
    while written < SIZE:
        for text in recorded:
            # No bare parser reads the number 1e9999, which the live service sends.
            page = text.replace('-2026"', f'-2026-{turn}"').replace("1e9999", "1").encode()
            yield page
            written += len(page)
            if written >= SIZE:
                return
        turn += 1


def buyers(page: bytes) -> set[str]:
    """Every identity that a buyer of the page has."""
    return {r["buyer"]["id"] for r in json.loads(page)["releases"] if r.get("buyer", {}).get("id")}


def to_tables(page: bytes, number: int, ours: set[str]) -> int:
    """What the program makes of one page: rows accepted."""
    file = FileIdentity(f"{number:064d}", "bench", f"{number}.json", date(2026, 8, 11))
    return len(read_releases(page, Desk("notices", file, "bench"), ours).rows)


def flatten(whole: Path, target: Path) -> None:
    """flatten-tool's own command, to CSV."""
    command = [str(Path(sys.executable).with_name("flatten-tool")), "flatten", str(whole)]
    options = ["--root-list-path", "releases", "-m", "releases", "-f", "csv", "-o", str(target)]
    subprocess.run([*command, *options], check=True, capture_output=True)


def each(read: Callable[[bytes], object], every: list[bytes]) -> None:
    """Read page after page, keeping none."""
    for page in every:
        read(page)


def timed(what: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def test_200_mb_of_notices(tmp_path: Path) -> None:
    recorded = needs_data("ocds/find-a-tender-2026-08/backfill/2026-08-10")
    every = list(pages(recorded))
    ours = set().union(*(buyers(page) for page in every[:5]))
    whole = tmp_path / "whole.json"
    releases = b",".join(part for page in every for part in _raw(page))
    whole.write_bytes(b'{"uri":"x","version":"1.1","releases":[' + releases + b"]}")
    rows: list[int] = []
    seconds = {
        "msgspec, bare": timed(lambda: each(msgspec.json.decode, every)),
        "orjson, bare": timed(lambda: each(orjson.loads, every)),
        "to tables, every release ours": timed(
            lambda: rows.extend(to_tables(page, n, ours) for n, page in enumerate(every))
        ),
        "to tables, one council's": timed(
            lambda: [to_tables(page, n, set(sorted(ours)[:1])) for n, page in enumerate(every)]
        ),
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds["flatten-tool, CSV"] = timed(lambda: flatten(whole, tmp_path / "flat"))
    against = seconds["flatten-tool, CSV"]
    size = sum(map(len, every)) / 1024**2
    print(
        f"\n{size:.0f} MB in {len(every)} pages, {sum(rows):,} releases; this process {peak:.0f} MB at its peak"
    )
    table = pd.DataFrame({"seconds": pd.Series(seconds)})
    table["flatten-tool is slower by"] = (against / table["seconds"]).round(1)
    print(table.round(2).to_string())

    assert sum(rows) > 0


def _raw(page: bytes) -> list[bytes]:
    class Package(msgspec.Struct):
        releases: list[msgspec.Raw]

    return [bytes(raw) for raw in msgspec.json.decode(page, type=Package).releases]

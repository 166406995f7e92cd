"""Reads one folder of pages of notices in one way, and says what it took.

Run as a program for each way, so that no way profits from another or pays for its memory. Does not belong
here: making the pages, the table.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

WHOLE = "whole.json"
"""All pages in one package, which is what flatten-tool reads."""
AUTHORITIES = "authorities.json"
"""Every identity that a buyer has."""


def pages(folder: Path) -> Iterator[bytes]:
    """Page after page, in the order of their numbers."""
    for path in sorted(folder.glob("page-*.json")):
        yield path.read_bytes()


def bare(decode: Callable[[bytes], Any]) -> Callable[[Path], int]:
    """Reading with a parser alone, keeping none; gives the releases."""
    return lambda folder: sum(len(decode(page)["releases"]) for page in pages(folder))


def rows(folder: Path, authorities: int | None) -> list[dict[str, object]]:
    """What the program reads from the pages: a row for each release of these authorities, all when None."""
    from kcc_etl.intake.notices.releases import read_releases
    from kcc_etl.intake.parsed import Desk, FileIdentity

    ours = json.loads((folder / AUTHORITIES).read_bytes())[:authorities]
    found: list[dict[str, object]] = []
    for number, page in enumerate(pages(folder), 1):
        file = FileIdentity(f"{number:064d}", "bench", f"{number}.json", date(2026, 8, 11))
        found += read_releases(page, Desk("notices", file, "bench"), ours).accepted
    return found


def tables(folder: Path, authorities: int | None) -> int:
    """The rows as the night puts them into tables: contracts, suppliers, indicators, changes, ends, failures."""
    from kcc_etl.domain.notices import build_notices
    from kcc_etl.schema.frames import empty, from_rows
    from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

    raw = from_rows(rows(folder, authorities), RAW_TABLE_OF_KIND["notices"])
    build_notices(raw, empty("file_column"))
    return len(raw)


def by_msgspec(folder: Path) -> int:
    """msgspec alone."""
    import msgspec

    return bare(msgspec.json.decode)(folder)


def by_orjson(folder: Path) -> int:
    """orjson alone."""
    import orjson

    return bare(orjson.loads)(folder)


def by_flatten_tool(folder: Path) -> int:
    """flatten-tool, to CSV."""
    import flattentool

    target = folder / "flat"
    options = {"root_list_path": "releases", "main_sheet_name": "releases", "output_format": "csv"}
    flattentool.flatten(str(folder / WHOLE), output_name=str(target), **options)
    return sum(1 for _ in (target / "releases.csv").open(encoding="utf-8")) - 1


WAYS: dict[str, Callable[[Path], int]] = {
    "msgspec, bare": by_msgspec,
    "orjson, bare": by_orjson,
    "rows, one council's": lambda folder: len(rows(folder, 1)),
    "rows, every release ours": lambda folder: len(rows(folder, None)),
    "tables, one council's": lambda folder: tables(folder, 1),
    "tables, every release ours": lambda folder: tables(folder, None),
    "flatten-tool, CSV": by_flatten_tool,
}
_IMPORTS = {"msgspec, bare": "msgspec", "orjson, bare": "orjson", "flatten-tool, CSV": "flattentool"}


def peak() -> int:
    """The peak in MB since this program began; `getrusage` would count that of the process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+([0-9]+) kB", status)[0]) // 1024


def main(way: str, folder: Path) -> None:
    """Print seconds by the clock and of the processor, the peak in MB, and how many releases or lines came of it."""
    for name in (_IMPORTS.get(way), None if way in _IMPORTS else "kcc_etl.domain.notices"):
        if name:
            __import__(name)
    began, worked = time.perf_counter(), time.process_time()
    count = WAYS[way](folder)
    told = {
        "seconds": time.perf_counter() - began,
        "processor seconds": time.process_time() - worked,
        "MB": peak(),
        "read": count,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

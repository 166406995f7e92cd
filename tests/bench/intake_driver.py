"""Reads one folder of files in one way, and says what it took.

Run as a program for each way, so that no way profits from another or pays for its memory. Does not belong
here: making the files, the table.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.workbooks.book import Book
from kcc_etl.intake.workbooks.guard import Guard, Opening

ERRORS = {"#REF!", "#DIV/0!"}
Counted = tuple[int, int]
"""Rows or cells of rows read, and error cells among them that whoever reads on can tell."""


class Unguarded:
    """Opens workbooks in this process; stands in for the guard."""

    def open_all(self, openings: Iterable[Opening]) -> Iterator[Book | SourceError]:
        """As the guard does it, without its children."""
        from kcc_etl.intake.workbooks.workbook import open_book

        for opening in openings:
            try:
                yield open_book(opening.path.read_bytes(), opening.sheet, opening.limits)
            except SourceError as error:
                yield error


def ours(paths: list[Path], guard: Guard | Unguarded) -> Counted:
    """The reader of the house: rows accepted or set aside, errors told by a finding."""
    from kcc_etl.intake.parsed import FileIdentity
    from kcc_etl.intake.reader import Item, parse_all

    def item(path: Path) -> Item:
        kind = "returns" if path.name.startswith("return") else "payments"
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return Item(path, kind, FileIdentity(sha256, "bench", path.name, date(2026, 10, 20)))

    rows = errors = 0
    for parsed in parse_all(map(item, paths), guard):  # type: ignore[arg-type]  # opens as the guard does
        rows += len(parsed.accepted) + len(parsed.aside)
        errors += sum(finding.found in ERRORS for finding in parsed.findings)
    return rows, errors


def by_pandas(paths: list[Path]) -> Counted:
    """pandas, with its default engine."""
    import pandas as pd

    rows = errors = 0
    for path in paths:
        is_text = path.suffix == ".csv"
        frame = pd.read_csv(path, dtype=str) if is_text else pd.read_excel(path, dtype=str, engine="openpyxl")
        rows += len(frame)
        errors += int(frame.isin(ERRORS).to_numpy().sum())
    return rows, errors


def by_openpyxl(paths: list[Path]) -> Counted:
    """openpyxl at its fastest."""
    import openpyxl

    rows = errors = 0
    for path in paths:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for cells in book.worksheets[0].iter_rows(values_only=True):
            rows += 1
            errors += sum(cell in ERRORS for cell in cells)
    return rows, errors


def by_calamine(paths: list[Path]) -> Counted:
    """calamine alone."""
    import python_calamine

    rows = errors = 0
    for path in paths:
        for cells in python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows():
            rows += 1
            errors += sum(cell in ERRORS for cell in cells)
    return rows, errors


WAYS: dict[str, Callable[[list[Path]], Counted]] = {
    "pandas": by_pandas,
    "openpyxl, read-only": by_openpyxl,
    "calamine": by_calamine,
}
_IMPORTS = {
    "guarded": "kcc_etl.intake.reader",
    "unguarded": "kcc_etl.intake.reader",
    "pandas": "pandas",
    "openpyxl, read-only": "openpyxl",
    "calamine": "python_calamine",
}


def main(way: str, pattern: str, folder: Path) -> None:
    """Print what it took and what was counted, as JSON; imports are not counted, the start of the guard is."""
    paths = sorted(folder.glob(pattern))
    clock = Clock()
    with Guard() if way == "guarded" else contextlib.nullcontext(Unguarded()) as guard:
        if way == "guarded":
            # Before anything large is imported, because a process begins with the peak of the one that starts it.
            list(guard.open_all([Opening(folder / "none")] * 2))
        clock.stop()
        __import__(_IMPORTS[way])
        clock.go()
        rows, errors = WAYS[way](paths) if way in WAYS else ours(paths, guard)
    clock.stop()
    print(json.dumps({**clock.told(), "rows": rows, "errors told": errors}))


class Clock:
    """Seconds by the clock and of all processors while it goes; children count when they have ended."""

    def __init__(self) -> None:
        self._wall = self._worked = 0.0
        self.go()

    def go(self) -> None:
        """Go on."""
        self._wall -= time.perf_counter()
        self._worked -= _worked()

    def stop(self) -> None:
        """Stop for a while or for good."""
        self._wall += time.perf_counter()
        self._worked += _worked()

    def told(self) -> dict[str, float]:
        """The seconds, and the peaks of this process and of its largest child in MB."""
        own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return {
            "seconds": self._wall,
            "processor seconds": self._worked,
            "MB": own // 1024,
            "MB, largest child": child // 1024,
        }


def _worked() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))

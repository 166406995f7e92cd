"""500 returns and a ledger of 100,000 rows, guarded and not, against the usual libraries on the same files.

Printed, never asserted on time; no error cell may be lost. Run with `make bench`. Text needs no guard: there
both ways are one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kcc_etl.sample.forms import add_line, new_form
from kcc_etl.sample.sheets import Line
from kcc_etl.schema.fields import FIELDS
from tests.bare_form import bare_bytes
from tests.hostile import bases, kit

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
RETURNS, LINES, ROWS = 500, 28, 100_000
MEASURES = ("S5", "C1", "C2", "C3", "S4", "J1", "S2")


def write_returns(folder: Path) -> int:
    """500 returns of 28 lines, as they come back from Excel; gives the number of error cells in them."""
    errors = 0
    for number in range(RETURNS):
        made = new_form(bases.QUARTER, f"KSW-{number:04d}", "Winter gritting", f"Example {number} Ltd")
        for line in range(LINES):
            district = f"E0700010{5 + line // len(MEASURES)}"
            add_line(made, MEASURES[line % len(MEASURES)], district, Fraction(number + line, 2))
        broken = {f"E{13 + line}": kit.error("#REF!") for line in range(number % 4)}
        # Packed once more, because the sample is not compressed.
        (folder / f"return-{number:03d}.xlsx").write_bytes(kit.with_cells(bare_bytes(made), broken))
        errors += len(broken)
    return errors


def write_ledger(folder: Path) -> int:
    """One ledger as CSV and as XLSX; gives the number of error cells in either."""
    lines = bases.payments(ROWS)
    for line in lines[::1000]:
        line.cells["amount_ex_vat_pence"] = "#DIV/0!"
    text = bases.as_csv([[FIELDS[name].title for name in bases.LEDGER_FIELDS], *map(_texts, lines)])
    (folder / "ledger.csv").write_bytes(text)
    book = xlsxwriter.Workbook(str(folder / "ledger.xlsx"))
    sheet, day = book.add_worksheet("Ledger"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, [FIELDS[name].title for name in bases.LEDGER_FIELDS])
    for row, line in enumerate(lines, 1):
        for column, name in enumerate(bases.LEDGER_FIELDS):
            value = line.cells[name]
            if value == "#DIV/0!":
                sheet.write_formula(row, column, "=1/0", None, value)
            elif name == "paid_on":
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, int):
                sheet.write_number(row, column, value / 100)
            else:
                sheet.write_string(row, column, value)
    book.close()
    return len(lines[::1000])


def _texts(line: Line) -> list[str]:
    cells = (line.cells[name] for name in bases.LEDGER_FIELDS)
    return [f"{cell / 100:.2f}" if isinstance(cell, int) else str(cell) for cell in cells]


def measured(way: str, pattern: str, folder: Path) -> dict[str, Any]:
    """What one way of reading takes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.intake_driver", way, pattern, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("what", "pattern", "rows", "ways"),
    [
        (
            "500 returns of 28 lines",
            "return-*",
            RETURNS * LINES,
            ("pandas", "openpyxl, read-only", "calamine"),
        ),
        ("100,000 rows, XLSX", "ledger.xlsx", ROWS, ("pandas", "openpyxl, read-only", "calamine")),
        ("100,000 rows, CSV", "ledger.csv", ROWS, ("pandas",)),
    ],
)
def test_intake(what: str, pattern: str, rows: int, ways: tuple[str, ...], tmp_path: Path) -> None:
    errors = (write_returns if pattern == "return-*" else write_ledger)(tmp_path)
    table = {way: measured(way, pattern, tmp_path) for way in ("guarded", "unguarded", *ways)}
    print(f"\n{what}, {errors} error cells")
    print(pd.DataFrame(table).T.convert_dtypes().round(2).to_string())

    for way in ("guarded", "unguarded"):
        assert (table[way]["rows"], table[way]["errors told"]) == (rows, errors)

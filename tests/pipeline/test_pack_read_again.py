"""The sample's pack by other readers than made it: valid metadata, the same cells in every format, one OCDS figure."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from csvw import CSVW

from kcc_etl.intake.cells.json_parts import exact_json
from reports.csvw import ENDING
from reports.ocds import OCDS_FILE
from reports.verify_metadata import described_columns
from reports.verify_releases import ASSESSMENTS, REGISTER, release_hits
from reports.verify_tables import csv_rows, sheets_of
from reports.verify_twins import same_as_csv, same_sheets
from tests.pipeline.support import PERIOD, County

pytestmark = pytest.mark.long
NEVER_EMPTY = 12
"""Tables of the sample's pack that have rows; `changes.csv` has none before a first version."""


def test_the_metadata_of_every_table_is_valid_by_the_csvw_package(county: County, monkeypatch) -> None:
    monkeypatch.chdir(county.pack)
    counted = {}
    for name in sorted(path.name for path in county.pack.glob(f"*{ENDING}")):
        read = CSVW(name, validate=True)
        assert read.is_valid, name
        assert not read.warnings, name
        counted[name] = len(list(read.tables[0]))

    assert len(counted) == len(list(county.pack.glob("*.csv")))
    assert sum(map(bool, counted.values())) >= NEVER_EMPTY


def test_csv_xlsx_and_ods_of_every_dataset_hold_the_same_cells(county: County) -> None:
    books = sorted(county.pack.glob("*.xlsx"))

    assert len(books) >= len(list(county.pack.glob("*.ods"))) > 9
    for book in books:
        xlsx, ods = (sheets_of(book.with_suffix(f".{kind}").read_bytes()) for kind in ("xlsx", "ods"))
        rows = csv_rows(book.with_suffix(".csv").read_bytes())
        columns = described_columns(_json(book.with_suffix(f".csv{ENDING}")))
        assert len(rows) > 1, book.name
        assert not list(same_sheets(ods, xlsx, book.name))
        assert not list(same_as_csv(xlsx, rows, columns))
        assert not list(same_as_csv(ods, rows, columns))


def test_a_penny_more_in_any_contract_value_of_the_package_is_told_with_its_place(county: County) -> None:
    tables = {name: csv_rows((county.pack / name).read_bytes()) for name in (REGISTER, ASSESSMENTS)}
    text = (county.pack / OCDS_FILE).read_text("utf-8")
    left_out = _json(county.pack / "manifest.json")["releases"]["left_out_without_ocid"]
    package = exact_json(text)
    values = [
        one["contracts"][0]["value"]
        for one in package["releases"]
        if "amount" in one["contracts"][0]["value"]
    ]

    assert not list(release_hits(package, tables, PERIOD, left_out))
    assert len(values) == len(re.findall(r'"amount":', text)) > 100
    for value in values:
        value["amount"] += Decimal("0.01")
    told = {hit.cell for hit in release_hits(package, tables, PERIOD, left_out)}
    assert len(told) == len(values)
    assert all(cell.endswith("/contracts/0/value/amount") for cell in told)


def _json(path: Path) -> dict:
    return json.loads(path.read_bytes())

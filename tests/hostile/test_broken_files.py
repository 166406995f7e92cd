"""The 81 broken files of twelve readers' test corpora, and every real file: each has its right fate.

The table `broken-fates.csv` was judged by looking into each file, as the fate that its sender would want.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading
from kcc_etl.intake.parsed import Parsed
from tests.hostile.cases import Case
from tests.hostile.counting import all_sheets, records_of
from tests.hostile.reading import fates, read
from tests.tools import missing

BROKEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "broken"
FATES = list(csv.DictReader((Path(__file__).parent / "broken-fates.csv").open(encoding="utf-8", newline="")))
# Every field that a register needs and the one column under test does not give.
_CONSTANTS = {
    "contract_ref": "X-1",
    "contract_title": "A contract",
    "supplier_name": "A supplier",
    "value_ex_vat_pence": "100.00",
    "start_on": "2026-04-01",
    "end_on": "2027-03-31",
}


def mapping_for(row: dict[str, str]) -> HeaderMapping:
    """One column of the file as one field of a register; everything else a contract needs is fixed."""
    constants = {name: value for name, value in _CONSTANTS.items() if name != row["field"]}
    columns = {fold_heading(row["heading"]): row["field"]}
    return HeaderMapping(
        "register", columns, constants=constants, header_row=int(row["header_row"]), version="test"
    )


def case_of(row: dict[str, str]) -> Case:
    """The file as a case of the corpus."""
    path = BROKEN / row["file"]
    if not path.is_file():
        missing(f"The broken files are not at {BROKEN}")
    return Case(0, row["file"], "register", path.read_bytes, file=row["file"], mapping=mapping_for(row))


@pytest.mark.parametrize("row", FATES, ids=[row["file"] for row in FATES])
def test_a_broken_file_has_its_right_fate(row: dict[str, str], tmp_path: Path) -> None:
    case = case_of(row)
    parsed = read(case, tmp_path)
    rows = tuple(int(row[fate]) for fate in ("accepted", "quarantined", "excluded"))
    got = (parsed.receipt["fate"], parsed.receipt["rule_id"] or "", fates(parsed))
    assert got == (row["fate"], row["rule"], rows), [str(f) for f in parsed.findings]
    assert sorted(set(parsed.set_aside["rule_id"])) == row["aside"].split()
    if row["fate"] == "accepted":
        assert sum(rows) == _counted(row, case.make(), parsed)


def test_every_broken_file_is_judged() -> None:
    if not BROKEN.is_dir():
        missing(f"The broken files are not at {BROKEN}")
    assert sorted(row["file"] for row in FATES) == sorted(path.name for path in BROKEN.iterdir())
    assert len(FATES) == 81


def _counted(row: dict[str, str], data: bytes, parsed: Parsed) -> int:
    """Rows of the file but its heading and the sheets that a finding names, by the standard library alone."""
    if data.startswith(b"PK"):
        told = " ".join(f.found for f in parsed.findings if f.rule_id in {"IN-018", "IN-025"})
        sheets = [rows for name, _, rows in all_sheets(data) if f"'{name}'" not in told]
        return sum(len(rows) for rows in sheets) - 1
    return len(records_of(data, row["heading"])) - 1

"""Repeats, resubmissions, file names and floods, through real nights and a real warehouse."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl.domain.core import build_claims
from kcc_etl.domain.findings import Finding
from kcc_etl.schema.frames import from_rows
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND
from tests.hostile import bases
from tests.hostile.message_form import faults_of
from tests.hostile.sequences import DAYS, SEQUENCES, Sequence
from tests.unit.county import County

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file names of POSIX")

Told = dict[str, set[str]]
"""By source, the rules told in any night."""


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, Told]:
    """Three nights of a county in which every sequence is a source of its own."""
    folder = tmp_path_factory.mktemp("county")
    sources = "".join(
        f'[[sources]]\nname = "{each.source}"\nkind = "{each.kind}"\npath = "in/{each.source}"\n{each.settings}'
        for each in SEQUENCES
    )
    county = County(folder, sources)
    told: Told = {each.source: set() for each in SEQUENCES}
    for number, day in enumerate(DAYS):
        for each in SEQUENCES:
            (folder / "in" / each.source).mkdir(parents=True, exist_ok=True)
            for name, data in (each.nights[number] if number < len(each.nights) else {}).items():
                county.put(f"in/{each.source}/{name}", data)
        # A sequence that is over is left as it is: its folder would bring in what a limit holds back.
        _hide(folder, [each for each in SEQUENCES if len(each.nights) <= number])
        county.night(day, "register", "returns")
        for source, rule in county.warehouse.read("finding")[["source_name", "rule_id"]].itertuples(
            index=False
        ):
            told[source].add(rule)
    return county, told


@pytest.mark.parametrize("each", SEQUENCES, ids=[f"{each.hazard} {each.name}" for each in SEQUENCES])
def test_a_sequence_of_arrivals_has_its_right_fates(each: Sequence, nights: tuple[County, Told]) -> None:
    county, told = nights
    of_this = {"source_name": each.source}
    fates: dict[str, set[str]] = {}
    for r in county.warehouse.read("receipt", of_this).fillna("").to_dict("records"):
        fates.setdefault(r["source_file"], set()).add(f"{r['fate']} {r['rule_id']}".strip())
    assert {name: " + ".join(sorted(found)) for name, found in fates.items()} == each.fates
    assert len(county.warehouse.read(RAW_TABLE_OF_KIND[each.kind].name, of_this)) == each.rows
    assert len(county.warehouse.read("ledger", of_this)) == each.lines
    found = county.warehouse.read("finding", of_this)
    louder = set(found["rule_id"]) - {"IN-003", "IN-016", "IN-033"}
    assert louder == set(each.findings) - {"IN-033"}
    assert set(each.told) <= told[each.source]
    words = " ".join(found["found"].fillna("")) + " ".join(found["expected"].fillna(""))
    assert [word for word in each.says if word not in words] == []


def test_the_corpus_of_sequences_is_whole() -> None:
    count = pd.Series([each.hazard for each in SEQUENCES]).value_counts()
    assert set(count.index) == {21, 22, 23, 27, 28}
    assert count.min() >= 5
    assert len({each.source for each in SEQUENCES}) == len(SEQUENCES)


def test_a_file_name_is_nothing_but_data(nights: tuple[County, Told]) -> None:
    """No copy is named after a file, and every message has its form, whatever the name in it."""
    county, _ = nights
    landed = [path for path in (county.folder / "data" / "landing").rglob("*") if path.is_file()]
    assert landed
    assert {path.name for path in landed} == set(county.warehouse.read("ledger")["source_sha256"])
    rows = (
        county.warehouse.read("finding")
        .astype(object)
        .where(lambda frame: frame.notna(), "")
        .to_dict("records")
    )
    findings = [Finding(**{str(name): value for name, value in row.items()}) for row in rows]
    assert {f.rule_id for f in findings} >= {"IN-001", "IN-040", "IN-041", "IN-042", "IN-043"}
    assert {(f.rule_id, fault) for f in findings for fault in faults_of(f)} == set()


def test_a_return_of_the_wrong_contract_or_supplier_is_held(nights: tuple[County, Told]) -> None:
    """Hazard 25: an unknown reference gets the nearest ones; a stranger's return is not the contract's."""
    county, _ = nights
    raw = county.warehouse.read(
        RAW_TABLE_OF_KIND["returns"].name, {"source_name": "h23-corrected-under-its-name"}
    )
    columns = county.warehouse.read("file_column")
    ledger = county.warehouse.read("ledger", {"kind": "returns"})
    for reference, supplier, rule, words in _WRONG:
        contract = {
            "contract_ref": reference,
            "supplier_name": supplier,
            "supplier_key": f"name:{supplier.casefold()}",
        }
        contracts = from_rows([contract], CORE_TABLE_OF_KIND["register"])
        core = build_claims(raw, contracts, ledger, columns, ("S5", "C1"))
        assert (len(core.rows), set(core.set_aside["rule_id"])) == ((0, {rule}) if rule else (2, set())), (
            reference,
            supplier,
        )
        assert all(any(word in str(f) for f in core.findings) for word in words), core.findings


_WRONG = (
    (bases.CONTRACT, bases.SUPPLIER, "", ()),
    ("KSW-0010", bases.SUPPLIER, "RT-001", ("KSW-0010",)),
    ("KSW-0OO1", bases.SUPPLIER, "RT-001", ("KSW-0OO1",)),
    ("KSW/0001", bases.SUPPLIER, "RT-001", ("KSW/0001",)),
    (bases.CONTRACT, "Entirely Other Builders plc", "RT-022", ("Entirely Other Builders plc",)),
    (bases.CONTRACT, "Nobody We Know", "RT-022", ("Nobody We Know",)),
)
"""Reference and supplier of the one contract in the register; rule; what a message must hold."""


def _hide(folder: Path, sequences: list[Sequence]) -> None:
    """Take the files of these sequences out of sight: landed files count all the same."""
    for each in sequences:
        for path in sorted((folder / "in" / each.source).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

"""The sample: the same bytes every time, the coverage it claims, every planted fault in its place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kcc_etl.domain.places import PLACES
from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.offers import band_of
from kcc_etl.sample.payments import LEDGER_FIELDS, PERIODS, STYLES
from kcc_etl.sample.portfolio import ACT_IN_FORCE, SECTION_70_FROM, Portfolio, build_portfolio
from kcc_etl.sample.registers import HIGHWAYS_FIELDS
from kcc_etl.sample.sheets import letter_of
from kcc_etl.sample.world import AUTHORITY_EMAIL, AUTHORITY_IDS, OTHER_AUTHORITY_ID
from kcc_etl.sample.write import FAULTS_FILE, SampleSummary, write_sample
from kcc_etl.schema import return_form
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES

PPON = re.compile(r"GB-PPON-P[A-Z]{3}-\d{4}-[A-Z]{4}")
FOLDERS = {"registers", "payments", "notices", "returns", "decisions"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleSummary]:
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    return folder, write_sample(folder)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return build_portfolio()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _faults(folder: Path) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads((folder / FAULTS_FILE).read_text("utf-8"))["faults"]
    return listed


def _ledger(folder: Path, period: str) -> list[dict[str, str]]:
    style = STYLES.get(period)
    text = (
        (folder / "payments" / f"ledger-{period}.csv")
        .read_bytes()
        .decode(style.encoding if style else "utf-8")
    )
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=style.delimiter if style else ","))


# --- the same bytes ----------------------------------------------------------------------------------------


def test_the_sample_has_the_same_bytes_under_another_hash_seed_zone_and_language(
    sample: tuple[Path, SampleSummary], tmp_path: Path
) -> None:
    folder, _ = sample
    script = (
        "import sys; from pathlib import Path; from kcc_etl.sample.write import write_sample; "
        "write_sample(Path(sys.argv[1]))"
    )
    for seed in ("0", "4711"):
        again = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", script, str(again)], check=True, env=environment, cwd=root)
        assert _digest(again) == _digest(folder)


def test_the_sample_is_the_sample_of_every_machine_and_python(sample: tuple[Path, SampleSummary]) -> None:
    """When the sample is changed on purpose, so is this digest; see that all Pythons agree."""
    assert _digest(sample[0])[:16] == "f993b6c62da5db30"


def test_every_workbook_is_stored_without_compression_and_without_a_clock(
    sample: tuple[Path, SampleSummary],
) -> None:
    folder, _ = sample
    workbooks = [
        folder / "registers/highways-register.xlsx",
        *sorted((folder / "returns").rglob("KSW*.xlsx"))[:5],
    ]
    for path in workbooks:
        with zipfile.ZipFile(path) as archive:
            assert {(i.date_time, i.compress_type) for i in archive.infolist()} == {
                ((1980, 1, 1, 0, 0, 0), 0)
            }
        assert openpyxl.load_workbook(path).properties.created.isoformat() == "2026-11-23T00:00:00"


# --- how much there is -------------------------------------------------------------------------------------


def test_the_sample_is_as_large_as_it_claims(sample: tuple[Path, SampleSummary]) -> None:
    folder, summary = sample
    assert {path.name for path in folder.iterdir()} == FOLDERS | {FAULTS_FILE}
    assert 230 <= summary.contracts <= 250
    assert 140 <= summary.suppliers <= 160
    assert PERIODS == (
        "2024-25-Q3", "2024-25-Q4", "2025-26-Q1", "2025-26-Q2",
        "2025-26-Q3", "2025-26-Q4", "2026-27-Q1", "2026-27-Q2",
    )  # fmt: skip
    assert 19_000 <= sum(len(_ledger(folder, period)) for period in PERIODS) <= 21_000
    for period in ("2026-27-Q1", "2026-27-Q2"):
        assert 65 <= len(list((folder / "returns" / period).glob("KSW-*.xlsx"))) <= 95


def test_the_portfolio_covers_every_kind_band_size_and_place(portfolio: Portfolio) -> None:
    contracts = portfolio.contracts
    assert {c.kind for c in contracts} == {"contract", "framework", "call-off", "concession"}
    assert {c.regime for c in contracts} == {"pa23", "pcr2015", "psr", "exempt"}
    assert {c.category for c in contracts} == {"goods", "services", "works"}
    assert {c.sector for c in contracts} >= {"consultancy", "it", "care"}
    assert {c.supplier.size for c in contracts} == {"micro", "small", "medium", "large"}
    assert {c.district for c in contracts} == set(PLACES)
    assert {band_of(c) for c in contracts} == set(range(6))
    assert {band_of(c) for c in portfolio.in_scope} == {1, 2, 3, 4, 5}
    assert any(c.is_light_touch for c in contracts)
    assert any(c.is_school for c in contracts)
    assert any(c.supplier.is_vcse for c in portfolio.in_scope)
    values = [c.value_pence for c in contracts]
    assert (min(values), max(values)) == (600_000, 12_000_000_000)
    assert 65 <= len(portfolio.in_scope) <= 95


def test_contracts_agree_with_the_law_of_their_day_and_with_their_own_dates(portfolio: Portfolio) -> None:
    frameworks = {c.reference: c for c in portfolio.contracts if c.kind == "framework"}
    for contract in portfolio.contracts:
        assert contract.commenced_on <= contract.awarded_on <= contract.signed_on <= contract.start_on
        assert contract.start_on < contract.end_on
        if contract.regime == "pa23":
            assert contract.commenced_on >= ACT_IN_FORCE
        if contract.regime == "pcr2015" and not contract.parent_ref:
            assert contract.commenced_on < ACT_IN_FORCE
        if contract.kind == "call-off":
            assert frameworks[contract.parent_ref or ""].regime == contract.regime
        assert contract.gross_pence in {contract.value_pence, contract.value_pence * 6 // 5}
        assert set(contract.scores) <= {1, 2, 3}
        assert len(contract.scores) == 10


def test_measures_stay_within_what_band_and_relief_allow(portfolio: Portfolio) -> None:
    most = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6}
    for contract in portfolio.in_scope:
        room = most[band_of(contract)]
        if contract.supplier.size == "micro":
            room = min(room, 1)
        elif contract.supplier.size == "small" or contract.supplier.is_vcse:
            room = max(room - 1, 1)
        assert 1 <= len(contract.sv_measures) <= room


# --- payments ----------------------------------------------------------------------------------------------


def test_payments_of_the_last_quarter_stand_on_both_sides_of_section_70(
    sample: tuple[Path, SampleSummary], portfolio: Portfolio
) -> None:
    ledger = _ledger(sample[0], "2026-27-Q2")
    gross = FIELDS["amount_inc_vat_pence"].title
    under: dict[str, list[str]] = {}
    for line in ledger:
        under.setdefault(line[FIELDS["contract_ref"].title], []).append(line[gross])
    edge = next(c for c, plan in portfolio.section_70 if plan.at_threshold)
    assert {"30000.00", "30000.01", "29999.99"} <= set(under[edge.reference])
    for contract, plan in portfolio.section_70:
        assert any(float(amount) > 30_000 for amount in under[contract.reference]), contract.reference
        assert plan.inside == (_law_reaches(contract, portfolio)), contract.reference


def _law_reaches(contract: Contract, portfolio: Portfolio) -> bool:
    """Section 70 by its own words; thresholds of 2026 including VAT."""
    threshold = (
        66_354_000 if contract.is_light_touch else 519_300_000 if contract.category == "works" else 20_772_000
    )
    parent = next((c for c in portfolio.contracts if c.reference == contract.parent_ref), contract)
    return (
        contract.regime == parent.regime == "pa23"
        and contract.kind in {"contract", "call-off"}
        and not contract.is_school
        and contract.gross_pence >= threshold
        and contract.commenced_on >= SECTION_70_FROM
    )


def test_the_ledgers_hold_what_redaction_and_the_spend_file_must_cope_with(
    sample: tuple[Path, SampleSummary],
) -> None:
    lines = [line for period in PERIODS for line in _ledger(sample[0], period)]
    column = {name: Counter(line[FIELDS[name].title] for line in lines) for name in LEDGER_FIELDS}
    assert column["payee_kind"]["individual"] > 1_000
    assert column["card_transaction"]["GPC"] > 1_000
    assert column["card_transaction"]["CCC"] > 50
    assert column["is_vcse_grant"]["Yes"] > 200
    assert column["is_credit_note"]["Yes"] > 200
    assert len(column["disputed_on"]) > 50
    assert column["contract_ref"][""] > 5_000
    people = {line["Supplier name"] for line in lines if line["Payee kind"] == "individual"}
    assert all(re.fullmatch(r"Person \d{4} Fictitious", name) for name in people)


def test_export_habits_of_the_ledgers_differ_without_being_faults(sample: tuple[Path, SampleSummary]) -> None:
    payments = sample[0] / "payments"
    assert "£" in (payments / "ledger-2024-25-Q4.csv").read_bytes().decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        (payments / "ledger-2024-25-Q4.csv").read_bytes().decode("utf-8")
    assert (payments / "ledger-2025-26-Q2.csv").read_text("utf-8").splitlines()[0].count(";") == len(
        LEDGER_FIELDS
    ) - 1
    assert (payments / "ledger-2025-26-Q4.csv").read_bytes().startswith(b"\xef\xbb\xbf")


# --- registers, notices, returns ---------------------------------------------------------------------------


def test_the_second_register_has_typed_cells_in_an_order_of_its_own(
    sample: tuple[Path, SampleSummary],
) -> None:
    sheet = openpyxl.load_workbook(sample[0] / "registers/highways-register.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == [FIELDS[name].title for name in HIGHWAYS_FIELDS]
    first: dict[Any, Any] = dict(zip(HIGHWAYS_FIELDS, rows[1], strict=True))
    assert hasattr(first["start_on"], "year")
    assert isinstance(first["value_ex_vat_pence"], int | float)
    assert first["procurement_category"] == "works"


def test_notices_are_of_every_type_and_a_few_are_none_of_ours(sample: tuple[Path, SampleSummary]) -> None:
    releases = [
        r
        for path in sorted((sample[0] / "notices").glob("*.json"))
        for r in json.loads(path.read_text("utf-8"))["releases"]
    ]
    types = Counter(
        document["noticeType"]
        for release in releases
        for part in [*release.get("contracts", []), release["tender"]]
        for document in part.get("documents", [])
    )
    assert set(types) == {"UK4", "UK6", "UK7", "UK9", "UK10", "UK11", "UK12"}
    named = [r["buyer"]["id"] for r in releases if "buyer" in r]
    assert Counter(named)[OTHER_AUTHORITY_ID] == 2
    assert set(named) == {*AUTHORITY_IDS, OTHER_AUTHORITY_ID}
    assert 0 < len(releases) - len(named) < 5
    assert max(Counter(r["id"] for r in releases if "id" in r).values()) == 2
    assert any(c.get("agreedMetrics") for r in releases for c in r.get("contracts", []))


def test_returns_have_part_quantities_nil_returns_and_many_places(sample: tuple[Path, SampleSummary]) -> None:
    quantities: list[Any] = []
    nil, places = 0, set()
    for path in sorted((sample[0] / "returns").rglob("KSW-*.xlsx")):
        sheet = openpyxl.load_workbook(path)[return_form.SHEET]
        nil += sheet[f"B{return_form.NIL_ROW}"].value == "Yes"
        for row in range(return_form.FIRST_LINE_ROW, sheet.max_row + 1):
            if sheet[f"E{row}"].value is not None:
                quantities.append(sheet[f"E{row}"].value)
                places.add(sheet[f"D{row}"].value)
    assert 5 <= nil <= 40
    assert sum(isinstance(q, float) for q in quantities) > 20
    assert set(PLACES) <= places


# --- planted faults ----------------------------------------------------------------------------------------


def test_planted_faults_are_of_many_kinds_and_their_rules_exist(sample: tuple[Path, SampleSummary]) -> None:
    faults = _faults(sample[0])
    assert len({fault["rule"] for fault in faults}) >= 40
    assert len({fault["kind"] for fault in faults}) >= 20
    assert all(fault["rule"] in RULES for fault in faults)
    assert all(RULES[fault["rule"]].severity != "critical" for fault in faults)
    assert len({(f["source"], f["file"], f["place"], f["rule"]) for f in faults}) == len(faults)


def test_every_planted_place_exists_in_its_file(sample: tuple[Path, SampleSummary]) -> None:
    folder, _ = sample
    for fault in _faults(folder):
        if not fault["file"]:
            assert fault["rule"] in {"RT-012", "TG-011"}
            continue
        path = folder / fault["source"] / fault["file"]
        assert path.is_file(), fault
        if fault["place"] != "file":
            _assert_place(path, fault["place"])


@cache
def _cells(path: Path) -> dict[str, object]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book[return_form.SHEET] if return_form.SHEET in book.sheetnames else book.worksheets[0]
        return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
    if path.suffix == ".json":
        releases = json.loads(path.read_text("utf-8"))["releases"]
        return {f"row {place}": release for place, release in enumerate(releases, 1)}
    period = path.stem.removeprefix("ledger-")
    style = STYLES.get(period)
    text = path.read_bytes().decode(style.encoding if style else "utf-8")
    records = csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter if style else ",")
    cells: dict[str, object] = {}
    for row, record in enumerate(records, 1):
        cells[f"row {row}"] = record
        cells |= {f"{letter_of(place)}{row}": cell for place, cell in enumerate(record, 1)}
    return cells


def _assert_place(path: Path, place: str) -> None:
    assert place in _cells(path), (path.name, place)


CASES = [
    ("registers", "contracts-register.csv", "CR-003", "TBC"),
    ("registers", "contracts-register.csv", "CR-006", "1.00"),
    ("registers", "contracts-register.csv", "CR-013", "E06000035"),
    ("registers", "highways-register.xlsx", "CR-003", "see schedule"),
    ("payments", "ledger-2026-27-Q2.csv", "SP-001", "see invoice"),
    ("payments", "ledger-2024-25-Q4.csv", "SP-001", "pending"),
    ("payments", "ledger-2026-27-Q2.csv", "SP-007", "2027-08-14"),
    ("payments", "ledger-2026-27-Q1.csv", "IN-005", "Total"),
    ("decisions", "decisions-log.csv", "DC-002", "plenty"),
    ("decisions", "decisions-log.csv", "DC-004", "40"),
]


@pytest.mark.parametrize(("source", "file", "rule", "found"), CASES)
def test_the_cell_of_a_planted_fault_holds_the_fault(
    sample: tuple[Path, SampleSummary], source: str, file: str, rule: str, found: str
) -> None:
    folder, _ = sample
    places = [
        f["place"] for f in _faults(folder) if (f["source"], f["file"], f["rule"]) == (source, file, rule)
    ]
    cells = _cells(folder / source / file)
    assert found in [str(cells[place]) for place in places]


def test_faults_of_returns_stand_where_they_are_said_to_be(sample: tuple[Path, SampleSummary]) -> None:
    folder, _ = sample
    found = {
        fault["rule"]: _cells(folder / "returns" / fault["file"])[fault["place"]]
        for fault in _faults(folder)
        if fault["source"] == "returns" and fault["place"] != "file"
    }
    assert found["RT-006"] == "=#REF!"
    assert found["RT-008"] == "No"
    assert found["RT-009"] == 777
    assert found["RT-013"] == 120
    assert found["RT-018"] == "perhaps"
    assert found["RT-019"] is None
    assert found["RT-001"] == "KSW-0911"
    assert found["RT-010"] == "Yes"


def test_a_missing_return_is_missing_and_the_same_contract_returned_the_quarter_before(
    sample: tuple[Path, SampleSummary],
) -> None:
    folder, _ = sample
    missing = [fault["place"].split() for fault in _faults(folder) if fault["rule"] == "RT-012"]
    assert len(missing) == 3
    for reference, period in missing:
        assert not list((folder / "returns" / period).glob(f"{reference}*"))
        assert (folder / "returns" / "2026-27-Q1" / f"{reference}.xlsx").is_file()


# --- nothing real ------------------------------------------------------------------------------------------


def test_no_identifier_could_be_anyones(portfolio: Portfolio) -> None:
    assert AUTHORITY_EMAIL.endswith(".example")
    assert all(PPON.fullmatch(identity) for identity in AUTHORITY_IDS)
    suppliers = portfolio.suppliers
    assert len({s.name for s in suppliers}) == len(suppliers)
    assert len({s.ppon for s in suppliers if s.ppon}) == sum(s.ppon is not None for s in suppliers)
    for supplier in suppliers:
        assert re.fullmatch(r"(99\d{6}|0999\d{4})", supplier.company_number or "99000000")
        assert PPON.fullmatch(supplier.ppon or AUTHORITY_IDS[0])
        assert supplier.postcode.startswith("ZZ")
        assert supplier.ppon or "Fictitious" in supplier.name

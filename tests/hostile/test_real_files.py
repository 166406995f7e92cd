"""Every real file under spend/, registers/ and ocds/: its fate, and rows and pence equal to counts of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading, load_mapping
from kcc_etl.intake.parsed import Parsed
from tests.hostile.cases import Case
from tests.hostile.counting import pence_of, records_of, text_of
from tests.hostile.reading import fates, read
from tests.tools import missing

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parents[1] / "trial" / "mappings"
KENT = ("GB-PPON-PLDL-8938-YGYW", "GB-PPON-PYCX-4938-CCHM")
_SMALL = 120_000
"""Bytes up to which a file is read in every run of the tests; larger ones in the long run."""

_YEARS_OF_TWO_DIGITS = {
    "1625568387146_CALL51571.csv",
    "1675847378146_November-2022-csv.csv",
    "1698934698929_October-2023.csv",
    "1766400499328_November-25.csv",
    "expenditure-over-500-apr-jun-2014.csv",
}
"""Files whose every date is 05/10/23, 14-Oct-22 or, in the last, 00:00:00: all their lines are held."""

_HYNDBURN = {
    "Name": "supplier_name",
    "Payment date": "paid_on",
    "Net Amount(£)": "amount_ex_vat_pence",
    "Net Amount": "amount_ex_vat_pence",
    "Amount Paid": "amount_ex_vat_pence",
    "HBC ref no": "invoice_ref",
    "Description": "purpose",
}
_OXFORD = {
    "Supplier Name": "supplier_name",
    "Paid Date": "paid_on",
    "Amount": "amount_ex_vat_pence",
    "Trans No": "payment_ref",
    "Supplier ID": "supplier_ledger_id",
}
_AMOUNTS = ("Net Amount(£)", "Net Amount (£)", "Net Amount", "Amount Paid", "Amount")


def _mapping(columns: dict[str, str]) -> HeaderMapping:
    return HeaderMapping(
        "payments", {fold_heading(title): name for title, name in columns.items()}, version="test"
    )


def _mapping_of(path: Path) -> HeaderMapping | None:
    name = path.name
    if path.parent.name == "hyndburn-bc":
        return _mapping(_HYNDBURN)
    if path.parent.name == "oxford-city":
        return _mapping(_OXFORD)
    for start, file in (
        ("DCC", "devon-spend"),
        ("calderdale", "calderdale-spend"),
        ("salford", "salford-register"),
    ):
        if name.startswith(start):
            return load_mapping(MAPPINGS / f"{file}.toml")
    return None


def _files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (DATA / folder).rglob("*") if path.is_file())


def _params(files: Iterable[Path]) -> list[object]:
    return [
        pytest.param(path, id=path.name, marks=pytest.mark.long if path.stat().st_size > _SMALL else ())
        for path in files
    ]


TABLES = [p for p in _files("spend", "registers") if p.suffix == ".csv" and "CENSUS" not in p.name]
PACKAGES = [p for p in _files("ocds") if p.suffix in {".json", ".jsonl"}]
OTHERS = [p for p in _files("spend", "ocds") if p not in TABLES and p not in PACKAGES]


def test_all_files_are_there() -> None:
    if not DATA.is_dir():
        missing(f"The real data is not at {DATA}")
    assert (len(TABLES), len(PACKAGES), len(OTHERS)) == (37, 17, 14)


@pytest.mark.parametrize("path", _params(TABLES))
def test_a_real_table_accounts_for_every_row_and_penny(path: Path, tmp_path: Path) -> None:
    kind = "register" if path.parent.name == "registers" else "payments"
    parsed = read(
        Case(0, path.name, kind, path.read_bytes, file=path.name, mapping=_mapping_of(path)), tmp_path
    )
    assert (parsed.receipt["fate"], parsed.receipt["rule_id"] or "") == ("accepted", "")
    rows, pence = _counted(path)
    assert rows == parsed.receipt["rows_arrived"] == sum(fates(parsed))
    if path.name in _YEARS_OF_TWO_DIGITS:
        assert set(parsed.set_aside["rule_id"]) <= {"SP-002", "IN-004"}
    else:
        assert fates(parsed)[0] > sum(fates(parsed)[1:]) / 2
    money = "value_ex_vat_pence" if kind == "register" else "amount_ex_vat_pence"
    aside = parsed.set_aside["amount_pence"].fillna(0).sum()
    assert pence == parsed.receipt["pence_arrived"] == int(parsed.rows[money].sum()) + int(aside)


@pytest.mark.parametrize("path", _params(PACKAGES))
def test_a_real_package_accounts_for_every_release(path: Path, tmp_path: Path) -> None:
    parsed = _notices(path, tmp_path)
    assert (parsed.receipt["fate"], parsed.receipt["rule_id"] or "") == ("accepted", "")
    releases = _releases(path)
    assert (
        len(releases)
        == parsed.receipt["rows_arrived"]
        == len(set(parsed.rows["source_row"])) + len(parsed.set_aside)
    )
    kept = [release for release in releases if not _buyers(release) or _buyers(release) & set(KENT)]
    assert len(set(parsed.rows["source_row"])) == len(kept)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in OTHERS])
def test_a_file_that_is_no_data_is_kept_and_named(path: Path, tmp_path: Path) -> None:
    """Headers of an answer, the words of a server that is busy, a census, a description of a table."""
    if "ocds" in path.parts:
        parsed, rule = _notices(path, tmp_path), "IN-001"
    else:
        parsed, rule = (
            read(Case(0, path.name, "payments", path.read_bytes, file=path.name), tmp_path),
            "IN-002",
        )
    assert (parsed.receipt["fate"], parsed.receipt["rule_id"]) == ("quarantined", rule)
    assert [f.rule_id for f in parsed.findings] == [rule]
    assert parsed.findings[0].source_file == path.name


def _notices(path: Path, folder: Path) -> Parsed:
    return read(Case(0, path.name, "notices", path.read_bytes, file=path.name, authority_ids=KENT), folder)


def _releases(path: Path) -> list[dict[str, Any]]:
    text = text_of(path.read_bytes())
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    return list(json.loads(text)["releases"])


def _buyers(release: dict[str, Any]) -> set[str]:
    """Whom the release names as its buyer, in the buyer or among the parties."""
    buyer = release.get("buyer") or {}
    parties = [p for p in release.get("parties") or [] if "buyer" in (p.get("roles") or [])]
    return {str(each.get("id")) for each in (buyer, *parties) if each.get("id")}


def _counted(path: Path) -> tuple[int, int]:
    """Records but the heading, and pence of the amounts below it, by the csv module alone."""
    data = path.read_bytes()
    title = "Total Contract Value (including extensions)" if path.parent.name == "registers" else ""
    for amount in (title, *_AMOUNTS) if title else _AMOUNTS:
        try:
            records = records_of(data, amount)
        except LookupError:
            continue
        head = next(n for n, record in enumerate(records) if amount in [cell.strip() for cell in record])
        place = [cell.strip() for cell in records[head]].index(amount)
        below = records[head + 1 :]
        return len(records) - 1, sum(pence_of(record[place]) for record in below if place < len(record))
    raise LookupError(path.name)

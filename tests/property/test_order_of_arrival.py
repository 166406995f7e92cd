"""The same files in any order, over any nights, with any repeats: the same raw and core tables."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_etl.domain.core import build_claims, build_contracts, build_payments
from kcc_etl.schema.return_form import SUPPLIER_ROW
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from tests.unit.county import County, ledger, register
from tests.unit.intake_files import ONE_LINE, return_bytes

TODAY = date(2026, 11, 23)
KINDS = ("register", "payments", "returns")
SOURCES = "".join(
    f'[[sources]]\nname = "{name}"\nkind = "{kind}"\npath = "{name}"\n'
    for name, kind in (
        ("east", "register"),
        ("west", "register"),
        ("payments", "payments"),
        ("returns", "returns"),
    )
)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def saved_at(moment: str, quantity: float) -> bytes:
    """A return as it was saved at a moment."""
    old = zipfile.ZipFile(
        io.BytesIO(
            return_bytes([("M01", "county", quantity, *ONE_LINE[3:])], answers={SUPPLIER_ROW: "Fenmoor Ltd"})
        )
    )
    new = io.BytesIO()
    with zipfile.ZipFile(new, "w") as package:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + moment.encode() + rb"\g<2>", data)
            package.writestr(zipfile.ZipInfo(entry.filename), data)
    return new.getvalue()


FILES: dict[str, bytes] = {
    "east/a.csv": register(6, first=995).replace("C-99", "WM-2026-99").encode(),
    "east/b.csv": register(3).replace("C-1", "WM-2026-001").encode(),
    "west/c.csv": register(3).replace("C-1", "WM-2026-001").replace("Gritting", "Gritting again").encode(),
    "west/d.csv": b"<html>log in</html>",
    "payments/q1.csv": ledger("P1", "P2", "P3").encode(),
    "payments/q1 again.csv": ledger("P3", "P2").encode(),
    "payments/q1 copy.csv": ledger("P1", "P2", "P3").encode(),
    "payments/q2.csv": ledger("P3", "P4")
    .replace("Payee P4,2026-08-01,10.00", "Payee P4,2026-08-01,11.00")
    .encode(),
    "payments/q2 otherwise.csv": ledger("P4").encode(),
    "returns/z.xlsx": saved_at("2026-10-01T09:00:00Z", 1),
    "returns/m/y.xlsx": saved_at("2026-10-02T09:00:00Z", 2),
    "returns/a.xlsx": saved_at("2026-10-01T10:00:00Z", 3),
    "returns/copy of y.xlsx": saved_at("2026-10-02T09:00:00Z", 2),
}


def state_after(nights: Sequence[Sequence[str]]) -> dict[str, pd.DataFrame]:
    """Raw and core tables, receipts and rows set aside, after the files of each night came in."""
    folder = Path(tempfile.mkdtemp(prefix="kcc-order-"))
    county = County(folder, SOURCES)
    (folder / "east").mkdir()
    (folder / "west").mkdir()
    try:
        for names in nights:
            for name in names:
                county.put(name, FILES[name])
            county.night(TODAY, *KINDS)
        read = county.warehouse.read
        tables = {kind: read(RAW_TABLE_OF_KIND[kind].name) for kind in KINDS}
        columns, arrivals = read("file_column"), read("ledger")
        contracts = build_contracts(tables["register"], columns)
        payments = build_payments(tables["payments"], contracts.rows, columns, TODAY)
        claims = build_claims(tables["returns"], contracts.rows, arrivals, columns, ["M01"])
        for name, core in (("contracts", contracts), ("payments", payments), ("claims", claims)):
            tables[f"core {name}"], tables[f"{name} set aside"] = core.rows, core.set_aside
        return {
            **tables,
            "receipt": read("receipt"),
            "set_aside": read("set_aside"),
            "finding": read("finding"),
        }
    finally:
        county.warehouse.engine.dispose()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def at_once() -> dict[str, pd.DataFrame]:
    tables = state_after([sorted(FILES)])
    assert tables["core claims"]["claimed"].tolist() == [2]
    assert sorted(tables["core payments"]["payment_ref"]) == ["P1", "P2", "P3"]
    assert len(tables["core contracts"]) == 9
    return tables


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[str]]:
    """All files in some order over one to four nights, some of them coming again on any night."""
    names = draw(st.permutations(sorted(FILES)))
    cuts = sorted(draw(st.sets(st.integers(1, len(names) - 1), max_size=3)))
    nights = [names[start:end] for start, end in zip([0, *cuts], [*cuts, len(names)], strict=True)]
    return [[*night, *draw(st.lists(st.sampled_from(names), max_size=2))] for night in nights]


def assert_same(nights: list[list[str]], at_once: dict[str, pd.DataFrame]) -> None:
    found = state_after(nights)
    for name, frame in at_once.items():
        pd.testing.assert_frame_equal(found[name], frame, obj=name)


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def test_backwards_over_nights_is_the_same_as_all_at_once(at_once: dict[str, pd.DataFrame]) -> None:
    names = sorted(FILES, reverse=True)
    assert_same([names[:4], names[4:9], names[9:]], at_once)


@settings(max_examples=2, deadline=None, suppress_health_check=CHECKS)
@given(nights=arrivals())
def test_some_orders_and_repeats_give_the_same_state(
    at_once: dict[str, pd.DataFrame], nights: list[list[str]]
) -> None:
    assert_same(nights, at_once)


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=CHECKS)
@given(nights=arrivals())
def test_any_order_and_repeats_give_the_same_state(
    at_once: dict[str, pd.DataFrame], nights: list[list[str]]
) -> None:
    assert_same(nights, at_once)

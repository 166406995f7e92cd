"""A county in a folder for tests of take_in: settings, inboxes, a warehouse, nights one after the other.

Does not belong here: tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from assets.landed import Intake, take_in
from kcc_etl.resources import house_resources
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import Warehouse, open_warehouse

TITLES = (
    "Contract reference", "Contract title", "Supplier name", "Value ex VAT (£)", "Start date", "End date",
)  # fmt: skip
DECISION_TITLES = ("Decision number", "Decision kind", "Subject", "Role", "Reason", "Decided on")
AUTHORITY = """[authority]
name = "Example Council"
address = "Hall"
email = "a@example.org"
ids = ["GB-PPON-X"]
"""


class County:
    """`sources` are the tables [[sources]] of the settings, as TOML."""

    def __init__(self, folder: Path, sources: str, url: str = "") -> None:
        self.folder, self.sources = folder, sources
        self.url = url or f"sqlite:///{folder / 'data' / 'warehouse.sqlite3'}"
        for name in ("registers", "payments", "returns", "decisions", "notices"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.warehouse: Warehouse = open_warehouse(self.url)

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def night(self, day: date, *kinds: str, known_at: date | None = None, into: str = "") -> list[Intake]:
        """Take in the kinds, in order. With `known_at`, into a warehouse of its own at the URL `into`."""
        config = self.put("kcc_etl.toml", f"as_of = {day}\n{AUTHORITY}{self.sources}")
        dates = house_resources(str(config), known_at=str(known_at or "")).dates
        warehouse = self.warehouse
        if into:
            warehouse = open_warehouse(into)
            warehouse.replace("ledger", self.warehouse.read("ledger"))
        try:
            return [take_in(kind, load_settings(config), warehouse, dates) for kind in kinds]
        finally:
            if into:
                warehouse.engine.dispose()

    def raw(self, kind: str, column: str) -> list[object]:
        return list(self.warehouse.read(RAW_TABLE_OF_KIND[kind].name)[column])

    def receipts(self) -> dict[str, tuple[str, str]]:
        """Fate and rule of every file that has a receipt."""
        rows = self.warehouse.read("receipt").fillna("")
        return {r["source_file"]: (r["fate"], r["rule_id"]) for r in rows.to_dict("records")}

    def findings(self) -> list[tuple[str, str, str]]:
        """Rule, file and what was found."""
        rows = self.warehouse.read("finding")
        return [(r["rule_id"], r["source_file"], r["found"]) for r in rows.to_dict("records")]

    def states(self) -> dict[str, tuple[object, ...]]:
        """State, day of the version, age and reason of every source."""
        rows = self.warehouse.read("source_state").astype(object)
        return {
            r["source_name"]: (
                r["source_status"],
                None if pd.isna(r["version_landed_on"]) else r["version_landed_on"].date(),
                None if pd.isna(r["age_days"]) else int(r["age_days"]),
                r["reason"],
            )
            for r in rows.to_dict("records")
        }


def contract(ref: str, title: str = "Gritting") -> tuple[str, ...]:
    return (ref, title, "Fenmoor Ltd", "1000.00", "2026-04-01", "2027-03-31")


def register(
    count: int,
    titles: Sequence[str] = TITLES,
    *,
    first: int = 1,
    separator: str = ",",
    more: Sequence[str] = (),
) -> str:
    """A register of so many contracts, as delimited text."""
    rows = [titles, *((*contract(f"C-{n}"), *more) for n in range(first, first + count))]
    return "".join(separator.join(row) + "\r\n" for row in rows)


def ledger(*refs: str) -> str:
    """A payment ledger with one line a reference."""
    rows = [("Payment reference", "Supplier name", "Payment date", "Net amount (£)")]
    rows += [(ref, f"Payee {ref}", "2026-08-01", "10.00") for ref in refs]
    return "".join(",".join(row) + "\r\n" for row in rows)


def decisions(
    *rows: tuple[str, str],
    role: str = "head of procurement",
    reason: str = "checked by hand against the source",
    on: str = "2026-11-20",
) -> str:
    """A decisions log: kind and subject of each decision."""
    lines = [",".join(DECISION_TITLES)]
    lines += [f"D-{n},{kind},{subject},{role},{reason},{on}" for n, (kind, subject) in enumerate(rows, 1)]
    return "\r\n".join(lines) + "\r\n"

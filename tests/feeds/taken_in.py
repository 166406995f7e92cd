"""Nights of one fed source through the intake, with a warehouse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assets.landed import Intake, take_in
from kcc_etl.resources import house_resources
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import Warehouse
from tests.feeds.support import TUESDAY

HEAD = "Payment reference,Supplier name,Payment date,Net amount (£)\r\n"


def ledger(rows: int) -> bytes:
    lines = [f"P{number},Acme Ltd,2026-08-10,{number}.00" for number in range(1, rows + 1)]
    return (HEAD + "\r\n".join(lines) + "\r\n").encode()


class House:
    """A settings file with one source, and nights on days that follow each other."""

    def __init__(self, folder: Path, kind: str, source: str) -> None:
        self.config = folder / "kcc_etl.toml"
        self.kind, self.source, self.day = kind, source, TUESDAY

    def night(self, kind: str = "", *, known_at: str = "") -> Intake:
        """The next day's night of a kind; one that looks back has a warehouse of its own."""
        self.config.write_text(
            f'as_of = {self.day}\n[authority]\nname = "A"\naddress = "B"\nemail = "c@d.example"\n'
            f'ids = ["GB-PPON-PAAA-0000-AAAA"]\n[[sources]]\nname = "feed"\nkind = "{self.kind}"\n{self.source}\n',
            encoding="utf-8",
        )
        resources = house_resources(str(self.config), known_at=known_at)
        warehouse = resources.warehouse.open()
        if not known_at:
            self.warehouse: Warehouse = warehouse
            self.day += timedelta(days=1)
        return take_in(kind or self.kind, load_settings(self.config), warehouse, resources.dates)

    def rows(self, table: str) -> int:
        return len(self.warehouse.read(table))

    def found(self) -> list[str]:
        return sorted(self.warehouse.read("finding")["rule_id"])

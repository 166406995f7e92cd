"""One hostile file and what must become of it: the form every case of the corpus has.

Does not belong here: the cases themselves (`packages`, `cells`, `tables`), running them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kcc_etl.intake.headings.mapping import HeaderMapping
from tests.hostile.bases import LANDED_ON, OURS

NAMES = {
    "returns": "2026-27-Q2/KSW-0001.xlsx",
    "register": "register.xlsx",
    "payments": "ledger.xlsx",
    "notices": "page-001.json",
    "decisions": "decisions.csv",
}
_EMPTY_FATES = {"refused", "quarantined"}


@dataclass(frozen=True)
class Case:
    """A file that arrives, and its right fate. `hazard` is its row in `hazards.md` §1.3.

    `findings` are rule ids, or rule ids with a cell such as `RT-006 E13`; each must be found, and no other
    rule of a severity above information. `rows` counts accepted, quarantined and excluded. `says` are words
    that one of its messages must hold.
    """

    hazard: int
    name: str
    kind: str
    make: Callable[[], bytes]
    fate: str = "accepted"
    rule: str = ""
    rows: tuple[int, int, int] = (0, 0, 0)
    findings: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    file: str = ""
    mapping: HeaderMapping | None = None
    landed_on: date = LANDED_ON
    authority_ids: tuple[str, ...] = (OURS,)

    @property
    def file_name(self) -> str:
        """Its name as it arrives."""
        return self.file or NAMES[self.kind]

    @property
    def id(self) -> str:
        """What the test report calls it."""
        return f"{self.hazard:02d} {self.name}"


def held(
    hazard: int, rule: str, kind: str, *files: tuple[str, Callable[[], bytes]], says: str = "", file: str = ""
) -> list[Case]:
    """Files kept whole of which nothing counts: quarantined under one rule."""
    words = (says,) if says else ()
    return [
        Case(hazard, name, kind, make, "quarantined", rule, findings=(rule,), says=words, file=file)
        for name, make in files
    ]


def unsafe(
    hazard: int, rule: str, kind: str, *files: tuple[str, Callable[[], bytes]], says: str = ""
) -> list[Case]:
    """Files that must not be opened: refused."""
    words = (says,) if says else ()
    return [
        Case(hazard, name, kind, make, "refused", rule, findings=(rule,), says=words) for name, make in files
    ]

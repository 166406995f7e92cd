"""The sums of a table on the way down, and whether the total at its foot agrees with them.

Does not belong here: which row is a total (`footers`), what becomes of it (`tabular`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.domain.money import pounds_display
from kcc_etl.intake.cells.grid import Record, column_letter
from kcc_etl.intake.parsed import Desk


@dataclass
class Sums:
    """The records so far, totals and blank rows left out: how many, their pence, and those since a total.

    `foot` is the last row when that is a total, `foot_pence` what it says and `foot_group` what stands
    between it and the total before.
    """

    rows: int = 0
    pence: int = 0
    group: int = 0
    foot: Record | None = None
    foot_pence: int | None = None
    foot_group: int = 0

    def add(self, pence: int | None) -> None:
        """A record, whose amount may be unreadable."""
        self.rows += 1
        self.pence += pence or 0
        self.group += pence or 0
        self.foot = None

    def close(self, total: Record, pence: int | None) -> None:
        """A row that is a total."""
        self.foot, self.foot_pence, self.foot_group = total, pence, self.group
        self.group = 0


def note_foot(sums: Sums, desk: Desk, place: int, title: str) -> None:
    """IN-038: the total at the foot is neither the sum of all rows nor that of those since the total before.

    `place` is the column of the amounts from 0.
    """
    said = sums.foot_pence
    if sums.foot is None or said is None or not sums.rows or said in {sums.pence, sums.foot_group}:
        return
    rows = f"the {sums.rows:,} rows come" if sums.rows > 1 else "the one row comes"
    desk.find(
        "IN-038",
        found=f"a total of {pounds_display(said)}; {rows} to {pounds_display(sums.pence)}",
        expected=f"a total of {pounds_display(sums.pence)}, or a row for what is missing",
        row_number=sums.foot.number,
        cell=f"{column_letter(place)}{sums.foot.number}",
        column_title=title,
    )

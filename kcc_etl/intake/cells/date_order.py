"""Day before month, or month before day: what a column of dates says about its own order.

Does not belong here: reading one date (`values`), what becomes of the rows (`tabular`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from kcc_etl.intake.cells.values import Cell, bare

_SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](?:[0-9]{4}|[0-9]{2})(?: [0-9:]+)?")
_MONTHS = 12
_ENOUGH = 5
_DIFFERENT_DAYS = 4
"""Cells of each sort, and days of the month among the real ones, from which the pattern is no accident."""


@dataclass
class DateOrder:
    """The dates of one column: how many show their order, and the rows of those that do not.

    `day_first` and `month_first` count dates such as 23/11/2026 and 11/23/2026. `ambiguous` are the rows of
    dates such as 03/04/2026. `turned` are the rows of real date cells in a column where every date with a
    day over twelve stayed text: a spreadsheet set to American dates has swapped their day and month.
    """

    day_first: int = 0
    month_first: int = 0
    ambiguous: list[int] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)

    @property
    def is_mixed(self) -> bool:
        """Whether a date of the column stands month first, so that no ambiguous one can be trusted."""
        return self.month_first > 0

    @property
    def untrusted(self) -> frozenset[int]:
        """The rows whose date may be another day than it seems."""
        return frozenset([*self.turned, *(self.ambiguous if self.is_mixed else [])])


def order_of(cells: Iterable[tuple[int, Cell]]) -> DateOrder:
    """What the cells of one column, each with its row, say about the order of day and month."""
    order = DateOrder()
    real: list[tuple[int, int]] = []
    for row, cell in cells:
        if isinstance(cell, date | datetime):
            real.append((row, cell.day))
        elif isinstance(cell, str) and (match := _SLASHED.fullmatch(bare(cell))):
            _note(order, row, int(match[1]), int(match[2]))
    if _are_turned(order, real):
        order.turned = [row for row, _ in real]
    return order


def _note(order: DateOrder, row: int, first: int, second: int) -> None:
    if first > _MONTHS >= second:
        order.day_first += 1
    elif second > _MONTHS >= first:
        order.month_first += 1
    elif first != second and max(first, second) <= _MONTHS:
        order.ambiguous.append(row)


def _are_turned(order: DateOrder, real: list[tuple[int, int]]) -> bool:
    if order.day_first < _ENOUGH or order.ambiguous or order.month_first:
        return False
    days = [day for _, day in real]
    return len(days) >= _ENOUGH and len(set(days)) >= _DIFFERENT_DAYS and max(days) <= _MONTHS

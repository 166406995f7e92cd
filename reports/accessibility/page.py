"""One sheet opened to be judged: its filled cells, its tables, the sentences around them.

Does not belong here: the workbook as a whole (`book`), raw parts (`parts`), rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from reports.accessibility.parts import SheetParts

_DEFAULT_WIDTH = 8.43
_NOTES = re.compile(r"\bnotes?\b", re.IGNORECASE)


class Hit(NamedTuple):
    """One place where a rule is broken: what was found, and where; a file as a whole has no sheet."""

    found: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Area:
    """A table, marked up or not: its corners (rows and columns from 1), its headings, the mark-up itself."""

    top: int
    left: int
    bottom: int
    right: int
    markup: Any = None

    @property
    def has_headings(self) -> bool:
        """Whether its first row is a row of headings; a table that is not marked up is taken to have one."""
        return self.markup is None or self.markup.headerRowCount != 0

    @property
    def first(self) -> int:
        """The first row of data."""
        return self.top + (1 if self.has_headings else 0)

    def holds(self, row: int, column: int) -> bool:
        """Whether a place lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def is_data(self, row: int, column: int) -> bool:
        """Whether a place lies in its data."""
        return self.holds(row, column) and row >= self.first


class Look(NamedTuple):
    """How the cells of one style look."""

    font: Any
    fill: Any
    border: Any
    alignment: Any
    number_format: str


@dataclass(frozen=True)
class Page:
    """One sheet. `cells` are those in the file, `filled` the ones that hold something, by row and column."""

    sheet: Any
    parts: SheetParts
    cells: list[Any] = field(repr=False)
    looks: dict[Any, Look] = field(repr=False)

    def look(self, cell: Any) -> Look:
        """How a cell looks: asked of openpyxl once a style, because it makes every answer afresh."""
        found = self.looks.get(cell._style)
        if found is None:
            found = Look(cell.font, cell.fill, cell.border, cell.alignment, cell.number_format)
            self.looks[cell._style] = found
        return found

    def fonts(self, cell: Any) -> list[Any]:
        """The font of a cell, and those of the pieces of rich text."""
        pieces = cell.value if isinstance(cell.value, list) else ()
        return [self.look(cell).font, *(p.font for p in pieces if getattr(p, "font", None) is not None)]

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self.parts.name

    def hit(self, found: str, cell: Any = "") -> Hit:
        """A place on this sheet."""
        return Hit(found, self.name, cell if isinstance(cell, str) else cell.coordinate)

    @cached_property
    def filled(self) -> dict[tuple[int, int], Any]:
        """The cells that hold more than blank text."""
        cells = (cell for cell in self.cells if shown_text(cell).strip())
        # Openpyxl gives a cell that has a link and no words the place to which it leads.
        return {
            (c.row, c.column): c for c in cells if c.hyperlink is None or c.coordinate in self.parts.valued
        }

    @cached_property
    def tables(self) -> list[Area]:
        """The tables that are marked up."""
        from openpyxl.utils.cell import range_boundaries

        areas = []
        for table in self.sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            # A table may claim a million rows; one blank row after the last filled one says as much.
            areas.append(Area(top, left, max(min(bottom, self.last_row + 1), top), right, table))
        return areas

    @cached_property
    def last_row(self) -> int:
        """The last row with a filled cell; 0 for a blank sheet."""
        return max((row for row, _ in self.filled), default=0)

    @cached_property
    def unmarked(self) -> list[Area]:
        """Blocks of two rows or more with two cells or more, outside the tables that are marked up."""
        rows: dict[int, list[int]] = {}
        for row, column in self.filled:
            if not any(area.holds(row, column) for area in self.tables):
                rows.setdefault(row, []).append(column)
        blocks: list[list[int]] = []
        for row in sorted(row for row, columns in rows.items() if len(columns) > 1):
            if blocks and row - blocks[-1][-1] <= 2:  # one blank row does not end a table
                blocks[-1].append(row)
            else:
                blocks.append([row])
        return [
            Area(b[0], min(min(rows[r]) for r in b), b[-1], max(max(rows[r]) for r in b))
            for b in blocks
            if len(b) > 1
        ]

    @cached_property
    def areas(self) -> list[Area]:
        """Every table, marked up or not."""
        return [*self.tables, *self.unmarked]

    @cached_property
    def _areas_by_row(self) -> dict[int, list[Area]]:
        # By the rows that hold something, because a table may claim a million that hold nothing.
        rows = sorted({row for row, _ in self.filled} | {cell.row for cell in self.cells})
        found: dict[int, list[Area]] = {}
        for area in self.areas:
            for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
                found.setdefault(row, []).append(area)
        return found

    def beside(self, row: int) -> list[Area]:
        """The tables that a row with cells crosses."""
        return self._areas_by_row.get(row, [])

    def area_at(self, row: int, column: int) -> Area | None:
        """The table in which a cell lies, if it lies in one."""
        return next((area for area in self.beside(row) if area.left <= column <= area.right), None)

    @cached_property
    def contents(self) -> dict[int, list[tuple[int, int]]]:
        """The places of the filled cells of each table, by `id` of the table."""
        found: dict[int, list[tuple[int, int]]] = {id(area): [] for area in self.areas}
        for row, column in self.filled:
            for area in self.beside(row):
                if area.left <= column <= area.right:
                    found[id(area)].append((row, column))
        return found

    @cached_property
    def column_a(self) -> list[tuple[int, str]]:
        """The rows and texts of column A."""
        return [(row, self.text(row, 1)) for row, column in sorted(self.filled) if column == 1]

    def text(self, row: int, column: int) -> str:
        """What the cell at a place says; nothing for an empty one."""
        cell = self.filled.get((row, column))
        return "" if cell is None else shown_text(cell).strip()

    @property
    def is_notes(self) -> bool:
        """Whether its name says that it holds the notes."""
        return bool(_NOTES.search(self.name))

    @cached_property
    def prose(self) -> list[Any]:
        """Text cells outside the data of tables; on a sheet of notes those too."""
        texts = (item for item in self.filled.items() if isinstance(shown(item[1]), str))
        return [cell for place, cell in texts if self.is_notes or not self._is_data(*place)]

    @cached_property
    def data(self) -> list[Any]:
        """Filled cells in the data of tables."""
        return [cell for place, cell in self.filled.items() if self._is_data(*place)]

    def _is_data(self, row: int, column: int) -> bool:
        return any(area.is_data(row, column) for area in self.beside(row))

    def above(self, area: Area) -> list[str]:
        """The sentences in column A above a table."""
        return [text for row, text in self.column_a if row < area.top]

    @cached_property
    def widths(self) -> list[tuple[int, int, float, dict[str, str]]]:
        """First and last column, width in characters and everything else the file says of columns."""
        found = []
        for col in self.parts.each("col"):
            attributes = dict(col.attrib)
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            found.append((first, last, float(attributes.get("width", _DEFAULT_WIDTH)), attributes))
        return found

    def width(self, column: int) -> float:
        """The width of a column in characters."""
        if column not in self._known_widths:
            self._known_widths[column] = self._width(column)
        return self._known_widths[column]

    @cached_property
    def _known_widths(self) -> dict[int, float]:
        return {}

    def _width(self, column: int) -> float:
        for first, last, width, _ in self.widths:
            if first <= column <= last:
                return width
        form = next(self.parts.each("sheetFormatPr"), None)
        return float((form.get("defaultColWidth") if form is not None else None) or _DEFAULT_WIDTH)

    @cached_property
    def rows(self) -> dict[int, dict[str, str]]:
        """What the file says of its rows, by number."""
        found: dict[int, dict[str, str]] = {}
        number = 0
        for row in self.parts.each("row"):
            number = int(row.get("r", number + 1))
            found[number] = dict(row.attrib)
        return found


@dataclass(frozen=True)
class Formula:
    """What a cell holds that is calculated; what it shows is not in the workbook for sure."""

    text: str

    def __str__(self) -> str:
        return self.text


def shown(cell: Any) -> Any:
    """The value of a cell; rich text as plain text, a formula as a Formula."""
    value = cell.value
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    return str(value) if isinstance(value, list) else value


def shown_text(cell: Any) -> str:
    """The value of a cell as text; nothing for an empty one."""
    value = shown(cell)
    return "" if value is None else str(value)

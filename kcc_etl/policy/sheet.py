"""What a `policy` command shows, as a value: headings, paragraphs, tables. On a screen, or as plain lines.

Does not belong here: what the sheets say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True)
class Grid:
    """One table: headings, rows of texts, and which columns hold numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    caption: str = ""
    shares: tuple[int, ...] = ()
    """Shares of the width, for tables of sentences; none for tables of short texts."""


@dataclass(frozen=True)
class Section:
    """A heading, what is said below it, and tables."""

    heading: str
    blocks: tuple[str | Grid, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything a command shows; `closing` stands in the box at the end."""

    title: str
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = field(default=())


def show_sheet(sheet: Sheet, screen: Console) -> None:
    """The sheet on a screen, or in a pipe at the width the console has."""
    for section in sheet.sections:
        if section.heading:
            screen.print(Text(f"\n{section.heading}", style="bold"))
        for block in section.blocks:
            screen.print(Text(block) if isinstance(block, str) else _table(block))
    if sheet.closing:
        screen.print(Panel(Text("\n".join(sheet.closing)), title=sheet.title, title_align="left"))


def _table(grid: Grid) -> Table:
    table = Table(
        title=grid.caption or None,
        title_justify="left",
        expand=bool(grid.shares),
        show_lines=bool(grid.shares),
    )
    shares: Sequence[int | None] = grid.shares or [None] * len(grid.headings)
    for place, (heading, share) in enumerate(zip(grid.headings, shares, strict=True)):
        justify = "right" if place in grid.numeric else "left"
        table.add_column(heading, justify=justify, ratio=share, overflow="fold")  # type: ignore[arg-type]  # a literal
    for row in grid.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table

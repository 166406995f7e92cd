"""Documents as values: tables, workbooks, papers and datasets, checked when they are made.

Does not belong here: how a document becomes a file (`delimited`, `workbook`, `paper`), what figures it holds
(`transparency`, `committee`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, Protocol

ColumnKind = Literal["text", "integer", "pence", "date", "boolean", "quantity"]
Value = str | int | date | bool | Fraction | None
Format = Literal["csv", "xlsx", "ods"]

LICENCE_URI = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
SHEET_NAME_LIMIT = 31
CELL_LIMIT = 32_767
"""Characters a spreadsheet cell can hold; Excel and LibreOffice both."""

_TYPES: dict[ColumnKind, type] = {
    "text": str, "integer": int, "pence": int, "date": date, "boolean": bool, "quantity": Fraction,
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
WORKBOOK_CELLS = 400_000
"""Cells of the largest table that is published as a workbook too: a larger one opens slowly, and a verifier
gives up on 25 MB of cells. Measured 2026-11-24: 20,000 lines of spend are 9 MB, checked in 15 seconds.
"""
_STEM = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
_MARKER = re.compile(r"\[note (\d+)\]")
# Control characters but the line feed, what has no width (joiners, marks, tags), direction overrides,
# lone surrogates, what XML 1.0 cannot hold.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


class Authority(Protocol):
    """Who publishes: name, postal address, email, identifiers on the platform, identifier as linked data.

    `publication_url` is the address under which the folders of publications stand, empty where unknown.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - said by the class
    @property
    def address(self) -> str: ...  # noqa: D102 - said by the class
    @property
    def email(self) -> str: ...  # noqa: D102 - said by the class
    @property
    def ids(self) -> tuple[str, ...]: ...  # noqa: D102 - said by the class
    @property
    def organisation_uri(self) -> str: ...  # noqa: D102 - said by the class
    @property
    def publication_url(self) -> str: ...  # noqa: D102 - said by the class


def clean_text(text: str) -> str:
    """Text as every document shows it: nothing that cannot be seen, no direction overrides, no tabs.

    Longer text than a spreadsheet cell can hold ends with a word that says so.
    """
    plain = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    mark = " [shortened]"
    return plain if len(plain) <= CELL_LIMIT else plain[: CELL_LIMIT - len(mark)] + mark


def _refuse(condition: bool, message: str) -> None:
    if condition:
        raise ValueError(message)


def _refuse_repeats(values: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        _refuse(not value.strip() or value != value.strip(), f"{what} '{value}' is blank or has outer spaces")
        _refuse(value.casefold() in seen, f"{what} '{value}' is used twice")
        seen.add(value.casefold())


@dataclass(frozen=True)
class Column:
    """One column: `name` heads the CSV file, `title` the workbook; a money column holds integer pence."""

    name: str
    title: str
    kind: ColumnKind
    description: str

    @property
    def is_number(self) -> bool:
        """Whether its cells are right-aligned numbers."""
        return self.kind in ("integer", "pence", "quantity")


@dataclass(frozen=True)
class Table:
    """A table of typed values, None for an empty cell. Raises ValueError naming the first fault."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        _refuse(not _NAME.fullmatch(self.name), f"table name '{self.name}' is no plain word")
        _refuse(not self.columns, f"table {self.name} has no columns")
        _refuse_repeats((column.name for column in self.columns), f"table {self.name}: column name")
        _refuse_repeats((column.title for column in self.columns), f"table {self.name}: heading")
        for number, row in enumerate(self.rows, start=1):
            self._check_row(number, row)

    def _check_row(self, number: int, row: tuple[Value, ...]) -> None:
        _refuse(len(row) != len(self.columns), f"table {self.name}, row {number}: {len(row)} cells")
        for column, value in zip(self.columns, row, strict=True):
            # type() and not isinstance: a bool is no number and a time is no date
            if value is not None and type(value) is not _TYPES[column.kind]:
                raise ValueError(
                    f"table {self.name}, row {number}, {column.name}: {value!r} is no {column.kind}"
                )

    @property
    def has_blanks(self) -> bool:
        """Whether any cell is empty."""
        return any(value is None or value == "" for row in self.rows for value in row)

    def values(self, name: str) -> list[Value]:
        """The values of one column, in row order. Raises KeyError for a column that is not there."""
        places = {column.name: place for place, column in enumerate(self.columns)}
        return [row[places[name]] for row in self.rows]


@dataclass(frozen=True)
class Sheet:
    """One sheet with one table: its name on the tab, its title in A1, sentences between title and table.

    `filters` are for lists that people work through; a publication has none (item 7 of the checklist).
    """

    name: str
    title: str
    intro: tuple[str, ...]
    table: Table
    filters: bool = False

    def __post_init__(self) -> None:
        _refuse(
            not 0 < len(self.name) <= SHEET_NAME_LIMIT, f"sheet name '{self.name}' is not 1 to 31 characters"
        )
        _refuse(
            bool(_SHEET_FORBIDDEN.search(self.name)), f"sheet name '{self.name}' holds a forbidden character"
        )
        _refuse(not self.title.strip(), f"sheet {self.name} has no title")
        _refuse(any(not text.strip() for text in self.intro), f"sheet {self.name} has an empty sentence")


@dataclass(frozen=True)
class Workbook:
    """A workbook: cover (headed paragraphs), data sheets, notes. Every note is referred to, and resolves.

    `sources` is the table of what the figures were made from, where that is told.
    """

    title: str
    publisher: str
    cover: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    sources: Table | None = None

    def __post_init__(self) -> None:
        _refuse(
            not self.title.strip() or not self.publisher.strip(), "a workbook needs a title and a publisher"
        )
        _refuse(not self.sheets, f"workbook '{self.title}' has no sheets")
        _refuse_repeats((heading for heading, _ in self.cover), "cover heading")
        _refuse_repeats(
            ("Cover", "Columns", "Sources", "Notes", *(sheet.name for sheet in self.sheets)), "sheet name"
        )
        _refuse_repeats((sheet.table.name for sheet in self.sheets), "table name")
        texts = [text for sheet in self.sheets for text in sheet.intro] + [text for _, text in self.cover]
        referred = {int(number) for text in texts for number in _MARKER.findall(text)}
        _refuse(
            referred != set(range(1, len(self.notes) + 1)),
            f"workbook '{self.title}' refers to notes {sorted(referred)} and has {len(self.notes)}",
        )


@dataclass(frozen=True)
class Dataset:
    """One published dataset: file stem, table, its date style, and its workbook if it has one.

    `about` says in one sentence what a row is, `excluded` in sentences what is left out and why; `key` names
    the columns that tell its rows apart, where there are such; `days` are the first and last day that it
    tells of, where they are not those of its pack.
    """

    name: str
    table: Table
    uk_dates: bool = False
    workbook: Workbook | None = None
    about: str = ""
    excluded: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    days: tuple[date, date] | None = None

    def __post_init__(self) -> None:
        _refuse(not _STEM.fullmatch(self.name), f"dataset name '{self.name}' is no file stem")
        names = {column.name for column in self.table.columns}
        _refuse(not names.issuperset(self.key), f"the key of {self.name} is of columns that it has not")
        held = [sheet.table for sheet in self.workbook.sheets] if self.workbook else [self.table]
        _refuse(self.table not in held, f"the workbook of {self.name} does not hold its table")

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats it is published in."""
        is_small = len(self.table.rows) * len(self.table.columns) <= WORKBOOK_CELLS
        return ("csv", "xlsx", "ods") if self.workbook and is_small else ("csv",)


@dataclass(frozen=True)
class Heading:
    """A numbered or plain heading of a paper, level 1 to 3."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        _refuse(self.level not in (1, 2, 3), f"heading '{self.text}' has level {self.level}")
        _refuse(not self.text.strip(), "a heading is empty")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a `notice` is set apart by a rule at its side and opens with a bold word."""

    text: str
    notice: str = ""


@dataclass(frozen=True)
class BulletList:
    """A list of points."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        _refuse(not self.items, "a list has no items")


@dataclass(frozen=True)
class Facts:
    """The block at the head of a paper: labels (From, To, Subject) with their text."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PaperTable:
    """A table of a paper, as texts, with a caption; `numeric` are the places of right-aligned columns.

    One that stays `whole` goes to the next page rather than be broken; it must fit on one.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths_cm: tuple[float, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        _refuse_repeats(self.headings, f"table '{self.caption}': heading")
        _refuse(not self.rows, f"table '{self.caption}' has no rows; write a sentence instead")
        _refuse(any(len(row) != len(self.headings) for row in self.rows), f"table '{self.caption}' is ragged")
        _refuse(
            bool(self.widths_cm) and len(self.widths_cm) != len(self.headings),
            f"table '{self.caption}' gives {len(self.widths_cm)} widths",
        )


@dataclass(frozen=True)
class Figure:
    """A picture with a caption and the alternative text that says what it shows."""

    caption: str
    png: bytes = field(repr=False)
    alt: str
    width_cm: float = 16.0

    def __post_init__(self) -> None:
        _refuse(not self.alt.strip(), f"figure '{self.caption}' has no alternative text")
        _refuse(not self.png.startswith(b"\x89PNG"), f"figure '{self.caption}' is no PNG")


Block = Heading | Paragraph | BulletList | Facts | PaperTable | Figure


@dataclass(frozen=True)
class Paper:
    """A paper for people: title, the organisation that writes it, blocks in order."""

    title: str
    author: str
    blocks: Sequence[Block]

    def __post_init__(self) -> None:
        _refuse(not self.title.strip() or not self.author.strip(), "a paper needs a title and an author")


def day_text(day: date) -> str:
    """A date for a reader: `23 November 2026`."""
    return f"{day.day} {day:%B} {day.year}"

"""What differs between a pack and the version published before it, cell by cell, and why: `changes.csv`.

Does not belong here: which version was published before (`finals`), how a cell becomes text (`delimited`).

A cell of text is quoted only where its column holds words of a list or references (`Layout.quoted`), and what
stood in a cell that is no longer shown only if it is money: a name, a free text or a count of few people that
was taken back must not come out again as what stood there before.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from reports.delimited import safe_text
from reports.documents import Column, Table

FILE = "changes.csv"
TABLE = Table(
    "changes",
    "What differs from the version published before",
    (
        Column("dataset", "Dataset", "text", "Dataset that differs."),
        Column("row", "Row", "text", "Which row, by the cells that tell it apart; (column) for a column."),
        Column("column", "Column", "text", "Column of the cell."),
        Column("before", "Before", "text", "What stood there; withheld where it may name or count people."),
        Column("after", "After", "text", "What stands there now; withheld for names and free text."),
        Column("kind", "Kind", "text", "added or removed for a row or column, changed for a cell."),
        Column("explanation", "Explanation", "text", "What may be the reason."),
    ),
    (),
)
COLUMNS = tuple(column.name for column in TABLE.columns)
WITHHELD = "withheld"
_COLUMN = "(column)"
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")

Kind = Literal["added", "removed", "changed"]
Row = Mapping[str, str]
"""The cells of one row by the heading of their column, as published."""


@dataclass(frozen=True)
class Layout:
    """Of one dataset: the columns that say which row it is, and those that may be quoted.

    `row_key` need not tell every two rows apart. `quoted` are the columns of text to quote, `figures` those
    that hold no text at all, `money` those of them in pounds. Rows whose first cell of the key is in
    `unquoted_rows` are about a person: of them nothing that is `quoted` is. Columns in `not_compared`
    are numbers of the rows, which say nothing of them.
    """

    row_key: tuple[str, ...] = ()
    quoted: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    unquoted_rows: frozenset[str] = frozenset()
    not_compared: frozenset[str] = frozenset()

    def shown(self, row: Row, column: str, *, is_gone: bool = False) -> str:
        """A cell as this file may show it; `is_gone` where nothing stands in its place any more."""
        figures = self.money if is_gone else self.figures | self.money
        is_quoted = column in self.quoted and row.get("".join(self.row_key[:1])) not in self.unquoted_rows
        text = row.get(column, "")
        return text if not text or is_quoted or column in figures or column in self.row_key else WITHHELD


@dataclass(frozen=True)
class Change:
    """One cell that is another than before, or one of a row or column that came or went."""

    dataset: str
    row: str
    column: str
    before: str
    after: str
    kind: Kind
    explanation: str = ""


@dataclass(frozen=True)
class Changes:
    """Every change since a version, none where there was none before; told in one sentence a dataset.

    `set_aside` is where an earlier publication that is no version is kept; empty where there was none.
    """

    since: int | None
    changes: tuple[Change, ...] = ()
    set_aside: str = ""

    def count(self, dataset: str, kind: Kind) -> int:
        """Rows added or removed, or cells changed, in a dataset."""
        mine = [one for one in self.changes if one.dataset == dataset and one.kind == kind]
        return len(mine) if kind == "changed" else len({one.row for one in mine} - {_COLUMN})

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that changed, in order."""
        return tuple(sorted({one.dataset for one in self.changes}))

    def __str__(self) -> str:
        if self.since is None and self.set_aside:
            return f"This is the first version that was signed off. {set_aside_told(self.set_aside)}"
        if self.since is None:
            return "This is the first version; nothing was published before it."
        if not self.changes:
            return f"No figure differs from version {self.since}."
        return f"Since version {self.since}: {self.counted}."

    @property
    def counted(self) -> str:
        """What changed, in numbers by dataset."""
        return "; ".join(f"{name}: {self.counted_of(name)}" for name in self.datasets)

    def reasons_of(self, dataset: str) -> tuple[str, ...]:
        """What may be the reason for the changes of a dataset, each told once."""
        mine = (one.explanation for one in self.changes if one.dataset == dataset and one.explanation)
        return tuple(dict.fromkeys(mine))

    def counted_of(self, dataset: str) -> str:
        """What changed in a dataset, in numbers: rows that came or went, cells that are other."""
        words: tuple[tuple[Kind, str], ...] = (("added", "row"), ("removed", "row"), ("changed", "cell"))
        parts = [
            f"{number:,} {noun}{'' if number == 1 else 's'} {kind}"
            for kind, noun in words
            if (number := self.count(dataset, kind))
        ]
        columns = sum(one.dataset == dataset and one.row == _COLUMN for one in self.changes)
        parts += [f"{columns} column{'' if columns == 1 else 's'} added or removed"] if columns else []
        return ", ".join(parts)


def set_aside_told(place: str) -> str:
    """What became of a publication that no version is."""
    return (
        f"What stood as the publication of the period before is kept unchanged in {place}; "
        "what differs from it is not listed."
    )


def changes_since(
    since: int | None,
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    layouts: Mapping[str, Layout],
    explain: Callable[[str], str] = lambda dataset: "",
) -> Changes:
    """What differs between the CSV files of two versions by dataset; `since` is the number of the former.

    A dataset that has no layout any more is told of without a word of its text. `explain` says why a dataset
    may differ.
    """
    if since is None:
        return Changes(None)
    found: list[Change] = []
    for name in sorted({*before, *after}):
        old, new, layout = before.get(name), after.get(name), layouts.get(name, Layout())
        if old != new:
            reason = explain(name)
            sides = _read(old, layout.not_compared), _read(new, layout.not_compared)
            found += (Change(name, *one, explanation=reason) for one in _differences(*sides, layout))
    return Changes(since, tuple(found))


def changes_csv(changes: Changes) -> bytes:
    """The changes as the bytes of a CSV file; headings alone where there is none."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in changes.changes:
        writer.writerow([_safe(getattr(one, column)) for column in COLUMNS])
    return text.getvalue().encode("utf-8")


def read_changes(content: bytes) -> Changes:
    """The changes of a file of ours again, to count them."""
    _, rows = _read(content)
    return Changes(0, tuple(Change(**cast("dict[str, Any]", row)) for row in rows))


_Difference = tuple[str, str, str, str, Kind]
"""Row, column, before, after, kind."""


def _differences(
    old: tuple[list[str], list[Row]], new: tuple[list[str], list[Row]], layout: Layout
) -> Iterator[_Difference]:
    (old_columns, old_rows), (new_columns, new_rows) = old, new
    columns = [*new_columns, *(name for name in old_columns if name not in new_columns)]
    if old_columns and new_columns:
        yield from ((_COLUMN, name, "", "", "added") for name in new_columns if name not in old_columns)
        yield from ((_COLUMN, name, "", "", "removed") for name in old_columns if name not in new_columns)
    before, after = _by_key(old_rows, layout.row_key), _by_key(new_rows, layout.row_key)
    for key in sorted({*before, *after}):
        yield from _of_key(key, before.get(key, []), after.get(key, []), columns, layout)


def _of_key(
    key: tuple[str, ...],
    before: Sequence[tuple[int, Row]],
    after: Sequence[tuple[int, Row]],
    columns: Sequence[str],
    layout: Layout,
) -> Iterator[_Difference]:
    """What differs between the rows of one key: equal ones belong together, the rest in order."""
    one_each = bool(key) and len(before) <= 1 and len(after) <= 1
    gone, come = _unmatched(before, after, columns), _unmatched(after, before, columns)
    paired = min(len(gone), len(come)) if key else 0
    named = "; ".join(f"{name}={text}" for name, text in zip(layout.row_key, key, strict=False))

    def place(number: int, word: str) -> str:
        return named if one_each else f"{named}; {word} {number}" if named else f"{word} {number}"

    for (_, old), (number, row) in zip(gone[:paired], come[:paired], strict=True):
        for column in columns:
            was, now = old.get(column, ""), row.get(column, "")
            if was != now:
                shown = layout.shown(old, column, is_gone=not now), layout.shown(row, column)
                yield (place(number, "row"), column, *shown, "changed")
    for number, row in gone[paired:]:
        for column in _filled(row):
            was = layout.shown(row, column, is_gone=True)
            yield (place(number, "former row"), column, was, "", "removed")
    for number, row in come[paired:]:
        for column in _filled(row):
            yield (place(number, "row"), column, "", layout.shown(row, column), "added")


def _filled(row: Row) -> list[str]:
    """The columns with something in them; one at least, so that no row comes or goes untold."""
    return [name for name, text in row.items() if text] or list(row)[:1]


def _unmatched(
    rows: Sequence[tuple[int, Row]], others: Sequence[tuple[int, Row]], columns: Sequence[str]
) -> list[tuple[int, Row]]:
    """Those rows that no other is equal to, each other counted once."""
    left = Counter(tuple(row.get(name, "") for name in columns) for _, row in others)
    found = []
    for number, row in rows:
        cells = tuple(row.get(name, "") for name in columns)
        if left[cells]:
            left[cells] -= 1
        else:
            found.append((number, row))
    return found


def _by_key(rows: Sequence[Row], row_key: Sequence[str]) -> dict[tuple[str, ...], list[tuple[int, Row]]]:
    """Rows with their number, the first being 1, by the cells that say which row it is."""
    found: dict[tuple[str, ...], list[tuple[int, Row]]] = {}
    for number, row in enumerate(rows, start=1):
        found.setdefault(tuple(row.get(name, "") for name in row_key), []).append((number, row))
    return found


def _read(content: bytes | None, left_out: Collection[str] = ()) -> tuple[list[str], list[Row]]:
    """Headings and rows of a CSV file of ours but for some columns; nothing for no file."""
    if content is None:
        return [], []
    columns, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    kept = [name for name in columns if name not in left_out]
    return kept, [
        {name: cell for name, cell in zip(columns, row, strict=True) if name not in left_out} for row in rows
    ]


def _safe(text: str) -> str:
    """A cell of a published CSV file again; it is safe already, and a plain number stays one."""
    return text if _PLAIN_NUMBER.fullmatch(text) else safe_text(text)

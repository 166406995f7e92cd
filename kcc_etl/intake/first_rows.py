"""The rows of a file that somebody shows to the command before it is a source: text or a workbook.

Does not belong here: landing, rows that count (`reader`).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kcc_etl.domain.findings import shown_name
from kcc_etl.exceptions import SourceError, SourceUnreadableError
from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.starts import MAX_BYTES, is_binary, is_web_page
from kcc_etl.intake.text.delimited import read_records
from kcc_etl.intake.workbooks.guard import Guard

TAKEN = 200
"""Rows below the heading that are looked at."""


class FirstRows(NamedTuple):
    """The rows of a file, and the names of the sheets beside them that hold something too."""

    rows: tuple[Record, ...]
    other_sheets: tuple[str, ...] = ()


def read_first_rows(path: Path) -> FirstRows:
    """The rows of the file, or those of the first visible sheet of a workbook that say something.

    A workbook is opened behind the guard. Raises SourceUnreadableError, naming the file, when it is not
    there, empty, too large or neither text nor a workbook.
    """
    try:
        return _rows(path)
    except SourceError as error:
        raise SourceUnreadableError(
            f"{shown_name(str(path))}: {error.found}", expected=error.expected, remedy=error.remedy
        ) from None


def _rows(path: Path) -> FirstRows:
    data = _bytes(path)
    if is_binary(data):
        return _of_workbook(path)
    if is_web_page(data):
        raise SourceUnreadableError("The file is a web page (HTML) or XML", expected="delimited text")
    return FirstRows(read_records(data)[0])


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceUnreadableError("It is a folder", expected="a file", remedy="Name one of its files")
        if path.stat().st_size > MAX_BYTES:
            raise SourceUnreadableError("It is over 100 MB large", expected="at most 100 MB")
        return path.read_bytes()
    # A name with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no name of a file"
        raise SourceUnreadableError(
            f"It cannot be opened ({why})",
            expected="a file on this machine",
            remedy="Check the name, and that you may read the file",
        ) from None


def _of_workbook(path: Path) -> FirstRows:
    with Guard() as guard:
        book = guard.open(path)
    if not book.rows:
        raise SourceUnreadableError(
            "The first sheet is empty",
            expected="a heading and rows",
            remedy="Put the table on the first sheet",
        )
    rows = tuple(Record(row, book.row(row, book.width)) for row in sorted(book.rows))
    return FirstRows(rows, tuple(sheet.name for sheet in book.facts.other_sheets))

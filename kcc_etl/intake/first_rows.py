"""The rows of a file that somebody shows to the command before it is a source: text or a workbook.

Does not belong here: landing, rows that count (`reader`).
"""

from __future__ import annotations

from pathlib import Path

from kcc_etl.domain.findings import shorten
from kcc_etl.exceptions import SourceError, SourceUnreadableError
from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.text.delimited import read_records
from kcc_etl.intake.workbooks.guard import Guard

TAKEN = 200
"""Rows below the heading that are looked at."""
_MAX_BYTES = 100 * 1024 * 1024
_BINARY_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF")
_WEB_STARTS = (b"<!doctype html", b"<html", b"<table", b"<?xml")
_PROBE = 1024


def read_first_rows(path: Path) -> tuple[Record, ...]:
    """The rows of the file, or those of the first visible sheet of a workbook that say something.

    A workbook is opened behind the guard. Raises SourceUnreadableError, naming the file, when it is not
    there, empty, too large or neither text nor a workbook.
    """
    try:
        return _rows(path)
    except SourceError as error:
        raise SourceUnreadableError(
            f"{shorten(path)}: {error.found}", expected=error.expected, remedy=error.remedy
        ) from None


def _rows(path: Path) -> tuple[Record, ...]:
    data = _bytes(path)
    if data.startswith(_BINARY_STARTS):
        return _of_workbook(path)
    if data[:_PROBE].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_STARTS):
        raise SourceUnreadableError("The file is a web page (HTML) or XML", expected="delimited text")
    return read_records(data)[0]


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceUnreadableError("It is a folder", expected="a file", remedy="Name one of its files")
        if path.stat().st_size > _MAX_BYTES:
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


def _of_workbook(path: Path) -> tuple[Record, ...]:
    with Guard() as guard:
        book = guard.open(path)
    if not book.rows:
        raise SourceUnreadableError(
            "The first sheet is empty",
            expected="a heading and rows",
            remedy="Put the table on the first sheet",
        )
    return tuple(Record(row, book.row(row, book.width)) for row in sorted(book.rows))

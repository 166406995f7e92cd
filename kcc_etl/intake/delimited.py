"""Delimited text: bytes to records, whatever the encoding, the delimiter and the line ends.

Does not belong here: what the columns mean, types of cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.grid import Grid, Record

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 20
_CELL_LIMIT = 131_072
"""Characters of one cell; the default of the standard library's csv module."""
_END = "\x1eend of file\x1e"
"""A record put after the last one: if it does not come back whole, a quotation mark was never closed."""
# A CSV saved by an old DOS program holds the pound sign as byte 0x9C, which cp1252 shows as a ligature.
_DOS_POUND = re.compile("œ(?=\\s?[0-9])")
# A quotation mark opens a cell only at its start; a doubled one closes it and opens it again (RFC 4180).
_AFTER_QUOTE = {"fresh": "inside", "inside": "closed", "closed": "inside", "bare": "bare"}
_QUOTED = re.compile(r'"[^"]*"')
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(data: bytes, header_row: int = 1) -> Grid:
    """The records of a delimited text file, the heading in record `header_row`.

    Records are numbered from 1, blank lines included. Raises SourceUnreadableError when the bytes are no text
    or a quotation mark is never closed, SourceLayoutError when there is no heading.
    """
    text = decode(data)
    delimiter = sniff(text)
    records = tuple(Record(n, tuple(cells)) for n, cells in enumerate(_records(text, delimiter), 1))
    if len(records) < header_row or not any(cell.strip() for cell in map(str, records[header_row - 1].cells)):
        raise SourceLayoutError(
            f"Record {header_row}, where the headings should stand, is empty",
            expected="a heading in every column",
            remedy="Put the headings there, or save a header mapping that says where they are",
        )
    counted = count_records(text, delimiter)
    if counted != len(records):
        raise SourceUnreadableError(
            f"The file holds {counted} or {len(records)} records, by how its quotation marks are read",
            expected="delimited text with every quotation mark in a pair",
            remedy="Save it again as CSV UTF-8",
        )
    heading, body = records[header_row - 1], records[header_row:]
    return Grid("", heading, body, counted - header_row, width_binds=True)


def decode(data: bytes) -> str:
    """The text: UTF-8, UTF-16 with its mark, else Windows (cp1252) with the DOS pound sign mended.

    Raises SourceUnreadableError for an empty file, and for NUL characters, which no text file holds.
    """
    if not data.strip():
        raise SourceUnreadableError(
            "The file is empty", expected="a heading and rows", remedy="Send the file again"
        )
    text = _decode(data)
    if "\x00" in text:
        raise SourceUnreadableError(
            "The file holds NUL characters, so it is damaged or no text file",
            expected="delimited text",
            remedy="Save it again as CSV UTF-8",
        )
    return text.removeprefix("\ufeff")


def sniff(text: str) -> str:
    """The delimiter: the one that splits the first lines most evenly into most columns; a comma in doubt."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:_SAMPLE_LINES]
    scores = [(_evenness(lines, delimiter), -place) for place, delimiter in enumerate(DELIMITERS)]
    return DELIMITERS[-max(scores)[1]]


def count_records(text: str, delimiter: str) -> int:
    """How many records the text holds: a count of its own, that keeps no cell."""
    state, count, pending = "fresh", 0, False
    for mark in _marks(text, delimiter):
        if mark == '"':
            state, pending = _AFTER_QUOTE[state], True
        elif state == "inside":
            pending = True
        elif mark in {"\r\n", "\r", "\n"}:
            state, count, pending = "fresh", count + 1, False
        else:
            state, pending = "fresh" if mark == delimiter else "bare", True
    return count + pending


def _marks(text: str, delimiter: str) -> Iterator[str]:
    """What matters to the count of records: quotes, delimiters, line ends, and runs of anything else."""
    special = re.escape(delimiter)
    yield from (m[0] for m in re.finditer(rf'\r\n|\r|\n|"|{special}|[^\r\n"{special}]+', text))


def _records(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_CELL_LIMIT)
    ended = text if text.endswith(("\n", "\r")) else text + "\n"
    reader = csv.reader(io.StringIO(ended + _END, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error:
        raise _unclosed(len(records) + 1) from None
    if not records or records.pop() != [_END]:
        raise _unclosed(len(records) + 1)
    return records


def _unclosed(record: int) -> SourceUnreadableError:
    return SourceUnreadableError(
        f"Record {record} has a quotation mark without its pair, or a cell over {_CELL_LIMIT:,} characters",
        expected="delimited text with every quotation mark in a pair",
        remedy="Open it, mend that record, and save it again as CSV UTF-8",
    )


def _decode(data: bytes) -> str:
    if data.startswith(_UTF_16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise SourceUnreadableError(
                "The file claims to be UTF-16 text and is not",
                expected="delimited text",
                remedy="Save it again as CSV UTF-8",
            ) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Five bytes have no character in cp1252; they show as U+FFFD.
        return _DOS_POUND.sub("£", data.decode("cp1252", errors="replace"))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    counts = [line.count(delimiter) + 1 for line in (_QUOTED.sub("", line) for line in lines)]
    wide = [count for count in counts if count > 1]
    if not wide:
        return (0, 0)
    usual = max(sorted(set(wide)), key=wide.count)
    return (wide.count(usual), usual)

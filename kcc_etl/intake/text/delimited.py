"""Delimited text: bytes to records, whatever the delimiter and the line ends.

Does not belong here: encodings (`encodings`), what the columns mean, types of cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.cells.grid import Grid, Record
from kcc_etl.intake.headings.mapping import HeaderMapping
from kcc_etl.intake.headings.titles import heading_place
from kcc_etl.intake.text.encodings import decode

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 20
_CELL_LIMIT = 131_072
"""Characters of one cell; the default of the standard library's csv module."""
_END = "\x1eend of file\x1e"
"""A record put after the last one: if it does not come back whole, a quotation mark was never closed."""
_NAMED_DELIMITER = re.compile(r'"?sep=([,;|\t])"?[,;|\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
# A quotation mark opens a cell only at its start; a doubled one closes it and opens it again (RFC 4180).
_AFTER_QUOTE = {"fresh": "inside", "inside": "closed", "closed": "inside", "bare": "bare"}
_QUOTED = re.compile(r'(?:(?<=[,;\t|\r\n])|\A)"(?:[^"]|"")*"(?=[,;\t|\r\n]|\Z)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAMPLE = 65_536
"""Characters that the delimiter is sought in."""


def read_delimited(data: bytes, mapping: HeaderMapping) -> Grid:
    """The records of a delimited text file, the heading where `mapping` says or where its titles stand.

    Records are numbered from 1 as a spreadsheet shows them: blank lines count, Excel's `sep=;` does not.
    Raises SourceUnreadableError when the bytes are no text or a quotation mark is never closed,
    SourceLayoutError when there is no heading.
    """
    records, encoding = read_records(data)
    place = heading_place(records, mapping)
    heading, body = records[place], records[place + 1 :]
    above = records[:place]
    # As many as were counted without the parser, or `read_records` would have refused the file.
    return Grid("", heading, body, len(records) - 1, width_binds=True, above=above, encoding=encoding)


def read_records(data: bytes) -> tuple[tuple[Record, ...], str]:
    """Every record of a delimited text file, counted twice, and the encoding it was read with.

    Raises SourceUnreadableError when the bytes are no text or a quotation mark is never closed.
    """
    decoded = decode(data)
    text, delimiter = _named_delimiter(decoded.text)
    delimiter = delimiter or sniff(text)
    records = tuple(Record(n, tuple(cells)) for n, cells in enumerate(_records(text, delimiter), 1))
    counted = count_records(text, delimiter)
    if counted != len(records):
        raise SourceUnreadableError(
            f"The file holds {counted} or {len(records)} records, by how its quotation marks are read",
            expected="delimited text with every quotation mark in a pair",
            remedy="Save it again as CSV UTF-8",
        )
    return records, decoded.encoding


def _named_delimiter(text: str) -> tuple[str, str]:
    """The text below Excel's line `sep=;`, and the delimiter it names; no delimiter without that line."""
    match = _NAMED_DELIMITER.match(text)
    return (text[match.end() :], match[1]) if match else (text, "")


def sniff(text: str) -> str:
    """The delimiter: the one that splits the first lines most evenly into most columns; a comma in doubt."""
    plain = _QUOTED.sub('""', text[:_SAMPLE])
    lines = [line for line in _LINE_END.split(plain) if line.strip()][:_SAMPLE_LINES]
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


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    counts = [line.count(delimiter) + 1 for line in lines]
    wide = [count for count in counts if count > 1]
    if not wide:
        return (0, 0)
    usual = max(sorted(set(wide)), key=wide.count)
    return (wide.count(usual), usual)

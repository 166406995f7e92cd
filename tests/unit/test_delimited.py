"""Delimited text: encodings, delimiters, line ends, quotes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.delimited import count_records, decode, read_delimited, sniff


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café,£1".encode(), "Café,£1"),
        ("Café,£1".encode("utf-8-sig"), "Café,£1"),
        ("Café,£1".encode("utf-16"), "Café,£1"),
        ("Café,£1".encode("cp1252"), "Café,£1"),
        (b"\x9c250,\x9c 9,c\x9cur", "£250,£ 9,cœur"),  # Hyndburn: the pound sign of DOS
        (b"a\x81b", "a\ufffdb"),
    ],
)
def test_the_encoding_is_found(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"", b" \r\n ", b"a,\x00b", "a,b".encode("utf-16-le"), b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceUnreadableError):
        decode(data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_every_delimiter_and_line_end_gives_the_same_records(delimiter: str, line_end: str) -> None:
    rows = [["a", "b", "c"], ["1", 'say "so"', f"x{delimiter}y"], ["2", f"two{line_end}lines", ""]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    text = stream.getvalue()
    assert sniff(text) == delimiter
    grid = read_delimited(text.encode())
    assert [list(grid.heading.cells), *(list(record.cells) for record in grid.records)] == rows
    assert [record.number for record in grid.records] == [2, 3]
    assert grid.arrived == 2


def test_blank_lines_are_records_and_keep_the_numbers_right() -> None:
    grid = read_delimited(b"a,b\n\n1,2\n\n")
    assert [(record.number, record.cells) for record in grid.records] == [(2, ()), (3, ("1", "2")), (4, ())]
    assert grid.arrived == 3


def test_the_heading_may_stand_lower() -> None:
    grid = read_delimited(b"Spend over 250,\na,b\n1,2\n", header_row=2)
    assert grid.heading.cells == ("a", "b")
    assert grid.arrived == 1


def test_a_quote_that_is_never_closed_refuses_the_file_with_its_record() -> None:
    with pytest.raises(SourceUnreadableError, match="Record 3"):
        read_delimited(b'a,b\n1,2\n3,"4\n5,6\n')


@pytest.mark.parametrize("row", [1, 4])
def test_a_heading_that_is_not_there_is_a_fault_of_layout(row: int) -> None:
    with pytest.raises(SourceLayoutError):
        read_delimited(b",,\n1,2\n", header_row=row)


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1e"), max_size=6)


@given(st.lists(st.lists(_CELL, min_size=1, max_size=4), min_size=1, max_size=6))
def test_the_two_counts_of_records_agree(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    text = stream.getvalue()
    assert count_records(text, ",") == len(rows) == len(list(csv.reader(io.StringIO(text, newline=""))))


@given(st.text(st.sampled_from('ab,"\n\r; '), max_size=40))
def test_the_two_counts_agree_on_untidy_text_too(text: str) -> None:
    try:
        grid = read_delimited(("h,i\n" + text).encode())
    except SourceUnreadableError:
        return
    assert grid.arrived == len(grid.records)

"""Delimited text: encodings, delimiters, line ends, quotes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.headings.mapping import HeaderMapping, title_mapping
from kcc_etl.intake.text.delimited import count_records, read_delimited, sniff

FIRST_ROW = HeaderMapping("payments", {})
PAYMENT_TITLES = "Supplier name,Payment date,Net amount (£)"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_every_delimiter_and_line_end_gives_the_same_records(delimiter: str, line_end: str) -> None:
    rows = [["a", "b", "c"], ["1", 'say "so"', f"x{delimiter}y"], ["2", f"two{line_end}lines", ""]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    text = stream.getvalue()
    assert sniff(text) == delimiter
    grid = read_delimited(text.encode(), FIRST_ROW)
    assert [list(grid.heading.cells), *(list(record.cells) for record in grid.records)] == rows
    assert [record.number for record in grid.records] == [2, 3]
    assert grid.arrived == 2


def test_blank_lines_are_records_and_keep_the_numbers_right() -> None:
    grid = read_delimited(b"a,b\n\n1,2\n\n", FIRST_ROW)
    assert [(record.number, record.cells) for record in grid.records] == [(2, ()), (3, ("1", "2")), (4, ())]
    assert grid.arrived == 3


def test_the_heading_stands_where_a_mapping_says_and_titles_above_it_arrive_too() -> None:
    grid = read_delimited(b"Spend over 250,\na,b\n1,2\n", HeaderMapping("payments", {}, header_row=2))
    assert grid.heading.cells == ("a", "b")
    assert ([record.number for record in grid.above], grid.arrived) == ([1], 2)


@pytest.mark.parametrize(
    ("above", "number"),
    [
        ("", 1),
        ("Spend over £500\n\n", 3),
        (",,\n", 2),  # Hyndburn, October 2023
        ("Report of Supplier name,,\n" * 19, 20),
        (
            f"{PAYMENT_TITLES}\nA,2026-01-01,1\n",
            1,
        ),  # two rows have the titles; the first is where it should be
    ],
)
def test_a_heading_below_titles_of_the_report_is_found(above: str, number: int) -> None:
    text = f"{above}{PAYMENT_TITLES}\nExample Ltd,2026-04-01,5.00\n"
    grid = read_delimited(text.encode(), title_mapping("payments"))
    assert grid.heading.number == number
    assert grid.arrived == len(grid.above) + len(grid.records)


@pytest.mark.parametrize(
    "text",
    [
        f"x,y,z\n{PAYMENT_TITLES}\n1,2,3\nNet amount (£),Supplier name,Payment date\n",  # which of the two?
        "x\n" * 20 + PAYMENT_TITLES,
    ],
)
def test_a_heading_that_is_not_certain_is_not_taken(text: str) -> None:
    assert read_delimited(text.encode(), title_mapping("payments")).heading.number == 1


@pytest.mark.parametrize(
    ("mark", "delimiter"), [("sep=;", ";"), ('"sep=|"', "|"), ("SEP=,", ","), ("sep=\t", "\t")]
)
def test_the_line_that_names_the_separator_is_no_row(mark: str, delimiter: str) -> None:
    grid = read_delimited(f"{mark}\r\na{delimiter}b\r\n1,5{delimiter}2\r\n".encode(), FIRST_ROW)
    assert grid.heading.cells == ("a", "b")
    assert grid.records[0].number == 2
    assert grid.records[0].cells[-1] == "2"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('"\t\n\x0b\x0c\r start \t\n\x0b\x0c\r end",b,c\r\nd,e,f', ","),  # csvkit: test_header_newline.csv
        ('a;b\n"1,2,3";"4,5,6"\n', ";"),
        ('a,b\n5" pipe; long; bent,1\n6" pipe; long; bent,2\n', ","),
        ("a,b\x85c;d;e\n1,2\n", ","),
        ("one column\nonly", ","),
    ],
)
def test_the_separator_is_told_from_what_stands_inside_cells(text: str, delimiter: str) -> None:
    assert sniff(text) == delimiter


def test_mixed_line_ends_end_records() -> None:
    grid = read_delimited(b"a,b\r\n1,2\r3,4\n5,6", FIRST_ROW)
    assert [record.cells for record in grid.records] == [("1", "2"), ("3", "4"), ("5", "6")]
    assert grid.arrived == 3


def test_a_quote_that_is_never_closed_refuses_the_file_with_its_record() -> None:
    with pytest.raises(SourceUnreadableError, match="Record 3"):
        read_delimited(b'a,b\n1,2\n3,"4\n5,6\n', FIRST_ROW)


@pytest.mark.parametrize("row", [1, 4])
def test_a_heading_that_is_not_there_is_a_fault_of_layout(row: int) -> None:
    with pytest.raises(SourceLayoutError):
        read_delimited(b",,\n1,2\n", HeaderMapping("payments", {}, header_row=row))


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
        grid = read_delimited(("h,i\n" + text).encode(), FIRST_ROW)
    except SourceUnreadableError:
        return
    assert grid.arrived == len(grid.records)

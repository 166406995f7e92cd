"""Footers, totals, titles, repeated headings, columns that are no field: what tells them from records."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl.intake.cells.date_order import order_of
from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.cells.values import Cell
from kcc_etl.intake.headings.mapping import title_mapping
from kcc_etl.intake.parsed import Desk, FileIdentity, Parsed
from kcc_etl.intake.tables.above import is_record_above
from kcc_etl.intake.tables.footers import is_footer, is_heading_again, is_totals_row, is_totals_word
from kcc_etl.intake.tables.tabular import read_table
from kcc_etl.intake.text.delimited import read_delimited


@pytest.mark.parametrize(
    "word", ["Total", "TOTALS:", "Grand Total", " total ", "Sub-total", "Subtotal", "Page total"]
)
def test_the_label_of_a_total(word: str) -> None:
    assert is_totals_word(word)


@pytest.mark.parametrize("word", ["Total Gas & Power", "Totally Local CIC", "Totalled", "", None, 5, "Grand"])
def test_what_only_begins_like_a_total(word: Cell) -> None:
    assert not is_totals_word(word)


@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        (["Total for March 2026", 500.0], True),
        (["Grand total of payments:", "£1,250.00", 3], True),
        (["Total for March 2026", "Example Ltd", 500.0], False),
        (["Total facilities management", 500.0], False),
        (["Total for March 2026"], False),
    ],
)
def test_a_row_of_a_total_and_numbers(cells: list[Cell], is_total: bool) -> None:
    assert is_totals_row(cells) is is_total


@pytest.mark.parametrize(
    "text",
    [
        "End of report", "*** END OF REPORT ***", "Report run on 23/11/2026 10:15", "Printed by JSMITH on 3 May 2026",
        "Page 3 of 12", "page 1/2", "1,204 rows selected", "(36 rows affected)", "Records: 36", "Number of rows: 12",
        "-----", "Report generated: 23-Nov-2026",
    ],
)  # fmt: skip
def test_the_footer_of_a_report(text: str) -> None:
    assert is_footer([text])


@pytest.mark.parametrize(
    "cells",
    [
        ["End of report", 5], ["Page Recruitment Ltd"], ["Printed Matters 4 U Ltd and sons, see Records"], ["C-1"],
        ["Report writing services"], ["36"], ["Produced in Kent"], [5], [], ["Run"], ["file 12 of the register"],
    ],
)  # fmt: skip
def test_what_may_be_a_record_is_no_footer(cells: list[Cell]) -> None:
    assert not is_footer(cells)


@pytest.mark.parametrize(
    ("cells", "again"),
    [
        (["Supplier", "Amount"], True),
        ([" supplier ", "AMOUNT", None], True),
        (["Supplier", "5.00"], False),
        (["Supplier"], False),
        (["", "Amount"], False),
    ],
)
def test_a_heading_that_is_repeated(cells: list[Cell], again: bool) -> None:
    assert is_heading_again(cells, ["supplier", "amount"]) is again


def _column(*cells: Cell) -> list[tuple[int, Cell]]:
    return list(enumerate(cells, 2))


@pytest.mark.parametrize(
    ("cells", "ambiguous", "mixed"),
    [
        (["03/04/2026", "23/11/2026"], [2], False),
        (["03/04/2026", "11/23/2026"], [2], True),
        (["3.4.26", "11-23-26"], [2], True),
        (["04/04/2026", "2026-04-03", "3 April 2026", "", None, "TBC", "13/13/2026"], [], False),
    ],
)
def test_a_column_says_which_order_its_dates_have(
    cells: list[Cell], ambiguous: list[int], mixed: bool
) -> None:
    order = order_of(_column(*cells))
    assert (order.ambiguous, order.is_mixed) == (ambiguous, mixed)
    assert order.untrusted == frozenset(ambiguous if mixed else [])


TURNED: list[Cell] = [
    *(datetime(2026, month, day) for month, day in ((4, 1), (5, 2), (6, 3), (7, 12), (8, 5))),
    *("13/05/2026", "28/05/2026", "30/06/2026", "14/07/2026", "31/07/2026"),
]


def test_real_dates_beside_late_days_left_as_text_were_turned_by_an_american_spreadsheet() -> None:
    assert order_of(_column(*TURNED)).untrusted == frozenset(range(2, 7))


@pytest.mark.parametrize(
    "more",
    [
        [datetime(2026, 5, 13)],  # a late day is a real date, so nothing was turned
        ["01/05/2026"],  # an early day stayed text
        ["05/13/2026"],
    ],
)
def test_other_columns_were_not_turned(more: list[Cell]) -> None:
    assert order_of(_column(*TURNED, *more)).turned == []


def test_first_days_of_months_are_no_sign_of_turning() -> None:
    firsts: list[Cell] = [datetime(2026, month, 1) for month in range(1, 10)]
    assert order_of(_column(*firsts, *TURNED[5:])).turned == []


TITLES = ["Supplier name", "Payment date", "Net amount (£)", "Purpose"]
_WORD = st.sampled_from(
    ["", "A Ltd", "Total", "Total for May", "End of report", "CafÃ©", "£25k", "x", "5", "1,250.00"]
)
_DATE = st.sampled_from(
    ["", "2026-05-01", "03/04/2026", "05/13/2026", "23/11/2026", "17/02/21", "45291", "TBC"]
)
_MONEY = st.sampled_from(["", "1.00", "-2.50", "(3.00)", "1 000", "4.00 CR", "1.005", "TBC", "12%"])
_ROW = st.one_of(
    st.tuples(_WORD, _DATE, _MONEY, _WORD),
    st.tuples(_WORD, _DATE, _MONEY, _WORD, _WORD, _WORD),
    st.lists(_WORD, max_size=3),
    st.just(TITLES),
)


@settings(max_examples=40)
@given(
    st.lists(st.lists(_WORD, max_size=2), max_size=3),
    st.lists(_ROW, max_size=12),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_whatever_a_text_holds_every_row_has_one_fate_and_every_penny_too(
    above: list[list[str]], rows: list[list[str]], encoding: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([*above, TITLES, *rows])
    mapping = title_mapping("payments")
    desk = Desk("payments", FileIdentity("s", "src", "f.csv", date(2026, 11, 23)), "1")
    parsed = read_table(read_delimited(stream.getvalue().encode(encoding), mapping), desk, mapping)
    assert (
        len(parsed.rows) + len(parsed.set_aside) == len(above) + len(rows) == parsed.receipt["rows_arrived"]
    )
    numbers = sorted([*parsed.rows["source_row"], *parsed.set_aside["source_row"]])
    assert numbers == [n for n in range(1, len(above) + len(rows) + 2) if n != len(above) + 1]
    pence = parsed.rows["amount_ex_vat_pence"].sum() + parsed.set_aside["amount_pence"].sum()
    assert pence == parsed.receipt["pence_arrived"]


PLACES = {"payment_ref": 0, "supplier_name": 1, "paid_on": 2, "amount_ex_vat_pence": 3}
NEEDED = ("supplier_name", "paid_on", "amount_ex_vat_pence")


@pytest.mark.parametrize(
    ("cells", "record"),
    [
        (["P1", "A Ltd", "01/04/2026", "5.00"], True),
        (["P1", "A Ltd", "TBC", "TBC"], True),
        (["", "A Ltd", "", "5.00"], True),
        (["", "", "", "5.00"], True),
        (["P1", "", datetime(2026, 4, 1), None], True),
        (["Spend over £500"], False),
        (["Reference", "Payee", "Day", "Net"], False),
        (["Total", "", "", "5.00"], False),
        (["Total for March 2026", "", "", 5.0], False),
        (["", "", "01/04/2026"], False),
        (["Period:", "", "01/04/2026", ""], False),
        (["As at", "", "01/04/2026", "", "to", "30/06/2026"], False),
        (["Report run on", "", datetime(2026, 4, 1)], False),
        (["", "", "", ""], False),
    ],
)
def test_a_row_above_the_heading_is_a_title_or_a_record(cells: list[Cell], record: bool) -> None:
    assert is_record_above(Record(1, tuple(cells)), PLACES, NEEDED) is record


def _ledger_of(*rows: str) -> Parsed:
    data = "\n".join(["Payment reference,Supplier name,Payment date,Net amount (£)", *rows]).encode()
    desk = Desk("payments", FileIdentity("0" * 64, "test", "p.csv", date(2026, 10, 20)), "test")
    mapping = title_mapping("payments")
    return read_table(read_delimited(data, mapping), desk, mapping)


ONE, TWO = "P1,A Ltd,2026-07-13,10.00", "P2,B Ltd,2026-07-14,20.00"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([ONE, TWO, "Total,,,30.00"], ""),
        ([ONE, TWO, "Total,,,31.00"], "a total of £31.00; the 2 rows come to £30.00"),
        ([ONE, "Total,,,1.00"], "a total of £1.00; the one row comes to £10.00"),
        ([ONE, "Sub-total,,,10.00", TWO, "Total,,,20.00"], ""),
        ([ONE, "Sub-total,,,10.00", TWO, "Sub-total,,,20.00", "Grand total,,,30.00"], ""),
        ([ONE, "Sub-total,,,99.00", TWO, "Grand total,,,30.00"], ""),
        ([ONE, "P2,B Ltd,2026-07-14,TBC", "Total,,,30.00"], "a total of £30.00; the 2 rows come to £10.00"),
        ([ONE, "Total,,,99.00", TWO], ""),
        ([ONE, "Total,,,", ""], ""),
        (["Total,,,99.00"], ""),
    ],
)
def test_the_total_at_the_foot_is_held_against_the_rows(rows: list[str], told: str) -> None:
    parsed = _ledger_of(*rows)
    assert [f.found for f in parsed.findings if f.rule_id == "IN-038"] == ([told] if told else [])


def test_columns_that_are_no_field_are_listed_as_far_as_there_is_room() -> None:
    heading = ",".join(f"A rather long heading {n}" for n in range(9))
    data = f"Supplier name,Payment date,Net amount (£),{heading}\nA Ltd,2026-07-13,1.00{',x' * 9}\n".encode()
    desk = Desk("payments", FileIdentity("0" * 64, "test", "p.csv", date(2026, 10, 20)), "test")
    mapping = title_mapping("payments")
    (finding,) = read_table(read_delimited(data, mapping), desk, mapping).findings
    assert (finding.rule_id, finding.cell) == ("IN-050", "D1")
    assert finding.found == "D 'A rather long heading 0', E 'A rather long heading 1' and 7 more"

"""Documents refuse what could not be published well, when they are made."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from reports.documents import (
    CELL_LIMIT,
    BulletList,
    Column,
    Dataset,
    Figure,
    Heading,
    PaperTable,
    Sheet,
    Table,
    Workbook,
    clean_text,
)

NAME = Column("name", "Name", "text", "A name.")
PAID = Column("paid", "Paid (£)", "pence", "Pounds.")
ON = Column("on", "Day", "date", "A day.")
SHARE = Column("share", "Share", "quantity", "A share.")
TABLE = Table("people", "People", (NAME, PAID), (("Ash Ltd", 100), (None, -5)))
SHEET = Sheet("People", "People paid", ("One sentence.",), TABLE)


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ((), ()),
        ((NAME, Column("name", "Other", "text", "")), ()),
        ((NAME, Column("other", "NAME", "text", "")), ()),
        ((Column("blank", " ", "text", ""),), ()),
        ((Column(" x", "X", "text", ""),), ()),
        ((NAME, PAID), (("Ash Ltd",),)),
        ((PAID,), ((1.5,),)),
        ((PAID,), ((True,),)),
        ((PAID,), (("1.50",),)),
        ((ON,), ((datetime(2026, 7, 1),),)),
        ((SHARE,), ((0.5,),)),
        ((SHARE,), ((1,),)),
    ],
)
def test_a_table_refuses_faulty_headings_ragged_rows_and_values_of_the_wrong_kind(columns, rows):
    with pytest.raises(ValueError, match="table"):
        Table("t", "T", columns, rows)


def test_a_table_takes_every_kind_of_value_and_empty_cells():
    columns = (NAME, PAID, ON, SHARE, Column("n", "N", "integer", ""), Column("b", "B", "boolean", ""))
    table = Table("t", "T", columns, (("a", 1, date(2026, 7, 1), Fraction(1, 3), 4, False), (None,) * 6))
    assert table.has_blanks
    assert table.values("paid") == [1, None]


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a[b]", "what?", "it:s", "'quoted"])
def test_a_sheet_refuses_names_that_excel_refuses(name):
    with pytest.raises(ValueError, match="sheet"):
        Sheet(name, "Title", (), TABLE)


@pytest.mark.parametrize(
    ("sheets", "cover", "notes"),
    [
        ((), (), ()),
        ((SHEET, Sheet("PEOPLE", "Again", (), Table("other", "O", (NAME,), ()))), (), ()),
        ((SHEET, Sheet("Other", "Again", (), TABLE)), (), ()),
        ((Sheet("notes", "Taken", (), TABLE),), (), ()),
        ((SHEET,), (), ("A note that nothing refers to.",)),
        ((Sheet("People", "P", ("See [note 2].",), TABLE),), (), ("Only one.",)),
        ((SHEET,), (("Period", "a"), ("period", "b")), ()),
    ],
)
def test_a_workbook_refuses_repeated_names_and_notes_that_do_not_resolve(sheets, cover, notes):
    with pytest.raises(ValueError, match=r"\w"):
        Workbook("Title", "Council", cover, sheets, notes)


def test_a_dataset_refuses_a_workbook_that_holds_another_table():
    other = Table("other", "O", (NAME,), ())
    with pytest.raises(ValueError, match="does not hold"):
        Dataset("people", other, workbook=Workbook("T", "Council", (), (SHEET,)))


def test_paper_blocks_refuse_what_a_reader_could_not_use():
    with pytest.raises(ValueError, match="alternative text"):
        Figure("F", b"\x89PNG", " ")
    with pytest.raises(ValueError, match="no PNG"):
        Figure("F", b"GIF89a", "A chart.")
    with pytest.raises(ValueError, match="no rows"):
        PaperTable("T", ("A",), ())
    with pytest.raises(ValueError, match="ragged"):
        PaperTable("T", ("A", "B"), (("1",),))
    with pytest.raises(ValueError, match="used twice"):
        PaperTable("T", ("A", "a"), (("1", "2"),))
    with pytest.raises(ValueError, match="level"):
        Heading("H", 4)
    with pytest.raises(ValueError, match="no items"):
        BulletList(())


def test_clean_text_drops_what_no_document_may_hold_and_says_when_it_shortens():
    assert clean_text("a\x00b\x1b[31m\u202ec\ud800\ufffe") == "ab[31mc"
    assert clean_text("one\r\ntwo\rthree\tfour") == "one\ntwo\nthree four"
    long = clean_text("x" * 40_000)
    assert len(long) == CELL_LIMIT
    assert long.endswith(" [shortened]")
    assert clean_text(long) == long

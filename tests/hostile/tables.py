"""Hazards 11, 12, 17 to 20 and 24: text dates and numbers, headings, letters, encodings, the wrong quarter.

Does not belong here: the package (`packages`), cells of a workbook (`cells`), sequences of arrivals.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from datetime import date

import openpyxl

from kcc_etl.sample.sheets import Style
from kcc_etl.schema import return_form as form
from tests.hostile import bases
from tests.hostile.bases import as_csv
from tests.hostile.cases import Case, held
from tests.hostile.cells import dated_return
from tests.hostile.kit import SHEET, edited, error, inline, number, unpack, with_cells

_APRIL = 46120  # 8 April 2026
_JULY = 46210


def _ledger(column: int, values: Sequence[str], **how: str) -> bytes:
    """The ledger as text with the first rows of one column (from 0) changed."""
    rows = bases.ledger_rows(max(6, len(values)))
    for row, value in zip(rows[1:], values, strict=False):
        row[column] = value
    return as_csv(rows, **how)


def _register(column: int, values: Sequence[str]) -> bytes:
    rows = bases.register_rows(max(6, len(values)))
    for row, value in zip(rows[1:], values, strict=False):
        row[column] = value
    return as_csv(rows)


def _text(case: Case) -> Case:
    """The case as a text file."""
    names = {"payments": "ledger.csv", "register": "register.csv"}
    return Case(**{**case.__dict__, "file": names[case.kind]})


def hazard_11() -> list[Case]:
    """Dates as text."""
    ambiguous = [f"0{n}/07/2026" for n in range(1, 7)]
    july = ["14/07/2026", "03/07/2026", "2026-07-20", "21-Jul-2026", "05/07/2026", "30/07/2026"]
    mixed = ["07/14/2026", "03/07/2026", "04/07/2026", "07/20/2026", "20/07/2026", "05/07/2026"]
    return [_text(case) for case in (
        Case(11, "UK, ISO and named months", "payments", lambda: _ledger(6, july), rows=(6, 0, 0)),
        Case(11, "nothing but ambiguous days", "payments", lambda: _ledger(6, ambiguous), rows=(6, 0, 0), findings=("IN-030",)),
        Case(11, "month first among them", "payments", lambda: _ledger(6, mixed), rows=(1, 5, 0), findings=("SP-002 G2", "SP-002 G5", "IN-031")),
        Case(11, "31 February", "payments", lambda: _ledger(6, ["31/02/2026"]), rows=(5, 1, 0), findings=("SP-002 G2",)),
        Case(11, "day number as text", "payments", lambda: _ledger(6, ["46217"]), rows=(5, 1, 0), findings=("SP-002 G2",)),
        Case(11, "a quarter for a day", "register", lambda: _register(5, ["Q2 2026"]), rows=(5, 1, 0), findings=("CR-004 F2",)),
        Case(11, "ongoing", "register", lambda: _register(6, ["ongoing"]), rows=(5, 1, 0), findings=("CR-004 G2",)),
        Case(11, "year 0206", "register", lambda: _register(5, ["14/04/0206"]), rows=(5, 1, 0), findings=("CR-004 F2",)),
    )]  # fmt: skip


def _quantity(xml: str) -> Callable[[], bytes]:
    return lambda: with_cells(bases.return_file(), {"E16": xml})


def _shown_as(style: str) -> bytes:
    """The ledger with its second amount in another number format."""
    book = openpyxl.load_workbook(io.BytesIO(bases.ledger_xlsx()))
    book.active["E3"].number_format = style
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def hazard_12() -> list[Case]:
    """Numbers as text."""
    wrong = (
        "TBC",
        "about 12",
        "12 hours",
        "£12",
        "12%",
        "1.2.3",
        "1 2",
        "(500)",
        "-3",
        "١٢",
        "1e3",
        "NaN",
        "12k",
        "½",
    )
    right = ("12", "12.5", "1,250", " 7 ", "0", ".5", "+3")
    pounds_right = ["£600.01", "1,250.00", "(500.00)", "-500.00", "500.00-", "£ 1,000"]
    pounds_wrong = ["£5k", "1.250,00", "12%", "TBC", "$100.00", "12.345"]
    foreign = ("[$€-2] #,##0.00", "[$$-409]#,##0.00", '#,##0.00\\ "USD"')
    pounds = ("[$£-809]#,##0.00", '"£"#,##0', "_-* #,##0.00\\ _€_-", "[$-809]#,##0.00")
    return [
        *(Case(12, f"amount shown as {style}", "payments", functools.partial(_shown_as, style), rows=(5, 1, 0), findings=("SP-001 E3",)) for style in foreign),
        *(Case(12, f"amount shown as {style}", "payments", functools.partial(_shown_as, style), rows=(6, 0, 0)) for style in pounds),
        *(Case(12, f"quantity {text}", "returns", _quantity(inline(text)), rows=(4, 1, 0), findings=("RT-003 E16",)) for text in wrong),
        *(Case(12, f"quantity '{text}'", "returns", _quantity(inline(text)), rows=(5, 0, 0)) for text in right),
        _text(Case(12, "amounts that are amounts", "payments", lambda: _ledger(4, pounds_right), rows=(6, 0, 0))),
        _text(Case(12, "amounts that are none", "payments", lambda: _ledger(4, pounds_wrong), rows=(0, 6, 0), findings=tuple(f"SP-001 E{n}" for n in range(2, 8)))),
        Case(12, "quantity beyond belief", "returns", _quantity(number("1e308")), rows=(4, 1, 0), findings=("RT-003 E16",)),
        Case(12, "truth value for a quantity", "returns", _quantity('<c r="{r}" t="b"><v>1</v></c>'), rows=(4, 1, 0), findings=("RT-003 E16",)),
    ]  # fmt: skip


def _answer(row: int, xml: str) -> Callable[[], bytes]:
    return lambda: with_cells(bases.return_file(), {f"B{row}": xml})


def _heading(letter: str, words: str) -> Callable[[], bytes]:
    return lambda: with_cells(bases.return_file(), {f"{letter}{form.HEADER_ROW}": inline(words)})


def hazard_17() -> list[Case]:
    """Another template."""
    version = form.VERSION_ROW
    return [
        *held(
            17, "RT-014", "returns",
            ("no version", _answer(version, "")),
            ("older version", _answer(version, inline("kcc-return-0"))),
            ("version of the future", _answer(version, inline("kcc-return-99"))),
            ("version is a broken formula", _answer(version, error("#REF!"))),
            ("version is a number", _answer(version, number(1))),
            ("another council's workbook", bases.register_xlsx),
            ("sheet renamed", lambda: edited(bases.return_file(), "xl/workbook.xml", ('name="Return"', 'name="Q2"'))),
        ),
        *held(
            17, "IN-002", "returns",
            ("heading changed", _heading("E", "Hours")),
            ("heading taken out", _heading("H", "")),
        ),
        Case(17, "row put in above the lines", "returns", lambda: _row_inserted(bases.return_file()), rows=(5, 0, 0)),
    ]  # fmt: skip


def _row_inserted(data: bytes) -> bytes:
    """Everything from the heading on stands one row further down."""
    text = unpack(data)[SHEET].decode()
    for row in range(20, form.HEADER_ROW - 1, -1):
        text = text.replace(f'<row r="{row}"', f'<row r="{row + 1}"')
        for letter in "ABCDEFGH":
            text = text.replace(f'<c r="{letter}{row}"', f'<c r="{letter}{row + 1}"')
    return edited(data, SHEET, (unpack(data)[SHEET].decode(), text))


def _columns(
    change: Callable[[list[list[str]]], list[list[str]]], kind: str = "register"
) -> Callable[[], bytes]:
    rows = bases.register_rows if kind == "register" else bases.ledger_rows
    return lambda: as_csv(change(rows()))


def _renamed(old: str, new: str) -> Callable[[list[list[str]]], list[list[str]]]:
    return lambda rows: [[new if cell == old else cell for cell in rows[0]], *rows[1:]]


def hazard_18() -> list[Case]:
    """Columns renamed, moved, doubled, added, missing."""
    return [
        *held(
            18, "IN-002", "register",
            ("column renamed", _columns(_renamed("Contract reference", "Our ref")), ),
            ("column missing", _columns(lambda rows: [row[:4] + row[5:] for row in rows])),
            ("column twice", _columns(lambda rows: [[*row, row[0]] for row in rows])),
            ("heading twice by case and spaces", _columns(lambda rows: [[*row, "start  DATE" if n == 0 else "x"] for n, row in enumerate(rows)])),
            ("no heading at all", _columns(lambda rows: rows[1:])),
            file="register.csv",
        ),
        *held(18, "IN-002", "payments", ("ledger without amounts", _columns(_renamed("Net amount (£)", "Reference 2"), "payments")), file="ledger.csv"),
        Case(18, "columns of a return swapped", "returns", _swapped, rows=(5, 0, 0)),
        _text(Case(18, "columns in reverse", "register", _columns(lambda rows: [row[::-1] for row in rows]), rows=(6, 0, 0))),
        _text(Case(18, "column nobody knows", "register", _columns(lambda rows: [["Note" if n == 0 else "x", *row] for n, row in enumerate(rows)]), rows=(6, 0, 0))),
        _text(Case(18, "headings in capitals and spaces", "register", _columns(lambda rows: [[f"  {c.upper()} " for c in rows[0]], *rows[1:]]), rows=(6, 0, 0))),
    ]  # fmt: skip


def _swapped() -> bytes:
    """Quantity and share change places, headings and all."""
    text = unpack(bases.return_file())[SHEET].decode()
    for row in range(form.HEADER_ROW, 21):
        for old, new in (("E", "ZZ"), ("F", "E"), ("ZZ", "F")):
            text = text.replace(f'<c r="{old}{row}"', f'<c r="{new}{row}"')
    return edited(bases.return_file(), SHEET, (unpack(bases.return_file())[SHEET].decode(), text))


def hazard_19() -> list[Case]:
    """Letters that look alike or are not seen: kept as they came."""
    return [
        _text(Case(19, "Cyrillic letters in a supplier", "register", lambda: _register(2, ["Іmаginаry Вuilders Ltd"]), rows=(6, 0, 0), findings=("SU-003 C2",))),
        _text(Case(19, "no-break spaces in a reference", "register", lambda: _register(0, ["\u00a0KSW-0001\u00a0"]), rows=(6, 0, 0))),
        _text(Case(19, "zero-width spaces in an amount", "payments", lambda: _ledger(4, ["600\u200b.01"]), rows=(6, 0, 0))),
        _text(Case(19, "no-break space before an amount", "payments", lambda: _ledger(4, ["\u00a0600.01"]), rows=(6, 0, 0))),
        _text(Case(19, "text turned round in a supplier", "register", lambda: _register(2, ["Safe \u202edtL live\u202c"]), rows=(6, 0, 0), findings=("SU-003 C2",))),
        _text(Case(19, "turned text for an amount", "payments", lambda: _ledger(4, ["\u202e10.006"]), rows=(5, 1, 0), findings=("SP-001 E2",))),
        _text(Case(19, "full-width digits for an amount", "payments", lambda: _ledger(4, ["６００"]), rows=(5, 1, 0), findings=("SP-001 E2",))),
        Case(19, "control characters round a quantity", "returns", _quantity(inline("_x0000_12\u0085")), rows=(5, 0, 0)),
        Case(19, "control characters in a quantity", "returns", _quantity(inline("1\u200b_x0007_2")), rows=(4, 1, 0), findings=("RT-003 E16",)),
        Case(19, "emoji beyond the first plane", "returns", lambda: with_cells(bases.return_file(), {"H16": inline("\U0001f4c4 EV-1")}), rows=(5, 0, 0)),
    ]  # fmt: skip


def hazard_20() -> list[Case]:
    """Encodings."""
    spoiled = ["CafÃ© Rouge Ltd", "FranÃ§ois & Co", "CafÃ© Noir Ltd", "ZoÃ« Ltd", "RenÃ©e Ltd", "Ã‰clair Ltd"]
    cafe = ["Café Rouge Ltd", "François & Co", "Café Noir Ltd", "Zoë Ltd", "Renée Ltd", "Éclair Ltd"]
    dos = as_csv(bases.ledger_rows()).replace(b"600.01", b"\x9c600.01").replace("£".encode(), b"\x9c")
    return [
        _text(Case(20, "Windows (cp1252)", "payments", lambda: bases.ledger_csv(Style(encoding="cp1252", dates="%d/%m/%Y")), rows=(6, 0, 0), findings=("IN-033",))),
        _text(Case(20, "UTF-8 with a mark", "payments", lambda: bases.ledger_csv(Style(encoding="utf-8-sig")), rows=(6, 0, 0))),
        _text(Case(20, "UTF-16 with a mark", "payments", lambda: _ledger(1, cafe, encoding="utf-16"), rows=(6, 0, 0), findings=("IN-033",))),
        _text(Case(20, "UTF-16 big end first", "payments", lambda: b"\xfe\xff" + _ledger(1, cafe, encoding="utf-16-be"), rows=(6, 0, 0), findings=("IN-033",))),
        _text(Case(20, "UTF-16 without a mark", "payments", lambda: _ledger(1, cafe, encoding="utf-16-le"), rows=(6, 0, 0), findings=("IN-033",))),
        _text(Case(20, "the pound of DOS", "payments", lambda: dos, rows=(6, 0, 0), findings=("IN-033",))),
        _text(Case(20, "read wrongly once before", "payments", lambda: _ledger(1, spoiled), rows=(6, 0, 0), findings=("IN-034",))),
        _text(Case(20, "lines that end in CR alone", "payments", lambda: _ledger(1, cafe, ends="\r"), rows=(6, 0, 0))),
        _text(Case(20, "semicolons", "payments", lambda: _ledger(1, cafe, delimiter=";"), rows=(6, 0, 0))),
    ]  # fmt: skip


def hazard_24() -> list[Case]:
    """The return of another quarter."""
    april = {row: _APRIL + row for row in range(16, 28)}
    mostly = {row: (_APRIL if row > 16 else _JULY) + row for row in range(16, 26)}
    return [
        Case(24, "no quarter", "returns", _answer(form.PERIOD_ROW, ""), rows=(0, 5, 0), findings=("RT-002 B10",)),
        Case(24, "a season", "returns", _answer(form.PERIOD_ROW, inline("Autumn")), rows=(0, 5, 0), findings=("RT-002 B10",)),
        Case(24, "half a year", "returns", _answer(form.PERIOD_ROW, inline("2026-27-H1")), rows=(0, 5, 0), findings=("RT-002 B10",)),
        Case(24, "a year that has not begun", "returns", _answer(form.PERIOD_ROW, inline("2027-28")), rows=(0, 5, 0), findings=("RT-002 B10",)),
        Case(24, "a whole year", "returns", _answer(form.PERIOD_ROW, inline("2026-27")), rows=(5, 0, 0)),
        Case(24, "a quarter that has not ended", "returns", _answer(form.PERIOD_ROW, inline("2026-27-Q3")), rows=(0, 5, 0), findings=("RT-002 B10",)),
        Case(24, "days of the quarter before", "returns", lambda: dated_return({r: april[r] for r in range(16, 26)}), rows=(0, 10, 0), findings=("RT-020",)),
        Case(24, "nine days of ten of the quarter before", "returns", lambda: dated_return(mostly), rows=(0, 10, 0), findings=("RT-020",)),
        Case(24, "only the file name names another quarter", "returns", bases.return_file, rows=(5, 0, 0), file="2026-27-Q1/KSW-0001 2026-27-Q1.xlsx"),
        Case(24, "two days and the file name of the quarter before", "returns", lambda: dated_return({16: april[16], 17: april[17]}), rows=(0, 10, 0), findings=("RT-020",), file="2026-27-Q1/KSW-0001.xlsx"),
        Case(24, "a correction of an older quarter", "returns", lambda: bases.return_file("2026-27-Q1"), rows=(5, 0, 0), file="2026-27-Q1/KSW-0001.xlsx", landed_on=date(2026, 10, 20)),
    ]  # fmt: skip


def cases() -> list[Case]:
    """All of them."""
    return [
        *hazard_11(), *hazard_12(), *hazard_17(), *hazard_18(), *hazard_19(), *hazard_20(), *hazard_24(),
    ]  # fmt: skip

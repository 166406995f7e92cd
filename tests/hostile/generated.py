"""Workbooks made at random from a seed: sound data under false dimensions, gaps, merges, errors, hidden parts.

Each row holds texts and amounts that stand nowhere else, so that a lost one can be told.
Does not belong here: reading them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from kcc_etl.intake.cells.grid import column_letter
from kcc_etl.schema import return_form as form
from tests.hostile import bases
from tests.hostile.cells import second_sheet
from tests.hostile.kit import SHEET, STRINGS, pack, sheet_xml, unpack

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!")
_REGISTER = (
    "Contract reference",
    "Contract title",
    "Supplier name",
    "Value ex VAT (£)",
    "Start date",
    "End date",
)
_LEDGER = ("Payment reference", "Supplier name", "Purpose", "Net amount (£)", "Payment date")
_DAY = 46217
SHAPES = ("", "", "", "sheet of records", "sheet of notes", "column", "records above")
SHAPES_OF_RETURNS = ("", "", "", "sheet of records", "sheet of notes")

Content = tuple[str, str]
"""How a cell is written (number, shared, inline, str, error, formula, uncalculated, blank, spaces), and what."""


@dataclass
class Generated:
    """A workbook, its kind, the rows that say something, and what was planted in each of them.

    `heading` is the row of the titles, `fields` the columns that are read, `shape` what else was planted: a sheet of records, a sheet of notes, a
    column that is no field, records above the heading, or nothing.
    """

    kind: str
    data: bytes
    rows: list[int]
    planted: dict[int, list[str]]
    seed: int
    heading: int
    fields: set[int]
    shape: str = ""


@dataclass
class _Sheet:
    """The cells of one sheet on their way into XML."""

    dice: random.Random
    cells: dict[tuple[int, int], Content] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, text: str) -> None:
        """A text, written in one of four ways."""
        self.cells[row, column] = (self.dice.choice(("shared", "shared", "inline", "str", "rich")), text)

    def merge(self, row: int, column: int, height: int, width: int) -> None:
        """Merge a range; what it covers is empty, as Excel leaves it."""
        for r in range(row, row + height):
            for c in range(column, column + width):
                if (r, c) != (row, column):
                    self.cells.pop((r, c), None)
        self.merges.append(
            f"{column_letter(column)}{row}:{column_letter(column + width - 1)}{row + height - 1}"
        )

    def xml(self, dimension: str, prefix: str, references: bool) -> str:
        """The part. Addresses are left out only of rows without a gap."""
        p = f"{prefix}:" if prefix else ""
        rows = []
        last = 0
        for number in sorted({row for row, _ in self.cells}):
            columns = sorted(c for r, c in self.cells if r == number)
            bare = not references and number == last + 1 and columns == list(range(len(columns)))
            last = number
            place = "" if bare else f' r="{number}"'
            hidden = ' hidden="1"' if number in self.hidden_rows else ""
            body = "".join(self._cell(number, c, p, bare) for c in columns)
            rows.append(f"<{p}row{place}{hidden}>{body}</{p}row>")
        cols = "".join(
            f'<{p}col min="{c + 1}" max="{c + 1}" width="9" hidden="1"/>' for c in sorted(self.hidden_columns)
        )
        merges = "".join(f'<{p}mergeCell ref="{each}"/>' for each in self.merges)
        return (
            f'{_HEAD}<{p}worksheet xmlns{":" + prefix if prefix else ""}="{_MAIN}">'
            + (f'<{p}dimension ref="{dimension}"/>' if dimension else "")
            + (f"<{p}cols>{cols}</{p}cols>" if cols else "")
            + f"<{p}sheetData>{''.join(rows)}</{p}sheetData>"
            + (f"<{p}mergeCells>{merges}</{p}mergeCells>" if merges else "")
            + f"</{p}worksheet>"
        )

    def _cell(self, row: int, column: int, p: str, bare: bool) -> str:
        how, what = self.cells[row, column]
        place = "" if bare else f' r="{column_letter(column)}{row}"'
        words = escape(what)
        if how == "shared":
            self.strings.append(f'<si><t xml:space="preserve">{words}</t></si>')
            return f'<{p}c{place} t="s"><{p}v>{len(self.strings) - 1}</{p}v></{p}c>'
        if how == "rich":
            half = len(what) // 2
            runs = "".join(
                f'<r><t xml:space="preserve">{escape(part)}</t></r>' for part in (what[:half], what[half:])
            )
            self.strings.append(f"<si>{runs}</si>")
            return f'<{p}c{place} t="s"><{p}v>{len(self.strings) - 1}</{p}v></{p}c>'
        if how == "inline":
            return (
                f'<{p}c{place} t="inlineStr"><{p}is><{p}t xml:space="preserve">{words}</{p}t></{p}is></{p}c>'
            )
        if how == "str":
            return f'<{p}c{place} t="str"><{p}v>{words}</{p}v></{p}c>'
        if how == "error":
            return f'<{p}c{place} t="e"><{p}v>{what}</{p}v></{p}c>'
        if how == "formula":
            return f"<{p}c{place}><{p}f>IF(TRUE,{what},0)</{p}f><{p}v>{what}</{p}v></{p}c>"
        if how == "uncalculated":
            return f"<{p}c{place}><{p}f>1+1</{p}f></{p}c>"
        if how == "blank":
            return f'<{p}c{place} s="1"/>'
        return f"<{p}c{place}><{p}v>{what}</{p}v></{p}c>"


def workbook(seed: int) -> Generated:
    """The workbook of a seed: a register, a ledger or a return."""
    dice = random.Random(seed)
    kind = ("register", "payments", "returns")[seed % 3]
    shape = dice.choice(SHAPES if kind != "returns" else SHAPES_OF_RETURNS)
    sheet = _Sheet(dice)
    first, read = _put_return(sheet, seed) if kind == "returns" else _put_table(sheet, kind, seed, shape)
    _spoil(sheet, dice, first, read)
    said = sorted(
        {
            row
            for (row, column), cell in sheet.cells.items()
            if _says(cell) and (row >= first and column in read if kind == "returns" else row != first - 1)
        }
    )
    planted = {
        row: [
            what
            for (r, c), (how, what) in sheet.cells.items()
            if r == row and c in read and "tok" in what and how != "blank"
        ]
        for row in said
    }
    dimension = dice.choice(("", "A1", "A1:B2", "A1:XFD1048576", "C9:A1", "A1:H40"))
    part = sheet.xml(dimension, dice.choice(("", "", "x")), dice.random() < 0.7)
    parts = unpack(bases.return_file() if kind == "returns" else bases.register_xlsx())
    strings = f'{_HEAD}<sst xmlns="{_MAIN}" count="1" uniqueCount="1">{"".join(sheet.strings)}</sst>'
    data = pack({**parts, SHEET: part.encode(), STRINGS: strings.encode()})
    if shape in {"sheet of records", "sheet of notes"}:
        rows = _records_beside(kind, seed) if shape == "sheet of records" else [["Code"], ["Ashford"]]
        data = second_sheet(data, dice.choice(("visible", "hidden")), sheet_xml(rows))
    return Generated(kind, data, said, planted, seed, first - 1, read, shape)


def _says(cell: Content) -> bool:
    how, what = cell
    return how in {"error", "uncalculated"} or (how != "blank" and bool(what.strip()))


def _records_beside(kind: str, seed: int) -> list[list[str]]:
    """A sheet of records of the kind, under its headings."""
    if kind == "returns":
        return [[form.LABELS[row], "x"] for row in form.LABELS] + [
            [title for title, _ in form.COLUMNS.values()]
        ]
    titles = list(_REGISTER if kind == "register" else _LEDGER)
    return [titles, *([f"beside-{seed}-{n}-{title}" for title in titles] for n in range(3))]


def _put_table(sheet: _Sheet, kind: str, seed: int, shape: str) -> tuple[int, set[int]]:
    """The heading, the records below it, and those above where the shape says so."""
    titles = list(_REGISTER if kind == "register" else _LEDGER)
    sheet.dice.shuffle(titles)
    above = sheet.dice.randint(1, 4) if shape == "records above" else 0
    for row in range(1, above + 1):
        _put_record(sheet, titles, seed, row, 14 - row)
    for column, title in enumerate(titles):
        sheet.put(above + 1, column, title)
    row = above + 2
    for n in range(sheet.dice.randint(1, 14)):
        row += sheet.dice.choice((0, 0, 0, 0, 1, 3))
        _put_record(sheet, titles, seed, row, n)
        if shape == "column":
            sheet.put(row, len(titles) + 1, f"cost centre {n}")
        row += 1
    if shape == "column" and sheet.dice.random() < 0.5:
        sheet.put(1, len(titles) + 1, "Cost centre")
    return above + 2, set(range(len(titles)))


def _put_record(sheet: _Sheet, titles: list[str], seed: int, row: int, n: int) -> None:
    for column, title in enumerate(titles):
        if "date" in title:
            sheet.cells[row, column] = (
                ("number", str(_DAY + n)) if sheet.dice.random() < 0.5 else ("inline", f"{13 + n}/07/2026")
            )
        elif "£" in title:
            sheet.cells[row, column] = ("number", f"{seed + 1}{n:02d}.25")
        else:
            sheet.put(row, column, f"tok-{seed}-{row}-{column}")


def _put_return(sheet: _Sheet, seed: int) -> tuple[int, set[int]]:
    answers = {
        form.VERSION_ROW: form.TEMPLATE_VERSION,
        form.CONTRACT_REF_ROW: bases.CONTRACT,
        form.CONTRACT_TITLE_ROW: "Winter gritting",
        form.SUPPLIER_ROW: bases.SUPPLIER,
        form.PERIOD_ROW: bases.QUARTER,
        form.NIL_ROW: "No",
        form.CONFIRM_SCOPE_ROW: "Yes",
        form.CONFIRM_COMMITMENT_ROW: "Yes",
    }
    for row, answer in answers.items():
        sheet.put(row, 0, form.LABELS[row])
        sheet.put(row, 1, answer)
    for column, (title, _) in enumerate(form.COLUMNS.values()):
        sheet.put(form.HEADER_ROW, column, title)
    row = form.FIRST_LINE_ROW
    for n in range(sheet.dice.randint(1, 10)):
        row += sheet.dice.choice((0, 0, 0, 1, 2))
        line = ("S5", "Hours", "hours", "county", None, None, "Yes", f"tok-{seed}-{row}-7")
        for column, text in enumerate(line):
            if text is not None:
                sheet.put(row, column, text)
        sheet.cells[row, 4] = ("number", str(n + 1))
        sheet.cells[row, 5] = ("number", "100")
        row += 1
    return form.FIRST_LINE_ROW, {3, 4, 5, 6, 7}


def _spoil(sheet: _Sheet, dice: random.Random, first: int, read: set[int]) -> None:
    """Up to six faults, each of a kind and a place of its own."""
    for _ in range(dice.randint(0, 6)):
        rows = sorted({row for row, _ in sheet.cells if row >= first})
        row, column = dice.choice(rows), dice.choice(sorted(read))
        fault = dice.choice(
            (*_CELL_FAULTS, "formula", "gone", "hide row", "hide column", "merge", "below", "beside")
        )
        if fault in _CELL_FAULTS:
            how, what = _CELL_FAULTS[fault]
            sheet.cells[row, column] = (how, what or dice.choice(_ERRORS))
        elif fault in {"hide row", "hide column"}:
            (sheet.hidden_rows if fault == "hide row" else sheet.hidden_columns).add(
                row if fault == "hide row" else column
            )
        elif fault == "merge":
            sheet.merge(row, column, *dice.choice(((2, 1), (1, 2), (3, 1))))
        elif fault == "below":
            sheet.put(max(rows) + dice.randint(1, 40), column, f"tok-below-{dice.random()}")
        elif fault == "beside":
            sheet.cells[row, max(read) + dice.randint(1, 9)] = ("inline", "a note in the margin")
        else:
            _change(sheet, row, column, fault)


_CELL_FAULTS: dict[str, Content] = {
    "error": ("error", ""),
    "uncalculated": ("uncalculated", "-"),
    "blank": ("blank", "-"),
    "spaces": ("inline", "   "),
}


def _change(sheet: _Sheet, row: int, column: int, fault: str) -> None:
    """A number becomes a formula, or a cell is gone."""
    cell = sheet.cells.get((row, column))
    if fault == "gone":
        sheet.cells.pop((row, column), None)
    elif cell is not None and cell[0] == "number":
        sheet.cells[row, column] = ("formula", cell[1])

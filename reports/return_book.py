"""The return workbook as it goes out to a supplier: pre-filled, with lists, protected without a password.

Does not belong here: where answers stand (`kcc_etl.schema.return_form`), what the supplier is told
(`return_told`), reading what comes back (`kcc_etl.intake.returns`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kcc_etl.domain.places import PLACES
from kcc_etl.schema import return_form as layout
from reports.archive import repack
from reports.documents import Column, Sheet, clean_text
from reports.return_told import ReturnForm, guidance, in_words, short_title, told_sheets
from reports.sheets import sentences_of, wrapped_height
from reports.theme import theme
from reports.workbook import Formats, finish, new_book, page_setup, write_cover, write_line, write_sheet

YES_OR_NO = ("Yes", "No")
_WIDTHS = {"A": 36, "B": 54, "C": 14, "D": 24, "E": 12, "F": 14, "G": 20, "H": 34}
_LISTS_FIRST_ROW = 4

Fill = Callable[[Any], None]
"""Fills in the sheet of the return, as its supplier would."""


def render_return(form: ReturnForm, *, publisher: str, created: date, fill: Fill | None = None) -> bytes:
    """The workbook as the bytes of an XLSX file, the same for the same form.

    Text never becomes a formula. `fill` fills in the sheet of the return before the file is closed.
    """
    buffer = io.BytesIO()
    book = new_book(buffer, f"{layout.TITLE}: {clean_text(form.contract_ref)}, {form.period.id}", publisher,
                    created)  # fmt: skip
    formats = Formats(book, uk_dates=True)
    tables = told_sheets(form, publisher)
    contents = [(layout.SHEET, f"{layout.SHEET}: what to fill in"),
                *((sheet.name, f"{sheet.name}: {sheet.title}") for sheet in tables),
                (layout.LISTS_SHEET, f"{layout.LISTS_SHEET}: what the drop-down lists hold")]  # fmt: skip
    write_cover(book, formats, layout.GUIDANCE_SHEET, f"{layout.TITLE}: how to fill it in",
                guidance(form), contents)  # fmt: skip
    page = book.add_worksheet(layout.SHEET)
    _write_answers(page, formats, form, publisher)
    _write_lines(page, formats, form)
    for sheet in tables:
        write_sheet(book, formats, sheet)
    _write_lists(book, formats, publisher)
    _validate(page, form, tables)
    if fill is not None:
        fill(page)
    book.close()
    return repack(buffer.getvalue(), finish)


def _write_answers(page: Any, formats: Formats, form: ReturnForm, publisher: str) -> None:
    look = theme("workbook")
    page_setup(page, landscape=True)
    # Cells without a format of their own, those below the lines, can be written in.
    open_cell = formats.field(locked=False, border=False)
    for letter, width in _WIDTHS.items():
        page.set_column(f"{letter}:{letter}", width, open_cell)
    write_line(page, 0, layout.TITLE, formats.title, look["title_size"])
    sentences = (
        "This sheet contains two tables: about this return, and what was delivered.",
        "Blank cells are for you to fill in. Leave a line blank where there is nothing to report.",
        f"Source of what is filled in already: {publisher}.",
    )
    for row, sentence in enumerate(sentences, start=1):
        write_line(page, row, sentence, formats.sentence, look["size"])
    answers = {
        layout.VERSION_ROW: layout.TEMPLATE_VERSION,
        layout.CONTRACT_REF_ROW: form.contract_ref,
        layout.CONTRACT_TITLE_ROW: short_title(form.contract_title),
        layout.SUPPLIER_ROW: form.supplier,
        layout.PERIOD_ROW: form.period.id,
    }
    first, last = layout.ANSWERS_HEADER_ROW - 1, max(layout.LABELS) - 1
    _add_table(
        page, formats, "about_this_return", "About this return", (first, last), layout.ANSWERS_HEADINGS
    )
    fixed, free = formats.field(locked=True), formats.field(locked=False)
    for row, label in layout.LABELS.items():
        answer = clean_text(answers.get(row, ""))
        page.set_row(row - 1, wrapped_height([(label, _WIDTHS["A"]), (answer, _WIDTHS["B"])]))
        page.write_string(row - 1, 0, label, fixed)
        _put(page, row - 1, 1, answer, fixed if row in answers else free)


def _write_lines(page: Any, formats: Formats, form: ReturnForm) -> None:
    look = theme("workbook")
    write_line(page, layout.LINES_TITLE_ROW - 1, layout.LINES_TITLE, formats.heading, look["heading_size"])
    titles = [title for title, _ in layout.COLUMNS.values()]
    top = layout.HEADER_ROW - 1
    _add_table(page, formats, "what_was_delivered", layout.LINES_TITLE, (top, top + len(form.lines)), titles)
    narrow = [(title, _WIDTHS[letter] * 0.85) for letter, (title, _) in layout.COLUMNS.items()]
    page.set_row(top, wrapped_height(narrow))
    fixed, free = formats.field(locked=True), formats.field(locked=False)
    amount = formats.field(locked=False, is_number=True)
    for row, line in enumerate(form.lines, start=top + 1):
        is_percentage = line[2] == layout.PERCENT
        title = f"{line[1]} (no attribution)" if is_percentage else line[1]
        page.set_row(row, wrapped_height([(title, _WIDTHS["B"])]))
        for place, text in enumerate((line[0], title, in_words(line[2]))):
            _put(page, row, place, clean_text(text), fixed)
        for letter in layout.ANSWERED_COLUMNS:
            name = layout.COLUMNS[letter][1]
            cell = amount if name in ("claimed", "attribution_pct") else free
            # A part of a percentage says nothing, so none is asked for.
            if name == "attribution_pct" and is_percentage:
                cell = fixed
            page.write_blank(row, ord(letter) - ord("A"), None, cell)
    page.repeat_rows(top)
    page.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})


def _put(page: Any, row: int, place: int, text: str, cell: Any) -> None:
    # An empty text is no empty cell.
    if text:
        page.write_string(row, place, text, cell)
    else:
        page.write_blank(row, place, None, cell)


def _add_table(
    page: Any, formats: Formats, name: str, title: str, rows: tuple[int, int], headings: Sequence[str]
) -> None:
    text = Column("text", "Text", "text", "")
    page.add_table(
        rows[0], 0, rows[1], len(headings) - 1,
        {
            "name": name, "style": None, "autofilter": False, "banded_rows": False, "title": title,
            "description": title,
            "columns": [{"header": one, "header_format": formats.header(text)} for one in headings],
        },
    )  # fmt: skip


def _validate(page: Any, form: ReturnForm, tables: Sequence[Sheet]) -> None:
    """Lists and limits; they refer to cells that can be seen and carry no words of their own."""
    places, yes_no = _list_range(0, len(PLACES)), _list_range(len(PLACES) + 2, len(YES_OR_NO))
    answer = layout.ANSWER_COLUMN
    for row in (layout.NIL_ROW, layout.CONFIRM_SCOPE_ROW, layout.CONFIRM_COMMITMENT_ROW):
        page.data_validation(f"{answer}{row}", {"validate": "list", "source": yes_no})
    rules: dict[str, dict[str, object]] = {
        "district": {"validate": "list", "source": places},
        "claimed": {"validate": "decimal", "criteria": ">=", "value": 0},
        "attribution_pct": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "is_additional": {"validate": "list", "source": yes_no},
    }
    for letter, (_, name) in layout.COLUMNS.items():
        if name in rules:
            page.data_validation(
                f"{letter}{layout.FIRST_LINE_ROW}:{letter}{layout.LAST_LINE_ROW}", rules[name]
            )
    for sheet in tables[:1]:
        first = len(sentences_of(sheet)) + 3  # below title, sentences and headings
        codes = f"='{sheet.name}'!$A${first}:$A${first + len(sheet.table.rows) - 1}"
        below = layout.FIRST_LINE_ROW + len(form.lines)
        page.data_validation(f"A{below}:A{layout.LAST_LINE_ROW}", {"validate": "list", "source": codes})


def _list_range(skipped: int, count: int) -> str:
    first = _LISTS_FIRST_ROW + 1 + skipped
    return f"='{layout.LISTS_SHEET}'!$A${first}:$A${first + count - 1}"


def _write_lists(book: Any, formats: Formats, publisher: str) -> None:
    look = theme("workbook")
    page = book.add_worksheet(layout.LISTS_SHEET)
    page_setup(page, landscape=False)
    page.set_column(0, 0, look["widest"])
    write_line(page, 0, "What the drop-down lists hold", formats.title, look["title_size"])
    write_line(
        page, 1, "This sheet contains two tables: districts, and yes or no.", formats.sentence, look["size"]
    )
    write_line(page, 2, f"Source: {publisher}; districts, Office for National Statistics.", formats.sentence,
               look["size"])  # fmt: skip
    text = formats.cell(Column("text", "Text", "text", ""))
    top = _LISTS_FIRST_ROW - 1
    for name, heading, words in (
        ("districts", "District", tuple(PLACES.values())),
        ("yes_or_no", "Yes or no", YES_OR_NO),
    ):
        _add_table(page, formats, name, heading, (top, top + len(words)), [heading])
        for row, word in enumerate(words, start=top + 1):
            page.write_string(row, 0, word, text)
        top += len(words) + 2

"""A return as a bare sheet of cells, for tests that edit its parts: the layout of the form, none of its looks.

Does not belong here: the form as it goes out (`reports.return_book`).
"""

from __future__ import annotations

import io
from fractions import Fraction

from kcc_etl.sample.forms import BROKEN, Form
from kcc_etl.sample.sheets import new_workbook, steady_zip
from kcc_etl.schema import return_form as layout


def bare_bytes(form: Form) -> bytes:
    """The workbook: one sheet, `xl/worksheets/sheet1.xml`, with the labels, answers and lines of the form."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    sheet = workbook.add_worksheet(layout.SHEET)
    bold = workbook.add_format({"bold": True})
    sheet.write_string("A1", layout.TITLE, bold)
    for row, label in layout.LABELS.items():
        sheet.write_string(f"A{row}", label)
        sheet.write_string(f"{layout.ANSWER_COLUMN}{row}", form.answers[row])
    for letter, (title, _) in layout.COLUMNS.items():
        sheet.write_string(f"{letter}{layout.HEADER_ROW}", title, bold)
    for row, line in enumerate(form.lines, start=layout.FIRST_LINE_ROW):
        for letter, value in line.items():
            if isinstance(value, Fraction):
                sheet.write_number(f"{letter}{row}", float(value))
            elif value == BROKEN:
                sheet.write_formula(f"{letter}{row}", "=" + BROKEN, None, BROKEN)
            elif value is not None:
                sheet.write_string(f"{letter}{row}", value)
    workbook.close()
    return steady_zip(buffer.getvalue())

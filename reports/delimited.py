"""Tables as delimited text that no spreadsheet can mistake: RFC 4180, UTF-8, CRLF, one heading row.

Does not belong here: which columns a dataset has (`transparency`), workbooks (`workbook`).
"""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

from kcc_etl.domain.money import pounds_text, round_half_up
from reports.documents import Column, Dataset, Value, clean_text

QUANTITY_PLACES = 2
# OWASP "CSV injection" (with line feed since 2025), the full-width forms, and the minus sign of typesetters.
_TRIGGERS = frozenset("=+-@\t\r\n|＝＋－＠\u2212")
_SKIPPED = ' \u00a0\u200b\u200c\u200d\u2060\ufeff"'
"""What stands before a formula in text that a spreadsheet may trim on import."""


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take the text of a CSV cell for a formula."""
    return text.lstrip(_SKIPPED)[:1] in _TRIGGERS and bool(text.lstrip(_SKIPPED))


def safe_text(text: str) -> str:
    """The text for a CSV cell: cleaned, and led by an apostrophe where it could be taken for a formula."""
    plain = clean_text(text)
    return "'" + plain if is_formula_like(plain) else plain


def cell_text(value: Value, column: Column, *, uk_dates: bool = False) -> str:
    """One value as CSV text: pounds `-1234.50`, ISO or DD/MM/YYYY dates, True or False, quantities `5.45`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, date):
        return f"{value:%d/%m}/{value.year:04d}" if uk_dates else value.isoformat()
    if isinstance(value, Fraction):
        return f"{round_half_up(value, QUANTITY_PLACES):f}"
    if isinstance(value, int):
        return pounds_text(value) if column.kind == "pence" else str(value)
    return safe_text(value)


def render_csv(dataset: Dataset) -> bytes:
    """The dataset as the bytes of a CSV file, headed by the columns' names."""
    columns = dataset.table.columns
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for row in dataset.table.rows:
        cells = zip(row, columns, strict=True)
        writer.writerow([cell_text(value, column, uk_dates=dataset.uk_dates) for value, column in cells])
    return text.getvalue().encode("utf-8")

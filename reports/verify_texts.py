"""The texts of tables read again, each with its place and the heading above it.

Does not belong here: reading the tables (`verify_tables`), what a text may hold (`personal_data`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.personal_data import Text
from reports.verify_tables import Rows, Sheet, cell_name


def csv_texts(rows: Rows) -> Iterator[Text]:
    """Each filled cell of a CSV file, those of its headings with them."""
    heads = rows[0] if rows else []
    for number, row in enumerate(rows, start=1):
        for n, words in enumerate(row):
            if words:
                yield Text(
                    words, heads[n] if number > 1 and n < len(heads) else "", cell=cell_name(number, n)
                )


def sheet_texts(sheets: Iterable[Sheet]) -> Iterator[Text]:
    """Each cell of a workbook that holds text; the widest row of texts above it is taken to head it."""
    for sheet in sheets:
        heads: list[object] = []
        for number, row in enumerate(sheet.rows, start=1):
            words = [cell for cell in row if isinstance(cell, str)]
            if len(words) == len(row) and len(row) > max(len(heads), 1):
                heads = list(row)
            for n, cell in enumerate(row):
                if isinstance(cell, str):
                    heading = str(heads[n]) if n < len(heads) else ""
                    yield Text(cell, heading, sheet.name, cell_name(number, n))

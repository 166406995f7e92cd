"""A workbook opened to be judged: its parts, its sheets, every cell of them.

Does not belong here: what a sheet is made of (`page`), raw parts (`parts`), rules.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kcc_etl.intake.workbooks.package import DAMAGED, unreadable
from reports.accessibility.page import Hit, Look, Page
from reports.accessibility.parts import Parts

FAULTS = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl raises over files that are not what they seem, and what their numbers raise that are none."""


@dataclass(frozen=True)
class Opened:
    """A workbook opened to be judged; `publisher` is who should be its author, if that is known."""

    parts: Parts
    pages: list[Page]
    book: Any
    publisher: str = ""

    @property
    def prose(self) -> Iterator[tuple[Page, Any]]:
        """Every text cell outside data, with its sheet."""
        return ((page, cell) for page in self.pages for cell in page.prose)

    @property
    def cells(self) -> Iterator[tuple[Page, Any]]:
        """Every cell that is in the file, with its sheet."""
        return ((page, cell) for page in self.pages for cell in page.cells)

    @property
    def filled(self) -> Iterator[tuple[Page, Any]]:
        """Every filled cell, with its sheet."""
        return ((page, cell) for page in self.pages for cell in page.filled.values())


Check = Callable[[Opened], Iterator[Hit]]


def open_workbook(content: bytes, publisher: str = "") -> Opened:
    """The workbook; raises SourceError when it is unsafe, damaged, too large or none."""
    import openpyxl

    parts = Parts(content)
    if parts.main.get("conformance") == "strict":
        raise unreadable(
            "The workbook is in the form 'Strict Open XML', which few programs read",
            remedy="Open it, choose Excel Workbook (.xlsx) in Save As, and save a copy",
        )
    try:
        # Openpyxl warns of what it drops, which is read from the parts, and prints that a style is missing.
        with warnings.catch_warnings(action="ignore"), contextlib.redirect_stdout(io.StringIO()):
            book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
        # The cells in the file: to go through the rows would make every cell up to a far one.
        looks: dict[Any, Look] = {}
        # By place, because openpyxl gives the second of two sheets of one name another.
        sheets = zip(book.worksheets, parts.sheets, strict=True)
        pages = [Page(sheet, held, sorted_cells(sheet), looks) for sheet, held in sheets]
        for page in pages:
            _ = page.areas, page.widths, page.rows
    except FAULTS as error:
        raise unreadable(f"{DAMAGED} ({type(error).__name__} in reading its cells)") from None
    return Opened(parts, pages, book, publisher)


def sorted_cells(sheet: Any) -> list[Any]:
    """The cells of a sheet that are in the file, in order of rows and columns; no covered ones."""
    from openpyxl.cell.cell import MergedCell

    return [cell for _, cell in sorted(sheet._cells.items()) if not isinstance(cell, MergedCell)]

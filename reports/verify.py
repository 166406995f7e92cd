"""Opening a pack again, as its readers will, and checking every file in it against the manifest.

Does not belong here: making the files (`pack`), putting a pack in place (`switch`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from kcc_etl.domain.money import parse_pounds
from reports.delimited import is_formula_like
from reports.manifest import FILE_NAME, FORMAT, sha256_of
from reports.page_check import page_faults

_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def verify_folder(folder: Path) -> list[str]:
    """What is wrong with a pack, one sentence a fault; an empty list when it is as its manifest says.

    Each CSV and XLSX is read with another library than wrote it: rows and pence as counted on the figures, no
    cell that a spreadsheet takes for a formula. Never raises for a broken file.
    """
    try:
        manifest = json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError) as error:
        return [f"{folder.name}/{FILE_NAME} cannot be read: {error}"]
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return [f"{folder.name}/{FILE_NAME} is no manifest of the form {FORMAT}"]
    return [*hash_faults(folder, manifest), *_content_faults(folder, manifest)]


def hash_faults(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Files that are missing, too many, or not the bytes that the manifest names."""
    listed = manifest["files"]
    present = {path.name for path in folder.iterdir()} - {FILE_NAME}
    faults = [f"{name} is in the folder and not in the manifest" for name in sorted(present - set(listed))]
    faults += [f"{name} is missing" for name in sorted(set(listed) - present)]
    for name in sorted(set(listed) & present):
        content = (folder / name).read_bytes()
        if sha256_of(content) != listed[name]["sha256"] or len(content) != listed[name]["bytes"]:
            faults.append(f"{name} does not hold the bytes that the manifest names")
    return faults


def _content_faults(folder: Path, manifest: dict[str, Any]) -> list[str]:
    faults = []
    for name in sorted(manifest["files"]):
        path = folder / name
        stem, _, suffix = name.rpartition(".")
        total = manifest["totals"].get(stem, {})
        check = _CHECKS.get(suffix)
        if check is None or not path.is_file():
            continue
        try:
            faults += [f"{name}: {fault}" for fault in check(path.read_bytes(), stem, total)]
        except (ValueError, KeyError, IndexError, csv.Error, zipfile.BadZipFile) as error:
            faults.append(f"{name} cannot be read: {type(error).__name__}, {error}")
    return faults


def _csv_faults(content: bytes, stem: str, total: dict[str, Any]) -> Iterator[str]:
    text = content.decode("utf-8")
    if text.startswith("\ufeff"):
        yield "it starts with a byte order mark"
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    if any(len(row) != len(header) for row in rows):
        yield "rows have different numbers of cells"
    unsafe = [cell for row in (header, *rows) for cell in row if _is_unsafe(cell)]
    if unsafe:
        yield f"{len(unsafe)} cells could be taken for a formula, first '{unsafe[0][:40]}'"
    column = total.get("money_column")
    pence = sum(parse_pounds(row[header.index(column)]) for row in rows) if column else None
    yield from _total_faults(total, len(rows), pence)


def _is_unsafe(cell: str) -> bool:
    return is_formula_like(cell) and not _PLAIN_NUMBER.fullmatch(cell)


def _total_faults(total: dict[str, Any], rows: int, pence: int | None) -> Iterator[str]:
    if total and rows != total["rows"]:
        yield f"it holds {rows} rows and the figures have {total['rows']}"
    if total and pence != total["pence"]:
        yield f"it adds up to {pence} pence and the figures to {total['pence']}"


def _xlsx_faults(content: bytes, stem: str, total: dict[str, Any]) -> Iterator[str]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    if any(sheet.sheet_state != "visible" for sheet in book.worksheets):
        yield "a sheet is hidden"
    if any(
        cell.data_type in ("f", "e") for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    ):
        yield "a cell holds a formula or an error"
    rows = _table_rows(book, stem.replace("-", "_"))
    place = total.get("money_place")
    pence = _sheet_pence(rows, place - 1) if place else None
    yield from _total_faults(total, max(len(rows) - 1, 0), pence)


def _table_rows(book: Any, name: str) -> list[tuple[Any, ...]]:
    """The cells of a marked-up table with its headings; nothing when there is no such table."""
    for sheet in book.worksheets:
        if name in sheet.tables:
            return [tuple(cell.value for cell in row) for row in sheet[sheet.tables[name].ref]]
    return []


def _sheet_pence(rows: list[tuple[Any, ...]], place: int) -> int:
    exact = [Fraction(str(row[place])) * 100 for row in rows[1:]]
    if any(amount.denominator != 1 for amount in exact):
        raise ValueError("an amount is no whole number of pence")
    return sum(amount.numerator for amount in exact)


def _docx_faults(content: bytes, stem: str, total: dict[str, Any]) -> Iterator[str]:
    import docx

    document = docx.Document(io.BytesIO(content))
    if not document.core_properties.title:
        yield "it has no title"
    if any(not shape._inline.docPr.get("descr") for shape in document.inline_shapes):
        yield "a picture has no alternative text"


def _html_faults(content: bytes, stem: str, total: dict[str, Any]) -> Iterator[str]:
    yield from page_faults(content)


_CHECKS: dict[str, Callable[[bytes, str, dict[str, Any]], Iterator[str]]] = {
    "csv": _csv_faults,
    "xlsx": _xlsx_faults,
    "docx": _docx_faults,
    "html": _html_faults,
}

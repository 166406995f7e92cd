"""A workbook to one sheet of cells, every cell counted twice: by its XML and by a library.

It runs in the child process that `opening` starts. Does not belong here: the process (`opening`, `guard`),
what the columns mean, what a fact means for a row (`workbooks.faults`).
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator

import msgspec

from kcc_etl.intake.cells.values import bare
from kcc_etl.intake.workbooks.book import Book, Facts, Limits, OtherSheet
from kcc_etl.intake.workbooks.cell_styles import read_styles
from kcc_etl.intake.workbooks.package import Package, unreadable
from kcc_etl.intake.workbooks.parts import (
    Outline,
    Sheet,
    active_content,
    connections,
    outside_links,
    read_outline,
    saved_at,
    shared_strings,
)
from kcc_etl.intake.workbooks.sheet_heads import other_sheets
from kcc_etl.intake.workbooks.sheet_xml import SheetReader

_MAX_AREA = 8_000_000
"""Cells in the rectangle of the values, beyond which a library that holds every cell of it is not asked."""


def open_book(data: bytes, sheet: str | None = None, limits: Limits | None = None) -> Book:
    """The sheet of that name, or the first that can be seen, read in this process and without its guard.

    Formulas give their stored result; one without a result is an error cell. What a sheet claims about its
    own size is not believed. Raises SourceError for anything that is not a safe, sound workbook.
    """
    return msgspec.msgpack.decode(pack_book(data, sheet, limits or Limits()), type=Book)


def pack_book(data: bytes, sheet: str | None, limits: Limits) -> bytes:
    """What `open_book` gives, as it crosses between processes. Raises SourceError."""
    package = Package(data)
    outline = read_outline(package)
    chosen = _chosen(outline, sheet)
    strings = outline.part("sharedstrings") or _named(package, "xl/sharedstrings.xml")
    styles = outline.part("styles") or _named(package, "xl/styles.xml")
    parsed = {outline.main, strings or "", styles or "", chosen.part if chosen else ""}
    package.check(parsed)
    active = active_content(package)
    if active:
        raise unreadable(
            f"The workbook holds {' and '.join(active)}",
            expected="a workbook of cells and nothing else",
            remedy="Save it as an Excel workbook (.xlsx) without macros and embedded files, and send that",
            rule_id="IN-013",
        )
    if chosen is None:
        return msgspec.msgpack.encode(Book(None, [], [], [], [], Facts()))
    texts = shared_strings(package, strings)
    beside = other_sheets(package, [sheet for sheet in outline.sheets if sheet is not chosen], texts)
    reader = SheetReader(
        chosen.name,
        texts,
        read_styles(package, styles),
        limits,
        date1904=outline.date1904,
    )
    reader.read(package, chosen.part)
    return _pack(data, package, outline, chosen, reader, beside)


def _pack(
    data: bytes,
    package: Package,
    outline: Outline,
    chosen: Sheet,
    reader: SheetReader,
    beside: list[OtherSheet],
) -> bytes:
    counted = _counted_again(data, chosen, reader)
    facts = msgspec.to_builtins(
        Facts(
            date1904=outline.date1904,
            saved_at=saved_at(package),
            outside=outside_links(package, outline),
            names_outside=outline.names_outside,
            connections=connections(package),
            other_sheets=beside,
            hidden_rows=reader.hidden_rows,
            hidden_columns=reader.hidden_columns(),
            white=reader.white,
            merged=reader.merged,
        )
    )
    facts["formulas"] = reader.formulas
    return msgspec.msgpack.encode(
        {
            "type": "book",
            "sheet": chosen.name,
            "plain": reader.rows(),
            "dates": reader.dates,
            "errors": reader.errors,
            "counted": [
                (row, mask.to_bytes((mask.bit_length() + 7) // 8, "little")) for row, mask in counted.items()
            ],
            "facts": facts,
        }
    )


def _chosen(outline: Outline, name: str | None) -> Sheet | None:
    if name is not None:
        return next((sheet for sheet in outline.sheets if sheet.name == name), None)
    return next((sheet for sheet in outline.sheets if sheet.state == "visible"), outline.sheets[0])


def _named(package: Package, name: str) -> str | None:
    return name if name in package.names else None


def _counted_again(data: bytes, sheet: Sheet, reader: SheetReader) -> dict[int, int]:
    """Which columns of each row hold something, by another library. Raises SourceUnreadableError.

    A second library is asked when the first cannot read the workbook or misses cells, because each has faults
    of its own; one that sees more than the XML says is believed to have seen it. Error cells are left out of
    the comparison: libraries give some of them as blank.
    """
    errors: dict[int, int] = {}
    for row, column, _ in reader.errors:
        errors[row] = errors.get(row, 0) | 1 << column
    seen = {row: mask & ~errors.get(row, 0) for row, mask in reader.masks.items()}
    difference = 0
    for rows in (_by_calamine, _by_openpyxl):
        if rows is _by_calamine and _area(reader.masks) > _MAX_AREA:
            continue
        counted = _masks(rows(data, sheet), errors)
        difference = 0 if counted is None else _first_difference(seen, counted)
        if counted is not None and not difference:
            return {row: counted.get(row, 0) | errors.get(row, 0) for row in reader.masks}
        if counted is not None and any(mask & ~seen.get(row, 0) for row, mask in counted.items()):
            break
    if not difference:
        raise unreadable("The workbook is damaged, or uses something that cannot be read")
    raise unreadable(
        f"Row {difference} of sheet '{sheet.name}' reads differently each time; the workbook is damaged"
    )


def _area(masks: dict[int, int]) -> int:
    width = max((mask.bit_length() for mask in masks.values()), default=0)
    return max(masks, default=0) * width


def _first_difference(seen: dict[int, int], counted: dict[int, int]) -> int:
    rows = seen.keys() | counted.keys()
    return min((row for row in rows if seen.get(row, 0) != counted.get(row, 0)), default=0)


def _masks(rows: Iterator[tuple[int, Iterable[object]]], errors: dict[int, int]) -> dict[int, int] | None:
    """The filled columns of each row; None when the library cannot read the workbook."""
    masks: dict[int, int] = {}
    try:
        for number, cells in rows:
            mask, bit = 0, 1
            for cell in cells:
                if cell is not None and cell != "" and (type(cell) is not str or _says_something(cell)):
                    mask |= bit
                bit <<= 1
            mask &= ~errors.get(number, 0)
            if mask:
                masks[number] = mask
    except MemoryError:
        raise
    # Each library raises whatever it stumbles over: nine kinds were seen over 38,715 damaged files.
    except Exception:
        return None
    return masks


def _says_something(text: str) -> bool:
    return " " < text[0] < "\x7f" or bool(bare(text))


def _by_calamine(data: bytes, sheet: Sheet) -> Iterator[tuple[int, Iterable[object]]]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = book.get_sheet_by_name(sheet.name)
    if found.start is not None:
        before: list[object] = [None] * found.start[1]
        for number, cells in enumerate(found.iter_rows(), 1):
            # The rows above the first value are given, the columns before it are not.
            yield number, [*before, *cells] if before else cells


def _by_openpyxl(data: bytes, sheet: Sheet) -> Iterator[tuple[int, Iterable[object]]]:
    import openpyxl

    # The library prints when a style is damaged; stdout belongs to results.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # about drop-down lists and the like, which are not read
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        page = book[sheet.name]
        page.reset_dimensions()
        yield from enumerate(page.iter_rows(values_only=True), 1)

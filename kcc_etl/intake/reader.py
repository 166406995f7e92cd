"""The one way in: a landed file to what the house makes of it, whatever its bytes.

Does not belong here: landing and the ledger (`landing`), storing what was read, any one format.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from kcc_etl.exceptions import SettingsError, SourceError, SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.cells.grid import Grid, Held, Record
from kcc_etl.intake.cells.values import is_empty
from kcc_etl.intake.headings.mapping import HeaderMapping, title_mapping
from kcc_etl.intake.headings.titles import LOOKED_AT, heading_place
from kcc_etl.intake.notices.releases import read_releases
from kcc_etl.intake.parsed import READER_VERSIONS, Desk, FileIdentity, Parsed
from kcc_etl.intake.returns.returns import read_return
from kcc_etl.intake.starts import MAX_BYTES, is_binary, is_web_page
from kcc_etl.intake.tables.continuation import holds_records
from kcc_etl.intake.tables.decision_cells import LISTS_SHEET
from kcc_etl.intake.tables.tabular import read_table
from kcc_etl.intake.text.delimited import read_delimited
from kcc_etl.intake.workbooks.book import Book, Limits
from kcc_etl.intake.workbooks.faults import InputRange, judge_book
from kcc_etl.intake.workbooks.guard import Guard, Opening
from kcc_etl.intake.workbooks.other_sheets import judge_other_sheets
from kcc_etl.intake.workbooks.package import refuse_other_formats, unreadable
from kcc_etl.schema import return_form as form

LIMITS: dict[str, Limits] = {"returns": Limits(rows=20_000)}
"""How far out a value of a workbook may stand, by kind; other kinds as far as memory and time carry."""

_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TEXT_NAMES = (".csv", ".tsv", ".txt", ".json")


@dataclass(frozen=True)
class Item:
    """One landed file to read: its landed copy, the kind of its source, what it is, and how to read it."""

    path: Path
    kind: str
    file: FileIdentity
    mapping: HeaderMapping | None = None
    authority_ids: Sequence[str] = ()


def parse(
    path: Path,
    *,
    kind: str,
    file: FileIdentity,
    mapping: HeaderMapping | None = None,
    authority_ids: Sequence[str] = (),
    guard: Guard | None = None,
) -> Parsed:
    """What a landed file holds: rows accepted so far, rows set aside, findings, and a receipt.

    `path` is the landed copy, `file` says what it is; `kind` is that of its source. No bytes make this raise:
    a file that cannot be used is quarantined or refused whole, with one finding that says why. Workbooks are
    opened by `guard`; without one a guard is started for this call. Raises SettingsError when the mapping is
    made for another kind.
    """
    (parsed,) = parse_all([Item(path, kind, file, mapping, authority_ids)], guard)
    return parsed


def parse_all(items: Iterable[Item], guard: Guard | None = None) -> Iterator[Parsed]:
    """Every file as `parse` reads it, in the order given; two workbooks are opened at once."""
    with ExitStack() as stack:
        opener = guard if guard is not None else stack.enter_context(Guard())
        waiting: deque[_Reading] = deque()

        def openings() -> Iterator[Opening]:
            for item in items:
                reading = _Reading(item)
                waiting.append(reading)
                if reading.opening is not None:
                    yield reading.opening

        for book in opener.open_all(openings()):
            while waiting[0].opening is None:
                yield waiting.popleft().finish(None)
            yield waiting.popleft().finish(book)
        while waiting:
            yield waiting.popleft().finish(None)


class _Reading:
    """One file on its way: looked at as bytes, then, where it is a workbook, opened by the guard."""

    def __init__(self, item: Item) -> None:
        if item.mapping is not None and item.mapping.kind != item.kind:
            raise SettingsError(
                f"Source '{item.file.source_name}' is of kind {item.kind} and its header mapping of kind "
                f"{item.mapping.kind}",
                expected="a mapping of the same kind",
                remedy="Name another mapping in the settings",
            )
        self._item = item
        self._desk = Desk(item.kind, item.file, reader_version(item.kind, item.mapping, item.authority_ids))
        self._error: SourceError | None = None
        self.opening: Opening | None = None
        try:
            if _is_workbook(item, self._desk):
                sheet = form.SHEET if item.kind == "returns" else None
                self.opening = Opening(item.path, sheet, LIMITS.get(item.kind, Limits()))
        except SourceError as error:
            self._error = error

    def finish(self, book: Book | SourceError | None) -> Parsed:
        """The file as read; `book` is what the guard made of it."""
        try:
            if self._error is not None:
                raise self._error
            if isinstance(book, SourceError):
                raise book
            return self._read(book)
        except SourceError as error:
            return self._desk.refuse(error.rule_id, error.found, error.expected, error.remedy)

    def _read(self, book: Book | None) -> Parsed:
        item, desk = self._item, self._desk
        if book is not None and item.kind == "returns":
            return read_return(book, desk)
        chosen = item.mapping or title_mapping(item.kind)
        if book is not None:
            last = max(LOOKED_AT, chosen.header_row)
            read = [Record(number, book.row(number, book.width)) for number in book.rows if number <= last]
            expected = (LISTS_SHEET,) if item.kind == "decisions" else ()
            judge_other_sheets(book, desk, lambda rows: holds_records(rows, chosen, read), expected)
            return read_table(sheet_grid(book, chosen), desk, chosen)
        data = item.path.read_bytes()
        if item.kind == "notices":
            return read_releases(data, desk, item.authority_ids)
        return read_table(read_delimited(data, chosen), desk, chosen)


def reader_version(kind: str, mapping: HeaderMapping | None = None, authority_ids: Sequence[str] = ()) -> str:
    """Which reader, mapping and identities make the result; the same version never reads a file twice."""
    version = READER_VERSIONS[kind]
    if kind == "notices":
        identities = "\n".join(sorted(set(authority_ids)))
        return f"{version}+{hashlib.sha256(identities.encode()).hexdigest()[:12]}"
    if kind == "returns":
        return version
    return f"{version}+{(mapping or title_mapping(kind)).version}"


def sheet_grid(book: Book, mapping: HeaderMapping) -> Grid:
    """A sheet as a table, its heading where `mapping` says or the titles stand; empty rows never arrive."""
    if not book.rows:
        raise SourceLayoutError(
            "The first sheet is empty", expected="a heading and rows", remedy="Send the file again"
        )
    width = book.width
    records = tuple(
        Record(number, book.row(number, width))
        for number, cells in book.rows.items()
        if not all(is_empty(cell) for cell in cells.values())
    )
    place = heading_place(records, mapping)
    first_row = records[place].number + 1

    def judge(desk: Desk, columns: Mapping[int, str]) -> Mapping[int, Sequence[Held]]:
        return judge_book(book, desk, InputRange(first_row, columns))

    return Grid(
        book.sheet or "",
        records[place],
        records[place + 1 :],
        book.rows_from(1, range(width)) - 1,
        width_binds=False,
        above=records[:place],
        judge=judge,
    )


def _is_workbook(item: Item, desk: Desk) -> bool:
    """Whether the guard is to open the file. Raises SourceError for a file that is not what it should be."""
    size = item.path.stat().st_size
    if size > MAX_BYTES:
        raise SourceUnreadableError(f"The file is {size / 1024**2:,.0f} MB large", expected="at most 100 MB")
    data = item.path.read_bytes()
    if item.kind == "returns":
        refuse_other_formats(data)
        return True
    _check_name(desk, data)
    if is_binary(data):
        refuse_other_formats(data)
        return True
    return False


def _check_name(desk: Desk, data: bytes) -> None:
    """The name and the content of a file agree; a name without an ending we know goes by the content."""
    name = desk.file.file_name.lower()
    if not data.strip():
        raise SourceUnreadableError(
            "The file is empty", expected="a heading and rows", remedy="Send the file again"
        )
    binary = is_binary(data)
    if name.endswith(_WORKBOOK_NAMES):
        refuse_other_formats(data)
    if binary and (desk.kind == "notices" or name.endswith(_TEXT_NAMES)):
        refuse_other_formats(data)
        raise unreadable(
            "The file is a zip file or workbook", expected="text, as its name or its source says"
        )
    if not binary and is_web_page(data):
        raise SourceUnreadableError("The file is a web page (HTML) or XML", expected="delimited text or JSON")

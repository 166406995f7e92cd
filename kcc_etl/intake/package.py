"""What an XLSX file is before anything opens it: cheap checks of the zip, and a count of rows of its own.

Limits are those of `reference/hazards.md` §1.3, rows 1 to 3, 14 and 15.
Does not belong here: values of cells (`workbook`), what they mean.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.grid import column_index, column_letter

MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
MAX_PARTS = 1000
MAX_ROWS = 20_000
MAX_COLUMNS = 200

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = "The workbook is damaged"
_TYPES = "[Content_Types].xml"
_STRICT = "http://purl.oclc.org/ooxml"
_FRESH_COPY = "Open it, save a fresh copy as an Excel workbook (.xlsx), and send that"
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, whether a person sees it, and the part that holds it."""

    name: str
    visible: bool
    part: str


@dataclass
class Scan:
    """What a sheet holds, counted from its XML: cells that say something, and formulas without a result."""

    cells: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)

    def rows_from(self, first: int, columns: range) -> int:
        """How many rows from `first` on say something in one of the columns (counted from 0)."""
        return len({row for row, column in self.cells if row >= first and column in columns})


def unreadable(
    found: str, expected: str = "an Excel workbook (.xlsx)", remedy: str = _FRESH_COPY
) -> SourceUnreadableError:
    """The error of a workbook that cannot be opened, with the remedy that nearly always works."""
    return SourceUnreadableError(found, expected=expected, remedy=remedy)


class Package:
    """An XLSX file judged safe to open. Raises SourceUnreadableError when it is not one, or not safe."""

    def __init__(self, data: bytes) -> None:
        refuse_other_formats(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {info.filename: info for info in self._zip.infolist()}
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
            UnicodeDecodeError,
            RuntimeError,
        ):
            raise unreadable(_DAMAGED + " (it is no complete zip file)") from None
        _check_zip(self._zip.infolist())
        if _TYPES not in self._parts:
            raise unreadable(_other_zip(self._zip, self._parts))
        if "xl/workbook.bin" in self._parts:
            raise unreadable("The file is a binary Excel workbook (.xlsb)")
        for name in sorted(self._parts):
            if name.lower().endswith((".xml", ".rels", ".vml")):
                _refuse_instructions(self.part(name))

    def part(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            return self._zip.read(name)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ):
            raise unreadable(f"{_DAMAGED} (its part '{name[:60]}' cannot be read)") from None

    def sheets(self) -> tuple[Sheet, ...]:
        """The worksheets in the order of their tabs; chart sheets hold no cells and are left out."""
        main = self._main_part()
        folder = posixpath.dirname(main)
        targets = self._relationships(f"{folder}/_rels/{posixpath.basename(main)}.rels")
        sheets: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
                kind, target = targets.get(relation, ("", ""))
                part = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                )
                if kind.endswith("/worksheet"):
                    state = attributes.get("state", "visible")
                    sheets.append(Sheet(attributes.get("name", ""), state == "visible", part))

        data = self.part(main)
        if _STRICT.encode() in data[:4096]:
            raise unreadable("The file is a 'Strict Open XML' workbook, which cannot be read yet")
        _parse(data, start)
        if not sheets:
            raise unreadable("The workbook has no sheet with cells")
        return tuple(sheets)

    def scan(self, sheet: Sheet) -> Scan:
        """What the sheet holds, by its own count. Raises SourceUnreadableError past the limits of a sheet."""
        scan = _SheetScan(self._blank_strings())
        _parse(self.part(sheet.part), scan.start, scan.end, scan.text)
        far = max(
            scan.result.cells,
            default=(0, 0),
            key=lambda c: (max(c[0] - MAX_ROWS, 0), max(c[1] - MAX_COLUMNS + 1, 0)),
        )
        if far[0] > MAX_ROWS or far[1] >= MAX_COLUMNS:
            raise unreadable(
                f"Sheet '{sheet.name}' has a value as far out as cell {column_letter(far[1])}{far[0]}",
                expected=f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns",
                remedy="Delete stray values, or send the table as CSV UTF-8",
            )
        return scan.result

    def _main_part(self) -> str:
        for kind, target in self._relationships("_rels/.rels").values():
            if kind.endswith("/officeDocument"):
                return target.lstrip("/")
        raise unreadable("The file is no workbook")

    def _relationships(self, part: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))

        _parse(self.part(part), start)
        return found

    def _blank_strings(self) -> set[int]:
        """Which of the shared strings are nothing but spaces."""
        part = next((name for name in sorted(self._parts) if name.lower() == "xl/sharedstrings.xml"), None)
        if part is None:
            return set()
        texts: list[str] = []
        path: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            path.append(name)
            if name == "si":
                texts.append("")

        def end(name: str) -> None:
            path.pop()

        def text(characters: str) -> None:
            if path[-1] == "t" and "rPh" not in path and texts:
                texts[-1] += characters

        _parse(self.part(part), start, end, text)
        return {place for place, words in enumerate(texts) if not words.strip()}


class _SheetScan:
    """Follows the XML of a sheet. Rows and cells without an address stand after the one before them."""

    def __init__(self, blank_strings: set[int]) -> None:
        self.result = Scan()
        self._blank = blank_strings
        self._row = self._column = 0
        self._kind = self._words = ""
        self._formula = self._has_value = self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
            self._column = -1
        elif name == "c":
            self._locate(attributes.get("r", ""))
            self._kind, self._words = attributes.get("t", "n"), ""
            self._formula = self._has_value = False
        elif name == "f":
            self._formula = True
        elif name in {"v", "t"}:
            self._reading = True

    def _locate(self, reference: str) -> None:
        match = _CELL_REFERENCE.fullmatch(reference)
        self._column = column_index(match[1]) if match else self._column + 1
        if match:
            self._row = int(match[2])

    def text(self, characters: str) -> None:
        if self._reading:
            self._words += characters

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c":
            place = (self._row, self._column)
            if self._formula and not self._words and self._kind not in {"str", "s"}:
                self.result.uncalculated.add(place)
                self.result.cells.add(place)
            elif self._says_something():
                self.result.cells.add(place)

    def _says_something(self) -> bool:
        words = self._words.strip()
        if self._kind == "s" and words.isdecimal():
            return int(words) not in self._blank
        return bool(words)


def refuse_other_formats(data: bytes) -> None:
    """Name what a file is when it is no zip file. Raises SourceUnreadableError."""
    if not data:
        raise unreadable("The file is empty")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise unreadable("The file is password protected", remedy="Remove the password and send it again")
        raise unreadable("The file is an old Excel workbook (.xls)")
    if data.startswith(b"%PDF"):
        raise unreadable("The file is a PDF document")
    if not data.startswith(b"PK"):
        start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        web = start.startswith((b"<!doctype html", b"<html", b"<table"))
        raise unreadable("The file is a web page (HTML)" if web else "The file is not an Excel workbook")


def _check_zip(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise unreadable(f"The workbook has {len(entries):,} parts and could not be opened safely")
    names = [info.filename.casefold() for info in entries]
    if len(set(names)) != len(names):
        raise unreadable("The workbook holds the same part twice and could not be opened safely")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise unreadable(
            "The workbook holds a part that points outside itself and could not be opened safely"
        )
    if any(info.flag_bits & 1 for info in entries):
        raise unreadable("The file is password protected", remedy="Remove the password and send it again")
    total = sum(info.file_size for info in entries)
    bloated = any(
        i.file_size > RATIO_FROM and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in entries
    )
    if total > MAX_UNPACKED or bloated:
        raise unreadable(f"The workbook expands to {total / 1024**2:,.0f} MB and could not be opened safely")
    end = 0
    for info in sorted(entries, key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise unreadable("The workbook has overlapping parts and could not be opened safely")
        end = info.header_offset + info.compress_size


def _other_zip(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> str:
    if "mimetype" in parts and parts["mimetype"].file_size < 200:
        try:
            if b"opendocument" in archive.read("mimetype"):
                return "The file is an OpenDocument file (.ods)"
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ):
            return _DAMAGED
    return "The file is a zip file and not an Excel workbook"


def _refuse_instructions(part: bytes) -> None:
    plain = part.replace(b"\x00", b"") if b"\x00" in part[:4] else part
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise unreadable(
            "The workbook contains instructions that are not accepted (a document type definition)"
        )


def _refuse_doctype(*_: object) -> None:
    _refuse_instructions(b"<!DOCTYPE")


def _parse(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 65536
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise unreadable(f"{_DAMAGED} (its contents are no well-formed XML)") from None

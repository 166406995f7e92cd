"""What an XLSX file is before anything opens it: cheap checks of the zip, and its parts one by one.

Limits are those of `reference/hazards.md` §1.3, rows 1, 2, 14 and 15.
Does not belong here: what the parts say (`workbooks.parts`, `sheet_xml`).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from kcc_etl.exceptions import SourceError, SourceUnreadableError, SourceUnsafeError

MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
MAX_PARTS = 1000

DAMAGED = "The workbook is damaged"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STREAM_OF_THAT_NAME = (len(_ENCRYPTED) + 2).to_bytes(2, "little") + b"\x02"
_TYPES = "[content_types].xml"
_FRESH_COPY = "Open it, save a fresh copy as an Excel workbook (.xlsx), and send that"
_CHUNK = 1 << 18
_SMALL = 1 << 14
_PROLOG = 1 << 10
"""Bytes at a time in which the first element of a part is looked for; no document type can come after it."""
_LOCAL_HEADER = 30
# What the zip and XML libraries raise over damaged files, by 38,715 of them.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    NotImplementedError,
)

_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]

StartElement = Callable[[str, dict[str, str]], None]


def unreadable(
    found: str,
    expected: str = "an Excel workbook (.xlsx)",
    remedy: str = _FRESH_COPY,
    rule_id: str = "IN-001",
) -> SourceUnreadableError:
    """The error of a workbook that cannot be read, with the remedy that nearly always works."""
    return SourceUnreadableError(found, expected=expected, remedy=remedy, rule_id=rule_id)


def unsafe(found: str, rule_id: str = "IN-010") -> SourceUnsafeError:
    """The error of a workbook that is not opened at all."""
    return SourceUnsafeError(
        f"{found}; it was not opened",
        expected="an Excel workbook (.xlsx)",
        remedy=_FRESH_COPY,
        rule_id=rule_id,
    )


class Package:
    """An XLSX file judged safe to open; part names are told apart without regard to case.

    Raises SourceUnreadableError when it is none, SourceUnsafeError when it is not safe.
    """

    def __init__(self, data: bytes) -> None:
        refuse_other_formats(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _ZIP_FAULTS:
            raise unreadable(f"{DAMAGED} (it is no complete zip file)") from None
        _check_zip(entries)
        self._parts = {_folded(info.filename): info for info in entries}
        self._names = sorted(self._parts)
        self._small: dict[str, bytes] = {}
        if _TYPES not in self._parts:
            raise unreadable(self._other_zip())
        if "xl/workbook.bin" in self._parts:
            raise unreadable("The file is a binary Excel workbook (.xlsb)")

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return self._names

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, a quarter of a megabyte at a time. Small ones are unpacked once."""
        folded = _folded(name)
        if folded in self._small:
            yield self._small[folded]
            return
        try:
            info = self._parts[folded]
            with self._zip.open(info) as stream:
                if info.file_size <= _SMALL:
                    self._small[folded] = stream.read()
                    yield self._small[folded]
                    return
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _ZIP_FAULTS:
            raise unreadable(f"{DAMAGED} (its part '{name[:60]}' cannot be read)") from None

    def parse(
        self,
        name: str,
        start: StartElement,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        edit: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
    ) -> None:
        """Follow the XML of a part; names come with their namespace and a space before them.

        `edit` may change the bytes before they are followed. Raises SourceUnsafeError at a document type,
        SourceUnreadableError at anything ill-formed.
        """
        parser = _parser()
        parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for chunk in edit(self.chunks(name)):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except SourceError:
            raise
        except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
            if getattr(error, "code", None) == _NO_MEMORY:
                raise MemoryError from None
            raise unreadable(f"{DAMAGED} (its contents are no well-formed XML)") from None

    def check(self, read: set[str]) -> None:
        """Every part but those `read` is whole, and none that is XML has a document type of its own.

        Raises SourceUnsafeError and SourceUnreadableError.
        """
        done = {_folded(name) for name in read}
        for name in self.names:
            if name not in done:
                self._check_part(name)

    def _check_part(self, name: str) -> None:
        parser: expat.XMLParserType | None = None
        begun: list[str] = []
        for number, chunk in enumerate(self.chunks(name)):
            if number == 0 and _looks_like_xml(chunk):
                parser = _parser()
                parser.StartElementHandler = lambda element, _: begun.append(element)
            if parser is None or begun:
                continue
            try:
                for start in range(0, len(chunk), _PROLOG):
                    parser.Parse(chunk[start : start + _PROLOG], False)
                    if begun:
                        break
            except (expat.ExpatError, ValueError, LookupError):
                # Nobody reads this part as XML; what it holds as bytes is still looked at.
                _refuse_instructions(chunk)
                parser = None

    def _other_zip(self) -> str:
        kind = self._parts.get("mimetype")
        if kind and kind.file_size < 200 and b"opendocument" in b"".join(self.chunks("mimetype")):
            return "The file is an OpenDocument file (.ods)"
        return "The file is a zip file and not an Excel workbook"


def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def whole_number(text: str | None, other: int) -> int:
    """What up to nine digits say: a row, a column, the place of a text; `other` for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdecimal() else other


def refuse_other_formats(data: bytes) -> None:
    """Name what a file is when it is no zip file. Raises SourceUnreadableError."""
    if not data:
        raise unreadable("The file is empty")
    if data.startswith(_OLE):
        if _is_encrypted(data):
            raise _protected()
        raise unreadable("The file is an old Excel workbook (.xls)")
    if data.startswith(b"%PDF"):
        raise unreadable("The file is a PDF document")
    if not data.startswith(b"PK"):
        start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        web = start.startswith((b"<!doctype html", b"<html", b"<table"))
        raise unreadable("The file is a web page (HTML)" if web else "The file is not an Excel workbook")


def _is_encrypted(data: bytes) -> bool:
    """Whether an OLE file has a stream called EncryptedPackage: [MS-CFB] 2.6.1, name, its length, kind 2."""
    place = data.find(_ENCRYPTED)
    while place >= 0:
        if data[place + 64 : place + 67] == _STREAM_OF_THAT_NAME:
            return True
        place = data.find(_ENCRYPTED, place + 1)
    return False


def _looks_like_xml(start: bytes) -> bool:
    return start[:512].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def _protected() -> SourceUnreadableError:
    return unreadable(
        "The file is password protected", remedy="Remove the password and send it again", rule_id="IN-022"
    )


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _check_zip(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise unsafe(f"The workbook has {len(entries):,} parts")
    names = [_folded(info.filename) for info in entries]
    if len(set(names)) != len(names):
        raise unsafe("The workbook holds the same part twice")
    if any(info.filename.startswith("/") for info in entries) or any(_points_out(name) for name in names):
        raise unsafe("The workbook holds a part that points outside itself")
    if any(info.flag_bits & 1 for info in entries):
        raise _protected()
    total = sum(info.file_size for info in entries)
    bloated = any(
        i.file_size > RATIO_FROM and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in entries
    )
    if total > MAX_UNPACKED or bloated:
        raise unsafe(f"The workbook expands to {total / 1024**2:,.0f} MB")
    end = 0
    for info in sorted(entries, key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise unsafe("The workbook has overlapping parts")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size


def _points_out(name: str) -> bool:
    return ".." in name.split("/") or "\x00" in name or name[1:2] == ":"


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 65536
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_instructions(part: bytes) -> None:
    plain = part.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        _refuse_doctype()


def _refuse_doctype(*_: object) -> None:
    raise unsafe(
        "The workbook contains instructions that are not accepted (a document type definition)", "IN-011"
    )

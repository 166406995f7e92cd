"""OpenDocument and Word files as parts: judged safe before anything is unpacked, XML without document types.

Does not belong here: Excel workbooks (`parts`, through the guard of intake), rules.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.workbooks.package import MAX_PARTS, MAX_UNPACKED, unreadable, unsafe

_HEADER = 30
_SIZES = 24
_END, _END_BYTES = b"PK\x05\x06", 22
_MOST_XML = 60 * 1024 * 1024
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    NotImplementedError,
)


class Zipped:
    """The parts of a file by name. Raises SourceError when it is no whole zip file, or unsafe to unpack."""

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _refuse_unsafe(archive.infolist())
                self._parts = {name: archive.read(name) for name in archive.namelist()}
                self.unaccounted = unaccounted(content, archive)
        except _FAULTS:
            raise _damaged("it is no whole zip file") from None

    @property
    def names(self) -> list[str]:
        """The names of the parts, in their order."""
        return list(self._parts)

    @property
    def remarks(self) -> list[str]:
        """The parts whose XML holds remarks, which no program shows."""
        texts = [name for name in self._parts if name.endswith((".xml", ".rels"))]
        return [name for name in texts if b"<!--" in self._parts[name]]

    def tree(self, name: str) -> Element:
        """The XML of a part, names with their namespaces; an empty element when there is no such part."""
        content = self._parts.get(name, b"")
        if not content:
            return Element("nothing")
        if len(content) > _MOST_XML:
            raise unreadable(
                f"The part '{name[:60]}' is too large to be checked",
                "a file of which no part is over 60 MB",
                "Publish large tables as CSV",
                "IN-023",
            )
        parser = XMLParser(target=_NoDoctype())  # noqa: S314 - stops at a document type, and with it at entities
        try:
            parser.feed(content)
            tree: Element = parser.close()
        except (ParseError, ValueError, LookupError):
            raise _damaged("its contents are no well-formed XML") from None
        return tree


class _NoDoctype(TreeBuilder):
    """Builds a tree, and stops at a document type: entities of its own could be anything."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise unsafe("The file has a document type of its own", rule_id="IN-011")


def unaccounted(content: bytes, file: zipfile.ZipFile) -> int:
    """Bytes that belong to no part and not to the list of parts: before, between and after them, remarks."""
    held = sum(_length(content, info) for info in file.infolist())
    after = len(content) - content.rfind(_END) - _END_BYTES
    return max(file.start_dir - held, 0) + max(after, 0)


def _length(content: bytes, info: zipfile.ZipInfo) -> int:
    """The bytes of a part with its header, its name, and its sizes where these stand after it."""
    start = info.header_offset + _HEADER
    named = sum(int.from_bytes(content[start - n : start - n + 2], "little") for n in (4, 2))
    return _HEADER + named + info.compress_size + (_SIZES if info.flag_bits & 8 else 0)


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def of(element: Element, name: str) -> str:
    """An attribute by its local name; empty when it is not there."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _damaged(what: str) -> SourceError:
    return unreadable(f"The file is damaged ({what})", "a sound file", "Open it and save a fresh copy")


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise unsafe(f"The file has {len(entries):,} parts")
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise unsafe("The file holds the same part twice")
    # No limit on how much a part expands: an ODS file says the style of every cell, and shrinks more than a
    # hundredfold where its rows are alike.
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise unsafe(f"The file expands to more than {MAX_UNPACKED // 1024**2} MB")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise unsafe("The file has a part that points outside itself")
        if entry.flag_bits & 1:
            raise unreadable(
                "The file is password protected", "a file that opens", "Remove the password", "IN-022"
            )

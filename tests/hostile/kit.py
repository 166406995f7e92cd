"""Tools to spoil a sound workbook: its zip, its parts, single cells; and containers written byte by byte.

Does not belong here: which files are spoilt how (`packages`, `cells`, `tables`), what is expected of them.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from kcc_etl.intake.cells.grid import column_letter

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
STYLES = "xl/styles.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_DAY = (1980, 1, 1, 0, 0, 0)
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a zip in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts; the same parts give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), content, method)
    return stream.getvalue()


def with_parts(data: bytes, more: Mapping[str, bytes]) -> bytes:
    """The workbook with further parts, or others in their place."""
    return pack({**unpack(data), **more})


def edited(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The workbook with texts of one part replaced, each once; a text that is not there is an error."""
    parts = unpack(data)
    text = parts[part].decode()
    for old, new in changes:
        if old not in text:
            raise LookupError(f"{old!r} is not in {part}")
        text = text.replace(old, new, 1)
    return pack({**parts, part: text.encode()})


def with_cells(data: bytes, cells: Mapping[str, str], part: str = SHEET) -> bytes:
    """The workbook with cells of a sheet replaced by the XML given, or added to their row; "" takes one out.

    `{r}` in the XML stands for the address. A row that is not there is added at the end.
    """
    parts = unpack(data)
    text = parts[part].decode()
    for address, xml in cells.items():
        text = _with_cell(text, address, xml.replace("{r}", address))
    return pack({**parts, part: text.encode()})


def _with_cell(text: str, address: str, xml: str) -> str:
    there = re.compile(rf'<c r="{address}"(?: [^>]*)?(?:/>|>.*?</c>)', re.S)
    if there.search(text):
        return there.sub(lambda _: xml, text, count=1)
    row = re.sub(r"[A-Z]", "", address)
    line = re.compile(rf'(<row r="{row}"[^>]*?)(/>|>(.*?)</row>)', re.S)
    found = line.search(text)
    if found is None:
        return text.replace("</sheetData>", f'<row r="{row}">{xml}</row></sheetData>', 1)
    body = found[3] or ""
    place = sum(len(c) for c in re.findall(r"<c .*?(?:/>|</c>)", body, re.S) if _before(c, address))
    return line.sub(lambda m: f"{m[1]}>{body[:place]}{xml}{body[place:]}</row>", text, count=1)


def _before(cell: str, address: str) -> bool:
    other = re.match(r'<c r="([A-Z]+)', cell)
    mine = re.sub(r"[0-9]", "", address)
    return other is not None and (len(other[1]), other[1]) < (len(mine), mine)


def sheet_xml(rows: Sequence[Sequence[str]]) -> str:
    """The rows of a sheet, every cell a text."""
    return "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{column_letter(place)}{n}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for place, text in enumerate(row)
            if text
        )
        + "</row>"
        for n, row in enumerate(rows, 1)
    )


def number(value: object, style: str = "") -> str:
    """The XML of a number cell."""
    return f'<c r="{{r}}"{style}><v>{value}</v></c>'


def inline(text: str) -> str:
    """The XML of a cell with its text in it."""
    return f'<c r="{{r}}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def formula(words: str, cached: object | None, kind: str = "") -> str:
    """The XML of a formula cell with its stored result, or without one."""
    stored = "" if cached is None else f"<v>{cached}</v>"
    typed = f' t="{kind}"' if kind else ""
    return f'<c r="{{r}}"{typed}><f>{words}</f>{stored}</c>'


def error(code: str) -> str:
    """The XML of an error cell."""
    return f'<c r="{{r}}" t="e"><v>{code}</v></c>'


def related(data: bytes, kind: str, target: str, *, external: bool = False) -> bytes:
    """The workbook with one more relation of its main part."""
    mode = ' TargetMode="External"' if external else ""
    relation = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return edited(data, RELATIONS, ("</Relationships>", relation))


@dataclass
class Entry:
    """One entry of a zip written by hand; what its headers claim may be false.

    `size` and `crc` None mean the truth. `at` shares the local header of the entry of that place.
    """

    name: str
    content: bytes = b""
    size: int | None = None
    crc: int | None = None
    method: int = 8
    flags: int = 0
    at: int | None = None


def raw_zip(entries: Sequence[Entry]) -> bytes:
    """A zip whose headers say what the entries say."""
    body, central, offsets = bytearray(), bytearray(), []
    for entry in entries:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(entry.content) + packer.flush() if entry.method == 8 else entry.content
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        size = len(entry.content) if entry.size is None else entry.size
        name = entry.name.encode()
        offset = len(body) if entry.at is None else offsets[entry.at]
        offsets.append(offset)
        head = struct.pack(
            "<HHHHHIIIHH", 20, entry.flags, entry.method, 0, 33, crc, len(packed), size, len(name), 0
        )
        if entry.at is None:
            body += b"PK\x03\x04" + head + name + packed
        central += (
            b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name
        )
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(central), len(body), 0)
    return bytes(body + central + b"PK\x05\x06" + end)


def entries_of(data: bytes) -> list[Entry]:
    """A sound zip as entries, to be falsified."""
    return [Entry(name, content) for name, content in unpack(data).items()]


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file (version 3) of up to three streams, each filled up to 4,096 bytes or more."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    padded = {name: c + bytes(-len(c) % _SECTOR) for name, c in padded.items()}
    table = [_FAT, _END]
    directory = _ole_entry("Root Entry", 5, child=1 if padded else _FREE, start=_END, size=0)
    body = b""
    for place, (name, content) in enumerate(padded.items(), 1):
        count, start = len(content) // _SECTOR, len(table)
        table += [*range(start + 1, start + count), _END]
        right = place + 1 if place < len(padded) else _FREE
        directory += _ole_entry(name, 2, right=right, start=start, size=len(content))
        body += content
    directory = directory.ljust(_SECTOR, b"\0")
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    return header + struct.pack(f"<{_SECTOR // 4}I", *table[: _SECTOR // 4]) + directory + body


def _ole_entry(
    name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE
) -> bytes:
    words = (name + "\0").encode("utf-16-le")
    entry = words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, _FREE, right, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def every(data: bytes, change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """The workbook with one part changed by a function."""
    parts = unpack(data)
    return pack({**parts, part: change(parts[part])})

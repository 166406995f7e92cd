"""Hazards 1 to 4 and 14 to 16: what is wrong with the package before any cell is read.

Does not belong here: spoilt cells (`cells`), spoilt tables and text (`tables`).
"""

from __future__ import annotations

import functools
import io
import zipfile

from tests.hostile import bases
from tests.hostile.cases import Case, held, unsafe
from tests.hostile.kit import (
    RELATIONS,
    SHEET,
    STRINGS,
    TYPES,
    WORKBOOK,
    Entry,
    edited,
    entries_of,
    every,
    inline,
    number,
    ole,
    pack,
    raw_zip,
    unpack,
    with_cells,
    with_parts,
)

_MIB = 1 << 20
_DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'
_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "' + f"&lol{n - 1 or ''};" * 10 + '">' for n in range(1, 10))
    + "]>"
)
_HEAD = "?>\n"
_MACRO_RELATION = (
    '<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
    'Target="odd/notes.dat"/>'
)


def _return() -> bytes:
    return bases.return_file()


def _bomb_of_zeros() -> bytes:
    """20 MB that travel as 20 kB."""
    return every(_return(), lambda part: part + b"<!--" + b" " * (20 * _MIB) + b"-->")


def _bomb_in_picture() -> bytes:
    return with_parts(_return(), {"xl/media/image1.png": bytes(30 * _MIB)})


def _big_but_even() -> bytes:
    """Over 100 MB in parts whose ratio is below 100: only the sum gives it away."""
    block = bytes((n * 73 + n // 7) % 251 for n in range(120)) + bytes(4000)
    part = block * (6 * _MIB // len(block))
    return with_parts(_return(), {f"xl/media/image{n}.bin": part for n in range(18)})


def _many_parts() -> bytes:
    return with_parts(_return(), {f"customXml/item{n}.xml": b"<a/>" for n in range(1001)})


def _overlapping() -> bytes:
    entries = entries_of(_return())
    sheet = next(n for n, entry in enumerate(entries) if entry.name == SHEET)
    return raw_zip([*entries, Entry("xl/worksheets/sheet2.xml", entries[sheet].content, at=sheet)])


def _kernel_shared() -> bytes:
    """One kernel of zeros named by 200 entries, as 42.zip's better successors do."""
    kernel = Entry("xl/media/a.bin", bytes(_MIB))
    more = [Entry(f"xl/media/b{n}.bin", kernel.content, at=0) for n in range(200)]
    return raw_zip([kernel, *more, *(Entry(n, c) for n, c in unpack(_return()).items())])


def _twice(name: str) -> bytes:
    return raw_zip([*entries_of(_return()), Entry(name, b"<worksheet/>")])


def _outside(name: str) -> bytes:
    return raw_zip([*entries_of(_return()), Entry(name, b"x")])


def _zip_in_zip() -> bytes:
    inner = pack({f"{n}.txt": bytes(_MIB) for n in range(4)})
    return with_parts(_return(), {"xl/embeddings/package1.zip": inner})


def _understated() -> bytes:
    """The sheet claims 40 bytes; what is packed is the whole of it."""
    return raw_zip(
        [Entry(e.name, e.content, size=40) if e.name == SHEET else e for e in entries_of(_return())]
    )


def hazard_1() -> list[Case]:
    """Zip bombs and zip tricks."""
    return [
        *unsafe(
            1, "IN-010", "returns",
            ("20 MB of spaces in the sheet", _bomb_of_zeros),
            ("30 MB of zeros as a picture", _bomb_in_picture),
            ("108 MB without a bad ratio", _big_but_even),
            ("1,001 more parts", _many_parts),
            ("two parts in the same bytes", _overlapping),
            ("a kernel shared by 200 parts", _kernel_shared),
            ("the sheet twice", functools.partial(_twice, SHEET)),
            ("the sheet twice in other case", functools.partial(_twice, SHEET.upper())),
            ("a part above the folder", functools.partial(_outside, "../../../../tmp/evil.xml")),
            ("a part from the root", functools.partial(_outside, "/etc/cron.d/evil")),
            ("a part above, by backslashes", functools.partial(_outside, "xl\\..\\..\\evil.xml")),
        ),
        *held(1, "IN-001", "returns", ("the sheet claims 40 bytes", _understated)),
    ]  # fmt: skip


def _doctype(part: str, words: str = _DOCTYPE) -> bytes:
    return edited(_return(), part, (_HEAD, _HEAD + words))


def _laughs() -> bytes:
    return edited(_return(), STRINGS, (_HEAD, _HEAD + _LAUGHS), ("<t>", "<t>&lol9;"))


def _outside_entity(address: str) -> bytes:
    words = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
    return edited(_return(), STRINGS, (_HEAD, _HEAD + words), ("<t>", "<t>&e;"))


def _doctype_in_utf_16() -> bytes:
    def change(part: bytes) -> bytes:
        text = (
            part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').replace(_HEAD, _HEAD + _DOCTYPE, 1)
        )
        return text.encode("utf-16")

    return every(_return(), change)


def _doctype_under_another_ending() -> bytes:
    """The sheet stands in a part that is not named .xml."""
    parts = unpack(_return())
    sheet = parts.pop(SHEET).replace(_HEAD.encode(), (_HEAD + _DOCTYPE).encode(), 1)
    parts["xl/worksheets/sheet1.dat"] = sheet
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.dat")
    parts[TYPES] = parts[TYPES].replace(b"sheet1.xml", b"sheet1.dat")
    return pack(parts)


def hazard_2() -> list[Case]:
    """Document types and entities."""
    return unsafe(
        2, "IN-011", "returns",
        ("entity in the sheet", functools.partial(_doctype, SHEET)),
        ("billion laughs", _laughs),
        ("local file as entity", functools.partial(_outside_entity, "file:///etc/passwd")),
        ("address as entity", functools.partial(_outside_entity, "http://127.0.0.1:9/x")),
        ("document type in the properties", functools.partial(_doctype, "docProps/core.xml")),
        ("document type in the relations", functools.partial(_doctype, RELATIONS)),
        ("document type in the workbook part", functools.partial(_doctype, WORKBOOK, "<!DOCTYPE workbook>")),
        ("document type in UTF-16", _doctype_in_utf_16),
        ("document type in a part of another ending", _doctype_under_another_ending),
    )  # fmt: skip


def _tall(rows: int) -> bytes:
    last = "".join(f'<row r="{n}"><c r="E{n}"><v>1</v></c></row>' for n in range(21, rows + 1))
    return edited(_return(), SHEET, ("</sheetData>", last + "</sheetData>"))


def _claimed(reference: str, data: bytes, old: str) -> bytes:
    return edited(data, SHEET, (f'<dimension ref="{old}"/>', f'<dimension ref="{reference}"/>'))


def hazard_3() -> list[Case]:
    """Used ranges that no return or register has, and claims about them that are false."""
    return [
        *held(
            3, "IN-012", "returns",
            ("value in the last cell of all", lambda: with_cells(_return(), {"XFD1048576": number(1)})),
            ("text in the last cell of all", lambda: with_cells(_return(), {"XFD1048576": inline("x")})),
            says="XFD1048576",
        ),
        *held(3, "IN-012", "returns", ("value in column 201", lambda: with_cells(_return(), {"GS13": number(1)})), says="GS13"),
        *held(3, "IN-012", "returns", ("20,001 rows", lambda: _tall(20_001)), says="20001"),
        *held(
            3, "IN-012", "register",
            ("register with a value in column XFD", lambda: with_cells(bases.register_xlsx(), {"XFD3": number(1)})),
            says="XFD3",
        ),
        Case(
            3, "styled blank in the last cell of all", "returns",
            lambda: with_cells(_return(), {"XFD1048576": '<c r="{r}" s="1"/>'}), rows=(5, 0, 0),
        ),
        Case(3, "claims a million rows", "returns", lambda: _claimed("A1:XFD1048576", _return(), "A1:H20"), rows=(5, 0, 0)),
        Case(3, "claims one cell", "returns", lambda: _claimed("A1", _return(), "A1:H20"), rows=(5, 0, 0)),
        Case(3, "register claims one cell", "register", lambda: _claimed("A1", bases.register_xlsx(), "A1:G7"), rows=(6, 0, 0)),
        Case(3, "claims a range that is none", "returns", lambda: _claimed("H20:A1", _return(), "A1:H20"), rows=(5, 0, 0)),
    ]  # fmt: skip


def _macro_enabled() -> bytes:
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    data = edited(_return(), TYPES, (plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    return with_parts(data, {"xl/vbaProject.bin": ole({"VBA": b"Sub Auto_Open()"})})


def _macros_renamed() -> bytes:
    data = edited(_return(), RELATIONS, ("</Relationships>", _MACRO_RELATION + "</Relationships>"))
    return with_parts(data, {"xl/odd/notes.dat": ole({"VBA": b"Sub Auto_Open()"})})


def hazard_4() -> list[Case]:
    """Programs inside the workbook."""
    data = _return
    return [
        *held(
            4, "IN-013", "returns",
            ("macros in an .xlsx", lambda: with_parts(data(), {"xl/vbaProject.bin": ole({"VBA": b"x"})})),
            ("macros under another name", _macros_renamed),
            ("macro sheet", lambda: with_parts(data(), {"xl/macrosheets/sheet1.xml": b"<macrosheet/>"})),
            ("ActiveX control", lambda: with_parts(data(), {"xl/activeX/activeX1.xml": b"<ocx/>", "xl/activeX/activeX1.bin": b"x"})),
            ("embedded OLE object", lambda: with_parts(data(), {"xl/embeddings/oleObject1.bin": ole({"Package": b"x"})})),
            ("zip inside the zip", _zip_in_zip),
        ),
        *held(4, "IN-013", "returns", ("macro-enabled workbook", _macro_enabled), file="2026-27-Q2/KSW-0001.xlsm"),
        *held(4, "IN-013", "register", ("register with macros", lambda: with_parts(bases.register_xlsx(), {"xl/vbaProject.bin": b"x"}))),
    ]  # fmt: skip


def _encrypted() -> bytes:
    return ole({"EncryptedPackage": bytes(range(256)) * 24, "EncryptionInfo": b"\4\0\4\0"})


def _zip_with_password() -> bytes:
    return raw_zip([Entry(e.name, e.content, flags=1) for e in entries_of(_return())])


def hazard_14() -> list[Case]:
    """Passwords."""
    return [
        *held(14, "IN-022", "returns", ("return with a password", _encrypted), ("entries with a password", _zip_with_password), says="password"),
        *held(14, "IN-022", "register", ("register with a password", _encrypted), says="password"),
        *held(14, "IN-022", "payments", ("ledger with a password, named .csv", _encrypted), file="ledger.csv"),
        *held(14, "IN-022", "decisions", ("decisions with a password", _encrypted), file="decisions.xlsx"),
        *held(
            14, "IN-001", "returns",
            ("old workbook that mentions the word", lambda: ole({"Workbook": "EncryptedPackage".encode("utf-16-le")})),
        ),
    ]  # fmt: skip


def _ods() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content xmlns:office='urn:o'/>")
    return stream.getvalue()


def _binary_workbook() -> bytes:
    parts = unpack(_return())
    parts["xl/workbook.bin"] = parts.pop(WORKBOOK)
    return pack(parts)


def _word() -> bytes:
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return pack({TYPES: types, "word/document.xml": b"<w/>", "_rels/.rels": b"<Relationships/>"})


def hazard_15() -> list[Case]:
    """Files that are not what their name says."""
    html = b"<html><body><table><tr><td>Contract reference</td></tr></table></body></html>"
    return [
        *held(
            15, "IN-001", "returns",
            ("old .xls under .xlsx", lambda: ole({"Workbook": b"\x09\x08\x10\x00"})),
            ("OpenDocument under .xlsx", _ods),
            ("binary workbook under .xlsx", _binary_workbook),
            ("web page under .xlsx", lambda: html),
            ("PDF under .xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
            ("Word document under .xlsx", _word),
            ("text under .xlsx", bases.register_csv),
            ("plain zip under .xlsx", lambda: pack({"readme.txt": b"hello"})),
            ("PNG under .xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ),
        *held(15, "IN-001", "register", ("text under .xlsx, register", bases.register_csv)),
        *held(15, "IN-001", "payments", ("web page under .csv", lambda: html), file="ledger.csv"),
        *held(15, "IN-001", "payments", ("login page under .csv", lambda: b"<!DOCTYPE html>\n<title>Sign in</title>"), file="ledger.csv"),
        *held(15, "IN-001", "payments", ("workbook under .csv", bases.ledger_xlsx), file="ledger.csv"),
        *held(15, "IN-001", "notices", ("workbook under .json", bases.ledger_xlsx)),
        *held(15, "IN-001", "notices", ("login page under .json", lambda: html)),
    ]  # fmt: skip


def _wrong_crc() -> bytes:
    return raw_zip([Entry(e.name, e.content, crc=1) if e.name == SHEET else e for e in entries_of(_return())])


def _without(part: str) -> bytes:
    return pack({name: content for name, content in unpack(_return()).items() if name != part})


def hazard_16() -> list[Case]:
    """Empty, cut off, damaged."""
    half = len(bases.return_file()) // 2
    return [
        *held(
            16, "IN-001", "returns",
            ("no bytes at all", lambda: b""),
            ("one byte", lambda: b"P"),
            ("the first four bytes", lambda: b"PK\x03\x04"),
            ("first half", lambda: _return()[:half]),
            ("last half", lambda: _return()[half:]),
            ("without its list of parts", lambda: _return()[: _return().rindex(b"PK\x01\x02") - 60]),
            ("wrong checksum of the sheet", _wrong_crc),
            ("without its sheet", functools.partial(_without, SHEET)),
            ("without its workbook part", functools.partial(_without, WORKBOOK)),
            ("without its relations", functools.partial(_without, RELATIONS)),
            ("sheet cut off", lambda: every(_return(), lambda part: part[:-200])),
            ("only a list of parts", lambda: pack({TYPES: unpack(_return())[TYPES]})),
        ),
        *held(16, "IN-001", "payments", ("ledger of no bytes", lambda: b""), file="ledger.csv"),
        *held(16, "IN-001", "register", ("register of spaces", lambda: b" \r\n \r\n"), file="register.csv"),
        *held(16, "IN-001", "notices", ("package cut off", lambda: bases.notices_json()[:200])),
        *held(16, "IN-001", "notices", ("package with two lists", lambda: bases.notices_json()[:-1] + b', "releases": []}')),
        *held(16, "IN-001", "decisions", ("decisions of no bytes", lambda: b"")),
    ]  # fmt: skip


def cases() -> list[Case]:
    """All of them."""
    return [
        *hazard_1(), *hazard_2(), *hazard_3(), *hazard_4(), *hazard_14(), *hazard_15(), *hazard_16(),
    ]  # fmt: skip

"""Counts of rows and pence made without a line of the program: csv, zip and ElementTree.

Does not belong here: anything that imports `kcc_etl`.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import zipfile
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

_BYTES_OF_16 = 0.3


def text_of(data: bytes) -> str:
    """The text: by its mark, by its zeros, as UTF-8, else as Windows text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    if data[1::2].count(0) > _BYTES_OF_16 * len(data) / 2:
        return data.decode("utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("œ", "£")


def records_of(data: bytes, heading: str) -> list[list[str]]:
    """The records of delimited text, split by whichever delimiter makes the heading a cell of its own."""
    text = text_of(data)
    for delimiter in ",;\t|":
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if any(heading in (cell.strip() for cell in record) for record in records[:20]):
            return records
    raise LookupError(heading)


def all_sheets(data: bytes) -> list[tuple[str, str, dict[int, dict[int, str]]]]:
    """Every worksheet of a workbook in the order of its tabs: name, state, and its filled cells.

    Cells are by row from 1 and column from 0; formulas count as filled.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.casefold(): name for name in archive.namelist()}

        def part(name: str) -> ElementTree.Element:
            return ElementTree.fromstring(archive.read(names[name.lstrip("/").casefold()]))

        main = next(
            r.get("Target", "") for r in part("_rels/.rels") if r.get("Type", "").endswith("/officeDocument")
        )
        folder = posixpath.dirname(main.lstrip("/"))
        relations = {r.get("Id"): r for r in part(f"{folder}/_rels/{posixpath.basename(main)}.rels")}
        strings: list[str] = []
        if "xl/sharedstrings.xml" in names:
            strings = [_words(e) for e in part("xl/sharedstrings.xml") if _local(e) == "si"]
        found = []
        for sheet in (e for e in part(main).iter() if _local(e) == "sheet"):
            relation = relations[_relation(sheet)]
            if relation.get("Type", "").endswith("/worksheet"):
                target = relation.get("Target", "")
                place = target if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                state = sheet.get("state", "visible")
                found.append((sheet.get("name", ""), state, _rows(part(place), strings)))
        return found


def _relation(sheet: ElementTree.Element) -> str:
    """The relation of a sheet, whose name stands in another namespace in the strict form of the format."""
    return next(value for name, value in sheet.items() if name.endswith("/relationships}id"))


def _rows(sheet: ElementTree.Element, strings: list[str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    number = 0
    for row in (e for e in sheet.iter() if _local(e) == "row"):
        number = int(row.get("r") or number + 1)
        place = -1
        for cell in (e for e in row if _local(e) == "c"):
            match = re.fullmatch(r"([A-Z]+)([0-9]+)", cell.get("r") or "")
            place = _place(match[1]) if match else place + 1
            said = _said(cell, strings)
            if said.strip():
                rows.setdefault(int(match[2]) if match else number, {})[place] = said
    return rows


def _said(cell: ElementTree.Element, strings: list[str]) -> str:
    inner = {_local(e): e for e in cell}
    if cell.get("t") == "inlineStr":
        return _words(inner["is"]) if "is" in inner else ""
    value = (inner["v"].text or "") if "v" in inner else ""
    if not value and "f" in inner and cell.get("t") != "str":
        return "uncalculated"
    return strings[int(value)] if cell.get("t") == "s" and value.strip().isdigit() else value


def _words(element: ElementTree.Element) -> str:
    """Words of a text, without the reading aid of Japanese letters."""
    if _local(element) in {"rPh", "phoneticPr"}:
        return ""
    own = (element.text or "") if _local(element) == "t" else ""
    return own + "".join(_words(child) for child in element)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def pence_of(text: str) -> int:
    """Pence of an amount in pounds; words, parts of a penny and nothing count as none."""
    plain = text.strip().replace(",", "").replace("£", "").replace(" ", "")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    if plain.endswith("-"):
        plain = "-" + plain[:-1]
    try:
        pence = Decimal(plain) * 100
    except InvalidOperation:
        return 0
    whole = pence.to_integral_value() if pence.is_finite() else Decimal(0)
    return int(whole) if pence.is_finite() and abs(pence - whole) < Decimal("0.000001") else 0

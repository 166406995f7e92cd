"""The one way in: a landed file to what the house makes of it, whatever its bytes.

Does not belong here: landing and the ledger (`landing`), storing what was read, any one format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from kcc_etl.exceptions import SettingsError, SourceError, SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.delimited import read_delimited
from kcc_etl.intake.grid import Grid
from kcc_etl.intake.mapping import HeaderMapping, title_mapping
from kcc_etl.intake.package import refuse_other_formats, unreadable
from kcc_etl.intake.parsed import READER_VERSIONS, Desk, FileIdentity, Parsed
from kcc_etl.intake.releases import read_releases
from kcc_etl.intake.returns import read_return
from kcc_etl.intake.tabular import read_table
from kcc_etl.intake.workbook import read_first_sheet

MAX_BYTES = 100 * 1024 * 1024
_WORKBOOK_NAMES = (".xlsx", ".xlsm")
_TEXT_NAMES = (".csv", ".tsv", ".txt", ".json")
_BINARY_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF")
_WEB_STARTS = (b"<!doctype html", b"<html", b"<table", b"<?xml")


def parse(
    path: Path,
    *,
    kind: str,
    file: FileIdentity,
    mapping: HeaderMapping | None = None,
    authority_ids: Sequence[str] = (),
) -> Parsed:
    """What a landed file holds: rows accepted so far, rows set aside, findings, and a receipt.

    `path` is the landed copy, `file` says what it is; `kind` is that of its source. No bytes make this raise:
    a file that cannot be used is refused, with one finding (IN-001, IN-002 or RT-014). Raises SettingsError
    when the mapping is made for another kind.
    """
    if mapping is not None and mapping.kind != kind:
        raise SettingsError(
            f"Source '{file.source_name}' is of kind {kind} and its header mapping of kind {mapping.kind}",
            expected="a mapping of the same kind",
            remedy="Name another mapping in the settings",
        )
    desk = Desk(kind, file, reader_version(kind, mapping, authority_ids))
    try:
        return _read(path, desk, mapping, authority_ids)
    except SourceLayoutError as error:
        return _refused(desk, "IN-002", error)
    except SourceError as error:
        return _refused(desk, "IN-001", error)


def reader_version(kind: str, mapping: HeaderMapping | None = None, authority_ids: Sequence[str] = ()) -> str:
    """Which reader, mapping and identities make the result; the same version never reads a file twice."""
    version = READER_VERSIONS[kind]
    if kind == "notices":
        identities = "\n".join(sorted(set(authority_ids)))
        return f"{version}+{hashlib.sha256(identities.encode()).hexdigest()[:12]}"
    if kind == "returns":
        return version
    return f"{version}+{(mapping or title_mapping(kind)).version}"


def _refused(desk: Desk, rule_id: str, error: SourceError) -> Parsed:
    return desk.refuse(rule_id, error.found, error.expected)


def _read(path: Path, desk: Desk, mapping: HeaderMapping | None, authority_ids: Sequence[str]) -> Parsed:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SourceUnreadableError(f"The file is {size / 1024**2:,.0f} MB large", expected="at most 100 MB")
    data = path.read_bytes()
    if desk.kind == "returns":
        return read_return(data, desk)
    _check_name(desk, data)
    if desk.kind == "notices":
        return read_releases(data, desk, authority_ids)
    chosen = mapping or title_mapping(desk.kind)
    return read_table(_grid(data, chosen.header_row), desk, chosen)


def _grid(data: bytes, header_row: int) -> Grid:
    if data.startswith(_BINARY_STARTS):
        return read_first_sheet(data, header_row)
    return read_delimited(data, header_row)


def _check_name(desk: Desk, data: bytes) -> None:
    """The name and the content of a file agree; a name without an ending we know goes by the content."""
    name = desk.file.file_name.lower()
    if not data.strip():
        raise SourceUnreadableError(
            "The file is empty", expected="a heading and rows", remedy="Send the file again"
        )
    binary = data.startswith(_BINARY_STARTS)
    if name.endswith(_WORKBOOK_NAMES):
        refuse_other_formats(data)
    elif binary and (desk.kind == "notices" or name.endswith(_TEXT_NAMES)):
        refuse_other_formats(data)
        raise unreadable(
            "The file is a zip file or workbook", expected="text, as its name or its source says"
        )
    if not binary and data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_STARTS):
        raise SourceUnreadableError("The file is a web page (HTML) or XML", expected="delimited text or JSON")

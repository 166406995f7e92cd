"""Taking in the files of one kind: land, read what is new, book receipts. Shared by the raw assets.

Does not belong here: how a file is landed or read (`kcc_etl.intake`), how it is stored (`kcc_etl.warehouse`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from kcc_etl.domain.findings import findings_frame
from kcc_etl.intake.copies import sweep_landing
from kcc_etl.intake.landing import (
    LandedFile,
    Source,
    in_force,
    land,
    landed_from_ledger,
    ledger_rows,
    repeated,
)
from kcc_etl.intake.mapping import HeaderMapping, load_mapping
from kcc_etl.intake.parsed import FileIdentity, Parsed
from kcc_etl.intake.reader import parse, reader_version
from kcc_etl.resources import RunDatesResource
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse

FILE = ("source_sha256", "source_name", "source_file")
BOOKS = ("receipt", "file_column", "set_aside", "finding")

Identity = tuple[str, str, str]
Reading = tuple[HeaderMapping | None, str]


@dataclass(frozen=True)
class Intake:
    """What one night did with the files of a kind: how many landed, were read, and are in force."""

    landed: int
    parsed: int
    in_force: int


def take_in(kind: str, settings: Settings, warehouse: Warehouse, dates: RunDatesResource) -> Intake:
    """Land what is new, and bring the raw table of the kind to exactly the files in force.

    A file that was read by the same reader and mapping before is not read again. Nothing lands when the run
    looks back. Raises SettingsError for a source folder or mapping not there.
    """
    sources = [source for source in settings.landing_sources() if source.kind == kind]
    known_at = dates.known_at()
    new = [] if dates.looks_back() else _land(sources, settings, warehouse, dates.today())
    landed = landed_from_ledger(warehouse.read("ledger", {"kind": kind}), settings.landing_folder)
    current = in_force(landed, sources, known_at)
    repeats = repeated(landed, sources, known_at)
    readings = _readings(sources, settings)
    known = _known(warehouse.read("receipt", {"kind": kind}))
    fresh = [file for file in current if known.get(_identity(file)) != readings[file.source_name][1]]
    parsed = [_parse(file, readings[file.source_name][0], settings) for file in fresh]
    wanted = {_identity(file) for file in current} | {_identity(file) for file, _ in repeats}
    gone = [identity for identity in known if identity not in wanted]
    new_repeats = [pair for pair in repeats if _identity(pair[0]) not in known]
    _book(kind, warehouse, gone, [(_identity(f), p) for f, p in zip(fresh, parsed, strict=True)], new_repeats)
    return Intake(landed=len(new), parsed=len(fresh), in_force=len(current))


def _land(sources: list[Source], settings: Settings, warehouse: Warehouse, today: date) -> list[LandedFile]:
    of_these = {"stage": "landing", "source_name": [source.name for source in sources]}
    with warehouse.transaction():  # one writer at a time reads and extends the ledger
        sweep_landing(settings.landing_folder)
        new, findings = land(sources, settings.landing_folder, warehouse.read("ledger"), today)
        warehouse.add("ledger", ledger_rows(new))
        told = findings_frame([replace(finding, stage="landing") for finding in findings])
        warehouse.replace_where("finding", told, of_these)
    return new


def _readings(sources: list[Source], settings: Settings) -> dict[str, Reading]:
    """The saved mapping of each source, if it has one, and the version that its files are read by."""
    readings = {}
    for source in sources:
        mapping = load_mapping(source.mapping) if source.mapping else None
        readings[source.name] = (mapping, reader_version(source.kind, mapping, settings.authority.ids))
    return readings


def _known(receipts: pd.DataFrame) -> dict[Identity, str]:
    rows = receipts[[*FILE, "reader_version"]].itertuples(index=False, name=None)
    return {(sha256, source, file): version for sha256, source, file, version in rows}


def _parse(file: LandedFile, mapping: HeaderMapping | None, settings: Settings) -> Parsed:
    identity = FileIdentity(file.sha256, file.source_name, file.file_name, file.landed_on)
    return parse(
        file.path, kind=file.kind, file=identity, mapping=mapping, authority_ids=settings.authority.ids
    )


def _book(
    kind: str,
    warehouse: Warehouse,
    gone: Sequence[Identity],
    parsed: Sequence[tuple[Identity, Parsed]],
    repeats: Sequence[tuple[LandedFile, LandedFile]],
) -> None:
    """Put every file's rows, receipt, columns, rows set aside and findings in place, in one transaction."""
    raw = RAW_TABLE_OF_KIND[kind].name
    with warehouse.transaction():
        nothing = {table: empty(table) for table in (raw, *BOOKS)}
        warehouse.load_files([(_where(identity), nothing) for identity in gone])
        warehouse.load_files([(_where(identity), _frames(raw, item)) for identity, item in parsed])
        warehouse.load_files(
            [(_where(_identity(file)), {"receipt": _repeat_receipt(file, first)}) for file, first in repeats]
        )
        warehouse.refresh_version(raw)


def _frames(raw: str, parsed: Parsed) -> dict[str, pd.DataFrame]:
    return {
        raw: parsed.rows,
        "receipt": from_rows([parsed.receipt], "receipt"),
        "file_column": parsed.columns,
        "set_aside": parsed.set_aside,
        "finding": findings_frame(parsed.findings),
    }


def _repeat_receipt(file: LandedFile, first: LandedFile) -> pd.DataFrame:
    """Rule IN-003: the same bytes under another name count once; the receipt says under which name."""
    receipt = {
        **dict(zip(FILE, _identity(file), strict=True)),
        "kind": file.kind,
        "reader_version": "",
        "fate": "excluded",
        "rule_id": "IN-003",
        "reason": f"{RULES['IN-003'].text} They count as {first.file_name}.",
        "rows_arrived": 0,
        "pence_arrived": 0,
    }
    return from_rows([receipt], "receipt")


def _identity(file: LandedFile) -> Identity:
    return (file.sha256, file.source_name, file.file_name)


def _where(identity: Identity) -> dict[str, object]:
    return dict(zip(FILE, identity, strict=True))

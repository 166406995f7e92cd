"""Landing: every file that arrives is kept whole and unchanged and entered in the ledger; which files count.

Does not belong here: finding files (`arrivals`), storing bytes (`copies`), opening a file as what it claims
to be (the readers).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from kcc_etl.domain.findings import Finding, shorten
from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.arrivals import Fault, arrivals
from kcc_etl.intake.copies import copy_path, keep, open_landing
from kcc_etl.schema.frames import from_rows
from kcc_etl.schema.rules import RULES


@dataclass(frozen=True)
class Source:
    """One source of files as the settings name it.

    `snapshot`: the file landed last counts alone. `collection`: every file name counts, the last landed
    version of each. `pattern` is matched against the end of the name, whatever its case, in all subfolders.
    """

    name: str
    kind: str
    path: Path
    pattern: str = "*"
    mode: Literal["snapshot", "collection"] = "collection"
    mapping: Path | None = None


@dataclass(frozen=True)
class LandedFile:
    """One line of the ledger. `file_name` is relative to the source's folder; `path` the read-only copy."""

    sha256: str
    source_name: str
    kind: str
    file_name: str
    size_bytes: int
    landed_on: date
    sequence: int
    path: Path


def land(
    sources: Sequence[Source], landing: Path, ledger: pd.DataFrame, landed_on: date
) -> tuple[list[LandedFile], list[Finding]]:
    """Keep every file whose bytes the ledger does not show as the last under its name.

    Returns the new lines of the ledger, in order, and a finding (IN-001) for every file that could not be
    taken; no such file stops another. The inbox is only read. Bytes that come back under a name after others
    are entered again, so that a restored file counts. Raises SettingsError naming every source whose folder
    is missing, or for a landing folder that cannot be used; WarehouseUnavailableError when the disk is full.
    """
    require_sources(sources, landing)
    open_landing(landing)
    last = _last_under_each_name(ledger)
    sequence = 0 if ledger.empty else int(ledger["sequence"].max())
    new: list[LandedFile] = []
    findings: list[Finding] = []
    for source in sources:
        for arrival in arrivals(source.path, source.pattern):
            last_sha256 = last.get((source.name, arrival.name), "")
            copy = arrival if isinstance(arrival, Fault) else keep(arrival, landing, last_sha256)
            if isinstance(copy, Fault):
                findings.append(_finding(source, copy))
            elif copy.sha256 != last_sha256:
                sequence += 1
                path = copy_path(landing, copy.sha256)
                what = (copy.sha256, source.name, source.kind, arrival.name, copy.size_bytes)
                new.append(LandedFile(*what, landed_on, sequence, path))
    return new, findings


def ledger_rows(new: Iterable[LandedFile]) -> pd.DataFrame:
    """Landed files as rows of the `ledger` table."""
    return from_rows(
        [
            {
                "source_sha256": file.sha256,
                "sequence": file.sequence,
                "source_name": file.source_name,
                "kind": file.kind,
                "source_file": file.file_name,
                "size_bytes": file.size_bytes,
                "landed_on": file.landed_on,
            }
            for file in new
        ],
        "ledger",
    )


def landed_from_ledger(ledger: pd.DataFrame, landing: Path) -> list[LandedFile]:
    """The `ledger` table as landed files, in the order in which they landed."""
    files = [
        LandedFile(
            sha256=row["source_sha256"],
            source_name=row["source_name"],
            kind=row["kind"],
            file_name=row["source_file"],
            size_bytes=int(row["size_bytes"]),
            landed_on=pd.Timestamp(row["landed_on"]).date(),
            sequence=int(row["sequence"]),
            path=copy_path(landing, row["source_sha256"]),
        )
        for row in ledger.to_dict("records")
    ]
    return sorted(files, key=_order)


def in_force(landed: Iterable[LandedFile], sources: Sequence[Source], known_at: date) -> list[LandedFile]:
    """The files that count on what was known at a date, source by source, sorted by name.

    The last landed file of a snapshot; of a collection the last landed version of every name, and the same
    bytes once, under the name they landed under first. "Last" is by day landed, then sequence.
    """
    known = list(landed)
    return [file for source in sources for file in _judged(known, source, known_at)[0]]


def repeated(
    landed: Iterable[LandedFile], sources: Sequence[Source], known_at: date
) -> list[tuple[LandedFile, LandedFile]]:
    """The files left out of `in_force` because their bytes count under another name (IN-003), each with it.

    Only versions in force are compared: bytes whose first name has been corrected since count under the
    second.
    """
    known = list(landed)
    return [pair for source in sources for pair in _judged(known, source, known_at)[1]]


def _judged(
    landed: list[LandedFile], source: Source, known_at: date
) -> tuple[list[LandedFile], list[tuple[LandedFile, LandedFile]]]:
    files = sorted(
        (f for f in landed if f.source_name == source.name and f.landed_on <= known_at), key=_order
    )
    if source.mode == "snapshot":
        return files[-1:], []
    last_of_name = {file.file_name: file for file in files}
    first_of_bytes: dict[str, LandedFile] = {}
    repeats: list[tuple[LandedFile, LandedFile]] = []
    for file in sorted(last_of_name.values(), key=_order):
        first = first_of_bytes.setdefault(file.sha256, file)
        if first is not file:
            repeats.append((file, first))
    return sorted(first_of_bytes.values(), key=lambda file: file.file_name), repeats


def _order(file: LandedFile) -> tuple[date, int, str]:
    """By day, then by sequence; the name settles ties of two ledgers put together."""
    return (file.landed_on, file.sequence, file.file_name)


def _last_under_each_name(ledger: pd.DataFrame) -> dict[tuple[str, str], str]:
    """By sequence alone, the order in which files really came, whatever day a run was told it is."""
    ordered = ledger.sort_values("sequence", kind="stable")
    names = zip(ordered["source_name"], ordered["source_file"], strict=True)
    return dict(zip(names, ordered["source_sha256"], strict=True))


def require_sources(sources: Sequence[Source], landing: Path) -> None:
    """Raise SettingsError naming every source whose folder is missing or holds the landing folder."""
    faults = [
        f"The source `{source.name}` has no folder or file {source.path} that can be read"
        for source in sources
        if not os.access(source.path, os.R_OK)
    ]
    faults += [
        f"The folder {source.path} of the source `{source.name}` holds the landing folder"
        for source in sources
        if landing.resolve().is_relative_to(source.path.resolve())
    ]
    if faults:
        raise SettingsError(
            "; ".join(faults),
            expected="for every source a `path` of its own that exists; the folder may be empty",
            remedy="Make the folder, or correct `path` under [[sources]] in the settings file",
        )


def _finding(source: Source, fault: Fault) -> Finding:
    rule = RULES["IN-001"]
    return Finding(
        rule_id=rule.id,
        severity=rule.severity,
        table_name=rule.table,
        stage="intake",
        found=shorten(fault.why),
        expected=rule.text,
        remedy=rule.remedy,
        source_name=source.name,
        source_file=fault.name,
    )

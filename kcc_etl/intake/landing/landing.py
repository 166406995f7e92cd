"""Landing: every file that arrives is kept whole and unchanged, and entered in the ledger.

Does not belong here: finding files (`arrivals`), storing bytes (`copies`), opening a file as what it claims
to be (the readers), which version counts (`versions`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from pathlib import Path
from typing import Literal

import pandas as pd

from kcc_etl.domain.findings import Finding, shorten, told
from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.landing.arrivals import Arrival, Fault, Litter, arrivals
from kcc_etl.intake.landing.copies import copy_path, keep, keep_bytes, open_landing
from kcc_etl.schema.frames import from_rows
from kcc_etl.schema.rules import RULES

MAPPING = "mapping"
"""Kind, in the ledger, of the header mapping that an officer saved for a source."""
NIGHTLY_LIMIT = 2000
"""New files of one sender taken in a night, unless the settings say otherwise (hazards.md 1.3, 28)."""


@dataclass(frozen=True)
class Source:
    """One source of files as the settings name it.

    `snapshot`: the file landed last counts alone. `collection`: every file name counts, the last landed
    version of each. `pattern` is matched against the end of the name, whatever its case, in all subfolders.
    A source without a `path` is a feed: what it answers is entered by `enter`, no folder is read. `mapping`
    is where its header mapping is saved; `nightly_limit`, how many new files of a sender a night takes.
    """

    name: str
    kind: str
    path: Path | None
    pattern: str = "*"
    mode: Literal["snapshot", "collection"] = "collection"
    mapping: Path | None = None
    nightly_limit: int = NIGHTLY_LIMIT


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
    """Keep every file, and every saved mapping, whose bytes the ledger does not show last under its name.

    Returns the new lines of the ledger, in order, and a finding for every file that could not be taken
    (IN-001), every sender whose files do not all fit in this night (IN-044) and every source in whose folder
    systems keep files of their own (IN-045); none of them stops another file.
    The inbox is only read. Bytes that come back under a name after others are entered again, so that a
    restored file counts. Raises SettingsError naming every source whose folder is missing, or for a landing
    folder that cannot be used; WarehouseUnavailableError when the disk is full.
    """
    require_sources(sources, landing)
    open_landing(landing)
    last = _last_under_each_name(ledger)
    sequence = 0 if ledger.empty else int(ledger["sequence"].max())
    new: list[LandedFile] = []
    findings: list[Finding] = []
    for source in sources:
        names = {name for of_source, kind, name in last if (of_source, kind) == (source.name, source.kind)}
        found, waiting = _tonight(source, names)
        findings += waiting
        for kind, arrival in found:
            last_sha256 = last.get((source.name, kind, arrival.name), "")
            copy = arrival if isinstance(arrival, Fault) else keep(arrival, landing, last_sha256)
            if isinstance(copy, Fault):
                findings.append(_finding("IN-001", source, copy.name, copy.why))
            elif copy.sha256 != last_sha256:
                sequence += 1
                path = copy_path(landing, copy.sha256)
                what = (copy.sha256, source.name, kind, arrival.name, copy.size_bytes)
                new.append(LandedFile(*what, landed_on, sequence, path))
    return new, findings


def _tonight(source: Source, names: set[str]) -> tuple[list[tuple[str, Arrival | Fault]], list[Finding]]:
    """What is taken of a source tonight, its mapping first, each with its kind; who must wait (IN-044);
    and what is no file of a sender (IN-045).

    Senders take turns, so that the flood of one does not hold up the others. Known names always come in.
    """
    found: list[tuple[str, Arrival | Fault]] = []
    findings: list[Finding] = []
    if source.mapping:
        found.append((MAPPING, Arrival(source.mapping.name, source.mapping)))
    seen = arrivals(source.path, source.pattern) if source.path else []
    there = [each for each in seen if not isinstance(each, Litter)]
    findings += _passed_over(source, [each.name for each in seen if isinstance(each, Litter)])
    new: dict[str, int] = {}
    taken: dict[str, list[Arrival | Fault]] = {}
    for arrival in there:
        sender = _sender(source, arrival.name)
        if isinstance(arrival, Arrival) and arrival.name not in names:
            new[sender] = new.get(sender, 0) + 1
            if new[sender] > source.nightly_limit:
                continue
        taken.setdefault(sender, []).append(arrival)
    for sender, count in new.items():
        if count > source.nightly_limit:
            who = f"from '{shorten(sender)}'" if sender else "of this source"
            rest = f"{count:,} new files {who}; {source.nightly_limit:,} taken tonight"
            findings.append(_finding("IN-044", source, sender, rest))
    in_turn = chain.from_iterable(zip_longest(*taken.values()))
    return [*found, *((source.kind, arrival) for arrival in in_turn if arrival is not None)], findings


def _passed_over(source: Source, litter: Sequence[str]) -> list[Finding]:
    shown = ", ".join(f"'{name}'" for name in litter[:3]) + (" and others" if len(litter) > 3 else "")
    return [_finding("IN-045", source, "", f"{len(litter):,}: {shown}")] if litter else []


def _sender(source: Source, name: str) -> str:
    """The first folder of the inbox below the source; a snapshot has one sender, as its order counts."""
    folder, slash, _ = name.partition("/")
    return folder if slash and source.mode == "collection" else ""


def enter(
    source_name: str,
    kind: str,
    name: str,
    data: bytes,
    landing: Path,
    ledger: pd.DataFrame,
    landed_on: date,
) -> LandedFile | None:
    """Keep bytes that no folder holds, such as the answer of a feed, under the name given to them.

    Returns the new line of the ledger, or None when these bytes are the last under that name; the caller adds
    the line to the ledger before it enters the next. A copy is whole or not there, as in `land`. Raises
    SettingsError or WarehouseUnavailableError for a landing folder that cannot be used or is full.
    """
    open_landing(landing)
    last_sha256 = _last_under_each_name(ledger).get((source_name, kind, name), "")
    copy = keep_bytes(data, landing)
    if copy.sha256 == last_sha256:
        return None
    sequence = 1 if ledger.empty else int(ledger["sequence"].max()) + 1
    path = copy_path(landing, copy.sha256)
    return LandedFile(copy.sha256, source_name, kind, name, copy.size_bytes, landed_on, sequence, path)


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
    return sorted(files, key=in_order)


def in_order(file: LandedFile) -> tuple[date, int, str]:
    """By day, then by sequence; the name settles ties of two ledgers put together."""
    return (file.landed_on, file.sequence, file.file_name)


def _last_under_each_name(ledger: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """By sequence alone, the order in which files really came, whatever day a run was told it is."""
    ordered = ledger.sort_values("sequence", kind="stable")
    names = zip(ordered["source_name"], ordered["kind"], ordered["source_file"], strict=True)
    return dict(zip(names, ordered["source_sha256"], strict=True))


def require_sources(sources: Sequence[Source], landing: Path) -> None:
    """Raise SettingsError naming every source whose folder is missing or holds the landing folder."""
    faults = [
        f"The source `{source.name}` has no folder or file {source.path} that can be read"
        for source in sources
        if source.path and not os.access(source.path, os.R_OK)
    ]
    faults += [
        f"The folder {source.path} of the source `{source.name}` holds the landing folder"
        for source in sources
        if source.path and landing.resolve().is_relative_to(source.path.resolve())
    ]
    if faults:
        raise SettingsError(
            "; ".join(faults),
            expected="a folder or a file for every source, apart from the landing folder",
            remedy="Make the folder, or correct `path` under [[sources]] in the settings file",
        )


def require_mappings(sources: Sequence[Source]) -> None:
    """Raise SettingsError naming every source whose saved mapping is not where the settings say."""
    faults = [
        f"The source `{source.name}` has no header mapping {source.mapping} that can be read"
        for source in sources
        if source.mapping and not os.access(source.mapping, os.R_OK)
    ]
    if faults:
        raise SettingsError(
            "; ".join(faults),
            expected="a mapping file that `kcc-etl map` wrote",
            remedy="Correct `mapping` under [[sources]] in the settings file",
        )


def _finding(rule_id: str, source: Source, name: str, found: str) -> Finding:
    rule = RULES[rule_id]
    return Finding(
        rule_id=rule.id,
        severity=rule.severity,
        table_name=rule.table,
        stage="landing",
        found=told(found),
        expected=rule.text.rstrip("."),
        remedy=rule.remedy,
        source_name=source.name,
        source_file=name,
    )

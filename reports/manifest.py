"""The manifest of a pack: what it holds, how it stands, what it was made from, what its figures add up to.

Does not belong here: making the files (`pack`), what the figures add up to (`datasets`), checking (`verify`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kcc_etl.domain.drafts.released import NO_RELEASES, Releases
from kcc_etl.domain.sign_off import SignedOff
from kcc_etl.domain.waivers import WaiverUsed
from reports.changes import Changes
from reports.edition import Edition

FILE_NAME = "manifest.json"
FORMAT = "kcc-etl-pack-2"


@dataclass(frozen=True, order=True)
class PackInput:
    """One landed file that counted: its source, name, kind, SHA-256 and the rows that arrived in it."""

    source: str
    file: str
    kind: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class ParameterStamp:
    """The parameters in force: version, status in words, and whether every one of them is approved."""

    version: str
    status: str
    is_approved: bool


@dataclass(frozen=True)
class Counted:
    """What counted of the files: `decisions` with `number` and `sha256` by their kind, and the rows that were
    `left_out` by kind of file and rule.
    """

    decisions: Mapping[str, Mapping[str, Any]]
    left_out: Mapping[str, Mapping[str, int]]


def manifest_bytes(
    edition: Edition,
    *,
    files: Mapping[str, bytes],
    figures: str,
    changes: Changes,
    totals: Mapping[str, Any],
    inputs: Sequence[PackInput],
    parameters: ParameterStamp,
    findings_count: int,
    program_version: str,
    contracts: Releases = NO_RELEASES,
    counted: Counted | None = None,
) -> bytes:
    """The manifest as sorted JSON, the same bytes for the same content; it holds no time of making.

    `figures` is their digest, which a sign-off names; `counted` is what a later version compares with.
    """
    standing = edition.standing
    content = {
        "format": FORMAT,
        "status": standing.status,
        "version": standing.version,
        "replaces": asdict(standing.replaces) if standing.replaces else None,
        "sign_off": _sign_off_entry(standing.sign_off) if standing.sign_off else None,
        "figures": figures,
        "changes": {"since_version": changes.since, "cells": len(changes.changes), "told": str(changes)},
        "period": edition.period,
        "as_of": edition.as_of.isoformat(),
        "known_at": edition.known_at.isoformat(),
        "publisher": edition.authority.name,
        "files": {name: _file_entry(name, content, totals) for name, content in files.items()},
        "totals": dict(totals),
        "releases": {"contracts": len(contracts.contracts), "left_out_without_ocid": contracts.left_out},
        "inputs": [asdict(entry) for entry in sorted(inputs)],
        "counted": asdict(counted) if counted else None,
        "parameters": asdict(parameters),
        "findings": findings_count,
        "waivers": [_waiver_entry(waiver) for waiver in edition.waivers],
        "program": {"name": "kcc-etl", "version": program_version},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _waiver_entry(waiver: WaiverUsed) -> dict[str, Any]:
    days = {"decided_on": waiver.decided_on.isoformat(), "expires_on": waiver.expires_on.isoformat()}
    return {**asdict(waiver), **days}


def _sign_off_entry(sign_off: SignedOff) -> dict[str, str]:
    """By whom, when and why it was signed off."""
    day = sign_off.decided_on.isoformat()
    told = {"role": sign_off.role, "reason": sign_off.reason, "decision_id": sign_off.decision_id}
    return {**told, "decided_on": day}


def figures_digest(period: str, csvs: Mapping[str, bytes]) -> str:
    """The digest of a period's figures: SHA-256 of its name, and of hash and name of each CSV file of them.

    By hand: `(echo 2026-27-Q2; sha256sum a.csv b.csv) | sha256sum`, the datasets in order of name.
    """
    lines = [period, *(f"{sha256_of(csvs[name])}  {name}.csv" for name in sorted(csvs))]
    return sha256_of(("\n".join(lines) + "\n").encode("utf-8"))


def sha256_of(content: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _file_entry(name: str, content: bytes, totals: Mapping[str, Any]) -> dict[str, Any]:
    rows = totals.get(name.rpartition(".")[0], {}).get("rows")
    return {"sha256": sha256_of(content), "bytes": len(content), "rows": rows}

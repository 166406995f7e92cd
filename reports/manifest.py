"""The manifest of a pack: what it holds, what it was made from, and what its figures add up to.

Does not belong here: making the files (`pack`), what the figures add up to (`datasets`), checking (`verify`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kcc_etl.domain.waivers import WaiverUsed
from reports.edition import Edition

FILE_NAME = "manifest.json"
FORMAT = "kcc-etl-pack-1"


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


def manifest_bytes(
    edition: Edition,
    *,
    files: Mapping[str, bytes],
    totals: Mapping[str, Any],
    inputs: Sequence[PackInput],
    parameters: ParameterStamp,
    findings_count: int,
    program_version: str,
) -> bytes:
    """The manifest as sorted JSON, the same bytes for the same content; it holds no time of making."""
    content = {
        "format": FORMAT,
        "period": edition.period,
        "as_of": edition.as_of.isoformat(),
        "known_at": edition.known_at.isoformat(),
        "publisher": edition.authority.name,
        "files": {name: _file_entry(name, content, totals) for name, content in files.items()},
        "totals": dict(totals),
        "inputs": [asdict(entry) for entry in sorted(inputs)],
        "parameters": asdict(parameters),
        "findings": findings_count,
        "waivers": [_waiver_entry(waiver) for waiver in edition.waivers],
        "program": {"name": "kcc-etl", "version": program_version},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _waiver_entry(waiver: WaiverUsed) -> dict[str, Any]:
    days = {"decided_on": waiver.decided_on.isoformat(), "expires_on": waiver.expires_on.isoformat()}
    return {**asdict(waiver), **days}


def sha256_of(content: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _file_entry(name: str, content: bytes, totals: Mapping[str, Any]) -> dict[str, Any]:
    rows = totals.get(name.rpartition(".")[0], {}).get("rows")
    return {"sha256": sha256_of(content), "bytes": len(content), "rows": rows}

"""How the tests of this folder read one file: as the night does, through one guard for many files.

Does not belong here: what is expected of a file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from kcc_etl.domain.findings import Finding
from kcc_etl.intake.parsed import FileIdentity, Parsed
from kcc_etl.intake.reader import parse
from kcc_etl.intake.workbooks.guard import Guard
from tests.hostile.cases import Case

GUARD = Guard()
"""One for the whole of a test process; its openers end with it."""


def read(case: Case, folder: Path, guard: Guard = GUARD) -> Parsed:
    """The file of a case, landed under its hash and read."""
    data = case.make()
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / sha256
    path.write_bytes(data)
    file = FileIdentity(sha256, "test", case.file_name, case.landed_on)
    return parse(
        path, kind=case.kind, file=file, mapping=case.mapping, authority_ids=case.authority_ids, guard=guard
    )


def fates(parsed: Parsed) -> tuple[int, int, int]:
    """Rows accepted, quarantined and excluded."""
    aside = list(parsed.set_aside["fate"])
    return len(parsed.rows), aside.count("quarantined"), aside.count("excluded")


def places(findings: list[Finding]) -> set[str]:
    """Rule ids, and rule ids with their cell."""
    return {f.rule_id for f in findings} | {f"{f.rule_id} {f.cell}" for f in findings if f.cell}

"""Opening publications again, as their readers will: one file, a folder, a pack with its manifest.

Does not belong here: making the files (`pack`), putting a pack in place (`switch`), judging a file
(`verify_files`). Files of others are opened in a process of their own (`verify_apart`); this one is for files
that the program has just made, and for that process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from kcc_etl.domain.findings import Finding
from reports.accessibility.catalogue import CSV_RULES
from reports.accessibility.check import faults
from reports.verify_files import Folder, Verdict, hash_hits

# What the words of a register or a supplier may break, which nobody can mend the night before a lawful day.
# Names in free texts are stopped by PB-056, which knows what an officer has read.
_WORDS_OF_DATA = frozenset({"AC-006", "AC-011", "CS-007", "CS-008", "PK-016"})


def verify_folder(folder: Path, withheld: Collection[str] = ()) -> list[str]:
    """Why a pack must not be switched in, one sentence a fault; an empty list when it is as it should be.

    `withheld` are names that must not stand in it. Never raises for a broken file.
    """
    found = (f for verdict in verify(folder, withheld) for f in verdict.findings if refuses(f))
    return [str(finding) for finding in found]


def refuses(finding: Finding) -> bool:
    """Whether a pack with this finding is not published."""
    if finding.rule_id in _WORDS_OF_DATA:
        return False
    return finding.severity == "critical" or (finding.severity == "warning" and finding.rule_id in CSV_RULES)


def verify(
    path: Path,
    withheld: Collection[str] = (),
    skip: Collection[str] = (),
    before: Callable[[Verdict], None] = lambda verdict: None,
) -> Iterator[Verdict]:
    """A verdict on each file in order of name, before them one on the folder; those in `skip` are left out.

    `before` is told what is known of a file before the step that could end the process. Never raises for a
    broken file.
    """
    folder = Folder(path, withheld, before)
    if path.is_dir() and not skip:
        yield folder.verdict()
    for name in folder.names:
        if name not in skip:
            yield folder.file_verdict(name)


def hash_faults(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Files that are missing, too many, or not the bytes that the manifest names."""
    return [hit.found for hit in hash_hits(folder, manifest)]


def has_faults(verdicts: Iterable[Verdict]) -> bool:
    """Whether anything is wrong; what is left to a person to look at is not."""
    return any(faults(verdict.findings) for verdict in verdicts)

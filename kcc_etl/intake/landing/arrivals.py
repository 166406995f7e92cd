"""What stands in the folder of a source: the files to land, and what cannot be one.

Does not belong here: reading the bytes (`copies`), entering them in the ledger (`landing`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PASSING_ENDINGS = (".tmp", ".part", ".partial", ".filepart", ".crdownload", "~")
PASSING_NAMES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Arrival:
    """A file to land: its name relative to the folder, and where to read it."""

    name: str
    path: Path


@dataclass(frozen=True)
class Fault:
    """Something in the folder that cannot be taken, and what it is, in words."""

    name: str
    why: str


def arrivals(root: Path, pattern: str) -> list[Arrival | Fault]:
    """Everything below the folder whose name ends as the pattern says, sorted by name.

    A root that is a file is the one arrival. Hidden files, half-copied files and the lock files of office
    programs are passed over. Links that lead out of the folder, folders that cannot be listed, pipes and
    names that are no Unicode are faults.
    """
    if root.is_file():
        return [Arrival(root.name, root)]
    found: list[Arrival | Fault] = []

    def cannot_list(error: OSError) -> None:
        found.append(
            Fault(_name(root, Path(str(error.filename))), f"a folder that cannot be listed: {error.strerror}")
        )

    for folder, subfolders, files in os.walk(root, onerror=cannot_list):
        here = Path(folder)
        links = [name for name in subfolders if (here / name).is_symlink() and not _is_passing(name)]
        found += [
            Fault(_name(root, here / name), "a link to a folder, which is not followed") for name in links
        ]
        subfolders[:] = [name for name in subfolders if name not in links and not _is_passing(name)]
        wanted = [here / name for name in files if not _is_passing(name)]
        found += [_judged(root, path) for path in wanted if _matches(_name(root, path), pattern)]
    return sorted(found, key=lambda each: each.name)


def _judged(root: Path, path: Path) -> Arrival | Fault:
    name = _name(root, path)
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", "replace")
        return Fault(shown, "a file name that is not Unicode; rename the file")
    try:
        real = path.resolve(strict=True) if path.is_symlink() else path
        if real is not path and not real.is_relative_to(root.resolve()):
            return Fault(name, "a link that leads out of the folder")
        if not stat.S_ISREG(real.stat().st_mode):
            return Fault(name, "a pipe, socket or device, not a file")
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "the link leads back to itself"
        return Fault(name, f"a file that cannot be read: {why}")
    return Arrival(name, real)


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _matches(name: str, pattern: str) -> bool:
    """`*.xlsx` and `**/*.xlsx` both mean every workbook at any depth."""
    wanted = pattern.lower()
    while wanted.startswith("**/"):
        wanted = wanted.removeprefix("**/")
    return wanted in ("*", "**") or PurePosixPath(name.lower()).match(wanted)


def _is_passing(name: str) -> bool:
    lower = name.lower()
    return name.startswith((".", "~$")) or lower.endswith(PASSING_ENDINGS) or lower in PASSING_NAMES

"""What stands in the folder of a source: the files to land, and what cannot be one.

Does not belong here: reading the bytes (`copies`), entering them in the ledger (`landing`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_IN_TRANSIT = (".tmp", ".part", ".partial", ".filepart", ".crdownload", "~")
_LITTER = (
    *(".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory", ".gitkeep", ".gitignore"),
    *(".git", ".svn", ".snapshot", ".fseventsd", ".spotlight-v100", ".temporaryitems", "__macosx"),
    *("$recycle.bin", "system volume information"),
)
_LITTER_BEGINNINGS = ("~$", "._", ".~lock.", ".trash", ".nfs", ".fuse_hidden")


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


@dataclass(frozen=True)
class Litter:
    """What systems and programs leave in a folder for themselves, or have not finished copying."""

    name: str


def arrivals(root: Path, pattern: str) -> list[Arrival | Fault | Litter]:
    """Everything below the folder whose name ends as the pattern says, sorted by name.

    A root that is a file is the one arrival. Files that systems keep for themselves, half-copied files and
    the lock files of office programs are litter, whatever the pattern. Hidden files and folders, links that
    lead out of the folder, folders that cannot be listed, pipes and names that are no Unicode are faults.
    """
    if root.is_file():
        return [Arrival(root.name, root)]
    found: list[Arrival | Fault | Litter] = []

    def cannot_list(error: OSError) -> None:
        found.append(
            Fault(_name(root, Path(str(error.filename))), f"a folder that cannot be listed: {error.strerror}")
        )

    for folder, subfolders, files in os.walk(root, onerror=cannot_list):
        here = Path(folder)
        found += [Litter(_name(root, here / name)) for name in (*subfolders, *files) if _is_litter(name)]
        open_to_us = [name for name in subfolders if not _is_litter(name)]
        closed = {name: why for name in open_to_us if (why := _why_not_entered(here / name))}
        found += [Fault(_name(root, here / name), why) for name, why in closed.items()]
        subfolders[:] = [name for name in open_to_us if name not in closed]
        wanted = [here / name for name in files if not _is_litter(name)]
        found += [_judged(root, path) for path in wanted if _matches(_name(root, path), pattern)]
    return sorted(found, key=lambda each: each.name)


def _judged(root: Path, path: Path) -> Arrival | Fault:
    name = _name(root, path)
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", "replace")
        return Fault(shown, "a file name that is not Unicode; rename the file")
    if path.name.startswith("."):
        return Fault(name, "a hidden file, for its name starts with a dot; rename it if it is meant")
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


def _why_not_entered(folder: Path) -> str:
    if folder.name.startswith("."):
        return "a hidden folder, for its name starts with a dot; rename it if it is meant"
    return "a link to a folder, which is not followed" if folder.is_symlink() else ""


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _matches(name: str, pattern: str) -> bool:
    """`*.xlsx` and `**/*.xlsx` both mean every workbook at any depth."""
    wanted = pattern.lower()
    while wanted.startswith("**/"):
        wanted = wanted.removeprefix("**/")
    return wanted in ("*", "**") or PurePosixPath(name.lower()).match(wanted)


def _is_litter(name: str) -> bool:
    lower = name.lower()
    return lower in _LITTER or lower.startswith(_LITTER_BEGINNINGS) or lower.endswith(_IN_TRANSIT)

"""The versions of a published pack: each stands for good, and the last one is the publication of its period.

Does not belong here: what a pack holds (`pack`), the steps on the disk (`switch`), what differs between two
versions (`changes`).

    publications/versions/2026-27-Q2/v1, v2 …   read-only; nothing here is ever written to or deleted
    publications/versions/2026-27-Q2/before     what stood as the publication and is no version of these
    publications/2026-27-Q2                     a link to the last of them
    publications/versions.csv                   which there have been (`version_record`)
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kcc_etl.disk import sync_folder
from kcc_etl.exceptions import PublicationRefusedError, SettingsError
from reports.manifest import FILE_NAME, sha256_of
from reports.verify import hash_faults
from reports.version_record import FILE as RECORD
from reports.version_record import recorded

VERSIONS = "versions"
BEFORE = "before"
_VERSION = re.compile(r"v([1-9][0-9]*)")


@dataclass(frozen=True)
class Final:
    """One published version: its number, where it stands, its manifest and the SHA-256 of that."""

    number: int
    folder: Path
    manifest: Mapping[str, Any]
    manifest_sha256: str

    @property
    def figures(self) -> str:
        """The digest of its figures."""
        return str(self.manifest["figures"])

    def datasets(self) -> dict[str, bytes]:
        """The CSV file of each of its datasets by name. Raises PublicationRefusedError for changed bytes."""
        found = {}
        for name in sorted(self.manifest["totals"]):
            file = f"{name}.csv"
            found[name] = _read(self.folder / file, str(self.manifest["period"]))
            if sha256_of(found[name]) != self.manifest["files"][file]["sha256"]:
                raise _damaged(self.folder / file, str(self.manifest["period"]), "its bytes were changed")
        return found


def finals_of(publications: Path, period: str) -> tuple[Final, ...]:
    """Every published version of a period, the oldest first; none before the first.

    Raises PublicationRefusedError for one that cannot be read: the next has to say what changed.
    """
    folder = publications / VERSIONS / period
    with usable(publications):
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    numbers = sorted(int(match[1]) for match in map(_VERSION.fullmatch, names) if match)
    return tuple(_final(publications, period, number) for number in numbers)


def require_whole(publications: Path, period: str) -> None:
    """Raises PublicationRefusedError for a version of a period that is not, file by file, what was published,
    and for one that is not there any more.

    Its files are held against its manifest, and that against the record and what the next version says it
    replaced. No number is left out up to the last that is there, on record, or linked to.
    """
    finals = finals_of(publications, period)
    with usable(publications):
        on_record = recorded(publications, period)
    _require_all(publications, period, finals, on_record)
    replaced = {one.number: one.manifest.get("replaces") or {} for one in finals}
    for one in finals:
        try:
            faults = hash_faults(one.folder, dict(one.manifest))
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(one.folder, period, "it cannot be held against its manifest") from error
        then = replaced.get(one.number + 1, {}).get("manifest_sha256", one.manifest_sha256)
        if then != one.manifest_sha256:
            faults = [*faults, f"{FILE_NAME} is not the one that version {one.number + 1} replaced"]
        if on_record.get(one.number, one.manifest_sha256) != one.manifest_sha256:
            faults = [*faults, f"{FILE_NAME} is not the one that was published, by {RECORD}"]
        if faults:
            raise _damaged(one.folder, period, ", ".join(faults))


def known_by(finals: Sequence[Final], as_of: date, known_at: date) -> tuple[Final, ...]:
    """Those versions that a report of these two dates may know of: a rebuild compares with what was there."""
    then = as_of.isoformat(), known_at.isoformat()
    return tuple(
        one for one in finals if one.manifest["as_of"] <= then[0] and one.manifest["known_at"] <= then[1]
    )


def version_folder(publications: Path, period: str, number: int) -> Path:
    """Where a version stands for good."""
    return publications / VERSIONS / period / f"v{number}"


def add_version(publications: Path, period: str, number: int, part: Path) -> Path:
    """Make a half-built folder, once verified, the version of this number. Raises OSError if it is taken."""
    place = version_folder(publications, period, number)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        raise FileExistsError(17, "the version is there already", str(place))
    for path in part.iterdir():
        path.chmod(0o444)
    os.rename(part, place)  # never onto a version: renaming a folder onto one with files in it fails
    for folder in (place.parent, place.parent.parent, publications):
        sync_folder(folder)
    return place


def earlier_publication(publications: Path, period: str) -> str:
    """Where a publication of the period that is no version is kept, or will be; empty where there is none."""
    kept = publications / VERSIONS / period / BEFORE
    is_there = os.path.lexists(kept) or unversioned(publications, period) is not None
    return told_place(publications, kept) if is_there else ""


def unversioned(publications: Path, period: str) -> Path | None:
    """What stands as the publication of the period without being a version of it, such as a plain folder.

    A copy of a version, made where no link can be, is one by its manifest.
    """
    target, versions = publications / period, publications / VERSIONS / period
    if target.is_symlink():
        real = target.resolve()
        is_ours = real.is_relative_to(publications.resolve()) and real.exists()
        return real if is_ours and real.parent != versions.resolve() else None
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return None
    manifest = target / FILE_NAME
    known = {path.read_bytes() for path in versions.glob(f"v*/{FILE_NAME}")}
    return None if manifest.is_file() and manifest.read_bytes() in known else target


def keep_earlier(publications: Path, period: str, earlier: Path) -> Path:
    """Move what is no version to where nothing is ever deleted, and say where. Raises OSError."""
    first = place = publications / VERSIONS / period / BEFORE
    place.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while os.path.lexists(place):
        number += 1
        place = first.with_name(f"{BEFORE}-{number}")
    earlier.rename(place)
    sync_folder(place.parent)
    return place


def told_place(publications: Path, kept: Path) -> str:
    """A place below the publications for a reader: `publications/versions/2026-27-Q2/before`."""
    return f"{publications.name}/{kept.relative_to(publications).as_posix()}"


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """What is done to a folder of packs; where the disk refuses it, a SettingsError names the place."""
    try:
        yield
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        raise SettingsError(
            f"The folder {folder} cannot be used: {error.strerror or type(error).__name__}{at}",
            expected="a folder that this account may write, on a disk with room",
            remedy=(
                "Correct its permissions, make room or correct the setting `data`, and run again; "
                "what was published before is as it was"
            ),
        ) from error


def _require_all(publications: Path, period: str, finals: Sequence[Final], on_record: Iterable[int]) -> None:
    there = {one.number for one in finals}
    last = max([*there, *on_record, _linked(publications, period)])
    gone = [number for number in range(1, last + 1) if number not in there]
    if gone:
        raise _refused(
            period,
            [(version_folder(publications, period, number), "it is not there") for number in gone],
            "every version that was published, for good",
        )


def _linked(publications: Path, period: str) -> int:
    """The number of the version that the publication of the period is a link to, there or not; 0 for none."""
    target = publications / period
    if not target.is_symlink():
        return 0
    place = publications / target.readlink()
    match = _VERSION.fullmatch(place.name) if place.parent == publications / VERSIONS / period else None
    return int(match[1]) if match else 0


def _final(publications: Path, period: str, number: int) -> Final:
    folder = version_folder(publications, period, number)
    content = _read(folder / FILE_NAME, period)
    try:
        manifest = json.loads(content)
        told = {manifest[name] for name in ("figures", "as_of", "known_at")}
        if not all(isinstance(one, str) for one in told) or manifest["version"] != number:
            raise ValueError("it is no manifest of this version")
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(folder / FILE_NAME, period, str(error)) from error
    return Final(number, folder, manifest, sha256_of(content))


def _read(path: Path, period: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _damaged(path, period, error.strerror or "it cannot be read") from error


def _damaged(path: Path, period: str, why: str) -> PublicationRefusedError:
    return _refused(
        period, [(path, why)], "every file of a version as its manifest names it; versions are never altered"
    )


def _refused(period: str, faults: Sequence[tuple[Path, str]], expected: str) -> PublicationRefusedError:
    """Of each place what is wrong with it."""
    told = [
        f"a version that was published is not what it was ({'/'.join(path.parts[-3:])}: {why})"
        for path, why in faults
    ]
    places = ", ".join(str(path) for path, _ in faults)
    return PublicationRefusedError(
        period, told, expected=expected, remedy=f"Restore it from a backup ({places}), and run again"
    )

"""Putting a finished pack in place at once: a crash at any moment leaves the old pack or the new one.

Does not belong here: what a pack holds (`pack`), whether it may be published (`kcc_etl.gate`), which versions
of a final there are (`finals`).

    drafts/2026-27-Q2         a link to .built/2026-27-Q2-0123456789ab, replaced by renaming
    drafts/.built/…           the last packs of every period; `.part` marks one being built or deleted
    publications/2026-27-Q2   a link to versions/2026-27-Q2/v2, replaced by renaming

Where links cannot be made, or a plain folder stands in the link's place, the old folder is renamed aside and
the new one renamed in, a copy where the new one is a version; `recover` mends a crash between the two.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kcc_etl.disk import sync_folder
from kcc_etl.lockfile import held
from reports.manifest import FILE_NAME, sha256_of

BUILT = ".built"
KEPT_BUILDS = 12
_PART = ".part"
_ASIDE = ".aside"


@contextmanager
def locked(publications: Path) -> Iterator[None]:
    """Keeps a second run out of the folder until this one is done; a lock dies with its process."""
    built = publications / BUILT
    built.mkdir(parents=True, exist_ok=True)
    with held(built / ".lock", wait=True):
        yield


def recover(publications: Path, period: str) -> None:
    """Finish or undo what a crash left: a folder renamed aside comes back, half-built folders go."""
    aside, target = publications / BUILT / (period + _ASIDE), publications / period
    if aside.is_dir() and not os.path.lexists(target):
        aside.rename(target)
    elif aside.is_dir():
        _retire(aside, period)
    for part in sorted((publications / BUILT).glob("*" + _PART)):
        shutil.rmtree(part, ignore_errors=True)
    (publications / f".link-{period}").unlink(missing_ok=True)


def holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Whether the folder holds exactly these files with exactly these bytes."""
    if not folder.is_dir() or {path.name for path in folder.iterdir()} != set(files):
        return False
    return all((folder / name).read_bytes() == content for name, content in files.items())


def write_part(publications: Path, period: str, files: Mapping[str, bytes]) -> Path:
    """The files in a fresh half-built folder, on the disk to the last byte."""
    part = publications / BUILT / (_build_name(period, files) + _PART)
    part.mkdir(parents=True)
    try:
        for name in sorted(files):
            with (part / name).open("xb") as handle:
                handle.write(files[name])
                handle.flush()
                os.fsync(handle.fileno())
        sync_folder(part)
    except OSError:  # a disk that is full is not to be kept so
        shutil.rmtree(part, ignore_errors=True)
        raise
    return part


def finish_part(part: Path) -> Path:
    """The half-built folder under its own name, or the next free one where that name is taken."""
    built = part.with_name(part.name.removesuffix(_PART))
    number = 1
    while built.exists():
        number += 1
        built = part.with_name(f"{part.name.removesuffix(_PART)}-r{number}")
    part.rename(built)
    sync_folder(built.parent)
    return built


def finished_build(publications: Path, period: str, files: Mapping[str, bytes]) -> Path | None:
    """An earlier build that holds exactly these files, if one is kept."""
    builds = sorted((publications / BUILT).glob(_build_name(period, files) + "*"))
    return next((build for build in builds if build.suffix != _PART and holds(build, files)), None)


def switch_in(publications: Path, period: str, built: Path) -> None:
    """Make a finished pack below the folder that of the period. Raises OSError; the old one then stays.

    A build is moved where it cannot be linked; what stands anywhere else stays there and is copied.
    """
    target = publications / period
    if target.is_symlink() or not target.exists():
        link = publications / f".link-{period}"
        if _link(link, built.relative_to(publications)):
            link.replace(target)
            sync_folder(publications)
            return
    if built.parent.name != BUILT:
        files = {path.name: path.read_bytes() for path in sorted(built.iterdir())}
        if holds(target, files):
            return
        built = finish_part(write_part(publications, period, files))
    _rename_in(publications, period, built)


def stands(publications: Path, period: str, pack: Path) -> bool:
    """Whether the period's folder is this pack: a link to it, or a plain folder with the same bytes."""
    target = publications / period
    if target.is_symlink():
        return target.resolve() == pack.resolve()
    return holds(target, {path.name: path.read_bytes() for path in pack.iterdir()})


def _link(link: Path, target: Path) -> bool:
    if sys.platform == "win32":  # there a link to a folder cannot be replaced by renaming
        return False
    try:
        link.symlink_to(target, target_is_directory=True)
    except (OSError, NotImplementedError):  # a disk without links, such as FAT
        return False
    return True


def _rename_in(publications: Path, period: str, built: Path) -> None:
    target, aside = publications / period, publications / BUILT / (period + _ASIDE)
    if target.is_symlink():
        target.unlink()
    if target.exists():
        target.rename(aside)
    try:
        built.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    sync_folder(publications)
    if aside.exists():
        _retire(aside, period)


def _retire(aside: Path, period: str) -> None:
    """The former publication becomes one of the kept builds."""
    manifest = aside / FILE_NAME
    if not manifest.is_file():
        _delete(aside)
        return
    name = f"{period}-{sha256_of(manifest.read_bytes())[:12]}"
    part = aside.with_name(name + _PART)
    aside.rename(part)
    finish_part(part)


def prune(publications: Path, period: str, keep: Callable[[Path], bool] = lambda build: False) -> None:
    """Keep the last builds of the period, the one in use and those to `keep`; delete the others."""
    target = publications / period
    in_use = target.resolve().name if target.is_symlink() else ""
    mine = re.compile(re.escape(period) + r"-[0-9a-f]{12}(-r\d+)?")
    builds = [path for path in (publications / BUILT).iterdir() if mine.fullmatch(path.name)]
    builds.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    for build in builds[KEPT_BUILDS:]:
        if build.name != in_use and not keep(build):
            _delete(build)


def _delete(folder: Path) -> None:
    doomed = folder.with_name(folder.name + _PART)
    folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _build_name(period: str, files: Mapping[str, bytes]) -> str:
    return f"{period}-{sha256_of(files[FILE_NAME])[:12]}"

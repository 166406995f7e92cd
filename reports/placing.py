"""Putting a pack in place: a draft over the draft before, a final version beside the versions before.

Does not belong here: what a pack holds (`pack`), the steps on the disk (`switch`), which versions there are
(`finals`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kcc_etl.domain.sign_off import SignedOff
from kcc_etl.exceptions import PublicationRefusedError
from reports import switch
from reports.changes import set_aside_told
from reports.finals import (
    Final,
    add_version,
    keep_earlier,
    told_place,
    unversioned,
    usable,
    version_folder,
)
from reports.manifest import FILE_NAME, sha256_of
from reports.verify import verify_folder
from reports.version_record import enter


@dataclass(frozen=True)
class PackResult:
    """What became of a pack: where it stands, its content hash, its files, whether it was there already.

    `figures` is the digest that a sign-off names, `told` what changed since the version before.
    """

    folder: Path
    content_hash: str
    files: tuple[str, ...]
    unchanged: bool
    figures: str = ""
    told: str = ""


def write_draft(
    drafts: Path, period: str, files: Mapping[str, bytes], keep: Sequence[SignedOff] = ()
) -> PackResult:
    """Write the files of a draft aside, verify them by re-reading, and switch them in whole.

    Files that already stand there are left alone; of former drafts the last are kept, and those whose figures
    were signed off (`keep`). Raises PublicationRefusedError when verification fails or the
    old draft cannot be replaced, SettingsError where the folder cannot be written; the old one then stays.
    """
    target = drafts / period
    with usable(drafts), switch.locked(drafts):
        switch.recover(drafts, period)
        unchanged = switch.holds(target, files)
        if not unchanged:
            built = switch.finished_build(drafts, period, files) or _build(drafts, period, files)
            _switch(drafts, period, built)
        switch.prune(drafts, period, lambda build: any(one.stands_for(figures_of(build)) for one in keep))
    return _result(target, files, unchanged=unchanged)


def write_version(publications: Path, period: str, number: int, files: Mapping[str, bytes]) -> PackResult:
    """Write a final version aside, verify it by re-reading, and put it in place for good, whole.

    The version before stays as it is; what stood there and is no version is kept beside them. Raises
    PublicationRefusedError when verification fails or the version cannot be put in place, SettingsError where
    the folder cannot be written; what was published before is then the publication still.
    """
    with usable(publications), switch.locked(publications):
        switch.recover(publications, period)
        part = _verified(publications, period, files)
        try:
            place = add_version(publications, period, number, part)
        except OSError as error:
            switch.recover(publications, period)
            reason = f"version {number} could not be put in place ({error.strerror})"
            raise PublicationRefusedError(period, [reason]) from error
        enter(publications, period, number, sha256_of(files[FILE_NAME]))
        kept = _publish(publications, period, place)
        switch.prune(publications, period)
    return _with_kept(_result(publications / period, files, unchanged=False), kept)


def stand_by(publications: Path, final: Final) -> PackResult:
    """See to it that a version is the publication of its period, as it was before or was about to be.

    Raises as `write_version` does.
    """
    period = str(final.manifest["period"])
    place = version_folder(publications, period, final.number)
    kept = ""
    with usable(publications), switch.locked(publications):
        switch.recover(publications, period)
        enter(publications, period, final.number, final.manifest_sha256)
        unchanged = switch.stands(publications, period, place)
        if not unchanged:
            kept = _publish(publications, period, place)
    files = tuple(sorted([*final.manifest["files"], FILE_NAME]))
    told = str(final.manifest["changes"]["told"])
    pack = PackResult(publications / period, final.manifest_sha256, files, unchanged, final.figures, told)
    return _with_kept(pack, kept)


def _publish(publications: Path, period: str, version: Path) -> str:
    """Make a version the publication of its period, and say where what is no version is kept, if anything.

    A crash between the two moves is mended by the next publishing.
    """
    earlier = unversioned(publications, period)
    if earlier is None:
        _switch(publications, period, version)
        return ""
    if (publications / period).is_symlink():
        _switch(publications, period, version)
        return told_place(publications, keep_earlier(publications, period, earlier))
    kept = keep_earlier(publications, period, earlier)
    try:
        _switch(publications, period, version)
    except PublicationRefusedError:
        kept.rename(earlier)
        raise
    return told_place(publications, kept)


def _with_kept(pack: PackResult, kept: str) -> PackResult:
    """The result with where an earlier publication is kept, unless the pack tells of it."""
    is_told = not kept or set_aside_told(kept) in pack.told
    return pack if is_told else replace(pack, told=f"{pack.told} {set_aside_told(kept)}")


def _result(folder: Path, files: Mapping[str, bytes], *, unchanged: bool) -> PackResult:
    manifest = json.loads(files[FILE_NAME])
    told = str(manifest["changes"]["told"])
    names, content_hash = tuple(sorted(files)), sha256_of(files[FILE_NAME])
    return PackResult(folder, content_hash, names, unchanged, str(manifest["figures"]), told)


def kept_draft(drafts: Path, period: str, signed: SignedOff) -> Path | None:
    """A draft of the period that is kept and has the figures that were signed off."""
    return next((one for one in _kept(drafts, period) if signed.stands_for(figures_of(one))), None)


def kept_figures(drafts: Path, period: str) -> tuple[str, ...]:
    """The digests of the figures of the drafts of a period that are kept."""
    return tuple(digest for digest in map(figures_of, _kept(drafts, period)) if digest)


def _kept(drafts: Path, period: str) -> list[Path]:
    return [*sorted((drafts / switch.BUILT).glob(f"{period}-[0-9a-f]*")), drafts / period]


def figures_of(build: Path) -> str:
    """The digest of the figures of a draft; empty where there is none."""
    try:
        return str(json.loads((build / FILE_NAME).read_bytes())["figures"])
    except (OSError, ValueError, KeyError):
        return ""


def _build(folder: Path, period: str, files: Mapping[str, bytes]) -> Path:
    return switch.finish_part(_verified(folder, period, files))


def _verified(folder: Path, period: str, files: Mapping[str, bytes]) -> Path:
    part = switch.write_part(folder, period, files)
    faults = verify_folder(part)
    if faults:
        switch.recover(folder, period)
        raise PublicationRefusedError(period, faults)
    return part


def _switch(publications: Path, period: str, built: Path) -> None:
    try:
        switch.switch_in(publications, period, built)
    except OSError as error:
        place = publications / period
        reason = f"the folder {place} could not be replaced ({error.strerror}); close its open files"
        raise PublicationRefusedError(period, [reason]) from error

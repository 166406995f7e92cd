"""The read-only copies of landed files, each named by the SHA-256 of its bytes.

Does not belong here: which files are copied and what the ledger says of them (`landing`).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kcc_etl.exceptions import SettingsError, WarehouseUnavailableError
from kcc_etl.intake.landing.arrivals import Arrival, Fault
from kcc_etl.intake.landing.atomic import put_in_place, sweep_asides, written_aside

CHUNK = 1 << 20
READINGS = 3
"""How often a file that changes under our eyes is read before it is left for the next run."""


@dataclass(frozen=True)
class Copy:
    """Bytes that are kept: their SHA-256 and how many."""

    sha256: str
    size_bytes: int


def copy_path(landing: Path, sha256: str) -> Path:
    """Where the copy of a landed file is: landing/sha256/ab/abcd…"""
    return landing / "sha256" / sha256[:2] / sha256


def open_landing(landing: Path) -> None:
    """Make the landing folder and try it. Raises SettingsError."""
    try:
        (landing / "sha256").mkdir(parents=True, exist_ok=True)
        with written_aside(landing / "sha256"):
            pass
    except OSError as error:
        raise SettingsError(
            f"The landing folder {landing} cannot be used: {error.strerror}",
            expected="a folder that this account may write",
            remedy="Correct the setting `data`, or the permissions of the folder",
        ) from error


def sweep_landing(landing: Path) -> None:
    """Delete the half-made copies of runs that were killed. Only while no other run can land."""
    sweep_asides(landing / "sha256")


def keep(arrival: Arrival, landing: Path, last: str) -> Copy | Fault:
    """Keep the bytes of one file, hashed while they are stored, so that the name is always true of the copy.

    `last` is the SHA-256 that the ledger shows last under this name; a file that still has it is not copied
    again. A file that grows while it is read is read again, and after three times left for the next run: half
    a register must not take the place of a whole one. Raises WarehouseUnavailableError when the landing
    folder cannot be written.
    """
    for _ in range(READINGS):
        try:
            stream = arrival.path.open("rb")
        except OSError as error:
            return _unreadable(arrival, error)
        with stream:
            try:
                return _kept(stream, landing, last)
            except _StillChangingError:
                continue
            except _ReadError as error:
                return _unreadable(arrival, error.reason)
            except OSError as error:
                raise _cannot_write(landing, error) from error
    return Fault(arrival.name, "a file that was being written while it was read; the next run will take it")


def keep_bytes(data: bytes, landing: Path) -> Copy:
    """Keep bytes at hand, such as the answer of a feed. Raises WarehouseUnavailableError."""
    copy = Copy(hashlib.sha256(data).hexdigest(), len(data))
    try:
        if not _is_stored(landing, copy):
            with written_aside(landing / "sha256") as aside:
                aside.write(data)
                target = copy_path(landing, copy.sha256)
                target.parent.mkdir(exist_ok=True)
                put_in_place(aside, target, 0o444)
    except OSError as error:
        raise _cannot_write(landing, error) from error
    return copy


def _kept(stream: IO[bytes], landing: Path, last: str) -> Copy:
    if last:
        copy = _pass_on(stream, None)
        if copy.sha256 == last and _is_stored(landing, copy):
            return copy
        stream.seek(0)
    with written_aside(landing / "sha256") as aside:
        copy = _pass_on(stream, aside)
        if not _is_stored(landing, copy):
            target = copy_path(landing, copy.sha256)
            target.parent.mkdir(exist_ok=True)
            put_in_place(aside, target, 0o444)
    return copy


def _pass_on(stream: IO[bytes], aside: IO[bytes] | None) -> Copy:
    before = _state(stream)
    digest = hashlib.sha256()
    size = 0
    while size <= before[0] and (chunk := _read(stream)):  # one that grows faster than we read has no end
        digest.update(chunk)
        size += len(chunk)
        if aside is not None:
            aside.write(chunk)
    if _state(stream) != before or before[0] != size:
        raise _StillChangingError
    return Copy(digest.hexdigest(), size)


def _state(stream: IO[bytes]) -> tuple[int, int]:
    state = os.fstat(stream.fileno())
    return state.st_size, state.st_mtime_ns


def _read(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:
        raise _ReadError(error) from error


def _is_stored(landing: Path, copy: Copy) -> bool:
    path = copy_path(landing, copy.sha256)
    return path.is_file() and path.stat().st_size == copy.size_bytes


class _StillChangingError(Exception):
    pass


class _ReadError(Exception):
    """A fault of the file that arrived, told apart from a fault of the landing folder."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason
        super().__init__(str(reason))


def _unreadable(arrival: Arrival, error: OSError) -> Fault:
    return Fault(arrival.name, f"a file that cannot be read: {error.strerror or type(error).__name__}")


def _cannot_write(landing: Path, error: OSError) -> WarehouseUnavailableError:
    return WarehouseUnavailableError(
        f"The landing folder {landing} cannot be written: {error.strerror or type(error).__name__}",
        expected="room for the files that arrive",
        remedy="Free space on the disk, or mend the folder, and run again",
    )

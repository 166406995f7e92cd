"""Writing a file so that its name shows the old content or the new, never a part.

Does not belong here: what is written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kcc_etl.disk import sync_folder

_PREFIX = ".aside-"
_SUFFIX = ".tmp"


@contextmanager
def written_aside(folder: Path) -> Iterator[IO[bytes]]:
    """A fresh file in the folder to write to; it is gone at the end unless it was put in place."""
    with tempfile.NamedTemporaryFile(prefix=_PREFIX, suffix=_SUFFIX, dir=folder, delete=False) as aside:
        try:
            yield aside.file
        finally:
            aside.close()
            Path(aside.name).unlink(missing_ok=True)


def sweep_asides(folder: Path) -> None:
    """Delete what killed writers left in the folder. Only for one who knows that nobody writes there now."""
    for aside in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")):
        aside.unlink(missing_ok=True)


def put_in_place(aside: IO[bytes], target: Path, mode: int) -> None:
    """Give the file written aside its name and permissions, once its bytes are on the disk."""
    aside.flush()
    os.fsync(aside.fileno())
    aside.close()  # Windows renames closed files only
    Path(aside.name).chmod(mode)
    Path(aside.name).replace(target)
    sync_folder(target.parent)


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write the whole content under the name at once. Raises OSError, and then leaves what was there."""
    with written_aside(path.parent) as aside:
        aside.write(content)
        put_in_place(aside, path, mode)

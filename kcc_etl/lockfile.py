"""A file that one process holds at a time; the lock dies with its process, so a killed run leaves none.

Does not belong here: what is kept safe by it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PAUSE_SECONDS = 0.1


@contextmanager
def held(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock at the path, made if need be. Raises BlockingIOError when another has it, unless `wait`.

    Not re-entrant: a process that asks for it twice waits for itself. The file stays; deleting it would let
    two processes hold two files of one name.
    """
    with path.open("a+b") as handle:
        while not _take(handle):
            if not wait:
                raise BlockingIOError(f"{path} is held by another process")
            time.sleep(_PAUSE_SECONDS)  # not in the system call, so that a stop of the run gets through
        yield  # closing the file gives the lock back


def _take(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is how Windows says it
        return False
    return True

"""Files of others, judged in a process of its own with limits on memory and time, so that this one survives.

Run as `python -m reports.verify_apart PATH MEMORY [NAME …]` it judges PATH but for the files named, and tells
a verdict a line; `verify_apart` starts it, and again without a file that it died of.
Does not belong here: judging (`verify`).
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO

import msgspec

from kcc_etl.domain.findings import Finding
from reports.accessibility.check import findings_of
from reports.accessibility.page import Hit
from reports.verify import verify
from reports.verify_files import Verdict, names_in
from reports.verify_rules import PACK_RULES

SECONDS = 120.0
"""For one file; the largest that is judged at all takes about a minute."""
MEMORY = 2 * 1024**3


def verify_apart(path: Path, seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[Verdict]:
    """A verdict on each file and on the folder, as `verify` gives it. Nothing that a file holds raises."""
    done: list[str] = []
    while True:
        begun = Verdict("")
        for verdict in _told(path, done, seconds, memory):
            if not verdict.is_whole:
                begun = verdict
                continue
            done.append(verdict.name)
            yield verdict
        left = [name for name in names_in(path) if name not in done]
        if not left:
            return
        done.append(left[0])  # the one that it was at when it ended
        known = begun.findings if begun.name == left[0] else []
        yield _not_judged(left[0], known, seconds, memory)


def _not_judged(name: str, known: list[Finding], seconds: float, memory: int) -> Verdict:
    told = (
        f"a file that takes more than {seconds:g} seconds or {memory // 1024**2} MB, or stops what reads it"
    )
    return Verdict(name, [*known, *findings_of(PACK_RULES["PK-003"], [Hit(told)], name)])


def _told(path: Path, skip: Collection[str], seconds: float, memory: int) -> Iterator[Verdict]:
    """What one process says before it ends or is ended."""
    command = [sys.executable, "-m", "reports.verify_apart", str(path.absolute()), str(memory), *skip]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
    try:
        while True:
            line = lines.get(timeout=seconds)
            if not line:
                return
            yield msgspec.json.decode(line, type=Verdict)
    except (queue.Empty, msgspec.MsgspecError):
        return
    finally:
        process.kill()
        process.wait()


def _pass_on(source: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    for line in source:
        lines.put(line)
    lines.put(b"")


def main() -> None:
    """Judge the path of the command line, one line a verdict."""
    path, memory, *skip = sys.argv[1:]
    said = os.fdopen(os.dup(1), "wb")
    # A library that prints must not be taken for a verdict.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit(int(memory))

    def say(verdict: Verdict) -> None:
        said.write(msgspec.json.encode(asdict(verdict)) + b"\n")
        said.flush()

    for verdict in verify(Path(path), skip=skip, before=say):
        say(verdict)


def _limit(memory: int) -> None:
    if sys.platform == "win32":  # there only the time is limited, by the one who asks
        return
    import resource

    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        _, hard = resource.getrlimit(kind)
        tightest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (tightest, tightest))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt, MemoryError):
        main()

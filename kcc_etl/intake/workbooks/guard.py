"""The guard: untrusted workbooks are opened in processes of their own, and this one survives.

Two openers (`opening`) are started when they are first needed and make one short-lived child a workbook,
with limits on its memory and time. Does not belong here: reading cells (`workbook`), what they mean.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import Self

import msgspec

import kcc_etl
from kcc_etl.exceptions import SourceError, SourceUnreadableError, SourceUnsafeError
from kcc_etl.intake.workbooks.book import Book, Fault, Limits, Request
from kcc_etl.intake.workbooks.opening import died, read_frame, too_slow, write_frame

SECONDS = 20.0
MEMORY = 512 * 1024 * 1024
AT_ONCE = 2
_GRACE = 5.0
"""Seconds beyond its limit after which an opener that has not answered is itself given up."""
_AHEAD = 2 * AT_ONCE
_ENDING = 2.0
_MODULE = "kcc_etl.intake.workbooks.opening"

_decode = msgspec.msgpack.Decoder(Book | Fault).decode


@dataclass(frozen=True)
class Opening:
    """One workbook to open, the sheet of that name (None: the first that can be seen), its limits."""

    path: Path
    sheet: str | None = None
    limits: Limits = field(default_factory=Limits)


class Guard:
    """Opens workbooks safely; use it as a context manager. Any thread may ask.

    `seconds` and `memory` (bytes) bound the reading of one workbook.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._lanes = [_Lane() for _ in range(AT_ONCE)]
        # The one used last comes first, so that one file after the other needs one opener.
        self._free: LifoQueue[_Lane] = LifoQueue()
        for lane in self._lanes:
            self._free.put(lane)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the openers and whatever they have begun. The guard can be used again."""
        for lane in self._lanes:
            lane.end()

    def open(self, path: Path, sheet: str | None = None, limits: Limits | None = None) -> Book:
        """The sheet of that name, or the first that can be seen.

        Raises SourceError, with the rule that is broken, for a file that cannot be read within the limits.
        """
        answer = self._answer(Opening(path, sheet, limits or Limits()))
        if isinstance(answer, Fault):
            raise error_of(answer)
        return answer

    def open_all(self, openings: Iterable[Opening]) -> Iterator[Book | SourceError]:
        """Every workbook, or the error that keeps it shut, in the order asked for; two are read at once."""
        waiting: deque[Future[Book | Fault]] = deque()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="guard") as threads:
            for opening in openings:
                waiting.append(threads.submit(self._answer, opening))
                if len(waiting) >= _AHEAD:
                    yield _book_or_error(waiting.popleft().result())
            while waiting:
                yield _book_or_error(waiting.popleft().result())

    def _answer(self, opening: Opening) -> Book | Fault:
        path = str(opening.path.absolute())
        request = Request(path, opening.sheet, opening.limits, self._seconds, self._memory)
        lane = self._free.get()
        try:
            return lane.ask(request)
        finally:
            self._free.put(lane)


def error_of(fault: Fault) -> SourceError:
    """The error that a fault stands for."""
    kind = SourceUnsafeError if fault.rule_id in {"IN-010", "IN-011"} else SourceUnreadableError
    return kind(fault.found, expected=fault.expected, remedy=fault.remedy, rule_id=fault.rule_id)


def _book_or_error(answer: Book | Fault) -> Book | SourceError:
    return error_of(answer) if isinstance(answer, Fault) else answer


class _OpenerGoneError(Exception):
    """The opener ended, or said what no opener says."""


class _Lane:
    """One opener, asked by one thread at a time, and started again after it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._late = False

    def ask(self, request: Request) -> Book | Fault:
        """The answer to one request; an opener that dies of it is started once more for a second try."""
        for _ in range(2):
            try:
                return self._exchange(request)
            except _OpenerGoneError:
                # Its child may live on, and would keep waiting or working for nobody.
                if self._process is not None:
                    _kill(self._process)
                self.end()
                if self._late:
                    return too_slow(request)
        return died(request)

    def end(self) -> None:
        """End the opener and every child of it, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            process.wait(0 if self._late else _ENDING)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()

    def _exchange(self, request: Request) -> Book | Fault:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise _OpenerGoneError
        self._late = False
        watch = threading.Timer(request.seconds + _GRACE, self._give_up, [process])
        watch.daemon = True
        watch.start()
        try:
            write_frame(process.stdin.fileno(), msgspec.msgpack.encode(request))
            answer = read_frame(process.stdout.fileno())
            if answer is None:
                raise _OpenerGoneError
            decoded: Book | Fault = _decode(answer)
            return decoded
        except (OSError, ValueError, msgspec.MsgspecError):
            raise _OpenerGoneError from None
        finally:
            watch.cancel()

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        _kill(process)

    def _running(self) -> subprocess.Popen[bytes]:
        # A process forked from this one has no use for an opener that its parent talks to.
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.end()
            self._process, self._owner = _start(), os.getpid()
        return self._process


def _start() -> subprocess.Popen[bytes]:
    # -P keeps modules that lie in the folder of the day out; the path makes sure of the same program.
    root = str(Path(kcc_etl.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End an opener and its child, which are a group of their own."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

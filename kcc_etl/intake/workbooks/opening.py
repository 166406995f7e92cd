"""The opener: a small process that opens workbooks, each in a child of its own that may die of it.

Started by `guard` as `python -m kcc_etl.intake.workbooks.opening`; requests come in on standard input,
answers go out on standard output, each as a length of four bytes and MessagePack. It ends when its input
ends. Where a process cannot be forked (Windows) it opens the workbook itself, and `guard` replaces it after
a fault.
Does not belong here: reading cells (`workbook`), anything heavy to import.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import select
import signal
import sys
import time
import zipfile
from pathlib import Path

import msgspec

if sys.platform != "win32":
    import resource  # once, and not in every child

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.workbooks.book import Fault, Limits, Request
from kcc_etl.intake.workbooks.workbook import pack_book

MAX_ANSWER = 512 * 1024 * 1024
LENGTH_BYTES = 4
_CHUNK = 1 << 20
_SPARE_SECONDS = 2
_TOO_LARGE, _TOO_SLOW, _DIED = (
    "The workbook needs more than {memory} MB of memory to be read",
    "The workbook could not be read within {seconds:g} seconds",
    "The workbook could not be read: the program that opened it failed",
)
_EXPECTED = "a workbook that can be read within {seconds:g} seconds and {memory} MB of memory"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SMALL_WORKBOOK = {
    "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
    "_rels/.rels": f"<Relationships xmlns='{_RELATIONS}'>"
    f"<Relationship Id='r1' Type='{_TYPES}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
    "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' xmlns:r='{_TYPES}'>"
    "<sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_RELATIONS}'>"
    f"<Relationship Id='r1' Type='{_TYPES}/worksheet' Target='worksheets/sheet1.xml'/>"
    f"<Relationship Id='r2' Type='{_TYPES}/sharedStrings' Target='sharedStrings.xml'/>"
    f"<Relationship Id='r3' Type='{_TYPES}/styles' Target='styles.xml'/></Relationships>",
    "xl/sharedStrings.xml": f"<sst xmlns='{_MAIN}'><si><t>a</t></si></sst>",
    "xl/styles.xml": f"<styleSheet xmlns='{_MAIN}'><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>",
    "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_MAIN}'><sheetData><row r='1'>"
    "<c r='A1' t='s'><v>0</v></c><c r='B1' s='0'><v>45000.5</v></c></row></sheetData></worksheet>",
}


def main() -> None:
    """Answer requests until there are no more."""
    answers = os.dup(1)
    # A library that prints must not be taken for an answer.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _let_bytes_pass(0, answers)
    _warm_up()
    request = read_frame(0)
    while request is not None:
        asked = msgspec.msgpack.decode(request, type=Request)
        answer = _in_a_child(asked, answers) if hasattr(os, "fork") else answer_to(asked)
        if answer is None:
            return
        write_frame(answers, answer)
        request = read_frame(0)


def _let_bytes_pass(*descriptors: int) -> None:
    """Windows would take some bytes for ends of lines."""
    if sys.platform == "win32":
        import msvcrt

        for descriptor in descriptors:
            msvcrt.setmode(descriptor, os.O_BINARY)


def answer_to(request: Request) -> bytes:
    """The workbook asked for, or the fault that keeps it shut, packed. Nothing that a file holds raises."""
    try:
        return pack_book(Path(request.path).read_bytes(), request.sheet, request.limits)
    except SourceError as error:
        fault = Fault(error.rule_id, error.found, error.expected, error.remedy)
    except MemoryError:
        fault = beyond_limits(_TOO_LARGE, request)
    # A file nobody has seen before may trip what nobody has thought of; it is kept and said to be damaged.
    except Exception:
        fault = Fault("IN-001", "The workbook is damaged, or uses something that cannot be read")
    return msgspec.msgpack.encode(fault)


def beyond_limits(words: str, request: Request) -> Fault:
    """The fault of a workbook that takes too much time or memory."""
    limits = {"memory": request.memory // 1024**2, "seconds": request.seconds}
    return Fault("IN-023", words.format(**limits), _EXPECTED.format(**limits))


def died(request: Request) -> Fault:
    """The fault of a workbook at which the process that read it ended without an answer."""
    return beyond_limits(_DIED, request)


def too_slow(request: Request) -> Fault:
    """The fault of a workbook that was not read in time."""
    return beyond_limits(_TOO_SLOW, request)


def read_frame(source: int) -> bytes | None:
    """The next frame; None at the end of the input, also within one. Raises ValueError at a false length."""
    head = _read(source, LENGTH_BYTES)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    if length > MAX_ANSWER:
        raise ValueError("a frame is longer than any answer")
    return _read(source, length)


def write_frame(target: int, content: bytes) -> None:
    """Write a frame. Raises OSError when nobody reads any more."""
    view = memoryview(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    while view:
        view = view[os.write(target, view[:_CHUNK]) :]


def _read(source: int, count: int) -> bytes | None:
    parts: list[bytes] = []
    while count:
        part = os.read(source, min(count, _CHUNK))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _warm_up() -> None:
    """Read a workbook before any child is made, so that no child pays for what is done once."""
    pack_book(_small_workbook(), None, Limits())
    # Collecting would touch every page that a child shares with the opener; children do not live to need it.
    gc.collect()
    gc.freeze()
    gc.disable()


def _small_workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _SMALL_WORKBOOK.items():
            package.writestr(name, text)
    return stream.getvalue()


def _in_a_child(request: Request, answers: int) -> bytes | None:
    """The answer of a child made for this request; None when the one who asked is gone."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        # Whoever asked learns of the end of the opener only when nobody else holds its output.
        for inherited in (0, answers, source):
            os.close(inherited)
        _answer_and_exit(request, target)
    os.close(target)
    try:
        answer, in_time, wanted = _collect(source, time.monotonic() + request.seconds)
    finally:
        os.close(source)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if not wanted:
        return None
    if (
        answer
        and in_time
        and (status == 0 or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL))
    ):
        return answer
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    slow = not in_time or ended_by == getattr(signal, "SIGXCPU", -1)
    return msgspec.msgpack.encode(too_slow(request) if slow else died(request))


def _collect(source: int, deadline: float) -> tuple[bytes, bool, bool]:
    """What a child says, whether it ended in time, and whether anybody still waits for it."""
    waiting = select.poll()
    waiting.register(source, select.POLLIN)
    waiting.register(0, 0)  # tells only when the input has ended
    said = bytearray()
    while True:
        ready = dict(waiting.poll(max(0, deadline - time.monotonic()) * 1000))
        if 0 in ready:
            return b"", True, False
        if not ready:
            return b"", False, True
        part = os.read(source, _CHUNK)
        if not part:
            return _whole(said), True, True
        said += part
        if len(said) > MAX_ANSWER:
            return b"", True, True


def _whole(said: bytearray) -> bytes:
    """The frame that a child wrote, or nothing when it ended within it."""
    content = bytes(said[LENGTH_BYTES:])
    return content if int.from_bytes(said[:LENGTH_BYTES], "big") == len(content) else b""


def _answer_and_exit(request: Request, target: int) -> None:
    code = 1
    try:
        _limit(request)
        write_frame(target, answer_to(request))
        code = 0
    finally:
        # Neither handlers nor buffers of the opener are the child's to run or to flush.
        os._exit(code)


def _limit(request: Request) -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, request.memory),
        (resource.RLIMIT_CPU, int(request.seconds) + _SPARE_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        tightest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (tightest, tightest))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
    sys.exit(0)

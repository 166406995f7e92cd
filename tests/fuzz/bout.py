"""Many mutants read in one process, and what was wrong with any: the driver of the fuzz tests.

Does not belong here: making mutants (`mutants`), how many are read.
"""

from __future__ import annotations

import faulthandler
import hashlib
import multiprocessing
import os
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.parsed import FileIdentity, Parsed
from kcc_etl.intake.reader import parse
from kcc_etl.intake.workbooks.book import Book
from kcc_etl.intake.workbooks.guard import SECONDS, Guard, Opening
from kcc_etl.intake.workbooks.workbook import open_book
from tests.fuzz.mutants import Base, byte_mutant, part_mutant
from tests.hostile.bases import OURS

LIMIT_SECONDS = 8.0
"""How long one mutant may hold up this process before it is given to the guard, which has limits of its own."""
TELLTALES = re.compile(
    r"Traceback|Error\b|Exception|<class|object at 0x|NoneType|\bb['\"]|zipfile|xml\.(?:etree|parsers|sax)|\.py\b|lambda|__\w+__"
    r"|expected str|invalid literal|codec can|not subscriptable|has no attribute|\bdict\b|\bNone\b|calamine|openpyxl"
)
"""Words of the program and its libraries that no message for a person may hold."""
_MAKERS: dict[str, Callable[[int], Base]] = {"byte": byte_mutant, "part": part_mutant}

Mutant = tuple[str, int]
"""How it is made (byte or part), and its seed."""


class InThisProcess:
    """Stands where the guard does and runs what the child runs, here; it lets every stray error through."""

    def open_all(self, openings: Iterable[Opening]) -> Iterator[Book | SourceError]:
        """Every workbook, or the error that keeps it shut."""
        for opening in openings:
            try:
                yield open_book(opening.path.read_bytes(), opening.sheet, opening.limits)
            except SourceError as error:
                yield error


@dataclass
class Tally:
    """What became of the mutants: fates, and for each that went wrong its maker, seed and fault."""

    fates: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def read_mutant(mutant: Mutant, folder: Path, guard: object) -> str:
    """Read one mutant; its fate and rule. Raises AssertionError when a message shows the program's own words."""
    base = _MAKERS[mutant[0]](mutant[1])
    path = folder / "mutant"
    path.write_bytes(base.data)
    file = FileIdentity(hashlib.sha256(base.data).hexdigest(), "fuzz", base.name, date(2026, 10, 20))
    parsed = parse(path, kind=base.kind, file=file, authority_ids=(OURS,), guard=guard)
    shown = told_of_the_program(parsed)
    assert not shown, shown
    return f"{parsed.receipt['fate']} {parsed.receipt['rule_id'] or ''}".strip()


def told_of_the_program(parsed: Parsed) -> str:
    """The message that shows words of the program; found values are quoted from the file and may be anything."""
    texts = [f"{f.expected} {f.remedy}" for f in parsed.findings]
    texts += [f.found for f in parsed.findings if not f.cell and not f.source_row]
    texts += [str(parsed.receipt["reason"] or "")]
    return next((text for text in texts if TELLTALES.search(text)), "")


def bout(mutants: Iterable[Mutant], folder: Path) -> Tally:
    """Read the mutants in a child process; where one kills it or holds it up, the next child goes on behind it."""
    tally, left = Tally(), list(mutants)
    while left:
        reader, writer = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=_run, args=(left, folder, writer))
        child.start()
        writer.close()
        done = 0
        try:
            while reader.poll(LIMIT_SECONDS):
                fate, fault = reader.recv()
                tally.fates[fate] += 1
                if fault:
                    tally.faults.append((*left[done], fault))
                done += 1
        except EOFError:
            pass
        child.kill()
        child.join()
        if done < len(left):
            tally.fates["ended or held up the process"] += 1
            _by_the_guard(left[done], folder, tally)
            done += 1
        left = left[done:]
    return tally


def _by_the_guard(mutant: Mutant, folder: Path, tally: Tally) -> None:
    """What ends a process must be a fate like any other behind the guard."""
    started = time.monotonic()
    with Guard() as guard:
        try:
            tally.fates["by the guard: " + read_mutant(mutant, folder, guard)] += 1
        except Exception:
            tally.faults.append((*mutant, "by the guard: " + traceback.format_exc(limit=-3)))
    if time.monotonic() - started > SECONDS + 10:
        tally.faults.append((*mutant, "by the guard: a hang"))


def _run(mutants: list[Mutant], folder: Path, writer: Connection) -> None:
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a library that panics says so at length
    mine = folder / str(os.getpid())
    mine.mkdir()
    for mutant in mutants:
        try:
            writer.send((read_mutant(mutant, mine, InThisProcess()), ""))
        except Exception:
            writer.send(("fault", traceback.format_exc(limit=-4)))
    writer.close()
    os._exit(0)

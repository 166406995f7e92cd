"""Runs nights in forked children and kills them, for `test_killed_nights`. Run as a script: FOLDER SEED.

Does not belong here: what must be true afterwards.

Makes a sample county, works out the packs of its two inboxes (A, and B with another purpose of one payment)
by undisturbed nights, then kills ten nights of a county that has drafted A and, beside it, ten of one where
nothing has run yet, changing the inbox before each; at last one night of each may end. Prints a JSON line for
every one.

A pack says how many rules could be judged, and some compare a file with the version that landed before it. So
each inbox has two packs: where it is the first to land, and where the other landed before.

The moments are spread over the time of an undisturbed night, yet follow the work and not the clock, so that
a busy machine does not push them all to the front: the child counts its transactions and its
touches of drafts, at one of them the parent is told, waits a random while, and kills.
"""

from __future__ import annotations

import bisect
import gc
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

# Loaded once, by the parent: a night then spends its time on work.
import docx  # noqa: E402, F401
import great_expectations  # noqa: E402, F401
import matplotlib.figure  # noqa: E402, F401
import openpyxl  # noqa: E402, F401
import sqlalchemy as sa  # noqa: E402

from kcc_etl.night import run_night  # noqa: E402
from kcc_etl.sample.project import write_project  # noqa: E402
from reports.manifest import FILE_NAME  # noqa: E402
from reports.verify import hash_faults  # noqa: E402

PERIOD = "2026-27-Q2"
LEDGER = Path("data/inbox/payments/ledger-2026-27-Q2.csv")
KILLS = 10
LATE_KILLS = 1
LONGEST_WAIT = 0.25


@dataclass(frozen=True)
class Undisturbed:
    """What a night comes to that nobody kills: hash of the pack, first to land and after the other, and of
    the findings.
    """

    first: str
    after: str
    findings: str


def say(line: dict[str, object]) -> None:
    os.write(1, (json.dumps(line) + "\n").encode())  # one call, for two processes write


def make_county(folder: Path) -> dict[str, bytes]:
    """The sample, cut down to be quick: one quarter, a fifth of its payments, a third of its returns."""
    write_project(folder)
    inbox = folder / "data" / "inbox"
    for path in inbox.glob("payments/*"):
        if PERIOD not in path.name:
            path.unlink()
    for number, path in enumerate(sorted(inbox.glob("returns/**/*.xlsx"))):
        if PERIOD not in path.parts or number % 3:
            path.unlink()
    lines = (folder / LEDGER).read_bytes().splitlines(keepends=True)[:500]
    (folder / LEDGER).write_bytes(b"".join(lines))
    # Not a line less: that would be a loss after the one inbox, and none after the other.
    other = lines[5].replace(b",Highway maintenance,", b",Road maintenance,")
    assert other != lines[5]
    return {"A": b"".join(lines), "B": b"".join([*lines[:5], other, *lines[6:]])}


def start(county: Path, tell_at: int) -> tuple[int, int]:
    """A child that runs one night. The pipe tells of the touch asked for, and at the end what it came to."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    started = time.monotonic()
    touches: list[float] = []

    def count(*_: object) -> None:
        touches.append(round(time.monotonic() - started, 3))
        if len(touches) == tell_at:
            os.write(writing, b".")

    def count_drafts(_event: str, details: tuple[object, ...]) -> None:
        if any("/drafts" in str(detail) for detail in details[:2]):
            count()

    sa.event.listen(sa.Engine, "begin", count)
    sys.addaudithook(count_drafts)
    try:
        night = run_night(county / "kcc_etl.toml")
        told = {"code": night.exit_code, "touches": touches, "failures": night.failures}
        os.write(writing, json.dumps(told).encode())
    finally:
        os._exit(0)


def ended(county: Path, child: int, pipe: int) -> tuple[dict[str, object], list[float]]:
    """What a night that nobody kills came to, and the times of its touches."""
    with os.fdopen(pipe, "rb") as told:
        answer = json.loads(told.read())
    os.waitpid(child, 0)
    touches = answer.pop("touches")
    return {**answer, "seconds": touches[-1], **state(county)}, touches


def killed(county: Path, touch: int, wait: float) -> bool:
    """Whether the night was killed; it may have ended before."""
    child, pipe = start(county, tell_at=touch)
    with os.fdopen(pipe, "rb", buffering=0) as told:
        if told.read(1) == b".":
            select.select([told], [], [], wait)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def bytes_of(folder: Path) -> str:
    """One hash of all names and contents; empty when there is no such folder."""
    if not folder.exists():
        return ""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        total.update(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def rows(county: Path, query: str) -> list[list[object]]:
    with closing(sqlite3.connect(county / "data" / "warehouse.sqlite3")) as connection:
        return [list(row) for row in connection.execute(query)]


def state(county: Path) -> dict[str, object]:
    """The publication, what is wrong with it, and what SQLite says of the warehouse."""
    pack = county / "data" / "drafts" / PERIOD
    there = pack.is_symlink() or pack.exists()
    faults = hash_faults(pack, json.loads((pack / FILE_NAME).read_bytes())) if there else []
    return {
        "pack": bytes_of(pack),
        "faults": faults,
        "warehouse": rows(county, "pragma integrity_check")[0][0],
    }


def leftovers(county: Path) -> list[str]:
    found = [path for path in (county / "data").rglob("*") if path.name.endswith((".part", ".tmp", ".aside"))]
    return [str(path) for path in found] + [str(p) for p in (county / "data" / "drafts").glob(".link*")]


def moments(dice: random.Random) -> Iterator[float]:
    """Shares of the night, one from each ninth and one from its end, where packs are switched; shuffled.

    Then any, for nights that ended before the kill.
    """
    early = KILLS - LATE_KILLS
    shares = [(number + dice.random()) / early for number in range(early)]
    shares += [dice.uniform(0.97, 1) for _ in range(LATE_KILLS)]
    dice.shuffle(shares)
    yield from shares
    while True:
        yield dice.random()


def finding_rows(county: Path) -> str:
    query = "select * from finding order by rule_id, source_name, source_file, cell, subject, found"
    return hashlib.sha256(json.dumps(rows(county, query), default=str).encode()).hexdigest()


def runs(county: Path) -> list[str]:
    """Status of every run in Dagster's record, in the order in which they began."""
    with closing(sqlite3.connect(county / "data" / "dagster" / "history" / "runs.db")) as connection:
        return [row[0] for row in connection.execute("select status from runs order by id")]


def kill_nights(
    county: Path,
    ledgers: dict[str, bytes],
    ends: dict[str, Undisturbed],
    touches: list[float],
    dice: random.Random,
) -> None:
    inbox, kills = "A", 0
    for share in moments(dice):
        inbox = "B" if inbox == "A" else "A"
        (county / LEDGER).write_bytes(ledgers[inbox])
        if kills == KILLS:
            break
        old = bytes_of(county / "data" / "drafts" / PERIOD)
        touch = bisect.bisect(touches, share * touches[-1]) + 1
        died = killed(county, touch, dice.uniform(0, LONGEST_WAIT))
        kills += died
        line = {"what": "killed" if died else "ended", "county": county.name, "share": round(share, 3)}
        say(
            {
                **line,
                "inbox": inbox,
                "old": old,
                "new": [ends[inbox].first, ends[inbox].after],
                **state(county),
            }
        )
    told, _ = ended(county, *start(county, tell_at=0))
    say(
        {
            "what": "last",
            "county": county.name,
            "inbox": inbox,
            **told,
            "new": ends[inbox].after,
            "same_findings": finding_rows(county) == ends[inbox].findings,
            "leftovers": leftovers(county),
            "runs": runs(county),
        }
    )


def undisturbed(
    folder: Path, nights: dict[str, tuple[str, bytes]]
) -> tuple[dict[str, tuple[str, str]], list[float]]:
    """Pack and findings by inbox, of one night each, side by side in the counties named; times of touches."""
    begun = {}
    for inbox, (county, ledger) in nights.items():
        (folder / county / LEDGER).write_bytes(ledger)
        begun[inbox] = (folder / county, start(folder / county, tell_at=0))
    ends, touches = {}, []
    for inbox, (county, night) in begun.items():
        told, touches = ended(county, *night)
        say({"what": "undisturbed", "inbox": inbox, **told})
        ends[inbox] = str(told["pack"]), finding_rows(county)
    return ends, touches


def main(folder: Path, seed: int) -> None:
    gc.freeze()  # else every child walks through, and so copies, all that the parent has loaded
    ledgers = make_county(folder / "A")
    for name in ("B", "from-nothing"):
        shutil.copytree(folder / "A", folder / name)
    first, touches = undisturbed(folder, {inbox: (inbox, ledger) for inbox, ledger in ledgers.items()})
    shutil.copytree(folder / "A", folder / "from-A")
    after, _ = undisturbed(folder, {"A": ("B", ledgers["A"]), "B": ("A", ledgers["B"])})
    ends = {inbox: Undisturbed(first[inbox][0], *after[inbox]) for inbox in ledgers}
    beside = os.fork()
    name, number = ("from-A", seed) if beside else ("from-nothing", seed + 1)
    kill_nights(folder / name, ledgers, ends, touches, random.Random(number))
    if beside:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(beside, 0)[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

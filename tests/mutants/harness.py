"""Three real nights: clean files, clean files a month later, defects; what was caught, and cried for nothing.

Does not belong here: the world and its defects (`world`, `register`, `ledgers`, `papers`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kcc_etl.sample.dice import Dice
from kcc_etl.sample.project import write_project
from tests.mutants import ledgers, papers, register
from tests.mutants.world import NEW_SOURCES, SMALL_SOURCES, Planted, World, clean_world
from tests.pipeline.support import kcc_etl

TIMES = 4
_SERIOUS = ("critical", "warning")
_MISSING = "mutants returns that never come"


@dataclass(frozen=True)
class Found:
    """One finding of a night."""

    rule: str
    severity: str
    file: str
    row: int
    subject: str
    said: str


@dataclass(frozen=True)
class Clean:
    """A night on clean files: their rows, and the warnings and critical findings cried over them.

    `compared` counts what versions were compared in, by the kind of difference.
    """

    rows: int
    alarms: list[Found]
    compared: Counter[str]

    @property
    def alarm_share(self) -> float:
        """Warnings and critical findings a row."""
        return len(self.alarms) / self.rows


@dataclass(frozen=True)
class Score:
    """What the nights came to.

    `first` is a night on clean files, `later` one on clean files of a month later, which versions can be
    compared in. `further` counts the warnings and critical findings of the night of the defects that stand in
    no place of one: what a defect does to other rows that name it.
    """

    planted: list[Planted]
    missed: list[Planted]
    first: Clean
    later: Clean
    further: Counter[str]

    @property
    def caught_share(self) -> float:
        """Share of the defects that the named rule found in their place."""
        return 1 - len(self.missed) / len(self.planted)

    def __str__(self) -> str:
        kinds = Counter((p.rule, p.kind) for p in self.planted)
        missed = Counter((p.rule, p.kind) for p in self.missed)
        lines = [
            f"{rule}  {n - missed[rule, kind]:3d} of {n:3d}  {kind}"
            for (rule, kind), n in sorted(kinds.items())
        ]
        caught = len(self.planted) - len(self.missed)
        caught_line = (
            f"Caught by the named rule: {caught} of {len(self.planted)} defects of {len(kinds)} kinds "
            f"({self.caught_share:.1%})"
        )
        return "\n".join(
            [
                *lines,
                caught_line,
                *(
                    f"False alarms {when}: {len(night.alarms)} on {night.rows:,} clean rows "
                    f"({night.alarm_share:.2%}) {dict(Counter(one.rule for one in night.alarms))}"
                    for when, night in (("at first", self.first), ("a month later", self.later))
                ),
                f"In the night of the defects, away from the defects: {dict(self.further.most_common())}",
            ]
        )


def run(folder: Path) -> Score:
    """The three nights in a folder of their own."""
    config, inbox = _settings(folder), folder / "data" / "inbox"
    first, later = (_clean_night(config, inbox, folder / name) for name in ("first", "later"))
    spoilt = clean_world(folder / "spoilt")
    spoilt.pass_a_month()
    plant(spoilt)
    planted = spoilt.write(inbox)
    found = _night(config)
    missed = [each for each in planted if not any(_is(each, one) for one in found)]
    elsewhere = [one for one in found if not any(_near(each, one) for each in planted)]
    further = Counter(one.rule for one in elsewhere if one.severity in _SERIOUS)
    return Score(planted, missed, first, later, further)


def _clean_night(config: Path, inbox: Path, scratch: Path) -> Clean:
    """A night on the clean world, in which returns that the night of the defects misses are missing already."""
    world = clean_world(scratch)
    papers.take_away(world, Dice(_MISSING), 2)
    world.keep_back(NEW_SOURCES)
    if scratch.name == "later":
        world.pass_a_month()
    never_came = world.write(inbox)
    serious = [found for found in _night(config) if found.severity in _SERIOUS]
    alarms = [found for found in serious if not any(_is(each, found) for each in never_came)]
    return Clean(_rows(config.parent), alarms, _compared(config.parent))


def _settings(folder: Path) -> Path:
    """The sample's settings, with the small sources beside its own and an empty inbox."""
    (folder / "data" / "inbox").mkdir(parents=True)
    write_project(folder)
    config = folder / "kcc_etl.toml"
    with config.open("a", encoding="utf-8") as settings:
        for source in SMALL_SOURCES:
            place = f'path = "data/inbox/{source}"\npattern = "*.csv"'
            settings.write(f'\n[[sources]]\nname = "{source}"\nkind = "payments"\n{place}\n')
    return config


def plant(world: World, times: int = TIMES) -> None:
    """Every kind of defect, most of them so many times, at seeded random places."""
    papers.take_away(world, Dice(_MISSING), 2)
    register.plant_cells(world, Dice("mutants register"), times)
    register.plant_over_time(world, Dice("mutants over time"), times)
    register.plant_questions(world, Dice("mutants questions"), times)
    register.plant_against_notices(world, Dice("mutants against notices"), times)
    ledgers.plant_cells(world, Dice("mutants ledgers"), times)
    ledgers.plant_lines(world, Dice("mutants lines"), times)
    ledgers.plant_against_register(world, Dice("mutants against register"), times)
    ledgers.plant_months(world)
    ledgers.plant_over_time(world)
    papers.plant_further_notices(world, 2)
    papers.plant_notices(world, 2)
    papers.plant_percentages(world, Dice("mutants percentages"), 2)
    papers.plant_returns(world, Dice("mutants returns"), 2)
    papers.plant_decisions(world, Dice("mutants decisions"), times)
    papers.plant_files(world)


def _night(config: Path) -> list[Found]:
    done = kcc_etl("run", "--config", config, "--json")
    if done.code not in (0, 1) or "Traceback" in done.err:
        raise RuntimeError(done.err)
    query = "select rule_id, severity, source_file, source_row, cell, subject, found from finding"
    with closing(sqlite3.connect(config.parent / "data" / "warehouse.sqlite3")) as warehouse:
        return [
            Found(
                rule,
                severity,
                file or "",
                int("".join(c for c in cell or "" if c.isdigit()) or row or 0),
                subject or "",
                said,
            )
            for rule, severity, file, row, cell, subject, said in warehouse.execute(query)
        ]


def _rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "data" / "warehouse.sqlite3")) as warehouse:
        (count,) = warehouse.execute("select sum(rows_arrived) from receipt").fetchone()
    return int(count)


def _compared(folder: Path) -> Counter[str]:
    with closing(sqlite3.connect(folder / "data" / "warehouse.sqlite3")) as warehouse:
        return Counter(kind for (kind,) in warehouse.execute("select version_difference from version_change"))


def _is(planted: Planted, found: Found) -> bool:
    """Whether a finding is of the rule and in the place of a defect."""
    if planted.rule != found.rule:
        return False
    if planted.subject:
        return planted.subject == found.subject
    return planted.file == found.file and planted.row in (0, found.row)


def _near(planted: Planted, found: Found) -> bool:
    """Whether a finding of any rule is in the place of a defect: one cell may break several rules."""
    if planted.subject and set(planted.subject.split()) <= set(found.subject.split()):
        return True
    return planted.file == found.file and planted.row in (0, found.row)

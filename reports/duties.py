"""The duties as a workbook to work through, and as CSV: every one, needed or not, with why.

Does not belong here: working them out (`kcc_etl.domain.duties`), the calendar (`calendar`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from pathlib import Path

from kcc_etl.domain.duties.agenda import Agenda, Entry
from kcc_etl.intake.landing.atomic import write_atomically
from reports.calendar import duties_ics
from reports.delimited import render_csv
from reports.documents import Column, Dataset, Sheet, Table, Value, Workbook, day_text
from reports.edition import field_column
from reports.workbook import render_xlsx

FILES = ("duties.xlsx", "duties.csv", "duties.ics")

_NAMES = (
    "duty_state", "last_on", "days_left", "late_by", "duty_kind", "occasion", "subject", "title", "ground",
    "doubts", "done_by", "done_on", "disagrees_on", "first_on", "legal_source",
)  # fmt: skip
_SUBJECT = Column(
    "subject", "Contract", "text",
    "Reference of the contract in the register; procurement, number and first notice of one that only "
    "notices tell of; or the council.",
)  # fmt: skip
_TITLE = Column("title", "Title", "text", "Title of the contract as the register or its notices give it.")
_COLUMNS = tuple(
    {"subject": _SUBJECT, "title": _TITLE}.get(name) or field_column(name, name) for name in _NAMES
)
_WHAT = """\
What law requires the council to publish, assess, consider or keep, contract by contract and for the council \
as a whole: why, by when, and whether it was done."""
_HOW = """\
A term of days counts its first day. What is not certain stands under Doubts, with the fact or the setting \
it hangs on; a duty with doubts is for a person to judge."""
_COVER = (
    ("What this is", _WHAT),
    ("How to read it", _HOW),
    ("Not for publication", "It is for the officers who deal with the duties, and no legal advice."),
)
_cells = attrgetter(*_NAMES)


def write_duties(folder: Path, agenda: Agenda, publisher: str, *, as_of: date) -> tuple[Path, ...]:
    """Write workbook, CSV and calendar into the folder; a file that holds its bytes already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = (
        duties_xlsx(agenda, publisher, as_of=as_of),
        duties_csv(agenda),
        duties_ics(agenda, publisher, as_of=as_of),
    )
    paths = tuple(folder / name for name in FILES)
    for path, content in zip(paths, contents, strict=True):
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)
    return paths


def duties_csv(agenda: Agenda) -> bytes:
    """Every duty, earliest last lawful day first."""
    return render_csv(Dataset("duties", Table("duties", "Duties", _COLUMNS, _rows(agenda.entries))))


def duties_xlsx(agenda: Agenda, publisher: str, *, as_of: date) -> bytes:
    """A sheet each for what is to do, what comes, what is done, and what else there is."""
    title = f"Duties on {day_text(as_of)}"
    sheets = tuple(_sheet(name, heading, intro, found, publisher)
                   for name, heading, intro, found in _parts(agenda))  # fmt: skip
    counted = ", ".join(f"{number:,} {state}" for state, number in sorted(agenda.counts.items()))
    cover = (*_COVER, ("How they stand", counted or "There are no duties."))
    book = Workbook(title, publisher, cover, sheets)
    return render_xlsx(Dataset("duties", sheets[0].table, workbook=book), as_of=as_of)


def _parts(agenda: Agenda) -> tuple[tuple[str, str, str, tuple[Entry, ...]], ...]:
    to_do = (*agenda.overdue, *agenda.open)
    done = tuple(e for e in agenda.entries if e.duty_state.startswith("done"))
    listed = {id(e) for e in (*to_do, *agenda.to_come, *done)}
    rest = tuple(e for e in agenda.entries if id(e) not in listed)
    return (
        ("To do", "What is to be done", "Overdue first, then what is open.", to_do),
        ("To come", "What comes later", "Its first lawful day has not come.", agenda.to_come),
        ("Done", "What was done", "On time, late, or in disagreement with the register.", done),
        ("The rest", "What else there is", "Not needed, kept, or not to be told from what is known.", rest),
    )  # fmt: skip


def _sheet(name: str, heading: str, intro: str, entries: tuple[Entry, ...], publisher: str) -> Sheet:
    stem = name.lower().replace(" ", "_")
    said = f"Source: {publisher}. {_counted(len(entries))}. {intro}"
    return Sheet(name, heading, (said,), Table(stem, heading, _COLUMNS, _rows(entries)))


def _counted(number: int) -> str:
    return "1 duty" if number == 1 else f"{number:,} duties"


def _rows(entries: Iterable[Entry]) -> tuple[tuple[Value, ...], ...]:
    return tuple(_cells(entry) for entry in entries)

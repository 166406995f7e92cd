"""What `kcc-etl duties` shows: on a terminal tables, in a pipe one line a duty, with --json all of it.

Does not belong here: working duties out (`kcc_etl.domain.duties`), the files of a night (`reports.duties`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.agenda import Agenda, Entry, agenda_of
from kcc_etl.domain.duties.facts import Pack
from kcc_etl.domain.duties.tables import Books
from kcc_etl.domain.duties.worked_out import duty_table
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.warehouse.store import Warehouse


@dataclass(frozen=True)
class Look:
    """The duties of a day, and what was asked of them: `within` days, `about` one subject or all."""

    agenda: Agenda
    as_of: date
    within: int
    about: str = ""

    @property
    def due(self) -> tuple[Entry, ...]:
        """What is due within the days asked for."""
        return self.agenda.due_within(self.within)

    @property
    def exit_code(self) -> int:
        """1 when something is overdue or due within the days."""
        return 1 if self.agenda.overdue or self.due else 0


def look_at(
    store: Warehouse,
    parameters: Parameters,
    as_of: date,
    within: int,
    about: str = "",
    packs: tuple[Pack, ...] = (),
) -> Look:
    """The duties of a day, worked out from what the last night took in and the final packs that stand.

    Raises UsageError for a subject that has no duties.
    """
    tables = {name: store.read(name) for name in MADE_FROM[keys.OUT_DUTY]}
    duties = duty_table(Books(*tables.values()), parameters.law, as_of, packs)
    agenda = agenda_of(duties, tables[keys.CORE_CONTRACT], tables[keys.CORE_NOTICED])
    if about:
        agenda = Agenda(tuple(e for e in agenda.entries if e.subject == about))
        if not agenda.entries:
            raise UsageError(
                f"{about} has no duties",
                expected="`council`, a contract of the register, or one of the notices as the list names it",
                remedy="See `kcc-etl duties`",
            )
    return Look(agenda, as_of, within, about)


def look_json(look: Look) -> str:
    """Every duty with all that is known of it, and the counts."""
    told = {
        "as_of": look.as_of,
        "within_days": look.within,
        "counts": dict(sorted(look.agenda.counts.items())),
        "overdue": len(look.agenda.overdue),
        "due_within": len(look.due),
        "exit_code": look.exit_code,
        "duties": [asdict(entry) for entry in look.agenda.entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def look_lines(look: Look) -> str:
    """One line a duty, cells separated by tabs: state, last day, days, duty, about what, why, doubts."""
    lines = []
    for _, entries in _parts(look):
        for entry in entries:
            cells = (entry.duty_state, *_cells(entry), entry.doubts or "")
            lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "".join(f"{line}\n" for line in lines)


def show_look(look: Look, screen: Console) -> None:
    """A table a part, and the box."""
    for caption, entries in _parts(look):
        if entries:
            screen.print(_table(f"{caption}: {len(entries):,}", entries))
    screen.print(Panel(Text("\n".join(_closing(look))), title=f"Duties on {look.as_of}", title_align="left"))


def _parts(look: Look) -> tuple[tuple[str, Sequence[Entry]], ...]:
    """The lists in the order shown; of one subject all that there is. Each by last lawful day."""
    agenda = look.agenda
    parts = [
        ("Should have been done and was not", agenda.overdue),
        (f"Due within {look.within} days", look.due),
        ("Open, with more time or no day of its own", _without(agenda.open, look.due)),
        ("Done late", agenda.late),
        ("Done in time, but the notice disagrees with the register", _without(agenda.differing, agenda.late)),
    ]
    if look.about:
        shown = [entry for _, entries in parts for entry in entries]
        parts.append(("All else", _without(agenda.entries, shown)))
    return tuple(parts)


def _without(entries: Sequence[Entry], shown: Sequence[Entry]) -> tuple[Entry, ...]:
    known = {id(entry) for entry in shown}
    return tuple(entry for entry in entries if id(entry) not in known)


def _table(caption: str, entries: Sequence[Entry]) -> Table:
    table = Table(title=caption, title_justify="left", expand=True)
    headings = (
        ("last day", 10, None),
        ("days", 12, None),
        ("duty", None, 3),
        ("about", None, 3),
        ("why", None, 5),
    )
    for heading, width, ratio in headings:
        table.add_column(heading, width=width, ratio=ratio, overflow="fold")
    for entry in entries:
        *cells, why = _cells(entry)
        told = f"{why}. In doubt: {entry.doubts}" if entry.doubts else why
        table.add_row(*(Text(cell) for cell in (*cells, told)))
    return table


def _cells(entry: Entry) -> tuple[str, str, str, str, str]:
    why = entry.ground
    if entry.done_by:
        why = f"{entry.done_by} on {entry.done_on}; {why}"
    if entry.disagrees_on:
        why = f"differs on {entry.disagrees_on.replace('|', ', ')}; {why}"
    return (str(entry.last_on or "no day"), _days(entry), entry.name, entry.about, why)


def _days(entry: Entry) -> str:
    if entry.late_by is not None:
        return f"{entry.late_by} late"
    if entry.days_left is not None:
        return f"{entry.days_left} left"
    return entry.duty_state


def _closing(look: Look) -> list[str]:
    agenda = look.agenda
    sure = sum(not entry.doubts for entry in agenda.overdue)
    counted = ", ".join(f"{number:,} {state}" for state, number in sorted(agenda.counts.items()))
    numbers = (
        f"{len(agenda.overdue):,} overdue, {sure:,} of them beyond doubt",
        f"{len(look.due):,} due within {look.within} days",
        f"{len(agenda.late):,} done late",
        f"{len(agenda.differing):,} in disagreement with the register",
    )
    return [
        "; ".join(numbers) + ".",
        f"All duties: {counted or 'none'}.",
        'What is published by hand, and no notice shows, is recorded by `kcc-etl decide "duty done"`.',
    ]

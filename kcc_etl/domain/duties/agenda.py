"""The table of duties as lists for people: what is overdue, what comes next, what was late, what differs.

Does not belong here: working duties out (`worked_out`), how the lists are shown (`reports`, the command).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from kcc_etl.domain.duties.duty import COUNCIL, RECORDS
from kcc_etl.domain.duties.tables import plain, subject_of_notices

SOON_DAYS = 30
"""What is due within so many days is named every night; the shortest terms of the law are that long."""

_NAMED = 3
"""So many are named in one line, the others counted."""


@dataclass(frozen=True)
class Entry:
    """One duty with the title of its contract; the rest as in the table of duties."""

    title: str
    subject: str
    duty_kind: str
    occasion: str | None
    duty_state: str
    first_on: date | None
    last_on: date | None
    days_left: int | None
    late_by: int | None
    done_by: str | None
    done_on: date | None
    ground: str
    legal_source: str
    doubts: str | None
    disagrees_on: str | None

    @property
    def name(self) -> str:
        """The duty with its occasion."""
        return f"{self.duty_kind} {self.occasion}" if self.occasion else self.duty_kind

    @property
    def about(self) -> str:
        """The contract with its title, or the council."""
        return f"{self.subject} {self.title}".rstrip()


@dataclass(frozen=True)
class Agenda:
    """The duties of a day, earliest last lawful day first; those without one at the end.

    Records are kept and not done, so that no list of what is to do has them.
    """

    entries: tuple[Entry, ...]

    @cached_property
    def overdue(self) -> tuple[Entry, ...]:
        """What should have been done and was not."""
        return self._in("overdue")

    @cached_property
    def open(self) -> tuple[Entry, ...]:
        """What is to be done now."""
        return self._in("open")

    @cached_property
    def to_come(self) -> tuple[Entry, ...]:
        """What is to be done from a later day on."""
        return self._in("to come")

    @cached_property
    def late(self) -> tuple[Entry, ...]:
        """What was done after its last lawful day."""
        return self._in("done late")

    @cached_property
    def differing(self) -> tuple[Entry, ...]:
        """What was done by a notice that disagrees with the register."""
        return tuple(entry for entry in self.entries if entry.disagrees_on)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many duties stand in each state."""
        return Counter(entry.duty_state for entry in self.entries)

    def due_within(self, days: int) -> tuple[Entry, ...]:
        """What is open or to come and has its last lawful day at most so many days ahead."""
        found = (*self.open, *self.to_come)
        return _by_day(e for e in found if e.days_left is not None and e.days_left <= days)

    def overdue_said(self) -> str:
        """What is overdue, in one sentence: how many, of which kinds most, how many beyond doubt."""
        if not self.overdue:
            return "Duties overdue: none."
        kinds = Counter(entry.duty_kind for entry in self.overdue).most_common()
        named = [f"{number:,} {kind}" for kind, number in kinds[:_NAMED]]
        others = sum(number for _, number in kinds[_NAMED:])
        named += [f"{others:,} others"] if others else []
        sure = sum(not entry.doubts for entry in self.overdue)
        return f"Duties overdue: {len(self.overdue):,} ({', '.join(named)}), {sure:,} of them beyond doubt."

    def due_said(self, days: int) -> str:
        """What is due within so many days, in one sentence: how many, and the first by name."""
        due = self.due_within(days)
        if not due:
            return f"Duties due within {days} days: none."
        named = [f"{e.name} of {e.subject} by {e.last_on}" for e in due[:_NAMED]]
        others = f", and {len(due) - _NAMED:,} others" if len(due) > _NAMED else ""
        return f"Duties due within {days} days: {len(due):,} ({'; '.join(named)}{others})."

    def numbers(self, days: int) -> dict[str, object]:
        """The same in numbers, for another program."""
        kinds = Counter(entry.duty_kind for entry in self.overdue)
        return {
            "overdue": len(self.overdue),
            "overdue_by_kind": dict(sorted(kinds.items())),
            f"due_within_{days}_days": len(self.due_within(days)),
        }

    def _in(self, state: str) -> tuple[Entry, ...]:
        return tuple(e for e in self.entries if e.duty_state == state and e.duty_kind != RECORDS)


def agenda_of(duties: pd.DataFrame, contracts: pd.DataFrame, noticed: pd.DataFrame) -> Agenda:
    """The table of duties, each with the title that the register or the notices give its contract."""
    titles = _titles(contracts, noticed)
    rows = plain(duties)
    return Agenda(_by_day(Entry(title=titles.get(row["subject"], ""), **row) for row in rows))


def _titles(contracts: pd.DataFrame, noticed: pd.DataFrame) -> dict[str, str]:
    columns = ["ocid", "contract_id", "award_id", "first_release_id", "contract_title"]
    found = {subject_of_notices(row): row for row in plain(noticed[columns])}
    found |= {row["contract_ref"]: row for row in plain(contracts[["contract_ref", "contract_title"]])}
    return {subject: str(row["contract_title"] or "") for subject, row in found.items()}


def _by_day(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(
        sorted(
            entries,
            key=lambda e: (
                e.last_on or date.max,
                e.subject != COUNCIL,
                e.subject,
                e.duty_kind,
                e.occasion or "",
            ),
        )
    )

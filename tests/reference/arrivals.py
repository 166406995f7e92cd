"""Which return workbooks stand, a second time: plain Python, from §8.2 and §8.7 of the policy research.

It shares no code and no parameter file with the program. Readings that §8 leaves open are those of the project and
are marked as such. Does not belong here: what their lines count for (`outcomes`), frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tests.reference.courses import quarter
from tests.reference.outcomes import closing


@dataclass(frozen=True)
class Workbook:
    """A return as it came: a day of the quarter or year it states, the day it landed, when it was saved."""

    file: str
    day: date
    is_year: bool
    landed: date
    order: int
    saved: str | None = None

    @property
    def year(self) -> int:
        """The year in which the financial year it speaks of begins."""
        return year_of(self.day)

    @property
    def place(self) -> tuple[str, int]:
        """The project's reading: a workbook that does not say, or says a later day, was saved as the day it landed ended."""
        if self.saved is not None and self.saved[:10] <= self.landed.isoformat():
            return self.saved, 0
        return f"{self.landed.isoformat()}T24", self.order


def year_of(day: date) -> int:
    """The year in which the financial year of a day begins."""
    return day.year - (day.month < 4)


def counts_in(one: Workbook, end_known: Callable[[date], date], *, yearly: bool) -> date | None:
    """First day of the quarter that a return counts in, None where it may not state what it does.

    §8.2: a year where one return a year is asked for, once over. The project's reading: it counts in the quarter
    that closes it by the end of the contract as it was known on the day the return landed.
    """
    if not one.is_year:
        return quarter(one.day)[0]
    if not yearly:
        return None
    found = closing(one.day, end_known(one.landed))
    return found if quarter(found)[1] < one.landed else None


def judged(
    came: Sequence[Workbook], end_known: Callable[[date], date], *, yearly: bool
) -> dict[str, tuple[str, date | None]]:
    """What becomes of each workbook: the rule that sets it aside, or nothing, and the quarter it is of.

    The project's readings: of one quarter the latest stands; of a year's, up to the quarter it counts in: what came
    before is replaced, a quarter that comes after is told twice.
    """
    quarters = {one.file: counts_in(one, end_known, yearly=yearly) for one in came}
    fine = [one for one in came if quarters[one.file] is not None]
    found: dict[str, tuple[str, date | None]] = {
        one.file: ("RT-025", None) for one in came if quarters[one.file] is None
    }
    latest = {
        one.file
        for one in fine
        if one.place == max(o.place for o in fine if quarters[o.file] == quarters[one.file])
    }
    for one in fine:
        years = [o for o in fine if o.file in latest and o.is_year and o.year == one.year]
        top = max(years, key=lambda o: o.place) if years else None
        rule = "" if one.file in latest else "RT-017"
        mine = quarters[one.file]
        if top is not None and mine is not None and mine <= (quarters[top.file] or date.min):
            if one.place < top.place:
                rule = "RT-017"
            elif not rule and one.place > top.place and not one.is_year:
                rule = "RT-026"
        found[one.file] = (rule, mine)
    return found


def refused(came: Iterable[Workbook], found: dict[str, tuple[str, date | None]]) -> list[Workbook]:
    """The workbooks of which nothing counts, and nothing of what they state in another.

    The project's reading: of several that state the same, the one that landed last.
    """
    came = sorted(came, key=lambda one: one.landed)
    stands = [one for one in came if not found[one.file][0]]
    quarters = {quarter(one.day)[0] for one in stands if not one.is_year}
    quarters |= {day for one in stands if (day := found[one.file][1]) is not None}
    years = {one.year for one in stands if one.is_year}
    held = [
        one
        for one in came
        if found[one.file][0]
        and one.year not in years
        and (one.is_year or quarter(one.day)[0] not in quarters)
    ]
    return list(
        {(one.is_year, one.year if one.is_year else quarter(one.day)[0]): one for one in held}.values()
    )

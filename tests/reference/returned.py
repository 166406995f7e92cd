"""Returns of a generated contract and what an officer verified of them, out of a seed.

Does not belong here: the contract itself (`generated`), either implementation.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random

from tests.reference.asks import HOURS, class_of
from tests.reference.case import Case
from tests.reference.courses import DAY, LEVELS, due, last_day, planned, quarter, standing
from tests.reference.outcomes import Line, Verified, closing

DISTRICTS = ("E07000105", "E07000110", "county", "unknown")


def add_returns(random: Random, case: Case, asked: dict[str, Fraction]) -> None:
    """Returns of some quarters or years from the start on; some suppliers diligent, some not, some exact."""
    diligence = random.choice([0.0, 0.5, 0.9, 1.0, 1.0])
    pace = (
        Fraction(random.choice(["0.7", "0.8", "0.9", "1", "1.2", "1.6"])) if random.random() < 0.4 else None
    )
    told = case.facts.first - DAY
    for start in _told(random, case):
        if random.random() < diligence:
            reported = [code for code in asked if pace or random.random() < 0.6]
            if not reported:
                case.nil.append(start)
            for code in reported:
                if pace is None:
                    _lines(random, case, code, start, asked[code])
                else:
                    _exactly(case, code, start, told, asked[code] * pace)
            told = quarter(start)[1]


def _told(random: Random, case: Case) -> list[date]:
    """First days of up to twelve quarters; at low risk most often of those that end a year, stated or not."""
    first, last = case.facts.first, case.facts.last
    yearly = class_of(case.facts.risk) == "low" and random.random() < 0.8
    if yearly:
        last = last_day(last, standing(case.changes))
    found: list[date] = []
    start = quarter(first)[0]
    while start <= last:
        if not yearly or start == closing(start, last):
            found.append(start)
        start = quarter(start)[1] + DAY
    found = found[: random.randint(0, 12)]
    if yearly:
        case.as_year.update(day for day in found if random.random() < 0.5)
    return found


def _exactly(case: Case, code: str, start: date, told: date, target: Fraction) -> None:
    """A return of a level in full, else of what has fallen due since the last return, all of it verified."""
    facts = case.facts
    course = planned(code, target, facts.first, facts.last, case.first_steps(code).items())
    part = due(course, quarter(start)[1])
    if code not in LEVELS:
        part -= due(course, told)
    case.lines.setdefault(code, []).append(
        ("county", Line(start, part, Fraction(1), True, f"{code} {start}"))
    )
    number = f"V-{facts.ref}-{code}-{start}"
    case.checks.setdefault(code, []).append(Verified(start, date(2026, 1, 7), number, part))


def _lines(random: Random, case: Case, code: str, start: date, target: Fraction) -> None:
    """Lines of one or two districts, shared with other contracts or not, verified more or less often."""
    claimed = Fraction(0)
    for district in random.sample(DISTRICTS, random.choice([1, 1, 2])):
        quantity = max(target, Fraction(1)) * Fraction(random.randint(0, 120), 240)
        share = Fraction(random.choice([100, 100, 80, 33]), 100)
        line = Line(start, quantity, share, random.random() < 0.9, _evidence(random, code))
        case.lines.setdefault(code, []).append((district, line))
        claimed += quantity
    for n in range(random.choice([0, 1, 1, 2])):
        case.checks.setdefault(code, []).append(
            Verified(
                quarter=start,
                day=date(2026, 1, random.choice([7, 7, 9])),
                number=f"V-{random.randrange(10**6):06d}-{case.facts.ref}-{code}-{start}-{n}",
                quantity=claimed * Fraction(random.choice(["0", "0.5", "0.8", "1", "1.2"])),
            )
        )


def _evidence(random: Random, code: str) -> str:
    """None, or a reference that another line of the contract may well give too, not always spelt alike."""
    if code in HOURS:  # of these the two exclude each other, which few contracts ask for both of
        return random.choice(["EV-1", "ev-1 ", ""])
    return random.choice(["", "", " ", "EV-{}", "EV-{}", "ev-{}", " EV-{} "]).format(random.randint(1, 3))

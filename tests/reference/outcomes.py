"""How targets were delivered, a second time: plain Python and fractions, from §3.4, §8.7 and §8.9.

It shares no code and no parameter file with the program. Readings that §8 leaves open are those of the project
and are marked as such. Does not belong here: what policy asks (`asks`), what falls due when (`courses`), frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.courses import DAY, LEVELS, Change, last_day, opening, quarter
from tests.reference.numbers import in_order

RETURN_DAYS = timedelta(days=30)
POLICY_BEGAN = date(2026, 1, 1)

PERCENTAGES = ("E4",)
"""Measures of which the lowest of several districts stands."""

ONCE = ("J1", "S1", "S4", "E1")
"""§3.4 and the counting rules of the measures: a job start, an apprentice, a placement, an invoice counts once."""
APART = (("C1", "C2"),)
"""Measures of which only one may count."""


@dataclass(frozen=True)
class Line:
    """A claim of one measure in one quarter and district; `share` is the part this contract brought about."""

    quarter: date
    claimed: Fraction
    share: Fraction
    additional: bool
    evidence: str


@dataclass(frozen=True)
class Verified:
    """What an officer verified of one quarter; `number` puts those of one day in order."""

    quarter: date
    day: date
    number: str
    quantity: Fraction


@dataclass(frozen=True)
class Done:
    """To date: claimed, evidenced, verified."""

    claimed: Fraction = Fraction(0)
    evidenced: Fraction = Fraction(0)
    verified: Fraction = Fraction(0)


Claimed = tuple[str, str, date, Fraction]
"""Supplier, measure, quarter and quantity."""


def claimed_twice(claims: Iterable[tuple[str, Claimed]]) -> set[Claimed]:
    """§8.7: what one supplier claims of one measure, quarter and quantity on two contracts; both are held.

    The project's reading: of nothing, and of levels, a repeat says nothing.
    """
    contracts: dict[Claimed, set[str]] = {}
    for contract, claimed in claims:
        if claimed[1] not in LEVELS and claimed[3]:
            contracts.setdefault(claimed, set()).add(contract)
    return {claimed for claimed, on in contracts.items() if len(on) > 1}


def given_before(lines: Iterable[tuple[str, str, Line]]) -> set[tuple[str, str, date]]:
    """Measure, district and quarter of the lines of a contract whose evidence another line has taken up already.

    The project's readings of §3.4: of a measure that counts once the lines of the earliest quarter stand, all of
    them, for districts may share a list. Of two measures that exclude one another the line of the earliest quarter
    stands, then that of the first measure, then that of the first district. A line that counts for nothing takes
    nothing up.
    """
    earlier: dict[str, list[tuple[str, date]]] = {}
    found = set()
    for start, code, district, evidence in sorted(
        (line.quarter, code, district, line.evidence.strip().casefold())
        for code, district, line in lines
        if line.claimed and line.additional and line.share
    ):
        if not evidence:
            continue
        before = earlier.setdefault(evidence, [])
        again = code in ONCE and any(other == code and day < start for other, day in before)
        if again or any({code, other} == set(pair) for pair in APART for other, _ in before):
            found.add((code, district, start))
        before.append((code, start))
    return found


def counting(
    supplier: str,
    code: str,
    lines: Iterable[tuple[str, Line]],
    checks: Iterable[Verified],
    twice: set[Claimed],
    again: set[tuple[str, str, date]],
) -> list[Line]:
    """The lines that are not held. The project's reading: what an officer has verified since is held no longer."""
    released = {check.quarter for check in checks}
    return [
        line
        for district, line in lines
        if line.quarter in released
        or (
            (supplier, code, line.quarter, line.claimed) not in twice
            and (code, district, line.quarter) not in again
        )
    ]


def done(
    code: str, lines: Sequence[Line], checks: Sequence[Verified], day: date, asked: Sequence[date]
) -> Done:
    """§8.7 and §8.9: what of the quarters over by a day counts; of a level the latest quarter, no sum.

    `asked` are first days of the quarters a return is asked of by then: a level that neither the last of them nor
    a later one tells is nothing, for no return counts as zero. The project's readings: of percentages of several
    districts the lowest stands; what is verified counts up to what was claimed.
    """
    came = sorted({line.quarter for line in lines if quarter(line.quarter)[1] <= day})
    found = [_of_quarter(code, start, lines, checks) for start in came]
    if code in LEVELS:
        is_told = came and (not asked or came[-1] >= asked[-1])
        return found[-1] if is_told else Done()
    return Done(
        sum((one.claimed for one in found), Fraction(0)),
        sum((one.evidenced for one in found), Fraction(0)),
        sum((one.verified for one in found), Fraction(0)),
    )


def _of_quarter(code: str, start: date, lines: Sequence[Line], checks: Sequence[Verified]) -> Done:
    counted = [(line, _counts_for(code, line)) for line in lines if line.quarter == start]
    join = min if code in PERCENTAGES else sum
    claimed = Fraction(join(quantity for _, quantity in counted))
    evidenced = Fraction(
        join(quantity if line.evidence.strip() else Fraction(0) for line, quantity in counted)
    )
    standing = sorted(
        (check for check in checks if check.quarter == start),
        key=lambda check: (check.day, in_order(check.number)),
    )
    verified = min(standing[-1].quantity, claimed) if standing else Fraction(0)
    return Done(claimed, evidenced, verified)


def _counts_for(code: str, line: Line) -> Fraction:
    """The project's reading of §8.7: a percentage has no attribution, for a part of it says nothing."""
    if not line.additional:
        return Fraction(0)
    return line.claimed if code in PERCENTAGES else line.claimed * line.share


def asked_for(
    first: date, last: date, changes: Sequence[Change], until: date, *, low_risk: bool
) -> list[date]:
    """§8.2 and §8.7: first days of the quarters, over by a day, of which a return is asked: at low risk one a year.

    The project's readings: none is asked of the first quarter, in which nothing falls due, and none of a quarter
    that was over before there was a policy. The yearly return is that of the last quarter of the financial year,
    and there is one of the quarter a contract ends in.
    """
    found = []
    last = last_day(last, changes)
    start = quarter(max(opening(first, last), POLICY_BEGAN))[0]
    while start <= last:
        closes = quarter(start)[1]
        if closes <= until and (not low_risk or closes.month == 3 or closes >= last):
            found.append(start)
        start = closes + DAY
    return found


def closing(day: date, last: date) -> date:
    """§8.2: first day of the quarter that a return of the whole financial year of a day counts in.

    The project's reading: the last of the year, or that in which the contract's last day lies.
    """
    opens = date(day.year - (day.month < 4), 4, 1)
    closes = date(opens.year + 1, 3, 31)
    return quarter(last if opens <= last <= closes else closes)[0]


def owed(asked: Iterable[date], today: date) -> list[date]:
    """§8.7: of the quarters asked for those whose return was due before today, 30 days after their end."""
    return [start for start in asked if quarter(start)[1] + RETURN_DAYS < today]


def missing_in_a_row(wanted: Sequence[date], came: Iterable[date]) -> int:
    """§8.7. The project's reading: of the latest returns owed, how many did not come."""
    count, there = 0, set(came)
    for start in reversed(wanted):
        if start in there:
            return count
        count += 1
    return count


def rag(due_now: Fraction, verified: Fraction, missing: int) -> str:
    """§8.7: green at what is due, amber at 80% of it, red below and after two missing returns, grey if nothing is due."""
    if due_now == 0:
        return "Grey"
    if missing >= 2 or verified < Fraction("0.80") * due_now:
        return "Red"
    return "Green" if verified >= due_now else "Amber"


def s71_word(due_now: Fraction, verified: Fraction) -> str:
    """§8.7: the words of s.71 by share of what is due."""
    if due_now == 0:
        return "other"
    share = verified / due_now
    for least, word in ((100, "good"), (90, "approaching target"), (70, "requires improvement")):
        if share >= Fraction(least, 100):
            return word
    return "inadequate"


def over_claimed(due_now: Fraction, claimed: Fraction) -> bool:
    """§8.7: claimed is above 150% of due, or a negative correction."""
    return claimed < 0 or claimed > Fraction("1.50") * due_now


def reviewed(code: str, lines: Sequence[Line], checks: Iterable[Verified], day: date) -> bool:
    """§8.7. The project's reading: an officer has verified the latest quarter over by a day in which anything counts."""
    came = {line.quarter for line in lines if quarter(line.quarter)[1] <= day}
    with_a_claim = [start for start in came if _of_quarter(code, start, lines, ()).claimed]
    return bool(with_a_claim) and max(with_a_claim) in {check.quarter for check in checks}


def spoken_of(start: date, wanted: Iterable[date], came: Iterable[date]) -> int:
    """§8.2: of how many quarters a yearly return speaks: those of its year up to its own that none spoke of before.

    `wanted` are first days of all quarters in which something falls due, `came` of those with a return.
    """
    opens = date(start.year - (start.month < 4), 4, 1)
    last = max((day for day in came if day < start), default=date.min)
    return max(sum(1 for day in wanted if max(opens, last + DAY) <= day <= start), 1)


def fte_years(
    lines: Sequence[Line], checks: Sequence[Verified], day: date, quarters: Mapping[date, int]
) -> tuple[Fraction, Fraction]:
    """§3.4: staff in post times years, claimed and verified; a quarter is a quarter of a year.

    `quarters` says of how many quarters each return speaks.
    """
    came = {line.quarter for line in lines if quarter(line.quarter)[1] <= day}
    claimed, verified = Fraction(0), Fraction(0)
    for start in came:
        one = _of_quarter("J2", start, lines, checks)
        claimed += one.claimed * quarters[start] / 4
        verified += one.verified * quarters[start] / 4
    return claimed, verified

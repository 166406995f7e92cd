"""The duties on a contract a second time, by counting on fingers from the pages of the law.

Does not belong here: anything of `kcc_etl.domain` or its parameters; figures stand here as the Act has them.
The readings of what the law leaves open are those shipped: either dimension of a change, planned extensions
count, small changes are added, the same day counts, net values are taken to reach what they may reach.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
ACT, S71 = date(2025, 2, 24), date(2026, 1, 1)

# Every bank holiday of any part of the kingdom, from the almanac.
HOLIDAYS = {
    2024: "1-1 1-2 3-18 3-29 4-1 5-6 5-27 7-12 8-5 8-26 12-2 12-25 12-26",
    2025: "1-1 1-2 3-17 4-18 4-21 5-5 5-26 7-14 8-4 8-25 12-1 12-25 12-26",
    2026: "1-1 1-2 3-17 4-3 4-6 5-4 5-25 6-15 7-13 8-3 8-31 11-30 12-25 12-28",
    2027: "1-1 1-4 3-17 3-26 3-29 5-3 5-31 7-12 8-2 8-30 11-30 12-27 12-28",
    2028: "1-3 1-4 3-17 4-14 4-17 5-1 5-29 7-12 8-7 8-28 11-30 12-25 12-26",
}
REST = {date(year, *map(int, day.split("-"))) for year, days in HOLIDAYS.items() for day in days.split()}


@dataclass(frozen=True)
class Changed:
    """A change: its decision, first day that differs, value before and after, new last day of an extension."""

    number: str
    on: date
    before: int
    after: int
    original: int | None = None
    new_end: date | None = None


@dataclass(frozen=True)
class Case:
    """One contract and its notices; pence, None for what is not known."""

    ref: str
    kind: str
    category: str | None
    regime: str
    light: bool
    school: bool
    framework_regime: str | None
    gross: int | None
    net: int | None
    commenced: date | None
    signed: date
    end: date
    max_end: date | None
    advertised: bool | None
    kpis: int | None
    reason: bool
    notices: list[tuple[str, date]] = field(default_factory=list)
    rated: list[tuple[date, date]] = field(default_factory=list)
    failures: list[tuple[str, str, date, bool]] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    told_changes: list[tuple[date, date | None]] = field(default_factory=list)


Answer = dict[tuple[str, str], tuple[str, date | None]]
"""Kind and occasion: state and last lawful day."""


@dataclass
class Paper:
    """What is asked of one contract on one day, written down line by line."""

    today: date
    out: Answer = field(default_factory=dict)

    def say(
        self, kind: str, begins: date | None, last: date | None, done: date | None, occasion: str = ""
    ) -> None:
        if done is not None:
            in_time = "done" if last is None else "done late" if done > last else "done on time"
            self.out[kind, occasion] = (in_time, last)
        elif last is None:
            self.out[kind, occasion] = ("cannot be told", None)
        elif self.today > last:
            self.out[kind, occasion] = ("overdue", last)
        elif begins is not None and self.today < begins:
            self.out[kind, occasion] = ("to come", last)
        else:
            self.out[kind, occasion] = ("open", last)

    def none(self, kind: str, occasion: str = "") -> None:
        self.out[kind, occasion] = ("not needed", None)


def duties(case: Case, today: date) -> Answer:
    reach = how_far(case, today)
    if reach == "unknown":
        return untold(case)
    paper = Paper(today)
    seen: dict[str, date] = {}
    for kind, day in sorted(case.notices, key=lambda notice: notice[1]):
        if day <= today:
            seen.setdefault(kind, day)
    before_the_contract(case, reach, seen, paper)
    at_the_contract(case, reach, seen, paper)
    over = last_day(case)
    assessed(case, reach, over, paper)
    failed(case, reach, paper)
    changed(case, reach, paper)
    at_the_end(case, reach, over, seen, paper)
    return {key: answer for key, answer in paper.out.items() if answer[1] is None or answer[1] >= ACT}


def untold(case: Case) -> Answer:
    kinds = (
        "UK6 contract award notice", "UK7 contract details notice", "copy of the contract", "UK9 KPI assessment",
        "UK11 contract termination notice", "records kept",
    )  # fmt: skip
    keys = [(kind, "") for kind in kinds]
    keys += [("UK10 contract change notice", change.number) for change in case.changes]
    keys += [("UK9 breach or poor performance", number) for number, *_ in case.failures]
    return dict.fromkeys(keys, ("cannot be told", None))


def before_the_contract(case: Case, reach: str, seen: dict[str, date], paper: Paper) -> None:
    if services_act(case, reach):
        paper.say("Social Value Act consideration", None, case.commenced, None)
    else:
        paper.none("Social Value Act consideration")
    if reach != "notifiable" or case.kind == "call-off" or case.advertised is False:
        paper.none("UK4 below threshold")
    else:
        paper.say("UK4 below threshold", None, case.commenced if case.advertised else None, seen.get("UK4"))
    kind = "UK6 contract award notice"
    if reach != "public":
        paper.none(kind)
    elif case.light or case.kind == "call-off":
        paper.say(kind, None, case.signed, seen.get("UK6"))
    else:
        paper.say(kind, None, eight_working_days_before(case.signed), seen.get("UK6"))


def at_the_contract(case: Case, reach: str, seen: dict[str, date], paper: Paper) -> None:
    done = seen.get("UK7")
    if reach == "public":
        days = 120 if case.light else 30
        paper.say("UK7 contract details notice", case.signed, count(case.signed, days), done)
    elif reach == "notifiable":
        paper.say("UK7 below threshold", case.signed, count(case.signed, 30), done)
    elif reach == "small":
        paper.none("UK7 below threshold")
    else:
        paper.none("UK7 contract details notice")
    if reach == "public" and case.gross is None and case.net is None:
        paper.out["copy of the contract", ""] = ("cannot be told", None)
    elif reach == "public" and may_exceed(case.gross, case.net, 500_000_000):
        paper.say("copy of the contract", case.signed, count(case.signed, 180 if case.light else 90), None)
    else:
        paper.none("copy of the contract")


def failed(case: Case, reach: str, paper: Paper) -> None:
    for number, _, day, ends in case.failures:
        if reach != "public" or case.light or ends:
            paper.none("UK9 breach or poor performance", number)
        else:
            paper.say("UK9 breach or poor performance", day, count(day, 30), None, number)


def at_the_end(case: Case, reach: str, over: date, seen: dict[str, date], paper: Paper) -> None:
    if reach != "public":
        paper.none("UK11 contract termination notice")
        paper.none("records kept")
        return
    paper.say("UK11 contract termination notice", over, count(over, 30), seen.get("UK11"))
    kept = nth_year(case.signed, 3) - DAY
    if paper.today > kept:
        paper.out["records kept", ""] = ("not needed", kept)
    else:
        paper.say("records kept", case.signed, kept, None)


def how_far(case: Case, today: date) -> str:
    if case.school or case.regime != "pa23":
        return "outside"
    if case.kind == "call-off" and case.framework_regime not in (None, "pa23"):
        return "outside"
    if (case.commenced or case.signed) < ACT:
        return "outside"
    if case.gross is None and case.net is None:
        days = [day for kind, day in case.notices if kind in ("UK6", "UK11")]
        days += [day for day, _ in case.rated] + [day for day, _ in case.told_changes]
        return "public" if any(day <= today for day in days) else "unknown"
    if may_reach(case.gross, case.net, threshold(case)):
        return "public"
    if case.kind == "concession":
        return "outside"
    return "notifiable" if may_reach(case.gross, case.net, 3_000_000) else "small"


def threshold(case: Case) -> int:
    """The lowest threshold that may be the contract's."""
    years = []
    if case.commenced is None:
        years = ["2025"] if case.signed < date(2026, 1, 1) else ["2025", "2026"]
    else:
        years = ["2025" if case.commenced < date(2026, 1, 1) else "2026"]
    found = []
    for year in years:
        of_services, of_works = (21_490_400, 537_260_900) if year == "2025" else (20_772_000, 519_300_000)
        if case.kind == "concession":
            found.append(537_260_900 if case.light else of_works)
        elif case.light:
            found.append(66_354_000)
        elif case.category == "works":
            found.append(of_works)
        else:
            found.append(of_services)
    return min(found)


def may_reach(gross: int | None, net: int | None, limit: int) -> bool:
    if gross is not None:
        return gross >= limit
    return net is not None and net * 6 >= limit * 5


def may_exceed(gross: int | None, net: int | None, limit: int) -> bool:
    return may_reach(gross, net, limit + 1)


def services_act(case: Case, reach: str) -> bool:
    if case.category in ("goods", "works") and not case.light:
        return False
    if case.kind == "call-off":
        return False
    return (case.regime == "psr" and not case.school) or reach == "public"


def assessed(case: Case, reach: str, over: date, paper: Paper) -> None:
    kind = "UK9 KPI assessment"
    free = case.light or case.kind in ("framework", "concession")
    explained = case.reason and not case.kpis
    untold = case.gross is None and case.net is None
    small = not untold and not may_exceed(case.gross, case.net, 500_000_000)
    needed = reach == "public" and not (free or small or explained)
    if needed and untold and not case.kpis:
        paper.out[kind, ""] = ("cannot be told", None)
        return
    if not needed or over < S71:
        paper.none(kind)
        return
    rated = [(day, since) for day, since in sorted(case.rated) if day <= paper.today]
    number, begins = 1, case.signed
    while True:
        ends = nth_year(case.signed, number) - DAY
        if begins > paper.today or ends >= over:
            break
        if ends >= S71:
            opens = max(begins, S71)
            inside = [day for day, _ in rated if opens <= day <= ends]
            after = [day for day, since in rated if day > ends and since <= ends]
            paper.say(kind, opens, ends, (inside or after or [None])[0], str(number))
        number, begins = number + 1, ends + DAY
    at_end = [day for day, _ in rated if day >= over]
    paper.say(kind, over, count(over, 30), at_end[0] if at_end else None, "on termination")


def changed(case: Case, reach: str, paper: Paper) -> None:
    changes = sorted(case.changes, key=lambda c: (c.on, c.number))
    percent = 15 if case.category == "works" else 10
    originals = [c.original for c in changes if c.original is not None]
    value = originals[0] if originals else case.net
    first_end = next((c.on - DAY for c in changes if c.new_end), last_day(case))
    term = ((case.max_end or first_end) - case.signed).days + 1
    told = sorted(item for item in case.told_changes if item[0] <= paper.today)
    small_value = small_days = 0
    for place, change in enumerate(changes):
        notice = None
        before = changes[place - 1].on if place else date.min
        after = changes[place + 1].on if place + 1 < len(changes) else date.max
        for pick in (
            [t for t in told if t[1] == change.on],
            [t for t in told if before < t[0] <= change.on][::-1],
            [t for t in told if change.on < t[0] < after],
        ):
            if pick and notice is None:
                notice = pick[0]
        if notice:
            told.remove(notice)
        days = (change.new_end - (change.on - DAY)).days if change.new_end else 0
        planned = change.new_end and case.max_end and change.on - DAY < change.new_end <= case.max_end
        more = 0 if planned else change.after - change.before
        small_value, small_days = small_value + more, small_days + days
        big_value = small_value != 0 and (value is None or abs(small_value) * 100 > value * percent)
        big_days = small_days != 0 and abs(small_days) * 10 > term
        new_net = None if value is None else value + small_value
        new_gross = None if case.gross is None else case.gross + small_value
        allowed = not case.light and (
            reach == "public"
            or (
                reach == "notifiable"
                and (new_net is not None or new_gross is not None)
                and may_reach(new_gross, new_net, threshold(case))
            )
        )
        if allowed and (big_value or big_days):
            paper.say(
                "UK10 contract change notice", None, change.on, notice[0] if notice else None, change.number
            )
            if new_net is None and new_gross is None:
                paper.out["copy of the modified contract", change.number] = ("cannot be told", None)
            elif may_exceed(case.gross, case.net, 500_000_000) or may_exceed(new_gross, new_net, 500_000_000):
                paper.say(
                    "copy of the modified contract", change.on, count(change.on, 90), None, change.number
                )
            else:
                paper.none("copy of the modified contract", change.number)
        else:
            paper.none("UK10 contract change notice", change.number)
        if big_value or big_days:
            value = None if value is None else value + small_value
            small_value = small_days = 0


def last_day(case: Case) -> date:
    """The last day as extensions have moved it: the register shows the first, or the last of them."""
    longer = [c for c in sorted(case.changes, key=lambda c: c.on) if c.new_end]
    if not longer:
        return case.end
    return max([min(longer[0].on - DAY, case.end), *(c.new_end for c in longer)])


def count(first: date, days: int) -> date:
    day = first
    for _ in range(days - 1):
        day += DAY
    return day


def nth_year(day: date, years: int) -> date:
    try:
        return date(day.year + years, day.month, day.day)
    except ValueError:
        return date(day.year + years, 3, 1)


def eight_working_days_before(event: date) -> date:
    """The last day with eight working days, itself among them, before the event."""
    day, counted = event, 0
    while counted < 8:
        day -= DAY
        if day.weekday() not in (5, 6) and day not in REST:
            counted += 1
    return day

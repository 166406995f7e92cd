"""The duties on a contract a second time, by counting on fingers from the pages of the law.

Does not belong here: anything of `kcc_etl.domain` or its parameters; figures stand here as the Act has them.
The readings of what the law leaves open are those shipped: either dimension of a change, planned extensions
count, small changes are added, the same day counts, net values are taken to reach what they may reach. What a
contract is worth is what it was worth when it was awarded; changes are laid on top of that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.numbers import in_order

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
    shown_gross: int | None
    shown_net: int | None
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
    noticed_gross: int | None = None
    noticed_net: int | None = None
    options: int | None = None
    direct: str | None = None

    @property
    def provided(self) -> date | None:
        """The latest end, unless it may only have followed the end to an extension."""
        return None if self.max_end == self.end and self.options is None else self.max_end

    @property
    def gross(self) -> int | None:
        return worth_at_award(self)[0]

    @property
    def net(self) -> int | None:
        return worth_at_award(self)[1]


Answer = dict[tuple[str, str], tuple[str, date | None]]
"""Kind and occasion: state and last lawful day."""


@dataclass
class Paper:
    """What is asked of one contract on one day, written down line by line."""

    today: date
    out: Answer = field(default_factory=dict)

    def say(
        self,
        kind: str,
        begins: date | None,
        last: date | None,
        done: date | None,
        occasion: str = "",
        *,
        unseen: bool = False,
    ) -> None:
        """Write a duty down; `unseen`, it may have been done, or not be needed, and nobody could see it."""
        if done is not None:
            in_time = "done" if last is None else "done late" if done > last else "done on time"
            self.out[kind, occasion] = (in_time, last)
        elif last is None:
            self.out[kind, occasion] = ("cannot be told", None)
        elif self.today > last:
            self.out[kind, occasion] = ("cannot be told" if unseen else "overdue", last)
        elif begins is not None and self.today < begins:
            self.out[kind, occasion] = ("to come", last)
        else:
            self.out[kind, occasion] = ("open", last)

    def none(self, kind: str, occasion: str = "") -> None:
        self.out[kind, occasion] = ("not needed", None)


def worth_at_award(case: Case) -> tuple[int | None, int | None]:
    """With VAT and without: by the notice; else by the first figure a change gives; else as the register has it."""
    gross, net = case.shown_gross, case.shown_net
    if case.noticed_gross is not None or case.noticed_net is not None:
        return both(case.noticed_gross, case.noticed_net, gross, net)
    named = [change.original for change in sorted(case.changes, key=lambda c: c.on) if change.original]
    if not named:
        return gross, net
    if case.options is not None and net is not None:
        return both(None, named[0] + case.options, gross, net)
    longer = [change.on - DAY for change in sorted(case.changes, key=lambda c: c.on) if change.new_end]
    first_end = min([*longer[:1], case.end])
    if net is not None and case.provided is not None and case.provided > first_end:
        with_options = quarters(case.signed, case.provided) / quarters(case.signed, first_end)
        return both(None, half_up(named[0] * with_options), gross, net)
    return both(None, named[0], gross, net)


def both(
    gross: int | None, net: int | None, like_gross: int | None, like_net: int | None
) -> tuple[int | None, int | None]:
    """The figure that is missing, with as much VAT in a pound as in another pair of figures."""
    if like_gross and like_net:
        if gross is None and net is not None:
            gross = half_up(Fraction(net * like_gross, like_net))
        elif net is None and gross is not None:
            net = half_up(Fraction(gross * like_net, like_gross))
    return gross, net


def half_up(number: Fraction) -> int:
    sign = -1 if number < 0 else 1
    return sign * int(abs(number) + Fraction(1, 2))


def quarters(first: date, last: date) -> Fraction:
    """How many quarters from one day to another: of each day the share that it is of its own quarter."""
    total, day = Fraction(0), first
    while day <= last:
        start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        end = date(day.year + (start.month == 10), start.month % 12 + 3 if start.month != 10 else 1, 1)
        till = min(last + DAY, end)
        total += Fraction((till - day).days, (end - start).days)
        day = till
    return total


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
    since = public_by_a_change(case, reach)
    assessed(case, reach, over, paper)
    failed(case, reach, since, paper)
    changed(case, reach, since, paper)
    at_the_end(case, reach, since, over, seen, paper)
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
        paper.say("Social Value Act consideration", None, case.commenced, None, unseen=True)
    else:
        paper.none("Social Value Act consideration")
    if reach != "notifiable" or case.kind == "call-off" or case.advertised is False:
        paper.none("UK4 below threshold")
    else:
        paper.say("UK4 below threshold", None, case.commenced if case.advertised else None, seen.get("UK4"))
    kind = "UK6 contract award notice"
    urgent = case.direct in ("urgency", "protect life")
    if reach != "public" or case.direct == "user choice":
        paper.none(kind)
    elif case.light or case.kind == "call-off" or urgent:
        paper.say(kind, None, case.signed, seen.get("UK6"), unseen=may_be_user_choice(case, seen))
    else:
        paper.say(kind, None, eight_working_days_before(case.signed), seen.get("UK6"))


def at_the_contract(case: Case, reach: str, seen: dict[str, date], paper: Paper) -> None:
    done, unseen = seen.get("UK7"), may_be_user_choice(case, seen)
    if reach == "public" and case.direct == "user choice":
        paper.none("UK7 contract details notice")
        paper.none("copy of the contract")
        return
    if reach == "public":
        days = 120 if case.light else 30
        paper.say("UK7 contract details notice", case.signed, count(case.signed, days), done, unseen=unseen)
    elif reach == "notifiable":
        paper.say("UK7 below threshold", case.signed, count(case.signed, 30), done)
    elif reach == "small":
        paper.none("UK7 below threshold")
    else:
        paper.none("UK7 contract details notice")
    if reach == "public" and case.gross is None and case.net is None:
        paper.out["copy of the contract", ""] = ("cannot be told", None)
    elif reach == "public" and may_exceed(case.gross, case.net, 500_000_000):
        days = 180 if case.light else 90
        paper.say("copy of the contract", case.signed, count(case.signed, days), None, unseen=unseen)
    else:
        paper.none("copy of the contract")


def may_be_user_choice(case: Case, seen: dict[str, date]) -> bool:
    """Light touch, and nothing says that others could compete for it or on which ground they could not."""
    told = case.direct is not None or case.advertised is not None or "UK4" in seen
    return case.light and case.kind == "contract" and not told


def failed(case: Case, reach: str, since: date | None, paper: Paper) -> None:
    for number, _, day, ends in case.failures:
        public = reach == "public" or (since is not None and since <= day)
        if not public or case.light or ends or day < S71:
            paper.none("UK9 breach or poor performance", number)
        else:
            paper.say("UK9 breach or poor performance", day, count(day, 30), None, number)


def at_the_end(
    case: Case, reach: str, since: date | None, over: date, seen: dict[str, date], paper: Paper
) -> None:
    kind = "UK11 contract termination notice"
    if (reach == "public" or (since is not None and since <= over)) and case.direct != "user choice":
        paper.say(kind, over, count(over, 30), seen.get("UK11"), unseen=may_be_user_choice(case, seen))
    else:
        paper.none(kind)
    if reach != "public":
        paper.none("records kept")
        return
    kept = nth_year(case.signed, 3) - DAY
    if paper.today > kept:
        paper.out["records kept", ""] = ("not needed", kept)
    else:
        paper.say("records kept", case.signed, kept, None)


def of_the_act(case: Case) -> bool:
    if case.school or case.regime != "pa23":
        return False
    if case.kind == "call-off" and case.framework_regime not in (None, "pa23"):
        return False
    return (case.commenced or case.signed) >= ACT


def public_by_a_change(case: Case, reach: str) -> date | None:
    """The day of the first change that lifts a contract to the threshold."""
    if reach == "public" or not of_the_act(case):
        return None
    lifted = [change.on for change, _, after in on_the_way(case) if may_reach(*after, threshold(case))]
    return lifted[0] if lifted else None


Pair = tuple[int | None, int | None]


def on_the_way(case: Case) -> list[tuple[Changed, Pair, Pair]]:
    """Each change with the value, with VAT and without, before and after it."""
    gross, net = worth_at_award(case)
    perhaps, found = 0, []
    for change in sorted(case.changes, key=lambda c: (c.on, in_order(c.number))):
        before = at_most(gross, net, perhaps)
        by = 0 if planned(case, change) else change.after - change.before
        if gross is not None and net is not None and net > 0:
            gross += half_up(Fraction(by * gross, net))
        elif gross is not None:
            gross += by
            perhaps += half_up(Fraction(by, 5))
        net = None if net is None else net + by
        found.append((change, before, at_most(gross, net, perhaps)))
    return found


def at_most(gross: int | None, net: int | None, perhaps: int) -> Pair:
    """The value with the VAT of its changes or without, whichever is more, where that is not known."""
    return (None if gross is None else gross + max(perhaps, 0)), net


def planned(case: Case, change: Changed) -> bool:
    if change.new_end is None or case.provided is None:
        return False
    return change.on - DAY < change.new_end <= case.provided


def how_far(case: Case, today: date) -> str:
    if not of_the_act(case):
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


def changed(case: Case, reach: str, since: date | None, paper: Paper) -> None:
    changes = sorted(case.changes, key=lambda c: (c.on, in_order(c.number)))
    steps = {change.number: (first, then) for change, first, then in on_the_way(case)}
    percent = 15 if case.category == "works" else 10
    value = case.net
    first_end = next((c.on - DAY for c in changes if c.new_end), last_day(case))
    term = ((case.provided or first_end) - case.signed).days + 1
    told = sorted((item for item in case.told_changes if item[0] <= paper.today), key=lambda item: item[0])
    of_day: dict[date, tuple[date, date | None]] = {}
    small_value = small_days = 0
    for place, change in enumerate(changes):
        notice = None
        before = changes[place - 1].on if place else date.min
        after = changes[place + 1].on if place + 1 < len(changes) else date.max
        for pick in (
            [t for t in told if t[1] == change.on],
            [of_day[change.on]] if change.on in of_day else [],
            [t for t in told if before < t[0] <= change.on][::-1],
            [t for t in told if change.on < t[0] < after],
        ):
            if pick and notice is None:
                notice = pick[0]
        if notice in told:
            told.remove(notice)
        if notice and notice[1] == change.on:
            of_day[change.on] = notice
        days = (change.new_end - (change.on - DAY)).days if change.new_end else 0
        more = 0 if planned(case, change) else change.after - change.before
        small_value, small_days = small_value + more, small_days + days
        big_value = small_value != 0 and (value is None or abs(small_value) * 100 > value * percent)
        big_days = small_days != 0 and abs(small_days) * 10 > term
        was, becomes = steps[change.number]
        public = reach == "public" or (since is not None and since < change.on)
        lifts = of_the_act(case) and may_reach(*becomes, threshold(case))
        allowed = not case.light and (public or lifts)
        if allowed and (big_value or big_days):
            paper.say(
                "UK10 contract change notice", None, change.on, notice[0] if notice else None, change.number
            )
            if becomes == (None, None):
                paper.out["copy of the modified contract", change.number] = ("cannot be told", None)
            elif may_exceed(*was, 500_000_000) or may_exceed(*becomes, 500_000_000):
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

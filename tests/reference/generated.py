"""Contracts and the decisions about them out of a seed, as the second implementation sees them.

Does not belong here: their returns (`returned`), either implementation, the tables that the program reads (`as_frames`), assertions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

from tests.reference.asks import (
    BANDS,
    DIVISOR,
    EMPLOYMENT,
    MEASURES,
    THRESHOLD,
    Facts,
    counted,
    half_up,
    targets,
)
from tests.reference.case import Case
from tests.reference.courses import (
    DAY,
    MILLION,
    Change,
    EarlyEnd,
    Extension,
    Step,
    ValueChange,
    quarter,
    quarters,
    standing,
    starts,
)
from tests.reference.overrides import REASONS, Override
from tests.reference.promises import Promise
from tests.reference.returned import add_returns

SIZES = ("micro", "small", "medium", "large", "unknown", "")
TRADES = ("other", "other", "it", "consultancy", "facilities")
ROLES = (
    "category lead",
    "category lead",
    "head of procurement",
    "chief procurement officer",
    "contract manager",
)


def cases(seed: int, number: int) -> list[Case]:
    """So many contracts, one in five a call-off under an agreement with up to five others."""
    random = Random(seed)
    together: dict[int, list[Facts]] = {}
    alone = []
    for place in range(number):
        facts, group = _facts(random, place), place // 30
        is_call_off = random.random() < 0.2
        if is_call_off and group % 3:
            facts = _small(random, facts)
        alone.append(_changed(random, facts))
        if is_call_off:
            together.setdefault(group, []).append(alone[-1][0])
    sums = {facts.ref: sum(other.value for other in group) for group in together.values() for facts in group}
    found = [
        _case(random, replace(facts, call_offs=sums.get(facts.ref)), changes, shown)
        for facts, changes, shown in alone
    ]
    for one, other in pairwise(found):
        if one.supplier == other.supplier and not other.as_year and random.random() < 0.3:
            _claim_again(random, one, other)
    return found


def _claim_again(random: Random, one: Case, other: Case) -> None:
    """A quantity of one contract on another contract of the supplier as well."""
    repeatable = [
        (code, line)
        for code, lines in one.lines.items()
        for _, line in lines
        if line.quarter not in {*other.nil, *_quarters(other, code)}
    ]
    if repeatable:
        code, line = random.choice(repeatable)
        other.lines.setdefault(code, []).append(("county", line))


def _quarters(case: Case, code: str) -> set[date]:
    return {line.quarter for _, line in case.lines.get(code, ())}


def _value(random: Random) -> int:
    """Pence: round every band edge and every half output, and anywhere up to £150m."""
    draw = random.random()
    if draw < 0.3:
        return max(100 * random.choice(BANDS)[1] + random.randint(-1, 1), 0)
    if draw < 0.5:
        return 25_000_000 * random.randint(1, 40)
    return int(10 ** random.uniform(4, 10.2))


def _facts(random: Random, number: int) -> Facts:
    first = date(2025, 6, 1) + timedelta(days=random.randrange(900))
    last = first + timedelta(days=int(random.choice([10, 80, 365, 1100, 2500]) * random.random()))
    if random.random() < 0.3:  # whole quarters, as most registers have them
        first, last = quarter(first)[0], quarter(last)[1]
    kind = random.choice(["services", "services", "works", "care", "goods"])
    wanted = random.sample((*MEASURES, *EMPLOYMENT[:5:2]), random.randint(0, 8))
    if random.random() < 0.15:
        wanted = [code for code in wanted if code not in EMPLOYMENT]
    if random.random() < 0.15:
        wanted = ["C1", "C2", *wanted, *wanted[:1], "X9"]
    value = _value(random)
    latest = last + timedelta(days=random.choice([0, 0, 365, 700]))
    facts = Facts(
        ref=f"K-{number:06d}",
        value=value,
        options=int(value * random.random()) if latest > last and random.random() < 0.5 else None,
        gross=random.choice([value * 6 // 5, value, None]),
        kind=kind,
        light=kind == "care" and random.random() < 0.7,
        reserved=random.choice([True, True, False, None]),
        trade="care" if kind == "care" else random.choice(TRADES),
        size=random.choice(SIZES),
        vcse=random.random() < 0.25,
        risk=_answers(random),
        complexity=_answers(random),
        first=first,
        last=last,
        latest=latest,
        wanted=tuple(wanted),
        supply=random.choice([None, -1, 0, random.randint(1, max(value, 1))]),
    )
    return random.choices([facts, _on_a_half(random, facts), _reserved(random, facts)], [18, 1, 1])[0]


def _on_a_half(random: Random, facts: Facts) -> Facts:
    """The same contract with no factor but one, so that its outputs are a half and some whole ones."""
    divisor = DIVISOR[facts.kind]
    value = (2 * random.randint(0, 4) + 1) * divisor * MILLION // 2
    plain = replace(facts, risk=(1, 1, 1, 1, 1), complexity=(2, 2, 2, 2, None), size="large", vcse=False)
    return replace(plain, value=value, options=None, gross=value, latest=facts.last)


def _reserved(random: Random, facts: Facts) -> Facts:
    """The same contract round the threshold, reserved to the area and with the quota of spend in Kent wanted."""
    gross = THRESHOLD["light" if facts.light else facts.kind if facts.kind == "works" else "services"]
    gross += random.choice([-random.randint(0, gross // 2), -1, 0])
    plain = replace(facts, value=gross * 5 // 6, options=None, gross=gross, latest=facts.last)
    supply = random.choice([random.randint(0, gross), random.randint(0, gross), None])
    return replace(plain, reserved=True, supply=supply, wanted=("E1", *facts.wanted))


def _small(random: Random, facts: Facts) -> Facts:
    """The same contract at a value that matters beside those of other call-offs alone."""
    return replace(facts, value=random.randint(100_000, 4_000_000), options=None)


def _answers(random: Random) -> tuple[int | None, ...]:
    middle = random.choice([1, 2, 3])
    return tuple(random.choice([middle, middle, 1, 2, 3, None]) for _ in range(5))


def _changed(
    random: Random, facts: Facts
) -> tuple[Facts, list[tuple[date, str, Change]], tuple[int, date] | None]:
    """A contract as it was first, its changes, and value and last day in the register."""
    if random.random() < 0.5:
        return facts, [], None
    named = _with_core(facts)
    changes = _changes(random, named)
    value = facts.value
    if any(not isinstance(change, EarlyEnd) for _, _, change in changes):
        facts, value = named, random.choice([named.value, *_values_after(named, changes)])
    return facts, changes, (value, _shown_end(random, facts, changes))


def _values_after(facts: Facts, changes: Sequence[tuple[date, str, Change]]) -> list[int]:
    """The value without options that a register may show after each change in turn."""
    found = [facts.core or 1]
    for change in sorted(standing(changes), key=starts):
        if isinstance(change, ValueChange):
            found.append(found[-1] + change.new - change.old)
        elif isinstance(change, Extension):
            found.append(found[-1] + change.value)
    return [value for value in found if value > 0]


def _case(
    random: Random,
    facts: Facts,
    changes: list[tuple[date, str, Change]],
    shown: tuple[int, date] | None,
) -> Case:
    promised = {code: _promises(random, facts, code) for code in MEASURES if random.random() < 0.5}
    guaranteed = random.choice([True, True, None, False])
    case = Case(facts, guaranteed, changes, _invoices(random, facts), shown, promised)
    own = case.own
    asked = targets(facts, own, {})
    for code, target in asked.items():
        if random.random() < 0.4:
            case.overrides[code] = _overrides(random, facts, code, target.calculated)
        if random.random() < 0.15:
            case.milestones[code] = _milestones(random, facts, code, target.calculated)
    agreed = {code: target.agreed for code, target in targets(facts, own, case.overrides).items()}
    add_returns(random, case, agreed)
    return case


def _with_core(facts: Facts) -> Facts:
    """The same contract with a value without options in whole pence, as a decision states it."""
    core = max(half_up(counted(facts)), 1)
    if facts.options is not None:
        return replace(facts, value=core + facts.options, core=core)
    share = quarters(facts.first, facts.last) / quarters(facts.first, facts.latest)
    return replace(facts, value=half_up(core / share), core=core)


def _changes(random: Random, facts: Facts) -> list[tuple[date, str, Change]]:
    """Up to two extensions, two changes of value and an early end, some of them corrected by a later decision."""
    found: list[Change] = []
    last, core = facts.last, facts.core or 1
    for _ in range(random.choice([0, 0, 1, 2])):
        end = last + timedelta(days=random.randint(1, 800))
        found.append(Extension(last + DAY, end, int(core * random.random()), core))
        last = end
    for _ in range(random.choice([0, 1, 2])):
        old = random.randint(1, core)
        found.append(
            ValueChange(_day(random, facts.first, last), old, int(old * random.choice([0, 0.5, 1.5, 3])))
        )
    if random.random() < 0.4:
        found.append(EarlyEnd(_day(random, facts.first, last)))
    corrections = [_corrected(random, change, facts) for change in found if random.random() < 0.2]
    return [
        (date(2026, 1, random.choice([8, 8, 9])), f"H-{random.randrange(10**6)}-{facts.ref}-{n}", change)
        for n, change in enumerate([*found, *corrections])
    ]


def _corrected(random: Random, change: Change, facts: Facts) -> Change:
    if isinstance(change, EarlyEnd):
        return EarlyEnd(_day(random, facts.first, facts.last))
    if isinstance(change, ValueChange):
        return replace(change, new=change.new + 12_345)
    return replace(change, value=change.value + 12_345)


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, (last - first).days))


def _shown_end(random: Random, facts: Facts, changes: Sequence[tuple[date, str, Change]]) -> date:
    """The end date of the register: as it was, or as a change has made it."""
    ends = [change.last for _, _, change in changes if not isinstance(change, ValueChange)]
    extended = any(isinstance(change, Extension) for _, _, change in changes)
    early = any(isinstance(change, EarlyEnd) for _, _, change in changes)
    if extended and not early:
        return random.choice([facts.last, max(ends)])
    return random.choice([facts.last, *ends])


def _invoices(random: Random, facts: Facts) -> list[tuple[date, int]]:
    return [
        (
            facts.first + timedelta(days=random.randint(-30, 1500)),
            int(facts.value * random.uniform(-0.2, 0.5)),
        )
        for _ in range(random.choice([0, 1, 4]))
    ]


def _promises(random: Random, facts: Facts, code: str) -> list[Promise]:
    """One, and now and then up to three more, at and beside the limits of authority, from any day or none."""
    quantity = Fraction(random.randint(0, 99_999), random.choice([1, 10, 100]))
    found = []
    for n in range(random.choice([1, 1, 1, 2, 3, 4])):
        days = [date(2026, 1, 5), date(2026, 1, 8), date(2026, 1, 6), facts.first]
        day = random.choice(
            [*days, *(_day(random, facts.first - 30 * DAY, facts.last + 30 * DAY) for _ in days)]
        )
        found.append(
            Promise(
                day=day,
                number=f"{random.choice('CZ')}-{random.randrange(10**6)}-{facts.ref}-{code}-{n}",
                roles=tuple(random.choice(ROLES) for _ in range(random.choice([1, 1, 1, 2]))),
                quantity=quantity,
                start=_day(random, facts.first, facts.last + 30 * DAY) if random.random() < 0.3 else None,
            )
        )
        quantity *= Fraction(random.choice(["0", "0.5", "0.75", "1", "1.2", "1.25", "1.2501", "3"]))
    return found


def _overrides(random: Random, facts: Facts, code: str, target: Fraction) -> list[Override]:
    """Up to three, often on one day, at and beside the limits of authority."""
    ratios = ["0", "0.7499", "0.75", "0.9", "1", "1.25", "1.2501", "3"]
    return [
        Override(
            day=date(2026, 1, random.choice([6, 6, 20])),
            number=f"O-{random.randrange(10**6)}-{facts.ref}-{code}-{n}",
            roles=tuple(random.choice(ROLES) for _ in range(random.choice([1, 1, 1, 2]))),
            reason=random.choice([*REASONS, "convenience"]),
            quantity=max(target, Fraction(random.randint(0, 1))) * Fraction(random.choice(ratios)),
        )
        for n in range(random.randint(1, 3))
    ]


def _milestones(random: Random, facts: Facts, code: str, target: Fraction) -> list[Step]:
    """Up to four, some beside the contract, together less or more than the target; decided before or in its term."""
    days = [
        facts.first,
        facts.first + DAY,
        *(_day(random, facts.first - DAY, facts.last + 30 * DAY) for _ in "12"),
    ]
    random.shuffle(days)
    span = (facts.last - facts.first).days
    return [
        Step(
            day=random.choice(days[:2]),
            number=f"M-{random.randrange(10**6)}-{facts.ref}-{code}-{n}",
            roles=tuple(random.choice(ROLES) for _ in range(random.choice([1, 2, 3]))),
            on=facts.first + timedelta(days=random.randint(-20, span + 20)),
            quantity=target * Fraction(random.choice([0, 1, 2, 4]), 4),
        )
        for n in range(random.randint(1, 4))
    ]

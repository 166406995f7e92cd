"""Small counts of people: what is left out, and that a reader with a linear solver cannot work it out.

Does not belong here: the tables they stand in (`test_disclosure`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from kcc_etl.domain.corrected_counts import CorrectedCounts, Version
from kcc_etl.domain.small_counts import Counts, Range, Shown, SmallCounts

ALL = "all"
UNRATED: Range = (None, None)


def is_small(count: Fraction) -> bool:
    return 0 < count < 5


def decided(*quarters: Mapping[str, tuple[int, ...]], adds_up: bool = True) -> list[Shown]:
    """What is shown of quarters whose lines are all in one sum."""
    made = SmallCounts(is_small, adds_up=adds_up)
    return [
        made.quarter(
            {key: tuple(map(Fraction, row)) for key, row in quarter.items()}, dict.fromkeys(quarter, ALL)
        )
        for quarter in quarters
    ]


@pytest.mark.parametrize(
    ("counts", "left_out"),
    [
        ({"a": 0, "b": 7}, set()),
        ({"a": 5, "b": 7}, set()),
        ({"a": 4, "b": 7}, {"a", "b"}),  # 4 is the sum less 7
        ({"a": 4, "b": 7, "c": 20}, {"a", "b"}),  # the smallest that is something stands beside it
        ({"a": 4, "b": 0, "c": 20}, {"a", "c"}),  # none is left out only where nothing else is
        ({"a": 4, "b": 0}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 20}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 20}, {"a", "b"}),
    ],
)
def test_a_small_count_is_left_out_and_another_beside_it(counts: dict[str, int], left_out: set[str]):
    (shown,) = decided({key: (count,) for key, count in counts.items()})

    assert shown.left_out == left_out
    assert not shown.without_sum


def test_where_nothing_stands_beside_it_the_sum_is_left_out():
    (shown,) = decided({"a": (4,)})

    assert shown.left_out == {"a"}
    assert shown.without_sum == {ALL}


def test_a_count_that_grew_by_a_small_count_is_left_out_until_it_has_grown_enough():
    steps = decided(*({"a": (count,), "b": (40 * place,)} for place, count in enumerate((7, 8, 11, 12), 1)))

    assert ["a" in shown.left_out for shown in steps] == [False, True, True, False]


def test_a_level_may_change_by_one_for_each_quarter_stands_by_itself():
    steps = decided({"a": (7,), "b": (9,)}, {"a": (8,), "b": (9,)}, adds_up=False)

    assert [shown.left_out for shown in steps] == [set(), set()]


def test_all_counts_of_a_line_are_left_out_together():
    (shown,) = decided({"a": (9, 2), "b": (30, 20), "c": (50, 40)})

    assert shown.left_out == {"a", "b"}


def test_a_rating_that_leaves_one_count_alone_is_left_out():
    made = SmallCounts(is_small)
    counts = {"a": (Fraction(4),), "b": (Fraction(9),)}
    amber_of_five: Range = (Fraction(4), Fraction(5))
    shown = made.quarter(counts, dict.fromkeys(counts, ALL), {"a": amber_of_five, "b": UNRATED})

    assert shown.without_rating == {"a"}
    assert shown.left_out == {"a", "b"}


@dataclass(frozen=True)
class Quarter:
    counts: dict[str, Counts]
    group_of: dict[str, str]
    ranges: dict[str, Range]


def generated(dice: random.Random) -> list[Quarter]:
    """Four quarters of one to seven lines with claimed and verified, in up to two sums, some of them rated."""
    so_far = {f"line {number}": [0, 0] for number in range(dice.randint(1, 7))}
    quarters = []
    for _ in range(4):
        for row in so_far.values():
            if dice.random() < 0.6:
                row[0] += dice.choice([0, 1, 1, 2, 3, 4, 5, 6, 9, 20])
            if dice.random() < 0.6:
                row[1] = dice.choice([row[1], row[0], dice.randint(row[1], row[0])])
        counts: dict[str, Counts] = {key: (Fraction(row[0]), Fraction(row[1])) for key, row in so_far.items()}
        groups = {key: "one" if dice.random() < 0.8 else "other" for key in so_far}
        ranges = {key: rated(counts[key][-1], dice) for key in so_far}
        quarters.append(Quarter(counts, groups, ranges))
    return quarters


def rated(verified: Fraction, dice: random.Random) -> Range:
    due = Fraction(dice.choice([1, 2, 3, 5, 10]))
    if dice.random() < 0.2:
        return UNRATED
    if verified >= due:
        return due, None
    floor = due * 4 / 5
    return (floor, due) if verified >= floor else (Fraction(0), floor)


class Reader:
    """Somebody who knows everything that is published, and what no count can do, and has a linear solver."""

    def __init__(self, quarters: list[Quarter], shown: list[Shown]) -> None:
        places = [
            (time, key, kind)
            for time, quarter in enumerate(quarters)
            for key in quarter.counts
            for kind in (0, 1)
        ]
        self.place = {place: number for number, place in enumerate(places)}
        self.equal: list[tuple[np.ndarray, float]] = []
        self.at_most: list[tuple[np.ndarray, float]] = []
        for time, (quarter, seen) in enumerate(zip(quarters, shown, strict=True)):
            for key in quarter.counts:
                self.learn_line(time, key, quarter, seen)
            for group in set(quarter.group_of.values()) - seen.without_sum:
                members = [key for key in quarter.counts if quarter.group_of[key] == group]
                for kind in (0, 1):
                    total = sum(quarter.counts[key][kind] for key in members)
                    self.equal.append((self.row({(time, key, kind): 1 for key in members}), float(total)))

    def learn_line(self, time: int, key: str, quarter: Quarter, seen: Shown) -> None:
        self.at_most.append((self.row({(time, key, 1): 1, (time, key, 0): -1}), 0))
        for kind in (0, 1):
            if key not in seen.left_out:
                self.equal.append((self.row({(time, key, kind): 1}), float(quarter.counts[key][kind])))
            self.learn_growth(time, key, kind)
        least, below = UNRATED if key in seen.without_rating else quarter.ranges[key]
        if least is not None:
            self.at_most.append((self.row({(time, key, 1): -1}), -float(least)))
        if below is not None:
            self.at_most.append((self.row({(time, key, 1): 1}), float(below) - 0.001))

    def learn_growth(self, time: int, key: str, kind: int) -> None:
        if time:
            self.at_most.append((self.row({(time - 1, key, kind): 1, (time, key, kind): -1}), 0))

    def row(self, parts: dict[tuple[int, str, int], int]) -> np.ndarray:
        made = np.zeros(len(self.place))
        for place, factor in parts.items():
            made[self.place[place]] = factor
        return made

    def bound(self, place: tuple[int, str, int], sign: int) -> float:
        a_eq, b_eq = [row for row, _ in self.equal] or None, [value for _, value in self.equal] or None
        a_ub, b_ub = [row for row, _ in self.at_most], [value for _, value in self.at_most]
        found = linprog(self.row({place: sign}), a_ub, b_ub, a_eq, b_eq, bounds=(0, None))
        return sign * found.fun if found.status == 0 else sign * float("-inf")

    def knows(self, place: tuple[int, str, int]) -> bool:
        return self.bound(place, -1) - self.bound(place, 1) < 0.5


def worked_out(seed: int, *, is_time: bool = False) -> list[tuple[int, str, int]]:
    """Counts left out that a reader can tell exactly, and that are not what was last shown."""
    quarters = generated(random.Random(seed))
    made = SmallCounts(is_small)
    shown = [
        made.quarter(
            quarter.counts,
            quarter.group_of,
            quarter.ranges,
            spans=dict.fromkeys(quarter.counts, number) if is_time else None,
        )
        for number, quarter in enumerate(quarters, 1)
    ]
    for quarter, seen in zip(quarters, shown, strict=True):
        small = {key for key, row in quarter.counts.items() if any(map(is_small, row))}
        assert small <= seen.left_out
    reader = Reader(quarters, shown)
    found = []
    last_shown: dict[str, Counts] = {}
    for time, (quarter, seen) in enumerate(zip(quarters, shown, strict=True)):
        for key, row in quarter.counts.items():
            if key not in seen.left_out:
                last_shown[key] = row
                continue
            last = last_shown.get(key, (Fraction(0), Fraction(0)))
            found += [
                (time, key, kind)
                for kind in (0, 1)
                if row[kind] != last[kind] and reader.knows((time, key, kind))
            ]
    return found


@dataclass(frozen=True)
class Published:
    """One version of one quarter as it was published, with what was true then."""

    time: int
    quarter: Quarter
    shown: Shown

    def as_version(self, now: Quarter) -> Version:
        counts, seen = self.quarter.counts, self.shown
        lines = {key: row for key, row in counts.items() if key not in seen.left_out}
        not_summed = frozenset(key for key in counts if self.quarter.group_of[key] in seen.without_sum)
        corrected = frozenset(key for key in counts if counts[key] != now.counts[key])
        return Version(lines, seen.left_out, not_summed, seen.without_rating, corrected)


def corrected(quarters: list[Quarter], dice: random.Random, last: int) -> list[Quarter]:
    """The quarters once late returns of some lines are in, or are taken back, from one quarter on."""
    lines = sorted(quarters[0].counts)
    late = dice.sample(lines, dice.randint(1, min(2, len(lines))))
    since = dice.randint(max(last - 1, 0), last)
    made = []
    more = {key: dice.choice([1, 1, 2, 3, 5, 8, -1, -2]) for key in late}
    for time, quarter in enumerate(quarters):
        counts = dict(quarter.counts)
        for key in late if time >= since else []:
            claimed, verified = counts[key]
            claimed = max(claimed + more[key], Fraction(0))
            verified = min(max(verified + more[key], Fraction(0)), claimed)
            counts[key] = claimed, verified
        made.append(Quarter(counts, quarter.group_of, quarter.ranges))
    return never_falling(made)


def never_falling(quarters: list[Quarter]) -> list[Quarter]:
    """Counts to date never fall, and ratings are those of the counts."""
    made: list[Quarter] = []
    for quarter in quarters:
        counts = {
            key: tuple(map(max, row, made[-1].counts[key])) if made else row
            for key, row in quarter.counts.items()
        }
        ranges = {
            key: told if told == quarter.ranges[key] and fits(told, row[-1]) else UNRATED
            for key, row, told in ((key, row, quarter.ranges[key]) for key, row in counts.items())
        }
        made.append(Quarter(counts, quarter.group_of, ranges))
    return made


def fits(told: Range, count: Fraction) -> bool:
    least, below = told
    return (least is None or count >= least) and (below is None or count < below)


def decisions(quarters: list[Quarter], published: list[Published]) -> list[Shown]:
    made = CorrectedCounts(is_small)
    return [
        made.quarter(
            quarter.counts,
            quarter.group_of,
            quarter.ranges,
            [one.as_version(quarter) for one in published if one.time == time],
        )
        for time, quarter in enumerate(quarters)
    ]


def published_with_corrections(seed: int) -> list[Published]:
    """Four quarters, each published as it was known, corrected after, and mostly published again."""
    dice = random.Random(seed)
    quarters = generated(dice)
    found: list[Published] = []
    for time in range(4):
        for again in range(dice.choice([1, 2, 2, 3])):
            if again:
                quarters = corrected(quarters, dice, time)
            shown = decisions(quarters[: time + 1], found)
            places = [time] if dice.random() < 0.6 else [max(time - 1, 0), time]
            found += [Published(place, quarters[place], shown[place]) for place in dict.fromkeys(places)]
    return found


class ReaderOfVersions(Reader):
    """A reader of several versions, who also knows which counts were corrected between two, and upwards."""

    def __init__(self, published: list[Published]) -> None:
        super().__init__([one.quarter for one in published], [one.shown for one in published])
        for first, one in enumerate(published):
            for second, other in enumerate(published):
                if one.time <= other.time and first != second:
                    self.link(first, one, second, other)

    def learn_growth(self, time: int, key: str, kind: int) -> None:
        """Versions do not follow each other by quarters; see `link`."""

    def link(self, first: int, one: Published, second: int, other: Published) -> None:
        for key, row in one.quarter.counts.items():
            for kind in (0, 1):
                pair = self.row({(first, key, kind): 1, (second, key, kind): -1})
                then, now = row[kind], other.quarter.counts[key][kind]
                if one.time == other.time and then == now:
                    self.equal.append((pair, 0))
                elif then <= now:
                    self.at_most.append((pair, 0))


def worked_out_of_versions(seed: int) -> list[tuple[int, str, int]]:
    """Counts left out of a version that a reader can tell exactly, and that no version before shows."""
    published = published_with_corrections(seed)
    reader = ReaderOfVersions(published)
    found: list[tuple[int, str, int]] = []
    seen: set[tuple[str, int, Fraction]] = set()
    for place, one in enumerate(published):
        cells = {(key, kind): row[kind] for key, row in one.quarter.counts.items() for kind in (0, 1)}
        for (key, kind), count in cells.items():
            if key not in one.shown.left_out:
                seen.add((key, kind, count))
            elif count and (key, kind, count) not in seen and reader.knows((place, key, kind)):
                found.append((place, key, kind))
    return found


@pytest.mark.parametrize("seed", [11, 30, 44])
def test_nobody_with_a_solver_can_work_out_a_count_from_versions(seed: int):
    assert worked_out_of_versions(seed) == []


@pytest.mark.long
def test_nothing_can_be_worked_out_of_five_hundred_tables_of_four_quarters_and_their_corrections():
    recovered = {seed: found for seed in range(500) if (found := worked_out_of_versions(seed))}

    assert recovered == {}


@pytest.mark.parametrize("seed", range(4))
def test_nobody_with_a_solver_can_work_out_peoples_time_that_is_left_out(seed: int):
    assert worked_out(seed, is_time=True) == []


@pytest.mark.parametrize("seed", range(12))
def test_nobody_with_a_solver_can_work_out_a_count_that_is_left_out(seed: int):
    assert worked_out(seed) == []


@pytest.mark.long
def test_nothing_can_be_worked_out_of_five_hundred_tables_of_four_quarters():
    recovered = {
        (seed, is_time): found
        for seed in range(500)
        for is_time in (False, True)
        if (found := worked_out(seed, is_time=is_time))
    }

    assert recovered == {}

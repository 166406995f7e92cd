"""Which counts of people a publication leaves out, so that none of the small ones can be worked out.

Does not belong here: which measures count people, the tables of figures (`disclosure`), how a count that is
left out is shown (`reports`).

A reader knows every count that is shown, now and in the quarters before, the sums and ratings published
beside them, that counts to date never fall, and that no more is verified than is claimed. A count is left out
when it is small, or has grown by a small count since it was last shown. Then as many more are left out as are
needed for every one of them to have a *double*: another table of counts, with one more here and one less
there, that a reader could not tell from the true one. Where no more can be left out, the sum is, and then the
rating. A reader who knows these rules, and guesses that what is left out is small, is not reckoned with.

Source: social-value policy parameters, section 8.7; rule 7 on publishing small numbers in the hazards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

Counts = tuple[Fraction, ...]
"""The counts of one line in one quarter: claimed, and what is part of it, such as evidenced and verified."""

Range = tuple[Fraction | None, Fraction | None]
"""What the rating of a line tells of its last count: at least the one, and less than the other."""

IsSmall = Callable[[Fraction], bool]

STEP = 1
"""How far a double differs: one person."""


@dataclass(frozen=True)
class Shown:
    """What of one quarter is not shown: counts of lines, sums of groups, ratings of lines."""

    left_out: frozenset[str]
    without_sum: frozenset[str]
    without_rating: frozenset[str]


@dataclass
class _Quarter:
    """One quarter: every count, what a reader was last shown of it, its group, and what is left out."""

    counts: Mapping[str, Counts]
    last_shown: Mapping[str, Sequence[Counts]]
    group_of: Mapping[str, str]
    ranges: Mapping[str, Range]
    kept: Collection[str] = ()
    spans: Mapping[str, int] = field(default_factory=dict)
    since_shown: Mapping[str, int] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    without_sum: set[str] = field(default_factory=set)
    without_rating: set[str] = field(default_factory=set)

    def may_be(self, key: str, count: Fraction) -> bool:
        """Whether the rating that is shown allows this as the last count of a line."""
        least, below = (None, None) if key in self.without_rating else self.ranges.get(key, (None, None))
        return (least is None or count >= least) and (below is None or count < below)

    def grown(self, key: str) -> Counts:
        """By how much each count of a line differs from what was last shown of it."""
        last = self.last_shown.get(key)
        return less(self.counts[key], last[-1]) if last else self.counts[key]

    def differences(self, key: str) -> Iterator[Fraction]:
        """By how much each count of a line differs from nothing, and from all that was last shown of it.

        Each is shared among the quarters in which it came about: one person may stand behind all of them.
        """
        yield from (count / self.spans.get(key, 1) for count in self.counts[key])
        for last in self.last_shown.get(key, ()):
            yield from (growth / self.since_shown.get(key, 1) for growth in less(self.counts[key], last))

    def leave_out(self, key: str) -> None:
        """The line is not shown; nor is its rating, where that allows one count alone."""
        self.left_out.add(key)
        last = self.counts[key][-1]
        if not (self.may_be(key, last + STEP) or (last >= STEP and self.may_be(key, last - STEP))):
            self.without_rating.add(key)

    def is_free(self, key: str) -> bool:
        """Whether no published sum holds the line."""
        return self.group_of[key] in self.without_sum

    def tells_nothing(self, key: str) -> bool:
        """Whether the quarter says nothing of a line: not its counts, no sum that holds it, no rating."""
        rated = self.ranges.get(key, (None, None)) != (None, None) and key not in self.without_rating
        return key in self.left_out and self.is_free(key) and not rated

    def are_summed_alike(self, one: str, other: str) -> bool:
        """Whether one more in the one line and one less in the other changes no published sum."""
        return self.group_of[one] == self.group_of[other] or (self.is_free(one) and self.is_free(other))


class SmallCounts:
    """Decides quarter after quarter; call `quarter` for each in order."""

    def __init__(
        self,
        is_small: IsSmall,
        *,
        adds_up: bool = True,
        known: Mapping[str, Counts] | None = None,
        last_shown: Mapping[str, Sequence[Counts]] | None = None,
    ) -> None:
        """`adds_up` is False for levels such as staff in post, of which each quarter stands by itself.

        `known` are the counts of the quarter before the first, if a reader is taken to know them;
        `last_shown` is what was last shown of each line, by one version or several.
        """
        self._is_small = is_small
        self._adds_up = adds_up
        self._quarters = [] if known is None else [_Quarter(known, {}, {}, {})]
        self._last_shown: dict[str, Sequence[Counts]] = dict(last_shown or {})
        self._span_shown: dict[str, int] = {}
        """The span of each line when it was last shown; none of a line that a version showed otherwise."""
        self._doubled: set[tuple[int, str, int]] = set()
        """Counts left out (quarter, line, kind) with a double that no later quarter can take away."""

    @property
    def last_shown(self) -> Mapping[str, Sequence[Counts]]:
        """What was last shown of each line; nothing of a line that never was."""
        return dict(self._last_shown)

    def quarter(
        self,
        counts: Mapping[str, Counts],
        group_of: Mapping[str, str],
        ranges: Mapping[str, Range] | None = None,
        *,
        keep: Collection[str] = (),
        spans: Mapping[str, int] | None = None,
    ) -> Shown:
        """What of the next quarter is shown; `group_of` says with which others a line is summed.

        `ranges` are told by the ratings that stand beside the counts. A line that was not there before counts
        as one of nothing. All lines have as many counts. Those to `keep` are left out in any case, and so is
        their rating. `spans` are for counts of people's time, in what one makes up in a quarter: how many
        quarters each line has counted, in all of which it may have been the same people.
        """
        spans = spans or {}
        since = {key: max(span - self._span_shown.get(key, 0), 1) for key, span in spans.items()}
        now = _Quarter(counts, dict(self._last_shown), group_of, ranges or {}, keep, spans, since)
        self._quarters.append(now)
        pending = [
            (place, key) for place, quarter in enumerate(self._quarters) for key in sorted(quarter.left_out)
        ]
        telling = sorted(key for key in counts if key in keep or self._is_telling(now, key))
        for key in telling:
            now.leave_out(key)
        now.without_rating.update(keep)
        pending += [(len(self._quarters) - 1, key) for key in telling]
        for place, key in pending:
            while not self._all_have_doubles(place, key) and not self._has_them_unrated(now, place, key):
                more = self._left_out_more(now, key)
                pending += [(len(self._quarters) - 1, other) for other in more]
        if self._adds_up:
            self._last_shown |= {key: (counts[key],) for key in counts if key not in now.left_out}
            self._span_shown |= {key: span for key, span in spans.items() if key not in now.left_out}
        return Shown(frozenset(now.left_out), frozenset(now.without_sum), frozenset(now.without_rating))

    def _is_telling(self, now: _Quarter, key: str) -> bool:
        return any(self._is_small(abs(count)) for count in now.differences(key))

    def _left_out_more(self, now: _Quarter, key: str) -> list[str]:
        """One step further: a line of the same sum left out, else of another, else a sum; the lines of it."""
        before = self._quarters[-2].left_out if len(self._quarters) > 1 else set()
        shown = [other for other in now.counts if other not in now.left_out]
        group = now.group_of.get(key)
        beside = [other for other in shown if now.group_of[other] == group] or shown
        summed = sorted(set(now.group_of.values()) - now.without_sum)
        # The sum goes first for a line that stays left out; else all others would.
        sum_goes_first = key in now.kept and group in summed
        if beside and not sum_goes_first:
            # It costs least to leave out what was left out last time, then the smallest that is not nothing.
            least = min(beside, key=lambda o: (o not in before, not any(now.counts[o]), now.counts[o], o))
            now.leave_out(least)
            return [least]
        if summed:
            now.without_sum.add(group if group in summed else summed[0])
            return []
        rated = sorted(set(now.counts) - now.without_rating)
        if not rated:
            raise AssertionError("a quarter of which nothing is shown tells of a count")
        now.without_rating.add(key if key in rated else rated[0])
        return []

    def _has_them_unrated(self, now: _Quarter, place: int, key: str) -> bool:
        """Leave the rating of a line out if that is enough for its counts to have doubles."""
        if key not in now.left_out or key in now.without_rating:
            return False
        now.without_rating.add(key)
        if self._all_have_doubles(place, key):
            return True
        now.without_rating.discard(key)
        return False

    def _all_have_doubles(self, place: int, key: str) -> bool:
        quarter = self._quarters[place]
        # Of a line that is kept, that it has not grown tells of the quarter it is kept for.
        grown = (key in quarter.kept or growth for growth in quarter.grown(key))
        return all(self._has_double(place, key, kind) for kind, told in enumerate(grown) if told)

    def _has_double(self, place: int, key: str, kind: int) -> bool:
        """Whether the counts of some quarters, this among them, could be others; a reader would not know."""
        if (place, key, kind) in self._doubled:
            return True
        others = [other for other in range(len(self._quarters[place].counts[key])) if other != kind]
        together = [(kind, *more) for size in range(len(others) + 1) for more in combinations(others, size)]
        for first, last in self._windows(place, key):
            if any(self._can_differ(key, kinds, first, last) for kinds in together):
                later = self._quarters[last + 1 :]
                if later and not any(quarter.without_sum for quarter in later):
                    self._doubled.add((place, key, kind))
                return True
        return False

    def _windows(self, place: int, key: str) -> Iterator[tuple[int, int]]:
        """Quarters in a row, this one among them, in all of which the line is left out; early ends first."""
        hidden = [key in quarter.left_out for quarter in self._quarters]
        last = place
        while last < len(hidden) and hidden[last]:
            first = place
            while first >= 0 and hidden[first]:
                yield first, last
                first -= 1
            last += 1
            if not self._adds_up:
                return

    def _can_differ(self, key: str, kinds: tuple[int, ...], first: int, last: int) -> bool:
        """Whether these counts could be one more or one less from the first of the quarters to the last."""
        quarters = self._quarters[first : last + 1]
        can_rise = self._can_rise(key, kinds, first, last)
        can_fall = self._can_fall(key, kinds, first, last)
        if (can_rise or can_fall) and all(quarter.is_free(key) for quarter in quarters):
            return True
        for other in quarters[0].left_out:
            if other == key or not all(
                other in quarter.left_out and quarter.are_summed_alike(key, other) for quarter in quarters
            ):
                continue
            if (can_rise and self._can_fall(other, kinds, first, last)) or (
                can_fall and self._can_rise(other, kinds, first, last)
            ):
                return True
        return False

    def _can_rise(self, key: str, kinds: tuple[int, ...], first: int, last: int) -> bool:
        """Whether one more stays below what a reader can know of later, and a part below its whole."""
        after = self._next_known(key, range(last + 1, len(self._quarters)))
        if after is not None:
            room = less(after, self._quarters[last].counts[key])
            if any(room[kind] < STEP for kind in kinds):
                return False
        if not self._fits_rating(key, kinds, first, last, STEP):
            return False
        return 0 in kinds or self._has_slack(key, kinds, first, last)

    def _can_fall(self, key: str, kinds: tuple[int, ...], first: int, last: int) -> bool:
        """Whether one less stays above what a reader can know of earlier, and a whole above its parts."""
        counts = self._quarters[first].counts[key]
        before = self._next_known(key, range(first - 1, -1, -1))
        room = counts if before is None else less(counts, before)
        if any(room[kind] < STEP for kind in kinds):
            return False
        if not self._fits_rating(key, kinds, first, last, -STEP):
            return False
        parts = tuple(kind for kind in range(1, len(counts)) if kind not in kinds)
        return 0 not in kinds or self._has_slack(key, parts, first, last)

    def _fits_rating(self, key: str, kinds: tuple[int, ...], first: int, last: int, step: int) -> bool:
        """Whether the ratings shown would be the same; they speak of the last count of a line."""
        quarters = self._quarters[first : last + 1]
        if len(quarters[0].counts[key]) - 1 not in kinds:
            return True
        return all(quarter.may_be(key, quarter.counts[key][-1] + step) for quarter in quarters)

    def _next_known(self, key: str, places: range) -> Counts | None:
        """The first counts of a line in these quarters of which anything is published; None for none."""
        if self._adds_up:
            for quarter in (self._quarters[place] for place in places):
                if key in quarter.counts and not quarter.tells_nothing(key):
                    return quarter.counts[key]
        return None

    def _has_slack(self, key: str, parts: tuple[int, ...], first: int, last: int) -> bool:
        quarters = self._quarters[first : last + 1]
        rows = [quarter.counts[key] for quarter in quarters if not quarter.tells_nothing(key)]
        return all(row[0] - row[part] >= STEP for row in rows for part in parts)


def less(counts: Counts, others: Counts) -> Counts:
    """By how much counts are more than others, each by itself."""
    return tuple(count - other for count, other in zip(counts, others, strict=True))

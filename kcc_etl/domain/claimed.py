"""What was claimed, evidenced and verified: of each measure of each contract, by quarter and to date. Exact.

Does not belong here: what is due, ratings (`delivery`), which claims are held (`doubles`).

Quantities are added up as whole numbers of one common part, which is exact and many times faster than adding
fractions up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, partial
from math import lcm
from typing import Any

import numpy as np
import pandas as pd

from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.parameters.measures import Measure

Row = Mapping[Any, Any]
Place = tuple[str, str, str]
"""A contract reference, a measure code and a quarter."""

_COLUMNS = [
    "contract_ref",
    "measure_code",
    "period",
    "claimed",
    "attribution_pct",
    "is_additional",
    "evidence_ref",
]


@dataclass(frozen=True)
class Delivered:
    """What a supplier reported on one measure of one contract; verified is never more than claimed."""

    claimed: Fraction = Fraction(0)
    evidenced: Fraction = Fraction(0)
    verified: Fraction = Fraction(0)

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.claimed + other.claimed, self.evidenced + other.evidenced, self.verified + other.verified
        )


@dataclass(frozen=True)
class ToDate:
    """What was delivered by a day, one value a measure of a contract in each column.

    Of a level the latest quarter counts, for levels never add up, and nothing where that is before the last
    quarter asked for; `added` are claimed and verified added up over the quarters all the same, as often as
    the return speaks of quarters. `is_reviewed`: an officer has verified the latest quarter with a claim.
    """

    claimed: Sequence[Fraction]
    evidenced: Sequence[Fraction]
    verified: Sequence[Fraction]
    added: Sequence[tuple[Fraction, Fraction]]
    is_reviewed: Sequence[bool]


class Claimed:
    """The claims added up by contract, measure and quarter, with what an officer verified of them.

    Claims count by their attribution, unless the supplier says they are not additional. Lines of several
    districts add up; of percentages the lowest stands, for they cannot be added, and none has an attribution.
    What was verified for a quarter counts up to what was claimed for it (rule DC-007). `told` says of how
    many quarters the return of a contract and quarter speaks, one unless given. Source: policy parameters,
    sections 8.7, 8.9.
    """

    def __init__(
        self,
        claims: pd.DataFrame,
        measures: Mapping[str, Measure],
        verified: Mapping[Place, Row] | None = None,
        told: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        filled = claims[["measure_code", "claimed", "period"]].notna().all(axis="columns")
        wanted = claims.loc[filled, _COLUMNS]
        self._refs = pd.Index(wanted["contract_ref"].unique(), dtype=object)
        self._codes = pd.Index(wanted["measure_code"].unique(), dtype=object)
        self._quarters = sorted(map(parse_period, wanted["period"].unique()), key=_end)
        self._keys, self._claimed, self._evidenced = np.zeros(0, np.int64), _NOTHING, _NOTHING
        self._part = 1
        if len(wanted):
            self._add_up(wanted, measures)
        self._verified, self._is_verified = self._with_verified(verified or {})
        self._sums, self._is_reviewed = self._summed(measures, told or {})

    def by_quarter(self, last: date) -> dict[Place, Fraction]:
        """What was claimed of each contract and measure in each quarter that ended by the day `last`."""
        found = {}
        for key, claimed in zip(self._keys.tolist(), self._claimed.tolist(), strict=True):
            subject, quarter = divmod(key, len(self._quarters))
            ref, code = divmod(subject, len(self._codes))
            if self._quarters[quarter].end <= last:
                place = (self._refs[ref], self._codes[code], self._quarters[quarter].id)
                found[place] = Fraction(claimed, self._part)
        return found

    def to_date(
        self,
        refs: Sequence[str],
        codes: Sequence[str],
        last: date,
        asked: Sequence[date | None] | None = None,
    ) -> ToDate:
        """What was delivered on each of these measures of these contracts in the quarters ended by a day.

        `asked` is, of each contract, the end of the last quarter that a return was asked for: a level that
        neither its return nor a later one tells is nothing. Without it the latest told stands.
        """
        ended = sum(quarter.end <= last for quarter in self._quarters)
        of_ref, of_code = self._refs.get_indexer(pd.Index(refs)), self._codes.get_indexer(pd.Index(codes))
        first = (of_ref * len(self._codes) + of_code) * len(self._quarters)
        places = np.searchsorted(self._keys, first + ended) - 1
        there = (of_ref >= 0) & (of_code >= 0) & (places >= 0)
        there[there] = self._keys[places[there]] >= first[there]
        places[~there] = -1
        at = places.tolist()
        standing = (
            at
            if asked is None
            else [self._told_since(place, day) for place, day in zip(at, asked, strict=True)]
        )
        exact = cache(partial(Fraction, denominator=self._part))
        claimed, evidenced, verified = (
            [exact(column[place]) for place in standing] for column in self._sums[:3]
        )
        more_claimed, more_verified = ([exact(column[place]) for place in at] for column in self._sums[3:])
        is_reviewed = [self._is_reviewed[place] for place in at]
        added = list(zip(more_claimed, more_verified, strict=True))
        return ToDate(claimed, evidenced, verified, added, is_reviewed)

    def _told_since(self, place: int, asked: date | None) -> int:
        """The place itself, but for a level told before the last quarter asked for: that counts nowhere."""
        if asked is None or place < 0 or not self._is_level[place]:
            return place
        told = self._quarters[int(self._keys[place]) % len(self._quarters)]
        return place if told.end >= asked else -1

    def _add_up(self, wanted: pd.DataFrame, measures: Mapping[str, Measure]) -> None:
        counted = [
            claim_counted(claimed, share, additional, measures.get(code))
            for code, claimed, share, additional in zip(
                *(wanted[name] for name in ("measure_code", "claimed", "attribution_pct", "is_additional")),
                strict=True,
            )
        ]
        self._part = lcm(*{quantity.denominator for quantity in counted})
        whole = _whole(counted, self._part)
        place_of = {quarter.id: place for place, quarter in enumerate(self._quarters)}
        quarters = wanted["period"].map(place_of).to_numpy(np.int64)
        subjects = self._refs.get_indexer(wanted["contract_ref"]) * len(self._codes)
        keys = (subjects + self._codes.get_indexer(wanted["measure_code"])) * len(self._quarters) + quarters
        order = np.argsort(keys, kind="stable")
        keys, whole = keys[order], whole[order]
        evidenced = np.where(np.array([*map(has_evidence, wanted["evidence_ref"])])[order], whole, 0)
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        self._keys = keys[starts]
        lowest = np.array([_is_percentage(measures.get(code)) for code in self._codes])[self._code_places()]
        self._claimed, self._evidenced = (
            np.where(lowest, np.minimum.reduceat(amounts, starts), np.add.reduceat(amounts, starts))
            for amounts in (whole, evidenced)
        )

    def _with_verified(self, verified: Mapping[Place, Row]) -> tuple[Any, Any]:
        """What stands as verified of each claim, and whether anything does; makes the common part fit."""
        place_of = {quarter.id: place for place, quarter in enumerate(self._quarters)}
        found = [place for place in verified if place[2] in place_of]
        refs = self._refs.get_indexer(pd.Index([ref for ref, _, _ in found], dtype=object))
        codes = self._codes.get_indexer(pd.Index([code for _, code, _ in found], dtype=object))
        quarters = np.array([place_of[quarter] for _, _, quarter in found], dtype=np.int64)
        keys = (refs * len(self._codes) + codes) * len(self._quarters) + quarters
        at = np.searchsorted(self._keys, keys)
        known = (refs >= 0) & (codes >= 0) & (at < len(self._keys))
        known[known] = self._keys[at[known]] == keys[known]
        quantities = [verified[place]["quantity"] for place in found]
        finer = lcm(self._part, *{quantity.denominator for quantity in quantities})
        self._claimed, self._evidenced = (
            amounts * (finer // self._part) for amounts in (self._claimed, self._evidenced)
        )
        self._part = finer
        amounts, is_verified = np.zeros(len(self._keys), dtype=object), np.zeros(len(self._keys), dtype=bool)
        amounts[at[known]] = np.minimum(_whole(quantities, finer)[known], self._claimed[at[known]])
        is_verified[at[known]] = True
        return amounts, is_verified

    def _summed(
        self, measures: Mapping[str, Measure], told: Mapping[tuple[str, str], int]
    ) -> tuple[list[list[int]], list[bool]]:
        """The quantities of `ToDate` up to each quarter of each subject, in the common part, and the reviews.

        One place more than there are quarters stands at the end of each, for what is claimed nowhere.
        """
        subjects = self._keys // max(len(self._quarters), 1)
        starts = np.flatnonzero(np.diff(subjects, prepend=-1))
        start_of = np.repeat(starts, np.diff(starts, append=len(subjects)))
        levels = np.array([_is_level(measures.get(code)) for code in self._codes], dtype=bool)
        is_level = self._is_level = levels[self._code_places()]
        quantities = (self._claimed, self._evidenced, self._verified)
        times = self._times_told(is_level, told)
        added = []
        for amounts in quantities:
            total = np.add.accumulate(amounts * times)
            added.append(total - (total - amounts * times)[start_of])
        standing = (np.where(is_level, *pair) for pair in zip(quantities, added, strict=True))
        latest = np.maximum.accumulate(np.where(self._claimed > 0, np.arange(len(subjects)), -1))
        is_reviewed = (latest >= start_of) & self._is_verified[latest]
        columns = [[*column.tolist(), 0] for column in (*standing, added[0], added[2])]
        return columns, [*is_reviewed.tolist(), False]

    def _times_told(self, is_level: Any, told: Mapping[tuple[str, str], int]) -> Any:
        """How many quarters each quantity of a level speaks of; once every quantity of a flow."""
        times = np.ones(len(self._keys), dtype=object)
        for place in np.flatnonzero(is_level) if told else ():
            subject, quarter = divmod(int(self._keys[place]), len(self._quarters))
            ref = self._refs[subject // len(self._codes)]
            times[place] = told.get((ref, self._quarters[quarter].id), 1)
        return times

    def _code_places(self) -> Any:
        return self._keys // max(len(self._quarters), 1) % max(len(self._codes), 1)


def claim_counted(
    claimed: Fraction, attribution_pct: object, is_additional: object, measure: Measure | None
) -> Fraction:
    """What one line of a return counts for: by its attribution, nothing where it is not additional.

    A percentage counts as it is, whatever its attribution: a part of a share paid on time says nothing.
    """
    if is_additional is not pd.NA and is_additional is not None and not is_additional:
        return Fraction(0)
    if _is_percentage(measure) or not isinstance(attribution_pct, Fraction) or attribution_pct == _WHOLE:
        return claimed
    return claimed * attribution_pct / _WHOLE


def has_evidence(evidence_ref: object) -> bool:
    """Whether one line of a return refers to evidence."""
    return isinstance(evidence_ref, str) and bool(evidence_ref.strip())


_NOTHING: Any = np.zeros(0, dtype=object)
_WHOLE = 100


def _whole(quantities: Sequence[Fraction], part: int) -> Any:
    """The quantities in whole numbers of one part, which all their denominators divide."""
    whole = np.empty(len(quantities), dtype=object)
    whole[:] = [quantity.numerator * (part // quantity.denominator) for quantity in quantities]
    return whole


def _end(quarter: Period) -> date:
    return quarter.end


def _is_percentage(measure: Measure | None) -> bool:
    return measure is not None and measure.unit == "%"


def _is_level(measure: Measure | None) -> bool:
    return measure is not None and measure.counting == "level"

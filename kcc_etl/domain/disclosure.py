"""The outcomes of contracts and districts as they may be published: small counts of people left out.

Does not belong here: which counts must be left out (`small_counts`), the outcomes (`delivery`, `outcomes`),
names of suppliers (`redaction`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.corrected_counts import CorrectedCounts
from kcc_etl.domain.delivery import AMBER, GREEN, RED
from kcc_etl.domain.periods import Period, parse_period, previous_quarter, quarters_between
from kcc_etl.domain.places import DISTRICTS
from kcc_etl.domain.seen_counts import COUNTS, DELIVERED, NOTHING_SEEN, RATING, SUM, SeenBefore
from kcc_etl.domain.small_counts import Counts, Range, Shown, SmallCounts
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema import frames

_YEARS = ("claimed_fte_years", "verified_fte_years")

Row = Mapping[Any, Any]


class Disclosure:
    """What may be shown of each contract at the end of each quarter, decided from the first quarter on.

    `quarters` are the tables of performance of quarters in a row, beginning with the first that has a claim:
    as they would have been published, had all been known then that is known now. `before` are the versions
    that were published: none may give away what another leaves out. Raises ValueError for a gap.
    Source: social-value policy parameters, section 8.7.
    """

    def __init__(
        self,
        quarters: Sequence[pd.DataFrame],
        contracts: pd.DataFrame,
        parameters: Parameters,
        before: SeenBefore = NOTHING_SEEN,
    ) -> None:
        self._parameters = parameters
        self.before = before
        self._floors = _floors(contracts, parameters)
        self._shown: dict[tuple[str, str], Shown] = {}
        self._ever_left_out: dict[tuple[str, str], set[str]] = {}
        self._spans: Counter[tuple[str, str]] = Counter()
        made = {
            measure.code: CorrectedCounts(
                parameters.policy.small_numbers.hides, adds_up=measure.counting == "flow"
            )
            for measure in parameters.measures
            if measure.counts_people
        }
        last: Period | None = None
        for frame in quarters:
            last = self._take(frame, made, last)

    def _take(
        self, frame: pd.DataFrame, made: Mapping[str, CorrectedCounts], last: Period | None
    ) -> Period | None:
        if frame.empty:
            return last
        quarter = parse_period(str(frame["period"].iloc[0]))
        if last is not None and previous_quarter(quarter) != last:
            raise ValueError(f"{quarter} does not follow {last}")
        of_people = frame[frame["measure_code"].isin(list(made))]
        for code, rows in of_people.groupby("measure_code", sort=True):
            lines = {str(row["contract_ref"]): row for row in rows.to_dict("records")}
            measure = self._parameters.measure_of[str(code)]
            counts = {ref: _counts(row) for ref, row in lines.items()}
            shown = made[str(code)].quarter(
                {ref: _people(measure, row) for ref, row in counts.items()},
                {ref: "due" if row["due_by_return"] > 0 else "nothing due" for ref, row in lines.items()},
                {ref: self._range(ref, row, measure) for ref, row in lines.items()},
                [
                    replace(one, counts={ref: _people(measure, row) for ref, row in one.counts.items()})
                    for one in self.before.of_lines(quarter, str(code), counts)
                ],
                self._counted_for(measure, counts) if measure.adds_up_time else None,
            )
            self._shown[quarter.id, str(code)] = shown
            before = self._ever_left_out.get((last.id, str(code)), set()) if last else set()
            self._ever_left_out[quarter.id, str(code)] = before | shown.left_out
        return quarter

    def _counted_for(self, measure: Measure, refs: Collection[str]) -> dict[str, int]:
        """For how many quarters each contract has counted: since it began, or the first claim of any."""
        self._spans.update((measure.code, ref) for ref in refs)
        return {ref: self._spans[measure.code, ref] for ref in refs}

    def _range(self, ref: str, row: Row, measure: Measure) -> Range:
        """What the status of a row tells of what is verified, in people, by `delivery.rating`."""
        due, verified = measure.people(row["due_by_return"]), measure.people(row["verified"])
        floor = due * self._floors[ref]
        told: dict[str, Range] = {GREEN: (due, None), AMBER: (floor, due), RED: (None, floor)}
        least, below = told.get(row["status"], (None, None))
        # Red for want of returns says nothing of what is verified.
        return (None, None) if below is not None and verified >= below else (least, below)

    def performance(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The performance of a period that ends with the last of the quarters, as it may be published.

        Counts that are left out are empty; `not_shown` says what is.
        """
        rows = [self._published(row) for row in frame.to_dict("records")]
        return frames.from_rows(rows, keys.OUT_DISCLOSED)

    def _published(self, row: Row) -> dict[str, object]:
        ref, place = str(row["contract_ref"]), (_last_quarter(str(row["period"])), str(row["measure_code"]))
        shown = self._shown.get(place)
        published = {str(name): value for name, value in row.items()}
        left_out = []
        if shown and ref in shown.left_out:
            left_out.append(COUNTS)
            published.update(dict.fromkeys((*DELIVERED, *_YEARS)))
        if ref in self._ever_left_out.get(place, set()):
            # They add up over the quarters: the next would tell of the one that was left out.
            published.update(dict.fromkeys(_YEARS))
        if shown and ref in shown.without_rating:
            left_out.append(RATING)
            published["status"] = None
        if shown and ("due" if row["due_by_return"] > 0 else "nothing due") in shown.without_sum:
            left_out.append(SUM)
        return {**published, "not_shown": ", ".join(left_out) or None}

    def has_sum(self, code: str, quarter: Period) -> bool:
        """Whether all sums of a measure are shown in a quarter and in the one before.

        A table of single quarters gives away the growth between two sums to date.
        """
        places = ((period.id, code) for period in (quarter, previous_quarter(quarter)))
        return not any(self._shown[place].without_sum for place in places if place in self._shown)


def quarters_of(claims: pd.DataFrame, period: Period) -> tuple[Period, ...]:
    """The quarters from the first with a claim to the end of the period; without claims the last of it."""
    first = min((parse_period(name).start for name in claims["period"].dropna().unique()), default=period.end)
    return quarters_between(min(first, period.quarters[-1].start), period.end)


def disclose_districts(
    period: Period, outcomes: pd.DataFrame, disclosure: Disclosure, parameters: Parameters
) -> pd.DataFrame:
    """Claimed, evidenced and verified over all contracts, by measure, district and quarter of the period.

    Every district has a row for a measure that counts people and was claimed in the quarter. Percentages add
    up to nothing and are left out. Source: social-value policy parameters, sections 8.7 and 8.9.
    """
    rows: list[dict[str, object]] = []
    for quarter in period.quarters:
        for measure in parameters.measures:
            of_measure = outcomes[
                (outcomes["period"] == quarter.id) & (outcomes["measure_code"] == measure.code)
            ]
            if measure.unit != "%" and len(of_measure):
                rows += _districts(quarter, measure, of_measure, disclosure, parameters)
    return frames.from_rows(rows, keys.OUT_AREA)


def _districts(
    quarter: Period, measure: Measure, outcomes: pd.DataFrame, disclosure: Disclosure, parameters: Parameters
) -> Iterator[dict[str, object]]:
    summed: dict[str, Counts] = dict.fromkeys(DISTRICTS if measure.counts_people else (), (Fraction(0),) * 3)
    for row in outcomes.to_dict("records"):
        before = summed.get(row["district"], (Fraction(0),) * 3)
        summed[row["district"]] = tuple(a + b for a, b in zip(before, _counts(row), strict=True))
    left_out: frozenset[str] = frozenset()
    without_sum = False
    if measure.counts_people:
        without_sum = not disclosure.has_sum(measure.code, quarter)
        small = SmallCounts(parameters.policy.small_numbers.hides, adds_up=False)
        people = {district: _people(measure, counts) for district, counts in summed.items()}
        left_out = small.quarter(people, dict.fromkeys(people, "")).left_out
        shown = {district: None if district in left_out else row for district, row in summed.items()}
        without_sum |= disclosure.before.disagree_on_districts(quarter, measure.code, shown)
        left_out = frozenset(summed) if without_sum else left_out
    for district, counts in sorted(summed.items()):
        hidden = district in left_out
        yield {
            "period": quarter.id,
            "measure_code": measure.code,
            "measure_title": measure.title,
            "unit": measure.unit,
            "district": district,
            **dict(zip(DELIVERED, (None,) * 3 if hidden else counts, strict=True)),
            "not_shown": (f"{COUNTS}, {SUM}" if without_sum else COUNTS) if hidden else None,
        }


def _counts(row: Row) -> Counts:
    return tuple(row[name] for name in DELIVERED)


def _people(measure: Measure, counts: Counts) -> Counts:
    return tuple(map(measure.people, counts))


def _last_quarter(period: str) -> str:
    return parse_period(period).quarters[-1].id


def _floors(contracts: pd.DataFrame, parameters: Parameters) -> dict[str, Fraction]:
    """The floor of Amber of each contract, as a share of what is due, by its edition of the policy."""
    floors = {}
    for ref, day in zip(contracts["contract_ref"], contracts["procurement_commenced_on"], strict=True):
        policy = (parameters.in_force(day.date()) if pd.notna(day) else None) or parameters.policy
        floors[str(ref)] = Fraction(policy.rating.floor_pct) / 100
    return floors

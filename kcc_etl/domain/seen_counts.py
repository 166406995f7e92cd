"""What published versions showed of outcomes, set against the figures of today.

Does not belong here: reading the files (`reports.published_packs`), what to leave out of the next version
(`corrected_counts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.corrected_counts import Version
from kcc_etl.domain.money import round_half_up
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.small_counts import Counts

Row = Mapping[Any, Any]

DELIVERED = ("claimed", "evidenced", "verified")
COUNTS, RATING, SUM = "counts", "status", "sum"
"""What of a row may be left out, in the words of the column `not_shown`."""

_PLACES = 2


@dataclass(frozen=True)
class Seen:
    """One published version of a pack: its period, the day it knew of, and the cells of its two tables.

    Cells are texts, as the files hold them; None where the files cannot be read.
    """

    period: Period
    known_on: date
    performance: Sequence[Row] | None
    districts: Sequence[Row] | None


@dataclass(frozen=True)
class SeenBefore:
    """All published versions, and when what is counted of each contract and quarter came in."""

    versions: tuple[Seen, ...] = ()
    arrivals: tuple[tuple[str, str, date], ...] = ()

    def of_lines(self, quarter: Period, code: str, counts: Mapping[str, Counts]) -> Iterator[Version]:
        """What each version of a quarter showed of a measure, by contract; `counts` are those of today."""
        for seen in self.versions:
            if seen.period.quarters[-1].id != quarter.id:
                continue
            corrected = self._corrected(quarter, seen.known_on, counts)
            if seen.performance is None:
                every = frozenset(counts)
                yield Version({}, every, every, every, every)
                continue
            rows = {row["contract_ref"]: row for row in seen.performance if row["measure_code"] == code}
            yield Version(
                {ref: _as_now(row, counts.get(ref)) for ref, row in rows.items() if not _says(row, COUNTS)},
                _of(rows, COUNTS),
                _of(rows, SUM),
                _of(rows, RATING),
                corrected,
            )

    def disagree_on_districts(self, quarter: Period, code: str, shown: Mapping[str, Counts | None]) -> bool:
        """Whether a version showed other counts of a measure by district than `shown`, or another choice."""
        for seen in self.versions:
            if quarter.id not in {one.id for one in seen.period.quarters}:
                continue
            if seen.districts is None:
                return True
            rows = {
                row["district"]: row
                for row in seen.districts
                if (row["period"], row["measure_code"]) == (quarter.id, code)
            }
            told = {
                place: None if row["not_shown"] else _as_now(row, shown.get(place))
                for place, row in rows.items()
            }
            if told != dict(shown):
                return True
        return False

    def _corrected(self, quarter: Period, known_on: date, refs: Mapping[str, Counts]) -> frozenset[str]:
        return frozenset(
            ref
            for ref, period, day in self.arrivals
            if ref in refs and day > known_on and parse_period(period).start <= quarter.end
        )


NOTHING_SEEN = SeenBefore()


def arrivals_of(claims: pd.DataFrame, decisions: pd.DataFrame) -> tuple[tuple[str, str, date], ...]:
    """Contract, period and day of every return that counts and of every verification."""
    verified = decisions[decisions["decision_kind"] == "verification"]
    columns = [claims["contract_ref"], claims["period"], claims["received_on"]]
    decided = [verified["subject"], verified["period"], verified["decided_on"]]
    found = {
        (str(ref), str(period), day.date())
        for parts in (columns, decided)
        for ref, period, day in zip(*parts, strict=True)
        if pd.notna(period) and pd.notna(day)
    }
    return tuple(sorted(found))


def _of(rows: Mapping[str, Row], word: str) -> frozenset[str]:
    return frozenset(ref for ref, row in rows.items() if _says(row, word))


def _says(row: Row, word: str) -> bool:
    return word in [part.strip() for part in str(row["not_shown"] or "").split(",")]


def _as_now(row: Row, now: Counts | None) -> Counts:
    """The counts of a row: those of today where they are shown alike, for a file holds them rounded."""
    told = tuple(Fraction(Decimal(row[name])) for name in DELIVERED)
    rounded = None if now is None else tuple(Fraction(round_half_up(count, _PLACES)) for count in now)
    return now if now is not None and told == rounded else told

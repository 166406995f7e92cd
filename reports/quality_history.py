"""The record of nights: what each came to, one small file a night, for the trend.

The trend is this record and is not worked out again: doing so would mean to run every night again. A night is
known by its two dates, so that a night run twice stands there once, as it was run last.
Does not belong here: the figures of a night (`quality_figures`), the page (`quality_report`).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.schema.rules import RULES
from reports.quality_figures import SEVERITIES, Quality, Score

FOLDER = "nights"
SHOWN = 30
"""Nights that a report shows."""

_NAME = re.compile(r"known-(\d{4}-\d{2}-\d{2})-as-of-(\d{4}-\d{2}-\d{2})\.json")


@dataclass(frozen=True)
class Remembered:
    """One night: its dates and quarter, rows judged and without a fault, findings, rules, gate."""

    known_at: str
    as_of: str
    period: str
    rows: int
    faultless: int
    critical: int
    warning: int
    information: int
    rules: int
    gate_open: bool

    def __post_init__(self) -> None:
        if not 0 <= self.faultless <= self.rows:
            raise ValueError(f"{self.faultless} of {self.rows} rows")

    @property
    def score(self) -> Score:
        """Its score over all dimensions."""
        return Score(self.rows, self.faultless)


def remembered(quality: Quality, *, period: str, as_of: date, known_at: date, gate_open: bool) -> Remembered:
    """What is kept of a night."""
    counts = {severity: quality.count(severity) for severity in SEVERITIES}
    return Remembered(
        known_at=known_at.isoformat(),
        as_of=as_of.isoformat(),
        period=period,
        rows=quality.total.overall.rows,
        faultless=quality.total.overall.faultless,
        **counts,
        rules=len(RULES),
        gate_open=gate_open,
    )


def remember(folder: Path, night: Remembered) -> None:
    """Keep a night in the place of an earlier run for the same dates."""
    content = json.dumps(asdict(night), indent=1, sort_keys=True) + "\n"
    write_atomically(folder / f"known-{night.known_at}-as-of-{night.as_of}.json", content.encode())


def recall(folder: Path, known_at: date, as_of: date) -> tuple[tuple[Remembered, ...], int]:
    """The last nights up to both dates, oldest first, and how many of their files cannot be read."""
    dated = sorted(
        (match[1], match[2], path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := _NAME.fullmatch(path.name))
    )
    until = (known_at.isoformat(), as_of.isoformat())
    chosen = [path for known, as_of_, path in dated if known <= until[0] and as_of_ <= until[1]][-SHOWN:]
    nights = [_read(path) for path in chosen]
    return tuple(night for night in nights if night), sum(night is None for night in nights)


def _read(path: Path) -> Remembered | None:
    try:
        return Remembered(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None

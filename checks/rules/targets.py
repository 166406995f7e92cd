"""Rules on targets and outcomes that would prove the arithmetic wrong. Quantities are exact.

Does not belong here: the arithmetic (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import number_display


def target_is_not_negative(inputs: Inputs) -> Outcome:
    """TG-001: no target is negative. Source: social-value policy parameters, section 8.3."""
    target = inputs.frames[keys.OUT_TARGET]["target"]
    return Outcome(judged(_series([v is None or v >= 0 for v in target], target), target.notna()))


def due_is_within_agreed(inputs: Inputs) -> Outcome:
    """TG-002: what is due is never more than what was agreed. Source: the same, section 8.6."""
    figures = inputs.frames[keys.OUT_PERFORMANCE]
    return _at_most(figures["due"], figures["agreed"], "due", "agreed")


def verified_is_within_claimed(inputs: Inputs) -> Outcome:
    """TG-003: what is verified is never more than what is claimed; nothing claimed is zero.

    Source: social-value policy parameters, section 8.7.
    """
    figures = inputs.frames[keys.OUT_PERFORMANCE]
    claimed = _series([Fraction(0) if v is None else v for v in figures["claimed"]], figures["claimed"])
    return _at_most(figures["verified"], claimed, "verified", "claimed")


def _at_most(low: pd.Series, high: pd.Series, low_name: str, high_name: str) -> Outcome:
    pairs = list(zip(low, high, strict=True))
    fine = [a is None or b is None or a <= b for a, b in pairs]
    found = [
        "" if a is None or b is None else f"{number_display(a)} {low_name}, {number_display(b)} {high_name}"
        for a, b in pairs
    ]
    return Outcome(judged(_series(fine, low), low.notna() & high.notna()), found=_series(found, low))


def _series(values: Sequence[object], like: pd.Series) -> pd.Series:
    return pd.Series(values, index=like.index, dtype=object)


JUDGES: dict[str, Judge] = {
    "TG-001": target_is_not_negative,
    "TG-002": due_is_within_agreed,
    "TG-003": verified_is_within_claimed,
}

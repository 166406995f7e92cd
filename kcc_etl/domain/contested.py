"""Numbers that stand under wholly different names: a slip, a stand-in, or a firm that changed its name.

Does not belong here: names that look alike (`lookalikes`), what becomes of such a number (`sameness`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from kcc_etl.domain.groups import Groups

LEAST_LIKENESS_OF_ONE = 50
"""Likeness, 0 to 100, below which two names are wholly different, by their words in any order or those of
the shorter alone. Of 1,376 numbers in notices of March 2025 and August 2026 and in the Salford register of
2022, 30 pairs of names shared one: the six of two firms (`Locata` and `Phoenix Software`) are below 50, of
the 24 of one firm four, which had changed their names. Of 200,000 pairs drawn by lot 97% are below it."""

_MOST_NAMES = 200
"""A number under more names is a stand-in of somebody's; they are not held against one another."""


def contested_numbers(mentions: Iterable[tuple[Iterable[str], str]]) -> dict[str, dict[str, str]]:
    """Of each number under wholly different names: by folded name, the name that stands for those like it.

    `mentions` are identifiers with the folded name beside them. A name that is like two others makes all of
    them one, so that a firm that changed its name in steps stays one.
    """
    names: dict[str, set[str]] = {}
    for keys, name in mentions:
        for key in keys:
            names.setdefault(key, set()).add(name)
    told = {key: _stands_for(sorted(under - {""})) for key, under in names.items() if len(under) > 1}
    return {key: stands for key, stands in told.items() if len(set(stands.values())) > 1}


def other_names(key: str, name: str, stands_for: Mapping[str, str]) -> str:
    """What to tell of a contested number beside a name: the other names it stands under."""
    others = sorted(set(stands_for.values()) - {stands_for.get(name, name)})
    return f"{key}, which also stands under {', '.join(others)}"


def _stands_for(names: list[str]) -> dict[str, str]:
    if len(names) > _MOST_NAMES:
        return {name: name for name in names}
    groups = Groups()
    for place, name in enumerate(names):
        groups.join(name, name)
        for other in names[:place]:
            if _likeness(name, other) >= LEAST_LIKENESS_OF_ONE:
                groups.join(other, name)
    return {name: group[0] for group in groups.members() for name in group}


def _likeness(one: str, other: str) -> float:
    return max(fuzz.token_sort_ratio(one, other), fuzz.token_set_ratio(one, other))

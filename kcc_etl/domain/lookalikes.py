"""Names that look alike, and names that share a number: the queue that an officer settles by a decision.

Does not belong here: settling them (`sameness`). Nothing here makes two suppliers one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from kcc_etl import asset_keys as keys
from kcc_etl.domain.identifiers import KEY_COLUMNS
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.sameness import Pair
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import LOCATOR

LEAST_LIKENESS = 90
"""Likeness, 0 to 100, from which two names are put before an officer: of their words in the order of the
alphabet, or of their letters without spaces. House value: `Schofield & Sons` and `Schofeild & Sons` are 94,
`Kent Care` and `Kent Cars` 89."""

_COMMON_ABOVE = 60
"""A word that more names than this share tells nobody apart and makes no candidates."""
_STEM = 6
_PER_NAME = 5
_NUMBERS = tuple(column for column in KEY_COLUMNS if column != "supplier_name")
_PLACE = ("source_name", "source_file", "source_sheet")

Alike = tuple[int, int, int, str]
"""Positions of two names, their likeness and why."""


def review_pairs(suppliers: pd.DataFrame, apart: Iterable[Pair]) -> pd.DataFrame:
    """Pairs of suppliers that may be one, what is at stake first; pence of contracts and payments.

    Their names look alike, or one number stands under both (`contested`). Left out: two numbers of one
    register, which are two organisations; and pairs in `apart`, which an officer has decided to be
    different. Of one supplier at most five pairs are put. A pair is placed where that one of its names
    was read that comes first by source, file, sheet and row.
    """
    listed = suppliers.reset_index(drop=True)
    settled = frozenset(apart)
    own = list(listed["supplier_key"])
    rows = [
        _row(listed.iloc[one], listed.iloc[other], score, why)
        for one, other, score, why in _candidates(listed)
        if not _two_organisations(own[one], own[other]) and frozenset({own[one], own[other]}) not in settled
    ]
    if not rows:
        return empty(keys.CORE_SUPPLIER_REVIEW)
    made = from_rows(rows, keys.CORE_SUPPLIER_REVIEW)
    stake = made[["at_stake_pence", "other_at_stake_pence"]].min(axis="columns")
    order = made.assign(stake=stake).sort_values(
        ["stake", "likeness", "supplier_key", "other_key"],
        ascending=[False, False, True, True],
        kind="stable",
    )
    return order[list(made.columns)].reset_index(drop=True)


def alike(names: Sequence[Sequence[str]]) -> list[Alike]:
    """Pairs of suppliers, by position, of which two folded names look alike.

    Only names that share a telling word, a beginning or an end are held against one another: twenty thousand
    take about a second. Names that differ in a number are never alike.
    """
    flat = [(name, place) for place, several in enumerate(names) for name in several if name]
    texts = [name for name, _ in flat]
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for block in _blocks(texts):
        for i, j, score in _scored([texts[n] for n in block]):
            one, other = sorted((flat[block[i]][1], flat[block[j]][1]))
            a, b = texts[block[i]], texts[block[j]]
            if one != other and _digits(a) == _digits(b) and found.get((one, other), (0, ""))[0] < score:
                found[one, other] = (score, _why(a, b))
    return [(one, other, score, why) for (one, other), (score, why) in sorted(found.items())]


def _candidates(suppliers: pd.DataFrame) -> list[Alike]:
    names = [_names(text) for text in suppliers["supplier_names"]]
    sharing = _fewest(_sharing(suppliers, names))
    shared = {(one, other) for one, other, _, _ in sharing}
    return sharing + [pair for pair in _fewest(alike(names)) if pair[:2] not in shared]


def _sharing(suppliers: pd.DataFrame, names: Sequence[Sequence[str]]) -> list[Alike]:
    """Pairs of suppliers, by position, that bear one number; of a number the first so many suppliers."""
    bearers: dict[tuple[str, str], list[int]] = {}
    for column in _NUMBERS:
        for place, text in enumerate(suppliers[column]):
            for number in text.split("|") if isinstance(text, str) else ():
                bearers.setdefault((column, number), []).append(place)
    found: dict[tuple[int, int], Alike] = {}
    for (_, number), places in bearers.items():
        for one, other in combinations(places[: _PER_NAME + 1], 2):
            pairs = product(names[one], names[other])
            score = max((int(fuzz.token_sort_ratio(a, b)) for a, b in pairs), default=0)
            found[one, other] = (one, other, score, f"the number {number} stands under both names")
    return sorted(found.values())


def _blocks(texts: Sequence[str]) -> Iterator[list[int]]:
    """Groups of names to hold against one another, by position."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        joined = text.replace(" ", "")
        for word in {f"w {word}" for word in text.split()} | {f"b {joined[:_STEM]}", f"e {joined[-_STEM:]}"}:
            groups.setdefault(word, []).append(place)
    for word, group in groups.items():
        if len(group) > 1 and (len(group) <= _COMMON_ABOVE or not word.startswith("w ")):
            yield from _halved(group, texts)


def _halved(group: list[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """The group, or where it is large (`kent county …`) overlapping stretches of it in alphabetical order."""
    size = 10 * _COMMON_ABOVE
    ordered = sorted(group, key=lambda place: texts[place])
    for start in range(0, max(len(ordered) - size // 2, 1), size // 2):
        yield ordered[start : start + size]


def _scored(texts: list[str]) -> Iterator[tuple[int, int, int]]:
    joined = [text.replace(" ", "") for text in texts]
    scores = np.maximum(_likeness(texts, fuzz.token_sort_ratio), _likeness(joined, fuzz.ratio))
    for i, j in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
        yield int(i), int(j), int(scores[i, j])


def _likeness(texts: list[str], scorer: Callable[..., float]) -> npt.NDArray[np.uint8]:
    scores: npt.NDArray[np.uint8] = process.cdist(
        texts, texts, scorer=scorer, score_cutoff=LEAST_LIKENESS, dtype=np.uint8
    )
    return scores


def _fewest(found: list[Alike]) -> list[Alike]:
    """At most so many pairs of one supplier, the most alike first."""
    taken: dict[int, int] = {}
    kept = []
    for one, other, score, why in sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if max(taken.get(one, 0), taken.get(other, 0)) < _PER_NAME:
            taken[one], taken[other] = taken.get(one, 0) + 1, taken.get(other, 0) + 1
            kept.append((one, other, score, why))
    return kept


def _names(text: object) -> list[str]:
    return sorted({fold_name(name) for name in text.split("|")}) if isinstance(text, str) else []


def _digits(text: str) -> list[str]:
    return sorted(re.findall(r"[0-9]+", text))


def _why(one: str, other: str) -> str:
    if one == other:
        return "the same name, and no number that both have"
    if one.replace(" ", "") == other.replace(" ", ""):
        return "the same letters, spaced otherwise"
    if sorted(one.split()) == sorted(other.split()):
        return "the same words in another order"
    return "spelt nearly alike"


def _two_organisations(one: str, other: str) -> bool:
    register = one.split(":", 1)[0]
    return register not in ("name", "GB-PPON") and other.startswith(f"{register}:")


def _row(one: pd.Series, other: pd.Series, score: int, why: str) -> dict[str, object]:
    first = min(
        (one, other), key=lambda supplier: [str(supplier[n]) for n in _PLACE] + [supplier["source_row"]]
    )
    return {
        **{name: first[name] for name in LOCATOR},
        "supplier_key": one["supplier_key"],
        "supplier_name": one["supplier_name"],
        "other_key": other["supplier_key"],
        "other_name": other["supplier_name"],
        "likeness": score,
        "reason": why,
        "contracts_count": one["contracts_count"],
        "at_stake_pence": one["contracts_pence"] + one["payments_pence"],
        "other_contracts_count": other["contracts_count"],
        "other_at_stake_pence": other["contracts_pence"] + other["payments_pence"],
    }

"""The key performance indicators of a contract by section 52: those that its contract details notice sets.

Does not belong here: ratings of them (`ratings`), which three a notice describes (`drafts.common`).

What a council measures beside them, such as its measures of social value, is none of them. A measure is one
where the notice sets it by its code or title, or where an officer's decision on a rating names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from kcc_etl.domain.duties.tables import Row, by_place, numbers_of, plain
from kcc_etl.domain.redaction import words_of

MOST_MATERIAL = "most material indicators"
"""Kind of decision: its subject is a contract, `other_subject` indicators by number or title, with `|`."""


def numbered(kpis: Iterable[Row]) -> tuple[Row, ...]:
    """The indicators that a notice sets, in its order, each with a `kpi_id` of its own.

    Assessments that a notice gives are no indicators set. One without a number bears its place; where two
    bear one number, the later is told apart by its place.
    """
    found: dict[str, Row] = {}
    for kpi in kpis:
        if kpi.get("rating") or kpi.get("observed"):
            continue
        place = str(len(found) + 1)
        own = str(kpi.get("kpi_id") or place)
        while own in found:
            own = f"{own}-{place}"
        found[own] = {**kpi, "kpi_id": own}
    return tuple(found.values())


def material_names(decision: Row) -> list[str]:
    """The names of indicators in a decision on the most material ones, in its order."""
    return [name.strip() for name in str(decision["other_subject"] or "").split("|") if name.strip()]


def own_notices(links: Iterable[Row], noticed: Iterable[Row]) -> dict[str, Row]:
    """What the notices say of each contract of the register; an ambiguous match says nothing."""
    known = {numbers_of(row): row for row in noticed}
    found: dict[str, Row] = {}
    for link in links:
        if not link["is_ambiguous"] and numbers_of(link) in known:
            found.setdefault(link["contract_ref"], known[numbers_of(link)])
    return found


def indicators_by_contract(
    links: pd.DataFrame, noticed: pd.DataFrame, kpis: pd.DataFrame
) -> dict[str, tuple[Row, ...]]:
    """The indicators that the details notice of each contract of the register sets."""
    set_in = by_place(kpis)
    own = own_notices(plain(links), plain(noticed))
    places = {ref: (row["release_id"], row["contract_place"]) for ref, row in own.items()}
    return {ref: numbered(set_in.get(place, ())) for ref, place in places.items()}


def meant(name: object, kpis: Sequence[Row]) -> Row | None:
    """The indicator that is named by its number, else by its title; None where none or several are."""
    words = words_of(name)
    for column in ("kpi_id", "kpi_title"):
        found = [kpi for kpi in kpis if words and words_of(kpi[column]) == words]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def measures_of(kpis: Sequence[Row], decisions: Iterable[Row], titles: Mapping[str, str]) -> dict[str, str]:
    """The measure that is each indicator, by the number of the indicator; nothing for the others.

    `decisions` are those on ratings of the contract, in order: the last that names an indicator and a measure
    stands, and goes before the notice. `titles` are the measures' by code.
    """
    found = {}
    for code, title in titles.items():
        for word in (title, code):
            kpi = meant(word, kpis)
            if kpi is not None:
                found[str(kpi["kpi_id"])] = code
    for decision in decisions:
        kpi = meant(decision["other_subject"], kpis)
        if kpi is not None and decision["measure_code"]:
            found[str(kpi["kpi_id"])] = str(decision["measure_code"])
    return found


def rated_by(decision: Row, kpis: Sequence[Row], measures: Mapping[str, str]) -> Any:
    """The number of the indicator that a decision rates; None where it rates none of the contract's.

    It names the indicator, or else the measure that is one.
    """
    if decision["other_subject"]:
        kpi = meant(decision["other_subject"], kpis)
        return None if kpi is None else kpi["kpi_id"]
    found = [number for number, code in measures.items() if code == decision["measure_code"]]
    return found[0] if len(found) == 1 else None

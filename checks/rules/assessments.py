"""Rules on the published assessments of indicators, worked out anew from the decisions.

Does not belong here: ratings proposed and decisions on them (`ratings`), who may be named (`publications`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import in_order
from kcc_etl.domain.duties.tables import Row, by, plain
from kcc_etl.domain.ratings import RATING, WORDS
from kcc_etl.domain.redaction import words_of


def assessment_is_an_officers(inputs: Inputs) -> Outcome:
    """PB-060: a published assessment is the last word of section 71 that an officer decided on the indicator.

    A decision names the indicator by its number or title, or the measure that it is, as far as no other
    indicator of the contract bears the same. Of one day the higher decision number is the later.
    Source: Procurement Act 2023 s.71(2); PR24 reg 39(5).
    """
    published = inputs.frames[keys.OUT_ASSESSMENT]
    decisions = inputs.frames[keys.CORE_DECISION]
    known = decisions[
        (decisions["decision_kind"] == RATING)
        & decisions["confirmed_rating"].isin(WORDS)
        & (decisions["decided_on"] <= pd.Timestamp(inputs.as_of)).fillna(False)
    ]
    made = by(plain(in_order(known)), "subject")
    rated = by(plain(inputs.frames[keys.OUT_RATING]), "contract_ref")
    told = [
        (
            row["confirmed_rating"],
            _last_word(row, rated.get(row["contract_ref"], ()), made.get(row["contract_ref"], ())),
        )
        for row in plain(published)
    ]
    return Outcome(
        pd.Series([word == decided for word, decided in told], index=published.index, dtype="boolean"),
        found=pd.Series(
            [f"{word}; decided: {decided or 'nothing'}" for word, decided in told],
            index=published.index,
            dtype=object,
        ),
        reason="no assessment is published",
    )


def _last_word(row: Row, rated: Sequence[Row], decisions: Iterable[Row]) -> object:
    """The word of the last decision on the indicator of a row, of those `rated`; None without any."""
    names, measures = _own_names(row["kpi_id"], rated)
    word = None
    for decision in decisions:
        named = decision["other_subject"]
        is_meant = words_of(named) in names if named else decision["measure_code"] in measures
        if is_meant and decision["period"] == row["period"]:
            word = decision["confirmed_rating"]
    return word


def _own_names(number: object, rated: Sequence[Row]) -> tuple[set[str], set[object]]:
    """What an indicator alone of its contract is called, and the measure that it alone is.

    Titles are those of the ratings, for a published one may be redacted. A number goes before a title.
    """
    mine = [row for row in rated if row["kpi_id"] == number]
    others = [row for row in rated if row["kpi_id"] != number]
    numbers, titles = ({words_of(row[name]) for row in others} for name in ("kpi_id", "kpi_title"))
    own = {words_of(number)} | {words_of(row["kpi_title"]) for row in mine} - titles
    measures = {row["measure_code"] for row in mine} - {row["measure_code"] for row in others}
    return own - numbers - {""}, measures - {None}


JUDGES: dict[str, Judge] = {"PB-060": assessment_is_an_officers}

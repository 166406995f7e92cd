"""Rules on the published assessments of indicators, worked out anew from the decisions.

Does not belong here: ratings proposed and decisions on them (`ratings`), who may be named (`publications`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import in_order
from kcc_etl.domain.duties.tables import Row, by, plain
from kcc_etl.domain.ratings import RATING, WORDS
from kcc_etl.domain.redaction import words_of


def assessment_is_an_officers(inputs: Inputs) -> Outcome:
    """PB-060: a published assessment is the last word of section 71 that an officer decided on the indicator.

    A decision names the indicator by its number or title, or the measure that it is. Of one day the higher
    decision number is the later. Source: Procurement Act 2023 s.71(2); PR24 reg 39(5).
    """
    published = inputs.frames[keys.OUT_ASSESSMENT]
    decisions = inputs.frames[keys.CORE_DECISION]
    known = decisions[
        (decisions["decision_kind"] == RATING)
        & decisions["confirmed_rating"].isin(WORDS)
        & (decisions["decided_on"] <= pd.Timestamp(inputs.as_of)).fillna(False)
    ]
    made = by(plain(in_order(known)), "subject")
    told = [
        (row["confirmed_rating"], _last_word(row, made.get(row["contract_ref"], ())))
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


def _last_word(row: Row, decisions: Iterable[Row]) -> object:
    """The word of the last decision on the indicator of a row; None without any."""
    names = {words_of(row["kpi_id"]), words_of(row["kpi_title"])} - {""}
    word = None
    for decision in decisions:
        named = words_of(decision["other_subject"])
        measure = None if named else decision["measure_code"]
        by_measure = measure is not None and measure == row["measure_code"]
        # The title may be redacted here; then the decision that the row gives tells how it was named.
        own = decision["decision_id"] == row["decision_id"]
        if decision["period"] == row["period"] and (named in names or by_measure or own):
            word = decision["confirmed_rating"]
    return word


JUDGES: dict[str, Judge] = {"PB-060": assessment_is_an_officers}

"""Rules on the published assessments of indicators, worked out anew from the decisions.

Does not belong here: ratings proposed and decisions on them (`ratings`), who may be named (`publications`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.ratings import RATING, WORDS

_ABOUT = ["contract_ref", "measure_code", "period"]


def assessment_is_an_officers(inputs: Inputs) -> Outcome:
    """PB-060: a published assessment is the last word of section 71 that an officer decided on it.

    Of one day the higher decision number is the later. Source: Procurement Act 2023 s.71(2); PR24 reg 39(5).
    """
    published = inputs.frames[keys.OUT_ASSESSMENT]
    decisions = inputs.frames[keys.CORE_DECISION]
    known = decisions[
        (decisions["decision_kind"] == RATING)
        & decisions["confirmed_rating"].isin(WORDS)
        & (decisions["decided_on"] <= pd.Timestamp(inputs.as_of)).fillna(False)
    ]
    last = known.sort_values(["decided_on", "decision_id"], kind="stable")
    columns = ["subject", "measure_code", "period", "confirmed_rating"]
    words = {(ref, code, period): word for ref, code, period, word in rows(last, columns)}
    told = [
        (word, words.get((ref, code, period)))
        for ref, code, period, word in rows(published, [*_ABOUT, "confirmed_rating"])
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


JUDGES: dict[str, Judge] = {"PB-060": assessment_is_an_officers}

"""Rules on ratings by section 71 and on the decisions that confirm them.

Does not belong here: which rating is proposed (`kcc_etl.domain.ratings`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.ratings import RATING, WORDS, has_statutory_indicators, indicators_by_contract


def rating_decision_meets_a_proposal(inputs: Inputs) -> Outcome:
    """DC-011: a decision on a rating has a word of section 71, for what a rating is proposed for.

    One outcome a decision made by the day spoken about. One on a quarter that the tables do not hold is
    judged by its word and its quarter alone. Source: Procurement Act 2023 s.71.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    known = set(decisions_known(decisions, inputs.as_of)["decision_id"])
    proposed = set(rows(inputs.frames[keys.OUT_RATING], ["contract_ref", "measure_code", "period"]))
    held = set(inputs.frames[keys.OUT_PERFORMANCE]["period"])
    ok: list[bool | None] = []
    found, field = [], []
    columns = ["decision_id", "decision_kind", "confirmed_rating", "subject", "measure_code", "period"]
    for number, kind, word, *about in rows(decisions, columns):
        ref, code, period = about
        column, told = "", ""
        if word not in WORDS:
            column, told = "confirmed_rating", str(word)
        elif not _has_ended(period, inputs.as_of):
            column, told = "period", str(period)
        elif period in held and (ref, code, period) not in proposed:
            column, told = "measure_code", f"{code} of {ref} in {period}, which has no proposed rating"
        applies = kind == RATING and number in known
        ok.append(not column if applies else None)
        found.append(told)
        field.append(column)
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series(field, index=decisions.index, dtype=object),
        reason="no decision is about a rating",
    )


def proposed_rating_is_confirmed(inputs: Inputs) -> Outcome:
    """TG-011: an officer has confirmed the rating that is proposed; one outcome a rating.

    Source: Procurement Act 2023 s.71; social-value policy parameters, section 8.7.
    """
    table = inputs.frames[keys.OUT_RATING]
    return Outcome(
        table["confirmed_rating"].notna().astype("boolean"),
        found="proposed: " + table["proposed_rating"].astype(object),
        reason="no rating is proposed",
    )


def rating_is_one_of_the_law(inputs: Inputs) -> Outcome:
    """TG-013: a rating is a word of section 71, of a contract that has statutory indicators; one a rating.

    Source: Procurement Act 2023 ss.52 and 71.
    """
    table = inputs.frames[keys.OUT_RATING]
    contracts: dict[str, Any] = {
        row["contract_ref"]: row for row in inputs.frames[keys.CORE_CONTRACT].to_dict("records")
    }
    indicators = indicators_by_contract(
        inputs.frames[keys.CORE_REGISTER_NOTICE], inputs.frames[keys.CORE_NOTICED]
    )
    law = inputs.parameters.statutory
    ok, found = [], []
    for ref, proposed, confirmed in rows(table, ["contract_ref", "proposed_rating", "confirmed_rating"]):
        worded = proposed in WORDS and (pd.isna(confirmed) or confirmed in WORDS)
        contract = contracts.get(ref)
        lawful = contract is not None and has_statutory_indicators(contract, indicators.get(ref, 0), law)
        ok.append(worded and lawful)
        words = " / ".join(word for word in (proposed, confirmed) if isinstance(word, str))
        found.append(f"{ref} has no statutory indicators" if worded else words)
    return Outcome(
        pd.Series(ok, index=table.index, dtype="boolean"),
        found=pd.Series(found, index=table.index, dtype=object),
        reason="no rating is proposed",
    )


def _has_ended(period: object, as_of: date) -> bool:
    return isinstance(period, str) and is_quarter(period) and parse_period(period).end <= as_of


JUDGES: dict[str, Judge] = {
    "DC-011": rating_decision_meets_a_proposal,
    "TG-011": proposed_rating_is_confirmed,
    "TG-013": rating_is_one_of_the_law,
}

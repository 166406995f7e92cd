"""Rules on ratings by section 71 and on the decisions that confirm them.

Does not belong here: which rating is proposed (`kcc_etl.domain.ratings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.duties.tables import Row, plain
from kcc_etl.domain.indicators import (
    MOST_MATERIAL,
    indicators_by_contract,
    material_names,
    meant,
    rated_by,
)
from kcc_etl.domain.money import number_display
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.ratings import OTHER, RATING, WORDS, with_statutory_indicators

_STEPS = tuple(word for word in WORDS if word != OTHER)


def rating_decision_meets_an_indicator(inputs: Inputs) -> Outcome:
    """DC-011: a decision on a rating has a word of section 71, for a quarter and an indicator of the
    contract; one on the most material indicators names such indicators.

    One outcome a decision made by the day spoken about. One on a quarter that the tables do not hold is
    judged by its word and its quarter alone. Source: Procurement Act 2023 ss.52 and 71.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    known = set(decisions_known(decisions, inputs.as_of)["decision_id"])
    held = set(inputs.frames[keys.OUT_PERFORMANCE]["period"])
    indicators = _indicators(inputs.frames[keys.OUT_RATING])
    ok: list[bool | None] = []
    found, field = [], []
    for decision in plain(decisions):
        applies = decision["decision_id"] in known and decision["decision_kind"] in (RATING, MOST_MATERIAL)
        column, told = "", ""
        if applies and decision["decision_kind"] == RATING:
            column, told = _fault_of_rating(decision, held, indicators, inputs.as_of)
        elif applies:
            column, told = _fault_of_choice(decision, indicators)
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


def _indicators(ratings: pd.DataFrame) -> dict[tuple[object, object], list[Row]]:
    """The indicators of each contract and quarter."""
    found: dict[tuple[object, object], list[Row]] = {}
    for row in plain(ratings):
        found.setdefault((row["contract_ref"], row["period"]), []).append(row)
    return found


def _fault_of_rating(
    decision: Row, held: set[object], indicators: Mapping[tuple[object, object], list[Row]], as_of: date
) -> tuple[str, str]:
    """The column of what is wrong with a decision on a rating, and what is found; empty for nothing."""
    period, ref = decision["period"], decision["subject"]
    if decision["confirmed_rating"] not in WORDS:
        return "confirmed_rating", str(decision["confirmed_rating"])
    if not _has_ended(period, as_of):
        return "period", str(period)
    mine = indicators.get((ref, period), [])
    measures = {kpi["kpi_id"]: kpi["measure_code"] for kpi in mine if kpi["measure_code"]}
    if period not in held or rated_by(decision, mine, measures) is not None:
        return "", ""
    column = "other_subject" if decision["other_subject"] else "measure_code"
    return column, f"{decision[column]} of {ref} in {period}, which is no indicator of its details notice"


def _fault_of_choice(decision: Row, indicators: Mapping[tuple[object, object], list[Row]]) -> tuple[str, str]:
    """As of a rating, of a decision on the most material indicators; nothing where none are held."""
    ref = decision["subject"]
    mine = next((kpis for (contract, _), kpis in indicators.items() if contract == ref), [])
    unknown = [name for name in material_names(decision) if meant(name, mine) is None]
    if not indicators or not unknown:
        return "", ""
    return "other_subject", f"{', '.join(unknown)} of {ref}, which is no indicator of its details notice"


def proposed_rating_is_confirmed(inputs: Inputs) -> Outcome:
    """TG-011: an officer has confirmed the rating that is proposed; one outcome a proposed rating.

    Source: Procurement Act 2023 s.71; social-value policy parameters, section 8.7.
    """
    table = inputs.frames[keys.OUT_RATING]
    return Outcome(
        table["confirmed_rating"].notna().astype("boolean").mask(table["proposed_rating"].isna()),
        found="proposed: " + table["proposed_rating"].astype(object),
        reason="no rating is proposed",
    )


def confirmed_rating_is_near_the_proposed(inputs: Inputs) -> Outcome:
    """TG-016: a confirmed rating is at most one step from that which is proposed; one outcome a rating.

    Does not apply where either is missing or `other`, which is no step. Source: Procurement Act 2023 s.71;
    social-value policy parameters, section 8.7.
    """
    table = inputs.frames[keys.OUT_RATING]
    ok: list[bool | None] = []
    found = []
    for row in plain(table):
        proposed, confirmed = row["proposed_rating"], row["confirmed_rating"]
        on_scale = proposed in _STEPS and confirmed in _STEPS
        ok.append(abs(_STEPS.index(proposed) - _STEPS.index(confirmed)) <= 1 if on_scale else None)
        found.append(f"{confirmed}; proposed: {proposed}, {_reached(row)}" if on_scale else "")
    return Outcome(
        pd.Series(ok, index=table.index, dtype="boolean"),
        found=pd.Series(found, index=table.index, dtype=object),
        reason="no rating that was proposed is confirmed",
    )


def rating_is_one_of_the_law(inputs: Inputs) -> Outcome:
    """TG-013: a rating is a word of section 71, of an indicator that the details notice of a contract with
    statutory indicators sets; one a rating.

    Source: Procurement Act 2023 ss.52 and 71.
    """
    table = inputs.frames[keys.OUT_RATING]
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    lawful = with_statutory_indicators(inputs.frames[keys.CORE_CONTRACT], known, inputs.parameters)
    indicators = indicators_by_contract(
        inputs.frames[keys.CORE_REGISTER_NOTICE],
        inputs.frames[keys.CORE_NOTICED],
        inputs.frames[keys.CORE_NOTICE_KPI],
    )
    ok, found = [], []
    for row in plain(table):
        ref, kpis = row["contract_ref"], indicators.get(row["contract_ref"], ())
        given = [word for word in (row["proposed_rating"], row["confirmed_rating"]) if word is not None]
        worded = set(given) <= set(WORDS)
        is_set = row["kpi_id"] in [kpi["kpi_id"] for kpi in kpis]
        ok.append(worded and ref in lawful and is_set)
        found.append(f"{row['kpi_id']} is no statutory indicator of {ref}" if worded else " / ".join(given))
    return Outcome(
        pd.Series(ok, index=table.index, dtype="boolean"),
        found=pd.Series(found, index=table.index, dtype=object),
        reason="no contract has statutory indicators",
    )


def _reached(rating: Row) -> str:
    verified, due = (number_display(rating[name] or Fraction(0)) for name in ("verified", "due_by_return"))
    return f"{verified} verified of {due} due"


def _has_ended(period: object, as_of: date) -> bool:
    return isinstance(period, str) and is_quarter(period) and parse_period(period).end <= as_of


JUDGES: dict[str, Judge] = {
    "DC-011": rating_decision_meets_an_indicator,
    "TG-011": proposed_rating_is_confirmed,
    "TG-013": rating_is_one_of_the_law,
    "TG-016": confirmed_rating_is_near_the_proposed,
}

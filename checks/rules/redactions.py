"""Rules on what is redacted and withheld, worked out anew from the published tables.

Does not belong here: whether a payee may be named (`publications`), redaction itself (`kcc_etl.domain`).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, of_whole, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.findings import quoted
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.personal import without_signs
from kcc_etl.domain.redaction import (
    LIFTED,
    LIMBS,
    NAME_TEXTS,
    WITHHOLDING,
    may_withhold,
    withheld_names,
    words_of,
)
from kcc_etl.domain.redactions import COUNTED, NAMES, TEXTS
from kcc_etl.domain.reviewed import NOT_REVIEWED, named_unreviewed, texts_awaiting_review
from kcc_etl.schema.tables import TABLES

_SHOWN = 20
_WITHHOLDS = re.compile("with+(?:old|eld)(?:ing|s)?")
_SAID = ("subject", "other_subject", "reason_code", "role")
_QUARTERLY = (keys.OUT_OVER_30K, keys.OUT_ASSESSMENT)


def withholding_is_in_order(inputs: Inputs) -> Outcome:
    """DC-030: a withholding is by a role that may, on a limb of section 94; one outcome a decision.

    Applies to decisions `withholding`. Source: Procurement Act 2023 s.94; redaction.toml.
    """
    decisions, allowed = inputs.frames[keys.CORE_DECISION], inputs.parameters.redaction.withholding
    limbs = [words_of(limb) for limb in (*LIMBS, LIFTED)]
    of_kind = (decisions["decision_kind"] == WITHHOLDING).tolist()
    faults = [
        ""
        if may_withhold(role, allowed) and words_of(reason) in limbs
        else f"by {role}, for {quoted(str(reason))}"
        for role, reason in rows(decisions, ["role", "reason_code"])
    ]
    ok = [not fault if applies else None for fault, applies in zip(faults, of_kind, strict=True)]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        found=pd.Series(faults, index=decisions.index, dtype=object),
        reason="nothing is withheld",
    )


def no_withholding_is_held_back(inputs: Inputs) -> Outcome:
    """DC-036: no line of the decisions that withholds a supplier is quarantined.

    One outcome a row set aside; applies to lines one cell of which says `withholding`, or nearly so, and no
    more, whatever its column. A line that counts already, word for word, does no harm; one that takes a
    withholding back is not asked about. Source: Procurement Act 2023 s.94.
    """
    aside, decisions = inputs.frames["set_aside"], inputs.frames[keys.CORE_DECISION]
    of_kind = decisions[decisions["decision_kind"] == WITHHOLDING]
    counting = {_said(row) for row in of_kind.astype(object).where(of_kind.notna(), None).to_dict("records")}
    ok: list[bool | None] = []
    for kind, fate, row_json in rows(aside, ["kind", "fate", "row_json"]):
        is_asked = kind == "decisions" and fate == "quarantined" and isinstance(row_json, str)
        cells = json.loads(row_json) if is_asked else {}
        ok.append(_said(cells) in counting if _withholds(cells) else None)
    return Outcome(
        pd.Series(ok, index=aside.index, dtype="boolean"),
        on="set_aside",
        found="a withholding, held back under " + aside["rule_id"].astype(object),
        field=pd.Series("subject", index=aside.index, dtype=object),
        reason="no withholding is held back",
    )


def _withholds(cells: Mapping[str, object]) -> bool:
    texts = {words_of(text) for text in cells.values()}
    return any(_WITHHOLDS.fullmatch(text) for text in texts) and words_of(LIFTED) not in texts


def _said(cells: Mapping[Any, object]) -> tuple[str, ...]:
    """What a decision withholds, why, by whom and on what day; a missing cell is as an empty one."""
    texts = ("" if (text := cells.get(name)) is None else str(text) for name in _SAID)
    return (*texts, str(cells.get("decided_on"))[: len("2026-11-23")])


def withheld_payment_is_known(inputs: Inputs) -> Outcome:
    """DC-037: a withholding of one payment names a payment of the ledger under its contract.

    One outcome a decision. Applies to withholdings of a payment that stand on the day spoken about. Source:
    Procurement Act 2023 s.94.
    """
    decisions, payments = inputs.frames[keys.CORE_DECISION], inputs.frames[keys.CORE_PAYMENT]
    standing = withheld_names(
        decisions_known(decisions, inputs.as_of), inputs.parameters.redaction.withholding
    )
    known = set(rows(payments, ["contract_ref", "payment_ref"]))
    places = list(rows(decisions, ["subject", "other_subject"]))
    applies = (decisions["decision_kind"] == WITHHOLDING) & decisions["other_subject"].notna()
    ok = [
        place in known if withholds and place in standing else None
        for place, withholds in zip(places, applies, strict=True)
    ]
    found = [f"{payment}, no payment under {contract}" for contract, payment in places]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        found=pd.Series(found, index=decisions.index, dtype=object),
        reason="no payment is withheld alone",
    )


def redactions_are_counted(inputs: Inputs) -> Outcome:
    """PB-055: rows and pence told to be redacted are those of the published tables; one verdict.

    Every cell that shows a redaction text is counted in its table and column. Source: house rule.
    """
    told_frame = inputs.frames[keys.OUT_REDACTION]
    period = inputs.periods.get(keys.OUT_REDACTION) or next(iter(told_frame["period"].dropna()), "")
    if not period:
        return of_whole(
            None if told_frame.empty else False, "no row names its quarter", "no quarter is booked"
        )
    told: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    columns = ["redacted_table", "redacted_column", "redacted_rows", "redacted_pence"]
    for table, column, count, pence in rows(told_frame, columns):
        before = told[table, column]
        told[table, column] = before[0] + int(count), before[1] + (0 if pd.isna(pence) else int(pence))
    there = _redacted_cells(inputs, by_quarter=parse_period(period).kind == "quarter")
    wrong = sorted(
        {
            f"{column} of {table}"
            for table, column in {*told, *there}
            if told[table, column] != there.get((table, column), (0, 0))
        }
    )
    strays = bool((told_frame["period"] != period).fillna(True).any())
    return of_whole(not wrong and not strays, f"not those of the tables: {', '.join(wrong) or period}")


def _redacted_cells(inputs: Inputs, *, by_quarter: bool) -> dict[tuple[str, str], tuple[int, int]]:
    found = {}
    for table in COUNTED:
        if table in _QUARTERLY and not by_quarter:
            continue
        frame, money = inputs.frames[table], TABLES[table].money
        amounts = frame[money].fillna(0).tolist() if money else [0] * len(frame)
        for column in (NAMES.get(table), *TEXTS.get(table, ())):
            if column is None:
                continue
            marks = NAME_TEXTS if column == NAMES.get(table) else (NOT_REVIEWED, NAME_TEXTS[0])
            hits = [
                int(pence)
                for cell, pence in zip(frame[column], amounts, strict=True)
                if isinstance(cell, str)
                and (cell in marks or (column != NAMES.get(table) and marks[1] in cell))
            ]
            if hits:
                found[table, column] = len(hits), sum(hits)
    return found


def nothing_personal_is_published(inputs: Inputs) -> Outcome:
    """PB-056: no text or name of a published table holds signs of personal data; one verdict.

    Signs are an e-mail address, a telephone or National Insurance number, a date of birth; in a text that no
    officer has reviewed, what seems to be about a person too. The finding names the columns and never the
    text. Source: UK GDPR.
    """
    decisions, texts = _known(inputs), inputs.parameters.redaction.texts
    places = [
        f"{count:,} cells of {column} in {table}"
        for table in COUNTED
        for column in (NAMES.get(table), *TEXTS.get(table, ()))
        if column
        and (
            count := _with_signs(
                inputs.frames[table][column],
                named_unreviewed(inputs.frames[table][column], decisions, texts)
                if column in TEXTS.get(table, ())
                else set(),
            )
        )
    ]
    judged = any(len(inputs.frames[table]) for table in COUNTED)
    return of_whole(not places if judged else None, "; ".join(places), "nothing is published")


def _with_signs(texts: pd.Series, named: set[str]) -> int:
    signs = {text for text in texts.dropna().unique() if without_signs(text, "") != text}
    return int(texts.isin(signs | named).sum())


def titles_name_nobody(inputs: Inputs) -> Outcome:
    """PB-058: no title of a contract seems to name a person without a review; one verdict, which names the
    contracts and never the title.

    Source: UK GDPR; redaction.toml.
    """
    contracts, decisions = inputs.frames[keys.CORE_CONTRACT], _known(inputs)
    titles = contracts["contract_title"]
    named = named_unreviewed(titles, decisions, inputs.parameters.redaction.texts)
    refs = sorted(set(contracts.loc[titles.isin(named), "contract_ref"].astype("str")))
    more = f" and {len(refs) - _SHOWN:,} more" if len(refs) > _SHOWN else ""
    found = f"not published until reviewed: the titles of {', '.join(refs[:_SHOWN])}{more}"
    return of_whole(not refs if titles.notna().any() else None, found, "no contract has a title")


def texts_are_reviewed(inputs: Inputs) -> Outcome:
    """PB-057: no purpose of the ledgers waits for an officer's review; one verdict, which names the texts.

    Those that stand on most lines come first. Source: redaction.toml.
    """
    payments, decisions = inputs.frames[keys.CORE_PAYMENT], _known(inputs)
    waiting = texts_awaiting_review(payments, decisions, inputs.parameters.redaction.texts)
    named = "; ".join(f"{quoted(text)} ({lines:,})" for text, lines in waiting[:_SHOWN])
    more = f"; and {len(waiting) - _SHOWN:,} more" if len(waiting) > _SHOWN else ""
    texts = "1 text waits" if len(waiting) == 1 else f"{len(waiting):,} texts wait"
    found = f"{texts} for review, with the lines that bear them: {named}{more}"
    told = payments["purpose"].notna().any()
    return of_whole(not waiting if told else None, found, "no line states its purpose")


def _known(inputs: Inputs) -> pd.DataFrame:
    return decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)


JUDGES: dict[str, Judge] = {
    "DC-030": withholding_is_in_order,
    "DC-036": no_withholding_is_held_back,
    "DC-037": withheld_payment_is_known,
    "PB-055": redactions_are_counted,
    "PB-056": nothing_personal_is_published,
    "PB-057": texts_are_reviewed,
    "PB-058": titles_name_nobody,
}

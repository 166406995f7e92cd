"""Rules on what the version of a source in force lacks, or changed, of what the good versions before it held.

Does not belong here: finding the changes (`kcc_etl.intake`), versions that are held (rules IN-041, IN-042).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from checks.rules.register import DEFAULT_PENCE
from checks.rules.wording import texts_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.findings import shorten
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.redaction import WITHHOLDING, withheld_names
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.frames import from_rows

_TABLE = "version_change"
_COMPARED, _GONE, _AMOUNT, _MONTH, _CHANGED = "compared", "gone", "amount", "month", "changed"
_NOTHING = "no earlier version is known"

MOST_GONE = (1, 10)
"""Of contracts that still run. Of 257 of Salford's (July 2022) 29 end in the quarter and 73 had ended: those
may go. A tenth of the rest is an extract that lost a part; a fifth of all rows is IN-042."""
FEWEST_CONTRACTS = 20
"""Of fewer, more than a tenth may be one or two contracts, which an officer may well have taken out; of 20 it
is three at least. CR-040 names each contract of any register, and IN-042 holds a file that lost a fifth."""
FELL, ROSE = 2, 10
"""House rule: below half or above ten times. Pence for pounds are 100 times, thousands for pounds a
thousandth; a change of the contract seldom takes away half."""
FEWEST_LINES = 20


def no_contract_vanished(inputs: Inputs) -> Outcome:
    """CR-040: no contract of a good version that still runs is gone. Source: OCDS Pelican, time-based.

    Those that ended by a public notice are not judged.
    """
    changes = inputs.frames[_TABLE]
    kind = changes["version_difference"]
    gone = kind == _GONE
    told = [f"gone from the register; {_pounds(pence)}" for pence in changes.loc[gone, "pence_before"]]
    of_register = (changes["kind"] == "register") & (gone | (kind == _COMPARED)) & ~_ended(inputs)
    return _on_changes(changes, ~gone, of_register, texts_of(gone, told), "contract_ref")


def most_contracts_are_still_there(inputs: Inputs) -> Outcome:
    """CR-041: of 20 contracts or more that still run at most a tenth is gone. One outcome a register.

    Source: PUDL's row counts (hazards.md 2.2); statistics beside the threshold.
    """
    changes = inputs.frames[_TABLE]
    before, now = changes["count_before"] - _ended_of_each(inputs), changes["count_now"]
    compared = (changes["version_difference"] == _COMPARED) & (changes["kind"] == "register")
    compared &= now.notna() & (before >= FEWEST_CONTRACTS).fillna(False)
    part, whole = MOST_GONE
    told = [
        f"{int(b) - int(n):,} of {int(b):,} contracts that still run are gone"
        for b, n in zip(before[compared], now[compared], strict=True)
    ]
    found = texts_of(compared, told)
    return _on_changes(changes, (before - now) * whole <= before * part, compared, found, "contract_ref")


def _ended(inputs: Inputs) -> pd.Series:
    """The changes that tell of a contract gone that a public notice says has ended.

    One without its own number is known to have ended when all contracts of its procurement have.
    """
    changes, noticed = inputs.frames[_TABLE], inputs.frames[keys.CORE_NOTICED]
    over = (noticed["ended_on"] <= pd.Timestamp(inputs.as_of)).fillna(False).astype(bool)
    contracts = set(rows(noticed[over], ["ocid", "contract_id"]))
    procurements = set(noticed.loc[over, "ocid"]) - set(noticed.loc[~over, "ocid"])
    told = [
        (ocid in procurements) if pd.isna(number) else (ocid, number) in contracts
        for ocid, number in rows(changes, ["ocid", "contract_id"])
    ]
    return pd.Series(told, index=changes.index, dtype=bool) & (changes["version_difference"] == _GONE)


def _ended_of_each(inputs: Inputs) -> pd.Series:
    """For each pair of versions that was compared, how many of the contracts gone have ended."""
    changes = inputs.frames[_TABLE]
    compared = changes["version_difference"] == _COMPARED
    one_line = ~changes["source_name"].isin(
        changes.loc[compared, "source_name"][changes.loc[compared, "source_name"].duplicated()]
    )
    # A register that comes under one name a time is one line; of several lines each keeps its name.
    line = changes["source_name"].where(one_line, changes["source_name"] + "/" + changes["source_file"])
    return line.map(line[_ended(inputs)].value_counts()).fillna(0).astype("int64")


def value_is_near_the_last(inputs: Inputs) -> Outcome:
    """CR-042: a value is at least half and at most ten times that of the last good version.

    Applies to values that changed; £1 and less is rule CR-006. Source: house rule.
    """
    changes = inputs.frames[_TABLE]
    before, now = changes["pence_before"], changes["pence_now"]
    of_register = (changes["version_difference"] == _AMOUNT) & (changes["kind"] == "register")
    applies = of_register & (before > DEFAULT_PENCE) & (now > DEFAULT_PENCE)
    both = applies.fillna(False).astype(bool)
    told = [f"{_pounds(n)}, {_pounds(b)} before" for b, n in zip(before[both], now[both], strict=True)]
    fine = (now * FELL >= before) & (now <= before * ROSE)
    return _on_changes(changes, fine, both, texts_of(both, told), "value_ex_vat_pence")


def month_has_lost_no_lines(inputs: Inputs) -> Outcome:
    """SP-045: a ledger that is sent again has at least the lines of a month that it had.

    One outcome a month of a file. Source: OCDS Pelican, time-based; hazards.md 3.3.
    """
    changes = inputs.frames[_TABLE]
    months, found = _months(changes)
    return _on_changes(changes, changes["count_now"] >= changes["count_before"], months, found, "paid_on")


def month_is_mostly_there(inputs: Inputs) -> Outcome:
    """SP-046: of a month of 20 lines or more at most a tenth is gone when a ledger is sent again.

    One outcome a month of a file. Source: PUDL's row counts (hazards.md 2.2).
    """
    changes = inputs.frames[_TABLE]
    months, found = _months(changes)
    before, now = changes["count_before"], changes["count_now"]
    part, whole = MOST_GONE
    enough = months & (before >= FEWEST_LINES).fillna(False)
    return _on_changes(changes, (before - now) * whole <= before * part, enough, found, "paid_on")


def payment_is_still_there(inputs: Inputs) -> Outcome:
    """SP-050: no payment of a good version of a ledger is gone, nor came to less or to the other sign.

    One outcome a payment at fault, on its number, and one for a version as a whole. Source: OCDS Pelican,
    time-based; hazards.md 3.3.
    """
    changes = inputs.frames[_TABLE]
    kind = changes["version_difference"]
    lost = kind.isin([_GONE, _AMOUNT])
    told = [
        f"gone from the ledger; {_pounds(was)}" if what == _GONE else f"{_pounds(now)}, {_pounds(was)} before"
        for what, was, now in rows(changes[lost], ["version_difference", "pence_before", "pence_now"])
    ]
    of_ledger = (changes["kind"] == "payments") & (lost | (kind == _COMPARED))
    return _on_changes(changes, ~lost, of_ledger, texts_of(lost, told), "amount_ex_vat_pence")


def withholding_still_stands(inputs: Inputs) -> Outcome:
    """DC-038: no name comes back into print because a withholding is gone from the log, or was changed.

    One outcome a withholding that is gone or changed, and one for a log as a whole. At fault is one that
    would withhold a name on the day spoken about were it there as it was first, later decisions of the log
    counted, which nothing else withholds. One of a contract or payment that is not known withheld nothing.
    Source: Procurement Act 2023 s.94.
    """
    changes, decisions = inputs.frames[_TABLE], inputs.frames[keys.CORE_DECISION]
    allowed = inputs.parameters.redaction.withholding
    standing = withheld_names(decisions_known(decisions, inputs.as_of), allowed)
    contracts = set(inputs.frames[keys.CORE_CONTRACT]["contract_ref"])
    payments = set(rows(inputs.frames[keys.CORE_PAYMENT], ["contract_ref", "payment_ref"]))
    differ, told = _differences(changes)
    fine: list[bool | None] = []
    for difference, is_whole in zip(told, _compared_logs(changes), strict=True):
        before = difference.get("before") or {}
        place = before.get("subject", ""), before.get("other_subject", "")
        known = place in payments if place[1] else place[0] in contracts
        if before.get("decision_kind") != WITHHOLDING:
            fine.append(True if is_whole else None)
        elif not known or place in standing or (place[0], "") in standing:
            fine.append(True)
        else:
            last = from_rows([_typed(before)], keys.CORE_DECISION)
            # Behind the others, so that what stood first under a number counts before what stands there now.
            log = decisions[decisions["decision_kind"] == WITHHOLDING]
            both = pd.concat([log, last], ignore_index=True) if len(log) else last
            fine.append(place not in withheld_names(decisions_known(both, inputs.as_of), allowed))
    ok = pd.Series(fine, index=changes.index, dtype="boolean")
    found = pd.Series([_decision_told(each) for each in told], index=changes.index, dtype=object)
    return _on_changes(changes, ok.fillna(True), ok.notna(), found.where(differ), "subject")


def decision_still_stands(inputs: Inputs) -> Outcome:
    """DC-039: no decision of a good version of the log is gone, nor says otherwise under its number.

    One outcome a decision at fault and one for a log as a whole. One that is gone from its file and stands in
    another, of the same kind and subject, has moved. Source: OCDS Pelican, time-based.
    """
    changes, decisions = inputs.frames[_TABLE], inputs.frames[keys.CORE_DECISION]
    elsewhere = set(rows(decisions, ["decision_id", "decision_kind", "subject"]))
    differ, told = _differences(changes)
    said = [each.get("before") or {} for each in told]
    gone = (changes["version_difference"] == _GONE).tolist()
    moved = [
        is_gone and (b.get("decision_id"), b.get("decision_kind"), b.get("subject")) in elsewhere
        for is_gone, b in zip(gone, said, strict=True)
    ]
    found = pd.Series([_decision_told(each) for each in told], index=changes.index, dtype=object)
    applies = differ | _compared_logs(changes)
    fine = ~differ | pd.Series(moved, index=changes.index, dtype=bool)
    return _on_changes(changes, fine, applies, found.where(differ), "decision_id")


def _compared_logs(changes: pd.DataFrame) -> pd.Series:
    return (changes["kind"] == "decisions") & (changes["version_difference"] == _COMPARED)


def _differences(changes: pd.DataFrame) -> tuple[pd.Series, list[Mapping[str, Any]]]:
    """The rows on a decision that is gone or changed, and for every row what it said and says."""
    differ = (changes["kind"] == "decisions") & changes["version_difference"].isin([_GONE, _CHANGED])
    texts = changes["difference_json"].where(differ)
    return differ, [json.loads(text) if isinstance(text, str) else {} for text in texts]


def _typed(said: Mapping[str, str]) -> dict[str, object]:
    """What of a decision says when it holds, and for what and why."""
    on = ("decided_on", "effective_on", "expires_on")
    days = {name: pd.Timestamp(said[name]) for name in on if name in said}
    texts = ("decision_id", "decision_kind", "subject", "other_subject", "role", "reason_code")
    return {**{name: said[name] for name in texts if name in said}, **days}


def _decision_told(difference: Mapping[str, Any]) -> str:
    """A decision and what became of it; what fields that may name a person said is left out."""
    before, now = difference.get("before") or {}, difference.get("now")
    about = f"{before.get('decision_kind', 'decision')} of {shorten(str(before.get('subject', 'nothing')))}"
    if now is None:
        return f"{about}: gone from the log"
    parts = [
        f"{FIELDS[name].title}"
        + ("" if FIELDS[name].personal else f" {now.get(name, 'empty')}, {before.get(name, 'empty')} before")
        for name in {**before, **now}
        if before.get(name) != now.get(name)
    ]
    return f"{about}: {'; '.join(parts)}"


def _months(changes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Rows on a month of a ledger whose lines were counted in both versions, and what to say of each."""
    months = (changes["version_difference"] == _MONTH) & (changes["kind"] == "payments")
    months &= changes[["count_before", "count_now"]].notna().all(axis="columns")
    columns = ["record_ref", "count_before", "count_now", "pence_before", "pence_now"]
    told = [
        f"{int(now):,} lines and {_pounds(after)} in {month}, {int(before):,} and {_pounds(was)} before"
        for month, before, now, was, after in rows(changes[months], columns)
    ]
    return months, texts_of(months, told)


def _on_changes(
    changes: pd.DataFrame, fine: pd.Series, applies: pd.Series, found: pd.Series, field: str
) -> Outcome:
    subject = changes["record_ref"].where(changes["record_ref"].notna(), changes["source_name"])
    return Outcome(
        judged(fine, applies),
        on=_TABLE,
        found=found,
        field=pd.Series(field, index=changes.index, dtype=object),
        subject=subject.astype(object),
        reason=_NOTHING,
    )


def _pounds(pence: object) -> str:
    return "no value" if pd.isna(pence) else pounds_display(int(str(pence)))  # type: ignore[call-overload]  # one cell


JUDGES: dict[str, Judge] = {
    "CR-040": no_contract_vanished,
    "CR-041": most_contracts_are_still_there,
    "CR-042": value_is_near_the_last,
    "SP-045": month_has_lost_no_lines,
    "SP-046": month_is_mostly_there,
    "SP-050": payment_is_still_there,
    "DC-038": withholding_still_stands,
    "DC-039": decision_still_stands,
}

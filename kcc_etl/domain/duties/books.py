"""What the tables tell of each contract of the register, and of those only notices tell of.

Does not belong here: the duties themselves (`contract`, `council`), building the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.domain.changes import EXTENSION, VALUE_CHANGE
from kcc_etl.domain.counted_changes import faults_of_changes, with_changed_ends
from kcc_etl.domain.decisions import decisions_known, number_order
from kcc_etl.domain.duties.awarded import Value, value_at_award, value_of_notice, values_before_changes
from kcc_etl.domain.duties.decided import (
    BREACH,
    DIRECT_AWARD,
    DUTY_DONE,
    NOVATION,
    POOR_PERFORMANCE,
    WHOLE,
)
from kcc_etl.domain.duties.duty import Done
from kcc_etl.domain.duties.facts import Attested, Facts, Failure, Modification, Published
from kcc_etl.domain.duties.noticed import Notices, published
from kcc_etl.domain.duties.tables import Books, Row, by, numbers_of, plain, subject_of_notices
from kcc_etl.domain.overrides import plain_words

_COMPETITIVE = frozenset({"open", "selective"})
"""Methods of procurement, as notices code them, in which several suppliers may compete."""

_ADVERTISED = {"open": True, "limited": False, "direct": False}
"""Whether a procurement is openly advertised, by its method; a selective one may be under a framework."""
_TENDERED = "Published invitation to tender"

UNFIT = "the decision does not fit the contract as the register shows it (rules DC-016 and DC-017)"
FOLLOWS = (
    "whether the contract provides for the extension is not known: the latest end in the register is the end"
    " it leads to; it is taken that it does not"
)
UNSIGNED = "the notice has to be out before the contract is modified, which may be from its decision on"


def facts_of(books: Books, as_of: date) -> Iterator[Facts]:
    """What is known on a day of every contract of the register, then of those only notices tell of."""
    decisions = decisions_known(books.decisions, as_of)
    told = Notices(books, as_of)
    decided = by(plain(decisions), "subject")
    may_follow = _latest_ends_may_follow(books.contracts)
    contracts = plain(with_changed_ends(books.contracts, decisions).assign(may_follow=may_follow))
    regimes = {row["contract_ref"]: row["regime"] for row in contracts}
    provided = books.contracts.assign(max_end_on=books.contracts["max_end_on"].mask(may_follow))
    before_changes = values_before_changes(provided, decisions)
    unfit = frozenset(faults_of_changes(books.contracts, decisions))
    links = by(plain(books.links), "contract_ref")
    linked: set[tuple[object, ...]] = set()
    for row in contracts:
        mine = links.get(row["contract_ref"], [])
        clear = [link for link in mine if not link["is_ambiguous"]]
        linked |= {numbers_of(link) for link in mine}
        noticed = [told.noticed[numbers_of(link)] for link in clear if numbers_of(link) in told.noticed]
        doubts = (
            ("several notices fit it: a person has to say which is its own",)
            if len(mine) > len(clear)
            else ()
        )
        doubts = (*doubts, *_other_kinds(row, noticed, told))
        found = _of_register(row, regimes, decided.get(row["contract_ref"], []), told, noticed, doubts, unfit)
        yield _as_awarded(_as_provided(found, row), noticed, before_changes.get(row["contract_ref"]))
    for number, row in told.noticed.items():
        if number not in linked:
            yield _of_notices(row, told)


def _latest_ends_may_follow(contracts: pd.DataFrame) -> pd.Series[bool]:
    """Which latest ends are the end shown, without a value of options: they may only follow an extension.

    A target does not read it so: the same target stands whether or not the register was brought up to date.
    """
    return (contracts["max_end_on"] == contracts["end_on"]) & contracts["options_value_ex_vat_pence"].isna()


def _as_awarded(facts: Facts, noticed: Sequence[Row], before_changes: int | None) -> Facts:
    """The contract of the register with the value it was awarded with beside the one shown."""
    shown = Value(facts.value_inc_vat_pence, facts.value_ex_vat_pence)
    notice = value_of_notice(noticed[0]) if noticed else Value()
    awarded, doubt = value_at_award(shown, notice, before_changes)
    doubts = (*facts.doubts, doubt) if doubt else facts.doubts
    return replace(
        facts, awarded_inc_vat_pence=awarded.gross, awarded_ex_vat_pence=awarded.net, doubts=doubts
    )


def _as_provided(facts: Facts, row: Row) -> Facts:
    """The contract without a latest end that may only have followed its extensions, which are in doubt."""
    latest, changes = facts.max_end_on, facts.modifications
    if latest is None or not row["may_follow"] or latest not in {change.new_end_on for change in changes}:
        return facts
    doubted = (
        replace(change, doubts=(*change.doubts, FOLLOWS))
        if change.new_end_on and change.new_end_on <= latest
        else change
        for change in changes
    )
    return replace(facts, max_end_on=None, modifications=tuple(doubted))


def published_by_council(books: Books, as_of: date) -> tuple[Published, ...]:
    """The notices that are about no contract of their own: pipeline, payments, compliance."""
    of_council = books.notices["notice_type"].isin(["UK1", "UK8", "UK17"])
    found = plain(books.notices[of_council])
    return tuple(published(row) for row in found if row["published_on"] and row["published_on"] <= as_of)


def attested(rows: Iterable[Row]) -> tuple[Attested, ...]:
    """What officers have decided to be done, without a notice that shows it."""
    return tuple(
        Attested(
            str(row["other_subject"] or ""),
            str(row["period"] or ""),
            Done(f"decision {row['decision_id']}", row["effective_on"] or row["decided_on"]),
        )
        for row in rows
        if row["decision_kind"] == DUTY_DONE
    )


def _other_kinds(row: Row, noticed: Sequence[Row], told: Notices) -> Iterator[str]:
    """Where notices mark another kind of agreement than the register gives; the register's is taken."""
    kind = row["agreement_kind"] or "contract"
    for marked in dict.fromkeys(told.agreement_kind(one)[0] for one in noticed):
        if marked not in (kind, "contract"):
            yield f"its notice says that it is a {marked}, the register a {kind}"


def _of_register(
    row: Row,
    regimes: Mapping[str, Any],
    decisions: Sequence[Row],
    told: Notices,
    noticed: Sequence[Row],
    doubts: tuple[str, ...],
    unfit: frozenset[str],
) -> Facts:
    one = noticed[0] if noticed else {}
    details = told.details(one) if one else {}
    process = row["process_type"]
    return Facts(
        subject=row["contract_ref"],
        kind=row["agreement_kind"] or "contract",
        category=row["procurement_category"],
        regime=row["regime"],
        is_light_touch=row["is_light_touch"],
        is_school=bool(row["is_school_contract"]),
        has_framework=row["parent_ref"] is not None,
        framework_regime=regimes.get(row["parent_ref"]),
        value_inc_vat_pence=row["value_inc_vat_pence"],
        value_ex_vat_pence=row["value_ex_vat_pence"],
        options_ex_vat_pence=row["options_value_ex_vat_pence"] or 0,
        stated_above=one.get("above_threshold"),
        commenced_on=row["procurement_commenced_on"],
        signed_on=row["signed_on"],
        start_on=row["start_on"],
        end_on=row["end_on"],
        max_end_on=row["max_end_on"],
        ended_on=one.get("ended_on"),
        is_advertised=_advertised(details) if process is None else process == _TENDERED,
        is_competed=_is_competed(details) if process is None else True,
        direct_ground=_direct_ground(decisions),
        kpis=one.get("kpi_count"),
        no_kpi_reason=details.get("no_kpi_reason") is not None,
        published=tuple(notice for n in noticed for notice in told.about(n)),
        modifications=tuple(_modifications(decisions, unfit)),
        failures=tuple(_failures(decisions)),
        attested=attested(decisions),
        doubts=doubts,
    )


def _of_notices(noticed: Row, told: Notices) -> Facts:
    """A contract that the register does not hold, as its notices tell of it."""
    details = told.details(noticed)
    kind, is_stated = told.agreement_kind(noticed)
    framework = kind == "call-off"
    published = told.about(noticed)
    advertised = True if any(n.notice_type == "UK4" for n in published) else _advertised(details)
    return Facts(
        subject=subject_of_notices(noticed),
        kind=kind,
        kind_is_stated=is_stated,
        is_awarded_only=noticed["contract_id"] is None,
        is_abandoned=noticed["notice_type"] == "UK12",
        category=details.get("procurement_category"),
        regime=noticed["regime"],
        is_light_touch=noticed["is_light_touch"],
        has_framework=framework,
        # A notice under the Act tells of a call-off from a framework under the Act.
        framework_regime=noticed["regime"] if framework else None,
        value_inc_vat_pence=noticed["value_inc_vat_pence"],
        value_ex_vat_pence=noticed["value_ex_vat_pence"],
        stated_above=noticed["above_threshold"],
        signed_on=noticed["signed_on"],
        start_on=noticed["start_on"],
        end_on=noticed["changed_end_on"] if noticed["change_kind"] == "made" else noticed["end_on"],
        max_end_on=noticed["max_end_on"],
        ended_on=noticed["ended_on"],
        is_advertised=advertised,
        is_competed=_is_competed(details),
        kpis=noticed["kpi_count"],
        no_kpi_reason=details.get("no_kpi_reason") is not None,
        published=published,
        doubts=("the register does not hold it: only its notices tell of it",),
    )


def _advertised(details: Row) -> bool | None:
    """Whether it was openly advertised, by the method in its notice; None where that does not tell."""
    return _ADVERTISED.get(str(details.get("procurement_method")))


def _is_competed(details: Row) -> bool | None:
    """Whether the notice gives a procedure with competition, or direct award; None where it gives neither."""
    method = details.get("procurement_method")
    return None if method is None else method in _COMPETITIVE


def _direct_ground(decisions: Sequence[Row]) -> str:
    """The ground of a direct award by the last decision that gives one; empty without any."""
    told = [row for row in decisions if row["decision_kind"] == DIRECT_AWARD]
    last = max(told, key=lambda r: (r["decided_on"], number_order(r["decision_id"])), default=None)
    return plain_words(last["reason_code"]) if last else ""


def _modifications(decisions: Sequence[Row], unfit: frozenset[str]) -> Iterator[Modification]:
    """Changes of a contract by decisions; of one kind and day the last decision stands.

    Those that do not fit the contract are among them, for a notice may be due all the same, and are in doubt.
    """
    standing: dict[tuple[str, object], Row] = {}
    for row in sorted(decisions, key=lambda r: (r["decided_on"], number_order(r["decision_id"]))):
        if row["decision_kind"] in (VALUE_CHANGE, EXTENSION, NOVATION) and row["effective_on"]:
            standing[row["decision_kind"], row["effective_on"]] = row
    for row in standing.values():
        extends = row["decision_kind"] == EXTENSION
        yield Modification(
            id=row["decision_id"],
            effective_on=row["effective_on"],
            value_change_pence=(row["value_after_pence"] or 0) - (row["value_before_pence"] or 0),
            old_end_on=date.fromordinal(row["effective_on"].toordinal() - 1) if extends else None,
            new_end_on=row["new_end_on"] if extends else None,
            is_transfer=row["decision_kind"] == NOVATION,
            doubts=(*((UNFIT,) if row["decision_id"] in unfit else ()), *_unsigned(row)),
        )


def _unsigned(row: Row) -> tuple[str, ...]:
    """What is in doubt as no decision gives the day the contract is modified. Source: PA23 s.75(1), s.77."""
    day = row["decided_on"]
    return (f"{UNSIGNED} {day}",) if day < row["effective_on"] else ()


def _failures(decisions: Sequence[Row]) -> Iterator[Failure]:
    for row in decisions:
        if row["decision_kind"] in (BREACH, POOR_PERFORMANCE) and row["effective_on"]:
            ends = row["decision_kind"] == BREACH and plain_words(row["reason_code"]) == WHOLE
            yield Failure(row["decision_id"], row["decision_kind"], row["effective_on"], ends)

"""Which contracts stand in the published release package, and what of each: names and texts redacted.

Does not belong here: the shape of a release (`reports.ocds`), who may be named (`redaction`), which texts are
published (`reviewed`).

A contract is referred to by the identifier its procurement has on the platform. None is made up: a contract
without one is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.drafts.common import IDENTIFIERS, first
from kcc_etl.domain.drafts.known import Known, known_contracts
from kcc_etl.domain.duties.facts import Published
from kcc_etl.domain.duties.tables import Books, Row, by, plain
from kcc_etl.domain.hidden_names import HiddenNames, hidden_names, unnamed_by_procurement
from kcc_etl.domain.periods import Period
from kcc_etl.domain.redaction import NAME_TEXTS, is_redacted, publishable_suppliers, supplier_reasons
from kcc_etl.domain.reviewed import (
    publishable_contract_titles,
    publishable_descriptions,
    publishable_titles,
    without_redacted_names,
)
from kcc_etl.parameters.redaction import RedactionRules

_TEXTS = (
    "contract_title",
    "contract_description",
    "kpi_title",
    "kpi_description",
    "observed",
    "rating_description",
)
_NUMBERS = ("ocid", "contract_id", "award_id")


@dataclass(frozen=True)
class Released:
    """One contract as it is published; rows are of the tables of notices, `ratings` of confirmed assessments.

    `suppliers` bear the redaction text and no identifiers where they may be persons. `ended` are ends of this
    contract, `changes` those made and intended.
    """

    known: Known
    ocid: str
    contract_id: str
    award_id: str
    notices: tuple[Published, ...] = ()
    suppliers: tuple[Row, ...] = ()
    observed: tuple[Row, ...] = ()
    ratings: tuple[Row, ...] = ()
    changes: tuple[Row, ...] = ()
    ended: tuple[Row, ...] = ()
    failures: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Releases:
    """The contracts that are published, in order, and how many are left out for want of an identifier."""

    contracts: tuple[Released, ...] = ()
    left_out: int = 0


NO_RELEASES = Releases()


def releases_of(
    books: Books,
    suppliers: pd.DataFrame,
    ends: pd.DataFrame,
    register: pd.DataFrame,
    assessments: pd.DataFrame,
    payments: pd.DataFrame,
    rules: RedactionRules,
    period: Period,
    as_of: date,
) -> Releases:
    """The contracts of the published register, and those only notices tell of that had not ended before it.

    `register` are the rows of the published contracts register of the period, `assessments` the confirmed
    ratings that are published with it, `payments` all of the ledgers, whose payees no text may name. A
    supplier that the register may not name is not named from a notice.
    """
    known_by = decisions_known(books.decisions, as_of)
    named = _redacted(suppliers, publishable_suppliers(suppliers))
    own = publishable_suppliers(books.contracts, known_by, rules)
    hidden = hidden_names(books.contracts, payments, known_by, rules)
    texts = _with_texts(books, hidden, known_by, rules)
    public = replace(texts, contracts=_redacted(texts.contracts, own))
    contracts = known_contracts(public, named, assessments.iloc[:0], as_of)
    listed = set(register["contract_ref"])
    parts = _Parts(public, ends, assessments)
    found: list[Released] = []
    left_out = 0
    for known in contracts.values():
        if known.contract not in listed and (known.register or not _is_live(known, period)):
            continue
        one = parts.released(known)
        if one is None:
            left_out += 1
        else:
            found.append(one)
    return Releases(tuple(sorted(found, key=lambda r: (r.ocid, r.contract_id, r.known.contract))), left_out)


def _redacted(frame: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """The rows with names as they may be published; who is not named has no identifiers either."""
    hidden = is_redacted(names)
    blank = {name: frame[name].mask(hidden) for name in IDENTIFIERS if name in frame}
    return frame.assign(supplier_name=names, **blank)


def _with_texts(books: Books, hidden: HiddenNames, decisions: pd.DataFrame, rules: RedactionRules) -> Books:
    """The tables with the titles and texts that reach a release as every other publication has them."""

    def clean(frame: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
        texts = {
            name: publishable_titles(frame[name], decisions, rules.texts) for name in _TEXTS if name in frame
        }
        if "contract_ref" in frame:
            of_register = frame, books.notices, decisions, rules.texts
            texts["contract_title"] = publishable_contract_titles(*of_register)
            texts["contract_description"] = publishable_descriptions(*of_register)
        return frame.assign(
            **{name: without_redacted_names(text, hidden, own) for name, text in texts.items()}
        )

    def by_procurement(frame: pd.DataFrame) -> pd.DataFrame:
        return clean(frame, unnamed_by_procurement(frame, books.contracts, decisions, rules))

    reasons = supplier_reasons(books.contracts, decisions, rules)
    return replace(
        books,
        contracts=clean(books.contracts, books.contracts.assign(payee_reason=reasons)),
        noticed=by_procurement(books.noticed),
        notices=by_procurement(books.notices),
        kpis=by_procurement(books.kpis),
    )


def _is_live(known: Known, period: Period) -> bool:
    """Whether a contract that only notices tell of was entered into, and had not ended before the period."""
    facts = known.facts
    if facts.is_awarded_only or facts.is_abandoned or not known.noticed:
        return False
    return facts.over_on is None or facts.over_on >= period.start


class _Parts:
    """Parts of notices by the release they stand in."""

    def __init__(self, books: Books, ends: pd.DataFrame, assessments: pd.DataFrame) -> None:
        self._observed = by((r for r in plain(books.kpis) if r["rating"] or r["observed"]), "release_id")
        self._changes = by(plain(books.changes), "release_id")
        self._failures = by(plain(books.failures), "release_id")
        self._ends = by((row for row in plain(ends) if row["end_scope"] == "contract"), "release_id")
        self._ratings = by(plain(assessments), "contract_ref")

    def released(self, known: Known) -> Released | None:
        """The contract as it is published; None where its procurement has no identifier."""
        ocid, contract_id, award_id = (_text(first(known, name)[0]) for name in _NUMBERS)
        if ocid is None:
            return None
        number = contract_id or known.contract
        notices = _once(known.facts.published)
        releases = [notice.release_id for notice in notices]
        changes = self._of(self._changes, releases, contract_id)
        return Released(
            known,
            ocid,
            number,
            award_id or number,
            notices,
            _suppliers(known),
            self._of(self._observed, releases, contract_id),
            tuple(self._ratings.get(known.contract, ())),
            tuple(row for row in changes if row["change_kind"] != "correction"),
            self._of(self._ends, releases, contract_id),
            self._of(self._failures, releases, contract_id),
        )

    @staticmethod
    def _of(
        rows: Mapping[Any, list[Row]], releases: Iterable[str], contract_id: str | None
    ) -> tuple[Row, ...]:
        return tuple(
            row for number in releases for row in rows.get(number, ()) if row["contract_id"] == contract_id
        )


def _once(notices: Iterable[Published]) -> tuple[Published, ...]:
    """Each notice once, the first first: a change notice with several days is told of for each of them."""
    found = {notice.release_id: notice for notice in notices}
    return tuple(sorted(found.values(), key=lambda notice: (notice.on, notice.release_id)))


def _suppliers(known: Known) -> tuple[Row, ...]:
    """The suppliers of the notice; the register's where it may not be named, or no notice names any."""
    own = (known.register,) if known.register.get("supplier_name") else ()
    hidden = known.register.get("supplier_name") in NAME_TEXTS
    return own if hidden or not known.suppliers else known.suppliers


def _text(value: object) -> str | None:
    return str(value) if value else None

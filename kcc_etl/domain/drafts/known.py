"""What is known of each contract that a notice is drafted for: register, latest notices, decisions, ratings.

Does not belong here: which notices are due (`kcc_etl.domain.duties`), what a notice asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.domain.as_it_stands import contracts_as_they_stand
from kcc_etl.domain.decisions import decisions_known, number_order
from kcc_etl.domain.duties.books import facts_of
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.noticed import Notices
from kcc_etl.domain.duties.tables import Books, Row, by, by_place, plain, subject_of_notices
from kcc_etl.domain.indicators import numbered, own_notices

_VALUES = ("value_ex_vat_pence", "value_inc_vat_pence")


@dataclass(frozen=True)
class Authority:
    """The contracting authority: PR24 reg 13. `ids` are its identities on the platform."""

    name: str
    address: str
    email: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """One contract. `register`, `noticed`, `details`, `framework` are rows of tables, empty for none.

    `details` is the latest notice with the details of the contract; `suppliers` and `kpis`, the indicators by
    section 52, are its parts; `ratings` are rows of the table of ratings.
    """

    facts: Facts
    register: Row = field(default_factory=dict)
    noticed: Row = field(default_factory=dict)
    details: Row = field(default_factory=dict)
    framework: Row = field(default_factory=dict)
    suppliers: tuple[Row, ...] = ()
    kpis: tuple[Row, ...] = ()
    ratings: tuple[Row, ...] = ()
    decisions: tuple[Row, ...] = ()

    @property
    def contract(self) -> str:
        """What an officer knows it by: its reference in the register, else its numbers on the platform."""
        return self.facts.subject

    def of_register(self, name: str) -> Any:
        """A cell of the register; None where it is empty or the register does not hold the contract."""
        return self.register.get(name)

    @property
    def max_end_on(self) -> date | None:
        """The last day if every extension is taken up, as the contract stands: never before its end."""
        day: date | None = self.register.get("max_end_on", self.facts.max_end_on)
        return day

    def of_notice(self, name: str) -> Any:
        """A cell of the details notice, or of what its latest notices say."""
        value = self.details.get(name)
        return self.noticed.get(name) if value is None else value


def known_contracts(
    books: Books, suppliers: pd.DataFrame, ratings: pd.DataFrame, as_of: date
) -> dict[str, Known]:
    """Every contract of the register, and those only notices tell of, by the subject its duties have.

    An ambiguous match between register and notices says nothing.
    """
    told = Notices(books, as_of)
    known = decisions_known(books.decisions, as_of)
    rows = {row["contract_ref"]: row for row in plain(contracts_as_they_stand(books.contracts, known))}
    links = own_notices(plain(books.links), told.noticed.values())
    decided = by(plain(known), "subject")
    rated, named = by(plain(ratings), "contract_ref"), by_place(suppliers)
    by_subject = {subject_of_notices(row): row for row in told.noticed.values()}
    found = {}
    for facts in facts_of(books, as_of):
        register = rows.get(facts.subject, {})
        noticed = links.get(facts.subject, {}) if register else by_subject.get(facts.subject, {})
        details = told.details(noticed) if noticed else {}
        place = (noticed.get("supplier_release_id"), noticed.get("contract_place"))
        found[facts.subject] = Known(
            _as_it_stands(facts, register),
            register,
            noticed,
            details,
            rows.get(register.get("parent_ref"), {}),
            tuple(named.get(place, ())),
            numbered(told.kpis.get((noticed.get("release_id"), noticed.get("contract_place")), ())),
            tuple(rated.get(facts.subject, ())),
            tuple(decided.get(facts.subject, ())),
        )
    return found


def _as_it_stands(facts: Facts, register: Row) -> Facts:
    """The facts with the value as it stands; the latest end stays the one that changes are measured by."""
    return replace(facts, **{name: register[name] for name in _VALUES}) if register else facts


def latest(decisions: Sequence[Row], kind: str) -> Row:
    """The last decision of a kind, of one day the one with the highest number; empty where there is none."""
    of_kind = [row for row in decisions if row["decision_kind"] == kind]
    return max(of_kind, key=lambda row: (row["decided_on"], number_order(row["decision_id"])), default={})

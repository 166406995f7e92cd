"""What is known of each contract that a notice is drafted for: register, latest notices, decisions, ratings.

Does not belong here: which notices are due (`kcc_etl.domain.duties`), what a notice asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.duties.books import facts_of
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.noticed import Notices
from kcc_etl.domain.duties.tables import Books, Row, by, by_place, numbers_of, plain, subject_of_notices


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

    `details` is the latest notice with the details of the contract; `suppliers` and `kpis` are its parts;
    `ratings` are rows of the table of ratings, `titles` the names of its measures.
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
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def contract(self) -> str:
        """What an officer knows it by: its reference in the register, else its numbers on the platform."""
        return self.facts.subject

    def of_register(self, name: str) -> Any:
        """A cell of the register; None where it is empty or the register does not hold the contract."""
        return self.register.get(name)

    def of_notice(self, name: str) -> Any:
        """A cell of the details notice, or of what its latest notices say."""
        value = self.details.get(name)
        return self.noticed.get(name) if value is None else value


def known_contracts(
    books: Books, suppliers: pd.DataFrame, ratings: pd.DataFrame, titles: Mapping[str, str], as_of: date
) -> dict[str, Known]:
    """Every contract of the register, and those only notices tell of, by the subject its duties have.

    An ambiguous match between register and notices says nothing. `titles` are the measures' names by code.
    """
    told = Notices(books, as_of)
    rows = {row["contract_ref"]: row for row in plain(books.contracts)}
    links = _sure_links(books, told)
    decided = by(plain(decisions_known(books.decisions, as_of)), "subject")
    rated, named = by(plain(ratings), "contract_ref"), by_place(suppliers)
    by_subject = {subject_of_notices(row): row for row in told.noticed.values()}
    found = {}
    for facts in facts_of(books, as_of):
        register = rows.get(facts.subject, {})
        noticed = links.get(facts.subject, {}) if register else by_subject.get(facts.subject, {})
        details = told.details(noticed) if noticed else {}
        place = (noticed.get("supplier_release_id"), noticed.get("contract_place"))
        found[facts.subject] = Known(
            facts,
            register,
            noticed,
            details,
            rows.get(register.get("parent_ref"), {}),
            tuple(named.get(place, ())),
            tuple(_set_by(told, noticed)),
            tuple(rated.get(facts.subject, ())),
            tuple(decided.get(facts.subject, ())),
            titles,
        )
    return found


def _sure_links(books: Books, told: Notices) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for link in plain(books.links):
        if not link["is_ambiguous"] and numbers_of(link) in told.noticed:
            found.setdefault(link["contract_ref"], told.noticed[numbers_of(link)])
    return found


def _set_by(told: Notices, noticed: Row) -> Iterator[Row]:
    """The indicators that the details notice sets, without assessments of them."""
    place = (noticed.get("release_id"), noticed.get("contract_place"))
    yield from (row for row in told.kpis.get(place, ()) if not row["rating"] and not row["observed"])


def latest(decisions: Sequence[Row], kind: str) -> Row:
    """The last decision of a kind; empty where there is none."""
    of_kind = [row for row in decisions if row["decision_kind"] == kind]
    return max(of_kind, key=lambda row: (row["decided_on"], row["decision_id"]), default={})

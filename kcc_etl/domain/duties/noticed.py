"""Which public notices are about which contract, and what each tells of it.

Does not belong here: joining notices with the register (`kcc_etl.domain.register_notices`), duties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kcc_etl.domain.duties.facts import Published
from kcc_etl.domain.duties.tables import Books, Row, by, by_place, numbers_of, plain

_MARKING = frozenset({"UK4", "UK5", "UK6", "UK7"})
_RESTRUCTURING = "transferCorporateRestructuring"
_BY_NUMBER = ("first_release_id", "release_id", "supplier_release_id", "change_release_id", "end_release_id")


class Notices:
    """The notices read, and which of them are about which contract."""

    def __init__(self, books: Books, as_of: date) -> None:
        known = [row for row in plain(books.notices) if row["published_on"] and row["published_on"] <= as_of]
        self.noticed = {
            numbers_of(row): row
            for row in plain(books.noticed)
            if row["published_on"] is None or row["published_on"] <= as_of
        }
        self.by_procurement = by(known, "ocid")
        self.by_place = {(row["release_id"], row["contract_place"]): row for row in known}
        self.kpis = by_place(books.kpis)
        self.changes = by_place(books.changes)
        self.failures = by_place(books.failures)
        self.shared = _several(row[:2] for row in self.noticed)

    def about(self, noticed: Row) -> tuple[Published, ...]:
        """The notices about one contract; where several bear its numbers, only those known to be its own."""
        own = {noticed[name] for name in _BY_NUMBER}
        is_shared = numbers_of(noticed)[:2] in self.shared
        found: list[Published] = []
        for row in self.by_procurement.get(noticed["ocid"], []):
            of_contract = row["contract_id"] is not None
            if _is_about(row, noticed) and not (is_shared and of_contract and row["release_id"] not in own):
                found += self._events(row)
        return tuple(found)

    def details(self, noticed: Row) -> Row:
        """The notice that gives the details of a contract; empty where it is not among those read."""
        return self.by_place.get((noticed["release_id"], noticed["contract_place"]), {})

    def agreement_kind(self, noticed: Row) -> tuple[str, bool]:
        """What the procurement of a contract leads to, and whether a notice would have marked another kind.

        Notices of performance, change and end do not repeat the mark; those before them bear it.
        """
        rows = self.by_procurement.get(noticed["ocid"], [])
        marked = next((str(row["agreement_kind"]) for row in rows if row["agreement_kind"]), "")
        would_mark = any(row["notice_type"] in _MARKING for row in rows)
        return marked or "contract", bool(marked) or would_mark

    def _events(self, row: Row) -> Iterator[Published]:
        place = (row["release_id"], row["contract_place"])
        if row["notice_type"] == "UK10":
            kept = [c for c in self.changes.get(place, []) if c["change_kind"] != "correction"]
            days = dict.fromkeys((c["changed_on"], c["change_kind"]) for c in kept) or {(None, ""): None}
            transfer = any(_RESTRUCTURING in (c["rationale_classes"] or "") for c in kept)
            for day, kind in days:
                yield published(row, change_kind=kind, changed_on=day, is_transfer=transfer)
            return
        if row["notice_type"] == "UK9":
            ratings = [k for k in self.kpis.get(place, []) if k["rating"] or k["observed"]]
            failures = self.failures.get(place, [])
            yield published(
                row,
                assesses=bool(ratings),
                fails=bool(failures),
                observed_from=min(
                    (k["observed_from_on"] for k in ratings if k["observed_from_on"]), default=None
                ),
                failed_on=min((f["decided_on"] for f in failures if f["decided_on"]), default=None),
            )
            return
        yield published(row, has_copy=bool(row["has_contract_copy"]))


def published(row: Row, **told: Any) -> Published:
    """A notice, with what is told of it beside its type, number and day."""
    return Published(str(row["notice_type"] or ""), str(row["release_id"]), row["published_on"], **told)


def _is_about(row: Row, noticed: Row) -> bool:
    if row["contract_id"] is not None:
        return bool(row["contract_id"] == noticed["contract_id"])
    return row["award_id"] is None or noticed["award_id"] is None or row["award_id"] == noticed["award_id"]


def _several(numbers: Iterable[tuple[object, ...]]) -> set[tuple[object, ...]]:
    seen: set[tuple[object, ...]] = set()
    twice: set[tuple[object, ...]] = set()
    for one in numbers:
        (twice if one in seen else seen).add(one)
    return twice

"""What the latest public notices say of each contract: details, then the latest change, end and assessment.

Does not belong here: the notices one by one (`notices`), the register (`register_notices`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.identifiers import KEY_COLUMNS, supplier_key, supplier_keys_of
from kcc_etl.schema.frames import empty, from_rows

LATER_NOTICES = frozenset({"UK9", "UK10", "UK11", "UK12"})
"""Notices about a contract that an earlier notice gave the details of: performance, change, two ends."""

_DETAILS = (
    "source_sha256", "source_file", "source_sheet", "source_row", "source_name", "ocid", "contract_id",
    "award_id", "release_id", "contract_place", "notice_type", "published_on", "tender_ref", "contract_title",
    "regime", "is_light_touch", "above_threshold", "supplier_name", "value_ex_vat_pence",
    "value_inc_vat_pence", "signed_on", "start_on", "end_on", "max_end_on", "kpi_count",
)  # fmt: skip
# In a change notice these speak about the change, in a termination notice about nothing.
_NOT_OF_LATER_NOTICES = ("start_on", "end_on", "max_end_on", "value_ex_vat_pence", "value_inc_vat_pence")

Row = dict[str, Any]
Place = tuple[object, object]


@dataclass(frozen=True)
class Supplier:
    """One supplier of a contract: its name, and every key it may be known by."""

    name: str | None
    keys: frozenset[str]


Suppliers = tuple[Supplier, ...]


def identities(company: object, charity: object, ppon: object, name: object) -> frozenset[str]:
    """Every key a supplier may be known by: each of its identifiers, and its folded name."""
    texts = [value if isinstance(value, str) else None for value in (company, charity, ppon, name)]
    return frozenset({*supplier_keys_of(*texts[:3]), supplier_key(None, None, None, texts[3])} - {"name:"})


def build_noticed_contracts(notices: pd.DataFrame, parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a contract of a procurement, by its latest details notice.

    A release that repeats the numbers of an earlier one is the same contract when it says that it updates
    it, or names the same supplier and day of signature; otherwise it is another contract: Find a Tender
    reuses numbers (hazards.md 1.1). An award is the contract that names it, once there is one. A later notice
    belongs to the one contract with its numbers; where several bear them, to none.
    """
    suppliers = _suppliers(parts[keys.CORE_NOTICE_SUPPLIER])
    rows = _in_order(notices)
    told = [row for row in rows if row["notice_type"] not in LATER_NOTICES and _numbered(row)]
    histories = _histories(told, suppliers)
    later = [row for row in rows if row["notice_type"] in LATER_NOTICES and _numbered(row)]
    for row in later:
        history = _belongs(row, histories)
        if history is None and not _same_numbers(row, histories):
            histories.append(_History({**row, **dict.fromkeys(_NOT_OF_LATER_NOTICES)}, row["release_id"]))
            history = histories[-1]
        if history is not None:
            history.later.append(row)
    events = {name: _by_place(parts[name]) for name in _EVENTS}
    found = [history.row(events, suppliers) for history in histories]
    return from_rows(found, keys.CORE_NOTICED) if found else empty(keys.CORE_NOTICED)


_EVENTS = (keys.CORE_NOTICE_CHANGE, keys.CORE_NOTICE_END, keys.CORE_NOTICE_KPI)


@dataclass
class _History:
    """One contract through its notices: the latest details, and what came later."""

    details: Row
    first_release_id: str
    suppliers: Suppliers = ()
    award_ids: set[object] = field(default_factory=set)
    later: list[Row] = field(default_factory=list)

    def row(
        self, events: Mapping[str, Mapping[Place, list[Row]]], suppliers: Mapping[Place, Suppliers]
    ) -> Row:
        known = {name: self.details[name] for name in _DETAILS}
        row = {**known, "first_release_id": self.first_release_id}
        row["supplier_release_id"] = self.details["release_id"]
        latest: Suppliers = self.suppliers
        former: Suppliers = ()
        for notice in [self.details, *self.later]:
            place = (notice["release_id"], notice["contract_place"])
            for change in events[keys.CORE_NOTICE_CHANGE].get(place, []):
                row.update(_changed(change, notice))
                moved = _moved(latest, suppliers.get(place, ()), change) if self._is_as_late(notice) else ()
                if moved:
                    former = _without((*former, *latest), _keys(moved))
                    latest = moved
                    row["supplier_name"] = _names(latest)
                    row["supplier_release_id"] = notice["release_id"]
            for end in events[keys.CORE_NOTICE_END].get(place, []):
                on = _first(end["ended_on"], notice["published_on"])
                reason = _first(end["end_classes"], end["end_reason"])
                row.update(ended_on=on, end_reason=reason, end_release_id=notice["release_id"])
            if notice["notice_type"] == "UK9" and events[keys.CORE_NOTICE_KPI].get(place):
                row["assessed_on"] = notice["published_on"]
        row.update(supplier_keys=_listed(latest), former_supplier_keys=_listed(former))
        row["former_supplier_name"] = _names(former)
        return row

    def _is_as_late(self, notice: Row) -> bool:
        """Whether the details are no younger than a notice about them."""
        days = (self.details["published_on"], notice["published_on"])
        return any(pd.isna(day) for day in days) or days[0] <= days[1]


def _moved(before: Suppliers, named: Suppliers, change: Row) -> Suppliers:
    """The suppliers after a change that was made; none when they stay, or when nobody is named.

    A change notice names them in its award, or those that come and those that go, or both.
    """
    if change["change_kind"] != "made":
        return ()
    gone, come = (_by_names(change[name]) for name in ("suppliers_removed", "suppliers_added"))
    stay = _without(named or before, _keys(gone))
    after = (*stay, *_without(come, _keys(stay)))
    stays = not _without(after, _keys(before)) and not _without(before, _keys(after))
    return () if stays else after


def _without(suppliers: Iterable[Supplier], keys: frozenset[str]) -> Suppliers:
    return tuple(supplier for supplier in suppliers if not supplier.keys & keys)


def _by_names(names: object) -> Suppliers:
    told = names.split("; ") if isinstance(names, str) else []
    return tuple(Supplier(name, identities(None, None, None, name)) for name in told)


def _keys(suppliers: Iterable[Supplier]) -> frozenset[str]:
    return frozenset(key for supplier in suppliers for key in supplier.keys)


def _listed(suppliers: Iterable[Supplier]) -> str | None:
    return "|".join(sorted(_keys(suppliers))) or None


def _names(suppliers: Iterable[Supplier]) -> str | None:
    return "; ".join(dict.fromkeys(supplier.name for supplier in suppliers if supplier.name)) or None


def _changed(change: Row, notice: Row) -> Row:
    """What a change gives; a change that was made may give its new value as that of the contract itself."""
    if change["change_kind"] == "correction":
        return {}
    made = change["change_kind"] == "made"
    basis = ("value_ex_vat_pence", "value_inc_vat_pence")
    own = {name: change[name] for name in basis}
    if made and all(pd.isna(value) for value in own.values()):
        own = {name: notice[name] for name in basis}
    ends = change["end_on"] if not made else _first(change["end_on"], notice["end_on"])
    given = {**{f"changed_{name}": value for name, value in own.items()}, "changed_end_on": ends}
    kind = {"change_kind": change["change_kind"], "change_release_id": notice["release_id"]}
    return {**kind, **{n: v for n, v in given.items() if not pd.isna(v)}}


def _histories(told: Iterable[Row], suppliers: Mapping[Place, Suppliers]) -> list[_History]:
    histories: list[_History] = []
    by_numbers: dict[tuple[object, object], list[_History]] = {}
    rows = list(told)
    for row in rows:
        if _text(row["contract_id"]):
            named = suppliers.get((row["release_id"], row["contract_place"]), ())
            same = by_numbers.setdefault((row["ocid"], row["contract_id"]), [])
            _tell(row, named, same, histories)
    by_award: dict[tuple[object, object], list[_History]] = {}
    contracts = list(histories)
    for row in rows:
        if not _text(row["contract_id"]):
            named = suppliers.get((row["release_id"], row["contract_place"]), ())
            if not _is_contract_already(row, named, contracts):
                same = by_award.setdefault((row["ocid"], row["award_id"]), [])
                _tell(row, named, same, histories)
    return histories


def _tell(row: Row, named: Suppliers, same: list[_History], histories: list[_History]) -> None:
    known = next((history for history in reversed(same) if _continues(row, named, history)), None)
    if known is None:
        known = _History(row, row["release_id"])
        same.append(known)
        histories.append(known)
    known.details = row
    known.suppliers = named or known.suppliers
    known.award_ids.add(row["award_id"])


def _continues(row: Row, named: Suppliers, history: _History) -> bool:
    before = history.details
    if before["release_id"] == row["release_id"]:
        return False
    same_supplier = _may_be_same(named, history.suppliers)
    if "Update" in (_text(row["release_tags"]) or ""):
        return same_supplier
    days = {day for day in (before["signed_on"], row["signed_on"]) if not pd.isna(day)}
    return same_supplier and len(days) < 2


def _is_contract_already(row: Row, named: Suppliers, contracts: list[_History]) -> bool:
    return any(
        history.details["ocid"] == row["ocid"]
        and row["award_id"] in history.award_ids
        and _may_be_same(named, history.suppliers)
        for history in contracts
    )


def _may_be_same(some: Suppliers, others: Suppliers) -> bool:
    return not some or not others or bool(_keys(some) & _keys(others))


def _belongs(row: Row, histories: list[_History]) -> _History | None:
    same = _same_numbers(row, histories)
    return same[0] if len(same) == 1 else None


def _same_numbers(row: Row, histories: list[_History]) -> list[_History]:
    number = _text(row["contract_id"])
    return [
        history
        for history in histories
        if history.details["ocid"] == row["ocid"]
        and (
            history.details["contract_id"] == number
            if number
            else row["award_id"] in {history.details["award_id"], *history.award_ids}
        )
    ]


def _in_order(notices: pd.DataFrame) -> list[Row]:
    named = notices.astype(object).where(notices.notna(), None)
    by = notices.sort_values(["published_on", "release_id", "contract_place"], kind="stable").index
    return [{str(name): value for name, value in row.items()} for row in named.loc[by].to_dict("records")]


def _by_place(part: pd.DataFrame) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    plain = part.astype(object).where(part.notna(), None)
    for row in plain.sort_values("part_number", kind="stable").to_dict("records"):
        found.setdefault((row["release_id"], row["contract_place"]), []).append(
            {str(name): value for name, value in row.items()}
        )
    return found


def _suppliers(part: pd.DataFrame) -> dict[Place, Suppliers]:
    found: dict[Place, Suppliers] = {}
    for release, place, *given in part[["release_id", "contract_place", *KEY_COLUMNS]].itertuples(
        index=False, name=None
    ):
        known = found.get((release, place), ())
        found[(release, place)] = (*known, Supplier(_text(given[-1]), identities(*given)))
    return found


def _numbered(row: Row) -> bool:
    return bool(_text(row["contract_id"]) or _text(row["award_id"]))


def _first(*values: object) -> object:
    return next((value for value in values if not pd.isna(value)), None)  # type: ignore[call-overload]  # one cell


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

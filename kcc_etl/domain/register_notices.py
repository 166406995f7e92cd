"""Which contract of the register is which contract of the public notices; an unclear match is not guessed.

Does not belong here: what the two disagree on (`disagreements`), building either side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.disagreements import compare, value_agrees
from kcc_etl.domain.identifiers import KEY_COLUMNS
from kcc_etl.domain.noticed_contracts import identities
from kcc_etl.domain.sameness import Settled
from kcc_etl.schema.frames import empty, from_rows

Row = dict[str, Any]
Pair = tuple[int, int]
Keys = Callable[[Row], Iterator[Hashable]]

_LOCATOR = ("source_sha256", "source_file", "source_sheet", "source_row", "source_name")
_OF_NOTICE = ("ocid", "contract_id", "award_id", "first_release_id", "release_id")

_TOLD_BY = {
    "supplier_name": "supplier_release_id",
    "ended_on": "end_release_id",
    "changed_end_on": "change_release_id",
    "changed_value_ex_vat_pence": "change_release_id",
    "changed_value_inc_vat_pence": "change_release_id",
}
"""Which notice gives a fact that the details notice does not."""


@dataclass(frozen=True)
class Joined:
    """`matches` is the table of register contracts with their notices, `disagreements` that of facts."""

    matches: pd.DataFrame
    disagreements: pd.DataFrame


@dataclass(frozen=True)
class _Step:
    name: str
    register_keys: Keys
    notice_keys: Keys
    also: Callable[[Row, Row], bool] = lambda _register, _notice: True


def join_register_and_notices(
    contracts: pd.DataFrame, noticed: pd.DataFrame, suppliers: pd.DataFrame | None = None
) -> Joined:
    """Register contracts with noticed contracts, and every fact on which a matched pair disagrees.

    In order: OCID and contract identifier; OCID; the contract reference as the notice's local reference;
    value within 1%, a date and the supplier. The last two are for contracts without an OCID. Where several
    fit, the supplier and then the value decide; where they leave several, every candidate is listed as
    ambiguous and nothing is compared. Rows come by contract reference, whatever the order they were given in.
    Suppliers are the same by any key, as the table `suppliers` of identifiers and decisions settles it.
    """
    settled = Settled(suppliers)
    ours, theirs = _rows(contracts, settled), _rows(noticed, settled)
    matches: list[Row] = []
    facts: list[Row] = []
    for (one, other), (step, is_ambiguous) in sorted(_pairs(ours, theirs).items(), key=lambda p: p[0]):
        register, notice = ours[one], theirs[other]
        place = {name: register[name] for name in (*_LOCATOR, "contract_ref")}
        compared: list[str] = []
        if not is_ambiguous:
            for fact in compare(register, notice):
                compared.append(fact.field)
                if fact.differs:
                    told_by = {"release_id": notice[_TOLD_BY.get(fact.field, "release_id")]}
                    facts.append({**place, **{n: notice[n] for n in _OF_NOTICE}, **told_by, **fact.row()})
        matches.append(
            {
                **place,
                **{name: notice[name] for name in _OF_NOTICE},
                "matched_by": step,
                "is_ambiguous": is_ambiguous,
                "compared_fields": "|".join(compared) or None,
            }
        )
    return Joined(_frame(matches, keys.CORE_REGISTER_NOTICE), _frame(facts, keys.CORE_DISAGREEMENT))


def _pairs(ours: list[Row], theirs: list[Row]) -> dict[Pair, tuple[str, bool]]:
    found: dict[Pair, tuple[str, bool]] = {}
    left_ours, left_theirs = set(range(len(ours))), set(range(len(theirs)))
    for step in _STEPS:
        candidates = _candidates(step, ours, theirs, left_ours, left_theirs)
        clear, unclear = _settle(candidates, ours, theirs)
        found.update(dict.fromkeys(clear, (step.name, False)))
        found.update(dict.fromkeys(unclear, (step.name, True)))
        left_ours -= {one for one, _ in clear | unclear}
        left_theirs -= {other for _, other in clear | unclear}
    return found


def _candidates(
    step: _Step, ours: list[Row], theirs: list[Row], left_ours: set[int], left_theirs: set[int]
) -> set[Pair]:
    by_key: dict[Hashable, set[int]] = {}
    for other in left_theirs:
        for key in step.notice_keys(theirs[other]):
            by_key.setdefault(key, set()).add(other)
    return {
        (one, other)
        for one in left_ours
        for key in step.register_keys(ours[one])
        for other in by_key.get(key, ())
        if step.also(ours[one], theirs[other])
    }


def _settle(candidates: set[Pair], ours: list[Row], theirs: list[Row]) -> tuple[set[Pair], set[Pair]]:
    """Pairs that are each other's only candidate, at first, by supplier, then by value; and the rest."""
    clear: set[Pair] = set()
    left = set(candidates)
    for fits in (lambda _one, _other: True, _same_supplier, value_agrees):
        left = _kept(left, ours, theirs, fits)
        times_ours, times_theirs = Counter(one for one, _ in left), Counter(other for _, other in left)
        alone = {(a, b) for a, b in left if times_ours[a] == times_theirs[b] == 1}
        clear |= alone
        left -= alone
    return clear, left


def _kept(left: set[Pair], ours: list[Row], theirs: list[Row], fits: Callable[[Row, Row], bool]) -> set[Pair]:
    """The candidates that fit; a contract none of whose candidates fits keeps them all."""
    fitting = {(a, b) for a, b in left if fits(ours[a], theirs[b])}
    told_ours, told_theirs = {a for a, _ in fitting}, {b for _, b in fitting}
    return fitting | {(a, b) for a, b in left if a not in told_ours and b not in told_theirs}


def _same_supplier(register: Row, notice: Row) -> bool:
    return bool(register["identities"] & (notice["identities"] | notice["former"]))


def _by_number(row: Row) -> Iterator[Hashable]:
    if _text(row["ocid"]) and _text(row["contract_id"]):
        yield (row["ocid"], row["contract_id"])


def _by_ocid(row: Row) -> Iterator[Hashable]:
    if _text(row["ocid"]):
        yield row["ocid"]


def _by_reference(row: Row) -> Iterator[Hashable]:
    if not _text(row["ocid"]) and (reference := _folded(row["contract_ref"])):
        yield reference


def _by_local_reference(row: Row) -> Iterator[Hashable]:
    if reference := _folded(row["tender_ref"]):
        yield reference


def _by_supplier(row: Row) -> Iterator[Hashable]:
    if not _text(row["ocid"]):
        yield from row["identities"]


def _by_noticed_supplier(row: Row) -> Iterator[Hashable]:
    # A register that still shows the supplier before a change is told so, not left without its notice.
    yield from row["identities"] | row["former"]


def _value_and_a_date(register: Row, notice: Row) -> bool:
    days = ("start_on", "signed_on")
    same_day = any(register[day] is not None and register[day] == notice[day] for day in days)
    return same_day and value_agrees(register, notice)


_STEPS = (
    _Step("OCID and contract identifier", _by_number, _by_number),
    _Step("OCID", _by_ocid, _by_ocid),
    _Step("contract reference", _by_reference, _by_local_reference),
    _Step("value, date and supplier", _by_supplier, _by_noticed_supplier, _value_and_a_date),
)


def _rows(frame: pd.DataFrame, settled: Settled) -> list[Row]:
    by = ["contract_ref"] if "contract_ref" in frame else list(_OF_NOTICE)
    plain = frame.sort_values(by, kind="stable", na_position="first")
    plain = plain.astype(object).where(plain.notna(), None)
    return [_known_by({str(k): v for k, v in row.items()}, settled) for row in plain.to_dict("records")]


def _known_by(row: Row, settled: Settled) -> Row:
    if "supplier_keys" in row:
        own, former = (_split(row[name]) for name in ("supplier_keys", "former_supplier_keys"))
        return {**row, "identities": settled.known_as(own), "former": settled.known_as(former)}
    own = identities(*(row[column] for column in KEY_COLUMNS))
    return {**row, "identities": settled.known_as(own)}


def _frame(rows: list[Row], table: str) -> pd.DataFrame:
    return from_rows(rows, table) if rows else empty(table)


def _split(listed: object) -> frozenset[str]:
    return frozenset(listed.split("|")) if isinstance(listed, str) else frozenset()


def _folded(value: object) -> str:
    return "".join(value.casefold().split()) if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""The identifier of the supplier paid: its register's, its notice's, else the number it is known by.

Does not belong here: who may be named (`redaction`), which payments are published (`publication`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kcc_etl.domain.duties.tables import Row, plain
from kcc_etl.domain.identifiers import read_ppon, supplier_keys_of
from kcc_etl.domain.names import fold_name

_ORGANISATION = "GB-"
_SAID_BY = ("published_on", "release_id")


def identifiers_of_paid(paid: pd.DataFrame, suppliers: pd.DataFrame) -> pd.Series:
    """The identifier of each supplier paid, with its scheme; None where it is redacted or none is known.

    `paid` are payments with what the register says of their contract: its numbers, the `supplier_ppon`, and
    the supplier, in columns that end in `_of_contract`. In order: the register's identifier, beside the name
    of the contract's own supplier alone; that of the latest notice of the same procurement and contract that
    names the supplier paid, if it bears no other number of it; else the company or charity number by which
    the supplier is known. `suppliers` are those of the notices.
    Source: PR24 reg 8, reg 38A(2) item 12, reg 38A(3).
    """
    noticed = _by_contract(suppliers)
    found = [_identifier(row, noticed.get((row["ocid"], row["contract_id"]), ())) for row in plain(paid)]
    return pd.Series(found, index=paid.index, dtype=object)


def shown_identifier(identifier: str) -> str:
    """An identifier of the platform with its scheme, as the platform shows it; any other as it is."""
    number = read_ppon(identifier).number
    return f"GB-PPON-{number}" if number else identifier


def _identifier(row: Row, noticed: Iterable[Row]) -> str | None:
    if row["payee_reason"] is not None:
        return None
    if row["supplier_ppon"] is not None and _is_same(row, "_of_contract", row):
        return shown_identifier(row["supplier_ppon"])
    told = _of_notice(row, noticed)
    key = str(row["supplier_key"] or "")
    own = key.replace(":", "-", 1) if key.startswith(_ORGANISATION) else None
    return shown_identifier(told) if told else own


def _of_notice(row: Row, noticed: Iterable[Row]) -> str | None:
    """The platform's identifier by the latest notice that gives one; None where it gives the supplier two."""
    named = [one for one in noticed if one["supplier_ppon"] and _is_same(row, "", one) and _agrees(row, one)]
    last = max(map(_said, named), default=None)
    told = {str(one["supplier_ppon"]) for one in named if _said(one) == last}
    return told.pop() if len(told) == 1 else None


def _said(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in _SAID_BY)


def _is_same(paid: Row, ending: str, other: Row) -> bool:
    """Whether the supplier paid is the other, by key or folded name; two numbers of a register are two."""
    key, their_key = (str(one or "") for one in (paid["supplier_key"], other[f"supplier_key{ending}"]))
    if key and key == their_key:
        return True
    if key.startswith(_ORGANISATION) and key.partition(":")[0] == their_key.partition(":")[0]:
        return False
    folded = fold_name(paid["supplier_name"])
    return bool(folded) and folded == fold_name(other[f"supplier_name{ending}"])


def _agrees(paid: Row, noticed: Row) -> bool:
    """Whether the notice gives no other number of the register that the supplier paid is known by."""
    key = str(paid["supplier_key"] or "")
    told = supplier_keys_of(noticed["supplier_company_number"], noticed["supplier_charity_number"], None)
    scheme = key.partition(":")[0]
    return all(one == key for one in told if one.partition(":")[0] == scheme)


def _by_contract(suppliers: pd.DataFrame) -> Mapping[tuple[Any, Any], list[Row]]:
    """Suppliers of notices by procurement and contract; without both identifiers they are of none."""
    found: dict[tuple[Any, Any], list[Row]] = {}
    for row in plain(suppliers):
        if row["ocid"] is not None and row["contract_id"] is not None:
            found.setdefault((row["ocid"], row["contract_id"]), []).append(row)
    return found

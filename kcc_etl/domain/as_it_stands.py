"""Every contract as it stands: the register with the changes that officers have decided and it lacks.

Does not belong here: which changes count (`counted_changes`), what a contract was worth before them
(`duties.awarded`), its end as it was known on another day (`known_ends`), changes that only notices tell of.

A register may show a contract before its changes, after some or after all. It is moved by what it lacks: from
the value nearest to its own, of those that the contract had before and after each change, to the last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.changes import EARLY_END, EXTENSION, Change, end_as_changed, original_pence, standing
from kcc_etl.domain.counted_changes import after_the_early_end, records_that_count, values_shown
from kcc_etl.domain.duties.awarded import Value
from kcc_etl.domain.money import round_half_up

Row = Mapping[Any, Any]

_NET, _GROSS, _LOST = "value_ex_vat_pence", "value_inc_vat_pence", "irrecoverable_vat_pence"
_READ = [
    "contract_ref", "start_on", "end_on", "max_end_on", _NET, _GROSS, _LOST, "options_value_ex_vat_pence",
]  # fmt: skip


def contracts_as_they_stand(contracts: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The contracts with the end, the latest end and the values that they have after their changes; pence.

    `decisions` are those known on the day spoken about: what is decided counts though it takes effect later,
    what takes effect after an early end does not. VAT moves by the share that it has of the value. The latest
    end is never before the end; no extension is left after an early end. An extension that the contract
    provides for adds nothing to a value that holds its options. An early end moves no value: decisions give
    none. Source: social-value policy parameters, section 8.6; PA23 Schedule 3 para 1.
    """
    records = records_that_count(contracts, decisions)
    changed = contracts.loc[contracts["contract_ref"].isin(list(records)), _READ]
    made = contracts.copy()
    for place, row in zip(changed.index, changed.to_dict("records"), strict=True):
        for name, value in _moved(row, records[str(row["contract_ref"])]).items():
            made.loc[place, name] = value
    return made


def _moved(contract: Row, recorded: Sequence[Change]) -> dict[str, Any]:
    """The cells of a contract that its changes move; an empty one stays empty."""
    changes = standing(recorded)
    cells: dict[str, Any] = {}
    if pd.notna(contract["end_on"]):
        end = pd.Timestamp(end_as_changed(contract["end_on"].date(), changes))
        is_over = any(change.kind == EARLY_END for change in changes)
        cells["end_on"] = end
        if pd.notna(contract["max_end_on"]):
            cells["max_end_on"] = end if is_over else max(end, contract["max_end_on"])
    return cells | _values(contract, _lacking(contract, recorded))


def _values(contract: Row, pence: int) -> dict[str, int]:
    """The values moved by pence excluding VAT."""
    if not pence:
        return {}
    net, gross, lost = (_pence(contract[name]) for name in (_NET, _GROSS, _LOST))
    value = Value(gross, net).moved(pence)
    cells = {_NET: value.net, _GROSS: value.gross}
    if lost and net:
        cells[_LOST] = lost + int(round_half_up(Fraction(lost * pence, net)))
    return {name: cell for name, cell in cells.items() if cell is not None}


def _lacking(contract: Row, recorded: Sequence[Change]) -> int:
    """By how much the value that the register shows is short of that after every change: pence excluding VAT.

    Its value is taken to be without its options, or with them, whichever is nearer to what the decisions say;
    of two values as near the later is the register's, so that no change counts twice.
    """
    changes = standing(recorded)
    original = original_pence(changes)
    if original is None or pd.isna(contract[_NET]):
        return 0
    over = after_the_early_end(changes)
    counted = [change for change in changes if change.decision_id not in over]
    unplanned = [change for change in counted if not _is_planned(contract, change)]
    found = []
    for basis, shown in enumerate(values_shown(contract, changes)):
        values = list(_so_far(original, unplanned if basis else counted, recorded))
        found += [
            (abs(value - shown), basis, -place, values[-1] - value) for place, value in enumerate(values)
        ]
    return min(found)[-1]


def _so_far(original: int, changes: Sequence[Change], recorded: Sequence[Change]) -> Iterator[int]:
    """The value before the changes and after each, in order, with those of changes corrected since."""
    yield original
    value = original
    for change in changes:
        same = [one for one in recorded if (one.kind, one.effective_on) == (change.kind, change.effective_on)]
        yield from (value + one.after_pence - one.before_pence for one in same if one != change)
        value += change.after_pence - change.before_pence
        yield value


def _is_planned(contract: Row, change: Change) -> bool:
    """Whether the contract provides for an extension, so that its options hold what it is worth."""
    latest = contract["max_end_on"]
    return (
        change.kind == EXTENSION
        and change.new_end_on is not None
        and pd.notna(latest)
        and change.new_end_on <= latest.date()
    )


def _pence(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)

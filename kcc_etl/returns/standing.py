"""`kcc-etl returns status`: of each contract what is owed for a quarter, what came and what became of it.

Does not belong here: the rules of it (`kcc_etl.domain`: `returns`, `lateness`), showing it (`returns_cli`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kcc_etl.domain.lateness import late_returns
from kcc_etl.domain.periods import Period, is_period, parse_period
from kcc_etl.domain.returns import MISSING, NIL, NOT_DUE, RECEIVED, REFUSED
from kcc_etl.parameters.model import Parameters
from kcc_etl.returns.owed import Owed, Register, owing, read_register
from kcc_etl.warehouse.store import Warehouse

AWAITED, NOT_ASKED = "awaited", "not asked"
STATES = (RECEIVED, NIL, MISSING, REFUSED, AWAITED, NOT_ASKED)


@dataclass(frozen=True)
class Arrival:
    """One return that landed for the quarter, and the rules that held it or some of its lines."""

    file: str
    landed_on: date
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How the return of one contract stands: its state, and the files that came for it, the first first.

    `late_days` is how long after the last day the first came; None when it was in time, or when nobody can
    say because it landed on the first day of the ledger.
    """

    owed: Owed
    state: str
    arrivals: tuple[Arrival, ...]
    late_days: int | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether a later file took the place of an earlier one."""
        return len(self.arrivals) > 1


@dataclass(frozen=True)
class Status:
    """How the returns of a quarter stand, contract by contract.

    `unplaced` are files of returns, of any quarter, that nobody's account holds: they name no contract that
    has a target, or no period that can be read.
    """

    standings: tuple[Standing, ...]
    unplaced: tuple[str, ...]

    @property
    def needs_attention(self) -> bool:
        """Whether a return is missing after its last day."""
        return any(one.state == MISSING for one in self.standings)


def status_of(store: Warehouse, parameters: Parameters, period: Period, as_of: date) -> Status:
    """How the return of every contract with a target stands for the quarter, on a day."""
    register = read_register(store, parameters, as_of)
    ledger = store.read("ledger")
    receipts = store.read("receipt")
    receipts = receipts[(receipts["kind"] == "returns") & (receipts["fate"] != "excluded")]
    late = late_returns(receipts, ledger, register.book.terms, period).late
    came = _arrivals(receipts, ledger, store.read("set_aside"), register, period)
    owed = owing(register, period)
    placed = receipts["contract_ref"].isin([one.contract_ref for one in owed]) & receipts["period"].notna()
    return Status(
        tuple(
            _standing(one, register, came.get(one.contract_ref, ()), period, is_late=one.contract_ref in late)
            for one in owed
        ),
        tuple(sorted(map(str, receipts.loc[~placed, "source_file"]))),
    )


def _standing(
    owed: Owed, register: Register, came: tuple[Arrival, ...], period: Period, *, is_late: bool
) -> Standing:
    state = register.book.account(owed.contract_ref, period).status
    if state == NOT_DUE:
        state = AWAITED if owed.is_owed else NOT_ASKED
    days = None
    if is_late and owed.send_by is not None and came:
        days = (came[0].landed_on - owed.send_by).days
    return Standing(owed, state, came, days)


def _arrivals(
    receipts: pd.DataFrame, ledger: pd.DataFrame, set_aside: pd.DataFrame, register: Register, period: Period
) -> dict[str, tuple[Arrival, ...]]:
    """The returns that landed for the quarter, by contract."""
    terms = register.book.terms
    file = ["source_sha256", "source_name", "source_file"]
    landed = receipts.merge(ledger[[*file, "landed_on", "sequence"]], on=file)
    held: dict[tuple[str, ...], set[str]] = {}
    for *key, rule, fate in set_aside[[*file, "rule_id", "fate"]].itertuples(index=False, name=None):
        if fate == "quarantined":
            held.setdefault(tuple(key), set()).add(rule)
    found: dict[str, list[Arrival]] = {}
    known = landed.dropna(subset=["contract_ref", "period"]).sort_values(
        ["landed_on", "sequence"], kind="stable"
    )
    for row in known.drop_duplicates(file).to_dict("records"):
        ref, day = str(row["contract_ref"]), row["landed_on"].date()
        if not is_period(row["period"]) or terms.counted_in(ref, parse_period(row["period"]), day) != period:
            continue
        rules = {*held.get(tuple(row[name] for name in file), set()), *_rule_of(row["rule_id"])}
        found.setdefault(ref, []).append(Arrival(str(row["source_file"]), day, tuple(sorted(rules))))
    return {ref: tuple(came) for ref, came in found.items()}


def _rule_of(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value

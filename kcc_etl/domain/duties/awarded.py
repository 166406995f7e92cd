"""The value a contract was awarded with, which decides its duties; later changes are added to it once.

Does not belong here: which recorded changes count (`kcc_etl.domain.counted_changes`), how they add up
(`change`), the value that a register shows today.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from kcc_etl.domain.asked import awarded_pence
from kcc_etl.domain.changes import original_pence
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.disagreements import DEFAULT_PENCE, TOLERANCE_PERCENT
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.money import pounds_display, round_half_up

_VALUES = ("value_inc_vat_pence", "value_ex_vat_pence")


@dataclass(frozen=True)
class Value:
    """A value in pence, including and excluding VAT; None is what is not known."""

    gross: int | None = None
    net: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is known on either basis."""
        return self.gross is not None or self.net is not None

    @property
    def has_vat_share(self) -> bool:
        """Whether it is known how much VAT there is in it."""
        return self.gross is not None and self.net is not None and self.net > 0

    def completed(self, shown: Value) -> Value:
        """The value, a basis that is missing taken by the share of VAT in another value of the contract."""
        if not shown.gross or not shown.net:
            return self
        if self.gross is None and self.net is not None:
            return Value(_part(self.net, shown.gross, shown.net), self.net)
        if self.net is None and self.gross is not None:
            return Value(self.gross, _part(self.gross, shown.net, shown.gross))
        return self

    def moved(self, net_pence: int) -> Value:
        """The value after a change by pence excluding VAT, to which its share of VAT is added.

        Where that share is not known no VAT is added, and the value including VAT is out by it.
        """
        if not self.has_vat_share or self.net is None or self.gross is None:
            return Value(
                None if self.gross is None else self.gross + net_pence,
                None if self.net is None else self.net + net_pence,
            )
        return Value(self.gross + _part(net_pence, self.gross, self.net), self.net + net_pence)


def values_before_changes(contracts: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, int]:
    """What contracts were worth before the changes that decisions record: pence excluding VAT, with options.

    Whether the register shows a contract before its changes or after, the figure is that of its targets.
    Contracts without a recorded change are not among them.
    """
    changes = changes_that_count(contracts, decisions)
    changed = contracts.loc[contracts["contract_ref"].isin(list(changes))]
    return {
        str(row["contract_ref"]): awarded_pence(row, changes)
        for row in changed.to_dict("records")
        if original_pence(changes[str(row["contract_ref"])]) is not None
    }


def contracts_as_awarded(contracts: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The contracts with the values they were awarded with, before the changes that decisions record; pence.

    A basis that is not known of a value at award stays empty. The value that a notice of award gives is not
    known here: where it is another one, the list of duties takes it and names the disagreement.
    """
    made = contracts.copy()
    before = values_before_changes(contracts, decisions)
    changed = contracts.loc[contracts["contract_ref"].isin(list(before)), ["contract_ref", *_VALUES]]
    for place, (ref, *values) in zip(changed.index, changed.itertuples(index=False, name=None), strict=True):
        shown = Value(*(None if pd.isna(pence) else int(pence) for pence in values))
        awarded, _ = value_at_award(shown, Value(), before[str(ref)])
        for name, pence in zip(_VALUES, (awarded.gross, awarded.net), strict=True):
            made.loc[place, name] = pd.NA if pence is None else pence
    return made


def value_at_award(shown: Value, notice: Value, before_changes: int | None) -> tuple[Value, str]:
    """The value at award, and what is in doubt about it.

    As its notice of award or details gives it; else as it was before the recorded changes; else as the
    register shows it.
    """
    register = shown if before_changes is None else Value(None, before_changes).completed(shown)
    if not notice.is_known:
        return register, ""
    told = notice.completed(shown)
    for theirs, ours in ((told.gross, register.gross), (told.net, register.net)):
        if theirs is not None and ours is not None:
            return told, _disagreement(theirs, ours)
    return told, ""


def value_of_notice(noticed: Row) -> Value:
    """What the notices give as the value at award; £1 or less is a default and no value."""
    gross, net = (noticed.get(f"value_{basis}_vat_pence") for basis in ("inc", "ex"))
    return Value(*(pence if pence is not None and pence > DEFAULT_PENCE else None for pence in (gross, net)))


def _disagreement(theirs: int, ours: int) -> str:
    if 100 * abs(theirs - ours) <= TOLERANCE_PERCENT * abs(ours):
        return ""
    amounts = f"{pounds_display(theirs)} at award, register and decisions {pounds_display(ours)}"
    return f"its notice gives {amounts}; the notice is taken"


def _part(pence: int, share: int, whole: int) -> int:
    return int(round_half_up(Fraction(pence * share, whole)))

"""Small and medium-sized or not, by each of the two definitions that bind the council.

Does not belong here: figures of the definitions (`kcc_etl.parameters.statutory`), relief by size (policy).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kcc_etl.domain.places import NO, UNKNOWN, YES
from kcc_etl.parameters.statutory import Statutory

SMALL = frozenset({"micro", "small", "medium", "sme"})
LARGE = frozenset({"large"})


@dataclass(frozen=True)
class Smallness:
    """Whether a supplier is a small or medium-sized enterprise: yes, no or unknown.

    `by_act`: Procurement Act 2023 s.123(1). `by_code`: Transparency Code 2015, by number of employees alone.
    """

    by_act: str = UNKNOWN
    by_code: str = UNKNOWN


def smallness(
    stated: str | None,
    law: Statutory,
    *,
    staff: int | None = None,
    turnover_pence: int | None = None,
    balance_sheet_pence: int | None = None,
) -> Smallness:
    """What a stated size or stated figures allow to conclude; figures go before words. Money in pence.

    A register and a notice under the Act state the size in the Act's terms. Who is small by the Act has fewer
    than 250 staff and is small by the Code too. Who is large by the Act may have fewer than 250 staff with a
    high turnover and balance sheet: by the Code that is unknown.
    """
    by_figures = Smallness(
        _by_act(law, staff, turnover_pence, balance_sheet_pence),
        _answer(staff, law.small_by_code.fewer_staff_than),
    )
    word = stated.strip().casefold() if isinstance(stated, str) else ""
    by_word = Smallness(YES, YES) if word in SMALL else Smallness(NO) if word in LARGE else Smallness()
    return Smallness(
        by_word.by_act if by_figures.by_act == UNKNOWN else by_figures.by_act,
        by_word.by_code if by_figures.by_code == UNKNOWN else by_figures.by_code,
    )


def stated_size(words: Iterable[str | None]) -> str:
    """The size that all who state one agree on; `sme` when they differ in degree only; otherwise unknown."""
    known = {word.strip().casefold() for word in words if isinstance(word, str)} & (SMALL | LARGE)
    if len(known) == 1:
        return known.pop()
    exact = known - {"sme"}
    if known and known <= SMALL:
        return exact.pop() if len(exact) == 1 else "sme"
    return UNKNOWN


def sizes_contradict(words: Iterable[str | None]) -> bool:
    """Whether one source states a small or medium size and another a large one."""
    known = {word.strip().casefold() for word in words if isinstance(word, str)}
    return bool(known & SMALL) and bool(known & LARGE)


def _by_act(law: Statutory, staff: int | None, turnover: int | None, balance: int | None) -> str:
    act = law.small_by_act
    few = _answer(staff, act.fewer_staff_than)
    money = (
        _answer(turnover, act.turnover_at_most_pence + 1),
        _answer(balance, act.balance_sheet_at_most_pence + 1),
    )
    little = YES if YES in money else NO if money == (NO, NO) else UNKNOWN
    if NO in (few, little):
        return NO
    return YES if (few, little) == (YES, YES) else UNKNOWN


def _answer(figure: int | None, limit: int) -> str:
    """Whether a figure is below a limit; unknown without the figure."""
    if figure is None:
        return UNKNOWN
    return YES if figure < limit else NO

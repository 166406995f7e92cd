"""Sign-offs: an officer answers for exactly these figures of a period, so that they may be published.

Does not belong here: whether the gate is open (`kcc_etl.gate`), making the final version (`reports`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kcc_etl.domain.decisions import decisions_known, in_order
from kcc_etl.domain.overrides import plain_words
from kcc_etl.domain.waivers import Row
from kcc_etl.parameters.sign_off import SignOff

SIGN_OFF = "sign-off"
FEWEST_DIGITS = 12


@dataclass(frozen=True, order=True)
class SignedOff:
    """One sign-off that holds; `digits` begin the digest of the figures signed.

    Role and reason are words of the lists, so they may be published.
    """

    decided_on: date
    decision_id: str
    digits: str
    role: str
    reason: str

    def stands_for(self, figures: str) -> bool:
        """Whether it was given for the figures of this digest."""
        return len(self.digits) >= FEWEST_DIGITS and figures.startswith(self.digits)


def sign_off_fault(decision: Row, allowed: SignOff) -> str:
    """Why a sign-off publishes nothing; empty when role and reason are of the lists. Rule DC-025."""
    if not _listed(decision["role"], allowed.roles):
        return f"the role {decision['role']} may not sign a publication off"
    return "" if _listed(decision["reason_code"], allowed.reason_codes) else "the reason is not of the list"


def sign_offs_of(
    decisions: pd.DataFrame, period: str, as_of: date, allowed: SignOff
) -> tuple[SignedOff, ...]:
    """The sign-offs of a period that hold on the day spoken about, oldest first."""
    known = decisions_known(decisions, as_of)
    mine = known[(known["decision_kind"] == SIGN_OFF) & (known["subject"] == period)]
    return tuple(
        SignedOff(
            decided_on=row["decided_on"].date(),
            decision_id=str(row["decision_id"]),
            digits=str(row["other_subject"]).strip().lower(),
            role=_listed(row["role"], allowed.roles),
            reason=_listed(row["reason_code"], allowed.reason_codes),
        )
        for row in in_order(mine).to_dict("records")
        if not sign_off_fault(row, allowed)
    )


def _listed(text: object, words: Iterable[str]) -> str:
    """The word of a list that was meant, as the list writes it; empty for none."""
    return next((word for word in words if plain_words(word) == plain_words(text)), "")

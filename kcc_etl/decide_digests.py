"""Whether a digest that an officer signs or approves is that of a draft, or of a notice, that there is.

Does not belong here: what a sign-off publishes (`kcc_etl.domain.sign_off`), other notes (`decide_notes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from kcc_etl.domain.compliance_approval import COMPLIANCE_APPROVAL
from kcc_etl.domain.sign_off import FEWEST_DIGITS, SIGN_OFF
from kcc_etl.domain.waivers import Row
from reports.placing import figures_of, kept_figures


def notes_on_digest(decision: Row, drafts: Path, notices: pd.DataFrame) -> Iterator[str]:
    """What to know of the digest that a sign-off or approval names; nothing of other kinds.

    `drafts` is the folder of the packs, `notices` the compliance notices of the last night.
    """
    if decision["decision_kind"] == SIGN_OFF:
        yield from _of_sign_off(str(decision["subject"]), _digits(decision["other_subject"]), drafts)
    elif decision["decision_kind"] == COMPLIANCE_APPROVAL:
        yield from _of_approval(str(decision["period"]), _digits(decision["subject"]), notices)


def _of_sign_off(period: str, digits: str, drafts: Path) -> Iterator[str]:
    stands = figures_of(drafts / period)
    if not stands:
        yield f"There is no draft of {period}: nothing is published on this until one has these figures."
    elif not stands.startswith(digits):
        former = any(one.startswith(digits) for one in kept_figures(drafts, period))
        of = "are those of a former draft" if former else "are those of no draft"
        yield (
            f"The figures {digits[:FEWEST_DIGITS]} {of} of {period}; the draft that stands has "
            f"{stands[:FEWEST_DIGITS]}: nothing is published on this."
        )


def _of_approval(half: str, digits: str, notices: pd.DataFrame) -> Iterator[str]:
    of_half = (notices["form_field"] == "figures_digest") & (notices["reporting_half"] == half)
    numbers = sorted(set(notices.loc[of_half, "form_value"].dropna().astype(str)))
    if not numbers:
        yield f"There is no compliance notice of {half}: this approves nothing until one has these figures."
    elif not any(number.startswith(digits) for number in numbers):
        yield (
            f"No compliance notice of {half} has the number {digits}, which is {' or '.join(numbers)} by the "
            "last night: this approves nothing."
        )


def _digits(text: object) -> str:
    return str(text).strip().lower()

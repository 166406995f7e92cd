"""What judging one rule came to: how many rows it spoke about and which are at fault, or why it cannot say.

Does not belong here: judging (`checks.runner`, `checks.expectations`), findings (`checks.evidence`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kcc_etl.domain.findings import shorten

_PLAIN_ERRORS: dict[type[Exception], str] = {
    KeyError: "a table or column that it needs is not there",
    AttributeError: "a value is not of the type it needs",
    TypeError: "a value is not of the type it needs",
    ValueError: "a value is not of the form it needs",
    ArithmeticError: "a calculation has no result",
    MemoryError: "there is not memory enough",
}
_AGAIN = "Run the night again, which makes the table anew; if that does not help, report this"
_DETAIL_LIMIT = 200


@dataclass(frozen=True)
class Fault:
    """One fault: the row by its position (None: the table as a whole) and the column at fault.

    `found` and `subject` replace what the row itself would show.
    """

    position: int | None
    field: str = ""
    found: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Judgement:
    """Rows a rule applied to, and its faults in rows of the table `on` (the rule's own when empty).

    `reason` says why nothing applied, `error` why the rule could not be judged; then nothing else counts.
    """

    applied: int = 0
    faults: Sequence[Fault] = ()
    on: str = ""
    reason: str = ""
    error: str = ""


def could_not(why: str, detail: str = "", *, remedy: str = _AGAIN) -> Judgement:
    """The judgement of a rule that could not be judged: why, in plain words, and what to do."""
    brackets = f" ({shorten(detail, _DETAIL_LIMIT)})" if detail else ""
    return Judgement(error=f"the rule could not be worked out: {why}{brackets}. {remedy}")


def broken_by(error: Exception) -> Judgement:
    """The judgement of a rule that an error broke."""
    plain = next((text for kind, text in _PLAIN_ERRORS.items() if isinstance(error, kind)), "it broke")
    said = str(error).strip()
    return could_not(plain, f"{type(error).__name__}: {said}" if said else type(error).__name__)

"""Kinds of decisions that duties rest on, and what each has to say.

Does not belong here: reading decisions (`kcc_etl.intake`), what they do to a duty (`books`).
"""

from __future__ import annotations

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.duty import COUNCIL

DUTY_DONE, BREACH, POOR_PERFORMANCE, NOVATION = "duty done", "breach", "poor performance", "novation"
"""`duty done` names the duty in `other_subject`, its occasion in `period` and the day in `effective_on`; the
other three name the day in `effective_on`."""
DIRECT_AWARD = "direct award"
"""Says in its reason on which ground of section 41 or 42 a contract was awarded without competition."""

WHOLE = "termination"
"""The reason of a breach that ended the whole contract."""
USER_CHOICE, URGENCY, PROTECT_LIFE = "user choice", "urgency", "protect life"
"""Reasons of a direct award that lift duties: Schedule 5 paragraphs 15, and 13 and 14, and section 42."""

WITH_OCCASION = frozenset({d.ASSESSMENT, d.BREACH, d.CHANGE, d.CHANGED_COPY, *d.COUNCIL_KINDS})
"""Duties of which a contract, or the council, may have several: a decision has to say which was done."""


def kind_meant(text: str) -> str | None:
    """The kind of duty that a text names: whole or by its beginning, in small or capital letters."""
    plain = " ".join(text.casefold().split())
    whole = [kind for kind in d.KINDS if kind.casefold() == plain]
    found = whole or [kind for kind in d.KINDS if plain and kind.casefold().startswith(plain)]
    return found[0] if len(found) == 1 else None


def subject_fault(kind: str, subject: str) -> str:
    """What the subject of a duty done has to be; empty when it is that."""
    if kind in d.COUNCIL_KINDS and subject != COUNCIL:
        return f"{COUNCIL}, whose duty it is"
    if kind in d.CONTRACT_KINDS and subject == COUNCIL:
        return "the reference of a contract, whose duty it is"
    return ""

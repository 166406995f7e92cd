"""How many drafts there are of each type of notice, and why there is none of one.

Does not belong here: what is due (`kcc_etl.domain.duties`), the drafts themselves (`drafted`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kcc_etl.domain.drafts.draft import Draft, Due
from kcc_etl.domain.drafts.drafted import DRAFTED
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.duties import Law


def drafts_by_type(
    drafts: Sequence[Draft], duties: Iterable[Due], types: Iterable[str], law: Law
) -> Mapping[str, str]:
    """Of each type of notice in words how many drafts there are; where there is none, why.

    Either nothing of the type is to be filed now, or what is to be filed has nothing to draft it from.
    """
    rows = [due for due in duties if due.kind in DRAFTED]
    found = {}
    for kind in types:
        number = sum(draft.notice_type == kind for draft in drafts)
        mine = [due for due in rows if due.kind.split()[0] == kind]
        found[kind] = _count(number, "draft") if number else f"no draft: {_why(mine, law)}"
    return found


def _why(duties: Sequence[Due], law: Law) -> str:
    now = [due for due in duties if due.is_now]
    if any(due.kind == d.PIPELINE for due in now):
        above = pounds_display(law.statutory.pipeline.contract_above_pence).removesuffix(".00")
        return (
            f"the notice is {' and '.join(sorted({due.state for due in now}))}, and the register has no "
            f"contract over {above} that is planned in its time; enter planned contracts in the register, or "
            "file it without them"
        )
    if now:
        number = _count(len(now), "duty", "duties")
        return f"{number} to be done now, of contracts that the register does not hold"
    if not duties:
        return "no contract of the register or the notices calls for one"
    states = Counter(due.state for due in duties)
    told = ", ".join(f"{number:,} {state}" for state, number in sorted(states.items()))
    return f"nothing is to be filed now ({_count(len(duties), 'duty', 'duties')}: {told})"


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"

"""Which tables a table is made from, and which its rules are judged with beside the table itself.

Does not belong here: making (`assets`), judging (`checks`), deciding whether what was made and judged still
holds (`kcc_etl.gate`). All read it from here, so that each holds for exactly what it came from.
"""

from __future__ import annotations

from collections.abc import Iterable

from kcc_etl import asset_keys as keys
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND

_NAMING = (keys.RAW_CONTRACT, keys.RAW_PAYMENT, keys.RAW_CLAIM, keys.RAW_NOTICE)
_JOINED = (keys.CORE_CONTRACT, keys.CORE_NOTICED, keys.CORE_SUPPLIER_IDENTIFIER)
_DELIVERY = (keys.OUT_TARGET, keys.CORE_CLAIM, keys.CORE_DECISION, keys.CORE_PAYMENT)
_LAW = (keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION)
_REDACTED = (
    keys.OUT_OVER_30K,
    keys.OUT_REGISTER,
    keys.OUT_SPEND,
    keys.OUT_ASSESSMENT,
    keys.OUT_CARD,
    keys.OUT_GRANT,
    keys.OUT_DISCLOSED,
    keys.OUT_TENDER,
)

MADE_FROM: dict[str, tuple[str, ...]] = {
    keys.CORE_SUPPLIER_IDENTIFIER: (*_NAMING, keys.RAW_DECISION),
    keys.CORE_CONTRACT: (keys.RAW_CONTRACT, keys.CORE_SUPPLIER_IDENTIFIER),
    keys.CORE_NOTICE: (keys.RAW_NOTICE,),
    keys.CORE_NOTICE_SUPPLIER: (keys.RAW_NOTICE,),
    keys.CORE_NOTICE_KPI: (keys.RAW_NOTICE,),
    keys.CORE_NOTICE_CHANGE: (keys.RAW_NOTICE,),
    keys.CORE_NOTICE_END: (keys.RAW_NOTICE,),
    keys.CORE_NOTICE_FAILURE: (keys.RAW_NOTICE,),
    keys.CORE_NOTICED: (keys.RAW_NOTICE,),
    keys.CORE_REGISTER_NOTICE: _JOINED,
    keys.CORE_DISAGREEMENT: _JOINED,
    keys.CORE_PAYMENT: (keys.RAW_PAYMENT, keys.CORE_CONTRACT, keys.CORE_SUPPLIER_IDENTIFIER),
    keys.CORE_DECISION: (
        keys.RAW_DECISION,
        keys.CORE_CONTRACT,
        keys.CORE_PAYMENT,
        keys.CORE_SUPPLIER_IDENTIFIER,
    ),
    keys.CORE_CLAIM: (
        keys.RAW_CLAIM,
        keys.CORE_CONTRACT,
        keys.CORE_DECISION,
        keys.CORE_SUPPLIER_IDENTIFIER,
    ),
    keys.CORE_SUPPLIER: (
        keys.CORE_CONTRACT,
        keys.CORE_PAYMENT,
        keys.CORE_NOTICE_SUPPLIER,
        keys.CORE_SUPPLIER_IDENTIFIER,
    ),
    keys.CORE_SUPPLIER_REVIEW: (keys.CORE_SUPPLIER, keys.CORE_SUPPLIER_IDENTIFIER),
    keys.OUT_TARGET: (keys.CORE_CONTRACT, keys.CORE_DECISION, keys.CORE_PAYMENT),
    keys.OUT_TARGET_VERSION: (keys.OUT_TARGET, keys.CORE_CONTRACT, keys.CORE_DECISION, keys.CORE_PAYMENT),
    keys.OUT_PERFORMANCE: (*_DELIVERY, keys.CORE_CONTRACT, keys.RAW_CLAIM),
    keys.OUT_OUTCOME: (keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION),
    keys.OUT_DISCLOSED: (keys.OUT_PERFORMANCE, *_DELIVERY, keys.CORE_CONTRACT, keys.RAW_CLAIM),
    keys.OUT_AREA: (keys.OUT_OUTCOME, keys.OUT_PERFORMANCE, *_DELIVERY, keys.CORE_CONTRACT, keys.RAW_CLAIM),
    keys.OUT_RATING: (
        keys.CORE_CONTRACT,
        keys.CORE_REGISTER_NOTICE,
        keys.CORE_NOTICED,
        keys.CORE_NOTICE_KPI,
        keys.CORE_DECISION,
        keys.OUT_PERFORMANCE,
    ),
    keys.OUT_ASSESSMENT: (
        keys.OUT_RATING,
        keys.OUT_DISCLOSED,
        keys.CORE_CONTRACT,
        keys.CORE_REGISTER_NOTICE,
        keys.CORE_NOTICED,
        keys.CORE_DECISION,
        keys.CORE_PAYMENT,
    ),
    keys.OUT_OVER_30K: (*_LAW, keys.CORE_NOTICE_SUPPLIER),
    keys.OUT_SPEND: _LAW,
    keys.OUT_REGISTER: (keys.CORE_CONTRACT, keys.CORE_NOTICE, keys.CORE_DECISION, keys.CORE_PAYMENT),
    keys.OUT_CARD: _LAW,
    keys.OUT_GRANT: _LAW,
    keys.OUT_SHARE: (keys.CORE_PAYMENT, keys.CORE_SUPPLIER, keys.CORE_CONTRACT),
    keys.OUT_TENDER: (keys.CORE_NOTICE, keys.CORE_CONTRACT, keys.CORE_DECISION, keys.CORE_PAYMENT),
    keys.OUT_COMPLIANCE_INVOICE: (
        keys.CORE_PAYMENT,
        keys.RAW_PAYMENT,
        keys.CORE_CONTRACT,
        keys.CORE_DECISION,
    ),
    keys.OUT_COMPLIANCE: (
        keys.OUT_COMPLIANCE_INVOICE,
        keys.CORE_PAYMENT,
        keys.RAW_PAYMENT,
        keys.CORE_DECISION,
    ),
    keys.OUT_REDACTION: _REDACTED,
    keys.OUT_DUTY: (
        keys.CORE_CONTRACT,
        keys.CORE_REGISTER_NOTICE,
        keys.CORE_NOTICED,
        keys.CORE_NOTICE,
        keys.CORE_NOTICE_KPI,
        keys.CORE_NOTICE_CHANGE,
        keys.CORE_NOTICE_FAILURE,
        keys.CORE_DECISION,
        keys.CORE_PAYMENT,
        keys.CORE_DISAGREEMENT,
        keys.RAW_PAYMENT,
    ),
}
"""The tables that each core table and each table of figures is made from; none before those it is made from.

The books are not among them: a night adds to them after a table was made.
"""

READS: dict[str, tuple[str, ...]] = {
    keys.CORE_CONTRACT: (keys.CORE_NOTICED,),
    keys.CORE_NOTICE: (keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE),
    keys.CORE_NOTICED: (keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE),
    keys.CORE_REGISTER_NOTICE: (keys.CORE_DISAGREEMENT,),
    keys.CORE_PAYMENT: (keys.CORE_CONTRACT,),
    keys.CORE_DECISION: (keys.CORE_PAYMENT, keys.CORE_CONTRACT),
    keys.CORE_CLAIM: (keys.CORE_CONTRACT, keys.CORE_DECISION),
    keys.OUT_TARGET: (keys.CORE_CONTRACT, keys.CORE_DECISION),
    keys.OUT_TARGET_VERSION: (keys.OUT_TARGET, keys.CORE_CONTRACT, keys.CORE_DECISION),
    keys.OUT_PERFORMANCE: (keys.OUT_TARGET, keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION),
    keys.OUT_OUTCOME: (keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION),
    keys.OUT_DISCLOSED: (keys.OUT_PERFORMANCE, keys.CORE_CLAIM, keys.CORE_CONTRACT),
    keys.OUT_AREA: (keys.OUT_OUTCOME,),
    keys.OUT_RATING: (
        keys.OUT_PERFORMANCE,
        keys.CORE_CONTRACT,
        keys.CORE_DECISION,
        keys.CORE_REGISTER_NOTICE,
        keys.CORE_NOTICED,
        keys.CORE_NOTICE_KPI,
    ),
    keys.OUT_ASSESSMENT: (keys.OUT_RATING, keys.CORE_DECISION, keys.CORE_CONTRACT),
    keys.OUT_OVER_30K: (keys.CORE_PAYMENT, keys.CORE_DECISION, keys.CORE_CONTRACT),
    keys.OUT_SPEND: (keys.CORE_PAYMENT, keys.CORE_DECISION, keys.CORE_CONTRACT),
    keys.OUT_REGISTER: (keys.CORE_CONTRACT, keys.CORE_DECISION),
    keys.OUT_CARD: (keys.OUT_SPEND, *_LAW),
    keys.OUT_GRANT: _LAW,
    keys.OUT_SHARE: (keys.CORE_PAYMENT, keys.CORE_SUPPLIER, keys.CORE_CONTRACT),
    keys.OUT_TENDER: (keys.CORE_NOTICE, keys.CORE_CONTRACT),
    keys.OUT_COMPLIANCE_INVOICE: (keys.CORE_PAYMENT,),
    keys.OUT_COMPLIANCE: (keys.OUT_COMPLIANCE_INVOICE,),
    keys.OUT_REDACTION: (*_REDACTED, keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION),
}
"""Other tables that the rules of a table are judged with; they are made before the checks run."""

BOOKS = ("receipt", "set_aside", "file_column", "version_change")
"""Books that every table is judged with: what arrived, what was set aside, which column is which,
what changed between versions."""


def made_with(tables: Iterable[str]) -> tuple[str, ...]:
    """Several tables and all that they are made from, and so on down to the tables of landed files."""
    wanted = {table for table in tables if table in MADE_FROM}
    for table in reversed(MADE_FROM):
        if table in wanted:
            wanted |= {name for name in MADE_FROM[table] if name in MADE_FROM}
    return tuple(table for table in MADE_FROM if table in wanted)


def judged_with(table: str) -> tuple[str, ...]:
    """Every table that a verdict on this one rests on: itself, what its rules read, the books."""
    return tuple(dict.fromkeys((table, *READS.get(table, ()), *BOOKS)))


def waits_for(table: str) -> tuple[str, ...]:
    """Tables to be made before this one is judged: those its rules read, and all that the books tell of.

    The books are closed when the last core table is made; a verdict judged with open books would not hold.
    """
    kept = (core.name for core in CORE_TABLE_OF_KIND.values())
    return tuple(name for name in dict.fromkeys((*READS.get(table, ()), *kept)) if name != table)

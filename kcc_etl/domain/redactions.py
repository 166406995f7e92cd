"""What is redacted in each publication of a period, counted on the very tables that are published.

Does not belong here: who is redacted (`redaction`), which texts are (`reviewed`), file formats (`reports`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import Period
from kcc_etl.domain.redaction import COMMERCIAL, REDACTED, TEXT_OF, WITHHELD
from kcc_etl.domain.reviewed import NOT_REVIEWED
from kcc_etl.parameters.redaction import Reasons
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES

NAMES: Mapping[str, str] = {
    keys.OUT_OVER_30K: "supplier_name",
    keys.OUT_REGISTER: "payee",
    keys.OUT_SPEND: "payee",
    keys.OUT_ASSESSMENT: "payee",
    keys.OUT_CARD: "payee",
    keys.OUT_GRANT: "payee",
    keys.OUT_DISCLOSED: "supplier_name",
}
"""The column of names of each published table that has one."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    keys.OUT_REGISTER: ("contract_title", "contract_description"),
    keys.OUT_SPEND: ("purpose",),
    keys.OUT_ASSESSMENT: ("contract_title", "kpi_title", "kpi_description"),
    keys.OUT_CARD: ("purpose",),
    keys.OUT_TENDER: ("contract_title", "contract_description"),
    keys.OUT_GRANT: ("purpose",),
    keys.OUT_DISCLOSED: ("contract_title",),
}
"""The columns of free text and of titles of each published table."""

COUNTED = tuple(dict.fromkeys((*NAMES, *TEXTS)))
_QUARTERS_ALONE = (keys.OUT_OVER_30K, keys.OUT_ASSESSMENT)
_BY_TEXT = {REDACTED: "not_shown", COMMERCIAL: "commercial", WITHHELD: "unstated"}


def count_redactions(published: Mapping[str, pd.DataFrame], period: Period, reasons: Reasons) -> pd.DataFrame:
    """Rows and pence of each table of figures that are redacted, by column and reason code.

    One row a table, column and reason; nothing for what is not redacted. Pence are those of the table's
    published amounts; a table without amounts has none. What is published by the quarter alone is not counted
    for another period.
    """
    rows = [
        {"period": period.id, "redacted_table": table, **counted}
        for table in COUNTED
        if period.kind == "quarter" or table not in _QUARTERS_ALONE
        for counted in _of_table(table, published[table], reasons)
    ]
    return from_rows(rows, keys.OUT_REDACTION) if rows else empty(keys.OUT_REDACTION)


def _of_table(table: str, frame: pd.DataFrame, reasons: Reasons) -> Iterator[dict[str, object]]:
    for column, codes in _codes(table, frame):
        pence = frame[TABLES[table].money] if TABLES[table].money else None
        for code in sorted(codes.dropna().unique()):
            hit = codes == code
            yield {
                "redacted_column": column,
                "redaction_code": code,
                "redaction_text": _TEXTS.get(code),
                "redaction_reason": getattr(reasons, code),
                "redacted_rows": int(hit.sum()),
                "redacted_pence": None if pence is None else int(pence[hit.astype(bool)].sum()),
            }


def _codes(table: str, frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The reason code of every cell of each column that may be redacted; missing where it is not."""
    if table in NAMES:
        column = NAMES[table]
        named = frame["payee_reason"] if "payee_reason" in frame else frame[column].map(_BY_TEXT)
        yield column, named.astype("object")
    for column in TEXTS.get(table, ()):
        yield column, frame[column].map(_code_of_text).astype("object")


def _code_of_text(text: object) -> str | None:
    if text == NOT_REVIEWED:
        return "unreviewed"
    return "personal_text" if isinstance(text, str) and REDACTED in text else None


_TEXTS = {**TEXT_OF, "unreviewed": NOT_REVIEWED, "personal_text": REDACTED}

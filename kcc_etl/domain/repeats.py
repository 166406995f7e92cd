"""Ledger lines that stand more than once: as they are, or under one payment number with two contents.

Does not belong here: what becomes of such lines (`kcc_etl.domain.core`); an invoice paid twice (`checks`).
"""

from __future__ import annotations

from itertools import permutations

import pandas as pd

from kcc_etl.domain.names import fold_name
from kcc_etl.domain.redaction import tells_apart
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND, ROW_DIGEST

_FILE = ["source_sha256", "source_name", "source_file"]
_SHEET = [*_FILE, "source_sheet"]
_FIELDS = [field.name for field in RAW_TABLE_OF_KIND["payments"].landed_fields]
_SAME_PAYMENT = ["paid_on", "amount_ex_vat_pence", "invoice_ref"]
"""Two lines of one number and payee that share none of these are two payments: numbers start afresh."""


def repeated_lines(raw: pd.DataFrame) -> pd.Series:
    """For each line that stands a second time, in one file or in two, the file of the first; else missing.

    Within a file, lines that differ in a column that no field takes (a cost centre, say) are two lines; the
    first of them repeats the first of another file, the second the second. Rule SP-004.
    """
    like = raw.duplicated(_FIELDS, keep=False) & raw["payment_ref"].notna()
    lines = raw.loc[like, [*_SHEET, *_FIELDS, ROW_DIGEST]]
    again = lines.duplicated(keep="first")
    different = lines[~again]
    nth = different.groupby([*_SHEET, *_FIELDS], dropna=False, sort=False).cumcount()
    different = different.assign(nth=nth)
    alike = different.groupby([*_FIELDS, "nth"], dropna=False, sort=False)["source_file"]
    elsewhere = different.duplicated([*_FIELDS, "nth"], keep="first")
    repeated = pd.concat([lines.loc[again, "source_file"], alike.transform("first")[elsewhere]])
    files: pd.Series = repeated.reindex(raw.index).astype("str")
    return files


def contradicted_lines(raw: pd.DataFrame) -> pd.Series:
    """For each line that another file of its source tells otherwise, that file; else missing.

    Otherwise: the same payment number, the same payee, and the same day, net amount or invoice, but not the
    same line. A number may have several lines in a file; only those that the other file lacks, and that has
    lines of its own in their stead, are contradicted. Rule SP-018.
    """
    lines = _numbered_in_two_files(raw)
    payments: dict[tuple[str, str, str], dict[str, dict[tuple[int, int], int]]] = {}
    number = zip(lines["source_name"], lines["payment_ref"], lines["supplier_name"], strict=True)
    place = zip(lines["source_file"], lines["content"], lines["nth"], lines.index, strict=True)
    for (source, ref, payee), (file, content, nth, index) in zip(number, place, strict=True):
        payment = payments.setdefault((source, ref, fold_name(payee if isinstance(payee, str) else None)), {})
        payment.setdefault(file, {})[(content, nth)] = index
    facts = {
        index: {(name, fact) for name, fact in zip(_SAME_PAYMENT, row, strict=True) if not pd.isna(fact)}
        for index, row in zip(lines.index, lines[_SAME_PAYMENT].itertuples(index=False), strict=True)
    }
    found: dict[int, str] = {}
    for payment in payments.values():
        for file, other in permutations(payment, 2):
            theirs = [line for key, line in payment[other].items() if key not in payment[file]]
            for key, line in payment[file].items():
                if key not in payment[other] and any(facts[line] & facts[their] for their in theirs):
                    found.setdefault(line, other)
    return pd.Series(found, dtype=object).reindex(raw.index).astype("str")


def _numbered_in_two_files(raw: pd.DataFrame) -> pd.DataFrame:
    """Lines whose number stands in two files of a source, less repeats in a file; each content numbered."""
    numbered = raw[raw["payment_ref"].notna()]
    files = numbered.groupby(["source_name", "payment_ref"], sort=False)["source_file"].transform("nunique")
    lines = numbered[files > 1].drop_duplicates([*_SHEET, *_FIELDS, ROW_DIGEST])
    lines = lines[lines["payment_ref"].map(tells_apart).astype(bool)]
    content = lines.groupby(_FIELDS, dropna=False, sort=False).ngroup()
    lines = lines.assign(content=content)
    return lines.assign(nth=lines.groupby([*_FILE, "content"], sort=False).cumcount())

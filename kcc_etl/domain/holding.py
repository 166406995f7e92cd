"""Holding rows out: under the first rule that a row breaks, with every fault told in its cell.

Does not belong here: what is wrong with a row (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_etl.domain.findings import Finding, told
from kcc_etl.domain.locators import Locator
from kcc_etl.schema.frames import conform, empty
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, LOCATOR, RAW_TABLE_OF_KIND, Table

_FILE = ["source_sha256", "source_name", "source_file"]
_BUNDLED_ABOVE = 50
"""Lines of one file at fault against one other file, above which one finding speaks for all of them."""


@dataclass(frozen=True)
class Core:
    """`rows` of the core table, `set_aside` rows with their rule, and the `findings` made on the way."""

    rows: pd.DataFrame
    set_aside: pd.DataFrame
    findings: list[Finding]


@dataclass(frozen=True)
class Fault:
    """Rows that one rule holds out: a mask over the raw frame, and what to say was found in each.

    A fault between two files names the other `file` of each row, and says of many rows together how they
    `stand` in it.
    """

    rule_id: str
    mask: pd.Series
    found: pd.Series
    file: pd.Series | None = None
    stand: str = ""


def split(
    kind: str, raw: pd.DataFrame, columns: pd.DataFrame, faults: list[Fault], *, conformed: bool = True
) -> Core:
    """Hold out every row that a fault touches, under the first of its faults; report all its faults."""
    table = RAW_TABLE_OF_KIND[kind]
    held = pd.Series(False, index=raw.index)
    locator = Locator(columns)
    set_aside: list[pd.DataFrame] = []
    findings: dict[Finding, None] = {}
    for fault in faults:
        rule = RULES[fault.rule_id]
        fresh = fault.mask & ~held
        set_aside.append(_set_aside(table, raw[fresh], fault.rule_id))
        if rule.effect != "exclude":
            rows = raw[fault.mask & ~_excluded(held, faults)]
            bundled, single = _bundled(table, rows, fault)
            findings.update(dict.fromkeys([*bundled, *_findings(table, single, fault, locator)]))
        held |= fault.mask
    rows = raw[~held].reset_index(drop=True)
    aside = pd.concat(set_aside, ignore_index=True) if set_aside else empty("set_aside")
    core_table = CORE_TABLE_OF_KIND[kind]
    if conformed and "supplier_key" not in core_table.columns:
        rows = conform(rows, core_table)
    return Core(rows, conform(aside, "set_aside"), list(findings))


def _excluded(held: pd.Series, faults: list[Fault]) -> pd.Series:
    """Rows that an `exclude` rule has taken out: what else is wrong with them is nobody's task."""
    out = pd.Series(False, index=held.index)
    for fault in faults:
        if RULES[fault.rule_id].effect == "exclude":
            out |= fault.mask
    return out


def _set_aside(table: Table, rows: pd.DataFrame, rule_id: str) -> pd.DataFrame:
    rule = RULES[rule_id]
    names = [field.name for field in table.landed_fields]
    return pd.DataFrame(
        {
            **{
                name: rows[name]
                for name in ("source_sha256", "source_name", "source_file", "source_sheet", "source_row")
            },
            "kind": table.kind,
            "stage": "core",
            "fate": "excluded" if rule.effect == "exclude" else "quarantined",
            "rule_id": rule_id,
            "reason": rule.text,
            "amount_pence": rows[table.money] if table.money else pd.NA,
            "row_json": [_row_json(row) for row in rows[names].to_dict("records")],
        }
    )


def _row_json(row: Mapping[object, object]) -> str:
    filled = {str(name): _plain(value) for name, value in row.items() if not pd.isna(value)}  # type: ignore[call-overload]  # one cell, never an array
    return json.dumps(filled, ensure_ascii=False, sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value if isinstance(value, bool | int) else str(value)


def _findings(table: Table, rows: pd.DataFrame, fault: Fault, locator: Locator) -> list[Finding]:
    rule = RULES[fault.rule_id]
    made = []
    for row, found in zip(rows[list(LOCATOR)].to_dict("records"), fault.found.loc[rows.index], strict=True):
        sha256, file, sheet = str(row["source_sha256"]), str(row["source_file"]), row["source_sheet"]
        place = locator.place(sha256, file, sheet, int(row["source_row"]), rule.field)
        made.append(
            Finding(
                rule_id=rule.id,
                severity=rule.severity,
                table_name=table.name,
                stage="core",
                found=told(found),
                expected=rule.text,
                remedy=rule.remedy,
                source_sha256=sha256,
                source_name=str(row["source_name"]),
                source_file=file,
                source_sheet=sheet if isinstance(sheet, str) else "",
                source_row=place.row,
                cell=place.cell,
                column_title=place.column_title,
            )
        )
    return made


def _bundled(table: Table, rows: pd.DataFrame, fault: Fault) -> tuple[list[Finding], pd.DataFrame]:
    """One finding for each pair of files with more rows at fault than anybody reads, and the other rows."""
    if fault.file is None or len(rows) <= _BUNDLED_ABOVE:
        return [], rows
    rule = RULES[fault.rule_id]
    between = rows[rows["source_file"] != fault.file.loc[rows.index]].assign(file=fault.file)
    pairs = between.groupby([*_FILE, "file"])
    many = pairs["source_row"].transform("size") > _BUNDLED_ABOVE
    made = [
        Finding(
            rule_id=rule.id,
            severity=rule.severity,
            table_name=table.name,
            stage="core",
            found=told(f"{pair['lines']:,} lines that {fault.stand} in {pair['file']}"),
            expected=rule.text,
            remedy=rule.remedy,
            source_sha256=str(pair["source_sha256"]),
            source_name=str(pair["source_name"]),
            source_file=str(pair["source_file"]),
        )
        for pair in pairs.size().reset_index(name="lines").to_dict("records")
        if pair["lines"] > _BUNDLED_ABOVE
    ]
    return made, rows.drop(index=many.index[many])

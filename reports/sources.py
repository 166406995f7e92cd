"""Where the figures of a pack come from: `sources.csv`.

Does not belong here: why they differ from the version before (`restated`), reading the books
(`assets.publish`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.findings import shown_name
from kcc_etl.schema.frames import empty
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from reports.documents import Column, Dataset, Table, Value
from reports.manifest import PackInput, ParameterStamp

NAME = "sources"
WITHHELD = "withheld"
_FILE = ["source_sha256", "source_name", "source_file"]
_LISTED = {
    keys.OUT_OVER_30K: "payments",
    keys.OUT_SPEND: "payments",
    keys.OUT_CARD: "payments",
    keys.OUT_GRANT: "payments",
    keys.OUT_COMPLIANCE_INVOICE: "payments",
    keys.OUT_REGISTER: "register",
}
"""The kind of file whose rows a table of figures lists; the others are worked out from several."""
_COLUMNS = (
    Column("dataset", "Dataset", "text", "Dataset of the pack that the file feeds."),
    Column(
        "feeds",
        "Feeds",
        "text",
        "rows: the dataset lists its rows. figures: it says more of them, or decides about them. identities: "
        "it tells suppliers apart, by which rows are joined.",
    ),
    Column("source", "Source", "text", "Source as the settings name it."),
    Column("kind", "Kind", "text", "register, notices, payments, returns, decisions or parameters."),
    Column(
        "file", "File", "text", "Name of the file; withheld of a return that is not named by its contract."
    ),
    Column("sha256", "SHA-256", "text", "SHA-256 of the file; of parameters their version."),
    Column("landed_on", "Landed on", "date", "Day the file first arrived."),
    Column("rows_arrived", "Rows arrived", "integer", "Rows in the file."),
    Column("rows_accepted", "Rows accepted", "integer", "Rows that count."),
    Column("rows_quarantined", "Rows quarantined", "integer", "Rows held back until they are mended."),
    Column("rows_excluded", "Rows excluded", "integer", "Rows that are no records, such as totals."),
    Column("rules", "Rules", "text", "Rules by which rows were held back or excluded, with their number."),
)
_FEEDS = ("rows", "figures", "identities")
_SUMMED = ("rows_arrived", "rows_accepted", "rows_quarantined", "rows_excluded")
_SUMMARY = (
    *(column for name in ("feeds", "kind", "source") for column in _COLUMNS if column.name == name),
    Column("files", "Files", "integer", "Files of the source that count."),
    *(column for column in _COLUMNS if column.name in _SUMMED),
)


def published_name(kind: str, file: str, contract_ref: object, period: object) -> str:
    """The name of a landed file as a publication shows it.

    A supplier names its return, and may name a person: it is shown when it says nothing but contract, period
    and the word return.
    """
    if kind != "returns":
        return shown_name(file)
    stem = file.rpartition("/")[2].rpartition(".")[0].casefold()
    for known in (contract_ref, period):
        if isinstance(known, str) and known:
            stem = stem.replace(known.casefold(), "")
    is_plain = isinstance(contract_ref, str) and not re.sub(r"return|[ ._-]", "", stem)
    return shown_name(file.rpartition("/")[2]) if is_plain else WITHHELD


def pack_inputs(receipts: pd.DataFrame) -> list[PackInput]:
    """Every file of the receipts as the manifest names it."""
    return [
        PackInput(
            str(row["source_name"]),
            published_name(row["kind"], row["source_file"], row["contract_ref"], row["period"]),
            str(row["kind"]),
            str(row["source_sha256"]),
            int(row["rows_arrived"]),
        )
        for row in receipts.to_dict("records")
    ]


def kinds_behind(table: str) -> dict[str, str]:
    """The kinds of file a table of figures is made from, and what each feeds.

    `rows` where the rows of the table are its rows, else `figures`, or `identities` alone. What a decision is
    about tells whether it counts, and feeds no table that the decision alone is in.
    """
    kinds = {raw.name: kind for kind, raw in RAW_TABLE_OF_KIND.items()}
    decided = {**MADE_FROM, keys.CORE_DECISION: (keys.RAW_DECISION,)}
    direct = _closure(table, decided, stop=keys.CORE_SUPPLIER_IDENTIFIER)
    whole = _closure(table, MADE_FROM)
    feeds = {
        kinds[name]: "figures" if name in direct else "identities" for name in sorted(whole) if name in kinds
    }
    listed = _LISTED.get(table)
    return feeds if listed is None else {**feeds, listed: "rows"}


def _closure(table: str, made_from: Mapping[str, Sequence[str]], stop: str = "") -> set[str]:
    found, waiting = set[str](), [table]
    while waiting:
        name = waiting.pop()
        if name not in found and name != stop:
            found.add(name)
            waiting += made_from.get(name, ())
    return found


@dataclass(frozen=True)
class Books:
    """The books that tell of landed files: the tables `receipt`, `set_aside` and `ledger`."""

    receipts: pd.DataFrame
    set_aside: pd.DataFrame
    ledger: pd.DataFrame


NO_BOOKS = Books(empty("receipt"), empty("set_aside"), empty("ledger"))


def sources_dataset(tables: Mapping[str, str], books: Books, parameters: ParameterStamp) -> Dataset:
    """The lineage of a pack: one row a dataset and landed file that fed it, and one for the parameters.

    `tables` holds the table of figures behind each dataset. Ordered by dataset, kind, source and file.
    """
    files = _files(books.receipts, books.set_aside, books.ledger)
    rows: list[tuple[Value, ...]] = []
    for dataset, table in sorted(tables.items()):
        feeds = kinds_behind(table)
        rows += [(dataset, feeds[str(kind)], *file) for kind, file in files if kind in feeds]
        stamp = ("parameters", parameters.status, parameters.version)
        rows.append((dataset, "figures", "parameters", *stamp, None, None, None, None, None, None))
    return Dataset(NAME, Table(NAME, "Sources of the figures", _COLUMNS, tuple(rows)))


def with_sources(dataset: Dataset, sources: Dataset) -> Dataset:
    """A dataset whose workbook tells what it was made from: one row a source and what it feeds.

    `sources` is the lineage of the whole pack, file by file.
    """
    if dataset.workbook is None:
        return dataset
    found: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
    for row in sources.table.rows:
        told = dict(zip((column.name for column in _COLUMNS), row, strict=True))
        if told["dataset"] == dataset.name and told["kind"] != "parameters":
            key = tuple(str(told[name]) for name in ("feeds", "kind", "source"))
            found.setdefault(key, []).append(tuple(told[name] for name in _SUMMED))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (*key, len(files), *_sums(files)) for key, files in sorted(found.items(), key=_rows_first)
    )
    table = Table("sources", "What the figures were made from", _SUMMARY, rows)
    return replace(dataset, workbook=replace(dataset.workbook, sources=table))


def _sums(files: Sequence[tuple[Value, ...]]) -> tuple[int, ...]:
    return tuple(
        sum(value for value in column if isinstance(value, int)) for column in zip(*files, strict=True)
    )


def _rows_first(entry: tuple[tuple[str, ...], object]) -> tuple[int, tuple[str, ...]]:
    return _FEEDS.index(entry[0][0]), entry[0]


def _files(
    receipts: pd.DataFrame, set_aside: pd.DataFrame, ledger: pd.DataFrame
) -> list[tuple[str, tuple[Value, ...]]]:
    """Each accepted file with its kind: source to rules, in the order of the columns."""
    landed = ledger.groupby(_FILE)["landed_on"].min().to_dict()
    fates = set_aside.groupby([*_FILE, "fate"]).size().to_dict()
    by_rule = cast(
        "dict[tuple[str, str, str, str], int]", set_aside.groupby([*_FILE, "rule_id"]).size().to_dict()
    )
    rules: dict[tuple[str, ...], list[str]] = {}
    for (sha256, source, name, rule), number in sorted(by_rule.items()):
        rules.setdefault((sha256, source, name), []).append(f"{rule}: {number}")
    found = []
    for row in receipts[receipts["fate"] == "accepted"].to_dict("records"):
        key = tuple(row[name] for name in _FILE)
        arrived, kind = int(row["rows_arrived"]), str(row["kind"])
        held, excluded = (int(fates.get((*key, fate), 0)) for fate in ("quarantined", "excluded"))
        shown = published_name(kind, row["source_file"], row["contract_ref"], row["period"])
        day = landed.get(key)
        counts = (arrived, arrived - held - excluded, held, excluded)
        told = "; ".join(rules.get(key, ()))
        file_cells = (str(row["source_name"]), kind, shown, str(row["source_sha256"]))
        found.append((kind, (*file_cells, day.date() if day is not None else None, *counts, told)))
    return sorted(found, key=lambda one: (one[0], [str(cell) for cell in one[1]]))

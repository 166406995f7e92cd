"""Where the figures of a pack come from: `sources.csv`, and why they may differ from the version before.

Does not belong here: what differs (`changes`), reading the books (`assets.publish`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

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
_NAMED = 5
_COLUMNS = (
    Column("dataset", "Dataset", "text", "Dataset of the pack that the file feeds."),
    Column("feeds", "Feeds", "text", "figures, or identities of suppliers alone, by which rows are joined."),
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
    """The kinds of file a table of figures is made from, and what each feeds: `figures` or `identities`."""
    kinds = {raw.name: kind for kind, raw in RAW_TABLE_OF_KIND.items()}
    direct, whole = _closure(table, stop=keys.CORE_SUPPLIER_IDENTIFIER), _closure(table, stop="")
    return {
        kinds[name]: "figures" if name in direct else "identities" for name in sorted(whole) if name in kinds
    }


def _closure(table: str, stop: str) -> set[str]:
    found, waiting = set[str](), [table]
    while waiting:
        name = waiting.pop()
        if name not in found and name != stop:
            found.add(name)
            waiting += MADE_FROM.get(name, ())
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


def why_restated(
    former: Mapping[str, Any],
    inputs: Iterable[PackInput],
    parameters: ParameterStamp,
    program: str,
    table: str,
) -> str:
    """Why the figures of a table may differ from those of a former manifest: what is not as it was then."""
    kinds = set(kinds_behind(table)) if table else set(RAW_TABLE_OF_KIND)
    then = {_of_manifest(entry) for entry in former["inputs"] if entry["kind"] in kinds}
    now = {one for one in inputs if one.kind in kinds}
    told = [f"new or other content: {_named(now - then)}"] if now - then else []
    places = {(one.source, one.file) for one in now}
    gone = {one for one in then - now if (one.source, one.file) not in places or one.file == WITHHELD}
    told += [f"no longer counted: {_named(gone)}"] if gone else []
    was = former["parameters"]["version"]
    told += [f"parameters {parameters.version}, before {was}"] if parameters.version != was else []
    was = former["program"]["version"]
    told += [f"program {program}, before {was}"] if program != was else []
    return "; ".join(told) or "the same files and parameters, for another day or by other code"


def _of_manifest(entry: Mapping[str, Any]) -> PackInput:
    return PackInput(**{name: entry[name] for name in ("source", "file", "kind", "sha256", "rows")})


def _named(files: Iterable[PackInput]) -> str:
    """Files by kind, a few by name."""
    by_kind: dict[str, list[PackInput]] = {}
    for one in sorted(files):
        by_kind.setdefault(one.kind, []).append(one)
    return ", ".join(f"{kind} {_some(found)}" for kind, found in sorted(by_kind.items()))


def _some(files: Sequence[PackInput]) -> str:
    if len(files) > _NAMED or any(one.file == WITHHELD for one in files):
        return f"({len(files)} file{'' if len(files) == 1 else 's'})"
    return "(" + ", ".join(one.file for one in files) + ")"

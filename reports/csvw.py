"""The metadata of a CSV file as CSV on the Web (W3C, 2015): columns, types, key, dialect, licence, publisher.

Does not belong here: the CSV file (`delimited`), whether a file is what it says (`verify_metadata`).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kcc_etl.domain.periods import parse_period
from reports.documents import LICENCE_URI, Column, Dataset
from reports.edition import Edition
from reports.sheets import LANGUAGE

ENDING = "-metadata.json"
_DIALECT = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "headerRowCount": 1,
    "lineTerminators": ["\r\n"],
}
_DAY = {True: "dd/MM/yyyy", False: "yyyy-MM-dd"}


def metadata_name(csv_name: str) -> str:
    """The name under which readers look for the metadata of a CSV file."""
    return csv_name + ENDING


def temporal(days: tuple[date, date] | None, edition: Edition) -> str:
    """The days that figures tell of as an ISO 8601 interval; those of the pack where None."""
    span = parse_period(edition.period)
    first, last = days or (span.start, span.end)
    return f"{first.isoformat()}/{last.isoformat()}"


def render_csvw(dataset: Dataset, edition: Edition) -> bytes:
    """The metadata of the dataset's CSV file as the bytes of a JSON file."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": LANGUAGE}],
        "url": f"{dataset.name}.csv",
        "dc:title": dataset.table.title,
        **({"dc:description": dataset.about} if dataset.about else {}),
        "dc:publisher": edition.authority.name,
        "dc:license": {"@id": LICENCE_URI},
        "dc:language": LANGUAGE,
        "dc:temporal": temporal(dataset.days, edition),
        "dc:modified": {"@value": edition.as_of.isoformat(), "@type": "xsd:date"},
        "dialect": _DIALECT,
        "tableSchema": _schema(dataset),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _schema(dataset: Dataset) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(dataset, column) for column in dataset.table.columns]}
    if dataset.key:
        schema["primaryKey"] = list(dataset.key)
    return schema


def _column(dataset: Dataset, column: Column) -> dict[str, Any]:
    titles = [column.name] if column.title == column.name else [column.name, column.title]
    about: dict[str, Any] = {"name": column.name, "titles": titles}
    if column.description:
        about["dc:description"] = column.description
    return {
        **about,
        "datatype": _datatype(dataset, column),
        "required": column.name in dataset.key,
        "null": "",
    }


def _datatype(dataset: Dataset, column: Column) -> str | dict[str, str]:
    match column.kind:
        case "pence" | "quantity":
            return {"base": "decimal", "format": "0.00"}
        case "date":
            return {"base": "date", "format": _DAY[dataset.uk_dates]}
        case "boolean":
            return {"base": "boolean", "format": "True|False"}
        case "integer":
            return "integer"
    return "string"

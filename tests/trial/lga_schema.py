"""A walk over a schema of the Local Government Association: what is wrong with a CSV file by it.

Does not belong here: tests. The schemas are read where they stand; `frictionless`, which their shape is made
for, wants types that they do not have.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime

from tests.tools import needs_data

# Where the schema asks for a cell and its own practitioner guidance v1.3 asks for it "where applicable", or a
# cell would have to be made up: an empty cell is null, never a word for unknown (ESD schema guidance).
WHERE_KNOWN = frozenset(
    {
        "ReviewDate", "CharityCommissionNumber", "SMESupplier", "VCSESupplier", "ProcessType", "IrrecoverableVAT",
        "IrrecoverableVATAmount", "OrganisationalUnit", "Purpose",
    }
)  # fmt: skip
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{2}")
_URI = re.compile(r"https?://\S+")


def fields_of(name: str) -> list[dict[str, object]]:
    """The fields of the schema `Contracts` or `Spend`, in file order."""
    path = needs_data(f"schemas/lga-esd/{name}/{name}.json")
    return list(json.loads(path.read_bytes().decode("utf-16-le"))["fields"])


def faults(
    content: bytes, name: str, *, part: bool = False, may_be_empty: Collection[str] = WHERE_KNOWN
) -> list[str]:
    """Every way in which a CSV file is not of the schema; `part` where it has some of its columns only."""
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    fields = {str(field["name"]): field for field in fields_of(name)}
    wanted = [column for column in fields if column in heading] if part else list(fields)
    if sorted(heading) != sorted(wanted) or (not part and heading != wanted):
        return [f"the headings are {heading}"]
    found = []
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            found.append(f"row {number} has {len(row)} cells")
        for column, cell in zip(heading, row, strict=False):
            rules = fields[column]["constraints"]
            assert isinstance(rules, dict)
            required = rules["required"] and column not in may_be_empty
            found += [f"row {number}, {column}: {fault}" for fault in _cell_faults(cell, rules, required)]
    return found


def _cell_faults(cell: str, rules: dict[str, object], required: bool) -> Iterator[str]:
    if not cell:
        if required:
            yield "is empty"
        return
    if "pattern" in rules and not re.fullmatch(str(rules["pattern"]), cell):
        yield f"{cell!r} is not of the list"
    kind = str(rules["type"]).partition("#")[2]
    if not _is_of(kind, cell):
        yield f"{cell!r} is no {kind}"


def _is_of(kind: str, cell: str) -> bool:
    """By the ESD schema guidance: dd/mm/yyyy, pounds and pence without separators, True or False."""
    if kind == "dateTime":
        try:
            return datetime.strptime(cell, "%d/%m/%Y").strftime("%d/%m/%Y") == cell
        except ValueError:
            return False
    if kind == "float":
        return bool(_AMOUNT.fullmatch(cell))
    if kind == "boolean":
        return cell.casefold() in ("true", "yes", "false", "no")
    return bool(_URI.fullmatch(cell)) if kind == "URI" else kind == "string"

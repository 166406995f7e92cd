"""A release package held against the CSV files of its pack: identifiers, values, days, ratings, counts.

Suppliers are not held against each other, for a release has those of the notice. No release has payments.
Does not belong here: what the standard asks of a package (`verify_json`), making it (`ocds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from kcc_etl.domain.findings import shorten
from kcc_etl.domain.money import parse_pounds
from reports.accessibility.page import Hit
from reports.delimited import safe_text
from reports.ocds import release_id
from reports.ocds_parts import RATINGS
from reports.verify_tables import Rows, cell_name

REGISTER, ASSESSMENTS = "contracts-register.csv", "kpi-assessments.csv"
_CONFIRMED = re.compile(r"(?P<indicator>.+)-[0-9]{4}-[0-9]{2}-Q[1-4](?:-[0-9]+)?")
_Rated = tuple[str, str, str]
"""Number of the indicator, first and last day: what a confirmed rating of a contract is known by."""


@dataclass(frozen=True)
class _Line:
    """One row of a CSV file, whose cells are asked for by heading."""

    file: str
    number: int
    heads: list[str]
    cells: list[str]

    def __getitem__(self, heading: str) -> str:
        return self.cells[self.heads.index(heading)]

    def other(self, heading: str, found: object, way: str) -> Hit:
        """That the package has something else at a place than a cell of this row."""
        place = cell_name(self.number, self.heads.index(heading))
        return Hit(f"{_shown(found)}, where {self.file} has {_shown(self[heading])} in {place}", cell=way)


@dataclass(frozen=True)
class _Release:
    """The release of one contract, and the way to it."""

    way: str
    ocid: object
    contract: Mapping[str, Any]


def release_hits(
    package: Any, tables: Mapping[str, Rows], period: str, left_out: int | None
) -> Iterator[Hit]:
    """Where a package, its numbers exact, says another thing of a contract than CSV files by name.

    `left_out` is how many contracts the manifest counts as without an identifier, if it does. Raises
    ValueError, LookupError, TypeError or AttributeError for a package or a table of another form.
    """
    by_id: dict[str, list[_Release]] = {}
    for number, release in enumerate(package["releases"]):
        contract = str(release["id"]).removeprefix(f"{period}-")
        one = _Release(f"releases/{number}", release["ocid"], release["contracts"][0])
        by_id.setdefault(f"{period}-{safe_text(contract)}", []).append(one)
    released: dict[str, _Release] = {}
    rows = list(_lines(REGISTER, tables))
    for row in rows:
        found = by_id.get(release_id(period, row["ContractReference"]), [])
        if found:
            mine = min(found, key=partial(_differences, row))
            released[row["ContractReference"]] = mine
            yield from _contract_hits(row, mine)
        elif row["OpenContractingID"]:
            yield row.other("OpenContractingID", None, "releases")
    untold = len(rows) - len(released)
    if left_out is not None and untold > left_out:
        yield Hit(f"no release of {untold:,} contracts of {REGISTER}, where the manifest counts {left_out:,}")
    if ASSESSMENTS in tables:
        yield from _assessment_hits(list(_lines(ASSESSMENTS, tables)), released)


def _lines(file: str, tables: Mapping[str, Rows]) -> Iterator[_Line]:
    heads, *rows = tables.get(file) or [[]]
    yield from (_Line(file, number, heads, cells) for number, cells in enumerate(rows, start=2))


def _contract_hits(row: _Line, release: _Release) -> Iterator[Hit]:
    if row["OpenContractingID"] and release.ocid != row["OpenContractingID"]:
        yield row.other("OpenContractingID", release.ocid, f"{release.way}/ocid")
    way = f"{release.way}/contracts/0"
    amount = release.contract.get("value", {}).get("amount")
    if amount != _pounds(row["ContractValue"]):
        yield row.other("ContractValue", amount, f"{way}/value/amount")
    yield from _day_hits(row, release.contract.get("period", {}), f"{way}/period")


def _day_hits(row: _Line, period: Mapping[str, Any], way: str) -> Iterator[Hit]:
    for heading, name in (("StartDate", "startDate"), ("EndDate", "endDate")):
        day = _day(period, name)
        if day != _iso(row[heading]):
            yield row.other(heading, day, f"{way}/{name}")
    latest, last = _day(period, "maxExtentDate"), _iso(row["LastExtensionDate"])
    # A register may give a latest end before the end; a release never does.
    if latest and last and latest != max(last, _iso(row["EndDate"])):
        yield row.other("LastExtensionDate", latest, f"{way}/maxExtentDate")


def _day(period: Mapping[str, Any], name: str) -> str:
    return str(period.get(name, ""))[:10]


def _differences(row: _Line, release: _Release) -> int:
    """How many differences there are, for `A 1` and `A-1` bear the same number of a release."""
    return sum(1 for _ in _contract_hits(row, release))


def _pounds(text: str) -> Decimal | None:
    return Decimal(parse_pounds(text)).scaleb(-2) if text else None


def _iso(text: str) -> str:
    return datetime.strptime(text, "%d/%m/%Y").date().isoformat() if text else ""  # noqa: DTZ007 - a day has no zone


def _assessment_hits(rows: list[_Line], released: Mapping[str, _Release]) -> Iterator[Hit]:
    told: dict[str, dict[_Rated, _Line]] = {}
    for row in rows:
        if row["contract_ref"] in released:
            key = row["kpi_id"], row["period_start"], row["period_end"]
            told.setdefault(row["contract_ref"], {})[key] = row
    for contract, release in released.items():
        expected = told.get(contract, {})
        yield from _number_hits(expected.values(), release)
        held = _confirmed(release)
        for key, row in expected.items():
            code, way = held.pop(key, (None, f"{release.way}/contracts/0/implementation/metrics"))
            if code != RATINGS[row["rating"]][0]:
                yield row.other("rating", code, way)
        for code, way in held.values():
            yield Hit(f"the rating {_shown(code)}, which {ASSESSMENTS} has not", cell=way)


def _number_hits(rows: Iterable[_Line], release: _Release) -> Iterator[Hit]:
    for row in rows:
        if row["procurement_id"] not in ("", release.ocid):
            yield row.other("procurement_id", release.ocid, f"{release.way}/ocid")
        if row["contract_id"] not in ("", release.contract["id"]):
            yield row.other("contract_id", release.contract["id"], f"{release.way}/contracts/0/id")


def _confirmed(release: _Release) -> dict[_Rated, tuple[object, str]]:
    """The ratings of a release that officers confirmed here, each with the way to it."""
    found = {}
    for m, metric in enumerate(release.contract.get("implementation", {}).get("metrics", [])):
        for n, one in enumerate(metric["observations"]):
            match = _CONFIRMED.fullmatch(str(one["id"]))
            if match:
                first, last = (str(one["period"][name])[:10] for name in ("startDate", "endDate"))
                way = f"{release.way}/contracts/0/implementation/metrics/{m}/observations/{n}"
                found[safe_text(match["indicator"]), first, last] = (one["measureClassification"]["id"], way)
    return found


def _shown(found: object) -> str:
    return f"'{shorten(found)}'" if found not in (None, "") else "nothing"

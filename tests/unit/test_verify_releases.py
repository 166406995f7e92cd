"""The verifier: a figure of the release package that is not that of the CSV files is told with its place."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from kcc_etl.intake.cells.json_parts import exact_json
from reports.verify_releases import release_hits
from tests.unit.test_verify import EDITION, FILES, TOTALS, pack_in, rules

QUARTER = {"startDate": "2026-07-01T00:00:00+01:00", "endDate": "2026-09-30T23:59:59+01:00"}
SPAN = {
    "startDate": "2026-04-01T00:00:00+01:00",
    "endDate": "2028-03-31T23:59:59+01:00",
    "maxExtentDate": "2030-03-31T23:59:59+01:00",
}
REGISTER = [
    ["ContractReference", "OpenContractingID", "StartDate", "ContractValue", "EndDate", "LastExtensionDate"],
    ["WM 1", "ocds-1", "01/04/2026", "120000000.07", "31/03/2028", "31/03/2030"],
    ["'=2", "", "", "", "", ""],
    ["WM 3", "", "01/04/2026", "5000.01", "31/03/2028", ""],
]
ASSESSMENTS = [
    ["procurement_id", "contract_id", "rating", "period_start", "period_end", "contract_ref", "kpi_id"],
    ["ocds-1", "7", "good", "2026-07-01", "2026-09-30", "WM 1", "C1"],
    ["ocds-1", "", "inadequate", "2026-07-01", "2026-09-30", "WM 1", "E2"],
    ["", "", "other", "2026-07-01", "2026-09-30", "WM 3", "C1"],
]
TABLES = {"contracts-register.csv": REGISTER, "kpi-assessments.csv": ASSESSMENTS}


def _rating(measure: str, code: str) -> dict[str, Any]:
    observation = {
        "id": f"{measure}-2026-27-Q2",
        "period": dict(QUARTER),
        "measureClassification": {"id": code},
    }
    return {"id": measure, "observations": [observation]}


# What a notice observed and a contract only notices tell of stand in no CSV file.
_NOTICED = {"id": "1", "observations": [{"id": "000001-2026", "measure": "97%"}]}
_METRICS = [_NOTICED, _rating("C1", "met"), _rating("E2", "significantlyBelow")]
PACKAGE = {
    "releases": [
        {
            "id": "2026-27-Q2-WM-1",
            "ocid": "ocds-1",
            "contracts": [
                {
                    "id": "7",
                    "value": {"amount": Decimal("120000000.07"), "amountGross": Decimal(144_000_000)},
                    "period": dict(SPAN),
                    "implementation": {"metrics": _METRICS},
                }
            ],
        },
        {"id": "2026-27-Q2-=2", "ocid": "ocds-2", "contracts": [{"id": "1"}]},
        {"id": "2026-27-Q2-ocds-3-1", "ocid": "ocds-3", "contracts": [{"id": "1", "value": {"amount": 9}}]},
    ]
}


def found(package: Any, left_out: int | None = 1) -> list[tuple[str, str]]:
    return [(hit.cell, hit.found) for hit in release_hits(package, TABLES, "2026-27-Q2", left_out)]


def changed(way: str, value: object) -> Any:
    """The package with another value at a place; without the place for None."""
    package: Any = deepcopy(PACKAGE)
    *steps, last = (int(step) if step.isdecimal() else step for step in way.split("/"))
    at = package
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return package


def test_a_package_that_agrees_is_clean():
    assert found(PACKAGE) == []
    assert found(PACKAGE, None) == []


def test_two_references_that_make_one_number_of_a_release_are_told_apart():
    twins = [
        REGISTER[0],
        ["A 1", "", "01/04/2026", "1.00", "", ""],
        ["A-1", "", "01/04/2026", "2.00", "", ""],
    ]
    releases = [
        {
            "id": "2026-27-Q2-A-1",
            "ocid": f"ocds-{n}",
            "contracts": [{"id": "1", "value": {"amount": n}, "period": {"startDate": "2026-04-01T"}}],
        }
        for n in (2, 1)
    ]
    tables = {"contracts-register.csv": twins}
    assert not list(release_hits({"releases": releases}, tables, "2026-27-Q2", 0))


_FIRST = "releases/0/contracts/0"
_SEEN = f"{_FIRST}/implementation/metrics"


@pytest.mark.parametrize(
    ("way", "value", "told"),
    [
        (f"{_FIRST}/value/amount", Decimal("120000000.08"), "'120000000.08', where contracts-register.csv has '120000000.07' in D2"),
        (f"{_FIRST}/value/amount", Decimal("120000000.06"), "'120000000.06', where"),
        (f"{_FIRST}/value/amount", Decimal("120000000.071"), "'120000000.071', where"),
        (f"{_FIRST}/value/amount", "120000000.07", "'120000000.07', where"),
        (f"{_FIRST}/value/amount", Decimal("Infinity"), "'Infinity', where"),
        (f"{_FIRST}/value/amount", Decimal("NaN"), "'NaN', where"),
        (f"{_FIRST}/value/amount", None, "nothing, where contracts-register.csv has '120000000.07' in D2"),
        ("releases/0/ocid", "ocds-9", "'ocds-9', where contracts-register.csv has 'ocds-1' in B2"),
        (f"{_FIRST}/period/startDate", "2026-03-31T00:00:00+01:00", "'2026-03-31', where contracts-register.csv has '01/04/2026' in C2"),
        (f"{_FIRST}/period/startDate", "2026-04-02T00:00:00+01:00", "'2026-04-02', where"),
        (f"{_FIRST}/period/endDate", "2028-03-30T23:59:59+01:00", "'2028-03-30', where contracts-register.csv has '31/03/2028' in E2"),
        (f"{_FIRST}/period/endDate", "2028-04-01T23:59:59+01:00", "'2028-04-01', where"),
        (f"{_FIRST}/period/endDate", None, "nothing, where contracts-register.csv has '31/03/2028' in E2"),
        (f"{_FIRST}/period/maxExtentDate", "2030-03-30T23:59:59+01:00", "'2030-03-30', where contracts-register.csv has '31/03/2030' in F2"),
        (f"{_FIRST}/period/maxExtentDate", "2030-04-01T23:59:59+01:00", "'2030-04-01', where"),
        (f"{_FIRST}/id", "8", "'8', where kpi-assessments.csv has '7' in B2"),
        (f"{_SEEN}/1/observations/0/measureClassification/id", "below", "'below', where kpi-assessments.csv has 'good' in C2"),
        (f"{_SEEN}/2/observations/0/period/endDate", "2026-09-29T23:59:59+01:00", "nothing, where kpi-assessments.csv has 'inadequate' in C3"),
    ],
)  # fmt: skip
def test_a_figure_or_number_that_was_changed_is_told_with_its_place_and_that_of_the_cell(way, value, told):
    places = found(changed(way, value))

    assert places[0][1].startswith(told)
    assert places[0][0] in (way, way.partition("/2/")[0], way.rpartition("/measureClassification")[0])


@pytest.mark.parametrize(
    ("way", "value", "place", "told"),
    [
        ("releases/0", None, "releases", "nothing, where contracts-register.csv has 'ocds-1' in B2"),
        ("releases/1", None, "", "no release of 2 contracts of contracts-register.csv, where the manifest counts 1"),
        (f"{_SEEN}/1", None, _SEEN, "nothing, where kpi-assessments.csv has 'good' in C2"),
        (f"{_SEEN}/0", _rating("G1", "met"), f"{_SEEN}/0/observations/0", "the rating 'met', which kpi-assessments.csv has not"),
        ("releases/1/contracts/0/value", {"amount": 1}, "releases/1/contracts/0/value/amount", "'1', where contracts-register.csv has nothing in D3"),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_told(way, value, place, told):
    assert (place, told) in found(changed(way, value))


def test_a_latest_end_that_is_not_given_or_that_the_register_gives_before_the_end_is_no_fault():
    assert found(changed(f"{_FIRST}/period/maxExtentDate", None)) == []
    early = {"contracts-register.csv": [REGISTER[0], [*REGISTER[1][:5], "30/03/2028"]]}
    package = changed(f"{_FIRST}/period/maxExtentDate", SPAN["endDate"])
    assert not list(release_hits(package, early, "2026-27-Q2", 0))


def _pack_with(amount: str) -> dict[str, bytes]:
    refs = [line.split(",") for line in FILES["contracts-register.csv"].decode().splitlines()]
    place = {name: refs[0].index(name) for name in ("ContractReference", "OpenContractingID")}
    releases = [
        {
            "ocid": row[place["OpenContractingID"]] or f"ocds-{n}",
            "id": f"{EDITION.period}-{row[place['ContractReference']]}",
            "contracts": [
                {
                    "id": "1",
                    "value": {"amount": 0},
                    "period": {"startDate": "2026-04-01T00", "endDate": "2029-03-31T23"},
                }
            ],
        }
        for n, row in enumerate(refs[1:])
    ]
    text = json.dumps({"releases": releases}).replace('"amount": 0', f'"amount": {amount}', 1)
    return {**FILES, "ocds-releases.json": text.encode()}


def test_a_pack_with_a_changed_amount_in_its_package_is_told_by_the_rule(tmp_path):
    assert TOTALS["contracts-register"]["money_column"] == "ContractValue"
    assert "PK-023" in rules(pack_in(tmp_path / "changed", _pack_with("120000000.08")))


def test_a_name_that_stands_twice_in_a_package_cannot_hide_a_figure(tmp_path):
    twice = _pack_with('1, "amount": 120000000.07')
    with pytest.raises(ValueError, match="amount"):
        exact_json(twice["ocds-releases.json"])
    assert "PK-003" in rules(pack_in(tmp_path / "twice", twice))

"""Public notices as Find a Tender publishes them: release packages by month.

The shape is that of the platform's OCDS packages; every identifier and text is invented.
Does not belong here: which contracts are published (`portfolio`).
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.sheets import PlantedFault
from kcc_etl.sample.world import (
    AUTHORITY_ADDRESS,
    AUTHORITY_EMAIL,
    AUTHORITY_IDS,
    AUTHORITY_NAME,
    OTHER_AUTHORITY_ID,
    OTHER_AUTHORITY_NAME,
)

SOURCE = "notices"
KPI_FROM_PENCE = 500_000_000
_ENDLESS = "ENDLESS"
_DOCUMENT_TYPES = {
    "UK4": "tenderNotice", "UK6": "awardNotice", "UK7": "contractNotice",
    "UK9": "implementationNotice", "UK10": "contractNotice", "UK11": "contractTerminationNotice",
}  # fmt: skip
_TAGS = {
    "UK4": ["tender"], "UK6": ["award", "contract"], "UK7": ["award", "contract"],
    "UK9": ["implementation"], "UK10": ["contractAmendment"], "UK11": ["contractTermination"],
}  # fmt: skip

_INDICATORS = ("Work done on time", "Complaints answered", "Social value delivered")

Json = dict[str, object]


def write_notices(folder: Path, portfolio: Portfolio) -> list[PlantedFault]:
    """Write the packages; returns the faults planted in them."""
    folder.mkdir(parents=True)
    press = _Press()
    noticed = [c for c in portfolio.contracts if c.is_noticed]
    packages: dict[str, list[tuple[Json, PlantedFault | None]]] = {}
    for contract in noticed:
        for release in _releases(press, contract):
            month = str(release["date"])[:7]
            packages.setdefault(f"find-a-tender-{month}.json", []).append((release, None))
    last = sorted(packages)[-1]
    packages[last] += _planted(press, portfolio, last)
    packages[last] += [(_elsewhere(press, n), None) for n in range(2)]
    again = sorted(packages)[-2]
    packages[last].append((packages[again][0][0], None))
    faults = []
    for name in sorted(packages):
        releases = [release for release, _ in packages[name]]
        _write(folder / name, releases)
        for place, (_, fault) in enumerate(packages[name], start=1):
            if fault:
                faults.append(PlantedFault(SOURCE, name, f"row {place}", fault.kind, fault.rule, fault.note))
    return faults


class _Press:
    """Gives each release its number."""

    def __init__(self) -> None:
        self.count = 0

    def release(self, notice: str, contract: Contract, on: date, **parts: object) -> Json:
        self.count += 1
        number = f"{900000 + self.count}-{on.year}"
        buyer = AUTHORITY_IDS[contract.number % 5 == 0]
        document: Json = {
            "id": number, "documentType": _DOCUMENT_TYPES[notice], "noticeType": notice,
            "url": f"https://find-a-tender.example/Notice/{number}", "format": "text/html",
            "datePublished": _stamp(on),
        }  # fmt: skip
        release: Json = {
            "ocid": contract.ocid,
            "id": number,
            "tag": _TAGS[notice],
            "date": _stamp(on),
            "initiationType": "tender",
            "parties": [_authority(buyer, AUTHORITY_NAME), _supplier(contract)],
            "buyer": {"id": buyer, "name": AUTHORITY_NAME},
            "tender": _tender(contract, [document] if notice == "UK4" else []),
            "language": "en",
        }
        if notice != "UK4":
            release["awards"] = [_award(contract)]
            made = {"id": "1", "awardID": "1", "documents": [document], **parts}
            release["contracts"] = [made]
        if contract.parent_ref:
            release["relatedProcesses"] = [
                {
                    "id": "1",
                    "relationship": ["framework"],
                    "scheme": "ocid",
                    "identifier": _framework_ocid(contract),
                }
            ]
        return release


def _releases(press: _Press, contract: Contract) -> list[Json]:
    """Every notice that has been published on one contract."""
    releases = []
    if contract.kind == "contract" and contract.number % 3 == 0:
        releases.append(press.release("UK4", contract, contract.commenced_on))
        releases.append(press.release("UK6", contract, contract.awarded_on, **_terms(contract)))
    releases.append(
        press.release("UK7", contract, contract.signed_on + timedelta(days=8), **_details(contract))
    )
    if contract.gross_pence > KPI_FROM_PENCE and contract.number % 4 == 2 and contract.sector == "works":
        releases.append(press.release("UK9", contract, date(2026, 9, 16), **_performance(contract)))
    if contract.number % 10 == 3 and not contract.is_light_touch:
        releases.append(press.release("UK10", contract, date(2026, 8, 20), **_change(contract)))
    if contract.kind == "framework" and contract.number % 2 == 0:
        releases.append(press.release("UK11", contract, date(2026, 9, 28), **_termination()))
    return releases


def _terms(contract: Contract) -> Json:
    value: Json = {"amountGross": _pounds(contract.gross_pence), "currency": "GBP"}
    # Find a Tender often gives the gross value alone.
    if contract.number % 2:
        value["amount"] = _pounds(contract.value_pence)
    return {
        "status": "pending",
        "period": {
            "startDate": _stamp(contract.start_on),
            "endDate": _stamp(contract.end_on),
            "maxExtentDate": _stamp(contract.end_on),
        },
        "value": value,
        "aboveThreshold": contract.gross_pence >= 20_772_000,
    }


def _details(contract: Contract) -> Json:
    details = {**_terms(contract), "status": "active", "dateSigned": _stamp(contract.signed_on)}
    if (
        contract.gross_pence > KPI_FROM_PENCE
        and contract.kind in {"contract", "call-off"}
        and not contract.is_light_touch
    ):
        details["agreedMetrics"] = [
            {
                "id": str(n), "title": title, "description": f"{title}, invented",
                "observations": [{"id": "frequency", "period": {"durationInMonths": 12}}],
            }
            for n, title in enumerate(_INDICATORS, 1)
        ]  # fmt: skip
    return details


def _performance(contract: Contract) -> Json:
    period = {"startDate": _stamp(contract.start_on), "endDate": _stamp(date(2026, 8, 31))}
    ratings = (("1", _INDICATORS[0], "97%", "met"), ("2", _INDICATORS[1], "88%", "slightlyBelow"))
    return {
        "implementation": {
            "metrics": [
                {
                    "id": n, "title": title, "description": f"{title}, invented",
                    "observations": [
                        {
                            "id": n, "period": period, "measure": measure,
                            "measureClassification": {"id": rating},
                        }
                    ],
                }
                for n, title, measure, rating in ratings
            ]
        }
    }  # fmt: skip


def _change(contract: Contract) -> Json:
    return {
        "amendments": [
            {
                "id": "1", "date": _stamp(date(2026, 8, 20)), "rationale": "More is needed, invented",
                "rationaleClassifications": [{"id": "additionalGoodsServicesWorks"}],
            }
        ],
        "period": {"startDate": _stamp(contract.start_on)},
        "aboveThreshold": True,
    }  # fmt: skip


def _termination() -> Json:
    return {
        "status": "terminated",
        "statusDetails": "Ended by agreement, invented",
        "terminationRationaleClassifications": [{"id": "mutuallyAgreed"}],
        "implementation": {"endDate": _stamp(date(2026, 9, 21))},
    }


def _planted(press: _Press, portfolio: Portfolio, file: str) -> list[tuple[Json, PlantedFault | None]]:
    """Faulty releases, each about a contract that no other release is about."""
    quiet = [c for c in portfolio.contracts if c.ocid and not c.is_noticed and c.kind == "contract"]

    def details(place: int) -> Json:
        return press.release("UK7", quiet[place], date(2026, 7, 20), **_details(quiet[place]))

    def fault(rule: str, kind: str, note: str = "") -> PlantedFault:
        return PlantedFault(SOURCE, file, "", kind, rule, note)

    nameless, endless, unknown, slipped, unnumbered, undated = (details(place) for place in range(6))
    del nameless["ocid"]
    del unnumbered["id"]
    _contract_of(endless)["value"] = {"amountGross": _ENDLESS, "currency": "GBP"}
    unknown["ocid"] = "ocds-zz9zz9-0ffff1"
    _contract_of(undated)["dateSigned"] = "soon"
    wrong = {"amountGross": _pounds(quiet[3].gross_pence * 10), "currency": "GBP"}
    _contract_of(slipped)["value"] = wrong
    return [
        (nameless, fault("NT-001", "release without OCID")),
        (endless, fault("NT-004", "value without end", "1e9999")),
        (unknown, fault("NT-005", "notice of an unknown procurement")),
        (slipped, fault("NT-006", "value differs from the register", "ten times the value")),
        (unnumbered, fault("NT-001", "release without identifier")),
        (undated, fault("NT-008", "word for a date")),
    ]


def _contract_of(release: Json) -> Json:
    contracts = release["contracts"]
    assert isinstance(contracts, list)  # noqa: S101  # built above
    first = contracts[0]
    assert isinstance(first, dict)  # noqa: S101  # built above
    return first


def _elsewhere(press: _Press, place: int) -> Json:
    """A release of another authority, as a day's package holds them."""
    press.count += 1
    number = f"{900000 + press.count}-2026"
    document = {
        "id": number,
        "documentType": "contractNotice",
        "noticeType": "UK7",
        "datePublished": _stamp(date(2026, 7, 21)),
    }
    return {
        "ocid": f"ocds-zz9zz9-0e000{place}",
        "id": number,
        "tag": ["award", "contract"],
        "date": _stamp(date(2026, 7, 21)),
        "initiationType": "tender",
        "parties": [_authority(OTHER_AUTHORITY_ID, OTHER_AUTHORITY_NAME)],
        "buyer": {"id": OTHER_AUTHORITY_ID, "name": OTHER_AUTHORITY_NAME},
        "tender": {"id": f"OTH-{place}", "title": "Town clock repairs, invented"},
        "contracts": [
            {
                "id": "1",
                "awardID": "1",
                "value": {"amountGross": 61000.0, "currency": "GBP"},
                "documents": [document],
            }
        ],
        "language": "en",
    }


def _authority(identifier: str, name: str) -> Json:
    scheme, _, number = identifier.rpartition("PPON-")
    return {
        "id": identifier,
        "name": name,
        "identifier": {"scheme": f"{scheme}PPON", "id": number},
        "address": {"streetAddress": AUTHORITY_ADDRESS, "countryName": "United Kingdom"},
        "contactPoint": {"name": "Procurement team", "email": AUTHORITY_EMAIL},
        "roles": ["buyer"],
    }


def _supplier(contract: Contract) -> Json:
    supplier = contract.supplier
    identifier = supplier.ppon or "GB-PPON-PZZZ-0000-ZZZZ"
    return {
        "id": identifier,
        "name": supplier.name,
        "identifier": {"scheme": "GB-PPON", "id": identifier.removeprefix("GB-PPON-")},
        "roles": ["supplier"],
        "details": {"scale": "large" if supplier.size == "large" else "sme", "vcse": supplier.is_vcse},
    }


def _tender(contract: Contract, documents: list[Json]) -> Json:
    tender: Json = {
        "id": contract.reference,
        "legalBasis": {"id": "2023/54", "scheme": "UKPGA"},
        "title": contract.title,
        "description": f"{contract.title}, invented",
        "status": "complete",
        "mainProcurementCategory": contract.category,
        "procurementMethod": "open" if contract.kind != "call-off" else "selective",
    }
    if contract.is_light_touch:
        tender["specialRegime"] = ["lightTouch"]
    if documents:
        tender["documents"] = documents
        tender["status"] = "active"
    return tender


def _award(contract: Contract) -> Json:
    supplier = _supplier(contract)
    return {
        "id": "1",
        "status": "active",
        "mainProcurementCategory": contract.category,
        "suppliers": [{"id": supplier["id"], "name": supplier["name"]}],
    }


def _framework_ocid(contract: Contract) -> str:
    number = int((contract.parent_ref or "0").rpartition("-")[2])
    return f"ocds-zz9zz9-{700000 + number:06x}"


def _pounds(pence: int) -> float:
    return pence / 100


def _stamp(day: date) -> str:
    """Midnight in London: summer time runs from the end of March to the end of October."""
    offset = "+01:00" if (3, 29) <= (day.month, day.day) < (10, 25) else "Z"
    return f"{day.isoformat()}T00:00:00{offset}"


def _write(path: Path, releases: list[Json]) -> None:
    package = {
        "uri": f"https://find-a-tender.example/packages/{path.stem}",
        "version": "1.1",
        "publishedDate": "2026-10-01T06:00:00+01:00",
        "publisher": {"name": "Find a Tender look-alike (fictitious)"},
        "license": "https://find-a-tender.example/licence",
        "releases": releases,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1).replace(f'"{_ENDLESS}"', "1e9999")
    path.write_bytes((text + "\n").encode("utf-8"))

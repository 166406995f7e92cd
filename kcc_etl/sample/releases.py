"""One release as Find a Tender publishes it; every identifier and text is invented.

Does not belong here: which notices there are on a contract (`notices`), faults in them (`notice_faults`).
"""

from __future__ import annotations

from datetime import date

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.world import (
    AUTHORITY_ADDRESS,
    AUTHORITY_EMAIL,
    AUTHORITY_IDS,
    AUTHORITY_NAME,
)

KPI_FROM_PENCE = 500_000_000
_DOCUMENT_TYPES = {
    "UK4": "tenderNotice", "UK6": "awardNotice", "UK7": "contractNotice",
    "UK9": "implementationNotice", "UK10": "contractNotice", "UK11": "contractTerminationNotice",
    "UK12": "tenderCancellationNotice",
}  # fmt: skip
_TAGS = {
    "UK4": ["tender"], "UK6": ["award", "contract"], "UK7": ["award", "contract"],
    "UK9": ["implementation"], "UK10": ["contractAmendment"], "UK11": ["contractTermination"],
    "UK12": ["tenderCancellation"],
}  # fmt: skip

_TENDER_NOTICES = ("UK4", "UK12")
_INDICATORS = ("Work done on time", "Complaints answered", "Social value delivered")

Json = dict[str, object]


class Press:
    """Gives each release its number."""

    def __init__(self) -> None:
        self.count = 0

    def release(self, notice: str, contract: Contract, on: date, **parts: object) -> Json:
        """A release of a notice type about a contract; `parts` are those of its contract."""
        self.count += 1
        number = f"{900000 + self.count}-{on.year}"
        buyer = AUTHORITY_IDS[contract.number % 5 == 0]
        document: Json = {
            "id": number, "documentType": _DOCUMENT_TYPES[notice], "noticeType": notice,
            "url": f"https://find-a-tender.example/Notice/{number}", "format": "text/html",
            "datePublished": stamp(on),
        }  # fmt: skip
        release: Json = {
            "ocid": contract.ocid,
            "id": number,
            "tag": _TAGS[notice],
            "date": stamp(on),
            "initiationType": "tender",
            "parties": [authority_party(buyer, AUTHORITY_NAME), supplier_party(contract)],
            "buyer": {"id": buyer, "name": AUTHORITY_NAME},
            "tender": _tender(notice, contract, [document] if notice in _TENDER_NOTICES else []),
            "language": "en",
        }
        if notice not in _TENDER_NOTICES:
            release["awards"] = [_award(contract)]
            made = {"id": "1", "awardID": "1", "documents": [document], **parts}
            release["contracts"] = [made]
        if contract.parent_ref:
            release["relatedProcesses"] = [
                {
                    "id": "1",
                    "relationship": ["framework"],
                    "scheme": "ocid",
                    "identifier": framework_ocid(contract),
                }
            ]
        return release


def contract_terms(contract: Contract) -> Json:
    """Period and value, both as notices give them."""
    value: Json = {"amountGross": pounds(contract.gross_pence), "currency": "GBP"}
    # Find a Tender often gives the gross value alone.
    if contract.number % 2:
        value["amount"] = pounds(contract.value_pence)
    return {
        "status": "pending",
        "period": {
            "startDate": stamp(contract.start_on),
            "endDate": stamp(contract.end_on),
            "maxExtentDate": stamp(contract.end_on),
        },
        "value": value,
        "aboveThreshold": contract.gross_pence >= 20_772_000,
    }


def contract_details(contract: Contract) -> Json:
    """What a contract details notice adds: the day of signature, and indicators above £5m."""
    details = {**contract_terms(contract), "status": "active", "dateSigned": stamp(contract.signed_on)}
    if sets_indicators(contract):
        details["agreedMetrics"] = [
            {
                "id": str(n), "title": title, "description": f"{title}, invented",
                "observations": [{"id": "frequency", "period": {"durationInMonths": 12}}],
            }
            for n, title in enumerate(_INDICATORS, 1)
        ]  # fmt: skip
    return details


def sets_indicators(contract: Contract) -> bool:
    """Whether the notice of a contract sets indicators: above £5m, and of a kind that must."""
    return (
        contract.gross_pence > KPI_FROM_PENCE
        and contract.kind in {"contract", "call-off"}
        and not contract.is_light_touch
    )


def contract_performance(contract: Contract) -> Json:
    """Two indicators assessed."""
    period = {"startDate": stamp(contract.start_on), "endDate": stamp(date(2026, 8, 31))}
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


def contract_change(contract: Contract) -> Json:
    """A change that was made."""
    return {
        "amendments": [
            {
                "id": "1", "date": stamp(date(2026, 8, 20)), "rationale": "More is needed, invented",
                "rationaleClassifications": [{"id": "additionalGoodsServicesWorks"}],
            }
        ],
        "period": {"startDate": stamp(contract.start_on)},
        "aboveThreshold": True,
    }  # fmt: skip


def is_ended(contract: Contract) -> bool:
    """Whether a termination notice tells of the contract."""
    return contract.is_noticed and contract.kind == "framework" and contract.number % 2 == 0


def contract_termination(contract: Contract) -> Json:
    """An end by agreement after poor performance."""
    supplier = supplier_party(contract)
    failure = {
        "id": "1",
        "category": "Poor performance",
        "description": "Orders were late, invented",
        "period": {"startDate": stamp(date(2026, 5, 4)), "endDate": stamp(date(2026, 7, 10))},
        "decisionDate": stamp(date(2026, 8, 3)),
        "suppliers": [{"id": supplier["id"], "name": supplier["name"]}],
    }
    return {
        "status": "terminated",
        "statusDetails": "Ended by agreement, invented",
        "terminationRationaleClassifications": [{"id": "mutuallyAgreed"}],
        "implementation": {
            "endDate": stamp(date(2026, 9, 21)),
            "finalValue": {"amountGross": 250000.0, "currency": "GBP"},
            "performanceFailures": [failure],
        },
    }


def authority_party(identifier: str, name: str) -> Json:
    """An authority in the role of the buyer."""
    scheme, _, number = identifier.rpartition("PPON-")
    return {
        "id": identifier,
        "name": name,
        "identifier": {"scheme": f"{scheme}PPON", "id": number},
        "address": {"streetAddress": AUTHORITY_ADDRESS, "countryName": "United Kingdom"},
        "contactPoint": {"name": "Procurement team", "email": AUTHORITY_EMAIL},
        "roles": ["buyer"],
    }


def supplier_party(contract: Contract) -> Json:
    """The supplier of a contract, by its platform identifier."""
    supplier = contract.supplier
    identifier = supplier.ppon or "GB-PPON-PZZZ-0000-ZZZZ"
    return {
        "id": identifier,
        "name": supplier.name,
        "identifier": {"scheme": "GB-PPON", "id": identifier.removeprefix("GB-PPON-")},
        "roles": ["supplier"],
        "details": {"scale": "large" if supplier.size == "large" else "sme", "vcse": supplier.is_vcse},
    }


def _tender(notice: str, contract: Contract, documents: list[Json]) -> Json:
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
    if notice == "UK4":
        terms = contract_terms(contract)
        tender["value"], tender["aboveThreshold"] = terms["value"], terms["aboveThreshold"]
        tender["lots"] = [{"id": "1", "contractPeriod": terms["period"]}]
    return tender


def _award(contract: Contract) -> Json:
    supplier = supplier_party(contract)
    return {
        "id": "1",
        "status": "active",
        "mainProcurementCategory": contract.category,
        "suppliers": [{"id": supplier["id"], "name": supplier["name"]}],
    }


def framework_ocid(contract: Contract) -> str:
    """The OCID of the framework of a call-off."""
    number = int((contract.parent_ref or "0").rpartition("-")[2])
    return f"ocds-zz9zz9-{700000 + number:06x}"


def pounds(pence: int) -> float:
    """The amount as JSON gives it."""
    return pence / 100


def stamp(day: date) -> str:
    """Midnight in London: summer time runs from the end of March to the end of October."""
    offset = "+01:00" if (3, 29) <= (day.month, day.day) < (10, 25) else "Z"
    return f"{day.isoformat()}T00:00:00{offset}"

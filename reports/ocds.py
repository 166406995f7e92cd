"""The published OCDS 1.1.5 release package: one release a contract, with the UK extension.

Does not belong here: which contracts, and who may be named (`kcc_etl.domain.drafts.released`).

Amounts and dates are those of the register as it stands after the changes that are decided, or as published
where only notices tell of a contract. Reasons, circumstances and other free text of notices are left out;
titles, descriptions and indicators stand as they are given, which is redacted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kcc_etl.domain.drafts.common import first
from kcc_etl.domain.drafts.released import Released, Releases
from kcc_etl.domain.duties.tables import Row
from reports.documents import Authority
from reports.edition import Edition
from reports.ocds_parts import (
    Json,
    agreed_metrics,
    assessed_metrics,
    buyer_party,
    kept,
    moment,
    notice_document,
    package,
    plain_text,
    span,
    supplier_parties,
    value,
)

OCDS_FILE = "ocds-releases.json"
LEGAL_BASIS = {
    "scheme": "UKPGA",
    "id": "2023/54",
    "uri": "https://www.legislation.gov.uk/ukpga/2023/54/contents",
}


def ocds_files(edition: Edition, releases: Releases) -> dict[str, bytes]:
    """The package of a pack as a file; none without a contract to release, for a package has one or more."""
    return {OCDS_FILE: ocds_package(edition, releases)} if releases.contracts else {}


def ocds_package(edition: Edition, releases: Releases) -> bytes:
    """The package of the contracts of a pack, of which there are one or more."""
    found = [_release(one, edition.authority, edition.period, edition.as_of) for one in releases.contracts]
    return package(found, edition.authority, f"ocds-releases/{edition.period}", edition.as_of)


def release_id(period: str, contract: str) -> str:
    """The number of the release of a contract in the package of a period."""
    return f"{period}-{contract}".replace(" ", "-")


def _release(one: Released, authority: Authority, period: str, as_of: date) -> Json:
    buyer = buyer_party(authority, _identity(one, authority))
    suppliers = supplier_parties(one.suppliers)
    contract = _contract(one, as_of)
    return kept(
        {
            "ocid": one.ocid,
            "id": release_id(period, one.known.contract),
            "date": moment(as_of),
            "tag": _tags(contract),
            "initiationType": "tender",
            "parties": [buyer, *suppliers],
            "buyer": {"id": buyer["id"], "name": buyer["name"]},
            "tender": tender(one.known, one.ocid),
            "awards": [_award(one, suppliers)],
            "contracts": [contract],
            "relatedProcesses": related(one.known.of_notice("framework_ocid")),
            "language": "en",
        }
    )


def _identity(one: Released, authority: Authority) -> str:
    """The identity the notices were published under, where it is one of the authority's."""
    published = one.known.of_notice("buyer_id")
    return str(published) if published in authority.ids else authority.ids[0]


def _tags(contract: Json) -> list[str]:
    parts = contract.get("implementation", {})
    tags = ["award", "contract"]
    if contract.get("amendments") or contract.get("proposedAmendments"):
        tags.append("contractAmendment")
    if parts.get("metrics") or parts.get("performanceFailures"):
        tags.append("implementation")
    if contract.get("terminationRationaleClassifications") or parts.get("endDate"):
        tags.append("contractTermination")
    return tags


def tender(known: Any, number: str) -> Json:
    """The procurement of a contract."""
    regime = first(known, "regime")[0]
    return kept(
        {
            "id": known.of_notice("tender_ref") or number,
            "title": plain_text(first(known, "contract_title")[0]),
            "legalBasis": LEGAL_BASIS if regime == "pa23" else None,
            "mainProcurementCategory": first(known, "procurement_category")[0],
            "procurementMethod": known.of_notice("procurement_method"),
            "specialRegime": ["lightTouch"] if known.facts.is_light else None,
        }
    )


def related(framework: object) -> list[Json]:
    """The framework that a contract is called off from."""
    if not framework:
        return []
    return [{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": str(framework)}]


def _award(one: Released, suppliers: Iterable[Json]) -> Json:
    codes = first(one.known, "cpv_code", "cpv_codes")[0]
    classified = [{"scheme": "CPV", "id": code} for code in str(codes or "").split("|") if code]
    return kept(
        {
            "id": one.award_id,
            "status": "active",
            "date": moment(_day(first(one.known, "awarded_on")[0])),
            "mainProcurementCategory": first(one.known, "procurement_category")[0],
            "suppliers": [{"id": supplier["id"], "name": supplier["name"]} for supplier in suppliers],
            "items": [{"id": "1", "additionalClassifications": classified}] if classified else [],
        }
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _contract(one: Released, as_of: date) -> Json:
    known, facts = one.known, one.known.facts
    return kept(
        {
            "id": one.contract_id,
            "awardID": one.award_id,
            "title": plain_text(first(known, "contract_title")[0]),
            "description": plain_text(first(known, "contract_description")[0]),
            "status": _status(one, as_of),
            "period": span(facts.start_on, facts.end_on, known.max_end_on),
            "value": value(facts.value_ex_vat_pence, facts.value_inc_vat_pence),
            "dateSigned": moment(facts.signed_on),
            "aboveThreshold": facts.stated_above,
            "hasOptions": known.of_notice("has_options"),
            "hasRenewal": known.of_notice("has_renewal"),
            "agreedMetrics": agreed_metrics(known.kpis),
            "amendments": [_amendment(row) for row in _unique(one.changes, "made")],
            "proposedAmendments": [_proposed(row) for row in _unique(one.changes, "intended")],
            "terminationRationaleClassifications": _classes(one.ended, "end_classes"),
            "implementation": _implementation(one),
            "documents": [notice_document(n.notice_type, n.release_id, n.on, one.ocid) for n in one.notices],
        }
    )


def _status(one: Released, as_of: date) -> str:
    facts = one.known.facts
    if one.ended or (facts.over_on is not None and facts.over_on < as_of):
        return "terminated"
    begun = facts.entered_on is not None and facts.entered_on <= as_of
    return "active" if begun else "pending"


def _implementation(one: Released) -> Json:
    last: Row = one.ended[-1] if one.ended else {}
    return kept(
        {
            "endDate": moment(last.get("ended_on")),
            "finalValue": value(last.get("final_value_ex_vat_pence"), last.get("final_value_inc_vat_pence")),
            "metrics": assessed_metrics(one.observed, one.ratings),
            "performanceFailures": [_failure(n, row) for n, row in enumerate(one.failures, start=1)],
        }
    )


def _unique(changes: Iterable[Row], kind: str) -> list[Row]:
    """The changes of a kind, each number of a notice once."""
    found = {(row["release_id"], row["change_id"]): row for row in changes if row["change_kind"] == kind}
    return list(found.values())


def _amendment(row: Row) -> Json:
    return kept(
        {
            "id": f"{row['release_id']}-{row['change_id'] or row['part_number']}",
            "date": moment(row["changed_on"]),
            "rationaleClassifications": _classes([row], "rationale_classes"),
        }
    )


def _proposed(row: Row) -> Json:
    return kept(
        {
            **_amendment(row),
            "standstill": row["has_standstill"],
            "value": value(row["value_ex_vat_pence"], row["value_inc_vat_pence"]),
            "period": span(row["start_on"], row["end_on"], row["max_end_on"]),
            "hasRenewal": row["has_renewal"],
            "aboveThreshold": row["above_threshold"],
        }
    )


def _failure(number: int, row: Row) -> Json:
    return kept(
        {
            "id": row["failure_id"] or str(number),
            "period": span(row["observed_from_on"], row["observed_to_on"]),
            "decisionDate": moment(row["decided_on"]),
            "penaltyDate": moment(row["penalty_on"]),
            "penaltyType": row["penalty_type"],
            "penaltyValue": value(row["penalty_ex_vat_pence"], row["penalty_inc_vat_pence"]),
        }
    )


def _classes(rows: Iterable[Row], name: str) -> list[Json]:
    found = dict.fromkeys(code for row in rows for code in str(row[name] or "").split("|") if code)
    return [{"id": code} for code in found]

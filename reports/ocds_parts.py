"""Parts of OCDS 1.1.5 releases with the UK extension: organisations, values, periods, indicators, packages.

Does not belong here: which contracts (`kcc_etl.domain.drafts`), whole releases (`ocds`, `ocds_drafts`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from kcc_etl.domain.drafts.common import identifiers_of
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.periods import LONDON
from kcc_etl.domain.redaction import NAME_TEXTS, REDACTED
from reports.documents import Authority, clean_text

Json = dict[str, Any]

EXTENSIONS = (
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_metrics_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_contract_completion_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_amendment_rationale_classifications_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_performance_failures_extension/master/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_options_extension/master/extension.json",
)
"""Beyond OCDS 1.1.5. Source: the packages of Find a Tender, and the dependencies of the UK extension."""

LICENCE_URL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_OF_PLATFORM = re.compile(r"[0-9]{6}-[0-9]{4}")

DOCUMENT_TYPES = {
    "UK1": "plannedProcurementNotice",
    "UK2": "marketEngagementNotice",
    "UK3": "plannedProcurementNotice",
    "UK4": "tenderNotice",
    "UK5": "awardNotice",
    "UK6": "awardNotice",
    "UK7": "contractNotice",
    "UK9": "implementationNotice",
    "UK10": "contractNotice",
    "UK11": "contractTerminationNotice",
    "UK12": "tenderCancellationNotice",
}
"""Document type of each notice. Source: transparency-law.md, 1h, as seen on Find a Tender."""

RATINGS = {
    "good": ("met", "Good - performance is meeting or exceeding the KPI"),
    "approaching target": ("slightlyBelow", "Approaching target - performance is close to meeting the KPI"),
    "requires improvement": ("below", "Requires improvement - performance is below the KPI"),
    "inadequate": ("significantlyBelow", "Inadequate - performance is significantly below the KPI"),
    "other": ("other", "Other - none of the other ratings describes the performance"),
}
"""Code and description of each rating of PR24 reg 39(5). Source: transparency-law.md, 1e, which infers the
pairing of the last three."""


def kept(members: Mapping[str, Any]) -> Json:
    """An object without the members that hold nothing: OCDS has no empty lists, texts and objects."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def plain_text(value: object) -> str | None:
    """Text without control characters; None for none."""
    return clean_text(str(value)) if value is not None else None


def moment(day: date | None, *, end: bool = False) -> str | None:
    """A day as a moment in Kent, with its time zone: its first second, or its last where a period ends."""
    if day is None:
        return None
    at = time(23, 59, 59) if end else time()
    return datetime.combine(day, at, LONDON).isoformat()


def value(net: int | None, gross: int | None) -> Json:
    """An amount: `amount` excluding and `amountGross` including VAT (UK extension); may be empty."""
    if net is None and gross is None:
        return {}
    return kept({"amountGross": _pounds(gross), "amount": _pounds(net), "currency": "GBP"})


def span(start: date | None, end: date | None, latest: date | None = None) -> Json:
    """A period from the first second of a day to the last of another; may be empty.

    The latest end it may have is never before its end, though a notice says so.
    """
    latest = max(latest, end) if latest and end else latest
    return kept(
        {
            "startDate": moment(start),
            "endDate": moment(end, end=True),
            "maxExtentDate": moment(latest, end=True),
        }
    )


def buyer_party(authority: Authority, identity: str) -> Json:
    """The authority under one of its identities; its mailbox, and nobody's name."""
    scheme, number = _scheme(identity)
    return {
        "id": identity if identity.startswith("GB-") else f"{scheme}-{number}",
        "name": authority.name,
        "identifier": {"scheme": scheme, "id": number, "legalName": authority.name},
        "address": {"streetAddress": authority.address, "countryName": "United Kingdom"},
        "contactPoint": {"email": authority.email},
        "roles": ["buyer"],
    }


def _scheme(identity: str) -> tuple[str, str]:
    bare = identity.removeprefix("GB-PPON-").removeprefix("GB-PPON:")
    return "GB-PPON", bare


def supplier_parties(suppliers: Iterable[Row], *, with_address: bool = False) -> list[Json]:
    """The suppliers, each once; one that may not be named has the redaction text and nothing else.

    An address is for drafts of notices alone: no published file has one.
    """
    found: dict[str, Json] = {}
    for number, row in enumerate(suppliers, start=1):
        identifiers = [{"scheme": scheme, "id": digits} for scheme, digits in identifiers_of(row)]
        name = plain_text(row.get("supplier_name")) or REDACTED
        if name in NAME_TEXTS:
            identifiers = []
        own = f"{identifiers[0]['scheme']}-{identifiers[0]['id']}" if identifiers else f"supplier-{number}"
        found.setdefault(
            own,
            kept(
                {
                    "id": own,
                    "name": name,
                    "identifier": identifiers[0] if identifiers else None,
                    "additionalIdentifiers": identifiers[1:],
                    "address": _address(row) if with_address and name not in NAME_TEXTS else {},
                    "roles": ["supplier"],
                    "details": {} if name in NAME_TEXTS else _details(row),
                }
            ),
        )
    return list(found.values())


def _address(row: Row) -> Json:
    return kept({"streetAddress": plain_text(row.get("supplier_address"))})


def _details(row: Row) -> Json:
    size = row.get("supplier_scale") or row.get("supplier_size")
    scale = None if size is None else "large" if size == "large" else "sme"
    return kept(
        {
            "scale": scale,
            "vcse": row.get("supplier_is_vcse"),
            "publicServiceMissionOrganization": row.get("supplier_is_mutual"),
            "shelteredWorkshop": row.get("supplier_is_sheltered"),
        }
    )


def agreed_metrics(kpis: Iterable[Row]) -> list[Json]:
    """Indicators that a contract sets, with how often they are reported."""
    found = []
    for number, row in enumerate(kpis, start=1):
        every = kept(
            {"durationInMonths": row.get("frequency_months"), "durationInDays": row.get("frequency_days")}
        )
        found.append(
            kept(
                {
                    "id": row.get("kpi_id") or str(number),
                    "title": plain_text(row.get("kpi_title")),
                    "description": plain_text(row.get("kpi_description")),
                    "observations": [{"id": "frequency", "period": every}] if every else [],
                }
            )
        )
    return found


def assessed_metrics(observed: Iterable[Row], ratings: Iterable[Row]) -> list[Json]:
    """Indicators with their assessments: those of public notices, then those that officers confirmed here.

    An indicator is one by its number, title and description; where two bear one number, the later is told
    apart by its place.
    """
    found: dict[tuple[Any, ...], Json] = {}
    for row in observed:
        metric = _metric(found, row.get("kpi_id"), row.get("kpi_title"), row.get("kpi_description"))
        given = kept({"id": row.get("rating"), "description": plain_text(row.get("rating_description"))})
        _observe(metric, row, str(row["release_id"]), plain_text(row.get("observed")), given)
    for row in ratings:
        metric = _metric(found, row.get("kpi_id"), row.get("kpi_title"), row.get("kpi_description"))
        code, words = RATINGS[row["confirmed_rating"]]
        number = f"{row['kpi_id']}-{row['period']}"
        _observe(metric, row, number, None, {"id": code, "description": words})
    return list(found.values())


def _metric(found: dict[tuple[Any, ...], Json], number: object, title: object, description: object) -> Json:
    key = (number, title, description)
    if key not in found:
        own = str(number or len(found) + 1)
        taken = {metric["id"] for metric in found.values()}
        members = {
            "id": f"{own}-{len(found) + 1}" if own in taken else own,
            "title": plain_text(title),
            "description": plain_text(description),
        }
        found[key] = {**kept(members), "observations": []}
    return found[key]


def _observe(metric: Json, row: Row, number: str, measure: str | None, rating: Json) -> None:
    taken = {observation["id"] for observation in metric["observations"]}
    own = f"{number}-{len(taken) + 1}" if number in taken else number
    metric["observations"].append(
        kept(
            {
                "id": own,
                "period": span(row["observed_from_on"], row["observed_to_on"]),
                "measure": measure,
                "measureClassification": rating,
            }
        )
    )


def notice_document(notice_type: str, number: str, on: date | None, ocid: str) -> Json:
    """A notice as a document, with its address where the platform published it."""
    on_platform = _OF_PLATFORM.fullmatch(number) and ocid.startswith("ocds-h6vhtk-")
    address = f"https://www.find-tender.service.gov.uk/Notice/{number}" if on_platform else None
    return kept(
        {
            "id": number,
            "documentType": DOCUMENT_TYPES.get(notice_type),
            "noticeType": notice_type,
            "url": address,
            "datePublished": moment(on),
            "format": "text/html" if address else None,
        }
    )


def package(releases: Iterable[Json], authority: Authority, name: str, as_of: date) -> bytes:
    """A release package as JSON, always the same bytes; named by a tag URI, which is no address."""
    scheme, number = _scheme(authority.ids[0])
    content = {
        "uri": f"tag:{authority.email},{as_of.isoformat()}:{name}",
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": moment(as_of),
        "publisher": {"name": authority.name, "scheme": scheme, "uid": number},
        "license": LICENCE_URL,
        "releases": list(releases),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _pounds(pence: int | None) -> int | float | None:
    """Pounds as JSON has them; below 10^13 pounds a double gives back every penny."""
    if pence is None:
        return None
    return pence // 100 if pence % 100 == 0 else pence / 100

"""What a release says, as one row: the procurement, and its contracts and awards with all their parts.

The paths are those of OCDS 1.1.5 with the UK extension (transparency-law.md, section 3.4). Contact points
and telephone numbers are never read, street addresses of registered companies and charities alone.
Does not belong here: whose release it is (`releases`), one table a part (`kcc_etl.domain.notices`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from kcc_etl.intake.cells.json_parts import JsonObject, entries, flag, joined, objects, part, prose, text
from kcc_etl.intake.notices.events import (
    ENDED,
    Days,
    Row,
    amounts,
    assessments,
    changes,
    currency_of,
    ends,
    failures,
    indicators,
)
from kcc_etl.intake.notices.pairing import Told, contracts_and_awards
from kcc_etl.intake.notices.suppliers import parties_of, suppliers_of

CHANGE_NOTICE = "UK10"
_STAGES_WITH_DOCUMENTS = ("planning", "tender")
_LISTS_WITH_DOCUMENTS = ("awards", "contracts")
_INVITES = {"tender", "tenderUpdate"}
# 2014/23/EU concessions, 2014/24/EU public contracts, 2014/25/EU utilities: law of awards before 24 Feb 2025.
_REGIMES = {"2023/54": "pa23", "32014L0023": "pcr2015", "32014L0024": "pcr2015", "32014L0025": "pcr2015"}


def _plain(value: object) -> str:
    """A number by its value: 26865 and 26865.0 are one."""
    return str(value.normalize()) if isinstance(value, Decimal) and value.is_finite() else str(value)


def _iso(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else None


# What comes of a file holds no circles, and to look for them takes a seventh of the time.
_IN_ONE_FORM = json.JSONEncoder(sort_keys=True, check_circular=False, default=_plain)
_CONTRACTS = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, default=_iso
)


@dataclass(frozen=True)
class ReleaseRow:
    """The row of a release, and what is told about it.

    `odd_days` are dates in it that are none, each with its path: such a date counts as empty. `unclear` are
    the places of contracts whose award could be one of several, each with the identifier of the awards.
    """

    row: Row
    odd_days: list[tuple[str, object]]
    unclear: list[tuple[str, str]]


def release_row(release: JsonObject, buyer_id: str | None, buyer_name: str | None) -> ReleaseRow:
    """The row of a release of that buyer."""
    reading = _Reading(release)
    row = reading.row()
    digest = hashlib.sha256(_IN_ONE_FORM.encode(release).encode()).hexdigest()
    named = {**row, "row_digest": digest, "buyer_id": buyer_id, "buyer_name": buyer_name}
    return ReleaseRow(named, reading.days.odd, reading.unclear)


class _Reading:
    """Reads one release."""

    def __init__(self, release: JsonObject) -> None:
        self._release = release
        self._tender = part(release, "tender")
        self._parties = parties_of(release)
        self._notice_type = _notice_type(release)
        self.days = Days()
        self.unclear: list[tuple[str, str]] = []

    def row(self) -> Row:
        release, tender = self._release, self._tender
        told = contracts_and_awards(release)
        contracts = [self._contract(place, one) for place, one in enumerate(told, 1)]
        days = self.days
        if not contracts and _INVITES & set(entries(release, "tag")):
            contracts = [self._invitation()]
        elif not contracts and text(tender.get("status")) in ENDED:
            contracts = [{"contract_place": 1, "ends": list(ends(tender, "procurement", "tender", days))}]
        legal = part(tender, "legalBasis")
        return {
            "release_id": text(release.get("id")),
            "ocid": text(release.get("ocid")),
            "notice_type": self._notice_type,
            "release_tags": joined(entries(release, "tag")),
            "published_on": self.days.day(release, "date"),
            "contract_title": prose(tender.get("title")),
            "agreement_kind": _agreement_kind(release, tender),
            "procurement_category": self._category(),
            "is_light_touch": "lightTouch" in entries(tender, "specialRegime"),
            "framework_ocid": _framework(release),
            "tender_ref": text(tender.get("id")),
            "legal_basis": joined([legal.get("scheme"), legal.get("id")], " "),
            "regime": _REGIMES.get(text(legal.get("id")) or ""),
            "procurement_method": text(tender.get("procurementMethod")),
            "procurement_method_details": prose(tender.get("procurementMethodDetails")),
            "suits_sme": _suits(tender, "sme"),
            "suits_vcse": _suits(tender, "vcse"),
            "contracts_json": _CONTRACTS.encode(contracts),
        }

    def _contract(self, place: int, pair: Told) -> Row:
        where, contract, award = pair.where, pair.contract, pair.award
        if pair.is_unclear:
            self.unclear.append((where, text(contract.get("awardID")) or ""))
        told = contract or award
        value, period = _value(told, award), part(told, "period") or part(told, "contractPeriod")
        items = self._items(contract, award)
        metrics = contract.get("agreedMetrics")
        return {
            "contract_place": place,
            "contract_id": text(contract.get("id")),
            "award_id": text(contract.get("awardID")) if contract else text(award.get("id")),
            "contract_title": prose(told.get("title")) or prose(award.get("title")),
            "contract_description": prose(told.get("description")) or self._tender_description,
            "contract_status": text(told.get("status")),
            "lot_ids": joined(entries(award, "relatedLots")),
            "cpv_codes": joined(_cpv_codes(items)) or joined(_cpv_codes([self._tender])),
            "region_codes": joined(a.get("region") for i in items for a in objects(i, "deliveryAddresses")),
            **amounts(value),
            "currency": currency_of(value),
            "awarded_on": self.days.day(award, "date", where),
            "signed_on": self.days.day(contract, "dateSigned", where),
            **self.days.span(period, f"{where}/period"),
            "above_threshold": flag(told.get("aboveThreshold")),
            "has_options": _either(told, award, "hasOptions"),
            "has_renewal": _either(told, award, "hasRenewal"),
            "kpi_count": len(metrics) if isinstance(metrics, list) else None,
            "no_kpi_reason": prose(contract.get("noAgreedMetricsRationale")),
            "has_contract_copy": _has_copy(contract),
            "suppliers": suppliers_of(self._parties, award),
            "kpis": [*indicators(contract), *assessments(contract, where, self.days)],
            "changes": list(
                changes(contract, where, self.days, is_change_notice=self._notice_type == CHANGE_NOTICE)
            ),
            "ends": list(ends(told, "contract" if contract else "award", where, self.days)),
            "failures": list(failures(contract, where, self.days)),
        }

    def _invitation(self) -> Row:
        """What a release that invites to tender wants to buy, before there is a contract; lots together."""
        tender, lots = self._tender, objects(self._tender, "lots")
        periods = [part(lot, "contractPeriod") for lot in lots] or [part(tender, "contractPeriod")]
        spans = [self.days.span(period, "tender/lots/contractPeriod") for period in periods]
        value = part(tender, "value")
        return {
            "contract_place": 1,
            "contract_description": self._tender_description,
            "lot_ids": joined(lot.get("id") for lot in lots),
            "cpv_codes": joined(_cpv_codes(objects(tender, "items"))) or joined(_cpv_codes([tender])),
            **amounts(value),
            "currency": currency_of(value),
            "start_on": _of_all(min, spans, "start_on"),
            "end_on": _of_all(max, spans, "end_on"),
            "max_end_on": _of_all(max, spans, "max_end_on"),
            "above_threshold": flag(tender.get("aboveThreshold")),
        }

    @cached_property
    def _tender_description(self) -> str | None:
        return prose(self._tender.get("description"))

    def _items(self, contract: JsonObject, award: JsonObject) -> list[JsonObject]:
        own = objects(contract, "items") or objects(award, "items")
        if own:
            return own
        lots = set(filter(None, map(text, entries(award, "relatedLots"))))
        of_tender = objects(self._tender, "items")
        return [i for i in of_tender if text(i.get("relatedLot")) in lots] if lots else of_tender

    def _category(self) -> str | None:
        stages = (self._tender, *objects(self._release, "awards"))
        return next((c for s in stages if (c := text(s.get("mainProcurementCategory")))), None)


def _has_copy(contract: JsonObject) -> bool | None:
    """Whether the contract itself is among its documents; None for an award without a contract."""
    if not contract:
        return None
    return any(doc.get("documentType") == "contractSigned" for doc in objects(contract, "documents"))


def _of_all(choose: Callable[[list[date]], date], spans: list[Row], name: str) -> date | None:
    """The first or the last of the days of that name; None without any."""
    days = [day for span in spans if isinstance(day := span[name], date)]
    return choose(days) if days else None


def _value(told: JsonObject, award: JsonObject) -> JsonObject:
    return part(told, "value") or part(award, "value")


def _either(told: JsonObject, award: JsonObject, name: str) -> bool | None:
    return flag(told.get(name)) if name in told else flag(award.get(name))


def _cpv_codes(parents: list[JsonObject]) -> Iterator[object]:
    for parent in parents:
        for code in (part(parent, "classification"), *objects(parent, "additionalClassifications")):
            if code.get("scheme") == "CPV":
                yield code.get("id")


def _suits(tender: JsonObject, whom: str) -> bool | None:
    """Whether the procurement or one of its lots is said to suit; None when nothing is said."""
    told = [flag(part(t, "suitability").get(whom)) for t in (tender, *objects(tender, "lots"))]
    return True if True in told else False if False in told else None


def _agreement_kind(release: JsonObject, tender: JsonObject) -> str | None:
    """What the procurement leads to, if the notice marks it; a contract of its own bears no mark.

    Made under a framework it is a call-off, whatever else it says; a framework of concessions is a framework.
    """
    if _framework(release):
        return "call-off"
    if flag(part(tender, "techniques").get("hasFrameworkAgreement")):
        return "framework"
    return "concession" if "concession" in entries(tender, "specialRegime") else None


def _framework(release: JsonObject) -> str | None:
    for process in objects(release, "relatedProcesses"):
        if "framework" in entries(process, "relationship"):
            return text(process.get("identifier"))
    return None


def _notice_type(release: JsonObject) -> str | None:
    """The type of the notice that bears the release's number; without one, the first type it states."""
    stages = [part(release, name) for name in _STAGES_WITH_DOCUMENTS]
    stages += [entry for name in _LISTS_WITH_DOCUMENTS for entry in objects(release, name)]
    typed = [doc for stage in stages for doc in objects(stage, "documents") if doc.get("noticeType")]
    own = [doc for doc in typed if doc.get("id") == release.get("id")]
    return text((own or typed)[0]["noticeType"]) if typed else None

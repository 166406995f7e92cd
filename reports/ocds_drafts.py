"""Drafts of notices as OCDS 1.1.5 release packages, each in the shape that Find a Tender gives its notice.

Does not belong here: the fields of the regulation (`kcc_etl.domain.drafts`), the workbook (`drafts`).

A draft is for the officer who files the notice: its suppliers are named. Where the procurement has no
identifier yet, the platform gives it with its first notice; until then there is no release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from kcc_etl.domain.drafts.common import first, most_material
from kcc_etl.domain.drafts.draft import Draft
from kcc_etl.domain.drafts.known import Known
from kcc_etl.domain.drafts.performance import ASSESSMENT, ratings_of
from kcc_etl.domain.duties.measured import Measured, measured_changes
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.periods import parse_period
from kcc_etl.parameters.duties import Law
from reports.documents import Authority
from reports.ocds import related, tender
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

_TAGS = {
    "UK1": ["planning"],
    "UK7": ["award", "contract"],
    "UK9": ["implementation"],
    "UK10": ["contractAmendment"],
    "UK11": ["contractTermination"],
}


def draft_package(draft: Draft, known: Known, authority: Authority, law: Law, as_of: date) -> bytes | None:
    """The draft as a package of one release; None where its procurement has no identifier."""
    ocid = first(known, "ocid")[0]
    if not ocid:
        return None
    buyer = buyer_party(authority, authority.ids[0])
    suppliers = supplier_parties(known.suppliers or [known.register], with_address=True)
    named = [] if draft.notice_type == "UK1" else suppliers
    release: Json = {
        "ocid": str(ocid),
        "id": draft_name(draft),
        "date": moment(as_of),
        "tag": _TAGS[draft.notice_type],
        "initiationType": "tender",
        "parties": [buyer, *named],
        "buyer": {"id": buyer["id"], "name": buyer["name"]},
        "tender": tender(known, str(ocid)),
        "relatedProcesses": related(known.framework.get("ocid") or known.of_notice("framework_ocid")),
        "language": "en",
    }
    document = notice_document(draft.notice_type, draft_name(draft), None, "")
    if draft.notice_type == "UK1":
        release |= _planned(known, tender(known, str(ocid)), document)
    else:
        number = str(first(known, "contract_id")[0] or known.contract)
        award = str(known.of_notice("award_id") or number)
        given = _CONTRACT[draft.notice_type](draft, known, law)
        release["contracts"] = [kept({"id": number, "awardID": award, **given, "documents": [document]})]
        release["awards"] = [_award(award, suppliers)]
    return package([kept(release)], authority, f"drafts/{draft_name(draft)}", as_of)


def draft_name(draft: Draft) -> str:
    """The name of a draft as file and release: type, contract, and occasion where there is one."""
    words = "-".join(word for word in ("draft", draft.notice_type, draft.contract, draft.occasion) if word)
    return "".join(sign if (sign.isalnum() and sign.isascii()) or sign in "-." else "-" for sign in words)


def _award(number: str, suppliers: Iterable[Json]) -> Json:
    named = [{"id": one["id"], "name": one["name"]} for one in suppliers]
    return kept({"id": number, "status": "active", "suppliers": named})


def _planned(known: Known, told: Json, document: Json) -> Json:
    """A planned procurement, with the day its tender or transparency notice is expected."""
    facts = known.facts
    lot = kept({"id": "1", "contractPeriod": span(facts.start_on, facts.end_on, known.max_end_on)})
    communication = kept({"futureNoticeDate": moment(facts.commenced_on)})
    more = {
        "status": "planned",
        "description": plain_text(first(known, "contract_description")[0]),
        "value": value(facts.value_ex_vat_pence, facts.value_inc_vat_pence),
        "lots": [lot],
        "communication": communication,
    }
    return {"planning": {"documents": [document]}, "tender": kept({**told, **more})}


def _details(draft: Draft, known: Known, law: Law) -> Json:
    facts = known.facts
    return {
        "title": plain_text(first(known, "contract_title")[0]),
        "description": plain_text(first(known, "contract_description")[0]),
        "status": "active",
        "period": span(facts.start_on, facts.end_on, known.max_end_on),
        "value": value(facts.value_ex_vat_pence, facts.value_inc_vat_pence),
        "dateSigned": moment(facts.signed_on),
        "agreedMetrics": agreed_metrics(known.kpis),
        "noAgreedMetricsRationale": plain_text(known.of_notice("no_kpi_reason")),
    }


def _performance(draft: Draft, known: Known, law: Law) -> Json:
    if draft.variant == ASSESSMENT:
        chosen, _ = most_material(replace(known, ratings=ratings_of(draft.due, known)))
        rated = [_rated(kpi, rating) for kpi, rating in chosen if rating]
        return {"implementation": kept({"metrics": assessed_metrics([], rated)})}
    return {"implementation": {"performanceFailures": [_failure(draft.occasion, known)]}}


def _rated(kpi: Row, rating: Row) -> Row:
    period = parse_period(rating["period"])
    return {**rating, **kpi, "observed_from_on": period.start, "observed_to_on": period.end}


def _failure(decision_id: str, known: Known) -> Json:
    failure = next((one for one in known.facts.failures if one.id == decision_id), None)
    if failure is None:
        return {"id": "1"}
    return kept({"id": decision_id, "category": failure.kind, "decisionDate": moment(failure.on)})


def _change(draft: Draft, known: Known, law: Law) -> Json:
    measured = next((m for m in measured_changes(known.facts, law) if m.change.id == draft.occasion), None)
    return {"proposedAmendments": [_proposed(draft, measured)]}


def _proposed(draft: Draft, measured: Measured | None) -> Json:
    """The change, with the value excluding VAT and the end that the contract has after it."""
    if measured is None:
        return {"id": draft.occasion}
    change, base = measured.change, measured.base_pence
    after = None if base is None else base + measured.earlier_pence + measured.value_pence
    transfer = [{"id": "transferCorporateRestructuring"}] if change.is_transfer else []
    return kept(
        {
            "id": change.id,
            "date": moment(change.effective_on),
            "rationaleClassifications": transfer,
            "value": value(after, None) if measured.value_pence else {},
            "period": span(None, change.new_end_on),
        }
    )


def _termination(draft: Draft, known: Known, law: Law) -> Json:
    facts = known.facts
    failures = [_failure(one.id, known) for one in facts.failures if one.ends_contract]
    code = "breachOfContract" if failures else None
    return {
        "status": "terminated",
        "terminationRationaleClassifications": [{"id": code}] if code else [],
        "value": value(facts.value_ex_vat_pence, facts.value_inc_vat_pence),
        "implementation": kept({"endDate": moment(facts.over_on), "performanceFailures": failures}),
    }


_CONTRACT: Mapping[str, Callable[[Draft, Known, Law], Json]] = {
    "UK7": _details,
    "UK9": _performance,
    "UK10": _change,
    "UK11": _termination,
}

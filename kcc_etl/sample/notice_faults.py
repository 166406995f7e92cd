"""Notices that are faulty, or that say something else than the register; and those of another authority.

Does not belong here: the shape of a release (`releases`), sound notices (`notices`).
"""

from __future__ import annotations

from datetime import date, timedelta

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.releases import (
    Json,
    Press,
    authority_party,
    contract_change,
    contract_details,
    is_ended,
    pounds,
    stamp,
)
from kcc_etl.sample.sheets import Plant, PlantedFault
from kcc_etl.sample.world import OTHER_AUTHORITY_ID, OTHER_AUTHORITY_NAME

SOURCE = "notices"
ENDLESS = "ENDLESS"
"""Stands for a number that JSON has and Python does not, until the package is written."""

_SLIPPED, _PROLONGED, _EXCHANGED, _CHANGED, _WITHDRAWN = 3, 6, 7, 8, 9
"""Which of the quiet contracts has which notice."""


def disputed_facts(portfolio: Portfolio) -> dict[str, Plant]:
    """Contracts of the register, by reference, whose notices say something else, and the fact at issue."""
    quiet = _quiet(portfolio)
    facts = {
        contract.reference: Plant("NT-018", "ended in a notice, running in the register", "end_on")
        for contract in portfolio.contracts
        if is_ended(contract)
    }
    wrong = Plant("NT-006", "value differs from the notice", "value_inc_vat_pence", "ten times the value")
    facts[quiet[_SLIPPED].reference] = wrong
    facts[quiet[_PROLONGED].reference] = Plant("NT-012", "end date differs from the notice", "end_on")
    facts[quiet[_EXCHANGED].reference] = Plant("NT-015", "supplier differs from the notice", "supplier_name")
    changed = Plant("NT-019", "change of a notice not in the register", "value_inc_vat_pence")
    facts[quiet[_CHANGED].reference] = changed
    return facts


def planted_releases(press: Press, portfolio: Portfolio, file: str) -> list[tuple[Json, PlantedFault | None]]:
    """Faulty releases, each about a contract that no other release is about."""
    quiet = _quiet(portfolio)

    def details(place: int) -> Json:
        return press.release("UK7", quiet[place], date(2026, 7, 20), **contract_details(quiet[place]))

    def fault(rule: str, kind: str, note: str = "") -> PlantedFault:
        return PlantedFault(SOURCE, file, "", kind, rule, note)

    nameless, endless, unknown, slipped, unnumbered, undated = (details(place) for place in range(6))
    prolonged, exchanged, changed = (details(place) for place in (_PROLONGED, _EXCHANGED, _CHANGED))
    del nameless["ocid"]
    del unnumbered["id"]
    _contract_of(endless)["value"] = {"amountGross": ENDLESS, "currency": "GBP"}
    unknown["ocid"] = "ocds-zz9zz9-0ffff1"
    _contract_of(undated)["dateSigned"] = "soon"
    wrong = {"amountGross": pounds(quiet[_SLIPPED].gross_pence * 10), "currency": "GBP"}
    _contract_of(slipped)["value"] = wrong
    later = quiet[_PROLONGED].end_on + timedelta(days=90)
    _contract_of(prolonged)["period"] = {
        "startDate": stamp(quiet[_PROLONGED].start_on),
        "endDate": stamp(later),
    }
    _exchange_supplier(exchanged)
    more = press.release("UK10", quiet[_CHANGED], date(2026, 8, 24), **contract_change(quiet[_CHANGED]))
    raised = {"amountGross": pounds(quiet[_CHANGED].gross_pence * 3 // 2), "currency": "GBP"}
    _contract_of(more)["value"] = raised
    withdrawn = press.release("UK12", quiet[_WITHDRAWN], date(2026, 8, 27))
    withdrawn["ocid"] = "ocds-zz9zz9-0ffff2"
    withdrawn["tender"] = {
        **_part(withdrawn, "tender"),
        "id": "KSW-T-77",
        "status": "withdrawn",
        "statusDetails": "No offer was received, invented",
    }
    return [
        (nameless, fault("NT-001", "release without OCID")),
        (endless, fault("NT-004", "value without end", "1e9999")),
        (unknown, fault("NT-005", "notice of an unknown procurement")),
        (slipped, None),
        (unnumbered, fault("NT-001", "release without identifier")),
        (undated, fault("NT-008", "word for a date")),
        *((release, None) for release in (prolonged, exchanged, changed, more, withdrawn)),
    ]


def release_of_elsewhere(press: Press, place: int) -> Json:
    """A release of another authority, as a day's package holds them."""
    press.count += 1
    number = f"{900000 + press.count}-2026"
    document = {
        "id": number,
        "documentType": "contractNotice",
        "noticeType": "UK7",
        "datePublished": stamp(date(2026, 7, 21)),
    }
    return {
        "ocid": f"ocds-zz9zz9-0e000{place}",
        "id": number,
        "tag": ["award", "contract"],
        "date": stamp(date(2026, 7, 21)),
        "initiationType": "tender",
        "parties": [authority_party(OTHER_AUTHORITY_ID, OTHER_AUTHORITY_NAME)],
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


def _quiet(portfolio: Portfolio) -> list[Contract]:
    """Contracts that no other release is about."""
    return [c for c in portfolio.contracts if c.ocid and not c.is_noticed and c.kind == "contract"]


def _exchange_supplier(release: Json) -> None:
    """Another supplier than the register's, with an identifier of its own."""
    other = {"id": "GB-PPON-PZZZ-9999-ZZZZ", "name": "Someone Else Entirely Limited"}
    identifier = {"scheme": "GB-PPON", "id": "PZZZ-9999-ZZZZ"}
    parties = release["parties"]
    assert isinstance(parties, list)  # noqa: S101  # built above
    release["parties"] = [parties[0], {**other, "identifier": identifier, "roles": ["supplier"]}]
    release["awards"] = [{"id": "1", "status": "active", "suppliers": [other]}]


def _part(release: Json, name: str) -> Json:
    part = release[name]
    assert isinstance(part, dict)  # noqa: S101  # built above
    return part


def _contract_of(release: Json) -> Json:
    contracts = release["contracts"]
    assert isinstance(contracts, list)  # noqa: S101  # built above
    first = contracts[0]
    assert isinstance(first, dict)  # noqa: S101  # built above
    return first

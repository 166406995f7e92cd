"""Suppliers of an award: names and identifiers as published, from the award and from the parties.

Contact points are never read. The address is read of what a register of companies or charities holds, for the
notices that ask for it; of any other, who may be a person at home, the postcode alone, for place.
Does not belong here: which supplier it is to us (`kcc_etl.domain.identifiers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kcc_etl.domain.identifiers import clean_charity_number, clean_company_number, clean_ppon
from kcc_etl.domain.places import last_postcode
from kcc_etl.intake.cells.json_parts import JsonObject, flag, joined, objects, part, prose, text

_PPON, _COMPANY = "GB-PPON", "GB-COH"
_CHARITIES = ("GB-CHC", "GB-SC", "GB-NIC")
_SCHEMES = (_PPON, _COMPANY, *_CHARITIES)


def parties_of(release: JsonObject) -> dict[str | None, JsonObject]:
    """The parties of a release by their ids; of several with one id, the last."""
    return {text(party.get("id")): party for party in objects(release, "parties")}


def suppliers_of(parties: Mapping[str | None, JsonObject], award: JsonObject) -> list[dict[str, object]]:
    """The suppliers of an award, in its order; a supplier named twice stays twice."""
    return [
        _supplier(supplier, parties.get(text(supplier.get("id")), {}))
        for supplier in objects(award, "suppliers")
    ]


def _supplier(supplier: JsonObject, party: JsonObject) -> dict[str, object]:
    found = list(dict.fromkeys(_identifiers(supplier, party)))
    details, address = part(party, "details"), part(party, "address")
    numbers = _numbers(found)
    is_registered = any(numbers[name] for name in ("supplier_company_number", "supplier_charity_number"))
    return {
        "supplier_name": text(supplier.get("name")) or text(party.get("name")),
        **numbers,
        "supplier_other_ids": joined(f"{s}:{number}" for s, number in found if s not in _SCHEMES),
        "supplier_address": _address(address) if is_registered else None,
        "supplier_postcode": _postcode(address),
        "supplier_scale": prose(details.get("scale")),
        "supplier_is_vcse": flag(details.get("vcse")),
        "supplier_is_mutual": flag(details.get("publicServiceMissionOrganization")),
        "supplier_is_sheltered": flag(details.get("shelteredWorkshop")),
    }


def _numbers(found: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """The first sound number of each kind."""
    pairs = list(found)
    return {
        "supplier_ppon": next((n for s, number in pairs if s == _PPON and (n := clean_ppon(number))), None),
        "supplier_company_number": next(
            (n for s, number in pairs if s == _COMPANY and (n := clean_company_number(number)[0])), None
        ),
        "supplier_charity_number": next(
            (n for s, number in pairs if s in _CHARITIES and (n := _charity(s, number))), None
        ),
    }


def _address(address: JsonObject) -> str | None:
    """The postal address in one line; ways to reach people that stand in it are taken out."""
    parts = (prose(address.get(name)) for name in ("streetAddress", "locality", "postalCode", "countryName"))
    return joined(parts, ", ") if text(address.get("streetAddress")) else None


def _identifiers(supplier: JsonObject, party: JsonObject) -> Iterator[tuple[str, str]]:
    """Scheme and number of each identifier: of the party's register entries, then those of its own id."""
    for identifier in (part(party, "identifier"), *objects(party, "additionalIdentifiers")):
        scheme, number = text(identifier.get("scheme")), text(identifier.get("id"))
        if scheme and number:
            yield scheme, number
    own = text(supplier.get("id")) or text(party.get("id")) or ""
    parts = own.split("-", 2)
    if len(parts) == 3:
        yield "-".join(parts[:2]), parts[2]


def _charity(scheme: str, number: str) -> str | None:
    """Scotland and Northern Ireland number their charities with letters, which some notices leave out."""
    letters = {"GB-SC": "SC", "GB-NIC": "NIC"}.get(scheme, "")
    return clean_charity_number(number if number.upper().startswith(letters) else letters + number)


def _postcode(address: JsonObject) -> str | None:
    # Contracts Finder gives the address as one text, the postcode last.
    return text(address.get("postalCode")) or last_postcode(text(address.get("streetAddress")))

"""Fields that several notices ask for: authority, title, identifiers, subject-matter, suppliers, indicators.

Does not belong here: fields of one notice alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcc_etl.domain.drafts.draft import (
    DETAILS,
    OWNER,
    PLATFORM,
    PROCUREMENT,
    REGISTER,
    SETTINGS,
    SUPPLIER,
    Entry,
    Field,
    filled,
    missing,
    told,
)
from kcc_etl.domain.drafts.known import Authority, Known, latest
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.indicators import MOST_MATERIAL as MOST_MATERIAL_KIND
from kcc_etl.domain.indicators import material_names, meant
from kcc_etl.domain.ratings import WORDS

MOST_MATERIAL = 3
"""How many indicators a notice describes. Source: PR24 reg 32(2)(r), reg 39(4)."""

IDENTIFIERS = ("supplier_ppon", "supplier_company_number", "supplier_charity_number")
"""The identifiers of a supplier, the platform's first."""

_WORST_FIRST = {word: place for place, word in enumerate(reversed(WORDS[:-1]))} | {WORDS[-1]: len(WORDS)}
_UNRATED = len(WORDS) + 1


def first(known: Known, name: str, notice_name: str = "") -> tuple[object, str]:
    """A value of the register, else of the notices, with where it is from."""
    own = known.of_register(name)
    return (own, REGISTER) if own is not None else (known.of_notice(notice_name or name), DETAILS)


def authority_fields(paragraph: str, authority: Authority) -> Iterator[Field]:
    """Contracting authority information. Source: PR24 reg 13."""
    yield Field(paragraph, "Contracting authority: name", filled(authority.name, SETTINGS))
    yield Field(paragraph, "Contracting authority: postal address", filled(authority.address, SETTINGS))
    yield Field(paragraph, "Contracting authority: email", filled(authority.email, SETTINGS))
    yield Field(paragraph, "Contracting authority: unique identifier", filled(authority.ids[0], SETTINGS))


def title_field(paragraph: str, known: Known) -> Field:
    """The title of the procurement."""
    return Field(paragraph, "Title of the procurement", told(*first(known, "contract_title"), OWNER))


def identifier_fields(procurement: str, contract: str, known: Known) -> Iterator[Field]:
    """The unique identifiers of procurement and contract, as the platform gave them: none is made up here.

    Source: PR24 reg 8.
    """
    yield Field(procurement, "Procurement unique identifier (OCID)", told(*first(known, "ocid"), PLATFORM))
    yield Field(contract, "Contract unique identifier", told(*first(known, "contract_id"), PLATFORM))


def subject_fields(paragraph: str, known: Known) -> Iterator[Field]:
    """The subject-matter of the contract. Source: PR24 reg 14."""
    start = known.facts.start_on
    place = REGISTER if known.register else DETAILS
    cpv = first(known, "cpv_code", "cpv_codes")
    kind = first(known, "procurement_category")
    yield Field(paragraph, "Subject-matter: goods, services or works", told(*kind, PROCUREMENT))
    yield Field(paragraph, "Subject-matter: description", told(*first(known, "contract_description"), OWNER))
    yield Field(paragraph, "Subject-matter: how it is supplied", missing(OWNER))
    yield Field(paragraph, "Subject-matter: dates", term_entry(start, known.facts.end_on, place))
    yield Field(paragraph, "Subject-matter: amount", missing(OWNER))
    yield Field(paragraph, "Subject-matter: CPV codes", told(*cpv, PROCUREMENT))
    regions = told(known.of_notice("region_codes"), DETAILS, PROCUREMENT)
    yield Field(paragraph, "Subject-matter: ITL areas", regions)


def term_entry(start: date | None, end: date | None, source: str) -> Entry:
    """First and last day of a term; missing unless both are known."""
    if start is None or end is None:
        known = f"; it starts on {start}" if start else f"; it ends on {end}" if end else ""
        return missing(OWNER + known)
    return filled(f"{start} to {end}", source)


def supplier_fields(paragraph: str, known: Known, *, with_status: bool = False) -> Iterator[Field]:
    """Name, address, email and identifier of every supplier; with size and kind where the notice asks.

    The address is that of the notice, where a register of companies or charities holds the supplier. Emails
    are never read in, for they may be those of a person: they are missing by name. Source: PR24 reg 9.
    """
    rows = list(known.suppliers)
    source = DETAILS if rows else REGISTER
    for number, row in enumerate(rows or [known.register], start=1):
        who = "Supplier" if len(rows) < 2 else f"Supplier {number}"
        yield Field(paragraph, f"{who}: name", told(row.get("supplier_name"), source, OWNER))
        address = told(row.get("supplier_address"), source, f"{SUPPLIER}: needs its postal address")
        yield Field(paragraph, f"{who}: postal address", address)
        yield Field(paragraph, f"{who}: email", missing(f"{SUPPLIER}: needs its email"))
        yield Field(paragraph, f"{who}: unique identifier", told(identifier_of(row), source, SUPPLIER))
        if with_status:
            yield from _status(paragraph, who, row, source)


def identifier_of(row: Row) -> str | None:
    """The identifier that the platform would know a supplier by, with its scheme: PPON, else company or
    charity number.
    """
    return next((f"{scheme}-{number}" for scheme, number in identifiers_of(row)), None)


def identifiers_of(supplier: Row) -> Iterator[tuple[str, str]]:
    """Scheme and number of every identifier of a supplier: the platform's first.

    A charity of Northern Ireland has its number without letters behind its scheme. Source: org-id.guide.
    """
    for scheme, name in zip(("GB-PPON", "GB-COH", "GB-CHC"), IDENTIFIERS, strict=True):
        number = supplier.get(name)
        if number:
            own = _charity_scheme(scheme, str(number))
            yield own, str(number).removeprefix("NIC" if own == "GB-NIC" else f"{scheme}-")


def _charity_scheme(scheme: str, number: str) -> str:
    if scheme != "GB-CHC":
        return scheme
    return "GB-SC" if number.startswith("SC") else "GB-NIC" if number.startswith("NIC") else scheme


def _status(paragraph: str, who: str, row: Row, source: str) -> Iterator[Field]:
    size = row.get("supplier_scale") or row.get("supplier_size")
    small = None if size is None else "no" if size == "large" else "yes"
    yield Field(paragraph, f"{who}: small or medium-sized enterprise", told(small, source, SUPPLIER))
    vcse = told(row.get("supplier_is_vcse"), source, SUPPLIER)
    yield Field(paragraph, f"{who}: voluntary, community or social enterprise", vcse)
    sheltered = told(row.get("supplier_is_sheltered"), source, SUPPLIER)
    yield Field(paragraph, f"{who}: supported employment provider", sheltered)
    mutual = told(row.get("supplier_is_mutual"), source, SUPPLIER)
    yield Field(paragraph, f"{who}: public service mutual", mutual)


def most_material(known: Known) -> tuple[list[tuple[Row, Row]], str]:
    """At most three indicators that the details notice sets, each with its confirmed rating, empty for none;
    and the decision that chose them, empty where none did.

    Which are the most material is for the authority to say by a decision. What it leaves open is taken by
    default: those an officer has rated, the worst rating first, then those of the notice in its order. Of one
    indicator the rating of the latest quarter counts.
    """
    rated: dict[object, Row] = {}
    for rating in sorted(known.ratings, key=lambda row: str(row["period"])):
        if rating["confirmed_rating"]:
            rated[rating["kpi_id"]] = rating
    choice = latest(known.decisions, MOST_MATERIAL_KIND)
    named = [meant(name, known.kpis) for name in material_names(choice)] if choice else []
    chosen = list(dict.fromkeys(kpi["kpi_id"] for kpi in named if kpi))
    places = {kpi["kpi_id"]: place for place, kpi in enumerate(known.kpis)}

    def order(kpi: Row) -> tuple[int, int, int]:
        number, rating = kpi["kpi_id"], rated.get(kpi["kpi_id"])
        place = chosen.index(number) if number in chosen else len(chosen)
        return place, _WORST_FIRST[rating["confirmed_rating"]] if rating else _UNRATED, places[number]

    found = [(kpi, rated.get(kpi["kpi_id"], {})) for kpi in sorted(known.kpis, key=order)]
    return found[:MOST_MATERIAL], str(choice["decision_id"]) if chosen else ""


def described(kpi: Row) -> str:
    """An indicator in words: its title, and its target where the notice gives one."""
    told = [str(kpi[name]) for name in ("kpi_title", "kpi_description") if kpi.get(name)]
    return ": ".join(dict.fromkeys(told)) or str(kpi["kpi_id"])

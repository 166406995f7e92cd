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
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.ratings import WORDS

MOST_MATERIAL = 3
"""How many indicators a notice describes. Source: PR24 reg 32(2)(r), reg 39(4)."""

_WORST_FIRST = {word: place for place, word in enumerate(reversed(WORDS[:-1]))} | {WORDS[-1]: len(WORDS)}


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

    Addresses and emails of suppliers are never read in, so they are always missing. Source: PR24 reg 9.
    """
    rows = list(known.suppliers)
    source = DETAILS if rows else REGISTER
    for number, row in enumerate(rows or [known.register], start=1):
        who = "Supplier" if len(rows) < 2 else f"Supplier {number}"
        yield Field(paragraph, f"{who}: name", told(row.get("supplier_name"), source, OWNER))
        yield Field(paragraph, f"{who}: postal address", missing(SUPPLIER))
        yield Field(paragraph, f"{who}: email", missing(SUPPLIER))
        yield Field(paragraph, f"{who}: unique identifier", told(identifier_of(row), source, SUPPLIER))
        if with_status:
            yield from _status(paragraph, who, row, source)


def identifier_of(row: Row) -> str | None:
    """The identifier that the platform would know a supplier by: PPON, else company or charity number."""
    schemes = (
        ("GB-PPON", "supplier_ppon"),
        ("GB-COH", "supplier_company_number"),
        ("GB-CHC", "supplier_charity_number"),
    )
    for scheme, name in schemes:
        number = row.get(name)
        if number:
            return str(number) if str(number).startswith("GB-") else f"{scheme}-{number}"
    return None


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


def most_material(known: Known) -> list[tuple[str, Row, Row]]:
    """At most three indicators: title, the confirmed rating (a row, or empty), the indicator that was set.

    Which are the most material is for the authority to say. Until it does: those an officer has rated, the
    worst rating first, then those of the details notice in its order.
    """
    rated = [row for row in known.ratings if row["confirmed_rating"]]
    rated.sort(key=lambda row: (_WORST_FIRST[row["confirmed_rating"]], row["measure_code"], row["period"]))
    found: list[tuple[str, Row, Row]] = [
        (known.titles.get(row["measure_code"], row["measure_code"]), row, {}) for row in rated
    ]
    found += [(str(row["kpi_title"]), {}, row) for row in known.kpis if row["kpi_title"]]
    return found[:MOST_MATERIAL]

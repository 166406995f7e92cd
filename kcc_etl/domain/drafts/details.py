"""Drafts of UK7, the contract details notice, in its five variants.

Does not belong here: whether the notice is due (`kcc_etl.domain.duties.award`).

The letters are those of PR24 reg 32(2). Regulations 33 to 36 repeat its fields; which letter each bears there
is not confirmed, so their fields name the regulation and the letter of reg 32(2) that they repeat.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_etl.domain.drafts.common import (
    authority_fields,
    described,
    identifier_fields,
    most_material,
    subject_fields,
    supplier_fields,
    title_field,
)
from kcc_etl.domain.drafts.draft import (
    DECISION,
    DETAILS,
    LEGAL,
    OWNER,
    PROCUREMENT,
    REGISTER,
    Draft,
    Due,
    Entry,
    Field,
    filled,
    missing,
    money,
    not_applicable,
    told,
)
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties import duty as d

COMPETITIVE, FRAMEWORK, CALL_OFF, DIRECT, BELOW = (
    "competitive",
    "framework",
    "call-off",
    "direct award",
    "below threshold",
)
REGULATION = {
    COMPETITIVE: "reg 32(2)",
    FRAMEWORK: "reg 33",
    CALL_OFF: "reg 34",
    DIRECT: "reg 35",
    BELOW: "reg 36",
}
_LEFT_OUT = {COMPETITIVE: "", FRAMEWORK: "rs", CALL_OFF: "ehnpq", DIRECT: "", BELOW: "ehinpqrs"}
"""Letters of reg 32(2) that a variant does not ask for. Source: transparency-law.md, 1b."""


def details_draft(due: Due, known: Known, authority: Authority, assessed: Due | None) -> Draft:
    """The draft of a UK7. `assessed` is the duty to assess the contract's indicators, which says whether s.52
    asks for any; None where there is no such duty.
    """
    variant = variant_of(due, known)
    regulation = REGULATION[variant]
    fields = []
    for letter, field in _lettered(known, authority, assessed):
        if letter not in _LEFT_OUT[variant]:
            own = f"reg 32(2)({letter})"
            fields.append(Field(own if variant == COMPETITIVE else f"{regulation}; {own}", *field))
    fields += [Field(regulation, *field) for field in _own_fields(variant, known)]
    return Draft("UK7", variant, due, known.contract, due.occasion, tuple(fields))


def variant_of(due: Due, known: Known) -> str:
    """By which regulation the notice is made: below the threshold whatever the kind, then by kind, route."""
    if due.kind == d.DETAILS_BELOW:
        return BELOW
    if known.facts.kind in (FRAMEWORK, CALL_OFF):
        return known.facts.kind
    return DIRECT if known.of_notice("procurement_method") == "direct" else COMPETITIVE


_Lettered = tuple[str, tuple[str, Entry]]


def _lettered(known: Known, authority: Authority, assessed: Due | None) -> Iterator[_Lettered]:
    """The fields of reg 32(2) in its order, each with its letter."""
    for field in authority_fields("", authority):
        yield "a", (field.name, field.entry)
    title = title_field("", known)
    yield "b", (title.name, title.entry)
    for letter, field in zip("cd", identifier_fields("", "", known), strict=True):
        yield letter, (field.name, field.entry)
    market = f"{PROCUREMENT}, where a dynamic market was used"
    yield "e", ("Dynamic market identifier", missing(market))
    for field in subject_fields("", known):
        yield "f", (field.name, field.entry)
    for field in supplier_fields("", known, with_status=True):
        yield "g", (field.name, field.entry)
    yield "h", ("Procedure", _procedure(known))
    reserved = told(known.of_register("is_reserved"), REGISTER, PROCUREMENT)
    yield "i", ("Reserved to supported employment or a public service mutual", reserved)
    yield from _lots(known)
    yield "k", ("Estimated value of the contract", _value(known))
    signed = known.facts.signed_on
    place = REGISTER if known.register else DETAILS
    yield "l", ("Date the contract was entered into", told(signed, place, OWNER))
    yield "m", ("Options", _options(known))
    yield "n", ("Part of the dynamic market", missing(market))
    yield "o", ("Special regime", _regime(known))
    for letter, agreement in (("p", "GPA"), ("q", "CPTPP")):
        yield letter, (f"Covered by the {agreement}", missing(LEGAL))
    yield from _indicators(known, assessed)


def _procedure(known: Known) -> Entry:
    return told(
        known.of_notice("procurement_method_details") or known.of_notice("procurement_method"),
        DETAILS,
        PROCUREMENT,
    )


def _lots(known: Known) -> Iterator[_Lettered]:
    lots = known.of_notice("lot_ids")
    yield "j", ("Lots: numbers", told(lots, DETAILS, f"{PROCUREMENT}, where it was divided into lots"))
    if lots:
        yield "j", ("Lots: title, description, supply, dates, amount, value and CPV of each", missing(OWNER))


def _value(known: Known) -> Entry:
    facts = known.facts
    place = REGISTER if known.register else DETAILS
    return money(facts.value_inc_vat_pence, facts.value_ex_vat_pence, place, OWNER)


def _options(known: Known) -> Entry:
    facts, latest = known.facts, known.max_end_on
    said = []
    if latest and facts.end_on and latest > facts.end_on:
        said.append(f"may be extended to {latest}")
    if facts.options_ex_vat_pence:
        said.append(f"options in its value of {facts.options_ex_vat_pence / 100:,.2f} pounds excluding VAT")
    if said:
        return filled("; ".join(said), REGISTER if known.register else DETAILS)
    flags = [known.of_notice(name) for name in ("has_options", "has_renewal")]
    if flags == [False, False]:
        return filled("none", DETAILS)
    return missing(OWNER)


def _regime(known: Known) -> Entry:
    facts = known.facts
    regimes = ["concession"] if facts.kind == "concession" else []
    if facts.is_light_touch:
        regimes.append("light touch")
    place = REGISTER if known.register else DETAILS
    if regimes:
        return filled(", ".join(regimes), place)
    return missing(PROCUREMENT) if facts.is_light_touch is None else not_applicable("of no special regime")


def _indicators(known: Known, assessed: Due | None) -> Iterator[_Lettered]:
    """Letters r and s: the three most material indicators, or why there are none. Source: PA23 s.52."""
    name, reason = "Three most material key performance indicators", "Why no indicators were set"
    why_not = known.of_notice("no_kpi_reason")
    if assessed is None or (assessed.state == "not needed" and not known.kpis and not why_not):
        ground = assessed.ground if assessed else "section 52 does not reach the contract"
        yield "r", (name, not_applicable(ground))
        yield "s", (reason, not_applicable(ground))
        return
    chosen, decision = most_material(known)
    if chosen:
        source = f"{DETAILS}; {DECISION} {decision}" if decision else DETAILS
        yield "r", (name, filled("; ".join(described(kpi) for kpi, _ in chosen), source))
        yield "s", (reason, not_applicable("indicators were set"))
    elif why_not:
        yield "r", (name, not_applicable("none were set (s.52(2))"))
        yield "s", (reason, filled(str(why_not), DETAILS))
    else:
        yield "r", (name, missing(OWNER))
        yield "s", (reason, missing(f"{OWNER}, where none were set"))


def _own_fields(variant: str, known: Known) -> Iterator[tuple[str, Entry]]:
    """What a variant asks for beside the fields of reg 32(2). Source: transparency-law.md, 1b."""
    if variant == FRAMEWORK:
        facts = known.facts
        place = REGISTER if known.register else DETAILS
        both = facts.start_on and facts.end_on
        term = f"{facts.start_on} to {facts.end_on}" if both else None
        yield "Contracting authorities that may use the framework", missing(PROCUREMENT)
        yield "Term of the framework", told(term, place, OWNER)
        yield "Open framework: dates of the scheme", missing(f"{PROCUREMENT}, where it is an open framework")
        for name in ("How contracts are awarded under it", "Fee charged to suppliers, in percent",
                     "How prices are set", "How suppliers are selected"):  # fmt: skip
            yield name, missing(PROCUREMENT)
    elif variant == CALL_OFF:
        parent = known.framework.get("ocid")
        identifier = (parent, REGISTER) if parent else (known.of_notice("framework_ocid"), DETAILS)
        yield "Procurement unique identifier of the framework", told(*identifier, PROCUREMENT)
        yield "Lot of the framework", missing(PROCUREMENT)
        yield "Awarded by competition, or without and why", missing(PROCUREMENT)
    elif variant == DIRECT:
        yield "Justification of the direct award", missing(LEGAL)
        yield "Overriding public interest, where the supplier is excludable", missing(LEGAL)
    elif variant == BELOW:
        # Source: PR24 reg 36A, from 1 April 2026.
        yield "Supplier has registered and submitted its details", missing(PROCUREMENT)

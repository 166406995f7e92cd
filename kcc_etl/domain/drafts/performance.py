"""Drafts of UK9, the contract performance notice: assessments of indicators, breach and poor performance.

Does not belong here: whether one is due (`kcc_etl.domain.duties.life`), what an officer decided (`ratings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kcc_etl.domain.drafts.common import (
    MOST_MATERIAL,
    authority_fields,
    described,
    identifier_fields,
    most_material,
    supplier_fields,
    title_field,
)
from kcc_etl.domain.drafts.draft import (
    DECISION,
    DETAILS,
    LEGAL,
    OWNER,
    Draft,
    Due,
    Entry,
    Field,
    filled,
    missing,
    not_applicable,
    told,
)
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties.life import ON_TERMINATION
from kcc_etl.domain.duties.tables import Row
from kcc_etl.domain.periods import parse_period

ASSESSMENT, BREACH = "KPI assessment", "breach or poor performance"
_ASSESSED, _FAILED = "PR24 reg 39(4)", "PR24 reg 39(7)"


def assessment_draft(due: Due, known: Known, authority: Authority) -> Draft:
    """The draft of an assessment: the three most material indicators with the ratings officers confirmed.

    Indicators are those of section 52, which the details notice sets, and no others. A rating that no officer
    has confirmed is missing, whatever was proposed. Source: PR24 reg 39(4)-(5).
    """
    chosen, decision = most_material(replace(known, ratings=ratings_of(due, known)))
    numbers = range(1, MOST_MATERIAL + 1)
    by_number = {number: chosen[number - 1] if number <= len(chosen) else None for number in numbers}
    fields = [*_head(_ASSESSED, known, authority)]
    for number, one in by_number.items():
        name = f"Key performance indicator {number}: description"
        fields.append(Field(_ASSESSED, name, _described(one, decision)))
    statement = "This notice sets out an assessment of performance against key performance indicators."
    fields.append(Field(_ASSESSED, "Statement", filled(statement, "PA23 s.71(2)")))
    fields += supplier_fields(_ASSESSED, known)
    for number, one in by_number.items():
        name = f"Key performance indicator {number}: rating"
        fields.append(Field(f"{_ASSESSED}-(5)", name, _rated(one)))
    periods = sorted({rating["period"] for _, rating in chosen if rating})
    fields.append(Field(_ASSESSED, "Period assessed", _period(periods)))
    return Draft("UK9", ASSESSMENT, due, known.contract, due.occasion, tuple(fields))


def ratings_of(due: Due, known: Known) -> tuple[Row, ...]:
    """The ratings of quarters that share a day with the months to be assessed; on termination all."""
    first, last = due.first_on, due.last_on
    if due.occasion == ON_TERMINATION or first is None or last is None:
        return known.ratings
    spans = [(row, parse_period(row["period"])) for row in known.ratings]
    return tuple(row for row, span in spans if span.start <= last and first <= span.end)


def _described(one: tuple[Row, Row] | None, decision: str) -> Entry:
    if one is None:
        return missing(f"{OWNER}: s.52(1) asks for three or more")
    return filled(described(one[0]), f"{DETAILS}; {DECISION} {decision}" if decision else DETAILS)


def _rated(one: tuple[Row, Row] | None) -> Entry:
    """The rating that an officer confirmed; else missing, with the decision that would fill it."""
    if one is None:
        return missing(OWNER)
    kpi, rating = one
    asked = f"{OWNER}, by a decision `rating` on indicator {kpi['kpi_id']}"
    return told(rating.get("confirmed_rating"), f"{DECISION} {rating.get('decision_id')}", asked)


def _period(periods: list[str]) -> Entry:
    if not periods:
        return missing(OWNER)
    first, last = parse_period(periods[0]).start, parse_period(periods[-1]).end
    return filled(f"{first} to {last}", DECISION)


def breach_draft(due: Due, known: Known, authority: Authority) -> Draft:
    """The draft about one breach or poor performance that an officer has decided there is. PR24 reg 39(7)."""
    fields = [
        *_head(_FAILED, known, authority),
        *supplier_fields(_FAILED, known),
        *failure_fields(_FAILED, due.occasion, known),
    ]
    return Draft("UK9", BREACH, due, known.contract, due.occasion, tuple(fields))


def failure_fields(paragraph: str, decision_id: str, known: Known) -> Iterator[Field]:
    """The block about a failure, which a termination for breach gives as well. PR24 reg 39(7), reg 41(2)."""
    failure = next((f for f in known.facts.failures if f.id == decision_id), None)
    source = f"{DECISION} {decision_id}"
    is_breach = failure is not None and failure.kind == "breach"
    of_breach = None if failure is None or is_breach else "it is poor performance"
    of_performance = "it is a breach" if is_breach else None
    limb = None if failure is None else "s.71(3), breach" if is_breach else "s.71(4), poor performance"
    on = failure.on if failure else None
    yield Field(paragraph, "Section 71(5) applies, and the circumstances", missing(OWNER))
    yield Field(paragraph, "Which subsection applies", told(limb, source, LEGAL))
    partial = "the contract was ended" if failure and failure.ends_contract else ""
    outcome = told(partial, source, LEGAL)
    yield _asked(paragraph, "Outcome: partial termination, damages or settlement", of_breach, outcome)
    yield _asked(paragraph, "Date of the outcome", of_breach, told(on, source, LEGAL))
    judged = told(on, source, OWNER)
    yield _asked(paragraph, "Date the supplier was judged to have failed to improve", of_performance, judged)
    for name in ("Obligation concerned", "Nature of the failure: impact",
                 "Nature of the failure: duration, and whether it goes on",
                 "What the supplier did to mitigate it", "Notices, warnings and opportunities given",
                 "Steps taken, and why they were not enough"):  # fmt: skip
        yield Field(paragraph, name, missing(OWNER))
    for name in ("Extent of a partial termination", "Damages or other sums: whether, and the amount",
                 "Damages or other sums: contract, court or negotiated",
                 "Recorded decision: link or copy"):  # fmt: skip
        yield _asked(paragraph, name, of_breach, missing(LEGAL))


def _asked(paragraph: str, name: str, why_not: str | None, entry: Entry) -> Field:
    return Field(paragraph, name, not_applicable(why_not) if why_not else entry)


def _head(paragraph: str, known: Known, authority: Authority) -> Iterator[Field]:
    yield from authority_fields(paragraph, authority)
    yield title_field(paragraph, known)
    yield from identifier_fields(paragraph, paragraph, known)

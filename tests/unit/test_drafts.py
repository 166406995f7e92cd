"""Drafts of notices against the tables of legal cases: which are made, and what stands in their fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.domain.drafts.draft import Draft, due_of
from kcc_etl.domain.drafts.drafted import DRAFTED, drafts_for
from kcc_etl.domain.drafts.known import Known, latest
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.contract import duties_of
from kcc_etl.domain.duties.council import Activity, pipeline
from kcc_etl.domain.duties.worked_out import as_rows
from kcc_etl.parameters.load import load_parameters
from tests.unit import draft_cases as c
from tests.unit.duty_cases import AS_OF

LAW = load_parameters().law
CASES = {
    (d.DETAILS, d.DETAILS_BELOW): c.DETAILS,
    (d.ASSESSMENT,): c.ASSESSMENT,
    (d.BREACH,): c.BREACH,
    (d.CHANGE,): c.CHANGE,
    (d.TERMINATION,): c.TERMINATION,
    (d.PIPELINE,): c.PIPELINE,
}


def drafted(known: Known) -> tuple[Draft, ...]:
    duties = [*duties_of(known.facts, LAW, AS_OF), *pipeline(Activity(), LAW, AS_OF)]
    return drafts_for(due_of(as_rows(duties)), {known.contract: known}, c.AUTHORITY, LAW, AS_OF)


def of(kinds: tuple[str, ...], known: Known) -> list[Draft]:
    found = [draft for draft in drafted(known) if draft.due.kind in kinds]
    return [draft for draft in found if draft.due.kind != d.PIPELINE or draft.occasion == "2026-27"]


def cells(draft: Draft) -> dict[str, str]:
    """What stands in each field, in the marks of the cases."""
    marks = {"missing": c.MISSING, "not applicable": c.NONE}
    return {field.name: marks.get(field.entry.state, field.entry.value) for field in draft.fields}


def test_the_latest_decision_of_one_day_has_the_highest_number():
    made = [
        {"decision_kind": "early end", "decision_id": number, "decided_on": date(2026, 11, 1)}
        for number in ("D-10", "D-9")
    ]
    assert latest(made, "early end")["decision_id"] == "D-10"
    assert latest(made, "novation") == {}


@pytest.mark.parametrize(
    ("kinds", "paragraph", "facts", "more", "expected"),
    [(kinds, *case) for kinds, cases in CASES.items() for case in cases],
)
def test_legal_cases(kinds, paragraph, facts, more, expected):
    found = of(kinds, c.known(facts, **more))

    assert bool(found) == bool(expected), paragraph
    for draft in found[:1]:
        assert {name: cells(draft)[name] for name in expected} == expected, paragraph


def test_there_are_twelve_cases_for_each_notice_and_more():
    assert all(len(cases) >= 12 for cases in CASES.values())


@pytest.mark.parametrize("kinds", CASES, ids=lambda kinds: kinds[0][:8])
def test_every_field_has_a_paragraph_a_name_and_says_who_could_fill_it(kinds):
    facts, more = next((facts, more) for _, facts, more, expected in CASES[kinds] if expected)
    [draft, *_] = of(kinds, c.known(facts, **more))

    names = [field.name for field in draft.fields]
    assert len(names) == len(set(names))
    assert all("reg " in field.paragraph and field.entry.source for field in draft.fields)
    assert all(bool(field.entry.value) == (field.entry.state == "filled") for field in draft.fields)
    assert sum(map(draft.count, ("filled", "missing", "not applicable"))) == len(draft.fields)


def test_the_fields_of_a_details_notice_stand_in_the_order_of_the_regulation():
    [draft] = of((d.DETAILS,), c.known({"signed_on": AS_OF, "start_on": AS_OF}))

    letters = [field.paragraph.partition("(2)(")[2][0] for field in draft.fields]
    assert letters == sorted(letters)
    assert set(letters) == set("abcdefghijklmnopqrs")


@pytest.mark.parametrize(
    ("facts", "without"),
    [({"kind": "framework"}, "rs"), (dict(c.CALL_OFF), "ehnpq"), (dict(c.SMALL), "ehinpqrs")],
)
def test_a_variant_leaves_out_the_letters_that_its_regulation_does(facts, without):
    [draft] = of((d.DETAILS, d.DETAILS_BELOW), c.known({"signed_on": AS_OF, "start_on": AS_OF, **facts}))

    letters = {p.partition("32(2)(")[2][:1] for p in (field.paragraph for field in draft.fields)} - {""}
    assert letters == set("abcdefghijklmnopqrs") - set(without)


def test_a_duty_that_is_done_to_come_not_needed_or_cannot_be_told_has_no_draft():
    known = c.known({"signed_on": AS_OF, "start_on": AS_OF})
    [due] = [due for due in due_of(as_rows(duties_of(known.facts, LAW, AS_OF))) if due.kind == d.DETAILS]
    states = ("done", "done on time", "done late", "to come", "not needed", "cannot be told")

    made = [
        drafts_for([replace(due, state=s)], {"C1": known}, c.AUTHORITY, LAW, AS_OF)
        for s in (*states, "open", "overdue")
    ]
    assert [len(drafts) for drafts in made] == [0] * 6 + [1, 1]


@given(st.permutations(range(len(DRAFTED) + 3)))
def test_the_order_of_the_duties_does_not_matter(order):
    known = c.known(c.DETAILS[0][1] | c._BREACH | c.changed(8_000_001))
    duties = due_of(as_rows(duties_of(known.facts, LAW, AS_OF)))
    shuffled = [duties[place] for place in order if place < len(duties)]
    rest = [due for due in duties if due not in shuffled]

    def drafts(rows):
        return drafts_for(rows, {"C1": known}, c.AUTHORITY, LAW, AS_OF)

    assert drafts([*shuffled, *rest]) == drafts(duties)

"""Contracts as they stand: each change counts once, whatever the register shows; one penny, one day."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.as_it_stands import contracts_as_they_stand
from kcc_etl.domain.code_sets import select_grants, select_tenders
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.drafts.known import known_contracts
from kcc_etl.domain.duties.change import measured_changes
from kcc_etl.domain.publication import select_register
from kcc_etl.schema.frames import empty, from_rows
from reports.ocds_parts import moment, span
from tests.unit.ocds_reading import read, released, releases
from tests.unit.test_publication import NO_NOTICES, NO_PAYMENTS, PARAMETERS, Q2, ledger, register

START, END = date(2026, 7, 1), date(2029, 6, 30)
FIRST, LAST = date(2029, 7, 1), date(2030, 6, 30)
EARLY = date(2027, 3, 31)
AS_OF = date(2026, 11, 23)
WHOLE = 900_000_00


def contract(**given):
    row = {
        "contract_ref": "KC-1", "start_on": START, "end_on": END, "value_ex_vat_pence": WHOLE,
        "value_inc_vat_pence": 1_080_000_00,
    }  # fmt: skip
    return {**row, **given}


def decision(kind, number="D1", day=date(2026, 10, 19), **given):
    return {"decision_id": number, "decision_kind": kind, "subject": "KC-1", "decided_on": day, **given}


def extension(last=LAST, pence=225_000_00, first=FIRST, before=WHOLE, original=WHOLE, **given):
    return decision(
        "extension", effective_on=first, new_end_on=last, original_value_pence=original,
        value_before_pence=before, value_after_pence=before + pence, **given,
    )  # fmt: skip


def value_change(pence=1, on=date(2026, 10, 1), before=450_000_00, original=WHOLE, **given):
    return decision(
        "value change", effective_on=on, original_value_pence=original, value_before_pence=before,
        value_after_pence=before + pence, **given,
    )  # fmt: skip


def early_end(last=EARLY, before=END, **given):
    return decision("early end", old_end_on=before, new_end_on=last, **given)


def stands(*decisions, as_of=AS_OF, **given):
    known = decisions_known(from_rows(list(decisions), keys.CORE_DECISION), as_of)
    return contracts_as_they_stand(from_rows([contract(**given)], keys.CORE_CONTRACT), known)


def end_and_value(*decisions, **given):
    [(end, value)] = stands(*decisions, **given)[["end_on", "value_ex_vat_pence"]].to_numpy().tolist()
    return pd.Timestamp(end).date(), value


OPTIONS = {"max_end_on": LAST, "options_value_ex_vat_pence": 225_000_00, "value_ex_vat_pence": 1_125_000_00}
LONGER = 1_125_000_00


# Source: social-value policy parameters, section 8.6; Transparency Code 2015: the contract as it stands.
@pytest.mark.parametrize(
    ("decisions", "given", "end", "value"),
    [
        pytest.param([], {}, END, WHOLE, id="no change"),
        pytest.param([extension()], {}, LAST, LONGER, id="extension the register lacks"),
        pytest.param(
            [extension()], {"end_on": LAST, "value_ex_vat_pence": LONGER}, LAST, LONGER, id="and has"
        ),
        pytest.param([extension()], {"end_on": LAST}, LAST, LONGER, id="and has of the end alone"),
        pytest.param([extension()], {"value_ex_vat_pence": LONGER}, LAST, LONGER, id="and of the value alone"),
        pytest.param([extension(day=AS_OF)], {}, LAST, LONGER, id="decided on the day"),
        pytest.param([extension(day=date(2026, 11, 24))], {}, END, WHOLE, id="decided a day later"),
        pytest.param([extension(last=FIRST)], {}, FIRST, LONGER, id="extended by a day"),
        pytest.param([extension(first=date(2029, 7, 2))], {}, END, WHOLE, id="begins a day late: DC-017"),
        pytest.param([value_change(1)], {}, END, WHOLE + 1, id="a penny the register lacks"),
        pytest.param([value_change(1)], {"value_ex_vat_pence": WHOLE + 1}, END, WHOLE + 1, id="a penny it has"),
        pytest.param([value_change(-1)], {}, END, WHOLE - 1, id="a penny less"),
        pytest.param(
            [value_change(2)], {"value_ex_vat_pence": WHOLE + 1}, END, WHOLE + 1, id="as near to both: it has it"
        ),
        pytest.param(
            [value_change(300_000_00)], {"value_ex_vat_pence": WHOLE + 40}, END, WHOLE + 300_000_40,
            id="what the register rounds stays",
        ),
        pytest.param(
            [value_change(300_000_00, original=WHOLE // 2)], {}, END, WHOLE, id="another original value: DC-016"
        ),
        pytest.param(
            [value_change(300_000_00), extension(number="D2")], {"value_ex_vat_pence": WHOLE + 300_000_00}, LAST,
            WHOLE + 525_000_00, id="the first of two",
        ),
        pytest.param(
            [value_change(300_000_00), value_change(200_000_00, number="D2", day=date(2026, 10, 20))], {}, END,
            WHOLE + 200_000_00, id="the correction alone",
        ),
        pytest.param(
            [value_change(300_000_00), value_change(200_000_00, number="D2", day=date(2026, 10, 20))],
            {"value_ex_vat_pence": WHOLE + 300_000_00}, END, WHOLE + 200_000_00, id="the register has the slip",
        ),
        pytest.param([early_end()], {}, EARLY, WHOLE, id="early end the register lacks"),
        pytest.param([early_end()], {"end_on": EARLY}, EARLY, WHOLE, id="early end it has"),
        pytest.param([early_end(day=date(2026, 11, 24))], {}, END, WHOLE, id="early end decided a day later"),
        pytest.param([early_end(before=FIRST)], {}, END, WHOLE, id="early end of another end: DC-017"),
        pytest.param([extension(), early_end(number="D2")], {}, EARLY, WHOLE, id="extended after the end"),
        pytest.param(
            [value_change(300_000_00, on=EARLY), early_end(number="D2")], {}, EARLY, WHOLE + 300_000_00,
            id="changed on the last day",
        ),
        pytest.param(
            [value_change(300_000_00, on=date(2027, 4, 1)), early_end(number="D2")], {}, EARLY, WHOLE,
            id="changed the day after: DC-018",
        ),
        pytest.param([extension()], OPTIONS, LAST, LONGER, id="its options hold the extension"),
        pytest.param(
            [extension(pence=300_000_00)], OPTIONS, LAST, LONGER, id="to the last day of its options"
        ),
        pytest.param(
            [extension(last=date(2030, 7, 1), pence=300_000_00)], OPTIONS, date(2030, 7, 1),
            LONGER + 300_000_00, id="a day beyond its options",
        ),
        pytest.param(
            [extension(), value_change(300_000_00, number="D2")], OPTIONS, LAST, LONGER + 300_000_00,
            id="value and options",
        ),
        pytest.param(
            [extension()], OPTIONS | {"options_value_ex_vat_pence": 0, "value_ex_vat_pence": WHOLE}, LAST, LONGER,
            id="its options are worth nothing",
        ),
    ],
)  # fmt: skip
def test_each_change_counts_once(decisions, given, end, value):
    assert end_and_value(*decisions, **given) == (end, value)


@pytest.mark.parametrize(
    ("decisions", "latest", "found"),
    [
        ([], None, None), ([extension()], None, None), ([extension()], END, LAST), ([extension()], LAST, LAST),
        ([extension(last=FIRST)], LAST, LAST), ([early_end()], LAST, EARLY),
    ],
)  # fmt: skip
def test_the_latest_end_is_never_before_the_end_nor_after_an_early_one(decisions, latest, found):
    [day] = stands(*decisions, max_end_on=latest)["max_end_on"]
    assert (None if pd.isna(day) else day.date()) == found


def test_vat_moves_by_its_share_and_what_is_empty_stays_empty():
    names = ["value_ex_vat_pence", "value_inc_vat_pence", "irrecoverable_vat_pence"]
    given = {"irrecoverable_vat_pence": 90_000_00}
    assert stands(extension(), **given)[names].to_numpy().tolist() == [[LONGER, 1_350_000_00, 112_500_00]]
    none = dict.fromkeys(names)
    assert stands(extension(), **none)[names].isna().to_numpy().all()
    assert stands(extension(), **none)["end_on"].dt.date.tolist() == [LAST]


def test_contracts_without_a_change_are_as_they_were():
    contracts = from_rows([contract(), contract(contract_ref="KC-2", end_on=None)], keys.CORE_CONTRACT)
    assert contracts_as_they_stand(contracts, empty(keys.CORE_DECISION)).equals(contracts)
    known = from_rows([extension()], keys.CORE_DECISION)
    made = contracts_as_they_stand(contracts, known)
    assert made.dtypes.equals(contracts.dtypes)
    assert made.iloc[1:].equals(contracts.iloc[1:])
    again = contracts_as_they_stand(made, known)
    assert again.equals(made)


LISTED = {
    "contract_ref": "KC-1", "contract_id": "1", "ocid": "ocds-h6vhtk-000001", "regime": "pa23", "agreement_kind": "contract",
    "contract_title": "Roads", "supplier_name": "Fenmoor Ltd", "supplier_company_number": "99000001",
}  # fmt: skip


def council(cases):
    """One contract a case, KC-1 and so on: the register as it arrived, what it is published as, and the log."""
    rows = [
        {**contract(**given), **LISTED, "contract_ref": f"KC-{n}", "contract_id": f"{n}"}
        for n, (_, given) in enumerate(cases, start=1)
    ]
    log = [
        {**one, "subject": f"KC-{n}", "decision_id": f"{one['decision_id']}-{n}"}
        for n, (decisions, _) in enumerate(cases, start=1)
        for one in decisions
    ]
    contracts = register(*rows)
    known = decisions_known(from_rows(log, keys.CORE_DECISION), AS_OF)
    return contracts, select_register(contracts, NO_NOTICES, known, NO_PAYMENTS, PARAMETERS, Q2), log


def test_register_and_release_package_tell_of_each_contract_the_same():
    """Issue 6: totals and dates equal across the files of a pack."""
    cases = [
        ([], {"max_end_on": END}), ([extension()], {"max_end_on": END}), ([value_change(300_000_00)], {}),
        ([early_end()], {"max_end_on": LAST}), ([early_end(date(2026, 9, 30))], {}),
        ([value_change(-300_000_00), extension(number="D2")], {"max_end_on": LAST}),
        ([extension(day=date(2026, 11, 24))], {"max_end_on": LAST}),
    ]  # fmt: skip
    contracts, published, log = council(cases)
    told = read(b'{"releases": []}', contracts=contracts.to_dict("records"), decisions=log)
    packed = [one["contracts"][0] for one in json.loads(released(releases(told)))["releases"]]
    assert published["value_ex_vat_pence"].tolist() == [
        WHOLE, LONGER, WHOLE + 300_000_00, WHOLE, WHOLE, WHOLE - 75_000_00, WHOLE,
    ]  # fmt: skip
    for row, one in zip(published.to_dict("records"), packed, strict=True):
        period = {"startDate": moment(START), "endDate": moment(row["end_on"].date(), end=True)}
        if pd.notna(row["max_end_on"]):
            period["maxExtentDate"] = moment(row["max_end_on"].date(), end=True)
        assert one["period"] == period
        assert one["value"]["amount"] * 100 == row["value_ex_vat_pence"]
        assert (one["status"] == "terminated") is (row["end_on"].date() < AS_OF)


# Transparency Code 2015: in place in the period (from 1 July 2026) and over £5,000, as it stands.
def test_the_register_lists_contracts_as_they_stand():
    cases = [
        (True, [extension(first=date(2026, 7, 1), last=date(2026, 7, 1))], {"end_on": date(2026, 6, 30)}),
        (False, [], {"end_on": date(2026, 6, 30)}),
        (True, [early_end(date(2026, 7, 1))], {}),
        (False, [early_end(date(2026, 6, 30))], {}),
        (True, [value_change(1, original=5_000_00, before=5_000_00)], {"value_ex_vat_pence": 5_000_00}),
        (False, [value_change(-1, original=5_000_01, before=5_000_01)], {"value_ex_vat_pence": 5_000_01}),
        (True, [value_change(-1, original=5_000_02, before=5_000_02)], {"value_ex_vat_pence": 5_000_02}),
    ]
    facts = {"start_on": date(2026, 1, 1), "value_inc_vat_pence": None}
    _, published, _ = council([(decisions, facts | given) for _, decisions, given in cases])
    wanted = [f"KC-{n}" for n, (is_listed, *_) in enumerate(cases, start=1) if is_listed]
    assert published["contract_ref"].tolist() == wanted


def test_a_latest_end_that_a_notice_gives_is_not_before_the_end():
    assert span(START, LAST, END) == span(START, LAST, LAST)
    assert span(START, LAST, date(2030, 7, 1))["maxExtentDate"] == moment(date(2030, 7, 1), end=True)
    assert "maxExtentDate" not in span(START, LAST)


def test_a_draft_of_a_change_still_starts_from_the_value_at_award_and_the_latest_end_of_then():
    """PA23 s.75(2): a change is measured against the contract before it; a termination tells of it since."""
    contracts = register({**contract(max_end_on=END), **LISTED})
    told = read(b'{"releases": []}', contracts=contracts.to_dict("records"), decisions=[extension()])
    ratings, suppliers = empty(keys.OUT_RATING), empty(keys.CORE_NOTICE_SUPPLIER)
    known = known_contracts(told.books, suppliers, ratings, AS_OF)["KC-1"]
    [measured] = measured_changes(known.facts, PARAMETERS.law)
    assert (measured.base_pence, measured.value_pence) == (WHOLE, 225_000_00)
    assert (known.facts.value_ex_vat_pence, known.facts.end_on, known.max_end_on) == (LONGER, LAST, LAST)


def test_the_period_of_a_grant_ends_as_its_agreement_stands():
    """Transparency Code 2015, grants to VCSE organisations: the time period of the grant."""
    contracts = register({**contract(), **LISTED})
    lines = ledger(contracts, {"contract_ref": "KC-1", "is_vcse_grant": True})
    known = from_rows([early_end()], keys.CORE_DECISION)
    grants = select_grants(lines, contracts, known, PARAMETERS, Q2)
    assert grants["grant_period"].tolist() == ["01/07/2026 to 31/03/2027"]


def test_the_end_of_an_invitation_that_the_register_gives_is_that_of_the_contract_as_it_stands():
    """Transparency Code 2015, invitations to tender; the days that a notice gives stay the notice's."""
    begun = {"procurement_commenced_on": date(2026, 7, 1), "process_type": "Published invitation to tender"}
    contracts = register({**contract(), **LISTED, **begun})
    known = from_rows([extension()], keys.CORE_DECISION)
    tenders = select_tenders(NO_NOTICES, contracts, known, NO_PAYMENTS, PARAMETERS, Q2)
    assert tenders["end_on"].dt.date.tolist() == [LAST]

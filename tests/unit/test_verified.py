"""Verifications that name a financial year: of which quarter they are, and that every reader agrees on it.

Source: social-value-policy.md sections 8.2 and 8.7.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from checks.rules.changes import verification_is_of_a_claim
from checks.rules.decisions import verification_is_at_most_the_claim
from checks.rules.districts import districts_add_up
from checks.rules.outcome import Inputs
from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import RISK_QUESTIONS
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.outcomes import compute_outcomes
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.verified import verifications
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
Q4 = parse_period("2026-27-Q4")
TODAY = date(2027, 5, 10)


def contracts(risk=1, **given):
    row = {
        "contract_ref": "KC-1", "contract_title": "Books", "supplier_name": "Acme", "supplier_key": "a",
        "agreement_kind": "contract", "regime": "pa23", "procurement_category": "services",
        "value_ex_vat_pence": 600_000_000, "start_on": date(2026, 4, 1), "end_on": date(2029, 3, 31),
        "procurement_commenced_on": date(2026, 1, 5), "sv_measures": "C3",
        **dict.fromkeys(RISK_QUESTIONS, risk),
    }  # fmt: skip
    return frames.from_rows([{**row, **given}], keys.CORE_CONTRACT)


def claims(*told):
    rows = [
        {
            "contract_ref": "KC-1", "stated_period": stated, "period": counted, "measure_code": "C3",
            "district": "county", "is_nil": False, "claimed": Fraction(10), "evidence_ref": "EV",
        }
        for stated, counted in told
    ]  # fmt: skip
    return frames.from_rows(rows, keys.CORE_CLAIM)


def verified(period, quantity=6, number="V1", day=date(2027, 4, 20)):
    return {
        "decision_id": number, "decision_kind": "verification", "subject": "KC-1", "measure_code": "C3",
        "period": period, "quantity": Fraction(quantity), "decided_on": day, "role": "contract manager",
    }  # fmt: skip


def log(*rows):
    return frames.from_rows(list(rows), keys.CORE_DECISION)


EARLY = {
    "decision_id": "E1", "decision_kind": "early end", "subject": "KC-1", "decided_on": date(2027, 4, 25),
    "old_end_on": date(2029, 3, 31), "new_end_on": date(2026, 9, 30),
}  # fmt: skip


@pytest.mark.parametrize(
    ("risk", "told", "rows", "places"),
    [
        (1, [("2026-27", "2026-27-Q4")], [verified("2026-27")], {"2026-27-Q4": "V1"}),
        (1, [("2026-27-Q4", "2026-27-Q4")], [verified("2026-27")], {"2026-27-Q4": "V1"}),
        (1, [("2026-27-Q4", "2026-27-Q4")], [verified("2026-27-Q4")], {"2026-27-Q4": "V1"}),
        # The quarter of the return, whatever was decided on the contract's end since.
        (1, [("2026-27", "2026-27-Q4")], [verified("2026-27", day=TODAY), EARLY], {"2026-27-Q4": "V1"}),
        (1, [("2026-27", "2026-27-Q2")], [verified("2026-27")], {"2026-27-Q2": "V1"}),
        # Without a return of the year, the quarter that one would count in by what the officer knew.
        (1, [], [verified("2026-27"), EARLY], {"2026-27-Q4": "V1"}),
        (1, [], [verified("2026-27", day=date(2027, 4, 25)), EARLY], {"2026-27-Q2": "V1"}),
        # The last of both spellings stands.
        (1, [], [verified("2026-27-Q4"), verified("2026-27", 5, "V2")], {"2026-27-Q4": "V2"}),
        (1, [], [verified("2026-27"), verified("2026-27-Q4", 5, "V2")], {"2026-27-Q4": "V2"}),
        # Of a contract that is asked every quarter a year is no quarter; nor is a half, or what is no period.
        (2, [], [verified("2026-27")], {"2026-27": "V1"}),
        (1, [], [verified("2026-27-H1"), verified("spring", 5, "V2")], {"2026-27-H1": "V1", "spring": "V2"}),
    ],
)  # fmt: skip
def test_a_year_stands_for_the_quarter_its_return_counts_in(risk, told, rows, places):
    found = verifications(log(*rows), contracts(risk), claims(*told), PARAMETERS)
    assert {quarter: row["decision_id"] for (_, _, quarter), row in found.items()} == places


def test_all_who_ask_of_a_verification_of_a_year_agree():
    register, came, decisions = contracts(), claims(("2026-27", "2026-27-Q4")), log(verified("2026-27"))
    targets = compute_targets(register, decisions, PARAMETERS)
    figures = Delivery(register, targets, came, decisions, PARAMETERS, as_of=TODAY).at(Q4)
    by_district = compute_outcomes(Q4, register, came, decisions, PARAMETERS)
    tables = {
        keys.CORE_CONTRACT: register, keys.CORE_CLAIM: came, keys.CORE_DECISION: decisions,
        keys.OUT_OUTCOME: by_district,
    }  # fmt: skip
    inputs = Inputs(tables, TODAY, PARAMETERS)

    assert figures.loc[figures["measure_code"] == "C3", "verified"].tolist() == [6]
    assert by_district["verified"].tolist() == [6]
    for rule in (verification_is_of_a_claim, verification_is_at_most_the_claim, districts_add_up):
        assert rule(inputs).ok.tolist() == [True], rule


def test_a_claim_held_as_claimed_twice_is_let_go_by_a_verification_of_its_year():
    register = contracts()
    other = register.assign(contract_ref="KC-2")
    both = frames.from_rows([*register.to_dict("records"), *other.to_dict("records")], keys.CORE_CONTRACT)
    mine = claims(("2026-27", "2026-27-Q4")).to_dict("records")
    lines = frames.from_rows([*mine, *({**line, "contract_ref": "KC-2"} for line in mine)], keys.CORE_CLAIM)
    decisions = log(verified("2026-27"))
    found = compute_outcomes(Q4, both, lines, decisions, PARAMETERS)
    assert found[["contract_ref", "verified"]].values.tolist() == [["KC-1", 6]]

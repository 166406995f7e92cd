"""Who may decide what: tables of cases for DC-031, DC-032 and DC-033.

Source: social-value policy parameters, section 8.8 (roles, the limit of 25%), and `authority.toml`.
Does not belong here: whose override sets a target (`test_targets`), waivers, sign-offs.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.authority import (
    GROUP_OF,
    approvals_before,
    lowering_unapproved,
    may_decide,
    without_authority,
)
from kcc_etl.parameters.authority import Authority
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.frames import from_rows

PARAMETERS = load_parameters()
AS_OF, DAY, EARLIER, LATER = date(2026, 11, 23), date(2026, 10, 1), date(2026, 9, 30), date(2026, 10, 2)
POUNDS_1M = 100_000_000
CONTRACTS = from_rows(
    [{"contract_ref": ref, "procurement_commenced_on": date(2026, 2, 1)} for ref in ("C1", "C2")],
    keys.CORE_CONTRACT,
)
MANAGER, LEAD, HEAD = "contract manager", "category lead", "head of procurement"


def change(number: str, after: int, role: str, **given: object) -> dict[str, object]:
    row: dict[str, object] = {
        "decision_id": number, "decision_kind": "value change", "subject": "C1", "role": role,
        "decided_on": DAY, "effective_on": DAY, "original_value_pence": POUNDS_1M,
        "value_before_pence": POUNDS_1M, "value_after_pence": after,
    }  # fmt: skip
    return row | given


def approval(of: str, role: str, day: date = DAY) -> dict[str, object]:
    return {
        "decision_id": f"A-{of}",
        "decision_kind": "approval",
        "subject": of,
        "role": role,
        "decided_on": day,
    }


def decisions(*rows: dict[str, object]) -> pd.DataFrame:
    return from_rows(list(rows), keys.CORE_DECISION)


@pytest.mark.parametrize("kind", sorted(set(GROUP_OF) - {"compliance approval"}))
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (MANAGER, True),
        ("  Contract   MANAGER ", True),
        (LEAD, True),
        (HEAD, True),
        ("chief procurement officer", True),
        ("contract managers", False),
        ("supplier", False),
        ("", False),
        (None, False),
    ],
)
def test_dc_031_who_may_decide(kind: str, role: object, allowed: bool) -> None:
    assert may_decide(kind, role, PARAMETERS.authority) is allowed
    row = change("D1", 0, "") | {"decision_kind": kind, "role": role}
    assert without_authority(decisions(row), PARAMETERS.authority).tolist() == [not allowed]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        # PR24 reg 38(2)(e): the director or similar officer who is responsible for finances, and nobody else.
        ("Corporate Director of Finance", True),
        ("director of finance", True),
        (" Chief  Finance Officer ", True),
        ("Section 151 Officer", True),
        ("Head of Cleaning", False),
        ("corporate director of growth", False),
        ("deputy director of finance", False),
        ("director", False),
        ("head of procurement", False),
        ("", False),
        (None, False),
    ],
)
def test_dc_031_the_compliance_notice_is_approved_by_the_officer_for_finances(
    role: object, allowed: bool
) -> None:
    assert may_decide("compliance approval", role, PARAMETERS.authority) is allowed
    row = change("D1", 0, "") | {"decision_kind": "compliance approval", "role": role}
    assert without_authority(decisions(row), PARAMETERS.authority).tolist() == [not allowed]


@pytest.mark.parametrize(
    "kind",
    [
        "override",
        "approval",
        "waiver",
        "accepted file",
        "sign-off",
        "withholding",
    ],
)
def test_dc_031_leaves_to_other_rules_what_they_hold_to_a_role(kind: str) -> None:
    assert may_decide(kind, "supplier", PARAMETERS.authority)


def test_every_kind_of_decision_goes_by_a_list_of_the_file_or_by_a_rule_of_its_own() -> None:
    named = {one.name for one in fields(Authority)}
    assert set(GROUP_OF.values()) <= named
    others = {"override", "approval", "waiver", "accepted file", "sign-off", "withholding"}
    assert set(FIELDS["decision_kind"].words) == set(GROUP_OF) | others


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        # The limit is 25% of the original value: at it, and one penny beyond.
        ([change("D1", 75_000_000, MANAGER)], []),
        ([change("D1", 74_999_999, MANAGER)], ["D1"]),
        ([change("D1", 74_999_999, LEAD)], ["D1"]),
        ([change("D1", 74_999_999, HEAD)], []),
        ([change("D1", 0, "chief procurement officer")], []),
        # More is no lowering, however much.
        ([change("D1", 500_000_000, MANAGER)], []),
        # Approved by one who may, on the day, before it (which DC-033 holds), and by one who may not.
        ([change("D1", 74_999_999, MANAGER), approval("D1", HEAD)], []),
        ([change("D1", 74_999_999, MANAGER), approval("D1", LEAD)], ["D1"]),
        ([change("D1", 74_999_999, MANAGER), approval("D2", HEAD)], ["D1"]),
        # Many small ones count together, until one is approved.
        (
            [
                change("D1", 85_000_000, MANAGER),
                change(
                    "D2", 75_000_000, MANAGER, value_before_pence=85_000_000, effective_on=date(2026, 10, 2)
                ),
            ],
            [],
        ),
        (
            [
                change("D1", 85_000_000, MANAGER),
                change(
                    "D2", 74_999_999, MANAGER, value_before_pence=85_000_000, effective_on=date(2026, 10, 2)
                ),
            ],
            ["D2"],
        ),
        (
            [
                change("D1", 85_000_000, HEAD),
                change(
                    "D2", 74_999_999, MANAGER, value_before_pence=85_000_000, effective_on=date(2026, 10, 2)
                ),
            ],
            [],
        ),
        # Of another contract.
        ([change("D1", 85_000_000, MANAGER), change("D2", 85_000_000, MANAGER, subject="C2")], []),
        # An extension that lowers the value; an early end is a fact.
        ([change("D1", 74_999_999, MANAGER, decision_kind="extension")], ["D1"]),
        ([change("D1", 0, MANAGER, decision_kind="early end")], []),
        # Decided after the day spoken about.
        ([change("D1", 0, MANAGER, decided_on=date(2026, 11, 23))], ["D1"]),
        ([change("D1", 0, MANAGER, decided_on=date(2026, 11, 24))], []),
    ],
)
def test_dc_032_what_lowers_a_contract_beyond_the_limit_needs_approval(
    rows: list[dict[str, object]], held: list[str]
) -> None:
    assert list(lowering_unapproved(decisions(*rows), CONTRACTS, PARAMETERS, AS_OF)) == held


@pytest.mark.parametrize("kind", ["override", "commitment", "value change", "extension", "milestone"])
@pytest.mark.parametrize(("day", "early"), [(EARLIER, True), (DAY, False), (LATER, False)])
def test_dc_033_an_approval_is_not_older_than_what_it_approves(kind: str, day: date, early: bool) -> None:
    rows = decisions(change("D1", 0, MANAGER, decision_kind=kind), approval("D1", HEAD, day))
    assert approvals_before(rows).tolist() == [False, early]


def test_dc_033_says_nothing_of_an_approval_of_something_else() -> None:
    rows = decisions(change("D1", 0, MANAGER, decision_kind="rating"), approval("D1", HEAD, EARLIER))
    assert approvals_before(rows).tolist() == [False, False]

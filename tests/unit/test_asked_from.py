"""Which contracts have anything to report: a return is asked for, missing or late only of these.

Does not belong here: which quarters of a term are asked for (`test_yearly_returns`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked_from import asked_from
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.lateness import late_returns
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.load import load_parameters
from kcc_etl.returns.issue import Told, form_of
from kcc_etl.returns.owed import Register, owing
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
QUARTERS = tuple(parse_period(f"2026-27-Q{n}") for n in (1, 2, 3, 4))
OFFER = {"decision_id": "C-1", "decision_kind": "commitment", "measure_code": "S1", "quantity": 2}
NEW_OFFER = {
    **OFFER,
    "decision_id": "C-2",
    "quantity": 3,
    "decided_on": date(2026, 11, 1),
    "role": "head of procurement",
}
NO_OFFER = {**OFFER, "quantity": 0}
DROPPED = {
    "decision_id": "O-1", "decision_kind": "override", "measure_code": "S5", "quantity": 0,
    "reason_code": "data error", "role": "head of procurement",
}  # fmt: skip


def register(**given: Any) -> pd.DataFrame:
    row = {
        "contract_ref": "X-8", "contract_title": "IT support", "supplier_name": "Bit Ltd", "supplier_key": "b",
        "procurement_commenced_on": date(2026, 1, 5), "start_on": date(2026, 4, 1), "end_on": date(2028, 3, 31),
        "procurement_category": "services", "value_ex_vat_pence": 15_000_000, "service_group": "it",
        "supplier_size": "micro", "sv_measures": "S1", "spend_is_guaranteed": True,
    }  # fmt: skip
    return frames.from_rows([{**row, **given}], keys.CORE_CONTRACT)


def log(*decisions: dict[str, Any]) -> pd.DataFrame:
    base = {"subject": "X-8", "role": "contract manager", "decided_on": date(2026, 3, 1)}
    return frames.from_rows([{**base, **one} for one in decisions], keys.CORE_DECISION)


def asked(contracts: pd.DataFrame, decisions: pd.DataFrame) -> list[tuple[str, bool, str]]:
    """Of each quarter the return's status as the figures tell it, whether it is asked for, and the rating."""
    targets = compute_targets(contracts, decisions, PARAMETERS)
    claims = frames.empty(keys.CORE_CLAIM)
    found = Delivery(contracts, targets, claims, decisions, PARAMETERS)
    rows = [found.at(quarter).to_dict("records")[0] for quarter in QUARTERS]
    return [(row["return_status"], row["is_return_asked"], row["status"]) for row in rows]


NOT_ASKED = ("not due", False, "Grey")
MISSING = ("missing", True, "Red")


# Source: section 8.1: in B1 one offer is voluntary; IT moves £150,000 down to it.
@pytest.mark.parametrize(
    ("given", "decisions", "expected"),
    [
        ({}, (), [NOT_ASKED] * 4),
        ({}, (NO_OFFER,), [NOT_ASKED] * 4),
        ({"service_group": "cleaning"}, (), [NOT_ASKED, MISSING, MISSING, MISSING]),
        ({"service_group": "cleaning"}, (DROPPED,), [NOT_ASKED] * 4),
    ],
    ids=["no offer", "an offer of nothing", "required", "set to nothing"],
)
def test_a_return_is_asked_for_only_where_something_is_to_be_delivered(given, decisions, expected):
    assert asked(register(**given), log(*decisions)) == expected


@pytest.mark.parametrize(
    ("decisions", "day"),
    [((), None), ((NO_OFFER,), None), ((OFFER,), date(2026, 4, 1)), ((NO_OFFER, NEW_OFFER), date(2026, 11, 1))],
)  # fmt: skip
def test_it_is_asked_for_from_the_first_day_of_a_promise(decisions, day):
    contracts, made = register(sv_measures="C3"), log(*({**one, "measure_code": "C3"} for one in decisions))
    targets = compute_targets(contracts, made, PARAMETERS)
    found = asked_from(targets, contracts, made, PARAMETERS)
    assert found == ({} if day is None else {"X-8": day})

    first = {None: (), date(2026, 4, 1): ("2026-27-Q2", "2026-27-Q3"), date(2026, 11, 1): ("2026-27-Q3",)}
    terms = ReturnTerms(contracts, PARAMETERS, made, found)
    assert tuple(one.id for one in terms.asked("X-8", date(2026, 12, 31))) == first[day]


def test_a_return_that_nobody_asked_for_is_never_late():
    contracts = register(
        **{f"risk_{name}": 1 for name in ("criticality", "market", "finance", "demand", "safeguarding")}
    )
    receipts = frames.from_rows(
        [{"source_sha256": "a", "kind": "returns", "contract_ref": "X-8", "period": "2026-27"}], "receipt"
    )
    ledger = frames.from_rows(
        [
            {"source_sha256": sha, "landed_on": day}
            for sha, day in (("b", date(2026, 1, 1)), ("a", date(2027, 9, 1)))
        ],
        "ledger",
    )
    for found, late in (({"X-8": date(2026, 4, 1)}, {"X-8"}), ({}, set())):
        terms = ReturnTerms(contracts, PARAMETERS, log(), found)
        assert late_returns(receipts, ledger, terms, QUARTERS[3]).late == late


def test_a_target_of_nothing_gets_no_printed_line_and_is_told_all_the_same():
    # £8m of works: three outputs are shared over the measures chosen, and the one output goes round first.
    contracts = register(
        service_group="roads", procurement_category="works", value_ex_vat_pence=300_000_000, sv_measures="S1|J1|S4|E4",
        supplier_size="large",
    )  # fmt: skip
    targets, claims = compute_targets(contracts, log(), PARAMETERS), frames.empty(keys.CORE_CLAIM)
    agreed = dict(zip(targets["measure_code"], targets["agreed"], strict=True))
    since = asked_from(targets, contracts, log(), PARAMETERS)
    book = ReturnBook(contracts, claims, PARAMETERS, asked_from=since)
    known = Register(contracts, targets, log(), claims, book)
    told = Told(known, Plans(contracts, log(), PARAMETERS), {})
    (owed,) = owing(known, QUARTERS[1])
    form = form_of(owed, told, PARAMETERS, QUARTERS[1], date(2026, 10, 1))

    assert 0 in agreed.values()
    assert {code for code, _, _ in form.lines} == {code for code, quantity in agreed.items() if quantity}
    assert {quote.measure.code for quote in form.quotes} == set(agreed)


def test_returns_status_says_why_nothing_is_asked():
    contracts = register()
    targets, claims = compute_targets(contracts, log(), PARAMETERS), frames.empty(keys.CORE_CLAIM)
    book = ReturnBook(
        contracts, claims, PARAMETERS, asked_from=asked_from(targets, contracts, log(), PARAMETERS)
    )
    (owed,) = owing(Register(contracts, targets, log(), claims, book), QUARTERS[1])
    assert (owed.is_owed, owed.why) == (False, "nothing to report, no target is above zero")

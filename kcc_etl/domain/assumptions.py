"""What a target takes for granted because the register does not say: the stated default, in words.

Does not belong here: the defaults themselves (`kcc_etl.parameters`), the findings (`checks.rules.targets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[str, Any]

ANSWERS = "a risk or complexity question without an answer counts as policy says"
SIZE = "a supplier of unknown size has no relief for size"
CATEGORY = "a contract without a category counts as services"
LIGHT_TOUCH = "a contract not said to be light touch counts as none"
VCSE = "a supplier not said to be a VCSE counts as none"
SPEND = "spend not said to be without guarantee counts as guaranteed"
OPTIONS = "options without a value count by their share of the time"
SUPPLY_SPEND = "without an expected supply spend no share for Kent firms is worked out"
SUPPLY_SPEND_NOTHING = "an expected supply spend stated as nothing asks for no spend with Kent firms"
COMMITMENT = "a commitment that is not recorded counts as none"

TOLD_ELSEWHERE: Mapping[str, str] = {ANSWERS: "CR-011", SIZE: "CR-015"}
"""Assumptions that a rule on the register tells already, and which."""

SEPARATOR = "; "


def default_measure_added(code: str) -> str:
    """The default that stands in for an employment and skills measure that was not chosen."""
    return f"a contract without a chosen employment and skills measure gets the default one, {code}"


def assumptions_of(contract: Row, questions: tuple[str, ...], original_end: date) -> Iterator[str]:
    """The defaults that the targets of a contract rest on, in a fixed order.

    `original_end` is the last day without options; `questions` are the columns of the ten questions.
    """
    answers = [contract[question] for question in questions]
    is_light = contract["is_light_touch"]
    said = {
        ANSWERS: all(pd.notna(answer) and 1 <= answer <= 3 for answer in answers),
        SIZE: contract["supplier_size"] in ("micro", "small", "medium", "large"),
        CATEGORY: isinstance(contract["procurement_category"], str)
        or (pd.notna(is_light) and bool(is_light)),
        LIGHT_TOUCH: pd.notna(is_light),
        VCSE: pd.notna(contract["supplier_is_vcse"]),
        SPEND: pd.notna(contract["spend_is_guaranteed"]),
        OPTIONS: not has_options(contract, original_end) or pd.notna(contract["options_value_ex_vat_pence"]),
    }
    yield from (assumption for assumption, is_said in said.items() if not is_said)


def has_options(contract: Row, original_end: date) -> bool:
    """Whether a contract may run on after its original end, by options."""
    latest = contract["max_end_on"]
    return bool(pd.notna(latest)) and latest.date() > original_end

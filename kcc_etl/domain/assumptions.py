"""What a target takes for granted because the register does not say: the stated default, in words.

Does not belong here: the defaults themselves (`kcc_etl.parameters`), the findings (`checks.rules.targets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[str, Any]

ANSWERS = "a risk or complexity question without an answer counts 2"
SIZE = "a supplier of unknown size has no relief for size"
CATEGORY = "a contract without a category counts as services"
LIGHT_TOUCH = "a contract not said to be light touch counts as none"
VCSE = "a supplier not said to be a VCSE counts as none"
SPEND = "spend not said to be without guarantee counts as guaranteed"
OPTIONS = "options without a value count by their share of the time"
MEASURES = "a contract without chosen measures gets the default one"
COMMITMENT = "a commitment that is not recorded counts as none"

TOLD_ELSEWHERE = frozenset({ANSWERS, SIZE})
"""Assumptions that a rule on the register tells already: CR-011 and CR-015."""

SEPARATOR = "; "


def assumptions_of(
    contract: Row, questions: tuple[str, ...], original_end: date, *, has_measures: bool
) -> Iterator[str]:
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
        MEASURES: has_measures,
    }
    yield from (assumption for assumption, is_said in said.items() if not is_said)


def has_options(contract: Row, original_end: date) -> bool:
    """Whether a contract may run on after its original end, by options."""
    latest = contract["max_end_on"]
    return bool(pd.notna(latest)) and latest.date() > original_end

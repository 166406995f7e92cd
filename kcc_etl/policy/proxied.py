"""A contract's targets in pounds by the council's own values, and whether their total is plausible.

Does not belong here: targets, which stay in native units; values of others, which are licensed.
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from kcc_etl.domain.money import pounds_display, round_half_up
from kcc_etl.parameters.entries import shown
from kcc_etl.parameters.model import Parameters
from kcc_etl.policy.case import Case

_PENCE = 100


def proxy_lines(case: Case, parameters: Parameters) -> list[str]:
    """What the agreed targets come to in the council's own values; nothing where it has loaded none.

    Source: social-value policy parameters, section 8.4.
    """
    proxies = parameters.proxies
    if proxies is None or not case.targets or case.policy is None:
        return []
    valued = [row for row in case.targets if row["measure_code"] in proxies.pounds]
    total = sum((row["agreed"] * proxies.pounds[row["measure_code"]] for row in valued), Fraction(0)) * _PENCE
    line = f"By the council's own values the targets come to {pounds_display(int(round_half_up(total)))}."
    value, check = case.contract["value_ex_vat_pence"], case.policy.proxy_check
    if not valued or pd.isna(value) or value <= 0:
        return [line]
    share = total / int(value) * 100
    if check.least_pct <= share <= check.most_pct:
        return [line]
    return [
        line,
        (
            f"Needs attention: that is {round_half_up(share, 1)}% of the contract's value, outside "
            f"{shown(check.least_pct)}% to {shown(check.most_pct)}%."
        ),
    ]

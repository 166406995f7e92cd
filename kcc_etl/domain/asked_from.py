"""From which day each contract has anything to report: the first on which a target of it is above zero.

Does not belong here: which quarters are asked for (`return_terms`), the versions of a target (`versions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from kcc_etl.domain.versions import Plan, Plans
from kcc_etl.parameters.model import Parameters


def asked_from(
    targets: pd.DataFrame, contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> dict[str, date]:
    """The first day of each contract on which a target stands that is above zero; not of any other contract.

    Where nothing was ever agreed or promised, as with a voluntary offer that nobody made, no return can be
    missing. `decisions` are those known. Source: social-value policy parameters, sections 8.1 and 8.7.
    """
    plans = Plans(contracts, decisions, parameters)
    of_known = targets[targets["contract_ref"].isin(contracts["contract_ref"])]
    rows = of_known.to_dict("records")
    return first_days((str(row["contract_ref"]), plans.of(row)) for row in rows)


def first_days(plans: Iterable[tuple[str, Plan]]) -> dict[str, date]:
    """The same, from the plan of every target beside the reference of its contract."""
    found: dict[str, date] = {}
    for ref, plan in plans:
        day = first_day(plan)
        if day is not None:
            found[ref] = min(day, found.get(ref, day))
    return found


def first_day(plan: Plan) -> date | None:
    """The first day on which a target stands that is above zero, None if there is none."""
    # Of one day the last version stands: an override in place of what was calculated.
    standing = {version.effective_on: version.profile.total for version in plan.versions}
    return min((day for day, total in standing.items() if total > 0), default=None)

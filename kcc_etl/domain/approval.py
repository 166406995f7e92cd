"""Whether the figures of a day rest on approved parameters alone.

Does not belong here: what makes a table of parameters approved (`kcc_etl.parameters`), the banner itself.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from kcc_etl.parameters.model import Parameters


def rests_on_approved(contracts: pd.DataFrame, parameters: Parameters, as_of: date) -> bool:
    """Whether every parameter that judges one of the contracts, or holds on the day, is approved.

    An edition of the policy that no procurement commenced under does not matter, nor does one to come.
    """
    commenced = [day.date() for day in contracts["procurement_commenced_on"].dropna()]
    return parameters.is_approved(as_of, commenced)

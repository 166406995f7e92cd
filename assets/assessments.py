"""Stage 3: assessments of indicators that an officer confirmed.

Does not belong here: proposing and confirming ratings (`assets.out`), drafts of notices (`assets.drafts`).
"""

from __future__ import annotations

import pandas as pd

from assets.figures import Given, figures_of_period
from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.assessments import confirmed_assessments
from kcc_etl.domain.hidden_names import hidden_names
from kcc_etl.domain.periods import Period

_CONTRACTS = (keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED)


def _assessments(given: Given, period: Period) -> pd.DataFrame:
    contracts, links, noticed = map(given.read, _CONTRACTS)
    decisions, redaction = given.read(keys.CORE_DECISION), given.parameters.redaction
    return confirmed_assessments(
        given.read(keys.OUT_RATING, period),
        contracts,
        links,
        noticed,
        decisions,
        redaction,
        given.read(keys.OUT_DISCLOSED),
        hidden_names(contracts, given.read(keys.CORE_PAYMENT), decisions, redaction),
    )


ASSESSMENT_ASSETS = [figures_of_period(keys.OUT_ASSESSMENT, _assessments)]

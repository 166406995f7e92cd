"""Stage 3: the outcomes as they may be published.

Does not belong here: which counts are left out (`kcc_etl.domain`), how the rest is shown (`reports`).
"""

from __future__ import annotations

import pandas as pd

from assets.figures import Given, figures_of_period
from assets.out import delivery_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.disclosure import Disclosure, disclose_districts, quarters_of
from kcc_etl.domain.periods import Period
from kcc_etl.domain.seen_counts import SeenBefore, arrivals_of
from reports.published_packs import counts_published


def _performance(given: Given, period: Period) -> pd.DataFrame:
    return _disclosure(given, period).performance(given.read(keys.OUT_PERFORMANCE, period))


def _districts(given: Given, period: Period) -> pd.DataFrame:
    disclosure = _disclosure(given, period)
    return disclose_districts(period, given.read(keys.OUT_OUTCOME), disclosure, given.parameters)


def _disclosure(given: Given, period: Period) -> Disclosure:
    """What of every quarter so far is left out, given what was published before."""
    delivery, claims = delivery_of(given), given.read(keys.CORE_CLAIM)
    quarters = [delivery.at(quarter) for quarter in quarters_of(claims, period)]
    seen = counts_published(given.settings.publications_folder, given.as_of, given.known_at)
    before = SeenBefore(seen, arrivals_of(claims, given.read(keys.CORE_DECISION)))
    return Disclosure(quarters, given.read(keys.CORE_CONTRACT), given.parameters, before)


DISCLOSED_ASSETS = [
    figures_of_period(keys.OUT_DISCLOSED, _performance),
    figures_of_period(keys.OUT_AREA, _districts),
]

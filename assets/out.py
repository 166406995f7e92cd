"""Stage 3: targets, what was delivered of them, and what the law asks to be published.

Does not belong here: arithmetic and the law's tests (`kcc_etl.domain`), formats (`reports`).
"""

from __future__ import annotations

import pandas as pd

from assets.figures import Given, figures_of_period, figures_to_date
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import returns_held
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.indicators import indicators_by_contract
from kcc_etl.domain.outcomes import compute_outcomes
from kcc_etl.domain.periods import Period
from kcc_etl.domain.publication import (
    publishable_contracts,
    select_over_30k,
    select_register,
    select_spend,
)
from kcc_etl.domain.ratings import propose_ratings
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import compute_versions

_DELIVERY_INPUTS = (
    keys.CORE_CONTRACT,
    keys.OUT_TARGET,
    keys.CORE_CLAIM,
    keys.CORE_DECISION,
    keys.CORE_PAYMENT,
)
_INDICATORS_FROM = (keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED, keys.CORE_NOTICE_KPI)
_LAW_INPUTS = (keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION)


def delivery_of(given: Given) -> Delivery:
    """Delivery of every target, suppliers named as they may be published."""
    contracts, targets, claims, known, payments = map(given.read, _DELIVERY_INPUTS)
    held = returns_held(given.read(keys.RAW_CLAIM), claims, given.read("receipt"), given.read("ledger"))
    named = publishable_contracts(contracts, payments, known, given.parameters.redaction)
    return Delivery(named, targets, claims, known, given.parameters, held, given.as_of, payments)


def _targets(given: Given) -> pd.DataFrame:
    contracts, known, payments = given.made_from(keys.OUT_TARGET)
    return compute_targets(contracts, known, given.parameters, given.as_of, payments)


def _versions(given: Given) -> pd.DataFrame:
    targets, contracts, known, payments = given.made_from(keys.OUT_TARGET_VERSION)
    return compute_versions(targets, contracts, known, given.parameters, payments, given.as_of)


def _performance(given: Given, period: Period) -> pd.DataFrame:
    return delivery_of(given).at(period)


def _outcomes(given: Given, period: Period) -> pd.DataFrame:
    contracts, claims, known = given.made_from(keys.OUT_OUTCOME)
    return compute_outcomes(period, contracts, claims, known, given.parameters)


def _ratings(given: Given, period: Period) -> pd.DataFrame:
    performance, contracts = given.read(keys.OUT_PERFORMANCE, period), given.read(keys.CORE_CONTRACT)
    indicators = indicators_by_contract(*map(given.read, _INDICATORS_FROM))
    known = given.read(keys.CORE_DECISION)
    return propose_ratings(period.id, performance, contracts, indicators, known, given.parameters)


def _over_30k(given: Given, period: Period) -> pd.DataFrame:
    payments, contracts, known = map(given.read, _LAW_INPUTS)
    suppliers, payer = given.read(keys.CORE_NOTICE_SUPPLIER), given.settings.authority.payer
    return select_over_30k(payments, contracts, known, suppliers, given.parameters, period, payer)


def _spend(given: Given, period: Period) -> pd.DataFrame:
    payments, contracts, known = map(given.read, _LAW_INPUTS)
    return select_spend(payments, contracts, known, given.parameters, period)


def _register(given: Given, period: Period) -> pd.DataFrame:
    contracts, notices, known, payments = given.made_from(keys.OUT_REGISTER)
    return select_register(contracts, notices, known, payments, given.parameters, period)


OUT_ASSETS = [
    figures_to_date(keys.OUT_TARGET, _targets),
    figures_to_date(keys.OUT_TARGET_VERSION, _versions),
    figures_of_period(keys.OUT_PERFORMANCE, _performance),
    figures_of_period(keys.OUT_OUTCOME, _outcomes),
    figures_of_period(keys.OUT_RATING, _ratings),
    figures_of_period(keys.OUT_OVER_30K, _over_30k),
    figures_of_period(keys.OUT_SPEND, _spend),
    figures_of_period(keys.OUT_REGISTER, _register),
]

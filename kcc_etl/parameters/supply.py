"""Shares of workforce, supply chain and value that policy looks at beside the targets.

Does not belong here: what brings an employment output, hours (`model`), returns and ratings (`monitoring`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.parameters.base import Amount, Percent, Sourced


@dataclass(frozen=True)
class ApprenticeShare(Sourced):
    """Apprentices as a share of the workforce, looked at from a value in pence and a length in months on."""

    from_pence: Amount
    from_months: Amount
    least_pct: Percent


@dataclass(frozen=True)
class KentSupply(Sourced):
    """The share of supply spend with firms of the county, in reserved contracts below the threshold only."""

    measure: str
    reserved_below_threshold_pct: Percent


@dataclass(frozen=True)
class SupplyBenchmark(Sourced):
    """The share of the portfolio's supply spend that the measures together are held against."""

    measures: tuple[str, ...]
    portfolio_pct: Percent


@dataclass(frozen=True)
class PromptPayment(Sourced):
    """Within how many days an invoice counts as paid promptly."""

    measure: str
    within_days: Amount


@dataclass(frozen=True)
class ProxyCheck(Sourced):
    """Between which shares of a contract's value the total of a council's own £ values is plausible."""

    least_pct: Percent
    most_pct: Percent

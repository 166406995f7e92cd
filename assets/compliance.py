"""Stage 3: the payments compliance notice and the invoices behind it.

Does not belong here: how invoices are judged and the notice filled (`kcc_etl.domain`), formats (`reports`).
"""

from __future__ import annotations

import pandas as pd

from assets.figures import Given, figures_of_period
from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_evidence import compliance_evidence
from kcc_etl.domain.compliance_notice import Inputs, compliance_notice
from kcc_etl.domain.periods import Period


def _invoices(given: Given, period: Period) -> pd.DataFrame:
    payments, raw, contracts, decisions = given.made_from(keys.OUT_COMPLIANCE_INVOICE)
    return compliance_evidence(period, payments, raw, contracts, decisions, given.parameters)


def _notice(given: Given, period: Period) -> pd.DataFrame:
    evidence, payments, raw, decisions = given.made_from(keys.OUT_COMPLIANCE)
    inputs = Inputs(evidence, payments, raw, decisions, given.settings.authority.payer)
    return compliance_notice(period, inputs, given.parameters)


COMPLIANCE_ASSETS = [
    figures_of_period(keys.OUT_COMPLIANCE_INVOICE, _invoices),
    figures_of_period(keys.OUT_COMPLIANCE, _notice),
]

"""Stage 3: the payments compliance notice and the invoices behind it.

Does not belong here: how invoices are judged and the notice filled (`kcc_etl.domain`), formats (`reports`).
"""

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_evidence import compliance_evidence
from kcc_etl.domain.compliance_notice import Inputs, compliance_notice
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.publication import PayingAuthority
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM


@dg.asset(
    **describe(keys.OUT_COMPLIANCE_INVOICE, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_COMPLIANCE_INVOICE],
    partitions_def=PERIODS,
)
def out_compliance_invoices(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Invoices of the half-year with their days to pay."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    table = keys.OUT_COMPLIANCE_INVOICE
    basis = made_on(table, store, parameters, as_of)
    payments, raw, contracts = (store.read(name) for name in MADE_FROM[table])
    period = period_of(context, dates)
    frame = compliance_evidence(period, payments, raw, contracts, parameters)
    return materialized(table, frame, store.replace(table, frame, period.id, basis))


@dg.asset(
    **describe(keys.OUT_COMPLIANCE, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_COMPLIANCE],
    partitions_def=PERIODS,
)
def out_compliance(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
    house: SettingsResource,
) -> Result:
    """The notice of the half-year, field by field."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_COMPLIANCE, store, parameters, as_of)
    evidence, payments, raw, decisions = (store.read(name) for name in MADE_FROM[keys.OUT_COMPLIANCE])
    authority, period = house.settings().authority, period_of(context, dates)
    payer = PayingAuthority(authority.name, authority.address, authority.email, authority.ids[0])
    given = Inputs(evidence, payments, raw, decisions_known(decisions, as_of), payer)
    frame = compliance_notice(period, given, parameters)
    return materialized(
        keys.OUT_COMPLIANCE, frame, store.replace(keys.OUT_COMPLIANCE, frame, period.id, basis)
    )


COMPLIANCE_ASSETS = [out_compliance_invoices, out_compliance]

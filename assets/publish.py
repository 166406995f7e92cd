"""Stage 4: the pack of a period, through the gate: a draft, and a final version where it is signed off.

Does not belong here: the gate's judgement (`kcc_etl.gate`), the files (`reports`).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg

from assets.materialize import OWNERS, Result
from assets.partitions import PERIODS, period_of
from assets.releases import RELEASED_FROM, released
from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import accepted_files
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.asked_from import asked_from
from kcc_etl.domain.checked import Status, checks_of, run_tags
from kcc_etl.domain.compliance_approval import waiting_notice
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.lateness import late_returns
from kcc_etl.domain.overrides import overridden
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.sign_off import sign_offs_of
from kcc_etl.domain.targets import contracts_undated
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.gate import ask, case_of, require_open
from kcc_etl.held import held_verdicts
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from kcc_etl.settings import AuthoritySettings
from kcc_etl.warehouse.store import Warehouse
from reports.datasets import FIGURES, ends_of_halves
from reports.edition import Edition
from reports.finals import Final, earlier_publication, finals_of, known_by
from reports.manifest import ParameterStamp
from reports.pack import Material, build_pack
from reports.placing import PackResult
from reports.quality_figures import quality
from reports.restated import counted_of
from reports.signing import ToSign, published
from reports.sources import Books, pack_inputs


class PackConfig(dg.Config):
    """What the pack is asked to be; a draft unless `kcc-etl publish` or a person says otherwise."""

    final: bool = False


_READ_AGAIN = tuple(dict.fromkeys((*FIGURES, *RELEASED_FROM, *keys.PACK_INPUTS, "verdict", "finding")))
"""The tables that a pack is made from, that its rules are judged on, and what was judged."""


@dg.asset(
    key=dg.AssetKey([keys.PUB_PACK]),
    deps=list(keys.PACK_INPUTS),
    partitions_def=PERIODS,
    group_name=keys.GROUPS["pub"],
    description=(
        "The publication pack of the period: built aside, read again, and switched in whole. The asset asks "
        "the gate itself, whichever way it is launched, and writes nothing while a blocking rule is red. It "
        "is a draft; with `final` in its config it is published too, where it is signed off."
    ),
    kinds={"csv", "excel", "word"},
    owners=OWNERS,
    tags={"layer": "pub", "publication": "yes", "contains_personal_data": "no"},
    # Last of all: every check of this run has been judged when the gate is asked. Where an executor ignores
    # priorities, the gate finds no verdict and refuses.
    op_tags={"dagster/priority": "-1"},
)
def pub_pack(
    context: dg.AssetExecutionContext,
    config: PackConfig,
    warehouse: WarehouseResource,
    house: SettingsResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """The pack of one period.

    A refusal fails the step, so that the run is red wherever it was launched: what was asked for, a
    publication, was not made, and nothing else that Dagster shows would say so.
    """
    period = period_of(context, dates).id
    told = _told(house, policy, dates)
    store = warehouse.open()
    with store.transaction():  # what the gate judged is what is published
        # Read again from the rows themselves: a version does not tell of a change made by hand.
        case = case_of(store, period, told.as_of, told.parameters)
        answer = ask(replace(case, altered=store.altered(_READ_AGAIN)))
        checks = checks_of(held_verdicts(store, told.as_of, told.parameters))
        if answer.reasons:
            context.instance.add_run_tags(context.run.run_id, run_tags(checks, "refused"))
        require_open(period, answer)
        make = pack_maker(period, store, told, answer.waivers)
        draft = make(told.drafts)
        context.instance.add_run_tags(context.run.run_id, run_tags(checks, "drafted", answer.waivers))
        pack = _final(period, store, told, draft, make) if config.final and told.is_live else draft
    status: Status = "drafted" if pack is draft else "published"
    context.instance.add_run_tags(context.run.run_id, run_tags(checks, status, answer.waivers))
    metadata: dict[str, Any] = {
        "folder": str(pack.folder),
        "status": status,
        "changed": not pack.unchanged,
        "figures": pack.figures,
        "told": pack.told,
        "files": ", ".join(pack.files),
        "checks": str(checks),
        "waivers": " ".join(map(str, answer.waivers)) or "none",
    }
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(pack.content_hash[:16]))


class Told(NamedTuple):
    """What the run was told, read once: what the gate is asked about is what is published."""

    parameters: Parameters
    as_of: date
    known_at: date
    authority: AuthoritySettings
    drafts: Path
    publications: Path
    is_live: bool

    def finals(self, period: str) -> tuple[Final, ...]:
        """The versions of a period that were published by the two dates."""
        return known_by(finals_of(self.publications, period), self.as_of, self.known_at)


def _told(house: SettingsResource, policy: PolicyResource, dates: RunDatesResource) -> Told:
    settings, as_of, known_at = house.settings(), dates.as_of(), dates.known_at()
    drafts, is_live = settings.drafts_folder, not dates.looks_back()
    if not is_live:  # it never touches what is live
        drafts = settings.rebuilt_folder(as_of, known_at) / "drafts"
    published = settings.publications_folder
    return Told(policy.parameters(), as_of, known_at, settings.authority, drafts, published, is_live)


def _final(
    period: str, store: Warehouse, told: Told, draft: PackResult, make: Callable[..., PackResult]
) -> PackResult:
    """The version that has the figures of the draft: the last one, or the next where they are signed off."""
    allowed = told.parameters.sign_off
    signed = sign_offs_of(store.read(keys.CORE_DECISION), period, told.as_of, allowed)
    notice = waiting_notice(store.read(keys.OUT_COMPLIANCE)) if ends_of_halves(parse_period(period)) else None
    to_sign = ToSign(period, draft, signed, allowed, notice)
    return published(told.publications, told.finals(period), to_sign, partial(make, told.publications))


def pack_maker(
    period: str, store: Warehouse, told: Told, waivers: tuple[WaiverUsed, ...]
) -> Callable[..., PackResult]:
    """What makes the pack from the warehouse as it stands, below a folder."""
    parameters, as_of = told.parameters, told.as_of
    receipts = store.read("receipt")
    cores = {kind: store.read(table.name) for kind, table in CORE_TABLE_OF_KIND.items()}
    is_approved = rests_on_approved(cores["register"], parameters, as_of)
    known = decisions_known(cores["decisions"], as_of)
    targets = store.read(keys.OUT_TARGET)
    since = asked_from(targets, cores["register"], known, parameters)
    terms = ReturnTerms(cores["register"], parameters, known, since)
    status = "policy" if is_approved else "assumption"
    set_aside, ledger = store.read("set_aside"), store.read("ledger")
    edition = Edition(period, as_of, told.known_at, told.authority, parameters.version, is_approved, waivers)
    material = Material(
        frames={name: store.read(name) for name in (*FIGURES, keys.OUT_PERFORMANCE)},
        quality=quality(
            receipts=receipts,
            set_aside=set_aside,
            cores=cores,
            findings=store.read("finding"),
            verdicts=held_verdicts(store, as_of, parameters),
            accepted=accepted_files(cores["decisions"], as_of, parameters.waivers),
        ),
        inputs=pack_inputs(receipts),
        parameters=ParameterStamp(parameters.version, status, is_approved),
        measures=parameters.measures,
        undated_contracts=len(contracts_undated(cores["register"], parameters)),
        overrides=overridden(targets, cores["decisions"]),
        lateness=late_returns(receipts, ledger, terms, parse_period(period).quarters[-1]),
        books=Books(receipts, set_aside, ledger),
        contracts=released(store, period, parameters.redaction, as_of),
        set_aside=earlier_publication(told.publications, period),
        counted=counted_of(known, set_aside, receipts),
    )
    signed = sign_offs_of(cores["decisions"], period, as_of, parameters.sign_off)
    return partial(build_pack, edition=edition, material=material, finals=told.finals(period), signed=signed)


PUB_ASSETS = [pub_pack]

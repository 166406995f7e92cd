"""Stage 4: drafts of the notices that are due, for the officer who files them. They are no publication.

Does not belong here: what is due and what a notice asks for (`kcc_etl.domain`), the files (`reports.drafts`).
"""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from assets.materialize import OWNERS, Result
from assets.partitions import PERIODS, period_of
from assets.releases import contract_books
from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.draft import due_of
from kcc_etl.domain.drafts.drafted import drafts_for
from kcc_etl.domain.drafts.known import Authority, known_contracts
from kcc_etl.domain.duties.tables import plain
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from reports.drafts import draft_files, put_drafts

FOLDER = Path("drafts", "notices")
_READ: Sequence[str] = (keys.OUT_DUTY, keys.OUT_RATING, keys.CORE_NOTICE_SUPPLIER, *MADE_FROM[keys.OUT_DUTY])


@dg.asset(
    key=dg.AssetKey([keys.PUB_DRAFTS]),
    deps=_READ,
    partitions_def=PERIODS,
    group_name=keys.GROUPS["pub"],
    description=(
        "A workbook of every notice that may and must be filed now, field by field in the order of its "
        "regulation, with who could fill what is missing; and each as an OCDS release. For officers alone."
    ),
    kinds={"excel", "json"},
    owners=OWNERS,
    tags={"layer": "pub", "publication": "no", "contains_personal_data": "yes"},
)
def pub_drafts(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    house: SettingsResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Drafts of notices, by what is due on the day and the ratings of the quarter."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    settings, period = house.settings(), period_of(context, dates)
    authority = Authority(
        **{name: getattr(settings.authority, name) for name in ("name", "address", "email", "ids")}
    )
    books = contract_books(store)
    ratings = store.read(keys.OUT_RATING, {"period": period.id})
    contracts = known_contracts(books, store.read(keys.CORE_NOTICE_SUPPLIER), ratings, as_of)
    duties = due_of(plain(store.read(keys.OUT_DUTY)))
    drafts = drafts_for(duties, contracts, authority, parameters.law, as_of)
    files = draft_files(drafts, contracts, settings.authority, parameters.law, as_of, duties)
    told = settings.told_folder(as_of, dates.known_at(), looks_back=dates.looks_back())
    changed = put_drafts(told / FOLDER, files)
    counts = {
        kind: sum(d.notice_type == kind for d in drafts) for kind in ("UK1", "UK7", "UK9", "UK10", "UK11")
    }
    return dg.MaterializeResult(metadata={"folder": str(told / FOLDER), "changed": changed, **counts})


DRAFT_ASSETS = [pub_drafts]

"""The duties of every contract and of the council: stage 3 the table, stage 4 files for officers.

Does not belong here: what the law asks (`kcc_etl.domain.duties`), what the files say (`reports.duties`).
"""

import dagster as dg

from assets.materialize import OWNERS, Result, describe, materialized
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.agenda import agenda_of
from kcc_etl.domain.duties.tables import Books
from kcc_etl.domain.duties.worked_out import duty_table
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from reports.duties import write_duties
from reports.published_packs import packs_published

DUTIES_FOLDER = "duties"


@dg.asset(**describe(keys.OUT_DUTY, {"pandas", "sqlite"}), deps=MADE_FROM[keys.OUT_DUTY])
def out_duties(
    warehouse: WarehouseResource, house: SettingsResource, policy: PolicyResource, dates: RunDatesResource
) -> Result:
    """Every duty as it stands on the day the run speaks about, and which final pack of ours did it."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_DUTY, store, parameters, as_of)
    packs = packs_published(house.settings().publications_folder, as_of, dates.known_at())
    books = Books(*(store.read(name) for name in MADE_FROM[keys.OUT_DUTY]))
    duties = duty_table(books, parameters.law, as_of, packs)
    counted = duties["duty_state"].value_counts().to_dict()
    told = {f"duties {state}": int(number) for state, number in counted.items()}
    version = store.replace(keys.OUT_DUTY, duties, basis=basis)
    return materialized(keys.OUT_DUTY, duties, version, told)


@dg.asset(
    key=dg.AssetKey([keys.PUB_DUTIES]),
    deps=[keys.OUT_DUTY, keys.CORE_CONTRACT, keys.CORE_NOTICED],
    group_name=keys.GROUPS["pub"],
    description="The duties as a workbook, as CSV and as a calendar, for the officers who deal with them.",
    kinds={"csv", "excel"},
    owners=OWNERS,
    tags={"layer": "pub", "publication": "no", "contains_personal_data": "no"},
)
def pub_duties(house: SettingsResource, warehouse: WarehouseResource, dates: RunDatesResource) -> Result:
    """Workbook, CSV and calendar of the duties, in a folder of their own beside the data."""
    store, settings, as_of = warehouse.open(), house.settings(), dates.as_of()
    told = settings.told_folder(as_of, dates.known_at(), looks_back=dates.looks_back())
    names = (keys.OUT_DUTY, keys.CORE_CONTRACT, keys.CORE_NOTICED)
    agenda = agenda_of(*(store.read(name) for name in names))
    paths = write_duties(told / DUTIES_FOLDER, agenda, settings.authority.name, as_of=as_of)
    return dg.MaterializeResult(
        metadata={
            "overdue": len(agenda.overdue),
            "open": len(agenda.open),
            "files": dg.MetadataValue.md("\n".join(f"- {path}" for path in paths)),
        }
    )


DUTY_ASSETS = [out_duties, pub_duties]

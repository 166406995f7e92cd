"""The composition root: the only module that sees everything.

Does not belong here: anything else. Loading it touches no network, no disk and no clock, and imports
neither Great Expectations nor openpyxl.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.assessments import ASSESSMENT_ASSETS
from assets.automation import JOBS, SCHEDULES
from assets.code_sets import CODE_SET_ASSETS
from assets.compliance import COMPLIANCE_ASSETS
from assets.core import CORE_ASSETS
from assets.disclosed import DISCLOSED_ASSETS
from assets.drafts import DRAFT_ASSETS
from assets.duties import DUTY_ASSETS
from assets.night_told import pub_night
from assets.out import OUT_ASSETS
from assets.publish import PUB_ASSETS
from assets.raw import RAW_ASSETS
from assets.redactions import REDACTION_ASSETS
from checks.asset_checks import build_checks
from kcc_etl.resources import house_resources


def build_defs(resources: Mapping[str, object] | None = None) -> dg.Definitions:
    """The whole pipeline; `resources` replace the default ones by name."""
    return dg.Definitions(
        assets=[
            *RAW_ASSETS,
            *CORE_ASSETS,
            *OUT_ASSETS,
            *ASSESSMENT_ASSETS,
            *CODE_SET_ASSETS,
            *COMPLIANCE_ASSETS,
            *DISCLOSED_ASSETS,
            *DUTY_ASSETS,
            *REDACTION_ASSETS,
            *DRAFT_ASSETS,
            *PUB_ASSETS,
            pub_night,
        ],
        asset_checks=build_checks(),
        jobs=JOBS,
        schedules=SCHEDULES,
        resources={**house_resources()._asdict(), **(resources or {})},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev -w workspace.yaml` loads."""
    return build_defs()

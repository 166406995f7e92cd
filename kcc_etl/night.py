"""One night by the command: execute the Dagster job, then say what it came to.

Does not belong here: that account and its files (`kcc_etl.account`), printing (`kcc_etl.console`), options
(`kcc_etl.cli`).
"""

from __future__ import annotations

from pathlib import Path

from kcc_etl.account import Night, night_of, tell
from kcc_etl.intake.landing.landing import require_mappings, require_sources
from kcc_etl.launched import at_work, chosen_period, launch
from kcc_etl.resources import house_resources
from kcc_etl.settings import Settings, load_settings


def run_night(config: Path, *, as_of: str = "", known_at: str = "", period: str = "") -> Night:
    """Execute the job `nightly` for one period, the latest complete quarter unless named.

    Raises SettingsError, ParameterError, UsageError (RunUnderWayError while another run is at work) or
    WarehouseError before anything is done when the run cannot start, and RunHistoryError at any time; what
    else goes wrong later is told in the Night.
    """
    settings = load_settings(config)
    resources = house_resources(str(config), as_of=as_of, known_at=known_at, in_turn=True)
    quarter = chosen_period(period, resources.dates.as_of())
    resources.policy.parameters()
    _require_inputs(settings)
    with at_work(settings) as dagster_instance:
        resources.warehouse.open()
        run = launch("nightly", resources, dagster_instance, quarter)
        night = night_of(run, quarter, resources)
        if not run.is_told:  # it broke off before its last step
            dagster_instance.add_run_tags(run.run_id, tell(night, resources))
        return night


def _require_inputs(settings: Settings) -> None:
    """Raise SettingsError for sources and saved mappings that are not there, before anything is done.

    A mapping that is there but cannot be used is a finding on its own source: the last good one stays.
    """
    sources = settings.landing_sources()
    require_sources(sources, settings.landing_folder)
    require_mappings(sources)

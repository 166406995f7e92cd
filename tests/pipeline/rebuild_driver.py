"""Makes the draft of a county from its warehouse as it stands, for `test_publishing`. Run as a script.

Does not belong here: what must be true of it. Arguments: SETTINGS AS_OF PERIOD FOLDER.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from assets.publish import Told, pack_maker
from kcc_etl.parameters.load import load_parameters
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import open_warehouse


def main(config: str, as_of: str, period: str, folder: str) -> None:
    settings, day = load_settings(Path(config)), date.fromisoformat(as_of)
    told = Told(
        load_parameters(settings.parameters_folder),
        day,
        day,
        settings.authority,
        Path(folder),
        settings.publications_folder,
        is_live=False,
    )
    store = open_warehouse(settings.warehouse_url)
    pack_maker(period, store, told, ())(told.drafts)
    store.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])

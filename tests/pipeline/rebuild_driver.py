"""Makes the pack of a county again for `test_publishing`, in a process of its own. Run as a script.

Does not belong here: what must be true of it. Arguments: SETTINGS AS_OF PERIOD FOLDER DAYS. The pack is made
from the warehouse as it stands, or by a whole night where SETTINGS are not there yet; the clock is DAYS ahead.
It prints where the code came from, and which day it is.
"""

from __future__ import annotations

import datetime as calendar
import sys
import time
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any

import docx  # noqa: F401 - loaded before the clock moves
import openpyxl  # noqa: F401 - loaded before the clock moves
import xlsxwriter  # noqa: F401 - loaded before the clock moves

import kcc_etl
from assets.publish import Told, pack_maker
from kcc_etl import cli
from kcc_etl.parameters.load import load_parameters
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import open_warehouse

_READERS = ("kcc_etl", "assets", "checks", "reports", "dagster", "docx", "openpyxl", "xlsxwriter")
"""Packages whose modules may ask the class of the standard library; any other asks the module `time`."""


class _AnyMoment(type):
    """Moments that were made before the clock moved are moments too."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


def move_clock(ahead: timedelta) -> None:
    """Let every module that reads the clock read another day."""
    now, now_ns, local, utc = time.time, time.time_ns, time.localtime, time.gmtime

    class Moved(datetime, metaclass=_AnyMoment):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + ahead

        @classmethod
        def utcnow(cls) -> Any:
            return datetime.utcnow() + ahead

        today = now

    time.time = lambda: now() + ahead.total_seconds()
    time.time_ns = lambda: now_ns() + int(ahead.total_seconds()) * 10**9
    time.localtime = lambda at=None: local(time.time() if at is None else at)
    time.gmtime = lambda at=None: utc(time.time() if at is None else at)
    moved_calendar = ModuleType("datetime")
    vars(moved_calendar).update(vars(calendar), datetime=Moved)
    in_place_of = {id(datetime): Moved, id(calendar): moved_calendar}
    for name, module in list(sys.modules.items()):
        held = id(getattr(module, "datetime", None))
        if name.partition(".")[0] in _READERS and held in in_place_of:
            vars(module)["datetime"] = in_place_of[held]


def rebuilt(config: Path, as_of: str, period: str, folder: Path) -> None:
    """The draft of a period from the warehouse of a county."""
    settings, day = load_settings(config), date.fromisoformat(as_of)
    told = Told(
        load_parameters(settings.parameters_folder),
        day,
        day,
        settings.authority,
        folder,
        settings.publications_folder,
        is_live=False,
    )
    store = open_warehouse(settings.warehouse_url)
    pack_maker(period, store, told, ())(told.drafts)
    store.engine.dispose()


def night(config: Path) -> None:
    """A county that was not there, with its first night."""
    for command in (["init", str(config.parent)], ["run", "--config", str(config)]):
        sys.argv = ["kcc-etl", *command, "--quiet"]
        try:
            cli.main()
        except SystemExit as end:
            if end.code not in (None, 0, 1):
                raise


def main(config: str, as_of: str, period: str, folder: str, days: str) -> None:
    move_clock(timedelta(days=int(days)))
    print(kcc_etl.__file__, date.today())
    if Path(config).exists():
        rebuilt(Path(config), as_of, period, Path(folder))
    else:
        night(Path(config))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The files on data quality that a night leaves for its officers, in a folder of their own.

Does not belong here: what they say (`quality_report`, `catalogue`, `findings`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kcc_etl.intake.landing.atomic import write_atomically
from reports.catalogue import catalogue_dataset, catalogue_page
from reports.findings import findings_xlsx
from reports.page import render_html
from reports.quality_figures import Quality
from reports.quality_history import FOLDER, recall, remember, remembered
from reports.quality_lists import CATALOGUE_FILE
from reports.quality_report import NightFacts, quality_report
from reports.workbook import render_xlsx

REPORT_FILE = "report.html"


def write_quality(folder: Path, quality: Quality, night: NightFacts, *, record: Path) -> Path:
    """Write report, findings workbook and catalogue into `folder`; returns the report.

    `record` is the folder of the live data, whose record of nights is shown up to the dates of this one; a
    night that writes elsewhere, because it looks back, leaves no entry there; nor does one that failed, for
    what it did not reach is as an earlier one left it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    nights = record / FOLDER
    gate_open = not night.refused and not night.failures
    this = remembered(
        quality, period=night.period, as_of=night.as_of, known_at=night.known_at, gate_open=gate_open
    )
    if folder == record and not night.failures:
        nights.mkdir(exist_ok=True)
        remember(nights, this)
    known, unread = recall(nights, night.known_at, night.as_of)
    page = quality_report(quality, replace(night, nights=known, unread=unread))
    _write(folder / REPORT_FILE, render_html(page))
    _write(folder / "findings.xlsx", findings_xlsx(quality.findings, night.author, as_of=night.as_of))
    _write_catalogue(folder, night)
    return folder / REPORT_FILE


def _write_catalogue(folder: Path, night: NightFacts) -> None:
    """The page tells whether the rules have changed; the workbook is dated, so it would always seem to."""
    page = render_html(catalogue_page(night.author))
    if _write(folder / CATALOGUE_FILE, page) or not (folder / "rules.xlsx").exists():
        _write(folder / "rules.xlsx", render_xlsx(catalogue_dataset(night.author), as_of=night.as_of))


def _write(path: Path, content: bytes) -> bool:
    """Write the file unless it holds these bytes already; whether it was written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    write_atomically(path, content)
    return True

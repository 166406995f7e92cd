"""The publication pack of a period: every file made, verified by re-reading, switched in whole.

Does not belong here: what a dataset or paper holds (`transparency`, `committee`), whether the checks allow
publication (`kcc_etl.gate`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.lateness import NONE_LATE, Lateness
from kcc_etl.domain.overrides import Overridden
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.parameters.measures import Measure
from reports import switch
from reports.committee import committee_report
from reports.datasets import dataset_totals, pack_datasets
from reports.delimited import render_csv
from reports.documents import Authority
from reports.edition import Edition
from reports.manifest import FILE_NAME, PackInput, ParameterStamp, manifest_bytes, sha256_of
from reports.page import render_html
from reports.paper import render_docx
from reports.quality_figures import Quality
from reports.quality_statement import quality_statement
from reports.verify import verify_folder
from reports.workbook import render_xlsx

REPORT_FILE = "committee-report.docx"
QUALITY_FILE = "data-quality.html"


@dataclass(frozen=True)
class PackResult:
    """What became of a pack: where it stands, its content hash, its files, whether it was there already."""

    folder: Path
    content_hash: str
    files: tuple[str, ...]
    unchanged: bool


def build_pack(
    publications: Path,
    *,
    period: str,
    as_of: date,
    known_at: date,
    authority: Authority,
    frames: Mapping[str, pd.DataFrame],
    quality: Quality,
    inputs: Sequence[PackInput],
    parameters: ParameterStamp,
    measures: Sequence[Measure],
    waivers: tuple[WaiverUsed, ...] = (),
    undated_contracts: int = 0,
    overrides: Sequence[Overridden] = (),
    lateness: Lateness = NONE_LATE,
) -> PackResult:
    """Make, verify and switch in the pack of a period.

    `frames` holds the four tables of figures by name; `quality` what the tables say of their own;
    `waivers` are those that opened the gate; `undated_contracts` have no target because nothing says when
    they began (rule TG-008).
    Raises PublicationRefusedError when the files, read again, are not what the figures say; nothing is
    switched then.
    """
    edition = Edition(period, as_of, known_at, authority, parameters.version, parameters.is_approved, waivers)
    files = render_pack(
        edition,
        frames=frames,
        quality=quality,
        inputs=inputs,
        parameters=parameters,
        measures=measures,
        undated_contracts=undated_contracts,
        overrides=overrides,
        lateness=lateness,
    )
    return publish_files(publications, period, files)


def render_pack(
    edition: Edition,
    *,
    frames: Mapping[str, pd.DataFrame],
    quality: Quality,
    inputs: Sequence[PackInput],
    parameters: ParameterStamp,
    measures: Sequence[Measure],
    undated_contracts: int = 0,
    overrides: Sequence[Overridden] = (),
    lateness: Lateness = NONE_LATE,
) -> dict[str, bytes]:
    """Every file of the pack by name, manifest included; the same arguments give the same bytes."""
    datasets = pack_datasets(frames, edition)
    files = {f"{dataset.name}.csv": render_csv(dataset) for dataset in datasets}
    for dataset in datasets:
        if "xlsx" in dataset.formats:
            files[f"{dataset.name}.xlsx"] = render_xlsx(dataset, as_of=edition.as_of)
    figures, findings_count = frames[keys.OUT_PERFORMANCE], len(quality.findings)
    paper = committee_report(
        figures,
        quality.fates,
        findings_count,
        measures,
        edition,
        undated_contracts=undated_contracts,
        overrides=overrides,
        lateness=lateness,
    )
    files[REPORT_FILE] = render_docx(paper, as_of=edition.as_of)
    files[QUALITY_FILE] = render_html(quality_statement(quality, edition))
    manifest = manifest_bytes(
        edition,
        files=files,
        totals=dataset_totals(datasets, frames),
        inputs=inputs,
        parameters=parameters,
        findings_count=findings_count,
        program_version=_program_version(),
    )
    return {**files, FILE_NAME: manifest}


def publish_files(publications: Path, period: str, files: Mapping[str, bytes]) -> PackResult:
    """Write the files aside, verify them by re-reading, and switch them in whole.

    Files that already stand there are left alone. Raises PublicationRefusedError when verification fails or
    the old publication cannot be replaced; the old one then stays.
    """
    target = publications / period
    content_hash = sha256_of(files[FILE_NAME])
    with switch.locked(publications):
        switch.recover(publications, period)
        unchanged = switch.holds(target, files)
        if not unchanged:
            built = switch.finished_build(publications, period, files) or _build(publications, period, files)
            _switch(publications, period, built)
        switch.prune(publications, period)
    return PackResult(target, content_hash, tuple(sorted(files)), unchanged)


def _build(publications: Path, period: str, files: Mapping[str, bytes]) -> Path:
    part = switch.write_part(publications, period, files)
    faults = verify_folder(part)
    if faults:
        switch.recover(publications, period)
        raise PublicationRefusedError(period, faults)
    return switch.finish_part(part)


def _switch(publications: Path, period: str, built: Path) -> None:
    try:
        switch.switch_in(publications, period, built)
    except OSError as error:
        place = publications / period
        reason = f"the folder {place} could not be replaced ({error.strerror}); close its open files"
        raise PublicationRefusedError(period, [reason]) from error


def _program_version() -> str:
    try:
        return version("kcc-etl")
    except PackageNotFoundError:  # run from a checkout with nothing installed
        return "0"

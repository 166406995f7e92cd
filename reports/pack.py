"""The pack of a period, a draft or a final version: every file made, read again, switched in whole.

Does not belong here: what a dataset or paper holds (`transparency`, `committee`), whether the checks allow
publication (`kcc_etl.gate`) and somebody signed it off (`kcc_etl.domain.sign_off`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.released import NO_RELEASES, Releases
from kcc_etl.domain.lateness import NONE_LATE, Lateness
from kcc_etl.domain.overrides import Overridden
from kcc_etl.domain.sign_off import SignedOff
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.parameters.measures import Measure
from reports.changes import FILE as CHANGES_FILE
from reports.changes import TABLE as CHANGES
from reports.changes import Changes, changes_csv, changes_since
from reports.committee import committee_report
from reports.csvw import metadata_name, render_csvw
from reports.datasets import PUBLISHED, dataset_totals, layouts, pack_datasets
from reports.delimited import render_csv
from reports.documents import Authority, Dataset
from reports.edition import Edition, Replaced, Standing
from reports.finals import Final
from reports.formats import dataset_files, front_files
from reports.manifest import (
    FILE_NAME,
    PackInput,
    ParameterStamp,
    figures_digest,
    manifest_bytes,
)
from reports.ocds import ocds_files
from reports.page import render_html
from reports.paper import render_docx
from reports.placing import PackResult, write_draft, write_version
from reports.quality_figures import Quality
from reports.quality_statement import quality_statement
from reports.sources import NO_BOOKS, Books, sources_dataset, why_restated

REPORT_FILE = "committee-report.docx"
QUALITY_FILE = "data-quality.html"


def build_pack(
    folder: Path,
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
    books: Books = NO_BOOKS,
    finals: Sequence[Final] = (),
    sign_off: SignedOff | None = None,
    signed: Sequence[SignedOff] = (),
    contracts: Releases = NO_RELEASES,
    set_aside: str = "",
) -> PackResult:
    """Make, verify and switch in the pack of a period, below the folder of drafts or of publications.

    With a `sign_off` it is the next final version, else a draft of it; `finals` are the versions before, and
    drafts that are `signed` are kept to tell what changed since. `set_aside` is where a publication before
    the first version is kept.
    `frames` holds the four tables of figures by name; `quality` what the tables say of their own;
    `waivers` are those that opened the gate; `undated_contracts` have no target because nothing says when
    they began (rule TG-008).
    Raises PublicationRefusedError when the files, read again, are not what the figures say; nothing is
    switched then.
    """
    edition = Edition(
        period,
        as_of,
        known_at,
        authority,
        parameters.version,
        parameters.is_approved,
        waivers,
        _standing(finals, sign_off),
    )
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
        books=books,
        former=finals[-1] if finals else None,
        contracts=contracts,
        set_aside=set_aside,
    )
    if sign_off is not None:
        return write_version(folder, period, edition.standing.version, files)
    return write_draft(folder, period, files, keep=signed)


def _standing(finals: Sequence[Final], sign_off: SignedOff | None) -> Standing:
    if not finals:
        return Standing(1, None, sign_off)
    last = finals[-1]
    return Standing(last.number + 1, Replaced(last.number, last.manifest_sha256), sign_off)


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
    books: Books = NO_BOOKS,
    former: Final | None = None,
    contracts: Releases = NO_RELEASES,
    set_aside: str = "",
) -> dict[str, bytes]:
    """Every file of the pack by name, manifest included; the same arguments give the same bytes.

    `former` is the version published before, which `changes.csv` compares with; `books` tell of the files.
    """
    datasets = pack_datasets(frames, edition)
    files = dataset_files(datasets, edition)
    csvs = {dataset.name: files[f"{dataset.name}.csv"] for dataset in datasets}
    figures_hash = figures_digest(edition.period, csvs)
    changes = _changes(datasets, csvs, former, inputs, parameters) if former else Changes(None, (), set_aside)
    edition = replace(edition, standing=replace(edition.standing, told=str(changes)))
    files[CHANGES_FILE] = changes_csv(changes)
    changed = Dataset(CHANGES.name, CHANGES, about=f"{CHANGES.title}, cell by cell.")
    files[metadata_name(CHANGES_FILE)] = render_csvw(changed, edition)
    tables = {one.name: one.table for one in PUBLISHED if one.name in csvs}
    sources = sources_dataset(tables, books, parameters)
    files[f"{sources.name}.csv"] = render_csv(sources)
    files[metadata_name(f"{sources.name}.csv")] = render_csvw(sources, edition)
    figures, findings_count = frames[keys.OUT_PERFORMANCE], len(quality.findings)
    paper = committee_report(
        figures,
        frames[keys.OUT_DISCLOSED],
        quality.fates,
        findings_count,
        measures,
        edition,
        undated_contracts=undated_contracts,
        overrides=overrides,
        lateness=lateness,
        shares=frames[keys.OUT_SHARE],
    )
    files[REPORT_FILE] = render_docx(paper, as_of=edition.as_of)
    files[QUALITY_FILE] = render_html(quality_statement(quality, edition))
    files |= ocds_files(edition, contracts)
    files |= front_files(datasets, edition, files)
    manifest = manifest_bytes(
        edition,
        files=files,
        figures=figures_hash,
        changes=changes,
        totals=dataset_totals(datasets, frames),
        inputs=inputs,
        parameters=parameters,
        findings_count=findings_count,
        program_version=_program_version(),
        contracts=contracts,
    )
    return {**files, FILE_NAME: manifest}


def _changes(
    datasets: Sequence[Dataset],
    csvs: Mapping[str, bytes],
    former: Final,
    inputs: Sequence[PackInput],
    parameters: ParameterStamp,
) -> Changes:
    """What differs from the version before, each dataset with what may be the reason."""
    tables = {one.name: one.table for one in PUBLISHED}
    return changes_since(
        former.number,
        former.datasets(),
        csvs,
        layouts(datasets),
        lambda name: why_restated(
            former.manifest, inputs, parameters, _program_version(), tables.get(name, "")
        ),
    )


def _program_version() -> str:
    try:
        return version("kcc-etl")
    except PackageNotFoundError:  # run from a checkout with nothing installed
        return "0"

"""The pack of a period, a draft or a final version: every file made, read again, switched in whole.

Does not belong here: what a dataset or paper holds (`transparency`, `committee`), whether the checks allow
publication (`kcc_etl.gate`) and somebody signed it off (`kcc_etl.domain.sign_off`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.released import NO_RELEASES, Releases
from kcc_etl.domain.lateness import NONE_LATE, Lateness
from kcc_etl.domain.overrides import Overridden
from kcc_etl.domain.sign_off import SignedOff
from kcc_etl.parameters.measures import Measure
from reports.changes import FILE as CHANGES_FILE
from reports.changes import TABLE as CHANGES
from reports.changes import Changes, changes_csv, changes_since
from reports.committee import committee_report
from reports.csvw import metadata_name, render_csvw
from reports.datasets import PUBLISHED, dataset_totals, layouts, pack_datasets
from reports.delimited import render_csv
from reports.documents import Dataset
from reports.edition import Edition, Replaced, Standing
from reports.finals import Final
from reports.formats import dataset_files, front_files
from reports.manifest import (
    FILE_NAME,
    Counted,
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
from reports.restated import why_restated
from reports.sources import NO_BOOKS, Books, sources_dataset, with_sources

REPORT_FILE = "committee-report.docx"
QUALITY_FILE = "data-quality.html"


@dataclass(frozen=True)
class Material:
    """What the files of a pack are made from.

    `frames` holds the tables of figures by name, `quality` what the tables say of their own, `books` tell of
    the files taken in, `counted` of what counted of them. `undated_contracts` have no target because nothing
    says when they began (rule TG-008). `set_aside` is where a publication before the first version is kept.
    """

    frames: Mapping[str, pd.DataFrame]
    quality: Quality
    inputs: Sequence[PackInput]
    parameters: ParameterStamp
    measures: Sequence[Measure]
    undated_contracts: int = 0
    overrides: Sequence[Overridden] = ()
    lateness: Lateness = NONE_LATE
    books: Books = NO_BOOKS
    contracts: Releases = NO_RELEASES
    set_aside: str = ""
    counted: Counted | None = None


def build_pack(
    folder: Path,
    edition: Edition,
    material: Material,
    *,
    finals: Sequence[Final] = (),
    sign_off: SignedOff | None = None,
    signed: Sequence[SignedOff] = (),
) -> PackResult:
    """Make, verify and switch in the pack of a period, below the folder of drafts or of publications.

    With a `sign_off` it is the next final version, else a draft of it; `finals` are the versions before, and
    drafts that are `signed` are kept to tell what changed since.
    Raises PublicationRefusedError when the files, read again, are not what the figures say; nothing is
    switched then.
    """
    edition = replace(edition, standing=_standing(finals, sign_off))
    files = render_pack(edition, material, finals[-1] if finals else None)
    if sign_off is not None:
        return write_version(folder, edition.period, edition.standing.version, files)
    return write_draft(folder, edition.period, files, keep=signed)


def _standing(finals: Sequence[Final], sign_off: SignedOff | None) -> Standing:
    if not finals:
        return Standing(1, None, sign_off)
    last = finals[-1]
    return Standing(last.number + 1, Replaced(last.number, last.manifest_sha256), sign_off)


def render_pack(edition: Edition, material: Material, former: Final | None = None) -> dict[str, bytes]:
    """Every file of the pack by name, manifest included; the same arguments give the same bytes.

    `former` is the version published before, which `changes.csv` compares with.
    """
    datasets = pack_datasets(material.frames, edition)
    sources = _sources(datasets, material)
    datasets = tuple(with_sources(dataset, sources) for dataset in datasets)
    files = dataset_files(datasets, edition)
    csvs = {dataset.name: files[f"{dataset.name}.csv"] for dataset in datasets}
    changes = _changes(datasets, csvs, former, material)
    edition = replace(edition, standing=replace(edition.standing, told=str(changes)))
    files |= _lists(changes, sources, edition)
    files |= _papers(edition, material)
    files |= ocds_files(edition, material.contracts)
    files |= front_files(datasets, edition, files)
    manifest = manifest_bytes(
        edition,
        files=files,
        figures=figures_digest(edition.period, csvs),
        changes=changes,
        totals=dataset_totals(datasets, material.frames),
        inputs=material.inputs,
        parameters=material.parameters,
        findings_count=len(material.quality.findings),
        program_version=_program_version(),
        contracts=material.contracts,
        counted=material.counted,
    )
    return {**files, FILE_NAME: manifest}


def _sources(datasets: Sequence[Dataset], material: Material) -> Dataset:
    """What each dataset was made from, file by file."""
    tables = {one.name: one.table for one in PUBLISHED}
    made = {dataset.name: tables[dataset.name] for dataset in datasets}
    return sources_dataset(made, material.books, material.parameters)


def _lists(changes: Changes, sources: Dataset, edition: Edition) -> dict[str, bytes]:
    """What changed since the version before, and what each dataset was made from."""
    changed = Dataset(CHANGES.name, CHANGES, about=f"{CHANGES.title}, cell by cell.")
    return {
        CHANGES_FILE: changes_csv(changes),
        metadata_name(CHANGES_FILE): render_csvw(changed, edition),
        f"{sources.name}.csv": render_csv(sources),
        metadata_name(f"{sources.name}.csv"): render_csvw(sources, edition),
    }


def _papers(edition: Edition, material: Material) -> dict[str, bytes]:
    """The committee report, and the statement of data quality."""
    frames, quality = material.frames, material.quality
    report = committee_report(
        frames[keys.OUT_PERFORMANCE],
        frames[keys.OUT_DISCLOSED],
        quality.fates,
        len(quality.findings),
        material.measures,
        edition,
        undated_contracts=material.undated_contracts,
        overrides=material.overrides,
        lateness=material.lateness,
        shares=frames[keys.OUT_SHARE],
    )
    return {
        REPORT_FILE: render_docx(report, as_of=edition.as_of),
        QUALITY_FILE: render_html(quality_statement(quality, edition)),
    }


def _changes(
    datasets: Sequence[Dataset], csvs: Mapping[str, bytes], former: Final | None, material: Material
) -> Changes:
    """What differs from the version before, each dataset with what may be the reason."""
    if former is None:
        return Changes(None, (), material.set_aside)
    tables = {one.name: one.table for one in PUBLISHED}
    return changes_since(
        former.number,
        former.datasets(),
        csvs,
        layouts(datasets),
        lambda name: why_restated(
            former.manifest,
            material.inputs,
            material.parameters,
            _program_version(),
            tables.get(name, ""),
            material.counted,
        ),
    )


def _program_version() -> str:
    try:
        return version("kcc-etl")
    except PackageNotFoundError:  # run from a checkout with nothing installed
        return "0"

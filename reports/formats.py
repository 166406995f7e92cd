"""The files of a pack's datasets in every format, and the page and the catalogue that list them.

Does not belong here: what a format is like (`delimited`, `csvw`, `workbook`, `ods`), other files (`pack`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.csvw import metadata_name, render_csvw
from reports.delimited import render_csv
from reports.documents import Dataset
from reports.edition import Edition
from reports.harvest import HARVEST_FILE, render_harvest
from reports.landing_page import PAGE_FILE, landing_page
from reports.ods import render_ods
from reports.page import render_html
from reports.workbook import render_xlsx


def dataset_files(datasets: Sequence[Dataset], edition: Edition) -> dict[str, bytes]:
    """Each dataset as CSV with its metadata and in its other formats, by name."""
    files: dict[str, bytes] = {}
    for dataset in datasets:
        name = f"{dataset.name}.csv"
        files[name] = render_csv(dataset)
        files[metadata_name(name)] = render_csvw(dataset, edition)
        if dataset.formats != ("csv",):
            files[f"{dataset.name}.xlsx"] = render_xlsx(dataset, as_of=edition.as_of)
            files[f"{dataset.name}.ods"] = render_ods(dataset, as_of=edition.as_of)
    return files


def front_files(
    datasets: Sequence[Dataset], edition: Edition, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The catalogue and the page of a pack that holds these files; made last but for the manifest."""
    catalogue = {HARVEST_FILE: render_harvest(datasets, edition, files)}
    return {**catalogue, PAGE_FILE: render_html(landing_page(datasets, edition, {**files, **catalogue}))}

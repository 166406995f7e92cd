"""`data.json`: the pack as a catalogue that data.gov.uk and other portals harvest.

Does not belong here: the page for people (`landing_page`), the CSV metadata that it points to (`csvw`).

Form: Project Open Data Metadata Schema v1.1 (a profile of W3C DCAT), as data.gov.uk harvests it; its guidance
asks for a title of at most 65 characters without the publisher's name and a first sentence of at most 140.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcc_etl.domain.periods import PeriodKind, parse_period
from reports.csvw import metadata_name, temporal
from reports.datasets import PUBLISHED, ends_of_halves
from reports.documents import LICENCE_URI, Authority, Dataset
from reports.edition import Edition
from reports.landing_page import PAGE_FILE
from reports.ocds import OCDS_FILE
from reports.sheets import LANGUAGE

HARVEST_FILE = "data.json"
LONGEST_TITLE = 65
LONGEST_SENTENCE = 140
_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
_MEDIA = {
    "csv": ("text/csv", "CSV"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    "json": ("application/json", "JSON"),
}
_REPEATED: dict[PeriodKind, str] = {"quarter": "R/P3M", "half": "R/P6M", "year": "R/P1Y"}
_OF_HALVES = {one.name for one in PUBLISHED if one.applies is ends_of_halves}
RELATIVE = (
    "Links are relative to this file, because the setting authority.publication_url does not say under which "
    "address the publications stand."
)


def render_harvest(datasets: Sequence[Dataset], edition: Edition, files: Collection[str]) -> bytes:
    """The catalogue as the bytes of a JSON file: one entry a dataset, one distribution a file of it.

    A draft is listed as not public, so that a portal which meets it leaves it out.
    """
    content: dict[str, Any] = {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
    }
    if not edition.authority.publication_url:
        content["note"] = RELATIVE
    listed = [_of_dataset(dataset) for dataset in datasets] + ([_RELEASES] if OCDS_FILE in files else [])
    content["dataset"] = [_entry(one, edition, files) for one in listed]
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def address_of(name: str, edition: Edition) -> str:
    """Where a file of the pack stands: below the setting's address, or relative to the catalogue."""
    base = edition.authority.publication_url.rstrip("/")
    return f"{base}/{edition.period}/{name}" if base else name


def short_title(title: str, publisher: str) -> str:
    """A title as portals want it: without the publisher's name and the days, at most 65 characters."""
    plain = re.sub(r" \([^()]*\)$", "", title.replace(publisher, "")).strip(" ,:")
    return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1].rstrip() + "…"


@dataclass(frozen=True)
class _Listed:
    """What the catalogue lists: the stem of its files, its title, sentences about it, its files."""

    stem: str
    title: str
    about: tuple[str, ...]
    files: tuple[str, ...]
    days: tuple[date, date] | None = None


_RELEASES = _Listed(
    OCDS_FILE.rpartition(".")[0],
    "Contracts and their notices as open contracting data (OCDS)",
    ("One release for each contract that has an open contracting identifier (OCID), by OCDS 1.1.5.",),
    (OCDS_FILE,),
)


def _of_dataset(dataset: Dataset) -> _Listed:
    left_out = (f"What is left out: {' '.join(dataset.excluded)}",) if dataset.excluded else ()
    about = (dataset.about, *left_out) if dataset.about else left_out
    named = tuple(f"{dataset.name}.{ending}" for ending in dataset.formats)
    return _Listed(dataset.name, dataset.table.title, about, named, dataset.days)


def _entry(listed: _Listed, edition: Edition, files: Collection[str]) -> dict[str, Any]:
    authority = edition.authority
    title = short_title(listed.title, authority.name)
    named = [name for name in listed.files if name in files]
    return {
        "@type": "dcat:Dataset",
        "identifier": _identifier(listed.stem, edition),
        "title": title,
        "description": " ".join((*(listed.about or (f"{title}.",)), edition.basis)),
        "keyword": ["procurement", "transparency", listed.stem.replace("-", " ")],
        "modified": edition.as_of.isoformat(),
        "version": str(edition.standing.version),
        "publisher": {"@type": "org:Organization", "name": authority.name},
        "contactPoint": _contact(authority),
        "accessLevel": "public" if edition.standing.status == "final" else "non-public",
        "license": LICENCE_URI,
        "spatial": authority.organisation_uri or authority.name,
        "temporal": temporal(listed.days, edition),
        "accrualPeriodicity": _repeated(listed, edition),
        "language": [LANGUAGE],
        "landingPage": address_of(PAGE_FILE, edition),
        "distribution": [_distribution(name, title, edition, files) for name in named],
    }


def _identifier(stem: str, edition: Edition) -> str:
    page = address_of(PAGE_FILE, edition)
    return f"{page}#{stem}" if edition.authority.publication_url else f"{edition.period}/{stem}"


def _repeated(listed: _Listed, edition: Edition) -> str:
    """How often the like of it is published: what tells of a half-year stands in the packs that end one."""
    return _REPEATED["half" if listed.stem in _OF_HALVES else parse_period(edition.period).kind]


def _contact(authority: Authority) -> dict[str, str]:
    return {
        "@type": "vcard:Contact",
        "fn": authority.name,
        "hasEmail": f"mailto:{authority.email}",
        "hasAddress": authority.address,
    }


def _distribution(name: str, title: str, edition: Edition, files: Collection[str]) -> dict[str, str]:
    media, form = _MEDIA[name.rpartition(".")[2]]
    entry = {
        "@type": "dcat:Distribution",
        "title": f"{title}, {form}",
        "downloadURL": address_of(name, edition),
        "mediaType": media,
        "format": form,
    }
    if metadata_name(name) in files:
        entry["describedBy"] = address_of(metadata_name(name), edition)
        entry["describedByType"] = "application/csvm+json"
    return entry

"""`index.html`: the page of a pack, for whoever opens the folder.

Does not belong here: how a page becomes HTML (`page`), the catalogue for portals (`harvest`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reports.changes import FILE as CHANGES_FILE
from reports.changes import Changes, read_changes
from reports.documents import LICENCE_URI, BulletList, Dataset, Facts, Heading, Paragraph, day_text
from reports.edition import ASSUMED, LICENCE, Edition
from reports.page import Block, Cell, Grid, Links, Page, is_link
from reports.sheets import KINDS

PAGE_FILE = "index.html"
_MANIFEST_FILE = "manifest.json"
_FORMATS = {
    "csv": "One heading row and plain text, for programs.",
    "xlsx": "The same cells with notes and sources, for Excel.",
    "ods": "The same cells with notes and sources, for LibreOffice and others.",
    "csv-metadata.json": "What each column of the CSV file holds, as CSV on the Web.",
}
_OTHERS = {
    CHANGES_FILE: "What differs from what was published before, row by row.",
    "sources.csv": "Which files the figures were made from.",
    **{f"{stem}.csv-metadata.json": _FORMATS["csv-metadata.json"] for stem in ("changes", "sources")},
    "committee-report.docx": "The report to the committee: headline figures, exceptions, method.",
    "data-quality.html": "How good the data behind the figures is.",
    "data.json": "The publication as a catalogue, for data portals.",
    "ocds-releases.json": "Contracts and assessments as open contracting data (OCDS).",
    _MANIFEST_FILE: "Every file with its SHA-256, every input, what the figures add up to.",
}
_NOTE = re.compile(r" ?\[note \d+\]")


def landing_page(datasets: Sequence[Dataset], edition: Edition, files: Mapping[str, bytes]) -> Page:
    """The page: what the pack is, its files, changes, what is left out, columns, how to cite, whom to ask.

    `files` are those made before the page; the manifest, which is made after, is listed without its size.
    """
    banner = [] if edition.parameters_approved else [Paragraph(ASSUMED, notice="Please note:")]
    blocks: list[Block] = [
        Paragraph(str(edition.standing), notice="Status:"),
        *banner,
        Facts(
            (
                ("Publisher", edition.authority.name),
                ("Period", edition.period_text),
                ("Version", f"{edition.standing.version}, {edition.standing.status}"),
                ("Licence", LICENCE),
                ("Basis", edition.basis),
            )
        ),
        Heading("Files"),
        *_files(datasets, files),
        Heading("Changes"),
        *_changes(files.get(CHANGES_FILE), edition.standing.told),
        Heading("What is left out"),
        *_left_out(datasets),
        Heading("Waivers"),
        *_waivers(edition),
        Heading("What each column holds"),
        *_columns(datasets),
        Heading("How to cite"),
        Paragraph(_citation(edition)),
        Heading("Licence and contact"),
        *_contact(edition),
    ]
    return Page(f"Contracts and spending: {edition.period_name}", edition.authority.name, blocks)


def _files(datasets: Sequence[Dataset], files: Mapping[str, bytes]) -> list[Block]:
    blocks: list[Block] = []
    listed = set()
    for dataset in datasets:
        mine = [f"{dataset.name}.{ending}" for ending in _FORMATS]
        rows = tuple(
            (
                Cell(name, name),
                _FORMATS[name.partition(".")[2]],
                size_text(len(files[name])),
            )
            for name in mine
            if name in files
        )
        listed |= set(mine)
        title = _short(dataset)
        blocks += [Heading(title, 2), *([Paragraph(dataset.about)] if dataset.about else [])]
        alone = " As CSV alone: it is too large for a workbook." if dataset.formats == ("csv",) else ""
        blocks += [Paragraph(_count(len(dataset.table.rows)) + alone)]
        blocks += [Grid(f"Files: {title}", _FILE_HEADINGS, rows, numeric=(2,))] if rows else []
    sizes = {name: size_text(len(content)) for name, content in files.items() if name not in listed}
    others = {**sizes, _MANIFEST_FILE: "not counted"}
    rows = tuple(
        (Cell(name, name if is_link(name) else ""), _OTHERS.get(name, "Part of this publication."), size)
        for name, size in sorted(others.items())
    )
    return [*blocks, Heading("About the figures", 2), Grid("Other files", _FILE_HEADINGS, rows, numeric=(2,))]


_FILE_HEADINGS = ("File", "What it is", "Size")


def _short(dataset: Dataset) -> str:
    """The title without the days of the period, which the head of the page gives."""
    return dataset.table.title.partition(" (")[0]


def _count(rows: int) -> str:
    return "No rows in this period." if not rows else f"{rows:,} row{'' if rows == 1 else 's'}."


def size_text(count: int) -> str:
    """The size of a file for a reader: bytes below a thousand, else whole kB rounded up, or MB."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{-(-count // 1_000):,} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _changes(content: bytes | None, told: str) -> list[Block]:
    found = read_changes(content) if content else Changes(0)
    if not found.changes:
        return [Paragraph(told or "Nothing differs from what was published before, or nothing was.")]
    table = tuple(
        (name, found.counted_of(name), "; ".join(found.reasons_of(name))) for name in found.datasets
    )
    return [
        Paragraph("This is what differs from the version that was published before."),
        Grid("Changes by dataset", ("Dataset", "What differs", "What may be the reason"), table),
        Links(((Cell(CHANGES_FILE, CHANGES_FILE), "each change with what stood there before"),)),
    ]


_HELD_BACK = (
    "Rows that broke a rule are held back until they are put right, from every file below. "
    "data-quality.html counts them."
)


def _left_out(datasets: Sequence[Dataset]) -> list[Block]:
    blocks: list[Block] = [Paragraph(_HELD_BACK)]
    for dataset in datasets:
        said = dataset.excluded or (dataset.workbook.notes if dataset.workbook else ())
        if said:
            items = tuple(_NOTE.sub("", sentence) for sentence in said)
            blocks += [Heading(_short(dataset), 2), BulletList(items)]
    return blocks


def _waivers(edition: Edition) -> list[Block]:
    if not edition.waivers:
        return [Paragraph("No rule was waived for this publication.")]
    return [BulletList(tuple(map(str, edition.waivers)))]


def _columns(datasets: Sequence[Dataset]) -> list[Block]:
    blocks: list[Block] = []
    for dataset in datasets:
        rows = tuple(
            (column.name, KINDS[column.kind], column.description) for column in dataset.table.columns
        )
        title = _short(dataset)
        blocks += [
            Heading(title, 2),
            Grid(f"Columns: {title}", ("Column", "Kind of value", "What it holds"), rows),
        ]
    return blocks


def _citation(edition: Edition) -> str:
    standing = edition.standing
    return (
        f"{edition.authority.name} ({edition.as_of.year}). Contracts and spending, {edition.period_name}, "
        f"version {standing.version} ({standing.status}), as of {day_text(edition.as_of)}. {LICENCE}"
    )


def _contact(edition: Edition) -> list[Block]:
    authority = edition.authority
    mail = f"mailto:{authority.email}"
    return [
        Links(
            (
                (
                    Cell(LICENCE.rstrip("."), LICENCE_URI),
                    "you may copy, publish and adapt it, if you name the source",
                ),
                (Cell(authority.email, mail if is_link(mail) else ""), "questions, and faults that you find"),
            )
        ),
        Paragraph(f"{authority.name}, {authority.address}."),
    ]

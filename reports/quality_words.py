"""The parts that every page on data quality has: how the scores are computed, their tables, the account.

Does not belong here: the figures (`quality_figures`), which parts a page has (`quality_report`,
`quality_statement`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kcc_etl.domain.findings import shown_name
from kcc_etl.domain.money import percent_display, pounds_display
from kcc_etl.schema.rules import Rule
from reports.documents import BulletList, Heading, Paragraph, day_text
from reports.edition import KIND_NAMES
from reports.page import Block, Grid
from reports.quality_figures import DIMENSIONS, Quality, Score, Scored

ASKS = {
    "completeness": "Is everything there that should be?",
    "uniqueness": "Does each thing count once?",
    "consistency": "Do records agree with each other?",
    "timeliness": "Is it of the right day, and in time?",
    "validity": "Is it written in the form expected?",
    "accuracy": "Is it likely to be true?",
}
"""What each dimension of the Government Data Quality Framework asks, in our words."""


def share_text(score: Score) -> str:
    """A share without a fault to one decimal, never `100.0%` or `0.0%` of what is nearly so."""
    share = score.share
    if share is None:
        return "no rows"
    text = percent_display(share, 1)
    if text == "100.0%" and share < 1:
        return "over 99.9%"
    if text == "0.0%" and share > 0:
        return "under 0.1%"
    return text


_EFFECTS = {
    "refuse": "the file is refused",
    "flag": "it is flagged, and counts",
    "block": "publication is shut",
}


def effect_text(rule: Rule) -> str:
    """What becomes of a file, row or publication that breaks a rule."""
    what = "file" if rule.table == "receipt" else "row"
    if rule.effect == "quarantine":
        return f"the {what} is held back"
    if rule.effect == "exclude":
        return f"the {what} is left out"
    return _EFFECTS[rule.effect]


def plural(number: int, noun: str) -> str:
    """`1 fault`, `2,000 faults`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_METHOD = """\
A score is the number of rows without a fault, divided by the number of rows judged.
Rows judged are the rows of the files in force that could be read, less those left out because they are no \
records to count: blank rows, totals, notices of other authorities, and what a later one replaces.
A row is at fault under a dimension when a rule of that dimension held it back, or found a critical fault \
or a warning in it. It counts once, however many findings it has. The score over all dimensions counts a row \
that is at fault under any of them once.
Findings for information lower no score. Nor do faults that are in no row of a file, such as a missing \
return or a file that cannot be read; they are counted beside the scores.
Shares are rounded half up to one decimal; 100.0% means every row.
The dimensions are those of the Government Data Quality Framework (2020). A score says what the rules looked \
for and did not find wrong, not that the rest is true."""


def accepted_blocks(quality: Quality, *, named: bool) -> list[Block]:
    """Files that count by a decision of an officer; `named` with source and file, which stay inside."""
    if not quality.accepted:
        return []
    lines = tuple(
        f"{KIND_NAMES[kind]}{f', {source}: {shown_name(file)}' if named else ''}. The {one.role} answers "
        f"for it, because: {one.reason} (decision {one.decision_id} of {day_text(one.decided_on)})."
        for one, kind, source, file in quality.accepted
    )
    count = len(lines)
    counted = (
        f"{plural(count, 'file')} {'counts' if count == 1 else 'count'} by decision, although a rule asks"
    )
    return [Paragraph(f"{counted} what was lost or changed since the version before:"), BulletList(lines)]


def method() -> list[Block]:
    """How the scores are computed, exactly."""
    return [Heading("How the scores are computed", level=2), BulletList(tuple(_METHOD.splitlines()))]


def absent(quality: Quality) -> list[Block]:
    """The kinds of file that are not there, said out loud: no rule on them found anything, or passed."""
    kinds = quality.kinds_without_a_file
    if not kinds:
        return []
    names = ", ".join(KIND_NAMES[kind].lower() for kind in kinds)
    words = f"There is no file of: {names}. Rules on rows of these kinds are not applicable; none has passed."
    return [Paragraph(words, notice="Not everything is there.")]


def dimension_grid(quality: Quality) -> Grid:
    """Scores of all sources by dimension, and how the rules of each came out."""
    outcomes = quality.outcomes
    names = tuple(outcomes[DIMENSIONS[0]])
    rows = [
        (
            f"{dimension.capitalize()}",
            ASKS[dimension],
            *_score_cells(score),
            *(f"{outcomes[dimension][name]:,}" for name in names),
        )
        for dimension, score in zip(DIMENSIONS, quality.total.dimensions, strict=True)
    ]
    every = ("All dimensions", "Is the row free of any fault?", *_score_cells(quality.total.overall))
    sums = tuple(f"{sum(outcomes[dimension][name] for dimension in DIMENSIONS):,}" for name in names)
    headings = (
        "Dimension", "What it asks", "Rows judged", "Without a fault", "Share",
        *(f"Rules: {name}" for name in names),
    )  # fmt: skip
    return Grid(
        "Scores by data-quality dimension, over all sources",
        headings,
        (*rows, (*every, *sums)),
        numeric=tuple(range(2, len(headings))),
    )


def _score_cells(score: Score) -> tuple[str, str, str]:
    return f"{score.rows:,}", f"{score.faultless:,}", share_text(score)


def scored_grid(caption: str, first: str, parts: Sequence[tuple[str, Scored]]) -> Grid:
    """Scores of sources or kinds of file, a row each, with every dimension's share."""
    headings = (
        first, "Files", "Files held back", "Rows judged", "Without a fault", "Share",
        *(dimension.capitalize() for dimension in DIMENSIONS),
    )  # fmt: skip
    rows = tuple(
        (
            name,
            f"{part.files:,}",
            f"{part.files_held:,}",
            *_score_cells(part.overall),
            *(share_text(score) for score in part.dimensions),
        )
        for name, part in parts
    )
    return Grid(caption, headings, rows, numeric=tuple(range(1, len(headings))))


def account_blocks(fates: pd.DataFrame) -> list[Block]:
    """What became of every row that arrived: rows, and pounds where the kind has them."""
    lines = fates.to_dict("records")
    rows = []
    for line in lines:
        kind = str(line["kind"])
        rows.append((KIND_NAMES[kind], "rows", *(f"{int(line[f'rows_{fate}']):,}" for fate in _FATES)))
        if not pd.isna(line["pence_arrived"]):
            pounds = (pounds_display(int(line[f"pence_{fate}"])) for fate in _FATES)
            rows.append((KIND_NAMES[kind], "pounds", *pounds))
    balanced = all(_balances(line) for line in lines)
    files = int(fates["files"].sum())
    refused, held = int(fates["files_refused"].sum()), int(fates["files_quarantined"].sum())
    return [
        Paragraph(
            f"{plural(files, 'file')} in force or set aside: {refused:,} refused as unsafe to open, {held:,} "
            "held back whole because they cannot be read as they are, the rest read. Of every row that was "
            "read, one of three things became: accepted, held back (quarantined) because of a fault until it "
            "is put right, or left out (excluded) because it is no record to count. "
            + (
                "The three add up to what arrived, in rows and in pounds."
                if balanced
                else "The three do not add up to what arrived: something was lost, and nothing is published."
            )
        ),
        Grid(
            "What arrived and what became of it",
            ("What arrived", "Counted in", "Arrived", "Accepted", "Held back", "Left out"),
            tuple(rows),
            numeric=(2, 3, 4, 5),
        ),
    ]


_FATES = ("arrived", "accepted", "quarantined", "excluded")


def _balances(line: dict[object, object]) -> bool:
    def adds_up(unit: str) -> bool:
        arrived, *others = (line[f"{unit}_{fate}"] for fate in _FATES)
        return pd.isna(arrived) or int(str(arrived)) == sum(int(str(other)) for other in others)  # type: ignore[call-overload]  # one cell

    return adds_up("rows") and adds_up("pence")

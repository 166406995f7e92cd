"""The report on a night's data quality, for the officers who deal with it. It stays inside.

Does not belong here: the figures (`quality_figures`), what is to be done and what was found
(`quality_lists`), the part that goes into a pack (`quality_statement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kcc_etl.domain.findings import quoted
from kcc_etl.domain.money import percent_display
from kcc_etl.schema.tables import TABLES
from reports.documents import BulletList, Facts, Heading, Paragraph, day_text
from reports.page import Block, Cell, Grid, Links, Page, Trend
from reports.quality_figures import NOT_JUDGED, Quality
from reports.quality_history import Remembered
from reports.quality_lists import CATALOGUE_FILE, finding_blocks, task_blocks
from reports.quality_words import (
    absent,
    accepted_blocks,
    account_blocks,
    dimension_grid,
    method,
    plural,
    scored_grid,
    share_text,
)


@dataclass(frozen=True)
class NightFacts:
    """What a report says of the night beside its figures.

    `refused` are the gate's reasons, `waived` the waivers that opened it, `failures` what went wrong on the
    way, all in sentences; `nights` the record, this night last; `unread` how many files of it cannot be read.
    """

    period: str
    as_of: date
    known_at: date
    author: str
    drafted: bool
    refused: Sequence[str] = ()
    waived: Sequence[str] = ()
    failures: Sequence[str] = ()
    nights: Sequence[Remembered] = ()
    unread: int = 0


def quality_report(quality: Quality, night: NightFacts) -> Page:
    """The page of a night: summary, publication, to-do list by owner, scores, trend, findings, account."""
    blocks: list[Block] = [
        *_front(quality, night),
        Heading("Publication"),
        *_gate(night),
        *accepted_blocks(quality, named=True),
        Heading("What is to be done, and by whom"),
        *task_blocks(quality),
        Heading("Scores"),
        *_scores(quality),
        Heading("Trend"),
        *_trend(night),
        Heading("Everything that was found"),
        *finding_blocks(quality),
        Heading("What became of every row"),
        *account_blocks(quality.fates),
        Heading("More"),
        _MORE,
    ]
    return Page(f"Data quality on {day_text(night.known_at)}", night.author, blocks)


def _front(quality: Quality, night: NightFacts) -> list[Block]:
    facts = (
        ("Figures speak about", day_text(night.as_of)),
        ("Files that had arrived by", day_text(night.known_at)),
        ("Quarter", night.period),
        ("For", "officers of the council; not for publication, since it names places in its files"),
    )
    return [*_summary(quality, night), Facts(facts)]


def _summary(quality: Quality, night: NightFacts) -> list[Block]:
    score, held, notes = quality.total.overall, quality.total.files_held, quality.count("information")
    rows = f"{score.faultless:,} of {plural(score.rows, 'row')} ({share_text(score)}) have no fault."
    also = f"{plural(notes, 'finding')} for information."
    files = f"{plural(held, 'file')} could not be used." if held else "Every file could be used."
    return [_opening(quality, night), *_blind(quality), Paragraph(f"{rows} {also} {files}")]


def _blind(quality: Quality) -> list[Block]:
    """The rules of which nothing is known, with the reasons."""
    if not quality.unjudged:
        return []
    counted = f"{plural(len(quality.unjudged), 'rule')} could not be judged."
    if quality.earlier:
        counted += (
            f" Of what is listed below, {plural(quality.earlier, 'finding')} of these rules stayed from an "
            "earlier run and may no longer be so."
        )
    named = [
        f"{rule.id}: the rule {quoted(rule.text)} could not run: {reason}"
        for rule, reason in quality.unjudged
        if reason != NOT_JUDGED
    ]
    idle = [rule for rule, reason in quality.unjudged if reason == NOT_JUDGED]
    for table in dict.fromkeys(rule.table for rule in idle):
        mine = [rule.id for rule in idle if rule.table == table]
        named.append(f"{TABLES[table].title}, not judged: {', '.join(mine)}")
    return [Paragraph(counted, notice="Not all is known."), BulletList(tuple(named))]


def _opening(quality: Quality, night: NightFacts) -> Paragraph:
    critical = quality.count("critical")
    grave = critical + quality.count("warning")
    if night.failures:
        return Paragraph("This night did not run to its end; the tables hold what follows.", notice="Failed.")
    if grave:
        words = f"{plural(grave, 'fault')} to deal with, {critical or 'none'} of them critical."
        return Paragraph(words, notice="Needs attention.")
    words = "No rule that was judged found a fault."
    return Paragraph(words, notice="" if quality.unjudged else "No faults found.")


def _gate(night: NightFacts) -> list[Block]:
    blocks: list[Block] = []
    if night.failures:
        blocks += [Paragraph("What went wrong on the way:"), BulletList(tuple(night.failures))]
    if night.refused:
        blocks.append(
            Paragraph("The gate is shut. What was published before stays. Reasons:", notice="Not published.")
        )
        blocks.append(BulletList(tuple(night.refused)))
    elif night.drafted:
        words = f"The draft of {night.period} stands: the gate is open, and it can be signed off."
        blocks.append(Paragraph(words, notice="Drafted."))
    else:
        blocks.append(Paragraph("No draft was made this night."))
    if night.waived:
        blocks += [Paragraph("Waivers in force, by which the gate is open:"), BulletList(tuple(night.waived))]
    else:
        blocks.append(Paragraph("No waiver was used."))
    return blocks


def _scores(quality: Quality) -> list[Block]:
    if not quality.sources:
        return [Paragraph("No file has arrived, so there is nothing to score.")]
    parts = [(f"{source.name} ({source.kind})", source) for source in quality.sources]
    grid = scored_grid("Scores by source", "Source", [*parts, ("All sources", quality.total)])
    return [*absent(quality), dimension_grid(quality), grid, *method()]


_RECORD = (
    "This is the record of the nights as they were run; it is not worked out again. A night that is run "
    "again for the same dates takes its own place. A change of the rules changes the scores, so their number "
    "is shown."
)


def _trend(night: NightFacts) -> list[Block]:
    said = [_RECORD]
    if night.unread:
        said.append(f"{plural(night.unread, 'file')} of the record cannot be read and is left out.")
    if not night.nights:
        said.append("No night up to these dates is on record.")
    blocks: list[Block] = [Paragraph(" ".join(said))]
    points = tuple((one.known_at, share) for one in night.nights if (share := one.score.share) is not None)
    if len(points) > 1:
        first, last = points[0], points[-1]
        alt = (
            f"Line of {len(points)} nights: {percent_display(first[1], 1)} of rows without a fault on "
            f"{first[0]}, {percent_display(last[1], 1)} on {last[0]}. The table below has every figure."
        )
        blocks.append(Trend("Share of rows without a fault, by night", points, alt))
    rows = tuple(
        (
            one.known_at, one.as_of, one.period, f"{one.rows:,}", f"{one.faultless:,}", share_text(one.score),
            f"{one.critical:,}", f"{one.warning:,}", f"{one.information:,}", f"{one.rules:,}",
            "open" if one.gate_open else "shut",
        )
        for one in reversed(night.nights)
    )  # fmt: skip
    headings = (
        "Files known at", "Figures as of", "Quarter", "Rows judged", "Without a fault", "Share", "Critical",
        "Warnings", "For information", "Rules", "Gate",
    )  # fmt: skip
    if rows:
        caption = f"The last {plural(len(rows), 'night')}, latest first"
        blocks.append(Grid(caption, headings, rows, numeric=(3, 4, 5, 6, 7, 8, 9)))
    return blocks


_MORE = Links(
    (
        (
            Cell("findings.xlsx", "findings.xlsx"),
            "the findings to filter and work through, gravest first",
        ),
        (Cell("findings.csv", "../findings.csv"), "every finding, for other programs"),
        (Cell("rules.html", CATALOGUE_FILE), "every rule: what it says, who deals with it, what to do"),
        (Cell("rules.xlsx", "rules.xlsx"), "the same as a workbook"),
    )
)

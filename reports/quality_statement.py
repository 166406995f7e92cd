"""The statement on data quality that goes into a pack: what a reader of the figures should know of them.

Does not belong here: the officers' page (`quality_report`), the figures (`quality_figures`). It names kinds
of file, rules and counts; no found value, no file, no supplier, no person. Scores are by kind of file, since
sources bear names of systems and teams inside the council. It has no trend: a pack can be rebuilt to the byte
from the files known at its dates, and what earlier packs said is not among them; each has its own statement.
"""

from __future__ import annotations

from kcc_etl.domain.findings import quoted
from kcc_etl.schema.rules import RULES
from reports.documents import BulletList, Facts, Heading, Paragraph
from reports.edition import ASSUMED, KIND_NAMES, LICENCE, Edition
from reports.page import Block, Grid, Page
from reports.quality_figures import Quality
from reports.quality_words import (
    absent,
    accepted_blocks,
    account_blocks,
    dimension_grid,
    effect_text,
    method,
    plural,
    scored_grid,
    share_text,
)


def quality_statement(quality: Quality, edition: Edition) -> Page:
    """The page of a pack: summary, waivers, scores, findings by rule, the account, method."""
    banner = [] if edition.parameters_approved else [Paragraph(ASSUMED, notice="Please note:")]
    blocks: list[Block] = [
        *banner,
        _summary(quality),
        *_blind(quality),
        Facts(
            (
                ("Publisher", edition.authority.name),
                ("Period", edition.period_text),
                ("Status", str(edition.standing)),
                ("Licence", LICENCE),
            )
        ),
        Paragraph(edition.basis),
        Heading("Waivers"),
        *_waivers(edition),
        *accepted_blocks(quality, named=False),
        Heading("Scores"),
        *_scores(quality),
        Heading("What the rules found"),
        *_found(quality),
        Heading("What became of every row"),
        *account_blocks(quality.fates),
    ]
    return Page(f"Data quality statement: {edition.period_name}", edition.authority.name, blocks)


def _summary(quality: Quality) -> Paragraph:
    grave = quality.count("critical") + quality.count("warning")
    score = quality.total.overall
    rows = f"{score.faultless:,} of {plural(score.rows, 'row')} ({share_text(score)}) have no fault."
    if not grave:
        return Paragraph(rows, notice="" if quality.unjudged else "No faults found.")
    known = f"{plural(grave, 'fault')} {'is' if grave == 1 else 'are'} known."
    return Paragraph(
        f"{rows} {known} Rows that are held back are not in the figures; what is only flagged counts as it "
        "stands. Every critical rule passed on exactly these figures, or was waived as shown."
    )


def _blind(quality: Quality) -> list[Block]:
    """The rules of which nothing is known; the reasons may quote what was found, so they stay inside."""
    if not quality.unjudged:
        return []
    counted = f"{plural(len(quality.unjudged), 'rule')} could not be judged:"
    named = tuple(f"{rule.id}: the rule {quoted(rule.text)}" for rule, _ in quality.unjudged)
    return [Paragraph(counted, notice="Not all is known."), BulletList(named)]


def _waivers(edition: Edition) -> list[Block]:
    if not edition.waivers:
        return [Paragraph("No rule was waived for this publication.")]
    return [BulletList(tuple(map(str, edition.waivers)))]


def _scores(quality: Quality) -> list[Block]:
    parts = [(KIND_NAMES[part.kind], part) for part in quality.of_kinds()]
    if not parts:
        return [Paragraph("No file has arrived, so there is nothing to score.")]
    grid = scored_grid("Scores by kind of file", "Kind of file", [*parts, ("All kinds", quality.total)])
    return [*absent(quality), dimension_grid(quality), grid, *method()]


_HEADINGS = ("Rule", "Severity", "What must be true", "If it is not", "Findings")


def _found(quality: Quality) -> list[Block]:
    counts = quality.findings["rule_id"].value_counts().to_dict()
    rows = tuple(
        (rule.id, rule.severity.capitalize(), rule.text, effect_text(rule), f"{counts[rule.id]:,}")
        for rule in RULES.values()
        if rule.id in counts
    )
    if not rows:
        return [Paragraph("No rule found anything.", notice="No faults found.")]
    counted = f"{plural(len(quality.findings), 'finding')} of {plural(len(rows), 'rule')}"
    return [Grid(counted, _HEADINGS, rows, numeric=(4,))]

"""The catalogue of rules as a page and as a workbook, made from the rules themselves.

Does not belong here: the rules (`kcc_etl.schema.rules`), what they found (`quality_report`).
"""

from __future__ import annotations

from kcc_etl.schema.owners import OWNERS
from kcc_etl.schema.rules import RULES, Rule
from reports.documents import (
    BulletList,
    Column,
    Dataset,
    Facts,
    Heading,
    Paragraph,
    Sheet,
    Table,
    Value,
    Workbook,
)
from reports.page import Block, Cell, Grid, Page
from reports.quality_figures import DIMENSIONS
from reports.quality_words import ASKS, effect_text, plural

TITLE = "Catalogue of rules"
_PARTS = {
    "IN": "Files",
    "FD": "Feeds",
    "CR": "Contract register",
    "NT": "Public notices",
    "SP": "Payments",
    "SU": "Suppliers",
    "RT": "Supplier returns",
    "DC": "Decisions",
    "TG": "Targets and delivery",
    "PB": "Publications",
}
_STAGES = {
    "intake": "when a file is read",
    "core": "when rows are joined",
    "check": "on the tables, every night",
}


def catalogue_page(author: str) -> Page:
    """Every rule on a page, in the order of the catalogue; each can be linked to by its id."""
    blocks: list[Block] = [
        Paragraph(
            f"{plural(len(RULES), 'rule')} that every file, row and table is held to. Each has a number that "
            "is never used again, and a version that rises when what passes changes."
        ),
        Heading("How to read it"),
        Facts(tuple((name.capitalize(), ASKS[name]) for name in DIMENSIONS)),
        BulletList(
            (
                "A critical rule that fails shuts publication until the fault is mended.",
                _waivable(),
                "A warning is to be dealt with; information is to be known.",
            )
        ),
        Facts(tuple((owner[0].upper() + owner[1:], does) for owner, does in OWNERS.items())),
    ]
    for prefix, part in _PARTS.items():
        mine = [rule for rule in RULES.values() if rule.id.startswith(prefix + "-")]
        caption = f"{part}: {plural(len(mine), 'rule')}"
        blocks += [Heading(part), Grid(caption, _HEADINGS, tuple(_row(rule) for rule in mine))]
    return Page(TITLE, author, blocks)


def _waivable() -> str:
    named = [rule.id for rule in RULES.values() if rule.waivable]
    return (
        "Where it says so, an officer may answer for publishing all the same, in a recorded waiver that is "
        f"printed in the publication: {', '.join(named) or 'of no rule at present'}."
    )


_HEADINGS = (
    "Rule", "What must be true", "What to do if it is not", "Who deals with it", "What happens", "Severity",
    "Dimension", "Source",
)  # fmt: skip


def _row(rule: Rule) -> tuple[str | Cell, ...]:
    return (
        Cell(f"{rule.id} v{rule.version}", anchor=rule.id),
        rule.text,
        rule.remedy,
        rule.owner,
        effect_text(rule) + (", unless waived" if rule.waivable else ""),
        rule.severity,
        rule.dimension,
        rule.source,
    )


_COLUMNS = (
    Column("rule", "Rule", "text", "Number of the rule; it is never used again."),
    Column("version", "Version", "integer", "It rises when what passes the rule changes."),
    Column("part", "Part", "text", "What the rule is about."),
    Column("text", "What must be true", "text", "The rule in one sentence."),
    Column("remedy", "What to do if it is not", "text", "The remedy that every finding names."),
    Column("owner", "Who deals with it", "text", "The role that deals with what the rule finds."),
    Column("effect", "What happens", "text", "What becomes of a file, row or publication that is at fault."),
    Column("severity", "Severity", "text", "Critical, warning or information."),
    Column("waivable", "May be waived", "text", "Yes or no: may an officer publish all the same."),
    Column("dimension", "Dimension", "text", "Dimension of the Government Data Quality Framework (2020)."),
    Column("stage", "Judged", "text", "When the rule is judged."),
    Column("source", "Source", "text", "Law, guidance or experience that the rule comes from."),
)  # fmt: skip


def _values(rule: Rule) -> tuple[Value, ...]:
    part, effect, stage = _PARTS[rule.id.partition("-")[0]], effect_text(rule), _STAGES[rule.stage]
    waivable = "yes" if rule.waivable else "no"
    return (
        rule.id, rule.version, part, rule.text, rule.remedy, rule.owner, effect, rule.severity, waivable,
        rule.dimension, stage, rule.source,
    )  # fmt: skip


def catalogue_dataset(author: str) -> Dataset:
    """Every rule as a workbook, one row a rule."""
    rows = tuple(_values(rule) for rule in RULES.values())
    table = Table("rules", TITLE, _COLUMNS, rows)
    intro = (f"Source: {author}. Each row is one rule.",)
    cover = (
        ("What this is", "Every rule that files, rows and tables are held to, as this version judges them."),
        ("How many", plural(len(rows), "rule")),
    )
    sheet = Sheet("Rules", TITLE, intro, table, filters=True)
    return Dataset("rules", table, workbook=Workbook(TITLE, author, cover, (sheet,)))

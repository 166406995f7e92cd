"""Lists of the report on a night: what is to be done and by whom, and what each rule found in each source.

Does not belong here: the rest of the report (`quality_report`), the figures (`quality_figures`). Values that
may be personal are withheld as in the Dagster UI: the page may be read without a login.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_etl.domain.findings import found_for_all, shown_name, subject_for_all
from kcc_etl.schema.owners import OWNERS
from kcc_etl.schema.rules import Rule
from reports.documents import Heading, Paragraph
from reports.page import Block, Cell, Grid
from reports.quality_figures import PLACES_NAMED, SEVERITIES, Group, Quality
from reports.quality_words import plural

CATALOGUE_FILE = "rules.html"


def task_blocks(quality: Quality) -> list[Block]:
    """What is to be done: a table for each role, a line for each rule, whatever its sources."""
    graves = [group for group in quality.groups if group.rule.severity != "information"]
    if not graves:
        return [Paragraph("Nothing is to be done.")]
    blocks: list[Block] = []
    for owner, does in OWNERS.items():
        mine = [group for group in graves if group.rule.owner == owner]
        if not mine:
            continue
        total = sum(group.count for group in mine)
        name = owner[0].upper() + owner[1:]
        blocks.append(Heading(f"{name}: {plural(total, 'fault')}", level=2))
        blocks.append(Paragraph(f"The role that {does}."))
        rows = tuple(_task(quality, rule, groups) for rule, groups in _by_rule(mine))
        headings = ("Rule", "First found", "What to do", "Faults", "Source", "First places")
        blocks.append(Grid(f"To do: {owner}", headings, rows, numeric=(3,)))
    return blocks


def _by_rule(groups: Sequence[Group]) -> list[tuple[Rule, list[Group]]]:
    """The groups of each rule together, the gravest rule first, then the one that found most."""
    of: dict[str, list[Group]] = {}
    for group in groups:
        of.setdefault(group.rule.id, []).append(group)
    grave = {severity: place for place, severity in enumerate(SEVERITIES)}
    merged = [(mine[0].rule, mine) for mine in of.values()]
    return sorted(merged, key=lambda each: (grave[each[0].severity], -_count(each[1]), each[0].id))


def _count(groups: Sequence[Group]) -> int:
    return sum(group.count for group in groups)


def _task(quality: Quality, rule: Rule, groups: Sequence[Group]) -> tuple[str | Cell, ...]:
    """What one rule leaves to do, over all its sources."""
    total = _count(groups)
    named = [_place(quality, position) for group in groups for position in group.findings][:PLACES_NAMED]
    rest = total - len(named)
    return (
        _link(rule),
        _said(quality, groups[0]),
        rule.remedy,
        f"{total:,}",
        "\n".join(_source(group) for group in groups),
        "\n".join([*named, *([f"and {rest:,} more"] if rest else [])]),
    )


def finding_blocks(quality: Quality) -> list[Block]:
    """Everything that was found, by rule and source."""
    if not quality.groups:
        return [Paragraph("No rule found anything.", notice="No faults found.")]
    rows = tuple(
        (
            _link(group.rule),
            group.rule.severity.capitalize(),
            group.rule.text,
            _source(group),
            f"{group.count:,}",
            _first(quality, group),
        )
        for group in quality.groups
    )
    return [
        Paragraph(
            "By rule and source, the gravest first, then the most. Of each group the first finding is shown; "
            "the lists named below hold every one with its cell."
        ),
        Grid(
            f"{plural(len(quality.findings), 'finding')} in {plural(len(rows), 'group')}",
            ("Rule", "Severity", "What must be true", "Source", "Findings", "First found"),
            rows,
            numeric=(4,),
        ),
    ]


def _source(group: Group) -> str:
    return group.source or "the tables"


def _link(rule: Rule) -> Cell:
    return Cell(rule.id, href=f"{CATALOGUE_FILE}#{rule.id}")


def _first(quality: Quality, group: Group) -> str:
    return f"{_place(quality, group.findings[0])}: {_found(quality, group)}"


def _found(quality: Quality, group: Group) -> str:
    found = str(quality.findings["found"].iat[group.findings[0]])
    return shown_name(found_for_all(group.rule.id, found))


def _said(quality: Quality, group: Group) -> str:
    """What was found with the title of its column, without which a value says little."""
    column = _name(quality.findings["column_title"].iat[group.findings[0]])
    return f"{column}: {_found(quality, group)}" if column else _found(quality, group)


def _place(quality: Quality, position: int) -> str:
    row = quality.findings.iloc[position]
    file, sheet, cell = (_name(row[name]) for name in ("source_file", "source_sheet", "cell"))
    about = subject_for_all(str(row["rule_id"]), _name(row["subject"]))
    parts = [file or about, f"sheet '{sheet}'" if sheet else ""]
    parts.append(f"cell {cell}" if cell else f"row {row['source_row']}" if row["source_row"] else "")
    return ", ".join(part for part in parts if part)


def _name(value: object) -> str:
    return shown_name(value) if isinstance(value, str) else ""

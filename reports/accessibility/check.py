"""Whether a spreadsheet, anybody's, is accessible and hides nothing: every finding with its rule and place.

Rules about tables are judged in `table_rules`, about text in `text_rules`, about looks in `look_rules`, about
the file in `file_rules`; what is hidden in `hidden_cells` and `hidden_parts`; CSV in `csv_rules`.
Does not belong here: packs and their totals (`reports.verify`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from kcc_etl.domain.findings import Finding, Severity, told
from kcc_etl.exceptions import SourceError
from reports.accessibility import (
    csv_rules,
    file_rules,
    hidden_cells,
    hidden_parts,
    look_rules,
    table_rules,
    text_rules,
)
from reports.accessibility.book import FAULTS, Check, Opened, open_workbook
from reports.accessibility.catalogue import CSV_RULES, RULES, Rule
from reports.accessibility.concealed import KINDS
from reports.accessibility.page import Hit

SHOWN = 20
"""Findings of one rule that are listed one by one; a last one counts the rest."""
_COUNTED = 10_000

ACCESSIBILITY: dict[str, Check] = {
    **table_rules.CHECKS, **text_rules.CHECKS, **look_rules.CHECKS, **file_rules.CHECKS,
}  # fmt: skip
"""The judge of each of the 35 rules that a program can judge, wholly or in part."""

CONCEALMENT: dict[str, Check] = {**hidden_cells.CHECKS, **hidden_parts.CHECKS}
"""The judge of each kind of hidden content."""


def check_workbook(content: bytes, name: str = "", publisher: str = "") -> list[Finding]:
    """What is wrong with a workbook (XLSX), and what is left to a person, in order of the rules.

    `publisher` is the organisation that must be its author; left out, any organisation will do. Findings of
    severity `information` are for a person to look at; `critical` ones break an essential rule or hide
    something. Never raises for a broken or unsafe file: that is a finding of intake's own rule.
    """
    try:
        book = open_workbook(content, publisher)
    except SourceError as error:
        return [shut(error, name)]
    return [
        *_judged(book, ACCESSIBILITY, RULES, name),
        *_judged(book, CONCEALMENT, KINDS, name),
        *for_a_person(name),
    ]


def concealed_content(content: bytes, name: str = "", publisher: str = "") -> list[Finding]:
    """What a workbook holds and does not show; what cannot be opened safely is itself a finding."""
    try:
        book = open_workbook(content, publisher)
    except SourceError as error:
        return [shut(error, name)]
    return _judged(book, CONCEALMENT, KINDS, name)


def check_csv(content: bytes, name: str = "") -> list[Finding]:
    """What is wrong with a CSV file: encoding, headings, ragged and blank rows, formulas. Never raises."""
    return [
        finding
        for rule, hits in csv_rules.judge(content)
        for finding in findings_of(CSV_RULES[rule], hits, name)
    ]


def faults(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are faults, without what is left to a person."""
    return [finding for finding in findings if finding.severity != "information"]


def for_a_person(name: str = "") -> list[Finding]:
    """What a person must look at in any workbook: the one rule no program judges, the rest of nine others."""
    return [
        _finding(rule, Hit("not judged by a program" if rule.kind == "person" else "judged in part"), name,
                 severity="information", remedy=rule.person)
        for rule in RULES.values()
        if rule.person
    ]  # fmt: skip


def _judged(book: Opened, checks: dict[str, Check], rules: dict[str, Rule], name: str) -> list[Finding]:
    return [finding for rule in rules.values() if rule.id in checks
            for finding in findings_of(rule, checks[rule.id](book), name)]  # fmt: skip


def findings_of(rule: Rule, hits: Iterable[Hit], name: str) -> Iterator[Finding]:
    """The places where a rule is broken, as findings: the first ones by themselves, the rest counted.

    What a judge raises over a damaged file is itself a finding.
    """
    # Bounded, because a table may claim more blank cells than any list can name.
    found = list(dict.fromkeys(islice(_to_the_end(hits), _COUNTED)))
    yield from (_finding(rule, hit, name) for hit in found[:SHOWN])
    if len(found) > SHOWN:
        more = f"{len(found) - SHOWN:,} more of the kind" + (" at least" if len(found) == _COUNTED else "")
        yield _finding(rule, Hit(more, found[SHOWN].sheet, found[SHOWN].cell), name)


def _to_the_end(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The places up to where a damaged file stops the judge, which is itself a finding."""
    try:
        yield from hits
    except (*FAULTS, SourceError):
        yield Hit("the rule could not be judged to its end: the file is damaged")


def _finding(rule: Rule, hit: Hit, name: str, severity: Severity | None = None, remedy: str = "") -> Finding:
    """One place where a rule is broken, as a finding; its severity is the rule's unless given."""
    return Finding(
        rule.id, severity or ("critical" if rule.essential else "warning"), "publication", "check",
        told(hit.found), rule.sentence, remedy or rule.remedy,
        source_file=name, source_sheet=hit.sheet, cell=hit.cell,
    )  # fmt: skip


def shut(error: SourceError, name: str) -> Finding:
    """The finding of a file that is not opened."""
    return Finding(
        error.rule_id,
        "critical",
        "publication",
        "check",
        told(error.found),
        error.expected,
        error.remedy,
        source_file=name,
    )

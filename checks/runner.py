"""Judges one table: its suite by Great Expectations, its pure rules by calling them; both end in verdicts.

Does not belong here: Great Expectations (`checks.expectations`), storing verdicts and showing them in Dagster
(`checks.asset_checks`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from checks.evidence import Evidence, place_of
from checks.expectations import judge_suite
from checks.given import plain
from checks.judgement import Fault, Judgement, broken_by, could_not
from checks.registry import judges, rules_of, suites
from checks.rules.outcome import Inputs, Outcome
from kcc_etl.domain.findings import Finding, Status, Verdict
from kcc_etl.domain.locators import Locator
from kcc_etl.schema.rules import Rule

_NO_ROWS = "the table has no rows"
_NO_SUCH_ROWS = "no row is of the kind that the rule speaks about"


def judge(table_name: str, inputs: Inputs, only: Collection[str] | None = None) -> list[Verdict]:
    """The verdict of every check-stage rule of a table, or of `only` some, by rule id.

    A rule that has no row to speak about is not applicable, never passed; a rule that breaks could not run,
    never failed. Findings are all there, sorted by place. Raises CheckError for a suite that does not load
    whole.
    """
    given, withheld = plain(inputs)
    rules = [rule for rule in rules_of(table_name) if only is None or rule.id in only]
    if table_name not in given.frames:
        absent = could_not("the table is not there", table_name)
        return [_verdict(rule, absent, [], no_rows=False) for rule in rules]
    frame, wanted = given.frames[table_name], {rule.id for rule in rules}
    suite = tuple(e for e in suites().get(table_name, ()) if e.rule_id in wanted)
    judgements = judge_suite(suite, frame, withheld)
    for rule in rules:
        if rule.id not in judgements:
            judgements[rule.id] = _by_function(rule, given, withheld)
    evidence = _EvidenceOf(given.frames)
    return [_with_findings(rule, judgements[rule.id], evidence, no_rows=frame.empty) for rule in rules]


class _EvidenceOf:
    """The evidence of each table that rules find fault with, made when it is needed, once."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = frames
        self._made: dict[str, Evidence] = {}

    @cached_property
    def _locator(self) -> Locator:
        return Locator(self._frames["file_column"])

    def __getitem__(self, table: str) -> Evidence:
        if table not in self._made:
            self._made[table] = Evidence(table, self._frames[table], self._locator)
        return self._made[table]


def _with_findings(rule: Rule, judgement: Judgement, evidence: _EvidenceOf, *, no_rows: bool) -> Verdict:
    findings: list[Finding] = []
    if judgement.faults and not judgement.error:
        try:
            findings = evidence[judgement.on or rule.table].findings(rule, judgement.faults)
        except Exception as error:
            # A fault that nobody can be led to is no answer, whatever stood in the way.
            judgement = broken_by(error)
    return _verdict(rule, judgement, findings, no_rows=no_rows)


def _verdict(rule: Rule, judgement: Judgement, findings: list[Finding], *, no_rows: bool) -> Verdict:
    at_fault = len({fault.position for fault in judgement.faults})
    status: Status = "failed" if at_fault else "passed"
    reason = ""
    if judgement.error:
        status, reason = "could not run", judgement.error
    elif not judgement.applied:
        status, reason = "not applicable", _NO_ROWS if no_rows else judgement.reason or _NO_SUCH_ROWS
    return Verdict(
        rule_id=rule.id,
        rule_version=rule.version,
        severity=rule.severity,
        table_name=rule.table,
        status=status,
        applied=judgement.applied,
        passed=judgement.applied - at_fault,
        reason=reason,
        findings=tuple(sorted(findings, key=place_of)),
    )


def _by_function(rule: Rule, given: Inputs, withheld: Mapping[str, str]) -> Judgement:
    function = judges().get(rule.id)
    if function is None:
        return could_not("no suite and no pure rule judges it", remedy="Report this")
    try:
        return _read(rule, function(given), given)
    except KeyError as error:
        name = str(error.args[0]) if error.args else ""
        return broken_by(KeyError(withheld.get(name, name)))
    except Exception as error:
        # Whatever breaks a rule, the others are judged, and this one shuts the gate.
        return broken_by(error)


def _read(rule: Rule, outcome: Outcome, given: Inputs) -> Judgement:
    """The faults of a boolean by row."""
    rows = 1 if outcome.whole else len(given.frames[outcome.on or rule.table])
    if len(outcome.ok) != rows:
        raise ValueError(f"{len(outcome.ok)} answers for {rows} rows")
    if not outcome.ok.index.equals(pd.RangeIndex(rows)):
        raise ValueError("the answers are not in the order of the rows")
    answers = outcome.ok.astype("boolean")
    places = np.flatnonzero((answers == False).fillna(False).to_numpy(dtype=bool))  # noqa: E712  # missing is neither
    faults = [
        Fault(None if outcome.whole else int(place), field or rule.field, found, subject)
        for place, field, found, subject in zip(
            places,
            _said(outcome.field, places),
            _said(outcome.found, places),
            _said(outcome.subject, places),
            strict=True,
        )
    ]
    return Judgement(int(answers.notna().sum()), faults, outcome.on, outcome.reason)


def _said(texts: pd.Series | None, places: np.ndarray) -> list[str]:
    if texts is None:
        return [""] * len(places)
    return [text if isinstance(text, str) else "" for text in texts.reindex(places)]

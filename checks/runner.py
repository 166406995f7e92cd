"""Judges one table: its suite by Great Expectations, its pure rules by calling them; both end in verdicts.

The only module that imports Great Expectations, and only when a suite is run (4 s, 250 MB).
Does not belong here: storing verdicts and showing them in Dagster (`checks.asset_checks`).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from checks.evidence import Evidence, Fault, say
from checks.registry import NOT_NULL, ROW_COUNT, Expectation, judges, rules_of, suites
from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl.domain.findings import Finding, Status, Verdict
from kcc_etl.exceptions import CheckError
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES, Rule

_POSITION = "position"
_NO_ROWS = "the table has no rows"
_NO_SUCH_ROWS = "no row is of the kind that the rule speaks about"
_PLAIN_ERRORS: dict[type[Exception], str] = {
    KeyError: "a table or column that it needs is not there",
    AttributeError: "a value is not of the type it needs",
    TypeError: "a value is not of the type it needs",
    ValueError: "a value is not of the form it needs",
    ArithmeticError: "a calculation has no result",
}


@dataclass(frozen=True)
class _Judgement:
    """How many rows a rule applied to and which are at fault, or why it has nothing to say."""

    applied: int = 0
    faults: tuple[Fault, ...] = ()
    on: str = ""
    reason: str = ""
    error: str = ""


@dataclass
class _Tally:
    """What the expectations of one rule have said so far."""

    applied: int = 0
    faults: dict[tuple[int | None, str], Fault] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def judge(table_name: str, inputs: Inputs) -> list[Verdict]:
    """The verdict of every check-stage rule of a table, by rule id.

    A rule that has no row to speak about is not applicable, never passed; a rule that breaks could not run,
    never failed. Findings are sorted by place. Raises CheckError for a suite that does not load whole.
    """
    judgements = _by_suite(suites().get(table_name, ()), inputs.frames[table_name])
    for rule in rules_of(table_name):
        if rule.id not in judgements:
            judgements[rule.id] = _by_function(rule, judges().get(rule.id), inputs)
    return [_verdict(rule, judgements[rule.id], inputs.frames) for rule in rules_of(table_name)]


def _verdict(rule: Rule, judgement: _Judgement, frames: Mapping[str, pd.DataFrame]) -> Verdict:
    at_fault = len({fault.position for fault in judgement.faults})
    status: Status = "failed" if at_fault else "passed"
    reason = ""
    if judgement.error:
        status, reason = "could not run", judgement.error
    elif not judgement.applied:
        status = "not applicable"
        reason = _NO_ROWS if frames[rule.table].empty else judgement.reason or _NO_SUCH_ROWS
    findings = []
    if at_fault:
        evidence = Evidence(judgement.on or rule.table, frames)
        findings = [evidence.finding(rule, fault) for fault in judgement.faults]
    return Verdict(
        rule_id=rule.id,
        rule_version=rule.version,
        severity=rule.severity,
        table_name=rule.table,
        status=status,
        applied=judgement.applied,
        passed=judgement.applied - at_fault,
        reason=reason,
        findings=tuple(sorted(findings, key=_place)),
    )


def _place(finding: Finding) -> tuple[str, str, str, int, str, str, str]:
    return (
        finding.source_name,
        finding.source_file,
        finding.source_sheet,
        finding.source_row,
        finding.cell,
        finding.subject,
        finding.found,
    )


def _by_function(rule: Rule, function: Judge | None, inputs: Inputs) -> _Judgement:
    if function is None:
        return _Judgement(error="no suite and no pure rule judges it")
    try:
        return _read(rule, function(inputs), inputs)
    except Exception as error:
        return _Judgement(error=f"the rule could not be worked out: {_in_plain_words(error)}")


def _in_plain_words(error: Exception) -> str:
    plain = next((text for kind, text in _PLAIN_ERRORS.items() if isinstance(error, kind)), "it broke")
    return f"{plain} ({type(error).__name__}: {error})"


def _read(rule: Rule, outcome: Outcome, inputs: Inputs) -> _Judgement:
    """Positions of the rows at fault, from a boolean by row."""
    rows = 1 if outcome.whole else len(inputs.frames[outcome.on or rule.table])
    if len(outcome.ok) != rows:
        raise ValueError(f"{len(outcome.ok)} answers for {rows} rows")
    answers = outcome.ok.reset_index(drop=True).astype("boolean")
    faults = [
        Fault(
            None if outcome.whole else place,
            _said(outcome.field, place) or rule.field,
            _said(outcome.found, place),
            _said(outcome.subject, place),
        )
        for place in answers.index[answers.eq(False).fillna(False)]
    ]
    return _Judgement(int(answers.notna().sum()), tuple(faults), outcome.on, outcome.reason)


def _said(values: pd.Series | None, place: int) -> str:
    value = None if values is None else values.iloc[place]
    return value if isinstance(value, str) else ""


def _by_suite(suite: tuple[Expectation, ...], frame: pd.DataFrame) -> dict[str, _Judgement]:
    """One judgement a rule; a row is at fault when any expectation of the rule says so."""
    if not suite:
        return {}
    tallies = {expectation.rule_id: _Tally() for expectation in suite}
    for expectation, result in zip(suite, _results(suite, frame), strict=True):
        tally = tallies[expectation.rule_id]
        if error := _exception(result):
            tally.errors.append(error)
            continue
        applied, faults = _read_result(expectation, result, frame)
        tally.applied = max(tally.applied, applied)
        for fault in faults:
            tally.faults.setdefault((fault.position, fault.field), fault)
    return {
        rule_id: _Judgement(error="; ".join(dict.fromkeys(tally.errors)))
        if tally.errors
        else _Judgement(tally.applied, tuple(tally.faults.values()))
        for rule_id, tally in tallies.items()
    }


def _results(suite: tuple[Expectation, ...], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Results in the order of the suite. Great Expectations silently drops what it cannot read: refused."""
    engine = _engine()
    built = _built(engine, suite)
    validated = engine.validate(built, _comparable(frame, suite))
    by_place = {result.expectation_config.meta["place"]: result for result in validated.results}
    return [
        {"success": r.success, "result": r.result or {}, "exception_info": r.exception_info or {}}
        for r in (by_place[place] for place in range(len(suite)))
    ]


def _built(engine: _Engine, suite: tuple[Expectation, ...]) -> Any:
    configured = [
        {"type": e.type, "kwargs": dict(e.kwargs), "meta": {"rule_id": e.rule_id, "place": place}}
        for place, e in enumerate(suite)
    ]
    try:
        built = engine.suite(configured)
    except Exception as error:
        raise _refused(f"refuses a suite: {str(error).splitlines()[0]}") from error
    kept = {expectation.meta["place"] for expectation in built.expectations}
    if lost := sorted({e.rule_id for place, e in enumerate(suite) if place not in kept}):
        raise _refused(f"dropped expectations of {', '.join(lost)} from a suite of {len(suite)}")
    return built


def _refused(what: str) -> CheckError:
    return CheckError(
        f"Great Expectations {what}",
        expected="every expectation of the suite loads",
        remedy="Correct the suite in checks/suites",
    )


def _comparable(frame: pd.DataFrame, suite: Iterable[Expectation]) -> pd.DataFrame:
    """The columns a suite reads, on an unnamed index from 0, and each row's position to name it by.

    A named index makes every expectation fail (Great Expectations 1.24).
    """
    names = sorted({name for expectation in suite for name in expectation.columns} & set(frame.columns))
    plain = frame[names].reset_index(drop=True)
    return plain.assign(**{_POSITION: range(len(plain))})


def _exception(result: Mapping[str, Any]) -> str:
    info = result["exception_info"]
    raised = [info] if "raised_exception" in info else list(info.values())
    messages = [str(entry.get("exception_message")) for entry in raised if entry.get("raised_exception")]
    if not messages:
        return ""
    return "the expectation could not be worked out: " + messages[0].splitlines()[0]


def _read_result(
    expectation: Expectation, result: Mapping[str, Any], frame: pd.DataFrame
) -> tuple[int, list[Fault]]:
    found = result["result"]
    if expectation.type == ROW_COUNT:
        return 1, [] if result["success"] else [Fault(None, found=f"{int(found['observed_value'])} rows")]
    applied = int(found["element_count"]) - (
        0 if expectation.type == NOT_NULL else int(found["missing_count"])
    )
    rule_field = RULES[expectation.rule_id].field
    named = rule_field if rule_field in expectation.columns else expectation.columns[0]
    positions = sorted(int(entry[_POSITION]) for entry in found.get("unexpected_index_list") or [])
    return applied, [Fault(place, named, _pair(expectation, frame, place, named)) for place in positions]


def _pair(expectation: Expectation, frame: pd.DataFrame, place: int, named: str) -> str:
    """For a rule on two columns, both values: the one at fault, then the one it is held against."""
    others = [name for name in expectation.columns if name != named]
    if not others:
        return ""
    row = frame.iloc[place]
    return f"{say(row[named], named)} ({FIELDS[others[0]].title}: {say(row[others[0]], others[0])})"


class _Engine:
    """Great Expectations on frames in memory: no files, no progress bars, no analytics."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        with warnings.catch_warnings():
            # Its dependencies import modules that Python deprecates (`sre_constants`, by pyparsing).
            warnings.simplefilter("ignore", DeprecationWarning)
            import great_expectations as gx
            from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")
        self._suite = gx.ExpectationSuite

    def suite(self, expectations: list[dict[str, Any]]) -> Any:
        return self._suite(name="suite", expectations=expectations)

    def validate(self, suite: Any, frame: pd.DataFrame) -> Any:
        wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": [_POSITION]}
        return self._batches.get_batch({"dataframe": frame}).validate(suite, result_format=wanted)


@cache
def _engine() -> _Engine:
    return _Engine()

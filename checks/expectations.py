"""Suites judged by Great Expectations: every combination of values once, every row by its combination.

The only module that imports Great Expectations, and only when a suite is run (4 s, 250 MB).
Does not belong here: reading suites (`checks.registry`), pure rules, verdicts (`checks.runner`).

What an expectation says of a row follows from the values it reads in that row, and so it is asked of one row
of every combination of them; uniqueness and the number of rows are asked of the whole table. Nothing here
repeats a condition: Great Expectations alone decides, and its counts must fit those made here.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from checks.evidence import say
from checks.judgement import Fault, Judgement, broken_by, could_not
from checks.registry import NOT_NULL, ROW_COUNT, UNIQUE, Expectation
from kcc_etl.exceptions import CheckError
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES


@dataclass(frozen=True)
class _Rows:
    """What some expectations read: one row of each combination of values, and the combination of each row."""

    judged: pd.DataFrame
    combination: np.ndarray[Any, np.dtype[np.int64]]
    missing: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass
class _Tally:
    """What the expectations of one rule have said so far."""

    applied: int = 0
    faults: dict[tuple[int | None, str], Fault] = field(default_factory=dict)
    error: Judgement | None = None


def judge_suite(
    suite: tuple[Expectation, ...], frame: pd.DataFrame, withheld: Mapping[str, str]
) -> dict[str, Judgement]:
    """One judgement a rule; a row is at fault when any expectation of the rule says so.

    `frame` has rows numbered from 0; `withheld` says why columns are not in it. Raises CheckError for a suite
    of which Great Expectations drops or alters anything.
    """
    tallies = {expectation.rule_id: _Tally() for expectation in suite}
    for of_columns in _by_columns(suite):
        built, columns = load(of_columns), of_columns[0].columns
        lost = [name for name in columns if name not in frame.columns]
        try:
            if lost:
                raise KeyError(withheld.get(lost[0], lost[0]))
            rows = _rows(frame, columns, whole=of_columns[0].type in (UNIQUE, ROW_COUNT))
            results = _results(built, of_columns, rows.judged)
            for expectation, result in zip(of_columns, results, strict=True):
                _add(tallies[expectation.rule_id], expectation, result, rows)
        except CheckError:
            raise
        except Exception as error:
            # Great Expectations raises what its dependencies raise; these rules have no answer then.
            for expectation in of_columns:
                tallies[expectation.rule_id].error = broken_by(error)
    return {
        rule_id: tally.error or Judgement(tally.applied, tuple(tally.faults.values()))
        for rule_id, tally in tallies.items()
    }


def _by_columns(suite: tuple[Expectation, ...]) -> list[tuple[Expectation, ...]]:
    """Expectations that can be asked of the same rows, together; the order of the suite within each."""
    together: dict[tuple[object, ...], list[Expectation]] = {}
    for expectation in suite:
        whole = expectation.type in (UNIQUE, ROW_COUNT)
        together.setdefault((whole, *expectation.columns), []).append(expectation)
    return [tuple(expectations) for expectations in together.values()]


def _rows(frame: pd.DataFrame, columns: tuple[str, ...], *, whole: bool) -> _Rows:
    missing = frame[list(columns)].isna().any(axis=1).to_numpy(dtype=bool)
    number = first = np.arange(len(frame), dtype=np.int64)
    if not whole:
        number = np.zeros(len(frame), dtype=np.int64)
        for name in columns:
            codes, values = pd.factorize(frame[name], use_na_sentinel=False)
            number, _ = pd.factorize(number * max(len(values), 1) + codes)
        # Combinations are numbered as they first come, so their first rows are in the order of numbers.
        first = np.flatnonzero(~pd.Series(number).duplicated().to_numpy())
    return _Rows(frame[list(columns)].iloc[first].reset_index(drop=True), number, missing)


def _add(tally: _Tally, expectation: Expectation, result: Mapping[str, Any], rows: _Rows) -> None:
    if error := _exception(result):
        tally.error = could_not("Great Expectations cannot compare the values", error)
        return
    found = result["result"]
    if expectation.type == ROW_COUNT:
        tally.applied = max(tally.applied, 1)
        if not result["success"]:
            tally.faults[None, ""] = Fault(None, found=f"{int(found['observed_value'])} rows")
        return
    _hold_against(expectation, found, rows)
    absent = 0 if expectation.type == NOT_NULL else int(rows.missing.sum())
    tally.applied = max(tally.applied, len(rows.combination) - absent)
    at_fault = np.zeros(len(rows.judged), dtype=bool)
    at_fault[found.get("unexpected_index_list") or []] = True
    for fault in _faults(expectation, rows, at_fault):
        tally.faults.setdefault((fault.position, fault.field), fault)


def _hold_against(expectation: Expectation, found: Mapping[str, Any], rows: _Rows) -> None:
    """Great Expectations was given every combination and left out those with a missing value, no other."""
    named = len(found.get("unexpected_index_list") or [])
    missing = 0 if expectation.type == NOT_NULL else int(rows.judged.isna().any(axis=1).sum())
    counted = (
        int(found["element_count"]),
        0 if expectation.type == NOT_NULL else int(found["missing_count"]),
        int(found["unexpected_count"]),
    )
    if counted != (len(rows.judged), missing, named):
        raise ValueError(
            f"Great Expectations counts {counted[0]} values, {counted[1]} missing and {counted[2]} at fault; "
            f"it was given {len(rows.judged)}, {missing} missing, and names {named} at fault"
        )


def _faults(expectation: Expectation, rows: _Rows, at_fault: np.ndarray[Any, Any]) -> list[Fault]:
    """The rows whose combination is at fault. Of a rule on two columns both values are told."""
    rule_field = RULES[expectation.rule_id].field
    named = rule_field if rule_field in expectation.columns else expectation.columns[0]
    others = [name for name in expectation.columns if name != named]
    told = dict.fromkeys(np.flatnonzero(at_fault), "")
    if others:
        title, judged = FIELDS[others[0]].title, rows.judged[at_fault]
        pairs = zip(told, judged[named], judged[others[0]], strict=True)
        told = {at: f"{say(one, named)} ({title}: {say(two, others[0])})" for at, one, two in pairs}
    places = np.flatnonzero(at_fault[rows.combination])
    return [
        Fault(int(place), named, told[combination])
        for place, combination in zip(places, rows.combination[places], strict=True)
    ]


def _results(built: Any, suite: tuple[Expectation, ...], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Results in the order of the suite."""
    validated = _engine().validate(built, frame)
    by_place = {result.expectation_config.meta["place"]: result for result in validated.results}
    if lost := [e.rule_id for place, e in enumerate(suite) if place not in by_place]:
        raise _refused(f"gives no result for {', '.join(lost)}")
    return [
        {"success": r.success, "result": r.result or {}, "exception_info": r.exception_info or {}}
        for r in (by_place[place] for place in range(len(suite)))
    ]


def load(suite: tuple[Expectation, ...]) -> Any:
    """The suite as Great Expectations holds it. Raises CheckError when it is not whole.

    An expectation whose type it does not know, or whose configuration it cannot read, it drops with no more
    than a line in the log; what it takes in it may read as something else.
    """
    configured = [
        {"type": e.type, "kwargs": dict(e.kwargs), "meta": {"rule_id": e.rule_id, "place": place}}
        for place, e in enumerate(suite)
    ]
    try:
        built = _engine().suite(configured)
    except Exception as error:
        # Whatever it says of a suite, the suite is at fault and nothing has been judged.
        raise _refused(f"refuses a suite: {str(error).splitlines()[0]}") from error
    kept = {expectation.meta["place"]: expectation for expectation in built.expectations}
    if lost := sorted({e.rule_id for place, e in enumerate(suite) if place not in kept}):
        raise _refused(f"dropped expectations of {', '.join(lost)} from a suite of {len(suite)}")
    read = [{name: getattr(kept[place], name) for name in e.kwargs} for place, e in enumerate(suite)]
    if other := [e.rule_id for e, kwargs in zip(suite, read, strict=True) if kwargs != dict(e.kwargs)]:
        raise _refused(f"reads other arguments than are given for {', '.join(other)}")
    return built


def _refused(what: str) -> CheckError:
    return CheckError(
        f"Great Expectations {what}",
        expected="every expectation of the suite loads",
        remedy="Correct the suite in checks/suites",
    )


def _exception(result: Mapping[str, Any]) -> str:
    info = result["exception_info"]
    raised = [info] if "raised_exception" in info else list(info.values())
    messages = [str(entry.get("exception_message")) for entry in raised if entry.get("raised_exception")]
    return messages[0].splitlines()[0] if messages else ""


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
        # Faults are told by index; to have them told by a column takes it a hundred times as long.
        whole = {"result_format": "COMPLETE"}
        return self._batches.get_batch({"dataframe": frame}).validate(suite, result_format=whole)


@cache
def _engine() -> _Engine:
    return _Engine()

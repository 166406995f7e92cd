"""Which rule is judged by what: suites read as data and held against the dictionary, pure rules by id.

Does not belong here: running either (`checks.runner`); what a rule says (`kcc_etl.schema.rules`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from checks.rules import (
    agreed,
    assessments,
    changes,
    code_sets,
    coherence,
    compliance,
    control,
    decisions,
    disclosed,
    districts,
    notice_facts,
    notices,
    over_time,
    payment_patterns,
    payments,
    publications,
    quantities,
    ratings,
    redactions,
    register,
    returns,
    section_70,
    suppliers,
    targets,
    version_changes,
    waivers,
    wholeness,
)
from checks.rules.outcome import Judge
from kcc_etl.exceptions import CheckError
from kcc_etl.schema.rules import RULES, Rule
from kcc_etl.schema.tables import TABLES

_MODULES = (
    agreed,
    assessments,
    changes,
    code_sets,
    coherence,
    compliance,
    control,
    decisions,
    disclosed,
    districts,
    notice_facts,
    notices,
    over_time,
    payment_patterns,
    payments,
    publications,
    quantities,
    ratings,
    redactions,
    register,
    returns,
    section_70,
    suppliers,
    targets,
    version_changes,
    waivers,
    wholeness,
)

ROW_COUNT = "expect_table_row_count_to_be_between"
"""Asked of register, payments and spend, which are empty only when a file is lost (CR-016, SP-013, PB-007).
Others may lawfully be empty: a quarter may have no notice, decision or payment over £30,000, and a return
that is due and missing is rule RT-012's. A rule on rows is not applicable to an empty table, never passed.
"""
NOT_NULL = "expect_column_values_to_not_be_null"
UNIQUE = "expect_column_values_to_be_unique"
_EITHER = "either_value_is_missing"
COLUMN_KEYS = ("column", "column_A", "column_B")

TYPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    ROW_COUNT: (frozenset(), frozenset({"min_value", "max_value"})),
    NOT_NULL: (frozenset({"column"}), frozenset()),
    UNIQUE: (frozenset({"column"}), frozenset()),
    "expect_column_values_to_be_in_set": (frozenset({"column", "value_set"}), frozenset()),
    "expect_column_values_to_be_between": (
        frozenset({"column"}),
        frozenset({"min_value", "max_value", "strict_min", "strict_max"}),
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        frozenset({"column_A", "column_B", "ignore_row_if"}),
        frozenset({"or_equal"}),
    ),
}
"""Types of expectation the runner knows how to read, each with the arguments it must and may have."""


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite: its Great Expectations type and arguments, and the rule it serves."""

    type: str
    kwargs: Mapping[str, object]
    rule_id: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads; none for an expectation about the whole table."""
        return tuple(str(self.kwargs[key]) for key in COLUMN_KEYS if key in self.kwargs)


Suites = Mapping[str, tuple[Expectation, ...]]


def rules_of(table: str, stage: str = "check") -> tuple[Rule, ...]:
    """The rules of a table and stage, by id."""
    return tuple(RULES[i] for i in sorted(RULES) if RULES[i].table == table and RULES[i].stage == stage)


def checked_tables() -> tuple[str, ...]:
    """Tables that have check-stage rules, in the order of the dictionary."""
    return tuple(table for table in TABLES if rules_of(table))


@cache
def suites() -> Suites:
    """The suites of this package by table. Raises CheckError with every fault in them."""
    return read_suites(files("checks").joinpath("suites"))


@cache
def judges() -> Mapping[str, Judge]:
    """The pure rules by id. Raises CheckError for an id that two modules claim or a suite has already."""
    served = {expectation.rule_id for suite in suites().values() for expectation in suite}
    return join_judges([module.JUDGES for module in _MODULES], served)


def join_judges(parts: Iterable[Mapping[str, Judge]], served: Iterable[str]) -> dict[str, Judge]:
    """Pure rules of several modules as one; `served` are the rules that suites judge already."""
    found: dict[str, Judge] = {}
    taken = set(served)
    faults = []
    for part in parts:
        for rule_id, judge in part.items():
            if rule_id in taken:
                faults.append(f"{rule_id} is judged twice")
            if rule_id not in RULES or RULES[rule_id].stage != "check":
                faults.append(f"{rule_id} is no check-stage rule of the catalogue")
            taken.add(rule_id)
            found[rule_id] = judge
    _refuse(faults)
    return found


def read_suites(folder: Traversable) -> dict[str, tuple[Expectation, ...]]:
    """Every suite of a folder by table. Raises CheckError that lists every fault of every file."""
    found: dict[str, tuple[Expectation, ...]] = {}
    owner: dict[str, str] = {}
    faults: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".json"):
            continue
        table = file.name.removesuffix(".json")
        raw = _parse(file, faults)
        suite_faults = [fault for place, item in enumerate(raw, 1) for fault in _faults(table, item, place)]
        faults += [f"{file.name}, {fault}" for fault in suite_faults]
        if suite_faults:
            continue
        found[table] = tuple(Expectation(i["type"], i["kwargs"], i["meta"]["rule_id"]) for i in raw)
        faults += [f"{file.name}: an expectation is given twice" for _ in _repeats(found[table])]
        for rule_id in sorted({expectation.rule_id for expectation in found[table]}):
            if owner.setdefault(rule_id, file.name) != file.name:
                faults.append(f"{file.name}: {rule_id} is in {owner[rule_id]} already")
    _refuse(faults)
    return found


def _parse(file: Traversable, faults: list[str]) -> list[dict[str, Any]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        faults.append(f"{file.name} is not JSON: {error}")
        return []
    listed = content.get("expectations") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not listed:
        faults.append(f"{file.name} has no list of expectations")
        return []
    if file.name.removesuffix(".json") not in TABLES:
        faults.append(f"{file.name} is named after no table of the dictionary")
        return []
    return listed


def _repeats(suite: tuple[Expectation, ...]) -> list[Expectation]:
    return [expectation for place, expectation in enumerate(suite) if expectation in suite[:place]]


def _faults(table: str, item: object, place: int) -> Iterator[str]:
    where = f"expectation {place}"
    if (
        not isinstance(item, dict)
        or not isinstance(item.get("kwargs"), dict)
        or not isinstance(item.get("meta"), dict)
    ):
        yield f"{where} lacks type, kwargs or meta"
        return
    kind, kwargs, rule_id = item.get("type"), item["kwargs"], item["meta"].get("rule_id")
    rule = RULES.get(str(rule_id))
    if rule is None:
        yield f"{where}: {rule_id} is no rule of the catalogue"
    elif rule.table != table or rule.stage != "check":
        yield f"{where}: {rule_id} is no check-stage rule of {table}"
    if kind not in TYPES:
        yield f"{where}: {kind} is no type of expectation that is read here"
        return
    required, optional = TYPES[kind]
    for name in sorted(required - kwargs.keys()):
        yield f"{where}: {kind} needs {name}"
    for name in sorted(kwargs.keys() - required - optional):
        yield f"{where}: {kind} knows no {name}"
    for name in COLUMN_KEYS:
        if name in kwargs and kwargs[name] not in TABLES[table].columns:
            yield f"{where}: {kwargs[name]} is no column of {table}"
    for fault in _vacuous(kwargs, optional):
        yield f"{where}: {kind} {fault}"


def _vacuous(kwargs: Mapping[str, Any], optional: frozenset[str]) -> Iterator[str]:
    """Arguments that Great Expectations takes though with them nothing, or everything, is at fault."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if "min_value" in optional and low is None and high is None:
        yield "needs min_value or max_value"
    for name in ("min_value", "max_value"):
        if not _is_bound(kwargs.get(name)):
            yield f"needs a number or a day such as 2026-04-01 as its {name}, not {kwargs[name]!r}"
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield f"has a min_value of {low} above its max_value of {high}"
    values = kwargs.get("value_set", [None])
    if not isinstance(values, list) or not values or len(values) != len({str(value) for value in values}):
        yield "needs a value_set of one value or more, each once"
    if kwargs.get("ignore_row_if", _EITHER) != _EITHER:
        yield f"needs an ignore_row_if of {_EITHER}"


def _is_bound(value: object) -> bool:
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _refuse(faults: list[str]) -> None:
    if faults:
        raise CheckError(
            "The checks contradict the catalogue: " + "; ".join(faults),
            expected="every check-stage rule judged once, by a suite or a pure rule, on columns of its table",
            remedy="Correct the suite in checks/suites or the rule in checks/rules",
        )

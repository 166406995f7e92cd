"""What parameters must be among themselves: codes that exist, figures in order, adoption that is recorded.

Does not belong here: types and limits of single figures (`toml_reader`), the edges of bands (`bands`).

Every check takes what of its file could be read, so that one fault does not hide another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any, get_args

from kcc_etl.parameters.bands import Bands
from kcc_etl.parameters.base import Sourced
from kcc_etl.parameters.classes import CLASSES
from kcc_etl.parameters.measures import Measure, Measures
from kcc_etl.parameters.model import Policy
from kcc_etl.parameters.monitoring import (
    DeliveryPlan,
    Escalation,
    Overrides,
    PerformanceRating,
    Returns,
    SmallNumbers,
)
from kcc_etl.parameters.questions import ComplexityColumn, Questions, RiskColumn
from kcc_etl.parameters.toml_reader import Faults

Tables = Mapping[str, Any]
"""The tables of one file that could be read, by name."""
Fault = tuple[str, str]
"""A key and what is wrong with it."""


def check_policy(tables: Tables, faults: Faults) -> None:
    """Record every way in which an edition of the policy contradicts itself, the edges of bands apart."""
    for key, sentence in (
        *_scoring(tables),
        *_bands_named(tables),
        *_dates(tables),
        *(fault for table in tables.values() for fault in _inside(table)),
    ):
        faults.add(key, sentence)
    check_approval(tables, faults)


def _scoring(tables: Tables) -> Iterator[Fault]:
    scoring, assurance = tables.get("scoring"), tables.get("assurance")
    if scoring and scoring.low_to >= scoring.medium_to:
        yield "scoring.medium_to", f"is {scoring.medium_to}. Expected more than low_to"
    if assurance and sorted(level.risk for level in assurance.level) != sorted(CLASSES):
        risks = ", ".join(sorted(level.risk for level in assurance.level)) or "nothing"
        yield "assurance.level", f"is for {risks}. Expected low, medium, high once"


def _bands_named(tables: Tables) -> Iterator[Fault]:
    """Bands that other tables name and there are not."""
    bands: Bands | None = tables.get("bands")
    named = {
        f"{name}.{key}": getattr(tables[name], key)
        for name, key in (
            ("light_activity", "from_band"),
            ("hours", "from_band"),
            ("carbon", "from_band"),
            ("class_labels", "high_value_from_band"),
        )
        if name in tables
    }
    aggregation = tables.get("aggregation")
    if aggregation:
        floors = [floor.from_pence for floor in aggregation.floor]
        yield from _rising("aggregation.floor", floors, ".from_pence")
        for place, floor in enumerate(aggregation.floor, start=1):
            named[f"aggregation.floor[{place}].band"] = floor.band
    for key, code in named.items():
        if bands and code not in bands.codes:
            yield key, f"is {code!r}. Expected one of {', '.join(bands.codes)}"


def _dates(tables: Tables) -> Iterator[Fault]:
    about = tables.get("about")
    for name, table in tables.items():
        if about and table.effective_from > about.effective_from:
            yield f"{name}.effective_from", f"is after that of the edition, {about.effective_from}"


def _inside(table: object) -> Iterable[Fault]:
    """What one table must be in itself."""
    match table:
        case Questions():
            return (
                *_once("questions.risk", [q.column for q in table.risk], get_args(RiskColumn)),
                *_once(
                    "questions.complexity", [q.column for q in table.complexity], get_args(ComplexityColumn)
                ),
            )
        case Returns():
            return _rising("returns.reminder_days", table.reminder_days)
        case Escalation():
            return _rising("escalation.step", [step.days_late for step in table.step], ".days_late")
        case DeliveryPlan():
            return _least(
                "delivery_plan.total_weeks", table.total_weeks, table.due_weeks + table.review_weeks
            )
        case PerformanceRating():
            return _falling(table)
        case SmallNumbers():
            return _least("small_numbers.suppress_to", table.suppress_to, table.suppress_from)
        case Overrides():
            return _overrides(table)
    return ()


def _once(key: str, found: Sequence[str], expected: Sequence[str]) -> Iterator[Fault]:
    for name in expected:
        if name not in found:
            yield key, f"lacks {name}. Expected each of {', '.join(expected)} once"


def _rising(key: str, numbers: Sequence[int], inner: str = "") -> Iterator[Fault]:
    """Numbers that are not more than the one before; `inner` is their key where they stand in tables."""
    for place, (before, here) in enumerate(pairwise(numbers), start=2):
        if here <= before:
            yield f"{key}[{place}]{inner}", f"is {here}, after {before}. Expected rising numbers"


def _least(key: str, found: int, least: int) -> Iterator[Fault]:
    if found < least:
        yield key, f"is {found}. Expected {least} or more"


def _falling(table: PerformanceRating) -> Iterator[Fault]:
    if table.approaching_from_pct >= table.good_from_pct:
        yield "performance_rating.approaching_from_pct", "is not less than good_from_pct"
    if table.requires_improvement_from_pct >= table.approaching_from_pct:
        yield "performance_rating.requires_improvement_from_pct", "is not less than approaching_from_pct"


def _overrides(table: Overrides) -> Iterator[Fault]:
    for role in sorted(set(table.roles_within_limit) & set(table.roles_without_limit)):
        yield "overrides.roles_without_limit", f"has {role!r}, which is in roles_within_limit as well"
    if not table.roles_without_limit:
        yield "overrides.roles_without_limit", "is empty. Expected at least one role"
    if not table.reason_codes:
        yield "overrides.reason_codes", "is empty. Expected at least one reason"
    for place, code in enumerate(table.reason_codes):
        if code in table.reason_codes[:place]:
            yield f"overrides.reason_codes[{place + 1}]", f"is {code!r}, as one before it. Expected each once"


def check_measures(table: Measures, faults: Faults) -> None:
    """Record every way in which the measures contradict themselves."""
    if not table.measure:
        faults.add("measures.measure", "has no measure. Expected at least one")
    check_unique("measures.measure", [measure.code for measure in table.measure], faults, ".code")
    for place, measure in enumerate(table.measure, start=1):
        if "|" in measure.code:
            faults.add(f"measures.measure[{place}].code", f"is {measure.code!r}. Expected a code without |")
        key = f"measures.measure[{place}].fixed_quantity"
        if measure.computed == "fixed" and measure.fixed_quantity is None:
            faults.add(key, "is missing although computed is fixed")
        if measure.computed != "fixed" and measure.fixed_quantity is not None:
            faults.add(key, f"is given although computed is {measure.computed}")
        for key, sentence in _counting(f"measures.measure[{place}]", measure, table):
            faults.add(key, sentence)


def _counting(path: str, measure: Measure, table: Measures) -> Iterator[Fault]:
    """Counting rules of one measure that cannot hold."""
    if measure.counted_once and measure.counting == "level":
        yield f"{path}.counted_once", "is true although counting is level"
    others = [other.code for other in table.measure if other.code != measure.code]
    for place, code in enumerate(measure.not_together_with, start=1):
        if code not in others:
            yield (
                f"{path}.not_together_with[{place}]",
                f"is {code!r}. Expected the code of another measure",
            )


def check_statutory(tables: Tables, faults: Faults) -> None:
    """Record every way in which the figures of the law contradict themselves."""
    thresholds = tables.get("thresholds")
    days = [row.effective_from for row in thresholds.row] if thresholds else []
    if thresholds and (not days or days != sorted(set(days))):
        faults.add("thresholds.row", "is empty or out of order. Expected rising dates")


def check_outcodes(tables: Tables, faults: Faults) -> None:
    """Record outcodes that stand in two places, belong to no area of the county, or reach no district."""
    table = tables.get("kent")
    if table is None:
        return
    listed = [*table.inside, *table.across, *table.outside]
    for code, times in Counter(listed).items():
        if times > 1:
            faults.add("kent", f"has the outcode {code!r} {times} times. Expected once")
    for code in listed:
        if _area(code) not in table.areas_of_kent:
            faults.add("kent", f"has the outcode {code!r}. Expected one of {', '.join(table.areas_of_kent)}")
    for code in (code for code, districts in table.inside.items() if not districts):
        faults.add(f"kent.inside.{code}", "is empty. Expected the districts that the outcode reaches")
    for area in (area for area in table.areas_of_kent if area not in table.areas):
        faults.add("kent.areas", f"lacks {area}, which is one of areas_of_kent")


def _area(outcode: str) -> str:
    """The letters that an outcode begins with."""
    return "".join(takewhile(str.isalpha, outcode))


def check_materiality(tables: Tables, faults: Faults) -> None:
    """Record rules on changes that say two things of one pattern, or leave a key without a class."""
    table = tables.get("materiality")
    if table is None:
        return
    check_unique("materiality.rule", [rule.keys for rule in table.rule], faults, ".keys")
    if not table.rule or table.rule[-1].keys != "*":
        faults.add("materiality.rule", "has no last rule for every other key. Expected keys = '*' at the end")


def check_approval(tables: Tables, faults: Faults, *, of_the_law: bool = False) -> None:
    """Record tables that claim to be adopted without saying by whom, or to be law outside the file of it."""
    for name, table in tables.items():
        if not isinstance(table, Sourced):
            continue
        if table.status == "policy" and not table.approved_by.strip():
            faults.add(f"{name}.approved_by", "is empty although status is policy. Expected who approved it")
        if table.status == "law" and not of_the_law:
            faults.add(
                f"{name}.status", "is 'law'. Expected policy or assumption: only statutory.toml is law"
            )


def check_editions(editions: Sequence[tuple[Policy, Faults]]) -> None:
    """Record editions that begin on the same day as another, and what to do."""
    for policy, faults in editions:
        others = [one.file for edition, one in editions if edition.effective_from == policy.effective_from]
        others.remove(faults.file)
        if others:
            faults.add(
                "about.effective_from",
                f"is {policy.effective_from}, as in {' and '.join(others)}. Expected a day of its own: put "
                "the day the new edition begins in each table, or give the file the name of the edition it "
                "is to replace",
            )


def check_unique(key: str, codes: Sequence[str], faults: Faults, inner: str = "") -> None:
    """Record codes that were given before; `inner` is their key in each table of the list."""
    for place, code in enumerate(codes):
        if code in codes[:place]:
            faults.add(f"{key}[{place + 1}]{inner}", f"is {code!r}, as one before it. Expected each once")

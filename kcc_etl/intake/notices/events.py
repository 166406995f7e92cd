"""What happens to a contract, as a release tells it: indicators, assessments, changes, the end, failures.

Does not belong here: the contract itself (`notices.rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcc_etl.intake.cells.json_parts import JsonObject, count, flag, joined, objects, part, pence, prose, text
from kcc_etl.intake.cells.values import Unreadable, read_boolean, read_date

Row = dict[str, object]

ENDED = frozenset({"cancelled", "terminated", "unsuccessful", "withdrawn"})


class Days:
    """Reads days; `odd` gathers what stands for a date and is none, each with its path."""

    def __init__(self) -> None:
        self.odd: list[tuple[str, object]] = []

    def day(self, parent: JsonObject, name: str, path: str = "") -> date | None:
        """The day of a timestamp in Kent."""
        value = parent.get(name)
        if value is None or value == "":
            return None
        day = read_date(value) if isinstance(value, str) else Unreadable.CELL
        if isinstance(day, Unreadable):
            self.odd.append((f"{path}/{name}".lstrip("/"), value))
            return None
        return day

    def span(self, period: JsonObject, path: str) -> Row:
        """First, last and latest day of a period."""
        return {
            "start_on": self.day(period, "startDate", path),
            "end_on": self.day(period, "endDate", path),
            "max_end_on": self.day(period, "maxExtentDate", path),
        }

    def observed(self, parent: JsonObject, path: str) -> Row:
        """The period that an assessment or a failure is about."""
        period = part(parent, "period")
        return {
            "observed_from_on": self.day(period, "startDate", f"{path}/period"),
            "observed_to_on": self.day(period, "endDate", f"{path}/period"),
        }


POUNDS = "GBP"


def currency_of(value: JsonObject) -> str | None:
    """The currency of a value as published, pounds always as GBP; None when it names none."""
    named = text(value.get("currency"))
    return POUNDS if named is not None and named.upper() == POUNDS else named


def amounts(value: JsonObject) -> Row:
    """Both amounts as published: one that is published including VAT only stays so."""
    return {
        "value_ex_vat_pence": pence(value.get("amount")),
        "value_inc_vat_pence": pence(value.get("amountGross")),
    }


def indicators(contract: JsonObject) -> Iterator[Row]:
    """Key performance indicators that a contract details notice sets, with how often they are reported."""
    for metric in objects(contract, "agreedMetrics"):
        every = next((o for o in objects(metric, "observations") if o.get("id") == "frequency"), {})
        period = part(every, "period")
        yield {
            **_of_indicator(metric),
            "frequency_months": count(period.get("durationInMonths")),
            "frequency_days": count(period.get("durationInDays")),
        }


def assessments(contract: JsonObject, where: str, days: Days) -> Iterator[Row]:
    """Assessments that a performance notice publishes: one for each observation of an indicator."""
    path = f"{where}/implementation/metrics/observations"
    for metric in objects(part(contract, "implementation"), "metrics"):
        for observation in objects(metric, "observations") or [{}]:
            rating = part(observation, "measureClassification")
            yield {
                **_of_indicator(metric),
                **days.observed(observation, path),
                "observed": prose(observation.get("measure")),
                "rating": text(rating.get("id")),
                "rating_description": prose(rating.get("description")),
            }


def changes(contract: JsonObject, where: str, days: Days, *, is_change_notice: bool) -> Iterator[Row]:
    """Changes made and intended; an amendment without a reason, outside UK10, corrects the notice."""
    for name in ("amendments", "proposedAmendments"):
        path = f"{where}/{name}"
        for change in objects(contract, name):
            reasoned = change.get("rationale") or change.get("rationaleClassifications")
            made = "made" if is_change_notice or reasoned else "correction"
            yield {
                "change_kind": made if name == "amendments" else "intended",
                "change_id": text(change.get("id")),
                "changed_on": days.day(change, "date", path),
                "rationale": prose(change.get("rationale")) or prose(change.get("description")),
                "rationale_classes": _ids(change, "rationaleClassifications"),
                "has_standstill": flag(change.get("standstill")),
                **amounts(part(change, "value")),
                **days.span(part(change, "period"), f"{path}/period"),
                "has_renewal": flag(change.get("hasRenewal")),
                "above_threshold": flag(change.get("aboveThreshold")),
                "suppliers_added": _names(change, "suppliersAdded"),
                "suppliers_removed": _names(change, "suppliersRemoved"),
            }


def ends(told: JsonObject, scope: str, where: str, days: Days) -> Iterator[Row]:
    """How a contract, award or procurement ended, if it did; one that ran to its end is published as well."""
    inside = part(told, "implementation")
    classes = _ids(told, "terminationRationaleClassifications")
    if text(told.get("status")) not in ENDED and not classes and not inside.get("endDate"):
        return
    final = amounts(part(inside, "finalValue"))
    ended_on = days.day(inside, "endDate", f"{where}/implementation")
    yield {
        "end_scope": scope,
        "contract_status": text(told.get("status")),
        "end_reason": prose(told.get("statusDetails")),
        "end_classes": classes,
        "ended_on": ended_on or days.day(told, "finalStatusDate", where),
        "final_value_ex_vat_pence": final["value_ex_vat_pence"],
        "final_value_inc_vat_pence": final["value_inc_vat_pence"],
    }


def failures(contract: JsonObject, where: str, days: Days) -> Iterator[Row]:
    """Breaches and poor performance (Procurement Act 2023 s.71(5))."""
    path = f"{where}/implementation/performanceFailures"
    for failure in objects(part(contract, "implementation"), "performanceFailures"):
        penalty = amounts(part(failure, "penaltyValue"))
        yield {
            "failure_id": text(failure.get("id")),
            "failure_category": prose(failure.get("category")),
            "failure_description": prose(failure.get("description")),
            "failure_requirement": prose(failure.get("requirement")),
            **days.observed(failure, path),
            "decided_on": days.day(failure, "decisionDate", path),
            "penalty_on": days.day(failure, "penaltyDate", path),
            "penalty_type": text(failure.get("penaltyType")),
            "penalty_ex_vat_pence": penalty["value_ex_vat_pence"],
            "penalty_inc_vat_pence": penalty["value_inc_vat_pence"],
            "is_partial_termination": _yes_or_no(failure.get("partialTermination")),
            "supplier_name": _names(failure, "suppliers"),
        }


def _yes_or_no(value: object) -> bool | None:
    """An answer that one edition of the extension gives as a boolean, another as text; any words mean yes."""
    if not isinstance(value, str):
        return flag(value)
    answer = read_boolean(value)
    return True if isinstance(answer, Unreadable) else answer


def _of_indicator(metric: JsonObject) -> Row:
    return {
        "kpi_id": text(metric.get("id")),
        "kpi_title": prose(metric.get("title")),
        "kpi_description": prose(metric.get("description")),
    }


def _ids(parent: JsonObject, name: str) -> str | None:
    return joined(entry.get("id") for entry in objects(parent, name))


def _names(parent: JsonObject, name: str) -> str | None:
    return joined((entry.get("name") for entry in objects(parent, name)), "; ")

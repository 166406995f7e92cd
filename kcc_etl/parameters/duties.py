"""Day counts, exemptions and readings of the law that duties follow, as values, each with its source.

Does not belong here: thresholds (`kcc_etl.parameters.statutory`), what follows for a contract
(`kcc_etl.domain.duties`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.base import Amount, Limits, Sourced
from kcc_etl.parameters.consistency import check_approval
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.parameters.toml_reader import Faults, parts

DUTIES = "duties.toml"

Percentage = Annotated[int, Limits(least=1, most=100)]


@dataclass(frozen=True)
class AwardNotice(Sourced):
    """Working days between the contract award notice and the contract."""

    standstill_working_days: Amount


@dataclass(frozen=True)
class Days(Sourced):
    """A count of days that begins with the day of the event."""

    days: Amount


@dataclass(frozen=True)
class Assessment(Sourced):
    """Months in which performance is assessed at least once; required from `effective_from` on."""

    months: Amount


@dataclass(frozen=True)
class AssessmentReading(Sourced):
    """How the twelve months are counted, and by when the assessment on termination is published."""

    due_by: Literal["day before anniversary", "anniversary"]
    counted_from: Literal["contract entry", "commencement"]
    days_after_termination: Amount


@dataclass(frozen=True)
class Change(Sourced):
    """Strictly above which changes a notice comes first, and from what value a copy follows."""

    value_percent: Percentage
    works_value_percent: Percentage
    term_percent: Percentage
    copy_above_pence: Amount
    copy_days: Amount


@dataclass(frozen=True)
class ChangeReading(Sourced):
    """How the two dimensions of a change, planned extensions and split changes are read."""

    notify_if: Literal["either", "both"]
    planned_extension: Literal["counts", "does not count"]
    added_together: bool


@dataclass(frozen=True)
class Records(Sourced):
    """Years, beginning with the day the contract was entered into, for which records are kept."""

    years: Amount


@dataclass(frozen=True)
class PaymentsComplianceReading(Sourced):
    """First day of the first reporting period."""

    first_period_from: date


@dataclass(frozen=True)
class PipelineReading(Sourced):
    """Whether the council expects to pay over the authority's threshold in a coming year."""

    expects_to_pay_over: bool


@dataclass(frozen=True)
class CodeReading(Sourced):
    """Months after a period at the end of which the sets of the Transparency Code are due."""

    months_after: Amount


@dataclass(frozen=True)
class SocialValueAct(Sourced):
    """From which day social value is considered before services are procured."""


@dataclass(frozen=True)
class SocialValueActReading(Sourced):
    """Whether the Act of 2012 reaches services below the threshold, and health services."""

    below_threshold_too: bool
    health_services_too: bool


@dataclass(frozen=True)
class NetValueReading(Sourced):
    """The most VAT that a net value may lack, and whether a limit it may reach counts as reached."""

    vat_percent: Percentage
    reaches_when_unsure: bool


@dataclass(frozen=True)
class SameDayReading(Sourced):
    """Whether publication on the day of an event counts as before it."""

    same_day_counts: bool


@dataclass(frozen=True)
class History(Sourced):
    """The day before which no duty is listed any more."""

    listed_from: date


@dataclass(frozen=True)
class DutyRules:
    """The file `duties.toml`."""

    award_notice: AwardNotice
    below_threshold_details: Days
    assessment: Assessment
    assessment_reading: AssessmentReading
    change: Change
    change_reading: ChangeReading
    termination: Days
    records: Records
    payments_compliance_reading: PaymentsComplianceReading
    pipeline_reading: PipelineReading
    transparency_code_reading: CodeReading
    social_value_act: SocialValueAct
    social_value_act_reading: SocialValueActReading
    net_value_reading: NetValueReading
    same_day_reading: SameDayReading
    history: History


@dataclass(frozen=True)
class Law:
    """What duties follow: the figures of the law and the rules of the duties."""

    statutory: Statutory
    rules: DutyRules


def read_duty_rules(text: str, name: str = DUTIES) -> DutyRules:
    """The rules that a text states. Raises ParameterError with every fault of the text and its line."""
    faults = Faults(name, text)
    tables = {}
    try:
        tables = parts(DutyRules, tomllib.loads(text), faults)
    except tomllib.TOMLDecodeError as error:
        faults.add_syntax(error)
    check_approval(tables, faults, of_the_law=True)
    if faults.found:
        number = "a fault" if len(faults.found) == 1 else f"{len(faults.found)} faults"
        raise ParameterError(
            f"The rules of the duties have {number}:\n  " + "\n  ".join(faults.found) + "\n",
            expected=f"the keys and figures of the shipped {DUTIES}",
            remedy="Correct the file named here; nothing was computed",
        )
    return DutyRules(**tables)


@cache
def shipped_duty_rules() -> DutyRules:
    """The rules that come with the program."""
    return read_duty_rules(resources.files("kcc_etl.parameters.law").joinpath(DUTIES).read_text("utf-8"))

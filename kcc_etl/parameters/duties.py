"""How what the law leaves open is read, as values, each a setting with its source.

Does not belong here: what the law states itself (`kcc_etl.parameters.statutory`), what follows for a contract
(`kcc_etl.domain.duties`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kcc_etl.parameters.base import Amount, Floor, Percentage, Sourced
from kcc_etl.parameters.statutory import Statutory


@dataclass(frozen=True)
class Days(Sourced):
    """A count of days that begins with the day of the event."""

    days: Amount


@dataclass(frozen=True)
class AssessmentReading(Sourced):
    """How the twelve months are counted, and by when the assessment on termination is published."""

    due_by: Literal["day before anniversary", "anniversary"]
    counted_from: Literal["contract entry", "commencement"]
    days_after_termination: Amount


@dataclass(frozen=True)
class ChangeReading(Sourced):
    """How the two dimensions of a change, planned extensions and split changes are read."""

    notify_if: Literal["either", "both"]
    planned_extension: Literal["counts", "does not count"]
    added_together: bool


@dataclass(frozen=True)
class PaymentsComplianceReading(Sourced):
    """First day of the first reporting period, and how disputes, unpaid sums and decimals are read."""

    first_period_from: date
    disputed: Literal["count", "do not count"]
    after_dispute: Literal["run on", "start again"]
    payable_on: Literal["first day", "last day"]
    unpaid_by: Literal["number", "value"]
    unpaid_invoices: Literal["listed", "not listed", "listed if any is"]
    decimals: Floor


@dataclass(frozen=True)
class Section70Reading(Sourced):
    """Which ledger lines are one payment, and which part of it is tested against the threshold."""

    one_payment: Literal["invoice", "payment number"]
    several_contracts: Literal["each share", "whole payment"]
    credits: Literal["taken off", "left out"]


@dataclass(frozen=True)
class PipelineReading(Sourced):
    """Whether the council expects to pay over the authority's threshold in a coming year."""

    expects_to_pay_over: bool


@dataclass(frozen=True)
class CodeReading(Sourced):
    """Months after a period at the end of which the sets of the Transparency Code are due."""

    months_after: Amount


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
class NoExpenditure:
    """One kind of ledger line that the Transparency Code does not count as expenditure.

    A line is of the kind when its ledger code is one of `ledger_codes`; or when its purpose has one of
    `purposes` as whole words and none of `unless`, and its payee is one of `payees`, where any are named.
    """

    code: str
    purposes: tuple[str, ...]
    unless: tuple[str, ...]
    payees: tuple[str, ...]
    ledger_codes: tuple[str, ...]


@dataclass(frozen=True)
class SpendExclusions(Sourced):
    """What is no expenditure by the Code, and how the council's ledger tells it."""

    kind: tuple[NoExpenditure, ...]


@dataclass(frozen=True)
class DutyRules:
    """The file `duties.toml`."""

    below_threshold_details: Days
    assessment_reading: AssessmentReading
    change_reading: ChangeReading
    payments_compliance_reading: PaymentsComplianceReading
    section_70_reading: Section70Reading
    pipeline_reading: PipelineReading
    transparency_code_reading: CodeReading
    spend_exclusions: SpendExclusions
    social_value_act_reading: SocialValueActReading
    net_value_reading: NetValueReading
    same_day_reading: SameDayReading
    history: History


@dataclass(frozen=True)
class Law:
    """What duties follow: the figures of the law, and how what it leaves open is read."""

    statutory: Statutory
    rules: DutyRules

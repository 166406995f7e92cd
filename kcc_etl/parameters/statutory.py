"""Figures of the law as values, each with its source.

Does not belong here: which contracts a duty reaches (`kcc_etl.domain`), policy (`kcc_etl.parameters.model`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kcc_etl.parameters.base import Amount, Floor, Percentage, Sourced


@dataclass(frozen=True)
class ProcurementAct(Sourced):
    """From which commencement day a procurement is under the Procurement Act 2023."""

    commenced_from: date


@dataclass(frozen=True)
class ThresholdRow:
    """Thresholds of a sub-central authority in pence including VAT, from a commencement day on."""

    effective_from: date
    goods_and_services_pence: Amount
    works_pence: Amount
    concession_pence: Amount
    light_touch_pence: Amount
    light_touch_concession_pence: Amount


@dataclass(frozen=True)
class Thresholds(Sourced):
    """Dated thresholds, earliest first."""

    row: tuple[ThresholdRow, ...]

    def on(self, commenced_on: date) -> ThresholdRow | None:
        """The thresholds of a procurement that commenced on a day; None before the first row."""
        rows = [row for row in self.row if row.effective_from <= commenced_on]
        return rows[-1] if rows else None


@dataclass(frozen=True)
class BelowThreshold(Sourced):
    """The value including VAT from which a below-threshold procurement is notifiable."""

    notifiable_pence: Amount


@dataclass(frozen=True)
class Kpi(Sourced):
    """Above which value including VAT key performance indicators are set, and how many."""

    above_pence: Amount
    least_kpis: Amount


@dataclass(frozen=True)
class ContractDetails(Sourced):
    """Days for the contract details notice and the copy of the contract."""

    days: Amount
    light_touch_days: Amount
    copy_above_pence: Amount
    copy_days: Amount
    light_touch_copy_days: Amount


@dataclass(frozen=True)
class AwardNotice(Sourced):
    """Working days of standstill between the contract award notice and the contract."""

    standstill_working_days: Amount


@dataclass(frozen=True)
class Assessment(Sourced):
    """Months in which performance is assessed at least once; required from `effective_from` on."""

    months: Amount


@dataclass(frozen=True)
class Change(Sourced):
    """Strictly above which changes a notice comes first, and from what value a copy follows."""

    value_percent: Percentage
    works_value_percent: Percentage
    term_percent: Percentage
    copy_above_pence: Amount
    copy_days: Amount


@dataclass(frozen=True)
class Records(Sourced):
    """Years, beginning with the day the contract was entered into, for which records are kept."""

    years: Amount


@dataclass(frozen=True)
class Term(Sourced):
    """A term of days for one duty."""

    days: Amount


@dataclass(frozen=True)
class PromptPayment(Sourced):
    """Days of the term that contracts imply, and the last days of the first two bands of days to pay."""

    term_days: Amount
    first_band_to: Amount
    second_band_to: Amount


@dataclass(frozen=True)
class Section70(Sourced):
    """Payments of more than an amount including VAT, procurement commenced from a day on, are published."""

    above_pence: Amount
    commenced_from: date
    days: Amount


@dataclass(frozen=True)
class Pipeline(Sourced):
    """Above which values including VAT the pipeline notice is due, and its days from 1 April."""

    contract_above_pence: Amount
    authority_above_pence: Amount
    days: Amount


@dataclass(frozen=True)
class TransparencyCode(Sourced):
    """Floors of the published spend and register, in pence excluding VAT; strictly above is published."""

    spend_above_pence: Floor
    contract_above_pence: Floor


@dataclass(frozen=True)
class SmallByAct(Sourced):
    """A small or medium-sized enterprise of the Act: staff, and turnover or balance sheet in pence."""

    fewer_staff_than: Amount
    turnover_at_most_pence: Amount
    balance_sheet_at_most_pence: Amount


@dataclass(frozen=True)
class SmallByCode(Sourced):
    """A small or medium-sized enterprise of the Transparency Code: few employees, whatever its turnover."""

    fewer_staff_than: Amount


@dataclass(frozen=True)
class Statutory:
    """Everything the law sets that this program uses."""

    procurement_act: ProcurementAct
    thresholds: Thresholds
    below_threshold: BelowThreshold
    kpi: Kpi
    award_notice: AwardNotice
    contract_details: ContractDetails
    prompt_payment: PromptPayment
    payments_compliance: Term
    section_70: Section70
    contract_performance: Term
    assessment: Assessment
    change: Change
    termination: Term
    records: Records
    pipeline: Pipeline
    transparency_code: TransparencyCode
    small_by_act: SmallByAct
    small_by_code: SmallByCode

    def threshold_inc_vat_pence(self, kind: str, commenced_on: date) -> int | None:
        """The value including VAT from which a contract is a public contract.

        `kind` is goods, services, works, light_touch, concession or light_touch_concession; None for any
        other kind and for a procurement that commenced before the Act. Source: PA23 s.3, Schedule 1.
        """
        row = self.thresholds.on(commenced_on)
        if row is None:
            return None
        return {
            "goods": row.goods_and_services_pence,
            "services": row.goods_and_services_pence,
            "works": row.works_pence,
            "concession": row.concession_pence,
            "light_touch": row.light_touch_pence,
            "light_touch_concession": row.light_touch_concession_pence,
        }.get(kind)

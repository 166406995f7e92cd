"""Duties of the council as a whole: by half-year, quarter and financial year.

Does not belong here: duties of single contracts (`contract`), what the publications hold (`publication`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from kcc_etl import asset_keys as keys
from kcc_etl.domain.days import ONE_DAY, end_of_month_after, last_lawful_day
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.duty import COUNCIL, Asked, Done, Duty, in_order, not_needed, stand
from kcc_etl.domain.duties.facts import Attested, Pack, Published
from kcc_etl.domain.money import pounds_whole
from kcc_etl.domain.periods import Period, next_quarter, parse_period, quarter_of, quarters_between
from kcc_etl.parameters.duties import Law

QUARTERLY_SETS = (d.SPEND, d.CARD, d.TENDERS, d.REGISTER)

ONE_PAYMENT = (
    "whether a payment is over the threshold hangs on what is read as one payment (section_70_reading)"
)
NO_PAYMENTS = "no payments have been read"
UNSEEN = "whether the notices of the platform hold it is not known; else an officer's decision has to say it"
NO_RECORD = (
    "no final pack of this program holds it; if it is published otherwise, an officer's decision says so"
)
OFF_PLATFORM = (
    "a final pack holds it; the law asks for the central digital platform (PR24 reg 5), on which neither a "
    "notice nor an officer's decision shows it"
)
HELD_IN = {
    d.SECTION_70: keys.OUT_OVER_30K,
    d.COMPLIANCE: keys.OUT_COMPLIANCE,
    d.SPEND: keys.OUT_SPEND,
    d.CARD: keys.OUT_CARD,
    d.TENDERS: keys.OUT_TENDER,
    d.REGISTER: keys.OUT_REGISTER,
    d.GRANTS: keys.OUT_GRANT,
}
"""The table of figures of a pack that does a duty."""


@dataclass(frozen=True)
class Activity:
    """What of the council's doings sets duties off; days of payments, each day once.

    `under_contracts` are days on which a payment was made, or a sum became payable, under a public contract
    that s.69 reaches; `over_30k` days of payments that s.70 reaches, and `over_30k_otherwise` those by each
    other reading of what is one payment. `unsure` are those of them whose contract is in doubt.
    """

    under_contracts: frozenset[date] = frozenset()
    over_30k: frozenset[date] = frozenset()
    over_30k_otherwise: tuple[frozenset[date], ...] = ()
    unsure: frozenset[date] = frozenset()
    payments_read: bool = True
    published: tuple[Published, ...] = ()
    attested: tuple[Attested, ...] = ()
    packs: tuple[Pack, ...] = ()

    def in_packs(self, kind: str, period: Period) -> Done | None:
        """By which final pack a duty for a period was first done: one that covers it, or its last quarter's.

        The payments compliance notice of a half-year is in the packs that end with it; all else of a year or
        half is in packs of its quarters too. A pack of before the end of the period holds no whole period.
        """
        holding = [p for p in self.packs if HELD_IN[kind] in p.tables and p.on >= p.period.end]
        if kind == d.COMPLIANCE:
            ending = [pack.done for pack in holding if pack.period.end == period.end]
            return min(ending, key=lambda done: done.on, default=None)
        first = [
            min(
                (p.done for p in holding if _covers(p.period, quarter)),
                key=lambda done: done.on,
                default=None,
            )
            for quarter in quarters_between(period.start, period.end)
        ]
        found = [done for done in first if done is not None]
        return max(found, key=lambda done: done.on) if len(found) == len(first) else None

    def done(self, notice_type: str, kind: str, period: Period, first: date, last: date) -> Done | None:
        """By what a duty for a period was first done: a notice between two days, or an officer's word."""
        given = [n.done for n in self.published if n.notice_type == notice_type and first <= n.on <= last]
        given += [a.done for a in self.attested if a.kind == kind and a.occasion == period.id]
        return min(given, key=lambda done: done.on, default=None)


def duties_of_council(activity: Activity, law: Law, as_of: date) -> tuple[Duty, ...]:
    """The duties of the council for every period that has begun, those that are not needed with why."""
    found = [
        *payments_compliance(activity, law, as_of),
        *section_70(activity, law, as_of),
        *pipeline(activity, law, as_of),
        *transparency_code(activity, law, as_of),
    ]
    listed = law.rules.history.listed_from
    return in_order(duty for duty in found if duty.last_on is None or duty.last_on >= listed)


def payments_compliance(activity: Activity, law: Law, as_of: date) -> Iterator[Duty]:
    """A notice for each half-year with a payment, or a sum payable, under a public contract.

    The first period begins with s.69. A half-year without any needs none. Source: PA23 s.69(1), (3).
    """
    first = law.rules.payments_compliance_reading.first_period_from
    for period in _halves(first, as_of):
        start = max(first, period.start)
        after = last_lawful_day(period.end, law.statutory.payments_compliance.days)
        asked = Asked(
            d.COMPLIANCE,
            COUNCIL,
            f"payments made or payable under public contracts from {start} to {period.end}",
            "PA23 s.69(1), PR24 reg 38",
            period.end,
            after,
            period.id,
        )
        if start != period.start or period.start < law.statutory.payments_compliance.effective_from:
            unsure = "guidance counts from 1 October 2025 (payments_compliance_reading.first_period_from)"
            asked = replace(asked, doubts=(unsure,))
        done = activity.done("UK17", d.COMPLIANCE, period, period.end, _half_after(period).end - ONE_DAY)
        yield _for_payments(asked, activity, activity.under_contracts, start, period, done, as_of)


def section_70(activity: Activity, law: Law, as_of: date) -> Iterator[Duty]:
    """Publication for each quarter with a payment over £30,000 in scope. Source: PA23 s.70(1)-(2), (5)."""
    figures = law.statutory.section_70
    over = pounds_whole(figures.above_pence)
    for period in _quarters(figures.effective_from, as_of):
        asked = Asked(
            d.SECTION_70,
            COUNCIL,
            f"payments over {over} including VAT made from {period.start} to {period.end}",
            "PA23 s.70(1)-(2), PR24 reg 38A",
            period.end,
            last_lawful_day(period.end, figures.days),
            period.id,
        )
        there = {
            any(period.start <= day <= period.end for day in days)
            for days in (activity.over_30k, *activity.over_30k_otherwise)
        }
        asked = replace(asked, doubts=(ONE_PAYMENT,)) if len(there) > 1 else asked
        done = activity.done("UK8", d.SECTION_70, period, period.end, next_quarter(period).end - ONE_DAY)
        yield _for_payments(asked, activity, activity.over_30k, period.start, period, done, as_of)


def _for_payments(
    asked: Asked,
    activity: Activity,
    days: frozenset[date],
    start: date,
    period: Period,
    done: Done | None,
    as_of: date,
) -> Duty:
    """A duty that only a payment in the period sets off; before the period is over one may still come.

    A final pack does it where no notice and no decision does, in doubt: the platform is asked for.
    """
    in_pack = None if done else activity.in_packs(asked.kind, period)
    done = done or in_pack
    inside = {day for day in days if start <= day <= period.end}
    if not activity.payments_read:
        found = stand(asked, done, as_of).doubted(NO_PAYMENTS)
        return found if done else replace(found, state="cannot be told", days_left=None, late_by=None)
    if not inside and period.end < as_of:
        return not_needed(asked, f"no such payment from {start} to {period.end}", done)
    unsure = bool(inside) and inside <= activity.unsure
    found = stand(asked, done, as_of)
    return found.doubted(
        "the contracts of all these payments are in doubt" if unsure else "",
        UNSEEN if found.state == "overdue" else "",
        OFF_PLATFORM if in_pack else "",
    )


def pipeline(activity: Activity, law: Law, as_of: date) -> Iterator[Duty]:
    """The pipeline of each financial year, from 1 April to its 56th day. Source: PA23 s.93."""
    figures, reading = law.statutory.pipeline, law.rules.pipeline_reading
    whole, each = pounds_whole(figures.authority_above_pence), pounds_whole(figures.contract_above_pence)
    for period in _years(figures.effective_from + ONE_DAY, as_of):
        if period.start < figures.effective_from:
            continue
        asked = Asked(
            d.PIPELINE,
            COUNCIL,
            f"the authority expects to pay more than {whole} in the year; each contract of more than {each} "
            f"planned in the 18 months from {period.start}",
            "PA23 s.93, PR24 reg 15",
            period.start,
            last_lawful_day(period.start, figures.days),
            period.id,
        )
        done = activity.done("UK1", d.PIPELINE, period, period.start, period.end)
        if not reading.expects_to_pay_over:
            yield not_needed(asked, f"the authority does not expect to pay more than {whole}", done)
            continue
        unsure = f"what is planned is not known here; without a contract of more than {each} none is due"
        yield stand(asked, done, as_of).doubted("" if done else unsure)


def transparency_code(activity: Activity, law: Law, as_of: date) -> Iterator[Duty]:
    """The sets of the Transparency Code, by quarter, and grants by year. Source: the Code, part 2."""
    listed = law.rules.history.listed_from
    for period in _quarters(listed, as_of):
        for kind in QUARTERLY_SETS:
            yield _set(kind, period, "within one month of the quarter", activity, law, as_of)
    for period in _years(listed, as_of):
        found = _set(d.GRANTS, period, "once a year", activity, law, as_of)
        yield found.doubted("the Code sets no day for grants (transparency_code_reading.months_after)")


def _set(kind: str, period: Period, when: str, activity: Activity, law: Law, as_of: date) -> Duty:
    last = end_of_month_after(period.end, law.rules.transparency_code_reading.months_after)
    source = "Local Government Transparency Code 2015, part 2"
    asked = Asked(kind, COUNCIL, f"{when} {period.id}", source, period.end + ONE_DAY, last, period.id)
    given = (activity.done("", kind, period, period.end, period.end), activity.in_packs(kind, period))
    done = min(filter(None, given), key=lambda one: one.on, default=None)
    found = stand(asked, done, as_of)
    return found.doubted("" if done or found.state == "to come" else NO_RECORD)


def _quarters(first: date, as_of: date) -> Iterator[Period]:
    period = quarter_of(first)
    while period.start <= as_of:
        yield period
        period = next_quarter(period)


def _halves(first: date, as_of: date) -> Iterable[Period]:
    return dict.fromkeys(_half_of(quarter) for quarter in _quarters(first, as_of))


def _years(first: date, as_of: date) -> Iterable[Period]:
    return dict.fromkeys(parse_period(quarter.year) for quarter in _quarters(first, as_of))


def _half_of(quarter: Period) -> Period:
    return parse_period(f"{quarter.year}-{'H1' if quarter.start.month in (4, 7) else 'H2'}")


def _covers(whole: Period, part: Period) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _half_after(period: Period) -> Period:
    return _half_of(quarter_of(period.end + ONE_DAY))

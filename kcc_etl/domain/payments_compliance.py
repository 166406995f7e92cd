"""How long an invoice took to pay, by the two clocks of the law, and the figures that a half-year comes to.

Does not belong here: which invoices count (`invoices`), the notice as a form (`compliance_notice`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from kcc_etl.domain.days import last_lawful_day
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.parameters.duties import Law

BANDS = ("1 to 30", "31 to 60", "61 or later")
Standing = Literal["", "paid in time", "not paid in time"]
IN_TIME: Standing = "paid in time"
NOT_IN_TIME: Standing = "not paid in time"
NO_RECEIPT = "it is not recorded when the invoice was received"
PAID_FIRST = "it was paid before it was received: a date is wrong"


@dataclass(frozen=True)
class Window:
    """The part of a reporting period that figures speak about: its half-year, first and last day."""

    half: str
    start: date
    end: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it, both ends included; None does not."""
        return day is not None and self.start <= day <= self.end


def window_of(period: Period, first_period_from: date) -> Window | None:
    """The half-year in which a period ends, from its first day to the end of the period.

    None where that is before reporting began. Source: PA23 s.69(3).
    """
    half = parse_period(f"{period.year}-{'H1' if period.end.month in (6, 9) else 'H2'}")
    start = max(half.start, first_period_from)
    return Window(half.id, start, period.end) if start <= period.end else None


def ends_a_half(period: Period) -> bool:
    """Whether a period ends on 31 March or 30 September, as reporting periods do. Source: PA23 s.69(3)."""
    return period.end.month in (3, 9)


@dataclass(frozen=True)
class Part:
    """What was paid of one invoice on one day, or what is left unpaid of it; pence including VAT."""

    paid_on: date | None
    pence: int


@dataclass(frozen=True)
class Invoice:
    """One invoice under a public contract: its days as recorded, and its payments."""

    received_on: date | None
    due_on: date | None
    disputed_on: date | None
    dispute_closed_on: date | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class JudgedPart:
    """One payment of an invoice, judged.

    `days` since the invoice day; `counts` in the average and the bands of reg 38(2)(c); `payable` if it
    became payable in the period, and `unpaid` if it did and was not paid in it, reg 38(2)(d).
    """

    part: Part
    days: int | None = None
    band: str = ""
    counts: bool = False
    payable: bool = False
    unpaid: bool = False


@dataclass(frozen=True)
class Judged:
    """One invoice, judged for a period.

    `left_out` says why it counts nowhere, empty when it may. `standing` is by s.68(2), empty where it does
    not count in this period. `touches`: something of it happened, or should have happened, in the period.
    """

    parts: tuple[JudgedPart, ...]
    left_out: str = ""
    payable_on: date | None = None
    last_lawful_on: date | None = None
    disputed: bool = False
    standing: Standing = ""
    touches: bool = True


def judge(invoice: Invoice, window: Window, law: Law) -> Judged:
    """An invoice by the clocks of reg 38(2)(c) and of s.68(2), for the days of a window.

    The first counts from the day after receipt; the second has 30 days beginning with the later of receipt
    and due date. An invoice counts once by s.68(2): in the period in which it was paid in time, else in that
    in which it should have been. A dispute that was opened by the last lawful day takes it out of that count;
    one opened after a broken term does not mend it. A sum paid before it became payable was paid by (d).
    Source: PA23 s.68(2)-(4); PR24 reg 38(2)-(5); readings in `payments_compliance_reading`.
    """
    if invoice.received_on is None:
        return _undated(invoice, window)
    if any(part.paid_on and part.paid_on < invoice.received_on for part in invoice.parts):
        return Judged(_bare(invoice), PAID_FIRST, touches=_paid_in(invoice, window))
    term = law.statutory.prompt_payment.term_days
    first = max(invoice.received_on, invoice.due_on or invoice.received_on)
    last_lawful = last_lawful_day(first, term)
    disputed = _disputed(invoice, window)
    payable = _payable(invoice, first, disputed, law)
    parts = tuple(_judged(part, invoice, payable, disputed, window, law) for part in invoice.parts)
    standing = _standing(invoice, last_lawful, disputed, window)
    touches = _paid_in(invoice, window) or window.holds(payable) or standing != ""
    return Judged(parts, "", payable, last_lawful, disputed, standing, touches)


def _bare(invoice: Invoice) -> tuple[JudgedPart, ...]:
    return tuple(map(JudgedPart, invoice.parts))


def _paid_in(invoice: Invoice, window: Window) -> bool:
    return any(window.holds(part.paid_on) for part in invoice.parts)


def _undated(invoice: Invoice, window: Window) -> Judged:
    """Without the day of receipt no clock runs; the period is that of payment or due date, or any."""
    is_open = any(part.paid_on is None for part in invoice.parts)
    about = window.holds(invoice.due_on) or (is_open and invoice.due_on is None)
    return Judged(_bare(invoice), NO_RECEIPT, touches=about or _paid_in(invoice, window))


def _disputed(invoice: Invoice, window: Window) -> bool:
    """Whether it was disputed by the end of the window, and before it was paid in full."""
    opened = invoice.disputed_on
    if opened is None or opened > window.end:
        return False
    return any(part.paid_on is None or part.paid_on >= opened for part in invoice.parts)


def _payable(invoice: Invoice, first: date, disputed: bool, law: Law) -> date | None:
    """The day its sums became payable; None while a dispute is open that starts the days again."""
    reading = law.rules.payments_compliance_reading
    if disputed and reading.after_dispute == "start again":
        if invoice.dispute_closed_on is None:
            return None
        first = max(first, invoice.dispute_closed_on)
    whole_term = reading.payable_on == "last day"
    return last_lawful_day(first, law.statutory.prompt_payment.term_days) if whole_term else first


def _judged(
    part: Part, invoice: Invoice, payable: date | None, disputed: bool, window: Window, law: Law
) -> JudgedPart:
    reading = law.rules.payments_compliance_reading
    counts = not disputed or reading.disputed == "count"
    payable_now = counts and window.holds(payable)
    unpaid = payable_now and (part.paid_on is None or part.paid_on > window.end)
    if part.paid_on is None:
        return JudgedPart(part, payable=payable_now, unpaid=unpaid)
    again = disputed and reading.after_dispute == "start again"
    days = (part.paid_on - _invoice_day(invoice, part.paid_on, again)).days
    in_days = counts and window.holds(part.paid_on)
    return JudgedPart(part, days, _band_of(days, law), in_days, payable_now, unpaid)


def _invoice_day(invoice: Invoice, paid_on: date, again: bool) -> date:
    """Day 0: of receipt; where the days start again, of the end of a dispute that was over by payment."""
    received, closed = invoice.received_on or paid_on, invoice.dispute_closed_on
    return max(received, closed) if again and closed is not None and closed <= paid_on else received


def _band_of(days: int, law: Law) -> str:
    """The band of a payment made so many days after the invoice day; paid on that very day, the first."""
    bands = law.statutory.prompt_payment
    return BANDS[0] if days <= bands.first_band_to else BANDS[1] if days <= bands.second_band_to else BANDS[2]


def _standing(invoice: Invoice, last_lawful: date, disputed: bool, window: Window) -> Standing:
    """Paid in time or not, in the one period it counts in; an invoice is paid when all of it is."""
    if disputed and invoice.disputed_on is not None and invoice.disputed_on <= last_lawful:
        return ""
    days = [part.paid_on for part in invoice.parts if part.paid_on]
    done = max(days) if len(days) == len(invoice.parts) else None
    if done is not None and done <= last_lawful:
        return IN_TIME if window.holds(done) else ""
    return NOT_IN_TIME if window.holds(last_lawful) else ""


def ratio(part: int, whole: int) -> Fraction | None:
    """An exact ratio; None where there is nothing to divide by."""
    return Fraction(part, whole) if whole else None

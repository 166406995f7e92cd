"""The returns of two quarters: what each supplier reports for its contract.

Claims follow what is due by the sample's own formula, some ahead of it, most near it, some far behind.
Does not belong here: planted faults (`return_faults`), the form itself (`forms`).
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.forms import Form, add_line, new_form
from kcc_etl.sample.offers import Offer, due_share, offers_of
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.world import PLACES
from kcc_etl.schema import return_form as layout

RETURN_PERIODS = ("2026-27-Q1", "2026-27-Q2")
_PEOPLE = ("J1", "S1", "S4")
_LEVELS = ("E4",)

# How far suppliers are, in percent of what is due: most on target, some close, a few far behind.
_PROGRESS = (112, 108, 104, 103, 102, 97, 92, 106, 78, 60, 115, 105)
_LOW_RISK_TO = 7
_SMALL_PENCE = 5_000_000
_NOTHING_YET = 13
"""One contract in so many has nothing to report in its first quarter."""

Forms = dict[tuple[str, str], Form]
"""Forms by period and contract reference."""


def build_returns(portfolio: Portfolio) -> Forms:
    """A return of every quarter, and a few nil returns of contracts that had only just begun.

    Suppliers of low risk, asked once a year, send them all the same; `close_early` has the exceptions.
    """
    forms: Forms = {}
    for name in RETURN_PERIODS:
        period = parse_period(name)
        for contract in portfolio.in_scope:
            if contract.start_on > period.end:
                continue
            form = new_form(name, contract.reference, contract.title, contract.supplier.name)
            if is_due(contract, period):
                _fill(form, contract, period)
            elif contract.number % 2:
                continue
            _tick_nil(form, contract)
            forms[name, contract.reference] = form
    close_early(forms, portfolio)
    return forms


def ended_early(portfolio: Portfolio) -> tuple[Contract, Contract]:
    """Two small contracts of low risk that an officer ends on the last day of the second quarter."""
    small = [c for c in portfolio.in_scope if is_yearly(c) and c.value_pence < _SMALL_PENCE]
    return small[-1], small[-2]


def close_early(forms: Forms, portfolio: Portfolio) -> None:
    """One of the contracts that ended early sends one return for its year, the other none at its end.

    Both have nothing but a percentage to report, so that the year's is that of its last quarter.
    """
    whole, none = ended_early(portfolio)
    first, last = RETURN_PERIODS
    del forms[first, whole.reference]
    forms[last, whole.reference].answers[layout.PERIOD_ROW] = parse_period(last).year
    del forms[last, none.reference]


def is_yearly(contract: Contract) -> bool:
    """Whether policy asks for one return a year: the contract is of low risk."""
    return sum(contract.scores[:5]) <= _LOW_RISK_TO


def is_due(contract: Contract, period: Period) -> bool:
    """Whether suppliers send a return: every quarter after the one the contract starts in, while it runs."""
    return contract.start_on < period.start and contract.end_on > period.end


def claimed_to_date(contract: Contract, offer: Offer, day: date) -> Fraction:
    """What the supplier has claimed of a measure by a day; of a percentage, the latest one."""
    share = due_share(contract, day)
    is_late = day > date(2026, 7, 1)
    if offer.measure in _LEVELS:
        return Fraction(min(92 + contract.number % 9 + is_late, 100)) if share else Fraction(0)
    if contract.number % _NOTHING_YET == 0 and not is_late:
        return Fraction(0)
    due = offer.quantity * share
    reached = due * progress_pct(contract) / 100
    grain = 1 if offer.measure in _PEOPLE else 2
    floor = Fraction(int(reached * grain), grain)
    # People and half hours come whole; the step up is taken unless it would look like an over-claim.
    step = floor + Fraction(1, grain)
    return step if floor < reached and step <= due * Fraction(27, 20) else floor


def progress_pct(contract: Contract) -> int:
    """How far the supplier of a contract is, in percent of what is due."""
    return _PROGRESS[contract.number % len(_PROGRESS)]


def _fill(form: Form, contract: Contract, period: Period) -> None:
    for offer in offers_of(contract):
        now = claimed_to_date(contract, offer, period.end)
        before = claimed_to_date(contract, offer, period.start - timedelta(days=1))
        quantity = now if offer.measure in _LEVELS else now - before
        skip = contract.number % _NOTHING_YET == 0 and period.id == RETURN_PERIODS[0]
        if quantity == 0 or skip:
            add_line(form, offer.measure)
        else:
            _add_parts(form, offer.measure, contract, quantity)


def _add_parts(form: Form, code: str, contract: Contract, quantity: Fraction) -> None:
    """One line, or one for each of several districts when there is enough to share."""
    parts = 1 if code in _LEVELS or quantity < 4 else 1 + contract.number % 3
    first = Fraction(int(quantity / parts))
    for part in range(parts):
        share = first if part < parts - 1 else quantity - first * (parts - 1)
        district = "county" if code in _LEVELS else PLACES[(contract.number + 5 * part) % len(PLACES)]
        line = add_line(form, code, district, share)
        if contract.number % 9 == 2 and code not in (*_LEVELS, *_PEOPLE):
            line["F"] = Fraction(75)
        if contract.number % 20 == 6 and part == 0:
            line["H"] = None


def _tick_nil(form: Form, contract: Contract) -> None:
    """A form without a quantity is a nil return; most suppliers then leave the printed lines alone."""
    if form.claim_lines():
        return
    form.answers[layout.NIL_ROW] = "Yes"
    if not form.lines:
        for offer in offers_of(contract):
            add_line(form, offer.measure)

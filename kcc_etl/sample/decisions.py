"""The decisions log: commitments, overrides, verifications, ratings, who is who, clearances; a few faults.

Does not belong here: what was claimed (`returns`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from kcc_etl.asset_keys import RAW_DECISION
from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.forms import Form
from kcc_etl.sample.offers import COMMITTED_ONLY, LAST_DUE_DAY, due_share, offers_of
from kcc_etl.sample.payments import SOLE_TRADERS
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.releases import sets_indicators
from kcc_etl.sample.returns import RETURN_PERIODS, Forms, ended_early
from kcc_etl.sample.sheets import Cell, Line, Plant, PlantedFault, Style, write_csv
from kcc_etl.schema.return_form import PERCENT
from kcc_etl.schema.tables import TABLES

SOURCE = "decisions"
FILE = "decisions-log.csv"
DECISION_FIELDS = tuple(item.name for item in TABLES[RAW_DECISION].landed_fields)

_MANAGER, _LEAD, _HEAD = "contract manager", "category lead", "head of procurement"


@dataclass
class _Log:
    lines: list[Line] = field(default_factory=list)

    def enter(
        self,
        kind: str,
        subject: str,
        quantity: Fraction | None,
        role: str,
        reason: str,
        on: date,
        **cells: Cell,
    ) -> Line:
        text = None if quantity is None else f"{float(quantity):g}"
        base: dict[str, Cell] = {
            "decision_id": f"D-2026-{len(self.lines) + 1:04d}",
            "decision_kind": kind,
            "subject": subject,
            "quantity": text,
            "role": role,
            "reason_code": reason,
            "decided_on": on,
        }
        line = Line({**base, **cells})
        self.lines.append(line)
        return line


def write_decisions(folder: Path, portfolio: Portfolio, forms: Forms) -> list[PlantedFault]:
    """Write the log; returns the faults planted in it."""
    folder.mkdir(parents=True)
    log = _Log()
    _commitments(log, portfolio)
    _overrides(log, portfolio, forms)
    _changes(log, portfolio)
    _verifications(log, forms)
    unconfirmed = _ratings(log, portfolio)
    for trader in SOLE_TRADERS[:3]:
        log.enter("clearance", trader.ledger_id, None, _HEAD, "organisation confirmed", date(2026, 7, 6))
    _plant(log, portfolio)
    return [*write_csv(folder / FILE, SOURCE, DECISION_FIELDS, log.lines, Style()), unconfirmed]


def _commitments(log: _Log, portfolio: Portfolio) -> None:
    """What suppliers promised: always for measures without a computed target, else now and then.

    Policy asks nothing of a contract that the Act exempts.
    """
    for contract in (*portfolio.in_scope, *(contract for contract, _ in portfolio.section_70)):
        if contract.regime == "exempt":
            continue
        for offer in offers_of(contract):
            if offer.measure not in contract.sv_measures:
                continue
            if offer.measure in COMMITTED_ONLY or (contract.number % 4 == 0 and offer.measure != "E4"):
                log.enter(
                    "commitment", contract.reference, offer.quantity, _MANAGER, "contract signed",
                    contract.signed_on + timedelta(days=3), measure_code=offer.measure,
                )  # fmt: skip


def _overrides(log: _Log, portfolio: Portfolio, forms: Forms) -> None:
    """Targets set by officers who may, and one by an officer who may not."""
    paying = [c for c in portfolio.in_scope if "E4" in c.sv_measures and not _planted(forms, c.reference)]
    for place, reason in enumerate(
        ("market capacity", "cost pressure", "market maturity", "VCSE core purpose")
    ):
        quantity = Fraction(95 - 5 * place)
        log.enter(
            "override", paying[place].reference, quantity, _LEAD, reason, date(2026, 4, 20), measure_code="E4"
        )
    generous = next(
        c for c in portfolio.in_scope if offers_of(c)[0].measure == "S5" and not _planted(forms, c.reference)
    )
    more = offers_of(generous)[0].quantity * 3 / 2
    log.enter("override", generous.reference, more, _HEAD, "data error", date(2026, 5, 6), measure_code="S5")
    barred = paying[6]
    line = log.enter("override", barred.reference, Fraction(40), _LEAD, "cost pressure", date(2026, 5, 7))
    line.cells["measure_code"] = "E4"
    line.plants.append(Plant("DC-004", "override beyond the role", "quantity"))
    proposed = log.enter(
        "override", paying[7].reference, Fraction(80), _MANAGER, "market maturity", date(2026, 5, 11)
    )
    proposed.cells["measure_code"] = "E4"
    number = str(proposed.cells["decision_id"])
    log.enter("approval", number, None, _HEAD, "market maturity", date(2026, 5, 18))
    unfounded = log.enter(
        "override", paying[8].reference, Fraction(90), _HEAD, "as agreed", date(2026, 5, 12)
    )
    unfounded.cells["measure_code"] = "E4"
    unfounded.plants.append(Plant("DC-009", "reason that is not the policy's", "reason_code"))
    unasked = log.enter("override", paying[9].reference, Fraction(3), _HEAD, "data error", date(2026, 5, 12))
    unasked.cells["measure_code"] = "S3"
    unasked.plants.append(Plant("DC-010", "measure that is not asked for", "measure_code"))
    quota = log.enter(
        "override", paying[9].reference, Fraction(50_000), _HEAD, "market capacity", date(2026, 5, 13)
    )
    quota.cells["measure_code"] = "E1"
    quota.plants += [
        Plant("DC-010", "measure that is not asked for", "measure_code"),
        Plant("TG-005", "quota that the law bars", "measure_code"),
    ]


def _changes(log: _Log, portfolio: Portfolio) -> None:
    """What happened to contracts that started in July: value, options, an early end, a plan by milestones."""
    reached = [
        c for c, plan in portfolio.section_70 if plan.inside and c.sv_measures[0] not in COMMITTED_ONLY
    ]
    dearer, longer, shorter, staged = reached[:4]
    on, why = date(2026, 10, 19), "contract variation"
    half = dearer.value_pence // 2
    log.enter(
        "value change", dearer.reference, None, _MANAGER, why, on, effective_on=date(2026, 10, 1),
        original_value_pence=dearer.value_pence, value_before_pence=half, value_after_pence=half * 3 // 2,
    )  # fmt: skip
    log.enter(
        "extension", longer.reference, None, _MANAGER, why, on,
        effective_on=longer.end_on + timedelta(days=1), new_end_on=longer.end_on + timedelta(days=365),
        original_value_pence=longer.value_pence,
        value_before_pence=longer.value_pence, value_after_pence=longer.value_pence * 5 // 4,
    )  # fmt: skip
    log.enter(
        "early end", shorter.reference, None, _MANAGER, "supplier withdrew", on, old_end_on=shorter.end_on,
        new_end_on=date(2026, 12, 31),
    )  # fmt: skip
    for small in ended_early(portfolio):
        log.enter(
            "early end", small.reference, None, _MANAGER, "no longer needed", on, old_end_on=small.end_on,
            new_end_on=date(2026, 9, 30),
        )  # fmt: skip
    offer = offers_of(staged)[0]
    for day in (date(2026, 12, 31), date(2027, 6, 30)):
        log.enter(
            "milestone", staged.reference, offer.quantity / 2, _MANAGER, "delivery plan", staged.start_on,
            measure_code=offer.measure, effective_on=day,
        )  # fmt: skip


def _planted(forms: Forms, reference: str) -> bool:
    found = [forms.get((period, reference)) for period in RETURN_PERIODS]
    return any(form is None or form.plants for form in found)


def _verifications(log: _Log, forms: Forms) -> None:
    """Nearly every return of the first quarter and most of the second, never more than was claimed."""
    for place, ((period, reference), form) in enumerate(forms.items()):
        is_first = period == RETURN_PERIODS[0]
        if place % 16 == 5 or (not is_first and place % 5 == 1):
            continue
        decided = date(2026, 8, 3) if is_first else date(2026, 11, 2)
        for measure, quantity in _evidenced(form).items():
            taken = quantity if place % 9 else Fraction(int(quantity * 9 / 5), 2)
            if not taken:
                continue
            role = _MANAGER if place % 3 else _LEAD
            log.enter(
                "verification", reference, taken, role, "evidence seen", decided + timedelta(days=place % 15),
                measure_code=measure, period=period,
            )  # fmt: skip


def _ratings(log: _Log, portfolio: Portfolio) -> PlantedFault:
    """Ratings by section 71, confirmed of every indicator set, but for one that is in other words.

    The third indicator of each contract is one of its measures of social value.
    """
    rated = [
        contract
        for contract in portfolio.contracts
        if contract.is_noticed and sets_indicators(contract) and contract.start_on <= LAST_DUE_DAY
    ]
    for contract in rated:
        code = min(contract.sv_measures, default="G1")
        for number, measure, word in (
            ("1", None, "good"),
            ("2", None, "approaching target"),
            ("3", code, _rating_word(contract, code, _verified(log, contract, code))),
        ):
            log.enter(
                "rating", contract.reference, None, _LEAD, "seen with the supplier", date(2026, 11, 16),
                other_subject=number, measure_code=measure, period=RETURN_PERIODS[-1], confirmed_rating=word,
            )  # fmt: skip
    log.lines[-1] = log.lines[-1].planted(
        Plant("DC-011", "rating in other words", "confirmed_rating"), {"confirmed_rating": "splendid"}
    )
    small = portfolio.spare[0]
    line = log.enter("rating", small.reference, None, _LEAD, "seen with the supplier", date(2026, 11, 16))
    line.cells |= {"measure_code": "C3", "period": RETURN_PERIODS[-1], "confirmed_rating": "good"}
    line.plants.append(Plant("DC-011", "rating that nobody proposed", "measure_code"))
    place = f"{RETURN_PERIODS[-1]} {rated[-1].reference} 3"
    return PlantedFault("", "", place, "rating not confirmed", "TG-011", "")


def _rating_word(contract: Contract, code: str, verified: Fraction) -> str:
    """What an officer finds of what was verified; nothing can be said of a baseline year or first quarter."""
    due = sum(offer.quantity for offer in offers_of(contract) if offer.measure == code)
    due *= due_share(contract, LAST_DUE_DAY)
    if code == "G1" or not due:
        return "other"
    steps = ((100, "good"), (90, "approaching target"), (70, "requires improvement"))
    return next((word for least, word in steps if verified / due * 100 >= least), "inadequate")


def _verified(log: _Log, contract: Contract, code: str) -> Fraction:
    of_measure = {"decision_kind": "verification", "subject": contract.reference, "measure_code": code}
    mine = [line.cells for line in log.lines if of_measure.items() <= line.cells.items()]
    return sum((Fraction(str(cells["quantity"])) for cells in mine), Fraction(0))


def _evidenced(form: Form) -> dict[str, Fraction]:
    """What the form claims with evidence, by measure, after attribution, in whole halves."""
    sums: dict[str, Fraction] = {}
    for line in form.claim_lines():
        code, quantity, share = line["A"], line["E"], line["F"]
        share = Fraction(100) if line["C"] == PERCENT else share
        if (
            isinstance(code, str)
            and isinstance(quantity, Fraction)
            and isinstance(share, Fraction)
            and line["H"]
        ):
            sums[code] = sums.get(code, Fraction(0)) + quantity * share / 100
    return {code: Fraction(int(total * 2), 2) for code, total in sums.items() if code not in form.doubtful}


def _plant(log: _Log, portfolio: Portfolio) -> None:
    quiet = portfolio.spare[0].reference
    on = date(2026, 9, 14)

    def entry(subject: str = quiet, kind: str = "commitment") -> int:
        log.enter(kind, subject, Fraction(5), _MANAGER, "contract signed", on, measure_code="C3")
        return len(log.lines) - 1

    def spoil(place: int, rule: str, kind: str, name: str, cells: dict[str, Cell] | None = None) -> None:
        log.lines[place] = log.lines[place].planted(Plant(rule, kind, name), cells or {})

    spoil(entry(), "DC-001", "no role", "role", {"role": None})
    spoil(entry(), "DC-001", "words for a date", "decided_on", {"decided_on": "last week"})
    spoil(entry(kind="permission"), "DC-002", "unknown kind", "decision_kind")
    spoil(entry(), "DC-002", "words for a quantity", "quantity", {"quantity": "plenty"})
    spoil(entry("KSW-9998"), "DC-003", "unknown contract", "subject")
    payee = entry("V999999", "clearance")
    spoil(payee, "DC-003", "unknown payee", "subject", {"quantity": None, "measure_code": None})
    spoil(entry(), "DC-005", "number used twice", "decision_id", {"decision_id": "D-2026-0002"})
    _settle_suppliers(log, portfolio)


def _settle_suppliers(log: _Log, portfolio: Portfolio) -> None:
    """Two traders told apart; and two companies, then somebody unknown, that cannot be one supplier."""
    on, why = date(2026, 9, 21), "checked with both"
    one, other = (trader.name for trader in SOLE_TRADERS[:2])
    log.enter("different suppliers", one, None, _LEAD, why, on, other_subject=other)
    companies = {c.supplier.company_number for c in portfolio.in_scope if c.supplier.company_number}
    first, second = sorted(companies)[:2]
    plants = (
        (second, Plant("DC-008", "two companies made one", "other_subject")),
        ("Nobody Known Ltd", Plant("DC-003", "unknown supplier", "subject")),
    )
    for named, plant in plants:
        line = log.enter("same supplier", first, None, _LEAD, why, on, other_subject=named)
        line.plants.append(plant)

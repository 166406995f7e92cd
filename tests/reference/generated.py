"""Contracts, decisions and returns out of a seed, as the second implementation sees them and as frames.

Does not belong here: either implementation, assertions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.schema import frames
from tests.reference.asks import (
    BANDS,
    DIVISOR,
    EMPLOYMENT,
    MEASURES,
    REASONS,
    Facts,
    Override,
    counted,
    half_up,
    targets,
)
from tests.reference.outcomes import (
    DAY,
    LEVELS,
    MILLION,
    Change,
    EarlyEnd,
    Extension,
    Line,
    ValueChange,
    Verified,
    at_once,
    due,
    evenly,
    quarter,
    quarters,
)

SIZES = ("micro", "small", "medium", "large", "unknown", "")
TRADES = ("other", "other", "it", "consultancy", "facilities")
ROLES = (
    "category lead",
    "category lead",
    "head of procurement",
    "chief procurement officer",
    "contract manager",
)
DISTRICTS = ("E07000105", "E07000110", "county", "unknown")
COMMENCED = date(2026, 1, 5)
QUESTIONS = {
    "risk": ("criticality", "market", "finance", "demand", "safeguarding"),
    "complexity": ("sites", "subcontracting", "labour", "term", "innovation"),
}


@dataclass(frozen=True)
class Case:
    """A contract with all that was decided and returned about it."""

    facts: Facts
    guaranteed: bool | None
    changes: list[tuple[date, str, Change]] = field(default_factory=list)
    invoices: list[tuple[date, int]] = field(default_factory=list)
    shown: tuple[int, date] | None = None
    """Value and last day in the register: as they were, or brought up to date after a change."""
    promised: dict[str, Fraction] = field(default_factory=dict)
    overrides: dict[str, list[Override]] = field(default_factory=dict)
    lines: dict[str, list[tuple[str, Line]]] = field(default_factory=dict)
    checks: dict[str, list[Verified]] = field(default_factory=dict)
    nil: list[date] = field(default_factory=list)

    @property
    def supplier(self) -> str:
        """Three contracts after one another have one supplier."""
        return f"U-{int(self.facts.ref[2:]) // 3}"

    @property
    def came(self) -> set[date]:
        """First days of the quarters of which a return came."""
        return {*self.nil, *(line.quarter for lines in self.lines.values() for _, line in lines)}


def cases(seed: int, number: int) -> list[Case]:
    """So many contracts, one in five a call-off under an agreement with up to five others."""
    random = Random(seed)
    together: dict[int, list[Facts]] = {}
    alone = [_facts(random, n) for n in range(number)]
    for place, facts in enumerate(alone):
        if random.random() < 0.2:
            together.setdefault(place // 30, []).append(facts)
    sums = {facts.ref: sum(other.value for other in group) for group in together.values() for facts in group}
    found = [_case(random, replace(facts, call_offs=sums.get(facts.ref))) for facts in alone]
    for one, other in pairwise(found):
        if one.supplier == other.supplier and random.random() < 0.3:
            _claim_again(random, one, other)
    return found


def _claim_again(random: Random, one: Case, other: Case) -> None:
    """A quantity of one contract on another contract of the supplier as well."""
    repeatable = [
        (code, line)
        for code, lines in one.lines.items()
        for _, line in lines
        if line.quarter not in {*other.nil, *_quarters(other, code)}
    ]
    if repeatable:
        code, line = random.choice(repeatable)
        other.lines.setdefault(code, []).append(("county", line))


def _quarters(case: Case, code: str) -> set[date]:
    return {line.quarter for _, line in case.lines.get(code, ())}


def contract_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The contracts as a register."""
    return frames.from_rows([_contract(case, n) for n, case in enumerate(found)], keys.CORE_CONTRACT)


def decision_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The decisions about the contracts."""
    rows: list[dict[str, object]] = []
    for case in found:
        for code, quantity in case.promised.items():
            rows.append(_decision(case, "commitment", code, quantity, f"C-{case.facts.ref}-{code}"))
        for code, overrides in case.overrides.items():
            for one in overrides:
                made = _decision(case, "override", code, one.quantity, one.number)
                said = {"role": one.roles[0], "reason_code": one.reason, "decided_on": one.day}
                rows.append({**made, **said})
                rows += [_approval(one, n, role) for n, role in enumerate(one.roles[1:])]
        for code, checks in case.checks.items():
            for check in checks:
                made = _decision(case, "verification", code, check.quantity, check.number)
                rows.append({**made, "period": period_id(check.quarter), "decided_on": check.day})
        rows += [_change(case, day, number, change) for day, number, change in case.changes]
    return frames.from_rows(rows, keys.CORE_DECISION)


def payment_frame(found: Sequence[Case]) -> pd.DataFrame:
    """What was invoiced to the contracts."""
    rows: list[dict[str, object]] = [
        {"contract_ref": case.facts.ref, "paid_on": day, "amount_ex_vat_pence": pence}
        for case in found
        for day, pence in case.invoices
    ]
    return frames.from_rows(rows, keys.CORE_PAYMENT)


def claim_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The returns that came, nil ones among them."""
    rows: list[dict[str, object]] = []
    for case in found:
        ref = case.facts.ref
        rows += [{"contract_ref": ref, "period": period_id(day), "is_nil": True} for day in case.nil]
        for code, lines in case.lines.items():
            for district, line in lines:
                made = {"contract_ref": ref, "period": period_id(line.quarter), "is_nil": False}
                about = {"measure_code": code, "district": district, "claimed": line.claimed}
                share = {"attribution_pct": 100 * line.share, "is_additional": line.additional}
                rows.append({**made, **about, **share, "evidence_ref": "E" if line.evidenced else None})
    return frames.from_rows(rows, keys.CORE_CLAIM)


def period_id(day: date) -> str:
    """The financial quarter of a day as the program writes it."""
    year = day.year - (day.month < 4)
    return f"{year}-{(year + 1) % 100:02d}-Q{(day.month - 4) % 12 // 3 + 1}"


def _value(random: Random) -> int:
    """Pence: round every band edge and every half output, and anywhere up to £150m."""
    draw = random.random()
    if draw < 0.3:
        return max(100 * random.choice(BANDS)[1] + random.randint(-1, 1), 0)
    if draw < 0.5:
        return 25_000_000 * random.randint(1, 40)
    return int(10 ** random.uniform(4, 10.2))


def _facts(random: Random, number: int) -> Facts:
    first = date(2025, 6, 1) + timedelta(days=random.randrange(900))
    last = first + timedelta(days=int(random.choice([10, 80, 365, 1100, 2500]) * random.random()))
    if random.random() < 0.3:  # whole quarters, as most registers have them
        first, last = quarter(first)[0], quarter(last)[1]
    kind = random.choice(["services", "services", "works", "care", "goods"])
    wanted = random.sample((*MEASURES, *EMPLOYMENT[:5:2]), random.randint(0, 8))
    # §8.1 asks for an employment and skills measure where a contract names other measures alone; the program
    # then asks for none, and which one it should be is not settled.
    if wanted and not set(wanted) & set(EMPLOYMENT):
        wanted.insert(random.randint(0, len(wanted)), random.choice(EMPLOYMENT))
    if wanted and random.random() < 0.1:
        wanted += [wanted[0], "X9"]
    value = _value(random)
    latest = last + timedelta(days=random.choice([0, 0, 365, 700]))
    facts = Facts(
        ref=f"K-{number:06d}",
        value=value,
        options=int(value * random.random()) if latest > last and random.random() < 0.5 else None,
        gross=random.choice([value * 6 // 5, value, None]),
        kind=kind,
        light=kind == "care" and random.random() < 0.7,
        reserved=random.choice([True, True, False, None]),
        trade="care" if kind == "care" else random.choice(TRADES),
        size=random.choice(SIZES),
        vcse=random.random() < 0.25,
        risk=_answers(random),
        complexity=_answers(random),
        first=first,
        last=last,
        latest=latest,
        wanted=tuple(wanted),
    )
    return _on_a_half(random, facts) if random.random() < 0.05 else facts


def _on_a_half(random: Random, facts: Facts) -> Facts:
    """The same contract with no factor but one, so that its outputs are a half and some whole ones."""
    divisor = DIVISOR[facts.kind]
    value = (2 * random.randint(0, 4) + 1) * divisor * MILLION // 2
    plain = replace(facts, risk=(1, 1, 1, 1, 1), complexity=(2, 2, 2, 2, None), size="large", vcse=False)
    return replace(plain, value=value, options=None, gross=value, latest=facts.last)


def _answers(random: Random) -> tuple[int | None, ...]:
    middle = random.choice([1, 2, 3])
    return tuple(random.choice([middle, middle, 1, 2, 3, None]) for _ in range(5))


def _case(random: Random, facts: Facts) -> Case:
    promised = {
        code: Fraction(random.randint(0, 99_999), random.choice([1, 10, 100]))
        for code in MEASURES
        if random.random() < 0.5
    }
    guaranteed = random.choice([True, True, None, False])
    changes: list[tuple[date, str, Change]] = []
    shown = None
    if facts.call_offs is None and random.random() < 0.5:
        named = _with_core(facts)
        changes = _changes(random, named)
        value = facts.value
        if any(not isinstance(change, EarlyEnd) for _, _, change in changes):
            facts, value = named, random.choice([named.value, named.value + 1_000_000])
        shown = (value, _shown_end(random, facts, changes))
    case = Case(facts, guaranteed, changes, _invoices(random, facts), shown, promised)
    asked = targets(facts, promised, {})
    for code, target in asked.items():
        if random.random() < 0.4:
            case.overrides[code] = _overrides(random, facts, code, target.calculated)
    agreed = {code: target.agreed for code, target in targets(facts, promised, case.overrides).items()}
    _returns(random, case, agreed)
    return case


def _with_core(facts: Facts) -> Facts:
    """The same contract with a value without options in whole pence, as a decision states it."""
    core = max(half_up(counted(facts)), 1)
    if facts.options is not None:
        return replace(facts, value=core + facts.options, core=core)
    share = quarters(facts.first, facts.last) / quarters(facts.first, facts.latest)
    return replace(facts, value=half_up(core / share), core=core)


def _changes(random: Random, facts: Facts) -> list[tuple[date, str, Change]]:
    """Up to two extensions, two changes of value and an early end, some of them corrected by a later decision."""
    found: list[Change] = []
    last, core = facts.last, facts.core or 1
    for _ in range(random.choice([0, 0, 1, 2])):
        end = last + timedelta(days=random.randint(1, 800))
        found.append(Extension(last + DAY, end, int(core * random.random()), core))
        last = end
    for _ in range(random.choice([0, 1, 2])):
        old = random.randint(1, core)
        found.append(
            ValueChange(_day(random, facts.first, last), old, int(old * random.choice([0, 0.5, 1.5, 3])))
        )
    if random.random() < 0.4:
        found.append(EarlyEnd(_day(random, facts.first, last)))
    corrections = [_corrected(random, change, facts) for change in found if random.random() < 0.2]
    return [
        (date(2026, 1, random.choice([8, 8, 9])), f"H-{random.randrange(10**6):06d}-{facts.ref}-{n}", change)
        for n, change in enumerate([*found, *corrections])
    ]


def _corrected(random: Random, change: Change, facts: Facts) -> Change:
    if isinstance(change, EarlyEnd):
        return EarlyEnd(_day(random, facts.first, facts.last))
    if isinstance(change, ValueChange):
        return replace(change, new=change.new + 12_345)
    return replace(change, value=change.value + 12_345)


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, (last - first).days))


def _shown_end(random: Random, facts: Facts, changes: Sequence[tuple[date, str, Change]]) -> date:
    """The end date of the register: as it was, or as a change has made it."""
    ends = [change.last for _, _, change in changes if not isinstance(change, ValueChange)]
    extended = any(isinstance(change, Extension) for _, _, change in changes)
    early = any(isinstance(change, EarlyEnd) for _, _, change in changes)
    if extended and not early:
        return random.choice([facts.last, max(ends)])
    return random.choice([facts.last, *ends])


def _invoices(random: Random, facts: Facts) -> list[tuple[date, int]]:
    return [
        (
            facts.first + timedelta(days=random.randint(-30, 1500)),
            int(facts.value * random.uniform(-0.2, 0.5)),
        )
        for _ in range(random.choice([0, 1, 4]))
    ]


def _overrides(random: Random, facts: Facts, code: str, target: Fraction) -> list[Override]:
    """Up to three, often on one day, at and beside the limits of authority."""
    ratios = ["0", "0.7499", "0.75", "0.9", "1", "1.25", "1.2501", "3"]
    return [
        Override(
            day=date(2026, 1, random.choice([6, 6, 20])),
            number=f"O-{random.randrange(10**6):06d}-{facts.ref}-{code}-{n}",
            roles=tuple(random.choice(ROLES) for _ in range(random.choice([1, 1, 1, 2]))),
            reason=random.choice([*REASONS, "convenience"]),
            quantity=max(target, Fraction(random.randint(0, 1))) * Fraction(random.choice(ratios)),
        )
        for n in range(random.randint(1, 3))
    ]


def _returns(random: Random, case: Case, asked: dict[str, Fraction]) -> None:
    """Returns of up to twelve quarters from the start on; some suppliers diligent, some not, some exact."""
    diligence = random.choice([0.0, 0.5, 0.9, 1.0, 1.0])
    pace = (
        Fraction(random.choice(["0.7", "0.8", "0.9", "1", "1.2", "1.6"])) if random.random() < 0.4 else None
    )
    start = quarter(case.facts.first)[0]
    for _ in range(random.randint(0, 12)):
        if start > case.facts.last:
            return
        if random.random() < diligence:
            reported = [code for code in asked if pace or random.random() < 0.6]
            if not reported:
                case.nil.append(start)
            for code in reported:
                if pace is None:
                    _lines(random, case, code, start, asked[code])
                else:
                    _exactly(case, code, start, asked[code] * pace)
        start = quarter(start)[1] + DAY


def _exactly(case: Case, code: str, start: date, target: Fraction) -> None:
    """A return of a level in full, else of what falls due in the quarter, all of it verified."""
    facts = case.facts
    part = due(at_once(target, facts.first, facts.last), quarter(start)[1])
    if code not in LEVELS:
        course = evenly(target, facts.first, facts.last)
        part = due(course, quarter(start)[1]) - due(course, start - DAY)
    case.lines.setdefault(code, []).append(("county", Line(start, part, Fraction(1), True, True)))
    number = f"V-{facts.ref}-{code}-{start}"
    case.checks.setdefault(code, []).append(Verified(start, date(2026, 1, 7), number, part))


def _lines(random: Random, case: Case, code: str, start: date, target: Fraction) -> None:
    """Lines of one or two districts, shared with other contracts or not, verified more or less often."""
    claimed = Fraction(0)
    for district in random.sample(DISTRICTS, random.choice([1, 1, 2])):
        quantity = max(target, Fraction(1)) * Fraction(random.randint(0, 120), 240)
        share = Fraction(random.choice([100, 100, 80, 33]), 100)
        line = Line(start, quantity, share, random.random() < 0.9, random.random() < 0.7)
        case.lines.setdefault(code, []).append((district, line))
        claimed += quantity
    for n in range(random.choice([0, 1, 1, 2])):
        case.checks.setdefault(code, []).append(
            Verified(
                quarter=start,
                day=date(2026, 1, random.choice([7, 7, 9])),
                number=f"V-{random.randrange(10**6):06d}-{case.facts.ref}-{code}-{start}-{n}",
                quantity=claimed * Fraction(random.choice(["0", "0.5", "0.8", "1", "1.2"])),
            )
        )


def _contract(case: Case, number: int) -> dict[str, object]:
    facts = case.facts
    value, end = case.shown or (facts.value, facts.last)
    answers: dict[str, Any] = {
        f"{name}_{question}": answer
        for name, given in (("risk", facts.risk), ("complexity", facts.complexity))
        for question, answer in zip(QUESTIONS[name], given, strict=True)
    }
    return {
        "contract_ref": facts.ref,
        "contract_title": facts.ref,
        "supplier_key": case.supplier,
        "supplier_name": case.supplier,
        "department": "GET",
        "agreement_kind": "contract" if facts.call_offs is None else "call-off",
        "parent_ref": None if facts.call_offs is None else f"F-{number // 30}",
        "procurement_category": facts.kind if facts.kind in ("works", "goods") else "services",
        "service_group": facts.trade,
        "regime": "pa23",
        "is_light_touch": facts.light or None,
        "is_reserved": facts.reserved,
        "is_school_contract": False,
        "supplier_size": facts.size or None,
        "supplier_is_vcse": facts.vcse,
        "value_ex_vat_pence": value,
        "value_inc_vat_pence": facts.gross,
        "options_value_ex_vat_pence": facts.options,
        "start_on": facts.first,
        "end_on": end,
        "max_end_on": facts.latest if facts.latest > facts.last else None,
        "procurement_commenced_on": COMMENCED,
        "spend_is_guaranteed": case.guaranteed,
        "sv_measures": "|".join(facts.wanted) or None,
        **answers,
    }


def _decision(case: Case, kind: str, code: str, quantity: Fraction, number: str) -> dict[str, object]:
    return {
        "decision_id": number,
        "decision_kind": kind,
        "subject": case.facts.ref,
        "measure_code": code,
        "quantity": quantity,
        "role": "contract manager",
        "reason_code": "market capacity",
        "decided_on": COMMENCED,
    }


def _approval(override: Override, number: int, role: str) -> dict[str, object]:
    return {
        "decision_id": f"A-{override.number}-{number}",
        "decision_kind": "approval",
        "subject": override.number,
        "role": role,
        "reason_code": override.reason,
        "decided_on": override.day,
    }


def _change(case: Case, day: date, number: str, change: Change) -> dict[str, object]:
    core = case.facts.core
    row: dict[str, object] = {
        "decision_id": number,
        "subject": case.facts.ref,
        "role": "contract manager",
        "reason_code": "data error",
        "decided_on": day,
        "original_value_pence": None if isinstance(change, EarlyEnd) else core,
    }
    if isinstance(change, ValueChange):
        values = {"value_before_pence": change.old, "value_after_pence": change.new}
        return {**row, **values, "decision_kind": "value change", "effective_on": change.day}
    if isinstance(change, Extension):
        before = change.original_value
        values = {"value_before_pence": before, "value_after_pence": before + change.value}
        days = {"effective_on": change.first, "new_end_on": change.last}
        return {**row, **values, **days, "decision_kind": "extension"}
    extensions = [c.last for _, _, c in case.changes if isinstance(c, Extension)]
    old_end = max([case.facts.last, *extensions])
    return {
        **row,
        "decision_kind": "early end",
        "old_end_on": old_end,
        "new_end_on": change.last,
    }

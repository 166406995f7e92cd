"""Faults planted in the returns. A fault that spoils a whole workbook stands in a copy of its own.

Does not belong here: what suppliers report (`returns`).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kcc_etl.domain.periods import parse_period
from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.forms import BROKEN, SOURCE, Answer, Form, add_line, form_bytes, new_form, write_form
from kcc_etl.sample.offers import offers_of
from kcc_etl.sample.portfolio import SHARED_SUPPLIER, Portfolio
from kcc_etl.sample.returns import RETURN_PERIODS, Forms, ended_early, is_due, is_yearly
from kcc_etl.sample.sheets import PlantedFault
from kcc_etl.schema import return_form as layout

_FIRST, _NOW = RETURN_PERIODS
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def plant_return_faults(forms: Forms, portfolio: Portfolio) -> tuple[list[Form], list[PlantedFault]]:
    """Plant faults in the forms; returns further forms and the faults that have no cell."""
    picker = _Picker(forms, portfolio)
    _plant_in_lines(picker)
    _plant_above_lines(picker)
    _plant_evidence_again(picker, forms)
    _plant_double_claim(forms, portfolio)
    missing = _take_away(picker, forms)
    return [*_further_forms(picker), _nil_with_a_line(portfolio)], missing


def write_returns(folder: Path, forms: Forms, further: list[Form]) -> list[PlantedFault]:
    """Write every workbook and those that cannot be opened; returns the faults planted in them."""
    faults = []
    for form in [*forms.values(), *further]:
        write_form(folder, form)
        faults += form.faults()
    whole = form_bytes(next(iter(forms.values())))
    damaged, locked = f"{_NOW}/damaged.xlsx", f"{_FIRST}/protected.xlsx"
    (folder / damaged).write_bytes(whole[: len(whole) // 2])
    (folder / locked).write_bytes(
        _OLD_OFFICE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1504)
    )
    (folder / f"{_FIRST}/sent-twice.xlsx").write_bytes(whole)
    return [
        *faults,
        PlantedFault(SOURCE, damaged, "file", "truncated workbook", "IN-001", "half of it is gone"),
        PlantedFault(SOURCE, locked, "file", "password-protected workbook", "IN-001", ""),
    ]


class _Picker:
    """Hands out due returns of the second quarter, each once, so that no fault touches another's return."""

    def __init__(self, forms: Forms, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        shared = [
            n
            for n, c in enumerate(portfolio.in_scope)
            if (c.sector, c.value_pence // 100_000) == SHARED_SUPPLIER
        ]
        taken = {portfolio.in_scope[n + step].reference for n in shared for step in (-1, 0)}
        taken |= {contract.reference for contract in ended_early(portfolio)}
        due = [c for c in portfolio.in_scope if is_due(c, parse_period(_NOW)) and c.reference not in taken]
        self._left = [(c, forms[_NOW, c.reference]) for c in due]
        # The first form of all is sent twice, so it stays as it is.
        self._left = self._left[2:]
        # In steps, so that the faults do not all fall on the largest contracts.
        count = len(self._left)
        order = sorted(range(count), key=lambda place: (place * 29 % count, place))
        self._left = [self._left[place] for place in order]

    def take(self, lines: int = 1, measure: str = "", *, quarterly: bool = False) -> tuple[Contract, Form]:
        """The next return with at least so many lines, one of them alone on its measure when one is named.

        `quarterly`: of a contract that is asked for a return every quarter.
        """
        for place, (contract, form) in enumerate(self._left):
            claims = form.claim_lines()
            codes = [line["A"] for line in claims]
            if (
                len(claims) >= lines
                and len(set(codes)) >= min(lines, 2)
                and (not measure or codes.count(measure) == 1)
                and not (quarterly and is_yearly(contract))
            ):
                del self._left[place]
                return contract, form
        raise LookupError(f"no return with {lines} lines of {measure or 'any measure'} is left")


def _spoil(form: Form, place: int, column: str, value: Answer, rule: str, kind: str) -> None:
    line = form.claim_lines()[place]
    line[column] = value
    form.plant(rule, kind, form.cell(line, column), line["A"])


def _plant_in_lines(picker: _Picker) -> None:
    for words in ("12 hours", "about ten"):
        _spoil(picker.take(2)[1], 0, "E", words, "RT-003", "words beside the number")
    _spoil(picker.take(2)[1], 0, "D", "Nowhere-on-Sea", "RT-005", "place that is no district")
    _spoil(picker.take(2)[1], 0, "E", BROKEN, "RT-006", "broken formula")
    _spoil(
        picker.take(2)[1],
        0,
        "H",
        "photo from a.person@supplier.example",
        "RT-007",
        "e-mail address as evidence",
    )
    _spoil(
        picker.take(2)[1], 0, "H", "payslip AB 12 34 56 C", "RT-007", "National Insurance number as evidence"
    )
    _spoil(picker.take(2)[1], 0, "F", Fraction(120), "RT-013", "more than all of it")
    _spoil(picker.take(2)[1], 0, "G", "perhaps", "RT-018", "neither yes nor no")
    form = picker.take(2)[1]
    line = add_line(form, "S3", "county", Fraction(3))
    form.plant("RT-004", "measure of another contract", form.cell(line, "A"), "S3")
    form = picker.take(2)[1]
    line = add_line(form, "S3", "county", Fraction(2))
    line["A"] = None
    form.plant("RT-019", "line without a measure", form.cell(line, "A"))
    form = picker.take(2)[1]
    form.lines.append(dict(form.claim_lines()[0]))
    place = f"{layout.ANSWER_COLUMN}{layout.CONTRACT_REF_ROW}"
    form.plant("RT-011", "measure and district twice", place, form.claim_lines()[0]["A"])
    form = picker.take(1, "S5")[1]
    line = next(line for line in form.claim_lines() if line["A"] == "S5")
    line["E"] = Fraction(777)
    form.plant("RT-009", "claim far above what is due", form.cell(line, "E"), "S5")
    form.plant("RT-021", "hundreds of times the quarter before", form.cell(line, "E"), "S5")


def _plant_above_lines(picker: _Picker) -> None:
    form = picker.take(1)[1]
    form.answers[layout.CONFIRM_SCOPE_ROW] = "No"
    place = f"{layout.ANSWER_COLUMN}{layout.CONFIRM_SCOPE_ROW}"
    form.plant("RT-008", "not confirmed", place, *(line["A"] for line in form.claim_lines()))


def _plant_evidence_again(picker: _Picker, forms: Forms) -> None:
    """Placements for which the supplier shows what it showed the quarter before."""
    before: list[dict[str, Answer]] = []
    while not before:
        contract, form = picker.take(1, "S4")
        earlier = forms.get((_FIRST, contract.reference))
        before = [line for line in earlier.claim_lines() if line["A"] == "S4"] if earlier else []
    line = next(line for line in form.claim_lines() if line["A"] == "S4")
    line["H"] = before[0]["H"]
    form.plant("RT-030", "evidence of the quarter before", form.cell(line, "H"), "S4")


def _plant_double_claim(forms: Forms, portfolio: Portfolio) -> None:
    """The same hours on two contracts of one supplier; both lines are at fault."""
    place = [(c.sector, c.value_pence // 100_000) for c in portfolio.in_scope].index(SHARED_SUPPLIER)
    for contract in (portfolio.in_scope[place - 1], portfolio.in_scope[place]):
        form = forms[_NOW, contract.reference]
        employment = offers_of(contract)[0].measure
        form.lines[:] = [line for line in form.lines if line["A"] != employment]
        line = add_line(form, employment, "county", Fraction(1))
        form.plant("RT-015", "same quantity on two contracts", form.cell(line, "E"), employment)


def _take_away(picker: _Picker, forms: Forms) -> list[PlantedFault]:
    """Returns that never came."""
    faults = []
    for _ in range(2):
        contract, _form = picker.take(1, quarterly=True)
        del forms[_NOW, contract.reference]
        faults.append(PlantedFault("", "", f"{contract.reference} {_NOW}", "missing return", "RT-012", ""))
    yearly = ended_early(picker.portfolio)[1].reference
    faults.append(PlantedFault("", "", f"{yearly} {_NOW}", "missing return of a year", "RT-012", ""))
    return faults


def _further_forms(picker: _Picker) -> list[Form]:
    """Workbooks beside the proper ones: of a wrong contract, quarter, supplier or form, and a correction."""
    stray = new_form(_NOW, "KSW-0911", "A contract that nobody knows", "Nowhere Imaginary Supplies Ltd")
    add_line(stray, "S5", "county", Fraction(4))
    stray.plant("RT-001", "unknown contract", f"{layout.ANSWER_COLUMN}{layout.CONTRACT_REF_ROW}")
    season, future, old = (_copy(picker.take(1)[1]) for _ in range(3))
    again = deepcopy(picker.take(1)[1])
    season.name += " autumn"
    season.answers[layout.PERIOD_ROW] = "Autumn 2026"
    season.plant("RT-002", "period that is no quarter", f"{layout.ANSWER_COLUMN}{layout.PERIOD_ROW}")
    future.name += " early"
    future.answers[layout.PERIOD_ROW] = "2026-27-Q3"
    future.plant("RT-002", "quarter that has not ended", f"{layout.ANSWER_COLUMN}{layout.PERIOD_ROW}")
    old.name += " old form"
    old.answers[layout.VERSION_ROW] = "kcc-return-0"
    old.plant("RT-014", "unknown version of the form", "file")
    spring, stranger = (_copy(picker.take(1)[1]) for _ in range(2))
    spring.name += " spring"
    spring.lines[0]["H"] = "timesheets 03/04/2026, 12/05/2026 and 30/06/2026"
    spring.plant("RT-020", "dates of another quarter", f"{layout.ANSWER_COLUMN}{layout.PERIOD_ROW}")
    stranger.name += " for another"
    stranger.answers[layout.SUPPLIER_ROW] = "Nowhere Imaginary Supplies Ltd"
    stranger.plant("RT-022", "supplier of another contract", f"{layout.ANSWER_COLUMN}{layout.SUPPLIER_ROW}")
    # A correction that came later: it replaces the first return whole and is no fault.
    again.name += "_v2"
    again.claim_lines()[0]["H"] = "EV-corrected"
    return [stray, season, future, old, spring, stranger, again]


def _copy(form: Form) -> Form:
    """The form with its first quantity alone."""
    first = form.claim_lines()[0]
    return replace(deepcopy(form), lines=[dict(first)], plants=[])


def _nil_with_a_line(portfolio: Portfolio) -> Form:
    """A nil return that claims something all the same, for a quarter in which none is due."""
    quarter = parse_period(_FIRST)
    late = next(c for c in portfolio.in_scope if quarter.start <= c.start_on <= quarter.end and c.number % 2)
    form = new_form(_FIRST, late.reference, late.title, late.supplier.name)
    form.answers[layout.NIL_ROW] = "Yes"
    add_line(form, offers_of(late)[0].measure, "county", Fraction(2))
    form.plant("RT-010", "nil return with a claim", f"{layout.ANSWER_COLUMN}{layout.NIL_ROW}")
    return form

"""Defects of public notices, supplier returns, decisions and whole files.

Does not belong here: planting them in number (`harness`).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.dice import Dice
from kcc_etl.sample.forms import BROKEN, Form, add_line, form_bytes, new_form
from kcc_etl.sample.payments import LEDGER_FIELDS
from kcc_etl.sample.releases import contract_details, contract_performance, pounds, stamp
from kcc_etl.sample.sheets import Cell, Plant
from kcc_etl.schema import return_form as layout
from kcc_etl.schema.fields import FIELDS
from tests.mutants.world import Planted, World

_NOW = "2026-27-Q2"
_AWARD = ["award", "contract"]
Release = dict[str, Any]


def plant_notices(world: World, times: int) -> None:
    """A faulty details notice on a contract that no other notice is about."""
    quiet = iter(
        [
            c
            for c in world.portfolio.contracts
            if c.ocid and not c.is_noticed and c.kind == "contract" and c.regime == "pa23"
        ]
    )
    for rule, kind, spoil in _NOTICES:
        for _ in range(times):
            contract = next(quiet, None)
            if contract is None:
                return
            release: Release = dict(
                world.press.release("UK7", contract, date(2026, 7, 20), **contract_details(contract))
            )
            spoil(release, contract)
            world.releases.append((release, Plant(rule, kind)))


def plant_further_notices(world: World, times: int) -> None:
    """Two indicators above £5m; a third of what was awarded; the performance of a contract nobody knows."""
    changed = {c.ocid for c in world.portfolio.contracts if c.number % 10 == 3}
    with_three = [
        n for n, made in _details(world) if "agreedMetrics" in made and _ocid(world, n) not in changed
    ]
    for n in with_three[:times]:
        del _made(world.releases[n][0])["agreedMetrics"][2:]
        _mark(world, n, Plant("NT-030", "two indicators above £5m"))
    awards = {r["ocid"]: _made(r) for r, _ in world.releases if r["tag"] == _AWARD and _is_award(r)}
    awarded = [n for n, _ in _details(world) if _ocid(world, n) in awards and world.releases[n][1] is None]
    for n in awarded[:times]:
        award = awards[_ocid(world, n)]
        award["value"] = {"amountGross": award["value"]["amountGross"] * 3, "currency": "GBP"}
        _mark(world, n, Plant("NT-034", "third of what was awarded"))
    for contract in [c for c in world.portfolio.contracts if c.ocid and c.regime == "pa23"][:times]:
        release = world.press.release("UK9", contract, date(2026, 9, 16), **contract_performance(contract))
        release["ocid"] = f"ocds-zz9zz9-0eeee{contract.number}"
        world.releases.append((release, Plant("NT-021", "performance of an unknown contract")))


def _is_award(release: Release) -> bool:
    return "dateSigned" not in _made(release)


def _details(world: World) -> list[tuple[int, Release]]:
    """Places of the details notices, each with the contract in it."""
    made = [(n, _made(release)) for n, (release, _) in enumerate(world.releases) if release.get("contracts")]
    return [(n, contract) for n, contract in made if "dateSigned" in contract]


def _ocid(world: World, place: int) -> object:
    return world.releases[place][0]["ocid"]


def _mark(world: World, place: int, plant: Plant) -> None:
    world.releases[place] = (world.releases[place][0], plant)


def _no_ocid(release: Release, _: Contract) -> None:
    del release["ocid"]


def _no_id(release: Release, _: Contract) -> None:
    del release["id"]


def _endless(release: Release, _: Contract) -> None:
    _made(release)["value"] = {"amountGross": "ENDLESS", "currency": "GBP"}


def _unknown(release: Release, contract: Contract) -> None:
    release["ocid"] = f"ocds-zz9zz9-0fff{contract.number:03d}"
    release["tender"]["id"] = f"T-{contract.number}"
    release["parties"][1]["identifier"]["id"] = "PZZZ-7777-ZZZZ"
    release["parties"][1]["id"] = "GB-PPON-PZZZ-7777-ZZZZ"


def _no_day(release: Release, _: Contract) -> None:
    _made(release)["dateSigned"] = "soon"


def _no_currency(release: Release, _: Contract) -> None:
    del _made(release)["value"]["currency"]


def _much_vat(release: Release, contract: Contract) -> None:
    net, gross = pounds(contract.value_pence), pounds(contract.value_pence * 5 // 4)
    _made(release)["value"] = {"amount": net, "amountGross": gross, "currency": "GBP"}


def _signed_late(release: Release, _: Contract) -> None:
    _made(release)["dateSigned"] = stamp(date(2026, 7, 29))


def _ends_first(release: Release, contract: Contract) -> None:
    period = _made(release)["period"]
    period["endDate"] = stamp(contract.start_on - timedelta(days=40))


def _signed_long_ago(release: Release, contract: Contract) -> None:
    signed = contract.signed_on
    _made(release)["dateSigned"] = stamp(signed.replace(year=signed.year - 20, day=min(signed.day, 28)))


_NOTICES: tuple[tuple[str, str, Callable[[Release, Contract], None]], ...] = (
    ("NT-001", "release without OCID", _no_ocid),
    ("NT-001", "release without identifier", _no_id),
    ("NT-004", "value without end", _endless),
    ("NT-005", "notice of an unknown procurement", _unknown),
    ("NT-008", "word for a date", _no_day),
    ("NT-024", "value without a currency", _no_currency),
    ("NT-031", "VAT of a quarter in a notice", _much_vat),
    ("NT-032", "signed after it was published", _signed_late),
    ("NT-032", "notice that ends before it starts", _ends_first),
    ("NT-033", "signed twenty years ago", _signed_long_ago),
)


def plant_returns(world: World, dice: Dice, times: int) -> None:
    """A defect in a return of its own each."""
    forms = [form for (period, _), form in world.forms.items() if period == _NOW and form.claim_lines()]
    for rule, kind, column, value in _ANSWERS:
        for _ in range(times):
            form = _pick(world, dice, forms)
            line = form.claim_lines()[0]
            line[column] = value
            form.plant(rule, kind, form.cell(line, column), line["A"])
    for rule, kind, row, answer in _HEADS:
        for _ in range(times):
            form = replace(deepcopy(_pick(world, dice, forms)), plants=[])
            form.name += f" {rule}"
            form.answers[row] = answer
            form.plant(rule, kind, "file" if rule == "RT-014" else f"{layout.ANSWER_COLUMN}{row}")
            world.further_forms.append(form)
    for place in range(times):
        stray = new_form(_NOW, f"KSW-099{place}", "Nothing", "Nowhere Imaginary Supplies Ltd")
        add_line(stray, "S5", "county", Fraction(4))
        stray.plant("RT-001", "unknown contract", f"{layout.ANSWER_COLUMN}{layout.CONTRACT_REF_ROW}")
        world.further_forms.append(stray)
        form = _pick(world, dice, forms)
        line = add_line(form, "S3", "county", Fraction(2))
        form.plant("RT-004", "measure of another contract", form.cell(line, "A"))
        form = _pick(world, dice, forms)
        line = add_line(form, "S3", "county", Fraction(2))
        line["A"] = None
        form.plant("RT-019", "line without a measure", form.cell(line, "A"))
        form = _pick(world, dice, forms)
        form.lines.append(dict(form.claim_lines()[0]))
        form.plant("RT-011", "measure and district twice", "file")
        form = _pick(world, dice, forms)
        form.answers[layout.CONFIRM_SCOPE_ROW] = "No"
        form.plant("RT-008", "not confirmed", f"{layout.ANSWER_COLUMN}{layout.CONFIRM_SCOPE_ROW}")


def take_away(world: World, dice: Dice, times: int) -> None:
    """RT-012: returns that never come, in either night."""
    earlier = {ref for period, ref in world.forms if period != _NOW}
    for _ in range(times):
        due = [f for (p, r), f in world.forms.items() if p == _NOW and r in earlier and not f.plants]
        form = _pick(world, dice, due)
        del world.forms[_NOW, form.name]
        world.planted.append(Planted("return that never came", "RT-012", subject=f"{form.name} {_NOW}"))


_ANSWERS: tuple[tuple[str, str, str, str | Fraction], ...] = (
    ("RT-003", "words beside the number", "E", "12 hours"),
    ("RT-005", "place that is no district", "D", "Nowhere-on-Sea"),
    ("RT-006", "broken formula", "E", BROKEN),
    ("RT-007", "e-mail address as evidence", "H", "photo from a.person@supplier.example"),
    ("RT-013", "more than all of it", "F", Fraction(120)),
    ("RT-018", "neither yes nor no", "G", "perhaps"),
)
_HEADS: tuple[tuple[str, str, int, str], ...] = (
    ("RT-002", "period that is no quarter", layout.PERIOD_ROW, "Autumn 2026"),
    ("RT-002", "quarter that has not ended", layout.PERIOD_ROW, "2026-27-Q3"),
    ("RT-014", "unknown version of the form", layout.VERSION_ROW, "kcc-return-0"),
    ("RT-022", "supplier of another contract", layout.SUPPLIER_ROW, "Nowhere Imaginary Supplies Ltd"),
)


def plant_percentages(world: World, dice: Dice, times: int) -> None:
    """RT-040: a percentage above 100."""
    with_one = [f for f in world.forms.values() if any(line["A"] == "E4" for line in f.claim_lines())]
    for _ in range(times):
        form = _pick(world, dice, with_one)
        line = next(line for line in form.claim_lines() if line["A"] == "E4")
        line["E"] = Fraction(140)
        form.plant("RT-040", "percentage above 100", form.cell(line, "E"))


def plant_decisions(world: World, dice: Dice, times: int) -> None:
    """Rows of the decisions log."""
    plan: tuple[tuple[str, str, dict[str, Cell]], ...] = (
        ("DC-001", "decision without a role", {"role": None}),
        ("DC-002", "decision of no kind", {"decision_kind": "permission"}),
        ("DC-003", "decision on an unknown contract", {"subject": "KSW-9998"}),
        ("DC-005", "decision number used twice", {"decision_id": "D-2026-0001"}),
    )
    lines = [line for line in world.decisions[1:] if line.cells["decision_kind"] == "verification"]
    for rule, kind, cells in plan:
        for _ in range(times):
            line = world.line(dice, lines)
            line.cells.update(cells)
            line.plants.append(Plant(rule, kind))
    for _ in range(times):
        line = world.line(dice, lines)
        world.decisions.remove(line)
        subject = str(line.cells["decision_id"])
        world.planted.append(Planted("decision that vanished", "DC-039", subject=subject))


def plant_files(world: World) -> None:
    """Files that cannot be taken in whole."""
    whole = form_bytes(next(iter(world.forms.values())))
    old_office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
    titles = ",".join(FIELDS[name].title for name in LEDGER_FIELDS)
    for n in (1, 2):
        short = f"Supplier name,Payment date\r\nA Ltd,2026-08-0{n}\r\n".encode()
        for name, content, kind, rule in (
            (
                f"returns/{_NOW}/damaged-{n}.xlsx",
                whole[: len(whole) // 2 + n],
                "truncated workbook",
                "IN-001",
            ),
            (f"returns/{_NOW}/old-{n}.xlsx", old_office + bytes(n), "old workbook by a new name", "IN-001"),
            (f"payments/empty-{n}.csv", b"\r\n" * (n - 1), "file without a word", "IN-001"),
            (f"payments/short-{n}.csv", short, "columns that are gone", "IN-041"),
            (f"payments/none-{n}.csv", (titles + "\r\n" * n).encode(), "file without records", "IN-039"),
        ):
            world.further_files[name] = content
            world.planted.append(Planted(kind, rule, name.partition("/")[2]))


def _pick(world: World, dice: Dice, forms: list[Form]) -> Form:
    form = dice.pick([form for form in forms if id(form) not in world.taken and form.claim_lines()])
    world.taken.add(id(form))
    return form


def _made(release: Release) -> Release:
    made: Release = release["contracts"][0]
    return made

"""Defects of the contract register, and of the register against notices and policy.

Does not belong here: planting them in number (`harness`).
"""

from __future__ import annotations

from datetime import date, timedelta

from kcc_etl.sample.contracts import QUESTIONS
from kcc_etl.sample.dice import Dice
from kcc_etl.sample.sheets import Cell, Line, Plant
from tests.mutants.world import Planted, World

_NET, _GROSS = "value_ex_vat_pence", "value_inc_vat_pence"

CELLS: tuple[tuple[str, str, dict[str, Cell]], ...] = (
    ("CR-001", "no reference", {"contract_ref": None}),
    ("CR-002", "reference of another contract", {"contract_ref": "KSW-0021"}),
    ("CR-003", "value in words", {_NET: "TBC"}),
    ("CR-004", "day that does not exist", {"start_on": "31/02/2026"}),
    ("CR-004", "words for a date", {"end_on": "ongoing"}),
    ("CR-005", "ends before it starts", {"end_on": date(2024, 1, 1), "max_end_on": None}),
    ("CR-006", "value of £1", {_NET: 100, _GROSS: 120}),
    ("CR-006", "value of nothing", {_NET: 0, _GROSS: 0}),
    ("CR-007", "starts before the award", {"awarded_on": date(2026, 3, 2), "signed_on": date(2026, 3, 9)}),
    ("CR-008", "zero lost at the front", {"supplier_company_number": "9990007"}),
    ("CR-009", "no supplier", {"supplier_name": None}),
    ("CR-010", "category left empty", {"procurement_category": None}),
    ("CR-012", "unknown framework", {"agreement_kind": "call-off", "parent_ref": "KSW-FW-99"}),
    ("CR-012", "call-off without its framework", {"agreement_kind": "call-off", "parent_ref": None}),
    ("CR-013", "district of another county", {"district": "E06000035"}),
    ("CR-015", "size not known", {"supplier_size": "unknown"}),
    ("CR-020", "words for a score", {"risk_market": "rather high"}),
    ("CR-021", "misspelt category", {"procurement_category": "Servcies"}),
    ("CR-030", "signed before the award", {"signed_on": date(2024, 3, 5), "awarded_on": date(2024, 3, 6)}),
    ("CR-030", "latest end before the end", {"max_end_on": date(2025, 1, 31)}),
    ("CR-031", "review in 1900", {"review_on": date(1900, 1, 1)}),
    ("CR-031", "signed next year", {"signed_on": date(2027, 5, 1)}),
    ("CR-032", "end of another century", {"end_on": date(2126, 9, 1), "max_end_on": date(2126, 9, 1)}),
    ("CR-035", "digit of the CPV code lost", {"cpv_code": "9091000"}),
    ("CR-036", "goods by its CPV code", {"cpv_code": "39000000"}),
    ("CR-037", "light touch works", {"is_light_touch": True, "procurement_category": "works", "cpv_code": "45233000"}),
    ("SU-001", "charity number of no register", {"supplier_charity_number": "12"}),
    ("SU-002", "identifier of no platform", {"supplier_ppon": "P-12"}),
    ("SU-010", "charity that is no voluntary body", {"supplier_charity_number": "9900123", "supplier_is_vcse": False}),
)  # fmt: skip
"""Cells of a contract that nothing else refers to: rule, kind, what is written instead."""


def plant_cells(world: World, dice: Dice, times: int) -> None:
    """Each kind of defect so many times, each in a contract of its own."""
    quiet = [world.contracts[c.reference] for c in world.more]
    for rule, kind, cells in CELLS:
        for _ in range(times):
            _spoil(world.line(dice, quiet), rule, kind, cells)
    for _ in range(times):
        line = world.line(dice, quiet)
        _spoil(line, "SU-003", "letter of another alphabet", {"supplier_name": _cyrillic(line)})
        line = world.line(dice, quiet)
        _spoil(line, "CR-014", "gross a hundred times too large", {_GROSS: _pence(line) * 120})
        line = world.line(dice, quiet)
        _spoil(line, "CR-014", "gross below the net value", {_GROSS: _pence(line) // 2})
        line = world.line(dice, quiet)
        plant = Plant("CR-034", "one contract under two references")
        again = Line({**line.cells, "contract_ref": f"KSW-9{len(world.further):03d}"}, [plant])
        world.further.append(again)


def plant_over_time(world: World, dice: Dice, times: int) -> None:
    """Contracts of the first night that are gone in the second, or worth a fraction."""
    quiet = [world.contracts[c.reference] for c in world.more]
    for _ in range(times):
        line = world.line(dice, quiet)
        reference = str(line.cells["contract_ref"])
        del world.contracts[reference]
        world.planted.append(Planted("contract that vanished", "CR-040", subject=reference))
        line = world.line(dice, quiet)
        less = _pence(line) // 100
        line.cells.update({_NET: less, _GROSS: less})
        subject = str(line.cells["contract_ref"])
        world.planted.append(Planted("value in pounds that was in pence", "CR-042", subject=subject))


def plant_questions(world: World, dice: Dice, times: int) -> None:
    """CR-011: contracts that policy asks for targets, a question of theirs left open."""
    asked = [_line(world, c.reference) for c in world.portfolio.in_scope if c.value_pence >= 50_000_000]
    for _ in range(times):
        _spoil(world.line(dice, asked), "CR-011", "question left open", {dice.pick(QUESTIONS): None})


def plant_against_notices(world: World, dice: Dice, times: int) -> None:
    """The register says otherwise than the details notice of the contract."""
    noticed = [c for c in world.portfolio.contracts if c.is_noticed and c.kind != "framework"]
    kept = [c for c in noticed if c.number % 10 != 3]
    changes: tuple[tuple[str, str, str], ...] = (
        ("NT-011", "starts on another day than in the notice", "start_on"),
        ("NT-012", "ends on another day than in the notice", "end_on"),
        ("NT-014", "signed on another day than in the notice", "signed_on"),
    )
    places = {c.reference: _line(world, c.reference) for c in kept}
    for rule, kind, field in changes:
        for _ in range(min(times, 2)):
            line = world.line(dice, [*places.values()])
            day = line.cells[field]
            assert isinstance(day, date)
            moved: dict[str, Cell] = {field: day + timedelta(days=2)}
            if field == "end_on":
                moved["max_end_on"] = line.cells["max_end_on"] = day + timedelta(days=2)
            _spoil(line, rule, kind, moved)
    for _ in range(min(times, 2)):
        line = world.line(dice, [*places.values()])
        _spoil(line, "NT-006", "gross value otherwise in the notice", {_GROSS: _pence(line) * 11 // 10})
    for _ in range(min(times, 2)):
        line = world.line(dice, [*places.values()])
        _spoil(
            line,
            "NT-017",
            "light touch otherwise in the notice",
            {"is_light_touch": not line.cells["is_light_touch"]},
        )


def _spoil(line: Line, rule: str, kind: str, cells: dict[str, Cell]) -> None:
    line.cells.update(cells)
    line.plants.append(Plant(rule, kind))


def _line(world: World, reference: str) -> Line:
    return world.contracts.get(reference) or world.works[reference]


def _pence(line: Line) -> int:
    value = line.cells[_NET]
    assert isinstance(value, int)
    return value


def _cyrillic(line: Line) -> str:
    return str(line.cells["supplier_name"]).replace("a", "\u0430", 1).replace("e", "\u0435", 1)

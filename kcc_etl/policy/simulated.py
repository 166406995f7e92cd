"""`kcc-etl policy simulate`: what other parameters would change, before anyone adopts them.

Does not belong here: working it out (`kcc_etl.domain.simulation`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from kcc_etl import asset_keys as keys
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.money import number_display
from kcc_etl.domain.simulation import (
    CHARITIES,
    SMALL_FIRMS,
    SUPPLIER_CLASSES,
    ContractEffect,
    MeasureEffect,
    Way,
    editions_tried,
    simulate,
    suppliers,
)
from kcc_etl.parameters.model import Parameters
from kcc_etl.policy.sheet import Grid, Section, Sheet
from kcc_etl.policy.statuses import status_line
from kcc_etl.warehouse.store import Warehouse

_WAYS: tuple[Way, ...] = ("more", "less", "mixed")
_READING = (
    "What would have been asked of today's contracts if these parameters had been in force when their "
    "procurement began. VCSE is a charity or social enterprise. A cell is one box that a supplier fills in "
    "on a return."
)
_WIDTH = 40
"""Characters of the longest bar."""


@dataclass(frozen=True)
class Trial:
    """Tomorrow's parameters tried on today's contracts: both sets, the name given, and every effect."""

    name: str
    today: Parameters
    tomorrow: Parameters
    effects: tuple[ContractEffect, ...]
    is_approved: bool
    """Whether what judges today's contracts is approved."""

    def of_class(self, supplier_class: str) -> tuple[ContractEffect, ...]:
        """The effects on contracts of one class of suppliers."""
        return tuple(effect for effect in self.effects if effect.supplier_class == supplier_class)

    @property
    def changed(self) -> tuple[ContractEffect, ...]:
        """The contracts whose band or targets would change."""
        return tuple(effect for effect in self.effects if effect.changes)

    @property
    def newly_judged(self) -> int:
        """How many contracts no edition in force judges, and the one tried would."""
        return sum(not effect.is_judged_today for effect in self.effects)

    @property
    def editions_new(self) -> tuple[str, ...]:
        """The first days of the editions that are not in force, newest first; the first of them is tried."""
        return tuple(str(edition.effective_from) for edition in editions_tried(self.today, self.tomorrow))


def try_out(name: str, tomorrow: Parameters, today: Parameters, store: Warehouse, as_of: date) -> Trial:
    """Tomorrow's parameters on the contracts and decisions of the last night."""
    decisions = decisions_known(store.read(keys.CORE_DECISION), as_of)
    contracts = store.read(keys.CORE_CONTRACT)
    effects = simulate(contracts, decisions, today, tomorrow, as_of)
    return Trial(name, today, tomorrow, effects, rests_on_approved(contracts, today, as_of))


def trial_sheet(trial: Trial, written: Path | None) -> Sheet:
    """Who is affected, the chart, which measures, and the sums in sentences."""
    sections = (
        Section("Who would be asked for more or less", (_READING, _classes(trial), _chart(trial))),
        Section("By how much, in each measure's own unit", _measures(trial)),
        Section("Contracts that change band (what is asked goes by bands of value)", _bands(trial)),
    )
    return Sheet("kcc-etl policy simulate", sections, _closing(trial, written))


def _classes(trial: Trial) -> Grid:
    groups = [(name, trial.of_class(name)) for name in SUPPLIER_CLASSES]
    rows = tuple(
        (
            name,
            f"{len(effects):,}",
            f"{sum(e.band_steps > 0 for e in effects):,}",
            f"{sum(e.band_steps < 0 for e in effects):,}",
            *(f"{_count(effects, way):,}" for way in _WAYS),
            f"{sum(e.cells_today for e in effects):,}",
            f"{sum(e.cells_tomorrow for e in effects):,}",
        )
        for name, effects in (*groups, ("all", trial.effects))
        if effects or name == "all"
    )
    headings = ("supplier class", "contracts", "band up", "band down", "more asked", "less asked",
                "some of both", "cells a year today", "tomorrow")  # fmt: skip
    return Grid(headings, rows, numeric=tuple(range(1, len(headings))))


def _count(effects: Iterable[ContractEffect], way: Way) -> int:
    return sum(effect.way == way for effect in effects)


def _chart(trial: Trial) -> str:
    """Bars of contracts asked for more (+), less (-) or both (~), one line a class of suppliers."""
    lines = []
    shown = [name for name in SUPPLIER_CLASSES if trial.of_class(name)]
    most = max((len([e for e in trial.of_class(name) if e.way != "same"]) for name in shown), default=0)
    if not most:
        return "No target would change."
    for name in shown:
        effects = trial.of_class(name)
        # Half up, so that no bar is longer than the width, and one contract is seen at all.
        parts = [(mark, _count(effects, way)) for way, mark in zip(_WAYS, "+-~", strict=True)]
        bar = "".join(mark * max((2 * n * _WIDTH + most) // (2 * most), 1) for mark, n in parts if n)
        lines.append(f"{name:>8} |{bar}  {', '.join(f'{n} {mark}' for mark, n in parts if n) or 'none'}")
    return "Contracts whose targets change: + more, - less, ~ some of both\n" + "\n".join(lines)


def _measures(trial: Trial) -> tuple[str | Grid, ...]:
    known = {**trial.today.measure_of, **trial.tomorrow.measure_of}
    rows = []
    for code, measure in known.items():
        effects = [m for e in trial.effects for m in e.measures if m.code == code]
        if any(effect.way != "same" for effect in effects):
            rows.append(
                (f"{code} {measure.title}", measure.unit, *_sums(effects, level=measure.counting == "level"))
            )
    if not rows:
        return ("No target would change.",)
    headings = ("measure", "unit", "up", "down", "new", "dropped", "today", "tomorrow", "difference")
    return (
        Grid(headings, tuple(rows), numeric=tuple(range(2, 9)), shares=(26, 9, 6, 7, 6, 10, 11, 11, 12)),
        "Up, down, new and dropped count contracts. Levels and percentages are never added up.",
    )


def _sums(effects: list[MeasureEffect], *, level: bool) -> tuple[str, ...]:
    both = [(e.today, e.tomorrow) for e in effects if e.today is not None and e.tomorrow is not None]
    counts = (
        sum(after > before for before, after in both),
        sum(after < before for before, after in both),
        sum(effect.today is None for effect in effects),
        sum(effect.tomorrow is None for effect in effects),
    )
    texts = tuple(f"{count:,}" for count in counts)
    if level:
        return (*texts, "–", "–", "–")
    today = sum((e.today or Fraction(0) for e in effects), Fraction(0))
    tomorrow = sum((e.tomorrow or Fraction(0) for e in effects), Fraction(0))
    sign = "+" if tomorrow > today else ""
    return (*texts, number_display(today), number_display(tomorrow), sign + number_display(tomorrow - today))


def _bands(trial: Trial) -> tuple[str | Grid, ...]:
    moves: dict[tuple[str, str], int] = {}
    for effect in trial.effects:
        move = (effect.band_today or "out of scope", effect.band_tomorrow or "out of scope")
        if move[0] != move[1]:
            moves[move] = moves.get(move, 0) + 1
    if not moves:
        return ("None.",)
    rows = tuple((before, after, f"{count:,}") for (before, after), count in sorted(moves.items()))
    return (Grid(("today", "tomorrow", "contracts"), rows, (2,)),)


def _closing(trial: Trial, written: Path | None) -> tuple[str, ...]:
    effects = trial.effects
    up, down = sum(e.band_steps > 0 for e in effects), sum(e.band_steps < 0 for e in effects)
    before, after = (sum(getattr(e, name) for e in effects) for name in ("cells_today", "cells_tomorrow"))
    lines = [
        (
            f"{trial.name} (version {trial.tomorrow.version}) tried on the "
            f"{len(effects) - trial.newly_judged:,} contracts that policy judges today"
            f"{_besides(trial)} (version {trial.today.version}). Nothing was changed."
        ),
        *_edition(trial),
        (
            f"{len(trial.changed):,} would change: {up} band(s) up, {down} down; {_count(effects, 'more')} "
            f"asked for more, {_count(effects, 'less')} for less, {_count(effects, 'mixed')} for some of "
            "both."
        ),
        (
            "Suppliers, each counted once however many contracts it has. Micro and small firms: "
            f"{_affected(effects, SMALL_FIRMS)}. Charities and social enterprises: "
            f"{_affected(effects, (CHARITIES,))}. The tables count contracts."
        ),
        (
            f"Suppliers would fill in {after:,} cells a year, {before:,} today ({after - before:+,}): five "
            "for each measure and three for each return, with as many returns a year as policy asks of the "
            "risk class."
        ),
    ]
    lines.append(status_line(trial.name, trial.tomorrow))
    if not trial.is_approved:
        lines.append("The parameters in force are assumptions until the adopted ones are loaded.")
    if written is not None:
        lines.append(f"Written: {written}")
    return tuple(lines)


def _besides(trial: Trial) -> str:
    return f" and on {trial.newly_judged:,} that it would judge besides" if trial.newly_judged else ""


def _edition(trial: Trial) -> Iterator[str]:
    """Which edition judged the contracts, where one is new."""
    days = trial.editions_new
    if len(days) == 1:
        yield f"The edition tried is that of {days[0]}, on each of them."
    elif days:
        yield (
            f"{len(days)} editions are new. The edition tried is that of {days[0]}, the newest of them, on "
            f"each of the contracts; try that of {' and that of '.join(days[1:])} by itself."
        )


def _affected(effects: tuple[ContractEffect, ...], classes: tuple[str, ...]) -> str:
    more, less, mixed = (suppliers(effects, classes, way) for way in ("more", "less", "mixed"))
    known = suppliers(effects, classes)
    return f"{known} in all, {more} asked for more, {less} for less, {mixed} for both"


def trial_json(trial: Trial) -> str:
    """The trial as JSON, for another program; quantities as exact fractions in text."""
    effects = trial.effects
    document = {
        "name": trial.name,
        "version_today": trial.today.version,
        "version_tomorrow": trial.tomorrow.version,
        "is_approved_today": trial.is_approved,
        "editions_new": list(trial.editions_new),
        "edition_tried": trial.editions_new[0] if trial.editions_new else None,
        "contracts": len(effects),
        "contracts_newly_judged": trial.newly_judged,
        "contracts_changed": len(trial.changed),
        "bands_up": sum(e.band_steps > 0 for e in effects),
        "bands_down": sum(e.band_steps < 0 for e in effects),
        "targets": {way: _count(effects, way) for way in ("more", "less", "mixed", "same")},
        "small_firms": {way: suppliers(effects, SMALL_FIRMS, way) for way in ("more", "less", "mixed")},
        "charities": {way: suppliers(effects, (CHARITIES,), way) for way in ("more", "less", "mixed")},
        "cells_a_year_today": sum(e.cells_today for e in effects),
        "cells_a_year_tomorrow": sum(e.cells_tomorrow for e in effects),
        "changes": [_effect_document(effect) for effect in trial.changed],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _effect_document(effect: ContractEffect) -> dict[str, object]:
    return {
        "contract_ref": effect.ref,
        "supplier_class": effect.supplier_class,
        "band_today": effect.band_today,
        "band_tomorrow": effect.band_tomorrow,
        "targets": {
            m.code: {
                "unit": m.unit,
                "today": None if m.today is None else str(m.today),
                "tomorrow": None if m.tomorrow is None else str(m.tomorrow),
            }
            for m in effect.measures
        },
    }

"""One target of `kcc-etl policy explain`: its steps in a table, its explanation, its versions.

Does not belong here: the contract and its answers (`explained`), computing a target (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.proportion import length_display
from kcc_etl.domain.versions import ByInvoice
from kcc_etl.parameters.model import Policy
from kcc_etl.policy import cells
from kcc_etl.policy.case import Case, Row
from kcc_etl.policy.sheet import Grid, Section

Step = tuple[str, str, str]
_OVERRIDE = "override"


def target_section(case: Case, target: Row) -> Section:
    """How one target of a contract came about, and what became of it."""
    grid = Grid(("step", "value", "why"), tuple(_steps(case, target)), shares=(24, 30, 52))
    versions = [row for row in case.versions if row["measure_code"] == target["measure_code"]]
    first = "As it was first: " if len(versions) > 1 else ""
    blocks: list[str | Grid] = [grid, first + str(target["explanation"])]
    if isinstance(target["assumed"], str):
        blocks.append(f"Taken for granted: {target['assumed']}.")
    if len(versions) > 1:
        rows = tuple(
            (str(row["version"]), cells.day(row["effective_on"]), str(row["version_kind"]),
             cells.quantity(row["agreed"], target["unit"]),
             row["decision_id"] if isinstance(row["decision_id"], str) else "–")
            for row in versions
        )  # fmt: skip
        blocks.append(Grid(("version", "holds from", "made by", "target", "decision"), rows, (3,)))
        blocks += [str(row["explanation"]) for row in versions[1:]]
        if any(row["version_kind"] == _OVERRIDE for row in versions):
            blocks.append(
                "An override restates what was agreed from the start of the contract, whenever it is "
                f"decided. Changes are worked out again from it, and what was {_first(target)} counts no "
                "longer."
            )
    return Section(f"{target['measure_code']} {target['measure_title']}", tuple(blocks))


def _steps(case: Case, target: Row) -> Iterator[Step]:
    if pd.notna(target["unrounded"]) and case.policy is not None:
        if bool(pd.isna(target["rate"])):
            yield from _share(case.contract, target, case.policy)
        else:
            yield from _product(target, case.policy)
    unit = target["unit"]
    yield _first(target), cells.quantity(target["target"], unit), _parameters(target["basis"])
    if target["contract_type"] == "works" and case.policy is not None and _is_outputs(target):
        each = case.policy.stretch.works_weeks_per_million
        weeks = cells.number(target["counted_value"] / 1_000_000 * each)
        yield (
            "stretch",
            f"{weeks} person-weeks",
            f"{cells.number(each)} for each £1m of works; never asked for",
        )
    if pd.notna(target["committed"]):
        why = "what the supplier promises as things stand"
        yield "promise in force", cells.quantity(target["committed"], unit), why
    if isinstance(target["override_id"], str):
        amount = cells.quantity(target["original"], unit)
        yield (
            "set by an officer",
            amount,
            f"{_decision(case, target['override_id'])} from the start of the contract",
        )
    by_invoice = case.by_invoice.get(str(target["measure_code"]))
    if by_invoice is not None:
        rate = cells.quantity(by_invoice.per_million, unit, 4)
        yield "spend guaranteed", "no", "agreed and due follow what is invoiced, not the value expected"
        yield "for each £1m invoiced", rate, "the target over the value counted, in £m"
        for day, _ in case.due.get(str(target["measure_code"]), ())[:1]:
            yield f"invoiced by {day}", cells.pence(by_invoice.pence(day)), _frozen(by_invoice)
    yield "agreed", cells.quantity(target["agreed"], unit), "the target as it stands, changes included"
    for place, (day, amount) in enumerate(case.due.get(str(target["measure_code"]), ())):
        why = (
            "at the next end of a quarter" if place else "of the target as it stands, on the day spoken about"
        )
        yield f"due by {day}", cells.quantity(amount, unit, 4), why


def _decision(case: Case, number: str) -> str:
    """The decision that set a target, with its day, the role that made it and the reason, as far as known."""
    made = case.decisions.get(number)
    if made is None:
        return f"decision {number},"
    by, why = cells.text(made["role"]), cells.text(made["reason_code"])
    return f"decision {number} of {cells.day(made['decided_on'])} by the {by}, reason: {why};"


def _first(target: Row) -> str:
    """What the figure is that changes start from: calculated, or promised where nothing is calculated."""
    return "promised at first" if bool(target["is_commitment"]) else "calculated"


def _frozen(by_invoice: ByInvoice) -> str:
    counted = "paid invoices by the day of receipt, else of payment, excluding VAT, less credits"
    if by_invoice.last is None:
        return counted
    return f"{counted}; frozen by the early end on {by_invoice.last}"


def _product(target: Row, policy: Policy) -> Iterator[Step]:
    """The factors of employment outputs or hours."""
    summed = "outputs" if _is_outputs(target) else "hours"
    scoring = policy.scoring
    edges = f"low up to {scoring.low_to}, medium up to {scoring.medium_to}"
    yield "value counted", f"£{cells.number(target['counted_value'], 2)}", "without options not taken up"
    yield "for each £1m", f"x {cells.number(target['rate'])}", _rate(target, policy)
    for name in ("complexity", "risk"):
        found = f"{target[f'{name}_class']}: {target[f'{name}_score']} of 15 ({edges})"
        yield name, f"x {cells.number(target[f'{name}_factor'])}", found
    yield "relief", f"x {cells.number(target['relief'])}", cells.text(target["relief_reason"])
    yield "before rounding", f"= {cells.number(target['unrounded'])} {summed}", "rounded once, a half upward"


def _rate(target: Row, policy: Policy) -> str:
    kind, rate = str(target["contract_type"]).replace("_", " "), Fraction(target["rate"])
    if _is_outputs(target):
        return f"{kind}: one output for every £{cells.number(1 / rate)}m"
    each = policy.hours.per_million_a_year
    hours = f"{cells.number(each)} hours over the whole contract for each £1m of average annual value"
    return f"{hours}, over {length_display(each / rate)}"


def _share(contract: Row, target: Row, policy: Policy) -> Iterator[Step]:
    """The share of supply spend with firms of the county."""
    spend = pounds_display(int(contract["supply_spend_ex_vat_pence"]))
    share = policy.kent_supply.reserved_below_threshold_pct
    yield "expected supply spend", spend, "subcontractors and suppliers, excluding VAT"
    yield "share for Kent firms", f"x {cells.number(share)}%", "below the threshold and reserved to the area"
    yield (
        "before rounding",
        f"= £{cells.number(target['unrounded'])}",
        "rounded once to the penny, a half upward",
    )


def _is_outputs(target: Row) -> bool:
    return "8.3" in str(target["basis"]).split("|")


def _parameters(basis: object) -> str:
    sections = str(basis).split("|") if isinstance(basis, str) else []
    return f"policy parameters, section{'s' if len(sections) > 1 else ''} {', '.join(sections) or '–'}"

"""`kcc-etl policy explain`: why the targets of one contract are what they are, step by step.

Does not belong here: finding the contract (`case`), computing a target (`kcc_etl.domain`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.domain.proportion import class_of
from kcc_etl.domain.scope import why_unjudged
from kcc_etl.parameters.classes import ClassName
from kcc_etl.parameters.entries import shown
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.questions import Answers
from kcc_etl.policy.case import Case, Row
from kcc_etl.policy.proxied import proxy_lines
from kcc_etl.policy.sheet import Grid, Section, Sheet
from kcc_etl.schema.rules import RULES

_PLACES = 6


def case_sheet(case: Case, parameters: Parameters, day: date) -> Sheet:
    """The contract, each of its targets, and what was found about them."""
    sections = [_inputs(case)]
    if case.targets:
        sections += [_target(case, target) for target in case.targets]
    else:
        sections.append(Section("No target", (_without(case, parameters),)))
    sections += _beside(case)
    return Sheet("kcc-etl policy explain", tuple(sections), _closing(case, parameters, day))


def needs_attention(case: Case, parameters: Parameters) -> bool:
    """Whether there is a fault to deal with, or the targets were computed with other parameters."""
    grave = any(row["severity"] != "information" for row in case.findings)
    return grave or _is_stale(case, parameters)


def _inputs(case: Case) -> Section:
    contract, policy = case.contract, case.policy
    rows = [
        ("supplier", _text(contract["supplier_name"]), "register"),
        ("procurement began", _day(contract["procurement_commenced_on"]), "chooses the edition"),
        ("whole-life value ex VAT", _pence(contract["value_ex_vat_pence"]), "chooses the band"),
        ("from, to, at the latest", _term(contract), "the time targets fall due over"),
        ("category, group", f"{_text(contract['procurement_category'])}, {_text(contract['service_group'])}",
         "the value of one output"),
        ("size, charity or social enterprise",
         f"{_text(contract['supplier_size'])}, {_yes(contract['supplier_is_vcse'])}", "relief"),
        ("measures chosen", _text(contract["sv_measures"]).replace("|", ", "), "what is asked for"),
    ]  # fmt: skip
    grids: list[str | Grid] = [Grid(("what the register says", "value", "what it is for"), tuple(rows))]
    if policy is not None:
        grids.append(_answers(contract, policy))
    return Section(f"{case.ref} {_text(contract['contract_title'])}", tuple(grids))


def _answers(contract: Row, policy: Policy) -> Grid:
    rows = []
    questions: tuple[tuple[str, Answers], ...] = (
        *((question.column, question) for question in policy.questions.risk),
        *((question.column, question) for question in policy.questions.complexity),
    )
    for column, question in questions:
        given = contract[column]
        if pd.notna(given) and 1 <= given <= 3:
            answer = f"{int(given)}: {(question.low, question.medium, question.high)[int(given) - 1]}"
        else:
            answer = f"not answered: counts {policy.scoring.missing_answer}"
        rows.append((column.partition("_")[0], question.asks, answer))
    return Grid(("", "question", "answer"), tuple(rows), shares=(14, 46, 46))


def _target(case: Case, target: Row) -> Section:
    grid = Grid(("step", "value", "why"), tuple(_steps(case, target)), shares=(24, 30, 46))
    blocks: list[str | Grid] = [grid, str(target["explanation"])]
    if isinstance(target["assumed"], str):
        blocks.append(f"Taken for granted: {target['assumed']}.")
    versions = [row for row in case.versions if row["measure_code"] == target["measure_code"]]
    if len(versions) > 1:
        rows = tuple(
            (str(row["version"]), _day(row["effective_on"]), str(row["version_kind"]),
             _number(row["agreed"]), row["decision_id"] if isinstance(row["decision_id"], str) else "–")
            for row in versions
        )  # fmt: skip
        blocks.append(Grid(("version", "holds from", "made by", "target", "decision"), rows, (3,)))
        blocks += [str(row["explanation"]) for row in versions[1:]]
    return Section(f"{target['measure_code']} {target['measure_title']}", tuple(blocks))


def _steps(case: Case, target: Row) -> Iterator[tuple[str, str, str]]:
    unit = str(target["unit"])
    if pd.notna(target["unrounded"]) and case.policy is not None:
        scoring = case.policy.scoring
        edges = f"low to {scoring.low_to}, medium to {scoring.medium_to}"
        summed = "hours" if "8.4" in str(target["basis"]) else "outputs"
        yield "value counted", f"£{_number(target['counted_value'], 2)}", "without options not taken up"
        yield "for each £1m", f"x {_number(target['rate'])}", f"{_text(target['contract_type'])}: {summed}"
        yield (
            "complexity",
            f"x {_number(target['complexity_factor'])}",
            f"{target['complexity_class']}: {target['complexity_score']} of 15 ({edges})",
        )
        yield (
            "risk",
            f"x {_number(target['risk_factor'])}",
            f"{target['risk_class']}: {target['risk_score']} of 15 ({edges})",
        )
        yield "relief", f"x {_number(target['relief'])}", _text(target["relief_reason"])
        yield "before rounding", f"= {_number(target['unrounded'])} {summed}", "rounded once, a half upward"
    yield "target", f"{_number(target['target'])} {unit}", f"sections {_sections(target['basis'])}"
    if pd.notna(target["committed"]):
        yield "committed", f"{_number(target['committed'])} {unit}", "what the supplier promised"
    if isinstance(target["override_id"], str):
        yield (
            "set by an officer",
            f"{_number(target['original'])} {unit}",
            f"decision {target['override_id']}",
        )
    yield "agreed", f"{_number(target['agreed'])} {unit}", "the target as it stands, changes included"


def _beside(case: Case) -> list[Section]:
    """Findings about the contract, and the rules that the targets were held to."""
    sections = []
    if case.findings:
        rows = tuple(
            (str(row["rule_id"]), str(row["severity"]), RULES[str(row["rule_id"])].text, _text(row["found"]),
             _text(row["remedy"]))
            for row in case.findings
        )  # fmt: skip
        grid = Grid(("rule", "severity", "what it says", "found", "what to do"), rows,
                    shares=(10, 12, 32, 26, 26))  # fmt: skip
        sections.append(Section("What was found about this contract", (grid,)))
    if case.targets and case.verdicts:
        held = ", ".join(f"{rule} {status}" for rule, status in case.verdicts)
        sections.append(Section("Rules that the targets of all contracts were held to", (f"{held}.",)))
    return sections


def _without(case: Case, parameters: Parameters) -> str:
    """Why a contract has no target, in one sentence."""
    why = why_unjudged(case.contract, parameters)
    if why:
        return f"Policy asks nothing of this contract: {why}."
    if case.band is not None and case.band.mode == "voluntary":
        return (
            f"Band {case.band.code} leaves it to the supplier to offer something, and no measure was chosen."
        )
    code = case.band.code if case.band else "of this contract"
    return f"Policy asks nothing of this contract: band {code} records it and asks for nothing."


def _closing(case: Case, parameters: Parameters, day: date) -> tuple[str, ...]:
    lines = []
    if case.policy is not None:
        edition = f"{case.policy.about.title} of {case.policy.effective_from}"
        lines.append(f"Judged by {edition}, version {parameters.version_of(case.policy)}.")
        if case.band is not None:
            labels = case.policy.class_labels
            high = case.policy.bands.reaches(case.band, labels.high_value_from_band)
            label = labels.of(high_value=high, risk=_risk_class(case, case.policy))
            lines.append(
                f"Band {case.band.code} ({case.band.mode}; weighting {shown(case.band.weighting_pct)}%; "
                f"plan: {case.band.plan}); reports call it {label}."
            )
    lines.append(f"All parameters together: version {parameters.version}.")
    lines += proxy_lines(case, parameters)
    if _is_stale(case, parameters):
        computed = ", ".join(sorted({str(row["parameter_version"]) for row in case.targets}))
        lines.append(
            f"Needs attention: these targets were computed with parameters {computed}. Run `kcc-etl run`."
        )
    if case.findings:
        lines.append(f"Needs attention: {len(case.findings)} finding(s) about this contract.")
    if not parameters.is_approved(day, _commenced(case)):
        lines.append("The parameters are assumptions: the council's adopted values have not been loaded.")
    return tuple(lines)


def _risk_class(case: Case, policy: Policy) -> ClassName:
    """The class that the targets were computed with; without targets, that of the answers."""
    if case.targets:
        named: ClassName = case.targets[0]["risk_class"]
        return named
    answers = (case.contract[question.column] for question in policy.questions.risk)
    return class_of([int(a) if pd.notna(a) and 1 <= a <= 3 else None for a in answers], policy)


def _commenced(case: Case) -> list[date]:
    day = case.contract["procurement_commenced_on"]
    return [day.date()] if pd.notna(day) else []


def _is_stale(case: Case, parameters: Parameters) -> bool:
    return any(row["parameter_version"] != parameters.version for row in case.targets)


def case_json(case: Case, parameters: Parameters, day: date) -> str:
    """The case as JSON; exact quantities as fractions in text, such as `6/5`."""
    document = {
        "contract_ref": case.ref,
        "contract": {name: _plainly(value) for name, value in case.contract.items()},
        "edition": case.policy.effective_from.isoformat() if case.policy else None,
        "edition_version": parameters.version_of(case.policy) if case.policy else None,
        "parameter_version": parameters.version,
        "is_approved": parameters.is_approved(day, _commenced(case)),
        "why_no_target": None if case.targets else _without(case, parameters),
        "targets": [{name: _plainly(value) for name, value in row.items()} for row in case.targets],
        "versions": [{name: _plainly(value) for name, value in row.items()} for row in case.versions],
        "findings": [{name: _plainly(value) for name, value in row.items()} for row in case.findings],
        "rules": dict(case.verdicts),
        "exit_code": 1 if needs_attention(case, parameters) else 0,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _plainly(value: Any) -> object:
    if isinstance(value, Fraction):
        return str(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.strip() else "not given"


def _yes(value: Any) -> str:
    return "not given" if pd.isna(value) else "yes" if value else "no"


def _day(value: Any) -> str:
    return "not given" if pd.isna(value) else value.date().isoformat()


def _term(contract: Row) -> str:
    return ", ".join(_day(contract[name]) for name in ("start_on", "end_on", "max_end_on"))


def _pence(value: Any) -> str:
    return "not given" if pd.isna(value) else pounds_display(int(value))


def _number(value: Any, places: int = _PLACES) -> str:
    if pd.isna(value):
        return "–"
    return number_display(value, places) + ("" if (value * 10**places).denominator == 1 else "…")


def _sections(basis: object) -> str:
    return ", ".join(str(basis).split("|")) if isinstance(basis, str) else "–"

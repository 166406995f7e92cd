"""`kcc-etl policy explain`: why the targets of one contract are what they are, step by step.

Does not belong here: finding the contract (`case`), computing a target (`kcc_etl.domain`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pandas as pd

from kcc_etl.domain.asked import risk_class
from kcc_etl.domain.assumptions import TOLD_ELSEWHERE
from kcc_etl.domain.banding import Placing
from kcc_etl.domain.scope import why_unjudged
from kcc_etl.parameters.classes import ClassName
from kcc_etl.parameters.entries import shown
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.questions import Answers
from kcc_etl.policy import cells
from kcc_etl.policy.case import Case, Row
from kcc_etl.policy.proxied import proxy_lines
from kcc_etl.policy.rated import rating_sections
from kcc_etl.policy.sheet import Grid, Section, Sheet
from kcc_etl.policy.steps import target_section
from kcc_etl.schema.rules import RULES

_RESTS_ON_WHAT_IS_SAID = "TG-004"


def case_sheet(case: Case, parameters: Parameters, day: date) -> Sheet:
    """The contract, each of its targets, and what was found about them."""
    sections = [_inputs(case)]
    if case.targets:
        sections += [target_section(case, target) for target in case.targets]
    else:
        sections.append(Section("No target", (_without(case, parameters),)))
    sections += [*rating_sections(case), *_beside(case)]
    return Sheet("kcc-etl policy explain", tuple(sections), _closing(case, parameters, day))


def needs_attention(case: Case, parameters: Parameters) -> bool:
    """Whether there is a fault to deal with, or the targets were computed with other parameters."""
    grave = any(row["severity"] != "information" for row in case.findings)
    return grave or _is_stale(case, parameters)


def _inputs(case: Case) -> Section:
    contract, policy = case.contract, case.policy
    rows = [
        ("supplier", cells.text(contract["supplier_name"]), "register"),
        ("procurement began", cells.day(contract["procurement_commenced_on"]),
         "chooses the edition of the policy"),
        ("whole-life value ex VAT", cells.pence(contract["value_ex_vat_pence"]), "chooses the band"),
        ("first day, last day, latest with options", _term(contract), "the time targets fall due over"),
        ("category, group",
         f"{cells.text(contract['procurement_category'])}, {cells.text(contract['service_group'])}",
         "the value of one output"),
        ("size, charity or social enterprise",
         f"{cells.text(contract['supplier_size'])}, {cells.yes(contract['supplier_is_vcse'])}", "relief"),
        *_supply(case),
        ("spend guaranteed", _guaranteed(contract), "whether targets follow the value or what is invoiced"),
        ("measures chosen", cells.text(contract["sv_measures"]).replace("|", ", "), "what is asked for"),
    ]  # fmt: skip
    blocks: list[str | Grid] = [Grid(("what the register says", "value", "what it is for"), tuple(rows))]
    if policy is not None:
        blocks += [*_band(case, policy), _answers(contract, policy)]
    return Section(f"{case.ref} {cells.text(contract['contract_title'])}", tuple(blocks))


def _band(case: Case, policy: Policy) -> Iterator[str]:
    """What the band asks for, and what reports call the contract, in sentences."""
    band = case.band
    if band is None:
        return
    label = policy.label_of(band, _risk_class(case, policy))
    asks = {
        "none": "policy records the contract and asks for nothing",
        "voluntary": f"the supplier may offer something, {band.max_measures} at most",
        "required": f"social value is required, {band.max_measures} measures at most before relief, of "
        f"them at least {band.min_employment} about jobs or skills",
    }
    place = f"Its value puts it in band {band.code}"
    if case.band_steps:
        place = f"It is in band {Placing(band, case.band_steps)}"
    yield (
        f"{place}: {asks[band.mode]}. Social value counts "
        f"{shown(band.weighting_pct)}% in the award; plan: {band.plan}. Reports call a contract of this "
        f"value and risk {label}."
    )


def _supply(case: Case) -> Iterator[tuple[str, str, str]]:
    """What a share of supply spend with Kent firms rests on, where the measure is asked for."""
    contract, policy = case.contract, case.policy
    asked = [target["measure_code"] for target in case.targets]
    if policy is not None and policy.kent_supply.measure in asked:
        why = f"what {policy.kent_supply.measure} may ask for"
        yield "value including VAT", cells.pence(contract["value_inc_vat_pence"]), why
        yield "reserved to the area", cells.yes(contract["is_reserved"]), why
        yield "expected supply spend", cells.pence(contract["supply_spend_ex_vat_pence"]), why


def _guaranteed(contract: Row) -> str:
    given = contract["spend_is_guaranteed"]
    return "not given: counts as yes" if pd.isna(given) else cells.yes(given)


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


def _term(contract: Row) -> str:
    return ", ".join(cells.day(contract[name]) for name in ("start_on", "end_on", "max_end_on"))


def _beside(case: Case) -> list[Section]:
    """Findings about the contract, and the rules that the targets were held to."""
    sections = []
    if case.findings:
        rows = tuple(
            (str(row["rule_id"]), str(row["severity"]), RULES[str(row["rule_id"])].text,
             cells.text(row["found"]), cells.text(row["remedy"]))
            for row in case.findings
        )  # fmt: skip
        grid = Grid(("rule", "severity", "what it says", "found", "what to do"), rows,
                    shares=(10, 12, 32, 26, 26))  # fmt: skip
        sections.append(Section("What was found about this contract", (grid,)))
    if case.targets and case.verdicts:
        held = tuple((rule, RULES[rule].text, found) for rule, found in _held(case))
        grid = Grid(("rule", "what it says", "in this contract"), held, shares=(10, 74, 22))
        sections.append(Section("Rules that its targets were held to", (grid,)))
    return sections


def _held(case: Case) -> Iterator[tuple[str, str]]:
    """What each rule on targets found in this contract; a fault of another contract says nothing of it."""
    for rule, status in case.verdicts:
        count = sum(row["rule_id"] == rule for row in case.findings)
        nothing = status if status == "not applicable" else _told_elsewhere(case, rule) or "nothing found"
        yield rule, f"{count} finding{'' if count == 1 else 's'}, above" if count else nothing


def _told_elsewhere(case: Case, rule: str) -> str:
    """Which findings on the register tell what a target takes for granted; empty where none does."""
    found = {str(row["rule_id"]) for row in case.findings}
    telling = [one for one in TOLD_ELSEWHERE.values() if one in found]
    return f"told by {' and '.join(telling)}, above" if telling and rule == _RESTS_ON_WHAT_IS_SAID else ""


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
            label = case.policy.label_of(case.band, _risk_class(case, case.policy))
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
    return risk_class(case.contract, policy)


def _commenced(case: Case) -> list[date]:
    day = case.contract["procurement_commenced_on"]
    return [day.date()] if pd.notna(day) else []


def _is_stale(case: Case, parameters: Parameters) -> bool:
    return any(row["parameter_version"] != parameters.version for row in case.targets)


def case_json(case: Case, parameters: Parameters, day: date) -> str:
    """The case as JSON; exact quantities as fractions in text, such as `6/5`."""
    document = {
        "contract_ref": case.ref,
        "contract": {name: cells.plainly(value) for name, value in case.contract.items()},
        "edition": case.policy.effective_from.isoformat() if case.policy else None,
        "edition_version": parameters.version_of(case.policy) if case.policy else None,
        "parameter_version": parameters.version,
        "is_approved": parameters.is_approved(day, _commenced(case)),
        "why_no_target": None if case.targets else _without(case, parameters),
        "targets": [{name: cells.plainly(value) for name, value in row.items()} for row in case.targets],
        "versions": [{name: cells.plainly(value) for name, value in row.items()} for row in case.versions],
        "findings": [{name: cells.plainly(value) for name, value in row.items()} for row in case.findings],
        "due": {
            code: [{"on": day.isoformat(), "due": str(amount)} for day, amount in due]
            for code, due in case.due.items()
        },
        "per_million_invoiced": {code: str(one.per_million) for code, one in case.by_invoice.items()},
        "ratings": [{name: cells.plainly(value) for name, value in row.items()} for row in case.ratings],
        "rules": dict(_held(case)),
        "exit_code": 1 if needs_attention(case, parameters) else 0,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)

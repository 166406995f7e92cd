"""`kcc-etl policy show`: the parameters in force on a day, for somebody who has never seen the program.

Does not belong here: the parameters (`kcc_etl.parameters`), arithmetic with them (`kcc_etl.domain`).
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date

from kcc_etl.domain.money import pounds_whole
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.base import Sourced
from kcc_etl.parameters.classes import CLASSES
from kcc_etl.parameters.entries import entries_beside_editions, entries_of_edition, shown
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.policy.sheet import Grid, Section, Sheet
from kcc_etl.policy.shown_monitoring import monitoring_sections
from kcc_etl.policy.shown_quantities import measures_section, outputs_section, relief_section

ASSUMED = "assumptions: the council's adopted values have not been loaded"
_PLAIN = {
    "it": "IT",
    "psr": "the Provider Selection Regime (health care)",
    "exempt": "an exemption from the Procurement Act",
    "pa23": "the Procurement Act 2023",
    "pcr2015": "the regulations of 2015",
}
"""Words of the register that a reader need not know."""
_MODES = {"none": "nothing; recorded only", "voluntary": "may be offered", "required": "is required"}


def edition_on(parameters: Parameters, day: date) -> Policy:
    """The edition in force on a day. Raises UsageError before the first."""
    policy = parameters.in_force(day)
    if policy is None:
        first = parameters.policies[0].effective_from
        raise UsageError(f"No edition of the policy was in force on {day}", expected=f"{first} or later")
    return policy


def parameters_sheet(parameters: Parameters, day: date) -> Sheet:
    """Everything in force on a day, in the order in which a contract meets it."""
    policy = edition_on(parameters, day)
    sections = (
        _front(parameters, policy),
        _bands(policy),
        _classes(policy),
        outputs_section(parameters, policy),
        relief_section(policy),
        *monitoring_sections(policy),
        measures_section(parameters),
        _sources(parameters, policy),
    )
    return Sheet("kcc-etl policy show", sections, _closing(parameters, policy, day))


def _front(parameters: Parameters, policy: Policy) -> Section:
    editions = tuple(
        f"{edition.effective_from}: {edition.about.title}, version {parameters.version_of(edition)}"
        + (" (shown here)" if edition is policy else "")
        for edition in parameters.policies
    )
    return Section(
        f"{policy.about.title}, for procurements begun on or after {policy.effective_from}",
        (
            policy.about.note or policy.about.source,
            (
                "What a contract is asked for follows from its value, risk, complexity and supplier, step "
                "by step as below. The edition in force on the day the procurement began judges a contract "
                "for good."
            ),
            "Editions: " + "; ".join(editions) + ".",
        ),
    )


def _bands(policy: Policy) -> Section:
    rows = tuple(
        (
            band.code,
            _range(band.from_pence, band.below_pence),
            _MODES[band.mode],
            str(band.max_measures),
            str(band.min_employment),
            f"{shown(band.weighting_pct)}%",
            band.plan,
        )
        for band in policy.bands
    )
    headings = ("band", "whole-life value ex VAT", "social value", "measures at most",
                "of them jobs or skills", "weighting", "plan")  # fmt: skip
    floors = "; ".join(
        f"from {pounds_whole(f.from_pence)} together, each is at least in {f.band}"
        for f in policy.aggregation.floor
    )
    scope, down = policy.scope, policy.move_down
    return Section(
        "1. The band: how much the contract is worth",
        (
            Grid(headings, rows, numeric=(3, 4, 5), shares=(6, 24, 20, 12, 14, 13, 22)),
            (
                f"Agreements of kind {shown(policy.aggregation.agreement_kinds)} under one framework are "
                f"added up, at the value they were awarded with: {floors}."
            ),
            f"Contracts for {_plain(down.service_groups)} go {_number_of(down.bands, 'band')} lower.",
            (
                f"No targets: agreements of kind {shown(scope.agreement_kinds_without_targets)}; "
                f"procurements under {_plain(scope.regimes_without_targets)}"
                f"{'' if scope.school_contracts_have_targets else '; contracts of schools'}."
            ),
            (
                "A contract that does not say when its procurement began has no target; where it may have "
                "begun under the policy, that is reported."
            ),
        ),
    )


def _plain(words: tuple[str, ...]) -> str:
    return " and ".join(_PLAIN.get(word, word) for word in words) or "nothing"


def _number_of(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _range(from_pence: int, below_pence: int | None) -> str:
    if below_pence is None:
        return f"{pounds_whole(from_pence)} and over"
    if not from_pence:
        return f"under {pounds_whole(below_pence)}"
    return f"{pounds_whole(from_pence)} to under {pounds_whole(below_pence)}"


def _classes(policy: Policy) -> Section:
    grids = [
        Grid(
            (f"{name}: question", "1 (low)", "2 (medium)", "3 (high)"),
            tuple((q.asks, q.low, q.medium, q.high) for q in questions),
            shares=(34, 22, 22, 22),
        )
        for name, questions in (("Risk", policy.questions.risk), ("Complexity", policy.questions.complexity))
    ]
    scoring = policy.scoring
    effects = tuple(
        (name, shown(policy.complexity.of(name)), shown(policy.risk.of(name)), level.returns,
         f"{shown(level.evidence_sample_pct)}%")
        for name in CLASSES
        for level in policy.assurance.level
        if level.risk == name
    )  # fmt: skip
    labels = policy.class_labels
    return Section(
        "2. Risk and complexity: ten questions, answered 1 to 3",
        (
            *grids,
            (
                f"The five answers are added up: low up to {scoring.low_to}, medium up to "
                f"{scoring.medium_to}, high above. A question without an answer counts "
                f"{scoring.missing_answer} and is reported."
            ),
            Grid(
                ("class", "complexity multiplies by", "risk multiplies by", "returns (by risk)", "evidence"),
                effects,
                numeric=(1, 2, 4),
            ),
            (
                "Evidence: the share of claims whose evidence policy wants looked at, by risk. This program "
                "does not draw a sample; officers verify what they choose."
            ),
            _direction(policy),
            (
                f"Reports call a contract {labels.low_value_low_risk}, {labels.high_value_low_risk} (band "
                f"{labels.high_value_from_band} or above), {labels.low_value_high_risk} ({labels.high_risk} "
                f"risk) or {labels.high_value_high_risk} (both)."
            ),
        ),
    )


def _direction(policy: Policy) -> str:
    """What risk does to a target, in words: its direction is a choice of policy. Source: section 8.2."""
    low, high = policy.risk.low, policy.risk.high
    does = "lowers" if high < low else "raises" if high > low else "does not change"
    return (
        f"Higher risk {does} what is asked, and tightens the checks: a choice of this policy. Complexity "
        "stands for how much is reasonable."
    )


def _sources(parameters: Parameters, policy: Policy) -> Section:
    named = [(field.name, getattr(policy, field.name)) for field in fields(policy)]
    beside = [("measures", parameters.measure_table), ("outcodes", parameters.outcodes),
              ("materiality", parameters.materiality), ("authority", parameters.authority),
              ("waivers", parameters.waivers),
              ("sign_off", parameters.sign_off)]  # fmt: skip
    law = [
        (field.name, getattr(file, field.name))
        for file in (parameters.statutory, parameters.duties)
        for field in fields(file)
    ]
    own = [("proxies", parameters.proxies)] if parameters.proxies else []
    rows = tuple(
        (
            name.replace("_", " "),
            table.status,
            table.approved_by or "–",
            str(table.effective_from),
            table.source,
        )
        for name, table in (*named, *beside, *own, *law)
        if isinstance(table, Sourced)
    )
    headings = ("table", "status", "approved by", "holds from", "where it comes from")
    return Section("10. Where every figure comes from", (Grid(headings, rows, shares=(20, 12, 14, 12, 42)),))


def _closing(parameters: Parameters, policy: Policy, day: date) -> tuple[str, ...]:
    tables = parameters.tables_in_force(day, ())
    assumed = sum(table.status == "assumption" for table in tables)
    version = (
        f"In force on {day}: {policy.about.title}, version {parameters.version_of(policy)}; all parameters "
        f"together {parameters.version}."
    )
    if not assumed:
        return (version, "Every parameter in force is approved.")
    return (version, f"{assumed} of {len(tables)} tables are {ASSUMED}.")


def parameters_json(parameters: Parameters, day: date) -> str:
    """Every parameter in force on a day as JSON, by key."""
    policy = edition_on(parameters, day)
    document = {
        "as_of": day.isoformat(),
        "title": policy.about.title,
        "parameter_version": parameters.version,
        "edition_version": parameters.version_of(policy),
        "effective_from": policy.effective_from.isoformat(),
        "is_approved": parameters.is_approved(day, ()),
        "parameters": {**entries_of_edition(policy), **entries_beside_editions(parameters)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2)

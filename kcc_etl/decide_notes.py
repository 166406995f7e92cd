"""What an officer should know of a decision, by the tables of the last night: what will not count, and why.

Does not belong here: reading and writing the decision (`decide`), the rules that tell of it later (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from checks.registry import judges
from checks.rules.outcome import Inputs, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.decide_digests import notes_on_digest
from kcc_etl.domain import changes
from kcc_etl.domain.authority import APPROVED_KINDS, approvals_before, lowering_unapproved
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.commitments import COMMITMENT, NotCounted, promised_by_target
from kcc_etl.domain.counted_changes import after_the_early_end, changes_that_count, faults_of_changes
from kcc_etl.domain.decisions import FOR_A_TIME
from kcc_etl.domain.duties import decided
from kcc_etl.domain.duties.duty import COUNCIL
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.indicators import MOST_MATERIAL, material_names, meant, rated_by
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import APPROVAL, OVERRIDE, may_set
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.ratings import RATING
from kcc_etl.domain.verified import VERIFICATION, verifications
from kcc_etl.domain.waivers import Row
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames
from kcc_etl.schema.rules import RULES
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import open_warehouse

_OF_CONTRACTS = (
    COMMITMENT, OVERRIDE, VERIFICATION, RATING, MOST_MATERIAL, *changes.KINDS, decided.BREACH,
    decided.POOR_PERFORMANCE, decided.NOVATION, decided.DIRECT_AWARD,
)  # fmt: skip
_RULES = ("DC-007", "DC-022", "DC-026", "TG-005", "TG-006")
"""Rules of the night that decisions are held to here besides those that notes of their own are about."""

_SAME_CODE = ("measure_code", "measure_code")
_OF_MEASURES = (COMMITMENT, OVERRIDE, VERIFICATION, changes.MILESTONE)


@dataclass(frozen=True)
class _World:
    """The tables of the last night, with the decisions of the command's own file among the others."""

    contracts: pd.DataFrame
    decisions: pd.DataFrame
    targets: pd.DataFrame
    ratings: pd.DataFrame
    claims: pd.DataFrame
    duties: pd.DataFrame
    versions: pd.DataFrame
    notices: pd.DataFrame
    parameters: Parameters
    today: date

    def target(self, ref: object, code: object) -> Fraction | None:
        """The calculated target of a contract and measure."""
        about = (self.targets["contract_ref"] == ref) & (self.targets["measure_code"] == code)
        return Fraction(self.targets.loc[about, "target"].iloc[0]) if about.any() else None

    def edition(self, ref: object) -> Policy:
        """The edition of the policy that the contract is under, else the newest."""
        of_contract = self.contracts["contract_ref"] == ref
        days = self.contracts.loc[of_contract, "procurement_commenced_on"].dropna()
        found = self.parameters.in_force(days.iloc[0].date()) if len(days) else None
        return found or self.parameters.policy


def notes_on(
    taken: Sequence[dict[str, object]], settings: Settings, parameters: Parameters, today: date
) -> tuple[str, ...]:
    """What to know of the last of the decisions `taken` by the night from the command's file.

    Raises UsageError when it is about a contract or an override that is not there.
    """
    decision = taken[-1]
    world = _world(taken, settings, parameters, today)
    notes = [*_of_day(decision, world)]
    if world.contracts.empty:
        return (*notes, "No register has been taken in yet, so the subject could not be checked.")
    _refuse_unknown(decision, world)
    notes += _of_authority(decision, world)
    notes += _of_rules(decision, world)
    told = {
        RATING: _of_rating, MOST_MATERIAL: _of_choice, APPROVAL: _of_approval, VERIFICATION: _of_verification,
        COMMITMENT: _of_commitment,
        decided.DUTY_DONE: _of_duty, changes.VALUE_CHANGE: _of_change,
        changes.EXTENSION: _of_change, changes.EARLY_END: _of_change,
    }  # fmt: skip
    notes += notes_on_digest(decision, settings.drafts_folder, world.notices)
    kind = decision["decision_kind"]
    if kind in _OF_MEASURES:
        notes += _of_measure(decision, world)
    if kind in told:
        notes += told[str(kind)](decision, world)
    return tuple(notes)


def _world(
    taken: Sequence[dict[str, object]], settings: Settings, parameters: Parameters, today: date
) -> _World:
    store = open_warehouse(settings.warehouse_url)
    try:
        names = (
            keys.CORE_CONTRACT,
            keys.CORE_DECISION,
            keys.OUT_TARGET,
            keys.OUT_RATING,
            keys.CORE_CLAIM,
            keys.OUT_DUTY,
            keys.OUT_TARGET_VERSION,
            keys.OUT_COMPLIANCE,
        )
        contracts, before, targets, ratings, claims, duties, versions, notices = map(store.read, names)
    finally:
        store.engine.dispose()
    ours = frames.from_rows(list(taken), keys.CORE_DECISION)
    others = before[~before["decision_id"].isin(ours["decision_id"])]
    decisions = pd.concat([others, ours], ignore_index=True) if len(others) else ours
    tables = contracts, decisions, targets, ratings, claims, duties, versions, notices
    return _World(*tables, parameters, today)


def _refuse_unknown(decision: Row, world: _World) -> None:
    kind, subject = decision["decision_kind"], decision["subject"]
    of_contract = kind in _OF_CONTRACTS or (kind == decided.DUTY_DONE and subject != COUNCIL)
    if of_contract and subject not in set(world.contracts["contract_ref"]):
        raise UsageError(f"There is no contract {subject} in the register", remedy="Check the reference")
    if kind == APPROVAL and _approved(subject, world) is None:
        raise UsageError(
            f"There is no override or commitment {subject}, nor a change of that number",
            remedy="Give the number of the decision",
        )


def _approved(number: object, world: _World) -> Row | None:
    """The decision that an approval names."""
    of_kind = world.decisions["decision_kind"].isin(APPROVED_KINDS)
    about = of_kind & (world.decisions["decision_id"] == number)
    found: Sequence[Row] = world.decisions[about].to_dict("records")
    return found[0] if found else None


def _of_duty(decision: Row, world: _World) -> Iterator[str]:
    """Whether there is such a duty, as the last night worked duties out."""
    subject, kind, occasion = (decision[name] for name in ("subject", "other_subject", "period"))
    listed = world.duties[(world.duties["subject"] == subject) & (world.duties["duty_kind"] == kind)]
    if occasion is not None:
        listed = listed[listed["occasion"] == occasion]
    if len(world.duties) and (listed.empty or (listed["duty_state"] == "not needed").all()):
        of = f" {occasion}" if occasion is not None else ""
        yield f"No {kind}{of} is needed of {subject} by the last night: the decision does nothing yet."


def _of_authority(decision: Row, world: _World) -> Iterator[str]:
    """What the night would hold out for want of authority, or for an approval that came too early."""
    number, same = decision["decision_id"], world.decisions["decision_id"] == decision["decision_id"]
    if approvals_before(world.decisions)[same].any():
        yield f"{_told('DC-033')} This one is dated {decision['decided_on']:%Y-%m-%d}."
    day = max(world.today, decision["decided_on"])
    found = lowering_unapproved(world.decisions, world.contracts, world.parameters, day).get(str(number))
    if found is not None:
        allowed = " or ".join(world.edition(decision["subject"]).overrides.roles_without_limit)
        yield (
            f"{_told('DC-032')} Found {found}: have it approved by "
            f"`kcc-etl decide approval {number}` of a {allowed}."
        )


def _of_rules(decision: Row, world: _World) -> Iterator[str]:
    """What the rules of the night find of the decision."""
    given = Inputs(
        {
            keys.CORE_CONTRACT: world.contracts, keys.CORE_DECISION: world.decisions,
            keys.CORE_CLAIM: world.claims, keys.OUT_TARGET: world.targets,
            keys.OUT_TARGET_VERSION: world.versions,
        },
        max(world.today, decision["decided_on"]),
        world.parameters,
    )  # fmt: skip
    for rule_id in _RULES:
        outcome = judges()[rule_id](given)
        mine = _about(decision, outcome, world)
        faulty = outcome.ok.fillna(True).eq(False) & mine
        if faulty.any():
            found = outcome.found[faulty].iloc[0] if outcome.found is not None else ""
            yield f"{_told(rule_id)} Found {found}." if found else _told(rule_id)


def _about(decision: Row, outcome: Outcome, world: _World) -> pd.Series:
    """Which rows of an outcome are about the decision: its own, or the target that its milestone plans."""
    if outcome.on == keys.CORE_DECISION:
        mine: pd.Series = world.decisions["decision_id"] == decision["decision_id"]
        return mine
    same = [world.versions[to] == decision[of] for to, of in (("contract_ref", "subject"), _SAME_CODE)]
    planned: pd.Series = same[0] & same[1] & (decision["decision_kind"] == changes.MILESTONE)
    return planned


def _told(rule_id: str) -> str:
    return f"{rule_id}: {RULES[rule_id].text}"


def _of_day(decision: Row, world: _World) -> Iterator[str]:
    for_a_time = decision["decision_kind"] in FOR_A_TIME
    days = [decision["decided_on"], *([decision["effective_on"]] if for_a_time else [])]
    begins = max((day for day in days if isinstance(day, date)), default=world.today)
    if begins > world.today:
        yield f"The decision counts from {begins}, a day that is still to come."
    over = decision["expires_on"]
    if for_a_time and isinstance(over, date) and over < world.today:
        yield f"The decision held until {over} and counts no longer."


def _of_rating(decision: Row, world: _World) -> Iterator[str]:
    subject, period = decision["subject"], decision["period"]
    if period not in set(world.ratings["period"]):
        return
    mine = [row for row in plain(world.ratings) if (row["contract_ref"], row["period"]) == (subject, period)]
    measures = {kpi["kpi_id"]: kpi["measure_code"] for kpi in mine if kpi["measure_code"]}
    if rated_by(decision, mine, measures) is None:
        named = decision["other_subject"] or decision["measure_code"]
        yield f"{named} {_no_indicator(subject, mine)} in {period}: the decision confirms nothing."


def _of_choice(decision: Row, world: _World) -> Iterator[str]:
    mine = [row for row in plain(world.ratings) if row["contract_ref"] == decision["subject"]]
    unknown = [name for name in material_names(decision) if meant(name, mine) is None]
    if unknown and len(world.ratings):
        yield f"{', '.join(unknown)} {_no_indicator(decision['subject'], mine)}: it is passed over."


def _no_indicator(subject: object, kpis: Sequence[Row]) -> str:
    """Why a name is none of the indicators of a contract, with those there are."""
    known = "; ".join(dict.fromkeys(f"{kpi['kpi_id']} {kpi['kpi_title']}" for kpi in kpis))
    return f"is none of the indicators of {subject} by section 52 ({known or 'its notice sets none'})"


def _of_measure(decision: Row, world: _World) -> Iterator[str]:
    kind, subject, code = (decision[name] for name in ("decision_kind", "subject", "measure_code"))
    target = world.target(subject, code)
    if target is None:
        yield f"{subject} has no target for {code}: the {kind} sets nothing."
    elif kind == OVERRIDE:
        policy = world.edition(subject)
        if not may_set(decision["role"], decision["quantity"], target, policy):
            allowed = " or ".join(policy.overrides.roles_without_limit)
            yield (
                f"The role may not set the target of {number_display(target, 4)} so: the override does "
                f"not count until approved, by "
                f"`kcc-etl decide approval {decision['decision_id']}` of a {allowed}."
            )


def _of_approval(decision: Row, world: _World) -> Iterator[str]:
    override = _approved(decision["subject"], world)
    if override is None:
        return
    if override["decision_kind"] == COMMITMENT:
        if _not_counted(override, world) is not None:
            number = decision["subject"]
            yield f"The role may not replace a commitment so either: {number} does not count all the same."
        return
    target, policy = (
        world.target(override["subject"], override["measure_code"]),
        world.edition(override["subject"]),
    )
    if target is not None and not may_set(decision["role"], override["quantity"], target, policy):
        allowed = " or ".join(policy.overrides.roles_without_limit)
        yield (
            f"The role may not set the target of {number_display(target, 4)} so either: the approval does "
            f"not make the override {decision['subject']} count; one of a {allowed} would."
        )


def _of_commitment(decision: Row, world: _World) -> Iterator[str]:
    fault = _not_counted(decision, world)
    if fault is None:
        return
    if fault.about == "term":
        yield f"The commitment will not count: {fault.found}. Correct the day in a new decision."
        return
    allowed = " or ".join(world.edition(decision["subject"]).overrides.roles_without_limit)
    yield (
        f"The role may not replace a commitment so: {fault.found}. It does not count until approved, by "
        f"`kcc-etl decide approval {decision['decision_id']}` of a {allowed}."
    )


def _not_counted(commitment: Row, world: _World) -> NotCounted | None:
    """Why a commitment does not count, when it does not."""
    subject, code = str(commitment["subject"]), str(commitment["measure_code"])
    own = world.contracts[world.contracts["contract_ref"] == subject]
    changed = changes_that_count(own, world.decisions)
    promised = promised_by_target(own, world.decisions, world.parameters, changed).get((subject, code))
    return promised.faults.get(str(commitment["decision_id"])) if promised else None


def _of_change(decision: Row, world: _World) -> Iterator[str]:
    number, subject = decision["decision_id"], decision["subject"]
    same = world.decisions[world.decisions["subject"] == subject]
    fault = faults_of_changes(world.contracts, same).get(str(number))
    if fault is not None:
        yield f"The {decision['decision_kind']} will not count: {fault.found}. Correct it in a new decision."
    counting = changes_that_count(world.contracts, same).get(str(subject), ())
    for late, end in after_the_early_end(counting).items():
        yield f"The contract ends early on {end}: the change {late} moves nothing."


def _of_verification(decision: Row, world: _World) -> Iterator[str]:
    number = str(decision["decision_id"])
    standing = verifications(world.decisions, world.contracts, world.claims, world.parameters)
    place = next((at for at, one in standing.items() if one["decision_id"] == number), None)
    if place is None:
        return
    subject, code, period = place
    if not is_quarter(period):
        yield (
            f"{period}: {subject} owes a return every quarter, so give a quarter such as 2026-27-Q2; the "
            "verification counts for nothing."
        )
        return
    if parse_period(period).end > world.today:
        yield f"{period} has not ended: the verification counts for nothing until something is claimed."
        return
    claims = Claimed(world.claims, world.parameters.measure_of).by_quarter(world.today)
    if len(world.claims) and (subject, code, period) not in claims:
        yield f"Nothing is claimed of {code} by {subject} for {period}: the verification counts for nothing."

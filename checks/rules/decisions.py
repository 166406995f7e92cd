"""Rules on officers' decisions.

Does not belong here: applying a decision to a target (`kcc_etl.domain`).
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from checks.rules.editions import edition_by_contract
from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import claimed_by_quarter, verifications
from kcc_etl.domain.money import number_display, percent_display
from kcc_etl.domain.targets import override_counts

OVERRIDE = "override"
VERIFICATION = "verification"


def override_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-004: an override stays within the authority of the role that made it.

    One outcome a decision. Applies to overrides of a measure that has a calculated target: a role with a
    limit may move it by so many percent either way, a role without one by any amount, no other role at all.
    Source: social-value policy parameters, section 8.8.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    asked = rows(inputs.frames[keys.OUT_TARGET], ["contract_ref", "measure_code", "target"])
    targets = {(ref, code): target for ref, code, target in asked}
    editions = edition_by_contract(inputs)
    ok: list[bool | None] = []
    found = []
    fields = ["decision_kind", "subject", "measure_code", "quantity", "role"]
    for kind, subject, measure, quantity, role in rows(decisions, fields):
        target, edition = targets.get((subject, measure)), editions.get(subject)
        if kind != OVERRIDE or quantity is None or target is None or edition is None:
            ok.append(None)
            found.append("")
            continue
        ok.append(override_counts(role, quantity, target, edition))
        found.append(f"{number_display(quantity)} for {_change(quantity, target)}, by {role}")
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series("quantity", index=decisions.index, dtype=object),
        reason="no decision overrides a calculated target",
    )


def _change(quantity: Fraction, target: Fraction) -> str:
    was = f"a target of {number_display(target)}"
    if not target:
        return was
    more = "more" if quantity >= target else "less"
    return f"{was} ({percent_display(abs(quantity - target) / target)} {more})"


def verification_is_at_most_the_claim(inputs: Inputs) -> Outcome:
    """DC-007: a verification is at most what was claimed for its contract, measure and quarter.

    One outcome a decision, on its quantity. Applies to the verification that stands on the day spoken about,
    where something was claimed, be it zero. Source: social-value policy parameters, section 8.7.
    """
    decisions = inputs.frames[keys.CORE_DECISION]
    standing = verifications(decisions_known(decisions, inputs.as_of))
    claimed = claimed_by_quarter(inputs.frames[keys.CORE_CLAIM], inputs.parameters, inputs.as_of)
    ok: list[bool | None] = []
    found = []
    fields = ["decision_id", "decision_kind", "subject", "measure_code", "period", "quantity"]
    for number, kind, subject, measure, quarter, quantity in rows(decisions, fields):
        decision = standing.get((subject, measure, quarter)) if kind == VERIFICATION else None
        claim = claimed.get((subject, measure), {}).get(quarter)
        if decision is None or decision["decision_id"] != number or claim is None:
            ok.append(None)
            found.append("")
            continue
        ok.append(quantity <= claim.claimed)
        found.append(
            f"{number_display(quantity)} verified of {number_display(claim.claimed)} claimed for {quarter}"
        )
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        on=keys.CORE_DECISION,
        found=pd.Series(found, index=decisions.index, dtype=object),
        field=pd.Series("quantity", index=decisions.index, dtype=object),
        reason="no decision verifies a claim",
    )


JUDGES: dict[str, Judge] = {
    "DC-004": override_is_within_authority,
    "DC-007": verification_is_at_most_the_claim,
}

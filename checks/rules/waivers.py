"""Rules on waivers, accepted files and sign-offs: those that open nothing are told of.

Does not belong here: what a waiver opens (`kcc_etl.gate`), which hold (`kcc_etl.domain.waivers`).
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome
from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import ACCEPTED_FILE, acceptance_fault
from kcc_etl.domain.sign_off import SIGN_OFF, sign_off_fault
from kcc_etl.domain.waivers import WAIVER, Row, authority_fault, rule_fault


def waiver_names_a_rule_that_may_be_waived(inputs: Inputs) -> Outcome:
    """DC-013: a waiver names a rule that shuts publication and that may be waived; one outcome a decision.

    Applies to waivers. Source: house rule.
    """
    return _of_kind(WAIVER, inputs, lambda waiver: rule_fault(waiver["subject"]), "subject")


def waiver_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-014: a waiver is by a role that may waive, for a reason of the list, and not for too long.

    One outcome a decision. Applies to waivers. Source: waivers.toml.
    """
    allowed = inputs.parameters.waivers
    return _of_kind(WAIVER, inputs, lambda waiver: authority_fault(waiver, allowed), "role")


def acceptance_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-015: a file is accepted by a role that may, for a reason of the list; one outcome a decision.

    Applies to decisions `accepted file`. Source: waivers.toml.
    """
    allowed = inputs.parameters.waivers
    return _of_kind(ACCEPTED_FILE, inputs, lambda decision: acceptance_fault(decision, allowed), "role")


def sign_off_is_within_authority(inputs: Inputs) -> Outcome:
    """DC-025: a publication is signed off by a role that may, for a reason of the list.

    One outcome a decision. Applies to decisions `sign-off`. Source: sign_off.toml.
    """
    allowed = inputs.parameters.sign_off
    return _of_kind(SIGN_OFF, inputs, lambda decision: sign_off_fault(decision, allowed), "role")


def _of_kind(kind: str, inputs: Inputs, fault: Callable[[Row], str], field: str) -> Outcome:
    """The fault that each decision of a kind has; of another kind it is not judged."""
    decisions = inputs.frames[keys.CORE_DECISION]
    of_kind = (decisions["decision_kind"] == kind).tolist()
    faults = [
        fault(row) if applies else ""
        for row, applies in zip(decisions.to_dict("records"), of_kind, strict=True)
    ]
    ok = [not said if applies else None for said, applies in zip(faults, of_kind, strict=True)]
    return Outcome(
        pd.Series(ok, index=decisions.index, dtype="boolean"),
        found=pd.Series(faults, index=decisions.index, dtype=object),
        field=pd.Series(field, index=decisions.index, dtype=object),
        reason=f"no decision is of the kind {kind}",
    )


JUDGES: dict[str, Judge] = {
    "DC-013": waiver_names_a_rule_that_may_be_waived,
    "DC-014": waiver_is_within_authority,
    "DC-015": acceptance_is_within_authority,
    "DC-025": sign_off_is_within_authority,
}

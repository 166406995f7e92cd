"""Claims far above what is due, and whether an officer has looked at them.

Does not belong here: what is claimed and due (`delivery`), telling of it (`checks`).
"""

from __future__ import annotations

from fractions import Fraction

from kcc_etl.parameters.model import Policy
from kcc_etl.schema.fields import FIELDS

AWAITS_REVIEW, REVIEWED = FIELDS["over_claim"].words


def over_claim(due: Fraction, claimed: Fraction, policy: Policy, *, reviewed: bool) -> str | None:
    """What has become of a claim to date above what policy lets pass beside what is due; None if it is not.

    `reviewed`: an officer has verified the latest quarter with a claim, and so had the claims before it in
    sight. Source: social-value policy parameters, section 8.7.
    """
    if 100 * claimed <= policy.returns.over_claim_pct * due:
        return None
    return REVIEWED if reviewed else AWAITS_REVIEW

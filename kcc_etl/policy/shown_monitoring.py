"""The part of `kcc-etl policy show` on time, supply chain, returns, ratings and officers' judgement.

Does not belong here: what sets a target (`shown`).
"""

from __future__ import annotations

from kcc_etl.domain.money import pounds_whole
from kcc_etl.parameters.entries import shown
from kcc_etl.parameters.model import Policy
from kcc_etl.policy.sheet import Grid, Section

_NOT_DONE = "this program does not check it"
"""What is said of policy that no code carries out, so that nobody relies on it."""


def monitoring_sections(policy: Policy) -> tuple[Section, ...]:
    """Sections 5 to 8 of the sheet."""
    return (_supply(policy), _time(policy), _ratings(policy), _judgement(policy))


def _supply(policy: Policy) -> Section:
    kent, benchmark, prompt = policy.kent_supply, policy.supply_benchmark, policy.prompt_payment
    share, check = policy.apprentice_share, policy.proxy_check
    return Section(
        "5. Supply chain and workforce",
        (
            (
                f"{kent.measure}, spend with firms of the county: "
                f"{shown(kent.reserved_below_threshold_pct)}% of the expected supply spend is asked for "
                "below the statutory threshold where the contract is reserved to the area, to the penny; "
                "otherwise, by law, the bidder's own commitment stands."
            ),
            (
                f"{shown(benchmark.measures)}: recorded. Policy holds the portfolio against "
                f"{shown(benchmark.portfolio_pct)}% of supply spend; {_NOT_DONE}."
            ),
            f"{prompt.measure}: an invoice is paid promptly within {prompt.within_days} days.",
            (
                f"From {pounds_whole(share.from_pence)} and {share.from_months} months on, policy wants "
                f"apprentices to be {shown(share.least_pct)}% of the workforce; {_NOT_DONE}."
            ),
            (
                "Where the council loads its own values in pounds, `kcc-etl policy explain` says when their "
                f"total is under {shown(check.least_pct)}% or over {shown(check.most_pct)}% of the "
                "contract's value."
            ),
        ),
    )


def _time(policy: Policy) -> Section:
    returns, plan = policy.returns, policy.delivery_plan
    waits = policy.profile.mobilisation_quarters
    quarters = "quarter" if waits == 1 else f"{waits} quarters"
    steps = "; ".join(f"{step.role} after {step.days_late} days" for step in policy.escalation.step)
    return Section(
        "6. What is due by when, and returns",
        (
            (
                f"Nothing is due in the first {quarters} of a contract; the rest falls due in equal shares "
                "to its end, by days into financial quarters."
            ),
            (
                f"A return is due {returns.due_days} days after the end of its quarter; `kcc-etl returns "
                "status` lists what is late."
            ),
            (
                f"Policy wants reminders {shown(returns.reminder_days)} days after that end, and of a late "
                f"return it wants told: {steps}. This program does not do it: it sends nothing."
            ),
            (
                "A contract that is asked for one return a year owes it for the last quarter of the "
                "financial year and for the quarter it ends in. Its status is judged by what was due then."
            ),
            (
                f"A missing return counts as nothing verified; {returns.missing_in_a_row_forces_red} in a "
                f"row force Red. A claim above {shown(returns.over_claim_pct)}% of what is due is reviewed."
            ),
            (
                f"Policy wants a delivery plan {plan.due_weeks} weeks after award, reviewed within "
                f"{plan.review_weeks}; {plan.total_weeks} in all. {_NOT_DONE.capitalize()}."
            ),
        ),
    )


def _ratings(policy: Policy) -> Section:
    rating, small = policy.performance_rating, policy.small_numbers
    good, near, poor = (
        shown(pct)
        for pct in (rating.good_from_pct, rating.approaching_from_pct, rating.requires_improvement_from_pct)
    )
    floor = shown(policy.rating.floor_pct)
    committee = (
        ("Green", "verified is at least what is due"),
        ("Amber", f"at least {floor}% of it"),
        ("Red", f"under {floor}%, or too many returns in a row are missing"),
        ("Grey", "nothing is due yet"),
    )
    statutory = (
        ("good", f"{good}% of what is due or more"),
        ("approaching target", f"{near}% to under {good}%"),
        ("requires improvement", f"{poor}% to under {near}%"),
        ("inadequate", f"under {poor}%"),
        ("other", "it cannot be measured"),
    )
    return Section(
        "7. Ratings",
        (
            Grid(("for the committee", "when"), committee),
            Grid(("proposed for a section 71 notice; an officer confirms", "when"), statutory),
            (
                f"Policy keeps counts of {small.suppress_from} to {small.suppress_to} people out of every "
                "published split. They are left out of every published file, and with them whatever would "
                "let them be worked out."
            ),
        ),
    )


def _judgement(policy: Policy) -> Section:
    overrides = policy.overrides
    rows = (
        *((role, "may propose") for role in overrides.roles_proposing),
        *((role, f"approves up to {shown(overrides.limit_pct)}% either way") for role in
          overrides.roles_within_limit),
        *((role, "approves any quantity, nothing included") for role in overrides.roles_without_limit),
    )  # fmt: skip
    return Section(
        "8. Officers' judgement",
        (
            Grid(("role", "another target than the calculated one"), rows),
            (
                f"Reasons: {shown(overrides.reason_codes)}. The calculated and the agreed target are both "
                "kept and both reported. An override restates what was agreed from the start of the "
                "contract, whenever it is decided."
            ),
        ),
    )

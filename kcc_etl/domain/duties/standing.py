"""Whether the Procurement Act reaches a contract: public, notifiable below threshold, small, or outside it.

Does not belong here: which duties follow, the thresholds themselves (`kcc_etl.parameters.statutory`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.thresholds import Answer, value_reaches
from kcc_etl.parameters.duties import Law

Reach = Literal["public", "notifiable", "small", "outside", "unknown"]

_REGIMES = {
    "pcr2015": "awarded under the Public Contracts Regulations 2015 (SI 2025/1316 reg 2)",
    "psr": "regulated health procurement under the Provider Selection Regime (PR24 reg 43)",
    "exempt": "an exempted contract (PA23 Schedule 2)",
}

_OF_PUBLIC_CONTRACTS = ("UK6", "UK9", "UK10", "UK11")

UNKNOWN_VALUE = "its value is not known"


@dataclass(frozen=True)
class Standing:
    """How far the Act reaches a contract, why, and what is not certain about it."""

    reach: Reach
    why: str
    doubts: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether it is a public contract."""
        return self.reach == "public"


def standing(facts: Facts, law: Law) -> Standing:
    """How far the Act reaches a contract.

    Public at or above the threshold of its type on the day its procurement commenced, value including VAT;
    below it notifiable from £30,000 on, concessions apart. Source: PA23 s.3, s.84, Schedule 1; reference 1g.
    """
    outside = _outside(facts, law)
    if outside is not None:
        return outside
    if facts.value_inc_vat_pence is None and facts.value_ex_vat_pence is None:
        return _as_stated(facts)
    doubts = list(_unsure_facts(facts))
    threshold, unsure = _threshold(facts, law)
    if threshold is None:
        return Standing("unknown", "neither the day its procurement commenced nor its first day is known")
    reached = at_least(facts, threshold, law)
    if reached == "unsure":
        doubts.append(vat_doubt(facts, threshold))
    if unsure:
        doubts.append(unsure)
    above = counts(reached, law)
    if facts.stated_above is not None and facts.stated_above != above:
        side = "at or above" if facts.stated_above else "below"
        doubts.append(f"the notice says that it is {side} the threshold")
        if facts.category is None and not facts.is_light and facts.kind != "concession":
            above = facts.stated_above
    limit = pounds_display(threshold)
    if above:
        return Standing("public", f"a public contract: {worth(facts)} against {limit}", tuple(doubts))
    return _below(facts, law, limit, tuple(doubts))


def _below(facts: Facts, law: Law, limit: str, doubts: tuple[str, ...]) -> Standing:
    if facts.kind == "concession":
        return Standing("outside", f"a concession below the threshold of {limit} (PA23 s.84)", doubts)
    floor = law.statutory.below_threshold.notifiable_pence
    reached = at_least(facts, floor, law)
    if reached == "unsure":
        doubts = (*doubts, vat_doubt(facts, floor))
    told = f"{worth(facts)} is below the threshold of {limit}"
    if counts(reached, law):
        return Standing("notifiable", f"{told} and from {pounds_display(floor)} on", doubts)
    return Standing("small", f"{worth(facts)} is below {pounds_display(floor)} (PA23 s.84)", doubts)


def _outside(facts: Facts, law: Law) -> Standing | None:
    if facts.is_abandoned:
        return Standing("outside", "its procurement ended without a contract (PA23 s.55)")
    if facts.is_school:
        return Standing("outside", "awarded by a school, which is the authority")
    if facts.regime in _REGIMES:
        return Standing("outside", _REGIMES[str(facts.regime)])
    if facts.kind == "call-off" and facts.framework_regime not in (None, "pa23"):
        return Standing("outside", "a call-off from a framework made before the Procurement Act 2023")
    begun = law.statutory.procurement_act.commenced_from
    day = facts.commenced_on or facts.entered_on
    if day is not None and day < begun:
        doubts = ("the register says that it was awarded under PA23",) if facts.regime == "pa23" else ()
        return Standing("outside", f"its procurement commenced before {begun}", doubts)
    return None


def _as_stated(facts: Facts) -> Standing:
    if facts.stated_above is None and any(facts.notices(kind) for kind in _OF_PUBLIC_CONTRACTS):
        doubt = ("its value is not known; it has notices that public contracts have",)
        return Standing("public", "a public contract, by the notices it has", doubt)
    if facts.stated_above is None:
        return Standing("unknown", UNKNOWN_VALUE)
    doubt = ("its value is not known; the notice says on which side of the threshold it is",)
    if facts.stated_above:
        return Standing("public", "at or above the threshold, by its notice", doubt)
    return Standing("notifiable", "below the threshold, by its notice", doubt)


def _unsure_facts(facts: Facts) -> Iterator[str]:
    if facts.regime is None:
        yield "the register does not say under which law it was awarded; PA23 is taken"
    if facts.kind == "call-off" and facts.framework_regime is None:
        yield "the framework of the call-off is not in the register; one under PA23 is taken"
    if facts.is_awarded_only:
        yield "only an award notice tells of it: whether it was entered into is not known"
    if not facts.kind_is_stated:
        yield "no notice read would say that it is a framework; a contract is taken"


def _threshold(facts: Facts, law: Law) -> tuple[int | None, str]:
    """The threshold of the contract's type, and what is not certain about it: the lowest that may apply."""
    kinds = _types(facts)
    days = _days(facts, law)
    by = {(kind, day): law.statutory.threshold_inc_vat_pence(kind, day) for kind in kinds for day in days}
    found = {limit for limit in by.values() if limit is not None}
    if not found:
        return None, ""
    verdicts = {at_least(facts, limit, law) for limit in found}
    lowest = min(found)
    if len(verdicts) == 1:
        return lowest, ""
    if len(kinds) > 1:
        return lowest, "the register does not say whether it is for goods, services or works"
    return lowest, "the day its procurement commenced is not known, and the threshold changed"


def _types(facts: Facts) -> tuple[str, ...]:
    if facts.kind == "concession":
        return ("light_touch_concession",) if facts.is_light else ("concession",)
    if facts.is_light:
        return ("light_touch",)
    return (facts.category,) if facts.category else ("services", "works")


def _days(facts: Facts, law: Law) -> tuple[date, ...]:
    if facts.commenced_on is not None:
        return (facts.commenced_on,)
    latest = facts.entered_on or facts.start_on
    if latest is None:
        return ()
    rows = [row.effective_from for row in law.statutory.thresholds.row]
    return (*(day for day in rows if day <= latest), latest)


def at_least(facts: Facts, limit: int, law: Law) -> Answer:
    """Whether the value including VAT reaches a limit; unsure where that is for VAT to decide."""
    return _holds(facts, limit, law)


def more_than(facts: Facts, limit: int, law: Law) -> Answer:
    """Whether the value including VAT is more than a limit; unsure where that is for VAT to decide."""
    return _holds(facts, limit + 1, law)


def _holds(facts: Facts, least: int, law: Law) -> Answer:
    percent = law.rules.net_value_reading.vat_percent
    gross, net = facts.value_inc_vat_pence, facts.value_ex_vat_pence
    found = value_reaches(gross, net, least, percent)
    if gross is None:
        return found
    with_vat = value_reaches(gross + facts.vat_of_changes_pence, net, least, percent)
    return found if with_vat == found else "unsure"


def counts(answer: Answer, law: Law) -> bool:
    """Whether a limit counts as reached."""
    return answer == "yes" or (answer == "unsure" and law.rules.net_value_reading.reaches_when_unsure)


def net_doubt(limit: int) -> str:
    """The doubt about a limit that a net value reaches only with VAT."""
    return f"only the net value is known, which reaches {pounds_display(limit)} with VAT (net_value_reading)"


def vat_doubt(facts: Facts, limit: int) -> str:
    """The doubt about a limit on whose side a value is only known with VAT, or with that of its changes."""
    if facts.value_inc_vat_pence is None:
        return net_doubt(limit)
    pounds = pounds_display(limit)
    return f"its VAT is not known, and that of its changes decides about {pounds} (net_value_reading)"


def worth(facts: Facts) -> str:
    """The value in words, with its VAT basis."""
    if facts.value_inc_vat_pence is not None:
        return f"{pounds_display(facts.value_inc_vat_pence)} including VAT"
    if facts.value_ex_vat_pence is not None:
        return f"{pounds_display(facts.value_ex_vat_pence)} excluding VAT"
    return "a value that is not known"

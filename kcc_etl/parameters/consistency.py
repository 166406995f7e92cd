"""What parameters must be among themselves: bands without gaps, codes that exist, editions in order.

Does not belong here: types and limits of single figures (`toml_reader`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from kcc_etl.parameters.base import Sourced
from kcc_etl.parameters.model import CLASSES, Bands, Measures, Policy
from kcc_etl.parameters.outcodes import Outcodes
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.parameters.toml_reader import Faults


def check_policy(policy: Policy, faults: Faults) -> None:
    """Record every way in which an edition of the policy contradicts itself."""
    _check_bands(policy.bands, faults)
    _check_band_codes(policy, faults)
    if policy.scoring.low_to >= policy.scoring.medium_to:
        faults.add("scoring.medium_to", f"is {policy.scoring.medium_to}. Expected more than low_to")
    risks = sorted(level.risk for level in policy.assurance.level)
    if risks != sorted(CLASSES):
        faults.add("assurance.level", f"is for {', '.join(risks)}. Expected low, medium, high once")
    floors = [floor.from_pence for floor in policy.aggregation.floor]
    if floors != sorted(set(floors)):
        faults.add("aggregation.floor", "is out of order. Expected rising amounts")
    for name, table in vars(policy).items():
        if table.effective_from > policy.effective_from:
            faults.add(f"{name}.effective_from", f"is after that of the edition, {policy.effective_from}")
    check_approval(policy, faults)


def _check_bands(bands: Bands, faults: Faults) -> None:
    if not bands.band:
        faults.add("bands.band", "has no band. Expected at least one, from 0 pence")
        return
    if bands.band[0].from_pence != 0:
        faults.add("bands.band[1].from_pence", f"is {bands.band[0].from_pence}. Expected 0")
    for place, (lower, upper) in enumerate(zip(bands.band, bands.band[1:], strict=False), start=1):
        ends = lower.below_pence
        if ends is None or ends > upper.from_pence:
            faults.add(f"bands.band[{place + 1}].from_pence", f"overlaps {lower.code}, ending at {ends}")
        elif ends < upper.from_pence:
            faults.add(
                f"bands.band[{place + 1}].from_pence",
                f"leaves a gap after {lower.code}, ending at {ends}",
            )
    for place, band in enumerate(bands.band, start=1):
        if band.below_pence is not None and band.below_pence <= band.from_pence:
            faults.add(
                f"bands.band[{place}].below_pence", f"is {band.below_pence}. Expected more than from_pence"
            )
        if band.min_employment > band.max_measures:
            faults.add(f"bands.band[{place}].min_employment", "is more than max_measures")
    if bands.band[-1].below_pence is not None:
        faults.add(
            f"bands.band[{len(bands.band)}].below_pence", "closes the highest band. Expected no such key"
        )
    _check_unique("bands.band", bands.codes, faults)


def _check_band_codes(policy: Policy, faults: Faults) -> None:
    named = {
        "light_activity.from_band": policy.light_activity.from_band,
        "hours.from_band": policy.hours.from_band,
        "carbon.from_band": policy.carbon.from_band,
    }
    for place, floor in enumerate(policy.aggregation.floor, start=1):
        named[f"aggregation.floor[{place}].band"] = floor.band
    for key, code in named.items():
        if code not in policy.bands.codes:
            faults.add(key, f"is {code!r}. Expected one of {', '.join(policy.bands.codes)}")


def check_measures(table: Measures, faults: Faults) -> None:
    """Record every way in which the measures contradict themselves."""
    if not table.measure:
        faults.add("measures.measure", "has no measure. Expected at least one")
    _check_unique("measures.measure", [measure.code for measure in table.measure], faults)
    for place, measure in enumerate(table.measure, start=1):
        if "|" in measure.code:
            faults.add(f"measures.measure[{place}].code", f"is {measure.code!r}. Expected a code without |")
        if (measure.computed == "fixed") != (measure.fixed_quantity is not None):
            key = f"measures.measure[{place}].fixed_quantity"
            faults.add(key, "is given exactly when computed is fixed")


def check_statutory(statutory: Statutory, faults: Faults) -> None:
    """Record every way in which the figures of the law contradict themselves."""
    days = [row.effective_from for row in statutory.thresholds.row]
    if not days or days != sorted(set(days)):
        faults.add("thresholds.row", "is empty or out of order. Expected rising dates")


def check_outcodes(table: Outcodes, faults: Faults) -> None:
    """Record outcodes that stand in two places, belong to no area of the county, or reach no district."""
    listed = [*table.inside, *table.across, *table.outside]
    _check_unique("kent", listed, faults)
    for code in listed:
        if _area(code) not in table.areas_of_kent:
            faults.add("kent", f"has the outcode {code!r}. Expected one of {', '.join(table.areas_of_kent)}")
    for code in (code for code, districts in table.inside.items() if not districts):
        faults.add(f"kent.inside.{code}", "is empty. Expected the districts that the outcode reaches")
    for area in (area for area in table.areas_of_kent if area not in table.areas):
        faults.add("kent.areas", f"lacks {area}, which is one of areas_of_kent")


def _area(outcode: str) -> str:
    """The letters that an outcode begins with."""
    return "".join(takewhile(str.isalpha, outcode))


def check_approval(file: object, faults: Faults) -> None:
    """Record every table that claims to be adopted policy without saying who approved it."""
    for name, table in vars(file).items():
        if isinstance(table, Sourced) and table.status == "policy" and not table.approved_by.strip():
            faults.add(f"{name}.approved_by", "is empty although status is policy. Expected who approved it")


def check_measure_codes(policy: Policy, table: Measures, faults: Faults) -> None:
    """Record every measure that an edition of the policy needs and the measures lack, or the reverse."""
    computed = {measure.code: measure.computed for measure in table.measure}
    named = {
        "light_activity.measure": policy.light_activity.measure,
        "carbon.measure": policy.carbon.measure,
        **{
            f"default_measure.{kind}": policy.default_measure.of(kind)
            for kind in ("services", "works", "light_touch", "goods")
        },
    }
    for key, code in named.items():
        if code not in computed:
            faults.add(key, f"is {code!r}, which measures.toml does not have")
    units = policy.outputs.units_per_output
    for code in (code for code, how in computed.items() if how == "outputs" and code not in units):
        faults.add(
            f"outputs.units_per_output.{code}", "is missing although the measure is computed from outputs"
        )
    for code in (code for code in units if computed.get(code) != "outputs"):
        faults.add(f"outputs.units_per_output.{code}", "is no measure of measures.toml computed from outputs")


def check_editions(editions: Sequence[tuple[Policy, Faults]]) -> None:
    """Record editions that begin on the same day as another."""
    days = Counter(policy.effective_from for policy, _ in editions)
    for policy, faults in editions:
        if days[policy.effective_from] > 1:
            faults.add(
                "about.effective_from", f"is {policy.effective_from}, as in another edition of the policy"
            )


def _check_unique(key: str, codes: Sequence[str], faults: Faults) -> None:
    for code, times in sorted(Counter(codes).items()):
        if times > 1:
            faults.add(key, f"has the code {code!r} {times} times. Expected once")

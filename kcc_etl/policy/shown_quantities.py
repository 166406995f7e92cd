"""The part of `kcc-etl policy show` on quantities: outputs, hours, relief, and the measures themselves.

Does not belong here: bands and classes (`shown`), what is due and how it is rated (`shown_monitoring`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_etl.domain.money import quantity_display
from kcc_etl.parameters.entries import shown
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.policy.sheet import Grid, Section

_CALCULATED = {
    "outputs": "calculated from employment outputs",
    "hours": "calculated from average annual value",
    "committed": "the supplier's own commitment",
}
_COUNTED = {"flow": "Adds up over quarters.", "level": "A level: never added up."}
_STAGES = {
    "published_rule": "published in the tender, so that every bidder is treated alike",
    "at_award": "given at award",
    "off": "off: nobody has any",
}


def outputs_section(parameters: Parameters, policy: Policy) -> Section:
    """How many outputs and hours are asked for, before and after rounding."""
    title_of = {measure.code: measure.title for measure in parameters.measures}
    divisors = tuple(
        (
            name.replace("_", " "),
            f"£{shown(policy.divisors.of(name))}m",
            f"{policy.default_measure.of(name)} {title_of[policy.default_measure.of(name)]}",
        )
        for name in ("services", "works", "light_touch", "goods")
    )
    unit_of = {measure.code: measure.unit for measure in parameters.measures}
    units = ", or ".join(
        f"{quantity_display(number, unit_of[code])} ({code})"
        for code, number in policy.outputs.units_per_output.items()
    )
    light, hours = policy.light_activity, policy.hours
    return Section(
        "3. The quantity: employment outputs and hours",
        (
            (
                "outputs = value in £m / value of one output x complexity x risk x relief, rounded once, a "
                "half upward."
            ),
            Grid(
                (
                    "type of contract",
                    "one output for every",
                    "added where no jobs or skills measure is chosen",
                ),
                divisors,
                (1,),
            ),
            (
                "Service groups that count as light touch: "
                f"{shown(policy.divisors.light_touch_service_groups)}. One output is {units}. Several "
                "chosen measures share the whole outputs equally; what is left over goes one each to the "
                "first named. A higher band lets more of them share, so one measure may be asked for less "
                "where another joins; the outputs in all never fall. Section 9 has the measures."
            ),
            (
                f"Below {shown(policy.outputs.nothing_below)} outputs nobody has to be hired: from band "
                f"{light.from_band} on {shown(light.quantity)} {unit_of[light.measure]} ({light.measure}) "
                "take their place."
            ),
            (
                f"From band {hours.from_band} on, hours: {shown(hours.per_million_a_year)} for each £1m of "
                "average annual value, over the whole contract, x complexity x risk x relief: our reading of "
                "a rate that does not say whether it comes again each year. A year goes from a day to the "
                "same day; days left over count by their share of the next; the least is one year."
            ),
            (
                f"From band {policy.carbon.from_band} on, {policy.carbon.measure} is asked for as well, "
                "within the number of measures: the first year of the contract sets the baseline, then the "
                "supplier's own commitment stands. Where one measure is asked for, it is not carbon."
            ),
            (
                f"Shown beside the targets of works, and asked of nobody: "
                f"{shown(policy.stretch.works_weeks_per_million)} person-weeks for each £1m."
            ),
        ),
    )


def relief_section(policy: Policy) -> Section:
    """What small firms and charities are spared."""
    relief = policy.relief
    rows = (
        ("large", shown(relief.large), "as the band says"),
        ("medium", shown(relief.medium), "as the band says"),
        ("small", shown(relief.small), f"{relief.small_measures_fewer} fewer, at least 1"),
        ("micro", shown(relief.micro), f"{relief.micro_max_measures} at most"),
        (
            "charity or social enterprise",
            shown(relief.vcse),
            f"{relief.vcse_measures_fewer} fewer, at least 1",
        ),
        ("size unknown", shown(relief.unknown), "as the band says; reported"),
    )
    return Section(
        "4. Relief for small firms and charities",
        (
            Grid(("supplier", "multiplies by", "measures"), rows, (1,)),
            f"The lowest single factor counts; factors never stack. Relief is {_STAGES[relief.stage]}.",
        ),
    )


def _repeats(measure: Measure) -> Iterator[str]:
    """What becomes of evidence that is given twice."""
    if measure.counted_once:
        yield "The same evidence again waits for an officer."
    if measure.not_together_with:
        codes = " or ".join(measure.not_together_with)
        yield f"The same evidence under {codes} as well waits for an officer."


def _people(measure: Measure) -> Iterator[str]:
    """How much of people's time counts as one of them, where small counts are not published."""
    if measure.one_person is not None:
        one = f"{shown(measure.one_person)} {measure.unit} a quarter"
        yield f"{one} are one person where small counts are left out."


def measures_section(parameters: Parameters) -> Section:
    """Every measure with its counting rule, and the council's own values in pounds."""
    rows = tuple(
        (
            f"{m.code} {m.title}",
            m.unit,
            " ".join((m.who_counts, _COUNTED[m.counting], *_repeats(m), *_people(m))),
            m.evidence,
            _CALCULATED.get(m.computed) or f"fixed: {shown(m.fixed_quantity)} {m.unit}",
            "; ".join(filter(None, (m.priority, f"PPN 002: {m.ppn002_outcome or 'not confirmed'}"))),
        )
        for m in parameters.measures
    )
    headings = ("measure", "unit", "what counts, and how often", "evidence, by reference", "target",
                "serves")  # fmt: skip
    proxies = parameters.proxies
    values = (
        "Values in pounds: none. The council has loaded none of its own, and the known sets are licensed."
        if proxies is None
        else "Values in pounds, the council's own: "
        + ", ".join(f"£{shown(pounds)} for one {code}" for code, pounds in proxies.pounds.items())
        + f" ({proxies.source})."
    )
    return Section("9. The measures", (Grid(headings, rows, shares=(22, 10, 34, 20, 16, 20)), values))

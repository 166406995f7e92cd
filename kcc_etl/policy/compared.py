"""`kcc-etl policy diff`: what changed between two sets of parameters, its class, and who may make it.

Does not belong here: finding the changes (`kcc_etl.parameters.differences`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.differences import Difference, differences
from kcc_etl.parameters.model import Parameters
from kcc_etl.policy.sheet import Grid, Section, Sheet
from kcc_etl.policy.statuses import status_line

MATERIAL = "material"
_READING = (
    "A key is a place in the parameter files: `policy.relief.small` is the figure `small` of the table "
    "[relief] in the file of the policy. A change is material when it changes what is asked of contracts or "
    "how they are judged; which keys are is set in materiality.toml."
)


@dataclass(frozen=True)
class Comparison:
    """Two sets of parameters by the words they were named with, and what differs."""

    before_name: str
    after_name: str
    before: Parameters
    after: Parameters
    found: tuple[Difference, ...]

    @property
    def is_material(self) -> bool:
        """Whether the change as a whole is material: one material key makes it so."""
        return any(difference.kind == MATERIAL for difference in self.found)

    @property
    def exit_code(self) -> int:
        """1 when somebody else than the Chief Procurement Officer has to decide, else 0."""
        return 1 if self.is_material else 0


def compare(before_name: str, before: Parameters, after_name: str, after: Parameters) -> Comparison:
    """What changes when the second set takes the place of the first."""
    return Comparison(before_name, after_name, before, after, differences(before, after))


def comparison_sheet(comparison: Comparison) -> Sheet:
    """One table an edition, and what follows."""
    places = list(dict.fromkeys(difference.where for difference in comparison.found))
    about = Section("What differs between two sets of parameters", (_READING,)) if comparison.found else None
    sections = tuple(
        Section(f"What changes in the {place}" if place.startswith("edition") else "What changes for all", (
            Grid(
                ("key", "from", "to", "class", "why"),
                tuple(
                    (d.key, _value(d.key, d.before), _value(d.key, d.after), d.kind, d.reason)
                    for d in comparison.found
                    if d.where == place
                ),
                shares=(34, 18, 18, 15, 32),
            ),
        ))
        for place in places
    )  # fmt: skip
    return Sheet("kcc-etl policy diff", ((about,) if about else ()) + sections, _closing(comparison))


def _closing(comparison: Comparison) -> tuple[str, ...]:
    before, after = comparison.before, comparison.after
    sides = (
        f"From {comparison.before_name} (version {before.version}) to {comparison.after_name} "
        f"(version {after.version})."
    )
    statuses = " ".join(
        status_line(name, parameters)
        for name, parameters in ((comparison.before_name, before), (comparison.after_name, after))
    )
    if not comparison.found:
        return (sides, statuses, "Nothing changed.")
    number = len(comparison.found)
    material = sum(difference.kind == MATERIAL for difference in comparison.found)
    counted = f"{_keys(number)} changed: {material} material, {number - material} not."
    if not comparison.is_material:
        return (
            sides,
            statuses,
            counted,
            (
                "The refresh is non-material: the Chief Procurement Officer may make it, in consultation "
                "with the Deputy Leader."
            ),
        )
    return (
        sides,
        statuses,
        counted,
        (
            "Needs attention: the refresh is material, and goes to the Deputy Leader for decision. The Chief "
            "Procurement Officer may make only the non-material part alone."
        ),
    )


def _value(key: str, value: str) -> str:
    """A value for a reader: pence as pounds."""
    return pounds_display(int(value)) if key.endswith("_pence") and value.isdecimal() else value


def _keys(number: int) -> str:
    return "1 key" if number == 1 else f"{number} keys"


def comparison_json(comparison: Comparison) -> str:
    """The comparison as JSON, for another program."""
    document = {
        "from": {"name": comparison.before_name, "version": comparison.before.version},
        "to": {"name": comparison.after_name, "version": comparison.after.version},
        "class": (MATERIAL if comparison.is_material else "non-material") if comparison.found else "none",
        "changes": [asdict(difference) for difference in comparison.found],
        "exit_code": comparison.exit_code,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)

"""The part of the committee report on targets that officers have set: how many, why, and what came of it.

Does not belong here: which overrides count (`kcc_etl.domain.overrides`), the report's rest (`committee`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import Overridden, plain_words
from reports.committee_figures import PER_CENT, quantity_text
from reports.documents import Block, Heading, PaperTable, Paragraph


def overrides_section(overrides: Sequence[Overridden], targets: int) -> list[Block]:
    """How many of the `targets` an officer set, by reason, with the net effect in each unit.

    Unlike units are never added; of percentages the average change is shown, for they cannot be added either.
    Source: social-value policy parameters, section 8.8.
    """
    heading = Heading("Targets that officers set")
    if not overrides:
        return [
            heading,
            Paragraph("No target of this report was set by an officer in place of a calculation or promise."),
        ]
    groups: dict[tuple[str, str], list[Overridden]] = {}
    for one in overrides:
        groups.setdefault((plain_words(one.reason_code), one.unit), []).append(one)
    was = "target was" if targets == 1 else "targets were"
    table = PaperTable(
        caption="Overrides by reason, with what they change",
        headings=("Reason", "Unit", "Targets", "Calculated or promised", "Set", "Net effect"),
        rows=tuple(_row(unit, group) for (_, unit), group in sorted(groups.items())),
        numeric=(2, 3, 4, 5),
        widths_cm=(4.6, 1.9, 1.7, 2.4, 2.4, 3.6),
    )
    words = (
        f"{len(overrides):,} of {targets:,} {was} set by an officer in place of a calculation or promise, "
        "within the limits of the role or approved by one that may. No override changes what was delivered. "
        "Figures are of the whole term before any change of the contract, and never added across units; of "
        "percentages the average is shown. Where nothing is calculated they are what the supplier promised."
    )
    return [heading, Paragraph(words), table]


def _row(unit: str, group: Sequence[Overridden]) -> tuple[str, ...]:
    calculated = _together([one.calculated for one in group], unit)
    agreed = _together([one.agreed for one in group], unit)
    return (
        group[0].reason_code,
        unit,
        f"{len(group):,}",
        _figure(calculated, unit),
        _figure(agreed, unit),
        _change(agreed - calculated, unit),
    )


def _together(quantities: Sequence[Fraction], unit: str) -> Fraction:
    total = sum(quantities, Fraction(0))
    return total / len(quantities) if unit == PER_CENT else total


def _change(change: Fraction, unit: str) -> str:
    size = abs(change)
    figure = f"{number_display(size, 1)} points" if unit == PER_CENT else _figure(size, unit)
    return f"{'more' if change > 0 else 'less'}: {figure}" if change else "none"


def _figure(value: Fraction, unit: str) -> str:
    return quantity_text(value, unit) if unit in ("£", PER_CENT) else number_display(value, 1)

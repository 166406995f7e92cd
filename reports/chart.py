"""The one chart of the committee report: what is verified of what is due, measure by measure.

Does not belong here: the figures (`committee`), where the picture stands (`paper`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap
from typing import Any

from reports.theme import theme

_NAME_WIDTH = 30
_AXIS_LIMIT = 150.0
"""Per cent at which a bar ends; its label gives the true figure."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, the label at its end, its share of what is due (1 is all of it)."""

    name: str
    label: str
    share: Fraction


def draw_bars(bars: Sequence[Bar]) -> bytes:
    """Horizontal bars against a line at 100%, as the bytes of a PNG. The same bars give the same bytes."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    look = theme("chart")
    style = {**matplotlib.rcParamsDefault, "font.family": look["font"], "font.size": look["size"]}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(look["width_cm"] / 2.54, 0.7 + 0.48 * len(bars)), dpi=look["dpi"])
        FigureCanvasAgg(figure)
        _draw(figure.add_subplot(), bars)
        figure.tight_layout()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _draw(axes: Any, bars: Sequence[Bar]) -> None:
    look = theme("chart")
    places = list(range(len(bars)))
    lengths = [min(float(bar.share * 100), _AXIS_LIMIT) for bar in bars]
    axes.barh(places, [100] * len(bars), height=0.56, color=look["track_colour"], zorder=1)
    axes.barh(places, lengths, height=0.56, color=look["bar_colour"], zorder=2)
    axes.axvline(100, color=look["text_colour"], linewidth=1.2, zorder=3)
    for place, (bar, length) in enumerate(zip(bars, lengths, strict=True)):
        axes.text(max(length, 100) + 2, place, bar.label, va="center", ha="left", color=look["text_colour"])
    axes.set_yticks(places, ["\n".join(wrap(bar.name, _NAME_WIDTH)) for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, max([100, *lengths]) + 105)
    axes.set_xticks([0, 50, 100], ["0%", "50%", "100%"])
    axes.tick_params(length=0)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)

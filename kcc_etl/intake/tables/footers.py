"""What is no record: totals, a heading that is repeated, the footer of a report. Only when unmistakable.

Does not belong here: what becomes of such a row (`tabular`), rows above the heading (`titles`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcc_etl.intake.cells.values import Cell, as_arrived, bare
from kcc_etl.intake.headings.mapping import fold_heading

_TOTALS = r"(?:grand |sub[ -]?|overall |report |page )?totals?"
_TOTAL = re.compile(_TOTALS)
_TOTAL_OF = re.compile(rf"{_TOTALS} (?:of|for|to|as at|spend|paid)\b.*")
_WHAT = r"(?:report|file|list|listing|data|extract|table|page|sheet|document|register)"
_MADE = r"(?:run|printed|produced|generated|created|exported|extracted)"
_WHEN = r".*(?:[0-9]{1,2}[:/.-][0-9]{2}|(?:19|20)[0-9]{2}).*"
_FOOTER = re.compile(
    rf"end of (?:the )?{_WHAT}"
    rf"|(?:{_WHAT} (?:was )?{_MADE}(?: on| at| by)?|{_MADE} (?:on|at|by)|{_MADE}:)[ :]+{_WHEN}"
    r"|page [0-9]+(?: ?(?:of|/) ?[0-9]+)?"
    r"|(?:(?:number|count) of )?(?:rows|records|lines|transactions|entries)(?: (?:selected|returned|listed))?"
    r" ?[:=] ?[0-9,]+"
    r"|\(?[0-9,]+ (?:rows?|records?|lines|transactions|entries)(?: (?:selected|returned|listed|affected))?\)?"
    r"|[-=_*]{3,}"
)
_DECORATION = "-=_*. :"


def is_totals_word(cell: Cell) -> bool:
    """Whether the cell is the label of a total, such as `Grand total:`, and nothing else."""
    return _TOTAL.fullmatch(_plain(cell)) is not None


def is_totals_row(filled: Sequence[Cell]) -> bool:
    """Whether the filled cells of a row are `Total for March 2026` and numbers: no other holds words."""
    if len(filled) < 2 or not _TOTAL_OF.fullmatch(_plain(filled[0])):
        return False
    return not any(any(c.isalpha() for c in as_arrived(cell)) for cell in filled[1:])


def is_footer(filled: Sequence[Cell]) -> bool:
    """Whether the one filled cell of a row speaks about the report: its end, its page, its day, its count."""
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    text = bare(filled[0]).casefold()
    return any(_FOOTER.fullmatch(form) for form in (text, text.strip(_DECORATION)))


def is_heading_again(cells: Sequence[Cell], titles: Sequence[str]) -> bool:
    """Whether the row is the heading once more, as at the top of a page or of a file joined to another.

    `titles` are the headings, folded.
    """
    first = next((place for place, title in enumerate(titles) if title), len(cells))
    if first >= len(cells) or fold_heading(as_arrived(cells[first])) != titles[first]:
        return False
    again = [fold_heading(as_arrived(cell)) for cell in cells]
    width = max(len(again), len(titles))
    return [*again, *[""] * (width - len(again))] == [*titles, *[""] * (width - len(titles))]


def _plain(cell: Cell) -> str:
    return " ".join(as_arrived(cell).split()).strip(_DECORATION).casefold()

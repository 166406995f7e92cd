"""What the sheets beside the one that is read mean for a file: lost records hold it, the rest is noted.

Does not belong here: finding the sheets (`sheet_heads`), what makes a sheet one of records (`tables`,
`returns`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kcc_etl.domain.findings import listed, shorten, shown_name
from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.parsed import Desk
from kcc_etl.intake.workbooks.book import Book, OtherSheet

HoldsRecords = Callable[[Sequence[Record]], bool]
"""Whether the first rows of a sheet are those of records of the kind that is read."""


def judge_other_sheets(
    book: Book, desk: Desk, holds_records: HoldsRecords, ours: Sequence[str] = (), subject: str = ""
) -> None:
    """IN-025: the sheets that can be seen, hold something and are not read, in one note; `ours` are expected.

    Raises SourceLayoutError (IN-024) naming every sheet, hidden or not, that holds records of the kind.
    """
    others = book.facts.other_sheets
    lost = [sheet for sheet in others if holds_records(first_records(sheet))]
    if lost:
        raise SourceLayoutError(
            f"{_named(lost)} {'holds' if len(lost) == 1 else 'hold'} records beside sheet "
            f"'{shorten(shown_name(book.sheet or ''))}', which alone is read",
            expected="all records on one sheet",
            rule_id="IN-024",
        )
    noted = [sheet for sheet in others if sheet.state == "visible" and sheet.name not in ours]
    if noted:
        desk.find("IN-025", found=_named(noted, of_others=True), subject=subject)


def first_records(sheet: OtherSheet) -> list[Record]:
    """The first rows of a sheet, as those of a table."""
    return [
        Record(number, tuple(cells.get(place) for place in range(max(cells) + 1)))
        for number, cells in sheet.rows
    ]


def _named(sheets: Sequence[OtherSheet], *, of_others: bool = False) -> str:
    names = listed([shown_name(sheet.name) for sheet in sheets])
    words = f"sheet{'' if len(sheets) == 1 else 's'} {names}"
    return f"{words}, not read" if of_others else words[0].upper() + words[1:]

"""What a spreadsheet can hold and not show: each kind once, with its remedy.

Does not belong here: how it is found (`hidden_cells`, `hidden_parts`). Sources: ICO, "Checklist to avoid an
accidental breach when personal information is hidden in spreadsheets"; GOV.UK, "How to publish information
safely". A part or an element that no rule knows is itself stopped (HC-031, HC-032).
"""

from __future__ import annotations

from reports.accessibility.catalogue import Rule

_SOURCE = "ICO, hidden personal information in spreadsheets; hazards of outgoing files"
_DELETE = "Show it and look at it; delete it, or publish it openly."
_INSPECT = "File, Info, Inspect Document: remove it."


def _kind(number: int, sentence: str, remedy: str = _DELETE) -> Rule:
    return Rule(f"HC-{number:03d}", sentence, remedy, essential=True, source=_SOURCE)


_KINDS = (
    _kind(1, "No sheet and no window is hidden"),
    _kind(2, "No sheet is hidden so that only a program can show it"),
    _kind(3, "No row is hidden"),
    _kind(4, "No column is hidden"),
    _kind(5, "No row and no column is too small to be seen"),
    _kind(6, "No text has the colour of its background"),
    _kind(7, "No number format keeps a value from being shown, or shows another"),
    _kind(8, "There are no comments", _INSPECT),
    _kind(9, "There are no threaded comments and no list of those who wrote them", _INSPECT),
    _kind(10, "The document information names no person and holds no remarks", _INSPECT),
    _kind(11, "There are no custom document properties", _INSPECT),
    _kind(12, "Nothing points to another file", "Paste the values; Data, Edit Links, Break Link."),
    _kind(13, "There is no connection, query or data model", "Data, Queries and Connections: delete it."),
    _kind(14, "No defined name is hidden, broken or holds a value", "Formulas, Name Manager: delete it."),
    _kind(15, "No list of allowed values is stored behind cells", "Data, Data Validation, Clear All."),
    _kind(16, "There is no custom XML", _INSPECT),
    _kind(17, "No file, object or control is embedded"),
    _kind(18, "There is no pivot table and no copy of its data", "Paste the pivot table as values."),
    _kind(19, "No filter keeps rows from being shown", "Data, Clear; then remove the filter."),
    _kind(20, "No rows or columns are grouped or collapsed", "Data, Ungroup, Clear Outline."),
    _kind(21, "No print area leaves cells out", "Page Layout, Print Area, Clear."),
    _kind(22, "No text is too small to be read"),
    _kind(23, "No text lies behind a picture or a shape, and none of these is hidden"),
    _kind(24, "There are no macros", "Save as an Excel workbook without macros (.xlsx)."),
    _kind(25, "There is no history of changes and no list of those who shared the file", _INSPECT),
    _kind(26, "There are no custom views", "View, Custom Views: delete them."),
    _kind(27, "No header or footer holds text", "Page Layout, Print Titles: clear headers and footers."),
    _kind(28, "No alternative text or tip holds data", "Write a short alternative text; remove the tip."),
    _kind(29, "No conditional format hides a value", "Home, Conditional Formatting, Clear Rules."),
    _kind(30, "No cell stands far away from the others"),
    _kind(
        31, "The file holds only parts that show what they hold", "Save a fresh copy of the visible cells."
    ),
    _kind(32, "Sheets hold only what shows what it holds", "Save a fresh copy of the visible cells."),
    _kind(33, "No chart carries a copy of its data", "Remove the chart, or paste it as a picture elsewhere."),
    _kind(34, "No text is stored that no cell shows", "Save a fresh copy of the visible cells."),
    _kind(35, "No cell is calculated by a formula", "Paste the values in place of the formulas."),
    _kind(36, "No value lies under merged cells"),
    _kind(37, "Nothing lies between the parts of the file, and none holds remarks", "Save a fresh copy."),
)

KINDS: dict[str, Rule] = {rule.id: rule for rule in _KINDS}
"""Every kind of hidden content by id."""

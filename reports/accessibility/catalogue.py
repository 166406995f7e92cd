"""The 36 rules for accessible spreadsheets and those for CSV files: each once, with its remedy.

Does not belong here: how a rule is judged (`check` names the modules), what files hide (`concealed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["automatic", "partly", "person"]

CHECKLIST = "Government Analysis Function, Making spreadsheets accessible: a brief checklist of the basics"
_CSV = "RFC 4180; GOV.UK, Tabular data standard; OWASP, CSV injection"


@dataclass(frozen=True)
class Rule:
    """One rule: what a sound file is like, and what to do about one that is not.

    `kind` says how far a program can judge it; `person` what it leaves to somebody's eyes. A rule that the
    checklist calls essential is `essential`. An id is never reused; AC-014 is item 14 of the checklist.
    """

    id: str
    sentence: str
    remedy: str
    essential: bool = False
    kind: Kind = "automatic"
    person: str = ""
    source: str = CHECKLIST


def _partly(id: str, sentence: str, remedy: str, person: str, *, essential: bool = False) -> Rule:
    return Rule(id, sentence, remedy, essential, "partly", person)


_RULES = (
    Rule("AC-001", "Every block of cells that is a table is marked up as one",
         "Select the block and choose Insert, Table.", True),
    _partly("AC-002", "Tables have names that say what they hold",
            "Rename the table under Table Design.", "Whether the name of each table says what it holds."),
    Rule("AC-003", "No cells are merged, split or spread over others, and no table lies in another",
         "Unmerge the cells and fill in each one.", True),
    Rule("AC-004", "No row and no column of a table is blank", "Delete the blank row or column.", True),
    Rule("AC-005", "Each table has one row of headings, marked as such, every one filled and different",
         "Give each column a heading of its own in one row.", True),
    _partly("AC-006", "Text is wrapped and nothing is cut off",
            "Wrap the text, widen the column or let the row grow.",
            "Whether anything is cut off on the screen; widths are estimated here.", essential=True),
    Rule("AC-007", "No sheet has filters, frozen or split panes", "Remove the filter, unfreeze the panes."),
    Rule("AC-008", "A cell of a table is empty only where a sentence above the table says why",
         "Write [x], [z] or [c], or say above the table what a blank cell means.", True),
    Rule("AC-009", "No row and no column is hidden", "Show it, or delete it."),
    _partly("AC-010", "Columns are of a sensible width", "Set a width between 4 and 100 characters.",
            "Whether the widths suit what the columns hold."),
    Rule("AC-011", "Notes are not signposted by symbols or superscript", "Write [note 1] instead.", True),
    Rule("AC-012", "References to notes use the word: [note 1]", "Write [note 1]."),
    Rule("AC-013", "No cell of data carries a reference to a note",
         "Move it to the heading, the title or a column for notes."),
    Rule("AC-014", "Notes stand in a table on a sheet of notes, and references and notes match",
         "Add the note to the table of notes, or remove the reference."),
    _partly("AC-015", "What is written is plain",
            "Split long sentences into sentences of 25 words or fewer; use everyday words.",
            "Whether readers outside the council understand what is written."),
    _partly("AC-016", "Links say where they lead, and work",
            "Give the link words that name its page; correct where it leads.",
            "Whether links to other places answer; nothing is fetched here.", essential=True),
    Rule("AC-017", "Text is in a sans-serif font of 10 points or more, without italics or all capitals",
         "Use Arial of 11 or 12 points, upright, in sentence case."),
    _partly("AC-018", "Cell A1 of each sheet holds its title in a heading style",
            "Write the title in A1 and give it the style Heading 1.",
            "Whether each title says what its sheet holds.", essential=True),
    Rule("AC-019", "Cells hold words, numbers or the standard shorthand, explained, and no symbols",
         "Use [c], [e], [k], [low], [x] or [z], and say on the sheet what it means."),
    Rule("AC-020", "No sheet has a header, a footer, a text box or a floating control",
         "Move the text into column A.", True),
    Rule("AC-021", "Nothing but cells divides the data: no rules of characters, no heavy or stray borders",
         "Delete it; headings and tables divide a sheet."),
    Rule("AC-022", "No cell has a background fill", "Set the fill to none; give the table no style."),
    _partly("AC-023", "Colour is never the only signal", "Say in words what the colour says.",
            "Whether any colour says something that no word says.", essential=True),
    Rule("AC-024", "Text stands out from its background by at least 4.5 to 1",
         "Use black or a dark colour on white.", True),
    Rule("AC-025", "There are no images and no charts",
         "Put the picture on a web page, with alternative text and its table."),
    Rule("AC-026", "There are no macros", "Save as an Excel workbook without macros (.xlsx)."),
    Rule("AC-027", "Sheets have different names of at most 31 characters that say what they hold",
         "Rename the sheet.", True),
    Rule("AC-028", "No sheet is blank", "Delete the sheet.", True),
    _partly("AC-029", "Column A says, above a table: its title, how many tables, where notes are, the source",
            "Add the sentence in column A above the table.",
            "Whether what column A says is right and enough.", essential=True),
    Rule("AC-030", "Tables start in column A", "Move the table to the left edge.", True),
    Rule("AC-031", "Nothing stands below or beside a table", "Move it into column A above the table."),
    Rule("AC-032", "A sheet has one table, or says how many", "Split the sheet, or say how many it holds."),
    _partly("AC-033", "Spelling and grammar are right", "Correct the text.",
            "A spelling and grammar check; repeated words and common misspellings are looked for here.",
            essential=True),
    Rule("AC-034", "The accessibility checker of Excel has been run", "Review, Check Accessibility.",
         kind="person", person="To be run once for each template, by a person with Excel."),
    Rule("AC-035", "The file says its title and language, and names the organisation as its author",
         "Fill in File, Info: the title, the language, the organisation as author.", True),
    Rule("AC-036", "The file opens with the cursor in cell A1 of the first sheet",
         "Go to A1 of the first sheet and save.", True),
)  # fmt: skip

_CSV_RULES = (
    Rule("CS-001", "The file is UTF-8 text without a byte order mark", "Save it as CSV UTF-8.", source=_CSV),
    Rule("CS-002", "Cells are divided by commas, and quotation marks are closed", "Save it as CSV.",
         source=_CSV),
    Rule("CS-003", "The first row holds the headings: each filled and different, with nothing above",
         "Give each column one heading in the first row; delete titles above.", source=_CSV),
    Rule("CS-004", "Every row has as many cells as there are headings",
         "Add the missing cells; put text with commas in quotation marks.", source=_CSV),
    Rule("CS-005", "No row and no column is blank", "Delete the blank row or column.", source=_CSV),
    Rule("CS-006", "No cell can be taken for a formula", "Put an apostrophe before the text.", source=_CSV),
    Rule("CS-007", "No cell holds control, invisible or damaged characters",
         "Write the text again without them.", source=_CSV),
    Rule("CS-008", "No cell holds a symbol alone, the error of a spreadsheet, or a note",
         "Write the value, or leave the cell empty and say why beside the file.", source=_CSV),
    Rule("CS-009", "Rows end in one way", "Save it again with one kind of line end.", source=_CSV),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES}
"""The 36 rules for workbooks by id."""

CSV_RULES: dict[str, Rule] = {rule.id: rule for rule in _CSV_RULES}
"""The rules for CSV files by id."""

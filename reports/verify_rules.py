"""What a publication must be like beyond being accessible: each rule once, with its remedy.

Does not belong here: how a rule is judged (`verify`, `verify_tables`, `verify_documents`).
"""

from __future__ import annotations

from reports.accessibility.catalogue import Rule

_AGAIN = "Publish again; do not change a published file."
_PERSONAL = "Data Protection Act 2018; Transparency Code 2015, part 1; ICO, anonymisation"


def _rule(number: int, sentence: str, remedy: str, source: str = "", *, essential: bool = True) -> Rule:
    return Rule(f"PK-{number:03d}", sentence, remedy, essential, source=source or "DESIGN, files out")


PACK_RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        _rule(1, "The manifest can be read and names every file of the folder", _AGAIN),
        _rule(2, "Every file is there with the bytes that the manifest names, and none besides", _AGAIN),
        _rule(3, "A file can be opened as what its name says", "Save a fresh copy of it."),
        _rule(4, "A CSV file has the columns that are published, in their order", _AGAIN),
        _rule(5, "A CSV file is as its metadata says: columns, types, what is required, key",
              "Correct the file or its metadata; publish a pack of ours again.", "W3C, CSV on the Web"),
        _rule(6, "Rows and pence add up to what the manifest says of the figures", _AGAIN),
        _rule(7, "CSV, XLSX and ODS of a dataset hold the same cells", "Make all of them from one table."),
        _rule(8, "No cell holds an e-mail address or a National Insurance number",
              "Take it out, or publish the row as redacted.", _PERSONAL),
        _rule(9, "No cell holds what may be a person's name, telephone number or postcode",
              "Look at it; redact it if it is a person's.", _PERSONAL, essential=False),
        _rule(10, "A redacted row gives nothing that tells who is meant", "Empty the identifiers of the row.",
              _PERSONAL),
        _rule(11, "No withheld name stands in the publication", "Redact it wherever it stands.", _PERSONAL),
        _rule(12, "A page stands alone, is well-formed and can be read by everybody", "Correct the page.",
              "WCAG 2.2 AA"),
        _rule(13, "A paper has a title, a language, headings, marked tables, texts for pictures",
              "Correct the paper.", "WCAG 2.2 AA"),
        _rule(14, "A paper hides nothing: no comments, recorded changes, hidden text, or fields that fetch",
              "Review, Accept All Changes; File, Info, Inspect Document."),
        _rule(16, "No title, description or purpose of a pack of ours seems to name a person",
              "Leave it out until an officer has read it as fit to be published.", _PERSONAL),
        _rule(15, "A catalogue names files that are there, under one licence, public when the pack is final",
              _AGAIN),
        _rule(17, "A final says who signed it off, and a draft is signed off by nobody",
              "Publish it with `kcc-etl publish`, which records the sign-off."),
        _rule(18, "Every dataset of the period is there, with its totals in the manifest", _AGAIN),
        _rule(19, "An OCDS package has what the standard asks for, and the releases that the manifest counts",
              _AGAIN, "Open Contracting Data Standard 1.1"),
        _rule(20, "A manifest tells period, status, figures and totals", _AGAIN, essential=False),
        _rule(21, "A file is small enough to be judged",
              "Split it, by month or by department; each part is judged by itself."),
        _rule(22, "The CSV files are the figures that the manifest names and a sign-off means",
              "Make the publication again, and have it signed off again if it is a final."),
        _rule(23, "An OCDS package has numbers, value, first day and ratings of a contract as the CSV files",
              _AGAIN),
    )
}  # fmt: skip
"""The rules by id."""

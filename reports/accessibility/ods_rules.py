"""Rules for OpenDocument spreadsheets: what a program can judge of the checklist and of hidden content.

Does not belong here: Excel workbooks (the other modules), the cells themselves (`reports.verify_tables`). The
ids are those of `catalogue` and `concealed`; `JUDGES` names the rules that are looked at, no other is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from kcc_etl.domain.findings import Finding, shorten
from kcc_etl.exceptions import SourceError
from reports.accessibility.catalogue import RULES
from reports.accessibility.check import findings_of, shut
from reports.accessibility.concealed import KINDS
from reports.accessibility.number_formats import is_shown
from reports.accessibility.page import Hit
from reports.accessibility.zipped import Zipped, local, of

_KNOWN = re.compile(
    r"mimetype|content\.xml|meta\.xml|settings\.xml|styles\.xml|manifest\.rdf|META-INF/(?:manifest\.xml)?|"
    r"Thumbnails/(?:thumbnail\.png)?|Configurations2/.*"
)
_OUTSIDE = re.compile(r"(?:https?://[^\s/.]+\.|mailto:|#)", re.IGNORECASE)
_EMPTY_SHEET_NAME = re.compile(r"(?:sheet|table|tabelle|feuille)[ _]?\d*", re.IGNORECASE)
_TINY = 5.0  # points
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75}


class Ods:
    """An OpenDocument spreadsheet taken apart. Raises SourceError when it cannot be."""

    def __init__(self, content: bytes) -> None:
        self.zipped = Zipped(content)
        self.content = self.zipped.tree("content.xml")
        self.named = self.zipped.tree("styles.xml")
        self.meta = {local(e.tag): (e.text or "").strip() for e in self.zipped.tree("meta.xml").iter()}
        self.settings = self.zipped.tree("settings.xml")
        self._all = [(local(e.tag), e) for e in self.content.iter()]
        self.sheets = [e for e in self.each("table") if of(e, "name")]
        self.styles = {of(e, "name"): e for e in self.each("style")}
        self._placed = [(local(e.tag), of(sheet, "name"), e) for sheet in self.sheets for e in sheet.iter()]

    def each(self, *names: str) -> Iterator[Element]:
        """The elements of the content of one of the names."""
        return (element for name, element in self._all if name in names)

    def in_sheets(self, *names: str) -> Iterator[tuple[str, Element]]:
        """The same, with the name of the sheet they stand in."""
        return ((sheet, element) for name, sheet, element in self._placed if name in names)


def check_ods(content: bytes, name: str = "") -> list[Finding]:
    """What is wrong with an OpenDocument spreadsheet, in order of the rules. Never raises."""
    rules = {**RULES, **KINDS}
    try:
        book = Ods(content)
        return [
            finding
            for rule, judge in sorted(JUDGES.items())
            for finding in findings_of(rules[rule], judge(book), name)
        ]
    except SourceError as error:
        return [shut(error, name)]


def _merged(book: Ods) -> Iterator[Hit]:
    for sheet, cell in book.in_sheets("table-cell"):
        if any(of(cell, f"number-{way}-spanned") not in ("", "1") for way in ("columns", "rows")):
            yield Hit(f"a merged cell ('{shorten(''.join(cell.itertext()))}')", sheet)


def _unmarked(book: Ods) -> Iterator[Hit]:
    ranges = [of(e, "target-range-address").rpartition(":")[0] for e in book.each("database-range")]
    marked = {place.rpartition(".")[0].strip("$'").replace("''", "'") for place in ranges}
    for sheet in book.sheets:
        wide = any(_filled(row) > 1 for row in sheet.iter() if local(row.tag) == "table-row")
        if wide and of(sheet, "name") not in marked:
            yield Hit("a block of cells that no database range marks as a table", of(sheet, "name"))


def _filled(row: Element) -> int:
    return sum(1 for cell in row if local(cell.tag) == "table-cell" and of(cell, "value-type"))


def _no_headings(book: Ods) -> Iterator[Hit]:
    for area in book.each("database-range"):
        if of(area, "contains-header") == "false":
            yield Hit(f"the table {shorten(of(area, 'name'))}, marked as one without headings")


def _filters(book: Ods) -> Iterator[Hit]:
    for area in book.each("database-range"):
        if of(area, "display-filter-buttons") == "true":
            yield Hit(f"a filter on {shorten(of(area, 'name'))}")


def _pictures(book: Ods) -> Iterator[Hit]:
    yield from (
        Hit("a picture, a chart or a shape", sheet) for sheet, _ in book.in_sheets("frame", "custom-shape")
    )


def _macros(book: Ods) -> Iterator[Hit]:
    named = [n for n in book.zipped.names if n.startswith(("Basic/", "Scripts/")) and not n.endswith("/")]
    yield from (Hit(f"an active part ({shorten(name)})") for name in named)
    yield from (Hit("a script that runs on an event") for _ in book.each("script", "event-listener"))


def _names(book: Ods) -> Iterator[Hit]:
    names = [of(sheet, "name") for sheet in book.sheets]
    yield from (Hit(f"a sheet named '{name}'", name) for name in names if _EMPTY_SHEET_NAME.fullmatch(name))


def _blank(book: Ods) -> Iterator[Hit]:
    for sheet in book.sheets:
        if not "".join(sheet.itertext()).strip():
            yield Hit("a blank sheet", of(sheet, "name"))


def _information(book: Ods) -> Iterator[Hit]:
    if not book.meta.get("title"):
        yield Hit("no title in the document information")
    if not book.meta.get("language"):
        yield Hit("no language in the document information")
    if not (book.meta.get("creator") or book.meta.get("initial-creator")):
        yield Hit("no author in the document information")


def _opens(book: Ods) -> Iterator[Hit]:
    shown = [e.text or "" for e in book.settings.iter() if of(e, "name") == "ActiveTable"]
    first = of(book.sheets[0], "name") if book.sheets else ""
    yield from (
        Hit("a file that opens on another sheet than the first", name) for name in shown if name != first
    )


def _hidden_sheets(book: Ods) -> Iterator[Hit]:
    for sheet in book.sheets:
        style = book.styles.get(of(sheet, "style-name"))
        if style is not None and any(of(e, "display") == "false" for e in style.iter()):
            yield Hit("a hidden sheet", of(sheet, "name"))


def _hidden(kind: str, words: str) -> Callable[[Ods], Iterator[Hit]]:
    def judge(book: Ods) -> Iterator[Hit]:
        for sheet, line in book.in_sheets(kind):
            if of(line, "visibility") in ("collapse", "filter"):
                yield Hit(f"{words}", sheet)

    return judge


def _tiny(book: Ods) -> Iterator[Hit]:
    for style in book.styles.values():
        for properties in style:
            for size in ("row-height", "column-width", "font-size"):
                given = of(properties, size)
                found = re.fullmatch(r"([\d.]+)(pt|cm|mm|in|px)", given)
                if found and float(found[1]) * _POINTS[found[2]] < _TINY:
                    yield Hit(f"a {size.replace('-', ' ')} of {given}")


def _white(book: Ods) -> Iterator[Hit]:
    for style in book.styles.values():
        for properties in style:
            if (
                of(properties, "color").casefold() in ("#ffffff", "#fff")
                or of(properties, "display") == "none"
            ):
                yield Hit(f"text that cannot be seen, in the style {shorten(of(style, 'name'))}")


def _comments(book: Ods) -> Iterator[Hit]:
    yield from (Hit("a comment", sheet) for sheet, _ in book.in_sheets("annotation"))


def _people(book: Ods) -> Iterator[Hit]:
    for name in ("printed-by", "description", "keyword", "subject"):
        if book.meta.get(name):
            yield Hit(f"{name} in the document information: {shorten(book.meta[name])}")


def _custom(book: Ods) -> Iterator[Hit]:
    if book.meta.get("user-defined"):
        yield Hit("properties of its own in the document information")


def _links_outside(book: Ods) -> Iterator[Hit]:
    for element in book.each("a", "table-source", "dde-source", "image", "object"):
        target = of(element, "href") or of(element, "dde-application")
        fetched = local(element.tag) != "a"
        if target and (fetched or not _OUTSIDE.match(target)):
            yield Hit(f"a link to '{shorten(target)}'")


def _lists(book: Ods) -> Iterator[Hit]:
    yield from (Hit("a list of allowed values") for _ in book.each("content-validation"))


def _embedded(book: Ods) -> Iterator[Hit]:
    yield from (Hit(f"an embedded object ({n})") for n in book.zipped.names if re.match(r"Object[^/]*/?$", n))


def _pivots(book: Ods) -> Iterator[Hit]:
    yield from (Hit("a pivot table") for _ in book.each("data-pilot-table"))


def _grouped(book: Ods) -> Iterator[Hit]:
    yield from (Hit("grouped lines", s) for s, _ in book.in_sheets("table-row-group", "table-column-group"))


def _history(book: Ods) -> Iterator[Hit]:
    yield from (Hit("a history of changes") for _ in book.each("tracked-changes"))


def _headers(book: Ods) -> Iterator[Hit]:
    for element in book.named.iter():
        if local(element.tag) in ("header", "footer") and "".join(element.itertext()).strip():
            yield Hit(f"text in a {local(element.tag)}")


def _names_defined(book: Ods) -> Iterator[Hit]:
    for element in book.each("named-expression"):
        yield Hit(f"the defined name {shorten(of(element, 'name'))}, which holds a value")


def _unknown(book: Ods) -> Iterator[Hit]:
    yield from (Hit(f"the part '{shorten(n)}'") for n in book.zipped.names if not _KNOWN.fullmatch(n))


def _formulas(book: Ods) -> Iterator[Hit]:
    for sheet, cell in book.in_sheets("table-cell", "covered-table-cell"):
        if of(cell, "formula"):
            yield Hit(f"a formula: {shorten(of(cell, 'formula'))}", sheet)


def _shown_otherwise(book: Ods) -> Iterator[Hit]:
    for sheet, cell in book.in_sheets("table-cell", "covered-table-cell"):
        said = _said(cell)
        kind, held = of(cell, "value-type"), of(cell, "date-value") or of(cell, "value")
        if kind == "string" and of(cell, "string-value") not in ("", said):
            yield Hit(f"a text shown as '{shorten(said)}', which is another", sheet)
        elif not is_shown(said, kind, held):
            yield Hit(f"{shorten(held)} shown as '{shorten(said)}'", sheet)


def _said(cell: Element) -> str:
    """The words of the paragraphs of a cell, and not of its comments."""
    return "\n".join("".join(e.itertext()) for e in cell if local(e.tag) == "p")


def _around_parts(book: Ods) -> Iterator[Hit]:
    if book.zipped.unaccounted:
        yield Hit(f"{book.zipped.unaccounted:,} bytes that belong to no part")
    yield from (Hit(f"a remark in the part {shorten(name)}") for name in book.zipped.remarks)


JUDGES: dict[str, Callable[[Ods], Iterator[Hit]]] = {
    "AC-001": _unmarked, "AC-003": _merged, "AC-005": _no_headings, "AC-007": _filters, "AC-025": _pictures,
    "AC-026": _macros, "AC-027": _names, "AC-028": _blank, "AC-035": _information, "AC-036": _opens,
    "HC-001": _hidden_sheets, "HC-003": _hidden("table-row", "a hidden row"),
    "HC-004": _hidden("table-column", "a hidden column"), "HC-005": _tiny, "HC-006": _white,
    "HC-007": _shown_otherwise,
    "HC-008": _comments, "HC-010": _people, "HC-011": _custom, "HC-012": _links_outside,
    "HC-014": _names_defined, "HC-015": _lists, "HC-017": _embedded, "HC-018": _pivots, "HC-020": _grouped,
    "HC-025": _history, "HC-027": _headers, "HC-031": _unknown, "HC-035": _formulas,
    "HC-037": _around_parts,
}  # fmt: skip
"""The judge of each rule that is looked at in an OpenDocument spreadsheet."""

"""What a workbook carries beside its sheets: people, links, queries, names, objects, caches, unknown parts.

Does not belong here: what the sheets themselves hide (`hidden_cells`). The ids are those of `concealed`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kcc_etl.domain.findings import shorten
from kcc_etl.intake.workbooks.package import whole_number
from reports.accessibility.book import Check, Opened
from reports.accessibility.file_rules import is_organisation, macros
from reports.accessibility.page import Hit, Page
from reports.accessibility.parts import has

# Parts that show what they hold, or hold nothing but looks.
_KNOWN = re.compile(
    r"\[content_types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docprops/(?:core|app)\.xml|"
    r"xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/theme/theme\d*\.xml|"
    r"xl/tables/[^/]+\.xml"
)
# Parts that rules of their own stop.
_STOPPED = re.compile(
    r"docprops/custom\.xml|customxml/.*|xl/(?:comments|threadedcomments|persons|externallinks|embeddings|activex|"
    r"ctrlprops|pivotcache|pivottables|querytables|model|revisions|charts|chartsheets|macrosheets|dialogsheets)/.*|"
    r"xl/(?:comments\d*|connections|usernames)\.xml|xl/vbaproject.*|"
    r"xl/drawings/.*|xl/media/.*"
)
_EMBEDDED = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")
_OBJECT_ELEMENTS = ("oleObjects", "controls")
_QUERY_PARTS = ("xl/connections.xml", "xl/querytables/", "xl/model/", "xl/datamodel")
_BUILT_IN = frozenset({"_xlnm.print_titles", "_xlnm.print_area", "_xlnm._filterdatabase"})
_PLACE = re.compile(
    r"(?:'[^'\[\]]+'|[\w.]+)!\$?[A-Z]{0,3}\$?\d*(?::\$?[A-Z]{0,3}\$?\d*)?(?:,.*)?", re.IGNORECASE
)
_WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LONGEST_ALTERNATIVE = 250
"""Characters: an alternative text describes; more is data."""
_PEOPLE = ("lastModifiedBy", "Manager")


def threaded(book: Opened) -> Iterator[Hit]:
    """HC-009."""
    return _parts(book, "comments by people", ("xl/threadedcomments/", "xl/persons/"))


def people(book: Opened) -> Iterator[Hit]:
    """HC-010."""
    said = book.parts.properties
    for name in _PEOPLE:
        if said.get(name) and said[name] != said.get("creator") and not is_organisation(said[name], book):
            yield Hit(f"'{shorten(said[name])}' as {name} in the document information")
    author = said.get("creator", "")
    if author and not is_organisation(author, book):
        yield Hit(f"'{shorten(author)}' as author in the document information")
    for name in ("description", "keywords", "category", "HyperlinkBase", "contentStatus"):
        if said.get(name):
            yield Hit(f"'{shorten(said[name])}' as {name} in the document information")


def custom_properties(book: Opened) -> Iterator[Hit]:
    """HC-011."""
    return _parts(book, "custom document properties", ("docprops/custom.xml",))


def outside(book: Opened) -> Iterator[Hit]:
    """HC-012."""
    yield from _parts(book, "a copy of another file's cells", ("xl/externallinks/",))
    for source, relation in book.parts.relations:
        if relation.outside and not (relation.kind == "hyperlink" and _WEB.match(relation.target)):
            yield Hit(f"a link to '{shorten(relation.target)}' ({source or 'the file'})")


def queries(book: Opened) -> Iterator[Hit]:
    """HC-013."""
    return _parts(book, "a connection, query or data model", _QUERY_PARTS)


def names(book: Opened) -> Iterator[Hit]:
    """HC-014."""
    for element in book.parts.main.iter("definedName"):
        name, words = element.get("name", ""), (element.text or "").strip()
        if name.casefold() in _BUILT_IN and element.get("hidden") not in ("1", "true"):
            continue
        kind = "hidden" if element.get("hidden") in ("1", "true") else ""
        if not kind and (not _PLACE.fullmatch(words) or "#REF" in words):
            kind = "broken or holding a value"
        if kind or element.get("comment") or element.get("description"):
            yield Hit(f"the name '{shorten(name)}', {kind or 'with a comment'}: {shorten(words)}")


def custom_xml(book: Opened) -> Iterator[Hit]:
    """HC-016."""
    return _parts(book, "custom XML", ("customxml/", "xl/xmlmaps.xml"))


def embedded(book: Opened) -> Iterator[Hit]:
    """HC-017."""
    yield from _parts(book, "something embedded", _EMBEDDED)
    for page in book.pages:
        for tag in _OBJECT_ELEMENTS:
            yield from (page.hit("an object or control over the cells") for _ in page.parts.each(tag))


def pivots(book: Opened) -> Iterator[Hit]:
    """HC-018."""
    return _parts(book, "a pivot table or a copy of its data", ("xl/pivotcache/", "xl/pivottables/"))


def print_areas(book: Opened) -> Iterator[Hit]:
    """HC-021."""
    for page in book.pages:
        area = page.sheet.print_area
        if area:
            left_out = [cell for place, cell in page.filled.items() if not _printed(page, *place)]
            yield from (page.hit(f"a cell outside the print area {shorten(area)}", cell) for cell in left_out)


def _printed(page: Page, row: int, column: int) -> bool:
    from openpyxl.utils.cell import range_boundaries

    for area in page.sheet.print_area.split(","):
        left, top, right, bottom = range_boundaries(area.rpartition("!")[2].replace("$", ""))
        if (top or 1) <= row <= (bottom or row) and (left or 1) <= column <= (right or column):
            return True
    return False


def behind_pictures(book: Opened) -> Iterator[Hit]:
    """HC-023."""
    for page in book.pages:
        for name, tree in _drawings(book, page):
            if any(e.get("hidden") in ("1", "true") for e in tree.iter()):
                yield page.hit(f"a hidden picture or shape ({name})")
            for anchor in (
                *tree.iter("twoCellAnchor"),
                *tree.iter("oneCellAnchor"),
                *tree.iter("absoluteAnchor"),
            ):
                first, last = _corners(anchor)
                for (row, column), cell in page.filled.items():
                    if first[0] <= row <= last[0] and first[1] <= column <= last[1]:
                        yield page.hit(f"text behind a picture or shape ({name})", cell)


def _corners(anchor: Element) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and last cell that a drawing covers; where the file gives one, 20 rows and 10 columns."""
    start, end = anchor.find("from"), anchor.find("to")
    first = (1, 1) if start is None else _corner(start)
    return first, (first[0] + 20, first[1] + 10) if end is None else _corner(end)


def _corner(place: Element) -> tuple[int, int]:
    row, column = (whole_number((place.findtext(name) or "").strip(), 0) + 1 for name in ("row", "col"))
    return row, column


def _drawings(book: Opened, page: Page) -> Iterator[tuple[str, Element]]:
    folder = posixpath.dirname(page.parts.part)
    for relation in page.parts.relations.values():
        if relation.kind == "drawing" and not relation.outside:
            name = posixpath.normpath(posixpath.join(folder, relation.target)).lstrip("/")
            tree = book.parts.tree(name)
            if tree is not None:
                yield name, tree


def covered(book: Opened) -> Iterator[Hit]:
    """HC-036."""
    for page in book.pages:
        for place in sorted(page.parts.valued - {cell.coordinate for cell in page.cells}):
            yield page.hit("a value under merged cells", place)


def shared_history(book: Opened) -> Iterator[Hit]:
    """HC-025."""
    yield from _parts(book, "a history of changes", ("xl/revisions/", "xl/usernames.xml"))
    for element in book.parts.main.iter("fileSharing"):
        if element.get("userName"):
            yield Hit(f"the name of a user: '{shorten(element.get('userName'))}'")


def custom_views(book: Opened) -> Iterator[Hit]:
    """HC-026."""
    yield from (
        Hit(f"the view '{shorten(v.get('name'))}'") for v in book.parts.main.iter("customWorkbookView")
    )
    for page in book.pages:
        yield from (page.hit("a custom view") for _ in page.parts.each("customSheetView"))


def alternative_texts(book: Opened) -> Iterator[Hit]:
    """HC-028."""
    for name, tree in book.parts.trees("xl/drawings/", "xl/tables/"):
        for element in tree.iter():
            for key in ("descr", "altText", "altTextSummary", "alt"):
                text = element.get(key) or ""
                if len(text) > _LONGEST_ALTERNATIVE or "\n" in text.strip() or re.search(r"@|\d{6}", text):
                    yield Hit(f"an alternative text that holds data: '{shorten(text)}' ({name})")
    for page in book.pages:
        for link in page.parts.each("hyperlink"):
            if link.get("tooltip"):
                yield page.hit(f"a tip on a link: '{shorten(link.get('tooltip'))}'", link.get("ref") or "")


def unknown_parts(book: Opened) -> Iterator[Hit]:
    """HC-031."""
    listed = {sheet.part.casefold() for sheet in book.parts.outline.sheets}
    for name in book.parts.names:
        if not (name in listed or _KNOWN.fullmatch(name) or _STOPPED.fullmatch(name) or name.endswith("/")):
            yield Hit(f"the part {shorten(name)}")


def charts(book: Opened) -> Iterator[Hit]:
    """HC-033."""
    for name, tree in book.parts.trees("xl/charts/"):
        if has(tree, "pt"):
            yield Hit(f"a chart with a copy of its data ({name})")


def unused_texts(book: Opened) -> Iterator[Hit]:
    """HC-034."""
    tree = book.parts.tree(book.parts.outline.part("sharedstrings") or "xl/sharedstrings.xml")
    if tree is None:
        return
    used = frozenset().union(*(sheet.shared for sheet in book.parts.sheets))
    for place, item in enumerate(tree.iter("si")):
        if place not in used and "".join(item.itertext()).strip():
            yield Hit(f"the text '{shorten(''.join(item.itertext()))}', which no cell shows")
        if any("".join(e.itertext()).strip() for e in item.iter("rPh")):
            yield Hit(f"a reading of '{shorten(''.join(item.itertext()))}' that no cell shows")


def around_parts(book: Opened) -> Iterator[Hit]:
    """HC-037."""
    if book.parts.unaccounted:
        yield Hit(f"{book.parts.unaccounted:,} bytes that belong to no part")
    yield from (Hit(f"a remark in the part {name}") for name in book.parts.remarks)


def _parts(book: Opened, what: str, starts: tuple[str, ...]) -> Iterator[Hit]:
    return (Hit(f"{what} ({name})") for name in book.parts.names if name.startswith(starts))


CHECKS: dict[str, Check] = {
    "HC-009": threaded, "HC-010": people, "HC-011": custom_properties, "HC-012": outside, "HC-013": queries,
    "HC-014": names, "HC-016": custom_xml, "HC-017": embedded, "HC-018": pivots, "HC-021": print_areas,
    "HC-023": behind_pictures, "HC-024": macros, "HC-025": shared_history, "HC-026": custom_views,
    "HC-028": alternative_texts, "HC-031": unknown_parts, "HC-033": charts, "HC-034": unused_texts,
    "HC-036": covered, "HC-037": around_parts,
}  # fmt: skip

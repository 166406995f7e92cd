"""Rules about the file: macros, names of sheets, blank sheets, document information, where it opens.

Does not belong here: tables, text and looks of sheets; hidden parts (`hidden_parts`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kcc_etl.domain.findings import shorten
from reports.accessibility.book import Check, Opened
from reports.accessibility.page import Hit

_ACTIVE = (
    "xl/vbaproject",
    "xl/macrosheets/",
    "xl/dialogsheets/",
    "xl/activex/",
    "customui/",
    "xl/intlmacrosheets/",
)
_NO_SHEET_NAME = re.compile(
    r"(?:sheet|worksheet|tab|tabelle|feuil|hoja|foglio|chart|page)[ _]?\d*(?: ?\(\d+\))?|"
    r"copy of .*|.*\(\d+\)|untitled.*|.?",
    re.IGNORECASE,
)
_LONGEST_NAME = 31
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TOOLS = frozenset(
    {
        "openpyxl",
        "xlsxwriter",
        "python",
        "microsoft office user",
        "user",
        "admin",
        "administrator",
        "apache poi",
        "unknown",
        "owner",
    }
)
_ORGANISATION = re.compile(
    r"\b(council|department|ministry|office|agency|authority|statistics|government|service|services|trust|nhs|"
    r"ltd|limited|plc|team|association|university|board|commission|borough|county|city|district|police|fire)\b",
    re.IGNORECASE,
)


def macros(book: Opened) -> Iterator[Hit]:
    """AC-026."""
    for name in book.parts.names:
        if name.startswith(_ACTIVE):
            yield Hit(f"an active part ({name})")
    types = book.parts.tree("[content_types].xml")
    if types is not None and any("macroenabled" in e.get("ContentType", "").casefold() for e in types):
        yield Hit("a file declared to hold macros")


def sheet_names(book: Opened) -> Iterator[Hit]:
    """AC-027."""
    names = [sheet.get("name", "") for sheet in book.parts.main.iter("sheet")]
    counted = Counter(name.strip().casefold() for name in names)
    for name in names:
        if _NO_SHEET_NAME.fullmatch(name.strip()):
            yield Hit(f"a sheet named '{shorten(name)}'", name)
        if len(name) > _LONGEST_NAME:
            yield Hit(f"a name of {len(name)} characters", name)
        if counted[name.strip().casefold()] > 1:
            yield Hit(f"two sheets named '{shorten(name)}'", name)


def blank_sheets(book: Opened) -> Iterator[Hit]:
    """AC-028."""
    for page in book.pages:
        if not page.filled:
            yield page.hit("a blank sheet", "A1")


def information(book: Opened) -> Iterator[Hit]:
    """AC-035."""
    said = book.parts.properties
    if not said.get("title"):
        yield Hit("no title in the document information")
    language = said.get("language", "")
    if not _LANGUAGE.fullmatch(language):
        yield Hit(
            f"the language '{shorten(language)}'" if language else "no language in the document information"
        )
    author = said.get("creator", "")
    if not author or author.casefold() in _TOOLS:
        yield Hit(f"the author '{shorten(author)}'" if author else "no author in the document information")
    elif not is_organisation(author, book):
        yield Hit(f"the author '{shorten(author)}', who is not known to be the organisation")


def is_organisation(name: str, book: Opened) -> bool:
    """Whether a name is the publisher's; where none is given, the company's or like an organisation's."""
    if book.publisher:
        return name.casefold() == book.publisher.casefold()
    return name == book.parts.properties.get("Company") or bool(_ORGANISATION.search(name))


def opens_at_start(book: Opened) -> Iterator[Hit]:
    """AC-036."""
    view = next(book.parts.main.iter("workbookView"), None)
    active = 0 if view is None else int(view.get("activeTab") or 0)
    first = book.parts.main.find("./sheets/sheet")
    name = "" if first is None else first.get("name", "")
    if active != 0:
        yield Hit(f"a file that opens on sheet {active + 1}", name)
    selected = [
        page.name
        for page in book.pages
        if any(v.get("tabSelected") in ("1", "true") for v in page.parts.each("sheetView"))
    ]
    if len(selected) > 1:
        yield Hit(f"{len(selected)} sheets selected together", selected[1])
    page = next((page for page in book.pages if page.name == name), None)
    if page is None:
        return
    places = [(v.get("topLeftCell") or "A1") for v in page.parts.each("sheetView")]
    places += [s.get(key) or "A1" for s in page.parts.each("selection") for key in ("activeCell", "sqref")]
    yield from (
        page.hit(f"the cursor or the view at {place}", place.split(":")[0])
        for place in places
        if place != "A1"
    )


CHECKS: dict[str, Check] = {
    "AC-026": macros, "AC-027": sheet_names, "AC-028": blank_sheets, "AC-035": information,
    "AC-036": opens_at_start,
}  # fmt: skip

"""Papers (DOCX) and catalogues (JSON) read again: what their readers would stumble over, and do not see.

Does not belong here: spreadsheets (`accessibility`, `verify_tables`), pages (`verify_pages`). A paper is read
from its XML, not with the library that wrote it.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from kcc_etl.domain.findings import shorten
from reports.accessibility.page import Hit
from reports.accessibility.zipped import Zipped, local, of
from reports.personal_data import Text

Broken = tuple[str, Hit]
"""The id of a rule and a place where it is broken."""
_WORDS = ("word/document", "word/footnotes", "word/endnotes", "word/header", "word/footer", "word/comments")
_UNSEEN_COLOURS = ("ffffff", "fefefe", "fdfdfd")
_TOO_SMALL = 10  # half-points
_FETCHING = ("DDE", "INCLUDETEXT", "INCLUDEPICTURE", "LINK ")


class Paper:
    """A Word file taken apart. Raises SourceError when it cannot be."""

    def __init__(self, content: bytes) -> None:
        self._zipped = Zipped(content)
        self._body = self._zipped.tree("word/document.xml")
        self._styles = self._zipped.tree("word/styles.xml")
        self._core = {local(e.tag): (e.text or "").strip() for e in self._zipped.tree("docProps/core.xml")}

    def texts(self) -> Iterator[Text]:
        """The text of each paragraph, those of notes, headers, footers and comments with it."""
        parts = [name for name in self._zipped.names if name.startswith(_WORDS) and name.endswith(".xml")]
        trees = [self._zipped.tree(name) for name in parts]
        for paragraph in (e for tree in trees for e in tree.iter() if local(e.tag) == "p"):
            words = "".join(e.text or "" for e in paragraph.iter() if local(e.tag) == "t")
            if words:
                yield Text(words)

    def broken(self) -> Iterator[Broken]:
        """Each place that breaks a rule for papers."""
        yield from (("PK-013", Hit(found)) for found in self._unread())
        yield from (("PK-014", Hit(found)) for found in (*self._hidden(), *self._unseen(), *self._beside()))

    def _each(self, *names: str) -> Iterator[Element]:
        return (element for element in self._body.iter() if local(element.tag) in names)

    def _unread(self) -> Iterator[str]:
        if self._body.tag == "nothing":
            yield "no text at all"
        if not self._core.get("title"):
            yield "no title in the document information"
        if not self._core.get("language") and not any(local(e.tag) == "lang" for e in self._styles.iter()):
            yield "no language"
        styles = {of(element, "val") for element in self._each("pStyle")}
        if not any(style.startswith(("Heading", "Title")) for style in styles):
            yield "no headings"
        for number, table in enumerate(self._each("tbl"), start=1):
            if not any(local(element.tag) == "tblHeader" for element in table.iter()):
                yield f"table {number} without a row marked as its headings"
        for picture in self._each("docPr"):
            if not of(picture, "descr"):
                yield f"the picture '{shorten(of(picture, 'name'))}' without alternative text"

    def _hidden(self) -> Iterator[str]:
        if any(name.startswith(("word/comments", "word/people")) for name in self._zipped.names):
            yield "comments"
        if any(name.startswith("word/vbaProject") for name in self._zipped.names):
            yield "macros"
        if any(name.startswith(("word/embeddings/", "word/activeX/")) for name in self._zipped.names):
            yield "an embedded file"
        if next(self._each("ins", "del", "moveFrom", "moveTo"), None) is not None:
            yield "recorded changes"
        if next(self._each("vanish", "webHidden"), None) is not None:
            yield "hidden text"
        for field in self._each("instrText", "fldSimple"):
            words = (field.text or "") + of(field, "instr")
            if any(word in words.upper() for word in _FETCHING):
                yield f"the field '{shorten(words)}'"
        for relation in self._zipped.tree("word/_rels/document.xml.rels"):
            if of(relation, "TargetMode") == "External" and not of(relation, "Type").endswith("/hyperlink"):
                yield f"a link that fetches '{shorten(of(relation, 'Target'))}'"

    def _unseen(self) -> Iterator[str]:
        """Text in white on white or smaller than five points, in a run or in a style."""
        shaded = {
            id(run)
            for place in self._each("tc", "p")
            if any(_is_dark(e) for e in place.iter() if local(e.tag) == "shd")
            for run in place.iter()
        }
        for look in (e for tree in (self._body, *self._used()) for e in tree.iter() if local(e.tag) == "rPr"):
            said = {local(e.tag): of(e, "val") for e in look}
            if said.get("color", "").casefold() in _UNSEEN_COLOURS and id(look) not in shaded:
                yield "hidden text: white on white"
            size = said.get("sz", "")
            if size.isdecimal() and int(size) < _TOO_SMALL:
                yield f"hidden text: of {int(size) / 2:g} points"

    def _used(self) -> Iterator[Element]:
        """The styles of the text itself; those of tables come with a colour behind it."""
        used = {of(element, "val") for element in self._each("pStyle", "rStyle")}
        return (e for e in self._styles if local(e.tag) == "style" and of(e, "styleId") in used)

    def _beside(self) -> Iterator[str]:
        """What the file holds beside its text: people, properties, pictures that no page shows, remarks."""
        if "docProps/custom.xml" in self._zipped.names:
            yield "custom document properties"
        last = self._core.get("lastModifiedBy", "")
        if last and last != self._core.get("creator"):
            yield f"'{shorten(last)}' as the one who changed it last"
        shown = {
            posixpath.normpath(posixpath.join("word", of(relation, "Target")))
            for name in self._zipped.names
            if name.startswith("word/_rels/")
            for relation in self._zipped.tree(name)
        }
        for name in self._zipped.names:
            if name.startswith("word/media/") and name not in shown:
                yield f"a picture that no page shows ({shorten(name)})"
        yield from (f"a remark in the part {shorten(name)}" for name in self._zipped.remarks)
        if self._zipped.unaccounted:
            yield f"{self._zipped.unaccounted:,} bytes that belong to no part"


def _is_dark(shade: Element) -> bool:
    fill = of(shade, "fill").casefold()
    return fill not in ("", "auto", *_UNSEEN_COLOURS)


def link_texts(content: bytes) -> Iterator[Text]:
    """The addresses that links of a DOCX, XLSX or ODS file lead to. Raises SourceError when it is none."""
    zipped = Zipped(content)
    for name in zipped.names:
        if name.endswith(".rels"):
            outside = [of(e, "Target") for e in zipped.tree(name) if of(e, "TargetMode") == "External"]
            yield from (Text(unquote(address).removeprefix("mailto:")) for address in outside)
    for element in zipped.tree("content.xml").iter():
        if local(element.tag) == "a":
            yield Text(unquote(of(element, "href")).removeprefix("mailto:"))


def catalogue_broken(content: bytes, present: Collection[str], status: str = "") -> Iterator[Broken]:
    """Each place where a catalogue for portals breaks its rule; `status` is the pack's, if known.

    Raises ValueError for what is no JSON.
    """
    catalogue = json.loads(content)
    if not isinstance(catalogue, dict) or not isinstance(catalogue.get("dataset"), list):
        return
    for entry in catalogue["dataset"]:
        title = shorten(entry.get("title", ""))
        missing = [name for name in ("title", "description", "identifier", "license") if not entry.get(name)]
        if missing:
            yield "PK-015", Hit(f"the dataset '{title}' without {', '.join(missing)}")
        level = entry.get("accessLevel")
        if status and (level == "public") != (status == "final"):
            yield "PK-015", Hit(f"the dataset '{title}' as {shorten(level)}, in a {shorten(status)}")
        for distribution in entry.get("distribution", ()):
            address = str(distribution.get("downloadURL", ""))
            if address.rpartition("/")[2] not in present:
                yield "PK-015", Hit(f"the file '{shorten(address)}', which is not there")
    licences = {str(entry.get("license")) for entry in catalogue["dataset"]}
    if len(licences) > 1:
        yield "PK-015", Hit(f"{len(licences)} licences")


def contact_of(catalogue: Any) -> frozenset[str]:
    """The e-mail and postal address of a catalogue's publisher: its own, and no person's."""
    if not isinstance(catalogue, dict) or not isinstance(catalogue.get("dataset"), list):
        return frozenset()
    points = [entry.get("contactPoint") for entry in catalogue["dataset"] if isinstance(entry, dict)]
    said = [
        str(point.get(name, "")).removeprefix("mailto:")
        for point in points
        if isinstance(point, dict)
        for name in ("hasEmail", "hasAddress")
    ]
    return frozenset(text for text in said if text)

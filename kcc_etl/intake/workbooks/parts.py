"""What a workbook consists of: its sheets, shared strings, links to the outside, macros, when it was saved.

Does not belong here: the cells of a sheet (`sheet_xml`), the zip itself (`package`).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kcc_etl.intake.workbooks.package import DAMAGED, Package, local_name, unreadable

_ACTIVE_PARTS = {
    "xl/vbaproject": "macros",
    "xl/macrosheets/": "macros",
    "xl/dialogsheets/": "macros",
    "xl/activex/": "ActiveX controls",
    "xl/embeddings/": "embedded files",
}
_ACTIVE_RELATIONS = {
    "vbaproject": "macros",
    "xlmacrosheet": "macros",
    "xlintlmacrosheet": "macros",
    "dialogsheet": "macros",
    "activexcontrolbinary": "ActiveX controls",
    "oleobject": "embedded files",
    "package": "embedded files",
}
_CONNECTION_PARTS = {
    "xl/connections.xml": "a data connection",
    "xl/querytables/": "a web or database query",
    "xl/model/": "a data model",
}
_POWER_QUERY = (b"DataMashup", "DataMashup".encode("utf-16-le"))
_TRUE = {"1", "true", "on"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SAVED = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, its state (visible, hidden, veryHidden), the part that holds it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True)
class Relation:
    """A relationship of a part: the last word of its type, in lower case, and its target."""

    kind: str
    target: str
    outside: bool


@dataclass
class Outline:
    """The main part of a workbook: sheets in the order of their tabs, chart sheets left out."""

    main: str
    relations: dict[str, Relation]
    sheets: list[Sheet] = field(default_factory=list)
    date1904: bool = False
    external_ids: list[str] = field(default_factory=list)
    names_outside: list[str] = field(default_factory=list)

    def part(self, kind: str) -> str | None:
        """The part that the workbook names for a kind such as `styles`, if it names one."""
        found = next((r.target for r in self.relations.values() if r.kind == kind and not r.outside), None)
        return None if found is None else _resolved(self.main, found)


def read_outline(package: Package) -> Outline:
    """The main part. Raises SourceUnreadableError when the file is no workbook or has no sheet with cells."""
    main = next(
        (
            r.target.lstrip("/")
            for r in relations_of(package, "").values()
            if r.kind == "officedocument" and not r.outside
        ),
        None,
    )
    if main is None:
        raise unreadable("The file is no workbook")
    outline = Outline(main, relations_of(package, main))
    _OutlineReader(package, outline).read()
    if not outline.sheets:
        raise unreadable("The workbook has no sheet with cells")
    return outline


class _OutlineReader:
    """Follows the XML of the main part."""

    def __init__(self, package: Package, outline: Outline) -> None:
        self._package, self._outline = package, outline
        self._name = self._words = ""

    def read(self) -> None:
        self._package.parse(self._outline.main, self._start, self._end, self._text)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = local_name(element)
        if name == "sheet":
            self._add_sheet(attributes)
        elif name == "workbookPr":
            self._outline.date1904 = attributes.get("date1904", "").lower() in _TRUE
        elif name == "externalReference":
            self._outline.external_ids.append(_relation_id(attributes))
        elif name == "definedName":
            self._name, self._words = attributes.get("name", ""), ""

    def _text(self, words: str) -> None:
        if self._name:
            self._words += words

    def _end(self, element: str) -> None:
        if self._name and local_name(element) == "definedName":
            if re.search(r"\[\d+\]", self._words):
                self._outline.names_outside.append(self._name)
            self._name = ""

    def _add_sheet(self, attributes: dict[str, str]) -> None:
        relation = self._outline.relations.get(_relation_id(attributes))
        if relation is not None and relation.kind == "worksheet" and not relation.outside:
            part = _resolved(self._outline.main, relation.target)
            state = attributes.get("state", "visible")
            self._outline.sheets.append(Sheet(attributes.get("name", ""), state, part))


def relations_of(package: Package, part: str) -> dict[str, Relation]:
    """The relationships of a part by their id, those of the package for "". None: an empty dictionary."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if local_name(element) == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2].lower()
            outside = attributes.get("TargetMode", "").lower() == "external"
            found[attributes.get("Id", "")] = Relation(kind, attributes.get("Target", ""), outside)

    if rels.casefold() in package.names:
        package.parse(rels, start)
    elif not part:
        raise unreadable(f"{DAMAGED} (its part '{rels}' is missing)")
    return found


def active_content(package: Package) -> list[str]:
    """What of the workbook could run or hide a second file: macros, ActiveX controls, embedded files."""
    found = {words for start, words in _ACTIVE_PARTS.items() if _has(package, start)}
    for name in package.names:
        if name.endswith(".rels"):
            folder, _, base = name.rpartition("_rels/")
            relations = relations_of(package, folder + base.removesuffix(".rels")).values()
            found |= {_ACTIVE_RELATIONS[r.kind] for r in relations if r.kind in _ACTIVE_RELATIONS}
    return sorted(found)


def connections(package: Package) -> list[str]:
    """Which kinds of data connection the workbook has."""
    found = [words for start, words in _CONNECTION_PARTS.items() if _has(package, start)]
    for name in package.names:
        if name.startswith("customxml/item") and name.endswith(".xml"):
            head = next(iter(package.chunks(name)), b"")[:4096]
            if any(mark in head for mark in _POWER_QUERY):
                found.append("a Power Query")
    return sorted(set(found))


def outside_links(package: Package, outline: Outline) -> list[str]:
    """What each external reference of the workbook points at, in the order by which formulas number them."""
    return [_outside(package, outline, i) for i in outline.external_ids]


def _outside(package: Package, outline: Outline, relation_id: str) -> str:
    relation = outline.relations.get(relation_id)
    if relation is None:
        return "another workbook"
    part = _resolved(outline.main, relation.target)
    if part.casefold() not in package.names:
        return "another workbook"
    services: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if local_name(element) in {"ddeLink", "oleLink"}:
            services.append(attributes.get("ddeService") or attributes.get("progId") or "unknown")

    package.parse(part, start)
    if services:
        return f"the program '{services[0][:40]}'"
    targets = [r.target for r in relations_of(package, part).values()]
    # The folders of a path name people and servers.
    name = re.split(r"[/\\]", targets[0].rstrip("/\\"))[-1][:60] if targets else ""
    web = bool(targets) and targets[0].lower().startswith(("http:", "https:"))
    kind = "a workbook on the web" if web else "another workbook"
    return f"{kind}, '[{name}]'" if name else kind


def saved_at(package: Package) -> datetime | None:
    """When the workbook says it was last saved, in UTC without a zone; None when it does not say."""
    words: list[str] = []
    reading: list[bool] = []
    part = next(
        (r.target.lstrip("/") for r in relations_of(package, "").values() if r.kind == "core-properties"),
        "docProps/core.xml",
    )

    def start(element: str, _: dict[str, str]) -> None:
        reading[:] = [local_name(element) == "modified"]

    def text(characters: str) -> None:
        if reading == [True]:
            words.append(characters)

    if part.casefold() not in package.names:
        return None
    package.parse(part, start, lambda _: reading.clear(), text)
    match = _SAVED.fullmatch("".join(words).strip())
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match[0])
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def shared_strings(package: Package, part: str | None) -> list[str]:
    """The texts that cells share; notes on pronunciation are no part of them."""
    reader = _StringReader()
    if part is not None:
        package.parse(part, reader.start, reader.end, reader.text)
    return reader.texts


class _StringReader:
    """Follows the XML of the shared strings."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._words = ""
        self._reading = self._phonetic = False

    def start(self, element: str, _: dict[str, str]) -> None:
        name = local_name(element)
        if name == "t":
            self._reading = not self._phonetic
        elif name == "si":
            self._words = ""
        elif name == "rPh":
            self._phonetic = True

    def text(self, characters: str) -> None:
        if self._reading:
            self._words += characters

    def end(self, element: str) -> None:
        name = local_name(element)
        if name == "t":
            self._reading = False
        elif name == "si":
            self.texts.append(plain_text(self._words))
        elif name == "rPh":
            self._phonetic = False


def plain_text(text: str) -> str:
    """The text with `_x000D_` and the like made characters again (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    decoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Halves of a pair meet again; a half alone is no character.
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _has(package: Package, start: str) -> bool:
    return any(name.startswith(start) for name in package.names)


def _relation_id(attributes: dict[str, str]) -> str:
    return next((v for k, v in attributes.items() if k.endswith(" id")), "")


def _resolved(source: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))

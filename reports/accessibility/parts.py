"""The parts of a workbook as they are in the file: trees of XML without namespaces, and bounded in size.

Does not belong here: cells (`book`), rules. Parts are read through the limits of intake
(`kcc_etl.intake.workbooks.package`): no part is unpacked that is unsafe, no document type is followed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element, TreeBuilder

from kcc_etl.intake.workbooks.package import Package, local_name, unreadable, whole_number
from kcc_etl.intake.workbooks.parts import Outline, Relation, read_outline, relations_of
from reports.accessibility.zipped import unaccounted

MOST_BYTES = 25 * 1024 * 1024
"""Of XML in sheets and texts: about 500,000 cells, for which the reading takes about a minute."""
_MOST_SPREAD = 1_000_000
_UNSEEN = frozenset({"c"})


@dataclass(frozen=True)
class SheetParts:
    """The XML of one sheet without its cells, the places of texts that its cells show, which cells hold a
    value, its relationships.
    """

    name: str
    state: str
    part: str
    tree: Element
    shared: frozenset[int]
    valued: frozenset[str]
    relations: dict[str, Relation] = field(repr=False)

    def each(self, name: str) -> Iterator[Element]:
        """The elements of that name, wherever they stand in the sheet."""
        return self.tree.iter(name)


class Parts:
    """The parts of a workbook. Raises SourceError for a file that is unsafe, no workbook, or too large."""

    def __init__(self, content: bytes) -> None:
        self.package = Package(content)
        self.unaccounted = _unaccounted(content)
        self.package.check(set())
        self.outline: Outline = read_outline(self.package)
        heavy = [n for n in self.names if n.startswith("xl/worksheets/") or n == "xl/sharedstrings.xml"]
        if sum(len(chunk) for name in heavy for chunk in self.package.chunks(name)) > MOST_BYTES:
            raise _too_large(f"it holds more than {MOST_BYTES // 1024**2} MB of cells")
        self.sheets = [self._sheet(s.name, s.state, s.part) for s in self.outline.sheets]
        for sheet in self.sheets:
            _refuse_wide_spread(sheet)

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return self.package.names

    def tree(self, name: str) -> Element | None:
        """The XML of a part; nothing when the workbook has no such part."""
        if name.casefold() not in self.package.names:
            return None
        reader = _TreeReader()
        self.package.parse(name, reader.start, reader.end, reader.text)
        return reader.close()

    def trees(self, *starts: str) -> Iterator[tuple[str, Element]]:
        """The XML parts whose names begin so, with their names."""
        for name in self.names:
            if name.startswith(starts) and name.endswith((".xml", ".vml")):
                tree = self.tree(name)
                if tree is not None:
                    yield name, tree

    @cached_property
    def remarks(self) -> list[str]:
        """The parts whose XML holds remarks, which no program shows."""
        texts = [name for name in self.names if name.endswith((".xml", ".rels", ".vml"))]
        return [name for name in texts if b"<!--" in b"".join(self.package.chunks(name))]

    @cached_property
    def main(self) -> Element:
        """The main part of the workbook."""
        tree = self.tree(self.outline.main)
        return Element("workbook") if tree is None else tree

    @cached_property
    def properties(self) -> dict[str, str]:
        """The document information by the names of the file format: title, creator, language, Company."""
        found: dict[str, str] = {}
        for name in ("docprops/core.xml", "docprops/app.xml"):
            tree = self.tree(name)
            found |= {child.tag: (child.text or "").strip() for child in (() if tree is None else tree)}
        return found

    @cached_property
    def relations(self) -> list[tuple[str, Relation]]:
        """Every relationship in the file, with the part that has it; "" is the file itself."""
        found = []
        for name in self.names:
            if name.endswith(".rels"):
                source = name.replace("_rels/", "").removesuffix(".rels")
                found += [(source, relation) for relation in relations_of(self.package, source).values()]
        return found

    def _sheet(self, name: str, state: str, part: str) -> SheetParts:
        reader = _TreeReader(_UNSEEN)
        self.package.parse(part, reader.start, reader.end, reader.text)
        relations = relations_of(self.package, part)
        return SheetParts(
            name, state, part, reader.close(), frozenset(reader.shared), frozenset(reader.valued), relations
        )


class _TreeReader:
    """Builds a tree from what the parser meets; of elements in `skipped` keeps only the shared texts."""

    def __init__(self, skipped: frozenset[str] = frozenset()) -> None:
        self._builder = TreeBuilder()
        self._skipped = skipped
        self._depth = 0
        self._is_shared = False
        self._place = ""
        self._digits: list[str] = []
        self.shared: set[int] = set()
        self.valued: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if self._depth or local in self._skipped:
            if not self._depth:
                self._is_shared, self._place = attributes.get("t") == "s", attributes.get("r", "")
            self._depth += 1
            self._digits = []
            return
        self._builder.start(local, {local_name(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        if not self._depth:
            self._builder.end(local_name(name))
            return
        words = "".join(self._digits).strip()
        if words and self._place and local_name(name) in ("v", "t"):
            self.valued.add(self._place.upper())
        if self._is_shared and local_name(name) == "v":
            self.shared.add(whole_number(words, -1))
        self._depth -= 1

    def text(self, words: str) -> None:
        if self._depth:
            self._digits.append(words)
        else:
            self._builder.data(words)

    def close(self) -> Element:
        return self._builder.close()


def _unaccounted(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return unaccounted(content, file)


def has(tree: Element, *names: str) -> bool:
    """Whether an element of one of the names stands anywhere in a tree; an empty element counts as false."""
    return any(next(tree.iter(name), None) is not None for name in names)


def _refuse_wide_spread(sheet: SheetParts) -> None:
    """Openpyxl makes a cell for every place of a merged range or a link, up to 17,000 million of them."""
    from openpyxl.utils.cell import range_boundaries

    spread = 0
    for element in [*sheet.each("mergeCell"), *sheet.each("hyperlink")]:
        try:
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
        except (ValueError, TypeError):
            raise unreadable(f"The workbook is damaged (a range of sheet '{sheet.name}' is none)") from None
        spread += ((right or 16_384) - (left or 1) + 1) * ((bottom or 1_048_576) - (top or 1) + 1)
    if spread > _MOST_SPREAD:
        raise _too_large(f"merged cells or links of sheet '{sheet.name}' cover {spread:,} cells")


def _too_large(what: str) -> Exception:
    return unreadable(
        f"The workbook is too large to be checked: {what}",
        expected="a workbook that can be read in a minute",
        remedy="Publish large tables as CSV, or in several workbooks",
        rule_id="IN-023",
    )

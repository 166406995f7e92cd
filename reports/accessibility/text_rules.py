"""Rules about what cells say: notes, plain words, links, shorthand, sentences in column A, spelling.

Does not belong here: tables (`table_rules`), fonts and colours (`look_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility.book import Check, Opened
from reports.accessibility.page import Area, Hit, Page, shown, shown_text
from reports.accessibility.table_rules import told_count

LONGEST_SENTENCE = 40
"""Words. GOV.UK advises 25; past 40 no reader is likely to follow, and no list is mistaken for a sentence."""
_NOTE = re.compile(r"\[note (\d+)\]", re.IGNORECASE)
_OTHER_NOTE = re.compile(
    r"\[\s*(?:\d{1,3}|(?:n|nb|fn|ref|see|foot ?notes?|notes?)[\s.:#]*\d+(?:\s*(?:,|and|&)\s*\d+)*)\s*\]"
    r"|\((?:see )?(?:foot)?note\s*\d+\)",
    re.IGNORECASE,
)
# Superscript figures after a unit of measure are no note: m², km³.
_SYMBOL = re.compile(r"[†‡§¶]|(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bft)[¹²³⁰⁴-⁹ªº]|(?<=\w)\*+(?=[\s.,;:)]|$)")
_SHORTHAND = re.compile(r"\[([A-Za-z]{1,6})\]")
STANDARD = frozenset({"b", "c", "e", "er", "f", "k", "low", "n", "p", "r", "u", "w", "x", "z"})
"""The shorthand of the Government Analysis Function, "Symbols in tables"."""
_LOOSE = frozenset({"n/a", "na", "n.a.", "nil", "#n/a"})
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n")
_OFFICIALESE = re.compile(
    r"\b(utili[sz]e[ds]?|herein(?:after)?|hereto(?:fore)?|aforementioned|notwithstanding|pursuant to|thereof|"
    r"in respect of|commence[ds]?|endeavour|facilitate[ds]?|in order to|e\.g\.|i\.e\.|etc\.)(?!\w)",
    re.IGNORECASE,
)
_LAW = re.compile(r"\b(Act|regulation|section|schedule)\b", re.IGNORECASE)
_EMPTY_WORDS = re.compile(
    r"(?:please )?(?:click |go |see |read |find out )?"
    r"(?:here|this|link|more|more here|read more|this page|website|page|web ?link|\d+)\.?",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.|file:|mailto:)\S+", re.IGNORECASE)
_OUTSIDE = re.compile(r"(?:https?://[^\s/.]+\.[^\s]+|mailto:[^\s@]+@[^\s@]+\.[^\s@]+)", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"(?:head(?:ing|line)|title|überschrift)", re.IGNORECASE)
_TWICE = re.compile(r"\b([A-Za-z]{2,})\s+\1\b", re.IGNORECASE)
_MAY_REPEAT = frozenset({"that", "had"})
_MISSPELT = re.compile(
    r"\b(accomodat\w+|acheiv\w+|adress\w*|benifit\w*|calender|catagor\w+|commitee|comittee|definately|"
    r"enviroment\w*|expendature|goverment\w*|independant\w*|maintainance|neccessar\w+|occured|occurence|"
    r"payed|publically|quartely|recieve\w*|refered|seperat\w+|succesful\w*|teh|tommorow|untill|wich)\b",
    re.IGNORECASE,
)
# Lists of what the file holds have no source but the file.
_FRONT = re.compile(r"\b(?:cover|contents?|index)\b", re.IGNORECASE)
_GAP = re.compile(r"\w +[,;:.!?](?:\s|$)")


def symbols_for_notes(book: Opened) -> Iterator[Hit]:
    """AC-011."""
    for page, cell in book.filled:
        found = _SYMBOL.search(shown_text(cell)) if isinstance(shown(cell), str) else None
        if found:
            yield page.hit(f"the sign '{found.group(0)}' in '{shorten(shown_text(cell))}'", cell)
        if any(font.vertAlign in ("superscript", "subscript") for font in page.fonts(cell)):
            yield page.hit(f"raised or lowered text in '{shorten(shown_text(cell))}'", cell)


def word_note(book: Opened) -> Iterator[Hit]:
    """AC-012."""
    for page, cell in book.prose:
        for found in _OTHER_NOTE.finditer(shown_text(cell)):
            if not _NOTE.fullmatch(found.group(0)):
                yield page.hit(f"'{found.group(0)}'", cell)


def notes_in_data(book: Opened) -> Iterator[Hit]:
    """AC-013."""
    for page in book.pages:
        for cell in page.data:
            text = shown(cell)
            found = isinstance(text, str) and (_NOTE.search(text) or _OTHER_NOTE.search(text))
            if found and not page.is_notes and not _is_note_column(page, cell):
                yield page.hit(f"'{found.group(0)}' in a cell of data", cell)


def _is_note_column(page: Page, cell: Any) -> bool:
    area = page.area_at(cell.row, cell.column)
    return area is not None and page.text(area.top, cell.column).casefold() in ("note", "notes")


def notes_match(book: Opened) -> Iterator[Hit]:
    """AC-014."""
    used: dict[str, Hit] = {}
    for page, cell in book.filled:
        if not page.is_notes:
            for number in _NOTE.findall(shown_text(cell)):
                used.setdefault(number, page.hit(f"[note {number}], which no table of notes has", cell))
    sheets = [page for page in book.pages if page.is_notes]
    for page in sheets:
        if used and not page.tables:
            yield page.hit("notes that stand in no table", "A1")
    listed = dict(entry for page in sheets for area in page.tables for entry in _listed_notes(page, area))
    yield from (hit for number, hit in sorted(used.items()) if number not in listed)
    yield from (hit for number, hit in sorted(listed.items()) if number not in used)


def _listed_notes(page: Page, area: Area) -> Iterator[tuple[str, Hit]]:
    for row in range(area.first, area.bottom + 1):
        found = re.fullmatch(r"\[?(?:note )?(\d+)\]?", page.text(row, area.left), re.IGNORECASE)
        if found:
            number = found.group(1)
            place = page.filled[row, area.left]
            yield number, page.hit(f"note {number}, to which nothing refers", place)


def plain_words(book: Opened) -> Iterator[Hit]:
    """AC-015."""
    for page, cell in book.prose:
        for sentence in _SENTENCE_END.split(shown_text(cell)):
            words = len(re.findall(r"\w[\w'’-]*", sentence))
            if words > LONGEST_SENTENCE:
                yield page.hit(f"a sentence of {words} words", cell)
            found = _OFFICIALESE.search(sentence)
            # The words of an Act are its own.
            if found and not _LAW.search(sentence):
                yield page.hit(f"'{found.group(0)}', for which there is an everyday word", cell)


def links(book: Opened) -> Iterator[Hit]:
    """AC-016."""
    names = {page.name.casefold() for page in book.pages}
    defined = {name.casefold() for name in book.book.defined_names}
    for page, cell in book.filled:
        if cell.hyperlink is not None:
            yield from (page.hit(found, cell) for found in _link_faults(cell.hyperlink, names, defined))
            if _EMPTY_WORDS.fullmatch(shown_text(cell).strip()):
                yield page.hit(f"a link that says no more than '{shorten(shown_text(cell))}'", cell)
            elif _URL.fullmatch(shown_text(cell).strip()):
                yield page.hit("an address in place of words", cell)
    for page, cell in book.prose:
        if cell.hyperlink is None and _URL.fullmatch(shown_text(cell).strip()):
            yield page.hit("an address in place of words", cell)
    for page, cell in book.cells:
        if cell.hyperlink is not None and (cell.row, cell.column) not in page.filled:
            yield page.hit("a link without words", cell)


def _link_faults(link: Any, names: set[str], defined: set[str]) -> Iterator[str]:
    target, place = link.target or "", link.location or ""
    if target.startswith("#"):
        target, place = "", target[1:]
    if target and not _OUTSIDE.fullmatch(target):
        yield f"a link to '{shorten(target)}', which no reader can follow"
    elif not target:
        sheet, _, cell = place.rpartition("!")
        known = sheet.strip("'").replace("''", "'").casefold() in names
        valid = known and re.fullmatch(
            r"\$?[A-Z]{1,3}\$?\d{1,7}(:\$?[A-Z]{1,3}\$?\d{1,7})?", cell, re.IGNORECASE
        )
        if not valid and place.casefold() not in defined:
            yield f"a link to '{shorten(place)}', which is not in the file"


def titles(book: Opened) -> Iterator[Hit]:
    """AC-018."""
    for page in book.pages:
        cell = page.filled.get((1, 1))
        if cell is None or not re.search(r"[^\W\d_]", shown_text(cell)):
            yield page.hit("no title", "A1")
        elif not _HEADING_STYLE.match(_style_name(cell)):
            yield page.hit(f"a title in the style '{shorten(_style_name(cell))}'", "A1")


def _style_name(cell: Any) -> str:
    try:
        return str(cell.style)
    except LookupError:  # the cell counts on from styles that the file does not have
        return "none"


def symbols(book: Opened) -> Iterator[Hit]:
    """AC-019."""
    words = " ".join(shown_text(cell) for page in book.pages for cell in (*page.prose, *_notes(page)))
    explained = {code.casefold() for code in _SHORTHAND.findall(words)}
    for page in book.pages:
        for cell in page.filled.values():
            text = shown_text(cell).strip()
            code = _SHORTHAND.fullmatch(text)
            if cell.data_type == "e":
                yield page.hit(f"the error {shorten(text)}", cell)
            elif isinstance(shown(cell), str) and not re.search(r"[^\W_]", text):
                yield page.hit(f"the symbol '{shorten(text)}' alone", cell)
            elif text.casefold() in _LOOSE:
                yield page.hit(f"'{text}', where there is a standard shorthand", cell)
            elif code and code.group(1).casefold() not in STANDARD:
                yield page.hit(f"'{text}', which is no standard shorthand", cell)
            elif code and code.group(1).casefold() not in explained:
                yield page.hit(f"'{text}', which nothing in the file explains", cell)


def _notes(page: Page) -> list[Any]:
    return page.data if page.is_notes else []


def column_a(book: Opened) -> Iterator[Hit]:
    """AC-029."""
    for page in book.pages:
        if not page.areas:
            continue
        above = page.above(min(page.areas, key=lambda area: area.top))
        text = " ".join(above)
        if told_count(page) is None:
            yield page.hit("no sentence in column A that says how many tables there are", "A1")
        uses = any(_NOTE.search(shown_text(cell)) for cell in page.filled.values())
        if uses and not page.is_notes and not re.search(r"\bnotes\b", text, re.IGNORECASE):
            yield page.hit("no sentence in column A that says where the notes are", "A1")
        if not page.is_notes and not _FRONT.search(page.name) and not re.search(r"\bsources?\b", text, re.I):
            yield page.hit("no sentence in column A that names the source", "A1")


def spelling(book: Opened) -> Iterator[Hit]:
    """AC-033."""
    for page, cell in book.prose:
        text = shown_text(cell)
        yield from (
            page.hit(f"'{found.group(0)}'", cell)
            for found in _TWICE.finditer(text)
            if found.group(1).casefold() not in _MAY_REPEAT
        )
        yield from (page.hit(f"'{found.group(0)}'", cell) for found in _MISSPELT.finditer(text))
        if _GAP.search(text):
            yield page.hit("a space before a punctuation mark", cell)


CHECKS: dict[str, Check] = {
    "AC-011": symbols_for_notes, "AC-012": word_note, "AC-013": notes_in_data, "AC-014": notes_match,
    "AC-015": plain_words, "AC-016": links, "AC-018": titles, "AC-019": symbols, "AC-029": column_a,
    "AC-033": spelling,
}  # fmt: skip

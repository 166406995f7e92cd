"""Whether published text holds what may be personal: e-mail addresses, numbers, postcodes, titled names.

Does not belong here: who may be named (`kcc_etl.domain.redaction`), which files are read (`verify`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kcc_etl.domain.personal import may_name_a_person, personal_data_in, without_contacts
from kcc_etl.domain.redaction import NAME_TEXTS
from reports.accessibility.page import Hit

_GRAVE = ("an e-mail address", "a National Insurance number")
_MAILBOX = re.compile(
    r"\b(?:info|information|enquir(?:y|ies)|contact|contacts|hello|mail|office|admin|procurement|purchasing|"
    r"commercial|contracts?|tenders?|suppliers?|finance|accounts?|payments?|invoices?|sales|support|help|data|"
    r"opendata|open\.data|transparency|foi|press|council|customer\.?services?|democracy|legal|web|team)"
    r"(?:[._-](?:team|services?|office|enquiries|support|hub|data|procurement|finance))*@[\w.-]+\.[a-z]{2,}",
    re.IGNORECASE,
)
"""Addresses of offices and not of persons."""
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Cllr|Rev|Sir|Dame)\.?\s+(?:[A-Z]\.?\s*){0,3}[A-Z][\w'’-]*[a-z]\b"
    r"(?!.{0,40}\b(?:Ltd|Limited|LLP|LLC|PLC|plc|CIC|Surgery|Practice|Partners|School|Trust|Association|Chemist)\b)"
)
_REFERENCE = re.compile(
    r"(?:\bid|ids|\bref|reference|number|\bno|code|uri|url|ocid|ppon|sha256)s?$", re.IGNORECASE
)
_FREE_TEXT = re.compile(r"(?:title|description|purpose|kpi|measure)\b", re.IGNORECASE)
_WHO = re.compile(
    r"(?:companies ?house|company|charity).*number|supplier ?id|other ?id|ppon|contact|postcode",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Text:
    """A text with its place: heading of its column, sheet and cell; a paper has none of them."""

    words: str
    heading: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Known:
    """Texts that may stand anywhere (the authority's own address and e-mail), names that may not, and whether
    the folder is a pack of ours, whose free texts name nobody.
    """

    own: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    is_ours: bool = False

    @cached_property
    def withheld_names(self) -> re.Pattern[str] | None:
        """What finds a withheld name in a text."""
        return _any_of(self.withheld)

    def without_own(self, words: str) -> str:
        """The words without what is the authority's own."""
        for text in self.own:
            words = words.replace(text, "")
        return words


def personal_hits(texts: Iterable[Text], known: Known) -> Iterator[tuple[str, Hit]]:
    """Each place that may hold personal data, with the id of the rule; never the data itself."""
    for text in texts:
        for rule, words in _told(text.words, *_kind(text.heading), known):
            yield rule, Hit(words, text.sheet, text.cell)


@lru_cache(maxsize=4096)
def _kind(heading: str) -> tuple[bool, bool]:
    """Whether texts below a heading are free texts, and whether they are references."""
    return bool(_FREE_TEXT.search(heading)), bool(_REFERENCE.search(heading.replace("_", " ").strip()))


# Every format of a dataset holds the same texts, and many rows do.
@lru_cache(maxsize=32_768)
def _told(words: str, is_free: bool, is_reference: bool, known: Known) -> tuple[tuple[str, str], ...]:
    named = known.is_ours and is_free and may_name_a_person(words)
    found = [("PK-016", "what seems to be a person's name")] if named else []
    return (*found, *_signs(known.without_own(words), known.withheld_names, is_reference))


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of the names, whole; one of a single word could be a word of any text and is not looked for."""
    sought = sorted({" ".join(name.split()) for name in names if len(name.split()) > 1})
    if not sought:
        return None
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sought))})(?!\w)", re.IGNORECASE)


def _signs(words: str, withheld: re.Pattern[str] | None, is_reference: bool) -> Iterator[tuple[str, str]]:
    if not words or words in NAME_TEXTS:
        return
    signs = personal_data_in(_MAILBOX.sub("", words))
    grave = [sign for sign in signs.split(" and ") if sign in _GRAVE]
    if grave:
        yield "PK-008", " and ".join(grave)
    if not is_reference:
        if "a postcode" in signs:
            yield "PK-009", "a postcode"
        if "[telephone number]" in without_contacts(words):
            yield "PK-009", "a telephone number"
        if _TITLED.search(words):
            yield "PK-009", "a name with a title"
    if withheld is not None and withheld.search(words):
        yield "PK-011", "a name that is withheld"


def redaction_hits(rows: list[list[str]]) -> Iterator[Hit]:
    """Rows of a table of texts, headings first, that name nobody and yet tell who is meant."""
    if not rows:
        return
    places = [n for n, heading in enumerate(rows[0]) if _WHO.search(heading.replace("_", " "))]
    for number, row in enumerate(rows[1:], start=2):
        if not set(NAME_TEXTS).isdisjoint(row):
            yield from (
                Hit(f"'{rows[0][n]}' beside a redacted name", cell=f"{_letters(n + 1)}{number}")
                for n in places
                if n < len(row) and row[n] not in ("", *NAME_TEXTS)
            )


def _letters(column: int) -> str:
    from openpyxl.utils.cell import get_column_letter

    return str(get_column_letter(column))

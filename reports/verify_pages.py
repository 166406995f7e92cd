"""Pages (HTML) read again: what is wrong with them, and every text in them, seen or not.

Does not belong here: the rules themselves (`page_check`), what a text may hold (`personal_data`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from reports.accessibility.page import Hit
from reports.page_check import page_faults
from reports.personal_data import Text

_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "i", "kbd", "mark", "q", "s",
        "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    }
)  # fmt: skip
_TEXTUAL = ("title", "alt", "content", "placeholder", "value", "summary", "label", "href", "cite", "action")
_TEXTUAL_STARTS = ("aria-", "data-")


def page_broken(content: bytes) -> Iterator[tuple[str, Hit]]:
    """Each place where a page breaks its rule. Raises ValueError for what is no UTF-8."""
    yield from (("PK-012", Hit(fault)) for fault in page_faults(content))


def page_texts(content: bytes) -> list[Text]:
    """The texts of a page: those people see, whatever tags split them; comments; attributes that hold words.

    Raises ValueError for what is no UTF-8.
    """
    reader = _Texts()
    reader.feed(content.decode("utf-8"))
    reader.close()
    reader.end_of_text()
    return reader.texts


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[Text] = []
        self._inside = ""
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self._break(tag)
        for name, value in attrs:
            if value and (name in _TEXTUAL or name.startswith(_TEXTUAL_STARTS)):
                self.texts.append(Text(unquote(value).removeprefix("mailto:")))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._inside not in ("style", "script"):
            self._said.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(Text(data.strip()))

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            self.end_of_text()

    def end_of_text(self) -> None:
        """What was said since the last block is one text."""
        words = "".join(self._said).strip()
        self._said = []
        if words:
            self.texts.append(Text(words))

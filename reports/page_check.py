"""What is wrong with an HTML page, as readers meet it: structure, tables, pictures, links, active parts.

Does not belong here: making pages (`page`). Rules: WCAG 2.2 A and AA, as far as a program can judge them.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from reports.documents import LICENCE_URI

_ACTIVE = frozenset({"script", "iframe", "object", "embed", "form", "link", "img", "base", "audio", "video"})
_VOID = frozenset({"meta", "br"})
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0+(?![.\d])|"
    r"font-size\s*:\s*[01](?:\.\d+)?(?:px|pt)?\s*(?:[;}!]|$)",
    re.IGNORECASE,
)
_FETCHES = re.compile(r"@import|url\(", re.IGNORECASE)
# Menus need not be on paper.
_FOR_PRINT = re.compile(r"@media\s+print\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_MAILBOX = re.compile(r"mailto:[^@\s?]+@[^@\s?]+")


def page_faults(content: bytes) -> list[str]:
    """What is wrong with a page that stands alone, one sentence a fault; none when it is sound."""
    parser = _Page()
    parser.feed(content.decode("utf-8"))
    parser.close()
    return parser.all_faults()


class _Page(HTMLParser):
    """Reads a page from its first tag to its last and notes what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._faults: list[str] = []
        self._open: list[str] = []
        self._headings: list[int] = []
        self._ids: Counter[str] = Counter()
        self._links: list[str] = []
        self._texts: Counter[str] = Counter()
        self._language = ""
        self._in_table: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        self._note(tag, named)
        if "id" in named:
            self._ids[named["id"]] += 1
        self._links += [named["href"]] if "href" in named else []
        self._links += [f"#{name}" for name in named.get("aria-labelledby", "").split()]
        if tag == "html":
            self._language = named.get("lang", "")
        if tag in ("h1", "h2", "h3", "h4"):
            self._headings.append(int(tag[1]))

    def _note(self, tag: str, named: dict[str, str]) -> None:
        if tag in _ACTIVE or any(name.startswith("on") or name == "src" for name in named):
            self._faults.append(f"it holds <{tag}>, which runs or fetches something")
        if tag == "meta" and named.get("http-equiv", "").strip().casefold() == "refresh":
            self._faults.append("it sends its reader to another page")
        if "hidden" in named or named.get("aria-hidden") == "true" or _UNSEEN.search(named.get("style", "")):
            self._faults.append(f"it holds <{tag}>, which is hidden")
        if _FETCHES.search(named.get("style", "")):
            self._faults.append(f"it holds <{tag}>, whose style fetches something")
        if tag == "table":
            self._in_table = []
        if tag == "th" and named.get("scope") not in ("col", "row"):
            self._faults.append("a heading of a table does not say what it heads")
        if tag == "svg" and not (named.get("role") == "img" and named.get("aria-label")):
            self._faults.append("a picture has no text beside it")
        self._in_table.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._faults.append(f"</{tag}> closes what is not open")
        if tag == "table" and not {"caption", "th"} <= set(self._in_table):
            self._faults.append("a table has no caption or no headings")

    def handle_comment(self, data: str) -> None:
        self._faults.append("it holds a comment, which no reader sees")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self._style(data)
        if self._open and data.strip():
            self._texts[self._open[-1]] += 1

    def _style(self, data: str) -> None:
        screen = _FOR_PRINT.sub("", data)
        if _FETCHES.search(data):
            self._faults.append("its style fetches something")
        if _UNSEEN.search(screen):
            self._faults.append("its style hides something")

    def all_faults(self) -> list[str]:
        """Everything noted, and what only the whole page shows."""
        faults = list(self._faults)
        if not self._language:
            faults.append("it does not say its language")
        named = {"title": "title", "h1": "main heading"}
        faults += [f"it has no {name}" for tag, name in named.items() if not self._texts[tag]]
        if self._headings[:1] != [1] or self._headings.count(1) != 1:
            faults.append("it does not open with its one main heading")
        if any(level > before + 1 for before, level in zip(self._headings, self._headings[1:], strict=False)):
            faults.append("its headings skip a level")
        faults += [f"the place '{name}' stands in it {n} times" for name, n in self._ids.items() if n > 1]
        outside = [
            link
            for link in self._links
            if (":" in link or link.startswith("/")) and link != LICENCE_URI and not _MAILBOX.fullmatch(link)
        ]
        faults += [f"it links to {link}, outside the folder it stands in" for link in outside]
        inside = {link[1:] for link in self._links if link.startswith("#")}
        faults += [f"it links to '{name}', which is not there" for name in sorted(inside - set(self._ids))]
        faults += [f"<{tag}> is never closed, {n} times" for tag, n in Counter(self._open).items()]
        return faults

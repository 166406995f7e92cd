"""Plain cells of a sheet, taken out of its XML in runs before the parser sees it, because there are millions.

A cell is plain when it is a number, or the number of a shared text, and written as programs write it. A mark
stands where a run was, so that the order of things stays. Wherever the same bytes could mean something else
(in a CDATA section, in another encoding) nothing is taken out any more.
Does not belong here: what a cell says (`cell_values`), where it is put (`sheet_xml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = "plain-cells"
PLACE = "n"
"""The attribute of a mark that says which run stood there, from 0."""

_CELL = '<c(?: r="{letters}{digits}")?(?: s="{style}")?(?: t="{kind}")?><v>{words}</v></c>'
_FORMS = {
    "letters": "[A-Z]{1,3}",
    "digits": "[1-9][0-9]{0,6}",
    "style": "[0-9]{1,5}",
    "kind": "[sn]",
    "words": "[-+.0-9E]{1,40}",
}
_RUN = re.compile(f"(?:{_CELL.format(**_FORMS)})+".encode())
_EACH = re.compile(_CELL.format(**{name: f"({form})" for name, form in _FORMS.items()}))
_START = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1.0["'](?: encoding=["']utf-8["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])?\s?\?>)?\s*<[a-z]""",
    re.IGNORECASE,
)
_MARK = MARK.encode()
_END = b"</c>"
_LONGEST = 1 << 20
"""Bytes without the end of a tag, beyond which nothing is taken out any more."""

PlainCell = tuple[str, str, str, str, str]
"""Letters and digits of the address, style, type and words; what is not written is empty."""


class PlainCells:
    """The runs taken out of one sheet, by their place."""

    def __init__(self) -> None:
        self._runs: dict[int, bytes] = {}
        self._count = 0

    def taken_out(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks of a sheet with a mark for each run."""
        rest, first = b"", True
        for chunk in chunks:
            data = rest + chunk
            known = not first or _START.match(data)
            if not known or b"<!" in data or _MARK in data or len(data) > len(chunk) + _LONGEST:
                yield data
                yield from chunks
                return
            last = data.rfind(_END)
            cut = last + len(_END) if last >= 0 else data.rfind(b">") + 1
            yield _RUN.sub(self._take, data[:cut])
            rest, first = data[cut:], False
        yield rest

    def run(self, place: str) -> list[PlainCell]:
        """The cells of a run, which is forgotten."""
        return _EACH.findall(self._runs.pop(int(place)).decode("ascii"))

    def _take(self, match: re.Match[bytes]) -> bytes:
        place = self._count
        self._runs[place] = match[0]
        self._count += 1
        return b'<%s %s="%d"/>' % (_MARK, PLACE.encode(), place)

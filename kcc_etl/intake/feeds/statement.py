"""Whether the query of a feed is one SELECT and nothing else, as far as its text shows.

Does not belong here: running it (`query`), where the database itself is told to write nothing.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|drop|alter|create|truncate|grant|revoke|exec|execute|into)\b", re.I
)


def statement_fault(query: str) -> str:
    """Why a query is not one SELECT, in words; empty when it is one."""
    bare = _QUOTED.sub(" ", query).strip().rstrip("; \t\r\n")
    if ";" in bare:
        return "the query is more than one statement"
    if not re.match(r"(select|with)\b", bare, re.I):
        return "the query is no SELECT"
    writes = _WRITES.search(bare)
    return f"the query holds the word {writes[1].upper()}, so it may write" if writes else ""


def is_ordered(query: str) -> bool:
    """Whether the query says in which order its rows come."""
    return re.search(r"\border\s+by\b", _QUOTED.sub(" ", query), re.I) is not None

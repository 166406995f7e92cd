"""On which line of a TOML file each key stands, told by the standard parser one statement at a time.

Does not belong here: what the values may be (`toml_reader`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping


def lines_of_keys(text: str) -> dict[str, int]:
    """The line on which each key and each heading begins, by paths such as `bands.band[2].mode`.

    `text` is TOML without faults. Tables of an array are numbered from 1; what stands inside an inline table
    or a list has the line of its statement.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    here = ""
    for number, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            here = _heading(parsed, counts, is_array=statement.lstrip().startswith("[["))
            lines.setdefault(here, number)
        else:
            for path in _paths(parsed, here):
                lines.setdefault(path, number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the number of its first line; one that goes on over lines is kept together."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not parts and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun, parts = begun or number, [*parts, line]
        statement = "\n".join(parts)
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield begun, statement
        begun, parts = 0, []


def _heading(parsed: Mapping[str, object], counts: dict[str, int], *, is_array: bool) -> str:
    """The path of a heading, its arrays numbered as far as they have come."""
    names: list[str] = []
    inner: object = parsed
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        names.append(name)
    path = ""
    for place, name in enumerate(names, start=1):
        path = join(path, name)
        if is_array and place == len(names):
            counts[path] = counts.get(path, 0) + 1
        path = f"{path}[{counts[path]}]" if path in counts else path
    return path


def _paths(value: object, path: str) -> Iterator[str]:
    """The paths of everything inside a value, those of tables in lists with their number."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield join(path, name)
            yield from _paths(inner, join(path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value, start=1):
            yield from _paths(item, f"{path}[{place}]")


def join(path: str, key: str) -> str:
    """A key inside the table at a path."""
    return f"{path}.{key}" if path else key

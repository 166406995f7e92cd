"""The look of documents, read once from `theme.toml`.

Does not belong here: what a document says.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def theme(section: str) -> MappingProxyType[str, Any]:
    """One section of the theme: `workbook`, `paper` or `chart`."""
    content = tomllib.loads((files("reports") / "theme.toml").read_text(encoding="utf-8"))
    return MappingProxyType(content[section])

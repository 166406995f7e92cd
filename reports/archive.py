"""Office files as zip archives: the same parts give the same bytes, whenever and wherever they are packed.

Does not belong here: what the parts say.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def repack(content: bytes, edit: Callable[[str, bytes], bytes]) -> bytes:
    """The archive again with each part passed through `edit`: parts in order of name, fixed times and modes.

    The list of content types stays first, as some readers look for it there.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        names = sorted(source.namelist(), key=lambda name: (name != _FIRST, name))
        return pack({name: edit(name, source.read(name)) for name in names})


def pack(parts: Mapping[str, bytes], stored: frozenset[str] = frozenset()) -> bytes:
    """The parts as an archive, in the order given; those named in `stored` are not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on Windows as elsewhere
            entry.external_attr = 0o644 << 16
            target.writestr(entry, part)
    return packed.getvalue()


def replace_once(text: str, old: str, new: str) -> str:
    """The text with `old` replaced where it stands; raises ValueError unless it stands there exactly once."""
    if text.count(old) != 1:
        raise ValueError(f"expected '{old}' once in the part, found it {text.count(old)} times")
    return text.replace(old, new)

"""What a file is by its first bytes, and how large one may be.

Does not belong here: parts of a workbook (`workbooks.package`), encodings of a text (`text`).
"""

from __future__ import annotations

MAX_BYTES = 100 * 1024 * 1024
"""The largest file that is read."""

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_BINARY_STARTS = (*_ZIP_STARTS, b"\xd0\xcf\x11\xe0", b"%PDF")
_WEB_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<?xml")
_PROBE = 1024


def is_binary(data: bytes) -> bool:
    """Whether the bytes start as a workbook of any age or a PDF does, and are no text."""
    return data.startswith(_BINARY_STARTS)


def is_web_page(data: bytes) -> bool:
    """Whether the bytes start as HTML or XML does."""
    return data[:_PROBE].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_STARTS)

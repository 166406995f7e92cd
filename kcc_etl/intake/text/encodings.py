"""Bytes to text: which encoding a text file is in, and text that was once read with the wrong one.

Does not belong here: records and cells (`delimited`), what a fault does to a file or row (`tabular`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kcc_etl.exceptions import SourceUnreadableError

UTF_8 = "utf-8"
WINDOWS = "cp1252"
DOS_POUND = "cp1252, pound sign of DOS"
DOS = "cp850"

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
"""The longer marks first: that of UTF-16 is the beginning of that of UTF-32."""
_PROBE = 4096
_MOSTLY = 0.7
"""Share of NUL bytes on one side of each pair, and at most the rest on the other, that means UTF-16."""
# A CSV saved by an old DOS program holds the pound sign as byte 0x9C, which cp1252 shows as a ligature.
_DOS_POUND = re.compile(r"œ(?=\s?[0-9])|(?<=\()œ(?=\))")
_LOST = "\ufffd"
# What accents of DOS show as in cp1252: a mark in a word or at its end, a capital between small letters.
_UNLIKE_WINDOWS = re.compile(
    "(?<=[A-Za-z])[‚ƒ„†‡ˆ‰‹›˜•¡¢¤¥\ufffd]|\ufffd(?=[A-Za-z])"
    "|(?<=[a-z])[ŠŒŽŸ](?=[a-z])|(?<=[A-Za-z])[“”](?=[A-Za-z])"
)
# An apostrophe, a dash between spaces, quotation marks round a word, and accents as Windows writes them.
_LIKE_WINDOWS = re.compile(
    "(?<=[A-Za-z])’(?=[A-Za-z])|(?<=\\s)[–—](?=\\s)|(?<![^\\s(,])[‘“](?=[A-Za-z0-9])|[À-ÿ]"
)
# What the bytes 0x80 to 0xBF, of which all but the first of a UTF-8 character are made, show as in cp1252.
_TAIL = "".join(sorted({bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0xC0)} - {_LOST}))
_TAIL += "\x81\x8d\x8f\x90\x9d"
# Â, Ã, â, ï and ð: the first bytes of accents, punctuation, marks and emoji. Others begin words of their own,
# such as `CAFÉ’S`.
_GARBLED = re.compile(f"[ÂÃâïð][{re.escape(_TAIL)}]{{1,3}}")


@dataclass(frozen=True)
class Decoded:
    """A text without its byte order mark, and the encoding it was read with."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of a file: by its byte order mark, else UTF-8, UTF-16 without a mark, else Windows (cp1252).

    A text with the pound sign of DOS is read as DOS (cp850) when its accents are those of DOS and none is of
    Windows; else the sign alone is mended. In cp1252 five bytes that have no character show as U+FFFD. Raises
    SourceUnreadableError for an empty file, and for NUL characters, which no text file holds.
    """
    if not data.strip():
        raise SourceUnreadableError(
            "The file is empty", expected="a heading and rows", remedy="Send the file again"
        )
    decoded = _decode(data)
    at = decoded.text.find("\x00")
    if at >= 0:
        line = len(re.findall(r"\r\n|\r|\n", decoded.text[:at])) + 1
        raise SourceUnreadableError(
            f"The file holds NUL characters, the first in line {line}: it is damaged or no text file",
            expected="delimited text",
            remedy="Save it again as CSV UTF-8",
        )
    return decoded


def likely_text(text: str) -> str | None:
    """What the text was before UTF-8 was read as cp1252, such as `Café` for `CafÃ©`; None when it looks fine.

    A character that was lost for good (U+FFFD) stays as it is.
    """
    if text.isascii():
        return None
    mended = _GARBLED.sub(_mend, text)
    return mended if mended != text or _LOST in text else None


def _mend(match: re.Match[str]) -> str:
    """The characters that the garbled run stands for, or the run itself when it stands for none."""
    run = match[0]
    for length in range(len(run), 1, -1):
        try:
            mended = b"".join(_byte(c) for c in run[:length]).decode("utf-8")
        except UnicodeError:
            continue
        return mended + run[length:]
    return run


def _byte(character: str) -> bytes:
    """The byte that shows as this character in cp1252; the five it does not know stand for themselves."""
    return character.encode("latin-1" if character in "\x81\x8d\x8f\x90\x9d" else "cp1252")


def _decode(data: bytes) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\x00" not in text:
        return Decoded(text, UTF_8)
    unmarked = _utf_16_without_mark(data)
    if unmarked:
        return _strictly(data, unmarked)
    if text:
        return Decoded(text, UTF_8)
    windows = data.decode("cp1252", errors="replace")
    mended = _DOS_POUND.sub("£", windows)
    if mended == windows:
        return Decoded(windows, WINDOWS)
    if _UNLIKE_WINDOWS.search(mended) and not _LIKE_WINDOWS.search(mended):
        return Decoded(data.decode(DOS), DOS)
    return Decoded(mended, DOS_POUND)


def _strictly(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise SourceUnreadableError(
            f"The file begins as {encoding.upper()} text and does not go on as such",
            expected="delimited text",
            remedy="Save it again as CSV UTF-8",
        ) from None
    return Decoded(text, encoding)


def _utf_16_without_mark(data: bytes) -> str:
    """The byte order of UTF-16 text in a western language: every other byte is mostly NUL."""
    if len(data) % 2:
        return ""
    even, odd = (data[side:_PROBE:2].count(0) / max(1, len(data[side:_PROBE:2])) for side in (0, 1))
    if odd >= _MOSTLY and even <= 1 - _MOSTLY:
        return "utf-16-le"
    return "utf-16-be" if even >= _MOSTLY and odd <= 1 - _MOSTLY else ""

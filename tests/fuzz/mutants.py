"""Mutants of sound files, each from a seed: bytes changed at random, and parts of a workbook changed as XML.

Does not belong here: reading them, judging what was read.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from kcc_etl.sample.sheets import Style
from tests.hostile import bases
from tests.hostile.generated import workbook
from tests.hostile.kit import pack, unpack

_TAG = re.compile(rb"<[^<>]{0,300}>")
_ATTRIBUTE = re.compile(rb'[A-Za-z:]+="[^"]*"')
_NUMBER = re.compile(rb"[0-9]+(?:\.[0-9]+)?")
_NASTY_NUMBERS = (
    b"-1", b"0", b"1e9999", b"-1e308", b"NaN", b"Infinity", b"999999999999999999999", b"1048577", b"16385", b"0.1.2",
    b"", b" ", b"\xd9\xa1", b"1_000", b"0x10", b"4294967296", b"2958466", b"-657435", b"60.5", b"+5",
)  # fmt: skip
_NASTY_TEXTS = (
    b"&#0;", b"&amp;", b"&bogus;", b"&#xD800;", b"&#x1F600;", b"<!--", b"]]>", b"<![CDATA[x]]>", b"\x00", b"\xff\xfe",
    b"<?x y?>", b"_x0000_", b"xml:space", b"\xe2\x80\xae", b"<c/>", b"</c>", b"<row>", b"</sheetData>", b"t=\"b\"",
    b"t=\"d\"", b"t=\"s\"", b"t=\"zzz\"", b"r=\"ZZZZ99999999\"", b"r=\"A0\"", b"r=\"1A\"", b"r=\"\"", b"s=\"99999\"",
    b"<f t=\"shared\" si=\"7\"/>", b"<is/>", b"<v/>", b"<v>",
)  # fmt: skip


@dataclass(frozen=True)
class Base:
    """A sound file to be spoilt: its kind, the name it comes under, its bytes."""

    kind: str
    name: str
    data: bytes


@cache
def workbooks() -> tuple[Base, ...]:
    """Sound workbooks: returns, a register, a ledger; compressed and not, and two generated ones."""
    plain = [
        Base("returns", "return.xlsx", bases.return_file()),
        Base("returns", "return.xlsx", bases.ten_lines()),
        Base("register", "register.xlsx", bases.register_xlsx()),
        Base("payments", "ledger.xlsx", bases.ledger_xlsx()),
        *(Base(made.kind, "made.xlsx", made.data) for made in (workbook(3), workbook(4), workbook(5))),
    ]
    small = [Base(b.kind, b.name, pack(unpack(b.data), zipfile.ZIP_DEFLATED)) for b in plain[:4]]
    return (*plain, *small)


@cache
def texts() -> tuple[Base, ...]:
    """Sound text files: registers, ledgers and decisions in several encodings, and a release package."""
    return (
        Base("register", "register.csv", bases.register_csv()),
        Base("payments", "ledger.csv", bases.ledger_csv()),
        Base(
            "payments", "ledger.csv", bases.ledger_csv(Style(encoding="cp1252", delimiter=";", pounds=True))
        ),
        Base("payments", "ledger.csv", bases.ledger_csv(Style(encoding="utf-16"))),
        Base("decisions", "decisions.csv", bases.decisions_csv()),
        Base("notices", "page.json", bases.notices_json()),
    )


def byte_mutant(seed: int) -> Base:
    """Some bytes of a workbook or text file changed: flipped, put in, taken out, cut off, doubled, moved."""
    dice = random.Random(seed)
    base = dice.choice(workbooks()) if dice.random() < 0.6 else dice.choice(texts())
    data = base.data
    for _ in range(dice.choice((1, 1, 1, 2, 4, 16))):
        data = dice.choice(_BYTE_CHANGES)(data, dice)
    return Base(base.kind, base.name, data)


def part_mutant(seed: int) -> Base:
    """One or more parts of a workbook changed, and the zip made anew, so that its checksums are right."""
    dice = random.Random(-seed - 1)
    base = dice.choice(workbooks())
    parts = unpack(base.data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        names = sorted(parts)
        sheets = [name for name in names if "sheet" in name.lower()]
        name = dice.choice(sheets if sheets and dice.random() < 0.6 else names)
        change = dice.choice(_PART_CHANGES)
        if change is _rename:
            parts = {(_renamed(n, dice) if n == name else n): content for n, content in parts.items()}
        elif change is _drop:
            parts.pop(name)
        else:
            parts[name] = change(parts[name], dice)
        if not parts:
            break
    return Base(base.kind, base.name, pack(parts))


def _flip(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) or 1)
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def _bit(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :]


def _insert(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice((dice.randbytes(dice.randint(1, 8)), *_NASTY_TEXTS)) + data[place:]


def _delete(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + data[place + dice.choice((1, 1, 2, 8, 100, 1000)) :]


def _truncate(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _splice(data: bytes, dice: random.Random) -> bytes:
    start, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    place = dice.randrange(len(data) + 1)
    return data[:place] + data[start : min(end, start + 4000)] + data[place:]


def _overwrite(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f")) + data[place + 4 :]


def _at_match(
    pattern: re.Pattern[bytes], words: Callable[[bytes, random.Random], bytes]
) -> Callable[[bytes, random.Random], bytes]:
    def change(part: bytes, dice: random.Random) -> bytes:
        found = list(pattern.finditer(part))
        if not found:
            return _flip(part, dice)
        match = dice.choice(found)
        return part[: match.start()] + words(match[0], dice) + part[match.end() :]

    return change


def _one_of(choices: Sequence[bytes]) -> Callable[[bytes, random.Random], bytes]:
    return lambda _, dice: dice.choice(choices)


def _rename(part: bytes, dice: random.Random) -> bytes:
    return part


def _drop(part: bytes, dice: random.Random) -> bytes:
    return part


def _renamed(name: str, dice: random.Random) -> str:
    return dice.choice(
        (name.upper(), name + "x", "xl/" + name, "./" + name, name.replace("/", "\\"), "é" + name)
    )


def _in_utf_16(part: bytes, dice: random.Random) -> bytes:
    return part.decode("utf-8", "replace").encode("utf-16")


_BYTE_CHANGES = (_flip, _bit, _bit, _insert, _delete, _truncate, _splice, _overwrite)
_PART_CHANGES = (
    _flip, _insert, _delete, _truncate, _splice, _rename, _drop, _in_utf_16,
    _at_match(_NUMBER, _one_of(_NASTY_NUMBERS)),
    _at_match(_NUMBER, _one_of(_NASTY_NUMBERS)),
    _at_match(_ATTRIBUTE, _one_of(_NASTY_TEXTS)),
    _at_match(_ATTRIBUTE, lambda found, _: b""),
    _at_match(_ATTRIBUTE, lambda found, _: found + b" " + found),
    _at_match(_TAG, _one_of(_NASTY_TEXTS)),
    _at_match(_TAG, lambda found, _: b""),
    _at_match(_TAG, lambda found, _: found * 2),
    _at_match(_TAG, lambda found, dice: found[:-1] + b' t="' + dice.choice((b"s", b"b", b"e", b"d", b"str", b"n")) + b'">'),
)  # fmt: skip

"""Hazards 21, 22, 23, 27 and 28: files that are only a fault by what came before, beside or above them.

Does not belong here: single files (`corpus`), the nights that take them in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kcc_etl.sample.sheets import Style
from tests.hostile import bases
from tests.hostile.kit import edited, inline, pack, unpack, with_cells

DAYS = (date(2026, 10, 20), date(2026, 10, 21), date(2026, 10, 22))

Fates = dict[str, str]
"""Of each file that has a receipt in the end: its fate and rule, of each version that is spoken of."""


@dataclass(frozen=True)
class Sequence:
    """Files of one sender, night by night, and what must be so in the end.

    `gone` are files taken away again before a night. `rows` count in the raw table, `lines` in the ledger;
    `findings` are the standing ones at the end, and `told` those of any night.
    """

    hazard: int
    name: str
    nights: tuple[dict[str, bytes], ...]
    fates: Fates
    rows: int
    lines: int
    findings: tuple[str, ...] = ()
    kind: str = "returns"
    settings: str = ""
    told: tuple[str, ...] = ()
    says: tuple[str, ...] = field(default=())

    @property
    def source(self) -> str:
        """Its source: the name, fit for the settings."""
        return f"h{self.hazard}-" + "".join(c if c.isalnum() else "-" for c in self.name.lower())


def _of(number: int) -> bytes:
    return bases.return_file(contract=f"KSW-{number:04d}", lines=2)


def _better() -> bytes:
    return with_cells(bases.return_file(lines=2), {"H16": inline("EV-corrected")})


def _saved_again(data: bytes) -> bytes:
    """The same workbook as another program saves it: packed otherwise, by another author."""
    return pack(unpack(edited(data, "docProps/app.xml", ("Microsoft Excel", "Another Program"))))


def hazard_21() -> list[Sequence]:
    """The same bytes again."""
    one = bases.return_file(lines=2)
    once = {"a.xlsx": "accepted", "b.xlsx": "excluded IN-003"}
    return [
        Sequence(21, "two names in one night", ({"a.xlsx": one, "b.xlsx": one},), once, 2, 2),
        Sequence(21, "another name next night", ({"a.xlsx": one}, {"b.xlsx": one}), once, 2, 2),
        Sequence(21, "the same name next night", ({"a.xlsx": one}, {"a.xlsx": one}), {"a.xlsx": "accepted"}, 2, 1),
        Sequence(21, "in a folder below", ({"a.xlsx": one, "old/a.xlsx": one},), {"a.xlsx": "accepted", "old/a.xlsx": "excluded IN-003"}, 2, 2),
        Sequence(21, "three names", ({"a.xlsx": one}, {"b.xlsx": one, "c.xlsx": one}), {**once, "c.xlsx": "excluded IN-003"}, 2, 3),
        Sequence(21, "register under two names", ({"a.csv": bases.register_csv(), "b.csv": bases.register_csv()},), {"a.csv": "accepted", "b.csv": "excluded IN-003"}, 6, 2, kind="register"),
    ]  # fmt: skip


def hazard_22() -> list[Sequence]:
    """The same content in other bytes."""
    one = bases.return_file(lines=2)
    both = {"a.xlsx": "accepted", "b.xlsx": "accepted"}
    both_csv = {"a.csv": "accepted", "b.csv": "accepted"}
    register = bases.register_csv()
    lf = register.replace(b"\r\n", b"\n")
    return [
        Sequence(22, "packed otherwise", ({"a.xlsx": one, "b.xlsx": pack(unpack(one))},), both, 4, 2, ("IN-040",)),
        Sequence(22, "saved by another program", ({"a.xlsx": one}, {"b.xlsx": _saved_again(one)}), both, 4, 2, ("IN-040",)),
        Sequence(22, "other line ends", ({"a.csv": register, "b.csv": lf},), both_csv, 12, 2, ("IN-040",), kind="register"),
        Sequence(22, "other encoding", ({"a.csv": register}, {"b.csv": bases.register_csv(Style(dates="%d/%m/%Y", encoding="utf-16"))}), both_csv, 12, 2, ("IN-040", "IN-033"), kind="register"),
        Sequence(22, "other delimiter", ({"a.csv": register, "b.csv": bases.register_csv(Style(dates="%d/%m/%Y", delimiter=";"))},), both_csv, 12, 2, ("IN-040",), kind="register"),
        Sequence(22, "text and workbook", ({"a.csv": register, "b.xlsx": bases.register_xlsx()},), {"a.csv": "accepted", "b.xlsx": "accepted"}, 12, 2, ("IN-040",), kind="register"),
    ]  # fmt: skip


def hazard_23() -> list[Sequence]:
    """Resubmissions."""
    one, two = bases.return_file(lines=2), _better()
    only = {"a.xlsx": "accepted"}
    half = one[: len(one) // 2]
    return [
        Sequence(23, "corrected under its name", ({"a.xlsx": one}, {"a.xlsx": two}), only, 2, 2),
        Sequence(23, "taken back to the first", ({"a.xlsx": one}, {"a.xlsx": two}, {"a.xlsx": one}), only, 2, 3),
        Sequence(23, "corrected twice", ({"a.xlsx": one}, {"a.xlsx": two}, {"a.xlsx": _of(7)}), only, 2, 3),
        Sequence(23, "damaged on its second way", ({"a.xlsx": one}, {"a.xlsx": half}), {"a.xlsx": "accepted + quarantined IN-001"}, 2, 2, ("IN-001", "IN-043"), says=("2026-10-20",)),
        Sequence(23, "damaged first, sound then", ({"a.xlsx": half}, {"a.xlsx": one}), only, 2, 2),
        Sequence(23, "register that lost two thirds", ({"a.csv": bases.register_csv()}, {"a.csv": bases.register_csv(count=2)}), {"a.csv": "accepted + quarantined IN-042"}, 6, 2, ("IN-042", "IN-043"), kind="register"),
        Sequence(23, "register under other headings", ({"a.csv": bases.register_csv()}, {"a.csv": bases.register_csv().replace(b"Company number", b"CRN")}), {"a.csv": "accepted + quarantined IN-041"}, 6, 2, ("IN-041", "IN-043"), kind="register"),
    ]  # fmt: skip


NAMES = (
    "=cmd|' -C calc'!A0.xlsx",
    "-rf.xlsx",
    "CON.xlsx",
    "aux.xlsx",
    "a" * 245 + ".xlsx",
    "turned \u202exslx.exe.xlsx",
    "tab\tand\nline.xlsx",
    "'; DROP TABLE receipt;--.xlsx",
    "<img src=x onerror=alert(1)>.xlsx",
    "x\\..\\..\\windows\\evil.xlsx",
    "%2e%2e%2fevil.xlsx",
    "no-break\u00a0and\u200bzero.xlsx",
    "{file.__class__}.xlsx",
    "$(touch evil).xlsx",
    "ünïcödé \U0001f4c4.xlsx",
)
"""Names that want to be more than a name."""


def hazard_27() -> list[Sequence]:
    """File names."""
    sound = [
        Sequence(27, f"name {n}", ({name: _of(100 + n)},), {name: "accepted"}, 2, 1)
        for n, name in enumerate(NAMES)
    ]
    damaged = [
        Sequence(27, f"damaged, name {n}", ({name: b"PK\x03\x04" + bytes([n])},), {name: "quarantined IN-001"}, 0, 1, ("IN-001",))
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    return [*sound, *damaged]


def hazard_28() -> list[Sequence]:
    """Floods, with a limit of three new files a sender and night."""
    limit = "nightly_limit = 3\n"
    seven = {f"flood/{n}.xlsx": _of(200 + n) for n in range(7)}
    quiet = {"quiet/1.xlsx": _of(300)}
    everything = dict.fromkeys((*seven, *quiet), "accepted")
    first = dict.fromkeys((*list(seven)[:3], *quiet), "accepted")
    bad = {f"flood/{n}.xlsx": b"PK" + bytes([n]) for n in range(7)}
    same = {f"flood/{n}.xlsx": _of(400) for n in range(7)}
    litter = dict.fromkeys(("Thumbs.db", ".DS_Store", "flood/~$1.xlsx", "2.xlsx.part"), b"\x00")
    return [
        Sequence(28, "litter of systems", ({**quiet, **litter}, {}, {}), {"quiet/1.xlsx": "accepted"}, 2, 1, ("IN-045",), settings=limit),
        Sequence(28, "first night", ({**seven, **quiet},), first, 8, 4, settings=limit, told=("IN-044",)),
        Sequence(28, "third night", ({**seven, **quiet}, {}, {}), everything, 16, 8, settings=limit, told=("IN-044",)),
        Sequence(28, "damaged files", (bad, {}), {f"flood/{n}.xlsx": "quarantined IN-001" for n in range(6)}, 0, 6, ("IN-001",), settings=limit, told=("IN-044",)),
        Sequence(28, "the same bytes", (same, {}, {}), {f"flood/{n}.xlsx": "excluded IN-003" if n else "accepted" for n in range(7)}, 2, 7, settings=limit, told=("IN-044",)),
        Sequence(28, "two floods", ({**seven, **{f"tide/{n}.xlsx": _of(500 + n) for n in range(5)}},), {**{f"flood/{n}.xlsx": "accepted" for n in range(3)}, **{f"tide/{n}.xlsx": "accepted" for n in range(3)}}, 12, 6, settings=limit, told=("IN-044",)),
    ]  # fmt: skip


SEQUENCES: tuple[Sequence, ...] = (*hazard_21(), *hazard_22(), *hazard_23(), *hazard_27(), *hazard_28())

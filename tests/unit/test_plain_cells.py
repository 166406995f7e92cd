"""Taking plain cells out of the XML of a sheet changes nothing but the time it takes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from kcc_etl.exceptions import SourceError
from kcc_etl.intake.workbooks import package
from kcc_etl.intake.workbooks.book import Limits
from kcc_etl.intake.workbooks.plain_cells import PlainCells
from kcc_etl.intake.workbooks.workbook import open_book, pack_book
from tests.hostile import bases, kit
from tests.hostile.corpus import CASES

BASES = (bases.return_file(), bases.ten_lines(), bases.register_xlsx(), bases.ledger_xlsx(count=40))
PIECES = (
    "<!--", "-->", "<![CDATA[", "]]>", "<?x?>", "<v>", "</v>", "<c>", "</c>", "<f>1+1</f>", "&lt;", "£",
    "<row r='5'>", "<row hidden='1'>", "</row>", "<x xmlns='urn:x'>", "</x>", "<is><t>", "</t></is>",
    '<c t="inlineStr"><is><t><![CDATA[<c><v>9</v></c>]]></t></is></c>',
    '<plain-cells n="0"/>', '<c><v>1</v></c>', '<c r="B3"><v>7</v></c>', '<c r="ZZ99999"><v>7</v></c>',
    '<c t="s"><v>999999</v></c>', '<c t="s"><v>0</v></c>', '<c s="1"><v>46000.5</v></c>', '<c><v>1E5</v></c>',
    '<c><v>1-1</v></c>', '<c r="A1" r="A2"><v>1</v></c>', '<c r="A13"><v>3</v></c>', '<c r="A0"><v>1</v></c>',
    '<c r="AAA12"><v>1</v></c>', '<c r="A2000000" t="s"><v>0</v></c><c><v>2</v></c>',
)  # fmt: skip
"""What may stand beside plain cells, or make of them something else."""


def _read(data: bytes) -> bytes | tuple[str, str]:
    try:
        return pack_book(data, None, Limits(rows=20_000))
    except SourceError as error:
        return error.rule_id, error.found


@pytest.fixture
def by_the_parser_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Undo it to have plain cells taken out again."""
    with monkeypatch.context() as patch:
        patch.setattr(PlainCells, "taken_out", lambda _, chunks: chunks)
        yield patch


def test_every_hostile_workbook_reads_the_same(by_the_parser_alone: pytest.MonkeyPatch) -> None:
    made = [data for case in CASES if (data := case.make()).startswith(b"PK") and len(data) < 1_000_000]
    alone = [_read(data) for data in made]
    by_the_parser_alone.undo()
    assert [_read(data) for data in made] == alone
    assert sum(isinstance(each, bytes) for each in alone) > 50


@pytest.mark.parametrize("chunk", [1 << 18, 200])
def test_every_spoilt_sheet_reads_the_same(
    by_the_parser_alone: pytest.MonkeyPatch, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "_CHUNK", chunk)
    monkeypatch.setattr(package, "_SMALL", 0)
    dice = random.Random(chunk)
    made = [_spoilt(dice.choice(BASES), dice) for _ in range(300)]
    alone = [_read(data) for data in made]
    by_the_parser_alone.undo()
    assert [_read(data) for data in made] == alone
    assert sum(isinstance(each, bytes) for each in alone) > 10


def _spoilt(data: bytes, dice: random.Random) -> bytes:
    parts = kit.unpack(data)
    sheet = bytearray(parts[kit.SHEET])
    for _ in range(dice.choice((1, 1, 2))):
        at = dice.choice([match.start() for match in re.finditer(rb"<", sheet)])
        again = f'<c r="{dice.choice("ABCDEFGH")}{dice.randrange(2, 16)}"><v>3</v></c>'
        if dice.random() < 0.9:
            sheet[at:at] = dice.choice((*PIECES, *[again] * 9)).encode()
        else:
            del sheet[at : at + dice.randrange(1, 30)]
    return kit.pack({**parts, kit.SHEET: bytes(sheet)})


def test_they_are_taken_out_wherever_programs_write_them() -> None:
    sheet = kit.unpack(bases.ledger_xlsx(count=40))[kit.SHEET]
    plain = PlainCells()
    left = b"".join(plain.taken_out(iter([sheet[:1000], sheet[1000:]])))
    marks = re.findall(rb'<plain-cells n="(\d+)"/>', left)
    taken = [cell for mark in marks for cell in plain.run(mark.decode())]
    assert b"<v>" not in left
    assert len(taken) == sheet.count(b"<v>") == 41 * len(bases.LEDGER_FIELDS)


def test_what_looks_like_a_cell_in_a_text_is_text() -> None:
    data = kit.with_cells(bases.register_xlsx(), {"K3": kit.inline("<![CDATA[<c><v>9</v></c>]]>")})
    assert open_book(data).cell(3, 10) == "<c><v>9</v></c>"

"""Hazards 5 to 13: single cells, and how a sheet shows them.

Does not belong here: the package (`packages`), headings, text files and encodings (`tables`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from tests.hostile import bases
from tests.hostile.cases import Case, held
from tests.hostile.kit import (
    SHEET,
    STYLES,
    TYPES,
    WORKBOOK,
    edited,
    error,
    formula,
    inline,
    number,
    related,
    with_cells,
    with_parts,
)

_LINK = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<externalBook r:id="rId1"><sheetNames><sheetName val="Budget"/></sheetNames></externalBook></externalLink>'
)
_DDE = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A1"/></ddeItems></ddeLink></externalLink>'
)
_CONNECTIONS = (
    '<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<connection id="1" name="Query" type="4" refreshedVersion="6"><webPr url="http://127.0.0.1:9/x"/></connection></connections>'
)
_FIRST_SERIAL = 46217  # 14 July 2026, the first payment day of the ledger
_1904 = 1462


def _return(cells: Mapping[str, str]) -> Callable[[], bytes]:
    return lambda: with_cells(bases.return_file(), cells)


def _register(cells: Mapping[str, str]) -> Callable[[], bytes]:
    return lambda: with_cells(bases.register_xlsx(), cells)


def _ledger(cells: Mapping[str, str]) -> Callable[[], bytes]:
    return lambda: with_cells(bases.ledger_xlsx(), cells)


def _linked(data: bytes, link: str = _LINK) -> bytes:
    return with_parts(
        related(data, "externalLink", "externalLinks/externalLink1.xml"),
        {
            "xl/externalLinks/externalLink1.xml": link.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
                b'Target="file:///C:/Budget.xlsx" TargetMode="External"/></Relationships>'
            ),
        },
    )


def _connected(data: bytes) -> bytes:
    return with_parts(
        related(data, "connections", "connections.xml"), {"xl/connections.xml": _CONNECTIONS.encode()}
    )


def _queried(data: bytes) -> bytes:
    mashup = b'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'
    return with_parts(data, {"customXml/item1.xml": mashup})


def hazard_5() -> list[Case]:
    """Values from elsewhere: taken as they stand in the file, each cell named."""
    other = formula("[1]Budget!$A$1", 12.5)
    dde = formula("cmd|'/c calc'!A1", 12.5)
    web = formula('WEBSERVICE("http://127.0.0.1:9/x")', 12.5)
    return [
        Case(5, "quantity from another workbook", "returns", lambda: _linked(with_cells(bases.return_file(), {"E16": other})), rows=(5, 0, 0), findings=("IN-014 E16",)),
        Case(5, "quantity by DDE", "returns", lambda: _linked(with_cells(bases.return_file(), {"E16": dde}), _DDE), rows=(5, 0, 0), findings=("IN-014 E16",)),
        Case(5, "quantity from the web", "returns", lambda: with_cells(bases.return_file(), {"E16": web}), rows=(5, 0, 0), findings=("IN-014 E16",)),
        Case(5, "contract value from another workbook", "register", lambda: _linked(with_cells(bases.register_xlsx(), {"E2": formula("'[1]Budget'!A1*1", 125001)})), rows=(6, 0, 0), findings=("IN-014 E2",)),
        Case(5, "from another workbook, never calculated", "returns", lambda: _linked(with_cells(bases.return_file(), {"E16": formula("[1]Budget!$A$1", None)})), rows=(4, 1, 0), findings=("RT-006 E16", "IN-014")),
        Case(5, "connection to an address", "returns", lambda: _connected(bases.return_file()), rows=(5, 0, 0), findings=("IN-014",)),
        Case(5, "Power Query in the workbook", "returns", lambda: _queried(bases.return_file()), rows=(5, 0, 0), findings=("IN-014",)),
    ]  # fmt: skip


def hazard_6() -> list[Case]:
    """Formulas that were never calculated."""
    one = (4, 1, 0)
    return [
        Case(6, "quantity", "returns", _return({"E16": formula("SUM(E17:E18)", None)}), rows=one, findings=("RT-006 E16",), says=("formula",)),
        Case(6, "district", "returns", _return({"D17": formula("D16", None)}), rows=one, findings=("RT-006 D17",)),
        Case(6, "quantity with an empty result", "returns", _return({"E16": '<c r="{r}"><f>1+1</f><v></v></c>'}), rows=one, findings=("RT-006 E16",)),
        Case(6, "array formula", "returns", _return({"E16": '<c r="{r}"><f t="array" ref="E16">SUM(E17:E18)</f></c>'}), rows=one, findings=("RT-006 E16",)),
        Case(6, "second cell of a shared formula", "returns", _return({
            "E16": '<c r="{r}"><f t="shared" ref="E16:E17" si="0">1+1</f><v>2</v></c>',
            "E17": '<c r="{r}"><f t="shared" si="0"/></c>',
        }), rows=one, findings=("RT-006 E17",)),
        Case(6, "contract reference", "returns", _return({"B7": formula("B8", None)}), rows=(0, 5, 0), findings=("RT-006 B7",)),
        Case(6, "contract value", "register", _register({"E2": formula("1+1", None)}), rows=(5, 1, 0), findings=("CR-003 E2",)),
        Case(6, "payment day", "payments", _ledger({"G3": formula("TODAY()", None)}), rows=(5, 1, 0), findings=("SP-002 G3",)),
    ]  # fmt: skip


def hazard_7() -> list[Case]:
    """Formulas with a stored result: taken with a note, and simple ones calculated again."""
    whole = (5, 0, 0)
    return [
        Case(7, "sum that is right", "returns", _return({"E20": formula("SUM(E16:E19)", 500.5)}), rows=whole, findings=("IN-016",)),
        Case(7, "sum that says 9,999", "returns", _return({"E20": formula("SUM(E16:E19)", 9999)}), rows=(4, 1, 0), findings=("IN-017 E20",), says=("9999",)),
        Case(7, "product that is wrong", "returns", _return({"E16": formula("E17*2", 61)}), rows=(4, 1, 0), findings=("IN-017 E16",)),
        Case(7, "difference that is right", "returns", _return({"E16": formula("E17-E18", 22)}), rows=whole, findings=("IN-016",)),
        Case(7, "quotient that is right", "returns", _return({"E16": formula("E17/4", 7.5)}), rows=whole, findings=("IN-016",)),
        Case(7, "function that is not simple", "returns", _return({"E16": formula('IF(E17>1,7,9)', 7)}), rows=whole, findings=("IN-016",)),
        Case(7, "contract value that is wrong", "register", _register({"E2": formula("E3+1", 1)}), rows=(5, 1, 0), findings=("IN-017 E2",)),
        Case(7, "whole column of right formulas", "payments", _ledger({f"E{n}": formula(f"F{n}*5", 600) for n in range(2, 8)}), rows=(6, 0, 0), findings=("IN-016",)),
    ]  # fmt: skip


def hazard_8() -> list[Case]:
    """Error cells, and their codes as text."""
    codes = ("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
    quantities = [
        Case(8, f"quantity {code}", "returns", _return({"E16": error(code)}), rows=(4, 1, 0), findings=("RT-006 E16",), says=(code,))
        for code in codes
    ]  # fmt: skip
    return [
        *quantities,
        Case(8, "#REF! pasted as text", "returns", _return({"E16": inline("#REF!")}), rows=(4, 1, 0), findings=("RT-006 E16",)),
        Case(8, "formula that fails", "returns", _return({"E16": formula("1/0", "#DIV/0!", "e")}), rows=(4, 1, 0), findings=("RT-006 E16",)),
        Case(8, "measure", "returns", _return({"A17": error("#N/A")}), rows=(4, 1, 0), findings=("RT-006 A17",)),
        Case(8, "contract value", "register", _register({"E4": error("#REF!")}), rows=(5, 1, 0), findings=("CR-003 E4",), says=("#REF!",)),
        Case(8, "payment", "payments", _ledger({"E4": error("#VALUE!")}), rows=(5, 1, 0), findings=("SP-001 E4",)),
    ]  # fmt: skip


def _hidden_row(row: int, data: bytes, how: str = 'hidden="1"') -> bytes:
    return edited(data, SHEET, (f'<row r="{row}" ', f'<row r="{row}" {how} '))


def _hidden_column(number_: int, data: bytes) -> bytes:
    cols = (
        f'<cols><col min="{number_}" max="{number_}" width="9" hidden="1" customWidth="1"/></cols><sheetData>'
    )
    return edited(data, SHEET, ("<sheetData>", cols))


def second_sheet(data: bytes, state: str, rows: str) -> bytes:
    """The workbook with a sheet called Notes beside its first, of rows in XML."""
    more = f'<sheet name="Notes" sheetId="2" state="{state}" r:id="rIdX"/></sheets>'
    data = related(edited(data, WORKBOOK, ("</sheets>", more)), "worksheet", "worksheets/sheet2.xml")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    override = f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{kind}"/></Types>'
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    return with_parts(
        edited(data, TYPES, ("</Types>", override)), {"xl/worksheets/sheet2.xml": sheet.encode()}
    )


def styled(data: bytes, xf: str, font: str = "") -> bytes:
    """The return with one more cell style, which is s="2"."""
    data = edited(
        data, STYLES, ('<cellXfs count="2">', '<cellXfs count="3">'), ("</cellXfs>", xf + "</cellXfs>")
    )
    return (
        edited(data, STYLES, ('<fonts count="2">', '<fonts count="3">'), ("</fonts>", font + "</fonts>"))
        if font
        else data
    )


def _white(cells: Mapping[str, str]) -> bytes:
    font = '<font><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
    xf = '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    return with_cells(styled(bases.return_file(), xf, font), cells)


_DATA_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def hazard_9() -> list[Case]:
    """What nobody sees: read all the same, and named."""
    sheet = bases.return_file
    return [
        Case(9, "hidden line", "returns", lambda: _hidden_row(17, sheet()), rows=(4, 1, 0), findings=("IN-019",), says=("17",)),
        Case(9, "line of no height", "returns", lambda: _hidden_row(17, sheet(), 'ht="0" customHeight="1"'), rows=(4, 1, 0), findings=("IN-019",)),
        Case(9, "hidden contract", "register", lambda: _hidden_row(3, bases.register_xlsx()), rows=(5, 1, 0), findings=("IN-019",)),
        Case(9, "hidden column of evidence", "returns", lambda: _hidden_column(8, sheet()), rows=(0, 5, 0), findings=("IN-019 H16",)),
        Case(9, "hidden column of answers", "returns", lambda: _hidden_column(2, sheet()), rows=(0, 5, 0), findings=("IN-019 B7",)),
        Case(9, "hidden column that is not read", "returns", lambda: _hidden_column(3, sheet()), rows=(5, 0, 0), findings=("IN-018",)),
        Case(9, "hidden column of values", "register", lambda: _hidden_column(5, bases.register_xlsx()), rows=(0, 6, 0), findings=("IN-019 E2",)),
        Case(9, "hidden sheet with data", "returns", lambda: second_sheet(sheet(), "hidden", _DATA_ROW), rows=(5, 0, 0), findings=("IN-018",), says=("Notes",)),
        Case(9, "deeply hidden sheet with data", "returns", lambda: second_sheet(sheet(), "veryHidden", _DATA_ROW), rows=(5, 0, 0), findings=("IN-018",)),
        Case(9, "hidden sheet of a register", "register", lambda: second_sheet(bases.register_xlsx(), "hidden", _DATA_ROW), rows=(6, 0, 0), findings=("IN-018",)),
        Case(9, "hidden sheet without data", "returns", lambda: second_sheet(sheet(), "hidden", ""), rows=(5, 0, 0)),
        Case(9, "white on white", "returns", lambda: _white({"H16": '<c r="{r}" s="2" t="inlineStr"><is><t>EV-1</t></is></c>'}), rows=(5, 0, 0), findings=("IN-018",)),
        Case(9, "hidden row without data", "returns", lambda: edited(sheet(), SHEET, ("</sheetData>", '<row r="22" hidden="1"/></sheetData>')), rows=(5, 0, 0)),
    ]  # fmt: skip


def _in_1904(data: bytes) -> bytes:
    return edited(data, WORKBOOK, ("<workbookPr ", '<workbookPr date1904="1" '))


def _shifted(data: bytes, columns: str, first: Mapping[str, int], days: int) -> bytes:
    """Date cells of rows 2 to 7 moved by so many days."""
    cells = {
        f"{letter}{row}": number(first[letter] + row - 2 + days, ' s="3"')
        for letter in columns
        for row in range(2, 8)
    }
    return with_cells(data, cells)


def dated_return(serials: Mapping[int, int], base: Callable[[], bytes] = bases.ten_lines) -> bytes:
    """A return whose evidence cells are days, by row."""
    xf = '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    return with_cells(
        styled(base(), xf), {f"H{row}": number(serial, ' s="2"') for row, serial in serials.items()}
    )


def hazard_10() -> list[Case]:
    """Dates counted from 1904."""
    ledger = functools.partial(_shifted, columns="G", first={"G": _FIRST_SERIAL})
    register = functools.partial(_shifted, columns="FG", first={"F": 46125, "G": 47221})
    july = {row: _FIRST_SERIAL + row for row in range(16, 26)}
    return [
        Case(10, "ledger of a Macintosh", "payments", lambda: _in_1904(ledger(bases.ledger_xlsx(), days=-_1904)), rows=(6, 0, 0)),
        Case(10, "register of a Macintosh", "register", lambda: _in_1904(register(bases.register_xlsx(), days=-_1904)), rows=(6, 0, 0)),
        *held(
            10, "IN-020", "payments",
            ("every payment four years ahead", lambda: ledger(bases.ledger_xlsx(), days=_1904)),
            ("flag set over dates from 1900", lambda: _in_1904(bases.ledger_xlsx())),
            says="1904",
        ),
        *held(
            10, "IN-020", "returns",
            ("every day of a return four years back", lambda: dated_return({r: s - _1904 for r, s in july.items()})),
            ("every day of a return four years ahead", lambda: dated_return({r: s + _1904 for r, s in july.items()})),
        ),
        Case(10, "days of the quarter", "returns", lambda: dated_return(july), rows=(10, 0, 0)),
    ]  # fmt: skip


def _merged(data: bytes, *ranges: str) -> bytes:
    merges = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    return edited(
        data, SHEET, ("</sheetData>", f'</sheetData><mergeCells count="{len(ranges)}">{merges}</mergeCells>')
    )


def hazard_13() -> list[Case]:
    """Merged cells: harmless round labels, untrustworthy over lines."""
    blank = {"E17": ""}
    return [
        Case(13, "one quantity over two lines", "returns", lambda: _merged(with_cells(bases.return_file(), blank), "E16:E17"), rows=(3, 2, 0), findings=("IN-021", "RT-003 E17"), says=("E16:E17",)),
        Case(13, "one district over three lines", "returns", lambda: _merged(with_cells(bases.return_file(), {"D17": "", "D18": ""}), "D16:D18"), rows=(2, 3, 0), findings=("IN-021", "RT-005 D17"), says=("D16:D18",)),
        Case(13, "quantity and share in one", "returns", lambda: _merged(with_cells(bases.return_file(), {"F16": ""}), "E16:F16"), rows=(4, 1, 0), findings=("IN-021", "RT-013 F16")),
        Case(13, "one reference over two contracts", "register", lambda: _merged(with_cells(bases.register_xlsx(), {"A3": ""}), "A2:A3"), rows=(4, 2, 0), findings=("IN-021", "CR-001 A3"), says=("A2:A3",)),
        Case(13, "one day over two payments", "payments", lambda: _merged(with_cells(bases.ledger_xlsx(), {"G3": ""}), "G2:G3"), rows=(4, 2, 0), findings=("IN-021", "SP-002 G3")),
        Case(13, "title over the width", "returns", lambda: _merged(bases.return_file(), "A1:H1"), rows=(5, 0, 0)),
        Case(13, "answer over three columns", "returns", lambda: _merged(bases.return_file(), "B7:D7", "B9:D9"), rows=(5, 0, 0)),
        Case(13, "cells beside the lines", "returns", lambda: _merged(bases.return_file(), "K20:M22"), rows=(5, 0, 0)),
    ]  # fmt: skip


def cases() -> list[Case]:
    """All of them."""
    return [
        *hazard_5(), *hazard_6(), *hazard_7(), *hazard_8(), *hazard_9(), *hazard_10(), *hazard_13(),
    ]  # fmt: skip

"""The one way in: registers, payments and decisions row by row, damaged files, and the real ones."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.headings.mapping import HeaderMapping, load_mapping, title_mapping
from kcc_etl.intake.parsed import Desk, FileIdentity, Parsed, RowsLostError
from kcc_etl.intake.reader import Item, parse_all, reader_version
from kcc_etl.schema.tables import KINDS, RAW_TABLE_OF_KIND, TABLES
from tests.unit.intake_files import GUARD, LANDED_ON, fate, parse_bytes, return_bytes, sheet_bytes

REAL = Path(__file__).parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parents[1] / "trial" / "mappings"
needs_real_data = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"the folder of real public data {REAL} does not exist"
)

REGISTER = (
    "Contract reference",
    "Contract title",
    "Supplier name",
    "Value ex VAT (£)",
    "Start date",
    "End date",
)
CONTRACT = ("C1", "Gritting", "Example Ltd", "125000.00", "2026-04-01", "31/03/2029")
PAYMENTS = (
    "Payment reference",
    "Supplier name",
    "Payment date",
    "Net amount (£)",
    "Invoice received",
    "Credit note",
)
PAYMENT = ("P1", "Example Ltd", "2026-04-01", "1,250.00", "", "No")
DECISIONS = (
    "Decision number",
    "Decision kind",
    "Subject",
    "Role",
    "Reason",
    "Decided on",
    "Quantity",
    "Measure",
    "Period",
)
DECISION = (
    "D1",
    "Verification",
    "C1",
    "Contract manager",
    "evidence",
    "2026-10-01",
    "12.5",
    "S1",
    "2026-27-Q2",
)
HEADINGS = {"register": REGISTER, "payments": PAYMENTS, "decisions": DECISIONS}
ROWS = {"register": CONTRACT, "payments": PAYMENT, "decisions": DECISION}


def _csv(*rows: Sequence[object]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def _changed(kind: str, place: int, value: object) -> list[object]:
    row: list[object] = list(ROWS[kind])
    row[place] = value
    return row


@pytest.mark.parametrize("kind", HEADINGS)
def test_clean_rows_are_accepted_whole_from_text_and_from_a_workbook(tmp_path: Path, kind: str) -> None:
    rows = [HEADINGS[kind], ROWS[kind], ROWS[kind]]
    for data, name in ((_csv(*rows), "f.csv"), (sheet_bytes(rows), "f.xlsx")):
        parsed = parse_bytes(tmp_path, data, kind, name)
        assert fate(parsed) == ("accepted", 2, 2, [], [])
        assert list(parsed.rows["source_row"]) == [2, 3]
        assert list(parsed.rows.columns) == list(RAW_TABLE_OF_KIND[kind].columns)


def test_values_are_typed(tmp_path: Path) -> None:
    row = parse_bytes(tmp_path, _csv(REGISTER, CONTRACT), "register").rows.iloc[0]
    assert row["value_ex_vat_pence"] == 12_500_000
    assert row["end_on"].date() == date(2029, 3, 31)
    day = datetime(2026, 4, 1)
    from_sheet = parse_bytes(
        tmp_path, sheet_bytes([REGISTER, (17, "x", "y", 10.1, day, day)]), "register", "r.xlsx"
    )
    first = from_sheet.rows.iloc[0]
    assert (first["contract_ref"], first["value_ex_vat_pence"], first["start_on"]) == ("17", 1010, day)


@pytest.mark.parametrize(
    ("kind", "place", "value", "rule"),
    [
        ("register", 0, "", "CR-001"),
        ("register", 2, " ", "CR-009"),
        ("register", 3, "TBC", "CR-003"),
        ("register", 3, "N/A", "CR-003"),
        ("register", 4, "soon", "CR-004"),
        ("register", 5, "", "CR-004"),
        ("payments", 1, "", "SP-012"),
        ("payments", 3, "12.345", "SP-001"),
        ("payments", 2, "", "SP-002"),
        ("payments", 4, "32/01/2026", "SP-002"),
        ("decisions", 0, "", "DC-001"),
        ("decisions", 3, "", "DC-001"),
        ("decisions", 4, "", "DC-001"),
        ("decisions", 5, "never", "DC-001"),
        ("decisions", 1, "guess", "DC-002"),
        ("decisions", 6, "", "DC-002"),
        ("decisions", 6, "-1", "DC-002"),
        ("decisions", 6, "many", "DC-002"),
    ],
)
def test_a_bad_cell_holds_its_row_back_under_its_rule(
    tmp_path: Path, kind: str, place: int, value: str, rule: str
) -> None:
    data = _csv(HEADINGS[kind], ROWS[kind], _changed(kind, place, value))
    parsed = parse_bytes(tmp_path, data, kind)
    assert fate(parsed) == ("accepted", 2, 1, [rule], [rule])
    finding = parsed.findings[0]
    assert (finding.source_row, finding.cell) == (3, f"{'ABCDEFG'[place]}3")
    assert finding.column_title == HEADINGS[kind][place]


@pytest.mark.parametrize("word", ["unpaid", " Unpaid ", "UNPAID"])
def test_an_invoice_that_its_ledger_calls_unpaid_has_no_payment_date_and_no_fault(
    tmp_path: Path, word: str
) -> None:
    data = _csv(HEADINGS["payments"], _changed("payments", 2, word), ROWS["payments"])
    parsed = parse_bytes(tmp_path, data, "payments")
    assert fate(parsed) == ("accepted", 2, 2, [], [])
    assert list(parsed.rows["paid_on"].isna()) == [True, False]


def test_a_clearance_needs_no_quantity(tmp_path: Path) -> None:
    row = [*DECISION[:1], "clearance", *DECISION[2:6], ""]
    assert fate(parse_bytes(tmp_path, _csv(DECISIONS, row), "decisions")) == ("accepted", 1, 1, [], [])


def test_all_bad_cells_are_found_and_the_row_is_held_once_under_the_first_rule(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, _csv(REGISTER, ["", "x", "", "TBC", "soon", "later"]), "register")
    assert fate(parsed) == ("accepted", 1, 0, ["CR-001"], ["CR-001", "CR-003", "CR-004", "CR-004", "CR-009"])


def test_the_row_that_is_held_back_is_kept_whole_as_it_arrived(tmp_path: Path) -> None:
    row = parse_bytes(
        tmp_path, _csv([*REGISTER, "", "Note"], [*_changed("register", 4, "soon"), "u", "v"]), "register"
    ).set_aside.iloc[0]
    assert json.loads(row["row_json"]) == {
        **dict(zip(REGISTER, _changed("register", 4, "soon"), strict=True)),
        "(G)": "u",
        "Note": "v",
    }
    assert (row["amount_pence"], row["stage"], row["fate"]) == (12_500_000, "intake", "quarantined")


@pytest.mark.parametrize(
    ("text", "number", "findings"),
    [
        ("02535986", "02535986", []),
        ("2535986", "02535986", ["CR-008"]),
        ("Various", None, ["CR-008"]),
        ("", None, []),
    ],
)
def test_a_company_number_gets_its_zeros_back(
    tmp_path: Path, text: str, number: str | None, findings: list[str]
) -> None:
    parsed = parse_bytes(tmp_path, _csv([*REGISTER, "Company number"], [*CONTRACT, text]), "register")
    assert fate(parsed) == ("accepted", 1, 1, [], findings)
    assert (
        parsed.rows["supplier_company_number"].to_list() == [number]
        or parsed.rows["supplier_company_number"].isna().all()
    )


@pytest.mark.parametrize(
    ("kind", "column", "value", "rule"),
    [
        ("register", "VCSE", "perhaps", "CR-020"),
        ("register", "Risk: market depth", "high", "CR-020"),
        ("payments", "VCSE grant", "Y?", "SP-016"),
    ],
)
def test_an_unreadable_yes_no_or_score_is_flagged_and_counts_as_empty(
    tmp_path: Path, kind: str, column: str, value: str, rule: str
) -> None:
    parsed = parse_bytes(tmp_path, _csv([*HEADINGS[kind], column], [*ROWS[kind], value]), kind)
    assert fate(parsed) == ("accepted", 1, 1, [], [rule])


def test_blank_rows_and_totals_are_excluded_and_still_counted(tmp_path: Path) -> None:
    rows = [
        PAYMENTS,
        PAYMENT,
        [""] * 6,
        [],
        ["", "Grand Total:", "", "1,250.00", "", ""],
        ["TOTAL", "", "", "1", "", ""],
    ]
    parsed = parse_bytes(tmp_path, _csv(*rows), "payments")
    assert fate(parsed) == (
        "accepted",
        5,
        1,
        ["IN-004", "IN-004", "IN-005", "IN-005"],
        ["IN-005", "IN-005", "IN-038"],
    )
    assert parsed.receipt["pence_arrived"] == 250_100
    assert set(parsed.set_aside["fate"]) == {"excluded"}


@pytest.mark.parametrize(
    "row",
    [
        ["P9", "Total", "2026-04-01", "5", "", ""],
        ["", "Total", "2026-04-01", "5", "", ""],
        ["P9", "Totals", "", "5", "", ""],
    ],
)
def test_a_payee_called_total_is_no_totals_row(tmp_path: Path, row: list[str]) -> None:
    assert "IN-005" not in fate(parse_bytes(tmp_path, _csv(PAYMENTS, row), "payments"))[3]


def test_an_amount_alone_in_its_row_that_sums_the_rows_above_is_a_total_without_a_name(
    tmp_path: Path,
) -> None:
    alone = ["", "", "", "1,250.00", "", ""]
    second = ["P2", *PAYMENT[1:]]
    sums = parse_bytes(tmp_path, _csv(PAYMENTS, PAYMENT, second, ["", "", "", "2500", "", ""]), "payments")
    differs = parse_bytes(tmp_path, _csv(PAYMENTS, PAYMENT, second, alone), "payments")
    one_above = parse_bytes(tmp_path, _csv(PAYMENTS, PAYMENT, alone), "payments")
    assert fate(sums) == ("accepted", 3, 2, ["IN-005"], ["IN-005"])
    assert fate(differs)[3] == ["SP-002"]
    assert fate(one_above)[3] == ["SP-002"]


def test_the_digest_of_a_payment_takes_in_cells_that_no_field_takes(tmp_path: Path) -> None:
    rows = [[*PAYMENT, "A"], [*PAYMENT, "B"], [*PAYMENT, "A"]]
    digests = parse_bytes(tmp_path, _csv([*PAYMENTS, "Cost centre"], *rows), "payments").rows["row_digest"]
    assert digests[0] == digests[2] != digests[1]


def test_ragged_rows_are_padded_when_short_and_held_when_long(tmp_path: Path) -> None:
    rows = [PAYMENTS, PAYMENT[:4], [*PAYMENT, ""], [*PAYMENT, "slipped"]]
    parsed = parse_bytes(tmp_path, _csv(*rows), "payments")
    assert fate(parsed) == ("accepted", 3, 2, ["IN-036"], ["IN-036"])
    assert parsed.findings[0].cell == "G4"


def test_rows_and_pence_add_up(tmp_path: Path) -> None:
    rows = [
        PAYMENTS,
        PAYMENT,
        _changed("payments", 2, "x"),
        _changed("payments", 3, "x"),
        [""] * 6,
        _changed("payments", 3, "-3"),
    ]
    parsed = parse_bytes(tmp_path, _csv(*rows), "payments")
    money = int(parsed.rows["amount_ex_vat_pence"].sum()) + int(
        parsed.set_aside["amount_pence"].fillna(0).sum()
    )
    assert parsed.receipt["pence_arrived"] == money == 125_000 + 125_000 - 300
    assert parsed.receipt["rows_arrived"] == len(parsed.rows) + len(parsed.set_aside) == 5


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        (b"", "a.csv", "IN-001"),
        (b"Payment date\n", "a.csv", "IN-002"),
        (_csv(PAYMENTS, PAYMENT), "a.xlsx", "IN-001"),
        (sheet_bytes([PAYMENTS, PAYMENT]), "a.csv", "IN-001"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "IN-001"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a.csv", "IN-001"),
        (sheet_bytes([[], PAYMENTS[:2], PAYMENT]), "a.xlsx", "IN-002"),
        (_csv(PAYMENTS) + b'"P1,x', "a.csv", "IN-001"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_one_finding(
    tmp_path: Path, data: bytes, name: str, rule: str
) -> None:
    parsed = parse_bytes(tmp_path, data, "payments", name)
    assert fate(parsed) == ("quarantined", 0, 0, [], [rule])
    assert parsed.receipt["reason"]


def test_a_mapping_moves_the_heading_sets_constants_and_translates(tmp_path: Path) -> None:
    mapping = HeaderMapping(
        "register",
        {
            "ref": "contract_ref",
            "name": "contract_title",
            "who": "supplier_name",
            "worth": "value_ex_vat_pence",
            "from": "start_on",
            "to": "end_on",
            "sme": "supplier_size",
        },
        constants={"regime": "pcr2015"},
        values={"supplier_size": {"yes": "small"}},
        header_row=2,
    )
    data = _csv(
        ["Register 2022"],
        ["Ref", "Name", "Who", "Worth", "From", "To", "SME"],
        [*CONTRACT, "YES"],
        [*CONTRACT, "Other"],
    )
    parsed = parse_bytes(tmp_path, data, "register", mapping=mapping)
    assert fate(parsed) == ("accepted", 3, 2, ["IN-035"], ["CR-020", "IN-035"])
    assert parsed.rows["supplier_size"].fillna("").tolist() == ["small", ""]
    assert list(parsed.rows["regime"]) == ["pcr2015", "pcr2015"]
    assert list(parsed.rows["source_row"]) == [3, 4]


def test_every_frame_conforms_to_its_table(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, _csv(PAYMENTS, PAYMENT, [""] * 6), "payments")
    assert list(parsed.set_aside.columns) == list(TABLES["set_aside"].columns)
    assert list(parsed.columns.columns) == list(TABLES["file_column"].columns)
    # The digest of the content is added where a receipt is booked.
    assert [*parsed.receipt, "content_digest"] == list(TABLES["receipt"].columns)


def test_the_reader_version_follows_mapping_and_identities(tmp_path: Path) -> None:
    versions = [reader_version(kind) for kind in KINDS]
    versions.append(reader_version("notices", None, ["GB-PPON-PABC-1234-DEFG"]))
    versions.append(reader_version("register", load_mapping(MAPPINGS / "salford-register.toml")))
    assert len(set(versions)) == len(versions)
    assert reader_version("register") == reader_version("register", title_mapping("register"))
    assert reader_version("notices", None, ["b", "a"]) == reader_version("notices", None, ["a", "b", "a"])


def test_many_files_come_in_the_order_given_whatever_they_are(tmp_path: Path) -> None:
    books = sheet_bytes([PAYMENTS, PAYMENT])
    files = [_csv(PAYMENTS, PAYMENT), books, b"", books[:-99], _csv(PAYMENTS, PAYMENT, PAYMENT), books, b"x"]
    items = []
    for number, data in enumerate(files):
        path = tmp_path / str(number)
        path.write_bytes(data)
        items.append(Item(path, "payments", FileIdentity("0", "test", f"{number}", LANDED_ON)))
    parsed = list(parse_all(items, GUARD))
    assert [p.receipt["source_file"] for p in parsed] == [str(number) for number in range(7)]
    assert [len(p.rows) for p in parsed] == [1, 1, 0, 0, 2, 1, 0]
    assert [p.receipt["rule_id"] for p in parsed] == ["", "", "IN-001", "IN-001", "", "", "IN-002"]
    assert list(parse_all([], GUARD)) == []


def test_a_mapping_of_another_kind_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="kind payments"):
        parse_bytes(tmp_path, b"x", "payments", mapping=title_mapping("register"))


def test_a_row_that_this_program_loses_is_never_passed_over() -> None:
    desk = Desk("payments", FileIdentity("00", "test", "f.csv", LANDED_ON), "v")
    with pytest.raises(RowsLostError):
        desk.finish(1)


_FUZZED = {
    "xlsx": (sheet_bytes([PAYMENTS, *[PAYMENT] * 5]), "payments", "f.xlsx"),
    "return": (return_bytes(), "returns", "f.xlsx"),
    "csv": (_csv(PAYMENTS, *[PAYMENT] * 5), "payments", "f.csv"),
    "json": (
        json.dumps(
            {
                "releases": [
                    {"id": "1", "ocid": "o", "buyer": {"id": "A"}, "contracts": [{"value": {"amount": 1.5}}]}
                ]
            }
        ).encode(),
        "notices",
        "f.json",
    ),
}


@pytest.mark.parametrize("name", _FUZZED)
def test_no_damage_to_a_file_makes_the_reader_raise(tmp_path: Path, name: str) -> None:
    data, kind, file_name = _FUZZED[name]
    dice = random.Random(20261123)
    fates = set()
    for _ in range(250):
        mutant = bytearray(data)
        for _ in range(dice.choice((1, 1, 2, 8))):
            mutant[dice.randrange(len(mutant))] = dice.randrange(256)
        if dice.random() < 0.2:
            del mutant[dice.randrange(len(mutant)) :]
        parsed = parse_bytes(tmp_path, bytes(mutant), kind, file_name, authority_ids=["A"])
        fates.add(parsed.receipt["fate"])
        assert parsed.receipt["rows_arrived"] == len(parsed.rows) + len(parsed.set_aside)
    assert {"accepted", "quarantined"} <= fates <= {"accepted", "quarantined", "refused"}


@needs_real_data
@pytest.mark.parametrize("kind", ["payments", "returns", "notices"])
def test_every_nasty_file_gets_a_receipt(tmp_path: Path, kind: str) -> None:
    files = sorted((REAL / "broken").iterdir())
    assert len(files) == 81
    for path in files:
        parsed = parse_bytes(tmp_path, path.read_bytes(), kind, path.name)
        assert parsed.receipt["fate"] in {"accepted", "quarantined", "refused"}
        assert (parsed.receipt["fate"] != "accepted") == bool(parsed.receipt["reason"])
        assert "Traceback" not in str(parsed.receipt["reason"])


_TABLES = [
    ("registers/salford-city-council_contracts-register-2022-07.csv", "register", "salford-register"),
    ("spend/odileeds/calderdale_clean_2022-08.csv", "payments", "calderdale-spend"),
    *(
        (f"spend/devon-cc/DCCSpendingOver500_{month}.csv", "payments", "devon-spend")
        for month in (201101, 201104, 201112, 201704, 202011, 202601, 202603)
    ),
]


@needs_real_data
@pytest.mark.parametrize(("place", "kind", "mapping"), _TABLES)
def test_every_row_of_a_real_file_has_a_fate(tmp_path: Path, place: str, kind: str, mapping: str) -> None:
    path = REAL / place
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        counted = sum(1 for _ in csv.reader(stream)) - 1
    parsed = parse_bytes(
        tmp_path, path.read_bytes(), kind, path.name, mapping=load_mapping(MAPPINGS / f"{mapping}.toml")
    )
    assert parsed.receipt["rows_arrived"] == len(parsed.rows) + len(parsed.set_aside) == counted
    excluded = (parsed.set_aside["fate"] == "excluded").sum()
    assert len(parsed.rows) > 0.85 * (counted - excluded)


@needs_real_data
def test_every_spend_file_of_every_body_gets_a_receipt(tmp_path: Path) -> None:
    files = sorted((REAL / "spend").rglob("*.csv"))
    assert len(files) > 30
    for path in files:
        assert parse_bytes(tmp_path, path.read_bytes(), "payments", path.name).receipt["fate"] in {
            "accepted",
            "quarantined",
        }


@needs_real_data
def test_every_real_release_has_a_fate_whoever_we_are(tmp_path: Path) -> None:
    files = sorted((REAL / "ocds" / "find-a-tender-2026-08").rglob("*.json"))
    assert len(files) >= 10
    for path in files:
        releases = json.loads(path.read_text(encoding="utf-8"))["releases"]
        everyone = {str((release.get("buyer") or {}).get("id")) for release in releases}
        for identities in ([], sorted(everyone)):
            parsed = parse_bytes(tmp_path, path.read_bytes(), "notices", path.name, authority_ids=identities)
            assert parsed.receipt["rows_arrived"] == len(parsed.rows) + len(parsed.set_aside) == len(releases)
        assert len(parsed.rows) >= 0.9 * len(releases)


@needs_real_data
def test_all_releases_of_kent_are_kept_with_both_identities_and_gross_only_values(tmp_path: Path) -> None:
    path = REAL / "ocds" / "extracts" / "kent-county-council.json"
    identities = ["GB-PPON-PLDL-8938-YGYW", "GB-PPON-PYCX-4938-CCHM"]
    parsed = parse_bytes(tmp_path, path.read_bytes(), "notices", path.name, authority_ids=identities)
    assert fate(parsed) == ("accepted", 8, 8, [], [])
    assert set(parsed.rows["buyer_id"]) == set(identities)
    details = parsed.rows[parsed.rows["notice_type"] == "UK7"]  # the sixth is the award notice of one of them
    contracts = [c for text in details["contracts_json"] for c in json.loads(text)]
    assert (
        sum(c["value_ex_vat_pence"] is None and c["value_inc_vat_pence"] is not None for c in contracts) == 5
    )


TABLE = ("Supplier name", "Payment date", "Net amount (£)", "Purpose")


def _lines(*rows: Sequence[object], sep: str = "\n") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=sep).writerows([TABLE, *rows])
    return stream.getvalue()


def _adds_up(parsed: Parsed) -> bool:
    pence = parsed.rows["amount_ex_vat_pence"].sum() + parsed.set_aside["amount_pence"].sum()
    return bool(pence == parsed.receipt["pence_arrived"])


@pytest.mark.parametrize(
    ("rows", "accepted", "aside", "found"),
    [
        # hazard 11: nothing shows whether the day or the month stands first
        ([("A", "03/04/2026", "1", ""), ("B", "05/06/2026", "2", "")], 2, [], ["IN-030"]),
        ([("A", "03/04/2026", "1", ""), ("B", "25/06/2026", "2", "")], 2, [], []),
        # one date stands month first, so the ambiguous one may too
        (
            [("A", "03/04/2026", "1", ""), ("B", "06/25/2026", "2", ""), ("C", "2026-01-01", "3", "")],
            1,
            ["IN-031", "SP-002"],
            ["IN-031", "SP-002"],
        ),
        # hazard 20
        ([("CafÃ© Nero", "2026-01-01", "1", "â€œteaâ€\x9d"), ("A", "2026-01-01", "1", "")], 2, [], ["IN-034", "IN-034"]),
        # ragged rows, short and long
        ([("A", "2026-01-01", "1"), ("B", "2026-01-01", "2", "x", "y")], 1, ["IN-036"], ["IN-036"]),
        ([("A", "2026-01-01", "1", "x", "", "", "")], 1, [], []),
        # what is no record
        (
            [
                ("A", "2026-01-01", "1", "x"),
                TABLE,
                ("", "", "", ""),
                ("Total for January", "", "1.00", ""),
                ("End of report", "", "", ""),
            ],
            1,
            ["IN-004", "IN-005", "IN-005", "IN-005"],
            ["IN-005", "IN-005", "IN-005"],
        ),
        ([("Total Gas & Power", "2026-01-01", "1", ""), ("Total", "2026-01-01", "2", "")], 2, [], []),
    ],
)  # fmt: skip
def test_every_row_of_a_text_has_one_fate_and_the_pence_add_up(
    tmp_path: Path, rows: list[Sequence[object]], accepted: int, aside: list[str], found: list[str]
) -> None:
    parsed = parse_bytes(tmp_path, _lines(*rows).encode(), "payments")
    assert fate(parsed) == ("accepted", len(rows), accepted, aside, found)
    assert _adds_up(parsed)
    assert all(finding.cell and finding.remedy for finding in parsed.findings)


def test_an_example_of_garbled_text_is_named_with_what_it_was(tmp_path: Path) -> None:
    rows = [
        ("A", "2026-01-01", "1", ""),
        ("CafÃ© Nero", "2026-01-01", "1", ""),
        ("CafÃ©", "2026-01-01", "1", ""),
    ]
    parsed = parse_bytes(tmp_path, _lines(*rows).encode(), "payments")
    (finding,) = parsed.findings
    assert (finding.cell, finding.column_title) == ("A3", "Supplier name")
    assert (finding.found, finding.expected) == ("'CafÃ© Nero' and 1 more cells", "'Café Nero'")
    assert list(parsed.rows["supplier_name"]) == ["A", "CafÃ© Nero", "CafÃ©"]


@pytest.mark.parametrize(
    ("encoding", "receipt", "found"),
    [
        ("utf-8", "utf-8", []),
        ("utf-8-sig", "utf-8", []),
        ("cp1252", "cp1252", ["IN-033"]),
        ("utf-16", "utf-16-le", ["IN-033"]),
        ("utf-16-be", "utf-16-be", ["IN-033"]),
    ],
)
def test_the_encoding_stands_in_the_receipt_and_is_told_with_examples(
    tmp_path: Path, encoding: str, receipt: str, found: list[str]
) -> None:
    text = _lines(("Café Nero", "2026-01-01", "£1.50", "naïve"), sep="\r\n")
    parsed = parse_bytes(tmp_path, text.encode(encoding), "payments")
    assert fate(parsed) == ("accepted", 1, 1, [], found)
    assert parsed.receipt["encoding"] == receipt
    assert parsed.rows["supplier_name"][0] == "Café Nero"
    for finding in parsed.findings:
        assert all(f"'{value}'" in finding.found for value in ("Café Nero", "£1.50"))
        assert finding.cell == "C1"


def test_a_workbook_has_no_encoding(tmp_path: Path) -> None:
    parsed = parse_bytes(tmp_path, sheet_bytes([PAYMENTS, PAYMENT]), "payments", "p.xlsx")
    assert parsed.receipt["encoding"] is None


def test_titles_above_the_heading_are_kept_and_left_out_in_text_and_in_a_workbook(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [["Spend over £500"], [], ["April 2026"], PAYMENTS, PAYMENT]
    text = parse_bytes(tmp_path, _csv(*rows), "payments")
    assert fate(text) == ("accepted", 4, 1, ["IN-004", "IN-035", "IN-035"], ["IN-035"])
    assert (text.findings[0].cell, text.rows["source_row"][0]) == ("A1", 5)
    assert "'Spend over £500' and 1 more row above the heading in row 4" in text.findings[0].found
    sheet = parse_bytes(tmp_path, sheet_bytes(rows), "payments", "p.xlsx")
    assert fate(sheet) == ("accepted", 3, 1, ["IN-035", "IN-035"], ["IN-035"])
    assert sheet.rows["source_row"][0] == 5


def test_columns_are_found_by_their_titles_wherever_they_stand(tmp_path: Path) -> None:
    """Hazard 18: moved, extra and re-cased columns make no difference; values never change places."""
    shuffled = [5, 3, 0, 4, 2, 1]
    titles = [*(PAYMENTS[place].upper() for place in shuffled), "Extra", ""]
    row = [*(PAYMENT[place] for place in shuffled), "x", "ghost"]
    names = ["payment_ref", "supplier_name", "paid_on", "amount_ex_vat_pence", "is_credit_note"]
    moved = parse_bytes(tmp_path, _csv(titles, row, row), "payments").rows[names]
    plain = parse_bytes(tmp_path, _csv(PAYMENTS, PAYMENT, PAYMENT), "payments").rows[names]
    assert moved.equals(plain)


def test_a_column_without_a_heading_is_one_when_most_rows_use_it(tmp_path: Path) -> None:
    rows = [(*PAYMENT, "note"), (*PAYMENT, "note"), PAYMENT]
    assert fate(parse_bytes(tmp_path, _csv((*PAYMENTS, ""), *rows), "payments"))[2:] == (3, [], ["IN-050"])
    slipped = [(*PAYMENT, "note"), PAYMENT, PAYMENT]
    assert fate(parse_bytes(tmp_path, _csv((*PAYMENTS, ""), *slipped), "payments"))[2:] == (
        2,
        ["IN-036"],
        ["IN-036"],
    )


def test_years_of_two_digits_count_only_where_a_mapping_says_so(tmp_path: Path) -> None:
    rows = [_changed("payments", 2, day) for day in ("17/02/21", "28-Sep-20", "2026-04-01", "99/99/99")]
    data = _csv(PAYMENTS, *rows)
    assert fate(parse_bytes(tmp_path, data, "payments"))[2:4] == (1, ["SP-002"] * 3)
    allowed = replace(title_mapping("payments"), two_digit_years=True)
    parsed = parse_bytes(tmp_path, data, "payments", mapping=allowed)
    assert fate(parsed)[2:4] == (3, ["SP-002"])
    assert [day.date() for day in parsed.rows["paid_on"]][:2] == [date(2021, 2, 17), date(2020, 9, 28)]
    mixed = _csv(PAYMENTS, *(_changed("payments", 2, day) for day in ("03/04/21", "12/25/21")))
    assert fate(parse_bytes(tmp_path, mixed, "payments", mapping=allowed))[2:4] == (0, ["IN-031", "SP-002"])


@pytest.mark.parametrize("words", ["NA", "None", "NULL", "nan", "1E5", "007"])
def test_words_that_programs_take_for_nothing_or_a_number_stay_words(tmp_path: Path, words: str) -> None:
    parsed = parse_bytes(tmp_path, _csv(PAYMENTS, _changed("payments", 0, words)), "payments")
    assert parsed.rows["payment_ref"][0] == words


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (3, "£25k", "25000, if that is the amount"),
        (2, "45291", "2023-12-31, if that day is meant"),
        (2, "17/02/21", "17/02/2021, with four digits"),
        (2, "31/02/2026", "February 2026 has 28 days"),
    ],
)
def test_a_message_of_a_table_names_the_likely_value(
    tmp_path: Path, place: int, value: str, says: str
) -> None:
    parsed = parse_bytes(tmp_path, _csv(PAYMENTS, _changed("payments", place, value)), "payments")
    assert says in str(parsed.findings[0])

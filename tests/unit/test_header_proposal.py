"""Which column is proposed for which field: names, values, rivals, kinds, heading rows."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.headings.aliases import ORDER, known_aliases
from kcc_etl.intake.headings.headings import meaning
from kcc_etl.intake.headings.mapping import TABULAR_KINDS, fold_heading, parse_mapping
from kcc_etl.intake.headings.proposal import Proposal, propose
from kcc_etl.intake.headings.proposal_toml import proposal_toml
from kcc_etl.intake.headings.unknown_file import find_heading, propose_kind
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from tests.tools import missing

LGA = Path(__file__).parents[3] / "shared" / "data" / "schemas" / "lga-esd"


def proposed(titles: Sequence[object], *rows: Sequence[object], kind: str = "payments") -> Proposal:
    """The proposal for a table; rows are numbered from the heading, which is row 1."""
    records = [Record(number, tuple(row)) for number, row in enumerate(rows, 2)]  # type: ignore[arg-type]
    found = propose(Record(1, tuple(titles)), records, kind)  # type: ignore[arg-type]
    assert found is not None
    return found


def fields(proposal: Proposal) -> dict[str, tuple[str, str]]:
    return {column.heading: (column.field, column.confidence) for column in proposal.columns}


@pytest.mark.parametrize("kind", TABULAR_KINDS)
def test_the_titles_and_names_of_the_dictionary_are_certain(kind: str) -> None:
    for field in RAW_TABLE_OF_KIND[kind].landed_fields:
        # A register's `contract_id` is as a rule the council's own reference (Birmingham).
        names = () if field.name == "contract_id" else (field.name,)
        for heading in (field.title, field.title.upper(), *names):
            reading = meaning(heading, kind, known_aliases())
            assert reading is not None
            assert (reading.field, reading.confidence, reading.doubt) == (field.name, "certain", ""), heading


def test_no_known_name_stands_for_two_fields() -> None:
    from importlib.resources import files

    data = tomllib.loads(
        files("kcc_etl.intake.headings").joinpath("aliases.toml").read_text(encoding="utf-8")
    )
    for kind in TABULAR_KINDS:
        names: list[tuple[str, str]] = []
        for field, known in data[kind].items():
            lists = [known] if field == "none" else known.values()
            names += {(fold_heading(heading), field) for part in lists for heading in part}
        twice = [name for name, count in Counter(name for name, _ in names).items() if count > 1]
        titles = {fold_heading(f.title): f.name for f in RAW_TABLE_OF_KIND[kind].landed_fields}
        assert twice == []
        assert [name for name, field in names if titles.get(name, field) != field] == []


@pytest.mark.parametrize(
    ("value", "confidence"),
    [("20016580", "certain"), ("V-100_2", "certain"), ("20000000_4628110{}", "doubtful")],
)
def test_two_numbers_joined_are_no_number_of_a_payee(value: str, confidence: str) -> None:
    rows = [(value.format(place), f"Firm {place} Ltd") for place in range(8)]
    assert fields(proposed(["Supplier ID", "Supplier Name"], *rows))["Supplier ID"] == (
        "supplier_ledger_id",
        confidence,
    )


@pytest.mark.parametrize(("schema", "kind"), [("Spend", "payments"), ("Contracts", "register")])
def test_the_headings_of_the_lga_are_known_and_its_longer_titles_say_the_same(schema: str, kind: str) -> None:
    path = LGA / schema / f"{schema}.utf8.json"
    if not path.is_file():
        missing(f"the LGA's schemas are not at {LGA}")
    for field in json.loads(path.read_text(encoding="utf-8-sig"))["fields"]:
        reading = meaning(field["name"], kind, known_aliases())
        assert reading is not None
        assert reading.known_by in {"LGA", "dictionary"}, field["name"]
        longer = meaning(field["title"], kind, known_aliases())
        assert longer is None or longer.field == reading.field, field["title"]


@pytest.mark.parametrize(
    ("kind", "heading", "field", "confidence"),
    [
        # The headings of the LGA's Spend and Contracts schemas (transparency-law.md 2.1).
        ("payments", "BeneficiaryName", "supplier_name", "certain"),
        ("payments", "IrrecoverableVATAmount", "irrecoverable_vat_pence", "certain"),
        ("payments", "OrganisationURI", "", "none"),
        ("register", "OpenContractingID", "ocid", "certain"),
        ("register", "SMESupplier", "supplier_size", "likely"),
        ("register", "ServiceCategoryURI", "", "none"),
        # Never the supplier's name: its number, a web address, the body that publishes.
        ("payments", "Supplier ID", "supplier_ledger_id", "certain"),
        ("payments", "Supplier Number", "supplier_ledger_id", "certain"),
        ("payments", "Supplier URI", "", "none"),
        ("payments", "Supplier Name URL", "", "none"),
        ("payments", "Body Name", "", "none"),
        ("payments", "Organisation", "", "none"),
        ("payments", "Paying Organisation Name", "", "none"),
        ("register", "Number of suppliers", "", "none"),
        # Net, gross and VAT are told apart; what is not stated is at most likely.
        ("payments", "Net", "amount_ex_vat_pence", "certain"),
        ("payments", "Gross", "amount_inc_vat_pence", "certain"),
        ("payments", "VAT", "vat_pence", "certain"),
        ("payments", "Amount", "amount_ex_vat_pence", "likely"),
        ("payments", "Amount incl. VAT", "amount_inc_vat_pence", "certain"),
        ("payments", "Total value including VAT", "amount_inc_vat_pence", "likely"),
        ("register", "Contract Value", "value_ex_vat_pence", "likely"),
        ("register", "Contract Value (inc VAT)", "value_inc_vat_pence", "certain"),
        ("register", "Total Contract Value including extensions (ex VAT)", "value_ex_vat_pence", "certain"),
        ("register", "Total contract value including all extensions, excluding VAT", "value_ex_vat_pence", "likely"),
        ("register", "Total contract value excluding extensions, including VAT", "value_inc_vat_pence", "doubtful"),
        ("register", "Annual Value", "", "none"),
        # Dates that do not say of what.
        ("payments", "Date", "paid_on", "doubtful"),
        ("payments", "Invoice Date", "invoice_received_on", "doubtful"),
        ("payments", "Date of payment", "paid_on", "certain"),
        ("payments", "Due date for payment", "due_on", "likely"),
        # Slips of one letter are never certain, in short words no slips at all.
        ("payments", "Directotate", "department", "likely"),
        ("payments", "Organistion Name", "", "none"),
        ("payments", "Payement Date", "paid_on", "likely"),
        ("payments", "Nett", None, ""),
        # Words in another order, abbreviations, capitals inside a word.
        ("payments", "Name of the Supplier", "supplier_name", "likely"),
        ("payments", "supplierName", "supplier_name", "certain"),
        ("payments", "Inv. No.", "invoice_ref", "likely"),
        ("register", "Award Supplier Name", "supplier_name", "doubtful"),
        ("payments", "Colour of the sky", None, ""),
    ],
)  # fmt: skip
def test_what_a_heading_means(kind: str, heading: str, field: str | None, confidence: str) -> None:
    reading = meaning(heading, kind, known_aliases())
    if field is None:
        assert reading is None
        return
    assert reading is not None
    assert (reading.field, reading.confidence) == (field, confidence)
    assert reading.reason


@pytest.mark.parametrize(
    "heading", ["Amount", "Contract Value", "Total Contract Value (including extensions)", "Spend"]
)
def test_an_amount_whose_vat_basis_is_not_stated_says_so_as_a_doubt(heading: str) -> None:
    kind = "register" if "Contract" in heading else "payments"
    reading = meaning(heading, kind, known_aliases())
    assert reading is not None
    assert "VAT" in reading.doubt
    assert ORDER[reading.confidence] <= ORDER["likely"]


def test_values_that_contradict_the_heading_leave_it_doubtful() -> None:
    days = [["00:00:00", "Acme Ltd", "12.50"]] * 5
    found = {c.heading: c for c in proposed(["Paid Date", "Supplier Name", "Net Amount"], *days).columns}
    assert found["Paid Date"].confidence == "doubtful"
    assert "only 0 of 5 values are dates" in found["Paid Date"].doubt
    assert found["Supplier Name"].confidence == "certain"
    assert "5 of 5 values are amounts of money" in found["Net Amount"].reason


def test_web_addresses_below_a_heading_of_suppliers_are_no_suppliers() -> None:
    rows = [["https://data.example/supplier/1"], ["http://data.example/supplier/2"], ["Acme Ltd"]]
    assert fields(proposed(["Supplier Name"], *rows)) == {"Supplier Name": ("", "none")}


def test_a_name_that_does_not_say_whose_is_likely_when_the_values_are_firms() -> None:
    firms = [["Acme Ltd"], ["Kent Care CIC"], ["J Smith"], ["Borough Council of Borden"]]
    people = [["J Smith"], ["A Jones"], ["P Patel"], ["B Brown"]]
    assert fields(proposed(["Name"], *firms)) == {"Name": ("supplier_name", "likely")}
    assert fields(proposed(["Name"], *people)) == {"Name": ("supplier_name", "doubtful")}


def test_dates_with_short_years_keep_the_field_and_say_that_they_cannot_be_read() -> None:
    (column,) = proposed(["Payment Date"], *[["14-Oct-22"], ["17/02/21"], ["03/11/2025"]]).columns
    assert (column.field, column.confidence) == ("paid_on", "certain")
    assert "'14-Oct-22' cannot be read" in column.doubt


def test_two_columns_for_one_field_make_one_guess_and_a_rival() -> None:
    found = {c.heading: c for c in proposed(["Service Area", "Directorate", "Vendor Name", "Payee"]).columns}
    assert (found["Directorate"].field, found["Directorate"].confidence) == ("department", "certain")
    assert "'Service Area'" in found["Directorate"].doubt
    assert found["Service Area"].field == ""
    assert "'Directorate' is taken" in found["Service Area"].doubt
    assert (found["Vendor Name"].confidence, found["Payee"].field) == ("likely", "")
    assert "'Payee' may be meant as well" in found["Vendor Name"].doubt


def test_the_current_expiry_date_wins_over_the_end_date() -> None:
    found = fields(proposed(["End Date", "Current Expiry Date"], kind="register"))
    assert found == {"End Date": ("", "none"), "Current Expiry Date": ("end_on", "certain")}
    both = fields(proposed(["Current End Date", "Current Expiry Date"], kind="register"))
    assert both == {"Current End Date": ("end_on", "likely"), "Current Expiry Date": ("", "none")}


def test_beside_a_heading_in_t_the_one_without_is_a_code() -> None:
    """Harrogate published `Supplier Name` (a number) and `Supplier Name(T)` (Unit4, Agresso)."""
    found = fields(proposed(["Supplier Name", "Supplier Name(T)"]))
    assert found == {"Supplier Name": ("", "none"), "Supplier Name(T)": ("supplier_name", "certain")}


def test_columns_with_the_same_heading_are_told_apart_by_nobody() -> None:
    proposal = proposed(["Net Amount", "Supplier Name", "net amount "])
    twice = [column for column in proposal.columns if fold_heading(column.heading) == "netamount"]
    assert [(column.field, column.confidence) for column in twice] == [
        ("amount_ex_vat_pence", "doubtful"),
        ("", "none"),
    ]
    assert "columns A, C have the same heading" in twice[0].doubt


def test_a_column_without_a_heading_is_shown_when_it_holds_something() -> None:
    proposal = proposed(["", "Payment Date", ""], ["x", "2026-10-01", None])
    assert [(c.place, c.heading, c.field) for c in proposal.columns] == [
        (0, "", ""),
        (1, "Payment Date", "paid_on"),
    ]
    assert "give it one" in proposal.columns[0].doubt


def test_the_only_dates_of_a_ledger_are_offered_and_never_with_confidence() -> None:
    rows = [["2026-10-01", "Acme Ltd"], ["2026-10-02", "Borden CIC"], ["2026-10-05", "Acme Ltd"]]
    found = fields(proposed(["Wann", "Supplier Name"], *rows))
    assert found["Wann"] == ("paid_on", "doubtful")


def test_words_to_translate_are_listed() -> None:
    (column,) = proposed(["SME Supplier?"], ["Yes"], ["No"], ["Yes"], ["small"], kind="register").columns
    assert column.words == ("Yes", "No")


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (["Supplier Name", "Payment Date", "Net Amount"], "payments"),
        (["Date", "Amount", "Beneficiary"], "payments"),
        (["Contract Reference", "Contract Title", "Supplier", "Start Date", "End Date"], "register"),
        (["Decision number", "Decision kind", "Subject", "Role", "Reason", "Decided on"], "decisions"),
        (["Department", "Supplier Name"], ""),
        (["Colour", "Shape"], ""),
        ([], ""),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_headings(titles: list[str], kind: str) -> None:
    assert propose_kind(titles)[0] == kind
    if not kind:
        assert propose(Record(1, tuple(titles)), []) is None


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([("Supplier Name", "Net Amount")], 0),
        ([("Spend over £500",), (), ("Supplier Name", "Net Amount"), ("Acme Ltd", "1.00")], 2),
        ([(None, ""), ("Payment Date", "Payee", "Amount")], 1),
        ([("", None), ("Wann", "Was"), ("gestern", "vieles")], 1),
        ([(), ("", None)], None),
        ([], None),
    ],
)
def test_the_row_of_the_headings_is_found(rows: list[tuple[object, ...]], place: int | None) -> None:
    assert find_heading([Record(n, row) for n, row in enumerate(rows, 1)]) == place  # type: ignore[arg-type]


REVIEW = (('reviewed_by = ""', 'reviewed_by = "Analyst"'), ('reviewed_on = ""', "reviewed_on = 2026-11-23"))


def reviewed(text: str) -> str:
    """The mapping as if an officer had filled in the two lines of the review and nothing else."""
    for old, new in REVIEW:
        assert old in text
        text = text.replace(old, new, 1)
    return text


odd = st.text(st.characters(codec="utf-8"), max_size=12)
known = st.sampled_from(
    ["Supplier Name", "supplier name ", "Supplier ID(T)", "Net Amount", "Amount", "Date", "End Date", "VAT",
     "Contract Reference", "Directorate", "Service Area", "Body Name", "OrganisationURI", "Payment Date", "£", ""]
)  # fmt: skip
cells = st.one_of(
    st.none(),
    odd,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(["Yes", "1.00", "http://x.y"]),
)


@settings(max_examples=120, deadline=None)
@example(
    titles=['a "quoted" b', "back\\slash", "line\nbreak", "\u202eright", "'x"],
    rows=[["x"] * 5],
    kind="payments",
)
@example(titles=["Supplier Name", "Supplier Name"], rows=[], kind="payments")
@given(
    titles=st.lists(st.one_of(odd, known), max_size=8),
    rows=st.lists(st.lists(cells, max_size=8), max_size=5),
    kind=st.sampled_from(["", *TABULAR_KINDS]),
)
def test_no_heading_row_raises_or_gives_two_columns_to_a_field(
    titles: list[str], rows: list[list[object]], kind: str
) -> None:
    records = [Record(number, tuple(row)) for number, row in enumerate(rows, 2)]  # type: ignore[arg-type]
    find_heading([Record(1, tuple(titles)), *records])
    proposal = propose(Record(1, tuple(titles)), records, kind)
    if proposal is None:
        assert not kind
        return
    given_twice = [name for name, n in Counter(c.field for c in proposal.columns if c.field).items() if n > 1]
    assert given_twice == []
    text = proposal_toml(proposal, "odd\nname.csv")
    assert text == proposal_toml(proposal, "odd\nname.csv")
    written = tomllib.loads(text)
    chosen = {fold_heading(column.heading) for column in proposal.columns if column.field}
    others = {fold_heading(column.heading) for column in proposal.columns} - chosen - {""}
    assert {fold_heading(title) for title in written["ignore"]} == others
    confident = {fold_heading(c.heading): c.field for c in proposal.columns if c.is_confident}
    if confident and not proposal.missing:
        assert parse_mapping(reviewed(text), "m").columns == confident

"""Header mappings: by title, and saved ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcc_etl.exceptions import SettingsError, SourceLayoutError
from kcc_etl.intake.headings.mapping import (
    TABULAR_KINDS,
    fold_heading,
    load_mapping,
    match,
    parse_mapping,
    title_mapping,
)
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

TRIAL_MAPPINGS = Path(__file__).parents[1] / "trial" / "mappings"

GOOD = """
kind = "payments"
reviewed_by = "Analyst"
reviewed_on = 2026-11-20
header_row = 2
ignore = ["Body"]
[columns]
"Date" = "paid_on"
"Amount" = "amount_ex_vat_pence"
"Beneficiary" = "supplier_name"
[constants]
card_transaction = "None"
[values.is_vcse_grant]
"Voluntary" = "Yes"
"""


@pytest.mark.parametrize("kind", TABULAR_KINDS)
def test_no_two_titles_of_a_table_fold_to_the_same_heading(kind: str) -> None:
    fields = RAW_TABLE_OF_KIND[kind].landed_fields
    assert len(title_mapping(kind).columns) == len(fields)


@pytest.mark.parametrize(
    ("heading", "same"),
    [
        ("Net amount (£)", " NET  AMOUNT "),
        ("ï»¿Directorate Name", "directorate name"),
        ("\ufeffBody", "Body"),
        ("VAT Reg no", "Vat Reg No"),
    ],
)
def test_case_spaces_punctuation_and_damaged_marks_do_not_matter(heading: str, same: str) -> None:
    assert fold_heading(heading) == fold_heading(same)


def test_all_missing_and_repeated_columns_are_named_at_once() -> None:
    with pytest.raises(SourceLayoutError) as caught:
        match(["Payment date", "Payment Date ", "Department"], title_mapping("payments"))
    for words in ("'Supplier name'", "'Net amount (£)'", "'Payment date' given 2 times"):
        assert words in caught.value.found


def test_a_repeated_heading_that_maps_to_nothing_is_no_fault() -> None:
    headings = ["Payment date", "Supplier name", "Net amount", "", "", "Note", "Note"]
    assert match(headings, title_mapping("payments")) == {
        "paid_on": 0,
        "supplier_name": 1,
        "amount_ex_vat_pence": 2,
    }


def test_a_saved_mapping_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(GOOD, encoding="utf-8")
    mapping = load_mapping(path)
    assert (mapping.kind, mapping.header_row, mapping.constants) == (
        "payments",
        2,
        {"card_transaction": "None"},
    )
    assert mapping.translate("is_vcse_grant", " voluntary") == "Yes"
    assert mapping.translate("is_vcse_grant", "other") == "other"
    assert match(["BENEFICIARY", "date", "amount"], mapping)["supplier_name"] == 0


def test_what_an_officer_leaves_out_is_known_by_its_folded_heading() -> None:
    assert parse_mapping(GOOD, "m").ignore == {"body"}
    assert parse_mapping(GOOD, "m").is_saved
    assert not title_mapping("payments").is_saved


def test_a_text_that_landed_gives_the_same_mapping_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert parse_mapping(GOOD, "landed copy") == load_mapping(path)


def test_a_faulty_text_is_called_by_the_name_it_was_given() -> None:
    with pytest.raises(SettingsError, match="of 'ledger', landed 2026-11-20, cannot be used"):
        parse_mapping("[columns", "of 'ledger', landed 2026-11-20,")


def test_a_proposal_that_nobody_reviewed_is_refused_with_exactly_that() -> None:
    text = GOOD.replace('reviewed_by = "Analyst"', 'reviewed_by = ""')
    text = text.replace("reviewed_on = 2026-11-20", 'reviewed_on = ""')
    with pytest.raises(SettingsError) as caught:
        parse_mapping(text, "m")
    assert "nobody has reviewed it yet" in caught.value.found
    assert ";" not in caught.value.found


def test_the_order_of_the_columns_does_not_matter() -> None:
    mapping = parse_mapping(GOOD, "m")
    assert match(["Amount", "Extra", "Beneficiary", "Date"], mapping) == {
        "amount_ex_vat_pence": 0,
        "supplier_name": 2,
        "paid_on": 3,
    }


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    versions = set()
    for text in (GOOD, GOOD + "# a remark\n", GOOD.replace("Voluntary", "Charity")):
        path.write_text(text, encoding="utf-8")
        versions.add(load_mapping(path).version)
    assert len(versions) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "payments"', 'kind = "returns"', "'kind'"),
        ('reviewed_by = "Analyst"', "", "'reviewed_by'"),
        ("reviewed_on = 2026-11-20", 'reviewed_on = "yesterday"', "'reviewed_on'"),
        ("header_row = 2", "header_row = 0", "'header_row'"),
        ('ignore = ["Body"]', 'ignore = "Body"', "'ignore'"),
        ('ignore = ["Body"]', 'ignore = ["DATE"]', "both mapped and ignored"),
        ('ignore = ["Body"]', "colums = 1", "'colums' is no key"),
        ('"Date" = "paid_on"', '"Date" = "paid"', "'paid', which is no field"),
        ('"Date" = "paid_on"', '"Date" = ["paid_on"]', "which is no field"),
        ('"Date" = "paid_on"', "", "'paid_on', which every file needs"),
        ('"Date" = "paid_on"', '"Date" = "paid_on"\n"DATE " = "due_on"', "twice"),
        ('card_transaction = "None"', "card_transaction = 1", "is no text"),
        ('card_transaction = "None"', 'paid_on = "2026-01-01"', "both a column and a constant"),
        ('card_transaction = "None"', 'nonsense = "x"', "'constants.nonsense'"),
        ("[values.is_vcse_grant]", "[values.nonsense]", "'values.nonsense'"),
        ('"Voluntary" = "Yes"', '"Voluntary" = true', "no table of text to text"),
        ("[columns]", "[columns", "no TOML"),
    ],
)
def test_a_faulty_mapping_is_refused_with_file_and_key(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = tmp_path / "faulty.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_mapping(path)
    assert words in caught.value.found
    assert "faulty.toml" in caught.value.found


def test_all_faults_of_a_mapping_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('kind = "x"\nnonsense = 1\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_mapping(path)
    assert all(
        key in caught.value.found for key in ("nonsense", "kind", "reviewed_by", "reviewed_on", "columns")
    )


def test_an_absent_mapping_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize("path", sorted(TRIAL_MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_mappings_of_the_trial_load(path: Path) -> None:
    assert load_mapping(path).columns

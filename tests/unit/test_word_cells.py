"""Columns that hold words of a list: however they are spelt they mean one word; another word is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcc_etl.domain import sameness
from kcc_etl.domain.places import PLACES
from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.cells.typed import own_words, word_meant
from kcc_etl.intake.headings.mapping import parse_mapping
from kcc_etl.intake.parsed import Parsed
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from tests.unit.intake_files import parse_bytes

_ROW = {
    "register": {
        "contract_ref": "C-1", "contract_title": "Roads", "supplier_name": "Alpha Ltd", "value_ex_vat_pence": "1000.00",
        "start_on": "2026-04-01", "end_on": "2027-03-31",
    },
    "payments": {"supplier_name": "Alpha Ltd", "amount_ex_vat_pence": "1000.00", "paid_on": "2026-04-01"},
}  # fmt: skip


def read(folder: Path, kind: str, name: str, word: str) -> Parsed:
    cells = {**_ROW[kind], name: word}
    text = ",".join(FIELDS[field].title for field in cells) + "\n" + ",".join(cells.values()) + "\n"
    return parse_bytes(folder, text.encode(), kind)


@pytest.mark.parametrize(
    ("name", "word", "meant"),
    [
        ("regime", "PA23", "pa23"), ("regime", "PA 23", "pa23"), ("regime", "Pcr_2015", "pcr2015"),
        ("agreement_kind", "Contract", "contract"), ("agreement_kind", "Call off", "call-off"),
        ("agreement_kind", "CALLOFF", "call-off"), ("agreement_kind", "call_off", "call-off"),
        ("agreement_kind", "call\u2011off", "call-off"), ("agreement_kind", "call \u2013 off", "call-off"),
        ("procurement_category", " Works ", "works"), ("procurement_category", "SER\u200bVICES", "services"),
        ("service_group", "IT", "it"), ("supplier_size", "SME", "sme"), ("supplier_size", "Medium", "medium"),
        ("process_type", "invitation to  quote", "Invitation to quote"),
        ("district", "Maidstone", "E07000110"), ("district", "e07000110", "E07000110"),
    ],
)  # fmt: skip
def test_a_word_of_the_register_is_read_however_it_is_spelt(tmp_path, name, word, meant):
    parsed = read(tmp_path, "register", name, word)
    assert [row[name] for row in parsed.accepted] == [meant]
    assert parsed.findings == []


@pytest.mark.parametrize(
    ("name", "word", "meant"),
    [
        ("payee_kind", "Individual", "individual"), ("payee_kind", "ORGANISATION", "organisation"),
        ("card_transaction", "gpc", "GPC"), ("card_transaction", "none", "None"),
    ],
)  # fmt: skip
def test_a_word_of_the_ledger_is_read_however_it_is_spelt(tmp_path, name, word, meant):
    parsed = read(tmp_path, "payments", name, word)
    assert [row[name] for row in parsed.accepted] == [meant]
    assert parsed.findings == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("regime", "Procurement Act"),
        ("agreement_kind", "agreement"),
        ("procurement_category", "Servcies"),
        ("service_group", "social"),
    ],
)
def test_a_row_waits_while_a_word_that_statute_or_targets_need_is_unknown(tmp_path, name, word):
    parsed = read(tmp_path, "register", name, word)
    assert [(row["rule_id"], row["fate"]) for row in parsed.aside] == [("CR-021", "quarantined")]
    (finding,) = parsed.findings
    assert (finding.rule_id, finding.found, finding.subject) == ("CR-021", word, "C-1")
    assert all(own in finding.expected for own in FIELDS[name].words)


@pytest.mark.parametrize(("name", "word"), [("supplier_size", "huge"), ("process_type", "Waiver")])
def test_any_other_unknown_word_of_the_register_is_told_and_counts_as_empty(tmp_path, name, word):
    parsed = read(tmp_path, "register", name, word)
    assert [row[name] for row in parsed.accepted] == [None]
    assert [(finding.rule_id, finding.found) for finding in parsed.findings] == [("CR-020", word)]


def test_an_unknown_word_of_the_ledger_is_told_and_a_payee_of_an_unknown_kind_stays_one(tmp_path):
    card = read(tmp_path, "payments", "card_transaction", "Visa")
    assert [row["card_transaction"] for row in card.accepted] == [None]
    assert [finding.rule_id for finding in card.findings] == ["SP-016"]
    kind = read(tmp_path, "payments", "payee_kind", "Sole trader")
    assert [row["payee_kind"] for row in kind.accepted] == ["Sole trader"]
    assert [(finding.rule_id, finding.found) for finding in kind.findings] == [("SP-020", "Sole trader")]


def test_a_district_that_is_none_stays_for_the_check_of_the_register(tmp_path):
    parsed = read(tmp_path, "register", "district", "Nowhere-on-Sea")
    assert [row["district"] for row in parsed.accepted] == ["Nowhere-on-Sea"]


def test_no_two_words_of_a_field_are_told_apart_by_their_spelling_alone():
    for name, field in FIELDS.items():
        assert [word_meant(name, word) for word in field.words] == list(field.words), name
    assert [word_meant("district", code) for code in PLACES] == list(PLACES)


def test_the_kinds_of_decisions_that_the_house_acts_on_are_words_of_their_field():
    assert set(sameness.KINDS) < set(FIELDS["decision_kind"].words)


def test_a_description_names_every_word_of_its_field():
    for field in FIELDS.values():
        told = field.description.casefold()
        assert [word for word in field.words if word.casefold() not in told] == [], field.name


_MAPPING = """
kind = "{kind}"
reviewed_by = "Analyst"
reviewed_on = 2026-11-20
[columns]
{columns}
{more}
"""


def mapping_with(kind: str, name: str, more: str) -> str:
    required = [field for field in RAW_TABLE_OF_KIND[kind].required if field != name]
    columns = "\n".join(f'"{FIELDS[field].title}" = "{field}"' for field in required)
    column = f'"Column" = "{name}"' if more.startswith("[values") else ""
    return _MAPPING.format(kind=kind, columns=f"{columns}\n{column}", more=more)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("supplier_size", "sme"), ("supplier_size", "SME"), ("agreement_kind", "Call off"),
        ("is_light_touch", "Yes"), ("district", "Swale"), ("contract_title", "anything"),
        ("start_on", "2026-04-01"), ("value_ex_vat_pence", "0.00"), ("is_light_touch", ""),
    ],
)  # fmt: skip
def test_the_word_that_a_mapping_gives_in_place_of_another_is_one_of_the_field(name, word):
    mapping = parse_mapping(mapping_with("register", name, f'[values.{name}]\n"x" = "{word}"'), "m.toml")
    assert mapping.translate(name, "X") == word


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("supplier_size", "tiny"), ("agreement_kind", "deal"), ("agreement_kind", ""), ("regime", "act"),
        ("is_light_touch", "perhaps"), ("district", "Leeds"), ("start_on", "soon"),
        ("value_ex_vat_pence", "much"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["values", "constants"])
def test_a_mapping_that_gives_what_the_field_cannot_hold_is_refused(table, name, word):
    more = f'[values.{name}]\n"x" = "{word}"' if table == "values" else f'[constants]\n{name} = "{word}"'
    with pytest.raises(SettingsError) as caught:
        parse_mapping(mapping_with("register", name, more), "m.toml")
    assert f"{table}.{name}" in str(caught.value)
    assert all(own in str(caught.value) for own in own_words(name)[:3])

"""The shipped parameters, and what the strict loader says about wrong ones."""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction
from importlib import resources

import pytest

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.load import load_parameters

SHIPPED = {
    name: resources.files("kcc_etl.parameters").joinpath(name).read_text("utf-8")
    for name in ("policy-2026.toml", "measures.toml", "statutory.toml")
}


def own(folder, name, *changes):
    """A council's own file: the shipped one with texts replaced, each of which must be there."""
    text = SHIPPED[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults_of(folder):
    with pytest.raises(ParameterError) as caught:
        load_parameters(folder)
    return str(caught.value)


# Source: social-value-policy.md section 8.1. Interval rule: lower bound inclusive, upper exclusive.
@pytest.mark.parametrize(
    ("pence", "code", "mode", "measures", "weighting"),
    [
        (0, "B0", "none", 0, 0), (2_499_999, "B0", "none", 0, 0),
        (2_500_000, "B1", "voluntary", 1, 5), (9_999_999, "B1", "voluntary", 1, 5),
        (10_000_000, "B2", "required", 2, 10), (24_999_999, "B2", "required", 2, 10),
        (25_000_000, "B3", "required", 3, 10), (99_999_999, "B3", "required", 3, 10),
        (100_000_000, "B4", "required", 4, 15), (499_999_999, "B4", "required", 4, 15),
        (500_000_000, "B5", "required", 6, 20), (12_000_000_000, "B5", "required", 6, 20),
    ],
)  # fmt: skip
def test_the_lower_bound_belongs_to_the_band(pence, code, mode, measures, weighting):
    band = load_parameters().policy.bands.of(pence)
    assert (band.code, band.mode, band.max_measures, band.weighting_pct) == (code, mode, measures, weighting)


# Source: social-value-policy.md section 8.2.
@pytest.mark.parametrize(
    ("total", "name", "complexity", "risk"),
    [(5, "low", "4/5", "1"), (7, "low", "4/5", "1"), (8, "medium", "1", "9/10"), (11, "medium", "1", "9/10"),
     (12, "high", "6/5", "3/4"), (15, "high", "6/5", "3/4")],
)  # fmt: skip
def test_five_answers_give_a_class_and_its_multipliers(total, name, complexity, risk):
    policy = load_parameters().policy
    assert policy.scoring.class_of(total) == name
    assert policy.complexity.of(name) == Fraction(complexity)
    assert policy.risk.of(name) == Fraction(risk)


# Source: transparency-law.md section 1g.
@pytest.mark.parametrize(
    ("kind", "day", "pence"),
    [
        ("services", date(2025, 2, 23), None), ("services", date(2025, 2, 24), 21_490_400),
        ("goods", date(2025, 12, 31), 21_490_400), ("goods", date(2026, 1, 1), 20_772_000),
        ("works", date(2025, 12, 31), 537_260_900), ("works", date(2026, 1, 1), 519_300_000),
        ("light_touch", date(2026, 1, 1), 66_354_000), ("concession", date(2026, 1, 1), 519_300_000),
        ("light_touch_concession", date(2026, 1, 1), 537_260_900), ("lottery", date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_a_threshold_is_that_of_the_day_the_procurement_commenced(kind, day, pence):
    assert load_parameters().statutory.threshold_inc_vat_pence(kind, day) == pence


def test_the_figures_of_section_70_and_the_code_are_those_of_the_law():
    law = load_parameters().statutory
    assert law.section_70.above_pence == 3_000_000
    assert law.section_70.commenced_from == date(2026, 4, 1)
    assert law.kpi.above_pence == 500_000_000
    code = law.transparency_code
    assert (code.spend_above_pence, code.contract_above_pence) == (50_000, 500_000)


def test_the_measures_are_those_of_section_3_5_and_levels_are_marked():
    parameters = load_parameters()
    codes = " ".join(measure.code for measure in parameters.measures)
    assert codes == "J1 J2 S1 S2 S3 S4 S5 E1 E2 E3 E4 C1 C2 C3 G1 G2"
    assert [m.code for m in parameters.measures if m.counting == "level"] == ["J2", "E4"]
    assert not any(measure.ppn002_outcome for measure in parameters.measures)


def test_every_table_states_its_source_and_the_defaults_are_not_approved():
    parameters = load_parameters()
    assert len(parameters.tables) == 34
    assert all(table.source and table.effective_from for table in parameters.tables)
    assert not parameters.is_approved


def test_policy_holds_from_its_first_day():
    parameters = load_parameters()
    assert parameters.in_force(date(2025, 12, 31)) is None
    assert parameters.in_force(date(2026, 1, 1)) is parameters.policy


def test_a_later_edition_holds_from_its_own_first_day(tmp_path):
    later = SHIPPED["policy-2026.toml"].replace("effective_from = 2026-01-01", "effective_from = 2027-04-01")
    (tmp_path / "policy-2027.toml").write_text(later, encoding="utf-8")
    parameters = load_parameters(tmp_path)
    assert len(parameters.policies) == 2
    assert parameters.in_force(date(2027, 3, 31)).effective_from == date(2026, 1, 1)
    assert parameters.in_force(date(2027, 4, 1)).effective_from == date(2027, 4, 1)


def test_files_without_assumptions_are_approved(tmp_path):
    for name, text in SHIPPED.items():
        adopted = text.replace(
            '"assumption"\napproved_by = ""', '"policy"\napproved_by = "Cabinet, 2 July 2026"'
        )
        (tmp_path / name).write_text(adopted, encoding="utf-8")
    assert load_parameters(tmp_path).is_approved


def test_the_version_follows_the_content_and_not_the_comments(tmp_path):
    shipped = load_parameters().version
    assert len(shipped) == 12
    assert int(shipped, 16) >= 0
    own(tmp_path, "policy-2026.toml", ("# Money is whole pence", "# A comment.\n# Money is whole pence"))
    assert load_parameters(tmp_path).version == shipped
    own(tmp_path, "policy-2026.toml", ('high = "0.75"', 'high = "0.70"'))
    assert load_parameters(tmp_path).version != shipped
    assert load_parameters().version != hashlib.sha256(b"").hexdigest()[:12]


WRONG = [
    # unknown key, missing key
    ("policy-2026.toml", 'floor_pct = "80"', 'floor_pct = "80"\nfloor = 1', "rating.floor is not known here"),
    ("policy-2026.toml", 'floor_pct = "80"\n', "", "rating.floor_pct is missing"),
    ("policy-2026.toml", "[stretch]", "[strech]", "stretch is missing"),
    # bands
    (
        "policy-2026.toml",
        "from_pence = 10000000\nbelow",
        "from_pence = 10000001\nbelow",
        "leaves a gap after B1",
    ),
    ("policy-2026.toml", "from_pence = 25000000", "from_pence = 24000000", "overlaps B2, ending at 25000000"),
    (
        "policy-2026.toml",
        "from_pence = 0\n",
        "from_pence = 100\n",
        "bands.band[1].from_pence is 100. Expected 0",
    ),
    (
        "policy-2026.toml",
        "from_pence = 500000000\nmode",
        "from_pence = 500000000\nbelow_pence = 600000000\nmode",
        "closes the highest band",
    ),
    ("policy-2026.toml", 'code = "B3"', 'code = "B2"', "has the code 'B2' 2 times"),
    (
        "policy-2026.toml",
        'mode = "voluntary"',
        'mode = "optional"',
        "bands.band[2].mode is 'optional'. Expected one of none, voluntary",
    ),
    # multipliers and types
    (
        "policy-2026.toml",
        'high = "1.20"',
        'high = "5.01"',
        "complexity.high is '5.01'. Expected more than 0 and at most 5",
    ),
    ("policy-2026.toml", 'micro = "0.25"', 'micro = "0"', "relief.micro is '0'. Expected more than 0"),
    ("policy-2026.toml", 'works = "3"', "works = 3.0", "divisors.works is 3.0. Expected a decimal in quotes"),
    ("policy-2026.toml", "low_to = 7", 'low_to = "7"', "scoring.low_to is '7'. Expected a whole number"),
    ("policy-2026.toml", "low_to = 7", "low_to = 11", "scoring.medium_to is 11. Expected more than low_to"),
    # sources
    ("policy-2026.toml", 'source = "section 8.4"\n', "", "hours.source is missing"),
    (
        "policy-2026.toml",
        'source = "section 8.4"',
        'source = " "',
        "hours.source is ' '. Expected a text that is not empty",
    ),
    ("policy-2026.toml", 'status = "assumption"', 'status = "guess"', "about.status is 'guess'"),
    (
        "policy-2026.toml",
        'status = "assumption"',
        'status = "policy"',
        "about.approved_by is empty although status is policy",
    ),
    # codes
    (
        "policy-2026.toml",
        'measure = "S5"',
        'measure = "S9"',
        "light_activity.measure is 'S9', which measures.toml does not have",
    ),
    ("policy-2026.toml", 'S4 = "4"\n', "", "outputs.units_per_output.S4 is missing"),
    (
        "policy-2026.toml",
        'from_band = "B3"',
        'from_band = "B9"',
        "hours.from_band is 'B9'. Expected one of B0",
    ),
    ("measures.toml", 'code = "J2"', 'code = "J1"', "has the code 'J1' 2 times"),
    ("measures.toml", 'fixed_quantity = "100"\n', "", "is given exactly when computed is fixed"),
    ("measures.toml", 'counting = "level"', 'counting = "stock"', "measures.measure[2].counting is 'stock'"),
    ("statutory.toml", "days = 56", "days = 0", "pipeline.days is 0. Expected 1 or more"),
    (
        "statutory.toml",
        "commenced_from = 2026-04-01",
        'commenced_from = "soon"',
        "section_70.commenced_from is 'soon'. Expected a date",
    ),
    ("statutory.toml", "[kpi]", "[kpi", "is not TOML"),
]


@pytest.mark.parametrize(("name", "old", "new", "sentence"), WRONG)
def test_a_wrong_file_is_refused_with_file_key_and_what_was_expected(tmp_path, name, old, new, sentence):
    message = faults_of(own(tmp_path, name, (old, new)))
    assert name in message
    assert sentence in message


def test_every_fault_of_every_file_is_told_at_once_with_its_line(tmp_path):
    own(tmp_path, "policy-2026.toml", ('high = "1.20"', 'high = "9"'), ("due_days = 30", "due_days = 0"))
    own(tmp_path, "statutory.toml", ("least_kpis = 3", "least_kpi = 3"))
    message = faults_of(tmp_path)
    assert "have 4 faults" in message
    line = SHIPPED["policy-2026.toml"].splitlines().index('high = "1.20"') + 1
    assert f"policy-2026.toml, line {line}: complexity.high" in message
    for key in ("returns.due_days", "kpi.least_kpi is not known", "kpi.least_kpis is missing"):
        assert key in message


def test_two_editions_of_one_day_a_stray_file_and_an_absent_folder_are_refused(tmp_path):
    (tmp_path / "policy-b.toml").write_text(SHIPPED["policy-2026.toml"], encoding="utf-8")
    assert "as in another edition" in faults_of(tmp_path)
    (tmp_path / "policy-b.toml").unlink()
    (tmp_path / "notes.toml").write_text("", encoding="utf-8")
    assert "no parameter file" in faults_of(tmp_path)
    assert "There is no folder" in faults_of(tmp_path / "absent")

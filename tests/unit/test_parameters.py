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
    for name in (
        "policy-2026.toml",
        "measures.toml",
        "statutory.toml",
        "duties.toml",
        "outcodes.toml",
        "materiality.toml",
        "waivers.toml",
        "authority.toml",
        "sign_off.toml",
        "redaction.toml",
    )
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
    assert len(parameters.tables) == 72
    assert all(table.source and table.effective_from for table in parameters.tables)
    assert not parameters.is_approved(date(2026, 11, 23))


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
    assert load_parameters(tmp_path).is_approved(date(2026, 11, 23))


def test_the_version_follows_the_content_and_not_the_comments(tmp_path):
    shipped = load_parameters().version
    assert len(shipped) == 12
    assert int(shipped, 16) >= 0
    own(tmp_path, "policy-2026.toml", ("# Money is whole pence", "# A comment.\n# Money is whole pence"))
    assert load_parameters(tmp_path).version == shipped
    own(tmp_path, "policy-2026.toml", ('high = "0.75"', 'high = "0.70"'))
    assert load_parameters(tmp_path).version != shipped
    assert load_parameters().version != hashlib.sha256(b"").hexdigest()[:12]


def test_two_editions_of_one_day_a_stray_file_and_an_absent_folder_are_refused(tmp_path):
    (tmp_path / "policy-b.toml").write_text(SHIPPED["policy-2026.toml"], encoding="utf-8")
    assert "as in policy-2026.toml. Expected a day of its own" in faults_of(tmp_path)
    (tmp_path / "policy-b.toml").unlink()
    (tmp_path / "notes.toml").write_text("", encoding="utf-8")
    assert "no parameter file" in faults_of(tmp_path)
    assert "There is no folder" in faults_of(tmp_path / "absent")


def adopted(text):
    """The text of a file whose tables are all approved."""
    return text.replace('"assumption"\napproved_by = ""', '"policy"\napproved_by = "Cabinet, 2 July 2026"')


def with_editions(folder, first, later):
    """A folder with everything approved but the two editions, whose texts are given: 2026 and from April 2028."""
    for name, text in SHIPPED.items():
        (folder / name).write_text(adopted(text), encoding="utf-8")
    (folder / "policy-2026.toml").write_text(first, encoding="utf-8")
    text = later.replace("effective_from = 2026-01-01", "effective_from = 2028-04-01")
    (folder / "policy-2028.toml").write_text(text, encoding="utf-8")
    return load_parameters(folder)


BEFORE, AFTER = date(2027, 12, 31), date(2028, 4, 1)


def test_an_edition_to_come_does_not_keep_the_banner(tmp_path):
    policy = SHIPPED["policy-2026.toml"]
    parameters = with_editions(tmp_path, adopted(policy), policy)
    assert parameters.is_approved(BEFORE)
    assert not parameters.is_approved(AFTER)


def test_an_edition_that_was_taken_over_matters_only_while_it_judges_a_contract(tmp_path):
    policy = SHIPPED["policy-2026.toml"]
    parameters = with_editions(tmp_path, policy, adopted(policy))
    assert not parameters.is_approved(BEFORE, [])
    assert parameters.is_approved(AFTER, [])
    assert parameters.is_approved(AFTER, [date(2025, 1, 1), date(2028, 5, 1)])
    assert not parameters.is_approved(AFTER, [date(2028, 5, 1), date(2026, 3, 1)])
    assert not parameters.is_approved(AFTER)  # it is not said which contracts there are


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_one_assumption_in_any_file_keeps_the_banner(tmp_path, name):
    for other, text in SHIPPED.items():
        (tmp_path / other).write_text(adopted(text), encoding="utf-8")
    assert load_parameters(tmp_path).is_approved(BEFORE)
    text = adopted(SHIPPED[name])
    old = 'status = "law"' if name == "statutory.toml" else 'status = "policy"'
    (tmp_path / name).write_text(text.replace(old, 'status = "assumption"', 1), encoding="utf-8")
    assert not load_parameters(tmp_path).is_approved(BEFORE)


def test_an_edition_has_a_version_of_its_own(tmp_path):
    policy = SHIPPED["policy-2026.toml"]
    parameters = with_editions(tmp_path, policy, policy.replace('small = "0.50"', 'small = "0.40"'))
    first, later = (parameters.version_of(edition) for edition in parameters.policies)
    assert first == load_parameters().version_of(load_parameters().policy)
    assert len({first, later, parameters.version}) == 3


def test_every_measure_says_who_counts_and_what_stands_behind_it():
    for measure in load_parameters().measures:
        assert len(measure.who_counts) > 20, measure.code
        assert len(measure.evidence) > 10, measure.code
    served = {m.theme: m.priority for m in load_parameters().measures}
    assert served == {
        "jobs": "local jobs and apprenticeships", "skills": "local jobs and apprenticeships",
        "economy": "Kent businesses and supply chains", "community": "community benefit for local need",
        "environment": "",
    }  # fmt: skip

"""Parameter files with one fault each, and the precise message about it: file, line, key, what was expected."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.load import load_parameters, parameters_of

POLICY, MEASURES, LAW = "policy-2026.toml", "measures.toml", "statutory.toml"
OUTCODES, MATERIALITY, WAIVERS, DUTIES = "outcodes.toml", "materiality.toml", "waivers.toml", "duties.toml"
SIGN_OFF, REDACTION, AUTHORITY = "sign_off.toml", "redaction.toml", "authority.toml"
SHIPPED = {
    name: resources.files("kcc_etl.parameters").joinpath(name).read_text("utf-8")
    for name in (
        POLICY,
        MEASURES,
        LAW,
        OUTCODES,
        MATERIALITY,
        WAIVERS,
        DUTIES,
        SIGN_OFF,
        REDACTION,
        AUTHORITY,
    )
}

# The file, the text in it that is replaced, the text put in its place, and every fault that is told: in which
# file, on the last line of which text, in which words.
CASES = [
    (POLICY, 'floor_pct = "80"', 'floor_pct = "80"\nfloor = 1', [
        (POLICY, 'floor = 1', 'rating.floor is not known here. Did you mean floor_pct?'),
    ]),
    (POLICY, 'floor_pct = "80"\n', '', [
        (POLICY, '[rating]', 'rating.floor_pct is missing'),
    ]),
    (POLICY, '[stretch]', '[strech]', [
        (POLICY, '[strech]', 'strech is not known here. Did you mean stretch?'),
        (POLICY, ']', 'stretch is missing'),
    ]),
    (POLICY, '[carbon]\n', '[carbon]\nunrelated = 1\n', [
        (POLICY, 'unrelated = 1', 'carbon.unrelated is not known here. Expected one of: source, status, approved_by, effective_from, measure, from_band'),
    ]),
    (POLICY, '# Millions of pounds that bring one', '[carbn2]\n# Millions of pounds that bring one', [
        (POLICY, '[carbn2]', 'carbn2 is not known here. Did you mean carbon?'),
    ]),
    (POLICY, 'from_pence = 10000000\nbelow', 'from_pence = 10000001\nbelow', [
        (POLICY, 'from_pence = 10000001', 'bands.band[3].from_pence leaves a gap after B1, ending at 10000000'),
    ]),
    (POLICY, 'from_pence = 25000000', 'from_pence = 24000000', [
        (POLICY, 'from_pence = 24000000', 'bands.band[4].from_pence overlaps B2, ending at 25000000'),
    ]),
    (POLICY, 'from_pence = 0\n', 'from_pence = 100\n', [
        (POLICY, 'code = "B0"\nfrom_pence = 100', 'bands.band[1].from_pence is 100. Expected 0'),
    ]),
    (POLICY, 'from_pence = 500000000\nmode', 'from_pence = 500000000\nbelow_pence = 600000000\nmode', [
        (POLICY, 'below_pence = 600000000', 'bands.band[6].below_pence closes the highest band. Expected no such key'),
    ]),
    (POLICY, 'below_pence = 25000000\n', '', [
        (POLICY, 'weighting_pct = "5"\nplan = "none"\n\n[[bands.band]]', 'bands.band[3].below_pence is missing although another band follows'),
    ]),
    (POLICY, 'below_pence = 2500000\n', 'below_pence = 0\n', [
        (POLICY, 'below_pence = 0', 'bands.band[1].below_pence is 0. Expected 1 or more'),
        (POLICY, 'below_pence = 0', 'bands.band[1].below_pence is 0. Expected more than from_pence'),
        (POLICY, 'code = "B1"\nfrom_pence = 2500000', 'bands.band[2].from_pence leaves a gap after B0, ending at 0'),
    ]),
    (POLICY, 'code = "B3"', 'code = "B2"', [
        (POLICY, 'plan = "milestone tracker"\n\n[[bands.band]]\ncode = "B2"', "bands.band[4].code is 'B2', as one before it. Expected each once"),
        (POLICY, 'from_band = "B3"', "hours.from_band is 'B3'. Expected one of B0, B1, B2, B2, B4, B5"),
    ]),
    (POLICY, 'mode = "voluntary"', 'mode = "optional"', [
        (POLICY, 'mode = "optional"', "bands.band[2].mode is 'optional'. Expected one of none, voluntary, required"),
    ]),
    (POLICY, 'max_measures = 2\nmin_employment = 1', 'max_measures = 2\nmin_employment = 3', [
        (POLICY, 'min_employment = 3', 'bands.band[3].min_employment is more than max_measures'),
    ]),
    (POLICY, 'weighting_pct = "15"', 'weighting_pct = "115"', [
        (POLICY, 'weighting_pct = "115"', "bands.band[5].weighting_pct is '115'. Expected 0 or more and at most 100"),
    ]),
    (POLICY, 'max_measures = 6', 'max_measures = -6', [
        (POLICY, 'max_measures = -6', 'bands.band[6].max_measures is -6. Expected 0 or more and at most 20'),
        (POLICY, 'max_measures = -6\nmin_employment = 1', 'bands.band[6].min_employment is more than max_measures'),
    ]),
    (POLICY, 'high = "1.20"', 'high = "5.01"', [
        (POLICY, 'high = "5.01"', "complexity.high is '5.01'. Expected more than 0 and at most 5"),
    ]),
    (POLICY, 'micro = "0.25"', 'micro = "0"', [
        (POLICY, 'micro = "0"', "relief.micro is '0'. Expected more than 0 and at most 1"),
    ]),
    (POLICY, 'vcse = "0.50"', 'vcse = "1.50"', [
        (POLICY, 'vcse = "1.50"', "relief.vcse is '1.50'. Expected more than 0 and at most 1"),
    ]),
    (POLICY, 'works = "3"', 'works = 3.0', [
        (POLICY, 'works = 3.0', 'divisors.works is 3.0. Expected a decimal in quotes, such as "0.75"'),
    ]),
    (POLICY, 'works = "3"', 'works = "three"', [
        (POLICY, 'works = "three"', 'divisors.works is \'three\'. Expected a decimal in quotes, such as "0.75"'),
    ]),
    (POLICY, 'low_to = 7', 'low_to = "7"', [
        (POLICY, 'low_to = "7"', "scoring.low_to is '7'. Expected a whole number without quotes"),
    ]),
    (POLICY, 'low_to = 7', 'low_to = 11', [
        (POLICY, 'medium_to = 11', 'scoring.medium_to is 11. Expected more than low_to'),
    ]),
    (POLICY, 'due_days = 30', 'due_days = true', [
        (POLICY, 'due_days = true', 'returns.due_days is true. Expected a whole number without quotes'),
    ]),
    (POLICY, 'school_contracts_have_targets = false', 'school_contracts_have_targets = "no"', [
        (POLICY, 'school_contracts_have_targets = "no"', "scope.school_contracts_have_targets is 'no'. Expected true or false"),
    ]),
    (POLICY, 'reason_codes = [\n    "market capacity"', 'reason_codes = [\n    3', [
        (POLICY, 'reason_codes = [', 'overrides.reason_codes[1] is 3. Expected a text in quotes'),
    ]),
    (POLICY, 'service_groups = ["consultancy", "it"]', 'service_groups = "consultancy"', [
        (POLICY, 'service_groups = "consultancy"', 'move_down.service_groups is not a list'),
    ]),
    (POLICY, '[profile]\n', 'profile = 1\n[profil]\n', [
        (POLICY, '[profil]', 'profil is not known here. Did you mean profile?'),
        (POLICY, 'profile = 1', 'relief.profile is not known here. Expected one of: source, status, approved_by, effective_from, stage, large, medium, small, micro, unknown, vcse, small_measures_fewer, vcse_measures_fewer, micro_max_measures'),
        (POLICY, ']', 'profile is missing'),
    ]),
    (POLICY, 'effective_from = 2026-01-01\nmobilisation', 'effective_from = 2026-01-01T09:00:00\nmobilisation', [
        (POLICY, 'effective_from = 2026-01-01T09:00:00', 'profile.effective_from is 2026-01-01T09:00:00. Expected a date such as 2026-01-01'),
    ]),
    (POLICY, 'effective_from = 2026-01-01\nmobilisation', 'effective_from = 2026-02-01\nmobilisation', [
        (POLICY, 'effective_from = 2026-02-01', 'profile.effective_from is after that of the edition, 2026-01-01'),
    ]),
    (POLICY, 'source = "section 8.4"\n', '', [
        (POLICY, '[hours]', 'hours.source is missing'),
    ]),
    (POLICY, 'source = "section 8.4"', 'source = " "', [
        (POLICY, 'source = " "', "hours.source is ' '. Expected a text that is not empty"),
    ]),
    (POLICY, 'status = "assumption"', 'status = "guess"', [
        (POLICY, 'status = "guess"', "about.status is 'guess'. Expected one of law, policy, assumption"),
    ]),
    (POLICY, 'status = "assumption"', 'status = "policy"', [
        (POLICY, 'status = "policy"\napproved_by = ""', 'about.approved_by is empty although status is policy. Expected who approved it'),
    ]),
    (POLICY, 'status = "assumption"', 'status = "law"', [
        (POLICY, 'status = "law"', "about.status is 'law'. Expected policy or assumption: only statutory.toml is law"),
    ]),
    (POLICY, 'measure = "S5"', 'measure = "S9"', [
        (POLICY, 'measure = "S9"', "light_activity.measure is 'S9', which measures.toml does not have"),
    ]),
    (POLICY, 'S4 = "4"\n', '', [
        (POLICY, '[outputs.units_per_output]', 'outputs.units_per_output.S4 is missing although the measure is computed from outputs'),
    ]),
    (POLICY, 'S4 = "4"', 'S4 = "4"\nC1 = "3"', [
        (POLICY, 'C1 = "3"', 'outputs.units_per_output.C1 is no measure of measures.toml computed from outputs'),
    ]),
    (POLICY, 'from_band = "B3"', 'from_band = "B9"', [
        (POLICY, 'from_band = "B9"', "hours.from_band is 'B9'. Expected one of B0, B1, B2, B3, B4, B5"),
    ]),
    (POLICY, 'band = "B1"', 'band = "B7"', [
        (POLICY, 'band = "B7"', "aggregation.floor[1].band is 'B7'. Expected one of B0, B1, B2, B3, B4, B5"),
    ]),
    (POLICY, 'from_pence = 5000000\n', 'from_pence = 15000000\n', [
        (POLICY, '[[aggregation.floor]]\nfrom_pence = 10000000', 'aggregation.floor[2].from_pence is 10000000, after 15000000. Expected rising numbers'),
    ]),
    (POLICY, 'risk = "medium"', 'risk = "high"', [
        (POLICY, '[assurance]', 'assurance.level is for high, high, low. Expected low, medium, high once'),
    ]),
    (POLICY, 'column = "risk_market"', 'column = "risk_finance"', [
        (POLICY, '[questions]', 'questions.risk lacks risk_market. Expected each of risk_criticality, risk_market, risk_finance, risk_demand, risk_safeguarding once'),
    ]),
    (POLICY, 'column = "risk_market"', 'column = "risk_weather"', [
        (POLICY, 'column = "risk_weather"', "questions.risk[2].column is 'risk_weather'. Expected one of risk_criticality, risk_market, risk_finance, risk_demand, risk_safeguarding"),
    ]),
    (POLICY, 'reminder_days = [0, 5, 10]', 'reminder_days = [0, 10, 5]', [
        (POLICY, 'reminder_days = [0, 10, 5]', 'returns.reminder_days[3] is 5, after 10. Expected rising numbers'),
    ]),
    (POLICY, 'days_late = 15', 'days_late = 45', [
        (POLICY, 'days_late = 30', 'escalation.step[2].days_late is 30, after 45. Expected rising numbers'),
    ]),
    (POLICY, 'total_weeks = 8', 'total_weeks = 5', [
        (POLICY, 'total_weeks = 5', 'delivery_plan.total_weeks is 5. Expected 6 or more'),
    ]),
    (POLICY, 'approaching_from_pct = "90"', 'approaching_from_pct = "100"', [
        (POLICY, 'approaching_from_pct = "100"', 'performance_rating.approaching_from_pct is not less than good_from_pct'),
    ]),
    (POLICY, 'suppress_to = 4', 'suppress_to = 0', [
        (POLICY, 'suppress_to = 0', 'small_numbers.suppress_to is 0. Expected 1 or more'),
    ]),
    (POLICY, 'roles_without_limit = ["head of procurement", "chief procurement officer"]', 'roles_without_limit = ["category lead"]', [
        (POLICY, 'roles_without_limit = ["category lead"]', "overrides.roles_without_limit has 'category lead', which is in roles_within_limit as well"),
    ]),
    (POLICY, 'roles_without_limit = ["head of procurement", "chief procurement officer"]', 'roles_without_limit = []', [
        (POLICY, 'roles_without_limit = []', 'overrides.roles_without_limit is empty. Expected at least one role'),
    ]),
    (POLICY, '"data error"', '"cost pressure"', [
        (POLICY, 'reason_codes = [', "overrides.reason_codes[7] is 'cost pressure', as one before it. Expected each once"),
    ]),
    (MEASURES, 'code = "J2"', 'code = "J1"', [
        (MEASURES, 'priority = "local jobs and apprenticeships"\n\n[[measures.measure]]\ncode = "J1"', "measures.measure[2].code is 'J1', as one before it. Expected each once"),
        (POLICY, 'J1 = "1"', 'outputs.units_per_output.J1 is no measure of measures.toml computed from outputs'),
    ]),
    (MEASURES, 'code = "J2"', 'code = "J|2"', [
        (MEASURES, 'code = "J|2"', "measures.measure[2].code is 'J|2'. Expected a code without |"),
    ]),
    (MEASURES, 'fixed_quantity = "100"\n', '', [
        (MEASURES, 'evidence = "Purchase ledger total matched to invoices, with charity or company numbers."\npriority = "Kent businesses and supply chains"\n\n[[measures.measure]]', 'measures.measure[11].fixed_quantity is missing although computed is fixed'),
    ]),
    (POLICY, 'goods = "J1"', 'goods = "E4"', [
        (POLICY, 'goods = "E4"', "default_measure.goods is 'E4', of the theme economy. Expected a measure of jobs or skills"),
    ]),
    (POLICY, 'measure = "G1"', 'measure = "S1"', [
        (POLICY, 'measure = "S1"', "carbon.measure is 'S1', which is computed as outputs. Expected one computed as committed"),
    ]),
    (POLICY, 'measure = "E1"', 'measure = "E4"', [
        (POLICY, 'measure = "E4"', "kent_supply.measure is 'E4', which is computed as fixed. Expected one computed as committed"),
    ]),
    (MEASURES, 'computed = "hours"', 'computed = "hours"\nfixed_quantity = "3"', [
        (MEASURES, 'fixed_quantity = "3"', 'measures.measure[12].fixed_quantity is given although computed is hours'),
    ]),
    (MEASURES, 'not_together_with = ["C1"]', 'not_together_with = ["C1", "C2", "C9"]', [
        (MEASURES, 'not_together_with = ["C1", "C2", "C9"]', "measures.measure[13].not_together_with[2] is 'C2'. Expected the code of another measure"),
        (MEASURES, 'not_together_with = ["C1", "C2", "C9"]', "measures.measure[13].not_together_with[3] is 'C9'. Expected the code of another measure"),
    ]),
    (MEASURES, 'counting = "level"', 'counting = "level"\ncounted_once = true', [
        (MEASURES, 'counting = "level"\ncounted_once = true', 'measures.measure[2].counted_once is true although counting is level'),
    ]),
    (MEASURES, 'counted_once = true', 'counted_once = "once"', [
        (MEASURES, 'counted_once = "once"', "measures.measure[1].counted_once is 'once'. Expected true or false"),
    ]),
    (MEASURES, 'counting = "level"', 'counting = "stock"', [
        (MEASURES, 'counting = "stock"', "measures.measure[2].counting is 'stock'. Expected one of flow, level"),
    ]),
    (MEASURES, 'evidence = "Payroll extract with counts by district."\n', '', [
        (MEASURES, 'evidence = "Starter list with reference numbers and the confirmation of the programme that referred the person."\npriority = "local jobs and apprenticeships"\n\n[[measures.measure]]', 'measures.measure[2].evidence is missing'),
    ]),
    (LAW, 'days = 56', 'days = 0', [
        (LAW, 'days = 0', 'pipeline.days is 0. Expected 1 or more'),
    ]),
    (LAW, 'commenced_from = 2026-04-01', 'commenced_from = "soon"', [
        (LAW, 'commenced_from = "soon"', "section_70.commenced_from is 'soon'. Expected a date such as 2026-01-01"),
    ]),
    (LAW, 'effective_from = 2026-01-01\ngoods', 'effective_from = 2024-01-01\ngoods', [
        (LAW, '[thresholds]', 'thresholds.row is empty or out of order. Expected rising dates'),
    ]),
    (LAW, '[kpi]', '[kpi', [
        (LAW, '[kpi', "The file is not TOML: Expected ']' at the end of a table declaration (at line {line}, column 5)"),
    ]),
    (LAW, 'above_pence = 500000000\nleast', 'above_pence = 500000000\nabove_pence = 1\nleast', [
        (LAW, 'above_pence = 1', 'above_pence stands in its table already. Expected each key once'),
    ]),
    (POLICY, 'reminder_days = [0, 5, 10]', 'reminder_days = [0, 5, 10]\nreminder_days = [\n  0,\n]', [
        (POLICY, 'reminder_days = [0, 5, 10]\nreminder_days = [', 'reminder_days stands in its table already. Expected each key once'),
    ]),
    (POLICY, '[profile]\n', '[profile]\n"a b".c = 1\n"a b" . c = [\n]\n', [
        (POLICY, '"a b" . c = [', '"a b" . c stands in its table already. Expected each key once'),
    ]),
    (POLICY, '[profile]\n', '[profile]\n[profile]\n', [
        (POLICY, '[profile]\n[profile]', '[profile] stands in the file already. Expected each table once'),
    ]),
    (POLICY, 'micro = "0.25"', 'micro = { a = "1", a = "2" }', [
        (POLICY, 'micro = { a = "1", a = "2" }', "The file is not TOML: Duplicate inline table key 'a' (at line {line}, column 27)"),
    ]),
    (OUTCODES, 'areas_of_kent = ["BR", ', 'areas_of_kent = ["QQ", "BR", ', [
        (OUTCODES, 'areas = [', 'kent.areas lacks QQ, which is one of areas_of_kent'),
    ]),
    (MATERIALITY, 'keys = "policy.rating.*"', 'keys = "policy.relief.*"', [
        (MATERIALITY, 'reason = "it decides who may set aside a target, by how much and why"\n\n[[materiality.rule]]\nkeys = "policy.relief.*"', "materiality.rule[21].keys is 'policy.relief.*', as one before it. Expected each once"),
    ]),
    (MATERIALITY, 'keys = "*"\n', 'keys = "all"\n', [
        (MATERIALITY, '[materiality]', "materiality.rule has no last rule for every other key. Expected keys = '*' at the end"),
    ]),
    (WAIVERS, 'longest_days = 92', 'longest_days = 0', [
        (WAIVERS, 'longest_days = 0', 'waivers.longest_days is 0. Expected 1 or more'),
    ]),
    (WAIVERS, '"monitoring officer"', '""', [
        (WAIVERS, 'roles = ["head of procurement", "chief procurement officer", ""]', "waivers.roles[3] is ''. Expected a text that is not empty"),
    ]),
    (MATERIALITY, 'kind = "non-material"', 'kind = "minor"', [
        (MATERIALITY, 'kind = "minor"', "materiality.rule[2].kind is 'minor'. Expected one of material, non-material"),
    ]),
]  # fmt: skip


def line_of(text: str, at: str) -> int:
    """The line of the last line of `at`, which begins a line of the text."""
    return ("\n" + text)[: ("\n" + text).index("\n" + at) + len(at) + 1].count("\n")


def told(folder: Path) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        load_parameters(folder)
    return [line.strip() for line in caught.value.found.splitlines()[1:] if line.strip()]


@pytest.mark.parametrize(("name", "old", "new", "faults"), CASES)
def test_a_wrong_file_is_refused_with_its_line_and_what_was_expected(
    tmp_path: Path, name: str, old: str, new: str, faults: list[tuple[str, str, str]]
) -> None:
    assert old in SHIPPED[name]
    texts = {**SHIPPED, name: SHIPPED[name].replace(old, new, 1)}
    (tmp_path / name).write_text(texts[name], encoding="utf-8")
    expected = []
    for file, at, sentence in faults:
        line = line_of(texts[file], at)
        expected.append(f"{file}, line {line}: {sentence.replace('{line}', str(line))}")

    assert told(tmp_path) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_changes_nothing_and_hides_no_fault(tmp_path: Path, newline: str) -> None:
    text = SHIPPED[POLICY].replace("\n", newline)
    (tmp_path / POLICY).write_bytes(text.encode("utf-8-sig"))
    assert load_parameters(tmp_path).version == load_parameters().version

    spoilt = text.replace("low_to = 7", "low_to = 11")
    (tmp_path / POLICY).write_bytes(spoilt.encode("utf-8-sig"))
    line = line_of(SHIPPED[POLICY], "medium_to = 11")
    assert told(tmp_path) == [
        f"{POLICY}, line {line}: scoring.medium_to is 11. Expected more than low_to",
    ]


def test_faults_of_all_kinds_in_all_files_are_told_at_once(tmp_path: Path) -> None:
    text = SHIPPED[POLICY]
    for old, new in (
        ("from_pence = 25000000", "from_pence = 24000000"),  # an overlap, in a table with another fault
        ('mode = "voluntary"', 'mode = "optional"'),
        ('high = "1.20"', 'high = "9"'),
        ('source = "section 8.4"\n', ""),
        ('floor_pct = "80"', 'floor_pct = "80"\nfloor = 1'),
        ("due_days = 30", "due_days = 0"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / POLICY).write_text(text, encoding="utf-8")
    (tmp_path / LAW).write_text(SHIPPED[LAW].replace("least_kpis = 3", "least_kpi = 3"), encoding="utf-8")
    (tmp_path / MEASURES).write_text(SHIPPED[MEASURES].replace('"level"', '"stock"', 1), encoding="utf-8")
    (tmp_path / OUTCODES).write_text("[kent", encoding="utf-8")

    found = told(tmp_path)

    assert len(found) == 10
    for key in (
        "bands.band[4].from_pence overlaps B2", "bands.band[2].mode", "complexity.high", "hours.source is missing",
        "rating.floor is not known", "returns.due_days", "kpi.least_kpi is not known here. Did you mean least_kpis?",
        "kpi.least_kpis is missing", "measures.measure[2].counting", "The file is not TOML",
    ):  # fmt: skip
        assert sum(key in fault for fault in found) == 1, key


def test_a_line_is_told_however_the_file_is_laid_out(tmp_path: Path) -> None:
    laid_out = """# one comment, then inline tables, dotted and quoted keys, a list over several lines

escalation = { source = "s", status = "assumption", approved_by = "", effective_from = 2026-01-01, step = [
    { days_late = 15, role = "a" },
    { days_late = 15, role = "b" },
] }
rating.source = "s"
rating."floor_pct" = "180"
"""
    text = SHIPPED[POLICY]
    for name in ("escalation", "rating"):
        start = text.index(f"[{name}]")
        following = text.index("\n[", start + 1)
        while text[following + 1 :].startswith("[["):
            following = text.index("\n[", following + 1)
        text = text[:start] + text[following + 1 :]
    (tmp_path / POLICY).write_text(laid_out + text, encoding="utf-8")

    found = told(tmp_path)

    assert f"{POLICY}, line 3: escalation.step[2].days_late is 15, after 15. Expected rising numbers" in found
    assert f"{POLICY}, line 8: rating.floor_pct is '180'. Expected more than 0 and at most 100" in found
    assert f"{POLICY}, line 7: rating.status is missing" in found


@pytest.mark.parametrize("name", sorted(SHIPPED))
@pytest.mark.parametrize("put", [None, "{key} = nan", "{key} = [{{}}]", "{key} = '\u0663'", "{line}{line}"])
def test_a_spoilt_line_is_read_or_refused_with_a_line_and_never_breaks_the_reader(
    name: str, put: str | None
) -> None:
    lines = SHIPPED[name].split("\n")
    for place in range(3, len(lines), 29):
        line = lines[place]
        own = [] if put is None else [put.format(key=line.partition(" = ")[0], line=line)]
        text = "\n".join([*lines[:place], *own, *lines[place + 1 :]])
        try:
            parameters_of({**SHIPPED, name: text})
        except ParameterError as error:
            faults = [fault.strip() for fault in error.found.splitlines()[1:] if fault.strip()]
            assert faults
            assert all(re.match(r"[a-z0-9_-]+\.toml, line [1-9][0-9]*: ", fault) for fault in faults), faults

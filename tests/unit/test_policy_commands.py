"""`kcc-etl policy`: what is shown, as JSON and as CSV, exit codes, and how every kind of bad input is told."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.cli import main
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import compute_versions
from kcc_etl.parameters.load import load_parameters, shipped_texts
from kcc_etl.policy.case import Case
from kcc_etl.policy.explained import case_sheet
from kcc_etl.policy.sheet import Grid
from kcc_etl.policy.steps import target_section
from kcc_etl.schema import frames
from kcc_etl.schema.rules import RULES
from kcc_etl.warehouse.store import open_warehouse
from reports import committee, transparency
from tests.unit.test_targets import contract, decision

POLICY = "policy-2026.toml"
SETTINGS = """as_of = 2026-11-23
parameters = "{parameters}"
[authority]
name = "Example Council"
address = "Hall"
email = "a@example.org"
ids = ["GB-PPON-X"]
[[sources]]
name = "registers"
kind = "register"
path = "."
"""
CONTRACTS = (
    contract(supplier_key="GB-COH:1", sv_measures="S1|C1", awarded_on=date(2026, 2, 1)),
    contract(contract_ref="KC-2", supplier_key="B", supplier_name="A. Person", supplier_size="small", value_ex_vat_pence=80_000_000, risk_market=None),
    contract(contract_ref="KC-3", supplier_key="C", agreement_kind="framework"),
    contract(contract_ref="KC-4", supplier_key="D", procurement_commenced_on=date(2025, 5, 1)),
    contract(contract_ref="KC-5", supplier_key="E", value_ex_vat_pence=1_000_000),
    contract(contract_ref="KC-7", supplier_key="G", value_ex_vat_pence=5_000_000, sv_measures=None),
    contract(contract_ref="=KC-6", supplier_key="F", supplier_is_vcse=True, value_ex_vat_pence=900_000_000),
)  # fmt: skip
FINDING = {
    "stage": "check", "table_name": keys.CORE_CONTRACT, "rule_id": "CR-011", "severity": "warning",
    "subject": "2026-27-Q2 KC-2 S1", "found": "no answer from 1 to 3 to: Risk: market depth", "remedy": "Answer the ten questions.",
}  # fmt: skip


def fill(folder: Path, parameters_folder: Path | None = None) -> None:
    """A warehouse as a night leaves it."""
    parameters = load_parameters(parameters_folder)
    store = open_warehouse(f"sqlite:///{folder / 'data' / 'warehouse.sqlite3'}")
    contracts = frames.from_rows(list(CONTRACTS), keys.CORE_CONTRACT)
    decisions = frames.from_rows([decision("D-1", "override", 2, "head of procurement")], keys.CORE_DECISION)
    targets = compute_targets(contracts, decisions, parameters, date(2026, 11, 23))
    store.replace(keys.CORE_CONTRACT, contracts)
    store.replace(keys.CORE_DECISION, decisions)
    store.replace(keys.OUT_TARGET, targets)
    store.replace(keys.OUT_TARGET_VERSION, compute_versions(targets, contracts, decisions, parameters))
    store.replace("finding", frames.from_rows([FINDING], "finding"))
    store.engine.dispose()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kcc_etl.console._WIDTH_IN_A_PIPE", 1000)  # no cell goes over two lines
    (tmp_path / "kcc_etl.toml").write_text(SETTINGS.format(parameters=""), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    fill(folder)
    return folder / "data"


@pytest.fixture
def county(here: Path, filled: Path) -> Path:
    shutil.copytree(filled, here / "data")
    return here


def run(*arguments: object) -> int:
    """The exit code of the command with these arguments, as the shell would see it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["kcc-etl", "policy", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)


def flat(text: str) -> str:
    """What a command printed, without the frames of its tables and with single spaces."""
    return " ".join("".join(" " if "\u2500" <= sign <= "\u257f" else sign for sign in text).split())


def draft(folder: Path, *changes: tuple[str, str], name: str = POLICY, source: str = POLICY) -> Path:
    text = shipped_texts()[source]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# show


def test_show_tells_every_figure_in_words(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    shown = flat(capsys.readouterr().out)

    for words in (
        "for procurements begun on or after 2026-01-01",
        "B2 £100,000 to under £250,000 is required 2 1 10% milestone tracker",
        "B5 £5,000,000 and over",
        "from £50,000 together, each is at least in B1; from £100,000 together, each is at least in B2",
        "Contracts for consultancy and IT go 1 band lower.",
        "procurements under an exemption from the Procurement Act and the Provider Selection Regime",
        "A contract that does not say when its procurement began has no target",
        "One output is 1 person (J1), or 1 person (S1), or 52 weeks (S2), or 4 people (S4), or 40 hours (S5).",
        "what is left over goes one each to the first named",
        "Where one measure is asked for, it is not carbon.",
        "An override restates what was agreed from the start of the contract",
        "How many other suppliers could take over?",
        "low up to 7, medium up to 11, high above",
        "high 1.2 0.75 quarterly 100%",
        "Higher risk lowers what is asked, and tightens the checks: a choice of this policy.",
        "light touch £2m S1 Apprenticeships started on the contract",
        "52 weeks (S2)",
        "from band B2 on 10 hours (S5) take their place",
        "micro 0.25 1 at most",
        (
            "60% of the expected supply spend is asked for below the statutory threshold where the contract is "
            "reserved to the area, to the penny"
        ),
        "within 30 days",
        (
            "Policy wants reminders 0, 5, 10 days after that end, and of a late return it wants told: contract manager "
            "after 15 days; director after 30 days. This program does not do it: it sends nothing."
        ),
        "Policy holds the portfolio against 25% of supply spend; this program does not check it.",
        "policy wants apprentices to be 3% of the workforce; this program does not check it.",
        "Policy wants a delivery plan 4 weeks after award, reviewed within 2; 8 in all. This program does not check it.",
        "This program does not draw a sample",
        "35 for each £1m of average annual value, over the whole contract, x complexity",
        "one measure may be asked for less where another joins; the outputs in all never fall",
        "Amber at least 80% of it",
        "approaching target 90% to under 100%",
        "Policy keeps counts of 1 to 4 people out of every published split. They are left out of every published file, and with them whatever would let them be worked out.",
        "category lead approves up to 25% either way",
        "market capacity",
        "A level: never added up.",
        "Values in pounds: none.",
        "54 of 72 tables are assumption",
        "bands assumption – 2026-01-01 section 8.1",
    ):
        assert words in shown, words


def test_show_as_json_has_every_key(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--json") == 0
    document = json.loads(capsys.readouterr().out)

    assert document["parameters"]["policy.rating.floor_pct"] == "80"
    assert document["is_approved"] is False
    assert document["parameter_version"] == load_parameters().version
    assert len(document["parameters"]) > 600


def test_show_before_the_first_edition_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--as-of", "2025-12-31") == 2
    assert (
        "No edition of the policy was in force on 2025-12-31. Expected: 2026-01-01 or later."
        in capsys.readouterr().err
    )


def test_show_says_when_everything_in_force_is_approved(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in shipped_texts():
        draft(
            here / "own",
            ('"assumption"\napproved_by = ""', '"policy"\napproved_by = "Cabinet"'),
            name=name,
            source=name,
        ) if name != "statutory.toml" else None
    (here / "kcc_etl.toml").write_text(SETTINGS.format(parameters="own"), encoding="utf-8")

    assert run("show") == 0
    assert "Every parameter in force is approved." in flat(capsys.readouterr().out)


def test_quiet_prints_nothing(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--quiet") == 0
    assert run("explain", "KC-1", "--quiet") == 0
    assert run("simulate", "shipped", "--quiet") == 0
    assert run("diff", "shipped", "in-force", "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_no_text_states_the_number_of_a_parameter_or_another_than_the_code_judges_by() -> None:
    """`scoring.missing_answer`, `returns.over_claim_pct` and `small_numbers` are policy's to set."""
    assert RULES["CR-011"].text.endswith("a missing answer counts as policy says.")
    assert "150" not in RULES["RT-009"].text
    assert "the percentage of what is due that policy allows" in RULES["RT-009"].text
    assert "not fifty times or more, nor a fiftieth or less, of the quarter before" in RULES["RT-021"].text
    assert "on ten contracts or more, of more than one supplier, and on" in RULES["CR-033"].text
    for module in (committee, transparency):
        text = " ".join(Path(module.__file__).read_text(encoding="utf-8").replace('"', " ").split())
        assert "fewer than five people" not in text
        assert "too few people to be shown" in text
        assert "two returns in a row" not in text  # returns.missing_in_a_row_forces_red


# diff


def test_diff_of_the_same_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "shipped", "in-force") == 0
    assert "Nothing changed." in capsys.readouterr().out


def test_diff_of_what_one_officer_may_change(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = draft(here / "own", ("[0, 5, 10]", "[7]"))

    assert run("diff", "in-force", path) == 0
    shown = flat(capsys.readouterr().out)
    assert "1 key changed: 0 material, 1 not." in shown
    assert "in-force: 54 of 72 tables are assumptions that the council has not adopted." in shown
    assert "A change is material when it changes what is asked of contracts or how they are judged" in shown
    assert (
        "The refresh is non-material: the Chief Procurement Officer may make it, in consultation with the Deputy Leader."
        in shown
    )


def test_diff_of_what_goes_back_to_the_decision_taker(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft(
        here / "own",
        ("[0, 5, 10]", "[7]"),
        ("from_pence = 500000000\n", "from_pence = 400000000\n"),
        ("below_pence = 500000000\n", "below_pence = 400000000\n"),
    )

    assert run("diff", "shipped", here / "own") == 1
    shown = flat(capsys.readouterr().out)
    assert "£5,000,000.00 £4,000,000.00 material" in shown
    assert "3 keys changed: 2 material, 1 not." in shown
    assert "goes to the Deputy Leader for decision" in shown
    assert run("diff", "shipped", here / "own", "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["class"] == "material"
    assert [change["key"] for change in document["changes"]] == [
        "policy.bands.B4.below_pence", "policy.bands.B5.from_pence", "policy.returns.reminder_days",
    ]  # fmt: skip


# explain


def test_explain_goes_from_the_register_to_the_target(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "kc-1") == 0
    shown = flat(capsys.readouterr().out)

    for words in (
        "whole-life value ex VAT £1,200,000.00 chooses the band",
        "How many other suppliers could take over? 1: Five or more",
        (
            "Its value puts it in band B4: social value is required, 4 measures at most before relief, of them at "
            "least 1 about jobs or skills. Social value counts 15% in the award; plan: delivery plan with carbon "
            "measure. Reports call a contract of this value and risk leveraged."
        ),
        "for each £1m x 1 services: one output for every £1m",
        (
            "for each £1m x 11.666667… 35 hours over the whole contract for each £1m of average annual value, over "
            "3 years"
        ),
        "due by 2026-11-23 0.2885… people of the target as it stands, on the day spoken about",
        "due by 2026-12-31 0.3636… people at the next end of a quarter",
        "complexity x 1 medium: 10 of 15 (low up to 7, medium up to 11)",
        "relief x 1 large supplier",
        "before rounding = 1.2 outputs rounded once, a half upward",
        "calculated 1 person policy parameters, sections 8.1, 8.2, 8.3, 8.5",
        (
            "set by an officer 2 people decision D-1 of 2026-05-01 by the head of procurement, reason: data error; from "
            "the start of the contract"
        ),
        "An override restates what was agreed from the start of the contract, whenever it is decided.",
        "agreed 2 people",
        "= 1.2 outputs, rounded to 1; the target is 1 person.",
        (
            "sets the baseline of G1; nothing is asked for until it is over. G1 was not chosen: it is asked for from "
            "band B4 on."
        ),
        "before rounding = 14 hours",
        f"version {load_parameters().version_of(load_parameters().policy)}",
        f"All parameters together: version {load_parameters().version}.",
        "Band B4 (required; weighting 15%; plan: delivery plan with carbon measure); reports call it leveraged.",
        "The parameters are assumptions",
    ):
        assert words in shown, words


def one_case(row: dict[str, object], place: int, **given: object) -> Case:
    """The case of one contract in the band of a place, as `find_case` would put it together."""
    parameters = load_parameters()
    contracts = frames.from_rows([row], keys.CORE_CONTRACT)
    made = compute_targets(contracts, frames.empty(keys.CORE_DECISION), parameters)
    named, own = (
        tuple({str(name): value for name, value in record.items()} for record in frame.to_dict("records"))
        for frame in (made, contracts)
    )
    band = parameters.policy.bands.band[place]
    whole: dict[str, object] = {"versions": (), "findings": (), "verdicts": (), **given}
    return Case("KC-1", own[0], parameters.policy, band, named, **whole)  # type: ignore[arg-type]  # by name


def flat_sheet(case: Case) -> str:
    sheet = case_sheet(case, load_parameters(), date(2026, 11, 23))
    return " ".join(
        block if isinstance(block, str) else " ".join(cell for line in block.rows for cell in line)
        for section in sheet.sections
        for block in (section.heading, *section.blocks)
    )


def test_explain_names_the_band_by_value_and_what_moved_it() -> None:
    row = contract(value_ex_vat_pence=82_000_000, service_group="it")
    said = flat_sheet(one_case(row, 2, band_steps=("B3 by its value", "moved down to B2 as IT")))
    assert "It is in band B2 (B3 by its value, moved down to B2 as IT): social value is required" in said
    assert "£820,000.00 of services in band B2 (B3 by its value, moved down to B2 as IT) / £1m" in said


def test_explain_holds_a_contract_to_its_own_findings_and_not_to_those_of_others() -> None:
    verdicts = (("TG-001", "failed"), ("TG-002", "failed"), ("TG-003", "not applicable"))
    finding = {**FINDING, "rule_id": "TG-002", "subject": "KC-1"}
    said = flat_sheet(one_case(contract(), 4, verdicts=verdicts, findings=(finding,)))
    texts = [RULES[rule].text for rule, _ in verdicts]
    held = (
        f"TG-001 {texts[0]} nothing found TG-002 {texts[1]} 1 finding, above TG-003 {texts[2]} not applicable"
    )
    assert held in said
    assert "failed" not in said


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (("CR-011",), "told by CR-011, above"),
        (("CR-015", "CR-011", "CR-011"), "told by CR-011 and CR-015, above"),
        (("CR-011", "TG-004"), "1 finding, above"),
        (("CR-006",), "nothing found"),
    ],
)
def test_explain_says_where_what_is_taken_for_granted_is_told(rules: tuple[str, ...], said: str) -> None:
    findings = tuple({**FINDING, "rule_id": rule} for rule in rules)
    row = contract(risk_market=None, supplier_size=None)
    shown = flat_sheet(one_case(row, 4, verdicts=(("TG-004", "failed"),), findings=findings))
    assert "Taken for granted: a risk or complexity question without an answer counts as policy says" in shown
    assert f"TG-004 {RULES['TG-004'].text} {said}" in shown


def test_explain_shows_the_ratings_and_how_one_is_confirmed() -> None:
    rating = {"period": "2026-27-Q2", "contract_ref": "KC-1", "kpi_id": "3", "kpi_title": "Placements", "measure_code": "S1", "proposed_rating": "other",
              "confirmed_rating": None, "confirmed_by": None, "confirmed_on": None, "decision_id": None}  # fmt: skip
    confirmed = {**rating, "kpi_id": "1", "kpi_title": "On time", "measure_code": None, "proposed_rating": None, "confirmed_rating": "good",
                 "confirmed_by": "contract manager", "confirmed_on": pd.Timestamp(2026, 11, 2), "decision_id": "D-7"}  # fmt: skip
    older = {**rating, "period": "2026-27-Q1", "measure_code": "E4"}
    said = flat_sheet(one_case(contract(), 4, ratings=(older, confirmed, rating)))
    assert (
        "Ratings by section 71 of the Procurement Act 2023, 2026-27-Q2 1 On time not given not given good "
        "contract manager, 2026-11-02, D-7 3 Placements S1 other not given –"
    ) in said
    assert (
        '`kcc-etl decide rating KC-1 --other "3" --period 2026-27-Q2 --rating "other" --role "category lead" --reason "evidence checked"`'
    ) in said
    assert "decide rating" not in flat_sheet(one_case(contract(), 4, ratings=(confirmed,)))
    assert "Ratings" not in flat_sheet(one_case(contract(), 4))


def test_explain_shows_the_share_for_kent_firms_and_the_stretch_of_works_step_by_step() -> None:
    parameters = load_parameters()
    reserved = contract(
        value_ex_vat_pence=17_000_000, value_inc_vat_pence=20_400_000, is_reserved=True,
        supply_spend_ex_vat_pence=333, sv_measures="S1|E1", procurement_category="works",
    )  # fmt: skip
    case = one_case(reserved, 2)
    kent, light = (target_section(case, target).blocks[0] for target in case.targets)
    assert isinstance(kent, Grid)
    assert isinstance(light, Grid)

    assert kent.rows[:4] == (
        ("expected supply spend", "£3.33", "subcontractors and suppliers, excluding VAT"),
        ("share for Kent firms", "x 60%", "below the threshold and reserved to the area"),
        ("before rounding", "= £1.998", "rounded once to the penny, a half upward"),
        ("calculated", "£2", "policy parameters, section 8.4"),
    )
    assert ("stretch", "8.84 person-weeks", "52 for each £1m of works; never asked for") in light.rows
    sheet = case_sheet(case, parameters, date(2026, 11, 23))
    said = sheet.sections[0].blocks[0]
    assert isinstance(said, Grid)
    assert ("expected supply spend", "£3.33", "what E1 may ask for") in said.rows
    assert ("reserved to the area", "yes", "what E1 may ask for") in said.rows


def test_explain_tells_findings_and_hides_a_persons_name(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "KC-2") == 1
    shown = flat(capsys.readouterr().out)

    assert "CR-011 warning" in shown
    assert "Answer the ten questions." in shown
    assert "not answered: counts 2" in shown
    assert "Needs attention: 1 finding(s) about this contract." in shown
    assert "A. Person" not in shown


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        ("KC-3", "it is a framework, and its call-offs carry the targets"),
        ("KC-4", "its procurement began on 2025-05-01, and policy holds from 2026-01-01 on"),
        ("KC-5", "band B0 records it and asks for nothing"),
        ("KC-7", "Band B1 leaves it to the supplier to offer something, and no measure was chosen."),
    ],
)
def test_explain_says_why_there_is_no_target(
    county: Path, capsys: pytest.CaptureFixture[str], ref: str, why: str
) -> None:
    assert run("explain", ref) == 0
    assert why in flat(capsys.readouterr().out)
    assert run("explain", ref, "--json") == 0
    assert why in json.loads(capsys.readouterr().out)["why_no_target"]


def test_explain_as_json_is_exact(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "KC-1", "--json") == 0
    document = json.loads(capsys.readouterr().out)

    target = {row["measure_code"]: row for row in document["targets"]}["S1"]
    assert (target["unrounded"], target["target"], target["agreed"], target["override_id"]) == (
        "6/5",
        "1",
        "2",
        "D-1",
    )
    assert document["edition"] == "2026-01-01"
    assert document["contract"]["start_on"] == "2026-04-01"
    assert document["due"]["S1"] == [
        {"on": "2026-11-23", "due": "73/253"},
        {"on": "2026-12-31", "due": "4/11"},
    ]
    assert document["ratings"] == []


def test_explain_says_when_the_targets_are_older_than_the_parameters(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft(county / "own", ('services = "1"', 'services = "2"'))
    (county / "kcc_etl.toml").write_text(SETTINGS.format(parameters="own"), encoding="utf-8")

    assert run("explain", "KC-1") == 1
    assert f"computed with parameters {load_parameters().version}. Run `kcc-etl run`." in flat(
        capsys.readouterr().out
    )


def test_explain_puts_a_price_on_targets_only_by_the_councils_own_values(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (county / "own").mkdir()
    table = '[proxies]\nsource = "own survey"\nstatus = "assumption"\napproved_by = ""\neffective_from = 2026-01-01\npounds = { S1 = "20000", C1 = "10.5" }\n'
    (county / "own" / "proxies.toml").write_text(table, encoding="utf-8")
    (county / "kcc_etl.toml").write_text(SETTINGS.format(parameters="own"), encoding="utf-8")
    fill(county, county / "own")

    assert run("explain", "KC-1") == 0
    shown = flat(capsys.readouterr().out)
    # 2 people at £20,000 and 14 hours at £10.50 of £1.2m: 3.3%, inside 3% to 25%.
    assert "By the council's own values the targets come to £40,147.00." in shown
    assert "outside" not in shown
    (county / "own" / "proxies.toml").write_text(table.replace("20000", "2000"), encoding="utf-8")
    fill(county, county / "own")
    run("explain", "KC-1")
    assert "that is 0.3% of the contract's value, outside 3% to 25%." in flat(capsys.readouterr().out)


# simulate


def test_simulate_says_who_is_affected_and_by_how_much(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = draft(county / "own", ('services = "1"', 'services = "0.5"'), ('small = "0.50"', 'small = "1.00"'))

    assert run("simulate", path) == 0
    captured = capsys.readouterr().out
    shown = flat(captured)

    assert "tried on the 5 contracts that policy judges today" in shown
    assert "S1 Apprenticeships started on the contract people 2 0 1 0" in shown
    assert "S5 Hours given to careers and school activity hours 0 0 0 1 10 0 -10" in shown
    assert "Micro and small firms: 1 in all, 0 asked for more, 0 for less, 1 for both." in shown
    assert "Charities and social enterprises: 1 in all, 1 asked for more" in shown
    assert "small |~" in captured
    assert "VCSE |+" in captured
    assert "Nothing was changed." in shown
    assert f"{POLICY}: 54 of 72 tables are assumptions that the council has not adopted." in shown
    assert "The parameters in force are assumptions until the adopted ones are loaded." in shown


def test_simulate_writes_csv_that_no_spreadsheet_takes_for_a_formula(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = draft(county / "own", ('services = "1"', 'services = "0.5"'))

    assert run("simulate", path, "--csv", "effects.csv") == 0
    assert "Written: effects.csv" in capsys.readouterr().out
    with (county / "effects.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["contract_ref"] == "'=KC-6"
    assert {row["contract_ref"] for row in rows} == {"KC-1", "KC-2", "KC-5", "KC-7", "'=KC-6"}
    s1 = next(row for row in rows if (row["contract_ref"], row["measure_code"]) == ("KC-1", "S1"))
    assert (s1["target_today"], s1["target_tomorrow"], s1["target_change"]) == ("1.00", "2.00", "more")
    assert run("simulate", path, "--csv", "effects.csv") == 2
    assert "effects.csv is there already. Name another file, or add --force." in capsys.readouterr().err
    assert run("simulate", path, "--csv", "effects.csv", "--force") == 0
    assert run("simulate", path, "--csv", "no/such/effects.csv") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_simulate_as_json(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = draft(county / "own", ('services = "1"', 'services = "0.5"'))

    assert run("simulate", path, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["contracts"], document["is_approved_today"]) == (5, False)
    assert document["targets"] == {"more": 2, "less": 0, "mixed": 1, "same": 2}
    assert [change["contract_ref"] for change in document["changes"]] == ["=KC-6", "KC-1", "KC-2"]
    assert document["changes"][1]["targets"]["S1"] == {"unit": "people", "today": "1", "tomorrow": "2"}


def test_simulate_tries_a_draft_dated_before_the_newest_edition_and_says_which(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = draft(
        county / "own", ("2026-01-01", "2025-05-01"), ('services = "1"', 'services = "0.1"'), name="policy-2025.toml"
    )  # fmt: skip

    assert run("simulate", early) == 0
    shown = flat(capsys.readouterr().out)
    assert "tried on the 5 contracts that policy judges today and on 1 that it would judge besides" in shown
    assert "The edition tried is that of 2025-05-01, on each of them." in shown
    assert "0 would change" not in shown
    assert "out of scope B4 1" in shown
    assert run("simulate", early, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["contracts"], document["contracts_newly_judged"]) == (6, 1)
    assert document["editions_new"] == ["2025-05-01"]
    assert document["edition_tried"] == "2025-05-01"
    draft(county / "own", ("2026-01-01", "2027-01-01"), name="policy-2027.toml")

    assert run("simulate", county / "own") == 0
    assert (
        "2 editions are new. The edition tried is that of 2027-01-01, the newest of them, on each of the contracts; "
        "try that of 2025-05-01 by itself."
    ) in flat(capsys.readouterr().out)


def test_simulate_of_the_same_changes_nothing(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("simulate", "in-force") == 0
    assert "No target would change." in capsys.readouterr().out


# what is wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "shipped", "nowhere"), "There is no file or folder nowhere"),
        (("diff", "nowhere", "shipped"), "There is no file or folder nowhere"),
        (("diff", "shipped", "kcc_etl.toml"), "kcc_etl.toml is no parameter file"),
        (
            ("simulate", "draft.toml"),
            (
                "Rename it policy-2026.toml to take the place of that edition, or policy-2028.toml to be a new one with "
                "a day of its own as effective_from"
            ),
        ),
        (("diff", "shipped", "latin/policy-9.toml"), "cannot be read"),
        (
            ("diff", "shipped", "bad"),
            "policy-2026.toml, line 197: scoring.medium_to is 11. Expected more than low_to",
        ),
        (
            ("simulate", "twice/policy-2027.toml"),
            (
                "about.effective_from is 2026-01-01, as in policy-2026.toml. Expected a day of its own: put the day the "
                "new edition begins in each table, or give the file the name of the edition it is to replace"
            ),
        ),
        (("simulate", "bad"), "scoring.medium_to is 11"),
        (
            ("simulate", "empty"),
            (
                "The folder empty has no parameter file. Expected: files named authority.toml, measures.toml, "
                "outcodes.toml, statutory.toml, duties.toml, materiality.toml, proxies.toml, redaction.toml, "
                "sign_off.toml, waivers.toml or policy-*.toml."
            ),
        ),
        (("diff", "in-force", "empty"), "The folder empty has no parameter file"),
        (("simulate", "nowhere"), "There is no file or folder nowhere"),
        (
            ("explain", "KC-99"),
            "There is no contract 'KC-99' among those that count. Expected: a reference such as",
        ),
        (("explain", ""), "There is no contract ''"),
        (("explain", "KC-1", "--as-of", "soon"), "--as-of 'soon' is not a date"),
        (("explain", "KC-1", "--as-of", "2027-01-01"), "lies after today"),
        (
            ("explain", "KC-1", "--as-of", "2026-10-01"),
            "Run `kcc-etl run --as-of 2026-10-01 --known-at 2026-11-23` first",
        ),
        (("show", "--config", "absent.toml"), "There is no settings file"),
        (("explain",), "Missing argument"),
        (("diff", "shipped"), "Missing argument"),
        (("simulate",), "Missing argument"),
        (("shew",), "No such command"),
        (("show", "--period", "2026"), "No such option"),
    ],
)
def test_what_is_wrong_is_told_with_exit_code_2_and_no_traceback(
    county: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    draft(county / "bad", ("low_to = 7", "low_to = 11"))
    draft(county / "twice", name="policy-2027.toml")
    draft(county, name="draft.toml")
    (county / "latin").mkdir()
    (county / "empty").mkdir()
    (county / "empty" / "policy-2026.txt").write_text("[about]", encoding="utf-8")
    (county / "latin" / "policy-9.toml").write_bytes(b"\xa3")

    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert said in " ".join(captured.err.split())
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [("explain", "KC-1"), ("simulate", "shipped")])
def test_before_the_first_run_it_is_said_that_there_is_nothing_yet(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run(*arguments) == 2
    assert "No targets have been computed yet for these dates" in capsys.readouterr().err
    assert not (here / "data").exists()


def test_a_warehouse_that_is_none_is_told(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (county / "data" / "warehouse.sqlite3").write_bytes(b"no database" * 200)

    assert run("explain", "KC-1") in (2, 3)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["show", "diff", "explain", "simulate"])
def test_help_has_an_example(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(name, "--help") == 0
    shown = flat(capsys.readouterr().out)
    assert f"Example: kcc-etl policy {name}" in shown
    assert "--json" in shown
    laid_over = "A folder is laid over the parameters the program ships, a file over those in force."
    assert (laid_over in shown) == (name in ("diff", "simulate"))


def test_a_draft_can_be_held_against_the_shipped_ones_where_there_are_no_settings(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = draft(here / "own", ("[0, 5, 10]", "[7]"))
    (here / "kcc_etl.toml").unlink()

    assert run("diff", "shipped", path) == 0
    assert "1 key changed" in capsys.readouterr().out
    assert run("diff", "shipped", path, "--config", "absent.toml") == 2


def test_a_draft_is_laid_over_the_parameters_in_force(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft(here / "own", ('unit = "FTE"', 'unit = "people"'), name="measures.toml", source="measures.toml")
    (here / "kcc_etl.toml").write_text(SETTINGS.format(parameters="own"), encoding="utf-8")
    path = draft(here / "next", ("[0, 5, 10]", "[7]"))

    assert run("diff", "in-force", path, "--json") == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [change["key"] for change in changes] == ["policy.returns.reminder_days"]

"""Changes of contracts over time: the worked figures of section 8.6, each version, what the register shows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.counted_changes import faults_of_changes, with_changed_ends
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.profile import Profile, by_milestones, even
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import compute_versions
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
START, END = date(2026, 4, 1), date(2029, 3, 31)
SIXTH, SEVENTH = date(2027, 9, 30), date(2027, 10, 1)
"""The last day of the sixth quarter and the first of the seventh."""


def targets_chosen(*given):
    """The targets of the measures that were chosen: without the carbon measure that policy adds."""
    frame = compute_targets(*given)
    return frame[frame["measure_code"] != "G1"].reset_index(drop=True)


def contract(**given):
    row = {
        "contract_ref": "KC-1", "contract_title": "Cleaning", "supplier_name": "Acme", "department": "GET",
        "agreement_kind": "contract", "procurement_category": "services", "service_group": "other",
        "regime": "pa23", "is_light_touch": False, "is_school_contract": False, "supplier_size": "large",
        "supplier_is_vcse": False, "value_ex_vat_pence": 1_200_000_000, "start_on": START, "end_on": END,
        "procurement_commenced_on": date(2026, 1, 5), "sv_measures": "S1", "spend_is_guaranteed": True,
        **dict.fromkeys(RISK_QUESTIONS, 1), **dict.fromkeys(COMPLEXITY_QUESTIONS, 2),
    }  # fmt: skip
    return {**row, **given}


def change(kind, number="D1", day=date(2027, 9, 1), **given):
    return {
        "decision_id": number, "decision_kind": kind, "subject": "KC-1", "role": "contract manager",
        "reason_code": "contract variation", "decided_on": day, **given,
    }  # fmt: skip


def value_change(before, after, on=SEVENTH, **given):
    return change(
        "value change", effective_on=on, original_value_pence=1_200_000_000, value_before_pence=before,
        value_after_pence=after, **given,
    )  # fmt: skip


def extension(pence, first=date(2029, 4, 1), last=date(2030, 3, 31), **given):
    return change(
        "extension", effective_on=first, new_end_on=last, original_value_pence=1_200_000_000,
        value_before_pence=1_200_000_000, value_after_pence=1_200_000_000 + pence, **given,
    )  # fmt: skip


def early_end(last, before=END, **given):
    return change("early end", old_end_on=before, new_end_on=last, **given)


def frames_of(decisions, **given):
    made = frames.from_rows([contract(**given)], keys.CORE_CONTRACT)
    return made, frames.from_rows(list(decisions), keys.CORE_DECISION)


def versions(*decisions, **given):
    contracts, log = frames_of(decisions, **given)
    targets = targets_chosen(contracts, log, PARAMETERS)
    return compute_versions(targets, contracts, log, PARAMETERS)


def stands(period, *decisions, payments=None, **given):
    """Agreed and due of the one target at the end of a period."""
    contracts, log = frames_of(decisions, **given)
    targets = targets_chosen(contracts, log, PARAMETERS)
    claims = frames.empty(keys.CORE_CLAIM)
    frame = Delivery(contracts, targets, claims, log, PARAMETERS, payments=payments).at(parse_period(period))
    return frame[["agreed", "due"]].to_numpy().tolist()[0]


# Source: social-value-policy.md section 8.6: target 12 over 12 quarters, first quarter 0, change after quarter
# 6: due 5.4545; remaining value £3.0m to £4.5m; new target 15.2727.
def test_the_worked_change_of_value_comes_out_exactly():
    changed = value_change(300_000_000, 450_000_000)
    found = versions(changed)

    assert found["version"].tolist() == [1, 2]
    assert found["version_kind"].tolist() == ["calculated", "value change"]
    assert found["agreed"].tolist() == [12, Fraction(168, 11)]
    assert found["due_before"].tolist() == [0, Fraction(60, 11)]
    assert found["effective_on"].dt.date.tolist() == [START, SEVENTH]
    assert found["decision_id"].tolist()[1] == "D1"
    assert found["explanation"].tolist()[1] == (
        "The value still to come changes on 1 October 2027 from £3,000,000.00 to £4,500,000.00: "
        "5.4545 due before + 6.5455 x £4,500,000.00 / £3,000,000.00 = 15.2727."
    )
    assert stands("2027-28-Q2", changed) == [12, Fraction(60, 11)]
    assert stands("2027-28-Q3", changed) == [Fraction(168, 11), Fraction(60, 11) + Fraction(12, 11) * 3 / 2]
    assert stands("2028-29-Q4", changed) == [Fraction(168, 11), Fraction(168, 11)]


def test_the_profile_alone_gives_the_worked_figures():
    profile = even(Fraction(12), START, END)
    assert profile.due(SIXTH) == Fraction(60, 11)
    assert profile.valued_anew(SEVENTH, Fraction(3, 2)).total == Fraction(168, 11)
    assert profile.valued_anew(START, Fraction(3, 2)).total == 18
    assert profile.valued_anew(date(2030, 1, 1), Fraction(3, 2)).total == 12


# Source: section 8.6: add original x extension_value / original_value, from the extension start.
def test_an_extension_adds_its_share_of_the_original_from_its_start():
    longer = extension(300_000_000)
    assert versions(longer)["agreed"].tolist() == [12, 15]
    assert stands("2028-29-Q4", longer) == [12, 12]
    assert stands("2029-30-Q1", longer) == [15, 12 + Fraction(3, 4)]
    assert stands("2029-30-Q4", longer) == [15, 15]


def test_an_extension_after_a_change_of_value_still_follows_the_original():
    found = versions(value_change(300_000_000, 450_000_000), extension(300_000_000, number="D2"))
    assert found["agreed"].tolist() == [12, Fraction(168, 11), Fraction(168, 11) + 3]


def test_the_sentence_of_an_early_end_is_true_before_it_and_after_it():
    assert versions(early_end(SIXTH))["explanation"].tolist()[1] == (
        "The contract ends early on 30 September 2027; from then the target is the 5.4545 due by that day."
    )


# Source: section 8.6: early end freezes the target at what is due to date.
def test_an_early_end_freezes_the_target_at_what_is_due():
    ended = early_end(SIXTH)
    assert versions(ended)["agreed"].tolist() == [12, Fraction(60, 11)]
    assert stands("2027-28-Q1", ended)[0] == 12
    assert stands("2027-28-Q2", ended) == [Fraction(60, 11), Fraction(60, 11)]
    assert stands("2028-29-Q4", ended) == [Fraction(60, 11), Fraction(60, 11)]


@pytest.mark.parametrize(
    "shown",
    [{}, {"end_on": date(2030, 3, 31)}, {"end_on": date(2030, 3, 31), "value_ex_vat_pence": 1_500_000_000}],
)
def test_the_figures_are_the_same_whether_the_register_shows_the_extension_or_not(shown):
    longer = extension(300_000_000)
    assert versions(longer, **shown)["agreed"].tolist() == [12, 15]
    assert stands("2027-28-Q2", longer, **shown) == [12, Fraction(60, 11)]


def test_the_figures_are_the_same_whether_the_register_shows_the_early_end_or_not():
    ended = early_end(SIXTH)
    assert stands("2026-27-Q4", ended) == stands("2026-27-Q4", ended, end_on=SIXTH) == [12, Fraction(36, 11)]


def test_the_band_is_not_opened_again_by_an_extension():
    longer = change(
        "extension", effective_on=date(2029, 4, 1), new_end_on=date(2030, 3, 31),
        original_value_pence=400_000_000, value_before_pence=400_000_000, value_after_pence=600_000_000,
    )  # fmt: skip
    contracts, log = frames_of([longer], value_ex_vat_pence=600_000_000, end_on=date(2030, 3, 31))
    targets = targets_chosen(contracts, log, PARAMETERS)
    assert targets[["band", "original", "agreed"]].to_numpy().tolist() == [["B4", 4, 6]]


@pytest.mark.parametrize("value", [420_000_000, 560_000_000])
def test_the_band_is_the_same_whether_the_register_shows_options_taken_up_or_not(value):
    """By the time of its options the contract was worth £5.6m: B5, and not the B4 of £4.2m."""
    taken = change(
        "extension", effective_on=date(2029, 4, 1), new_end_on=date(2030, 3, 31),
        original_value_pence=420_000_000, value_before_pence=420_000_000, value_after_pence=560_000_000,
    )  # fmt: skip
    options = {"value_ex_vat_pence": value, "max_end_on": date(2030, 3, 31)}
    found = [
        targets_chosen(*frames_of([taken], end_on=shown, **options), PARAMETERS)
        for shown in (END, date(2030, 3, 31))
    ]
    columns = ["band", "unrounded", "original", "assumed", "explanation"]
    before, after = (targets[columns].to_numpy().tolist() for targets in found)
    assert before == after
    assert found[0]["band"].tolist() == ["B5"]


# Source: section 8.6: optional years count only when taken up.
def test_options_count_only_when_they_are_taken_up():
    with_options = {"value_ex_vat_pence": 1_500_000_000, "max_end_on": date(2030, 3, 31)}
    stated = {**with_options, "options_value_ex_vat_pence": 300_000_000}
    assert versions(**stated)["agreed"].tolist() == [12]
    taken = extension(300_000_000)
    assert versions(taken, **stated)["agreed"].tolist() == [12, 15]
    by_time = frames_of([], **with_options)
    targets = targets_chosen(*by_time, PARAMETERS)
    assert targets["unrounded"].tolist() == [Fraction(15) * 12 / 16]
    assert targets["assumed"].tolist() == ["options without a value count by their share of the time"]


# Source: section 8.6: target per £m invoiced, using the value invoiced to date.
def test_without_guaranteed_spend_the_target_follows_what_is_invoiced():
    paid = [
        {"contract_ref": "KC-1", "paid_on": date(2026, 8, 3), "amount_ex_vat_pence": 250_000_000},
        {"contract_ref": "KC-1", "paid_on": date(2026, 10, 1), "amount_ex_vat_pence": -50_000_000},
        {"contract_ref": "KC-2", "paid_on": date(2026, 8, 3), "amount_ex_vat_pence": 900_000_000},
    ]
    payments = frames.from_rows(paid, keys.CORE_PAYMENT)
    loose = {"payments": payments, "spend_is_guaranteed": False}
    assert stands("2026-27-Q1", **loose) == [0, 0]
    assert stands("2026-27-Q2", **loose) == [Fraction(5, 2), Fraction(5, 2)]
    assert stands("2026-27-Q3", **loose) == [2, 2]


@pytest.mark.parametrize(
    ("received", "paid", "due"),
    [
        (date(2026, 9, 30), date(2026, 10, 30), 2), (date(2026, 10, 1), date(2026, 10, 30), 0),
        (None, date(2026, 9, 30), 2), (None, date(2026, 10, 1), 0),
        (date(2026, 10, 1), date(2026, 9, 30), 0),
    ],
)  # fmt: skip
def test_an_invoice_counts_from_its_receipt_or_where_that_is_not_known_from_its_payment(received, paid, due):
    line = {
        "contract_ref": "KC-1",
        "invoice_received_on": received,
        "paid_on": paid,
        "amount_ex_vat_pence": 200_000_000,
    }
    payments = frames.from_rows([line], keys.CORE_PAYMENT)
    assert stands("2026-27-Q2", payments=payments, spend_is_guaranteed=False) == [due, due]


def milestone(day, quantity, number, decided_on=START, role="contract manager", code="S1"):
    given = {"effective_on": day, "quantity": quantity, "measure_code": code, "role": role}
    return {**change("milestone", number, **given), "decided_on": decided_on}


def test_milestones_take_the_place_of_equal_shares():
    given = [milestone(date(2026, 6, 30), 2, "D1"), milestone(date(2028, 3, 31), 7, "D2")]
    assert stands("2026-27-Q1", *given) == [12, 2]
    assert stands("2027-28-Q3", *given) == [12, 2]
    assert stands("2027-28-Q4", *given) == [12, 9]
    assert stands("2028-29-Q4", *given) == [12, 12]


def test_milestones_beyond_the_target_or_the_contract_never_make_it_more():
    days = [(date(2020, 1, 1), Fraction(5)), (date(2040, 1, 1), Fraction(50))]
    profile = by_milestones(Fraction(12), START, END, days)
    assert (profile.due(START), profile.due(END), profile.total) == (5, 12, 12)


def test_a_later_decision_on_the_same_change_corrects_it():
    wrong = value_change(300_000_000, 900_000_000, number="D1", day=date(2027, 9, 1))
    right = value_change(300_000_000, 450_000_000, number="D2", day=date(2027, 9, 8))
    for log in ([wrong, right], [right, wrong]):
        assert versions(*log)["agreed"].tolist() == [12, Fraction(168, 11)]
    withdrawn = early_end(END, number="D4", day=date(2027, 9, 9))
    assert versions(early_end(SIXTH), withdrawn)["agreed"].tolist() == [12, 12]


def test_an_old_report_is_rebuilt_as_its_day_knew_it():
    changed = value_change(300_000_000, 450_000_000, day=date(2027, 10, 20))
    contracts, log = frames_of([changed])
    for day, agreed in ((date(2027, 10, 19), 12), (date(2027, 10, 20), Fraction(168, 11))):
        known = decisions_known(log, day)
        assert targets_chosen(contracts, known, PARAMETERS, day)["agreed"].tolist() == [agreed]
    early = targets_chosen(contracts, log, PARAMETERS, SIXTH)
    assert early["agreed"].tolist() == [12]


def test_commitments_and_percentages_do_not_move_with_value_or_term():
    promise = change("commitment", "D0", measure_code="E2", quantity=Fraction(600))
    log = [promise, value_change(300_000_000, 450_000_000), extension(300_000_000, number="D2")]
    found = versions(*log, sv_measures="S1|E2|E4")
    last = found.groupby("measure_code")["agreed"].last()
    assert last.to_dict() == {"E2": 600, "E4": 100, "S1": Fraction(168, 11) + 3}
    frozen = versions(promise, early_end(SIXTH), sv_measures="S1|E2|E4")
    ended = frozen.groupby("measure_code")["agreed"].last().to_dict()
    assert ended == {"E2": Fraction(3000, 11), "E4": 100, "S1": Fraction(60, 11)}


def test_a_commitment_to_hours_where_none_are_asked_does_not_move_either():
    promise = change("commitment", "D0", measure_code="C1", quantity=Fraction(60))
    small = {"value_ex_vat_pence": 24_000_000, "sv_measures": "S1|C1"}
    changed = [value_change(3, 4), extension(300_000_000, number="D2")]
    log = [{**one, "original_value_pence": 24_000_000} for one in changed]
    found = versions(promise, *log, **small)
    assert found[found["measure_code"] == "C1"]["agreed"].tolist() == [60]


def test_an_override_is_a_version_of_its_own_and_changes_start_from_it():
    override = change(
        "override", "D0", measure_code="S1", quantity=Fraction(11), role="category lead",
    ) | {"reason_code": "market capacity"}  # fmt: skip
    found = versions(override, value_change(300_000_000, 450_000_000))
    assert found["version_kind"].tolist() == ["calculated", "override", "value change"]
    assert found["agreed"].tolist() == [12, 11, 14]
    assert stands("2027-28-Q2", override) == [11, 5]


def test_returns_are_owed_as_long_as_the_contract_runs_after_its_changes():
    made, log = frames_of([extension(300_000_000)])
    assert with_changed_ends(made, log)["end_on"].dt.date.tolist() == [date(2030, 3, 31)]
    made, log = frames_of([early_end(SIXTH)])
    assert with_changed_ends(made, log)["end_on"].dt.date.tolist() == [SIXTH]
    assert with_changed_ends(made, frames.empty(keys.CORE_DECISION)).equals(made)
    assert pd.isna(with_changed_ends(made.assign(end_on=pd.NaT), log)["end_on"]).all()


def test_a_target_of_nothing_stays_nothing():
    profile = Profile(()).valued_anew(SEVENTH, Fraction(3, 2)).ended(SIXTH)
    assert (profile.total, profile.due(END)) == (0, 0)


# A slip of the pen moves neither band nor target: rules DC-016 to DC-018.
@pytest.mark.parametrize(
    "slip",
    [
        value_change(300_000_000, 450_000_000) | {"original_value_pence": 60_000_000},
        value_change(300_000_000, 450_000_000, on=date(2020, 4, 1)),
        extension(200_000_000, first=date(2028, 4, 1), last=date(2028, 5, 31)),
        early_end(date(2019, 1, 1)),
        early_end(SIXTH, before=date(2028, 3, 31)),
    ],
)
def test_a_change_that_does_not_fit_the_register_does_not_count(slip):
    assert versions(slip)["agreed"].tolist() == [12]
    assert stands("2028-29-Q4", slip) == [12, 12]
    assert with_changed_ends(*frames_of([slip]))["end_on"].dt.date.tolist() == [END]


def test_where_a_correction_does_not_fit_the_decision_before_stands():
    right = value_change(300_000_000, 450_000_000)
    slip = value_change(300_000_000, 450_000_000, number="D2") | {"original_value_pence": 12_000_000}
    assert versions(right, slip)["decision_id"].tolist()[1:] == ["D1"]


@pytest.mark.parametrize("shown", [1_190_000_000, 1_212_000_000, 1_350_000_000])
def test_a_register_that_rounds_or_shows_the_change_fits(shown):
    changed = value_change(300_000_000, 450_000_000)
    assert versions(changed, value_ex_vat_pence=shown)["agreed"].tolist() == [12, Fraction(168, 11)]


# The whole value is 12m: within 1 per cent of it no more can be still to come; the register may show it changed.
@pytest.mark.parametrize(
    ("before", "shown", "counts"),
    [
        (1_200_000_000, 1_200_000_000, True), (1_212_000_000, 1_200_000_000, True),
        (1_212_000_001, 1_200_000_000, False), (120_000_000_000, 1_200_000_000, False),
        (1_212_000_001, 1_300_000_000, True),
    ],
)  # fmt: skip
def test_no_more_is_still_to_come_than_the_contract_was_worth(before, shown, counts):
    changed = value_change(before, before + 100_000_000)
    contracts, log = frames_of([changed], value_ex_vat_pence=shown)
    faults = faults_of_changes(contracts, log)
    assert ("D1" not in faults) is counts
    if not counts:
        assert (faults["D1"].field, faults["D1"].about) == ("value_before_pence", "value")
        assert faults["D1"].found.endswith("still to come of a contract of £12,000,000.00")


def test_what_an_earlier_change_added_may_still_be_to_come():
    dearer = value_change(1_200_000_000, 1_500_000_000, on=date(2026, 7, 1))
    again = value_change(1_500_000_000, 1_600_000_000, on=date(2026, 10, 1), number="D2")
    assert faults_of_changes(*frames_of([dearer, again])) == {}
    assert list(faults_of_changes(*frames_of([again]))) == ["D2"]

"""Who is who: one supplier by shared identifiers and by decisions, what is known of each, names to settle."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import assign_supplier_keys, build_contracts, build_decisions, build_payments
from kcc_etl.domain.lookalikes import alike, review_pairs
from kcc_etl.domain.register_notices import join_register_and_notices
from kcc_etl.domain.sameness import identify, mentions, rule
from kcc_etl.domain.senders import from_strangers
from kcc_etl.domain.suppliers import build_suppliers, pairs_apart
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows

AS_OF = date(2026, 11, 23)
PARAMETERS = load_parameters()
COLUMNS = empty("file_column")
LANDED = {"source_sha256": "ab" * 32, "source_file": "f.csv", "source_name": "s"}
A, B, C = "GB-COH:01234567", "GB-COH:07654321", "GB-PPON:PLDL-8938-YGYW"


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    placed = [{**LANDED, "source_row": place, **row} for place, row in enumerate(rows, 2)]
    return from_rows(placed, name) if rows else empty(name)


def named(*rows: dict[str, object]) -> pd.DataFrame:
    return mentions(
        table(keys.RAW_CONTRACT, list(rows)),
        *(empty(t) for t in (keys.RAW_PAYMENT, keys.RAW_CLAIM, keys.RAW_NOTICE)),
    )


def who(
    name: str, company: str | None = None, ppon: str | None = None, charity: str | None = None
) -> dict[str, object]:
    numbers = {"supplier_company_number": company, "supplier_ppon": ppon, "supplier_charity_number": charity}
    return {"supplier_name": name, **numbers}


def decided(*rows: tuple[str, str, str], on: str = "2026-10-01") -> pd.DataFrame:
    """Decisions in order of kind, subject and other subject."""
    return table(
        keys.RAW_DECISION,
        [
            {
                "decision_id": f"D-{n}",
                "decision_kind": kind,
                "subject": one,
                "other_subject": other,
                "decided_on": on,
                "role": "contract manager",
            }
            for n, (kind, one, other) in enumerate(rows, 1)
        ],
    )


NONE = decided()


def settled(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["own_key"], frame["supplier_key"], strict=True))


ACME, ACME_ON_PLATFORM = who("Acme Ltd", "01234567"), who("Acme Limited", ppon="PLDL-8938-YGYW")
BOTH = who("ACME", "01234567", "PLDL-8938-YGYW")


def test_a_shared_identifier_makes_one_supplier_of_two_names_and_two_numbers():
    frame = identify(named(ACME, ACME_ON_PLATFORM, BOTH), NONE, AS_OF)

    assert set(settled(frame).values()) == {A}
    assert frame["identifier_conflict"].isna().all()


def test_a_supplier_of_register_payments_and_notices_is_one_through_any_of_them():
    suppliers = '[{"suppliers":[{"supplier_name":"Acme","supplier_company_number":"01234567","supplier_ppon":"PLDL-8938-YGYW"}]}]'
    seen = mentions(
        table(keys.RAW_CONTRACT, [who("Acme", charity="1123456", company="01234567")]),
        table(keys.RAW_PAYMENT, [{"supplier_name": "Acme Trust", "supplier_charity_number": "1123456"}]),
        table(keys.RAW_CLAIM, [{"supplier_name": "Acme of Kent"}]),
        table(keys.RAW_NOTICE, [{"contracts_json": suppliers}]),
    )

    found = settled(identify(seen, NONE, AS_OF))
    assert found == {A: A, C: A, "GB-CHC:1123456": A, "name:acme of kent": "name:acme of kent"}


def test_two_company_numbers_beside_one_identifier_make_no_supplier_one_and_are_told():
    rows = (BOTH, who("Acme Kent Ltd", "07654321", "PLDL-8938-YGYW"), ACME_ON_PLATFORM)
    frame = identify(named(*rows), NONE, AS_OF)

    assert settled(frame) == {A: A, B: B, C: C}
    assert set(frame["identifier_conflict"]) == {f"{B}, {C}", f"{A}, {C}", f"{A}, {B}"}


ALPHA, BETA = who("Alpha Scaffolding Ltd", "01234567"), who("Quorn Catering", "01234567")
N_ALPHA, N_BETA = "name:alpha scaffolding", "name:quorn catering"


def under_each_name(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    keyed = zip(frame["own_key"], frame["match_key"], strict=True)
    return dict(zip(keyed, frame["supplier_key"], strict=True))


def test_a_number_under_wholly_different_names_makes_nobody_one_and_is_told():
    frame = identify(named(ALPHA, BETA, who("Alpha Scaffolding", ppon="PLDL-8938-YGYW")), NONE, AS_OF)

    assert under_each_name(frame) == {
        (A, "alpha scaffolding"): N_ALPHA, (A, "quorn catering"): N_BETA, (C, "alpha scaffolding"): C,
    }  # fmt: skip
    told = dict(zip(frame["match_key"], frame["identifier_conflict"], strict=True))
    assert told["quorn catering"] == f"{A}, which also stands under alpha scaffolding"


def test_a_further_number_beside_a_contested_one_still_joins_the_rows_that_have_it():
    seen = named(ALPHA, BETA, who("Alpha Scaffolding", "01234567", "PLDL-8938-YGYW"))
    keyed = under_each_name(identify(seen, NONE, AS_OF))
    assert keyed[A, "alpha scaffolding"] == keyed[C, "alpha scaffolding"] == C
    assert keyed[A, "quorn catering"] == N_BETA


def test_a_firm_that_changed_its_name_in_steps_stays_one():
    steps = ("Bloom Services", "Bloom Services formerly Zenith Procurement", "Zenith Procurement")
    frame = identify(named(*(who(name, "01234567") for name in steps)), NONE, AS_OF)
    assert set(frame["supplier_key"]) == {A}
    assert frame["identifier_conflict"].isna().all()


@pytest.mark.parametrize("subject", [N_ALPHA, "Alpha Scaffolding Limited"])
def test_an_officer_gives_a_number_to_two_names_by_making_them_one(subject):
    frame = identify(named(ALPHA, BETA), decided(("same supplier", subject, "Quorn Catering")), AS_OF)
    assert set(frame["supplier_key"]) == {A}
    assert frame["identifier_conflict"].isna().all()


def test_an_officer_who_tells_two_names_apart_leaves_the_number_to_be_corrected():
    frame = identify(named(ALPHA, BETA), decided(("different suppliers", N_ALPHA, N_BETA)), AS_OF)
    assert sorted(frame["supplier_key"]) == [N_ALPHA, N_BETA]
    assert frame["identifier_conflict"].notna().all()


def test_a_decision_about_a_number_of_two_names_asks_for_the_name():
    ruling = rule(
        identify(named(ALPHA, BETA, who("Gamma")), NONE, AS_OF), decided(("same supplier", A, "Gamma")), AS_OF
    )
    assert ruling.faults == {
        "D-1": ("DC-003", f"{A}: stands for {N_ALPHA} and {N_BETA}; give one of these keys")
    }


@settings(max_examples=12, deadline=None)
@given(
    st.permutations(
        [
            ACME,
            ACME_ON_PLATFORM,
            BOTH,
            BETA,
            who("Beta", "07654321"),
            who("Beta", charity="1123456"),
            who("Gamma"),
        ]
    )
)
def test_the_order_of_rows_does_not_matter(rows):
    pd.testing.assert_frame_equal(
        identify(named(*rows), NONE, AS_OF), identify(named(*sorted(rows, key=str)), NONE, AS_OF)
    )


@pytest.mark.parametrize("subject", ["name:acme care", "Acme Care", "ACME CARE LTD"])
@pytest.mark.parametrize("other", [A, "01234567", "1234567", "Acme Ltd"])
def test_an_officer_makes_one_supplier_of_two_by_key_number_or_name(subject, other):
    seen = named(ACME, who("Acme Care"))

    frame = identify(seen, decided(("same supplier", subject, other)), AS_OF)
    assert settled(frame) == {A: A, "name:acme care": A}
    assert frame.set_index("own_key")["decision_id"].dropna().to_dict() == {"name:acme care": "D-1"}
    assert (
        settled(identify(seen, decided(("same supplier", subject, other)), date(2026, 9, 30)))[
            "name:acme care"
        ]
        == "name:acme care"
    )


def test_decisions_run_through_contracts_and_payments():
    contracts = [{"contract_ref": "C1", **ACME}, {"contract_ref": "C2", **who("Acme Care")}]
    dates = {"start_on": "2026-01-01", "end_on": "2027-01-01"}
    raw = table(keys.RAW_CONTRACT, [{**row, **dates} for row in contracts])
    paid = table(
        keys.RAW_PAYMENT, [{"supplier_name": "ACME care", "paid_on": "2026-05-01", "amount_ex_vat_pence": 5}]
    )
    identities = identify(named(ACME, who("Acme Care")), decided(("same supplier", "Acme Care", A)), AS_OF)

    register = build_contracts(raw, COLUMNS, identities).rows
    assert register["supplier_key"].tolist() == [A, A]
    assert build_payments(paid, register, COLUMNS, AS_OF, identities).rows["supplier_key"].tolist() == [A]


def test_a_name_decided_to_be_another_is_not_taken_for_the_one_supplier_of_that_name():
    """The payee `Acme` would count as Acme Ltd of the register, and be published by name, on its name alone."""
    payee = pd.DataFrame([who("Acme")])
    register = pd.DataFrame([ACME])
    apart = identify(named(ACME, who("Acme")), decided(("different suppliers", "name:acme", A)), AS_OF)

    assert assign_supplier_keys(payee, register).tolist() == [A]
    assert assign_supplier_keys(payee, register, apart).tolist() == ["name:acme"]


@pytest.mark.parametrize(
    ("decisions", "rule_id", "found"),
    [
        ([("same supplier", "Nobody", A)], "DC-003", "Nobody: no supplier of"),
        ([("same supplier", A, "99999990")], "DC-003", "99999990: no supplier of"),
        ([("same supplier", "Twin", A)], "DC-003", f"Twin: stands for {B} and GB-CHC:1123456"),
        ([("same supplier", A, B)], "DC-008", f"{A} and {B} are two organisations of one register"),
        ([("same supplier", "Beta", A), ("same supplier", "Beta", B)], "DC-008", f"{A} and {B} are two"),
        ([("different suppliers", "Beta", "Gamma"), ("same supplier", "Beta", A), ("same supplier", "Gamma", A)],
         "DC-008", "name:beta and name:gamma were decided to be different"),
        ([("different suppliers", A, "GB-PPON:PABC-1234-DEFG")], "DC-008", "share an identifier"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_stand_is_told_and_changes_nothing(decisions, rule_id, found):
    rows = (
        who("Acme Ltd", "01234567", "PABC-1234-DEFG"), who("Twin", "07654321"), who("Twin", charity="1123456"),
        who("Beta"), who("Gamma"),
    )  # fmt: skip
    raw = decided(*decisions)
    identities = identify(named(*rows), raw, AS_OF)
    faults = rule(identities, raw, AS_OF).faults
    core = build_decisions(
        raw,
        empty(keys.CORE_CONTRACT),
        empty(keys.CORE_PAYMENT),
        COLUMNS,
        rule(identities, raw, AS_OF),
        parameters=load_parameters(),
        as_of=AS_OF,
    )

    (number,) = faults
    assert number == f"D-{len(decisions)}"
    assert faults[number][0] == rule_id
    assert found in faults[number][1]
    assert [f.rule_id for f in core.findings] == [rule_id]
    assert len(core.rows) == len(decisions) - 1
    assert settled(identities)[B] == B


def test_of_two_decisions_about_one_pair_the_last_stands():
    seen = named(ACME, who("Acme Care"))
    ways = ("same supplier", "Acme Care", A), ("different suppliers", A, "Acme Care")

    assert settled(identify(seen, decided(*ways), AS_OF))["name:acme care"] == "name:acme care"
    assert settled(identify(seen, decided(*reversed(ways)), AS_OF))["name:acme care"] == A


NOTICED = {
    "notice_type": "UK7",
    "supplier_scale": "sme",
    "release_id": "r",
    "contract_place": 1,
    "part_number": 1,
}


def suppliers_of(contracts=(), payments=(), notices=(), decisions: pd.DataFrame = NONE) -> pd.DataFrame:
    tables = {
        keys.CORE_CONTRACT: [
            {"contract_ref": str(n), "value_ex_vat_pence": 100, **row} for n, row in enumerate(contracts)
        ],
        keys.CORE_PAYMENT: [{"amount_ex_vat_pence": 7, **row} for row in payments],
        keys.CORE_NOTICE_SUPPLIER: [{**NOTICED, **row} for row in notices],
    }
    frames = {name: table(name, rows) for name, rows in tables.items()}
    identities = identify(
        pd.concat([f.reindex(columns=list(ACME)) for f in frames.values()]).astype(object), decisions, AS_OF
    )
    keyed = [
        f.assign(supplier_key=assign_supplier_keys(f, frames[keys.CORE_CONTRACT], identities))
        for f in frames.values()
    ]
    return build_suppliers(*keyed, identities, PARAMETERS).set_index("supplier_key")


def test_one_row_a_supplier_with_all_its_names_numbers_and_sums():
    found = suppliers_of(
        [{**ACME, "supplier_size": "small", "supplier_postcode": "CT1 1AA", "supplier_is_vcse": False}, ACME],
        [who("ACME"), {**who("Acme Ltd", "01234567"), "amount_ex_vat_pence": -2}],
        [BOTH],
    )

    assert list(found.index) == [A]
    told = found.loc[A]
    assert (told["supplier_name"], told["supplier_names"]) == ("Acme Ltd", "ACME|Acme Ltd")
    assert (told["supplier_company_number"], told["supplier_ppon"]) == ("01234567", "PLDL-8938-YGYW")
    assert told["seen_in"] == "register|notices|payments"
    assert (told["contracts_count"], told["contracts_pence"], told["payments_pence"]) == (2, 200, 5)
    assert told[["sme_pa23", "sme_code", "vcse"]].tolist() == ["yes", "yes", "no"]
    assert told[["in_kent", "outcode", "supplier_district"]].tolist() == ["yes", "CT1", "E07000106"]
    assert (told["source_file"], told["source_row"]) == ("f.csv", 2)


def test_what_is_not_known_stays_unknown():
    told = suppliers_of([ACME]).loc[A]

    assert told[["sme_pa23", "sme_code", "vcse", "in_kent", "supplier_district"]].tolist() == ["unknown"] * 5


def test_sources_that_contradict_one_another_leave_a_supplier_unknown():
    one = {**ACME, "supplier_size": "large", "supplier_postcode": "CT1 1AA", "supplier_is_vcse": True}
    other = {**ACME, "supplier_size": "small", "supplier_postcode": "SW1A 1AA", "supplier_is_vcse": False}
    told = suppliers_of([one, other]).loc[A]

    assert told["sizes_stated"] == "large|small"
    assert told[["sme_pa23", "sme_code", "vcse", "in_kent", "supplier_district"]].tolist() == ["unknown"] * 5


def test_the_scale_of_a_notice_before_the_act_says_nothing_about_the_act():
    assert suppliers_of(notices=[{**BOTH, "notice_type": None}]).loc[A, "sme_pa23"] == "unknown"
    assert suppliers_of(notices=[BOTH]).loc[A, "sme_pa23"] == "yes"


def test_individuals_and_redacted_payees_are_no_suppliers():
    paid = [{**who("Jo Bloggs"), "payee_kind": "Individual"}, who("REDACTED PERSONAL DATA"), who("Trader")]

    assert list(suppliers_of(payments=paid).index) == ["name:trader"]


def test_names_that_look_alike_are_put_before_an_officer_until_settled():
    contracts, payments = (
        [who("Schofield and Sons Ltd", "01234567")],
        [who("Schofeild & Sons Ltd"), who("Wholly Other")],
    )
    pairs = review_pairs(
        suppliers_of(contracts, payments).reset_index(), pairs_apart(empty(keys.CORE_SUPPLIER_IDENTIFIER))
    )

    assert pairs[["supplier_key", "other_key"]].to_numpy().tolist() == [[A, "name:schofeild and sons"]]
    assert pairs[["at_stake_pence", "other_at_stake_pence"]].to_numpy().tolist() == [[100, 7]]
    for kind in ("same supplier", "different suppliers"):
        decision = decided((kind, A, "Schofeild & Sons Ltd"))
        raw = suppliers_of(contracts, payments, decisions=decision).reset_index()
        apart = pairs_apart(identify(named(*contracts, *payments), decision, AS_OF))
        assert review_pairs(raw, apart).empty, kind


def test_a_number_under_two_names_is_put_before_an_officer_until_settled():
    contracts = [ALPHA, BETA]
    pairs = review_pairs(suppliers_of(contracts).reset_index(), ())

    assert pairs[["supplier_key", "other_key", "reason"]].to_numpy().tolist() == [
        [N_ALPHA, N_BETA, "the number 01234567 stands under both names"]
    ]
    for kind in ("same supplier", "different suppliers"):
        decision = decided((kind, "Alpha Scaffolding", "Quorn Catering"))
        raw = suppliers_of(contracts, decisions=decision).reset_index()
        apart = pairs_apart(identify(named(*contracts), decision, AS_OF))
        assert review_pairs(raw, apart).empty, kind


def test_a_stand_in_under_many_names_puts_five_pairs_of_a_supplier_and_no_more():
    names = ("Alpha", "Bravo", "Quebec", "Xylo", "Zimt", "Ochre", "Fjord", "Gnu")
    pairs = review_pairs(suppliers_of([who(name, "01234567") for name in names]).reset_index(), ())
    both = [*pairs["supplier_key"], *pairs["other_key"]]
    assert max(map(both.count, both)) <= 5


def test_a_firm_with_a_contested_number_is_told_and_keeps_the_number_in_its_row():
    frame = suppliers_of([ALPHA, BETA])
    assert list(frame.index) == [N_ALPHA, N_BETA]
    assert frame["supplier_company_number"].tolist() == ["01234567", "01234567"]
    assert frame["identifier_conflict"].tolist() == [
        f"{A}, which also stands under quorn catering", f"{A}, which also stands under alpha scaffolding",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "payment", "file", "row"),
    [
        ({"source_row": 10}, {"source_row": 9}, "f.csv", 9),
        ({"source_row": 9}, {"source_row": 10}, "f.csv", 9),
        ({"source_file": "b.csv", "source_row": 2}, {"source_file": "a.csv", "source_row": 7}, "a.csv", 7),
    ],
)
def test_a_pair_is_placed_where_the_first_of_its_names_was_read(contract, payment, file, row):
    contracts = [{**who("Schofield and Sons Ltd", "01234567"), **contract}]
    payments = [{**who("Schofeild & Sons Ltd"), **payment}]
    pairs = review_pairs(suppliers_of(contracts, payments).reset_index(), ())

    assert pairs[["source_name", "source_file", "source_row"]].to_numpy().tolist() == [["s", file, row]]


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("schofield and sons", "schofeild and sons", True), ("kent care homes", "care homes kent", True),
        ("sun rise care", "sunrise care", True), ("oakwood homecare", "oakwod homecare", True),
        # another number, another thing; a word more, perhaps a subsidiary
        ("academy lot 1 care", "academy lot 2 care", False), ("serco", "serco leisure operating", False),
        ("ash", "oak", False), ("kent care", "kent cars", False),
    ],
)  # fmt: skip
def test_which_names_look_alike(one, other, is_alike):
    assert bool(alike([[one], [other]])) is is_alike


def test_two_company_numbers_are_two_companies_however_alike_their_names():
    assert review_pairs(
        suppliers_of([who("Acme Ltd", "01234567"), who("Acme Ltd", "07654321")]).reset_index(), ()
    ).empty


def test_a_return_from_a_name_decided_to_be_the_contracts_supplier_comes_from_no_stranger():
    register = pd.DataFrame([{"contract_ref": "C1", "supplier_key": A, **ACME}])
    returned = pd.DataFrame([{"contract_ref": "C1", "supplier_name": "Best Bikes of Kent"}])
    identities = identify(
        named(ACME, who("Best Bikes of Kent")), decided(("same supplier", "Best Bikes of Kent", A)), AS_OF
    )

    assert from_strangers(returned, register).tolist() == [True]
    assert from_strangers(returned, register, identities).tolist() == [False]


@pytest.mark.parametrize(
    ("decision", "matched"),
    [
        ([], False),
        ([("same supplier", "Acme of Kent", A)], True),
    ],
)
def test_a_decision_joins_a_contract_with_the_notice_of_its_supplier(decision, matched):
    worth = {"start_on": "2026-04-01", "value_inc_vat_pence": 120_000}
    register = table(keys.CORE_CONTRACT, [{"contract_ref": "C1", **ACME, **worth}])
    noticed = from_rows(
        [{"ocid": "o", "contract_id": "1", "supplier_keys": "name:acme of kent", **worth}], keys.CORE_NOTICED
    )
    identities = identify(named(ACME, who("Acme of Kent")), decided(*decision), AS_OF)

    assert bool(len(join_register_and_notices(register, noticed, identities).matches)) is matched


def test_a_decision_parts_a_contract_from_the_notice_of_another_of_the_same_name():
    worth = {"start_on": "2026-04-01", "value_inc_vat_pence": 120_000}
    register = table(keys.CORE_CONTRACT, [{"contract_ref": "C1", **ACME, **worth}])
    noticed = from_rows(
        [{"ocid": "o", "contract_id": "1", "supplier_keys": "name:acme", **worth}], keys.CORE_NOTICED
    )
    apart = identify(named(ACME, who("Acme")), decided(("different suppliers", "name:acme", A)), AS_OF)

    assert len(join_register_and_notices(register, noticed).matches) == 1
    assert join_register_and_notices(register, noticed, apart).matches.empty

"""Section 70, the Transparency Code floors, and redaction: each case with its paragraph."""

from datetime import date

import pytest

from kcc_etl.domain.core import assign_supplier_keys
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority, select_over_30k, select_register, select_spend
from kcc_etl.domain.redaction import REDACTED, publishable_payees
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows

PARAMETERS = load_parameters()
Q2 = parse_period("2026-27-Q2")
PAYER = PayingAuthority("Council", "1 Street", "a@b.example", "PZZZ-1111-ZZZY")
NO_DECISIONS = empty("core_decisions__event_decision")
NO_NOTICES = empty("core_notices__event_contract")
NO_PAYMENTS = empty("core_payments__event_payment")
NO_SUPPLIERS = empty("core_notices__event_supplier")

CONTRACT = {
    "contract_ref": "C1",
    "supplier_name": "Fenmoor Ltd",
    "supplier_company_number": "99000001",
    "supplier_ppon": "PFFF-1111-FFFF",
    "agreement_kind": "contract",
    "procurement_category": "services",
    "regime": "pa23",
    "is_light_touch": False,
    "is_school_contract": False,
    "ocid": "ocds-h6vhtk-000001",
    "contract_id": "1",
    "value_ex_vat_pence": 1_000_000_00,
    "value_inc_vat_pence": 1_200_000_00,
    "procurement_commenced_on": date(2026, 4, 1),
    "start_on": date(2026, 7, 1),
    "end_on": date(2028, 6, 30),
}
PAYMENT = {
    "source_sha256": "s",
    "source_name": "ledger",
    "source_row": 2,
    "payment_ref": "P1",
    "contract_ref": "C1",
    "supplier_name": "Fenmoor Ltd",
    "supplier_ledger_id": "L1",
    "amount_ex_vat_pence": 30_000_00,
    "vat_pence": 6_000_00,
    "amount_inc_vat_pence": 36_000_00,
    "paid_on": date(2026, 8, 1),
    "purpose": "Grounds maintenance",
}


def register(*changes):
    rows = [{**CONTRACT, **change} for change in changes]
    frame = from_rows(rows, "core_register__entity_contract")
    return frame.assign(supplier_key=assign_supplier_keys(frame, frame))


def ledger(contracts, *changes):
    rows = [{**PAYMENT, "source_row": n, **change} for n, change in enumerate(changes, start=2)]
    frame = from_rows(rows, "core_payments__event_payment")
    return frame.assign(supplier_key=assign_supplier_keys(frame, contracts))


def over_30k(contract=None, payment=None, *, others=()):
    contracts = register(contract or {}, *others)
    paid = ledger(contracts, payment or {})
    return select_over_30k(paid, contracts, NO_DECISIONS, NO_SUPPLIERS, PARAMETERS, Q2, PAYER)


@pytest.mark.parametrize(
    ("pence_inc_vat", "published"),
    [(30_000_00, False), (30_000_01, True), (29_999_99, False), (-40_000_00, False)],
)
def test_the_threshold_is_over_30000_pounds_including_vat(pence_inc_vat, published):
    """PA23 s.70(1), s.123(2): each payment of more than £30,000, VAT included; a credit is no payment."""
    net = pence_inc_vat * 5 // 6
    amounts = {
        "amount_ex_vat_pence": net,
        "vat_pence": pence_inc_vat - net,
        "amount_inc_vat_pence": pence_inc_vat,
    }

    assert len(over_30k(payment=amounts)) == int(published)


@pytest.mark.parametrize(
    ("paid_on", "published"),
    [
        (date(2026, 6, 30), False),
        (date(2026, 7, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_the_quarter_is_that_of_the_day_of_payment(paid_on, published):
    """PA23 s.70(2), (5)."""
    assert len(over_30k(payment={"paid_on": paid_on})) == int(published)


@pytest.mark.parametrize(
    ("contract", "published", "paragraph"),
    [
        ({"procurement_commenced_on": date(2026, 3, 31)}, False, "SI 2025/1316 reg 2(2)"),
        ({"procurement_commenced_on": None}, False, "unknown start: not shown to be in scope"),
        ({"regime": "pcr2015"}, False, "s.70 reaches contracts awarded under PA23"),
        ({"regime": "psr"}, False, "reg 43"),
        ({"regime": "exempt"}, False, "Sch 2"),
        ({"agreement_kind": "concession"}, False, "s.70(4)"),
        ({"agreement_kind": "framework"}, False, "a framework carries no payments"),
        ({"agreement_kind": "call-off"}, True, "a call-off is a contract"),
        ({"is_school_contract": True}, False, "s.70(4)"),
        ({"is_school_contract": None}, True, "unknown is not a school"),
        ({"value_inc_vat_pence": 207_719_99}, False, "s.3, PPN 023: £207,720"),
        ({"value_inc_vat_pence": 207_720_00}, True, "s.3, PPN 023: £207,720"),
        ({"procurement_category": "works", "value_inc_vat_pence": 5_192_999_99}, False, "works £5,193,000"),
        ({"procurement_category": "works", "value_inc_vat_pence": 5_193_000_00}, True, "works £5,193,000"),
        ({"is_light_touch": True, "value_inc_vat_pence": 663_539_99}, False, "light touch £663,540"),
        ({"is_light_touch": True, "value_inc_vat_pence": 663_540_00}, True, "light touch is included"),
        ({"value_inc_vat_pence": None}, True, "the net value is a floor"),
        ({"value_inc_vat_pence": None, "value_ex_vat_pence": 207_720_00}, True, "net value at the threshold"),
        ({"value_inc_vat_pence": None, "value_ex_vat_pence": 207_719_99}, False, "not shown to be one"),
        ({"value_inc_vat_pence": None, "value_ex_vat_pence": None}, False, "not shown to be one"),
    ],
)
def test_the_contract_must_be_in_scope(contract, published, paragraph):
    assert len(over_30k(contract)) == int(published), paragraph


def test_a_call_off_from_a_framework_made_before_the_act_is_out():
    """CMS on s.70(4): contracts outside PA23 include call-offs from pre-PA23 frameworks."""
    older = {"contract_ref": "F1", "regime": "pcr2015", "agreement_kind": "framework"}
    newer = {**older, "regime": "pa23"}
    call_off = {"agreement_kind": "call-off", "parent_ref": "F1"}

    assert len(over_30k(call_off, others=[older])) == 0
    assert len(over_30k(call_off, others=[newer])) == 1


def test_payments_are_not_added_together_and_the_net_value_is_published():
    """Guidance on s.70: no aggregation; reg 38A(2)(e): net of VAT."""
    contracts = register({})
    half = {"amount_ex_vat_pence": 20_000_00, "vat_pence": 4_000_00, "amount_inc_vat_pence": 24_000_00}
    frame = select_over_30k(
        ledger(contracts, half, {**half, "payment_ref": "P2"}, {"paid_on": date(2026, 7, 2)}),
        contracts,
        NO_DECISIONS,
        NO_SUPPLIERS,
        PARAMETERS,
        Q2,
        PAYER,
    )

    assert frame["amount_ex_vat_pence"].tolist() == [30_000_00]
    assert frame["supplier_id"].tolist() == ["GB-PPON-PFFF-1111-FFFF"]


def test_a_ledger_without_gross_amounts_is_tested_on_net_plus_vat_else_net():
    assert len(over_30k(payment={"amount_inc_vat_pence": None})) == 1
    assert len(over_30k(payment={"amount_inc_vat_pence": None, "vat_pence": None})) == 0
    assert (
        len(
            over_30k(
                payment={"amount_inc_vat_pence": None, "vat_pence": None, "amount_ex_vat_pence": 30_000_01}
            )
        )
        == 1
    )


@pytest.mark.parametrize(
    ("pence", "published"), [(500_00, False), (500_01, True), (-500_00, False), (-500_01, True), (0, False)]
)
def test_spend_is_published_above_500_pounds_credits_too(pence, published):
    """Transparency Code 2015: exceeding £500; LGA guidance v1.3: credit notes over £500."""
    contracts = register({})
    frame = select_spend(
        ledger(contracts, {"amount_ex_vat_pence": pence}), contracts, NO_DECISIONS, PARAMETERS, Q2
    )

    assert len(frame) == int(published)


@pytest.mark.parametrize(
    ("change", "published"),
    [
        ({"value_ex_vat_pence": 5_000_00}, False),
        ({"value_ex_vat_pence": 5_000_01}, True),
        ({"start_on": date(2026, 9, 30)}, True),
        ({"start_on": date(2026, 10, 1)}, False),
        ({"start_on": date(2024, 1, 1), "end_on": date(2026, 7, 1)}, True),
        ({"start_on": date(2024, 1, 1), "end_on": date(2026, 6, 30)}, False),
    ],
)
def test_the_register_holds_contracts_over_5000_pounds_in_place_in_the_period(change, published):
    assert len(
        select_register(register(change), NO_NOTICES, NO_DECISIONS, NO_PAYMENTS, PARAMETERS, Q2)
    ) == int(published)


@pytest.mark.parametrize(
    ("payment", "decided", "named"),
    [
        ({}, (), True),
        ({"supplier_name": "J. Bloggs"}, (), False),
        ({"supplier_name": "J. Bloggs"}, ("L1",), True),
        ({"supplier_name": "J. Bloggs"}, ("L2",), False),
        ({"supplier_name": "J. Bloggs", "payee_kind": "organisation"}, (), False),
        ({"supplier_name": "J. Bloggs", "supplier_company_number": "99000077"}, (), True),
        ({"supplier_name": "J. Bloggs", "supplier_charity_number": "9990001"}, (), True),
        ({"payee_kind": "individual"}, (), False),
        ({"payee_kind": "Individual"}, ("L1",), False),
        # a payee of a kind that is not in the list is no organisation
        ({"payee_kind": "Sole trader"}, (), False),
        ({"payee_kind": "Sole trader"}, ("L1",), False),
        ({"purpose": "Foster care allowances"}, (), False),
        ({"purpose": "Out of court settlement"}, ("L1",), False),
        ({"purpose": None}, (), True),
    ],
)
def test_a_payee_is_named_only_as_an_organisation_on_good_evidence_or_cleared(payment, decided, named):
    contracts = register({})
    decisions = from_rows(
        [{"decision_kind": "clearance", "subject": subject} for subject in decided],
        "core_decisions__event_decision",
    )
    payee = publishable_payees(ledger(contracts, payment), decisions, PARAMETERS.redaction)["payee"].tolist()

    assert payee == [payment.get("supplier_name", "Fenmoor Ltd") if named else REDACTED]


def test_a_redacted_payee_takes_its_registration_numbers_along():
    contracts = register({})
    frame = select_spend(
        ledger(contracts, {"supplier_company_number": "99000001", "payee_kind": "individual"}),
        contracts, NO_DECISIONS, PARAMETERS, Q2,
    )  # fmt: skip

    assert frame[["payee", "supplier_company_number"]].fillna("").values.tolist() == [[REDACTED, ""]]
    assert frame["amount_ex_vat_pence"].tolist() == [30_000_00]


@pytest.mark.parametrize(
    ("payment", "identifier", "why"),
    [
        ({}, "GB-PPON-PFFF-1111-FFFF", "paid to the supplier of the contract"),
        ({"supplier_name": "FENMOOR LIMITED"}, "GB-PPON-PFFF-1111-FFFF", "the same name, folded"),
        (
            {"supplier_name": "Fenmoor", "supplier_company_number": "99000077"},
            "GB-COH-99000077",
            "another company of the same name",
        ),
        (
            {"supplier_name": "Fenmoor Group", "supplier_company_number": "99000001"},
            "GB-PPON-PFFF-1111-FFFF",
            "same key",
        ),
        (
            {"supplier_name": "Sandling Ltd", "supplier_company_number": "99000077"},
            "GB-COH-99000077",
            "another company: its own number, and none of the contract's supplier",
        ),
        ({"supplier_name": "J. Bloggs"}, None, "redacted"),
        ({"payee_kind": "individual"}, None, "redacted, though the name is the contract's"),
    ],
)
def test_the_identifier_is_that_of_the_supplier_paid_or_none(payment, identifier, why):
    """PR24 reg 38A(2) item 12: the supplier paid; a redacted payee takes its identifier along."""
    published = over_30k(payment=payment)

    assert [x if isinstance(x, str) else None for x in published["supplier_id"]] == [identifier], why


@pytest.mark.parametrize("written", ["PFFF-1111-FFFF", "GB-PPON-PFFF-1111-FFFF", "GB-PPON:PFFF-1111-FFFF"])
def test_identifiers_of_payer_and_supplier_are_published_in_one_form(written):
    """Central Digital Platform, PponService: shown with the scheme, however the settings or the register do."""
    contracts = register({"supplier_ppon": written})
    payer = PayingAuthority("Council", "1 Street", "a@b.example", written)
    given = (ledger(contracts, {}), contracts, NO_DECISIONS, NO_SUPPLIERS)
    paid = select_over_30k(*given, PARAMETERS, Q2, payer)
    held = select_register(contracts, NO_NOTICES, NO_DECISIONS, NO_PAYMENTS, PARAMETERS, Q2)

    shown = [paid["payer_id"].item(), paid["supplier_id"].item(), held["supplier_ppon"].item()]
    assert shown == ["GB-PPON-PFFF-1111-FFFF"] * 3


def test_a_redacted_supplier_of_the_register_takes_its_numbers_along():
    change = {"supplier_name": "J. Bloggs", "supplier_company_number": "not one", "supplier_ppon": "none yet"}
    frame = select_register(register(change), NO_NOTICES, NO_DECISIONS, NO_PAYMENTS, PARAMETERS, Q2)

    assert frame["payee"].tolist() == [REDACTED]
    assert frame[["supplier_company_number", "supplier_ppon"]].isna().all(axis=None)

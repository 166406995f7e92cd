"""Who is named, what is withheld, which texts are published: each case with its source, then what always holds.

Does not belong here: the rules of the check stage (`check_cases`), which rows are published
(`test_publication`, `test_code_sets`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

import pandas as pd
import pytest
from hypothesis import Phase, example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from checks.rules.outcome import Inputs
from checks.runner import judge
from kcc_etl import asset_keys as keys
from kcc_etl.domain.code_sets import select_card, select_grants
from kcc_etl.domain.core import assign_supplier_keys, build_decisions
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.publication import PayingAuthority, select_over_30k, select_register, select_spend
from kcc_etl.domain.redaction import (
    COMMERCIAL,
    LIFTED,
    NAME_TEXTS,
    REDACTED,
    TEXT_OF,
    WITHHELD,
    publishable_payees,
    publishable_suppliers,
)
from kcc_etl.domain.redactions import COUNTED, NAMES, TEXTS, count_redactions
from kcc_etl.domain.reviewed import (
    NOT_REVIEWED,
    publishable_contract_titles,
    publishable_descriptions,
    publishable_purposes,
    publishable_titles,
)
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES

PARAMETERS = load_parameters()
RULES = PARAMETERS.redaction
TEXT_RULES = RULES.texts
PEOPLE = type(RULES.people)
Q2 = parse_period("2026-27-Q2")
PAYER = PayingAuthority("Council", "1 Street", "a@b.example", "PZZZ-1111-ZZZY")
SENSITIVE = "sensitive commercial information with overriding public interest"
CONTRACT: dict[str, object] = {
    "contract_ref": "C1",
    "contract_title": "Gritting",
    "contract_description": "Gritting",
    "supplier_name": "Fenmoor Ltd",
    "supplier_company_number": "99000001",
    "supplier_ppon": "PFFF-1111-FFFF",
    "agreement_kind": "contract",
    "procurement_category": "services",
    "regime": "pa23",
    "is_light_touch": False,
    "is_school_contract": False,
    "value_ex_vat_pence": 1_000_000_00,
    "value_inc_vat_pence": 1_200_000_00,
    "procurement_commenced_on": date(2026, 4, 1),
    "start_on": date(2026, 7, 1),
    "end_on": date(2028, 6, 30),
}
PAYMENT: dict[str, object] = {
    "source_sha256": "s",
    "source_name": "ledger",
    "source_file": "ledger.csv",
    "payment_ref": "P1",
    "contract_ref": "C1",
    "supplier_ledger_id": "L1",
    "amount_ex_vat_pence": 40_000_00,
    "paid_on": date(2026, 8, 1),
    "purpose": "Grounds maintenance",
    "department": "Highways",
    "card_transaction": "GPC",
    "is_vcse_grant": True,
}


def decision(kind: str, subject: str, reason: str = "", **more: object) -> dict[str, object]:
    number = more.pop("number", "D-1")
    by = {"role": "monitoring officer", "decided_on": date(2026, 7, 1)}
    return {
        "decision_id": number,
        "decision_kind": kind,
        "subject": subject,
        "reason_code": reason,
        **by,
        **more,
    }


def withheld(reason: str = SENSITIVE, **more: object) -> dict[str, object]:
    return decision("withholding", str(more.pop("subject", "C1")), reason, **more)


def decided(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    made = list(rows)
    return from_rows(made, keys.CORE_DECISION) if made else empty(keys.CORE_DECISION)


def register(*changes: Mapping[str, object]) -> pd.DataFrame:
    frame = from_rows([{**CONTRACT, **change} for change in changes], keys.CORE_CONTRACT)
    return frame.assign(supplier_key=assign_supplier_keys(frame, frame))


def ledger(contracts: pd.DataFrame, *changes: Mapping[str, object]) -> pd.DataFrame:
    rows = [{**PAYMENT, "source_row": place, **change} for place, change in enumerate(changes, 2)]
    frame = from_rows(rows, keys.CORE_PAYMENT)
    return frame.assign(supplier_key=assign_supplier_keys(frame, contracts))


PLAIN = register({})
NOBODY: dict[str, object] = {"supplier_name": "Jo Doe"}
FIRM: dict[str, object] = {"supplier_name": "Sandling Ltd", "supplier_company_number": "99000077"}
CLEARED = decision("clearance", "L1")
CODE, GDPR, S94 = "Transparency Code para 20; LGA guidance v1.3", "UK GDPR", "PA23 s.94"
CODED = RedactionRules(
    PEOPLE(**{**vars(RULES.people), "ledger_codes": ("4210*",)}),
    RULES.texts,
    RULES.withholding,
    RULES.reasons,
)

CASES = [
    # payment, decisions, reason code or None where named, source
    (FIRM, [], None, CODE),
    ({"supplier_name": "Marsh Trust", "supplier_charity_number": "1123456"}, [], None, CODE),
    ({"supplier_name": "Fenmoor Limited"}, [], None, "the one register supplier of the name"),
    (NOBODY, [], "not_shown", GDPR),
    ({**NOBODY, "supplier_company_number": "not one"}, [], "contested", GDPR),
    ({**NOBODY, "payee_kind": "organisation"}, [], "not_shown", "the ledger's word alone is no evidence"),
    ({**NOBODY, "payee_kind": None}, [], "not_shown", GDPR),
    ({**FIRM, "payee_kind": None}, [], None, CODE),
    ({**FIRM, "payee_kind": "organisation"}, [], None, CODE),
    ({**FIRM, "payee_kind": "individual"}, [], "individual", GDPR),
    ({**FIRM, "payee_kind": "sole trader"}, [], "individual", "of no known kind"),
    *(
        ({**FIRM, "purpose": purpose}, [CLEARED], "purpose", GDPR)
        for purpose in (
            "Foster care", "ADOPTION allowance", "Final settlement", "Section\u00a017 help", "section-17",
            "FOSTER\u200bING", "Special  Guardianship", "Direct-Payment", "Compensation",
        )
    ),
    ({**FIRM, "ledger_code": "42101"}, [CLEARED], "ledger_code", GDPR),
    ({**FIRM, "ledger_code": "4211"}, [], None, CODE),
    (NOBODY, [CLEARED], None, "an officer cleared it"),
    (NOBODY, [decision("clearance", "L2")], "not_shown", "another payee was cleared"),
    ({**NOBODY, "supplier_ledger_id": None}, [decision("clearance", "nan")], "not_shown", "no number, no clearance"),
    ({**NOBODY, "payee_kind": "individual"}, [CLEARED], "individual", "a clearance lifts a doubt alone"),
    (FIRM, [withheld()], "commercial", S94),
    (FIRM, [withheld("National-Security")], "security", S94),
    (FIRM, [withheld("national security, limb not stated")], "unstated", S94),
    (FIRM, [withheld("it was better so")], "unstated", "DC-030: withheld all the same"),
    (FIRM, [withheld(role="category lead")], "commercial", "DC-030: withheld all the same"),
    (FIRM, [withheld(other_subject="P1")], "commercial", S94),
    (FIRM, [withheld(other_subject="P2")], None, S94),
    (FIRM, [withheld(subject="C2")], None, S94),
    (FIRM, [withheld(), withheld(LIFTED, number="D-2")], None, S94),
    (FIRM, [withheld(), withheld(LIFTED, number="D-2", role="category lead")], "commercial", "DC-030"),
    (FIRM, [withheld(LIFTED), withheld(number="D-2")], "commercial", "the last stands"),
    (FIRM, [withheld(number="D-9"), withheld(LIFTED, number="D-10")], None, "D-9 before D-10"),
    (FIRM, [withheld(), withheld(LIFTED, number="D-2", other_subject="P1")], "commercial", "all is withheld"),
    (FIRM, [withheld(other_subject="P1"), withheld(LIFTED, number="D-2")], "commercial", "the payment is"),
    ({**FIRM, "purpose": "Foster care"}, [withheld()], "purpose", "what is personal goes first"),
    (NOBODY, [CLEARED, withheld(number="D-2")], "commercial", "cleared, and yet withheld"),
]  # fmt: skip


@pytest.mark.parametrize(("payment", "decisions", "reason", "source"), CASES)
def test_a_payee_is_named_or_redacted_for_its_reason(
    payment: dict[str, object], decisions: list[dict[str, object]], reason: str | None, source: str
) -> None:
    told = publishable_payees(ledger(PLAIN, payment), decided(decisions), CODED)
    (name,), (code,) = told["payee"], told["payee_reason"]

    assert (None if pd.isna(code) else code) == reason, source
    assert name == (payment["supplier_name"] if reason is None else TEXT_OF[reason])


DAYS = [date(2026, 7, day) for day in (9, 10, 31)] + [date(2026, 8, 1)]


@pytest.mark.parametrize(
    ("made", "withheld_on"),
    [
        ({"decided_on": date(2026, 7, 9)}, [True, True, True, True]),
        (
            {"decided_on": date(2026, 7, 10)},
            [False, True, True, True],
        ),  # dated in the future on the first day
        ({"effective_on": date(2026, 7, 10)}, [False, True, True, True]),
        ({"decided_on": date(2026, 7, 31), "effective_on": date(2026, 7, 9)}, [False, False, True, True]),
        ({"expires_on": date(2026, 7, 31)}, [True, True, True, False]),
        ({"effective_on": date(2026, 7, 10), "expires_on": date(2026, 7, 10)}, [False, True, False, False]),
        ({"expires_on": date(2026, 7, 1)}, [False, False, False, False]),
    ],
)
def test_a_withholding_counts_from_its_day_to_its_last(
    made: dict[str, object], withheld_on: list[bool]
) -> None:
    """PA23 s.94, as every decision: not before its day, on its last day still."""
    known = [decisions_known(decided([withheld(**made)]), day) for day in DAYS]
    shown = [publishable_suppliers(PLAIN, rows, RULES).item() for rows in known]

    assert [name == COMMERCIAL for name in shown] == withheld_on


@pytest.mark.parametrize("kind", ["clearance", "reviewed text", "withholding", "commitment"])
def test_only_what_is_decided_on_publishing_expires(kind: str) -> None:
    """Fails closed: a clearance, or a review, holds no longer than it says."""
    rows = decided([decision(kind, "L1", expires_on=date(2026, 7, 31))])

    assert len(decisions_known(rows, date(2026, 7, 31))) == 1
    assert len(decisions_known(rows, date(2026, 8, 1))) == (1 if kind == "commitment" else 0)


def test_a_withholding_that_is_lifted_for_a_time_withholds_again() -> None:
    rows = decided([withheld(), withheld(LIFTED, number="D-2", expires_on=date(2026, 7, 31))])
    shown = [publishable_suppliers(PLAIN, decisions_known(rows, day), RULES).item() for day in DAYS]

    assert shown == ["Fenmoor Ltd"] * 3 + [COMMERCIAL]


@pytest.mark.parametrize(
    ("contract", "decisions", "shown"),
    [
        ({}, [], "Fenmoor Ltd"),
        ({"supplier_company_number": None}, [], "Fenmoor Ltd"),  # by its platform number
        ({"supplier_company_number": None, "supplier_ppon": None}, [], REDACTED),
        ({"supplier_company_number": "not one", "supplier_ppon": None}, [], REDACTED),
        ({}, [withheld()], COMMERCIAL),
        ({}, [withheld("national security")], WITHHELD),
        ({}, [withheld(other_subject="P1")], "Fenmoor Ltd"),  # one payment is, the contract is not
        ({}, [withheld(), withheld(LIFTED, number="D-2")], "Fenmoor Ltd"),
    ],
)
def test_a_supplier_of_the_register_is_named_or_redacted(
    contract: dict[str, object], decisions: list[dict[str, object]], shown: str
) -> None:
    """Transparency Code para 20; PA23 s.94."""
    assert publishable_suppliers(register(contract), decided(decisions), RULES).tolist() == [shown]


def test_a_kind_of_payee_that_is_not_a_number_is_none() -> None:
    frame = ledger(PLAIN, FIRM, NOBODY)
    frame["payee_kind"] = pd.Series([float("nan")] * 2, index=frame.index, dtype=object)

    assert publishable_payees(frame, decided([]), RULES)["payee"].tolist() == ["Sandling Ltd", REDACTED]


PEOPLES_NAMES = ("Fenmoor Ltd", "Sandling Ltd", "Jo Doe", "Élodie Ünal", "REDACTED")
OF_PAYMENT = st.fixed_dictionaries(
    {
        "supplier_name": st.sampled_from(PEOPLES_NAMES),
        "supplier_company_number": st.sampled_from([None, "99000001", "99000077", "not one"]),
        "supplier_charity_number": st.sampled_from([None, None, "1123456"]),
        "supplier_ledger_id": st.sampled_from([None, "L1", "L2"]),
        "payee_kind": st.sampled_from([None, None, "organisation", "individual", "other"]),
        "purpose": st.sampled_from(
            [None, "", "Grounds", "Fostering", "To Jo Doe, DOB 01/02/2015", "jo@home.example", *PEOPLES_NAMES]
        ),
        "contract_ref": st.sampled_from([None, "C1", "C2"]),
        "amount_ex_vat_pence": st.sampled_from([500_00, 500_01, -700_00, 30_000_01, 90_000_00]),
        "card_transaction": st.sampled_from([None, "GPC"]),
        "is_vcse_grant": st.sampled_from([None, True]),
    }
)
REVIEWED = [decision("reviewed text", name, number=f"R-{place}") for place, name in enumerate(PEOPLES_NAMES)]
OF_DECISIONS = st.lists(
    st.sampled_from(
        [
            CLEARED,
            *REVIEWED,
            withheld(),
            withheld("national security", subject="C2"),
            withheld(other_subject="P2", role="clerk"),
            withheld(LIFTED, number="D-2"),
        ]
    ),
    max_size=4,
)
NUMBERS = (
    "supplier_company_number", "supplier_charity_number", "supplier_ppon", "registration_number", "supplier_id"
)  # fmt: skip
PROCURED = {"ocid": "ocds-x-1", "contract_id": "1"}
NOTICED_SUPPLIERS = from_rows(
    [
        {**PROCURED, "release_id": str(place), "supplier_name": name, "supplier_ppon": f"P{'ABC'[place]}AA-1111-FFFF"}
        for place, name in enumerate(PEOPLES_NAMES[:3])
    ],
    keys.CORE_NOTICE_SUPPLIER,
)  # fmt: skip


def selected(
    lines: list[dict[str, object]], decisions: list[dict[str, object]]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The ledger and the tables that are published of it."""
    salt = {"contract_ref": "C2", "contract_title": "Salt of Fenmoor Ltd", "supplier_ppon": None}
    contracts = register(PROCURED, {**PROCURED, **salt})
    # Lines of one payment are one row of the payments over £30,000; here each is a payment.
    apart = [{**line, "payment_ref": f"P{place}"} for place, line in enumerate(lines, 1)]
    paid, known = ledger(contracts, *apart), decided(decisions)
    given = (paid, contracts, known, PARAMETERS, Q2)
    made = {
        keys.OUT_SPEND: select_spend(*given),
        keys.OUT_OVER_30K: select_over_30k(*given[:3], NOTICED_SUPPLIERS, *given[3:], PAYER),
        keys.OUT_CARD: select_card(*given),
        keys.OUT_GRANT: select_grants(*given),
        keys.OUT_REGISTER: select_register(
            contracts, empty(keys.CORE_NOTICE), known, empty(keys.CORE_PAYMENT), PARAMETERS, Q2
        ),
    }
    return paid, {table: made.get(table, empty(table)) for table in COUNTED}


def places(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return sorted(zip(frame["source_row"], frame["amount_ex_vat_pence"], strict=True))


@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.generate))
@for_all(st.lists(OF_PAYMENT, min_size=1, max_size=6), OF_DECISIONS)
@example(
    [
        {**NOBODY, "purpose": "Jo Doe", "amount_ex_vat_pence": 500_01},
        {**NOBODY, "contract_ref": "C2", "amount_ex_vat_pence": 90_000_00},
    ],
    [*REVIEWED, withheld(subject="C2")],
)
def test_what_always_holds_of_what_is_published(
    lines: list[dict[str, object]], decisions: list[dict[str, object]]
) -> None:
    paid, tables = selected(lines, decisions)
    pence, under = paid["amount_ex_vat_pence"], paid["contract_ref"].notna()
    wanted = {
        keys.OUT_SPEND: paid[pence.abs() > 500_00],
        keys.OUT_OVER_30K: paid[(pence > 30_000_00) & under],
        keys.OUT_CARD: paid[paid["card_transaction"].notna()],
        keys.OUT_GRANT: paid[paid["is_vcse_grant"].notna()],
    }
    names = dict(zip(paid["source_row"], paid["supplier_name"], strict=True))

    for table, rows in wanted.items():
        assert places(tables[table]) == places(rows), "rows and pence are kept"
    for table in (*wanted, keys.OUT_REGISTER):
        frame, column = tables[table], NAMES[table]
        texts = frame["payee_reason"].map(TEXT_OF)
        assert frame.loc[texts.notna(), column].tolist() == texts.dropna().tolist(), "one reason, its text"
        assert not frame.loc[texts.isna(), column].isin(NAME_TEXTS).any(), "no redaction without a reason"
        for row in frame[texts.notna()].to_dict("records"):
            name = names.get(row.get("source_row"), "Fenmoor Ltd").casefold()
            cells = [str(v).casefold() for k, v in row.items() if k not in ("source_file", column)]
            assert name == "redacted" or not [cell for cell in cells if name in cell], "in no other cell"
            assert all(pd.isna(row[one]) for one in set(NUMBERS) & set(row)), "numbers go along"
    assert counted(tables) == by_hand(tables)


def counted(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str, str], tuple[int, int]]:
    told = count_redactions(tables, Q2, RULES.reasons)
    columns = ["redacted_table", "redacted_column", "redaction_code", "redacted_rows", "redacted_pence"]
    return {(t, c, code): (rows, pence) for t, c, code, rows, pence in told[columns].itertuples(index=False)}


def by_hand(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str, str], tuple[int, int]]:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for table, frame in tables.items():
        for row in frame.to_dict("records"):
            cells = {NAMES[table]: row["payee_reason"]} if table in NAMES and "payee_reason" in row else {}
            for column in TEXTS.get(table, ()):
                text = str(row[column])
                cells[column] = (
                    "unreviewed" if text == NOT_REVIEWED else "personal_text" if REDACTED in text else None
                )
            for column, code in cells.items():
                if isinstance(code, str):
                    rows, pence = found.get((table, column, code), (0, 0))
                    found[table, column, code] = rows + 1, pence + int(row[str(TABLES[table].money)])
    return found


HOSTILE = [
    ("Ring jo.doe@home.example", f"Ring {REDACTED}"),
    ("Ring 01622 123456 or +44 7700 900123", f"Ring {REDACTED} or {REDACTED}"),
    ("NI AB 12 34 56 C", f"NI {REDACTED}"),
    ("ＡＢ１２３４５６Ｃ", REDACTED),
    ("jo\u200b@home.example", REDACTED),
    ("Place, DOB 01/02/2015", f"Place, {REDACTED}"),
    ("Place, born on 3rd March 2015", f"Place, {REDACTED}"),
    ("Ask jo.doe (at) home.example", f"Ask {REDACTED}"),
    ("Ask jo [at] home [dot] example", f"Ask {REDACTED}"),
    ("NI AB-12-34-56-C", f"NI {REDACTED}"),
    ("Ring 0044 7700 900123", f"Ring {REDACTED}"),
    ("Place, DOB 01022015", f"Place, {REDACTED}"),
    ("Place, date of birth is 1 March 2015", f"Place, {REDACTED}"),
    ("Place, 01/02/2015 (DOB)", f"Place, {REDACTED})"),
    ("Meet at 10 [dot] com", "Meet at 10 [dot] com"),
    ("Works until 01/02/2027", "Works until 01/02/2027"),
    ("Order 2026/0001234 at ME14 1XX", "Order 2026/0001234 at ME14 1XX"),
]


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_signs_of_personal_data_are_taken_out_of_titles_descriptions_and_purposes(
    text: str, shown: str
) -> None:
    """UK GDPR; a review or a notice does not let them through."""
    known = decided([decision("reviewed text", text)])
    contracts = register({"contract_title": text, "contract_description": text})
    held = select_register(
        contracts, empty(keys.CORE_NOTICE), known, empty(keys.CORE_PAYMENT), PARAMETERS, Q2
    )
    paid = select_spend(ledger(contracts, {**FIRM, "purpose": text}), contracts, known, PARAMETERS, Q2)

    assert [held["contract_title"].item(), held["contract_description"].item(), paid["purpose"].item()] == [
        shown
    ] * 3


@pytest.mark.parametrize(
    ("text", "reviewed", "shown"),
    [
        ("Ramps for Jo Doe", (), NOT_REVIEWED),
        ("Ramps at the depot", (), NOT_REVIEWED),
        ("Ramps at the depot", ("ramps  AT the depot",), "Ramps at the depot"),
        ("Ramps at the depot", ("Ramps at the depots",), NOT_REVIEWED),
    ],
)
def test_a_purpose_is_published_once_an_officer_has_reviewed_it(
    text: str, reviewed: tuple[str, ...], shown: str
) -> None:
    paid = ledger(PLAIN, {**FIRM, "purpose": text}).assign(payee_reason=None)
    known = decided(decision("reviewed text", one) for one in reviewed)

    assert publishable_purposes(paid, paid, known, TEXT_RULES).tolist() == [shown]


@pytest.mark.parametrize(
    ("lines", "payees", "published"),
    [(10, 3, True), (9, 3, False), (10, 2, False), (11, 4, True)],
)
def test_a_text_of_many_lines_and_payees_is_a_category(lines: int, payees: int, published: bool) -> None:
    """redaction.toml: ten lines and three payees, however the text is capitalised."""
    changes = [
        {"supplier_name": f"Payee {n % payees}", "purpose": ("Salt", "SALT ")[n % 2]} for n in range(lines)
    ]
    paid = ledger(PLAIN, *changes).assign(payee_reason=None)
    shown = publishable_purposes(paid, paid, decided([]), TEXT_RULES).tolist()

    assert (NOT_REVIEWED not in shown) is published


@pytest.mark.parametrize(
    ("titles", "title", "told", "decisions", "shown"),
    [
        ("unless personal", "Gritting", None, [], True),
        ("unless personal", "Fees of Mr Doe", "Fees of Mr Doe", [], False),
        ("unless personal", "Fees of Mr Doe", None, [decision("reviewed text", "fees of mr doe")], True),
        ("once reviewed", "Gritting", None, [], False),
        ("once reviewed", "Gritting", "GRITTING ", [], True),  # word for word in a notice of the procurement
        ("once reviewed", "Gritting", "Gritting 2", [], False),
        ("once reviewed", "Gritting", None, [decision("reviewed text", "Gritting")], True),
        ("once reviewed", "Fees of Mr Doe", "Fees of Mr Doe", [], False),
    ],
)
def test_a_title_is_a_label_or_free_text_as_the_setting_reads_the_law(
    titles: Literal["unless personal", "once reviewed"],
    title: str,
    told: str | None,
    decisions: list[dict[str, object]],
    shown: bool,
) -> None:
    """Transparency Code 2015, LGA Contracts schema: ContractTitle is required; redaction.toml `titles`."""
    ours = register({"contract_title": title, "contract_description": title, "ocid": "ocds-h6vhtk-000001"})
    notice = {"ocid": "ocds-h6vhtk-000001", "contract_title": told, "contract_description": None}
    notices = from_rows([notice], keys.CORE_NOTICE)
    rules = replace(TEXT_RULES, titles=titles)
    texts = [
        publish(ours, notices, decided(decisions), rules).item()
        for publish in (publishable_contract_titles, publishable_descriptions)
    ]

    # A description that says no more than the title is as fit as that, unless a notice alone has the title.
    reviewed = any(row["decision_kind"] == "reviewed text" for row in decisions)
    described = shown and (titles == "unless personal" or reviewed)
    assert texts == [title if shown else NOT_REVIEWED, title if described else NOT_REVIEWED]


def test_a_title_that_names_a_person_waits_for_a_review() -> None:
    titles = pd.Series(["Adaptations for Mrs Jo Doe", "Gritting", None], dtype="str")

    assert publishable_titles(titles, decided([]), TEXT_RULES).tolist()[:2] == [NOT_REVIEWED, "Gritting"]


@pytest.mark.parametrize("subject", ["C1", "C-1"])
def test_a_withholding_of_a_mistyped_contract_is_held_back_and_shuts_publication(subject: str) -> None:
    """PA23 s.94; rule DC-036: what withholds nothing is never passed over in silence."""
    raw = from_rows([{**withheld(subject=subject), "source_row": 2, "source_sha256": "s", "source_file": "d.csv",
                      "source_name": "decisions"}], keys.RAW_DECISION)  # fmt: skip
    core = build_decisions(
        raw, register({}), empty(keys.CORE_PAYMENT), empty("file_column"),
        parameters=PARAMETERS, as_of=date(2026, 11, 23),
    )  # fmt: skip
    frames = {name: empty(name) for name in TABLES}
    frames |= {keys.CORE_DECISION: core.rows, "set_aside": core.set_aside}
    (verdict,) = judge(keys.CORE_DECISION, Inputs(frames, date(2026, 11, 23), PARAMETERS), only={"DC-036"})

    assert (len(core.rows), verdict.status) == ((1, "not applicable") if subject == "C1" else (0, "failed"))
    assert [(f.severity, f.source_file, f.source_row) for f in verdict.findings] == (
        [] if subject == "C1" else [("critical", "d.csv", 2)]
    )

"""Contracts with their notices out of a seed, as the second implementation of the duties sees them and as tables.

Does not belong here: either implementation, assertions.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.tables import Books
from kcc_etl.schema.frames import empty, from_rows
from tests.reference.duties_again import Case, Changed

LANDED = {"source_sha256": "s", "source_file": "f", "source_row": 2, "source_name": "src"}
EDGES = (3_000_000, 20_772_000, 21_490_400, 66_354_000, 519_300_000, 537_260_900, 500_000_000)


def cases(seed: int, number: int) -> list[Case]:
    dice = Random(seed)
    return [_case(dice, f"C{place:05}") for place in range(number)]


def _case(dice: Random, ref: str) -> Case:
    kind = dice.choice(["contract"] * 5 + ["framework", "call-off", "call-off", "concession"])
    signed = date(2025, 3, 15) + timedelta(days=dice.randrange(650))
    commenced = dice.choice(
        [None, signed - timedelta(days=dice.randrange(400)), signed - timedelta(days=dice.randrange(200))]
    )
    gross = dice.choice(
        [
            dice.choice(EDGES) + dice.choice([-1, 0, 1]),
            dice.randrange(1, 2_000_000_000),
            dice.randrange(1, 60_000_000),
        ]
    )
    net = dice.choice([None, gross * 5 // 6, gross])
    if dice.random() < 0.2:
        net, gross = dice.choice([net, -(-gross * 5 // 6), gross * 5 // 6]), None
    end = signed + timedelta(days=dice.choice([dice.randrange(1, 300), dice.randrange(300, 1_500)]))
    changes = _changes(dice, signed, end, net)
    options = net // 8 if net and dice.random() < 0.15 else None
    shown_gross, shown_net = _shown(dice, gross, net, options, changes)
    noticed_gross, noticed_net = _noticed(dice, gross, net)

    longer = [change.new_end for change in changes if change.new_end]
    shown_end = dice.choice([end, *longer])
    latest = shown_end + timedelta(days=dice.choice([0, dice.randrange(0, 800)]))

    def day() -> date:
        near = (dice.randrange(-20, 20), dice.randrange(25, 35), dice.randrange(85, 125))
        return signed + timedelta(days=dice.choice(near))

    near_end = [("UK11", end + timedelta(days=dice.randrange(25, 35)))] if dice.random() < 0.5 else []
    return Case(
        ref, kind,
        dice.choice([None, "goods", "services", "services", "services", "works"]),
        dice.choice(["pa23"] * 12 + ["pcr2015", "psr", "exempt"]), dice.random() < 0.2, dice.random() < 0.03,
        dice.choice(["pa23", "pa23", "pcr2015", None]) if kind == "call-off" else None,
        shown_gross, shown_net, commenced, signed, shown_end, dice.choice([None, latest]),
        dice.choice([True, True, False, None]), dice.choice([None, 0, 3, 5]), dice.random() < 0.1,
        [(k, day()) for k in ("UK4", "UK6", "UK7") if dice.random() < 0.6] + near_end,
        [(signed + timedelta(days=n), signed + timedelta(days=n - dice.randrange(1, 420))) for n in (dice.randrange(300, 700) for _ in range(dice.randrange(3)))],
        [(f"{ref}-F{n}", "breach", signed + timedelta(days=dice.randrange(10, 600)), dice.random() < 0.2) for n in range(dice.choice([0, 0, 0, 1, 2]))],
        changes,
        [(c.on + timedelta(days=dice.randrange(-5, 5)), dice.choice([c.on, None])) for c in changes if dice.random() < 0.6],
        noticed_gross, noticed_net, options, dice.choice([None] * 9 + ["user choice", "urgency", "single supplier"]),
    )  # fmt: skip


def _shown(
    dice: Random, gross: int | None, net: int | None, options: int | None, changes: list[Changed]
) -> tuple[int | None, int | None]:
    """What the register shows of a contract: as awarded, or after the first of the changes that name that."""
    if net is None or not any(change.original for change in changes):
        return gross, net
    in_order = sorted(changes, key=lambda change: (change.on, change.new_end is not None))
    after = net + sum(c.after - c.before for c in in_order[: dice.randrange(len(changes) + 1)])
    after = (after if after > 0 else net) + (options or 0)
    return None if gross is None else gross * after // net, after


def _noticed(dice: Random, gross: int | None, net: int | None) -> tuple[int | None, int | None]:
    """What its notice gives as the value at award, if anything: mostly the same, on either basis or both."""
    if dice.random() < 0.7:
        return None, None
    by = dice.choice([1, 1, 2])
    told = [None if value is None or value * by <= 100 else value * by for value in (gross, net)]
    return dice.choice([(told[0], told[1]), (told[0], None), (None, told[1])])


def _changes(dice: Random, signed: date, end: date, net: int | None) -> list[Changed]:
    """Changes of value before the end, and one extension after it, some with a change of value from its day.

    Some are of exactly a tenth, or a penny more.
    """
    found = []
    base = net or 1_000_000
    numbers = [f"D-{number}" for number in dice.sample(range(8, 13), 5)]
    for number in range(dice.choice([0, 0, 0, 1, 1, 2, 3])):
        step = dice.choice([base // 10, base // 10 + 1, base * 15 // 100, dice.randrange(-base // 2, base)])
        on = signed + timedelta(days=1 + 37 * number + dice.randrange(30))
        found.append(
            Changed(
                numbers[number], on, base, base + step, base if number == 0 and dice.random() < 0.5 else None
            )
        )
    found = [change for change in found if change.on < end]
    if dice.random() < 0.3:
        longer = (end - signed).days // 10 + dice.choice([-1, 0, 1, 2, 200])
        if longer > 0:
            found.append(
                Changed(
                    numbers[3],
                    end + timedelta(days=1),
                    base,
                    base + dice.choice([0, base // 20]),
                    None,
                    end + timedelta(days=longer),
                )
            )
            if dice.random() < 0.5:
                step = dice.choice([base // 10, base // 10 + 1, base // 20, -base // 3])
                found.append(Changed(numbers[4], end + timedelta(days=1), base, base + step))
    return found


def books(found: list[Case]) -> Books:
    """The tables that tell of the cases."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for case in found:
        _tell(case, rows)
    return Books(
        **{
            name: from_rows(rows[name], table) if rows[name] else empty(table)
            for name, table in _TABLES.items()
        }
    )


_TABLES = {
    "contracts": keys.CORE_CONTRACT,
    "links": keys.CORE_REGISTER_NOTICE,
    "noticed": keys.CORE_NOTICED,
    "notices": keys.CORE_NOTICE,
    "kpis": keys.CORE_NOTICE_KPI,
    "changes": keys.CORE_NOTICE_CHANGE,
    "failures": keys.CORE_NOTICE_FAILURE,
    "decisions": keys.CORE_DECISION,
    "payments": keys.CORE_PAYMENT,
    "disagreements": keys.CORE_DISAGREEMENT,
}


def _tell(case: Case, rows: dict[str, list[dict[str, Any]]]) -> None:
    parent = f"{case.ref}-frame" if case.framework_regime else None
    if parent:
        rows["contracts"].append(
            {
                **LANDED,
                "contract_ref": parent,
                "regime": case.framework_regime,
                "end_on": case.end,
                "process_type": None,
            }
        )
    rows["contracts"].append({
        **LANDED, "contract_ref": case.ref, "agreement_kind": case.kind, "procurement_category": case.category, "regime": case.regime,
        "is_light_touch": case.light, "is_school_contract": case.school, "parent_ref": parent, "value_inc_vat_pence": case.shown_gross,
        "value_ex_vat_pence": case.shown_net, "options_value_ex_vat_pence": case.options, "procurement_commenced_on": case.commenced, "signed_on": case.signed, "start_on": case.signed,
        "end_on": case.end, "max_end_on": case.max_end,
        "process_type": {True: "Published invitation to tender", False: "Invitation to quote", None: None}[case.advertised],
    })  # fmt: skip
    own = {
        **LANDED,
        "ocid": case.ref,
        "contract_id": "1",
        "award_id": "1",
        "first_release_id": f"{case.ref}-0",
    }
    rows["links"].append(
        {**own, "contract_ref": case.ref, "release_id": f"{case.ref}-0", "is_ambiguous": False}
    )
    rows["noticed"].append(
        {
            **own,
            "release_id": f"{case.ref}-0",
            "contract_place": 1,
            "kpi_count": case.kpis,
            "value_inc_vat_pence": case.noticed_gross,
            "value_ex_vat_pence": case.noticed_net,
        }
    )
    notices = [
        *case.notices,
        *(("UK9", on) for on, _ in case.rated),
        *(("UK10", on) for on, _ in case.told_changes),
    ]
    told = {**LANDED, "ocid": case.ref, "contract_id": "1", "award_id": "1", "contract_place": 1}
    rows["notices"].append(
        {
            **told,
            "release_id": f"{case.ref}-0",
            "notice_type": "UK2",
            "published_on": date(2025, 1, 1),
            "no_kpi_reason": "why" if case.reason else None,
        }
    )
    for place, (kind, on) in enumerate(notices, 1):
        release = {**told, "release_id": f"{case.ref}-{place:02}", "part_number": 1}
        rows["notices"].append({**release, "notice_type": kind, "published_on": on})
        if kind == "UK9":
            rows["kpis"].append(
                {**release, "rating": "met", "observed_from_on": case.rated[place - 1 - len(case.notices)][1]}
            )
        if kind == "UK10":
            changed_on = case.told_changes[place - 1 - len(case.notices) - len(case.rated)][1]
            rows["changes"].append({**release, "change_kind": "intended", "changed_on": changed_on})
    decided = {**LANDED, "subject": case.ref, "decided_on": date(2025, 1, 1)}
    for number, kind, on, ends in case.failures:
        rows["decisions"].append(
            {
                **decided,
                "decision_id": number,
                "decision_kind": kind,
                "effective_on": on,
                "reason_code": "termination" if ends else "other",
            }
        )
    if case.direct:
        rows["decisions"].append(
            {
                **decided,
                "decision_id": "A",
                "decision_kind": "direct award",
                "reason_code": case.direct,
            }
        )
    for change in case.changes:
        rows["decisions"].append({
            **decided, "decision_id": change.number, "decision_kind": "extension" if change.new_end else "value change", "effective_on": change.on,
            "value_before_pence": change.before, "value_after_pence": change.after, "original_value_pence": change.original, "new_end_on": change.new_end,
        })  # fmt: skip

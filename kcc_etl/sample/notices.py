"""Public notices as Find a Tender publishes them: release packages by month.

Does not belong here: which contracts are published (`portfolio`), the shape of a release (`releases`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from kcc_etl.sample.contracts import Contract
from kcc_etl.sample.notice_faults import ENDLESS, SOURCE, planted_releases, release_of_elsewhere
from kcc_etl.sample.portfolio import Portfolio
from kcc_etl.sample.releases import (
    KPI_FROM_PENCE,
    Json,
    Press,
    contract_change,
    contract_details,
    contract_performance,
    contract_termination,
    contract_terms,
    is_ended,
)
from kcc_etl.sample.sheets import PlantedFault

_UNNAMED_IN_UK9 = ("buyer", "parties", "awards")


def write_notices(folder: Path, portfolio: Portfolio) -> list[PlantedFault]:
    """Write the packages; returns the faults planted in them."""
    folder.mkdir(parents=True)
    press = Press()
    noticed = [c for c in portfolio.contracts if c.is_noticed]
    packages: dict[str, list[tuple[Json, PlantedFault | None]]] = {}
    for contract in noticed:
        for release in clean_releases(press, contract):
            month = str(release["date"])[:7]
            packages.setdefault(f"find-a-tender-{month}.json", []).append((release, None))
    last = sorted(packages)[-1]
    packages[last] += planted_releases(press, portfolio, last)
    packages[last] += [(release_of_elsewhere(press, n), None) for n in range(2)]
    again = sorted(packages)[-2]
    packages[last].append((packages[again][0][0], None))
    for contract in _under_way(noticed):
        name = f"find-a-tender-{contract.commenced_on:%Y-%m}.json"
        lacking = PlantedFault(
            SOURCE, name, "", "invitation without a department", "PB-045", contract.reference
        )
        packages.setdefault(name, []).append((press.release("UK4", contract, contract.commenced_on), lacking))
    faults = []
    for name in sorted(packages):
        releases = [release for release, _ in packages[name]]
        _write(folder / name, releases)
        for place, (_, fault) in enumerate(packages[name], start=1):
            if fault:
                faults.append(PlantedFault(SOURCE, name, f"row {place}", fault.kind, fault.rule, fault.note))
    return faults


def _under_way(noticed: list[Contract]) -> list[Contract]:
    """Procurements with an invitation and no contract yet, so that no register says whose they are."""
    models = [contract for contract in noticed if contract.kind == "contract"][:3]
    return [
        replace(
            model,
            number=880 + month,
            reference=f"{model.reference.rpartition('-')[0]}-{880 + month:04d}",
            commenced_on=date(2026, month, 12),
            start_on=date(2027, 1, 4),
            end_on=date(2029, 12, 31),
        )
        for month, model in enumerate(models, start=7)
    ]


def clean_releases(press: Press, contract: Contract) -> list[Json]:
    """Every notice that has been published on one contract."""
    releases = []
    if contract.kind == "contract" and contract.number % 3 == 0:
        releases.append(press.release("UK4", contract, contract.commenced_on))
        releases.append(press.release("UK6", contract, contract.awarded_on, **contract_terms(contract)))
    releases.append(
        press.release("UK7", contract, contract.signed_on + timedelta(days=8), **contract_details(contract))
    )
    if contract.gross_pence > KPI_FROM_PENCE and contract.number % 4 == 2 and contract.sector == "works":
        performance = press.release("UK9", contract, date(2026, 9, 16), **contract_performance(contract))
        # Find a Tender's performance notices name neither buyer nor supplier (transparency-law.md, 3.4).
        releases.append({name: part for name, part in performance.items() if name not in _UNNAMED_IN_UK9})
    if contract.number % 10 == 3 and not contract.is_light_touch:
        releases.append(press.release("UK10", contract, date(2026, 8, 20), **contract_change(contract)))
    if is_ended(contract):
        releases.append(press.release("UK11", contract, date(2026, 9, 28), **contract_termination(contract)))
    return releases


def _write(path: Path, releases: list[Json]) -> None:
    package = {
        "uri": f"https://find-a-tender.example/packages/{path.stem}",
        "version": "1.1",
        "publishedDate": "2026-10-01T06:00:00+01:00",
        "publisher": {"name": "Find a Tender look-alike (fictitious)"},
        "license": "https://find-a-tender.example/licence",
        "releases": releases,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1).replace(f'"{ENDLESS}"', "1e9999")
    path.write_bytes((text + "\n").encode("utf-8"))

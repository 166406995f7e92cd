"""The whole sample on disk: `write_sample`.

Does not belong here: what is in it (the modules beside this one), the settings file (`project`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kcc_etl.sample.decisions import write_decisions
from kcc_etl.sample.notices import write_notices
from kcc_etl.sample.payment_faults import plant_payment_faults, write_refused_files
from kcc_etl.sample.payments import PERIODS, build_ledgers, write_ledgers
from kcc_etl.sample.portfolio import build_portfolio
from kcc_etl.sample.registers import write_registers
from kcc_etl.sample.return_faults import plant_return_faults, write_returns
from kcc_etl.sample.returns import build_returns
from kcc_etl.sample.sheets import PlantedFault
from kcc_etl.sample.slow_payments import add_slow_payments

FAULTS_FILE = "planted-faults.json"


@dataclass(frozen=True)
class SampleSummary:
    """How much the sample holds."""

    contracts: int
    suppliers: int
    payment_lines: int
    returns: int
    faults: tuple[PlantedFault, ...]

    def __str__(self) -> str:
        kinds = len({fault.kind for fault in self.faults})
        return (
            f"{self.contracts} contracts, {self.suppliers} suppliers, {self.payment_lines:,} payment lines, "
            f"{self.returns} returns; {len(self.faults)} faults of {kinds} kinds"
        )


def write_sample(folder: Path) -> SampleSummary:
    """Write the input of a fictitious county below a folder, the same bytes every time.

    The folders registers, payments, notices, returns and decisions must not be there yet (FileExistsError).
    """
    folder.mkdir(parents=True, exist_ok=True)
    portfolio = build_portfolio()
    ledgers = build_ledgers(portfolio)
    plant_payment_faults(ledgers, portfolio)
    add_slow_payments(ledgers[PERIODS[-1]], portfolio)
    forms = build_returns(portfolio)
    further, missing = plant_return_faults(forms, portfolio)
    payments = folder / "payments"
    payments.mkdir()
    faults = [
        *write_registers(folder / "registers", portfolio),
        *write_ledgers(payments, ledgers),
        *write_refused_files(payments, ledgers),
        *write_notices(folder / "notices", portfolio),
        *write_returns(folder / "returns", forms, further),
        *missing,
        *write_decisions(folder / "decisions", portfolio, forms),
    ]
    listed = json.dumps({"faults": [asdict(fault) for fault in faults]}, ensure_ascii=False, indent=1)
    (folder / FAULTS_FILE).write_bytes((listed + "\n").encode("utf-8"))
    return SampleSummary(
        contracts=len(portfolio.contracts),
        suppliers=len(portfolio.suppliers),
        payment_lines=sum(len(ledger.lines) for ledger in ledgers.values()),
        returns=len(forms) + len(further),
        faults=tuple(faults),
    )

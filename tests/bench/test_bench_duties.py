"""Duties of 1,000 and 10,000 generated contracts with their notices. Printed, never asserted.

Run with `make bench`.
"""

from __future__ import annotations

import time
from datetime import date

import pandas as pd
import pytest

from kcc_etl.domain.duties.worked_out import duty_table
from kcc_etl.parameters.load import load_parameters
from tests.reference import generated_duties

pytestmark = pytest.mark.bench

SIZES = (1_000, 10_000)


def measured(number: int) -> dict[str, float]:
    """Seconds of the processor for one size."""
    books = generated_duties.books(generated_duties.cases(6, number))
    law = load_parameters().law
    begun = time.process_time()
    duties = duty_table(books, law, date(2026, 11, 23))
    return {"contracts": number, "duties": len(duties), "seconds": time.process_time() - begun}


def test_duties_grow_with_the_contracts() -> None:
    table = pd.DataFrame([measured(number) for number in SIZES])
    table["µs a contract"] = 1e6 * table["seconds"] / table["contracts"]
    print(f"\n{table.round(1).to_string(index=False)}")

    assert (table["duties"] > table["contracts"]).all()

"""When the banner goes: the editions that judge contracts, and the files beside them."""

from __future__ import annotations

from datetime import date

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.approval import rests_on_approved
from kcc_etl.parameters.load import parameters_of, shipped_texts
from kcc_etl.schema import frames

POLICY = "policy-2026.toml"


def editions(*, first: bool, later: bool):
    """Everything approved but, unless told, the edition of 2026 and that of October 2026."""
    adopted = {
        name: text.replace('"assumption"\napproved_by = ""', '"policy"\napproved_by = "Cabinet"')
        for name, text in shipped_texts().items()
    }
    assumed = shipped_texts()[POLICY]
    second = adopted[POLICY] if later else assumed
    return parameters_of(
        {
            **adopted,
            POLICY: adopted[POLICY] if first else assumed,
            "policy-2027.toml": second.replace("effective_from = 2026-01-01", "effective_from = 2026-10-01"),
        }
    )


def contracts(*commenced):
    rows = [{"contract_ref": f"KC-{n}", "procurement_commenced_on": day} for n, day in enumerate(commenced)]
    return frames.from_rows(rows, keys.CORE_CONTRACT)


SPRING, AUTUMN = date(2026, 4, 1), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("first", "later", "commenced", "as_of", "approved"),
    [
        (True, True, [SPRING, AUTUMN], AUTUMN, True),
        (False, True, [AUTUMN], AUTUMN, True),  # the edition taken over from judges nothing any more
        (False, True, [SPRING, AUTUMN], AUTUMN, False),
        (False, True, [date(2025, 5, 1), None, AUTUMN], AUTUMN, True),
        (True, False, [SPRING], SPRING, True),  # the other edition is still to come
        (True, False, [SPRING], AUTUMN, False),
        (False, True, [], AUTUMN, True),
    ],
)
def test_figures_rest_on_approved_parameters_when_every_edition_that_counts_is(
    first, later, commenced, as_of, approved
):
    assert rests_on_approved(contracts(*commenced), editions(first=first, later=later), as_of) is approved

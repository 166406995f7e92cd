"""Files that count although they lost or changed something, for an officer has accepted them.

Does not belong here: what a version lost (`kcc_etl.intake`), waivers of a rule (`waivers`).

Accepting a file lets a publication out that a rule would shut. It therefore asks for a role and a reason that
may waive a rule, and counts from the day it was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kcc_etl.domain.decisions import decisions_known, first_of_number
from kcc_etl.domain.waivers import Row, signature_fault, signed
from kcc_etl.parameters.waivers import Waivers

ACCEPTED_FILE = "accepted file"


@dataclass(frozen=True, order=True)
class AcceptedFile:
    """One acceptance that holds. `digits` begin the SHA-256 of the file.

    Role and reason are words of the lists, so they may be published.
    """

    decided_on: date
    decision_id: str
    digits: str
    role: str
    reason: str


def acceptance_fault(decision: Row, allowed: Waivers) -> str:
    """Why a decision accepts no file; empty when role and reason are in order. Rule DC-015."""
    return signature_fault(decision, allowed, "may not accept a file")


def accepted_files(decisions: pd.DataFrame, as_of: date, allowed: Waivers) -> tuple[AcceptedFile, ...]:
    """The acceptances that hold on the day spoken about, oldest first; `decisions` raw or those in force."""
    first = first_of_number(decisions)
    known = decisions_known(first[first["decision_kind"] == ACCEPTED_FILE], as_of)
    found = []
    for row in known.to_dict("records"):
        if not acceptance_fault(row, allowed):
            role, reason = signed(row, allowed)
            digits = str(row["subject"]).strip().lower()
            found.append(
                AcceptedFile(row["decided_on"].date(), str(row["decision_id"]), digits, role, reason)
            )
    return tuple(sorted(found))


def accepted_in_use(
    accepted: Sequence[AcceptedFile], receipts: pd.DataFrame
) -> list[tuple[AcceptedFile, str, str]]:
    """The acceptances of files that count, each with source and name of the file, for a report to tell of."""
    counting = receipts[receipts["fate"] == "accepted"]
    files = counting[["source_sha256", "source_name", "source_file"]].drop_duplicates()
    return [
        (one, str(source), str(name))
        for one in accepted
        for sha256, source, name in files.itertuples(index=False, name=None)
        if str(sha256).startswith(one.digits)
    ]

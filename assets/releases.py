"""The contracts of the published release package, out of the warehouse.

Does not belong here: which contracts these are (`kcc_etl.domain.drafts.released`), the file (`reports.ocds`).
"""

from __future__ import annotations

from datetime import date

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.released import Releases, releases_of
from kcc_etl.domain.duties.tables import Books
from kcc_etl.domain.periods import parse_period
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema.frames import empty
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.warehouse.store import Warehouse

_LEDGERS = (keys.CORE_PAYMENT, keys.RAW_PAYMENT)

RELEASED_FROM = (
    *(name for name in MADE_FROM[keys.OUT_DUTY] if name not in _LEDGERS),
    keys.CORE_NOTICE_SUPPLIER,
    keys.CORE_NOTICE_END,
    keys.OUT_REGISTER,
    keys.OUT_ASSESSMENT,
    keys.CORE_PAYMENT,
)
"""The tables that the package is made from."""


def contract_books(store: Warehouse) -> Books:
    """The tables about contracts; without payments, which say nothing of one and are most rows there are."""
    names = MADE_FROM[keys.OUT_DUTY]
    return Books(*(empty(name) if name in _LEDGERS else store.read(name) for name in names))


def released(store: Warehouse, period: str, rules: RedactionRules, as_of: date) -> Releases:
    """The contracts to release with the pack of a period."""
    suppliers, ends, register, assessments, payments = (store.read(name) for name in RELEASED_FROM[-5:])
    about = suppliers, ends, register, assessments, payments
    return releases_of(contract_books(store), *about, rules, parse_period(period), as_of)

"""What is never published of payees, suppliers and texts, who may withhold, and what readers are told.

Does not belong here: applying it (`kcc_etl.domain.redaction`), small counts of people (`monitoring`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kcc_etl.parameters.base import Amount, FilledText, Sourced


@dataclass(frozen=True)
class People(Sourced):
    """Words of a purpose, and patterns of ledger codes, that mark payments about a person."""

    purposes: tuple[FilledText, ...]
    ledger_codes: tuple[FilledText, ...]


@dataclass(frozen=True)
class Texts(Sourced):
    """Texts fit to be published, and from how many lines and payees on a text is a category.

    `titles` says when the title of a contract is published: unless it seems to be about a person, or only
    once a notice of its procurement has it or an officer has reviewed it.
    """

    titles: Literal["unless personal", "once reviewed"]
    reviewed_texts: tuple[FilledText, ...]
    category_lines: Amount
    category_payees: Amount


@dataclass(frozen=True)
class Withholding(Sourced):
    """Roles that may withhold a supplier under section 94 of the Procurement Act 2023."""

    roles: tuple[FilledText, ...]


@dataclass(frozen=True)
class Reasons(Sourced):
    """Why something is not published, a sentence for each reason code."""

    individual: FilledText
    purpose: FilledText
    ledger_code: FilledText
    contested: FilledText
    not_shown: FilledText
    commercial: FilledText
    security: FilledText
    unstated: FilledText
    personal_text: FilledText
    unreviewed: FilledText


@dataclass(frozen=True)
class RedactionRules:
    """The file `redaction.toml`."""

    people: People
    texts: Texts
    withholding: Withholding
    reasons: Reasons

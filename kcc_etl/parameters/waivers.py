"""Who may waive a rule that shuts publication, for which reasons, and for how long.

Does not belong here: which rules may be waived (`kcc_etl.schema`), what a waiver opens (`kcc_etl.domain`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.parameters.base import Amount, FilledText, Sourced


@dataclass(frozen=True)
class Waivers(Sourced):
    """Roles that may waive a rule, the reasons that count, and the most days a waiver may hold."""

    roles: tuple[FilledText, ...]
    reason_codes: tuple[FilledText, ...]
    longest_days: Amount


@dataclass(frozen=True)
class WaiverFile:
    """The file `waivers.toml`."""

    waivers: Waivers

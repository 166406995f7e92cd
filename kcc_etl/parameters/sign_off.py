"""Who may sign a publication off, and in which words.

Does not belong here: what a sign-off publishes (`kcc_etl.domain.sign_off`), who may waive a rule (`waivers`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.parameters.base import FilledText, Sourced


@dataclass(frozen=True)
class SignOff(Sourced):
    """Roles that may sign the figures of a period off, and the reasons that count."""

    roles: tuple[FilledText, ...]
    reason_codes: tuple[FilledText, ...]


@dataclass(frozen=True)
class SignOffFile:
    """The file `sign_off.toml`."""

    sign_off: SignOff

"""Which roles may decide what, besides the roles that the policy, waivers, sign-offs and withholdings name.

Does not belong here: holding decisions to it (`kcc_etl.domain.authority`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.parameters.base import FilledText, Sourced


@dataclass(frozen=True)
class Authority(Sourced):
    """Roles by what they may decide."""

    commitments: tuple[FilledText, ...]
    verifications: tuple[FilledText, ...]
    changes: tuple[FilledText, ...]
    ratings: tuple[FilledText, ...]
    duties: tuple[FilledText, ...]
    suppliers: tuple[FilledText, ...]
    reviewed_texts: tuple[FilledText, ...]
    compliance_approvals: tuple[FilledText, ...]


@dataclass(frozen=True)
class AuthorityFile:
    """The file `authority.toml`."""

    authority: Authority

"""What is known of one contract, or published by the council, when duties are worked out.

Does not belong here: reading it from tables (`frames`), what follows from it (`standing` and the rules).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kcc_etl.domain.duties.duty import Done
from kcc_etl.domain.periods import Period


@dataclass(frozen=True)
class Published:
    """One public notice about a contract: its type, number and day, and what it tells of the contract.

    `changed_on` and `change_kind` are of a change notice; `is_transfer` where suppliers change by a corporate
    restructuring; `has_copy` of a details notice with the contract among its documents; `assesses` and
    `fails` where a performance notice holds an assessment or a failure, with the first day it observed and
    the day of the failure.
    """

    notice_type: str
    release_id: str
    on: date
    change_kind: str = ""
    changed_on: date | None = None
    is_transfer: bool = False
    assesses: bool = False
    fails: bool = False
    has_copy: bool = False
    observed_from: date | None = None
    failed_on: date | None = None

    @property
    def done(self) -> Done:
        """The notice as what does a duty."""
        return Done(f"{self.notice_type} {self.release_id}", self.on)


@dataclass(frozen=True)
class Modification:
    """One change of a contract that an officer has recorded; pence excluding VAT.

    `effective_on` is the first day that differs. The value changes by `value_change_pence`, and where the
    term changes it ends on `new_end_on` instead of `old_end_on`. `doubts` say where it does not fit.
    """

    id: str
    effective_on: date
    value_change_pence: int = 0
    old_end_on: date | None = None
    new_end_on: date | None = None
    is_transfer: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A breach with consequences, or poor performance not improved, that an officer has decided there is."""

    id: str
    kind: str
    on: date
    ends_contract: bool = False


@dataclass(frozen=True)
class Attested:
    """An officer's decision that a duty was done where no public notice shows it."""

    kind: str
    occasion: str
    done: Done


@dataclass(frozen=True)
class Pack:
    """A final version of a publication pack: its period, number and day, and the tables of figures in it."""

    period: Period
    version: int
    on: date
    tables: frozenset[str]

    @property
    def done(self) -> Done:
        """The version as what does a duty."""
        return Done(f"publication {self.period.id} version {self.version}", self.on)


@dataclass(frozen=True)
class Facts:
    """One contract. None is what is not known; values in pence.

    `kind` is contract, framework, call-off or concession; `kind_is_stated` is False where it is only known
    from notices none of which would mark a framework. `framework_regime` is that of the
    framework of a call-off. `stated_above` is what the notice says of the threshold. `end_on` is the last day
    as decisions have changed it, `ended_on` the day a notice says it ended. `is_awarded_only`: a notice tells
    of the award and none of the contract. `is_abandoned`: the procurement ended without a contract.
    `value_*` is what is shown today, `awarded_*` the value at award where it is known apart from that.
    `vat_of_changes_pence` may have to be added to the value including VAT: its share of VAT is not known.
    `direct_ground` is on which ground an officer says it was awarded directly, `is_competed` whether a notice
    says that it was awarded in competition.
    """

    subject: str
    kind: str = "contract"
    kind_is_stated: bool = True
    category: str | None = None
    regime: str | None = None
    is_light_touch: bool | None = None
    is_school: bool = False
    has_framework: bool = False
    framework_regime: str | None = None
    value_inc_vat_pence: int | None = None
    value_ex_vat_pence: int | None = None
    awarded_inc_vat_pence: int | None = None
    awarded_ex_vat_pence: int | None = None
    vat_of_changes_pence: int = 0
    options_ex_vat_pence: int = 0
    stated_above: bool | None = None
    commenced_on: date | None = None
    signed_on: date | None = None
    start_on: date | None = None
    end_on: date | None = None
    max_end_on: date | None = None
    ended_on: date | None = None
    is_advertised: bool | None = None
    is_competed: bool | None = None
    direct_ground: str = ""
    kpis: int | None = None
    no_kpi_reason: bool = False
    is_awarded_only: bool = False
    is_abandoned: bool = False
    published: tuple[Published, ...] = ()
    modifications: tuple[Modification, ...] = ()
    failures: tuple[Failure, ...] = ()
    attested: tuple[Attested, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def entered_on(self) -> date | None:
        """The day the contract was entered into; its first day where that is not recorded.

        The first day that an award notice plans is no sign that the contract was entered into.
        """
        return self.signed_on or (None if self.is_awarded_only else self.start_on)

    @property
    def as_awarded(self) -> Facts:
        """The contract with the value it was awarded with, by which its duties are judged."""
        if self.awarded_inc_vat_pence is None and self.awarded_ex_vat_pence is None:
            return self
        return replace(
            self,
            value_inc_vat_pence=self.awarded_inc_vat_pence,
            value_ex_vat_pence=self.awarded_ex_vat_pence,
        )

    @property
    def over_on(self) -> date | None:
        """The day it ended or will end: as a notice says, else its last day as changed."""
        return self.ended_on or self.end_on

    @property
    def is_light(self) -> bool:
        """Whether it is certainly a light touch contract."""
        return bool(self.is_light_touch)

    def notices(self, notice_type: str) -> tuple[Published, ...]:
        """The notices of one type, earliest first."""
        found = [notice for notice in self.published if notice.notice_type == notice_type]
        return tuple(sorted(found, key=lambda notice: (notice.on, notice.release_id)))

    def done(self, notice_type: str, kind: str, occasion: str = "") -> Done | None:
        """By what a duty was first done: the first notice of the type, or an officer's word."""
        given = [notice.done for notice in self.notices(notice_type)]
        given += self.words(kind, occasion)
        return min(given, key=lambda done: done.on, default=None)

    def words(self, kind: str, occasion: str = "") -> list[Done]:
        """The decisions that a duty of this kind and occasion was done."""
        return [a.done for a in self.attested if a.kind == kind and a.occasion in ("", occasion)]

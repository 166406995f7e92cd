"""The one error tree: what stops a file, a run or a publication.

Does not belong here: faults in rows. Those are findings (`kcc_etl.domain.findings`); they never raise.

    KccEtlError
    ├── SettingsError               KCC-100  a setting is wrong or missing                   exit 2
    ├── ParameterError              KCC-110  a policy or statutory parameter file is wrong   exit 2
    ├── UsageError                  KCC-120  the command was asked for something impossible  exit 2
    │   └── RunUnderWayError        KCC-121  another run is at work on the same folder       exit 2
    ├── SourceError                 KCC-200  a landed file cannot be used                    a finding
    │   ├── SourceUnreadableError   KCC-201  it cannot be opened as what it claims to be
    │   ├── SourceLayoutError       KCC-202  columns are missing or given twice
    │   └── SourceUnsafeError       KCC-203  it is not safe to open
    ├── SourceUnavailableError      KCC-300  a source is out of reach; a re-run may cure it  exit 3
    ├── WarehouseError              KCC-400  it refuses, or disagrees with the dictionary  exit 2
    │   └── WarehouseUnavailableError  KCC-401  it is busy, full or silent; a re-run may cure it  exit 3
    ├── RunHistoryError             KCC-410  Dagster's record of the runs cannot be used      exit 3
    ├── PublicationRefusedError     KCC-500  the gate is shut; every reason is listed        exit 1
    │   └── NotSignedOffError       KCC-501  nobody signed exactly these figures off         exit 1
    └── CheckError                  KCC-600  a suite or a rule contradicts the catalogue     exit 2

Every message has three parts: what was found and where, what was expected, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class KccEtlError(Exception):
    """Base of every error that this program raises on purpose."""

    code: ClassVar[str] = "KCC-000"
    exit_code: ClassVar[int] = 2
    retryable: ClassVar[bool] = False

    def __init__(self, found: str, *, expected: str = "", remedy: str = "") -> None:
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The three parts as sentences, without the code."""
        parts = [self.found.rstrip(".") + "."]
        if self.expected:
            parts.append("Expected: " + self.expected.rstrip(".") + ".")
        if self.remedy:
            parts.append(self.remedy.rstrip(".") + ".")
        return " ".join(parts)

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class SettingsError(KccEtlError):
    """A setting is wrong or missing."""

    code = "KCC-100"


class ParameterError(KccEtlError):
    """A policy or statutory parameter file is wrong; every fault in it is listed at once."""

    code = "KCC-110"


class UsageError(KccEtlError):
    """The command was asked for something it cannot do."""

    code = "KCC-120"


class RunUnderWayError(UsageError):
    """Another run is at work on the same data folder."""

    code = "KCC-121"


class SourceError(KccEtlError):
    """A landed file cannot be used. The intake turns this into a finding on that file, under `rule_id`."""

    code = "KCC-200"
    default_rule_id: ClassVar[str] = "IN-001"

    def __init__(self, found: str, *, expected: str = "", remedy: str = "", rule_id: str = "") -> None:
        self.rule_id = rule_id or self.default_rule_id
        super().__init__(found, expected=expected, remedy=remedy)


class SourceUnreadableError(SourceError):
    """The file cannot be opened as what it claims to be."""

    code = "KCC-201"


class SourceLayoutError(SourceError):
    """Columns that the table needs are missing, or a title is given twice."""

    code = "KCC-202"
    default_rule_id = "IN-002"


class SourceUnsafeError(SourceError):
    """The file is not safe to open; nothing in it was looked at."""

    code = "KCC-203"
    default_rule_id = "IN-010"


class SourceUnavailableError(KccEtlError):
    """A source could not be reached; a re-run may cure it."""

    code = "KCC-300"
    exit_code = 3
    retryable = True


class WarehouseError(KccEtlError):
    """The warehouse refuses, or disagrees with the dictionary."""

    code = "KCC-400"


class WarehouseUnavailableError(WarehouseError):
    """The warehouse is busy, full or does not answer; a re-run may cure it."""

    code = "KCC-401"
    exit_code = 3
    retryable = True


class RunHistoryError(KccEtlError):
    """Dagster's own record of the runs is locked, damaged or cannot be written; a re-run may cure it."""

    code = "KCC-410"
    exit_code = 3
    retryable = True


class PublicationRefusedError(KccEtlError):
    """The gate is shut. Carries every reason, not the first."""

    code = "KCC-500"
    exit_code = 1

    def __init__(
        self,
        period: str,
        reasons: Sequence[str],
        *,
        expected: str = "every blocking rule passed on exactly these inputs, or is waived",
        remedy: str = "Mend the inputs named here and run again; the last good publication stays in place",
    ) -> None:
        self.period = period
        self.reasons = tuple(reasons)
        found = f"Nothing was published for {period}: " + "; ".join(self.reasons)
        super().__init__(found, expected=expected, remedy=remedy)


class NotSignedOffError(PublicationRefusedError):
    """The gate is open, but no sign-off stands for exactly these figures. `command` records one."""

    code = "KCC-501"

    def __init__(self, period: str, reasons: Sequence[str], command: str) -> None:
        super().__init__(
            period,
            reasons,
            expected="a decision `sign-off` for exactly these figures",
            remedy=f"Read the draft; then {command}, `kcc-etl run` to take it in, and publish again",
        )


class CheckError(KccEtlError):
    """A suite or a rule contradicts the catalogue of rules; every fault in it is listed at once."""

    code = "KCC-600"

"""What `kcc-etl init` writes: the commented settings file and the sample's inbox.

Does not belong here: the sample's content (`world` and its neighbours).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from kcc_etl.exceptions import UsageError
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.sample.world import AUTHORITY_ADDRESS, AUTHORITY_EMAIL, AUTHORITY_IDS, AUTHORITY_NAME
from kcc_etl.sample.write import write_sample
from kcc_etl.settings import FILE_NAME

AS_OF = "2026-11-23"
"""The sample stands still on this day, so its latest complete quarter is 2026-27-Q2 for good."""

_SETTINGS = f"""\
# Settings of kcc-etl. Paths are relative to this file.
# This copy runs the sample, a county that does not exist. To use the program for real: set the authority,
# take out `as_of`, and point the sources at your own folders.

# The day the program takes as today. Take it out, and today is today in London.
as_of = {AS_OF}

# Where the program keeps what it lands, computes and publishes.
data = "data"

# The warehouse: any SQLAlchemy URL. Empty means a SQLite file in the data folder.
# In production: warehouse = "postgresql+psycopg://user@host/database" (the password from the environment
# variable PGPASSWORD, never in this file).
warehouse = ""

# A folder with the council's adopted parameters (policy-*.toml, measures.toml and the others that
# `kcc-etl policy show` lists; proxies.toml for its own values in pounds). A file there
# replaces the shipped one of the same name. Until then the shipped figures are assumptions, and every
# report says so.
parameters = ""

[authority]
name = "{AUTHORITY_NAME}"
address = "{AUTHORITY_ADDRESS}"
email = "{AUTHORITY_EMAIL}"
# Every identity of the authority on the central digital platform. The first is the paying authority.
ids = [{", ".join(f'"{identity}"' for identity in AUTHORITY_IDS)}]
# The identity that publishes contract details notices (UK7), only if another than the paying one: the columns
# publisher_* of the payments over £30,000 name it. What is left out is as above.
#   publisher = {{ id = "GB-PPON-ABCD-1234-EFGH", name = "…", address = "…", email = "…" }}
# The address under which the folders of publications stand, such as "https://www.example.gov.uk/transparency".
# Catalogues of open data are told where to fetch files from; left empty, links are relative.
publication_url = ""

# One [[sources]] block a source of files.
#   kind     register, notices, payments, returns or decisions
#   path     a folder (searched with all its sub-folders) or one file
#   pattern  which files of the folder
#   mode     "snapshot": each file is the whole truth, so the last one landed counts alone;
#            "collection": every file adds; one landed again under its name replaces the earlier.
#            A new version that cannot be used, or lost headings or a fifth of its rows, is held and
#            the last good one stays in use until it is mended or accepted by a decision
#   mapping  a saved header mapping (TOML), where the headings are not those of the dictionary;
#            `kcc-etl map FILE` proposes one. The newest that was saved here and could be used stays in force
#   nightly_limit  new files of one sender (the first sub-folder) taken in a night; 2000 unless set
#   feed     in place of path and pattern, what to ask each night; `kcc-etl doctor` tries it without landing
#            anything. A password or key is named as ${{NAME}} and set in the environment, never in this file.
#     feed = {{ type = "find-a-tender", since = 2025-02-24 }}
#     feed = {{ type = "contracts-finder", since = 2024-04-01, minutes = 30 }}
#     feed = {{ type = "url", url = "https://www.example.gov.uk/spend.csv" }}
#     feed = {{ type = "sql", database = "postgresql://reader:${{ERP_PASSWORD}}@host/finance",
#              query = "SELECT … FROM … ORDER BY …" }}   (on one line)
[[sources]]
name = "contracts"
kind = "register"
path = "data/inbox/registers"
pattern = "contracts-register*.csv"
mode = "snapshot"

[[sources]]
name = "highways"
kind = "register"
path = "data/inbox/registers"
pattern = "highways-register*.xlsx"
mode = "snapshot"

[[sources]]
name = "find-a-tender"
kind = "notices"
path = "data/inbox/notices"
pattern = "*.json"

[[sources]]
name = "ledger"
kind = "payments"
path = "data/inbox/payments"
pattern = "*.csv"

[[sources]]
name = "returns"
kind = "returns"
path = "data/inbox/returns"
pattern = "*.xlsx"

[[sources]]
name = "decisions"
kind = "decisions"
path = "data/inbox/decisions"
pattern = "*.csv"
"""  # noqa: S608 - a comment that shows a query; nothing is asked


def write_project(folder: Path, *, if_missing: bool = False) -> list[str]:
    """Write the settings file and the sample; what was written, in lines.

    With `if_missing`, a folder that has a settings file is left as it is. Raises UsageError when there is one
    and `if_missing` is not given, or when the folder cannot be written.
    """
    target = folder / FILE_NAME
    if target.exists():
        if if_missing:
            return []
        raise UsageError(
            f"There is a settings file at {target}",
            remedy="Name another folder, or use --if-missing to leave it as it is",
        )
    inbox = folder / "data" / "inbox"
    try:
        filled = _fill(inbox)
        # The settings file comes last: where it stands, the inbox is whole.
        write_atomically(target, _SETTINGS.encode())
    except OSError as error:
        raise UsageError(
            f"The sample cannot be written to {folder}: {error.strerror}",
            remedy="Name a folder that you may write to",
        ) from error
    return [f"Settings: {target}", f"Sample:   {inbox} ({filled})", "Next:     kcc-etl run"]


def _fill(inbox: Path) -> str:
    """Put the sample in place as a whole; an inbox that is there is somebody's and stays as it is."""
    if inbox.exists():
        return "left as it is"
    inbox.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sample-", dir=inbox.parent) as aside:
        summary = write_sample(Path(aside) / "inbox")
        (Path(aside) / "inbox").rename(inbox)
    return str(summary)

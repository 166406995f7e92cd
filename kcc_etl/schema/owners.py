"""Who deals with what a rule finds: one role a rule, by the prefix of its id, with the exceptions named.

Does not belong here: the rules (`kcc_etl.schema.rules`), who holds a role (the council knows).
"""

from __future__ import annotations

from typing import Literal

Owner = Literal[
    "procurement systems",
    "category team",
    "contract manager",
    "procurement officer",
    "accounts payable",
    "supplier",
    "transparency officer",
    "maintainers of this program",
]

OWNERS: dict[Owner, str] = {
    "procurement systems": "keeps the registers' systems, the feeds, the files and their header mappings",
    "category team": "awards the contracts and enters them in the register",
    "contract manager": "runs the contract: changes, payments on it, what its supplier delivers",
    "procurement officer": "records decisions",
    "accounts payable": "keeps the payment ledger",
    "supplier": "fills in the return",
    "transparency officer": "publishes notices and files",
    "maintainers of this program": "mends the program: what it is told of is no fault of the data",
}
"""Every role that deals with findings, and what it does."""

_OF_PREFIX: dict[str, Owner] = {
    "IN": "procurement systems",
    "FD": "procurement systems",
    "CR": "category team",
    "NT": "transparency officer",
    "SP": "accounts payable",
    "SU": "category team",
    "RT": "supplier",
    "DC": "procurement officer",
    "TG": "category team",
    "PB": "transparency officer",
}

_INSTEAD: dict[Owner, tuple[str, ...]] = {
    # words, lists and identities are put right in the settings or a header mapping; a table that is empty did
    # not arrive
    "procurement systems": (
        "CR-008", "CR-016", "CR-020", "CR-021", "NT-001", "NT-002", "NT-003", "NT-008", "NT-009", "SP-013",
        "PB-007", "PB-024",
    ),
    "category team": ("CR-041", "SP-019", "PB-002"),
    "contract manager": (
        "SP-006", "SP-011", "SP-015", "SP-031", "SP-032", "RT-008", "RT-009", "RT-012", "RT-015", "RT-021",
        "RT-022", "RT-023", "RT-030", "RT-031", "RT-040", "DC-007", "DC-016",
        "DC-017", "DC-018", "DC-019", "DC-020", "DC-021", "DC-026", "TG-003", "TG-011",
        "TG-016",
    ),
    "accounts payable": ("SP-046", "SU-004", "SU-005"),
    "procurement officer": ("DC-036", "DC-037", "DC-038"),
}  # fmt: skip
_EXCEPTIONS: dict[str, Owner] = {rule_id: owner for owner, ids in _INSTEAD.items() for rule_id in ids}


def owner_of(rule_id: str, effect: str) -> Owner:
    """The role that deals with a rule's findings. A rule that blocks guards the program unless named here.

    Raises KeyError for a prefix without an owner.
    """
    if rule_id in _EXCEPTIONS:
        return _EXCEPTIONS[rule_id]
    return "maintainers of this program" if effect == "block" else _OF_PREFIX[rule_id.partition("-")[0]]

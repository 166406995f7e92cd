"""Every rule once: id, version, public sentence, source, severity, effect, data-quality dimension.

Does not belong here: how a rule is judged. Rules with stage `intake` and `core` are judged where rows are
read and joined (`kcc_etl.intake`, `kcc_etl.domain`); rules with stage `check` by `checks`. An id is never
reused; when what passes changes, the version rises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kcc_etl import asset_keys as keys

Effect = Literal["refuse", "quarantine", "exclude", "flag", "block"]
"""refuse a file, quarantine or exclude a row, flag it and count it all the same, or block publication."""


@dataclass(frozen=True)
class Rule:
    """One rule. `table` is the table it speaks about; `field` the column its finding points at, if one."""

    id: str
    table: str
    field: str
    stage: Literal["intake", "core", "check"]
    effect: Effect
    severity: Literal["critical", "warning", "information"]
    dimension: Literal["completeness", "uniqueness", "consistency", "timeliness", "validity", "accuracy"]
    text: str
    remedy: str
    source: str = "house rule"
    version: int = 1


_S = "social-value policy parameters, section 8"
_RULES: tuple[Rule, ...] = (
    # files
    Rule("IN-001", "receipt", "", "intake", "refuse", "warning", "validity", "A file can be opened as the kind of file it is.", "Open it, save it again as CSV UTF-8, XLSX or JSON without a password, and send that file."),
    Rule("IN-002", "receipt", "", "intake", "refuse", "warning", "completeness", "A file has the columns its table needs, each title once.", "Add the missing columns, or save a header mapping that names the column to use."),
    Rule("IN-003", "receipt", "", "intake", "exclude", "information", "uniqueness", "The same bytes count once, under whatever name they come.", "Nothing to do, unless a different file was meant."),
    Rule("IN-004", "set_aside", "", "intake", "exclude", "information", "validity", "A blank row carries nothing and is left out.", "Nothing to do."),
    Rule("IN-005", "set_aside", "", "intake", "exclude", "information", "validity", "A totals row is not a record and is left out.", "Leave totals out of the file.", version=2),
    # register
    Rule("CR-001", keys.RAW_CONTRACT, "contract_ref", "intake", "quarantine", "warning", "completeness", "A contract has a reference.", "Enter the contract reference."),
    Rule("CR-002", keys.RAW_CONTRACT, "contract_ref", "core", "quarantine", "warning", "uniqueness", "A contract reference is used once in the registers in force.", "Give the second contract its own reference, or remove the repeat."),
    Rule("CR-003", keys.RAW_CONTRACT, "value_ex_vat_pence", "intake", "quarantine", "warning", "validity", "A contract value is an amount of money.", "Enter pounds and pence, such as 125000.00."),
    Rule("CR-004", keys.RAW_CONTRACT, "start_on", "intake", "quarantine", "warning", "validity", "Contract dates are dates.", "Enter the date as DD/MM/YYYY or YYYY-MM-DD."),
    Rule("CR-005", keys.RAW_CONTRACT, "end_on", "core", "quarantine", "warning", "consistency", "A contract ends on or after the day it starts.", "Correct the start or the end date.", "OCDS Pelican coherence"),
    Rule("CR-006", keys.CORE_CONTRACT, "value_ex_vat_pence", "check", "flag", "warning", "accuracy", "A contract value is more than £1; £0 and £1 are signs of a default.", "Enter the estimated whole-life value."),
    Rule("CR-007", keys.CORE_CONTRACT, "start_on", "check", "flag", "warning", "consistency", "A contract does not start before it is awarded.", "Check the award date; if the contract did start first, record why.", "local analysis of Kent registers, 2023"),
    Rule("CR-008", keys.RAW_CONTRACT, "supplier_company_number", "intake", "flag", "information", "validity", "A company number has eight characters; zeros lost at the front are put back.", "Store company numbers as text.", "Companies House"),
    Rule("CR-009", keys.RAW_CONTRACT, "supplier_name", "intake", "quarantine", "warning", "completeness", "A contract names its supplier.", "Enter the supplier's name."),
    Rule("CR-010", keys.CORE_CONTRACT, "procurement_category", "check", "flag", "warning", "validity", "The procurement category is goods, services or works.", "Choose goods, services or works."),
    Rule("CR-011", keys.CORE_CONTRACT, "risk_criticality", "check", "flag", "warning", "completeness", "All ten risk and complexity questions are answered 1 to 3 where policy asks for targets; a missing answer counts 2.", "Answer the ten questions.", _S + ".2"),
    Rule("CR-012", keys.CORE_CONTRACT, "parent_ref", "check", "flag", "warning", "consistency", "A call-off names a framework of the register.", "Enter the reference of the framework."),
    Rule("CR-013", keys.CORE_CONTRACT, "district", "check", "flag", "warning", "validity", "The district is a Kent district code, county or unknown.", "Choose a district from the list.", "ONS"),
    Rule("CR-014", keys.CORE_CONTRACT, "value_inc_vat_pence", "check", "flag", "warning", "consistency", "The value including VAT is between the net value and the net value plus 20%.", "Check both values; one may be in pence or thousands.", "Value Added Tax Act 1994 s.2"),
    Rule("CR-015", keys.CORE_CONTRACT, "supplier_size", "check", "flag", "information", "completeness", "The size of the supplier is known; unknown gets no relief.", "Ask the supplier for its size.", _S + ".5"),
    Rule("CR-016", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "The register is not empty.", "Check that the register arrived."),
    Rule("CR-017", keys.CORE_CONTRACT, "contract_ref", "check", "block", "critical", "uniqueness", "No contract is in the register twice.", "Report this: intake should have held the second row."),
    Rule("CR-018", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "Register rows and pence that arrived equal accepted + quarantined + excluded.", "Report this: a row was lost."),
    Rule("CR-019", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "Every contract has a reference, a supplier, a value and both dates.", "Report this: intake should have held the row."),
    Rule("CR-020", keys.RAW_CONTRACT, "", "intake", "flag", "warning", "validity", "A yes/no, score or word cell of the register can be read; one that cannot counts as empty.", "Enter Yes or No, a whole number, or the words themselves."),
    # notices
    Rule("NT-001", keys.RAW_NOTICE, "", "intake", "quarantine", "warning", "completeness", "A release has an OCID and an identifier.", "Fetch the release again.", "OCDS 1.1.5"),
    Rule("NT-002", keys.RAW_NOTICE, "release_id", "core", "exclude", "information", "uniqueness", "The same release counts once.", "Nothing to do.", "Find a Tender pages repeat releases"),
    Rule("NT-003", keys.RAW_NOTICE, "buyer_id", "intake", "exclude", "information", "validity", "A notice of another authority is left out.", "Add the identity to the settings if it is ours."),
    Rule("NT-004", keys.RAW_NOTICE, "", "intake", "quarantine", "warning", "validity", "Values in a release are finite amounts of money.", "Fetch the release again, or ask the platform.", "Find a Tender, 10 August 2026: 1e9999"),
    Rule("NT-005", keys.CORE_NOTICE, "ocid", "check", "flag", "warning", "consistency", "A contract details notice is about a contract of the register.", "Add the contract to the register or its OCID to the contract.", "Procurement Act 2023 s.53"),
    Rule("NT-006", keys.CORE_NOTICE, "value_inc_vat_pence", "check", "flag", "warning", "consistency", "A contract details notice and the register agree on the value including VAT to within 1%.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-007", keys.CORE_NOTICE, "", "check", "block", "critical", "completeness", "Releases that arrived equal accepted + quarantined + excluded.", "Report this: a release was lost."),
    Rule("NT-008", keys.RAW_NOTICE, "", "intake", "flag", "warning", "validity", "A date in a release is a date; one that cannot be read counts as empty.", "Fetch the release again, or ask the platform.", "OCDS 1.1.5"),
    # payments
    Rule("SP-001", keys.RAW_PAYMENT, "amount_ex_vat_pence", "intake", "quarantine", "warning", "validity", "A payment amount is an amount of money.", "Enter pounds and pence, such as 1250.00."),
    Rule("SP-002", keys.RAW_PAYMENT, "paid_on", "intake", "quarantine", "warning", "validity", "Payment and invoice dates are dates, and the payment date is given.", "Enter the date as DD/MM/YYYY or YYYY-MM-DD."),
    Rule("SP-003", keys.RAW_PAYMENT, "amount_inc_vat_pence", "core", "quarantine", "warning", "consistency", "Net amount plus VAT equals the gross amount.", "Correct the amounts of the line."),
    Rule("SP-004", keys.RAW_PAYMENT, "payment_ref", "core", "quarantine", "warning", "uniqueness", "A ledger line counts once, in whichever files it stands.", "Remove the repeated line; check that no month was published twice.", "Folkestone 2020: £9,074.81 counted twice", version=3),
    Rule("SP-005", keys.CORE_PAYMENT, "contract_ref", "check", "flag", "warning", "consistency", "A payment that names a contract names one of the register.", "Correct the contract reference."),
    Rule("SP-006", keys.CORE_PAYMENT, "supplier_name", "check", "flag", "warning", "consistency", "A payment goes to the supplier on its contract.", "Check the payee, or record the change of supplier."),
    Rule("SP-007", keys.RAW_PAYMENT, "paid_on", "core", "quarantine", "warning", "timeliness", "A payment is not dated after the day the figures speak about.", "Correct the payment date."),
    Rule("SP-008", keys.CORE_PAYMENT, "invoice_received_on", "check", "flag", "warning", "consistency", "An invoice is received before or on the day it is paid.", "Correct the invoice or the payment date."),
    Rule("SP-009", keys.CORE_PAYMENT, "amount_ex_vat_pence", "check", "flag", "warning", "consistency", "A credit note is negative; any other line is not.", "Correct the sign or the credit note mark."),
    Rule("SP-010", keys.CORE_PAYMENT, "invoice_ref", "check", "flag", "warning", "uniqueness", "An invoice of a supplier is paid once for the same amount.", "Check whether the invoice was paid twice and recover the second payment.", version=2),
    Rule("SP-011", keys.CORE_PAYMENT, "amount_ex_vat_pence", "check", "flag", "warning", "accuracy", "Payments on a contract do not exceed its value.", "Check the contract value, or record the variation.", "OCDS Pelican consistency"),
    Rule("SP-012", keys.RAW_PAYMENT, "supplier_name", "intake", "quarantine", "warning", "completeness", "A payment names its payee.", "Enter the payee."),
    Rule("SP-013", keys.CORE_PAYMENT, "", "check", "block", "critical", "completeness", "The payment ledger is not empty.", "Check that the ledger arrived."),
    Rule("SP-014", keys.CORE_PAYMENT, "", "check", "block", "critical", "completeness", "Ledger rows and pence that arrived equal accepted + quarantined + excluded.", "Report this: a row was lost."),
    Rule("SP-015", keys.CORE_PAYMENT, "paid_on", "check", "flag", "warning", "consistency", "A contract is not paid more than a year after it ended.", "Check the end date of the contract, or stop the payments."),
    Rule("SP-016", keys.RAW_PAYMENT, "", "intake", "flag", "warning", "validity", "A yes/no, score or word cell of the ledger can be read; one that cannot counts as empty.", "Enter Yes or No, a whole number, or the words themselves."),
    Rule("SP-017", keys.RAW_PAYMENT, "supplier_company_number", "intake", "flag", "information", "validity", "A payee's company number has eight characters; zeros lost at the front are put back.", "Store company numbers as text.", "Companies House"),
    Rule("SP-018", keys.RAW_PAYMENT, "payment_ref", "core", "quarantine", "warning", "consistency", "A payment number says the same in every file it stands in.", "One number, two contents in two files: remove the wrong file or the wrong line; until then neither counts."),
    Rule("SP-019", keys.CORE_PAYMENT, "contract_ref", "check", "flag", "warning", "completeness", "Whether section 70 reaches a payment over £30,000 can be decided.", "Enter the day the procurement commenced and the value including VAT in the register, or the VAT of the payment.", "Procurement Act 2023 s.70"),
    # returns
    Rule("RT-001", keys.RAW_CLAIM, "contract_ref", "core", "quarantine", "warning", "consistency", "A return is about a contract of the register.", "Enter the contract reference printed on the workbook that was sent out."),
    Rule("RT-002", keys.RAW_CLAIM, "period", "intake", "quarantine", "warning", "timeliness", "A return states a financial quarter that had ended by the day it landed, such as 2026-27-Q2.", "Enter the quarter the return is about."),
    Rule("RT-003", keys.RAW_CLAIM, "claimed", "intake", "quarantine", "warning", "validity", "A claimed quantity is a number of zero or more, with no words or units.", "Enter the number alone, such as 12.5."),
    Rule("RT-004", keys.RAW_CLAIM, "measure_code", "core", "quarantine", "warning", "consistency", "A claim is about a measure of the contract.", "Use only the measures printed on the workbook."),
    Rule("RT-005", keys.RAW_CLAIM, "district", "intake", "quarantine", "warning", "validity", "The district is a Kent district code, county or unknown.", "Choose the district from the list."),
    Rule("RT-006", keys.RAW_CLAIM, "claimed", "intake", "quarantine", "warning", "validity", "A cell holds a value, not a broken formula such as #REF!.", "Type the value over the formula."),
    Rule("RT-007", keys.RAW_CLAIM, "evidence_ref", "intake", "quarantine", "warning", "validity", "A return holds no personal data: no e-mail address, National Insurance number or postcode.", "Give a reference to the evidence instead.", _S + ".7"),
    Rule("RT-008", keys.CORE_CLAIM, "is_confirmed", "check", "flag", "warning", "completeness", "Both confirmations of a return are given.", "Ask the supplier to confirm.", _S + ".7"),
    Rule("RT-009", keys.OUT_PERFORMANCE, "claimed", "check", "flag", "warning", "accuracy", "Claims to date are at most 150% of what is due.", "Review the claim before it is verified.", _S + ".7"),
    Rule("RT-010", keys.RAW_CLAIM, "is_nil", "core", "quarantine", "warning", "consistency", "A nil return claims nothing.", "Untick the nil box, or clear the lines."),
    Rule("RT-011", keys.RAW_CLAIM, "contract_ref", "core", "quarantine", "warning", "uniqueness", "A contract, period, measure and district is claimed once in a return.", "Add the lines together."),
    Rule("RT-012", keys.OUT_PERFORMANCE, "contract_ref", "check", "flag", "warning", "timeliness", "A contract with agreed measures sends a return for every quarter it is due.", "Ask the supplier for the return; it counts as zero verified until it comes.", _S + ".7"),
    Rule("RT-013", keys.RAW_CLAIM, "attribution_pct", "intake", "quarantine", "warning", "validity", "Attribution is a percentage from 0 to 100.", "Enter the share of the claim that this contract brought about."),
    Rule("RT-014", keys.RAW_CLAIM, "template_version", "intake", "refuse", "warning", "validity", "A return is on a known version of the workbook.", "Copy the figures into the workbook that was sent out."),
    Rule("RT-015", keys.CORE_CLAIM, "claimed", "check", "flag", "warning", "uniqueness", "The same quantity of a measure that adds up is not claimed on two contracts of one supplier.", "Ask the supplier which contract it belongs to; both count until then.", _S + ".7", version=2),
    Rule("RT-016", keys.CORE_CLAIM, "", "check", "block", "critical", "completeness", "Return lines that arrived equal accepted + quarantined + excluded.", "Report this: a line was lost."),
    Rule("RT-017", keys.RAW_CLAIM, "contract_ref", "core", "exclude", "information", "uniqueness", "A later return for the same contract and quarter replaces the earlier one whole.", "Nothing to do."),
    Rule("RT-018", keys.RAW_CLAIM, "is_nil", "intake", "flag", "warning", "validity", "A yes/no answer of a return is Yes or No; one that cannot be read counts as empty.", "Choose Yes or No from the list."),
    Rule("RT-019", keys.RAW_CLAIM, "measure_code", "intake", "quarantine", "warning", "completeness", "A line of a return names its measure.", "Use the lines printed on the workbook; add a line only with its measure code."),
    # decisions
    Rule("DC-001", keys.RAW_DECISION, "decision_id", "intake", "quarantine", "warning", "completeness", "A decision has a number, a role, a reason and a date.", "Complete the decision."),
    Rule("DC-002", keys.RAW_DECISION, "decision_kind", "intake", "quarantine", "warning", "validity", "A decision is a commitment, override, verification or clearance, with a quantity of zero or more where one is needed.", "Choose the kind from the list and enter a number."),
    Rule("DC-003", keys.RAW_DECISION, "subject", "core", "quarantine", "warning", "consistency", "A decision is about a contract of the register, or a payee of the ledger.", "Correct the subject."),
    Rule("DC-004", keys.OUT_TARGET, "agreed", "check", "flag", "warning", "validity", "An override beyond the authority of the role does not count until approved.", "Have it approved by the role that may.", _S + ".8"),
    Rule("DC-005", keys.RAW_DECISION, "decision_id", "core", "quarantine", "warning", "uniqueness", "A decision number is used once.", "Give the second decision its own number."),
    Rule("DC-006", keys.CORE_DECISION, "", "check", "block", "critical", "completeness", "Decisions that arrived equal accepted + quarantined + excluded.", "Report this: a decision was lost."),
    Rule("DC-007", keys.OUT_PERFORMANCE, "verified", "check", "flag", "warning", "consistency", "A verification is at most what was claimed, for a measure and quarter that were claimed.", "Correct the verification with a later decision; until then it counts up to the claim.", _S + ".7"),
    # targets and outcomes
    Rule("TG-001", keys.OUT_TARGET, "target", "check", "block", "critical", "validity", "No target is negative.", "Report this: the arithmetic is wrong.", _S + ".3"),
    Rule("TG-002", keys.OUT_PERFORMANCE, "due", "check", "block", "critical", "consistency", "What is due is never more than what was agreed.", "Report this: the arithmetic is wrong.", _S + ".6"),
    Rule("TG-003", keys.OUT_PERFORMANCE, "verified", "check", "block", "critical", "consistency", "What is verified is never more than what is claimed.", "Correct the verification.", _S + ".7"),
    # publications
    Rule("PB-001", keys.OUT_OVER_30K, "amount_inc_vat_pence", "check", "block", "critical", "validity", "Every published section 70 payment is over £30,000 including VAT and paid in the quarter.", "Report this: the selection is wrong.", "Procurement Act 2023 s.70"),
    Rule("PB-002", keys.OUT_OVER_30K, "ocid", "check", "flag", "warning", "completeness", "A section 70 payment carries the procurement, contract and supplier identifiers.", "Enter the identifiers in the register.", "PR24 reg 38A(2)-(3)"),
    Rule("PB-003", keys.OUT_SPEND, "payee", "check", "block", "critical", "validity", "No payee of the spend file is published by name unless an organisation on good evidence or cleared by a decision, and none whose name is redacted by a number.", "Report this: the redaction is wrong.", "UK GDPR; Transparency Code para 20", version=2),
    Rule("PB-004", keys.OUT_OVER_30K, "supplier_name", "check", "block", "critical", "validity", "No payee of the section 70 file is published by name unless an organisation on good evidence or cleared by a decision, and none whose name is redacted by an identifier.", "Report this: the redaction is wrong.", "UK GDPR; Procurement Act 2023 s.94"),
    Rule("PB-005", keys.OUT_REGISTER, "payee", "check", "block", "critical", "validity", "No supplier of the contracts register is published by name unless an organisation on good evidence, and none whose name is redacted by a number.", "Report this: the redaction is wrong.", "UK GDPR; Transparency Code para 20"),
    Rule("PB-006", keys.OUT_PERFORMANCE, "supplier_name", "check", "block", "critical", "validity", "No supplier of the performance file is published by name unless an organisation on good evidence.", "Report this: the redaction is wrong.", "UK GDPR"),
    Rule("PB-007", keys.OUT_SPEND, "", "check", "block", "critical", "completeness", "Spend over the floor in the quarter is not empty.", "Check that the ledgers of the quarter have arrived."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES}
if len(RULES) != len(_RULES):
    raise ValueError("a rule id is used twice")

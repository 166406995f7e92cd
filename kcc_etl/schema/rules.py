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
    Rule("IN-001", "receipt", "", "intake", "quarantine", "warning", "validity", "A file can be opened as the kind of file it is.", "Open it, save it again as CSV UTF-8, XLSX or JSON without a password, and send that file.", version=2),
    Rule("IN-002", "receipt", "", "intake", "quarantine", "warning", "completeness", "A file has the columns its table needs, each title once.", "Add the missing columns, or save a header mapping that names the column to use.", version=2),
    Rule("IN-003", "receipt", "", "intake", "exclude", "information", "uniqueness", "The same bytes count once, under whatever name they come.", "Nothing to do, unless a different file was meant."),
    Rule("IN-004", "set_aside", "", "intake", "exclude", "information", "validity", "A blank row carries nothing and is left out.", "Nothing to do."),
    Rule("IN-005", "set_aside", "", "intake", "exclude", "information", "validity", "A totals row, a heading that is repeated or a footer of the report is not a record and is left out.", "Leave totals, repeated headings and footers out of the file.", version=3),
    # workbooks; the limits are those of hazards.md 1.3
    Rule("IN-010", "receipt", "", "intake", "refuse", "warning", "validity", "A workbook is a sound zip file of up to 1,000 parts that unpacks to at most 100 MB and writes nothing outside itself.", "Open it, save a fresh copy as an Excel workbook (.xlsx), and send that.", "Apache POI ZipSecureFile; OWASP ASVS 5.0 V5"),
    Rule("IN-011", "receipt", "", "intake", "refuse", "warning", "validity", "A workbook holds no document type definition and no entity.", "Open it, save a fresh copy as an Excel workbook (.xlsx), and send that.", "CVE-2017-5992"),
    Rule("IN-012", "receipt", "", "intake", "quarantine", "warning", "validity", "A sheet holds no value beyond the rows and columns that a file of its kind can have.", "Delete the stray value, or everything right of and below the table, save, and send the file again."),
    Rule("IN-013", "receipt", "", "intake", "quarantine", "warning", "validity", "A workbook holds no macros, no ActiveX controls and no embedded files.", "Save it as an Excel workbook without macros (.xlsx), without embedded files, and send that."),
    Rule("IN-014", "receipt", "", "intake", "flag", "warning", "accuracy", "A workbook takes no value from another workbook, a web page or a database.", "Paste the values in place of the links, save, and send the file again."),
    Rule("IN-016", "receipt", "", "intake", "flag", "information", "accuracy", "Cells that are read hold values and not formulas; the stored result of a formula is taken.", "Nothing to do; pasting the values in place of the formulas makes sure of them."),
    Rule("IN-017", "set_aside", "", "intake", "quarantine", "warning", "accuracy", "The stored result of a simple total is the total of the cells it adds.", "Open the workbook, let it calculate, check the cell, save, and send it again."),
    Rule("IN-018", "receipt", "", "intake", "flag", "warning", "validity", "Nothing that holds data is hidden: no sheet, no column, no text in white.", "Show what is hidden and confirm that it belongs to the file, or delete it."),
    Rule("IN-019", "set_aside", "", "intake", "quarantine", "warning", "validity", "No row and no column that is read is hidden.", "Show it and send the file again if it belongs to the file, or delete it.", version=2),
    Rule("IN-020", "receipt", "", "intake", "quarantine", "warning", "accuracy", "The dates of a workbook are not all four years and a day out, as when copied between a Mac workbook of 1904 dates and another.", "Turn the setting for 1904 dates off, correct the dates, and send the file again."),
    Rule("IN-021", "set_aside", "", "intake", "quarantine", "warning", "validity", "No cells of the rows that are read are merged.", "Unmerge the cells, fill in each one, and send the file again."),
    Rule("IN-022", "receipt", "", "intake", "quarantine", "warning", "validity", "A file has no password.", "Remove the password and send the file again."),
    Rule("IN-023", "receipt", "", "intake", "quarantine", "warning", "validity", "A workbook can be read within 20 seconds and 512 MB of memory.", "Send the table as CSV UTF-8, or save a fresh copy with nothing but the table in it."),
    Rule("IN-024", "receipt", "", "intake", "quarantine", "warning", "completeness", "All records of a workbook stand on one sheet.", "Put all rows on one sheet, or send each sheet as a file of its own; delete sheets that are copies.", "hazards.md 1.3, 9"),
    Rule("IN-025", "receipt", "", "intake", "flag", "information", "completeness", "A workbook holds one sheet; others that can be seen are not read.", "Nothing to do if they hold no records; otherwise send them as files of their own."),
    Rule("IN-030", "receipt", "", "intake", "flag", "information", "validity", "Dates such as 03/04/2026 are read day before month; another date of the column shows that this is right.", "Write dates as 2026-04-03; check that the day stands before the month.", "hazards.md 1.3, 11"),
    Rule("IN-031", "set_aside", "", "intake", "quarantine", "warning", "consistency", "All dates of a column are written day before month.", "Write every date of the column as DD/MM/YYYY or YYYY-MM-DD and send the file again.", "hazards.md 1.3, 11"),
    Rule("IN-033", "receipt", "", "intake", "flag", "information", "validity", "A text file is UTF-8.", "Compare the examples with the original; save the file as CSV UTF-8 next time.", "GOV.UK Tabular data standard"),
    Rule("IN-034", "receipt", "", "intake", "flag", "warning", "accuracy", "Accents, dashes and pound signs read as they were typed.", "Export the file again as UTF-8; until then the text counts as it stands.", "hazards.md 1.3, 20"),
    Rule("IN-035", "set_aside", "", "intake", "exclude", "information", "validity", "Titles above the heading are no records and are left out.", "Nothing to do; better put the heading in the first row.", "CSVLint: title row", version=2),
    Rule("IN-036", "set_aside", "", "intake", "quarantine", "warning", "consistency", "A row has no more cells than the heading.", "Put quotation marks round text that holds the separator, or give the column a heading.", "CSVLint: ragged rows"),
    Rule("IN-037", "set_aside", "", "intake", "quarantine", "warning", "completeness", "No record stands above the heading.", "Move the heading above all records, and send the file again."),
    Rule("IN-038", "set_aside", "", "intake", "flag", "warning", "accuracy", "The total at the foot of a table is the sum of its rows.", "Check whether rows are missing or an amount is wrong, and send the file again; the rows count as they stand."),
    Rule("IN-039", "receipt", "", "intake", "flag", "warning", "completeness", "A file holds records.", "Send the file again with its records; if there are none, nothing to do."),
    # versions and landing; the 80% is hazards.md 3.3, rule 4
    Rule("IN-040", "receipt", "", "intake", "flag", "warning", "uniqueness", "No two files in force have the same rows.", "Take one of the two files back if it was sent twice by mistake; both count until then.", "hazards.md 1.3, 22"),
    Rule("IN-041", "receipt", "", "intake", "quarantine", "warning", "consistency", "The headings of a file are those of the last good version, whatever their order and case.", "Send the file with the headings it had; or save a reviewed header mapping that maps or ignores every heading; or enter a decision `accepted file` for it.", "hazards.md 3.3, rule 6"),
    Rule("IN-042", "receipt", "", "intake", "quarantine", "warning", "completeness", "A new version has at least 80% of the rows of the last good version.", "Send the whole file again; if so many rows did go, enter a decision `accepted file` for it.", "hazards.md 3.3, rule 4"),
    Rule("IN-043", "receipt", "", "intake", "flag", "warning", "timeliness", "A source speaks through its newest version and its newest header mapping.", "Deal with the fault that is named; the last good version stays in use until then.", "hazards.md 3.3, rule 4"),
    Rule("IN-044", "receipt", "", "intake", "flag", "warning", "validity", "One sender brings no more new files a night than are taken in a night.", "Nothing to do if they are meant, the next nights take the rest; otherwise clear the folder of the sender.", "hazards.md 1.3, 28"),
    Rule("IN-045", "receipt", "", "intake", "flag", "information", "completeness", "Everything in the folder of a source is a file that somebody means to send; what systems keep for themselves and what is half copied is passed over.", "Nothing to do, unless one of them is meant; then give it a plain name."),
    Rule("IN-050", "receipt", "", "intake", "flag", "information", "completeness", "Every column that holds something is a field, or a saved header mapping leaves it out.", "If a column is wanted, add it under [columns] of a header mapping; if not, add its heading to the list ignore.", version=2),
    Rule("IN-051", "receipt", "", "intake", "flag", "warning", "completeness", "A column of amounts or dates has a heading.", "Give the column its heading and send the file again, or delete the column."),
    # feeds
    Rule("FD-001", "ledger", "", "intake", "flag", "warning", "timeliness", "A feed can be reached and answers, and what it has new is taken in the same night.", "Nothing is lost: the next night asks for what is missing. If it goes on, run `kcc-etl doctor`, and check the address, the access and the network.", "hazards.md 3.3, rule 4"),
    Rule("FD-002", "ledger", "", "intake", "flag", "warning", "validity", "A feed answers what it was asked, whole.", "Nothing to do the first night, it is asked again; if it goes on, look at the answer that landed and tell the keeper of the feed.", "hazards.md 3.3, rule 4"),
    Rule("FD-003", "ledger", "", "intake", "flag", "warning", "completeness", "A feed gives records: a file or a query some rows, a platform of notices nearly as many on a working day as on the one before.", "Nothing to do the first night, it is asked again. If it goes on, and the day was no holiday, ask the keeper of the feed where its records are.", "hazards.md 3.3, rule 4", version=2),
    # register
    Rule("CR-001", keys.RAW_CONTRACT, "contract_ref", "intake", "quarantine", "warning", "completeness", "A contract has a reference.", "Enter the contract reference."),
    Rule("CR-002", keys.RAW_CONTRACT, "contract_ref", "core", "quarantine", "warning", "uniqueness", "A contract reference is used once in the registers in force.", "Give the second contract its own reference, or remove the repeat."),
    Rule("CR-003", keys.RAW_CONTRACT, "value_ex_vat_pence", "intake", "quarantine", "warning", "validity", "A contract value is an amount of money.", "Enter pounds and pence, such as 125000.00."),
    Rule("CR-004", keys.RAW_CONTRACT, "start_on", "intake", "quarantine", "warning", "validity", "Contract dates are dates.", "Enter the date as DD/MM/YYYY or YYYY-MM-DD."),
    Rule("CR-005", keys.RAW_CONTRACT, "end_on", "core", "quarantine", "warning", "consistency", "A contract ends on or after the day it starts.", "Correct the start or the end date.", "OCDS Pelican coherence"),
    Rule("CR-006", keys.CORE_CONTRACT, "value_ex_vat_pence", "check", "flag", "warning", "accuracy", "A contract value is more than £1; £0 and £1 are signs of a default.", "Enter the estimated whole-life value."),
    Rule("CR-007", keys.CORE_CONTRACT, "start_on", "check", "flag", "warning", "consistency", "A contract does not start before it is awarded.", "Check the award date; if the contract did start first, record why.", "local analysis of Kent registers, 2023"),
    Rule("CR-008", keys.RAW_CONTRACT, "supplier_company_number", "intake", "flag", "information", "validity", "A company number has the eight characters of Companies House; one or two zeros lost at the front are put back, and what is shorter is none.", "Enter the company number as Companies House shows it, and store the column as text.", "Companies House", version=3),
    Rule("CR-009", keys.RAW_CONTRACT, "supplier_name", "intake", "quarantine", "warning", "completeness", "A contract names its supplier.", "Enter the supplier's name."),
    Rule("CR-010", keys.CORE_CONTRACT, "procurement_category", "check", "flag", "information", "completeness", "The procurement category is known: goods, services or works; the threshold of section 70 depends on it.", "Choose goods, services or works.", version=2),
    Rule("CR-011", keys.CORE_CONTRACT, "risk_criticality", "check", "flag", "warning", "completeness", "All ten risk and complexity questions are answered 1 to 3 where policy asks for targets; a missing answer counts 2.", "Answer the ten questions.", _S + ".2"),
    Rule("CR-012", keys.CORE_CONTRACT, "parent_ref", "check", "flag", "warning", "consistency", "A call-off names a framework of the register.", "Enter the reference of the framework."),
    Rule("CR-013", keys.CORE_CONTRACT, "district", "check", "flag", "warning", "validity", "The district is a Kent district code, county or unknown.", "Choose a district from the list.", "ONS"),
    Rule("CR-014", keys.CORE_CONTRACT, "value_inc_vat_pence", "check", "flag", "warning", "consistency", "The value including VAT is between the net value and the net value plus 20%.", "Check both values; one may be in pence or thousands.", "Value Added Tax Act 1994 s.2"),
    Rule("CR-015", keys.CORE_CONTRACT, "supplier_size", "check", "flag", "information", "completeness", "The size of the supplier is known; unknown gets no relief.", "Ask the supplier for its size.", _S + ".5"),
    Rule("CR-016", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "The register is not empty.", "Check that the register arrived."),
    Rule("CR-017", keys.CORE_CONTRACT, "contract_ref", "check", "block", "critical", "uniqueness", "No contract is in the register twice.", "Report this: intake should have held the second row."),
    Rule("CR-018", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "Register rows and pence that arrived equal accepted + quarantined + excluded.", "Report this: a row was lost."),
    Rule("CR-019", keys.CORE_CONTRACT, "", "check", "block", "critical", "completeness", "Every contract has a reference, a supplier, a value and both dates.", "Report this: intake should have held the row."),
    Rule("CR-020", keys.RAW_CONTRACT, "", "intake", "flag", "warning", "validity", "A yes/no, score or word cell of the register can be read; one that cannot counts as empty.", "Enter Yes or No, a whole number, or a word of the list.", version=2),
    Rule("CR-021", keys.RAW_CONTRACT, "", "intake", "quarantine", "warning", "validity", "Agreement kind, category, service group and regime of a contract are words of their lists, in whatever case; section 70 and the targets depend on them.", "Enter a word of the list, or save a header mapping that says under [values] which of them this word is.", "Procurement Act 2023 s.70; " + _S),
    # notices
    Rule("NT-001", keys.RAW_NOTICE, "", "intake", "quarantine", "warning", "completeness", "A release has an OCID and an identifier.", "Fetch the release again.", "OCDS 1.1.5"),
    Rule("NT-002", keys.RAW_NOTICE, "release_id", "core", "exclude", "information", "uniqueness", "The same release counts once.", "Nothing to do.", "Find a Tender pages repeat releases"),
    Rule("NT-003", keys.RAW_NOTICE, "buyer_id", "intake", "exclude", "information", "validity", "A notice of another authority is left out; one that names no buyer counts where its procurement is ours.", "Add the identity to the settings if it is ours.", version=2),
    Rule("NT-004", keys.RAW_NOTICE, "", "intake", "quarantine", "warning", "validity", "Values in a release are finite amounts of money, those of contracts and awards in pounds (GBP).", "Publish a corrected notice with the amount in pounds (GBP), written as a number; or ask the platform; then fetch the release again.", "Find a Tender, 10 August 2026: 1e9999", version=2),
    Rule("NT-005", keys.CORE_NOTICE, "ocid", "check", "flag", "warning", "consistency", "A contract details notice is about a contract of the register.", "Add the contract to the register or its OCID to the contract.", "Procurement Act 2023 s.53", version=2),
    Rule("NT-006", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the value including VAT to within 1%.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53", version=2),
    Rule("NT-007", keys.CORE_NOTICE, "", "check", "block", "critical", "completeness", "Releases that arrived equal accepted + quarantined + excluded.", "Report this: a release was lost."),
    Rule("NT-008", keys.RAW_NOTICE, "", "intake", "flag", "warning", "validity", "A date in a release is a date; one that cannot be read counts as empty.", "Fetch the release again, or ask the platform.", "OCDS 1.1.5"),
    Rule("NT-009", keys.RAW_NOTICE, "release_id", "core", "quarantine", "warning", "consistency", "A notice number says the same wherever it stands; of two contents, the one published later counts.", "Fetch the notice again, and remove the file that holds the older content.", "OCDS 1.1.5"),
    Rule("NT-010", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the value excluding VAT to within 1%; a value published only including VAT is at most 20% above it.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-011", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the start date.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-012", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the end date.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-013", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the latest end date.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-014", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on the day the contract was entered into.", "Correct the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-015", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice name the same supplier.", "Check the OCID and the contract identifier of the contract; correct the supplier in the register, or publish a corrected notice.", "Procurement Act 2023 s.53"),
    Rule("NT-016", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "The regime in the register is the law that the notice was published under.", "Correct the regime in the register.", "Procurement Act 2023 s.121; SI 2024/716"),
    Rule("NT-017", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "Register and notice agree on whether the contract is light touch.", "Correct the register, or publish a corrected notice.", "PR24 reg 42"),
    Rule("NT-018", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "A contract that a notice says has ended does not run on in the register.", "Enter the day it ended as the end date.", "Procurement Act 2023 s.80"),
    Rule("NT-019", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "The register shows the value and end date of a change that was made and published.", "Enter the changed value or end date in the register.", "Procurement Act 2023 s.75"),
    Rule("NT-020", keys.CORE_REGISTER_NOTICE, "contract_ref", "check", "flag", "warning", "consistency", "A contract of the register fits one contract of the notices.", "Enter the OCID and the contract identifier of its contract details notice.", "Procurement Act 2023 s.53"),
    Rule("NT-021", keys.CORE_NOTICE, "contract_id", "check", "flag", "information", "completeness", "A performance, change or termination notice is about a contract whose earlier notice is known.", "Fetch the contract details notice of the contract.", "Procurement Act 2023 ss.71, 75, 80"),
    Rule("NT-022", keys.CORE_NOTICE, "", "check", "flag", "warning", "completeness", "No notice of a buyer with our name is left out for an identity that the settings do not list.", "Add the identity to the settings if it is ours."),
    Rule("NT-023", keys.RAW_NOTICE, "", "intake", "flag", "warning", "consistency", "Where awards share an identifier, lots, value or period show which contract is whose; else the award and the supplier of the contract count as not known.", "Publish a corrected notice that gives each award an identifier of its own, and fetch the release again.", "hazards.md 1.1"),
    Rule("NT-024", keys.RAW_NOTICE, "", "intake", "flag", "warning", "completeness", "A value names its currency; one that names none counts as pounds (GBP).", "Check the amount; publish a corrected notice that names the currency, and fetch the release again.", "OCDS 1.1.5"),
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
    Rule("SP-016", keys.RAW_PAYMENT, "", "intake", "flag", "warning", "validity", "A yes/no, score or word cell of the ledger can be read; one that cannot counts as empty.", "Enter Yes or No, a whole number, or a word of the list.", version=2),
    Rule("SP-017", keys.RAW_PAYMENT, "supplier_company_number", "intake", "flag", "information", "validity", "A payee's company number has the eight characters of Companies House; one or two zeros lost at the front are put back, and what is shorter is none.", "Enter the company number as Companies House shows it, and store the column as text.", "Companies House", version=3),
    Rule("SP-018", keys.RAW_PAYMENT, "payment_ref", "core", "quarantine", "warning", "consistency", "A payment number says the same in every file it stands in.", "One number, two contents in two files: remove the wrong file or the wrong line; until then neither counts."),
    Rule("SP-019", keys.CORE_PAYMENT, "contract_ref", "check", "flag", "warning", "completeness", "Whether section 70 reaches a payment over £30,000 can be decided.", "Enter regime, kind, category, the day the procurement commenced and the value including VAT in the register, or the VAT of the payment.", "Procurement Act 2023 s.70", version=2),
    Rule("SP-020", keys.RAW_PAYMENT, "payee_kind", "intake", "flag", "warning", "validity", "A payee is an organisation or an individual; one of any other kind is not named in print.", "Enter organisation or individual, or save a header mapping that says under [values] which of them this word is.", "UK GDPR"),
    # suppliers
    Rule("SU-001", keys.RAW_CONTRACT, "supplier_charity_number", "intake", "flag", "information", "validity", "A charity number is as its register writes it: 1123456, SC012345 or NIC101234.", "Enter the number as the charity register shows it.", "Charity Commission, OSCR and CCNI registers"),
    Rule("SU-002", keys.RAW_CONTRACT, "supplier_ppon", "intake", "flag", "information", "validity", "A supplier's identifier on the central digital platform has the form PABC-1234-DEFG.", "Copy the identifier from the supplier's entry on the platform.", "Central Digital Platform, PponService"),
    Rule("SU-003", keys.RAW_CONTRACT, "supplier_name", "intake", "flag", "warning", "validity", "A supplier's name is written in one alphabet, without characters that turn the direction of writing.", "Type the name again; letters of another alphabet may pass one supplier off as another.", "Unicode Technical Standard 39"),
    Rule("SU-004", keys.RAW_PAYMENT, "supplier_charity_number", "intake", "flag", "information", "validity", "A payee's charity number is as its register writes it: 1123456, SC012345 or NIC101234.", "Enter the number as the charity register shows it.", "Charity Commission, OSCR and CCNI registers"),
    Rule("SU-005", keys.RAW_PAYMENT, "supplier_name", "intake", "flag", "warning", "validity", "A payee's name is written in one alphabet, without characters that turn the direction of writing.", "Type the name again; letters of another alphabet may pass one payee off as another.", "Unicode Technical Standard 39"),
    Rule("SU-006", keys.CORE_SUPPLIER, "identifier_conflict", "check", "flag", "warning", "consistency", "The numbers that stand beside one another are of one organisation, and no number stands under wholly different names; until then none of them makes two suppliers one.", "Find the row with the wrong number and correct it; where an organisation changed its name, enter a decision `same supplier` with both names.", "Companies House; transparency-law 3.2", version=2),
    Rule("SU-007", keys.CORE_SUPPLIER, "sizes_stated", "check", "flag", "information", "consistency", "Register and notices agree on whether a supplier is small or medium-sized, or large; until they do it counts as unknown.", "Ask the supplier for its size, and correct the register.", "Procurement Act 2023 s.123"),
    Rule("SU-008", keys.CORE_SUPPLIER_REVIEW, "other_name", "check", "flag", "information", "uniqueness", "Two suppliers with £100,000 or more at stake on each side do not differ in the spelling of their names alone, and share no number.", "Enter a decision `same supplier` or `different suppliers` with both keys; until then they count as two.", version=2),
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
    Rule("RT-013", keys.RAW_CLAIM, "attribution_pct", "intake", "quarantine", "warning", "validity", "Attribution is a percentage from 0 to 100; a share such as 0.8 is not.", "Enter the share of the claim that this contract brought about, such as 80.", version=2),
    Rule("RT-014", keys.RAW_CLAIM, "template_version", "intake", "quarantine", "warning", "validity", "A return is on a known version of the workbook.", "Copy the figures into the workbook that was sent out."),
    Rule("RT-015", keys.CORE_CLAIM, "claimed", "check", "flag", "warning", "uniqueness", "The same quantity of a measure that adds up is not claimed on two contracts of one supplier.", "Ask the supplier which contract it belongs to; neither counts until an officer has verified it for one of them.", _S + ".7", version=3),
    Rule("RT-016", keys.CORE_CLAIM, "", "check", "block", "critical", "completeness", "Return lines that arrived equal accepted + quarantined + excluded.", "Report this: a line was lost."),
    Rule("RT-017", keys.RAW_CLAIM, "contract_ref", "core", "exclude", "information", "uniqueness", "A later return for the same contract and quarter replaces the earlier one whole.", "Nothing to do."),
    Rule("RT-018", keys.RAW_CLAIM, "is_nil", "intake", "flag", "warning", "validity", "A yes/no answer of a return is Yes or No; one that cannot be read counts as empty.", "Choose Yes or No from the list."),
    Rule("RT-019", keys.RAW_CLAIM, "measure_code", "intake", "quarantine", "warning", "completeness", "A line of a return names its measure.", "Use the lines printed on the workbook; add a line only with its measure code."),
    Rule("RT-020", keys.RAW_CLAIM, "period", "intake", "quarantine", "warning", "timeliness", "The dates in a return lie in the quarter that it states.", "Enter the quarter that the figures are about, or send the figures of the quarter stated.", "hazards.md 1.3, 24"),
    Rule("RT-021", keys.CORE_CLAIM, "claimed", "check", "flag", "warning", "accuracy", "A quantity is in the unit of the measure: not a hundred or a thousand times, or part, of the quarter before.", "Check the unit of the quantity: pounds not pence or thousands, hours not minutes.", "hazards.md 1.3, 12"),
    Rule("RT-022", keys.RAW_CLAIM, "supplier_name", "core", "quarantine", "warning", "consistency", "A return comes from the supplier of its contract.", "Check the contract reference and the supplier; correct the register if the supplier changed its name.", "hazards.md 1.3, 25"),
    Rule("RT-023", keys.CORE_CLAIM, "claimed", "check", "flag", "warning", "accuracy", "The quantities of a return are those of its quarter, not added up since the contract began.", "Ask the supplier whether the figures are of the quarter alone; they count as they stand until then.", "hazards.md 1.3, 26"),
    Rule("RT-024", keys.RAW_CLAIM, "", "intake", "flag", "information", "validity", "A return has the columns of the workbook that was sent out; others are not read.", "Nothing to do, unless a figure stands in the other column.", "Frictionless: extra-label"),
    # decisions
    Rule("DC-001", keys.RAW_DECISION, "decision_id", "intake", "quarantine", "warning", "completeness", "A decision has a number, a role, a reason and a date.", "Complete the decision."),
    Rule("DC-002", keys.RAW_DECISION, "decision_kind", "intake", "quarantine", "warning", "validity", "A decision is a commitment, override, approval, verification, value change, extension, early end, milestone, clearance, accepted file, same supplier or different suppliers, with the quantity, days, values or other supplier that its kind needs.", "Choose the kind from the list, and fill in what it needs.", version=2),
    Rule("DC-003", keys.RAW_DECISION, "subject", "core", "quarantine", "warning", "consistency", "A decision is about a contract of the register, an override, a payee of the ledger, or suppliers that are named in what landed.", "Correct the subject, or the other subject: a contract reference, the number of the override, a ledger number, or the key, number or name of a supplier.", version=2),
    Rule("DC-008", keys.RAW_DECISION, "other_subject", "core", "quarantine", "warning", "consistency", "Two suppliers decided to be the same have no two numbers of one register and were not decided to be different; two decided to be different share no identifier.", "Check the numbers of both suppliers; correct the decision, or the wrong number where it stands.", "Companies House; transparency-law 3.2"),
    Rule("DC-004", keys.OUT_TARGET, "agreed", "check", "flag", "warning", "validity", "An override beyond the authority of the role does not count until approved.", "Have it approved by the role that may: a decision `approval` with the number of the override as its subject.", _S + ".8", version=2),
    Rule("DC-009", keys.OUT_TARGET, "override_id", "check", "flag", "warning", "validity", "An override gives one of the policy's reasons; with another it does not count.", "Choose the reason from the list of the policy, in a new decision.", _S + ".8"),
    Rule("DC-010", keys.OUT_TARGET, "agreed", "check", "flag", "warning", "consistency", "An override or approval is about a measure that the contract is asked for.", "Check contract and measure; a measure that is not asked for has no target to set.", _S + ".8"),
    Rule("DC-005", keys.RAW_DECISION, "decision_id", "core", "quarantine", "warning", "uniqueness", "A decision number is used once.", "Give the second decision its own number."),
    Rule("DC-006", keys.CORE_DECISION, "", "check", "block", "critical", "completeness", "Decisions that arrived equal accepted + quarantined + excluded.", "Report this: a decision was lost."),
    Rule("DC-007", keys.OUT_PERFORMANCE, "verified", "check", "flag", "warning", "consistency", "A verification is at most what was claimed, for a measure and quarter that were claimed.", "Correct the verification with a later decision; until then it counts up to the claim.", _S + ".7"),
    # targets and outcomes
    Rule("TG-001", keys.OUT_TARGET, "target", "check", "block", "critical", "validity", "No target is negative.", "Report this: the arithmetic is wrong.", _S + ".3"),
    Rule("TG-002", keys.OUT_PERFORMANCE, "due", "check", "block", "critical", "consistency", "What is due is never more than what was agreed.", "Report this: the arithmetic is wrong.", _S + ".6"),
    Rule("TG-003", keys.OUT_PERFORMANCE, "verified", "check", "block", "critical", "consistency", "What is verified is never more than what is claimed.", "Correct the verification.", _S + ".7"),
    Rule("TG-004", keys.OUT_TARGET, "assumed", "check", "flag", "warning", "completeness", "A target rests on what the register and the decisions say, not on defaults.", "Enter what is missing; the default that is named counts until then.", _S + ".2"),
    Rule("TG-005", keys.OUT_TARGET, "override_id", "check", "flag", "warning", "validity", "A quota of spend with Kent firms is set only below the threshold and where the contract is reserved; otherwise the supplier's own commitment stands, and an override does not count.", "Withdraw the override, or enter in the register that the contract was reserved, and its value including VAT.", "SI 2026/94"),
    Rule("TG-006", keys.OUT_TARGET_VERSION, "agreed", "check", "flag", "warning", "consistency", "The milestones of a target lie in the contract and add up to the target.", "Correct the milestones; what they leave open is due on the last day, what they have too much does not count.", _S + ".6"),
    Rule("TG-007", keys.OUT_TARGET_VERSION, "due_before", "check", "block", "critical", "consistency", "What was due before a change of a contract is never more than the target after it.", "Report this: the arithmetic is wrong.", _S + ".6"),
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

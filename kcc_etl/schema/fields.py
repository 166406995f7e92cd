"""Every column of the house once: name, type, unit, description, source, personal-data flag.

Does not belong here: which table holds a column (`tables`), how a type is stored (`kcc_etl.warehouse`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "integer", "pence", "date", "boolean", "exact"]
"""`pence` is an integer number of pence; `exact` a `fractions.Fraction`, stored as text such as `60/11`."""


@dataclass(frozen=True)
class Field:
    """One column.

    `title` is the heading a person sees; a landed file whose heading equals it needs no mapping.
    `unit` is empty for text, dates and booleans. `personal` marks columns that may hold personal data
    and therefore never leave in a publication.
    """

    name: str
    type: FieldType
    title: str
    description: str
    unit: str = ""
    source: str = ""
    personal: bool = False


def _fields(*rows: Field) -> dict[str, Field]:
    index = {row.name: row for row in rows}
    if len(index) != len(rows):
        raise ValueError("a field is defined twice")
    return index


PCA = "Procurement Act 2023"
CODE = "Local Government Transparency Code 2015"
POLICY = "Procurement with Purpose Policy 2026-2028, default parameters section 8"

FIELDS: dict[str, Field] = _fields(
    # where a row came from
    Field("source_sha256", "text", "Source SHA-256", "SHA-256 of the landed file the row came from."),
    Field("source_file", "text", "Source file", "Name of the landed file as it arrived."),
    Field(
        "source_sheet", "text", "Source sheet", "Sheet of the workbook; empty for delimited text and JSON."
    ),
    Field(
        "source_row",
        "integer",
        "Source row",
        "Row of the sheet, record of the text file (the heading counts, so data starts at 2 where it stands in line 1), or place of the release in the package, from 1.",
        unit="row",
    ),
    Field("source_name", "text", "Source", "Name of the source in the settings."),
    # contracts
    Field(
        "contract_ref",
        "text",
        "Contract reference",
        "The council's own reference for the contract.",
        source=CODE,
    ),
    Field("contract_title", "text", "Contract title", "Title of the contract.", source=CODE),
    Field("contract_description", "text", "Contract description", "What is being bought.", source=CODE),
    Field(
        "department", "text", "Department", "Directorate that owns the contract or the payment.", source=CODE
    ),
    Field(
        "agreement_kind", "text", "Agreement kind", "contract, framework, call-off or concession.", source=PCA
    ),
    Field("procurement_category", "text", "Procurement category", "goods, services or works.", source=PCA),
    Field(
        "service_group",
        "text",
        "Service group",
        "consultancy, it, care or other; consultancy and IT move down one band.",
        source=POLICY,
    ),
    Field(
        "regime",
        "text",
        "Regime",
        "Law the award was made under: pa23, pcr2015, psr (health) or exempt.",
        source=PCA,
    ),
    Field(
        "is_light_touch",
        "boolean",
        "Light touch",
        "Whether the contract is a light touch contract.",
        source=PCA + " s.9, PR24 reg 42",
    ),
    Field(
        "is_school_contract",
        "boolean",
        "School contract",
        "Whether a school awarded the contract.",
        source=PCA + " s.123",
    ),
    Field("parent_ref", "text", "Framework reference", "For a call-off, the reference of its framework."),
    Field(
        "ocid",
        "text",
        "Procurement identifier (OCID)",
        "Unique identifier of the procurement on the central digital platform.",
        source="PR24 reg 8",
    ),
    Field(
        "contract_id",
        "text",
        "Contract identifier",
        "Code that tells the contract apart within its procurement.",
        source="PR24 reg 8",
    ),
    Field(
        "supplier_name",
        "text",
        "Supplier name",
        "Name of the supplier as it arrived. May name a sole trader.",
        personal=True,
    ),
    Field("supplier_company_number", "text", "Company number", "Companies House number, eight characters."),
    Field("supplier_charity_number", "text", "Charity number", "Charity Commission number."),
    Field(
        "supplier_ppon",
        "text",
        "Supplier identifier (PPON)",
        "Identifier of the supplier on the central digital platform.",
        source="PR24 reg 8",
    ),
    Field(
        "supplier_postcode",
        "text",
        "Supplier postcode",
        "Postcode of the supplier; used for place, never published.",
        personal=True,
    ),
    Field(
        "supplier_size",
        "text",
        "Supplier size",
        "micro, small, medium, large or unknown.",
        source=PCA + " s.123",
    ),
    Field(
        "supplier_is_vcse",
        "boolean",
        "VCSE",
        "Whether the supplier is a voluntary, community or social enterprise; empty when unknown.",
        source="PR24 reg 9(3)(k)",
    ),
    Field(
        "value_ex_vat_pence",
        "pence",
        "Value ex VAT (£)",
        "Whole-life value including extensions, excluding VAT.",
        unit="pence",
        source=POLICY,
    ),
    Field(
        "value_inc_vat_pence",
        "pence",
        "Value inc VAT (£)",
        "Whole-life estimated value including VAT; statutory thresholds are tested on it.",
        unit="pence",
        source=PCA + " s.123(2)",
    ),
    Field(
        "irrecoverable_vat_pence",
        "pence",
        "Irrecoverable VAT (£)",
        "VAT that the council cannot recover.",
        unit="pence",
        source=CODE,
    ),
    Field("awarded_on", "date", "Award date", "Day the award was decided."),
    Field(
        "signed_on", "date", "Date entered into", "Day the contract was entered into.", source=PCA + " s.53"
    ),
    Field("start_on", "date", "Start date", "First day of the contract.", source=CODE),
    Field("end_on", "date", "End date", "Last day of the contract as it stands.", source=CODE),
    Field("max_end_on", "date", "Latest end date", "Last day if every extension is taken up."),
    Field("review_on", "date", "Review date", "Day the contract is to be reviewed.", source=CODE),
    Field(
        "procurement_commenced_on",
        "date",
        "Procurement commenced",
        "Day the procurement began by the first of the events of SI 2026/360 reg 6(2).",
        source="SI 2026/360 reg 6",
    ),
    Field(
        "process_type",
        "text",
        "Process type",
        "Invitation to quote, or Published invitation to tender.",
        source="LGA Contracts schema",
    ),
    Field("cpv_code", "text", "CPV code", "Eight-digit code of the Common Procurement Vocabulary."),
    Field(
        "district",
        "text",
        "District",
        "ONS code of the Kent district, `county` for county-wide, or `unknown`.",
        source="ONS",
    ),
    Field(
        "spend_is_guaranteed",
        "boolean",
        "Spend guaranteed",
        "Whether the council guarantees the spend.",
        source=POLICY,
    ),
    Field(
        "sv_measures",
        "text",
        "Social value measures",
        "Codes of the measures chosen for the contract, separated by `|`.",
        source=POLICY,
    ),
    Field(
        "risk_criticality",
        "integer",
        "Risk: service criticality",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "risk_market",
        "integer",
        "Risk: market depth",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "risk_finance",
        "integer",
        "Risk: supplier finances",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "risk_demand",
        "integer",
        "Risk: budget or demand",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "risk_safeguarding",
        "integer",
        "Risk: safeguarding or safety",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "complexity_sites",
        "integer",
        "Complexity: lots or sites",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "complexity_subcontracting",
        "integer",
        "Complexity: subcontracting",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "complexity_labour",
        "integer",
        "Complexity: labour content",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "complexity_term",
        "integer",
        "Complexity: term",
        "Answer from 1 (up to one year) to 3 (over three years).",
        unit="score",
        source=POLICY,
    ),
    Field(
        "complexity_innovation",
        "integer",
        "Complexity: innovation",
        "Answer from 1 (low) to 3 (high).",
        unit="score",
        source=POLICY,
    ),
    # payments
    Field("payment_ref", "text", "Payment reference", "The ledger's own number of the payment line."),
    Field(
        "invoice_ref",
        "text",
        "Invoice number",
        "Number of the supplier's invoice; never published (fraud).",
        source="LGA guidance v1.3",
    ),
    Field("supplier_ledger_id", "text", "Supplier ledger number", "Number of the payee in the ledger."),
    Field(
        "payee_kind",
        "text",
        "Payee kind",
        "organisation or individual as the ledger states; empty when it does not say.",
    ),
    Field("ledger_code", "text", "Ledger code", "Code of the expense in the ledger."),
    Field("purpose", "text", "Purpose", "Purpose of the spend, by ledger category.", source=CODE),
    Field(
        "amount_ex_vat_pence",
        "pence",
        "Net amount (£)",
        "Amount paid excluding VAT; negative for a credit.",
        unit="pence",
        source=CODE,
    ),
    Field("vat_pence", "pence", "VAT (£)", "VAT on the payment.", unit="pence"),
    Field(
        "amount_inc_vat_pence",
        "pence",
        "Gross amount (£)",
        "Amount paid including VAT.",
        unit="pence",
        source=PCA + " s.70, s.123(2)",
    ),
    Field(
        "invoice_received_on",
        "date",
        "Invoice received",
        "Day the invoice was received.",
        source="PR24 reg 38(3)",
    ),
    Field("due_on", "date", "Invoice due", "Day the invoice fell due."),
    Field("paid_on", "date", "Payment date", "Day the payment was made.", source=CODE),
    Field("disputed_on", "date", "Dispute opened", "Day the invoice was disputed.", source=PCA + " s.68(3)"),
    Field("dispute_closed_on", "date", "Dispute closed", "Day the dispute ended."),
    Field("is_credit_note", "boolean", "Credit note", "Whether the line is a credit note."),
    Field("card_transaction", "text", "Card transaction", "GPC, CCC or None.", source="LGA Spend schema"),
    Field("is_vcse_grant", "boolean", "VCSE grant", "Whether the line is a grant to a VCSE.", source=CODE),
    # public notices
    Field(
        "release_id",
        "text",
        "Notice identifier",
        "Identifier of the release; on Find a Tender the notice number.",
    ),
    Field("notice_type", "text", "Notice type", "UK1 to UK17, empty for older shapes.", source="PR24"),
    Field("release_tags", "text", "Release tags", "OCDS tags of the release, separated by `|`."),
    Field("published_on", "date", "Published", "Day the notice was published."),
    Field("buyer_id", "text", "Buyer identifier", "Identifier of the buyer in the release."),
    Field("buyer_name", "text", "Buyer name", "Name of the buyer in the release."),
    Field(
        "contracts_json",
        "text",
        "Contracts in the notice",
        "The contracts of the release as a JSON list: identifiers, suppliers, values, dates; no contact data.",
    ),
    Field("award_id", "text", "Award identifier", "Identifier of the award in the release."),
    Field(
        "above_threshold",
        "boolean",
        "Above threshold",
        "Whether the notice says the contract is above the statutory threshold.",
    ),
    Field(
        "framework_ocid",
        "text",
        "Framework procurement identifier",
        "OCID of the framework a call-off was made under.",
    ),
    Field(
        "kpi_count",
        "integer",
        "Key performance indicators",
        "Number of indicators the notice sets.",
        unit="count",
        source=PCA + " s.52",
    ),
    # returns
    Field("period", "text", "Period", "Financial quarter, half or year: 2026-27-Q2, 2026-27-H1, 2026-27."),
    Field("template_version", "text", "Template version", "Version of the return workbook."),
    Field("measure_code", "text", "Measure", "Code of the social-value measure.", source=POLICY),
    Field(
        "claimed",
        "exact",
        "Claimed",
        "Quantity the supplier reports for the period.",
        unit="the measure's own unit",
    ),
    Field(
        "attribution_pct",
        "exact",
        "Attribution %",
        "Share of the claim that this contract brought about, 0 to 100.",
        unit="%",
    ),
    Field(
        "is_additional", "boolean", "Additional", "Whether the claim goes beyond the core of the contract."
    ),
    Field(
        "evidence_ref",
        "text",
        "Evidence reference",
        "Reference to the evidence, which stays with the supplier.",
    ),
    Field(
        "is_nil", "boolean", "Nil return", "Whether the supplier declares that there is nothing to report."
    ),
    Field(
        "is_confirmed",
        "boolean",
        "Confirmed",
        "Whether both confirmations are given: this contract and period only; a commitment of the contract.",
    ),
    Field("received_on", "date", "Received", "Day the return was landed."),
    # decisions
    Field("decision_id", "text", "Decision number", "Number of the decision in the decisions log."),
    Field("decision_kind", "text", "Decision kind", "commitment, override, verification or clearance."),
    Field(
        "subject",
        "text",
        "Subject",
        "What the decision is about: a contract reference, or the payee's ledger number for a clearance.",
    ),
    Field(
        "quantity",
        "exact",
        "Quantity",
        "Quantity decided, in the measure's own unit.",
        unit="the measure's own unit",
    ),
    Field("role", "text", "Role", "Role of the officer who decided; never a name."),
    Field("reason_code", "text", "Reason", "Reason code of the decision.", source=POLICY),
    Field("decided_on", "date", "Decided on", "Day of the decision."),
    # suppliers
    Field(
        "row_digest",
        "text",
        "Digest of the row",
        "SHA-256 of the whole row as it arrived, columns that no field takes included.",
    ),
    Field(
        "supplier_key",
        "text",
        "Supplier key",
        "Our key of the supplier: the first identifier it has, else its folded name, which may be a sole trader's.",
        personal=True,
    ),
    # targets and outcomes
    Field("band", "text", "Band", "Policy band B0 to B5.", source=POLICY),
    Field("mode", "text", "Mode", "none, voluntary or required.", source=POLICY),
    Field("risk_class", "text", "Risk", "low, medium or high.", source=POLICY),
    Field("complexity_class", "text", "Complexity", "low, medium or high.", source=POLICY),
    Field("measure_title", "text", "Measure title", "What the measure counts."),
    Field("unit", "text", "Unit", "Unit of the measure."),
    Field(
        "target",
        "exact",
        "Target",
        "Quantity that policy asks of the contract, calculated, rounded once.",
        unit="the measure's own unit",
        source=POLICY,
    ),
    Field(
        "agreed",
        "exact",
        "Agreed",
        "The target once an officer has set it; otherwise the calculated one.",
        unit="the measure's own unit",
    ),
    Field(
        "committed",
        "exact",
        "Committed",
        "Quantity the supplier promised in the contract; empty when not recorded.",
        unit="the measure's own unit",
    ),
    Field(
        "due",
        "exact",
        "Due",
        "Part of the agreed target that falls due by the period end.",
        unit="the measure's own unit",
        source=POLICY,
    ),
    Field(
        "evidenced",
        "exact",
        "Evidenced",
        "Claimed quantity that has referenced evidence.",
        unit="the measure's own unit",
    ),
    Field(
        "verified", "exact", "Verified", "Quantity an officer has accepted.", unit="the measure's own unit"
    ),
    Field("return_status", "text", "Return", "received, nil, missing, refused or not due for the period."),
    Field(
        "status",
        "text",
        "Status",
        "Green, Amber, Red or Grey by the council's rule.",
        source="KCC KPI rule; floor " + POLICY,
    ),
    Field("explanation", "text", "How the target was reached", "The calculation in one plain sentence."),
    Field(
        "parameter_version",
        "text",
        "Parameter version",
        "First 12 characters of the hash of the parameters in force.",
    ),
    # publications
    Field(
        "payee",
        "text",
        "Payee as published",
        "Name if the payee is an organisation on good evidence, else the redaction text.",
    ),
    Field(
        "payer_name",
        "text",
        "Paying authority name",
        "Name of the paying authority.",
        source="PR24 reg 38A(2)(a)",
    ),
    Field(
        "payer_address",
        "text",
        "Paying authority address",
        "Postal address of the paying authority.",
        source="PR24 reg 38A(2)(a)",
    ),
    Field(
        "payer_email",
        "text",
        "Paying authority email",
        "Email address of the paying authority.",
        source="PR24 reg 38A(2)(a)",
    ),
    Field(
        "payer_id",
        "text",
        "Paying authority identifier",
        "PPON of the paying authority.",
        source="PR24 reg 38A(2)(a)",
    ),
    Field(
        "publisher_name",
        "text",
        "Publishing authority name",
        "Authority that published the contract details notice, if different.",
        source="PR24 reg 38A(2)(b)",
    ),
    Field(
        "publisher_address",
        "text",
        "Publishing authority address",
        "Its postal address, if different.",
        source="PR24 reg 38A(2)(b)",
    ),
    Field(
        "publisher_email",
        "text",
        "Publishing authority email",
        "Its email address, if different.",
        source="PR24 reg 38A(2)(b)",
    ),
    Field(
        "publisher_id",
        "text",
        "Publishing authority identifier",
        "Its PPON, if different.",
        source="PR24 reg 38A(2)(b)",
    ),
    # the house's own books
    Field("kind", "text", "Kind", "register, notices, payments, returns or decisions."),
    Field("sequence", "integer", "Sequence", "Order in which files were landed.", unit="count"),
    Field("size_bytes", "integer", "Size", "Size of the landed file.", unit="bytes"),
    Field("landed_on", "date", "Landed on", "Day the file was landed."),
    Field(
        "reader_version",
        "text",
        "Reader version",
        "Version of the reader and of the mapping that parsed the file.",
    ),
    Field("fate", "text", "Fate", "accepted, quarantined, excluded or refused."),
    Field("rule_id", "text", "Rule", "Identifier of the rule."),
    Field("rule_version", "integer", "Rule version", "Version of the rule.", unit="count"),
    Field("reason", "text", "Reason", "Why the row or file met its fate."),
    Field(
        "row_json",
        "text",
        "Row as it arrived",
        "The cells of the row by column title, as JSON.",
        personal=True,
    ),
    Field("rows_arrived", "integer", "Rows arrived", "Rows counted in the file.", unit="rows"),
    Field(
        "pence_arrived",
        "pence",
        "Amount arrived (£)",
        "Sum of the money column of the file's kind over readable rows.",
        unit="pence",
    ),
    Field(
        "amount_pence",
        "pence",
        "Amount (£)",
        "Money column of the row's kind; empty when unreadable.",
        unit="pence",
    ),
    Field("field_name", "text", "Field", "Name of a column of the dictionary."),
    Field("column_title", "text", "Column title", "Heading of the column as it arrived."),
    Field("column_letter", "text", "Column letter", "Letter of the column in the sheet or record."),
    Field("table_name", "text", "Table", "Name of a table of the dictionary."),
    Field("table_version", "text", "Table version", "Hash of the table's content."),
    Field("row_count", "integer", "Rows", "Number of rows.", unit="rows"),
    Field("severity", "text", "Severity", "critical, warning or information."),
    Field("verdict_status", "text", "Outcome", "passed, failed, not applicable or could not run."),
    Field("applied", "integer", "Applied", "Rows the rule applied to.", unit="rows"),
    Field("passed", "integer", "Passed", "Rows that passed.", unit="rows"),
    Field("cell", "text", "Cell", "Cell address, such as C7; empty for JSON."),
    Field("found", "text", "Found", "What was found, shortened.", personal=True),
    Field("expected", "text", "Expected", "What was expected."),
    Field("remedy", "text", "Remedy", "What to do."),
    Field("stage", "text", "Stage", "landing, intake, core or check: where the finding was made."),
)

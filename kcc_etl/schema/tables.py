"""Every table of the house once: columns, key, grain, and what a landed file must give.

Does not belong here: what a column means (`fields`), SQL types (`kcc_etl.warehouse`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl import asset_keys as keys
from kcc_etl.schema.fields import FIELDS, Field

LOCATOR = ("source_sha256", "source_file", "source_sheet", "source_row", "source_name")
ROW_DIGEST = "row_digest"


@dataclass(frozen=True)
class Table:
    """One table.

    `key` identifies a row. `required` are the fields a landed file of the kind must have a column for.
    `money` is the pence column that the accepted + quarantined + excluded count is also made in.
    """

    name: str
    title: str
    description: str
    grain: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    kind: str = ""
    required: tuple[str, ...] = ()
    money: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns as dictionary fields, in order."""
        return tuple(FIELDS[name] for name in self.columns)

    @property
    def landed_fields(self) -> tuple[Field, ...]:
        """The columns that come from the landed file itself, without what the reader adds: locator and digest."""
        return tuple(field for field in self.fields if field.name not in (*LOCATOR, ROW_DIGEST))


_CONTRACT = (
    "contract_ref", "contract_title", "contract_description", "department", "agreement_kind",
    "procurement_category", "service_group", "regime", "is_light_touch", "is_school_contract", "parent_ref",
    "ocid", "contract_id", "supplier_name", "supplier_company_number", "supplier_charity_number",
    "supplier_ppon", "supplier_postcode", "supplier_size", "supplier_is_vcse", "value_ex_vat_pence",
    "value_inc_vat_pence", "irrecoverable_vat_pence", "awarded_on", "signed_on", "start_on", "end_on",
    "max_end_on", "review_on", "procurement_commenced_on", "process_type", "cpv_code", "district",
    "spend_is_guaranteed", "is_reserved", "options_value_ex_vat_pence", "supply_spend_ex_vat_pence",
    "sv_measures", "risk_criticality", "risk_market", "risk_finance", "risk_demand", "risk_safeguarding", "complexity_sites", "complexity_subcontracting", "complexity_labour",
    "complexity_term", "complexity_innovation",
)  # fmt: skip

_PAYMENT = (
    "payment_ref", "invoice_ref", "contract_ref", "supplier_ledger_id", "supplier_name",
    "supplier_company_number", "supplier_charity_number", "payee_kind", "department", "ledger_code",
    "purpose", "amount_ex_vat_pence", "vat_pence", "irrecoverable_vat_pence", "amount_inc_vat_pence",
    "invoice_received_on", "due_on", "paid_on", "disputed_on", "dispute_closed_on", "is_credit_note",
    "card_transaction", "is_vcse_grant",
)  # fmt: skip

_CLAIM = (
    "contract_ref", "supplier_name", "period", "template_version", "is_nil", "is_confirmed", "received_on",
    "measure_code", "district", "claimed", "attribution_pct", "is_additional", "evidence_ref",
)  # fmt: skip

_DECISION = (
    "decision_id", "decision_kind", "subject", "other_subject", "measure_code", "period", "quantity",
    "confirmed_rating", "role", "reason_code", "decided_on", "expires_on", "effective_on",
    "original_value_pence", "value_before_pence", "value_after_pence", "old_end_on", "new_end_on",
)  # fmt: skip

_PROCUREMENT = (
    "agreement_kind", "procurement_category", "is_light_touch", "framework_ocid", "tender_ref", "legal_basis",
    "regime", "procurement_method", "procurement_method_details", "suits_sme", "suits_vcse",
)  # fmt: skip

_NOTICED = (
    "contract_id", "award_id", "contract_title", "contract_description", "contract_status", "lot_ids",
    "cpv_codes", "region_codes", "value_ex_vat_pence", "value_inc_vat_pence", "currency", "awarded_on",
    "signed_on", "start_on", "end_on", "max_end_on", "above_threshold", "has_options", "has_renewal",
    "kpi_count", "no_kpi_reason", "has_contract_copy",
)  # fmt: skip

_OF_NOTICE = (
    *LOCATOR, "release_id", "ocid", "notice_type", "published_on", "contract_place", "contract_id", "award_id",
    "part_number",
)  # fmt: skip
_PART_KEY = ("release_id", "contract_place", "part_number")

_TABLES: tuple[Table, ...] = (
    # 1 raw: what landed, typed, row by row
    Table(keys.RAW_CONTRACT, "Contracts as they arrived", "Rows of the contract registers in force.", "one row of one register file", (*LOCATOR, *_CONTRACT), LOCATOR[:4], "register", ("contract_ref", "contract_title", "supplier_name", "value_ex_vat_pence", "start_on", "end_on"), "value_ex_vat_pence"),
    Table(keys.RAW_NOTICE, "Public notices as they arrived", "Releases of this authority, each with the contracts it carries.", "one release of one package", (*LOCATOR, ROW_DIGEST, "release_id", "ocid", "notice_type", "release_tags", "published_on", "buyer_id", "buyer_name", "contract_title", *_PROCUREMENT, "contracts_json"), LOCATOR[:4], "notices"),
    Table(keys.RAW_PAYMENT, "Payments as they arrived", "Lines of the payment ledgers in force.", "one line of one ledger file", (*LOCATOR, ROW_DIGEST, *_PAYMENT), LOCATOR[:4], "payments", ("supplier_name", "paid_on", "amount_ex_vat_pence"), "amount_ex_vat_pence"),
    Table(keys.RAW_CLAIM, "Supplier returns as they arrived", "Lines of the return workbooks; a nil return is one line without a measure.", "one line of one return workbook", (*LOCATOR, "saved_at", *_CLAIM), LOCATOR[:4], "returns"),
    Table(keys.RAW_DECISION, "Officers' decisions as they arrived", "Rows of the decisions logs.", "one decision", (*LOCATOR, *_DECISION), LOCATOR[:4], "decisions", ("decision_id", "decision_kind", "subject", "role", "reason_code", "decided_on")),
    # 2 core: one truth per thing
    Table(keys.CORE_SUPPLIER_IDENTIFIER, "Supplier identifiers", "Every identifier and name under which a supplier is mentioned, and the supplier it counts as: by shared identifiers, then as officers have decided.", "one identifier, or name without one, under one folded name", ("own_key", "match_key", "linked_key", "supplier_key", "decision_id", "apart_from", "identifier_conflict"), ("own_key", "match_key")),
    Table(keys.CORE_SUPPLIER, "Suppliers", "Suppliers of the register, the notices and the ledgers: names, numbers, size by both definitions, place, and what they have with the council.", "one supplier, placed where its name was first read", (*LOCATOR, "supplier_key", "supplier_name", "supplier_names", "supplier_company_number", "supplier_charity_number", "supplier_mutual_number", "supplier_ppon", "seen_in", "contracts_count", "contracts_pence", "payments_pence", "sizes_stated", "sme_pa23", "sme_code", "vcse", "in_kent", "outcode", "supplier_district", "identifier_conflict"), ("supplier_key",)),
    Table(keys.CORE_SUPPLIER_REVIEW, "Suppliers whose names look alike", "Pairs of suppliers that share no identifier and whose names look alike, for an officer to settle: the pairs with most at stake on both sides first.", "one pair of suppliers, placed where the first of the two names was read", (*LOCATOR, "supplier_key", "supplier_name", "other_key", "other_name", "likeness", "reason", "contracts_count", "at_stake_pence", "other_contracts_count", "other_at_stake_pence"), ("supplier_key", "other_key")),
    Table(keys.CORE_CONTRACT, "Contracts", "The contract register the council stands by.", "one contract", (*LOCATOR, "supplier_key", *_CONTRACT), ("contract_ref",), "register", (), "value_ex_vat_pence"),
    Table(keys.CORE_NOTICE, "Contracts in public notices", "Contracts of this authority in public notices, values as published: a gross-only value stays gross only.", "one contract, or award without a contract, in one release; one row for a release that has neither", (*LOCATOR, "release_id", "ocid", "notice_type", "release_tags", "published_on", "buyer_id", "buyer_name", *_PROCUREMENT, "contract_place", *_NOTICED, "supplier_name", "supplier_ppon"), ("release_id", "contract_place"), "notices"),
    Table(keys.CORE_NOTICE_SUPPLIER, "Suppliers in public notices", "Suppliers of contracts in public notices, with their identifiers; no contact points.", "one supplier of one contract in one release", (*_OF_NOTICE, "supplier_key", "supplier_name", "supplier_ppon", "supplier_company_number", "supplier_charity_number", "supplier_other_ids", "supplier_address", "supplier_postcode", "supplier_scale", "supplier_is_vcse", "supplier_is_mutual", "supplier_is_sheltered"), _PART_KEY),
    Table(keys.CORE_NOTICE_KPI, "Key performance indicators in public notices", "Indicators that contract details notices set, and assessments that performance notices publish.", "one indicator set in a release, or one assessment of it", (*_OF_NOTICE, "kpi_id", "kpi_title", "kpi_description", "frequency_months", "frequency_days", "observed_from_on", "observed_to_on", "observed", "rating", "rating_description"), _PART_KEY),
    Table(keys.CORE_NOTICE_CHANGE, "Contract changes in public notices", "Changes intended and made, and corrections of notices.", "one change of one contract in one release", (*_OF_NOTICE, "change_kind", "change_id", "changed_on", "rationale", "rationale_classes", "has_standstill", "value_ex_vat_pence", "value_inc_vat_pence", "start_on", "end_on", "max_end_on", "has_renewal", "above_threshold", "suppliers_added", "suppliers_removed"), _PART_KEY),
    Table(keys.CORE_NOTICE_END, "Terminations in public notices", "Contracts, awards and procurements that public notices say have ended.", "one contract, award or procurement that ended, in one release", (*_OF_NOTICE, "end_scope", "contract_status", "end_reason", "end_classes", "ended_on", "final_value_ex_vat_pence", "final_value_inc_vat_pence"), _PART_KEY),
    Table(keys.CORE_NOTICE_FAILURE, "Breaches and poor performance in public notices", "Failures to perform that performance and termination notices publish.", "one failure of one contract in one release", (*_OF_NOTICE, "failure_id", "failure_category", "failure_description", "failure_requirement", "observed_from_on", "observed_to_on", "decided_on", "penalty_on", "penalty_type", "penalty_ex_vat_pence", "penalty_inc_vat_pence", "is_partial_termination", "supplier_name"), _PART_KEY),
    Table(keys.CORE_NOTICED, "Contracts by their latest notices", "What the latest public notices say of each contract; contracts with the same number in one procurement stay apart.", "one contract of one procurement, told apart by its first notice", (*LOCATOR, "ocid", "contract_id", "award_id", "first_release_id", "release_id", "contract_place", "notice_type", "published_on", "tender_ref", "contract_title", "regime", "is_light_touch", "above_threshold", "supplier_name", "supplier_keys", "supplier_release_id", "former_supplier_name", "former_supplier_keys", "value_ex_vat_pence", "value_inc_vat_pence", "signed_on", "start_on", "end_on", "max_end_on", "change_kind", "change_release_id", "changed_value_ex_vat_pence", "changed_value_inc_vat_pence", "changed_end_on", "ended_on", "end_reason", "end_release_id", "kpi_count", "assessed_on"), ("ocid", "contract_id", "award_id", "first_release_id")),
    Table(keys.CORE_REGISTER_NOTICE, "Register contracts and their notices", "Which contract of the register is which contract of the public notices, and what the two were compared on.", "one contract of the register with one contract of the notices; of an ambiguous match, one candidate", (*LOCATOR, "contract_ref", "ocid", "contract_id", "award_id", "first_release_id", "release_id", "matched_by", "is_ambiguous", "compared_fields"), ("contract_ref", "ocid", "contract_id", "award_id", "first_release_id")),
    Table(keys.CORE_DISAGREEMENT, "Where register and notices disagree", "Every fact on which a contract of the register and its public notices differ; neither is changed.", "one fact of one contract", (*LOCATOR, "contract_ref", "ocid", "contract_id", "release_id", "field_name", "register_value", "notice_value", "is_within_tolerance"), ("contract_ref", "field_name")),
    Table(keys.CORE_PAYMENT, "Payments", "Payments that count.", "one payment line", (*LOCATOR, "supplier_key", *_PAYMENT), LOCATOR[:4], "payments", (), "amount_ex_vat_pence"),
    Table(keys.CORE_CLAIM, "Claims", "Claimed outcomes that count.", "one measure and district of one return, or one nil return", (*LOCATOR, *_CLAIM, "stated_period"), ("contract_ref", "period", "measure_code", "district"), "returns"),
    Table(keys.CORE_DECISION, "Decisions", "Officers' decisions in force.", "one decision", (*LOCATOR, *_DECISION), ("decision_id",), "decisions"),
    # 3 out: the figures
    Table(keys.OUT_TARGET, "Targets", "What policy asks of each contract for each measure, and how it was reached.", "one contract and measure", ("contract_ref", "measure_code", "measure_title", "unit", "band", "mode", "risk_class", "complexity_class", "class_label", "contract_type", "counted_value", "risk_score", "complexity_score", "rate", "complexity_factor", "risk_factor", "relief", "relief_reason", "unrounded", "is_commitment", "target", "override_id", "original", "agreed", "committed", "assumed", "basis", "explanation", "parameter_version"), ("contract_ref", "measure_code")),
    Table(keys.OUT_TARGET_VERSION, "Versions of targets", "Every target as it was first and as each recorded change of its contract made it, with the day each version holds from.", "one version of one target", ("contract_ref", "measure_code", "unit", "version", "version_kind", "effective_on", "decision_id", "agreed", "due_before", "explanation", "parameter_version"), ("contract_ref", "measure_code", "version")),
    Table(keys.OUT_PERFORMANCE, "Social value performance", "Agreed, due by now, claimed and verified to date, per contract and measure.", "one contract, measure and period", ("period", "contract_ref", "contract_title", "department", "supplier_name", "band", "measure_code", "measure_title", "unit", "target", "agreed", "committed", "due", "due_by_return", "claimed", "evidenced", "verified", "claimed_fte_years", "verified_fte_years", "over_claim", "is_return_asked", "return_status", "status"), ("period", "contract_ref", "measure_code")),
    Table(keys.OUT_OUTCOME, "Outcomes by district", "Claimed, evidenced and verified in a quarter by itself, per contract, measure and district.", "one contract, measure, district and quarter", ("period", "contract_ref", "measure_code", "unit", "district", "claimed", "evidenced", "verified"), ("period", "contract_ref", "measure_code", "district")),
    Table(keys.OUT_DISCLOSED, "Social value performance as published", "Agreed, due by now, claimed and verified to date, small counts of people left out, and with them as many others as are needed for none to be worked out.", "one contract, measure and period", ("period", "contract_ref", "contract_title", "department", "supplier_name", "band", "measure_code", "measure_title", "unit", "target", "agreed", "committed", "due", "due_by_return", "claimed", "evidenced", "verified", "claimed_fte_years", "verified_fte_years", "is_return_asked", "return_status", "status", "not_shown"), ("period", "contract_ref", "measure_code")),
    Table(keys.OUT_AREA, "Outcomes by district as published", "Claimed, evidenced and verified in a quarter by itself over all contracts, small counts of people left out, and with them as many others as are needed for none to be worked out.", "one measure, district and quarter", ("period", "measure_code", "measure_title", "unit", "district", "claimed", "evidenced", "verified", "not_shown"), ("period", "measure_code", "district")),
    Table(keys.OUT_RATING, "Ratings for performance notices", "Key performance indicators by section 52 of the Procurement Act 2023, as the contract details notice sets them, with the rating by section 71 that an officer confirmed; where an indicator is a measure of social value, the rating that verified against due would give.", "one contract, indicator and period", ("period", "contract_ref", "kpi_id", "kpi_title", "kpi_description", "measure_code", "kpi_count", "due_by_return", "verified", "proposed_rating", "confirmed_rating", "confirmed_by", "confirmed_on", "decision_id"), ("period", "contract_ref", "kpi_id")),
    Table(keys.OUT_ASSESSMENT, "Confirmed assessments", "Ratings of key performance indicators by section 71 of the Procurement Act 2023 that an officer confirmed, as a performance notice gives them.", "one contract, indicator and period", ("period", "contract_ref", "contract_title", "ocid", "contract_id", "kpi_id", "kpi_title", "kpi_description", "measure_code", "payee", "supplier_id", "confirmed_rating", "observed_from_on", "observed_to_on", "confirmed_by", "confirmed_on", "decision_id"), ("period", "contract_ref", "kpi_id")),
    Table(keys.OUT_OVER_30K, "Payments over £30,000", "Payments that section 70 of the Procurement Act 2023 requires to be published.", "one payment", ("period", "payer_name", "payer_address", "payer_email", "payer_id", "publisher_name", "publisher_address", "publisher_email", "publisher_id", "ocid", "contract_id", "supplier_name", "payee_reason", "supplier_id", "amount_ex_vat_pence", "paid_on", "amount_inc_vat_pence", "payment_ref", *LOCATOR), LOCATOR[:4], money="amount_ex_vat_pence"),
    Table(keys.OUT_SPEND, "Spend over £500", "Expenditure over the publication floor, payees redacted unless organisations on good evidence.", "one payment line", ("period", "department", "payee", "payee_reason", "supplier_company_number", "supplier_charity_number", "is_vcse_grant", "paid_on", "amount_ex_vat_pence", "irrecoverable_vat_pence", "purpose", "card_transaction", "contract_ref", "cpv_code", *LOCATOR), LOCATOR[:4], money="amount_ex_vat_pence"),
    Table(keys.OUT_REGISTER, "Contracts over £5,000", "Contracts in place in the period, above the publication floor.", "one contract", ("period", "contract_ref", "ocid", "contract_title", "contract_description", "department", "agreement_kind", "procurement_category", "cpv_code", "start_on", "end_on", "review_on", "max_end_on", "value_ex_vat_pence", "irrecoverable_vat_pence", "payee", "payee_reason", "supplier_company_number", "supplier_charity_number", "supplier_ppon", "supplier_size", "supplier_is_vcse", "process_type", "district"), ("period", "contract_ref"), money="value_ex_vat_pence"),
    Table(keys.OUT_DUTY, "Duties", "What law requires to be published, assessed, considered or kept of each contract and of the council: why, from when, by when, whether it was done and by what, or how long is left.", "one duty of one contract, or of the council, on one occasion", ("subject", "duty_kind", "occasion", "duty_state", "first_on", "last_on", "days_left", "late_by", "done_by", "done_on", "ground", "legal_source", "doubts", "disagrees_on"), ("subject", "duty_kind", "occasion")),
    Table(keys.OUT_CARD, "Procurement card transactions", "Transactions on Government Procurement Cards, of any value, payees redacted unless organisations on good evidence.", "one payment line", ("period", "department", "payee", "payee_reason", "supplier_company_number", "supplier_charity_number", "is_vcse_grant", "paid_on", "amount_ex_vat_pence", "irrecoverable_vat_pence", "purpose", "card_transaction", "contract_ref", "cpv_code", *LOCATOR), LOCATOR[:4], money="amount_ex_vat_pence"),
    Table(keys.OUT_GRANT, "Grants to voluntary bodies", "Grants to voluntary, community and social enterprises from 1 April to the last day of the period, of any value.", "one payment line", ("period", "awarded_on", "grant_period", "department", "payee", "payee_reason", "registration_number", "purpose", "amount_ex_vat_pence", "paid_on", "contract_ref", *LOCATOR), LOCATOR[:4], money="amount_ex_vat_pence"),
    Table(keys.OUT_SHARE, "Shares of spend", "Shares of direct spend with small firms by both definitions, voluntary bodies and suppliers in Kent, with bounds where the status of suppliers is not known.", "one category and period", ("period", "share_category", "share_definition", "spend_pence", "spend_with_pence", "spend_without_pence", "spend_unknown_pence", "share_at_least", "share_at_most", "suppliers_count", "suppliers_unknown_count"), ("period", "share_category")),
    Table(keys.OUT_TENDER, "Invitations to tender over £5,000", "Procurements whose first tender notice came out in the period, or which the register says began in it by a published invitation; above the publication floor or without a value.", "one procurement", ("period", "contract_ref", "contract_title", "contract_description", "start_on", "end_on", "review_on", "department", "ocid", "release_id", "published_on", "value_ex_vat_pence", "value_inc_vat_pence", *LOCATOR), LOCATOR[:4]),
    Table(keys.OUT_COMPLIANCE_INVOICE, "Invoices behind the payments compliance notice", "Every payment and unpaid sum of the half-year under a named contract, with its days by both clocks of the law; what the notice is not about with the reason.", "one payment of one invoice, or what is unpaid of it", ("period", "reporting_half", "invoice_place", "contract_ref", "invoice_ref", "invoice_received_on", "due_on", "payable_on", "last_lawful_on", "disputed_on", "dispute_closed_on", "is_disputed", "paid_on", "amount_inc_vat_pence", "days_to_pay", "day_band", "is_in_days", "s68_standing", "is_payable", "is_unpaid", "left_out_reason", *LOCATOR), LOCATOR[:4], money="amount_inc_vat_pence"),
    Table(keys.OUT_COMPLIANCE, "Payments compliance notice", "The notice that section 69 of the Procurement Act 2023 requires for each half-year, field by field, with what each figure is made of.", "one field of the notice", ("period", "reporting_half", "form_place", "regulation_ref", "form_field", "form_title", "form_value", "part_count", "whole_count", "blank_reason"), ("period", "form_field")),
    Table(keys.OUT_REDACTION, "Redactions", "Rows and pence of the published tables whose names or texts are redacted, by reason.", "one table, column and reason", ("period", "redacted_table", "redacted_column", "redaction_code", "redaction_text", "redaction_reason", "redacted_rows", "redacted_pence"), ("period", "redacted_table", "redacted_column", "redaction_code")),
    # the books: ledger, receipts, rows set aside, findings, verdicts
    Table("ledger", "Ledger of landed files", "Every file that ever arrived, by its SHA-256, in order of arrival.", "one arrival of a file", ("source_sha256", "sequence", "source_name", "kind", "source_file", "size_bytes", "landed_on"), ("sequence",)),
    Table("receipt", "Receipts", "What the reader made of a landed file.", "one file", ("source_sha256", "source_name", "source_file", "kind", "reader_version", "fate", "rule_id", "reason", "rows_arrived", "pence_arrived", "contract_ref", "period", "encoding", "content_digest"), ("source_sha256", "source_name", "source_file")),
    Table("reading", "Readings of versions", "What the reader made of every version that landed, so that none is read twice to be compared.", "one version of a file, by one reader and header mapping", ("source_sha256", "source_name", "source_file", "kind", "reader_version", "reading_json"), ("source_sha256", "source_name", "source_file", "reader_version")),
    Table("version_change", "Changes between versions", "What the version of a source in force lacks, or changed, of what the good versions before it held: contracts that are gone though they still run, values, payments that are gone or came to less, lines a month, decisions.", "two versions as a whole, or one record or month of them", (*LOCATOR, "kind", "version_difference", "record_ref", "ocid", "contract_id", "count_before", "count_now", "pence_before", "pence_now", "difference_json"), ()),
    Table("source_state", "Sources", "Through which version each source speaks, how old it is, and why if it is not the newest.", "one source", ("source_name", "kind", "source_status", "source_file", "version_landed_on", "age_days", "rule_id", "reason"), ("source_name",)),
    Table("file_column", "Columns of landed files", "Which column of a file became which field.", "one column of one file", ("source_sha256", "source_name", "source_file", "source_sheet", "field_name", "column_title", "column_letter"), ("source_sha256", "source_name", "source_file", "source_sheet", "column_letter", "field_name")),
    Table("set_aside", "Rows set aside", "Rows quarantined or excluded, whole, with the rule and the reason.", "one row of one file", ("source_sha256", "source_name", "source_file", "source_sheet", "source_row", "kind", "stage", "fate", "rule_id", "reason", "amount_pence", "row_json"), ("source_sha256", "source_name", "source_file", "source_sheet", "source_row")),
    Table("finding", "Findings", "One fault in one place.", "one fault", ("stage", "table_name", "rule_id", "severity", "source_sha256", "source_name", "source_file", "source_sheet", "source_row", "cell", "column_title", "subject", "found", "expected", "remedy"), ()),
    Table("verdict", "Verdicts", "Outcome of each rule on exactly one version of a table and of all else it was judged on.", "one rule on one table version", ("table_name", "table_version", "inputs_version", "rule_id", "rule_version", "severity", "verdict_status", "applied", "passed", "reason"), ("table_name", "table_version", "rule_id")),
    Table("table_version", "Table versions", "Hash of what each table holds now, the quarter it holds where it holds one at a time, and the basis it was made on.", "one table", ("table_name", "table_version", "row_count", "period", "made_on"), ("table_name",)),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
RAW_TABLE_OF_KIND: dict[str, Table] = {t.kind: t for t in _TABLES if t.kind and t.name.startswith("raw_")}
CORE_TABLE_OF_KIND: dict[str, Table] = {t.kind: t for t in _TABLES if t.kind and t.name.startswith("core_")}
KINDS: tuple[str, ...] = tuple(RAW_TABLE_OF_KIND)

"""The Local Government Association's headings for contracts and spend, and how each is filled.

Does not belong here: which contracts and payments are published (`kcc_etl.domain`), sheets and notes
(`transparency`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kcc_etl.domain.places import DISTRICTS, PLACES
from kcc_etl.domain.redaction import NAME_TEXTS
from kcc_etl.domain.sizes import SMALL
from reports.blanks import with_reasons
from reports.documents import Authority, Column, ColumnKind, Table, Value, clean_text
from reports.edition import Edition, Row, field_column

Source = str | Callable[[Row, Authority], Value]
"""Where a published column comes from: a field of the frame, or a function of the row."""

_NO_REASONS: Mapping[str, str] = {}

Layout = tuple[tuple[str, ColumnKind, Source, str], ...]
"""Heading, kind, source, and what it holds (empty: as the dictionary says of the field)."""


def _agreement(row: Row, authority: Authority) -> Value:
    kinds = {
        "contract": "Single award contract",
        "call-off": "Single award contract",
        "framework": "Framework agreement",
    }
    return None if row["agreement_kind"] is None else kinds.get(str(row["agreement_kind"]), "Other")


def _is_sme(row: Row, authority: Authority) -> Value:
    """By the Code, which counts employees alone: a firm that is large by the Act may be small by the Code."""
    return True if row["supplier_size"] in SMALL else None


def _process(row: Row, authority: Authority) -> Value:
    listed = ("Invitation to quote", "Published invitation to tender")
    return row["process_type"] if row["process_type"] in listed else None


def _card(row: Row, authority: Authority) -> Value:
    return row["card_transaction"] if row["card_transaction"] in ("GPC", "CCC", "None") else None


def _area(row: Row, authority: Authority) -> Value:
    return None if row["district"] in (None, "unknown") else PLACES.get(str(row["district"]))


def _area_uri(row: Row, authority: Authority) -> Value:
    code = str(row["district"])
    return f"http://statistics.data.gov.uk/id/statistical-geography/{code}" if code in DISTRICTS else None


def _unless_redacted(field: str) -> Callable[[Row, Authority], Value]:
    return lambda row, authority: None if row["payee"] in NAME_TEXTS else row[field]


def _publisher(row: Row, authority: Authority) -> Value:
    return clean_text(authority.name)


def _publisher_uri(row: Row, authority: Authority) -> Value:
    return clean_text(authority.organisation_uri) or None


def never(row: Row, authority: Authority) -> Value:
    """No value: a column that this program never fills, whose description says why."""
    return None


_KNOWN_REASONS: Mapping[Source, str] = {never: "", _publisher_uri: "the settings name none"}
"""Why what no file of the council gives is empty; a column that is never filled says it in its description."""

_NOT_TAKEN_IN = "This program does not take it in from registers and ledgers."
_NO_CPV_NAMES = "This program does not take in the names of CPV codes; the code stands in CPVCode."
_IN_RELEASES = (
    "This program does not take in addresses of documents; the OCDS package has those of the notices."
)
_IN_PACK = "This program makes no address of it; ratings and social value by contract are files of this pack."

# ruff: noqa: E501 - one line a column
# Headings, order, types, code lists: LGA schemas Contracts.json and Spend.json, github.com/esd-org-uk/schemas.
CONTRACTS: Layout = (
    ("OrganisationLabel", "text", _publisher, "Name of the council."),
    ("OrganisationURI", "text", _publisher_uri, "Identifier of the council as linked data."),
    ("ContractReference", "text", "contract_ref", ""),
    ("OpenContractingID", "text", "ocid", ""),
    ("ContractTitle", "text", "contract_title", ""),
    ("ContractType", "text", _agreement, "Kind of agreement, from the LGA list; a call-off counts as a single award contract, a concession as Other."),
    ("OrganisationalUnit", "text", "department", ""),
    ("ServiceCategoryLabel", "text", never, _NOT_TAKEN_IN),
    ("ServiceCategoryURI", "text", never, _NOT_TAKEN_IN),
    ("Description", "text", "contract_description", ""),
    ("ProcurementCategory", "text", "procurement_category", ""),
    ("CPVLabel", "text", never, _NO_CPV_NAMES),
    ("CPVCode", "text", "cpv_code", ""),
    ("ProclassLabel", "text", never, _NOT_TAKEN_IN),
    ("ProclassCode", "text", never, _NOT_TAKEN_IN),
    ("StartDate", "date", "start_on", ""),
    ("EndDate", "date", "end_on", "Last day of the contract as it stands, after the extensions and early ends that officers have decided."),
    ("ReviewDate", "date", "review_on", ""),
    ("LastExtensionDate", "date", "max_end_on", "Last day of the contract if every extension is taken up, those that officers have decided included; its last day where it ends early."),
    ("ContractValue", "pence", "value_ex_vat_pence", "Value over the whole life of the contract as it stands, without VAT: options, and the changes of value and extensions that officers have decided, are in it. An early end does not lower it."),
    ("FixedCost", "boolean", never, _NOT_TAKEN_IN),
    ("IrrecoverableVAT", "pence", "irrecoverable_vat_pence", ""),
    ("SupplierName", "text", "payee", ""),
    ("CompaniesHouseRegistrationNumber", "text", _unless_redacted("supplier_company_number"), "Companies House number of the supplier, eight characters."),
    ("CharityCommissionNumber", "text", _unless_redacted("supplier_charity_number"), "Charity Commission number of the supplier."),
    ("OtherSupplierID", "text", _unless_redacted("supplier_ppon"), "Identifier of the supplier on the central digital platform (PPON)."),
    ("SMESupplier", "boolean", _is_sme, "True where the supplier has fewer than 250 employees; empty where that is not known. Registers state size by the Procurement Act, and a firm that is large by it may have fewer."),
    ("VCSESupplier", "boolean", "supplier_is_vcse", ""),
    ("VCSESupplierType", "text", never, _NOT_TAKEN_IN),
    ("ContactName", "text", never, "Never published: it would name a person."),
    ("ContactEmail", "text", never, "Never published: it would name a person."),
    ("ContactURL", "text", never, _NOT_TAKEN_IN),
    ("ProcessType", "text", _process, "Invitation to quote, or Published invitation to tender."),
    ("TenderDocumentURL", "text", never, _IN_RELEASES),
    ("ContractDocumentURL", "text", never, _IN_RELEASES),
    ("PerformanceInformationURL", "text", never, _IN_PACK),
    ("AreaServedLabel", "text", _area, "District the contract serves, or County-wide."),
    ("AreaServedURI", "text", _area_uri, "Office for National Statistics identifier of the district."),
)  # fmt: skip

SPEND: Layout = (
    ("OrganisationLabel", "text", _publisher, "Name of the council."),
    ("OrganisationURI", "text", _publisher_uri, "Identifier of the council as linked data."),
    ("OrganisationalUnit", "text", "department", ""),
    ("ServiceCategoryLabel", "text", never, _NOT_TAKEN_IN),
    ("ServiceCategoryURI", "text", never, _NOT_TAKEN_IN),
    ("BeneficiaryName", "text", "payee", ""),
    ("BeneficiaryOtherID", "text", never, "Never published (fraud)."),
    ("CompaniesHouseRegistrationNumber", "text", _unless_redacted("supplier_company_number"), "Companies House number of the payee."),
    ("CharityCommissionNumber", "text", _unless_redacted("supplier_charity_number"), "Charity Commission number of the payee."),
    ("VCSEGrant", "boolean", "is_vcse_grant", ""),
    ("PaymentDate", "date", "paid_on", ""),
    ("TransactionNumber", "text", never, "Never published (fraud)."),
    ("Amount", "pence", "amount_ex_vat_pence", ""),
    ("IrrecoverableVATAmount", "pence", "irrecoverable_vat_pence", ""),
    ("Purpose", "text", "purpose", ""),
    ("CategoryInternalName", "text", never, "Merchant category. This program does not take it in."),
    ("CPVLabel", "text", never, _NO_CPV_NAMES),
    ("CPVCode", "text", "cpv_code", "Eight-digit code of the Common Procurement Vocabulary, of the contract that the line names."),
    ("ProclassLabel", "text", never, _NOT_TAKEN_IN),
    ("ProclassCode", "text", never, _NOT_TAKEN_IN),
    ("CardTransaction", "text", _card, "GPC, CCC or None."),
    ("ContractRef", "text", "contract_ref", ""),
)  # fmt: skip


# LGA guidance v1.3 has no template of its own for tenders: the components of the contracts template that apply.
TENDERS: Layout = (
    ("ContractReference", "text", "contract_ref", "The council's reference of the procurement."),
    ("ContractTitle", "text", "contract_title", ""),
    ("Description", "text", "contract_description", ""),
    ("StartDate", "date", "start_on", "First day of the contract, of the first of its lots."),
    ("EndDate", "date", "end_on", "Last day of the contract, of the last of its lots."),
    ("ReviewDate", "date", "review_on", "Day the contract is to be reviewed, once it stands in the register."),
    ("OrganisationalUnit", "text", "department", "Department responsible, once the contract stands in the register; several separated by |."),
)  # fmt: skip


def lga_table(
    name: str,
    title: str,
    layout: Layout,
    rows: list[dict[str, Value]],
    edition: Edition,
    blanks: Mapping[str, str] = _NO_REASONS,
) -> Table:
    """The rows under the headings of a layout, in its order; `rows` hold dictionary fields.

    `blanks` says by heading why a column may be empty in every row.
    """
    columns = tuple(
        Column(heading, heading, kind, about or field_column(heading, str(source)).description)
        for heading, kind, source, about in layout
    )
    cells = tuple(tuple(_value(source, row, edition.authority) for _, _, source, _ in layout) for row in rows)
    known = {heading: _KNOWN_REASONS[source] for heading, _, source, _ in layout if source in _KNOWN_REASONS}
    return with_reasons(Table(name, title, columns, cells), {**known, **blanks})


def _value(source: Source, row: Row, authority: Authority) -> Value:
    return row[source] if isinstance(source, str) else source(row, authority)

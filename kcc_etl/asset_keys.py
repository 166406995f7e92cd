"""Asset keys and groups as plain strings; an asset that holds a table bears the table's name.

Does not belong here: anything of Dagster, so that `assets`, `checks` and `reports` can meet here.
"""

RAW_CONTRACT = "raw_register__entity_contract"
RAW_NOTICE = "raw_notices__event_notice"
RAW_PAYMENT = "raw_payments__event_payment"
RAW_CLAIM = "raw_returns__event_claim"
RAW_DECISION = "raw_decisions__event_decision"

CORE_SUPPLIER_IDENTIFIER = "core_suppliers__assn_identifier"
CORE_SUPPLIER = "core_suppliers__entity_supplier"
CORE_SUPPLIER_REVIEW = "core_suppliers__assn_review"
CORE_CONTRACT = "core_register__entity_contract"
CORE_NOTICE = "core_notices__event_contract"
CORE_NOTICE_SUPPLIER = "core_notices__event_supplier"
CORE_NOTICE_KPI = "core_notices__event_kpi"
CORE_NOTICE_CHANGE = "core_notices__event_change"
CORE_NOTICE_END = "core_notices__event_termination"
CORE_NOTICE_FAILURE = "core_notices__event_failure"
CORE_NOTICED = "core_notices__entity_contract"
CORE_REGISTER_NOTICE = "core_register__assn_notice"
CORE_DISAGREEMENT = "core_register__event_disagreement"
CORE_PAYMENT = "core_payments__event_payment"
CORE_CLAIM = "core_returns__event_claim"
CORE_DECISION = "core_decisions__event_decision"

OUT_TARGET = "out_targets__entity_target"
OUT_TARGET_VERSION = "out_targets__entity_version"
OUT_PERFORMANCE = "out_social_value__quarterly_performance"
OUT_OUTCOME = "out_social_value__quarterly_district"
OUT_RATING = "out_social_value__quarterly_rating"
OUT_DISCLOSED = "out_social_value__quarterly_disclosed"
OUT_AREA = "out_social_value__quarterly_area"
OUT_ASSESSMENT = "out_social_value__quarterly_assessment"
OUT_OVER_30K = "out_payments__quarterly_over_30k"
OUT_SPEND = "out_spend__quarterly_over_500"
OUT_REGISTER = "out_register__quarterly_contract"
OUT_CARD = "out_spend__quarterly_card"
OUT_GRANT = "out_spend__quarterly_vcse_grant"
OUT_SHARE = "out_spend__quarterly_share"
OUT_TENDER = "out_tenders__quarterly_invitation"
OUT_COMPLIANCE_INVOICE = "out_payments__quarterly_invoice"
OUT_COMPLIANCE = "out_payments__quarterly_compliance"
OUT_REDACTION = "out_publication__quarterly_redaction"
OUT_DUTY = "out_duties__entity_duty"

PUB_DRAFTS = "pub_notices__quarterly_draft"
PUB_PACK = "pub_transparency__quarterly_pack"
PUB_NIGHT = "pub_quality__event_night"
PUB_DUTIES = "pub_duties__entity_duty"


def check_step(table: str) -> str:
    """The step of a run that judges the rules of a table."""
    return f"check_{table}"


GROUPS = {"raw": "1_raw", "core": "2_core", "out": "3_out", "pub": "4_pub"}

PACK_INPUTS = (
    CORE_CONTRACT,
    CORE_NOTICE,
    CORE_NOTICED,
    CORE_REGISTER_NOTICE,
    CORE_SUPPLIER,
    CORE_SUPPLIER_REVIEW,
    CORE_PAYMENT,
    CORE_CLAIM,
    CORE_DECISION,
    OUT_TARGET,
    OUT_TARGET_VERSION,
    OUT_PERFORMANCE,
    OUT_OUTCOME,
    OUT_RATING,
    OUT_ASSESSMENT,
    OUT_DISCLOSED,
    OUT_AREA,
    OUT_OVER_30K,
    OUT_SPEND,
    OUT_REGISTER,
    OUT_CARD,
    OUT_GRANT,
    OUT_SHARE,
    OUT_TENDER,
    OUT_COMPLIANCE_INVOICE,
    OUT_COMPLIANCE,
    OUT_REDACTION,
)
"""Every table that has rules of the stage check; the gate asks for the verdicts on each.

Some stand in no file of a pack; but what is wrong or could not be judged there puts the rest in doubt.
"""

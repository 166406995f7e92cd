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
OUT_OVER_30K = "out_payments__quarterly_over_30k"
OUT_SPEND = "out_spend__quarterly_over_500"
OUT_REGISTER = "out_register__quarterly_contract"

PUB_PACK = "pub_transparency__quarterly_pack"
PUB_NIGHT = "pub_quality__event_night"


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
    OUT_OVER_30K,
    OUT_SPEND,
    OUT_REGISTER,
)
"""Every table that has rules of the stage check; the gate asks for the verdicts on each.

Some stand in no file of a pack; but what is wrong or could not be judged there puts the rest in doubt.
"""

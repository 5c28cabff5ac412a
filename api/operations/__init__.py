"""The verbs of the house: every door (command line, REST, SPARQL, pages) calls one of these."""

from api.operations.asking import (
    Asked,
    ask_question,
    construct_answer,
    data_version,
    export_all,
    export_plan,
    list_questions,
    query_types,
    question_choices,
    run_query,
)
from api.operations.evidence import Evidence, PlanEvidence, find_evidence
from api.operations.ingest import (
    CheckedPlan,
    PreparedPlan,
    check_document,
    extract_document,
    ingest_ontology,
    ingest_plan,
    ingest_territory,
    prepare_plan,
    store_plan,
)
from api.operations.matrix import Matrix, coverage_matrix
from api.operations.plans import PlanDetail, PlanSummary, list_plans, plan_detail
from api.operations.sources import Sources, plan_sources, stored_keys, unchanged
from api.operations.validation import Verdict, check_plan_pairs, plan_report, validate_plan, validate_plans

__all__ = [
    "Asked",
    "CheckedPlan",
    "Evidence",
    "Matrix",
    "PlanDetail",
    "PlanEvidence",
    "PlanSummary",
    "PreparedPlan",
    "Sources",
    "Verdict",
    "ask_question",
    "check_document", "check_plan_pairs",
    "construct_answer",
    "coverage_matrix",
    "data_version",
    "export_all",
    "export_plan",
    "extract_document",
    "find_evidence",
    "ingest_ontology",
    "ingest_plan",
    "ingest_territory",
    "list_plans",
    "list_questions",
    "plan_detail",
    "plan_report",
    "plan_sources",
    "prepare_plan",
    "query_types",
    "question_choices",
    "run_query",
    "store_plan",
    "stored_keys",
    "unchanged",
    "validate_plan",
    "validate_plans",
]  # fmt: skip

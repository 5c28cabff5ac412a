"""The tools: each gives what the other doors give, with the query, the IRIs and the passages behind it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from importlib.metadata import version
from typing import Any, Literal, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from api.errors import ServiceError
from api.language import Language
from api.mcp.hints import hint
from api.mcp.lean import lean
from api.negotiation import RESULTS_JSON, TURTLE
from api.operations import (
    ask_question,
    construct_answer,
    data_version,
    find_evidence,
    list_plans,
    list_questions,
    plan_detail,
    plan_report,
    query_types,
    question_choices,
)
from api.operations.plans import PLAN_QUERIES
from api.render.answers import to_json
from api.render.linked import write_triples
from api.search import Asking
from api.service import Service
from queries.ask import construct_query
from queries.choices import choices_query
from queries.errors import QuestionError
from queries.question import TOPICS, Question, find_question
from store.errors import AnswerTooLarge, StoreError
from store.evaluate import Request
from store.stop import Stop

SPARQL_BYTES = 256 * 1024
"""The largest answer to a SPARQL query: more would fill a model's memory without helping it."""

_INSTRUCTIONS = (
    "Italian social-health plans read into a graph: objectives, protocols, responsibilities, indicators, each with the "
    "passage of the document it comes from. Start with `questions` and `ask`; `search` finds words; `evidence` shows "
    "what a plan says. Quote the passages. What no plan states is not thereby absent: read `absence` in the answers."
)
_P = ParamSpec("_P")


def mcp_server(service: Service) -> MCPServer:
    """The server over one service; its tools only read."""
    server = MCPServer("raccordo", instructions=_INSTRUCTIONS, version=version("raccordo"), log_level="WARNING")
    tools = Tools(service)
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (
        tools.questions, tools.choices, tools.ask, tools.search, tools.plans, tools.plan, tools.evidence,
        tools.validation, tools.sparql,
    ):  # fmt: skip
        server.tool(annotations=reads)(_anticipated(service, tool))
    return server


def _anticipated(service: Service, tool: Callable[_P, dict[str, Any]]) -> Callable[_P, dict[str, Any]]:
    """The tool, whose errors of the house come back as their words and what to do next."""

    @wraps(tool)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> dict[str, Any]:
        try:
            return tool(*args, **kwargs)
        except (ServiceError, QuestionError, StoreError) as error:
            raise ToolError(f"{error}\n{hint(service.store, error, kwargs)}".strip()) from error

    return guarded


class Tools:
    """What a model may call; the docstrings are what it reads."""

    def __init__(self, service: Service) -> None:
        """Answer from `service`."""
        self._service = service

    def questions(self, language: Language = "it", topic: str = "") -> dict[str, Any]:
        """The catalogue: questions with their parameters, to be answered by `ask`; of one topic (protocols) or all."""
        chosen = [one for one in list_questions() if topic in ("", one.topic)]
        return {"topics": TOPICS, "questions": [_card(one, language) for one in chosen]}

    def choices(self, question: str, parameter: str) -> dict[str, Any]:
        """The values that a parameter of a question may have in the loaded data."""
        store, iris = self._service.store, self._service.iris
        found = question_choices(store, question, parameter, iris)
        asked = next(one for one in find_question(question).parameters if one.name == parameter)
        return {"query": choices_query(asked, iris), "choices": [asdict(one) for one in found]}

    def ask(
        self,
        question: str,
        values: dict[str, str] | None = None,
        language: Language = "it",
        form: Literal["rows", "turtle"] = "rows",
    ) -> dict[str, Any]:
        """The answer to a question of the catalogue (`protocols/lacking`): rows with their passages, and its SPARQL.

        Some questions give triples too (`constructs` in the catalogue): `form` turtle.
        """
        if form == "turtle":
            return self._triples(find_question(question), values or {}, language)
        asked = ask_question(self._service.store, question, values or {}, self._service.iris, language)
        answer: dict[str, Any] = json.loads(to_json(asked))
        return answer

    def search(
        self, words: str, narrow: dict[str, str] | None = None, limit: int = 10, language: Language = "it"
    ) -> dict[str, Any]:
        """What the plans say with all these words (Italian stems; "a phrase"; a beginning*), with passages.

        `narrow` has values of the facets in an answer: territory, theme, status, service, period, kind, plan.
        """
        found = self._service.search.find(Asking(words, narrow or {}, max(1, min(limit, 50))), language)
        hits = [lean(asdict(one)) for one in found.hits]
        return {
            "query": {"words": words, "narrow": narrow or {}, "limit": found.asking.limit},
            "total": found.total,
            "hits": hits,
            "facets": {facet.name: [lean(asdict(one)) for one in facet.values] for facet in found.facets},
            "data_version": found.data_version,
        }

    def plans(self) -> dict[str, Any]:
        """The loaded plans: identifier, IRI, territory, period, and how much was read in each."""
        return {
            "query": PLAN_QUERIES,
            "data_version": data_version(self._service.store),
            "plans": [asdict(one) for one in list_plans(self._service.store)],
        }

    def plan(self, plan: str) -> dict[str, Any]:
        """One plan: its objectives by number with titles and rows; what the rows say comes from `evidence`."""
        detail = plan_detail(self._service.store, plan, self._service.iris)
        objectives = [
            {
                "iri": one.iri,
                "objective": one.order,
                "title": one.title,
                "theme": one.theme,
                "passages": [lean(asdict(quote)) for quote in one.quotes],
                "rows": [{"iri": row.iri, "label": row.label, "status": row.resolved} for row in one.rows],
            }
            for one in detail.objectives
        ]
        return {"query": self._graph_query(plan), "plan": asdict(detail.summary), "objectives": objectives}

    def evidence(self, territory: str = "", theme: str = "", plan: str = "", objective: int = 0) -> dict[str, Any]:
        """The words behind a territory and theme (ambito/lodi, violenza-di-genere), or a plan and objective number.

        What a row does not say is left out.
        """
        found = find_evidence(
            self._service.store, self._service.iris, territory=territory, theme=theme, plan=plan, objective=objective
        )
        queries = [self._graph_query(one.plan.id) for one in found.plans]
        return {"query": queries, "status": found.status, **lean(asdict(found))}

    def validation(self, plan: str) -> dict[str, Any]:
        """How the checks of a plan went: findings by severity and rule, and the first of each rule with its place."""
        report = plan_report(self._service.store, plan, self._service.iris)
        first = {finding.rule: lean(asdict(finding)) for finding in reversed(report.findings)}
        return {
            "plan": plan,
            "conforms": report.conforms,
            "severities": Counter(str(one.severity) for one in report.findings),
            "rules": Counter(one.rule for one in report.findings),
            "first_of_each_rule": first,
            "query": f"SELECT ?s ?p ?o WHERE {{ GRAPH <{self._service.iris.base}graph/report/{plan}> {{ ?s ?p ?o }} }}",
        }

    def sparql(self, query: str) -> dict[str, Any]:
        """The answer to a read-only SPARQL 1.1 query; plans are in named graphs: GRAPH ?g { … }. Use LIMIT."""
        types = query_types(query)
        media_type = RESULTS_JSON if RESULTS_JSON in types else TURTLE
        body = self._bounded(Request(query, media_type))
        answer = json.loads(body) if media_type == RESULTS_JSON else body.decode()
        return {"query": query, "data_version": data_version(self._service.store), "answer": answer}

    def _triples(self, question: Question, values: dict[str, str], language: Language) -> dict[str, Any]:
        store, iris = self._service.store, self._service.iris
        lines = construct_answer(store, question.slug, values, iris, language)
        return {
            "question": question.slug,
            "query": construct_query(question, values, iris, language),
            "absence": question.absence.in_language(language),
            "data_version": data_version(store),
            "turtle": write_triples(lines, "turtle", question.prefixes).decode(),
        }

    def _bounded(self, request: Request) -> bytes:
        stop, parts, size = Stop(), [], 0
        stream = self._service.store.stream(request, stop)
        try:
            for chunk in stream.chunks:
                parts.append(chunk)
                if (size := size + len(chunk)) > SPARQL_BYTES:
                    raise AnswerTooLarge(
                        it=f"La risposta supera {SPARQL_BYTES // 1024} KB: aggiungi LIMIT o chiedi meno colonne.",
                        en=f"The answer has more than {SPARQL_BYTES // 1024} KB: add LIMIT or ask for fewer columns.",
                    )
        finally:
            stop.pull()
            stream.chunks.close()
        return b"".join(parts)

    def _graph_query(self, plan: str) -> str:
        return f"SELECT ?s ?p ?o WHERE {{ GRAPH <{self._service.iris.plan_graph(plan)}> {{ ?s ?p ?o }} }}"


def _card(question: Question, language: Language) -> dict[str, Any]:
    return {
        "question": question.slug,
        "title": question.title.in_language(language),
        "explanation": question.explanation.in_language(language),
        "constructs": question.triples is not None,
        "parameters": [
            {"name": one.name, "type": one.type, "required": one.required, "label": one.label.in_language(language)}
            for one in question.parameters
        ],
    }

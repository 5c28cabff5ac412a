"""Out of the store: answers to the catalogue's questions and to SPARQL, and dumps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.errors import UnknownPlan
from api.language import Language
from api.negotiation import ASK_TYPES, GRAPH_TYPES, NQUADS, SELECT_TYPES, TRIG
from api.operations.engines import check_engine
from api.operations.plans import check_plan_id
from ontology.iris import Iris
from ontology.terms import RAC
from queries.answer import Answer
from queries.ask import ask, construct
from queries.choices import Choice, list_choices
from queries.errors import ParameterError
from queries.question import Question, find_question, load_questions
from queries.solutions import ask_values
from store import GraphStore
from store.guard import query_form


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, with what it answers: the values given, the language of its labels, and the version of the data."""

    answer: Answer
    values: Mapping[str, str]
    language: Language
    data_version: str

    @property
    def question(self) -> Question:
        """The question that was asked."""
        return self.answer.question


def list_questions() -> tuple[Question, ...]:
    """The questions of the catalogue, by slug."""
    return tuple(load_questions().values())


def ask_question(
    store: GraphStore, slug: str, values: Mapping[str, str], iris: Iris, language: Language = "it"
) -> Asked:
    """The answer to the question `slug`; empty values count as not given.

    Raises `UnknownQuestion`, `ParameterError`, `UnfitEngine`, `StoreError`.
    """
    check_engine(store, slug)
    given = {name: value for name, value in values.items() if value.strip()}
    answer = ask(store, find_question(slug), given, iris, language)
    return Asked(answer, given, language, data_version(store))


def construct_answer(
    store: GraphStore, slug: str, values: Mapping[str, str], iris: Iris, language: Language = "it"
) -> bytes:
    """The answer to the question `slug` as N-Triples, in the order of their lines; empty values count as not given.

    Raises `NoTriples` for a question that is answered in rows only, else what `ask_question` raises.
    """
    check_engine(store, slug)
    given = {name: value for name, value in values.items() if value.strip()}
    return construct(store, find_question(slug), given, iris, language)


def question_choices(store: GraphStore, slug: str, parameter: str, iris: Iris) -> tuple[Choice, ...]:
    """What the parameter of a question may be. Raises `UnknownQuestion`, `ParameterError`."""
    question = find_question(slug)
    try:
        return list_choices(store, question.parameter(parameter), iris)
    except KeyError:
        raise ParameterError(
            parameter, it="la domanda non ha questo parametro", en="the question has no such parameter"
        ) from None


def query_types(text: str) -> tuple[str, ...]:
    """The media types that the answer to a SPARQL query may have, the preferred one first. Raises `QueryError`."""
    form = query_form(text)
    return {"select": SELECT_TYPES, "ask": ASK_TYPES}.get(form, GRAPH_TYPES)


def run_query(
    store: GraphStore,
    text: str,
    media_type: str,
    default_graphs: Iterable[str] = (),
    named_graphs: Iterable[str] = (),
) -> tuple[bytes, str]:
    """The answer to a SPARQL query in a media type. Raises `StoreError`."""
    return store.query(text, accept=media_type, default_graphs=default_graphs, named_graphs=named_graphs)


def export_plan(store: GraphStore, plan_id: str, media_type: str, iris: Iris) -> bytes:
    """The graph of a plan in an RDF media type; TriG and N-Quads name the graph. Raises `UnknownPlan`."""
    check_plan_id(plan_id)
    graph = str(iris.plan_graph(plan_id))
    if not (triples := store.graph(graph)):
        raise UnknownPlan(plan_id)
    if media_type == NQUADS:
        return b"".join(line.removesuffix(b" .") + f" <{graph}> .\n".encode() for line in triples.splitlines())
    if media_type == TRIG:
        return f"<{graph}> {{\n".encode() + triples + b"}\n"
    body, _ = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", accept=media_type)
    return body


def export_all(store: GraphStore) -> bytes:
    """The whole dataset as N-Quads, in the order of its lines."""
    return b"".join(sorted(store.dump().splitlines(keepends=True)))


def data_version(store: GraphStore) -> str:
    """Twelve digits that change when any loaded plan or any rule does, and never otherwise."""
    report = f"?report <{RAC.planGraphHash}> ?plan ; <{RAC.shapesHash}> ?rules"
    rows = ask_values(store, f"SELECT DISTINCT ?plan ?rules WHERE {{ GRAPH ?g {{ {report} }} }}")
    hashes = sorted(row["plan"] + row["rules"] for row in rows)
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:12]

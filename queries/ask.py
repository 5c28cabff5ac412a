"""Asking: values into the question's SPARQL, the SPARQL to a store, the store's table into an answer."""

from __future__ import annotations

from collections.abc import Mapping

from ontology.iris import Iris
from queries.answer import Answer, read_answer
from queries.base import RESULT_TYPE, TRIPLES_TYPE, QueryStore
from queries.binding import bind_construct, bind_question
from queries.choices import check_places
from queries.narrowing import graphs_concerned
from queries.question import Language, Question


def ask(
    store: QueryStore, question: Question, values: Mapping[str, str], iris: Iris, language: Language = "it"
) -> Answer:
    """The answer to `question` for `values` (by parameter name); labels of vocabulary terms are in `language`.

    Raises `ParameterError` for a value that is missing, of the wrong type, or a territory nobody knows;
    what the store raises passes through.
    """
    query = question_query(question, values, iris, language)
    check_places(store, question, values, iris)
    body, _ = store.query(query, accept=RESULT_TYPE, named_graphs=graphs_concerned(store, question, values, iris))
    return read_answer(question, query, body)


def construct(
    store: QueryStore, question: Question, values: Mapping[str, str], iris: Iris, language: Language = "it"
) -> bytes:
    """The triples that answer `question`, as N-Triples: each once, in the order of their lines.

    Raises `NoTriples` for a question that is answered in rows only, else what `ask` raises.
    """
    query = construct_query(question, values, iris, language)
    check_places(store, question, values, iris)
    body, _ = store.query(query, accept=TRIPLES_TYPE, named_graphs=graphs_concerned(store, question, values, iris))
    # A CONSTRUCT gives a triple once for each solution.
    return b"".join(sorted(set(body.splitlines(keepends=True))))


def construct_query(question: Question, values: Mapping[str, str], iris: Iris, language: Language = "it") -> str:
    """The exact SPARQL that `construct` sends. Raises `NoTriples`, `ParameterError`."""
    return _heading(question, language) + bind_construct(question, values, iris, language)


def question_query(question: Question, values: Mapping[str, str], iris: Iris, language: Language = "it") -> str:
    """The exact SPARQL that `ask` sends, to be shown, downloaded and run elsewhere. Raises `ParameterError`.

    Asked of the whole store it gives the same rows, only later.
    """
    return _heading(question, language) + bind_question(question, values, iris, language)


def _heading(question: Question, language: Language) -> str:
    return f"# {question.title.in_language(language)} ({question.slug})\n"

"""Values are bound as RDF terms: no text that a person types changes what the query does."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from ontology.iris import Iris
from queries.ask import ask, question_query
from queries.binding import MAX_TEXT_CHARACTERS, parameter_terms, text_term
from queries.errors import ParameterError
from queries.question import Option, Parameter, Question, load_questions, parse_question
from store.base import GraphStore

IRIS = Iris()
LABEL = {"it": "Etichetta", "en": "Label"}
HOSTILE = (
    '" } } UNION { ?s ?p ?o } #',
    "' ) } ; DROP ALL ; #",
    "\\",
    '\\"',
    '\\\\" }',
    "x\n} # \r\n SELECT * { ?s ?p ?o }",
    "<http://x> > } { ?s ?p ?o",
    '"""',
    "'''",
    "}",
    "{ UNDEF }",
    "?text",
    "\\1 \\g<indent>",
    '"@it',
    '"^^<http://x>',
    "a\u2028b\u0085c\ufeff",
    "\u202e}{",
    "😀 è",
    "𝐔𝐍𝐃𝐄𝐅",
)
TERM = re.compile(r'<[^\x00-\x20<>"{}|^`\\]+>|"(?:[^"\\\n\r]|\\[\\"nrt])*"(?:\^\^<[^\x00-\x20<>"{}|^`\\]+>)?')

texts = st.text(max_size=MAX_TEXT_CHARACTERS) | st.text(alphabet="\"'\\{}<>#\n\r\t ?$@^|`;.uU0042xaé", max_size=40)


def typed_question() -> Question:
    """A small question with a text and an IRI parameter."""
    real = load_questions()["provenance/where-stated"]
    values = "  VALUES ?text { UNDEF }\n  VALUES ?fact { UNDEF }\n"
    text = f"SELECT ?x WHERE {{\n{values}  GRAPH ?g {{ ?x a ?text , ?fact . }}\n}}\n"
    parameters = tuple(one for one in real.parameters if one.name in ("text", "fact"))
    return real.model_copy(update={"text": text, "parameters": parameters})


QUESTION = typed_question()


def shape(node: object) -> object:
    """The algebra without its terms: what the query does, whatever the values."""
    if isinstance(node, CompValue):
        return (node.name, tuple((key, shape(value)) for key, value in sorted(node.items()) if key != "_vars"))
    if isinstance(node, (list, tuple, set, frozenset)):
        parts = [shape(part) for part in node]
        return tuple(parts if isinstance(node, (list, tuple)) else sorted(parts, key=repr))
    if isinstance(node, dict):
        return tuple(sorted(((shape(key), shape(value)) for key, value in node.items()), key=repr))
    return type(node).__name__ if isinstance(node, (Literal, URIRef)) else repr(node)


def algebra_shape(query: str) -> object:
    """The shape of a query's algebra, as rdflib translates it."""
    return shape(translateQuery(parseQuery(query)).algebra)


PLAIN_TEXT = algebra_shape(question_query(QUESTION, {"text": "protocollo"}, IRIS))
PLAIN_FACT = algebra_shape(question_query(QUESTION, {"fact": "http://example.org/x"}, IRIS))


@settings(max_examples=1000, deadline=None)
@given(texts)
def test_no_text_changes_the_algebra(text: str) -> None:
    try:
        query = question_query(QUESTION, {"text": text}, IRIS)
    except ParameterError:
        return
    assert algebra_shape(query) == PLAIN_TEXT


@settings(max_examples=300, deadline=None)
@given(texts | texts.map("http://example.org/".__add__))
@example("http://example.org/> } #")
def test_no_identifier_changes_the_algebra(text: str) -> None:
    try:
        query = question_query(QUESTION, {"fact": text}, IRIS)
    except ParameterError:
        return
    assert algebra_shape(query) == PLAIN_FACT


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_reaches_the_store_as_it_was_typed(text: str, made_up_store: GraphStore) -> None:
    body, _ = made_up_store.query(f"SELECT ?x WHERE {{ VALUES ?x {{ {text_term(text)} }} }}")
    assert [row["x"]["value"] for row in json.loads(body)["results"]["bindings"]] == [text]


@pytest.mark.parametrize("slug", ["provenance/where-stated", "responsibilities/who-does-what"])
def test_real_questions_keep_their_algebra(slug: str) -> None:
    question = load_questions()[slug]
    name = next(one.name for one in question.parameters if one.type == "text")
    plain = algebra_shape(question_query(question, {name: "protocollo"}, IRIS))
    for text in HOSTILE[:6]:
        assert algebra_shape(question_query(question, {name: text}, IRIS)) == plain


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_finds_nothing_and_breaks_nothing(text: str, made_up_store: GraphStore) -> None:
    question = load_questions()["responsibilities/who-does-what"]
    assert ask(made_up_store, question, {"name": text}, IRIS).rows == ()


TYPES = ("territory", "ats", "asst", "theme", "service", "status", "period", "date", "text", "choice", "iri")


def parameter(kind: str) -> Parameter:
    """A parameter of that type."""
    options = (Option.model_validate({"value": "a", "label": LABEL}),) if kind == "choice" else ()
    return Parameter.model_validate({"name": "x", "type": kind, "label": LABEL, "options": options})


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_every_type_gives_terms_or_an_error(kind: str, text: str) -> None:
    try:
        terms = parameter_terms(parameter(kind), text, IRIS)
    except ParameterError:
        return
    assert len(terms) == len(parameter(kind).variables)
    assert all(TERM.fullmatch(term) for term in terms)


ID = IRIS.base
VOCAB = "https://w3id.org/raccordo/vocab"


@pytest.mark.parametrize(
    ("kind", "value", "terms"),
    [
        ("territory", "Lodi", (f"<{ID}territory/ambito/lodi>",)),
        ("territory", "Ambito di Lodi", (f"<{ID}territory/ambito/lodi>",)),
        ("territory", "asst/ASST di Lodi", (f"<{ID}territory/asst/asst-di-lodi>",)),
        ("territory", f"{ID}territory/ambito/lodi", (f"<{ID}territory/ambito/lodi>",)),
        ("ats", "ATS dell'Insubria", (f"<{ID}territory/ats/ats-dell-insubria>",)),
        ("theme", "abitare", (f"<{VOCAB}/theme/abitare>",)),
        ("theme", f"{VOCAB}/theme/abitare", (f"<{VOCAB}/theme/abitare>",)),
        ("status", "absent", (f"<{VOCAB}/status/absent>",)),
        ("period", "2021-2023", ("2021-01-01", "2023-12-31")),
        ("period", "2020", ("2020-01-01", "2020-12-31")),
        ("date", "2022-12-31", ("2022-12-31",)),
        ("text", 'E\' "presente"', ('"E\' \\"presente\\""',)),
        ("choice", "a", ('"a"',)),
        ("iri", "urn:x:y", ("<urn:x:y>",)),
    ],
)
def test_values_become_terms(kind: str, value: str, terms: tuple[str, ...]) -> None:
    day = '"{}"^^<http://www.w3.org/2001/XMLSchema#date>'
    expected = tuple(day.format(term) for term in terms) if kind in ("period", "date") else terms
    assert parameter_terms(parameter(kind), value, IRIS) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("territory", "///"),
        ("territory", "'"),
        ("theme", "none"),
        ("theme", f"{VOCAB}/service/uonpia"),
        ("service", "abitare"),
        ("period", "2023-2021"),
        ("period", "last year"),
        ("date", "2022-02-30"),
        ("date", "31/12/2022"),
        ("text", "x" * (MAX_TEXT_CHARACTERS + 1)),
        ("text", "\\u0022 }"),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("choice", "b"),
        ("iri", "no scheme"),
        ("iri", "http://x/> }"),
    ],
)
def test_wrong_values_are_refused(kind: str, value: str) -> None:
    with pytest.raises(ParameterError, match="x: ") as caught:
        parameter_terms(parameter(kind), value, IRIS)
    assert caught.value.reason["it"] != caught.value.reason["en"]


def test_what_has_no_value_restricts_nothing() -> None:
    query = question_query(load_questions()["protocols/contradictions"], {"theme": " "}, IRIS)
    assert "UNDEF" not in query
    assert "VALUES ?theme" not in query
    assert "# ?theme: any" in query


def test_a_default_stands_in_for_a_missing_value() -> None:
    source = (
        '#+ keywords = ["x"]\n#+ title = { it = "T", en = "T" }\n#+ explanation = { it = "E", en = "E" }\n'
        '#+ absence = { it = "A", en = "A" }\n#+ [[parameters]]\n#+ name = "date"\n#+ type = "date"\n'
        '#+ default = "2022-12-31"\n#+ label = { it = "D", en = "D" }\n#+ [[columns]]\n#+ name = "d"\n'
        '#+ kind = "date"\n#+ label = { it = "D", en = "D" }\n#+ meaning = { it = "D", en = "D" }\n'
        "SELECT ?d WHERE {\n  VALUES ?date { UNDEF }\n}\n"
    )
    query = question_query(parse_question("x/y", source), {}, IRIS)
    assert 'VALUES ?date { "2022-12-31"^^' in query


@pytest.mark.parametrize(
    ("slug", "values", "named"),
    [
        ("protocols/lacking", {}, "theme"),
        ("provenance/where-stated", {"territory": "Lodi"}, "text"),
        ("protocols/contradictions", {"colour": "red"}, "colour"),
    ],
)
def test_what_is_missing_or_unknown_is_named(slug: str, values: dict[str, str], named: str) -> None:
    with pytest.raises(ParameterError) as caught:
        question_query(load_questions()[slug], values, IRIS)
    assert caught.value.parameter == named

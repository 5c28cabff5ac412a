"""No text that the guard passes calls out, and no honest text is refused."""

from __future__ import annotations

import contextlib
import time

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import OutboundRefused, QueryError, QueryTooComplex
from store.guard import MAX_NESTING, MAX_OPERATORS, MAX_QUERY_BYTES, check_query, check_update, query_form

PROLOGUE = (
    "PREFIX ex: <{url}#> PREFIX : <{url}> PREFIX service: <http://ex/s/> PREFIX load: <http://ex/l/> "
    "PREFIX serviceex: <http://ex/> "
)
BODY = "{{ ?s ?p ?o }}"

OUTBOUND_QUERIES = [
    "SELECT * {{ SERVICE <{url}> " + BODY + " }}",
    "SELECT * {{ service silent <{url}> " + BODY + " }}",
    "SELECT * {{ SERVICE # comment\n <{url}> " + BODY + " }}",
    "SELECT * {{ SERVICE ex:a " + BODY + " }}",
    "SELECT * {{ SERVICEex:a{{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE:{{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICESILENT<{url}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{url}> }} SERVICE ?e " + BODY + " }}",
    "SELECT * {{ ?s ?p 1SERVICE<{url}>" + BODY + " }}",
    "SELECT * {{ ?s ?p trueSERVICE<{url}>" + BODY + " }}",
    "SELECT * {{ ?s ?p ex:.SERVICE <{url}> " + BODY + " }}",
    "SELECT * {{ ?s ?p []SERVICE <{url}> " + BODY + " }}",
    "SELECT * {{ ?s ?p ?o FILTER(EXISTS {{ SERVICE <{url}> " + BODY + " }}) }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{url}> " + BODY + " }} }} }}",
    "ASK {{ SERVICE <{url}> " + BODY + " }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> " + BODY + " }}",
    "DESCRIBE ?s {{ SERVICE <{url}> " + BODY + " }}",
    # `<` read as a comparison: a tokenizer that takes an IRI here loses sight of the clause behind
    "SELECT * {{ ?s ?p ?o FILTER(?o<?o||?o!='x>y') SERVICE <{url}> " + BODY + " FILTER('z'='z') }}",
    "SELECT * {{ ?s ?p ?o FILTER(?o<?o#> '''\n||true) SERVICE <{url}> " + BODY + " #'''\n }}",
    "SELECT * {{ ?s ?p 'a' . SERVICE <{url}> " + BODY + " FILTER('b'='b') }}",
    "SELECT * {{ ?s ?p '''a'b''' . SERVICE <{url}> " + BODY + " FILTER('''c'''='c') }}",
    'SELECT * {{ ?s ?p "a\\\\" . SERVICE <{url}> ' + BODY + ' FILTER("b"="b") }}',
    "SELECT * {{ ?s ?p ex:it\\'s . SERVICE <{url}> " + BODY + " FILTER(ex:it\\'s=1) }}",
    "SELECT * {{ ?s ?p ex:a\\#b . SERVICE <{url}> " + BODY + " }}",
    "SELECT * {{ # a comment to the return\r SERVICE <{url}> " + BODY + " }}",
]

HONEST_QUERIES = [
    "SELECT * {{ ?row <https://w3id.org/raccordo/ontology#involvesService> ?service }}",
    "SELECT ?service {{ ?service a <https://w3id.org/raccordo/vocab/service/uonpia> }}",
    "SELECT * {{ ?s ?p 'SERVICE <{url}> {{ ?s ?p ?o }}' }}",
    'SELECT * {{ ?s ?p """ SERVICE <{url}> {{ ?s ?p ?o }} """ }}',
    "SELECT * {{ ?s ?p ?o }} # SERVICE <{url}> {{ ?s ?p ?o }}",
    "SELECT * {{ ?s service:uonpia ?o . GRAPH service:graph {{ ?s ?p ?o }} }}",
    "SELECT * FROM service:graph {{ ?s ?p ?o }}",
    "SELECT * {{ ?s ex:service ex:SERVICE }}",
    "SELECT * {{ ?s ?p 'servizio'@it-service }}",
    "SELECT * {{ ?s ?p _:service . ?s ?p ?o FILTER(?o<?p && ?p>?o) }}",
]

OUTBOUND_UPDATES = [
    "LOAD <{url}>",
    "load silent <{url}> into graph <http://ex/g>",
    "LOADex:a",
    "LOAD:",
    "LOADSILENT<{url}>",
    "INSERT DATA {{ }} ; LOAD <{url}>",
    "CLEAR ALL ; # comment\n LOAD <{url}> INTO GRAPH <http://ex/g>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> " + BODY + " }}",
    "DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?o<?o||?o!='x>y') }} ; LOAD <{url}>; INSERT DATA {{ :a :b 'z' }}",
]

HONEST_UPDATES = [
    "INSERT DATA {{ load:a load:b 'LOAD <{url}>' ; load:c load:d . GRAPH load:g {{ ex:load ex:service 1 }} }}",
    "CLEAR SILENT GRAPH load:g ; DROP SILENT GRAPH service:g # LOAD <{url}>",
    "WITH load:g DELETE {{ ?load ?p ?o }} USING load:h WHERE {{ ?load ?p ?o }}",
]


def fill(text: str, url: str = "http://127.0.0.1:9/sparql") -> str:
    return (PROLOGUE + text).format(url=url)


def engine() -> ox.Store:
    store = ox.Store()
    store.update("INSERT DATA { <http://ex/a> <http://ex/p> 1 , true , 'a' , 'z' }")
    return store


@pytest.mark.parametrize("text", OUTBOUND_QUERIES)
def test_a_query_that_calls_out_is_refused(text: str) -> None:
    with pytest.raises(OutboundRefused):
        check_query(fill(text))


@pytest.mark.parametrize("text", OUTBOUND_UPDATES)
def test_an_update_that_calls_out_is_refused(text: str) -> None:
    with pytest.raises(OutboundRefused):
        check_update(fill(text))


@pytest.mark.parametrize("text", HONEST_QUERIES)
def test_a_query_that_only_speaks_of_services_passes(text: str) -> None:
    check_query(fill(text))
    engine().query(fill(text))


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p <http://ex/it's> }", "BASE <http://ex/> SELECT * { ?s <#p> ?o }"])
def test_an_iri_in_doubt_passes_beside_no_such_word(text: str) -> None:
    check_query(text)
    with pytest.raises(OutboundRefused, match="in doubt"):
        check_query(f"PREFIX service: <http://ex/s/> {text}")


@pytest.mark.parametrize("text", HONEST_UPDATES)
def test_an_update_that_only_speaks_of_loads_passes(text: str) -> None:
    check_update(fill(text))
    engine().update(fill(text))


def test_the_engine_left_alone_calls_out(canary_url: str, heard: list[str]) -> None:
    # Without this, the tests here could pass on an engine and a listener that never met.
    with pytest.raises(OSError, match="404"):
        engine().query(fill(OUTBOUND_QUERIES[0], canary_url)).serialize(format=ox.QueryResultsFormat.JSON)
    with pytest.raises(OSError, match="404"):
        engine().update(fill(OUTBOUND_UPDATES[0], canary_url))
    assert len(heard) == 2


# Whole pieces, so that many of the texts parse, and halves of pieces, so that tokens meet where no one expects them.
FRAGMENTS = [
    "SERVICE", "service", "SILENT", "<{url}>", "ex:a", ":", "{{ ?s ?p ?o }}", "?s ?p ?o", "?s ?p 1", "?s ?p", " . ",
    " ", "\r", "\n", "#", "'", "'''", '"', "\\", "<", ">", "<?o", "<?o#", "FILTER(", ")", "||true", "='x", "'x'", "1",
    "true", "ex:", "ex:a\\'", "ex:a\\#", "_:b", "@en", "[]", "?o", "LOAD", ";", "BIND(1 AS ?x)", "GRAPH",
    " FILTER(?o<?o) ", " FILTER(?o<?o||?o!='x>y') ", " FILTER(?o<?o#> '''\n||true) ", " ?s ?p 'x' . ",
    " ?s ?p '''x'y''' . ", " ?s ?p ex:a\\' . ", "# SERVICE\n",
]  # fmt: skip
CLAUSE = "SERVICE<{url}>{{ ?s ?p ?o }}"


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(FRAGMENTS), max_size=10), tail=st.sampled_from(["", "#'''\n", "FILTER('z'='z')"]))
def test_what_the_guard_passes_never_calls_out(canary_url: str, heard: list[str], parts: list[str], tail: str) -> None:
    for inner in ([], parts, [*parts, CLAUSE, tail], ["?s ?p ?o ", *parts, "\n", CLAUSE, tail]):
        text = fill("SELECT * {{ " + "".join(inner) + " }}", canary_url)
        with contextlib.suppress(QueryError, SyntaxError, RuntimeError):
            check_query(text)
            engine().query(text).serialize(format=ox.QueryResultsFormat.JSON)
    assert heard == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(FRAGMENTS), max_size=8))
def test_what_the_guard_passes_never_loads(canary_url: str, heard: list[str], parts: list[str]) -> None:
    for inner in ([*parts, "LOAD<{url}>"], ["DELETE {{ }} WHERE {{ ", *parts, " }} ; LOAD<{url}>"]):
        text = fill("".join(inner), canary_url)
        with contextlib.suppress(QueryError, SyntaxError, RuntimeError):
            check_update(text)
            engine().update(text)
    assert heard == []


def nested(depth: int) -> str:
    return "ASK {" + "{" * depth + "}" * depth + "}"


def test_a_query_nests_up_to_its_limit() -> None:
    check_query(nested(MAX_NESTING - 1))
    with pytest.raises(QueryTooComplex):
        check_query(nested(MAX_NESTING))


def test_brackets_in_words_do_not_nest() -> None:
    brackets = "(" * 2 * MAX_NESTING
    check_query(f'ASK {{ ?s ?p \'{brackets}\' . ?s ?p """{brackets}""" }} # {brackets}')


@pytest.mark.parametrize("link", [" UNION {}", " OPTIONAL {}", " MINUS {}", " FILTER(1)", " FILTER(1||1+1)"])
def test_a_query_has_at_most_so_many_operators(link: str) -> None:
    with pytest.raises(QueryTooComplex):
        check_query("ASK { {}" + link * (MAX_OPERATORS + 1) + " }")


def test_long_lists_of_values_pass() -> None:
    values = " ".join(f"<https://w3id.org/raccordo/id/plan/{n}>" for n in range(1_000))
    check_query(f"SELECT * {{ VALUES ?plan {{ {values} }} ?plan ?p ?o }}")


def test_a_query_has_at_most_so_many_bytes() -> None:
    with pytest.raises(QueryTooComplex):
        check_query("ASK { ?s ?p '" + "è" * (MAX_QUERY_BYTES // 2) + "' }")


@pytest.mark.parametrize("piece", ["'", '"', "'''", "'\\", "\\'", "<", "<a", "a.", "a:", "é.", "#", "?", "%2", "_:"])
def test_judging_takes_no_time_whatever_the_text(piece: str) -> None:
    text = (piece * MAX_QUERY_BYTES)[: MAX_QUERY_BYTES // 2]
    start = time.process_time()
    for check in (check_query, check_update):
        with contextlib.suppress(QueryError):
            check(text)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "select"),
        ("PREFIX ask: <http://ex/construct> BASE <http://ex/> # DESCRIBE\nASK {}", "ask"),
        ("CONSTRUCT WHERE { ?s ?p 'SELECT' }", "construct"),
        ("DESCRIBE <http://ex/select>", "describe"),
    ],
)
def test_the_form_is_the_one_announced(text: str, form: str) -> None:
    assert query_form(text) == form


@pytest.mark.parametrize("text", ["", "# SELECT", "INSERT DATA { }", "PREFIX select: <http://ex/>"])
def test_text_without_a_form_is_no_query(text: str) -> None:
    with pytest.raises(QueryError):
        query_form(text)

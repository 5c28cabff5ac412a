"""Queries that hurt a SPARQL service: explosive ones, and those that end the process that reads them."""

from __future__ import annotations

import random
from collections.abc import Mapping

GRAPH = "http://example.org/hostile"
TRIPLES = b"".join(f'<http://ex/{n}> <http://ex/p{n % 7}> "{n}" .\n'.encode() for n in range(3_000))
"""What `GRAPH` holds, as N-Triples."""


def _cross(times: int) -> str:
    return " ".join(f"GRAPH <{GRAPH}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(times))


_ALL = f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}"
_TEN = " ".join(map(str, range(10)))
_VALUES = " ".join(f"VALUES ?v{n} {{ {_TEN} }}" for n in range(9))
_DOUBLING = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(40))
# Oxigraph's comparison of these is no total order, and its sorting aborts the process when it meets that.
_KINDS = (
    '1 9007199254740993 9007199254740992.0 9007199254740992e0 "9" "x"^^x:y <http://x/> 1.5 "12:00:00Z"^^x:time '
    '"2020-01-01T05:00:00+14:00"^^x:dateTime "2020-01-01Z"^^x:date "2020-01-01T00:00:00"^^x:dateTime '
    '"P1M"^^x:duration "NaN"^^x:double'
).split()
_MIXED = " ".join(random.Random(3).choices(_KINDS, k=120))
_CONCAT = "CONCAT(" * 60 + "?o" + ", ?o, ?o)" * 60

HOSTILE: Mapping[str, str] = {
    "cartesian-count": f"SELECT (COUNT(*) AS ?n) {{ {_cross(4)} }}",
    "cartesian-order": f"SELECT * {{ {_cross(4)} }} ORDER BY ?o0 ?o3",
    "cartesian-distinct": f"SELECT DISTINCT ?o0 ?o1 ?o2 {{ {_cross(3)} FILTER(?o1 != ?o2) }} OFFSET 1000000000",
    "cartesian-group-concat": f"SELECT (GROUP_CONCAT(?o0; SEPARATOR=' ') AS ?all) {{ {_cross(3)} }}",
    "cartesian-stream": f"SELECT * {{ {_cross(4)} }}",
    "cartesian-construct": f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} WHERE {{ {_cross(3)} }}",
    "every-path": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?a (<x:p>|!<x:p>)* ?b . ?c (<x:p>|!<x:p>)* ?d }} }}",
    "values-count": f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}",
    "values-sum": f"SELECT (SUM(?v0 * ?v8) AS ?n) {{ {_VALUES} }}",
    "concat-doubling": f"SELECT ?v40 {{ BIND('0123456789' AS ?v0) {_DOUBLING} }}",
    "replace-growth": "SELECT (STRLEN(?v5) AS ?n) { BIND('aaaaaaaaaa' AS ?v0) "
    + "".join(f"BIND(REPLACE(?v{n}, 'a', '{'a' * 100}') AS ?v{n + 1}) " for n in range(5))
    + "}",
    "regex": f"SELECT (COUNT(*) AS ?n) {{ {_cross(3)} FILTER(REGEX(CONCAT(?o0, ?o1, ?o2), '(1+)+(2+)+x')) }}",
    "regex-large": f"SELECT (COUNT(*) AS ?n) {{ {_cross(3)} FILTER(REGEX(?o0, '((a{{1,90}}){{1,90}}){{1,9}}')) }}",
    "distinct-uuid": f"SELECT DISTINCT (UUID() AS ?u) {{ {_cross(4)} }}",
    "many-patterns": "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?a{n + 1}" for n in range(300)) + " }",
    "nested-concat": f"SELECT (SUM(STRLEN({_CONCAT})) AS ?n) {{ {_cross(3)} }}",
    "not-exists": f"SELECT (COUNT(*) AS ?n) {{ {_cross(3)} "
    f"FILTER NOT EXISTS {{ {_ALL} FILTER(?o = CONCAT(?o0, ?o1, ?o2, 'x')) }} }}",
    "death-by-concat": "SELECT (" + "CONCAT(" * 1_500 + "'a'" + ")" * 1_500 + " AS ?x) {}",
    "death-by-select": "SELECT * " + "{ { SELECT * " * 1_500 + "{}" + " } }" * 1_500,
    "death-by-group": "ASK " + "{" * 4_000 + "}" * 4_000,
    "death-by-paren": "ASK { FILTER(" + "(" * 15_000 + "1" + ")" * 15_000 + ") }",
    "death-by-union": "ASK { {} " + "UNION {} " * 7_000 + "}",
    "death-by-or": "ASK { FILTER(" + "1||" * 15_000 + "1) }",
    "death-by-order": "PREFIX x: <http://www.w3.org/2001/XMLSchema#> "
    f"SELECT ?v {{ VALUES ?v {{ {_MIXED} }} }} ORDER BY ?v",
}
"""The seventeen that take time or memory, then the seven that end the process: six take the stack, one its sorting."""

"""Any server of SPARQL 1.1 as a `GraphStore`: its answers are read to their end and written again before they go on.

Its address is `sparql:QUERY_URL#update=UPDATE_URL&graphs=GRAPH_STORE_URL&login=digest`: what follows the `#` may be
left out, and is never sent.
"""

from __future__ import annotations

import io
import json
import logging
import re
import threading
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from store.census import Census, census_request, read_census
from store.endpoint import Address, Endpoint
from store.errors import QueryError, StoreError
from store.evaluate import GRAPH_TYPES, RESULT_TYPES, Answer, Request, Stream, graph_name, known_format
from store.guard import certain_tokens, check_query, check_update, query_form
from store.limits import ReadLimits
from store.probe import WAYS, WriteTraits, probe_answers, probe_reading, probe_writing
from store.stop import Stop
from store.texts import addition, removal, replacement, rewritten, with_dataset

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples"
# What Virtuoso keeps for itself beside its users' graphs.
_SYSTEM_GRAPHS = ("http://www.openlinksw.com/", "http://localhost:8890/", "http://www.w3.org/2002/07/owl#", "http://www.w3.org/ns/ldp#",
    "http://localuriqaserver/")  # fmt: skip
_log = logging.getLogger(__name__)

_OPERATIONS = {"insert", "delete", "clear", "drop", "create", "add", "move", "copy"}
_TRUTH_AS_ROW = "__ASK_RETVAL"
"""Virtuoso answers some ASK as a SELECT of this variable."""
# Virtuoso's labels of blank nodes are none.
_VIRTUOSO_NODE = re.compile(rb'("type": *"bnode", *"value": *")nodeID://')
_GRAPHS_QUERY = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"


class RemoteStore:
    """A `GraphStore` on a server; what the server cannot do whole is refused."""

    def __init__(self, endpoint: Endpoint, limits: ReadLimits) -> None:
        """Use a server whose readings have been probed."""
        self._endpoint = endpoint
        self._limits = limits
        self._writing = threading.Lock()
        self._traits: WriteTraits | None = None
        self.closed = False
        """Whether it answers no more."""

    @property
    def engine(self) -> str:
        """How the server names itself, reduced to `virtuoso` where it is one."""
        return "virtuoso" if _is_virtuoso(self._endpoint) else self._endpoint.server.lower()

    def query(
        self,
        text: str,
        *,
        accept: str = _JSON,
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> tuple[bytes, str]:
        """The body and media type of an answer; one that was cut is an error."""
        return self._answer(Request(text, accept, tuple(default_graphs), tuple(named_graphs)))

    def recall(self, request: Request) -> Answer | None:
        """Nothing: others may write to the server, so no answer of it is kept."""
        return None

    def stream(self, request: Request, stop: Stop) -> Stream:
        """The whole answer in one part: only the server's own limit or the deadline ends it early."""
        answer = self._answer(request)
        return Stream(answer.media_type, (part for part in (answer.body,)))

    def update(
        self, text: str, *, base: str = "", using_graphs: Iterable[str] = (), using_named_graphs: Iterable[str] = ()
    ) -> None:
        """Run an update; of several operations only where the server runs them as one transaction."""
        check_update(text)
        text = with_dataset(text, using_graphs, using_named_graphs)
        _check_is_update(text)
        with self._writing:
            if not self._write_traits().transactions and _operations(text) > 1:
                raise QueryError(
                    it="Questo server non annulla un aggiornamento a metà: manda un'operazione alla volta.",
                    en="This server does not roll half an update back: send one operation at a time.",
                )
            self._endpoint.update(_with_base(text, base))

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Replace each graph: all in one transaction where the server has them, else one after the other.

        Without transactions all graphs but the first are dropped before, so that none is beside an older one.
        """
        text = replacement(graphs)
        with self._writing:
            if self._write_traits().transactions:
                self._endpoint.update(text)
                return
            for iri in list(graphs)[1:]:
                self._endpoint.update(removal([iri]))
            for iri, triples in graphs.items():
                if triples.strip():
                    self._endpoint.put(iri, rewritten(iri, triples).encode())
                else:
                    self._endpoint.update(removal([iri]))

    def add_to_graphs(self, graphs: Mapping[str, bytes]) -> None:
        """Add to each graph its N-Triples, as `replace_graphs` replaces."""
        text = addition(graphs)
        with self._writing:
            if self._write_traits().transactions:
                self._endpoint.update(text)
                return
            for iri, triples in graphs.items():
                self._endpoint.put(iri, rewritten(iri, triples).encode(), method="POST")

    def remove_graphs(self, graphs: Iterable[str]) -> None:
        """Drop the graphs: in one transaction where the server has them, else one after the other."""
        names = list(graphs)
        text = removal(names)
        with self._writing:
            if self._write_traits().transactions:
                self._endpoint.update(text)
                return
            for name in names:
                self._endpoint.update(removal([name]))

    def graph(self, iri: str) -> bytes:
        """One graph as N-Triples in byte order of its lines; empty when absent."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph_name(iri)} {{ ?s ?p ?o }} }}"
        body, _ = self.query(text, accept=_TRIPLES)
        return b"".join(sorted(body.splitlines(keepends=True)))

    def census(self) -> Census:
        """How many triples each graph holds, by predicate, counted now; without the server's own graphs."""
        found = read_census(self._answer(census_request()).body)
        return {name: counts for name, counts in found.items() if self._ours(name)}

    def dump(self) -> bytes:
        """The whole dataset as N-Quads, without the server's own graphs."""
        lines = ((name, line) for name in self.graph_names() for line in self.graph(name).splitlines())
        return b"".join(line.removesuffix(b" .") + f" <{name}> .\n".encode() for name, line in lines)

    def graph_names(self) -> list[str]:
        """Every graph that holds a triple, without the server's own."""
        body, _ = self.query(_GRAPHS_QUERY)
        names = [row["g"]["value"] for row in json.loads(body)["results"]["bindings"]]
        return [name for name in names if self._ours(name)]

    def close(self) -> None:
        """Close every connection; a closed store answers nothing."""
        self.closed = True
        self._endpoint.close()

    def _ours(self, name: str) -> bool:
        return not (_is_virtuoso(self._endpoint) and name.startswith(_SYSTEM_GRAPHS))

    def _answer(self, request: Request) -> Answer:
        self._check_open()
        check_query(request.text)
        graphs = [("default-graph-uri", str(graph_name(iri).value)) for iri in request.default_graphs]
        graphs += [("named-graph-uri", str(graph_name(iri).value)) for iri in request.named_graphs]
        form = query_form(request.text)
        text = _with_base(request.text, request.base)
        if form in ("select", "ask"):
            kind = known_format(RESULT_TYPES, request.accept)
            return Answer(_table(self._endpoint.ask(text, _JSON, graphs), kind), request.accept)
        syntax = known_format(GRAPH_TYPES, request.accept)
        return Answer(_graph(self._endpoint.ask(text, _TRIPLES, graphs), syntax), request.accept)

    def _write_traits(self) -> WriteTraits:
        self._check_open()
        if self._traits is None:
            self._traits = probe_writing(self._endpoint)
            _warn(self._endpoint, self._traits.ways)
        return self._traits

    def _check_open(self) -> None:
        if self.closed:
            raise StoreError(it="L'archivio è chiuso.", en="The store is closed.")


def open_remote(place: str, limits: ReadLimits | None) -> RemoteStore:
    """The server at an address, probed before anything is believed of it. Raises `StoreError`."""
    limits = limits or ReadLimits(seconds=60.0)
    endpoint = Endpoint(Address.parse(place), limits)
    try:
        probe_reading(endpoint)
    except StoreError:
        endpoint.close()
        raise
    _warn(endpoint, probe_answers(endpoint))
    return RemoteStore(endpoint, limits)


def _warn(endpoint: Endpoint, ways: Iterable[str]) -> None:
    for way in ways:
        _log.warning("%s: %s (docs/stores.md)", endpoint.address.query, WAYS[way])


def _is_virtuoso(endpoint: Endpoint) -> bool:
    return "virtuoso" in endpoint.server.lower()


def _check_is_update(text: str) -> None:
    """Refuse a query sent as an update, which Virtuoso would answer."""
    words = {token.text.lower() for token in certain_tokens(text) if token.depth == 0 and token.kind == "word"}
    if not words & _OPERATIONS:
        raise QueryError(it="Non è un aggiornamento SPARQL.", en="This is no SPARQL update.")


def _operations(text: str) -> int:
    """How many operations an update has; raises `QueryError` for one whose tokens are not certain."""
    tokens = [token for token in certain_tokens(text) if token.depth == 0]
    return 1 + sum(token.text == ";" for token in tokens[:-1])


def _with_base(text: str, base: str) -> str:
    return f"BASE {graph_name(base)}\n{text}" if base else text


def _table(body: bytes, kind: ox.QueryResultsFormat) -> bytes:
    """Rows or a truth in JSON, read to the end and written in another format. Raises `StoreError` for half of them."""
    body = _VIRTUOSO_NODE.sub(rb"\1", body)
    try:
        found = ox.parse_query_results(io.BytesIO(body), format=ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QuerySolutions) and [one.value for one in found.variables] == [_TRUTH_AS_ROW]:
            truth = any(row[0] is not None and str(row[0].value) == "1" for row in found)
            body = json.dumps({"head": {}, "boolean": truth}).encode()
        found = ox.parse_query_results(io.BytesIO(body), format=ox.QueryResultsFormat.JSON)
        return found.serialize(format=kind) or b""
    except (SyntaxError, ValueError) as error:
        raise _cut(error) from error


def _graph(body: bytes, syntax: ox.RdfFormat) -> bytes:
    """N-Triples, read to the end and written in another syntax. Raises `StoreError` for half an answer."""
    try:
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return ox.serialize((quad.triple for quad in quads), format=syntax) or b""
    except (SyntaxError, ValueError) as error:
        raise _cut(error) from error


def _cut(error: Exception) -> StoreError:
    return StoreError(
        it=f"Il server ha dato una risposta che non si legge fino in fondo: {error}",
        en=f"The server gave an answer that cannot be read to its end: {error}",
    )

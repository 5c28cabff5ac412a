"""Random SPARQL against the served endpoint and Oxigraph in this process: the same answers, no failure, no leak.

`python -m benchmarks.sparql_fuzz --seeds 20000 --seed 1` prints what came of the texts and, line by line, what is
wrong: a 5xx that is no stated limit, an answer that differs, a text that one side takes and the other refuses, a reader
that is not given back, a dataset that differs after an update. It ends with exit code 1 when anything is.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pyoxigraph as ox

from api.app import create_app
from api.settings import Settings
from api.tokens import Scope, create_token
from benchmarks.serving import served
from benchmarks.sparql_grammar import REFILL, Writer
from store import ReadLimits, open_store

WORKERS = 2
LIMITS = ReadLimits(workers=WORKERS, seconds=2.0, memory_bytes=1024 * 2**20, answer_bytes=8 * 2**20)
UPDATE_SHARE = 0.02
_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples"
_OTHERS = (
    "text/csv",
    "text/tab-separated-values",
    "application/sparql-results+xml",
    "application/ld+json",
    "image/png",
)
_STATED_LIMITS = frozenset({"query-timeout", "store-busy", "query-exhausted", "answer-too-large", "too-many-queries"})
_REFUSALS = frozenset({"outbound-refused", "query-too-complex"})
# Which rows these give is the engine's choice: only their number is compared; of triples, or in a sub-select, nothing.
_FREE = re.compile(r"LIMIT|OFFSET|SAMPLE|GROUP_CONCAT|REDUCED", re.IGNORECASE)
_BLANK = re.compile(r"_:[0-9A-Za-z]+")


@dataclass
class Findings:
    """What came of the texts: how many of each outcome, and a line for everything that is wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    """The texts that met a stated limit."""

    def note(self, seed: int, text: str, fault: str) -> None:
        """Keep a fault with the seed and the text that show it."""
        self.faults.append(f"seed {seed}: {fault}\n    {text!r}")


@dataclass(frozen=True)
class Bench:
    """The served store, the same data beside it, and what asks."""

    client: httpx.Client
    beside: ox.Store
    token: str

    @property
    def endpoint(self) -> str:
        """The address that relative IRIs are relative to."""
        return f"{str(self.client.base_url).rstrip('/')}/sparql"

    def refill(self) -> None:
        """Put the data as they were into both."""
        self.update(REFILL).raise_for_status()
        self.beside.update(REFILL)

    def update(self, text: str) -> httpx.Response:
        """What the service says to an update."""
        return self.client.post("/sparql", data={"update": text}, headers={"Authorization": f"Bearer {self.token}"})


@contextmanager
def bench() -> Iterator[Bench]:
    """A service over a store of its own; at its end its processes must be as many as at its start."""
    with TemporaryDirectory(prefix="raccordo-fuzz-") as name:
        folder = Path(name)
        token = create_token(folder / "tokens.json", "fuzz", Scope.ADMIN)[1]
        settings = Settings(
            token_file=str(folder / "tokens.json"), client_queries=WORKERS, client_seconds=10**6, readers=WORKERS
        )
        store = open_store(f"oxigraph:{folder / 'store'}", limits=LIMITS)
        try:
            with served(create_app(settings, store)) as client:
                yield Bench(client, ox.Store(), token)
        finally:
            store.close()


def fuzz(desk: Bench, seeds: range, findings: Findings) -> None:
    """Send one text for each seed."""
    desk.refill()
    before = children()
    for seed in seeds:
        writer = Writer(seed)
        if writer.chance(UPDATE_SHARE):
            _try_update(desk, writer, seed, findings)
        else:
            _try_query(desk, writer, seed, findings)
    if desk.client.get("/health").status_code != 200 or len(children()) != len(before):
        findings.faults.append(f"{len(before)} processes at the start, {len(children())} at the end")


def children() -> set[str]:
    """The processes that this one has started and that live (Linux)."""
    return {name for path in Path("/proc/self/task").glob("*/children") for name in path.read_text().split()}


def _try_query(desk: Bench, writer: Writer, seed: int, findings: Findings) -> None:
    text, (default, named) = writer.query(), writer.dataset()
    accept = writer.pick(_OTHERS) if writer.chance(0.1) else f"{_JSON}, {_TRIPLES}"
    parameters = {"query": text, "default-graph-uri": list(default), "named-graph-uri": list(named)}
    try:
        if writer.chance(0.5):
            response = desk.client.get("/sparql", params=parameters, headers={"Accept": accept})
        else:
            response = desk.client.post("/sparql", data=parameters, headers={"Accept": accept})
    except httpx.RemoteProtocolError:
        findings.outcomes["broken off"] += 1
        return
    slug = _slug(response)
    findings.outcomes[slug] += 1
    if slug in _STATED_LIMITS:
        findings.limits.append(f"seed {seed}: {slug}\n    {text!r}")
    if response.status_code >= 500 and slug not in _STATED_LIMITS:
        findings.note(seed, text, f"{response.status_code} {response.text[:200]}")
    elif slug in ("answer", "query"):
        try:
            expected = _apart(lambda: _expected(desk, text, default, named))
        except EOFError:
            findings.outcomes["the engine beside broke"] += 1
            return
        if (expected is None) != (slug == "query"):
            findings.note(seed, text, f"the service says {slug}, the engine beside it says otherwise")
        elif expected is not None and accept.startswith(_JSON) and not _same(text, response, expected):
            findings.note(seed, text, f"another answer: {response.text[:300]}")


def _try_update(desk: Bench, writer: Writer, seed: int, findings: Findings) -> None:
    text = writer.update()
    response = desk.update(text)
    slug = _slug(response)
    findings.outcomes[f"update: {slug}"] += 1
    if response.status_code >= 500:
        findings.note(seed, text, f"{response.status_code} {response.text[:200]}")
    if slug in _REFUSALS:
        return
    try:
        desk.beside.update(text, base_iri=desk.endpoint)
    except (SyntaxError, ValueError, RuntimeError, OSError):
        taken = False
    else:
        taken = True
    if taken != (response.status_code == 204):
        findings.note(seed, text, f"the service says {slug}, the engine beside it says otherwise")
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    answer = desk.client.get("/sparql", params={"query": f"{everything} # {seed}"}, headers={"Accept": _JSON})
    if not _FREE.search(text) and not _same(everything, answer, _expected(desk, everything, (), ()) or b""):
        findings.note(seed, text, "the datasets differ after this update")
    desk.refill()


def _slug(response: httpx.Response) -> str:
    if response.is_success:
        return "answer"
    if response.headers.get("content-type") != "application/problem+json":
        return f"{response.status_code} without a problem"
    return str(response.json()["type"]).rpartition("/")[2]


def _expected(desk: Bench, text: str, default: tuple[str, ...], named: tuple[str, ...]) -> bytes | None:
    """What the engine beside the service answers, `None` when it refuses the text."""
    dataset = {"default_graph": _nodes(default), "named_graphs": _nodes(named)} if default or named else {}
    try:
        results = desk.beside.query(text, base_iri=desk.endpoint, **dataset)  # type: ignore[arg-type]
        if isinstance(results, ox.QueryTriples):
            return results.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return results.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except (SyntaxError, ValueError, RuntimeError):
        return None


def _apart(evaluate: Callable[[], bytes | None]) -> bytes | None:
    """What `evaluate` returns, in a process of its own, as the engine ends its process on some texts: `EOFError`."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            found = evaluate()
            with os.fdopen(write, "wb") as output:
                output.write(b"refused" if found is None else b"answer " + found)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as source:
        said = source.read()
    os.waitpid(child, 0)
    if not said:
        raise EOFError
    return said.removeprefix(b"answer ") if said.startswith(b"answer ") else None


def _nodes(names: tuple[str, ...]) -> list[ox.NamedNode]:
    return [ox.NamedNode(name) for name in names]


def _same(text: str, response: httpx.Response, expected: bytes) -> bool:
    """Whether two answers have the same rows or triples, blank nodes by whatever name."""
    graph = response.headers["content-type"].startswith(_TRIPLES)
    found, wanted = ((_triples if graph else _rows)(body) for body in (response.content, expected))
    if _FREE.search(text):
        return graph or text.upper().count("SELECT") > 1 or len(found) == len(wanted)
    return found == wanted


def _triples(body: bytes) -> list[str]:
    return sorted(_BLANK.sub("_:b", line) for line in body.decode().splitlines())


def _rows(body: bytes) -> list[str]:
    answer = json.loads(body)
    if "boolean" in answer:
        return [str(answer["boolean"])]
    rows = []
    for row in answer["results"]["bindings"]:
        for term in row.values():
            if term["type"] == "bnode":
                term["value"] = "b"
        rows.append(json.dumps(row, sort_keys=True))
    return sorted(rows)


def main() -> None:
    """Fuzz, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    findings = Findings()
    with bench() as desk:
        fuzz(desk, range(options.seed, options.seed + options.seeds), findings)
    print("\n".join(f"{number:8} {outcome}" for outcome, number in findings.outcomes.most_common()))
    print("met a limit:", *findings.limits, sep="\n")
    print(f"{options.seeds} texts from seed {options.seed}, {len(findings.faults)} faults", *findings.faults, sep="\n")
    sys.exit(bool(findings.faults))


if __name__ == "__main__":
    main()

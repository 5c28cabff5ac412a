"""`python -m benchmarks.questions`: how long each question takes, on four engines; `make bench-questions`.

Times are of the processor that this process spent, since the machine does other work too; of `oxigraph serve`: of the
clock.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import httpx
from rdflib import Dataset, URIRef

from benchmarks.engines import await_answer, end, free_ports, program
from benchmarks.questions.cold import forget_files
from benchmarks.questions.country import make_country, share
from loaders.graph import build_graph
from loaders.pipeline import read_plan
from ontology.graphs import ontology_graph, territory_graph
from ontology.iris import Iris
from ontology.terms import RAC
from queries.ask import ask
from queries.base import RESULT_TYPE
from queries.question import PLACE_TYPES, Question, load_questions
from store import GraphStore, open_store
from store.directory import data_folder

IRIS = Iris()
ROOT = Path(__file__).parents[2]
MATRIX = "protocols/coverage-matrix"
PERIOD = "2021-2023"
NEEDED = {
    "theme": "violenza-di-genere", "service": "uonpia", "date": "2023-12-31", "text": "Accordo", "as": "owner",
    "name": "asst", "territory": "ambito/lodi",
}  # fmt: skip
AIMS = {"sample": 50.0, "filtered": 300.0, "matrix": 2000.0}
RDFLIB_SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print one line for each question; 1 when an aim is missed."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        country = options.country or Path(name) / "country"
        triples = make_country(country, options.plans)
        found = {one.slug: Measured() for one in load_questions().values() if options.only in one.slug}
        for slug, times in _sample(found).items():
            found[slug].sample = times
        warm = _country(country, found, options.asked)
        if options.peers:
            _beside(country, found, options)
    raise SystemExit(_print(found, triples, warm, options))


@dataclass
class Measured:
    """Milliseconds of one question: every try, by where it was asked."""

    sample: list[float] = field(default_factory=list)
    filtered: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    rdflib: float | str | None = None


def p95(times: Sequence[float]) -> float:
    """The 95th percentile, the greatest of fewer than twenty; 0 of none."""
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))] if times else 0.0


def needed(question: Question) -> dict[str, str]:
    """Values for what the question cannot do without."""
    names = [one.name for one in question.parameters if one.required] or list(question.any_of[:1])
    return {name: NEEDED[name] for name in names}


def _ms(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    begin = clock()
    work()
    return 1000 * (clock() - begin)


def _sample(found: Mapping[str, Measured]) -> dict[str, list[float]]:
    """The sample plans in memory, each question twenty times."""
    store = open_store("memory:")
    records = [read_plan(manifest.parent) for manifest in sorted((ROOT / "data" / "plans").glob("*/plan.toml"))]
    graphs = {str(IRIS.plan_graph(one.plan.id)): build_graph(one, IRIS) for one in records}
    graphs[str(IRIS.ontology_graph())] = ontology_graph()
    graphs[str(IRIS.territory_graph())] = territory_graph(ROOT / "data" / "territory" / "territory.ttl")
    store.replace_graphs({name: graph.serialize(format="nt", encoding="utf-8") for name, graph in graphs.items()})
    times = {}
    for slug in found:
        question = load_questions()[slug]
        values = needed(question)
        ask(store, question, values, IRIS)
        times[slug] = [_ms(lambda: ask(store, question, values, IRIS)) for _ in range(20)]  # noqa: B023
    store.close()
    return times


def _country(directory: Path, found: Mapping[str, Measured], asked: int) -> tuple[float, float]:
    """Each question for some places; the first answer from disk, and the matrix of the country, in milliseconds."""
    forgotten = forget_files(data_folder(directory))
    store = open_store(f"oxigraph:{directory}")
    places = _places(store, asked)
    first = load_questions()["protocols/statuses"]
    begin = time.perf_counter()
    ask(store, first, {"territory": places[0]}, IRIS)
    cold = 1000 * (time.perf_counter() - begin) if forgotten else 0.0
    for slug, times in found.items():
        question = load_questions()[slug]
        values = needed(question)
        if any(one.type in PLACE_TYPES for one in question.parameters):
            for place in places:
                given = {**values, "territory": place}
                times.filtered.append(_ms(lambda: ask(store, question, given, IRIS)))  # noqa: B023
        print(f"{slug:<46}{p95(times.filtered):>9.0f}", file=sys.stderr, flush=True)
    whole = load_questions()[MATRIX]
    matrix = _ms(lambda: ask(store, whole, {"period": PERIOD}, IRIS)) if MATRIX in found else 0.0
    store.close()
    return cold, matrix


def _places(store: GraphStore, asked: int) -> list[str]:
    """Territories with plans, chosen by chance but the same in each run."""
    body, _ = store.query(f"SELECT DISTINCT ?place WHERE {{ GRAPH ?g {{ ?plan <{RAC.coversTerritory}> ?place }} }}")
    known = sorted(row["place"]["value"] for row in json.loads(body)["results"]["bindings"])
    return Random(1).sample(known, min(asked, len(known)))


def _beside(directory: Path, found: Mapping[str, Measured], options: argparse.Namespace) -> None:
    """The same questions for the same places on `oxigraph serve`, and of a share of the plans on rdflib."""
    embedded = open_store(f"oxigraph:{directory}")
    places = _places(embedded, min(options.asked, 5))
    embedded.close()
    with _served(directory) as url, httpx.Client(trust_env=False, timeout=120) as client:
        store = _Http(client, url)
        for slug, times in found.items():
            question = load_questions()[slug]
            for place in places:
                given = {**needed(question), "territory": place}
                times.served.append(_ms(lambda: ask(store, question, given, IRIS), time.perf_counter))  # noqa: B023
    _on_rdflib(directory, found, options.share)


class _Http:
    """A SPARQL server, asked as it is."""

    engine = "oxigraph"

    def __init__(self, client: httpx.Client, url: str) -> None:
        self._client, self._url = client, url

    def query(self, text: str, *, accept: str = RESULT_TYPE, named_graphs: Iterable[str] = ()) -> tuple[bytes, str]:
        parameters = [("query", text), *(("named-graph-uri", one) for one in named_graphs)]
        answer = self._client.post(self._url, data=_grouped(parameters), headers={"Accept": accept})
        return answer.raise_for_status().content, accept


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@contextmanager
def _served(directory: Path) -> Iterator[str]:
    """The query address of `oxigraph serve` on the country."""
    (port,) = free_ports(1)
    location = str(data_folder(directory))
    command = [str(program("oxigraph")), "serve-read-only", "--location", location, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D")
        yield f"http://127.0.0.1:{port}/query"
    finally:
        end(process)


def _on_rdflib(directory: Path, found: Mapping[str, Measured], plans: int) -> None:
    """The questions on rdflib in memory, each in a process that is ended after some seconds."""
    dataset = Dataset()
    for name, body in share(directory, plans):
        dataset.graph(URIRef(name)).parse(data=body, format="nt")
    context = multiprocessing.get_context("fork")  # the children find the dataset in memory
    for slug, times in found.items():
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_ask_rdflib, args=(dataset, slug, there))
        child.start()
        times.rdflib = here.recv() if here.poll(RDFLIB_SECONDS) else None
        child.kill()
        child.join()


def _ask_rdflib(dataset: Dataset, slug: str, answer: Connection) -> None:
    question = load_questions()[slug]
    try:
        answer.send(_ms(lambda: ask(_Rdflib(dataset), question, needed(question), IRIS)))
    except AttributeError:  # a sum of what has no value (queries/README.md)
        answer.send("fails")


class _Rdflib:
    """A dataset of rdflib, asked as it is."""

    engine = "rdflib"

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def query(self, text: str, *, accept: str = RESULT_TYPE, named_graphs: Iterable[str] = ()) -> tuple[bytes, str]:
        return self._dataset.query(text).serialize(format="json") or b"", accept


def _print(found: Mapping[str, Measured], triples: int, warm: tuple[float, float], options: argparse.Namespace) -> int:
    """The table and the aims; how many aims are missed."""
    cold, matrix = warm
    print(f"{options.plans} plans, {triples} triples; one place of {options.asked} by chance; milliseconds, p95\n")
    heads = ("question", "sample", "place", "oxigraph serve", f"rdflib, {options.share} plans")
    print("| " + " | ".join(heads) + " |\n|---|--:|--:|--:|--:|")
    for slug, times in found.items():
        shown = (p95(times.sample), p95(times.filtered), p95(times.served), times.rdflib)
        limit = f"> {1000 * RDFLIB_SECONDS:.0f}" if options.peers else ""
        print(f"| `{slug}` | " + " | ".join(limit if one is None else _figure(one) for one in shown) + " |")
    slowest = {
        "sample": max(p95(one.sample) for one in found.values()),
        "filtered": p95([time for one in found.values() for time in one.filtered]),
        "slowest filtered": max(p95(one.filtered) for one in found.values()),
        "matrix": matrix,
    }
    print(f"\nthe first answer for a place after the files were dropped from memory: {cold:.0f} ms of the clock")
    for name, value in slowest.items():
        print(f"{name}: {value:.0f} ms" + (f" (aim: < {AIMS[name]:.0f})" if name in AIMS else ""))
    return sum(slowest[name] >= aim for name, aim in AIMS.items())


def _figure(measured: float | str) -> str:
    return measured if isinstance(measured, str) else f"{measured:.1f}" if measured else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument(
        "--country", type=Path, help="a folder that keeps the made-up country (default: made and deleted)"
    )
    parser.add_argument("--plans", type=int, default=3000, help="how many plans the country has (default: 3000)")
    parser.add_argument("--asked", type=int, default=5, help="for how many places each question is asked (default: 5)")
    parser.add_argument("--share", type=int, default=5, help="how many of its plans rdflib holds (default: 5)")
    parser.add_argument("--only", default="", help="questions whose slug has this in it")
    parser.add_argument("--peers", action="store_true", help="beside oxigraph serve and rdflib")
    return parser


if __name__ == "__main__":
    main()

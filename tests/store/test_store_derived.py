"""What is derived when a write is published: counts and long answers, true of the state that the next query sees."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from store import GraphStore, ReadLimits, open_store, standing
from store.census import Counts, read_census
from store.errors import QueryError, StoreBusy
from store.evaluate import Request, evaluate
from store.served import ServedStore
from store.standing import Standing
from store.stop import Stop

PLAN, REPORT = "http://ex/graph/plan", "http://ex/graph/report"
OLD = b'<http://ex/a> <http://ex/p> "old" .\n'
NEW = b'<http://ex/a> <http://ex/p> "new"@it .\n<http://ex/a> <http://ex/q> <http://ex/b> .\n'
COUNT = Request("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "text/csv")
PATIENCE = 60.0


def dumped(store: GraphStore) -> dict[str, dict[str, int]]:
    """The census of the graphs of these tests by the plainest way: every line of the dump."""
    found: dict[str, Counter[str]] = {}
    for quad in ox.parse(store.dump(), format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.graph_name, ox.NamedNode):
            found.setdefault(quad.graph_name.value, Counter())[quad.predicate.value] += 1
    return {name: dict(counts) for name, counts in found.items()}


def test_the_census_follows_every_kind_of_write(store: GraphStore) -> None:
    def check() -> None:
        assert {name: dict(counts) for name, counts in store.census().items()} == dumped(store)

    check()
    store.replace_graphs({PLAN: OLD, REPORT: NEW})
    check()
    store.replace_graphs({PLAN: NEW})
    check()
    store.add_to_graphs({PLAN: OLD})
    check()
    store.update("INSERT DATA { GRAPH <http://ex/graph/other> { <http://ex/a> <http://ex/z> 1 } }")
    check()
    with pytest.raises(QueryError):
        store.update("INSERT DATA {")
    check()
    store.remove_graphs([PLAN])
    check()
    assert PLAN not in store.census()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedStore]:
    opened = open_store(f"oxigraph:{tmp_path}/store", limits=ReadLimits(workers=1, seconds=PATIENCE))
    assert isinstance(opened, ServedStore)
    yield opened
    opened.close()


def test_a_census_while_others_write_is_of_no_half_of_a_write(served: ServedStore) -> None:
    """Each write gives both graphs the same number of triples, and a number that no other write gave."""
    done, broken = threading.Event(), list[object]()

    def read() -> None:
        while not done.is_set():
            sizes = {sum(counts.values()) for counts in served.census().values()}
            if len(sizes) > 1:
                broken.append(sizes)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 9):
        lines = b"".join(f'<http://ex/{one}> <http://ex/p> "{one}" .\n'.encode() for one in range(number))
        served.replace_graphs({PLAN: lines, REPORT: lines})
        assert served.census() == {PLAN: {"http://ex/p": number}, REPORT: {"http://ex/p": number}}
    done.set()
    reader.join()
    assert broken == []


class Paused:
    """A way of counting that stops within the first count until it is let go on."""

    def __init__(self, engine: ox.Store) -> None:
        self.engine = engine
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def __call__(self, request: Request) -> bytes:
        self.asked.append(request.text)
        body = evaluate(self.engine, request).body
        self.entered.set()
        assert self.go_on.wait(PATIENCE)
        return body


def insert(engine: ox.Store, graph: str, value: int) -> None:
    engine.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <http://ex/a> <http://ex/p> {value} }} }}")


def test_a_graph_written_while_it_is_counted_is_counted_again() -> None:
    engine = ox.Store()
    insert(engine, PLAN, 1)
    count = Paused(engine)
    counts, found = Counts(count), list[object]()
    asker = threading.Thread(target=lambda: found.append(counts.current(PATIENCE)))
    asker.start()
    assert count.entered.wait(PATIENCE)
    insert(engine, PLAN, 2)
    counts.touch([PLAN])
    count.go_on.set()
    asker.join()
    assert found == [{PLAN: {"http://ex/p": 2}}]
    assert ["VALUES" in text for text in count.asked] == [False, True]


def test_only_what_was_touched_is_counted_again_and_a_failed_count_stays_due() -> None:
    engine = ox.Store()
    insert(engine, PLAN, 1)
    count = Paused(engine)
    count.go_on.set()
    counts = Counts(count)
    counts.follow()
    assert count.asked == []
    counts.current(PATIENCE)
    counts.current(PATIENCE)
    assert len(count.asked) == 1
    insert(engine, REPORT, 1)
    counts.touch([REPORT])
    count.engine = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        counts.current(PATIENCE)
    count.engine = engine
    assert counts.current(PATIENCE) == {PLAN: {"http://ex/p": 1}, REPORT: {"http://ex/p": 1}}
    assert REPORT in count.asked[-1]
    assert PLAN not in count.asked[-1]


def test_who_waits_for_the_counts_of_another_waits_only_so_long() -> None:
    count = Paused(ox.Store())
    counts = Counts(count)
    asker = threading.Thread(target=counts.current, args=(PATIENCE,))
    asker.start()
    assert count.entered.wait(PATIENCE)
    with pytest.raises(StoreBusy, match="not ready"):
        counts.current(0.0)
    count.go_on.set()
    asker.join()


def test_an_answer_without_a_row_is_no_graph() -> None:
    body = b'{"head":{"vars":["g","p","n"]},"results":{"bindings":[{"n":{"type":"literal","value":"0"}}]}}'
    assert read_census(body) == {}


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ask(store: ServedStore, request: Request) -> bytes:
    known = store.recall(request)
    return known.body if known else b"".join(store.stream(request, Stop()).chunks)


def test_a_long_query_that_was_asked_twice_is_answered_anew_after_a_write(
    served: ServedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "SLOW_SECONDS", 0.0)
    once = COUNT._replace(text=f"{COUNT.text} # once")
    served.replace_graphs({PLAN: OLD})
    assert [ask(served, COUNT), ask(served, COUNT), ask(served, once)] == [b"n\r\n1\r\n"] * 3
    served.replace_graphs({PLAN: NEW})
    until(lambda: served.recall(COUNT))
    assert ask(served, COUNT) == b"n\r\n2\r\n"
    assert served.recall(once) is None
    # What was renewed is renewed again, with whatever was written last.
    for number in range(1, 5):
        served.replace_graphs({f"http://ex/graph/{number}": NEW})
    until(lambda: served.recall(COUNT))
    assert ask(served, COUNT) == b"n\r\n10\r\n"


def test_closing_ends_what_is_derived(served: ServedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewal that would never end goes with the store."""
    monkeypatch.setattr(standing, "SLOW_SECONDS", 0.0)
    many = b"".join(f'<http://ex/{n}> <http://ex/p> "{n}" .\n'.encode() for n in range(2_000))
    cross = " ".join(f"GRAPH <{PLAN}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
    endless = Request(f"SELECT (COUNT(*) AS ?n) {{ {cross} }}", "text/csv")
    served.replace_graphs({PLAN: OLD})
    assert [ask(served, endless), ask(served, endless)] == [b"n\r\n1\r\n"] * 2
    served.replace_graphs({PLAN: many})
    served.close()
    assert not served._deriver._thread.is_alive()


def test_what_is_due_is_asked_twice_long_and_within_the_budget() -> None:
    followed, requests = Standing(), [COUNT._replace(text=f"ASK {{}} # {number}") for number in range(5)]
    for number, request in enumerate(requests):
        followed.computed(request, 20.0 if number < 3 else 5.0)
        for _ in range(number):
            followed.recalled(request)
    followed.computed(COUNT, standing.SLOW_SECONDS / 2)
    followed.recalled(COUNT)
    # The first was asked once; of the others the most asked come first, and what does not fit is left out.
    assert followed.due() == [requests[4], requests[3], requests[2]]


def test_so_many_queries_are_followed_and_no_more() -> None:
    followed = Standing()
    for number in range(standing.MOST + 1):
        request = COUNT._replace(text=f"ASK {{}} # {number}")
        followed.computed(request, standing.SLOW_SECONDS)
        followed.recalled(request)
    assert len(followed.due()) == standing.MOST
    assert COUNT._replace(text="ASK {} # 0") not in followed.due()

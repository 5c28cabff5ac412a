"""`python -m benchmarks.validation`: print the tables, all or those of `--only`; the aims stand beside the figures."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from rdflib import Graph

from api.operations import list_plans, validate_plan
from api.operations.validation import check_plan_pairs
from api.render.report_page import to_html
from benchmarks.corpus import generate
from benchmarks.corpus.record import true_graph
from benchmarks.validation.routes import IRIS, ROUTES, cpu, ours, plain
from ontology.terms import RAC
from shapes.bundle import shapes_bundle
from shapes.engine import ENGINES
from shapes.report import report_graph
from shapes.validate import Unit, validate_unit
from store import GraphStore, open_store

REPEATS = 3
AIMS = {"reference": 20, "fast": 80}
GROWTH = (10, 100, 1000)
PARTS = ("speed", "agreement", "growth", "change", "crowd")
CROWD = 100_000  # findings of one report
WRITTEN_TOGETHER = 50  # plans


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the plans, then print one table after the other."""
    options = _parser().parse_args(arguments)
    if options.grow:
        print(json.dumps(_grown(options.grow, options.plans)))
        return
    parts = frozenset(options.only or PARTS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, options.seed, max(_needed(options, parts)))
        different = 0
        if "speed" in parts:
            _print_speed(list(islice(_units(folder), options.timed)))
        if "agreement" in parts:
            different = _print_agreement(list(islice(_units(folder), options.compared)), options.compared_plain)
        if "growth" in parts:
            _print_growth(folder, options.grown)
        if "change" in parts:
            _print_change(folder, options.stored)
        if "crowd" in parts:
            _print_crowd(next(_units(folder)))
    if different:
        raise SystemExit("the fast engine must not be the first choice: see docs/validation-engines.md")


def _needed(options: argparse.Namespace, parts: Container[str]) -> Iterator[int]:
    """How many made-up plans each table wants."""
    wanted = {"speed": options.timed, "agreement": options.compared, "growth": options.grown}
    yield from (count for part, count in wanted.items() if part in parts)
    yield min(options.stored, 100) if "change" in parts else 1


def _write(folder: Path, seed: int, count: int) -> None:
    for made in generate(seed, count):
        content = true_graph(made, IRIS).serialize(format="nt", encoding="utf-8")
        (folder / f"{made.facts.plan_id}.nt").write_bytes(content)


def _units(folder: Path) -> Iterator[Unit]:
    return (Unit(path.stem, path.read_bytes()) for path in sorted(folder.glob("*.nt")))


def _print_speed(units: Sequence[Unit]) -> None:
    """CPU time for each plan, loading included; the least of some runs, of plain pyshacl of one."""
    for warmed in list(ROUTES)[1:]:
        ROUTES[warmed](units[0])  # shapes are compiled and queries parsed once for a process
    triples = sum(unit.plan.count(b"\n") for unit in units) / len(units)
    print(f"{len(shapes_bundle().rules)} rules, {len(units)} plans of {triples:.0f} triples, CPU, loading included\n")
    print(f"{'route':<20}{'ms/plan':>9}{'ratio':>8}{'aim':>7}")
    slow = 0.0
    for name, route in ROUTES.items():
        runs = range(REPEATS if slow else 1)
        seconds = min(sum(cpu(lambda: route(unit)) for unit in units) for _ in runs) / len(units)  # noqa: B023
        slow = slow or seconds
        aim = f"≥ {AIMS[name]}" if name in AIMS else ""
        print(f"{name:<20}{1000 * seconds:>9.1f}{slow / seconds:>8.1f}{aim:>7}", flush=True)


def _print_agreement(units: Sequence[Unit], plain_units: int) -> int:
    """Print for how many plans the engines differ from each other, and from plain pyshacl on some; how many in all."""
    between, found, beside = 0, 0, dict.fromkeys(ENGINES, 0)
    step = max(1, len(units) // max(1, plain_units))
    asked = range(0, len(units), step) if plain_units else range(0)
    for number, unit in enumerate(units):
        results = {name: ours(name, unit) for name in ENGINES}
        found += results["reference"].total()
        between += results["fast"] != results["reference"]
        if number in asked:
            expected = plain(unit)
            for name in ENGINES:
                beside[name] += results[name] != expected
        if sys.stderr.isatty():
            print(f"\r{number + 1}/{len(units)}", end="", file=sys.stderr)
    print(f"\n{len(units)} plans with {found} results, plans that differ (aim 0)")
    print(f"fast from reference: {between}; on {len(asked)} of them from plain pyshacl:", end=" ")
    print(", ".join(f"{name} {count}" for name, count in beside.items()), flush=True)
    return between + sum(beside.values())


def _print_growth(folder: Path, most: int) -> None:
    print("\nmany plans, each in its turn, in a process of its own\n")
    print(f"{'plans':<8}{'ms/plan':>9}{'peak MB':>9}")
    for count in sorted({min(count, most) for count in GROWTH}):
        command = [sys.executable, "-m", "benchmarks.validation", "--grow", str(folder), "--plans", str(count)]
        seconds, megabytes = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        print(f"{count:<8}{1000 * seconds / count:>9.1f}{megabytes:>9.0f}")


def _grown(folder: Path, count: int) -> tuple[float, float]:
    """CPU seconds for the reports of some plans, spread over the folder, and the peak memory of the process in MB."""
    paths = sorted(folder.glob("*.nt"))
    chosen = paths[:: max(1, len(paths) // count)][:count]
    validate_unit(Unit("warm-up", b""), IRIS)
    seconds = 0.0
    for path in chosen:
        unit = Unit(path.stem, path.read_bytes())
        seconds += cpu(lambda: report_graph(validate_unit(unit, IRIS), IRIS))  # noqa: B023
    return seconds, getrusage(RUSAGE_SELF).ru_maxrss / 1024


def _print_change(folder: Path, count: int) -> None:
    """One changed plan in a store of many: checked again, its report written, its pairs with the others checked."""
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"oxigraph:{name}")
        try:
            _fill(store, folder, count)
            changed = list_plans(store)[count // 2].id
            validate_plan(store, changed, IRIS)
            _edit(store, changed)
            steps: Mapping[str, Callable[[], object]] = {
                "checked and its report stored": lambda: validate_plan(store, changed, IRIS),
                "asked again, nothing changed": lambda: validate_plan(store, changed, IRIS),
                "its pairs with all other plans": lambda: check_plan_pairs(store, IRIS, changed),
            }
            print(f"\none changed plan in a store of {count} (aim < 0.5 s)\n\n{'':<32}{'wall s':>9}{'CPU s':>9}")
            for title, step in steps.items():
                start = perf_counter()
                seconds = cpu(step)
                print(f"{title:<32}{perf_counter() - start:>9.3f}{seconds:>9.3f}")
        finally:
            store.close()


def _fill(store: GraphStore, folder: Path, count: int) -> None:
    """Put `count` plans into the store, the made-up ones again and again under other names."""
    paths = sorted(folder.glob("*.nt"))
    for start in range(0, count, WRITTEN_TOGETHER):
        graphs = {}
        for number in range(start, min(start + WRITTEN_TOGETHER, count)):
            path = paths[number % len(paths)]
            plan_id = f"{path.stem}-{number}"
            content = path.read_bytes().replace(path.stem.encode(), plan_id.encode())
            graphs[str(IRIS.plan_graph(plan_id))] = content
        store.replace_graphs(graphs)


def _print_crowd(unit: Unit) -> None:
    """A report of very many findings as the page that stands alone: written, and what a browser has to open."""
    rules = shapes_bundle().rules
    report = validate_unit(unit, IRIS)
    first = report.findings[0]
    crowd = tuple(
        replace(first, id=f"{number:016x}", rule=rule.name, severity=rule.severity, title=rule.title)
        for number in range(CROWD)
        for rule in [rules[number % len(rules)]]
    )
    start = process_time()
    page = to_html(replace(report, findings=crowd), "it")
    seconds = process_time() - start
    groups, shown = page.count(b"<details>"), page.count(b"<li>")
    print(f"\none report of {CROWD} findings, as a page (aim < 2 s, opening it in a browser included)\n")
    print(f"{seconds:.1f} s CPU to write, {len(page) / 2**20:.1f} MB, {groups} closed groups, {shown} findings in them")


def _edit(store: GraphStore, plan_id: str) -> None:
    graph = Graph().parse(data=store.graph(str(IRIS.plan_graph(plan_id))), format="nt")
    graph.remove((None, RAC.hasResponsibility, None))
    store.replace_graphs({str(IRIS.plan_graph(plan_id)): graph.serialize(format="nt", encoding="utf-8")})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="what the plans are drawn from (default: 7)")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="the tables to print (default: all)")
    parser.add_argument("--timed", type=int, default=12, help="plans that are timed (default: 12)")
    parser.add_argument("--compared", type=int, default=200, help="plans that both engines check (default: 200)")
    parser.add_argument("--compared-plain", type=int, default=20, help="of those, plain pyshacl too (default: 20)")
    parser.add_argument("--grown", type=int, default=1000, help="the most plans in the table of growth (default: 1000)")
    parser.add_argument("--stored", type=int, default=3000, help="plans in the store (default: 3000)")
    parser.add_argument("--grow", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--plans", type=int, default=10, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()

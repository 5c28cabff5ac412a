"""`python -m benchmarks.reading`: what the readers get wrong, by field and format."""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.corpus import generate, render_dump
from benchmarks.corpus.formats import DOCUMENTS, DUMPS, FORMATS
from benchmarks.corpus.plans import GeneratedPlan
from benchmarks.reading.compare import FIELDS, Tally, macro_f1
from benchmarks.reading.joins import Joins
from benchmarks.reading.order import told_by_order
from benchmarks.reading.run import Reading, read_golden, read_kept_cells, read_made_up
from benchmarks.reading.speed import pages_per_second, readers
from loaders.formats.pdf import scan

_ROOT = Path(__file__).parents[2]
_KEPT = ("lodi", "cernusco", "melegnano")
_PDF = ("pdf", "borderless")
_FLOW = ("flow", "mined")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and write every difference where asked."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plans = list(generate(options.seed, options.plans))
        readings = {kind: [read_made_up(plan, kind, folder) for plan in plans] for kind in options.formats}
        readings["golden"] = list(read_golden(_ROOT / "tests" / "golden", _ROOT / "data" / "plans"))
        _print_fields(readings)
        made_up = {kind: each for kind, each in readings.items() if kind != "golden"}
        _print_groups("layout", made_up, lambda reading: reading.layouts[0] if len(reading.layouts) == 1 else "several")
        _print_groups("share of fresh headings", made_up, lambda reading: f"{reading.novelty:g}")
        _print_joins(made_up)
        _print_order(plans, made_up, folder)
        _print_failures(readings)
        _print_pace(made_up, folder)
    if options.documents:
        _print_kept(options.documents)
    if options.differences:
        _write_differences(options.differences, readings)


def _summed(readings: Iterable[Reading]) -> dict[str, Tally]:
    sums: dict[str, Tally] = defaultdict(Tally)
    for reading in readings:
        beside = {"cells as drawn": reading.cells, "cells joined": reading.joined, "quotes": reading.quotes}
        for name, tally in (reading.comparison.tallies | beside).items():
            sums[name].add(tally)
    return sums


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _print_fields(readings: Mapping[str, Sequence[Reading]]) -> None:
    sums = {kind: _summed(each) for kind, each in readings.items()}
    print(f"{'F1 or share right':<20}" + "".join(f"{kind:>11}" for kind in sums) + f"{'values':>9}")
    for name in (*FIELDS, "cells as drawn", "cells joined", "quotes"):
        tallies = [tally[name] for tally in sums.values()]
        values = max(tally.right + tally.missed for tally in tallies)
        print(f"{name:<20}" + "".join(f"{_score(tally.f1):>11}" for tally in tallies) + f"{values:>9}")
    print(f"{'macro-F1':<20}" + "".join(f"{macro_f1(tallies):>11.3f}" for tallies in sums.values()))


def _print_groups(heading: str, readings: Mapping[str, Sequence[Reading]], group: Callable[[Reading], str]) -> None:
    """Macro-F1 of the documents of each group."""
    names = sorted({group(reading) for each in readings.values() for reading in each})
    print(f"\n{'macro-F1 by ' + heading:<34}" + "".join(f"{kind:>11}" for kind in readings) + f"{'plans':>7}")
    for name in names:
        chosen = [[reading for reading in each if group(reading) == name] for each in readings.values()]
        scores = "".join(f"{macro_f1(_summed(each)):>11.3f}" for each in chosen)
        print(f"{name:<34}{scores}{len(chosen[0]):>7}")


def _print_joins(readings: Mapping[str, Sequence[Reading]]) -> None:
    print(f"\n{'page joins of tables':<24}{'right':>8}{'wrong':>8}{'doubtful':>10}")
    for kind, each in readings.items():
        sums = Joins()
        for reading in each:
            sums.add(reading.page_joins)
        if sums != Joins():
            print(f"{kind:<24}{sums.right:>8}{sums.wrong:>8}{sums.doubtful:>10}")


def _print_order(plans: Sequence[GeneratedPlan], readings: Mapping[str, Sequence[Reading]], folder: Path) -> None:
    """Of text written box by box, the rows that the order of the boxes tells to one who knows their columns."""
    for kind in (name for name in _FLOW if name in readings):
        files = [folder / (plan.facts.plan_id + FORMATS[kind].suffix) for plan in plans]
        counts = [told_by_order(plan.pages, file) for plan, file in zip(plans, files, strict=True)]
        told, rows = (sum(numbers) for numbers in zip(*counts, strict=True))
        print(f"\n{kind}: the order of the boxes tells {told} of {rows} rows of tables, were their columns known")


def _print_failures(readings: Mapping[str, Sequence[Reading]]) -> None:
    failed = [(kind, r.name, r.failure) for kind, each in readings.items() for r in each if r.failure]
    print(f"\n{len(failed)} documents could not be read")
    for kind, name, failure in failed[:10]:
        print(f"  {kind} {name}: {failure}")


def _print_pace(readings: Mapping[str, Sequence[Reading]], folder: Path) -> None:
    """Pages per second of CPU time, of the readers and of other tools on the same files."""
    names = readers()
    print(f"\n{'pages/s per core, PDF':<24}" + "".join(f"{name:>18}" for name in names))
    for kind in (name for name in _PDF if name in readings):
        files = [folder / (reading.name + DOCUMENTS[kind].suffix) for reading in readings[kind] if not reading.failure]
        if files:
            print(f"{kind:<24}" + "".join(f"{pages_per_second(files, read):>18.1f}" for read in names.values()))
    if "camelot" not in names:
        print("camelot is not installed (pip install camelot-py in .venv, to have it beside)")


def _print_kept(folder: Path) -> None:
    print(f"\n{'cells of ' + str(folder):<60}{'drawn':>8}{'joined':>8}{'of':>6}  page joins right/wrong/doubtful")
    for name, drawn, joined, joins in read_kept_cells(folder, _KEPT):
        decided = f"{joins.right:>5}{joins.wrong:>5}{joins.doubtful:>5}" if joins != Joins() else ""
        print(f"{name:<60}{drawn.right:>8}{joined.right:>8}{drawn.right + drawn.missed:>6}{decided}")


def _write_differences(file: Path, readings: Mapping[str, Sequence[Reading]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t")
        writer.writerow(("format", "plan", "layouts", "fresh headings", "field", "objective", "true", "read"))
        for kind, each in readings.items():
            for r in each:
                for d in (*r.comparison.differences, *r.wrong_cells):
                    writer.writerow((kind, r.name, "+".join(r.layouts), r.novelty, d.field, d.title, d.true, d.read))


def _parser() -> argparse.ArgumentParser:
    formats = {**DOCUMENTS, **(DUMPS if render_dump.installed() else {})}
    scans = "; scan, which takes seconds per page" if scan.installed() else ""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading",
        description="Read made-up plans in each format, and the plans kept in tests/golden, and print what came out "
        "beside what is true: F1 or the share of values right, by field and format.",
    )
    parser.add_argument("--plans", type=int, default=50, help="how many made-up plans (default: 50)")
    parser.add_argument("--seed", type=int, default=7, help="what they are drawn from (default: 7)")
    parser.add_argument(
        "--formats", type=lambda text: text.split(","), default=list(formats),
        help=f"formats, with commas between them (default: {','.join(formats)}{scans})",
    )  # fmt: skip
    parser.add_argument("--documents", type=Path, help="a folder of documents with cells.json, to compare cells")
    parser.add_argument("--differences", type=Path, help="a file to write every wrong value to, tab-separated")
    return parser


if __name__ == "__main__":
    main()

"""All that is checked of the ontology, in one report: counts, pitfalls, use, HermiT, OWL 2 DL.

`python -m ontology.check` prints one line for what holds and all that does not; `--full` prints the tables. HermiT and
the OWL API run on Java: where it is missing the report says that they were not run, which fails only with `--java`.
"""

from __future__ import annotations

import argparse
import sys

from ontology import counts, pitfalls
from ontology.consistency import ReasonerMissing, check_consistency
from ontology.graphs import modules_graph
from ontology.profile import check_profile
from ontology.usage import Usage, check_usage


def main(arguments: list[str] | None = None) -> int:
    """Print the report; 0 when the ontology holds, 1 when not, 2 when `--java` was asked for and Java is missing."""
    parser = argparse.ArgumentParser(prog="python -m ontology.check", description="Check the ontology.")
    parser.add_argument("--java", action="store_true", help="fail where HermiT or the OWL API cannot run")
    parser.add_argument("--full", action="store_true", help="print the tables too")
    options = parser.parse_args(arguments)
    if options.full:
        counts.main()
    found = pitfalls.find_pitfalls()
    print(pitfalls.table(found) if options.full else pitfalls.summary(found))
    usage = check_usage()
    print(describe_usage(usage))
    holds = usage.holds and not any(pitfall.blocks for pitfall in found)
    try:
        holds = judge_by_java() and holds
    except ReasonerMissing as missing:
        print(f"not run: {missing}")
        if options.java:
            return 2
    return 0 if holds else 1


def describe_usage(usage: Usage) -> str:
    """The names and terms that do not agree, one line each, or one line that all agree."""
    lines = [f"unknown: rac:{name} in {', '.join(places)}" for name, places in usage.unknown.items()]
    lines += [f"unused: rac:{name} (use it, or mark it with rac:extension)" for name in usage.unused]
    lines += [f"used after all: rac:{name} (drop rac:extension)" for name in usage.idle_marks]
    extensions = ", ".join(usage.extensions) or "none"
    return "\n".join(lines) or f"use: every name exists, every term is used; extensions: {extensions}"


def judge_by_java() -> bool:
    """Print what HermiT and the OWL API say; whether both are content. Raises `ReasonerMissing`."""
    reasoned = check_consistency(modules_graph())
    verdict = "consistent" if reasoned.consistent else "inconsistent"
    print(f"HermiT: {verdict}, {len(reasoned.unsatisfiable)} unsatisfiable classes")
    for iri in reasoned.unsatisfiable:
        print(f"  {iri}")
    violations = check_profile()
    print(f"OWL 2 DL (OWL API): {len(violations)} violations")
    for violation in violations:
        print(f"  {violation}")
    return reasoned.holds and not violations


if __name__ == "__main__":
    sys.exit(main())

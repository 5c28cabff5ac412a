"""Requests made from the OpenAPI document against the service on a loaded store: none may be answered by a 5xx.

`python -m benchmarks.api_fuzz --examples 50 --seed 1` runs schemathesis and ends with its exit code.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from api.app import create_app
from api.operations import ingest_ontology, ingest_plan, ingest_territory
from api.settings import Settings
from benchmarks.serving import served
from store import open_store

ROOT = Path(__file__).parents[1]


def fuzz(address: str, examples: int, seed: int) -> subprocess.CompletedProcess[str]:
    """What schemathesis says of a running service, with so many requests for each operation."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    return subprocess.run(
        [
            program, "run", f"{address}openapi.json", "--url", address, "--checks", "not_a_server_error",
            "--max-examples", str(examples), "--seed", str(seed), "--phases", "fuzzing", "--no-color",
            "--generation-database", "none", "--suppress-health-check", "all",
        ],
        check=False, capture_output=True, text=True,
    )  # fmt: skip


def main() -> None:
    """Load one plan, serve it, and print what schemathesis says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = Settings(store_url="memory:", token_file="/nonexistent/tokens.json")
    store = open_store(settings.store_url)
    ingest_ontology(store, settings.iris)
    ingest_territory(store, ROOT / "data" / "territory" / "territory.ttl", settings.iris)
    ingest_plan(store, ROOT / "data" / "plans" / "cernusco-2020", settings.iris)
    with served(create_app(settings, store)) as client:
        done = fuzz(f"{str(client.base_url).rstrip('/')}/", options.examples, options.seed)
    store.close()
    print(done.stdout, done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()

"""The notebooks of `docs/notebooks`, run on the sample plans: `python -m benchmarks.notebooks` writes their outputs.

A notebook is JSON (nbformat 4.5). Its cells are run here in one namespace, and the value of the last expression of a
cell is its output, as text and, of a frame, as HTML: what a kernel would give, without a kernel to install.
"""

from __future__ import annotations

import ast
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from api.app import create_app
from api.operations import ingest_ontology, ingest_plan, ingest_territory, plan_sources
from api.settings import Settings
from benchmarks.serving import served
from store import open_store

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "notebooks"
ADDRESS = "RACCORDO_ADDRESS"
"""The variable that a notebook finds its service in."""


def notebooks() -> list[Path]:
    """The notebooks, by name."""
    return sorted(FOLDER.glob("*.ipynb"))


def run(path: Path, address: str) -> dict[str, Any]:
    """The notebook with the outputs that its cells give from the service at `address`."""
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _environment(address):
        for number, cell in enumerate((one for one in book["cells"] if one["cell_type"] == "code"), start=1):
            cell["outputs"] = _outputs("".join(cell["source"]), namespace, number)
            cell["execution_count"] = number
    return book


def written(book: dict[str, Any]) -> str:
    """A notebook as its file has it."""
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _outputs(source: str, namespace: dict[str, Any], number: int) -> list[dict[str, Any]]:
    tree, printed = ast.parse(source), io.StringIO()
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    with redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), namespace)
        shown = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        value = eval(compile(shown, "<cell>", "eval"), namespace) if shown else None
    found: list[dict[str, Any]] = []
    if text := printed.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        if html := getattr(value, "_repr_html_", None):
            data["text/html"] = html().splitlines(keepends=True)
        found.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return found


@contextmanager
def _environment(address: str) -> Iterator[None]:
    before = os.environ.get(ADDRESS)
    os.environ[ADDRESS] = address
    try:
        yield
    finally:
        del os.environ[ADDRESS]
        if before is not None:
            os.environ[ADDRESS] = before


def main() -> None:
    """Serve the sample plans, run each notebook, and write it with its outputs."""
    settings, store = Settings(store_url="memory:"), open_store("memory:")
    ingest_ontology(store, settings.iris)
    ingest_territory(store, ROOT / "data" / "territory" / "territory.ttl", settings.iris)
    for source in plan_sources(ROOT / "data" / "plans").plans:
        ingest_plan(store, source, settings.iris)
    with served(create_app(settings, store)) as client:
        for path in notebooks():
            path.write_text(written(run(path, str(client.base_url))), encoding="utf-8")
            print(path.relative_to(ROOT))
    store.close()


if __name__ == "__main__":
    main()

"""`python -m benchmarks.corpus`: write made-up plans and their true facts into a folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.corpus import GeneratedPlan, generate
from benchmarks.corpus.formats import FORMATS


def main(arguments: Sequence[str] | None = None) -> None:
    """Write each plan in each format as `<plan-id><suffix>`, and `facts.json` with what all of them state."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    written = [_write(plan, options.out, options.formats) for plan in generate(options.seed, options.plans)]
    text = json.dumps(written, ensure_ascii=False, indent=1, default=lambda model: model.model_dump())
    (options.out / "facts.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(written)} plans in {len(options.formats)} formats: {options.out}")


def _write(plan: GeneratedPlan, out: Path, formats: Sequence[str]) -> dict[str, Any]:
    files = []
    for name in formats:
        file = out / (plan.facts.plan_id + FORMATS[name].suffix)
        file.write_bytes(FORMATS[name].render(plan))
        files.append(file.name)
    defects = [asdict(planted) for planted in plan.defects]
    return {"files": files, "layouts": plan.layouts, "defects": defects, **asdict(plan.facts)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description="Write made-up social-health plans, as documents and as facts. The same seed gives the same bytes.",
    )
    parser.add_argument("--seed", type=int, default=7, help="what the plans are drawn from (default: 7)")
    parser.add_argument("--plans", type=int, default=50, help="how many plans (default: 50)")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    parser.add_argument(
        "--formats", type=_formats, default=("txt", "html", "docx", "xlsx", "pdf"),
        help=f"the formats, with commas between them, of: {', '.join(FORMATS)} (default: txt,html,docx,xlsx,pdf)",
    )  # fmt: skip
    return parser


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in FORMATS]:
        raise argparse.ArgumentTypeError(f"no such format: {', '.join(unknown)} (there are {', '.join(FORMATS)})")
    return names


if __name__ == "__main__":
    main()

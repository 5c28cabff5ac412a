"""Whole documents and the facts they must yield, kept by hand in `tests/golden/<plan>/expected.json`.

`RACCORDO_REGENERATE=1 pytest tests/loaders/test_golden.py` writes what is read now, to be compared line by line with
the document before it is committed; the run fails, so that it cannot be left on.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from loaders.pipeline import read_plan
from loaders.records import PlanRecord, Row

HERE = Path(__file__).parents[1] / "golden"
SAMPLES = Path(__file__).parents[2] / "data" / "plans"
PLANS = sorted(path for path in HERE.iterdir() if path.is_dir())


def facts(record: PlanRecord) -> dict[str, Any]:
    """What the record states, without places: short enough to be read beside the document."""
    return {
        "plan": {
            "kind": record.plan.kind,
            "territory": {k: v for k, v in record.plan.territory.model_dump().items() if v},
            "period": [record.plan.period.start, record.plan.period.end],
            "legal_acts": [[a.type, a.number, a.year] for a in record.plan.legal_acts],
        },
        "objectives": [
            {
                "number": o.number,
                "title": o.title,
                "level": o.level,
                "theme": o.theme,
                "rows": [row_facts(r) for r in o.rows],
            }
            for o in record.objectives
        ],
    }


def row_facts(row: Row) -> dict[str, Any]:
    lists = ("progress", "commitments", "actions", "needs", "expectations", "methods", "notes")
    timeline = row.timeline.model_dump(exclude={"passages"}) if row.timeline else {}
    found: dict[str, Any] = {
        "label": row.label,
        "protocol": [row.protocol.marked, row.protocol.stated, row.protocol.resolved],
        "instrument": row.protocol.instrument,
        "planned": list(row.protocol.planned),
        **{name: [item.text for item in getattr(row, name)] for name in lists},
        "resources": [[r.kind, r.text] for r in row.resources],
        "responsibilities": [[r.role, r.basis, r.actor, r.resolved] for r in row.responsibilities],
        "indicators": [
            [i.kind, i.text, *([i.target.op, i.target.value, i.target.unit, i.target.period] if i.target else [])]
            for i in row.indicators
        ],
        "timeline": {k: list(v) if isinstance(v, tuple) else v for k, v in timeline.items() if v},
        "services": list(row.services),
        "measures": list(row.measures),
    }
    return {name: value for name, value in found.items() if value}


def source(folder: Path) -> Path:
    """The document of a golden folder: its own, or the sample plan of that name."""
    own = [path for path in folder.iterdir() if path.name.startswith("source.")]
    return own[0] if own else SAMPLES / folder.name


@pytest.mark.parametrize("folder", PLANS, ids=lambda path: path.name)
def test_document_yields_its_facts(folder):
    found = json.loads(json.dumps(facts(read_plan(source(folder)))))
    kept = folder / "expected.json"
    if os.environ.get("RACCORDO_REGENERATE"):
        kept.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail("regenerated: compare with the document, then run without RACCORDO_REGENERATE")
    expected = json.loads(kept.read_text(encoding="utf-8"))
    assert found["plan"] == expected["plan"]
    assert [o["title"] for o in found["objectives"]] == [o["title"] for o in expected["objectives"]]
    for here, there in zip(found["objectives"], expected["objectives"], strict=True):
        assert here == there


@pytest.mark.parametrize("folder", PLANS, ids=lambda path: path.name)
def test_every_quote_stands_in_its_document(folder):
    """Each value is what its passages quote, white space, list signs and markup apart."""
    record = read_plan(source(folder))
    for text, passage in quoted(record):
        quoted_words = squeezed(" ".join(p.exact for p in (passage, *passage.more)))
        assert squeezed(text) in quoted_words, (text, quoted_words)


def quoted(record: PlanRecord):
    for objective in record.objectives:
        yield objective.title, objective.passage
        for row in objective.rows:
            for name in (
                "progress",
                "commitments",
                "actions",
                "needs",
                "expectations",
                "methods",
                "notes",
                "resources",
            ):
                yield from ((item.text, item.passage) for item in getattr(row, name))
            yield from ((i.text, i.passage) for i in row.indicators)
            yield from ((r.text, r.passage) for r in row.responsibilities)
            if row.timeline:
                yield from zip(row.timeline.texts, row.timeline.passages, strict=True)
    yield from ((m.text, m.passage) for m in record.mentions)
    yield from ((u.text, u.passage) for u in record.unread)


def squeezed(text: str) -> str:
    plain = re.sub(r"<[^<>]*>|\*\*", "", text)
    return "".join(c for c in plain if c.isalnum())

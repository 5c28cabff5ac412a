"""The catalogue as a document: `python -m queries.listing > docs/questions.md`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from queries.question import Parameter, Question, load_questions

_HEAD = """\
# Questions

{count} questions, each one file `queries/<topic>/<slug>.rq`, asked from the pages (`/questions`), the command line
(`raccordo ask SLUG NAME=VALUE`), the interface (`GET /api/questions/SLUG`) and by language models ([mcp.md](mcp.md)).
How a file is written is in `queries/README.md`; how long each takes in [questions-speed.md](questions-speed.md).

This page is made of the files by `make docs`. A star marks what must be given; of those marked ° at least one. Every
row has its passages beside the columns listed here.
"""


def listing() -> str:
    """The catalogue in Markdown, topic by topic."""
    questions = load_questions().values()
    parts = [_HEAD.format(count=len(questions))]
    for topic, found in groupby(questions, lambda one: one.topic):
        parts += [f"\n## {topic}", *(line for one in found for line in _card(one))]
    return "\n".join(parts)


def _card(question: Question) -> Iterator[str]:
    yield f"\n### `{question.slug}`: {question.title.en}\n"
    yield f"*{question.title.it}*. {question.explanation.en}\n"
    yield f"**What is not there.** {question.absence.en}\n"
    if question.parameters:
        yield "**Asked with** " + ", ".join(_parameter(one, question) for one in question.parameters) + ".\n"
    columns = ", ".join(f"`{one.name}` ({one.label.en.lower()})" for one in question.columns if one.kind != "iri")
    drawn = f" Drawn as {question.chart.kind}." if question.chart else ""
    triples = " Also as triples (Turtle, JSON-LD)." if question.triples else ""
    yield f"**Gives** {columns}.{drawn}{triples}\n"


def _parameter(one: Parameter, question: Question) -> str:
    mark = "*" if one.required else "°" if one.name in question.any_of else ""
    options = " of " + ", ".join(f"`{option.value}`" for option in one.options) if one.options else ""
    default = f", `{one.default}` when not given" if one.default else ""
    return f"`{one.name}`{mark} ({one.type}{options}{default})"


if __name__ == "__main__":
    print(listing(), end="")

"""`raccordo ask | query | export`: answers, SPARQL and dumps."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Literal

import typer
from rich.table import Table as Grid
from rich.text import Text

from api.cli.common import (
    LanguageOption,
    OutputOption,
    StoreOption,
    edge,
    messages,
    opened_store,
    results,
    settings_for,
    warn,
    write_result,
)
from api.cli.suggesting import suggest_questions, suggest_values
from api.errors import NotAcceptable
from api.language import Language
from api.negotiation import RESULTS_JSON, TURTLE
from api.operations import (
    ask_question,
    construct_answer,
    export_all,
    export_plan,
    list_plans,
    list_questions,
    query_types,
    question_choices,
    run_query,
)
from api.operations.profiles import export_profile
from api.render import ANSWER_FORMATS, answer_types
from api.render.linked import LINKED_FORMATS, write_graph, write_triples
from api.render.terminal import terminal_table
from api.rest.plans import GRAPH_FORMATS
from api.sparql import FORMATS
from queries.question import Question, find_question

BINARY = frozenset({"xlsx"})


@edge
def ask(
    context: typer.Context,
    question: Annotated[
        str | None,
        typer.Argument(help="The question; without one the catalogue is listed.", autocompletion=suggest_questions),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE...", help="Its parameters.", autocompletion=suggest_values),
    ] = None,
    choices: Annotated[str | None, typer.Option(metavar="NAME", help="List what this parameter may be.")] = None,
    form: Annotated[
        Literal["table", "json", "csv", "csv-it", "xlsx", "markdown", "turtle", "jsonld", "ntriples", "rdfxml"],
        typer.Option("--format", help="How the answer is written: as triples where the question constructs."),
    ] = "table",
    language: LanguageOption = "it",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Answer a question of the catalogue from the loaded plans."""
    if question is None:
        _print_catalogue(list_questions(), form, language)
        return
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        if choices is not None:
            for choice in question_choices(opened, question, choices, settings.iris):
                typer.echo(f"{choice.value}\t{choice.it if language == 'it' else choice.en}")
            return
        about = (opened, question, _pairs(values or ()), settings.iris, language)
        if form in LINKED_FORMATS:
            known = find_question(question)
            if form not in answer_types(known):
                raise NotAcceptable(form, tuple(answer_types(known)))
            write_result(write_triples(construct_answer(*about), form, known.prefixes), output)
            return
        asked = ask_question(*about)
        if not list_plans(opened):
            warn("no plan is loaded: raccordo load data/plans")
    if form != "table":
        write_result(ANSWER_FORMATS[form].write(asked), output, binary=form in BINARY)
        return
    _print_grid(*terminal_table(asked))
    absence = asked.question.absence.in_language(language)
    messages().print(f"{len(asked.answer.rows)} · {absence}", style="dim", highlight=False, markup=False)


@edge
def query(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="SPARQL", help="The query; - reads it from standard input.")],
    form: Annotated[
        Literal["table", "json", "xml", "csv", "tsv", "turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"],
        typer.Option("--format", help="How the answer is written: table is Turtle for graphs."),
    ] = "table",
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Answer a SPARQL query from the store; plans are in named graphs: GRAPH ?g { … }."""
    sparql = sys.stdin.read() if text == "-" else text
    types = query_types(sparql)
    tabular = form == "table" and RESULTS_JSON in types
    wanted = RESULTS_JSON if tabular else TURTLE if form == "table" else FORMATS[form]
    if wanted not in types:
        raise NotAcceptable(form, tuple(name for name, one in FORMATS.items() if one in types))
    with opened_store(settings_for(context, store)) as opened:
        body, _ = run_query(opened, sparql, wanted)
    if not tabular:
        write_result(body, output)
        return
    answer = json.loads(body)
    if "boolean" in answer:
        typer.echo(str(answer["boolean"]).lower())
        return
    names = answer["head"]["vars"]
    _print_grid(names, ([row.get(name, {}).get("value") for name in names] for row in answer["results"]["bindings"]))


@edge
def export(
    context: typer.Context,
    plan: Annotated[str | None, typer.Argument(help="Identifier of a plan; the whole store without one.")] = None,
    form: Annotated[
        Literal["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"] | None,
        typer.Option("--format", help="RDF format: turtle for a plan; the whole store is N-Quads."),
    ] = None,
    profile: Annotated[
        Literal["eu", "ontopia"] | None,
        typer.Option(help="All plans in the terms of others: ORG, PROV and CPSV-AP (eu), or OntoPiA."),
    ] = None,
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Write the graph of a plan, or the whole store, as RDF."""
    if profile is not None and (plan is not None or form not in (None, *LINKED_FORMATS)):
        raise typer.BadParameter(f"it takes no plan, and one of {', '.join(LINKED_FORMATS)}", param_hint="--profile")
    settings = settings_for(context, store)
    with opened_store(settings) as opened:
        if profile is not None:
            body = write_graph(export_profile(opened, profile), form or "turtle")
        elif plan is not None:
            body = export_plan(opened, plan, GRAPH_FORMATS[form or "turtle"], settings.iris)
        elif form in (None, "nquads"):
            body = export_all(opened)
        else:
            raise NotAcceptable(str(form), ("nquads",))
    write_result(body, output)


def _print_catalogue(questions: Iterable[Question], form: str, language: Language) -> None:
    if form == "json":
        cards = [
            {"slug": one.slug, "title": one.title.in_language(language), "parameters": [p.name for p in one.parameters]}
            for one in questions
        ]
        typer.echo(json.dumps(cards, ensure_ascii=False, indent=1))
        return
    lines = ([one.slug, one.title.in_language(language), _signature(one)] for one in questions)
    _print_grid(["question", "", "parameters (* needed)"], lines)


def _signature(question: Question) -> str:
    return " ".join(f"{one.name}{'*' if one.required else ''}" for one in question.parameters)


def _pairs(values: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for one in values:
        name, sign, value = one.partition("=")
        if not sign:
            raise typer.BadParameter(f"“{one}”: write NAME=VALUE", param_hint="NAME=VALUE")
        pairs[name] = value
    return pairs


def _print_grid(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    grid = Grid(*headings)
    for row in rows:
        grid.add_row(*(Text("" if value is None else str(value)) for value in row))
    results().print(grid)

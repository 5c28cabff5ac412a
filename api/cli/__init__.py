"""The command line: `raccordo load | extract | check | validate | report | pairs | ask | query | serve | export | …`.

Standard output holds the result and nothing else; progress, warnings and errors go to standard error.
Exit codes: 0 fine, 1 findings, 2 error.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from api.cli.asking import ask, export, query
from api.cli.carrying import crate
from api.cli.checking import check, extract, pairs, report, template, validate
from api.cli.common import Chosen, ConfigOption, StoreOption
from api.cli.comparing import compare, over_time, similar
from api.cli.completing import completeness
from api.cli.keeping import backup, compact, dump, restore
from api.cli.loading import load
from api.cli.modelling import mcp
from api.cli.searching import search
from api.cli.serving import serve
from api.cli.tokens import token

__all__ = ["app", "main"]

app = typer.Typer(
    name="raccordo",
    help="Reads Italian social-health plans into a graph, checks them, and answers questions across districts.",
    epilog="Exit codes: 0 fine, 1 findings, 2 error.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(context: typer.Context, store: StoreOption = None, config: ConfigOption = None) -> None:
    """Reads Italian social-health plans into a graph, checks them, and answers questions across districts."""
    context.obj = Chosen(store, config)


COMMANDS: tuple[tuple[Callable[..., None], tuple[str, ...]], ...] = (
    (load, ("raccordo load data/plans", "raccordo load bozza.docx --store oxigraph:var/prova")),
    (
        extract,
        (
            "raccordo extract data/plans/cernusco-2020 > cernusco.json",
            "raccordo extract piano.txt copia.txt --manifest plan.toml",
        ),
    ),
    (
        check,
        (
            "raccordo check bozza.docx",
            "raccordo check data/plans/lodi-2021-2023 --format markdown --lang en",
            "raccordo check bozza.docx --format pdf -o rilievi.pdf --annotated bozza-annotata.docx",
        ),
    ),
    (
        validate,
        (
            "raccordo validate",
            "raccordo validate lodi-2021-2023 --format csv > rilievi.csv",
            "raccordo validate --format xlsx -o rilievi",
        ),
    ),
    (report, ("raccordo report rapporto.ttl", "raccordo report rapporto.ttl --format html -o rapporto.html")),
    (template, ("raccordo template -o piano.xlsx", "raccordo template --form status-table -o stato.xlsx")),
    (pairs, ("raccordo pairs", "raccordo pairs lodi-2021-2023 --format json")),
    (completeness, ("raccordo completeness", "raccordo completeness --by theme --format csv > temi.csv")),
    (
        ask,
        (
            "raccordo ask",
            "raccordo ask protocols/lacking theme=violenza-di-genere",
            "raccordo ask protocols/lacking --choices theme",
            "raccordo ask protocols/coverage-matrix --format xlsx --output matrice.xlsx",
        ),
    ),
    (
        search,
        (
            "raccordo search protocollo violenza",
            "raccordo search '\"valutazione multidimensionale\"' --by territory=ambito/lodi --format json",
        ),
    ),
    (compare, ("raccordo compare lodi-2021-2023 cernusco-2020", "raccordo compare A B --format xlsx -o a-b.xlsx")),
    (over_time, ("raccordo over-time ambito/lodi", "raccordo over-time Lodi --format json")),
    (similar, ("raccordo similar contrasto alla violenza di genere", "raccordo similar dimissioni --by theme=abitare")),
    (
        query,
        (
            "raccordo query 'SELECT ?p WHERE { GRAPH ?g { ?p a <https://w3id.org/raccordo/ontology#Plan> } }'",
            "raccordo query --format csv - < domanda.rq",
        ),
    ),
    (
        export,
        (
            "raccordo export > raccordo.nq",
            "raccordo export lodi-2021-2023 --format turtle --output lodi.ttl",
            "raccordo export --profile eu > piani-eu.ttl",
        ),
    ),
    (crate, ("raccordo crate raccordo.zip --address https://raccordo.example.it/",)),
    (backup, ("raccordo backup copie/lunedi",)),
    (dump, ("raccordo dump > raccordo.nq", "raccordo dump --output raccordo.nq.gz")),
    (restore, ("raccordo restore copie/lunedi", "raccordo restore raccordo.nq.gz --store oxigraph:var/nuovo")),
    (compact, ("raccordo compact",)),
    (mcp, ("raccordo mcp", "raccordo mcp --http --port 8001")),
    (serve, ("raccordo serve", "raccordo serve --host 0.0.0.0 --port 8080")),
)
"""Each command with the examples of its help."""

for command, examples in COMMANDS:
    app.command(epilog="\n\n".join(("Examples:", *examples)))(command)
app.add_typer(token)


def main() -> None:
    """Run the command line of this process."""
    app()

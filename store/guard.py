"""What SPARQL text may not do, judged before any engine sees it: call out, or be a query of death.

The judgement never passes a text that Oxigraph would read as calling out: its grammar lets keywords touch their
neighbours (`1SERVICE<…>`, `LOADex:doc`) and reads `?a<?b#…` as a comparison where a plain tokenizer sees an IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from store.errors import OutboundRefused, QueryError, QueryTooComplex

MAX_QUERY_BYTES = 64 * 1024
MAX_NESTING = 64
MAX_OPERATORS = 512
"""Keywords and operators in one query: Oxigraph's stack ends between 4,000 and 8,000 of the cheapest kind."""

QueryForm = Literal["select", "ask", "construct", "describe"]

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
              |"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:_|[^\W\d_][\w.-]{0,200}+)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*)?)
  | (?P<word>[^\W\d_]\w*)
  | (?P<operator>[|&+*/^!=<>-])
  | (?P<other>\\.|\S)
    """,
    re.VERBOSE | re.DOTALL,
)
# An apostrophe, or a `#` with no `//` before it: read as a comparison instead of an IRI, it would hide what follows.
_DOUBTFUL_IRI = re.compile(r"<(?:(?!//)[^#])*#|.*'", re.DOTALL)
_NAMES_A_GRAPH = ("graph", "from", "named", "describe")
_FORMS: dict[str, QueryForm] = {"select": "select", "ask": "ask", "construct": "construct", "describe": "describe"}


class Token(NamedTuple):
    """One token of a SPARQL text; `depth` counts the brackets open around it, its own included."""

    kind: str
    text: str
    depth: int
    start: int


def check_query(text: str) -> None:
    """Pass a query that only reads this store; raises `OutboundRefused` or `QueryTooComplex`."""
    if len(text.encode()) > MAX_QUERY_BYTES:
        raise _too_complex(f"{MAX_QUERY_BYTES} byte", f"{MAX_QUERY_BYTES} bytes")
    tokens = list(_tokens(text))
    _refuse_service(text, tokens)
    if _deepest(text, tokens) > MAX_NESTING:
        raise _too_complex(f"{MAX_NESTING} parentesi annidate", f"{MAX_NESTING} nested brackets")
    if sum(token.kind in ("word", "operator") for token in tokens) > MAX_OPERATORS:
        raise _too_complex(f"{MAX_OPERATORS} parole chiave e operatori", f"{MAX_OPERATORS} keywords and operators")


def check_update(text: str) -> None:
    """Pass an update that only touches this store; raises `OutboundRefused`."""
    tokens = list(_tokens(text))
    _refuse_service(text, tokens)
    _refuse_load(text, tokens)


def query_form(text: str) -> QueryForm:
    """The form a query's text announces, before it is parsed; raises `QueryError` when it announces none."""
    for token in _tokens(text):
        form = _FORMS.get(token.text.lower())
        if form is not None:
            return form
    raise QueryError(
        it="Non è una query: manca SELECT, ASK, CONSTRUCT o DESCRIBE.",
        en="This is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE.",
    )


def certain_tokens(text: str) -> list[Token]:
    """The text's tokens without comments; raises `QueryError` where an engine could read it otherwise."""
    tokens = list(_tokens(text))
    if _doubtful(tokens):
        raise QueryError(
            it="Un IRI ha un apostrofo, o un frammento da solo: scrivi l'apostrofo come %27 e l'IRI per intero.",
            en="An IRI has an apostrophe, or a bare fragment: write the apostrophe as %27 and the IRI in full.",
        )
    return tokens


def _tokens(text: str) -> Iterator[Token]:
    """The text's tokens without comments; `depth` counts the brackets open around each."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "comment":
            continue
        if kind == "other":
            depth += (match[0] in "{([") - (match[0] in "})]")
        yield Token(kind, match[0], depth, match.start())


def _doubtful(tokens: list[Token]) -> bool:
    return any(token.kind == "iri" and _DOUBTFUL_IRI.match(token.text) for token in tokens)


def _deepest(text: str, tokens: list[Token]) -> int:
    if _doubtful(tokens):
        return sum(text.count(bracket) for bracket in "{([")
    return max((token.depth for token in tokens), default=0)


def _refuse_service(text: str, tokens: list[Token]) -> None:
    """Refuse a SERVICE clause, glued to its neighbours or not."""
    if _doubtful(tokens) and "service" in text.lower():
        raise _in_doubt("SERVICE")
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if "service" not in _head(token):
            continue
        # `GRAPH service:a {` names a graph; any other `service:a {` can be read as `SERVICE :a {`.
        graph = before is not None and before.text.lower() in _NAMES_A_GRAPH
        named = token.kind == "name" and (graph or after is None or after.text != "{")
        if not named:
            raise OutboundRefused(
                it="SERVICE non è ammesso: questo archivio risponde solo con i propri grafi.",
                en="SERVICE is refused: this store answers from its own graphs only.",
            )


def _refuse_load(text: str, tokens: list[Token]) -> None:
    """Refuse a LOAD operation, glued to its neighbours or not."""
    if _doubtful(tokens) and "load" in text.lower():
        raise _in_doubt("LOAD")
    for before, token in zip([None, *tokens], tokens, strict=False):
        # A name outside braces after a keyword is a graph or a prefix being declared (`PREFIX load:`).
        named = token.kind == "name" and (token.depth > 0 or (before is not None and before.kind == "word"))
        if "load" in _head(token) and not named:
            raise OutboundRefused(
                it="LOAD non è ammesso: questo archivio non legge indirizzi da sé.",
                en="LOAD is refused: this store reads no address by itself.",
            )


def _head(token: Token) -> str:
    """The part of a token that Oxigraph may read as a keyword: a word, or the prefix of a name; lower case."""
    if token.kind == "word":
        return token.text.lower()
    return token.text.partition(":")[0].lower() if token.kind == "name" else ""


def _too_complex(it: str, en: str) -> QueryTooComplex:
    return QueryTooComplex(it=f"La query ha più di {it}.", en=f"The query has more than {en}.")


def _in_doubt(keyword: str) -> OutboundRefused:
    return OutboundRefused(
        it=f"Il testo ha «{keyword}» accanto a un IRI in dubbio (un apostrofo, o un frammento da solo): "
        "scrivi l'apostrofo come %27 e l'IRI per intero.",
        en=f"The text has “{keyword}” beside an IRI in doubt (an apostrophe, or a bare fragment): "
        "write the apostrophe as %27 and the IRI in full.",
    )

"""Random SPARQL over a small dataset: queries and updates of the whole grammar, and texts damaged on purpose."""

from __future__ import annotations

import random
from collections.abc import Callable

PREFIXES = "PREFIX ex: <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
GRAPHS = tuple(f"http://example.org/g{number}" for number in range(3))
DATA = {
    graph: "".join(
        f"<http://example.org/s{(number * 7 + salt) % 8}> <http://example.org/p{number % 4}> {term} .\n"
        for number, term in enumerate(
            (
                "<http://example.org/s1>", "<http://example.org/s5>", "_:a", "_:b", '"dimissioni protette"',
                '"perché"@it', '"why"@en', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
                '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"1e3"^^<http://www.w3.org/2001/XMLSchema#double>',
                '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', '""',
                '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>', '"x\\"\\\\\\n,;\\t=1"',
                '"7"^^<http://example.org/t>', "<http://example.org/s3>", "<http://example.org/p1>",
            )
        )
    )
    for salt, graph in enumerate(GRAPHS)
}  # fmt: skip
"""Each named graph as N-Triples: every kind of term, and terms that several graphs share."""
REFILL = (
    f"DROP ALL; INSERT DATA {{ {DATA[GRAPHS[1]]} {' '.join(f'GRAPH <{name}> {{ {DATA[name]} }}' for name in GRAPHS)} }}"
)
"""The update after which a store holds them and nothing else, the second one in its default graph as well."""

_VARIABLES = ("?a", "?b", "?c", "?d", "?e", "?f", "?h", "?g")
_LITERALS = (
    "1", "7", "0.5", "1e3", "true", "'perché'@it", "'dimissioni protette'", "''", "'2024-02-29'^^xsd:date", '"""x"""'
)  # fmt: skip
_UNARY = (
    "STR", "LANG", "DATATYPE", "STRLEN", "UCASE", "ABS", "CEIL", "isIRI", "isBlank", "isNumeric", "YEAR", "MD5",
    "ENCODE_FOR_URI", "xsd:integer", "xsd:string",
)  # fmt: skip
_BINARY = ("CONCAT", "CONTAINS", "STRBEFORE", "STRAFTER", "LANGMATCHES", "SAMETERM", "REGEX", "STRSTARTS")
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_JUNK = (
    "{", "}", "(", ")", "'", '"', "<", ">", "\\", "#", "\x00", "\u202e", "\ufeff", "é", "?", "::", "SERVICE ", "%",
    "\n", "_:", "^", "9" * 30,
)  # fmt: skip


class Writer:
    """Texts drawn from one seed: the same seed writes the same texts."""

    def __init__(self, seed: int) -> None:
        """Begin a sequence."""
        self._random = random.Random(seed)

    def query(self) -> str:
        """A query of any form; most are well formed."""
        body = self._group(3)
        forms: tuple[Callable[[], str], ...] = (
            lambda: f"SELECT {self._maybe('DISTINCT ', 'REDUCED ')}* {self._dataset()}WHERE {body}{self._modifiers()}",
            lambda: f"SELECT {' '.join(self._some(_VARIABLES))} {self._dataset()}WHERE {body}{self._modifiers()}",
            lambda: self._grouped(body),
            lambda: f"ASK {self._dataset()}{body}",
            lambda: f"CONSTRUCT {{ {self._triples(2)} }} {self._dataset()}WHERE {body}{self._slice()}",
            lambda: f"DESCRIBE {self._subject()} {self._dataset()}WHERE {body}{self._slice()}",
        )
        return self._damaged(PREFIXES + self._random.choice(forms)())

    def update(self) -> str:
        """An update of one to three operations; most are well formed."""
        number = self._random.choice((1, 1, 2, 3))
        return self._damaged(PREFIXES + " ;\n".join(self._operation() for _ in range(number)))

    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The graphs that the protocol names beside the text: default and named ones, most often none."""
        if self._random.random() < 0.8:
            return (), ()
        graphs = (*GRAPHS, "http://example.org/absent")
        return tuple(self._some(graphs)), tuple(self._some(graphs))

    def chance(self, share: float) -> bool:
        """Whether something that happens so often happens now."""
        return self._random.random() < share

    def pick(self, things: tuple[str, ...]) -> str:
        """One of them."""
        return self._random.choice(things)

    def _some(self, things: tuple[str, ...]) -> list[str]:
        return self._random.sample(things, self._random.randint(1, min(3, len(things))))

    def _maybe(self, *texts: str) -> str:
        return self._random.choice((*texts, "", ""))

    def _subject(self) -> str:
        names = ("ex:s1", "ex:s5", "<http://example.org/s3>", "<relative>")
        return self._random.choice(names) if self.chance(0.08) else self._random.choice(_VARIABLES)

    def _term(self) -> str:
        return self._random.choice(_LITERALS) if self.chance(0.05) else self._subject()

    def _path(self) -> str:
        if self.chance(0.5):
            return "?p"
        step = f"ex:p{self._random.randrange(5)}"
        other = f"ex:p{self._random.randrange(5)}"
        return self._random.choice(
            (step, step, step, "a", f"^{step}", f"{step}/{other}", f"{step}|{other}", f"{step}*", f"{step}+",
             f"({step}|^{other})?", f"!({step}|^{other})", f"({step}/{other})*")
        )  # fmt: skip

    def _triples(self, most: int) -> str:
        return " . ".join(
            f"{self._subject()} ex:p{self._random.randrange(5)} {self._term()}"
            for _ in range(self._random.randint(1, most))
        )

    def _pattern(self) -> str:
        return f"{self._subject()} {self._path()} {self._term()}"

    def _group(self, depth: int) -> str:
        parts = [self._pattern() + " ." for _ in range(self._random.choice((0, 1, 1, 2)))]
        for _ in range(self._random.randint(0, 2) if depth else 0):
            parts.append(self._part(depth - 1))
        self._random.shuffle(parts)
        return f"{{ {' '.join(parts)} }}"

    def _part(self, depth: int) -> str:
        inner = self._group(depth)
        name = self._random.choice(("?g", "?g", "ex:g0", "ex:g1", "ex:absent"))
        return self._random.choice(
            (f"GRAPH {name} {inner}", f"GRAPH {name} {inner}", f"OPTIONAL {inner}", f"MINUS {inner}",
             f"{inner} UNION {self._group(depth)}",
             f"FILTER({self._expression(2)})", f"FILTER {self._maybe('NOT ')}EXISTS {inner}",
             f"BIND({self._expression(2)} AS ?v{self._random.randrange(10_000)})",
             f"VALUES (?a ?b) {{ ({self._random.choice(_LITERALS)} UNDEF) (ex:s1 ex:s5) }}",
             f"{{ SELECT {' '.join(self._some(_VARIABLES))} WHERE {inner}{self._modifiers()} }}")
        )  # fmt: skip

    def _expression(self, depth: int) -> str:
        if not depth:
            return self._random.choice((*_VARIABLES, *_LITERALS, "ex:s1"))
        one, two = self._expression(depth - 1), self._expression(depth - 1)
        return self._random.choice(
            (f"({one} {self._random.choice(_OPERATORS)} {two})", f"{self._random.choice(_UNARY)}({one})",
             f"{self._random.choice(_BINARY)}({one}, {two})", f"IF({one}, {two}, {one})", f"COALESCE({one}, {two})",
             f"(!{one})", f"({one} {self._maybe('NOT ')}IN ({two}, 7))",
             f"BOUND({self._random.choice(_VARIABLES)})", one)
        )  # fmt: skip

    def _grouped(self, body: str) -> str:
        key = self._random.choice(_VARIABLES)
        inner = f"{self._maybe('DISTINCT ')}{self._expression(1)}"
        having = self._maybe(f" HAVING (COUNT(*) > {self._random.randrange(3)})")
        return (
            f"SELECT {key} ({self._random.choice(_AGGREGATES)}({inner}) AS ?n) {self._dataset()}WHERE {body} "
            f"GROUP BY {key}{having}{self._slice()}"
        )

    def _dataset(self) -> str:
        return self._maybe(*[""] * 16, "FROM ex:g0 ", "FROM NAMED ex:g1 ", "FROM ex:g0 FROM NAMED ex:g2 ")

    def _modifiers(self) -> str:
        order = self._maybe(f" ORDER BY {self._random.choice(('', 'DESC'))}({self._expression(1)})")
        return order + self._slice()

    def _slice(self) -> str:
        return self._maybe(f" LIMIT {self._random.randrange(6)}", f" OFFSET {self._random.randrange(4)}", "", "")

    def _quads(self) -> str:
        ground = [
            f"ex:s{self._random.randrange(9)} ex:p{self._random.randrange(5)} {self.pick((*_LITERALS, 'ex:s1'))}"
            for _ in range(self._random.randint(1, 3))
        ]
        return f"GRAPH ex:g{self._random.randrange(4)} {{ {' . '.join(ground)} }}"

    def _operation(self) -> str:
        quads, body = self._quads(), self._group(1)
        template = f"GRAPH {self._random.choice(('?g', 'ex:g1', 'ex:new'))} {{ {self._triples(2)} }}"
        silent = self._maybe("SILENT ")
        target = self._random.choice(("DEFAULT", "NAMED", "ALL", "GRAPH ex:g0", "GRAPH ex:absent"))
        one, two = (f"ex:g{self._random.randrange(4)}" for _ in range(2))
        using = self._maybe("", "", "USING ex:g0 ", "USING NAMED ex:g1 ")
        return self._random.choice(
            (f"INSERT DATA {{ {quads} }}", f"DELETE DATA {{ {quads} }}", f"DELETE WHERE {{ {template} }}",
             f"INSERT {{ {template} }} {using}WHERE {body}", f"DELETE {{ {template} }} {using}WHERE {body}",
             f"DELETE {{ {template} }} INSERT {{ {template} }} {using}WHERE {body}",
             f"WITH ex:g0 DELETE {{ ?a ?b ?c }} WHERE {body}",
             f"CLEAR {silent}{target}", f"DROP {silent}{target}", f"CREATE {silent}GRAPH {one}",
             f"{self._random.choice(('COPY', 'MOVE', 'ADD'))} {silent}{one} TO {two}",
             f"LOAD {silent}<http://127.0.0.1:9/x>")
        )  # fmt: skip

    def _damaged(self, text: str) -> str:
        """The text, one time in six with something taken out, doubled or put in."""
        if self._random.random() > 1 / 6:
            return text
        start = self._random.randrange(len(text))
        end = min(len(text), start + self._random.randint(0, 12))
        return text[:start] + self._random.choice((*_JUNK, text[start:end] * 2, "")) + text[end:]

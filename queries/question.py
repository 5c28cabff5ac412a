"""A question: the header of its `.rq` file, checked, and its SPARQL text (see `README.md` for the rules)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from textwrap import dedent, indent
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from queries.errors import HeaderError, UnknownQuestion

Language = Literal["it", "en"]
ParameterType = Literal[
    "territory", "ats", "asst", "theme", "service", "status", "period", "date", "text", "choice", "iri"
]
ColumnKind = Literal["text", "iri", "status", "date", "number", "passage"]
Text = Annotated[str, Field(min_length=1)]

TOPICS = (
    "protocols", "responsibilities", "indicators", "time", "services", "funds", "acts", "comparison", "history",
    "provenance", "quality",
)  # fmt: skip
"""The folders of questions, in the order in which they are shown."""
SOURCE_NAMES = ("passage", "quote", "file", "line", "page")
PLACE_TYPES: tuple[ParameterType, ...] = ("territory", "asst", "ats")
"""Types of parameters that name a place, the narrowest first."""
SETTING_NAMES = ("territoryGraph", "ontologyGraph", "language")
PLACEHOLDER = re.compile(
    r"^(?P<indent> *)VALUES "
    r"(?:\?(?P<one>\w+) \{ UNDEF \}|\((?P<many>\?\w+(?: \?\w+)+)\) \{ \(UNDEF(?: UNDEF)+\) \})$",
    re.MULTILINE,
)

_PREFIX = re.compile(r"^PREFIX (?P<name>\w+): <(?P<iri>[^>]*)>$", re.MULTILINE)
_SELECT = re.compile(r"^SELECT (?:DISTINCT )?(?:\?\w+\s+)+WHERE \{", re.MULTILINE)
_ORDER = re.compile(r"^ORDER BY .*\Z", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\?\w+")
_HERE = Path(__file__).parent
_HEADER_MARK = "#+"
_NO_TOPIC = frozenset({"parameters"})


class _Declared(BaseModel):
    """Part of a header: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))


class Localised(_Declared):
    """One text in the two languages."""

    it: Text
    en: Text

    def in_language(self, language: Language) -> str:
        """The text in `language`."""
        return self.it if language == "it" else self.en


class Option(_Declared):
    """One value of a closed list, with its label."""

    value: Text
    label: Localised


class Parameter(_Declared):
    """What a question asks for before it can be answered."""

    name: Annotated[str, Field(pattern=r"^[a-z][A-Za-z]*$")]
    type: ParameterType
    required: bool = False
    default: str | None = None
    label: Localised
    options: tuple[Option, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The SPARQL variables that carry the value; a period has two, its first and last day."""
        return (f"{self.name}Start", f"{self.name}End") if self.type == "period" else (self.name,)

    @model_validator(mode="after")
    def _choice_has_options(self) -> Self:
        if (self.type == "choice") != bool(self.options):
            raise ValueError(f"parameter {self.name}: options belong to type `choice`, and to no other")
        if self.default is not None and self.required:
            raise ValueError(f"parameter {self.name}: required, so it has no default")
        return self


class Column(_Declared):
    """One column of the answer; `values` lists what a column with a closed set of values may hold."""

    name: Annotated[str, Field(pattern=r"^[a-z][A-Za-z]*$")]
    kind: ColumnKind
    label: Localised
    meaning: Localised
    values: tuple[Option, ...] = ()


class Chart(_Declared):
    """How an answer is drawn: the columns that its lines, parts, sizes and days are read from.

    `bars` needs a value and may have a series; `timeline` needs an end; `network` ties `label` and `series`.
    """

    kind: Literal["bars", "timeline", "network"]
    label: Text
    series: Text | None = None
    value: Text | None = None
    begin: Text | None = None
    end: Text | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the chart reads."""
        return frozenset(one for one in (self.label, self.series, self.value, self.begin, self.end) if one)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        needed = {"bars": self.value, "timeline": self.end, "network": self.series}
        if needed[self.kind] is None:
            raise ValueError(f"chart {self.kind}: bars need a value, timelines an end, networks a series")
        return self


class _Header(_Declared):
    keywords: Annotated[tuple[Text, ...], Field(min_length=1)]
    any_of: tuple[str, ...] = ()
    plans_of: tuple[str, ...] = ()
    """Parameters whose values say which plans an answer can rest on (`queries/narrowing.py`)."""
    all_themes: bool = False
    """Whether the answer names each theme that any plan speaks of, also one of another place."""
    title: Localised
    explanation: Localised
    absence: Localised
    parameters: tuple[Parameter, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    chart: Chart | None = None
    triples: Text | None = None
    """The triples that each solution makes, as a CONSTRUCT template; its variables are those of the query."""


class Question(_Header):
    """One question of the catalogue; `text` is its SPARQL without the header, valid as it stands."""

    slug: str
    text: str

    @property
    def topic(self) -> str:
        """The folder of the question: `protocols` of `protocols/lacking`."""
        return self.slug.partition("/")[0]

    @property
    def constructing(self) -> str | None:
        """The SPARQL that gives the answer as triples, valid as it stands; `None` when the header names no triples."""
        if self.triples is None:
            return None
        template = f"CONSTRUCT {{\n{indent(dedent(self.triples).strip(), '  ')}\n}}\nWHERE {{"
        return _ORDER.sub("", _SELECT.sub(lambda _: template, self.text))

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that the query declares."""
        return {match["name"]: match["iri"] for match in _PREFIX.finditer(self.text)}

    @property
    def source_columns(self) -> tuple[Column, ...]:
        """The columns that every question has: where in which document its rows stand."""
        return source_columns()

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name; raises `KeyError`."""
        return {one.name: one for one in self.parameters}[name]


def load_questions() -> Mapping[str, Question]:
    """All questions of the catalogue by slug, in the order of topics and slugs. Raises `HeaderError`."""
    return _catalogue()


def find_question(slug: str) -> Question:
    """The question with that slug; raises `UnknownQuestion`."""
    try:
        return _catalogue()[slug]
    except KeyError:
        raise UnknownQuestion(slug) from None


def parse_question(slug: str, source: str) -> Question:
    """The question written in `source`, the whole text of an `.rq` file. Raises `HeaderError`."""
    lines = source.splitlines()
    header = "\n".join(line.removeprefix(_HEADER_MARK) for line in lines if line.startswith(_HEADER_MARK))
    text = "\n".join(line for line in lines if not line.startswith(_HEADER_MARK)).strip() + "\n"
    try:
        question = Question.model_validate({**tomllib.loads(header), "slug": slug, "text": text})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise HeaderError(f"{slug}: {error}") from error
    _check_placeholders(question)
    _check_names(question)
    _check_triples(question)
    return question


@cache
def source_columns() -> tuple[Column, ...]:
    """The columns passage, quote, file, line and page, declared once in `sources.toml`."""
    declared = tomllib.loads((_HERE / "sources.toml").read_text(encoding="utf-8"))["columns"]
    return tuple(Column.model_validate(column) for column in declared)


@cache
def _catalogue() -> Mapping[str, Question]:
    paths = (path for path in _HERE.glob("*/*.rq") if path.parent.name not in _NO_TOPIC)
    slugs = {path.relative_to(_HERE).with_suffix("").as_posix(): path for path in paths}
    return MappingProxyType(
        {slug: parse_question(slug, slugs[slug].read_text(encoding="utf-8")) for slug in sorted(slugs, key=_place)}
    )


def _place(slug: str) -> tuple[int, str]:
    topic = slug.partition("/")[0]
    if topic not in TOPICS:
        raise HeaderError(f"{slug}: “{topic}” has no place in TOPICS (queries/question.py)")
    return TOPICS.index(topic), slug


def placeholder_variables(match: re.Match[str]) -> tuple[str, ...]:
    """The variables of one match of `PLACEHOLDER`, without their question marks."""
    names = match["one"] or match["many"]
    return tuple(name.removeprefix("?") for name in names.split())


def _check_placeholders(question: Question) -> None:
    found = {placeholder_variables(match) for match in PLACEHOLDER.finditer(question.text)}
    declared = {one.variables for one in question.parameters}
    if unbound := declared - found:
        raise HeaderError(f"{question.slug}: no `VALUES … {{ UNDEF }}` line for {sorted(unbound)}")
    if unknown := found - declared - {(name,) for name in SETTING_NAMES}:
        raise HeaderError(f"{question.slug}: `VALUES` lines for undeclared parameters {sorted(unknown)}")
    if len(re.findall(r"\bUNDEF\b", question.text)) != sum(
        len(placeholder_variables(match)) for match in PLACEHOLDER.finditer(question.text)
    ):
        raise HeaderError(f"{question.slug}: UNDEF stands only in the `VALUES` lines of parameters, alone on a line")


def _check_names(question: Question) -> None:
    names = [one.name for one in question.parameters]
    columns = [one.name for one in question.columns]
    if len(set(names)) != len(names) or len(set(columns)) != len(columns):
        raise HeaderError(f"{question.slug}: a parameter or a column is declared twice")
    if reserved := set(columns) & set(SOURCE_NAMES):
        raise HeaderError(f"{question.slug}: {sorted(reserved)} are source columns, declared in sources.toml")
    if question.chart and (missing := question.chart.columns - set(columns)):
        raise HeaderError(f"{question.slug}: the chart reads {sorted(missing)}, which are no columns")
    if strange := {*question.any_of, *question.plans_of} - set(names):
        raise HeaderError(f"{question.slug}: any-of or plans-of names {sorted(strange)}, which are no parameters")
    places = {one.name for one in question.parameters if one.type in PLACE_TYPES}
    if unfit := set(question.plans_of) - places:
        raise HeaderError(f"{question.slug}: {sorted(unfit)} of plans-of are no places")


def _check_triples(question: Question) -> None:
    if question.triples is None:
        return
    if len(_SELECT.findall(question.text)) != 1 or re.search(r"^GROUP BY", question.text, re.MULTILINE):
        raise HeaderError(f"{question.slug}: a question with triples selects plain variables, and groups only inside")
    if strange := set(_VARIABLE.findall(question.triples)) - set(_VARIABLE.findall(question.text)):
        raise HeaderError(f"{question.slug}: the triples have {sorted(strange)}, which the query does not know")

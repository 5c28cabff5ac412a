"""From what a person typed to RDF terms in a query: values are bound as terms, never spliced as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from ontology.iris import Iris
from ontology.terms import VOCABULARY_BASE, concept
from queries.errors import NoTriples, ParameterError
from queries.question import PLACEHOLDER, Language, Parameter, Question, placeholder_variables

MAX_TEXT_CHARACTERS = 200

Terms = tuple[str, ...]
"""SPARQL terms in concrete syntax, one for each variable of a parameter."""
Bound = Mapping[tuple[str, ...], Terms]
"""Terms by the variables that carry them."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]+")
_PERIOD = re.compile(r"(\d{4})(?:\s*[-–/]\s*(\d{4}))?")
_TERRITORY = re.compile(r"(?:(?P<kind>[a-z]+)/)?(?P<name>[^/]+)")
# SPARQL resolves \u escapes before it reads strings, so some engines would read them inside a quoted backslash.
_UNSAFE_TEXT = re.compile(r"\\[uU]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def bind_question(question: Question, values: Mapping[str, str], iris: Iris, language: Language) -> str:
    """The question's SPARQL with each value as an RDF term in its `VALUES` lines.

    A line whose parameter has no value is left out, so it restricts nothing. Raises `ParameterError`.
    """
    return _bind_text(question.text, question, values, iris, language)


def bind_construct(question: Question, values: Mapping[str, str], iris: Iris, language: Language) -> str:
    """The same SPARQL as a CONSTRUCT of the question's triples. Raises `NoTriples`, `ParameterError`."""
    if question.constructing is None:
        raise NoTriples(question.slug)
    return _bind_text(question.constructing, question, values, iris, language)


def _bind_text(text: str, question: Question, values: Mapping[str, str], iris: Iris, language: Language) -> str:
    return _bind(text, {**question_terms(question, values, iris), **_settings(iris, language)})


def bind_settings(text: str, iris: Iris, language: Language = "it", bound: Bound = MappingProxyType({})) -> str:
    """SPARQL `text` with the graph names and language of this installation, and `bound`, in its `VALUES` lines."""
    return _bind(text, {**bound, **_settings(iris, language)})


def question_terms(question: Question, values: Mapping[str, str], iris: Iris) -> dict[tuple[str, ...], Terms]:
    """The SPARQL terms of each parameter that has a value, by its variables. Raises `ParameterError`."""
    declared = {one.name: one for one in question.parameters}
    for name in values:
        if name not in declared:
            raise ParameterError(name, it="la domanda non ha questo parametro", en="the question has no such parameter")
    given = {one.name: value for one in question.parameters if (value := _given(one, values))}
    _check_presence(question, given)
    return {declared[name].variables: parameter_terms(declared[name], value, iris) for name, value in given.items()}


def parameter_terms(parameter: Parameter, value: str, iris: Iris) -> Terms:
    """The SPARQL terms of one value. Raises `ParameterError` when it is not of the parameter's type."""
    return _BINDERS[parameter.type](parameter, value, iris)


def iri_term(value: str) -> str:
    """`value` as a SPARQL IRI; raises `ValueError` unless it is an absolute IRI."""
    if not _IRI.fullmatch(value):
        raise ValueError(value)
    return f"<{value}>"


def text_term(value: str) -> str:
    """`value` as a SPARQL string; raises `ValueError` for what engines would read differently."""
    if _UNSAFE_TEXT.search(value):
        raise ValueError(value)
    return f'"{value.translate(_ESCAPES)}"'


def _settings(iris: Iris, language: Language) -> dict[tuple[str, ...], Terms]:
    return {
        ("territoryGraph",): (iri_term(str(iris.territory_graph())),),
        ("ontologyGraph",): (iri_term(str(iris.ontology_graph())),),
        ("language",): (text_term(language),),
    }


def _bind(text: str, bound: Bound) -> str:
    return PLACEHOLDER.sub(lambda match: _values_line(match, bound), text)


def _values_line(match: re.Match[str], bound: Bound) -> str:
    variables = placeholder_variables(match)
    terms = bound.get(variables)
    if terms is None:
        return f"{match['indent']}# ?{' ?'.join(variables)}: any"
    if len(variables) == 1:
        return f"{match['indent']}VALUES ?{variables[0]} {{ {terms[0]} }}"
    return f"{match['indent']}VALUES (?{' ?'.join(variables)}) {{ ({' '.join(terms)}) }}"


def _given(parameter: Parameter, values: Mapping[str, str]) -> str | None:
    return values.get(parameter.name, "").strip() or parameter.default


def _check_presence(question: Question, given: Mapping[str, str]) -> None:
    for one in question.parameters:
        if one.required and one.name not in given:
            raise ParameterError(one.name, it="serve un valore", en="a value is needed")
    if question.any_of and not given.keys() & set(question.any_of):
        names = ", ".join(question.any_of)
        raise ParameterError(
            question.any_of[0], it=f"serve almeno uno tra {names}", en=f"at least one of {names} is needed"
        )


def _iri(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    try:
        return (iri_term(value),)
    except ValueError:
        raise ParameterError(parameter.name, it="non è un IRI assoluto", en="is not an absolute IRI") from None


def _place(parameter: Parameter, value: str, iris: Iris) -> Terms:
    """An IRI, `kind/name` (`ambito/lodi`), or a bare name: of an Ambito, or of the body that the parameter asks for."""
    if value.startswith(iris.base):
        return _iri(parameter, value, iris)
    match = _TERRITORY.fullmatch(value)
    kind = "ambito" if parameter.type == "territory" else parameter.type
    try:
        if match is None:
            raise ValueError(value)
        return (iri_term(str(iris.territory(match["kind"] or kind, match["name"]))),)
    except ValueError:
        raise ParameterError(
            parameter.name,
            it="serve un nome, «tipo/nome» (ambito/lodi) o un IRI",
            en="a name, “kind/name” (ambito/lodi) or an IRI is needed",
        ) from None


def _concept(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    slug = value.removeprefix(f"{VOCABULARY_BASE}{parameter.type}/")
    try:
        return (iri_term(str(concept(parameter.type, slug))),)
    except (KeyError, ValueError):
        raise ParameterError(
            parameter.name, it=f"«{value}» non è nel vocabolario", en=f"“{value}” is not in the vocabulary"
        ) from None


def _period(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    match = _PERIOD.fullmatch(value)
    first, last = (match[1], match[2] or match[1]) if match else ("", "")
    if not first or first > last or first == "0000":
        raise ParameterError(
            parameter.name, it="servono uno o due anni: 2021-2023", en="one or two years are needed: 2021-2023"
        )
    return (_date_term(f"{first}-01-01"), _date_term(f"{last}-12-31"))


def _date(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    try:
        return (_date_term(date.fromisoformat(value).isoformat()),)
    except ValueError:
        raise ParameterError(
            parameter.name, it="serve una data: 2022-12-31", en="a date is needed: 2022-12-31"
        ) from None


def _text(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    if len(value) > MAX_TEXT_CHARACTERS:
        raise ParameterError(
            parameter.name,
            it=f"al massimo {MAX_TEXT_CHARACTERS} caratteri",
            en=f"at most {MAX_TEXT_CHARACTERS} characters",
        )
    try:
        return (text_term(value),)
    except ValueError:
        raise ParameterError(
            parameter.name,
            it="caratteri di controllo e sequenze \\u non sono ammessi",
            en="control characters and \\u sequences are not allowed",
        ) from None


def _option(parameter: Parameter, value: str, _iris: Iris) -> Terms:
    allowed = [option.value for option in parameter.options]
    if value not in allowed:
        names = ", ".join(allowed)
        raise ParameterError(parameter.name, it=f"serve uno tra: {names}", en=f"one of these is needed: {names}")
    return (text_term(value),)


def _date_term(iso: str) -> str:
    return f'"{iso}"^^<http://www.w3.org/2001/XMLSchema#date>'


_BINDERS: Mapping[str, Callable[[Parameter, str, Iris], Terms]] = {
    "territory": _place,
    "ats": _place,
    "asst": _place,
    "theme": _concept,
    "service": _concept,
    "status": _concept,
    "period": _period,
    "date": _date,
    "text": _text,
    "choice": _option,
    "iri": _iri,
}

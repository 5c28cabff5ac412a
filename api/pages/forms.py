"""A question's parameters as the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.language import Language
from api.operations import question_choices
from api.pages.links import Links
from api.service import Service
from queries.binding import parameter_terms
from queries.choices import Choice
from queries.errors import ParameterError
from queries.question import Parameter, ParameterType, Question


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One value that may be chosen."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter to fill in; without options it is typed freely."""

    name: str
    label: str
    type: ParameterType
    required: bool
    value: str
    options: tuple[FieldOption, ...]


def form_fields(
    service: Service, question: Question, values: Mapping[str, str], language: Language
) -> tuple[Field, ...]:
    """The fields of a question with the values given so far."""
    return tuple(_field(service, question, one, values.get(one.name, ""), language) for one in question.parameters)


def known_values(question: Question, given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of the parameters of an address, those that the question knows and that are not empty."""
    names = {one.name for one in question.parameters}
    return {name: value for name, value in given if name in names and value.strip()}


def _field(service: Service, question: Question, parameter: Parameter, value: str, language: Language) -> Field:
    links = Links(service.iris)
    chosen = _term(service, parameter, value or parameter.default or "")
    options = (
        FieldOption(links.value(one.value), _label(one, language), chosen in (f"<{one.value}>", one.value))
        for one in question_choices(service.store, question.slug, parameter.name, service.iris)
    )
    return Field(
        name=parameter.name,
        label=parameter.label.in_language(language),
        type=parameter.type,
        required=parameter.required,
        value=value or parameter.default or "",
        options=tuple(sorted(options, key=lambda one: one.label.casefold())),
    )


def _term(service: Service, parameter: Parameter, value: str) -> str:
    """The value as the query will hold it when it stands for an IRI, else as it was written."""
    try:
        terms = parameter_terms(parameter, value, service.iris) if value else ()
    except ParameterError:
        return value
    return terms[0] if len(terms) == 1 and terms[0].startswith("<") else value


def _label(choice: Choice, language: Language) -> str:
    return choice.it if language == "it" else choice.en

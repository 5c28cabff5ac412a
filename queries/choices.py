"""What a parameter may be: the choices that the loaded data offer, with labels in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ontology.iris import Iris
from queries.base import QueryStore
from queries.binding import Bound, bind_settings, question_terms
from queries.errors import ParameterError
from queries.question import PLACE_TYPES, Parameter, Question
from queries.solutions import Solution, ask_solutions

_FOLDER = Path(__file__).parent / "parameters"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a parameter accepts, with its label in Italian and English."""

    value: str
    it: str
    en: str


def list_choices(store: QueryStore, parameter: Parameter, iris: Iris) -> tuple[Choice, ...]:
    """The choices of `parameter`, sorted by Italian label; empty for a type that is typed freely (text, date, iri)."""
    if parameter.options:
        return tuple(Choice(one.value, one.label.it, one.label.en) for one in parameter.options)
    choices = {_choice(solution) for solution in _solutions(store, parameter, iris, {})}
    return tuple(sorted(_one_each(choices), key=lambda choice: (choice.it.casefold(), choice.value)))


def check_places(store: QueryStore, question: Question, values: Mapping[str, str], iris: Iris) -> None:
    """Pass values whose territories the data know; raises `ParameterError` for one nobody knows.

    A misspelt name would otherwise answer «nobody lacks it».
    """
    terms = question_terms(question, values, iris)
    for parameter in question.parameters:
        if parameter.type not in PLACE_TYPES or parameter.variables not in terms:
            continue
        if not _solutions(store, parameter, iris, {("value",): terms[parameter.variables]}):
            raise ParameterError(
                parameter.name,
                it=f"«{values[parameter.name]}» non è nel registro né nei piani caricati",
                en=f"“{values[parameter.name]}” is neither in the register nor in a loaded plan",
            )


def _solutions(store: QueryStore, parameter: Parameter, iris: Iris, bound: Bound) -> list[Solution]:
    text = choices_query(parameter, iris, bound)
    return ask_solutions(store, text) if text else []


def choices_query(parameter: Parameter, iris: Iris, bound: Bound = MappingProxyType({})) -> str | None:
    """The SPARQL that `list_choices` asks; `None` for options of the question and for what is typed freely."""
    path = _FOLDER / f"{parameter.type}.rq"
    return bind_settings(path.read_text(encoding="utf-8"), iris, bound=bound) if path.exists() else None


def _choice(solution: Mapping[str, Mapping[str, str]]) -> Choice:
    value = solution["value"]["value"]
    it = solution["it"]["value"] if "it" in solution else value
    return Choice(value=value, it=it, en=solution["en"]["value"] if "en" in solution else it)


def _one_each(choices: Iterable[Choice]) -> list[Choice]:
    """One choice for each value: of several labels the first in order, which is always the same one."""
    by_value: dict[str, Choice] = {}
    for choice in sorted(choices, key=lambda one: (one.value, one.it, one.en)):
        by_value.setdefault(choice.value, choice)
    return list(by_value.values())

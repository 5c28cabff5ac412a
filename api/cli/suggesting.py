"""What the shell offers while `raccordo ask` is typed: slugs, parameters, and their values from the loaded data."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from api.cli.common import opened_store, settings_for
from api.errors import SettingsError
from api.operations import list_questions, question_choices
from api.pages.links import Links
from queries.errors import QuestionError
from queries.question import Question, find_question
from store.errors import StoreError

Suggestion = tuple[str, str]
"""What may be typed, and what it means."""


def suggest_questions(incomplete: str) -> list[Suggestion]:
    """The questions whose slug begins so, each with its Italian title."""
    return [(one.slug, one.title.it) for one in list_questions() if one.slug.startswith(incomplete)]


def suggest_values(context: typer.Context, incomplete: str) -> list[Suggestion]:
    """`name=` for the parameters not given yet, then `name=value` with the labels; nothing when the store is shut.

    Bash breaks words at `=`: there the words before are `name` and `=`, and the value alone is offered.
    """
    given = [str(one) for one in context.params.get("values") or ()]
    try:
        question = find_question(str(context.params.get("question") or ""))
        name, sign, start = incomplete.partition("=")
        if name and sign:
            return [(f"{name}={value}", label) for value, label in _values(context, question, name, start)]
        if sign and given:
            return list(_values(context, question, given[-1], start))
        if given[-1:] == ["="]:
            return list(_values(context, question, "".join(given[-2:-1]), incomplete))
    except QuestionError:
        return []
    named = {one.partition("=")[0] for one in given}
    return [
        (f"{one.name}=", one.label.it)
        for one in question.parameters
        if one.name.startswith(incomplete) and one.name not in named
    ]


def _values(context: typer.Context, question: Question, name: str, start: str) -> Iterator[Suggestion]:
    try:
        settings = settings_for(context)
        links = Links(settings.iris)
        with opened_store(settings) as store:
            choices = question_choices(store, question.slug, name, settings.iris)
    except (SettingsError, StoreError):  # a store that is locked or away offers nothing; the command will say why
        return
    for one in choices:
        if (value := links.value(one.value)).startswith(start):
            yield value, one.it

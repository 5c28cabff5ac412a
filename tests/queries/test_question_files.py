"""Every question file keeps the rules of queries/README.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ontology.iris import Iris
from queries.ask import question_query
from queries.choices import list_choices
from queries.errors import HeaderError, UnknownQuestion
from queries.listing import listing
from queries.question import (
    SOURCE_NAMES,
    TOPICS,
    Question,
    find_question,
    load_questions,
    parse_question,
    source_columns,
)
from store.base import GraphStore

QUERIES = Path(__file__).parents[2] / "queries"
FIRST_EIGHT = {
    "protocols/lacking",
    "protocols/coverage-matrix",
    "protocols/contradictions",
    "quality/objectives-without",
    "time/due-by",
    "services/involvement",
    "responsibilities/who-does-what",
    "provenance/where-stated",
}
SAMPLE_VALUES = {
    "theme": "violenza-di-genere",
    "service": "uonpia",
    "date": "2022-12-31",
    "text": "Accordo",
    "territory": "Lodi",
    "as": "owner",
    "name": "asst",
}


@pytest.fixture(params=list(load_questions().values()), ids=list(load_questions()))
def question(request: pytest.FixtureRequest) -> Question:
    """Each question of the catalogue."""
    found: Question = request.param
    return found


def values_for(question: Question) -> dict[str, str]:
    """Values for what the question needs."""
    needed = [one.name for one in question.parameters if one.required] or list(question.any_of[:1])
    return {name: SAMPLE_VALUES[name] for name in needed}


def test_the_catalogue_holds_the_first_eight_and_at_least_forty() -> None:
    assert set(load_questions()) >= FIRST_EIGHT
    assert len(load_questions()) >= 40
    topics = [one.topic for one in load_questions().values()]
    assert list(dict.fromkeys(topics)) == list(TOPICS)
    assert all(topics.count(one) == len([slug for slug in load_questions() if slug.startswith(one)]) for one in TOPICS)


def test_the_document_of_the_catalogue_is_current() -> None:
    written = (QUERIES.parent / "docs" / "questions.md").read_text(encoding="utf-8")
    assert written == listing(), "run `make docs`"


def test_every_selected_variable_is_documented(question: Question, sample_store: GraphStore, iris: Iris) -> None:
    body, _ = sample_store.query(question_query(question, values_for(question), iris))
    assert json.loads(body)["head"]["vars"] == [*(column.name for column in question.columns), *SOURCE_NAMES]


def test_the_text_is_sparql_as_it_stands(question: Question, made_up_store: GraphStore) -> None:
    made_up_store.query(question.text)


def test_texts_are_sentences_in_both_languages(question: Question) -> None:
    for text in (question.explanation, question.absence):
        assert text.it != text.en
        assert all(written.rstrip().endswith(".") and len(written.split()) >= 10 for written in (text.it, text.en))
    assert question.title.it != question.title.en


def test_every_iri_column_has_its_label(question: Question) -> None:
    names = {column.name for column in question.columns}
    assert {column.name + "Label" for column in question.columns if column.kind == "iri"} <= names


def test_status_columns_list_their_values(question: Question) -> None:
    assert all(column.values for column in question.columns if column.kind == "status")


def test_no_answer_holds_a_value_that_its_column_does_not_list(
    question: Question, sample_store: GraphStore, iris: Iris
) -> None:
    body, _ = sample_store.query(question_query(question, values_for(question), iris))
    for column in question.columns:
        seen = {row[column.name]["value"] for row in json.loads(body)["results"]["bindings"] if column.name in row}
        assert not column.values or seen <= {option.value for option in column.values}


def test_queries_keep_off_what_engines_answer_differently(question: Question) -> None:
    """On some engines `GRAPH ?g { ?s ?p ?o }` meets system graphs, and what is below fails or answers otherwise."""
    assert not re.search(r"GRAPH \?\w+ \{\s*\?\w+ \?\w+ \?\w+ \.? *\}", question.text)
    assert not re.search(r"GROUP_CONCAT\((?!.*SEPARATOR)", question.text)
    assert "MINUS" not in question.text
    assert not re.search(r"[*+] *[?<(]", re.sub(r"#[^\n]*|<[^>]*>|\"[^\"]*\"", "", question.text)), "a transitive path"


def test_choices_have_labels_in_both_languages(question: Question, made_up_store: GraphStore, iris: Iris) -> None:
    for parameter in question.parameters:
        choices = list_choices(made_up_store, parameter, iris)
        free = parameter.type in {"text", "date", "iri"}
        assert bool(choices) != free
        assert all(choice.it and choice.en for choice in choices)


def test_source_columns_are_declared() -> None:
    assert tuple(column.name for column in source_columns()) == SOURCE_NAMES


def test_an_unknown_slug_is_refused() -> None:
    with pytest.raises(UnknownQuestion, match="protocols/none"):
        find_question("protocols/none")


HEADER = """\
#+ keywords = ["x"]
#+ [title]
#+ it = "Titolo"
#+ en = "Title"
#+ [explanation]
#+ it = "Spiega."
#+ en = "Explains."
#+ [absence]
#+ it = "Assenza."
#+ en = "Absence."
#+ [[parameters]]
#+ name = "theme"
#+ type = "theme"
#+ label = { it = "Tema", en = "Theme" }
#+ [[columns]]
#+ name = "plan"
#+ kind = "iri"
#+ label = { it = "Piano", en = "Plan" }
#+ meaning = { it = "Il piano", en = "The plan" }
"""
BODY = "SELECT * WHERE {\n  VALUES ?theme { UNDEF }\n}\n"


def test_a_complete_file_is_read() -> None:
    question = parse_question("x/y", HEADER + BODY)
    assert (question.topic, question.text, question.parameters[0].name) == ("x", BODY, "theme")
    with pytest.raises(KeyError):
        question.parameter("none")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('#+ en = "Title"\n', "", "title.en"),
        ('#+ it = "Spiega."\n', '#+ it = ""\n', "explanation.it"),
        ("#+ [absence]\n", "#+ [absences]\n", "absence"),
        ("#+ keywords = [", "#+ keywords = ", "Invalid value|Expected"),
        ('type = "theme"', 'type = "colour"', "parameters.0.type"),
        ('type = "theme"', 'type = "choice"', "options belong"),
        ('type = "theme"', 'type = "theme"\n#+ required = true\n#+ default = "x"', "no default"),
        ('kind = "iri"', 'kind = "colour"', "columns.0.kind"),
        ('name = "plan"', 'name = "quote"', "source columns"),
        ("VALUES ?theme { UNDEF }", "VALUES ?topic { UNDEF }", "no `VALUES"),
        ("  VALUES", "  VALUES ?ats { UNDEF }\n  VALUES", "undeclared parameters"),
        ("{ UNDEF }", "{ UNDEF } FILTER(true)", "no `VALUES"),
        ("UNDEF }\n}", "UNDEF }\n  VALUES ?x { UNDEF 1 }\n}", "UNDEF stands only"),
        ("#+ keywords", '#+ any-of = ["date"]\n#+ keywords', "any-of"),
        ("#+ [[columns]]\n", '#+ [[columns]]\n#+ extra = "x"\n', "extra"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(old: str, new: str, reason: str) -> None:
    source = HEADER + BODY
    assert old in source
    with pytest.raises(HeaderError, match=reason):
        parse_question("x/y", source.replace(old, new, 1))


def test_a_column_declared_twice_is_refused() -> None:
    column = HEADER[HEADER.index("#+ [[columns]]") :]
    with pytest.raises(HeaderError, match="twice"):
        parse_question("x/y", HEADER + column + BODY)


def test_every_folder_with_questions_is_a_topic() -> None:
    assert {path.parent.name for path in QUERIES.glob("*/*.rq")} - {"parameters"} == {
        question.topic for question in load_questions().values()
    }

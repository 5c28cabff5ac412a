"""Every word about a file that is not read exists in English and in Italian, in one place, at every door."""

from __future__ import annotations

import ast
import pickle
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from loaders.errors import REFUSALS, LoadError, UnreadableFile

ROOT = Path(__file__).parents[2]
TEXTS: dict[str, dict[str, str]] = tomllib.loads(REFUSALS.read_text(encoding="utf-8"))
ERRORS = {"LoadError", "UnreadableFile", "UnknownFormat", "NothingToRead", "ManifestError"}
# How each maker of an error takes the problem, the place and the remedy: by position.
MAKERS = {
    **dict.fromkeys(ERRORS, ("problems",)),
    "refused": ("problems", "", "places", "remedies"),
    "_refused": ("problems", "", "places", "remedies"),
    "damaged": ("", "", "places"),
    "_beyond": ("", "problems"),
}
KEYWORDS = {"problem": "problems", "place": "places", "remedy": "remedies"}


def template(node: ast.expr) -> str | None:
    """The words of a string in the code, with `{}` for what stands in for a value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def strings(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """What an argument may be, by what the module gives its name."""
    if (found := template(node)) is not None:
        yield found
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body, tree)
        yield from strings(node.orelse, tree)
    elif isinstance(node, ast.Name):
        for one in ast.walk(tree):
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets):
                yield from strings(one.value, tree)
            if isinstance(one, ast.FunctionDef):
                given = [*one.args.posonlyargs, *one.args.args]
                for argument, default in zip(reversed(given), reversed(one.args.defaults), strict=False):
                    if argument.arg == node.id:
                        yield from strings(default, tree)
    elif isinstance(node, ast.Attribute) and node.attr == "REMEDY":
        module = ast.parse((ROOT / "loaders/formats/pdf/scan/__init__.py").read_text(encoding="utf-8"))
        yield from strings(ast.Name("REMEDY"), module)


def said_in_the_code() -> Iterator[tuple[str, str]]:
    """Each message and place that an error is made with."""
    for path in sorted([*(ROOT / "loaders").rglob("*.py"), *(ROOT / "api").rglob("*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if name not in MAKERS or not isinstance(call, ast.Call):
                continue
            parts = [*zip(MAKERS[name], call.args, strict=False)]
            parts += [(KEYWORDS[one.arg], one.value) for one in call.keywords if one.arg in KEYWORDS]
            for part, value in parts:
                for text in strings(value, tree):
                    yield part, text


SAID = {(part, text) for part, text in said_in_the_code() if part}


def test_the_code_is_read() -> None:
    assert len(SAID) > 100
    assert ("problems", "the PDF has {} pages; 1 to {} can be read.") in SAID
    assert ("remedies", "Take the password off.") in SAID


@pytest.mark.parametrize("part", ["problems", "remedies"])
def test_every_message_has_italian_words_and_none_is_left_over(part: str) -> None:
    assert {text for one, text in SAID if one == part} == set(TEXTS[part])


def test_every_place_with_a_word_has_an_italian_one() -> None:
    worded = {text for part, text in SAID if part == "places" and re.match(r"[a-z]+ \{\}$", text)}
    assert worded == set(TEXTS["places"])


@pytest.mark.parametrize("part", TEXTS)
def test_both_languages_hold_the_same_values(part: str) -> None:
    for english, italian in TEXTS[part].items():
        assert english.count("{}") == italian.count("{}"), english
        assert english != italian
        assert italian[-1] == english[-1]


def test_values_and_places_go_over_into_italian() -> None:
    error = UnreadableFile(
        "the page holds 9 glyphs, more than 5.", file="a.pdf", place="page 3", remedy="Take the password off."
    )
    assert error.reason == {
        "it": "a.pdf, pagina 3: la pagina ha 9 caratteri, più di 5. Togli la password.",
        "en": "a.pdf, page 3: the page holds 9 glyphs, more than 5. Take the password off.",
    }
    assert str(error).splitlines() == list(error.reason.values())
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.reason) == (UnreadableFile, error.reason)


def test_a_name_is_left_as_it_is() -> None:
    error = LoadError("no file was given.", file="x", place="word/document.xml", remedy="Add the file names.")
    assert error.said["it"].place == "word/document.xml"


DRAFT = {"file": ("bozza.wk1", b"\0\1\2", "application/octet-stream")}


@pytest.mark.parametrize(
    ("language", "said", "remedy"),
    [("it", "questo tipo di file non si legge.", "Convertilo"), ("en", "no reader for this kind of file.", "Convert")],
)
def test_a_problem_tells_both_languages_and_speaks_one(
    client: httpx.Client, language: str, said: str, remedy: str
) -> None:
    response = client.post("/api/check", files=DRAFT, headers={"Accept-Language": language})
    problem = response.json()
    assert response.status_code == 415
    assert said in problem["detail"]
    assert problem["remedy"].startswith(remedy)
    assert set(problem["reason"]) == {"it", "en"}
    assert problem["reason"][language] == problem["detail"]


@pytest.mark.parametrize(
    ("language", "said"), [("it", "questo tipo di file non si legge"), ("en", "no reader for this kind of file")]
)
def test_a_page_says_it_in_its_language(client: httpx.Client, language: str, said: str) -> None:
    page = client.post("/check", files=DRAFT, headers={"Accept": "text/html", "Accept-Language": language})
    assert said in page.text
    assert sum(one in page.text for one in ("non si legge.", "no reader for")) == 1


def test_the_command_line_says_both(tmp_path: Path) -> None:
    path = tmp_path / "bozza.wk1"
    path.write_bytes(b"\0\1\2")
    done = CliRunner().invoke(app, ["check", str(path)])
    assert done.exit_code == 2
    assert "questo tipo di file non si legge." in done.stderr
    assert "no reader for this kind of file." in done.stderr

"""Both languages say the same things, and templates ask only for words that exist."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from api.language import LANGUAGES, texts
from api.pages.evidence import reason_key
from queries.question import load_questions

API = Path(__file__).parents[2] / "api"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_languages_have_the_same_keys_and_places() -> None:
    italian, english = texts("it").words, texts("en").words
    assert italian.keys() == english.keys()
    assert {key: places(words) for key, words in italian.items()} == {key: places(w) for key, w in english.items()}


def test_no_word_is_empty() -> None:
    assert [key for language in LANGUAGES for key, words in texts(language).words.items() if not words.strip()] == []


def literal_keys() -> set[str]:
    """The keys that templates and code write out."""
    sources = [*API.rglob("templates/*.html"), *API.rglob("*.py")]
    found = (re.findall(r"""\b(?:t|words)\(f?["']([a-z_.-]+)["'] *[,)]""", path.read_text("utf-8")) for path in sources)
    return {key for keys in found for key in keys}


def test_templates_ask_for_words_that_exist() -> None:
    keys = literal_keys()
    assert len(keys) > 100
    assert keys - texts("it").words.keys() == set()


def test_every_word_is_asked_for() -> None:
    """A key is used when it is written out, or stands under a prefix that is put together, such as `status.`."""
    text = "\n".join(path.read_text("utf-8") for path in [*API.rglob("templates/*.html"), *API.rglob("*.py")])
    prefixes = set(re.findall(r"""["']([a-z-]+(?:\.[a-z-]+)*[.-])["'] *~""", text))
    prefixes |= set(re.findall(r"""f["']([a-z-]+(?:\.[a-z-]+)*\.)\{""", text))
    counted = set(re.findall(r"""count\(f?["']([a-z.-]+)["']""", text))
    unused = [
        key
        for key in texts("it").words
        if f'"{key}"' not in text
        and f"'{key}'" not in text
        and not any(key.startswith(prefix) for prefix in prefixes)
        and key.rpartition(".")[0] not in counted
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_a_name(language: str) -> None:
    topics = {question.topic for question in load_questions().values()}
    assert {f"questions.topic-{topic}" for topic in topics} <= texts("it").words.keys()


def test_a_missing_word_raises() -> None:
    with pytest.raises(KeyError):
        texts("it")("no.such.key")
    with pytest.raises(KeyError):
        texts("it")("place.line", m=1)


def test_one_and_many() -> None:
    assert [texts("it").count("rows", number) for number in (1, 2)] == ["1 riga", "2 righe"]


def test_every_reason_has_words() -> None:
    source = Path(reason_key.__code__.co_filename).read_text("utf-8")
    assert {key for key in re.findall(r'"(why\.[a-z-]+)"', source)} <= texts("it").words.keys()

"""The words of the field, read from `ontology/vocabularies/`: what the readers match, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from loaders.span import normal, normalised
from ontology.graphs import ontology_graph, vocabulary
from ontology.terms import RAC, VOCABULARY_BASE

_STRONG = re.compile(r"[,;:()\n]")  # a name does not go on over such a sign
_LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


@dataclass(frozen=True)
class Entry:
    """A concept of a vocabulary: its slug, the code it has in a plan record, and the class of what it names."""

    scheme: str
    slug: str
    code: str
    entity_class: str
    label: str
    weight: int = 0


@dataclass(frozen=True)
class Match:
    """An entry found in a text, from `start` to `end` (characters of the text as given)."""

    entry: Entry
    start: int
    end: int


class Phrases:
    """A set of labels that can be found in text: longest first, whatever the accents, case and punctuation."""

    def __init__(self, labels: Iterable[tuple[str, Entry, bool]]) -> None:
        by_first: dict[str, list[tuple[tuple[str, ...], Entry, str]]] = defaultdict(list)
        for label, entry, exact_case in labels:
            tokens = tuple(normalised(label).split())
            if tokens:
                by_first[tokens[0]].append((tokens, entry, label if exact_case else ""))
        self._by_first = {
            first: sorted(set(group), key=lambda item: (-len(item[0]), item[1].slug))
            for first, group in by_first.items()
        }
        self._exact = {" ".join(tokens): entry for group in by_first.values() for tokens, entry, _ in reversed(group)}

    def exact(self, text: str) -> Entry | None:
        """The entry one of whose labels is the whole of `text`."""
        return self._exact.get(normalised(text))

    def labels(self) -> Mapping[str, Entry]:
        """Each normalised label and its entry."""
        return self._exact

    def find(self, text: str) -> list[Match]:
        """The entries named in `text`, left to right, none inside another."""
        plain, indexes = normal(text)
        tokens = _tokens(plain)
        matches: list[Match] = []
        position = 0
        while position < len(tokens):
            found = self._match_at(text, plain, indexes, tokens, position)
            if found is None:
                position += 1
                continue
            match, length = found
            matches.append(match)
            position += length
        return matches

    def _match_at(
        self, text: str, plain: str, indexes: tuple[int, ...], tokens: list[tuple[int, int]], position: int
    ) -> tuple[Match, int] | None:
        first = plain[tokens[position][0] : tokens[position][1]]
        for label, entry, exact_case in self._by_first.get(first, ()):
            window = tokens[position : position + len(label)]
            if len(window) < len(label):
                continue
            if tuple(plain[a:b] for a, b in window) != label:
                continue
            start, end = indexes[window[0][0]], indexes[window[-1][1] - 1] + 1
            if _STRONG.search(text, start, end):
                continue
            end += _closing_stop(text, start, end)
            if exact_case and not _same_case(text[start:end], exact_case):
                continue
            return Match(entry, start, end), len(label)
        return None


def _tokens(plain: str) -> list[tuple[int, int]]:
    edges: list[tuple[int, int]] = []
    start = 0
    for word in plain.split(" "):
        if word:
            edges.append((start, start + len(word)))
        start += len(word) + 1
    return edges


def _closing_stop(text: str, start: int, end: int) -> int:
    """The full stop that ends an acronym written with stops belongs to it."""
    return int("." in text[start:end] and text[end : end + 1] == ".")


def _same_case(found: str, label: str) -> bool:
    return [c for c in found if c.isalnum()] == [c for c in label if c.isalnum()]


def _entries(graph: Graph, scheme: str) -> Iterable[tuple[str, Entry, bool]]:
    for concept in sorted(graph.subjects(SKOS.inScheme, URIRef(VOCABULARY_BASE + scheme)), key=str):
        entry = _entry(graph, concept, scheme)
        strict = bool(graph.value(concept, RAC.caseSensitive))
        for predicate in _LABELS:
            for label in graph.objects(concept, predicate):
                if getattr(label, "language", None) != "en":
                    yield str(label), entry, strict and _is_acronym(str(label))


def _is_acronym(label: str) -> bool:
    letters = [c for c in label if c.isalpha()]
    return len(letters) <= 6 and sum(c.isupper() for c in letters) >= max(1, len(letters) - 1)


def _entry(graph: Graph, concept: object, scheme: str) -> Entry:
    node = URIRef(str(concept))
    slug = str(node).rsplit("/", 1)[-1]
    of_class = graph.value(node, RAC.entityClass)
    weight = graph.value(node, RAC.specificity)
    return Entry(
        scheme=scheme,
        slug=slug,
        code=str(graph.value(node, SKOS.notation) or slug),
        entity_class=str(of_class).rsplit("#", 1)[-1] if of_class else slug,
        label=next((str(o) for o in graph.objects(node, SKOS.prefLabel) if getattr(o, "language", "") == "it"), slug),
        weight=int(str(weight)) if weight is not None else 0,
    )


def entry_of(concept: URIRef) -> Entry:
    """The entry of a concept of any vocabulary."""
    scheme = str(concept).removeprefix(VOCABULARY_BASE).split("/", 1)[0]
    return _entry(ontology_graph(), concept, scheme)


@cache
def phrases(file: str, scheme: str) -> Phrases:
    """The labels of one scheme of `ontology/vocabularies/<file>.ttl`."""
    return Phrases(_entries(vocabulary(file), scheme))


@cache
def all_phrases(*files_and_schemes: tuple[str, str]) -> Phrases:
    """The labels of several schemes as one set, so that the longest of all wins."""
    return Phrases(item for file, scheme in files_and_schemes for item in _entries(vocabulary(file), scheme))


@cache
def stems(file: str, scheme: str) -> tuple[tuple[int, tuple[str, ...], str], ...]:
    """The stems of one scheme, strongest first: weight, beginnings of the words in order, code."""
    graph = vocabulary(file)
    concepts = sorted(graph.subjects(SKOS.inScheme, URIRef(VOCABULARY_BASE + scheme)), key=str)
    found = [
        (entry.weight, tuple(str(label).split()), entry.code)
        for concept in concepts
        for entry in [_entry(graph, concept, scheme)]
        for label in graph.objects(concept, SKOS.hiddenLabel)
    ]
    return tuple(sorted(found, key=lambda item: (-item[0], item[1])))


@cache
def wordings(file: str, scheme: str) -> Mapping[str, tuple[str, ...]]:
    """The Italian labels of each code of a scheme as they are written, the longest first."""
    found: dict[str, set[str]] = defaultdict(set)
    for label, entry, _ in _entries(vocabulary(file), scheme):
        found[entry.code].add(label)
    return {code: tuple(sorted(labels, key=lambda label: (-len(label), label))) for code, labels in found.items()}


def any_of(labels: Iterable[str]) -> str:
    """A pattern that matches any of `labels`; a blank in one stands for any white space, a dash for a blank too."""
    return "|".join(re.escape(label).replace(r"\ ", r"\s+").replace(r"\-", r"[- ]") for label in labels)


@cache
def _label_words(code: str) -> tuple[str, ...]:
    return tuple(f"{normalised(word)} " for word in wordings("label-words", "label-word")[code])


def opens_as(label: str, code: str) -> bool:
    """Whether a label begins with words of a code of the label words («Area tematica», `area`)."""
    return f"{normalised(label)} ".startswith(_label_words(code))


def reads_as(label: str, code: str) -> bool:
    """Whether a label is nothing but words of a code of the label words («C'è già», `existence`)."""
    return f"{normalised(label)} " in _label_words(code)


@cache
def months() -> Mapping[str, int]:
    """The names of the months and their short forms: the word → the number, January is 1."""
    found = {label: int(code) for code, labels in wordings("months", "month").items() for label in labels}
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[1])))


@cache
def numbers() -> Mapping[str, int]:
    """The numbers written in words: the normalised word → the number."""
    return {label: int(entry.code) for label, entry in phrases("number-words", "number-word").labels().items()}


@cache
def marks() -> Mapping[str, str]:
    """What each mark or short answer stands for: its text, lower case → `ticked`, `unticked`, `yes`, `no`,
    `in_progress`."""
    return {label.casefold().strip(): entry.code for label, entry, _ in _entries(vocabulary("marks"), "mark")}


@dataclass(frozen=True)
class Cue:
    """Words beside the name of a body, and the role they give it; `side` is where the words stand."""

    role: str
    side: str


@cache
def owner_cues() -> tuple[tuple[str, Cue], ...]:
    """Normalised words that give a role to the body named beside them; the same words may do so on either side."""
    graph = vocabulary("owner-cues")
    cues = []
    for label, entry, _ in _entries(graph, "owner-cue"):
        concept = URIRef(f"{VOCABULARY_BASE}owner-cue/{entry.slug}")
        role = str(graph.value(concept, RAC.cueFor)).rsplit("/", 1)[-1].replace("-", "_")
        cues.append((normalised(label), Cue(role, str(graph.value(concept, RAC.cuePosition)))))
    return tuple(cues)

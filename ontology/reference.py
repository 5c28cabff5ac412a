"""The HTML reference of the ontology in one language: pyLODE writes it, and what it cannot do is mended after it.

pyLODE 3.3 mixes the languages of labels, names its sections in English only, and derives its anchors from labels:
so it is given the texts of one language, its headings are translated, and its anchors become the terms' local names.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from importlib import import_module

import lxml.html
from lxml.html import HtmlElement
from rdflib import Graph, Literal

from ontology.terms import DCTERMS, OWL, RAC_NAMESPACE, RDF

LANGUAGES = ("it", "en")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "it": {
        "Metadata": "Metadati", "Classes": "Classi", "Object Properties": "Proprietà tra oggetti",
        "Datatype Properties": "Proprietà di dato", "Annotation Properties": "Proprietà di annotazione",
        "Functional Properties": "Proprietà funzionali", "Properties": "Proprietà", "Namespaces": "Spazi di nomi",
        "Legend": "Legenda", "Table of Contents": "Indice", "Description": "Descrizione", "Title": "Titolo",
        "Domain": "Dominio", "Range": "Codominio", "In Domain Of": "È dominio di", "In Range Of": "È codominio di",
        "Sub Class Of": "Sottoclasse di", "Super Class Of": "Sopraclasse di", "Sub Property Of": "Sottoproprietà di",
        "Super Property Of": "Sopraproprietà di", "License": "Licenza", "Version Info": "Versione",
        "Version Iri": "IRI della versione", "Preferred Namespace Prefix": "Prefisso",
        "Preferred Namespace Uri": "Spazio dei nomi", "Has Part": "Parti",
        "Is Defined By": "Definito in", "Scope Note": "Nota d'uso",
        "Example": "Esempio", "Source": "Fonte", "Note": "Nota", "Equivalent Class": "Classe equivalente",
        "Restriction": "Restrizione", "OWL/RDFS Class": "Classe", "OWL Object Property": "Proprietà tra oggetti",
        "OWL Datatype Property": "Proprietà di dato", "OWL Annotation Property": "Proprietà di annotazione",
        "OWL Functional Property": "Proprietà funzionale", "or": "o", "and": "e",
    },
    "en": {},
}  # fmt: skip
_DIAGRAMS = {"it": "Diagrammi", "en": "Diagrams"}
_OTHER = {"it": ("en", "English"), "en": ("it", "Italiano")}
_PART = DCTERMS.hasPart
_STYLE = ".diagram { margin: 1rem 0; } .diagram svg { max-width: 100%; height: auto; } #pylode { display: none; }"


class WriterMissing(RuntimeError):
    """pyLODE is not installed: `make setup` installs it."""


def reference_html(graph: Graph, language: str, diagrams: Mapping[str, str]) -> str:
    """The reference of an ontology with one header, with `diagrams` (title → SVG) after its metadata.

    Raises `WriterMissing`.
    """
    page = lxml.html.document_fromstring(_written(in_one_language(graph, language)))
    page.set("lang", language)
    _translate(page, _WORDS[language])
    _rename_anchors(page)
    _add_diagrams(page, language, diagrams)
    text: str = lxml.html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")
    return text


def in_one_language(graph: Graph, language: str) -> Graph:
    """The graph without texts in other languages, and of several headers of ontologies only the one without parents."""
    parts = set(graph.objects(None, _PART)) - {None}
    kept = Graph()
    for subject, predicate, value in graph:
        foreign = isinstance(value, Literal) and value.language not in (None, language)
        if not foreign and subject not in parts and (predicate, value) != (RDF.type, OWL.NamedIndividual):
            kept.add((subject, predicate, value))
    return kept


def _written(graph: Graph) -> str:
    logging.disable(logging.INFO)
    try:
        writer = import_module("pylode.profiles.ontpub")
    except ImportError as error:
        raise WriterMissing("the reference needs pyLODE: run `make setup`") from error
    finally:
        logging.disable(logging.NOTSET)
    return str(writer.OntPub(ontology=graph, sort_subjects=True).make_html())


def _translate(page: HtmlElement, words: Mapping[str, str]) -> None:
    for element in page.iter("h2", "h3", "h4", "a", "td", "th", "sup", "strong"):
        text = (element.text or "").strip()
        if element.get("href", "").startswith("#") and element.getparent().tag != "h4":
            continue
        if text in words:
            element.text = words[text]
        title = element.get("title", "")
        if title in words:
            element.set("title", words[title])
        elif words and "Defined in" in title:
            del element.attrib["title"]


def _rename_anchors(page: HtmlElement) -> None:
    names = dict(_anchors(page))
    for element in page.iter():
        if element.get("id") in names:
            element.set("id", names[element.get("id")])
        target = element.get("href", "")
        if target.startswith("#") and target[1:] in names:
            element.set("href", "#" + names[target[1:]])


def _anchors(page: HtmlElement) -> Iterator[tuple[str, str]]:
    """The anchor that pyLODE gave each term, and the term's local name."""
    for entity in page.find_class("entity"):
        iri = next((code.text or "" for code in entity.iter("code")), "").strip()
        if entity.get("id") and iri.startswith(RAC_NAMESPACE):
            yield entity.get("id"), iri.removeprefix(RAC_NAMESPACE)


def _add_diagrams(page: HtmlElement, language: str, diagrams: Mapping[str, str]) -> None:
    code, name = _OTHER[language]
    figures = "".join(f"<h3>{title}</h3><div class='diagram'>{svg}</div>" for title, svg in diagrams.items())
    section = (
        f"<div class='section' id='diagrams'><p><a href='reference.{code}.html' hreflang='{code}' lang='{code}'>{name}"
        f"</a></p><h2>{_DIAGRAMS[language]}</h2>{figures}</div>"
    )
    page.get_element_by_id("metadata").addnext(lxml.html.fragment_fromstring(section))
    page.head.append(lxml.html.fragment_fromstring(f"<style>{_STYLE}</style>"))

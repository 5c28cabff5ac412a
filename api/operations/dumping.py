"""The whole dataset for those who take it home: N-Quads, or an RO-Crate with its descriptions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from api.discovery import Publication, catalogue_graph, examples_graph, void_graph
from api.language import Language, texts
from api.negotiation import NQUADS, TURTLE
from api.operations.asking import data_version, export_all, list_questions
from api.operations.statistics import dataset_statistics
from api.render.crate import CrateFile, write_crate
from api.render.linked import write_graph
from api.settings import Settings
from ontology.published import LICENCE, bound, whole_graph
from store import GraphStore


def publication(settings: Settings, store: GraphStore, address: str) -> Publication:
    """What the descriptions say of this installation at its public `address`."""
    return Publication(
        address=address,
        base=settings.base,
        publisher=settings.publisher,
        publisher_code=settings.publisher_code,
        modified=_first_seen(data_version(store)),
    )


def dump_crate(store: GraphStore, settings: Settings, address: str, language: Language = "it") -> bytes:
    """The RO-Crate of everything the store holds, as a ZIP file. Raises `StoreError`."""
    about = publication(settings, store, address)
    counts = dataset_statistics(store, settings.iris)
    words = texts(language)
    graphs = {
        "ontology.ttl": (words("ontology.whole"), bound(whole_graph())),
        "void.ttl": ("VoID", void_graph(about, counts)),
        "catalogue.ttl": ("DCAT-AP_IT", catalogue_graph(about, counts)),
        "questions.ttl": (words("questions.title"), examples_graph(about, list_questions())),
    }
    files = {"dataset.nq": CrateFile(export_all(store), words("dataset.title"), NQUADS)}
    files |= {path: CrateFile(write_graph(graph, "turtle"), name, TURTLE) for path, (name, graph) in graphs.items()}
    return write_crate(about, words("dataset.title"), words("dataset.description"), str(LICENCE), files)


@cache
def _first_seen(version: str) -> date:
    """The day this process first met a version of the data: no time of loading is stored."""
    return datetime.now(UTC).date()

"""Imported once by the server that reading processes are forked from: words and rules are then already in memory."""

from __future__ import annotations

from rdflib import Graph

from ontology.graphs import ontology_graph
from ontology.iris import Iris
from shapes.validate import validate_graph

ontology_graph()
validate_graph(Graph(), "warm", Iris())

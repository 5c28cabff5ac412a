"""Made-up social-health plans over any number of areas and periods, as facts, documents and RDF."""

from benchmarks.corpus.plans import GeneratedPlan, Planted, generate, generate_one

__all__ = ["GeneratedPlan", "Planted", "generate", "generate_one"]

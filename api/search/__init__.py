"""Words looked for in what the plans say: an index of the loaded plans that is never older than the store."""

from api.search.desk import SearchDesk
from api.search.index import FACETS, Asking, Facet, FacetValue, Found, Hit
from api.search.likeness import Alike, Similars

__all__ = ["FACETS", "Alike", "Asking", "Facet", "FacetValue", "Found", "Hit", "SearchDesk", "Similars"]

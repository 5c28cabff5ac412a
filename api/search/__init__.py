"""Words looked for in what the plans say: an index of the loaded plans that is never older than the store."""

from api.search.desk import SearchDesk
from api.search.index import FACETS, Asking, Facet, FacetValue, Found, Hit

__all__ = ["FACETS", "Asking", "Facet", "FacetValue", "Found", "Hit", "SearchDesk"]

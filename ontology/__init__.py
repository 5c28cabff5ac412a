"""The words of the house: OWL modules, SKOS vocabularies, closed terms, and the only place that mints IRIs."""

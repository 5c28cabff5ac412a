"""The front of house: command line, REST, SPARQL and pages; each door calls one verb of `operations`."""

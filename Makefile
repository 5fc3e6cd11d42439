# Everything a new machine needs: Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.PHONY: help
help:  ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

$(BIN)/radiant: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Radiant needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 up"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/radiant
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: install
install: $(BIN)/radiant  ## Make .venv and install Radiant into it

.PHONY: up
up: $(BIN)/radiant  ## Install and start the registry on 127.0.0.1:8420
	@exec $(BIN)/radiant up

.PHONY: dev
dev: $(VENV)/.dev  ## Install what tests, lint and types need as well

.PHONY: test
test: $(VENV)/.dev  ## Run all tests
	$(BIN)/pytest -n $(WORKERS)

.PHONY: test-openapi
test-openapi: $(VENV)/.dev  ## Ask the API whatever its OpenAPI document allows, ten times as much as `make test`
	RADIANT_TEST_EXAMPLES=50 $(BIN)/pytest tests/faces/test_openapi.py

.PHONY: lint
lint: $(VENV)/.dev  ## Lint, format check, import contracts, catalog check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/radiant catalog check

.PHONY: types
types: $(VENV)/.dev  ## Check types, strictly
	$(BIN)/mypy

.PHONY: generated
generated: $(VENV)/.dev  ## Write again what is generated: schema.sql, JSON schemas, reference pages
	$(BIN)/python -m tools.generate

.PHONY: bench
bench: $(VENV)/.dev  ## Measure, beside peers and limits; see bench/README.md
	$(BIN)/python bench/run.py

.PHONY: clean
clean:  ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

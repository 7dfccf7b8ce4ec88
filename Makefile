# Two commands matter: `make plan` and `make test`; a third one serves: `make serve`. Each sets up what it needs on a
# machine with Python >= 3.11.
PYTHON ?= python3
BATCHES ?= network_data/batches/month.csv
DATA ?= landbridge-data
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV ?= uv

.DEFAULT_GOAL := help
.PHONY: help faults plan serve test check format lint types contract bench proof setup openapi requirements clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

plan: $(READY) ## plan the shipped month of batches (BATCHES=file for your own)
	$(BIN)/landbridge plan $(BATCHES)

serve: $(READY) ## the HTTP service and its page on this machine (DATA=folder that keeps all of it)
	$(BIN)/landbridge serve --data $(DATA)

test: $(READY) ## run all tests, on two cores
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: format lint types contract test ## format, lint, strict types, import contract, tests

format: $(READY) ## is everything formatted?
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

contract: $(READY)
	$(BIN)/lint-imports

faults: $(READY) ## kill, pause, fill, cut off, fuzz and load the service, in full: hours, a line of figures each
	$(BIN)/python -m tests.faults

bench: $(READY) ## time the named instances, write benchmarks/results
	$(BIN)/python -m benchmarks.run

proof: $(READY) ## tests with the full counts of random worlds
	LANDBRIDGE_PROOF=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

setup: $(READY) ## make .venv from the hashed requirement files

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "landbridge needs Python >= 3.11; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "No virtual environment: this Python lacks ensurepip (Debian and Ubuntu: package python3-venv)." >&2; \
	  rm -rf $(VENV); exit 1; }
	@echo 'Setting up $(VENV); this takes about a minute, once.' >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/landbridge plan network_data/batches/small.csv --slot-values 0 > /dev/null # compiles the hot loops, kept for every later run
	@$(BIN)/landbridge route --from BYD-CGO --to CMP-HAMBURG --type seal --vehicles 1 --ready 2027-03-02 --due 2027-05-21 > /dev/null
	@touch $@

openapi: $(READY) ## write docs/openapi.json anew after a change of the HTTP interface
	$(BIN)/python -m service.contract docs/openapi.json

COMPILE := pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --no-annotate
requirements: ## compile the hashed requirement files anew (needs uv)
	$(UV) $(COMPILE) pyproject.toml -o requirements/base.txt
	$(UV) $(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(UV) $(COMPILE) pyproject.toml --extra postgres -c requirements/dev.txt -o requirements/postgres.txt
	$(UV) $(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt

clean: ## remove the environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

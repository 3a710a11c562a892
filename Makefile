# Two commands: `make run` and `make test`. `make help` tells the others.
# Each step leaves a stamp in the environment, so a second run starts at once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Test processes; `auto` is one for each CPU.
JOBS ?= auto
CATALOGS := $(wildcard otit/translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench lock screenshots clean

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Start everything on this machine: PORT=9000 make run
	@exec $(BIN)/otit serve

test: $(VENV)/.dev ## All tests, with a real PostgreSQL, Redis-protocol server and browser
	@OTIT_CHROMIUM=$$($(BIN)/python scripts/browser.py) && export OTIT_CHROMIUM && \
		exec $(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check: $(VENV)/.dev ## Format, lint, types, import contracts, migrations, translations, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.check_migrations
	$(BIN)/python -m scripts.translations check
	$(BIN)/python -m scripts.check_templates
	$(BIN)/djlint templates --lint --quiet

bench: $(VENV)/.dev ## Measure against the goals (benchmarks/)
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: $(VENV)/.dev ## Make the pictures of the README anew
	@OTIT_CHROMIUM=$$($(BIN)/python scripts/browser.py) && export OTIT_CHROMIUM && \
		exec $(BIN)/python -m scripts.screenshots $(ARGS)

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet --extra build

lock: $(VENV)/.dev ## Choose the newest allowed versions again and write them down with their hashes
	$(BIN)/$(LOCK) --upgrade --output-file requirements/run.txt
	$(BIN)/$(LOCK) --upgrade --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean: ## Remove the environment and what the tests have fetched; keeps var/, where the data is
	rm -rf $(VENV) .browser .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	@sh scripts/venv.sh $(VENV) $(PYTHON)
	@touch $@

# The locked packages first, then the project itself without looking for any.
$(VENV)/.packages: requirements/run.txt pyproject.toml | $(VENV)/.made
	@echo "make: installing the locked packages ..."
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.catalogs: $(CATALOGS) $(VENV)/.packages
	@$(BIN)/python -m scripts.translations compile
	@touch $@

$(VENV)/.run: $(VENV)/.packages $(VENV)/.catalogs
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "make: installing the locked packages for development ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Every target prints its line with `make help`. The environment is made on first use; nothing outside this folder changes.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check bench setup clean lock

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: .venv/run ## Set up, load four demo people, and serve with simulated phones
	@$(BIN)/oncall demo --port $(PORT)

test: .venv/dev node_modules/.made ## Set up, then run every test
	@.ci/need test
	$(BIN)/python -m pytest

check: .venv/dev ## Format, lint, types, arrows, migrations, translations, wheel
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/migrations
	$(BIN)/python -m web.catalogs check
	.ci/wheel

bench: .venv/dev ## Measure, side by side with a yardstick, in one run
	@.ci/need test
	$(BIN)/python -m tests.bench

setup: .venv/dev node_modules/.made ## Set up everything the tests need
	@.ci/need test

lock: .venv/dev ## Pin the dependencies anew (needs pip-tools)
	.ci/lock

clean: ## Remove what these targets made, the demo's data included
	rm -rf .venv .demo build dist node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis
	find web/translations -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made:
	@.ci/need run
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made requirements.lock pyproject.toml
	@echo "Installing the locked dependencies (once)"
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/made requirements-dev.lock pyproject.toml
	@echo "Installing the locked dependencies for development (once)"
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/run

node_modules/.made: package-lock.json
	@.ci/need test
	npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

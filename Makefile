# Every target sets up what it needs: a virtual environment in .venv, from requirements pinned with hashes.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/python.ok:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mock-ctrader needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 2; }
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run.ok: .venv/python.ok .ci/requirements-run.txt pyproject.toml
	@$(PIP) install --require-hashes --no-deps -r .ci/requirements-run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.ok: .venv/run.ok .ci/requirements-dev.txt
	@$(PIP) install --require-hashes --no-deps -r .ci/requirements-dev.txt
	@touch $@

.PHONY: demo
demo: .venv/run.ok ## Play the five first journeys against the sample CRM; PRESENT=1 shows sessions in a browser
	@$(BIN)/mock-ctrader demo $(if $(PRESENT),--present $(SESSION))

.PHONY: test
test: .venv/dev.ok ## Run the tests
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not exhaustive"

.PHONY: check
check: lint types imports cover wheel ## All that CI runs
	@echo "check: everything passed"

.PHONY: cover
cover: .venv/dev.ok ## Run the tests, the slow ones too, with branch coverage and its floors
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -q -n 2 -m "not exhaustive"
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='$(PURE)'
comma := ,
empty :=
ROOMS := errors.py wire.py timing.py chance.py refusal.py matching/* contract/* plant/* faults/* backend/* platform/* scenario/* journal/* conformance/* load/* storm/* reports/*
PURE := $(subst $(empty) ,$(comma),$(foreach room,$(ROOMS),simulator/mock_ctrader/$(room)))

.PHONY: exhaustive
exhaustive: .venv/dev.ok ## Every mutant of the sample CRM, every journey on every platform
	$(BIN)/python -m pytest -q -n 2 -m exhaustive

.PHONY: hostile
hostile: .venv/dev.ok ## Hostile inputs at every entrance, as a table
	$(BIN)/python -m pytest -q tests/hostile

MINUTES ?= 10
.PHONY: fuzz
fuzz: .venv/dev.ok ## Fuzz every reader for ten minutes, or MINUTES=n
	@$(PIP) install --require-hashes --no-deps -r .ci/requirements-fuzz.txt || echo "atheris cannot be had: inputs are changed at random."
	@cd tests && ../$(BIN)/python -m fuzz --minutes $(MINUTES)

.PHONY: lint
lint: .venv/dev.ok ## Style and common mistakes
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: format
format: .venv/dev.ok ## Put the code in its standard form
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format --quiet

.PHONY: types
types: .venv/dev.ok ## mypy strict and pyright on the three packages
	$(BIN)/mypy
	$(BIN)/basedpyright

.PHONY: imports
imports: .venv/dev.ok ## Which room may import which
	$(BIN)/lint-imports

.PHONY: wheel
wheel: .venv/dev.ok ## Build the wheel with its bill of materials, and look inside
	@rm -rf dist
	$(BIN)/python .ci/wheel.py dist
	$(BIN)/check-wheel-contents dist

.PHONY: storm
storm: .venv/run.ok ## Two thousand journeys with every fault against the sample CRM, ten minutes at most
	$(BIN)/mock-ctrader storm --sample --journeys 2000 --time 10m --seed 1

.PHONY: crash-test
crash-test: .venv/dev.ok ## Two hundred kills of `serve --data` under load, five minutes at most
	PYTHONPATH=tests $(BIN)/python -m crash

.PHONY: bench
bench: .venv/dev.ok ## Speed, as ratios in one run of 35 minutes; PART=serving, or PARTS="serving logins", runs those
	PYTHONPATH=tests $(BIN)/python -m bench $(PARTS) $(PART)

.PHONY: lock
lock: .venv/dev.ok ## Pin the newest versions of everything, with hashes and without download addresses
	$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) -o .ci/requirements-run.txt
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev $(LOCK) -o .ci/requirements-dev.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade
